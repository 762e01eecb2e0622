/*
 * STM32F100 USART1, USART2, USART3 (RM0041 23)
 *
 * One bit on the line takes USARTDIV x 16 (OVER8: x 8) periods of the peripheral
 * clock (23.3.4).  Characters leave as symbols with times; what comes in is what
 * the wire's receiver, set to this USART's own rate and format, has sampled.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "stm32f100_bus.h"
#include "stm32f100_usart.h"

REG32(SR, 0x00)
    FIELD(SR, PE, 0, 1)
    FIELD(SR, FE, 1, 1)
    FIELD(SR, NE, 2, 1)
    FIELD(SR, ORE, 3, 1)
    FIELD(SR, IDLE, 4, 1)
    FIELD(SR, RXNE, 5, 1)
    FIELD(SR, TC, 6, 1)
    FIELD(SR, TXE, 7, 1)
    FIELD(SR, LBD, 8, 1)
    FIELD(SR, CTS, 9, 1)
REG32(DR, 0x04)
REG32(BRR, 0x08)
REG32(CR1, 0x0c)
    FIELD(CR1, SBK, 0, 1)
    FIELD(CR1, RWU, 1, 1)
    FIELD(CR1, RE, 2, 1)
    FIELD(CR1, TE, 3, 1)
    FIELD(CR1, IDLEIE, 4, 1)
    FIELD(CR1, RXNEIE, 5, 1)
    FIELD(CR1, TCIE, 6, 1)
    FIELD(CR1, TXEIE, 7, 1)
    FIELD(CR1, PEIE, 8, 1)
    FIELD(CR1, PS, 9, 1)
    FIELD(CR1, PCE, 10, 1)
    FIELD(CR1, WAKE, 11, 1)
    FIELD(CR1, M, 12, 1)
    FIELD(CR1, UE, 13, 1)
    FIELD(CR1, OVER8, 15, 1)
REG32(CR2, 0x10)
    FIELD(CR2, ADD, 0, 4)
    FIELD(CR2, LBDL, 5, 1)
    FIELD(CR2, LBDIE, 6, 1)
    FIELD(CR2, LBCL, 8, 1)
    FIELD(CR2, CPHA, 9, 1)
    FIELD(CR2, CPOL, 10, 1)
    FIELD(CR2, CLKEN, 11, 1)
    FIELD(CR2, STOP, 12, 2)
    FIELD(CR2, LINEN, 14, 1)
REG32(CR3, 0x14)
    FIELD(CR3, EIE, 0, 1)
    FIELD(CR3, IREN, 1, 1)
    FIELD(CR3, IRLP, 2, 1)
    FIELD(CR3, HDSEL, 3, 1)
    FIELD(CR3, NACK, 4, 1)
    FIELD(CR3, SCEN, 5, 1)
    FIELD(CR3, DMAR, 6, 1)
    FIELD(CR3, DMAT, 7, 1)
    FIELD(CR3, RTSE, 8, 1)
    FIELD(CR3, CTSE, 9, 1)
    FIELD(CR3, CTSIE, 10, 1)
    FIELD(CR3, ONEBIT, 11, 1)
REG32(GTPR, 0x18)
    FIELD(GTPR, PSC, 0, 8)
    FIELD(GTPR, GT, 8, 8)

#define SR_RESET (R_SR_TC_MASK | R_SR_TXE_MASK)
/* cleared by a read of SR that shows them, then a read of DR (23.6.1) */
#define SR_BY_SEQUENCE                                                         \
    (R_SR_PE_MASK | R_SR_FE_MASK | R_SR_NE_MASK | R_SR_ORE_MASK |              \
     R_SR_IDLE_MASK)
#define SR_RC_W0                                                               \
    (R_SR_RXNE_MASK | R_SR_TC_MASK | R_SR_LBD_MASK | R_SR_CTS_MASK)
#define CR1_WRITABLE 0xbfff
#define CR2_WRITABLE 0x7f6f
#define CR3_WRITABLE 0x0fff
#define CR2_CLOCK (R_CR2_CPOL_MASK | R_CR2_CPHA_MASK | R_CR2_LBCL_MASK)
/* modes in which the transmitter's pin is the receiver's (23.3.10, 23.3.11) */
#define CR3_SINGLE_WIRE (R_CR3_HDSEL_MASK | R_CR3_SCEN_MASK)
#define LIN_BREAK_ZEROS 13

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

