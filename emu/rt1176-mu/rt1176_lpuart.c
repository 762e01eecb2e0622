/*
 * LPUART of the i.MX RT1176 (IMXRT1170RM, chapter "LPUART"): 7 to 10 data
 * bits, parity, FIFOs of four words with watermarks, break, idle line and
 * address match.  Bits and their times go over the wire (emu/wire/wire.h):
 * one bit lasts (OSR + 1) x SBR periods of the module clock.  What differs
 * from the part is listed in docs/devices/rt1176-lpuart.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "rt1176_lpuart.h"

REG32(VERID, 0x00)
REG32(PARAM, 0x04)
REG32(GLOBAL, 0x08)
    FIELD(GLOBAL, RST, 1, 1)
REG32(PINCFG, 0x0c)
    FIELD(PINCFG, TRGSEL, 0, 2)
REG32(BAUD, 0x10)
    FIELD(BAUD, SBR, 0, 13)
    FIELD(BAUD, SBNS, 13, 1)
    FIELD(BAUD, LBKDIE, 15, 1)
    FIELD(BAUD, BOTHEDGE, 17, 1)
    FIELD(BAUD, MATCFG, 18, 2)
    FIELD(BAUD, RIDMAE, 20, 1)
    FIELD(BAUD, RDMAE, 21, 1)
    FIELD(BAUD, TDMAE, 23, 1)
    FIELD(BAUD, OSR, 24, 5)
    FIELD(BAUD, M10, 29, 1)
    FIELD(BAUD, MAEN2, 30, 1)
    FIELD(BAUD, MAEN1, 31, 1)
REG32(STAT, 0x14)
    FIELD(STAT, MA2F, 14, 1)
    FIELD(STAT, MA1F, 15, 1)
    FIELD(STAT, PF, 16, 1)
    FIELD(STAT, FE, 17, 1)
    FIELD(STAT, NF, 18, 1)
    FIELD(STAT, OR, 19, 1)
    FIELD(STAT, IDLE, 20, 1)
    FIELD(STAT, RDRF, 21, 1)
    FIELD(STAT, TC, 22, 1)
    FIELD(STAT, TDRE, 23, 1)
    FIELD(STAT, RAF, 24, 1)
    FIELD(STAT, LBKDE, 25, 1)
    FIELD(STAT, BRK13, 26, 1)
    FIELD(STAT, RWUID, 27, 1)
    FIELD(STAT, RXINV, 28, 1)
    FIELD(STAT, MSBF, 29, 1)
    FIELD(STAT, RXEDGIF, 30, 1)
    FIELD(STAT, LBKDIF, 31, 1)
REG32(CTRL, 0x18)
    FIELD(CTRL, PT, 0, 1)
    FIELD(CTRL, PE, 1, 1)
    FIELD(CTRL, ILT, 2, 1)
    FIELD(CTRL, WAKE, 3, 1)
    FIELD(CTRL, M, 4, 1)
    FIELD(CTRL, RSRC, 5, 1)
    FIELD(CTRL, LOOPS, 7, 1)
    FIELD(CTRL, IDLECFG, 8, 3)
    FIELD(CTRL, M7, 11, 1)
    FIELD(CTRL, MA2IE, 14, 1)
    FIELD(CTRL, MA1IE, 15, 1)
    FIELD(CTRL, SBK, 16, 1)
    FIELD(CTRL, RWU, 17, 1)
    FIELD(CTRL, RE, 18, 1)
    FIELD(CTRL, TE, 19, 1)
    FIELD(CTRL, ILIE, 20, 1)
    FIELD(CTRL, RIE, 21, 1)
    FIELD(CTRL, TCIE, 22, 1)
    FIELD(CTRL, TIE, 23, 1)
    FIELD(CTRL, PEIE, 24, 1)
    FIELD(CTRL, FEIE, 25, 1)
    FIELD(CTRL, NEIE, 26, 1)
    FIELD(CTRL, ORIE, 27, 1)
    FIELD(CTRL, TXINV, 28, 1)
    FIELD(CTRL, R9T8, 30, 1)
    FIELD(CTRL, R8T9, 31, 1)
REG32(DATA, 0x1c)
    FIELD(DATA, CHARACTER, 0, 10)
    FIELD(DATA, IDLINE, 11, 1)
    FIELD(DATA, RXEMPT, 12, 1)
    FIELD(DATA, FRETSC, 13, 1)
    FIELD(DATA, PARITYE, 14, 1)
    FIELD(DATA, NOISY, 15, 1)
REG32(MATCH, 0x20)
    FIELD(MATCH, MA1, 0, 10)
    FIELD(MATCH, MA2, 16, 10)
REG32(MODIR, 0x24)
REG32(FIFO, 0x28)
    FIELD(FIFO, RXFIFOSIZE, 0, 3)
    FIELD(FIFO, RXFE, 3, 1)
    FIELD(FIFO, TXFIFOSIZE, 4, 3)
    FIELD(FIFO, TXFE, 7, 1)
    FIELD(FIFO, RXUFE, 8, 1)
    FIELD(FIFO, TXOFE, 9, 1)
    FIELD(FIFO, RXIDEN, 10, 3)
    FIELD(FIFO, RXFLUSH, 14, 1)
    FIELD(FIFO, TXFLUSH, 15, 1)
    FIELD(FIFO, RXUF, 16, 1)
    FIELD(FIFO, TXOF, 17, 1)
    FIELD(FIFO, RXEMPT, 22, 1)
    FIELD(FIFO, TXEMPT, 23, 1)
REG32(WATER, 0x2c)
    FIELD(WATER, TXWATER, 0, 2)
    FIELD(WATER, TXCOUNT, 8, 3)
    FIELD(WATER, RXWATER, 16, 2)
    FIELD(WATER, RXCOUNT, 24, 3)

#define VERID_VALUE 0x04010003 /* 4.1, with modem and IrDA support */
#define PARAM_VALUE 0x00000202 /* FIFOs of 2^2 words */
#define BAUD_RESET 0x0f000004
#define FIFO_SIZE_4_WORDS 1

