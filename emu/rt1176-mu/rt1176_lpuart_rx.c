/*
 * Receiver of the LPUART of the i.MX RT1176 (IMXRT1170RM, chapter "LPUART",
 * section "Receiver functional description"): characters into the FIFO, idle
 * lines, breaks, address and data match, active edges, RTS_B.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "rt1176_lpuart_internal.h"

/* BAUD[MATCFG] */
enum { ADDRESS_MATCH, IDLE_MATCH, MATCH_ON_OFF, DATA_MATCH };

/* ---- what it is to receive ---- */

/* Ratios below 8 need sampling at both edges. */
static bool can_sample(const Rt1176LpuartState *s)
{
    return rt1176_lpuart_oversampling(s) >= 8 ||
           FIELD_EX32(s->baud, BAUD, BOTHEDGE);
}

static bool has_rx_pin(const Rt1176LpuartState *s)
{
    return FIELD_EX32(s->pincfg, PINCFG, TRGSEL) != TRGSEL_RXD &&
           !rt1176_lpuart_loops(s);
}

void rt1176_lpuart_update_rx(Rt1176LpuartState *s)
{
    unsigned rxiden = FIELD_EX32(s->fifo, FIFO, RXIDEN);
    unsigned bits = rt1176_lpuart_character_bits(s);
    WireRxConfig config = {
        .enabled = (CTRL_BIT(s, RE) || s->rx_stopping) && has_rx_pin(s) &&
                   can_sample(s),
        .bit_time = rt1176_lpuart_bit_time(s),
        /* LBKDE looks for one more zero than a character has */
        .nbits = rt1176_lpuart_data_bits(s) + STAT_BIT(s, LBKDE),
        .stop_half_bits = 2 * rt1176_lpuart_stop_bits(s),
        .inverted = STAT_BIT(s, RXINV),
        /* IDLE after 2^IDLECFG idle characters, RDRF after 2^(RXIDEN - 1) */
        .idle_bits = bits << CTRL_BIT(s, IDLECFG),
        .second_idle_bits = rxiden ? bits << (rxiden - 1) : 0,
        .idle_from_ones = !CTRL_BIT(s, ILT),
        .resync = !FIELD_EX32(s->baud, BAUD, RESYNCDIS),
        .pulse_clocks = MODIR_BIT(s, IREN) ? rt1176_lpuart_oversampling(s) : 0,
        .echo = rt1176_lpuart_single_wire(s),
    };

    wire_end_set_rx(s->wire, &config);
}

unsigned rt1176_lpuart_rx_depth(const Rt1176LpuartState *s)
{
    return FIELD_EX32(s->fifo, FIFO, RXFE) ? RT1176_LPUART_FIFO_WORDS : 1;
}

bool rt1176_lpuart_rdrf(const Rt1176LpuartState *s)
{
    return FIELD_EX32(s->fifo, FIFO, RXFE)
               ? s->rx.count > FIELD_EX32(s->water, WATER, RXWATER) ||
                     (s->rx_idle_timeout && s->rx.count)
               : s->rx.count > 0;
}

/* ---- RTS_B and active edges ---- */

/* With @coming characters more there is no room but what RTSWATER keeps. */
static bool is_full(const Rt1176LpuartState *s, unsigned coming)
{
    return s->rx.count + coming + MODIR_BIT(s, RTSWATER) >=
           rt1176_lpuart_rx_depth(s);
}

bool rt1176_lpuart_rx_rts(const Rt1176LpuartState *s)
{
    return !CTRL_BIT(s, RE) || is_full(s, s->rx_coming);
}

bool rt1176_lpuart_wants_edge(const Rt1176LpuartState *s)
{
    bool flag = FIELD_EX32(s->baud, BAUD, RXEDGIE) && !STAT_BIT(s, RXEDGIF);
    bool rts = MODIR_BIT(s, RXRTSE) && !s->rx_coming && is_full(s, 1) &&
               !is_full(s, 0);

    return CTRL_BIT(s, RE) && has_rx_pin(s) && (flag || rts);
}