/* Data bits and parity bit of a character (23.3.2). */
static unsigned word_length(const Stm32f100UsartState *s)
{
    return s->cr1 & R_CR1_M_MASK ? 9 : 8;
}

/* CR2.STOP in half bits (23.3.2): 1, 0.5, 2, 1.5 bits. */
static unsigned stop_half_bits(const Stm32f100UsartState *s)
{
    static const unsigned half_bits[] = { 2, 1, 4, 3 };

    return half_bits[FIELD_EX32(s->cr2, CR2, STOP)];
}

/*
 * In 2^-32 ns; 0 when the baud rate generator does not run.  With OVER8 the
 * fraction has three bits (23.3.4).
 */
static uint64_t bit_time(const Stm32f100UsartState *s)
{
    if (s->brr < 16) {
        return 0;
    }
    return clock_get(s->clk) * (s->cr1 & R_CR1_OVER8_MASK
                                    ? (s->brr >> 4) * 8 + (s->brr & 7)
                                    : s->brr);
}

static Stm32AfSignal tx_signal(const Stm32f100UsartState *s)
{
    return STM32_AF_USART1_TX + s->number - 1;
}

static Stm32AfSignal rx_signal(const Stm32f100UsartState *s)
{
    return STM32_AF_USART1_RX + s->number - 1;
}

static Stm32AfSignal cts_signal(const Stm32f100UsartState *s)
{
    return STM32_AF_USART1_CTS + s->number - 1;
}

static Stm32AfSignal rts_signal(const Stm32f100UsartState *s)
{
    return STM32_AF_USART1_RTS + s->number - 1;
}

static Stm32AfSignal ck_signal(const Stm32f100UsartState *s)
{
    return STM32_AF_USART1_CK + s->number - 1;
}

/* CK clocks the data bits; with SCEN it clocks the card instead. */
static bool synchronous(const Stm32f100UsartState *s)
{
    return (s->cr2 & R_CR2_CLKEN_MASK) && !(s->cr3 & R_CR3_SCEN_MASK);
}

/* The encoder and decoder of IrDA do not work without prescaler (23.3.12). */
static bool irda_stands_still(const Stm32f100UsartState *s)
{
    return (s->cr3 & R_CR3_IREN_MASK) && !(s->gtpr & R_GTPR_PSC_MASK);
}

static bool transmitter_on(const Stm32f100UsartState *s)
{
    return (s->cr1 & R_CR1_UE_MASK) && (s->cr1 & R_CR1_TE_MASK);
}

static bool transmits(const Stm32f100UsartState *s)
{
    return transmitter_on(s) && bit_time(s);
}

static void update_irq(Stm32f100UsartState *s)
{
    uint32_t sr = s->sr, cr1 = s->cr1;
    bool level =
        ((cr1 & R_CR1_TXEIE_MASK) && (sr & R_SR_TXE_MASK)) ||
        ((cr1 & R_CR1_TCIE_MASK) && (sr & R_SR_TC_MASK)) ||
        ((cr1 & R_CR1_RXNEIE_MASK) && (sr & (R_SR_RXNE_MASK | R_SR_ORE_MASK))) ||
        ((cr1 & R_CR1_IDLEIE_MASK) && (sr & R_SR_IDLE_MASK)) ||
        ((cr1 & R_CR1_PEIE_MASK) && (sr & R_SR_PE_MASK)) ||
        ((s->cr2 & R_CR2_LBDIE_MASK) && (sr & R_SR_LBD_MASK)) ||
        ((s->cr3 & R_CR3_CTSIE_MASK) && (sr & R_SR_CTS_MASK)) ||
        ((s->cr3 & R_CR3_EIE_MASK) && (s->cr3 & R_CR3_DMAR_MASK) &&
         (sr & (R_SR_FE_MASK | R_SR_NE_MASK | R_SR_ORE_MASK)));

    qemu_set_irq(s->irq, level && (cr1 & R_CR1_UE_MASK));
}

/* Low, the other side may send, while the receiver has room (23.3.14). */
static void update_rts(Stm32f100UsartState *s)
{
    bool ready = (s->cr1 & R_CR1_UE_MASK) && (s->cr1 & R_CR1_RE_MASK) &&
                 !(s->sr & R_SR_RXNE_MASK);

    stm32_af_set(s->afio, rts_signal(s), now_ns(), !ready);
}