#define STAT_W1C (R_STAT_MA2F_MASK | R_STAT_MA1F_MASK | R_STAT_PF_MASK | \
                  R_STAT_FE_MASK | R_STAT_NF_MASK | R_STAT_OR_MASK | \
                  R_STAT_IDLE_MASK | R_STAT_RXEDGIF_MASK | R_STAT_LBKDIF_MASK)
#define STAT_CONFIG (R_STAT_LBKDE_MASK | R_STAT_BRK13_MASK | \
                     R_STAT_RWUID_MASK | R_STAT_RXINV_MASK | R_STAT_MSBF_MASK)
#define FIFO_CONFIG (R_FIFO_RXFE_MASK | R_FIFO_TXFE_MASK | R_FIFO_RXUFE_MASK | \
                     R_FIFO_TXOFE_MASK | R_FIFO_RXIDEN_MASK)
#define FIFO_W1C (R_FIFO_RXUF_MASK | R_FIFO_TXOF_MASK)
#define WATER_WRITABLE (R_WATER_TXWATER_MASK | R_WATER_RXWATER_MASK)
#define MATCH_WRITABLE (R_MATCH_MA1_MASK | R_MATCH_MA2_MASK)
#define MODIR_WRITABLE 0x0007033f

#define CTRL_BIT(s, bit) FIELD_EX32((s)->ctrl, CTRL, bit)
#define STAT_BIT(s, bit) FIELD_EX32((s)->stat, STAT, bit)

/* ---- the shape of a character ---- */

/* Data bits, the parity bit among them: it replaces the last data bit. */
static unsigned lpuart_data_bits(Rt1176LpuartState *s)
{
    if (FIELD_EX32(s->baud, BAUD, M10)) {
        return 10;
    }
    if (CTRL_BIT(s, M)) {
        return 9;
    }
    return CTRL_BIT(s, M7) ? 7 : 8;
}

static unsigned lpuart_stop_bits(Rt1176LpuartState *s)
{
    return 1 + FIELD_EX32(s->baud, BAUD, SBNS);
}

static unsigned lpuart_character_bits(Rt1176LpuartState *s)
{
    return 1 + lpuart_data_bits(s) + lpuart_stop_bits(s);
}

/*
 * Length of a break in bits: a character, or longer with BRK13 (table "Break
 * character length").
 */
static unsigned lpuart_break_bits(Rt1176LpuartState *s)
{
    return STAT_BIT(s, BRK13) ? lpuart_data_bits(s) + 5
                              : lpuart_character_bits(s);
}

static unsigned lpuart_oversampling(Rt1176LpuartState *s)
{
    unsigned osr = FIELD_EX32(s->baud, BAUD, OSR);

    /* 0 means 16; 1 and 2 are reserved */
    return osr < 3 ? 16 : osr + 1;
}

/* In 2^-32 ns; 0: no module clock, or SBR is 0. */
static uint64_t lpuart_bit_time(Rt1176LpuartState *s)
{
    return clock_get(s->clk) * lpuart_oversampling(s) *
           FIELD_EX32(s->baud, BAUD, SBR);
}

/* Ratios below 8 need sampling at both edges. */
static bool lpuart_can_sample(Rt1176LpuartState *s)
{
    return lpuart_oversampling(s) >= 8 ||
           FIELD_EX32(s->baud, BAUD, BOTHEDGE);
}

static bool odd_number_of_ones(uint32_t bits)
{
    return ctpop32(bits) & 1;
}