static void edge_seen(void *opaque)
{
    Rt1176LpuartState *s = opaque;

    s->stat |= R_STAT_RXEDGIF_MASK;
    s->rx_coming = true;
    rt1176_lpuart_update(s);
}

/* ---- a character ---- */

/* The oldest character shows its errors in STAT when it becomes the oldest. */
static void raise_errors(Rt1176LpuartState *s)
{
    uint16_t word = s->rx.word[s->rx.first];

    if (!s->rx.count) {
        return;
    }
    s->stat |= FIELD_EX32(word, DATA, FRETSC) << R_STAT_FE_SHIFT;
    s->stat |= FIELD_EX32(word, DATA, PARITYE) << R_STAT_PF_SHIFT;
    s->stat |= FIELD_EX32(word, DATA, NOISY) << R_STAT_NF_SHIFT;
}

static bool has_mark(const Rt1176LpuartState *s, uint16_t character)
{
    return extract32(character, rt1176_lpuart_data_bits(s) - 1, 1);
}

/* Whether the character is MA1 or MA2, as far as they are enabled: bits 0, 1 */
static unsigned match(Rt1176LpuartState *s, uint16_t character)
{
    bool match1 = FIELD_EX32(s->baud, BAUD, MAEN1) &&
                  character == FIELD_EX32(s->match, MATCH, MA1);
    bool match2 = FIELD_EX32(s->baud, BAUD, MAEN2) &&
                  character == FIELD_EX32(s->match, MATCH, MA2);

    s->stat |= match1 ? R_STAT_MA1F_MASK : 0;
    s->stat |= match2 ? R_STAT_MA2F_MASK : 0;
    return match1 | match2 << 1;
}

/* Whether a match function lets the character through (section "Match"). */
static bool is_wanted(Rt1176LpuartState *s, uint16_t character)
{
    unsigned matched;

    if (!FIELD_EX32(s->baud, BAUD, MAEN1) &&
        !FIELD_EX32(s->baud, BAUD, MAEN2)) {
        return true;
    }
    switch (FIELD_EX32(s->baud, BAUD, MATCFG)) {
    case ADDRESS_MATCH: /* a marked character is an address */
        if (has_mark(s, character)) {
            s->rx_matched = match(s, character);
        }
        return s->rx_matched;
    case IDLE_MATCH: /* the first character after an idle line is one */
        if (s->rx_line_idle) {
            s->rx_matched = match(s, character);
        }
        return s->rx_matched;
    case MATCH_ON_OFF:
        matched = match(s, character);
        s->rx_matched = matched & 2 ? false : s->rx_matched || matched;
        return s->rx_matched;
    default: /* data match: wakes the receiver, and may stand for CTS_B */
        matched = match(s, character);
        s->rx_matched = matched & 2 ? false : s->rx_matched || matched;
        if (matched) {
            s->ctrl = FIELD_DP32(s->ctrl, CTRL, RWU, 0);
        }
        return true;
    }
}

/* Standby (RWU): nothing is stored until an address mark, or an idle line. */
static bool is_awake(Rt1176LpuartState *s, uint16_t character)
{
    if (CTRL_BIT(s, RWU) && CTRL_BIT(s, WAKE) && has_mark(s, character)) {
        s->ctrl = FIELD_DP32(s->ctrl, CTRL, RWU, 0);
    }
    return !CTRL_BIT(s, RWU);
}

static void store(Rt1176LpuartState *s, uint16_t word)
{
    if (s->rx.count >= rt1176_lpuart_rx_depth(s)) {
        s->stat |= R_STAT_OR_MASK;
        return;
    }
    if (STAT_BIT(s, OR)) {
        return; /* nothing is stored until software clears OR */
    }
    rt1176_lpuart_fifo_push(&s->rx, word);
    if (s->rx.count == 1) {
        raise_errors(s);
    }
}