/* Interrupt first: a DMA request may be served before it returns. */
static void update(Stm32f100UsartState *s)
{
    update_irq(s);
    if (s->cr3 & R_CR3_RTSE_MASK) {
        update_rts(s);
    }
    qemu_set_irq(s->dma_rx, (s->cr3 & R_CR3_DMAR_MASK) &&
                                (s->sr & R_SR_RXNE_MASK));
    qemu_set_irq(s->dma_tx, (s->cr3 & R_CR3_DMAT_MASK) &&
                                (s->sr & R_SR_TXE_MASK) && transmits(s));
}

/* ---- transmitter ---- */

/* The end of a span that puts no edges on a pin, without drift. */
static int64_t pass_time(Stm32f100UsartState *s, unsigned half_bits)
{
    int64_t now = now_ns();
    uint64_t frac = now == s->passed_end_ns ? s->passed_end_frac : 0;
    unsigned __int128 end = frac + (unsigned __int128)bit_time(s) * half_bits / 2;

    s->passed_end_ns = now + (int64_t)(end >> 32);
    s->passed_end_frac = (uint32_t)end;
    return s->passed_end_ns;
}

static void shift_out(Stm32f100UsartState *s, WireSymbolKind kind,
                      uint32_t bits, unsigned nbits, unsigned half_bits)
{
    int64_t end;

    if (stm32_af_routed(s->afio, tx_signal(s)) && !irda_stands_still(s)) {
        end = wire_end_send(s->wire, kind, bits, nbits, half_bits, bit_time(s));
    } else {
        end = pass_time(s, half_bits);
    }
    timer_mod(s->timer, end);
}

/* A bit time after TE, then a frame of ones with its stop bits (23.6.4 TE). */
static void send_preamble(Stm32f100UsartState *s)
{
    s->preamble = false;
    s->shifting = STM32F100_USART_PREAMBLE;
    timer_mod(s->timer,
              pass_time(s, (1 + 1 + word_length(s)) * 2 + stop_half_bits(s)));
}

/*
 * 10 or 11 zeros, for LIN 13, then the stop bits (23.3.2 configurable stop
 * bits, 23.3.8).
 */
static void send_break(Stm32f100UsartState *s)
{
    unsigned zeros = s->cr2 & R_CR2_LINEN_MASK ? LIN_BREAK_ZEROS
                                               : word_length(s) + 2;

    s->shifting = STM32F100_USART_BREAK;
    shift_out(s, WIRE_BREAK, 1u << zeros, zeros + 1,
              zeros * 2 + stop_half_bits(s));
}

/*
 * CK for the data bits, without start and stop bit: the line is sampled in the
 * middle of each, which is the first edge with CPHA = 0, the second one with
 * CPHA = 1 (23.3.9, figures of the data clock timing).
 */
static void clock_character(Stm32f100UsartState *s)
{
    uint64_t bit = bit_time(s);
    unsigned pulses = word_length(s) - !(s->cr2 & R_CR2_LBCL_MASK);

    stm32f100_usart_ck_start(&s->ck,
                             s->cr2 & R_CR2_CPHA_MASK ? bit : bit + bit / 2,
                             bit / 2, 2 * pulses);
    wire_end_clock_rx(s->wire);
}

static void send_character(Stm32f100UsartState *s)
{
    unsigned length = word_length(s);
    uint32_t data = s->tsr & MAKE_64BIT_MASK(0, length);

    if (s->cr1 & R_CR1_PCE_MASK) {
        /* the parity bit takes the place of the last data bit (23.3.8) */
        data &= MAKE_64BIT_MASK(0, length - 1);
        if ((ctpop32(data) & 1) != FIELD_EX32(s->cr1, CR1, PS)) {
            data |= 1u << (length - 1);
        }
    }
    s->shifting = STM32F100_USART_CHARACTER;
    shift_out(s, WIRE_CHARACTER, data << 1 | 1u << (length + 1), length + 2,
              (length + 1) * 2 + stop_half_bits(s));
    if (synchronous(s)) {
        clock_character(s);
    }
}

/* CTS is looked at before each character, but not before a break (23.3.14). */
static bool clear_to_send(const Stm32f100UsartState *s)
{
    return !(s->cr3 & R_CR3_CTSE_MASK) ||
           (stm32_af_routed(s->afio, cts_signal(s)) &&
            !stm32_af_level(s->afio, cts_signal(s)));
}