static uint32_t reverse_bits(uint32_t bits, unsigned count)
{
    return revbit32(bits) >> (32 - count);
}

/* ---- FIFOs ---- */

static unsigned lpuart_rx_depth(Rt1176LpuartState *s)
{
    return FIELD_EX32(s->fifo, FIFO, RXFE) ? RT1176_LPUART_FIFO_WORDS : 1;
}

static unsigned lpuart_tx_depth(Rt1176LpuartState *s)
{
    return FIELD_EX32(s->fifo, FIFO, TXFE) ? RT1176_LPUART_FIFO_WORDS : 1;
}

static void fifo_push(Rt1176LpuartFifo *fifo, uint16_t word)
{
    assert(fifo->count < RT1176_LPUART_FIFO_WORDS);
    fifo->word[(fifo->first + fifo->count++) % RT1176_LPUART_FIFO_WORDS] = word;
}

static uint16_t fifo_pop(Rt1176LpuartFifo *fifo)
{
    uint16_t word = fifo->word[fifo->first];

    assert(fifo->count > 0);
    fifo->first = (fifo->first + 1) % RT1176_LPUART_FIFO_WORDS;
    fifo->count--;
    return word;
}

/* ---- flags and the interrupt ---- */

static bool lpuart_rdrf(Rt1176LpuartState *s)
{
    return FIELD_EX32(s->fifo, FIFO, RXFE)
               ? s->rx.count > FIELD_EX32(s->water, WATER, RXWATER) ||
                     (s->rx_idle_timeout && s->rx.count)
               : s->rx.count > 0;
}

static bool lpuart_tdre(Rt1176LpuartState *s)
{
    return FIELD_EX32(s->fifo, FIFO, TXFE)
               ? s->tx.count <= FIELD_EX32(s->water, WATER, TXWATER)
               : s->tx.count == 0;
}

static bool lpuart_tc(Rt1176LpuartState *s)
{
    return !s->tx_busy && !s->tx.count && !s->tx_preamble && !s->tx_break;
}

/* STAT but for RAF, which nothing else depends on. */
static uint32_t lpuart_stat(Rt1176LpuartState *s)
{
    uint32_t stat = s->stat;

    stat = FIELD_DP32(stat, STAT, RDRF, lpuart_rdrf(s));
    stat = FIELD_DP32(stat, STAT, TDRE, lpuart_tdre(s));
    return FIELD_DP32(stat, STAT, TC, lpuart_tc(s));
}

/* The module's one interrupt request: any flag whose enable is set. */
static void lpuart_update_irq(Rt1176LpuartState *s)
{
    uint32_t stat = lpuart_stat(s);
    /* TIE..ILIE lie over TDRE..IDLE, and MA1IE, MA2IE over MA1F, MA2F */
    uint32_t same = stat & s->ctrl &
                    (R_STAT_TDRE_MASK | R_STAT_TC_MASK | R_STAT_RDRF_MASK |
                     R_STAT_IDLE_MASK | R_STAT_MA1F_MASK | R_STAT_MA2F_MASK);
    bool level =
        same || (FIELD_EX32(stat, STAT, OR) && CTRL_BIT(s, ORIE)) ||
        (FIELD_EX32(stat, STAT, NF) && CTRL_BIT(s, NEIE)) ||
        (FIELD_EX32(stat, STAT, FE) && CTRL_BIT(s, FEIE)) ||
        (FIELD_EX32(stat, STAT, PF) && CTRL_BIT(s, PEIE)) ||
        (FIELD_EX32(stat, STAT, LBKDIF) && FIELD_EX32(s->baud, BAUD, LBKDIE)) ||
        (FIELD_EX32(s->fifo, FIFO, RXUF) && FIELD_EX32(s->fifo, FIFO, RXUFE)) ||
        (FIELD_EX32(s->fifo, FIFO, TXOF) && FIELD_EX32(s->fifo, FIFO, TXOFE));

    qemu_set_irq(s->irq, level);
    qemu_set_irq(s->dma[RT1176_LPUART_DMA_RX],
                 (FIELD_EX32(s->baud, BAUD, RDMAE) && lpuart_rdrf(s)) ||
                     (FIELD_EX32(s->baud, BAUD, RIDMAE) &&
                      FIELD_EX32(stat, STAT, IDLE)));
    qemu_set_irq(s->dma[RT1176_LPUART_DMA_TX],
                 FIELD_EX32(s->baud, BAUD, TDMAE) && lpuart_tdre(s));
}

/* ---- receiver ---- */

/*
 * IDLE comes after 2^IDLECFG idle characters, RXIDEN's RDRF after 2^(RXIDEN -
 * 1): one counter serves both, at the longer of the two.  With ILT clear the
 * stop bits count as idle time.
 */
