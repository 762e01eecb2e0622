/*
 * STM32F100 USART1, USART2, USART3 (RM0041 23)
 *
 * QEMU interface:
 * + property "usart": 1, 2 or 3, names the wire end "usartN" and the AF signals
 * + link property "afio": the router of alternate functions
 * + Clock input "clk": the gated peripheral clock
 * + named GPIO outputs "dma-tx" and "dma-rx": level-triggered DMA requests
 * + sysbus MMIO region 0, sysbus IRQ 0
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_USART_H
#define HW_MEWS_STM32F100_USART_H

#include "hw/sysbus.h"
#include "../wire/wire.h"
#include "stm32f100_af.h"
#include "stm32f100_usart_ck.h"

#define TYPE_STM32F100_USART "stm32f100-usart"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100UsartState, STM32F100_USART)

/* What the transmit shift register is busy with. */
typedef enum Stm32f100UsartShifting {
    STM32F100_USART_NOTHING,
    STM32F100_USART_PREAMBLE,
    STM32F100_USART_CHARACTER,
    STM32F100_USART_BREAK,
    STM32F100_USART_DELAY, /* half a bit before a character to a smartcard */
    STM32F100_USART_GUARD, /* guard time after it: only TC waits for its end */
} Stm32f100UsartShifting;

typedef enum Stm32f100UsartCkRest {
    STM32F100_USART_CK_OFF,
    STM32F100_USART_CK_LOW,
    STM32F100_USART_CK_HIGH,
} Stm32f100UsartCkRest;

struct Stm32f100UsartState {
    SysBusDevice parent_obj;

    MemoryRegion mmio;
    qemu_irq irq;
    qemu_irq dma_tx;
    qemu_irq dma_rx;
    Clock *clk;
    QEMUTimer *timer; /* the end of what is in the transmit shift register */
    WireEnd *wire;
    Stm32f100AfioState *afio;
    Stm32f100UsartCk ck;
    uint8_t number;
    uint8_t shifting; /* Stm32f100UsartShifting */

    uint32_t sr, brr, cr1, cr2, cr3, gtpr;
    uint16_t rdr;
    uint16_t tdr;      /* valid while TXE is 0 */
    uint16_t tsr;      /* the character in the transmit shift register */
    uint32_t sr_read;  /* flags that the last read of SR has shown */
    bool preamble;     /* an idle frame is to be sent first */
    bool heard;        /* a character, not muted, since RE */
    uint8_t ck_rest;   /* CK between characters: Stm32f100UsartCkRest */
    uint64_t ck_half_period; /* of CK as a smartcard's clock: 2^-32 ns; or 0 */
    /* end of what goes to no pin or is no edge: ns and 2^-32 ns */
    int64_t passed_end_ns;
    uint32_t passed_end_frac;
};

#endif