/* The shift register is free: what comes next? */
static void next_out(Stm32f100UsartState *s)
{
    if ((s->shifting != STM32F100_USART_NOTHING &&
         s->shifting != STM32F100_USART_GUARD) ||
        !transmits(s)) {
        return;
    }
    if (s->preamble) {
        send_preamble(s);
    } else if (s->cr1 & R_CR1_SBK_MASK) {
        send_break(s);
    } else if (!(s->sr & R_SR_TXE_MASK) && clear_to_send(s)) {
        s->tsr = s->tdr;
        s->sr |= R_SR_TXE_MASK;
        if (s->cr3 & R_CR3_SCEN_MASK) {
            s->shifting = STM32F100_USART_DELAY;
            timer_mod(s->timer, wire_end_pause(s->wire, 1, bit_time(s)));
        } else {
            send_character(s);
        }
    }
}

/* With SCEN the guard time goes by before TC (23.3.11). */
static void character_sent(Stm32f100UsartState *s)
{
    unsigned guard_bits = s->cr3 & R_CR3_SCEN_MASK
                              ? FIELD_EX32(s->gtpr, GTPR, GT) : 0;

    if (!(s->sr & R_SR_TXE_MASK)) {
        return;
    }
    if (guard_bits && bit_time(s)) {
        s->shifting = STM32F100_USART_GUARD;
        timer_mod(s->timer, pass_time(s, 2 * guard_bits));
    } else {
        s->sr |= R_SR_TC_MASK;
    }
}

static void update_receiver(Stm32f100UsartState *s);

static void shifted_out(void *opaque)
{
    Stm32f100UsartState *s = opaque;
    uint8_t shifted = s->shifting;

    s->shifting = STM32F100_USART_NOTHING;
    switch (shifted) {
    case STM32F100_USART_BREAK:
        s->cr1 &= ~R_CR1_SBK_MASK;
        break;
    case STM32F100_USART_DELAY:
        if (transmits(s)) {
            send_character(s);
        }
        break;
    case STM32F100_USART_CHARACTER:
        character_sent(s);
        break;
    case STM32F100_USART_GUARD:
        s->sr |= R_SR_TC_MASK;
        break;
    }
    next_out(s);
    if (s->cr3 & R_CR3_IREN_MASK) {
        update_receiver(s);
    }
    update(s);
}

static void cts_toggled(void *opaque, Stm32AfSignal signal, bool level)
{
    Stm32f100UsartState *s = opaque;

    if ((s->cr3 & R_CR3_CTSE_MASK) && clock_is_enabled(s->clk)) {
        s->sr |= R_SR_CTS_MASK;
        next_out(s);
        update(s);
    }
}

static void write_dr(Stm32f100UsartState *s, uint32_t value)
{
    s->tdr = value & 0x1ff;
    s->sr &= ~R_SR_TXE_MASK;
    if (s->sr_read & R_SR_TC_MASK) {
        s->sr_read &= ~R_SR_TC_MASK;
        s->sr &= ~R_SR_TC_MASK;
    }
}

/* ---- receiver ---- */

static bool receives(const Stm32f100UsartState *s)
{
    bool single_wire = s->cr3 & CR3_SINGLE_WIRE;

    if (!(s->cr1 & R_CR1_UE_MASK) || !(s->cr1 & R_CR1_RE_MASK) ||
        !stm32_af_routed(s->afio, single_wire ? tx_signal(s) : rx_signal(s))) {
        return false;
    }
    /* IrDA: what comes in while the transmitter is busy is ignored (23.3.12) */
    return !(s->cr3 & R_CR3_IREN_MASK) ||
           (s->shifting == STM32F100_USART_NOTHING && !irda_stands_still(s));
}

static void update_receiver(Stm32f100UsartState *s)
{
    unsigned stop = stop_half_bits(s);
    unsigned lbdl = s->cr2 & R_CR2_LBDL_MASK ? 11 : 10;
    WireRxConfig config = {
        .bit_time = bit_time(s),
        .nbits = word_length(s),
        /* of two stop bits the first is enough (23.3.3) */
        .stop_half_bits = stop == 4 ? 2 : stop,
        /* a frame of ones with its stop bits (23.3.1) */
        .idle_bits = 1 + word_length(s) + DIV_ROUND_UP(stop, 2),
        .idle_on_enable = true,
        .by_8 = s->cr1 & R_CR1_OVER8_MASK,
        .one_sample = s->cr3 & R_CR3_ONEBIT_MASK,
        .echo = s->cr3 & CR3_SINGLE_WIRE,
        .clocked = synchronous(s),
        .break_zeros = s->cr2 & R_CR2_LINEN_MASK ? lbdl : 0,
    };

    config.enabled = config.bit_time && receives(s);
    if (config.clocked) {
        config.idle_bits = 0;
    }
    wire_end_set_rx(s->wire, &config);
}