static unsigned lpuart_idle_bits(Rt1176LpuartState *s)
{
    unsigned rxiden = FIELD_EX32(s->fifo, FIFO, RXIDEN);
    unsigned characters = 1u << CTRL_BIT(s, IDLECFG);

    if (rxiden) {
        characters = MAX(characters, 1u << (rxiden - 1));
    }
    return characters * lpuart_character_bits(s) -
           (CTRL_BIT(s, ILT) ? 0 : lpuart_stop_bits(s));
}

static void lpuart_update_rx(Rt1176LpuartState *s)
{
    WireRxConfig config = {
        .enabled = (CTRL_BIT(s, RE) || s->rx_stopping) &&
                   !CTRL_BIT(s, LOOPS) && lpuart_can_sample(s),
        .bit_time = lpuart_bit_time(s),
        /* LBKDE looks for one more zero than a character has */
        .nbits = lpuart_data_bits(s) + STAT_BIT(s, LBKDE),
        .stop_half_bits = 2 * lpuart_stop_bits(s),
        .inverted = STAT_BIT(s, RXINV),
        .idle_bits = lpuart_idle_bits(s),
    };

    wire_end_set_rx(s->wire, &config);
}

/* The oldest character shows its errors in STAT when it becomes the oldest. */
static void lpuart_raise_rx_errors(Rt1176LpuartState *s)
{
    uint16_t word = s->rx.word[s->rx.first];

    if (!s->rx.count) {
        return;
    }
    s->stat |= FIELD_EX32(word, DATA, FRETSC) << R_STAT_FE_SHIFT;
    s->stat |= FIELD_EX32(word, DATA, PARITYE) << R_STAT_PF_SHIFT;
    s->stat |= FIELD_EX32(word, DATA, NOISY) << R_STAT_NF_SHIFT;
}

/*
 * Address match wake-up (MATCFG 0): a character whose last bit is set is an
 * address; what follows a wrong one is discarded.
 */
static bool lpuart_address_wanted(Rt1176LpuartState *s, uint16_t character)
{
    bool maen1 = FIELD_EX32(s->baud, BAUD, MAEN1);
    bool maen2 = FIELD_EX32(s->baud, BAUD, MAEN2);
    bool match1, match2;

    if ((!maen1 && !maen2) || FIELD_EX32(s->baud, BAUD, MATCFG)) {
        return true;
    }
    if (!extract32(character, lpuart_data_bits(s) - 1, 1)) {
        return s->rx_address_matched;
    }
    match1 = maen1 && character == FIELD_EX32(s->match, MATCH, MA1);
    match2 = maen2 && character == FIELD_EX32(s->match, MATCH, MA2);
    s->stat |= match1 ? R_STAT_MA1F_MASK : 0;
    s->stat |= match2 ? R_STAT_MA2F_MASK : 0;
    s->rx_address_matched = match1 || match2;
    return s->rx_address_matched;
}

/* Standby (RWU): nothing is stored until an address mark, or an idle line. */
static bool lpuart_awake(Rt1176LpuartState *s, uint16_t character)
{
    if (CTRL_BIT(s, RWU) && CTRL_BIT(s, WAKE) &&
        extract32(character, lpuart_data_bits(s) - 1, 1)) {
        s->ctrl = FIELD_DP32(s->ctrl, CTRL, RWU, 0);
    }
    return !CTRL_BIT(s, RWU);
}

static void lpuart_store(Rt1176LpuartState *s, uint16_t word)
{
    if (s->rx.count == lpuart_rx_depth(s)) {
        s->stat |= R_STAT_OR_MASK;
        return;
    }
    if (STAT_BIT(s, OR)) {
        return; /* nothing is stored until software clears OR */
    }
    fifo_push(&s->rx, word);
    if (s->rx.count == 1) {
        lpuart_raise_rx_errors(s);
    }
}

static void lpuart_receive(Rt1176LpuartState *s, uint16_t bits,
                           bool framing_error, bool noise)
{
    unsigned count = lpuart_data_bits(s);
    bool parity_error = CTRL_BIT(s, PE) &&
                        odd_number_of_ones(bits) != CTRL_BIT(s, PT);
    uint16_t word = STAT_BIT(s, MSBF) ? reverse_bits(bits, count) : bits;

    if (!lpuart_awake(s, word) || !lpuart_address_wanted(s, word)) {
        return;
    }
    word = FIELD_DP32(word, DATA, FRETSC, framing_error);
    word = FIELD_DP32(word, DATA, PARITYE, parity_error);
    word = FIELD_DP32(word, DATA, NOISY, noise);
    word = FIELD_DP32(word, DATA, IDLINE, s->rx_line_idle);
    lpuart_store(s, word);
    s->rx_line_idle = false;
    s->rx_idle_timeout = false;
}

