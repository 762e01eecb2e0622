/*
 * Transmitter of the STM32F100's USART (RM0041 23.3.2 and, for its part in the
 * modes, 23.3.8 to 23.3.14): characters, breaks and idle frames, one after the
 * other, from DR to the wire.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "stm32f100_usart_internal.h"

#define LIN_BREAK_ZEROS 13

/* The end of a span that puts no edges on a pin, without drift. */
static int64_t pass_time(Stm32f100UsartState *s, unsigned half_bits)
{
    int64_t now = now_ns();
    uint64_t frac = now == s->passed_end_ns ? s->passed_end_frac : 0;
    unsigned __int128 end =
        frac + (unsigned __int128)bit_time(s) * half_bits / 2;

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
void stm32f100_usart_next_out(Stm32f100UsartState *s)
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

void stm32f100_usart_shifted_out(void *opaque)
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
    stm32f100_usart_next_out(s);
    if (s->cr3 & R_CR3_IREN_MASK) {
        stm32f100_usart_update_receiver(s);
    }
    stm32f100_usart_update(s);
}

void stm32f100_usart_cts_toggled(void *opaque, Stm32AfSignal signal, bool level)
{
    Stm32f100UsartState *s = opaque;

    if ((s->cr3 & R_CR3_CTSE_MASK) && clock_is_enabled(s->clk)) {
        s->sr |= R_SR_CTS_MASK;
        stm32f100_usart_next_out(s);
        stm32f100_usart_update(s);
    }
}

void stm32f100_usart_write_dr(Stm32f100UsartState *s, uint32_t value)
{
    s->tdr = value & 0x1ff;
    s->sr &= ~R_SR_TXE_MASK;
    if (s->sr_read & R_SR_TC_MASK) {
        s->sr_read &= ~R_SR_TC_MASK;
        s->sr &= ~R_SR_TC_MASK;
    }
}