/* In mute mode, or with an address for somebody else (23.3.6)? */
static bool muted(Stm32f100UsartState *s, uint32_t bits)
{
    /* the parity bit is not the mark */
    unsigned mark = word_length(s) - 1 - FIELD_EX32(s->cr1, CR1, PCE);

    if ((s->cr1 & R_CR1_WAKE_MASK) && extract32(bits, mark, 1)) {
        s->cr1 = FIELD_DP32(s->cr1, CR1, RWU,
                            (bits & R_CR2_ADD_MASK) !=
                                FIELD_EX32(s->cr2, CR2, ADD));
    }
    return s->cr1 & R_CR1_RWU_MASK;
}

/* A wrong parity is answered by a 0 of one bit behind the frame (23.3.11). */
static void send_nack(Stm32f100UsartState *s)
{
    if ((s->cr3 & R_CR3_SCEN_MASK) && (s->cr3 & R_CR3_NACK_MASK) &&
        stop_half_bits(s) % 2 && stm32_af_routed(s->afio, tx_signal(s))) {
        int64_t end_ns = wire_end_send(s->wire, WIRE_BREAK, 0, 1, 2,
                                       bit_time(s));

        wire_end_ignore_rx(s->wire, end_ns);
    }
}

static void received(void *opaque, const WireFrame *frame)
{
    Stm32f100UsartState *s = opaque;

    if ((s->cr1 & (R_CR1_RWU_MASK | R_CR1_WAKE_MASK)) &&
        muted(s, frame->bits)) {
        return;
    }
    s->heard = true;
    if (s->sr & R_SR_RXNE_MASK) {
        /* the old content of DR stays, the new one is lost (23.3.3) */
        s->sr |= R_SR_ORE_MASK;
        update(s);
        return;
    }
    s->rdr = frame->bits;
    s->sr |= R_SR_RXNE_MASK;
    /* half a stop bit is not sampled (23.3.3) */
    if (frame->framing_error && stop_half_bits(s) > 1) {
        s->sr |= R_SR_FE_MASK;
    }
    if (frame->noise) {
        s->sr |= R_SR_NE_MASK;
    }
    if ((s->cr1 & R_CR1_PCE_MASK) &&
        (ctpop32(frame->bits) & 1) != FIELD_EX32(s->cr1, CR1, PS)) {
        s->sr |= R_SR_PE_MASK;
        send_nack(s);
    }
    update(s);
}

static void pin_routed(void *opaque, Stm32AfSignal signal)
{
    update_receiver(opaque);
}

/* The end of mute mode without address marks sets no IDLE (23.3.6). */
static void line_idle(void *opaque)
{
    Stm32f100UsartState *s = opaque;

    if (!(s->cr1 & R_CR1_RWU_MASK)) {
        s->sr |= R_SR_IDLE_MASK;
        update(s);
    } else if (!(s->cr1 & R_CR1_WAKE_MASK) && s->heard) {
        s->cr1 &= ~R_CR1_RWU_MASK;
    }
}

static void break_seen(void *opaque)
{
    Stm32f100UsartState *s = opaque;

    s->sr |= R_SR_LBD_MASK;
    update(s);
}

static const WireEndOps wire_ops = {
    .frame = received,
    .idle = line_idle,
    .break_seen = break_seen,
};

static uint32_t read_dr(Stm32f100UsartState *s)
{
    s->sr &= ~(s->sr_read & SR_BY_SEQUENCE);
    s->sr &= ~R_SR_RXNE_MASK;
    s->sr_read = 0;
    return s->rdr;
}

/* ---- registers ---- */

static void guest_error(const Stm32f100UsartState *s, const char *what)
{
    qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-usart%u: %s (CR1 0x%04x CR2 "
                  "0x%04x CR3 0x%04x)\n", s->number, what, s->cr1, s->cr2,
                  s->cr3);
}

