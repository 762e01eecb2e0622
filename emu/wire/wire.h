/*
 * The timed serial wire: what every UART model plugs into.
 *
 * A UART owns a WireEnd.  It sends symbols (levels with virtual times) and is
 * told, at the exact virtual time, what a receiver with its configuration has
 * sampled from the other side's levels.  Whether the other side is another
 * machine, a console of the link daemon, a test or nobody makes no difference.
 *
 * Rules for devices
 *  - Call wire_end_*() only from the vCPU thread or timers, that is from MMIO
 *    and QEMU_CLOCK_VIRTUAL timer callbacks; callbacks come from there, too.
 *  - Bit times are Clock periods (2^-32 ns) times the divider, so a wrong
 *    prescaler is a wrong baud rate on the wire.  Round clock periods up
 *    (wire_clock_period()), or whole-nanosecond bit times come out short.
 *  - Never arm a QEMUTimer for received data.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_WIRE_H
#define HW_MEWS_WIRE_H

#include "hw/irq.h"
#include "hw/qdev-core.h"
#include "migration/vmstate.h"
#include "wire_abi.h"

/* Clock period of @hz in 2^-32 ns, rounded up. */
uint64_t wire_clock_period(uint64_t hz);

/* What a receiver has sampled; @bits without start bit, first bit in bit 0. */
typedef struct WireFrame {
    uint16_t bits;      /* data bits and parity bit, as sampled */
    bool framing_error; /* first stop bit sampled 0 */
    bool noise;         /* three samples of a bit were not unanimous */
    bool all_zero;      /* every sample including the stop bit was 0: a break */
    int64_t start_ns;   /* of the falling edge */
} WireFrame;

typedef struct WireRxConfig {
    bool enabled;
    uint64_t bit_time;      /* 2^-32 ns; 0 disables the receiver */
    uint8_t nbits;          /* data bits + parity bit, 5..13 */
    uint8_t stop_half_bits; /* 1..4; the frame ends after them */
    bool inverted;
    /* IDLE: line high for this long; 0: not wanted.  See wire_end_set_rx(). */
    uint16_t idle_bits;
    /* a second such length, for second_idle(); 0: not wanted */
    uint16_t second_idle_bits;
    /* count idle time from the start bit of the last frame, not its end */
    bool idle_from_start;
    /* count it from the last zero of the frame, as long as it ended well */
    bool idle_from_ones;
    /* IDLE also counts from the moment the receiver is enabled */
    bool idle_on_enable;
    bool by_8;       /* 8 samples a bit, not 16 */
    bool one_sample; /* one sample decides, and there is no noise */
    bool resync;     /* bits are counted anew from falling edges in the data */
    /* infrared: a pulse is a zero, seen by so many clocks a bit; 0: levels */
    uint8_t pulse_clocks;
    /* it hears what its own end sends, too (single wire) */
    bool echo;
    /* frames are those of wire_end_clock_rx(); no start bit is looked for */
    bool clocked;
    uint8_t break_zeros; /* so many zeros are a break (LIN); 0: not wanted */
} WireRxConfig;

typedef struct WireEndOps {
    /* A frame has ended, now.  The receiver is hunting for the next start. */
    void (*frame)(void *opaque, const WireFrame *frame);
    /* The line has been idle for idle_bits since the last frame; once. */
    void (*idle)(void *opaque);
    /* The same for second_idle_bits. */
    void (*second_idle)(void *opaque);
    /* A falling edge, a sixteenth of a bit ago: see wire_end_watch_edge(). */
    void (*edge)(void *opaque);
    /* A break has ended with a high level.  Frames are not held back by it. */
    void (*break_seen)(void *opaque);
} WireEndOps;

typedef struct WireEnd WireEnd;

/*
 * Of a machine, before it makes anything else: what comes over the wire comes
 * before the machine's own timers of the same time.
 */
void wire_init(void);

/*
 * Make the end of the UART @name ("usart2", "lpuart6": lower case, as the
 * manual numbers it).  In a rig that links this UART it is joined to its wire.
 * Lives as long as the process.
 */
WireEnd *wire_end_new(const char *name, const WireEndOps *ops, void *opaque);

/*
 * Configure the receiver from now on.  A change while a frame is coming in
 * drops this frame.  Calling it with an equal configuration does nothing.
 */
void wire_end_set_rx(WireEnd *end, const WireRxConfig *config);

/* A clock for a frame of a clocked receiver starts now: its start bit does. */
void wire_end_clock_rx(WireEnd *end);

/*
 * Watch for the next falling edge (rising, if the receiver is inverted) from
 * now on, of whatever bit; then edge() is called and watching ends.
 */
void wire_end_watch_edge(WireEnd *end, bool on);

/* What begins before @until_ns is no start bit. */
void wire_end_ignore_rx(WireEnd *end, int64_t until_ns);

/*
 * True from a frame's falling edge to its end.  Only from the read handler of
 * @dev: what the other side does at this very moment may not be known yet, and
 * then the instruction is executed again later, so call it before the handler
 * changes anything.
 */
bool wire_end_rx_active(WireEnd *end, DeviceState *dev);

/*
 * Send: the symbol starts now, or where the last one ended if that is later.
 * @bits: as on the line, start bit first in bit 0.
 * @span_half_bits: bit times x 2 until the next symbol may start.
 * Returns the virtual time in ns at which the span ends: arm the timer for TC
 * or the next character there.
 */
int64_t wire_end_send(WireEnd *end, WireSymbolKind kind, uint16_t bits,
                      uint8_t nbits, uint8_t span_half_bits,
                      uint64_t bit_time);

/*
 * The same, but infrared: a bit other than the idle level is a pulse, from its
 * begin on, of @pulse_length / @pulse_of of the bit time.
 */
int64_t wire_end_send_pulses(WireEnd *end, WireSymbolKind kind, uint16_t bits,
                             uint8_t nbits, uint8_t span_half_bits,
                             uint64_t bit_time, uint8_t pulse_length,
                             uint8_t pulse_of);

/* Send nothing for a while: returns the virtual time in ns at which it ends. */
int64_t wire_end_pause(WireEnd *end, uint8_t half_bits, uint64_t bit_time);

/* Drive the line to @level from now on (after what has been sent). */
void wire_end_set_level(WireEnd *end, bool level);

/* Power-on state: receiver off, line released (high), no frame in progress. */
void wire_end_reset(WireEnd *end);

extern const VMStateDescription vmstate_wire_end;
#define VMSTATE_WIRE_END(_field, _state)                                       \
    VMSTATE_STRUCT_POINTER(_field, _state, vmstate_wire_end, WireEnd)

/*
 * @held is raised while a debugger holds the cores and virtual time goes on
 * (control socket: halt, resume).
 */
void wire_on_hold(qemu_irq held);

/* ---- pins: what a servo or a logic analyser would see, or a button drives */

/* Register a pin of this machine ("PA0"); returns its number. */
int wire_pin_new(const char *name);
/*
 * The pin takes @level at @time_ns.  May be called late (edges computed, not
 * ticked), but in order of time per pin.  Equal levels are dropped.
 */
void wire_pin_set(int pin, int64_t time_ns, bool level);
/*
 * @input is set to 0, 1 or -1 (released) when the rig drives @pin so, at that
 * very time.
 */
void wire_pin_set_input(int pin, qemu_irq input);
/*
 * @flush must write out the edges up to and including @until_ns; called before
 * this machine tells the daemon that it has arrived at its horizon.
 */
void wire_pin_add_flush(void (*flush)(void *opaque, int64_t until_ns),
                        void *opaque);

#endif