static void lpuart_frame(void *opaque, const WireFrame *frame)
{
    Rt1176LpuartState *s = opaque;

    if (s->rx_stopping) {
        s->rx_stopping = false;
        lpuart_update_rx(s);
        if (frame->start_ns >= s->rx_stop_ns) {
            return; /* it began after RE was cleared */
        }
    }
    if (STAT_BIT(s, LBKDE)) {
        s->stat |= frame->all_zero ? R_STAT_LBKDIF_MASK : 0;
    } else {
        lpuart_receive(s, frame->bits, frame->framing_error, frame->noise);
    }
    lpuart_update_irq(s);
}

static void lpuart_idle(void *opaque)
{
    Rt1176LpuartState *s = opaque;

    if (s->rx_stopping) {
        s->rx_stopping = false;
        lpuart_update_rx(s);
        return;
    }
    s->rx_line_idle = true;
    s->rx_idle_timeout = FIELD_EX32(s->fifo, FIFO, RXIDEN);
    if (!CTRL_BIT(s, RWU) || STAT_BIT(s, RWUID)) {
        s->stat |= R_STAT_IDLE_MASK;
    }
    if (CTRL_BIT(s, RWU) && !CTRL_BIT(s, WAKE)) {
        s->ctrl = FIELD_DP32(s->ctrl, CTRL, RWU, 0);
    }
    lpuart_update_irq(s);
}

static const WireEndOps lpuart_wire_ops = {
    .frame = lpuart_frame,
    .idle = lpuart_idle,
};

static uint32_t lpuart_read_data(Rt1176LpuartState *s)
{
    if (!s->rx.count) {
        s->fifo |= R_FIFO_RXUF_MASK;
        lpuart_update_irq(s);
        return s->rx_last | R_DATA_RXEMPT_MASK;
    }
    s->rx_last = fifo_pop(&s->rx);
    if (!s->rx.count) {
        s->rx_idle_timeout = false;
    }
    lpuart_raise_rx_errors(s);
    lpuart_update_irq(s);
    return s->rx_last;
}

/* ---- transmitter ---- */

static void lpuart_start(Rt1176LpuartState *s, int64_t end_ns)
{
    s->tx_busy = true;
    timer_mod_ns(s->tx_timer, end_ns);
}

/* A whole character of idle line. */
static void lpuart_send_preamble(Rt1176LpuartState *s, uint64_t bit_time)
{
    unsigned __int128 length = (unsigned __int128)bit_time *
                               lpuart_character_bits(s);
    int64_t length_ns = (length + UINT32_MAX) >> 32;

    s->loop_frame = false;
    lpuart_start(s, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + length_ns);
}

static void lpuart_send_break(Rt1176LpuartState *s, uint64_t bit_time)
{
    unsigned zeros = lpuart_break_bits(s);
    uint16_t bits = 1u << zeros;

    if (CTRL_BIT(s, TXINV)) {
        bits = ~bits;
    }
    s->loop_frame = true;
    s->loop_bits = 0;
    lpuart_start(s, wire_end_send(s->wire, WIRE_BREAK, bits, zeros + 1,
                                  2 * (zeros + 1), bit_time));
}

static void lpuart_send_character(Rt1176LpuartState *s, uint16_t character,
                                  uint64_t bit_time)
{
    unsigned count = lpuart_data_bits(s);
    unsigned nbits = 1 + count + 1;
    uint16_t data = extract32(character, 0, count);
    uint16_t bits;

    if (STAT_BIT(s, MSBF)) {
        data = reverse_bits(data, count);
    }
    if (CTRL_BIT(s, PE)) {
        data = extract32(data, 0, count - 1);
        data |= (odd_number_of_ones(data) != CTRL_BIT(s, PT)) << (count - 1);
    }
    bits = (data << 1) | (1u << (count + 1));
    s->loop_frame = true;
    s->loop_bits = data;
    lpuart_start(s, wire_end_send(s->wire, WIRE_CHARACTER,
                                  CTRL_BIT(s, TXINV) ? ~bits : bits, nbits,
                                  2 * lpuart_character_bits(s), bit_time));
}

/* FRETSC with all data bits clear is a break, with all set an idle character */
static void lpuart_send_word(Rt1176LpuartState *s, uint16_t word,
                             uint64_t bit_time)
{
    if (!FIELD_EX32(word, DATA, FRETSC)) {
        lpuart_send_character(s, word, bit_time);
    } else if (FIELD_EX32(word, DATA, CHARACTER)) {
        lpuart_send_preamble(s, bit_time);
    } else {
        lpuart_send_break(s, bit_time);
    }
}