/* There is no oversampling by 8 in these modes (23.6.4, OVER8). */
static void limit_over8(Stm32f100UsartState *s)
{
    if ((s->cr2 & R_CR2_LINEN_MASK) ||
        (s->cr3 & (R_CR3_SCEN_MASK | R_CR3_IREN_MASK))) {
        s->cr1 &= ~R_CR1_OVER8_MASK;
    }
}

static void write_cr1(Stm32f100UsartState *s, uint32_t value)
{
    bool was_on = transmitter_on(s);
    uint32_t keep = 0;

    if ((s->cr1 & R_CR1_WAKE_MASK) && (s->sr & R_SR_RXNE_MASK)) {
        keep = R_CR1_RWU_MASK; /* 23.6.4, note 2 on RWU */
    }
    s->cr1 = (value & CR1_WRITABLE & ~keep) | (s->cr1 & keep);
    limit_over8(s);
    s->preamble = transmitter_on(s) && (s->preamble || !was_on);
    s->heard &= (s->cr1 & R_CR1_UE_MASK) && (s->cr1 & R_CR1_RE_MASK);
    if ((s->cr1 & R_CR1_RWU_MASK) && !(s->cr1 & R_CR1_WAKE_MASK) && !s->heard) {
        guest_error(s, "RWU before a first character: an idle line will not "
                    "wake the receiver");
    }
}

/* What must be 0 in each mode (23.3.8 to 23.3.12). */
static void check_modes(const Stm32f100UsartState *s)
{
    bool lin = s->cr2 & R_CR2_LINEN_MASK;
    bool clock = s->cr2 & R_CR2_CLKEN_MASK;
    bool stop = s->cr2 & R_CR2_STOP_MASK;
    bool half_duplex = s->cr3 & R_CR3_HDSEL_MASK;
    bool smartcard = s->cr3 & R_CR3_SCEN_MASK;
    bool irda = s->cr3 & R_CR3_IREN_MASK;

    if (lin + half_duplex + smartcard + irda > 1 ||
        (clock && (lin || half_duplex || irda))) {
        guest_error(s, "LINEN, HDSEL, SCEN and IREN exclude each other, and "
                    "CLKEN (but for SCEN)");
    }
    if ((lin || irda) && stop) {
        guest_error(s, "LIN and IrDA have one stop bit");
    }
    if (irda) {
        qemu_log_mask(LOG_UNIMP, "stm32f100-usart%u: characters of IrDA are "
                      "levels on the wire, not pulses\n", s->number);
    }
}

/* CK rests at CPOL, or clocks a smartcard (23.3.9, 23.3.11). */
static void update_ck(Stm32f100UsartState *s)
{
    bool enabled = (s->cr1 & R_CR1_UE_MASK) && (s->cr2 & R_CR2_CLKEN_MASK);
    Stm32f100UsartCkRest rest =
        !enabled ? STM32F100_USART_CK_OFF
                 : s->cr2 & R_CR2_CPOL_MASK ? STM32F100_USART_CK_HIGH
                                            : STM32F100_USART_CK_LOW;
    uint64_t half_period = 0;

    if (enabled && (s->cr3 & R_CR3_SCEN_MASK)) {
        half_period = clock_get(s->clk) * extract32(s->gtpr, 0, 5);
    }
    if (rest == s->ck_rest && half_period == s->ck_half_period) {
        return; /* a character may be under way */
    }
    s->ck_rest = rest;
    s->ck_half_period = half_period;
    if (!enabled) {
        stm32f100_usart_ck_off(&s->ck);
        return;
    }
    stm32f100_usart_ck_steady(&s->ck, rest == STM32F100_USART_CK_HIGH);
    stm32f100_usart_ck_start(&s->ck, half_period, half_period,
                             STM32F100_CK_FOR_EVER);
}

/*
 * Outputs that are not used are left to the GPIO.  On a single wire TX is
 * driven by characters only (23.3, 23.3.10).
 */
static void update_outputs(Stm32f100UsartState *s)
{
    if (transmitter_on(s) && !(s->cr3 & CR3_SINGLE_WIRE)) {
        stm32_af_set(s->afio, tx_signal(s), now_ns(), true);
    } else {
        stm32_af_release(s->afio, tx_signal(s), now_ns());
    }
    if (s->cr3 & R_CR3_RTSE_MASK) {
        update_rts(s);
    } else {
        stm32_af_release(s->afio, rts_signal(s), now_ns());
    }
    update_ck(s);
}

