/*
 * What a UART receiver samples from line levels with times.
 *
 * Pure functions over wire_abi.h, without QEMU: a line is the wired AND of its
 * sources; a receiver looks for a falling edge, then samples each bit three
 * times around its middle (7.5, 8.5 and 9.5 sixteenths) and takes the majority,
 * as the oversampling receivers of the STM32 USART (RM0041 23.3.3) and the
 * i.MX LPUART (IMXRT1170RM, LPUART, "Receiver functional description") do.  A
 * start bit is sampled three times more before (2.5, 4.5 and 6.5 sixteenths).
 *
 * Infrared (IMXRT1170RM, LPUART, "Infrared receive decoder"): a pulse is a zero
 * for a bit time from its edge on.  It has to be there at a clock; within half
 * a bit time after a pulse another one is ignored.  The sampling above is that
 * of the decoded bits.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_WIRE_SAMPLER_H
#define HW_MEWS_WIRE_SAMPLER_H

#include <stdbool.h>
#include "wire_abi.h"

/* Virtual time in 2^-32 ns; the sum of any int64_t ns and a frame fits. */
typedef __int128 WireTime;
#define WIRE_TIME_NEVER ((WireTime)WIRE_NS_NEVER << 32)

static inline WireTime wire_time(int64_t ns, uint32_t frac)
{
    return ((WireTime)ns << 32) + frac;
}

/* The whole nanosecond in which @t lies. */
static inline int64_t wire_time_ns(WireTime t)
{
    return (int64_t)(t >> 32);
}

static inline WireTime wire_symbol_start(const WireSymbol *s)
{
    return wire_time(s->start_ns, s->start_frac);
}

/* The first time at which the same writer's next symbol may start. */
static inline WireTime wire_symbol_end(const WireSymbol *s)
{
    return wire_symbol_start(s) +
           (WireTime)s->bit_time * s->span_half_bits / 2;
}

/* Symbols first..head-1 of a ring, and the level of the line before them. */
typedef struct WireSource {
    WireRing *ring; /* NULL: nobody writes, the line is released (high) */
    uint64_t first;
    uint64_t head;
    bool level;
} WireSource;

#define WIRE_SOURCES 3

typedef struct WireSampling {
    uint64_t bit_time;      /* 2^-32 ns */
    uint8_t nbits;          /* data bits + parity bit */
    uint8_t stop_half_bits; /* the frame ends after them */
    bool inverted;
    bool by_8;       /* samples at 3.5, 4.5 and 5.5 eighths instead */
    bool one_sample; /* of data and stop bits: the middle one, no noise */
    bool resync;     /* count from a one before a zero in the data */
    /* infrared: pulses are zeros, seen by so many clocks a bit; 0: levels */
    uint8_t pulse_clocks;
} WireSampling;

typedef struct WireSampled {
    uint16_t bits;
    bool false_start; /* the start bit was high in its middle: no frame */
    bool framing_error;
    bool noise;
    bool all_zero;
} WireSampled;

/* Level of the line at @t: AND of all sources, then inverted if asked. */
bool wire_line_level(const WireSource src[WIRE_SOURCES], WireTime t,
                     bool inverted);

/*
 * The first falling edge at or after @from, or WIRE_TIME_NEVER.  A line that
 * is low just before @from has to go high first.
 */
WireTime wire_falling_edge(const WireSource src[WIRE_SOURCES], WireTime from,
                           bool inverted);

/* Sample the frame whose start bit begins at @start. */
WireSampled wire_sample(const WireSource src[WIRE_SOURCES], WireTime start,
                        const WireSampling *s);

/*
 * What a clock that begins at @start takes: one sample in the middle of each
 * data bit, a bit time after @start on; no start bit, no stop bit, no errors.
 */
WireSampled wire_sample_clocked(const WireSource src[WIRE_SOURCES],
                                WireTime start, const WireSampling *s);

/*
 * The first break: a falling edge at or after *@from, then at least @zeros bits
 * sampled 0, then a high level.  Returns when a receiver with 16 samples a bit
 * has seen all that, or WIRE_TIME_NEVER.  *@from moves over lower levels that
 * were too short and over by @now.
 */
WireTime wire_break_seen(const WireSource src[WIRE_SOURCES], WireTime *from,
                         WireTime now, const WireSampling *s, unsigned zeros);

/*
 * Middle of the start bit, of the stop bit as it is sampled, and the end of the
 * frame.  Of 1.5 stop bits the second half and the whole one: a bit time after
 * the begin (RM0041 23.3.3).
 */
WireTime wire_start_sample(WireTime start, const WireSampling *s);
WireTime wire_stop_sample(WireTime start, const WireSampling *s);
WireTime wire_frame_end(WireTime start, const WireSampling *s);

/* Forget symbols that can no longer be seen from @t on. */
void wire_source_forget(WireSource *src, WireTime t);

#endif
