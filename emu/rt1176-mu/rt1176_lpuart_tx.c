/*
 * Transmitter of the LPUART of the i.MX RT1176 (IMXRT1170RM, chapter "LPUART",
 * section "Transmitter functional description"): characters, breaks and idle
 * characters on the wire, CTS_B that holds characters back, RTS_B that enables
 * a driver.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "rt1176_lpuart_internal.h"

static unsigned tx_depth(const Rt1176LpuartState *s)
{
    return FIELD_EX32(s->fifo, FIFO, TXFE) ? RT1176_LPUART_FIFO_WORDS : 1;
}

bool rt1176_lpuart_tdre(const Rt1176LpuartState *s)
{
    return FIELD_EX32(s->fifo, FIFO, TXFE)
               ? s->tx.count <= FIELD_EX32(s->water, WATER, TXWATER)
               : s->tx.count == 0;
}

bool rt1176_lpuart_tc(const Rt1176LpuartState *s)
{
    return !s->tx_busy && !s->tx.count && !s->tx_preamble && !s->tx_break;
}

/* ---- what goes on the line ---- */

static bool is_gated(const Rt1176LpuartState *s)
{
    return FIELD_EX32(s->pincfg, PINCFG, TRGSEL) == TRGSEL_TXD;
}

/* In loop mode, and as an input on a single wire, TXD is not driven. */
static bool drives_pin(const Rt1176LpuartState *s)
{
    return !rt1176_lpuart_loops(s) && !is_gated(s) &&
           (!rt1176_lpuart_single_wire(s) || CTRL_BIT(s, TXDIR));
}

/* TXD behind TXINV is ANDed with the input trigger, which is low. */
void rt1176_lpuart_set_idle_level(Rt1176LpuartState *s)
{
    wire_end_set_level(s->wire, !CTRL_BIT(s, TXINV) && !is_gated(s));
}

static void start(Rt1176LpuartState *s, int64_t end_ns)
{
    s->tx_busy = true;
    timer_mod_ns(s->tx_timer, end_ns);
}

/* MODIR[IREN]: each zero is a pulse of TNP + 1 clocks of oversampling. */
static int64_t drive(Rt1176LpuartState *s, WireSymbolKind kind, uint16_t bits,
                     unsigned nbits, unsigned span_bits, uint64_t bit_time)
{
    if (!MODIR_BIT(s, IREN)) {
        return wire_end_send(s->wire, kind, bits, nbits, 2 * span_bits,
                             bit_time);
    }
    return wire_end_send_pulses(s->wire, kind, bits, nbits, 2 * span_bits,
                                bit_time, MODIR_BIT(s, TNP) + 1,
                                rt1176_lpuart_oversampling(s));
}

/* @bits as on the line, but for TXINV; start bit first in bit 0. */
static void put(Rt1176LpuartState *s, WireSymbolKind kind, uint16_t bits,
                unsigned nbits, unsigned span_bits, uint64_t bit_time)
{
    if (CTRL_BIT(s, TXINV)) {
        bits = ~bits;
    }
    s->loop_frame = true;
    s->loop_break = kind == WIRE_BREAK;
    s->loop_bits = bits >> 1;
    start(s, drives_pin(s)
                 ? drive(s, kind, bits, nbits, span_bits, bit_time)
                 : wire_end_pause(s->wire, 2 * span_bits, bit_time));
}

/* A line of ones, or RTS_B's lead. */
static void pause_bits(Rt1176LpuartState *s, unsigned bits, uint64_t bit_time)
{
    s->loop_frame = false;
    start(s, wire_end_pause(s->wire, 2 * bits, bit_time));
}

/*
 * Length of a break in bits: a character, or longer with BRK13 (table "Break
 * character length").
 */
static unsigned break_bits(const Rt1176LpuartState *s)
{
    return STAT_BIT(s, BRK13) ? rt1176_lpuart_data_bits(s) + 5
                              : rt1176_lpuart_character_bits(s);
}

static void send_break(Rt1176LpuartState *s, uint64_t bit_time)
{
    unsigned zeros = break_bits(s);

    put(s, WIRE_BREAK, 1u << zeros, zeros + 1, zeros + 1, bit_time);
}

static void send_character(Rt1176LpuartState *s, uint16_t character,
                           uint64_t bit_time)
{
    unsigned count = rt1176_lpuart_data_bits(s);
    uint16_t data = extract32(character, 0, count);

    if (STAT_BIT(s, MSBF)) {
        data = rt1176_lpuart_reverse(data, count);
    }
    if (CTRL_BIT(s, PE)) {
        data = extract32(data, 0, count - 1);
        data |= (rt1176_lpuart_odd(data) != CTRL_BIT(s, PT)) << (count - 1);
    }
    put(s, WIRE_CHARACTER, data << 1 | 1u << (count + 1), 1 + count + 1,
        rt1176_lpuart_character_bits(s), bit_time);
}