static void write_cr2(Stm32f100UsartState *s, uint32_t value)
{
    if (((value ^ s->cr2) & CR2_CLOCK) && (s->cr1 & R_CR1_TE_MASK)) {
        guest_error(s, "CPOL, CPHA and LBCL must not be written while the "
                    "transmitter is enabled");
    }
    s->cr2 = value & CR2_WRITABLE;
}

static void write_brr(Stm32f100UsartState *s, uint32_t value)
{
    s->brr = value & 0xffff;
    if (s->brr < 16) {
        guest_error(s, "BRR: USARTDIV is below 1");
    } else if ((s->cr1 & R_CR1_OVER8_MASK) && (s->brr & 8)) {
        guest_error(s, "BRR: with OVER8 the fraction has three bits");
    }
}

/* After a write that may have changed the mode of operation. */
static void reconfigure(Stm32f100UsartState *s)
{
    limit_over8(s);
    update_outputs(s);
    next_out(s);
    update_receiver(s);
    update(s);
}

static uint32_t read_word(Stm32f100UsartState *s, hwaddr addr)
{
    switch (addr) {
    case A_SR:
        s->sr_read = s->sr;
        return s->sr;
    case A_DR: {
        uint32_t value = read_dr(s);

        update(s);
        return value;
    }
    case A_BRR:
        return s->brr;
    case A_CR1:
        return s->cr1;
    case A_CR2:
        return s->cr2;
    case A_CR3:
        return s->cr3;
    case A_GTPR:
        return s->gtpr;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-usart%u: read of reserved "
                      "offset 0x%" HWADDR_PRIx "\n", s->number, addr);
        return 0;
    }
}

static bool usart_clocked(const Stm32f100UsartState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-usart%u: %s while RCC does "
                      "not clock it\n", s->number, access);
        return false;
    }
    return true;
}

static uint64_t usart_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100UsartState *s = opaque;

    if (!usart_clocked(s, "read")) {
        return 0;
    }
    return stm32f100_bus_read(read_word(s, addr & ~3), addr, size);
}

static void usart_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100UsartState *s = opaque;
    uint32_t value = stm32f100_apb_write(data, size);

    if (!usart_clocked(s, "write")) {
        return;
    }
    switch (addr & ~3) {
    case A_SR:
        s->sr &= value | ~SR_RC_W0;
        break;
    case A_DR:
        write_dr(s, value);
        next_out(s);
        if (s->cr3 & R_CR3_IREN_MASK) {
            update_receiver(s);
        }
        break;
    case A_BRR:
        write_brr(s, value);
        break;
    case A_CR1:
        write_cr1(s, value);
        break;
    case A_CR2:
        write_cr2(s, value);
        check_modes(s);
        break;
    case A_CR3:
        s->cr3 = value & CR3_WRITABLE;
        check_modes(s);
        break;
    case A_GTPR:
        s->gtpr = value & 0xffff;
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-usart%u: write to reserved "
                      "offset 0x%" HWADDR_PRIx "\n", s->number, addr);
        return;
    }
    if ((addr & ~3) <= A_DR) {
        update(s); /* the usual case, once or twice per character */
    } else {
        reconfigure(s);
    }
}

static const MemoryRegionOps usart_ops =
    STM32F100_BUS_OPS(usart_read, usart_write);

static void clock_changed(void *opaque, ClockEvent event)
{
    reconfigure(opaque);
}

static void usart_reset_hold(Object *obj, ResetType type)
{
    Stm32f100UsartState *s = STM32F100_USART(obj);

    s->sr = SR_RESET;
    s->brr = s->cr1 = s->cr2 = s->cr3 = s->gtpr = 0;
    s->rdr = s->tdr = s->tsr = 0;
    s->sr_read = 0;
    s->shifting = STM32F100_USART_NOTHING;
    s->preamble = false;
    s->heard = false;
    s->passed_end_ns = 0;
    s->passed_end_frac = 0;
    timer_del(s->timer);
    wire_end_reset(s->wire);
}

static void usart_reset_exit(Object *obj, ResetType type)
{
    Stm32f100UsartState *s = STM32F100_USART(obj);

    stm32f100_usart_ck_off(&s->ck);
    s->ck_rest = STM32F100_USART_CK_OFF;
    s->ck_half_period = 0;
    update_outputs(s);
    update(s);
}