/* Start the next thing to send, if the transmitter is free and has one. */
static void lpuart_transmit(Rt1176LpuartState *s)
{
    uint64_t bit_time = lpuart_bit_time(s);

    if (s->tx_busy || !CTRL_BIT(s, TE) || !bit_time) {
        return;
    }
    if (s->tx_preamble) {
        s->tx_preamble = false;
        lpuart_send_preamble(s, bit_time);
    } else if (s->tx.count) {
        lpuart_send_word(s, fifo_pop(&s->tx), bit_time);
    } else if (s->tx_break) {
        s->tx_break = false;
        lpuart_send_break(s, bit_time);
    }
}

static void lpuart_tx_done(void *opaque)
{
    Rt1176LpuartState *s = opaque;

    s->tx_busy = false;
    s->tx_stopping = false;
    if (CTRL_BIT(s, SBK)) {
        s->tx_break = true; /* held: one break after the other */
    }
    if (s->loop_frame && CTRL_BIT(s, LOOPS) && !CTRL_BIT(s, RSRC) &&
        CTRL_BIT(s, RE)) {
        lpuart_receive(s, s->loop_bits, false, false);
    }
    lpuart_transmit(s);
    lpuart_update_irq(s);
}

/* A write of one byte takes the ninth and tenth bit from CTRL. */
static void lpuart_write_data(Rt1176LpuartState *s, uint32_t value,
                              unsigned size)
{
    if (size == 1) {
        value = deposit32(value, 8, 1, CTRL_BIT(s, R9T8));
        value = deposit32(value, 9, 1, CTRL_BIT(s, R8T9));
    }
    if (s->tx.count == lpuart_tx_depth(s)) {
        s->fifo |= R_FIFO_TXOF_MASK;
    } else {
        fifo_push(&s->tx, value & (R_DATA_CHARACTER_MASK |
                                   R_DATA_FRETSC_MASK));
        lpuart_transmit(s);
    }
    lpuart_update_irq(s);
}

/* ---- registers ---- */

static void lpuart_reset_registers(Rt1176LpuartState *s)
{
    timer_del(s->tx_timer);
    s->pincfg = 0;
    s->baud = BAUD_RESET;
    s->stat = 0;
    s->ctrl = 0;
    s->match = 0;
    s->modir = 0;
    s->fifo = FIFO_SIZE_4_WORDS << R_FIFO_RXFIFOSIZE_SHIFT |
              FIFO_SIZE_4_WORDS << R_FIFO_TXFIFOSIZE_SHIFT;
    s->water = 0;
    s->rx = (Rt1176LpuartFifo){ 0 };
    s->tx = (Rt1176LpuartFifo){ 0 };
    s->rx_last = 0;
    s->rx_line_idle = false;
    s->rx_idle_timeout = false;
    s->rx_stopping = false;
    s->rx_stop_ns = 0;
    s->rx_address_matched = false;
    s->tx_busy = false;
    s->tx_stopping = false;
    s->tx_preamble = false;
    s->tx_break = false;
    s->loop_frame = false;
    s->loop_bits = 0;
    wire_end_reset(s->wire);
    lpuart_update_irq(s);
}

static void lpuart_write_global(Rt1176LpuartState *s, uint32_t value)
{
    s->global = value & R_GLOBAL_RST_MASK;
    if (s->global) {
        lpuart_reset_registers(s);
    }
}

static void lpuart_write_stat(Rt1176LpuartState *s, uint32_t value)
{
    s->stat &= ~(value & STAT_W1C);
    s->stat = (s->stat & ~STAT_CONFIG) | (value & STAT_CONFIG);
    lpuart_update_rx(s);
    lpuart_update_irq(s);
}

/* RE and TE read as 1 until the character in progress has ended. */
static uint32_t lpuart_read_ctrl(Rt1176LpuartState *s)
{
    uint32_t ctrl = s->ctrl;

    if (s->rx_stopping && wire_end_rx_active(s->wire, DEVICE(s))) {
        ctrl |= R_CTRL_RE_MASK;
    }
    if (s->tx_stopping) {
        ctrl |= R_CTRL_TE_MASK;
    }
    /* the ninth and tenth bit of the oldest character received */
    ctrl = FIELD_DP32(ctrl, CTRL, R8T9, extract32(s->rx_last, 8, 1));
    return FIELD_DP32(ctrl, CTRL, R9T8, extract32(s->rx_last, 9, 1));
}

