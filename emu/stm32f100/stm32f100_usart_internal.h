/*
 * USART of the STM32F100: what its files share (RM0041 23.6 registers, 23.3)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_USART_INTERNAL_H
#define HW_MEWS_STM32F100_USART_INTERNAL_H

#include "hw/qdev-clock.h"
#include "hw/registerfields.h"
#include "qemu/timer.h"
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

/* modes in which the transmitter's pin is the receiver's (23.3.10, 23.3.11) */
#define CR3_SINGLE_WIRE (R_CR3_HDSEL_MASK | R_CR3_SCEN_MASK)

static inline int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

/* Data bits and parity bit of a character (23.3.2). */
static inline unsigned word_length(const Stm32f100UsartState *s)
{
    return s->cr1 & R_CR1_M_MASK ? 9 : 8;
}

/* CR2.STOP in half bits (23.3.2): 1, 0.5, 2, 1.5 bits. */
static inline unsigned stop_half_bits(const Stm32f100UsartState *s)
{
    static const unsigned half_bits[] = { 2, 1, 4, 3 };

    return half_bits[FIELD_EX32(s->cr2, CR2, STOP)];
}

/*
 * In 2^-32 ns; 0 when the baud rate generator does not run.  With OVER8 the
 * fraction has three bits (23.3.4).
 */
static inline uint64_t bit_time(const Stm32f100UsartState *s)
{
    if (s->brr < 16) {
        return 0;
    }
    return clock_get(s->clk) * (s->cr1 & R_CR1_OVER8_MASK
                                    ? (s->brr >> 4) * 8 + (s->brr & 7)
                                    : s->brr);
}

static inline Stm32AfSignal tx_signal(const Stm32f100UsartState *s)
{
    return STM32_AF_USART1_TX + s->number - 1;
}

/* CK clocks the data bits; with SCEN it clocks the card instead. */
static inline bool synchronous(const Stm32f100UsartState *s)
{
    return (s->cr2 & R_CR2_CLKEN_MASK) && !(s->cr3 & R_CR3_SCEN_MASK);
}

/* The encoder and decoder of IrDA do not work without prescaler (23.3.12). */
static inline bool irda_stands_still(const Stm32f100UsartState *s)
{
    return (s->cr3 & R_CR3_IREN_MASK) && !(s->gtpr & R_GTPR_PSC_MASK);
}

static inline bool transmitter_on(const Stm32f100UsartState *s)
{
    return (s->cr1 & R_CR1_UE_MASK) && (s->cr1 & R_CR1_TE_MASK);
}

static inline bool transmits(const Stm32f100UsartState *s)
{
    return transmitter_on(s) && bit_time(s);
}

static inline Stm32AfSignal rx_signal(const Stm32f100UsartState *s)
{
    return STM32_AF_USART1_RX + s->number - 1;
}

static inline Stm32AfSignal cts_signal(const Stm32f100UsartState *s)
{
    return STM32_AF_USART1_CTS + s->number - 1;
}

static inline Stm32AfSignal rts_signal(const Stm32f100UsartState *s)
{
    return STM32_AF_USART1_RTS + s->number - 1;
}

static inline Stm32AfSignal ck_signal(const Stm32f100UsartState *s)
{
    return STM32_AF_USART1_CK + s->number - 1;
}

/* Interrupts, DMA requests and RTS follow from the registers. */
void stm32f100_usart_update(Stm32f100UsartState *s);

/* The shift register may be free: what comes next? */
void stm32f100_usart_next_out(Stm32f100UsartState *s);
/* Timer: what was in the shift register is over. */
void stm32f100_usart_shifted_out(void *opaque);
void stm32f100_usart_write_dr(Stm32f100UsartState *s, uint32_t value);
/* Listener of the input CTS. */
void stm32f100_usart_cts_toggled(void *opaque, Stm32AfSignal signal,
                                 bool level);

extern const WireEndOps stm32f100_usart_wire_ops;
/* The receiver on the wire follows from the registers and the pin. */
void stm32f100_usart_update_receiver(Stm32f100UsartState *s);
uint32_t stm32f100_usart_read_dr(Stm32f100UsartState *s);

#endif