static void usart_init(Object *obj)
{
    Stm32f100UsartState *s = STM32F100_USART(obj);

    memory_region_init_io(&s->mmio, obj, &usart_ops, s, TYPE_STM32F100_USART,
                          0x400);
    /* a write may raise a DMA request whose transfer is an access to DR */
    s->mmio.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_out_named(DEVICE(obj), &s->dma_tx, "dma-tx", 1);
    qdev_init_gpio_out_named(DEVICE(obj), &s->dma_rx, "dma-rx", 1);
    s->clk = qdev_init_clock_in(DEVICE(obj), "clk", clock_changed, s,
                                ClockUpdate);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, shifted_out, s);
}

static void usart_realize(DeviceState *dev, Error **errp)
{
    Stm32f100UsartState *s = STM32F100_USART(dev);
    g_autofree char *name = g_strdup_printf("usart%u", s->number);

    if (s->number < 1 || s->number > 3) {
        error_setg(errp, "stm32f100-usart: no USART%u in this part", s->number);
        return;
    }
    if (!s->afio) {
        error_setg(errp, "stm32f100-usart: link 'afio' is not set");
        return;
    }
    s->wire = wire_end_new(name, &wire_ops, s);
    stm32_af_watch(s->afio, rx_signal(s), NULL, pin_routed, s);
    stm32_af_watch(s->afio, tx_signal(s), NULL, pin_routed, s);
    stm32_af_listen(s->afio, cts_signal(s), cts_toggled, s);
    stm32f100_usart_ck_init(&s->ck, s->afio, ck_signal(s));
}

static const Property usart_properties[] = {
    DEFINE_PROP_UINT8("usart", Stm32f100UsartState, number, 0),
    DEFINE_PROP_LINK("afio", Stm32f100UsartState, afio, "stm32f100-afio",
                     Stm32f100AfioState *),
};

static const VMStateDescription vmstate_usart = {
    .name = TYPE_STM32F100_USART,
    .version_id = 2,
    .minimum_version_id = 2,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100UsartState),
        VMSTATE_TIMER_PTR(timer, Stm32f100UsartState),
        VMSTATE_WIRE_END(wire, Stm32f100UsartState),
        VMSTATE_UINT32(sr, Stm32f100UsartState),
        VMSTATE_UINT32(brr, Stm32f100UsartState),
        VMSTATE_UINT32(cr1, Stm32f100UsartState),
        VMSTATE_UINT32(cr2, Stm32f100UsartState),
        VMSTATE_UINT32(cr3, Stm32f100UsartState),
        VMSTATE_UINT32(gtpr, Stm32f100UsartState),
        VMSTATE_UINT16(rdr, Stm32f100UsartState),
        VMSTATE_UINT16(tdr, Stm32f100UsartState),
        VMSTATE_UINT16(tsr, Stm32f100UsartState),
        VMSTATE_UINT32(sr_read, Stm32f100UsartState),
        VMSTATE_UINT8(shifting, Stm32f100UsartState),
        VMSTATE_BOOL(preamble, Stm32f100UsartState),
        VMSTATE_BOOL(heard, Stm32f100UsartState),
        VMSTATE_UINT8(ck_rest, Stm32f100UsartState),
        VMSTATE_UINT64(ck_half_period, Stm32f100UsartState),
        VMSTATE_STRUCT(ck, Stm32f100UsartState, 1, vmstate_stm32f100_usart_ck,
                       Stm32f100UsartCk),
        VMSTATE_INT64(passed_end_ns, Stm32f100UsartState),
        VMSTATE_UINT32(passed_end_frac, Stm32f100UsartState),
        VMSTATE_END_OF_LIST()
    }
};

static void usart_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    ResettableClass *rc = RESETTABLE_CLASS(oc);

    dc->realize = usart_realize;
    dc->vmsd = &vmstate_usart;
    rc->phases.hold = usart_reset_hold;
    rc->phases.exit = usart_reset_exit;
    device_class_set_props(dc, usart_properties);
}

static const TypeInfo usart_types[] = {
    {
        .name = TYPE_STM32F100_USART,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100UsartState),
        .instance_init = usart_init,
        .class_init = usart_class_init,
    },
};

DEFINE_TYPES(usart_types)