static void lpuart_write_ctrl(Rt1176LpuartState *s, uint32_t value)
{
    uint32_t old = s->ctrl;
    uint32_t on = value & ~old;
    uint32_t off = old & ~value;

    s->ctrl = value;
    if (off & R_CTRL_RE_MASK) {
        s->rx_stopping = true; /* if a character is coming in */
        s->rx_stop_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    }
    if (on & R_CTRL_RE_MASK) {
        s->rx_stopping = false;
    }
    if (on & R_CTRL_TE_MASK) {
        s->tx_preamble = true;
        s->tx_stopping = false;
    }
    if (off & R_CTRL_TE_MASK) {
        s->tx_preamble = false;
        s->tx_stopping = s->tx_busy;
    }
    if (on & R_CTRL_SBK_MASK) {
        s->tx_break = true;
    }
    if ((on | off) & R_CTRL_TXINV_MASK) {
        wire_end_set_level(s->wire, !CTRL_BIT(s, TXINV));
    }
    lpuart_update_rx(s);
    lpuart_transmit(s);
    lpuart_update_irq(s);
}

static void lpuart_write_fifo(Rt1176LpuartState *s, uint32_t value)
{
    s->fifo &= ~(value & FIFO_W1C);
    s->fifo = (s->fifo & ~FIFO_CONFIG) | (value & FIFO_CONFIG);
    if (value & R_FIFO_RXFLUSH_MASK) {
        s->rx = (Rt1176LpuartFifo){ 0 };
        s->rx_idle_timeout = false;
    }
    if (value & R_FIFO_TXFLUSH_MASK) {
        s->tx = (Rt1176LpuartFifo){ 0 };
    }
    lpuart_update_rx(s);
    lpuart_update_irq(s);
}

static uint32_t lpuart_read_fifo(Rt1176LpuartState *s)
{
    uint32_t fifo = FIELD_DP32(s->fifo, FIFO, RXEMPT, !s->rx.count);

    return FIELD_DP32(fifo, FIFO, TXEMPT, !s->tx.count);
}

static uint32_t lpuart_read_water(Rt1176LpuartState *s)
{
    uint32_t water = FIELD_DP32(s->water, WATER, RXCOUNT, s->rx.count);

    return FIELD_DP32(water, WATER, TXCOUNT, s->tx.count);
}

static uint32_t lpuart_read_word(Rt1176LpuartState *s, hwaddr addr)
{
    switch (addr) {
    case A_VERID:
        return VERID_VALUE;
    case A_PARAM:
        return PARAM_VALUE;
    case A_GLOBAL:
        return s->global;
    case A_PINCFG:
        return s->pincfg;
    case A_BAUD:
        return s->baud;
    case A_STAT:
        return FIELD_DP32(lpuart_stat(s), STAT, RAF,
                          wire_end_rx_active(s->wire, DEVICE(s)));
    case A_CTRL:
        return lpuart_read_ctrl(s);
    case A_DATA:
        return lpuart_read_data(s);
    case A_MATCH:
        return s->match;
    case A_MODIR:
        return s->modir;
    case A_FIFO:
        return lpuart_read_fifo(s);
    case A_WATER:
        return lpuart_read_water(s);
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx
                      "\n", s->uart, addr);
        return 0;
    }
}

static uint64_t lpuart_read(void *opaque, hwaddr addr, unsigned size)
{
    return extract32(lpuart_read_word(opaque, addr & ~3ull), 8 * (addr & 3),
                     8 * size);
}

static void lpuart_write(void *opaque, hwaddr addr, uint64_t value64,
                         unsigned size)
{
    Rt1176LpuartState *s = opaque;
    uint32_t value = value64;

    if (s->global && addr != A_GLOBAL) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to 0x%" HWADDR_PRIx
                      " while GLOBAL[RST] holds it in reset\n", s->uart, addr);
        return;
    }
    if (size < 4 && addr != A_DATA) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write of %u bytes to 0x%"
                      HWADDR_PRIx " ignored\n", s->uart, size, addr);
        return;
    }
    switch (addr) {
    case A_GLOBAL:
        lpuart_write_global(s, value);
        break;
    case A_PINCFG:
        s->pincfg = value & R_PINCFG_TRGSEL_MASK;
        break;
    case A_BAUD:
        s->baud = value;
        lpuart_update_rx(s);
        lpuart_transmit(s);
        lpuart_update_irq(s);
        break;
    case A_STAT:
        lpuart_write_stat(s, value);
        break;
    case A_CTRL:
        lpuart_write_ctrl(s, value);
        break;
    case A_DATA:
        lpuart_write_data(s, value, size);
        break;
    case A_MATCH:
        s->match = value & MATCH_WRITABLE;
        break;
    case A_MODIR:
        s->modir = value & MODIR_WRITABLE;
        break;
    case A_FIFO:
        lpuart_write_fifo(s, value);
        break;
    case A_WATER:
        s->water = value & WATER_WRITABLE;
        lpuart_update_irq(s);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to 0x%" HWADDR_PRIx
                      " ignored\n", s->uart, addr);
    }
}

static const MemoryRegionOps lpuart_ops = {
    .read = lpuart_read,
    .write = lpuart_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 1,
    .valid.max_access_size = 4,
};