/* FRETSC with all data bits clear is a break, with all set an idle character */
static void send_word(Rt1176LpuartState *s, uint16_t word, uint64_t bit_time)
{
    if (!FIELD_EX32(word, DATA, FRETSC)) {
        send_character(s, word, bit_time);
    } else if (FIELD_EX32(word, DATA, CHARACTER)) {
        pause_bits(s, rt1176_lpuart_character_bits(s), bit_time);
    } else {
        send_break(s, bit_time);
    }
}

/* ---- CTS_B and RTS_B ---- */

/* What lets characters go: CTS_B, low, or the receiver's match. */
static bool is_clear_to_send(const Rt1176LpuartState *s)
{
    if (MODIR_BIT(s, TXCTSSRC)) {
        return s->rx_matched;
    }
    /* the input trigger in its place is low */
    return !s->cts || FIELD_EX32(s->pincfg, PINCFG, TRGSEL) == TRGSEL_CTS;
}

/* TXCTSC: it is asked at each character, or when the transmitter is idle. */
static bool is_held_back(const Rt1176LpuartState *s)
{
    return MODIR_BIT(s, TXCTSE) && !is_clear_to_send(s) &&
           !(MODIR_BIT(s, TXCTSC) && s->tx_streaming);
}

bool rt1176_lpuart_tx_rts(const Rt1176LpuartState *s)
{
    return s->tx_rts == MODIR_BIT(s, TXRTSPOL);
}

/* RTS_B leads the first start bit by a bit time; true: it does so now. */
static bool leads_by_rts(Rt1176LpuartState *s, uint64_t bit_time)
{
    if (!MODIR_BIT(s, TXRTSE) || s->tx_rts) {
        timer_del(s->rts_timer);
        return false;
    }
    s->tx_rts = true;
    pause_bits(s, 1, bit_time);
    return true;
}

/* ... and lasts a bit time longer than the last stop bit. */
static void trail_by_rts(Rt1176LpuartState *s, uint64_t bit_time)
{
    if (s->tx_rts && !timer_pending(s->rts_timer)) {
        timer_mod_ns(s->rts_timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                                       ((bit_time + UINT32_MAX) >> 32));
    }
}

void rt1176_lpuart_rts_done(void *opaque)
{
    Rt1176LpuartState *s = opaque;

    s->tx_rts = false;
    rt1176_lpuart_update(s);
}

/* ---- the order of things ---- */

static bool has_character(const Rt1176LpuartState *s)
{
    return s->tx.count && !is_held_back(s);
}

void rt1176_lpuart_transmit(Rt1176LpuartState *s)
{
    uint64_t bit_time = rt1176_lpuart_bit_time(s);

    if (s->tx_busy || !CTRL_BIT(s, TE) || !bit_time) {
        return;
    }
    if (s->tx_preamble) {
        s->tx_preamble = false;
        pause_bits(s, rt1176_lpuart_character_bits(s), bit_time);
    } else if (has_character(s)) {
        s->tx_streaming = true;
        if (!leads_by_rts(s, bit_time)) {
            send_word(s, rt1176_lpuart_fifo_pop(&s->tx), bit_time);
        }
    } else if (s->tx_break) {
        if (!leads_by_rts(s, bit_time)) {
            s->tx_break = false;
            send_break(s, bit_time);
        }
    } else {
        s->tx_streaming = false;
        trail_by_rts(s, bit_time);
    }
    rt1176_lpuart_update(s);
}

void rt1176_lpuart_tx_done(void *opaque)
{
    Rt1176LpuartState *s = opaque;

    s->tx_busy = false;
    s->tx_stopping = false;
    if (CTRL_BIT(s, SBK)) {
        s->tx_break = true; /* held: one break after the other */
    }
    rt1176_lpuart_rx_loop(s);
    rt1176_lpuart_transmit(s);
    rt1176_lpuart_update(s);
}

/*
 * A write of one byte takes the ninth and tenth bit from CTRL.  More words than
 * fit are there when FIFO[TXFE] was cleared above them.
 */
void rt1176_lpuart_write_data(Rt1176LpuartState *s, uint32_t value,
                              unsigned size)
{
    if (size == 1) {
        value = deposit32(value, 8, 1, CTRL_BIT(s, R9T8));
        value = deposit32(value, 9, 1, CTRL_BIT(s, R8T9));
    }
    if (s->tx.count >= tx_depth(s)) {
        s->fifo |= R_FIFO_TXOF_MASK;
    } else {
        rt1176_lpuart_fifo_push(&s->tx, value & (R_DATA_CHARACTER_MASK |
                                                 R_DATA_FRETSC_MASK));
        rt1176_lpuart_transmit(s);
    }
    rt1176_lpuart_update(s);
}
