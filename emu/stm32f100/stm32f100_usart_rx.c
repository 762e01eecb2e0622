/*
 * Receiver of the STM32F100's USART (RM0041 23.3.3, 23.3.6 to 23.3.12): how the
 * wire is to be sampled, and what becomes of the frames, idle lines and breaks
 * that have been seen there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "stm32f100_usart_internal.h"

/* cleared by a read of SR that shows them, then a read of DR (23.6.1) */
#define SR_BY_SEQUENCE                                                         \
    (R_SR_PE_MASK | R_SR_FE_MASK | R_SR_NE_MASK | R_SR_ORE_MASK |              \
     R_SR_IDLE_MASK)

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

void stm32f100_usart_update_receiver(Stm32f100UsartState *s)
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
        stm32f100_usart_update(s);
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
    stm32f100_usart_update(s);
}

/* The end of mute mode without address marks sets no IDLE (23.3.6). */
static void line_idle(void *opaque)
{
    Stm32f100UsartState *s = opaque;

    if (!(s->cr1 & R_CR1_RWU_MASK)) {
        s->sr |= R_SR_IDLE_MASK;
        stm32f100_usart_update(s);
    } else if (!(s->cr1 & R_CR1_WAKE_MASK) && s->heard) {
        s->cr1 &= ~R_CR1_RWU_MASK;
    }
}

static void break_seen(void *opaque)
{
    Stm32f100UsartState *s = opaque;

    s->sr |= R_SR_LBD_MASK;
    stm32f100_usart_update(s);
}

const WireEndOps stm32f100_usart_wire_ops = {
    .frame = received,
    .idle = line_idle,
    .break_seen = break_seen,
};

uint32_t stm32f100_usart_read_dr(Stm32f100UsartState *s)
{
    s->sr &= ~(s->sr_read & SR_BY_SEQUENCE);
    s->sr &= ~R_SR_RXNE_MASK;
    s->sr_read = 0;
    return s->rdr;
}