static void lpuart_clock_changed(void *opaque, ClockEvent event)
{
    Rt1176LpuartState *s = opaque;

    if (!DEVICE(s)->realized) {
        return;
    }
    lpuart_update_rx(s);
    lpuart_transmit(s);
    lpuart_update_irq(s);
}

/* ---- device ---- */

static void lpuart_reset_hold(Object *obj, ResetType type)
{
    Rt1176LpuartState *s = RT1176_LPUART(obj);

    s->global = 0;
    lpuart_reset_registers(s);
}

static void lpuart_init(Object *obj)
{
    Rt1176LpuartState *s = RT1176_LPUART(obj);

    s->clk = qdev_init_clock_in(DEVICE(obj), "clk", lpuart_clock_changed, s,
                                ClockUpdate);
    memory_region_init_io(&s->iomem, obj, &lpuart_ops, s, TYPE_RT1176_LPUART,
                          0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_out_named(DEVICE(obj), s->dma, "dma",
                             RT1176_LPUART_DMA_REQUESTS);
}

static void lpuart_realize(DeviceState *dev, Error **errp)
{
    Rt1176LpuartState *s = RT1176_LPUART(dev);

    if (!s->uart) {
        error_setg(errp, "property 'uart' is not set");
        return;
    }
    if (!clock_has_source(s->clk)) {
        error_setg(errp, "%s: input clock 'clk' is not connected", s->uart);
        return;
    }
    s->tx_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, lpuart_tx_done, s);
    s->wire = wire_end_new(s->uart, &lpuart_wire_ops, s);
}

static const VMStateDescription vmstate_lpuart_fifo = {
    .name = "rt1176-lpuart-fifo",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT16_ARRAY(word, Rt1176LpuartFifo, RT1176_LPUART_FIFO_WORDS),
        VMSTATE_UINT8(first, Rt1176LpuartFifo),
        VMSTATE_UINT8(count, Rt1176LpuartFifo),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_lpuart = {
    .name = TYPE_RT1176_LPUART,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Rt1176LpuartState),
        VMSTATE_WIRE_END(wire, Rt1176LpuartState),
        VMSTATE_UINT32(global, Rt1176LpuartState),
        VMSTATE_UINT32(pincfg, Rt1176LpuartState),
        VMSTATE_UINT32(baud, Rt1176LpuartState),
        VMSTATE_UINT32(stat, Rt1176LpuartState),
        VMSTATE_UINT32(ctrl, Rt1176LpuartState),
        VMSTATE_UINT32(match, Rt1176LpuartState),
        VMSTATE_UINT32(modir, Rt1176LpuartState),
        VMSTATE_UINT32(fifo, Rt1176LpuartState),
        VMSTATE_UINT32(water, Rt1176LpuartState),
        VMSTATE_STRUCT(rx, Rt1176LpuartState, 1, vmstate_lpuart_fifo,
                       Rt1176LpuartFifo),
        VMSTATE_STRUCT(tx, Rt1176LpuartState, 1, vmstate_lpuart_fifo,
                       Rt1176LpuartFifo),
        VMSTATE_UINT16(rx_last, Rt1176LpuartState),
        VMSTATE_BOOL(rx_line_idle, Rt1176LpuartState),
        VMSTATE_BOOL(rx_idle_timeout, Rt1176LpuartState),
        VMSTATE_BOOL(rx_stopping, Rt1176LpuartState),
        VMSTATE_INT64(rx_stop_ns, Rt1176LpuartState),
        VMSTATE_BOOL(rx_address_matched, Rt1176LpuartState),
        VMSTATE_TIMER_PTR(tx_timer, Rt1176LpuartState),
        VMSTATE_BOOL(tx_busy, Rt1176LpuartState),
        VMSTATE_BOOL(tx_stopping, Rt1176LpuartState),
        VMSTATE_BOOL(tx_preamble, Rt1176LpuartState),
        VMSTATE_BOOL(tx_break, Rt1176LpuartState),
        VMSTATE_UINT16(loop_bits, Rt1176LpuartState),
        VMSTATE_BOOL(loop_frame, Rt1176LpuartState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property lpuart_properties[] = {
    DEFINE_PROP_STRING("uart", Rt1176LpuartState, uart),
};

static void lpuart_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = lpuart_realize;
    dc->vmsd = &vmstate_lpuart;
    dc->desc = "i.MX RT1176 LPUART";
    device_class_set_props(dc, lpuart_properties);
    RESETTABLE_CLASS(klass)->phases.hold = lpuart_reset_hold;
}

static const TypeInfo lpuart_info = {
    .name = TYPE_RT1176_LPUART,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(Rt1176LpuartState),
    .instance_init = lpuart_init,
    .class_init = lpuart_class_init,
};

static void lpuart_register(void)
{
    type_register_static(&lpuart_info);
}
type_init(lpuart_register)