static void receive(Rt1176LpuartState *s, const WireFrame *frame)
{
    unsigned count = rt1176_lpuart_data_bits(s);
    bool parity_error = CTRL_BIT(s, PE) &&
                        rt1176_lpuart_odd(frame->bits) != CTRL_BIT(s, PT);
    uint16_t word = STAT_BIT(s, MSBF)
                        ? rt1176_lpuart_reverse(frame->bits, count)
                        : frame->bits;
    bool wanted = is_wanted(s, word);

    if (is_awake(s, word) && wanted) {
        word = FIELD_DP32(word, DATA, FRETSC, frame->framing_error);
        word = FIELD_DP32(word, DATA, PARITYE, parity_error);
        word = FIELD_DP32(word, DATA, NOISY, frame->noise);
        word = FIELD_DP32(word, DATA, IDLINE, s->rx_line_idle);
        store(s, word);
    }
    s->rx_line_idle = false;
    s->rx_idle_timeout = false;
}

static void take(Rt1176LpuartState *s, const WireFrame *frame)
{
    if (STAT_BIT(s, LBKDE)) {
        s->stat |= frame->all_zero ? R_STAT_LBKDIF_MASK : 0;
    } else {
        receive(s, frame);
    }
    s->rx_coming = false;
}

static void frame_ended(void *opaque, const WireFrame *frame)
{
    Rt1176LpuartState *s = opaque;

    s->stat |= R_STAT_RXEDGIF_MASK; /* it began with an edge */
    if (s->rx_stopping) {
        s->rx_stopping = false;
        rt1176_lpuart_update_rx(s);
        if (frame->start_ns >= s->rx_stop_ns) {
            return; /* it began after RE was cleared */
        }
    }
    take(s, frame);
    rt1176_lpuart_update(s);
    rt1176_lpuart_transmit(s); /* the match may stand for CTS_B */
}

void rt1176_lpuart_rx_loop(Rt1176LpuartState *s)
{
    unsigned count = rt1176_lpuart_data_bits(s);

    if (s->loop_frame && rt1176_lpuart_loops(s) && CTRL_BIT(s, RE)) {
        take(s, &(WireFrame){
                    .bits = extract32(s->loop_bits, 0, count),
                    .framing_error = s->loop_break,
                    .all_zero = s->loop_break,
                });
    }
}

/* ---- idle lines ---- */

static void idle_seen(void *opaque)
{
    Rt1176LpuartState *s = opaque;

    if (s->rx_stopping) {
        s->rx_stopping = false;
        rt1176_lpuart_update_rx(s);
        return;
    }
    s->rx_line_idle = true;
    s->rx_coming = false;
    if (!CTRL_BIT(s, RWU) || STAT_BIT(s, RWUID)) {
        s->stat |= R_STAT_IDLE_MASK;
    }
    if (CTRL_BIT(s, RWU) && !CTRL_BIT(s, WAKE)) {
        s->ctrl = FIELD_DP32(s->ctrl, CTRL, RWU, 0);
    }
    rt1176_lpuart_update(s);
}

/* RXIDEN: RDRF although the FIFO is at or below its watermark. */
static void rxiden_seen(void *opaque)
{
    Rt1176LpuartState *s = opaque;

    s->rx_idle_timeout = true;
    rt1176_lpuart_update(s);
}

const WireEndOps rt1176_lpuart_wire_ops = {
    .frame = frame_ended,
    .idle = idle_seen,
    .second_idle = rxiden_seen,
    .edge = edge_seen,
};

/* A read that DMA does for RIDMAE ends its request. */
uint32_t rt1176_lpuart_read_data(Rt1176LpuartState *s)
{
    if (FIELD_EX32(s->baud, BAUD, RIDMAE)) {
        s->stat &= ~R_STAT_IDLE_MASK;
    }
    if (!s->rx.count) {
        s->fifo |= R_FIFO_RXUF_MASK;
        rt1176_lpuart_update(s);
        return s->rx_last | R_DATA_RXEMPT_MASK;
    }
    s->rx_last = rt1176_lpuart_fifo_pop(&s->rx);
    if (!s->rx.count) {
        s->rx_idle_timeout = false;
    }
    raise_errors(s);
    rt1176_lpuart_update(s);
    return s->rx_last;
}
