/*
 * Clock output CK of a USART (RM0041 23.3.9 synchronous mode, 23.3.11
 * smartcard): a square wave whose edges are written out when somebody looks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_USART_CK_H
#define HW_MEWS_STM32F100_USART_CK_H

#include "migration/vmstate.h"
#include "stm32f100_af.h"

#define STM32F100_CK_FOR_EVER UINT64_MAX

typedef struct Stm32f100UsartCk {
    Stm32f100AfioState *afio;
    Stm32AfSignal signal;

    int64_t next_ns; /* the next edge: ns and 2^-32 ns */
    uint32_t next_frac;
    uint64_t half_period; /* 2^-32 ns */
    uint64_t edges;       /* that are left */
    bool level;
} Stm32f100UsartCk;

/* The wave reaches the pin through @afio as @signal. */
void stm32f100_usart_ck_init(Stm32f100UsartCk *ck, Stm32f100AfioState *afio,
                             Stm32AfSignal signal);

/*
 * @edges edges, @half_period (2^-32 ns) apart, the first one @first (2^-32 ns)
 * from now.  What was left of the wave before comes to an end now.
 */
void stm32f100_usart_ck_start(Stm32f100UsartCk *ck, uint64_t first,
                              uint64_t half_period, uint64_t edges);

/* From now on a steady @level. */
void stm32f100_usart_ck_steady(Stm32f100UsartCk *ck, bool level);

/* From now on CK is not driven. */
void stm32f100_usart_ck_off(Stm32f100UsartCk *ck);

extern const VMStateDescription vmstate_stm32f100_usart_ck;

#endif
