/*
 * What each timer of the STM32F100 has (RM0041 12.2, 13.2, 15.2, 15.3, 16.2):
 * channels, signals, and the bits of its registers that exist.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "stm32f100_tim_internal.h"

#define BITS(register_, bits_) [A_##register_ / 4] = (bits_)
#define TIME_BASE_BITS BITS(CNT, 0xffff), BITS(PSC, 0xffff), BITS(ARR, 0xffff)
#define CCR_BITS(n_) [A_CCR1 / 4 + (n_) - 1] = 0xffff
#define BURST_BITS BITS(DCR, 0x1f1f), BITS(DMAR, 0xffff)
#define BREAK_BITS BITS(RCR, 0xff), BITS(BDTR, 0xffff)

#define GENERAL_PURPOSE(number_)                                               \
    {                                                                          \
        .number = number_, .channels = 4, .irqs = 1, .two_way = true,          \
        .has_slave = true, .has_etr = true,                                    \
        .bits = { BITS(CR1, 0x3ff), BITS(CR2, 0xf8), BITS(SMCR, 0xfff7),       \
                  BITS(DIER, 0x5f5f), BITS(SR, 0x1e5f), BITS(EGR, 0x5f),       \
                  BITS(CCMR1, 0xffff), BITS(CCMR2, 0xffff),                    \
                  BITS(CCER, 0x3333), TIME_BASE_BITS, CCR_BITS(1),             \
                  CCR_BITS(2), CCR_BITS(3), CCR_BITS(4), BURST_BITS },         \
        .signal = { STM32_AF_TIM##number_##_CH1, STM32_AF_TIM##number_##_CH2,  \
                    STM32_AF_TIM##number_##_CH3,                               \
                    STM32_AF_TIM##number_##_CH4 },                             \
        .etr = STM32_AF_TIM##number_##_ETR,                                    \
    }

#define BASIC(number_)                                                         \
    {                                                                          \
        .number = number_, .irqs = 1,                                          \
        .bits = { BITS(CR1, 0x8f), BITS(CR2, 0x70), BITS(DIER, 0x101),         \
                  BITS(SR, 1), BITS(EGR, 1), TIME_BASE_BITS },                 \
    }

#define ONE_CHANNEL(number_)                                                   \
    {                                                                          \
        .number = number_, .channels = 1, .complements = 1, .irqs = 1,         \
        .has_break = true, .has_both_edges = true, .trgo_is_oc1 = true,        \
        .bits = { BITS(CR1, 0x38f), BITS(CR2, 0x30d), BITS(DIER, 0x43e3),      \
                  BITS(SR, 0x2e3), BITS(EGR, 0xe3), BITS(CCMR1, 0xff),         \
                  BITS(CCER, 0xf), TIME_BASE_BITS, CCR_BITS(1), BREAK_BITS,    \
                  BURST_BITS },                                                \
        .signal = { STM32_AF_TIM##number_##_CH1 },                             \
        .complement = { STM32_AF_TIM##number_##_CH1N },                        \
        .bkin = STM32_AF_TIM##number_##_BKIN,                                  \
    }

static const Stm32f100TimInfo timers[] = {
    {
        .number = 1, .channels = 4, .complements = 7,
        .irqs = STM32F100_TIM1_IRQS, .two_way = true, .has_slave = true,
        .has_etr = true, .has_break = true,
        .bits = { BITS(CR1, 0x3ff), BITS(CR2, 0x7ffd), BITS(SMCR, 0xfff7),
                  BITS(DIER, 0x7fff), BITS(SR, 0x1eff), BITS(EGR, 0xff),
                  BITS(CCMR1, 0xffff), BITS(CCMR2, 0xffff),
                  BITS(CCER, 0x3fff), TIME_BASE_BITS, CCR_BITS(1),
                  CCR_BITS(2), CCR_BITS(3), CCR_BITS(4), BREAK_BITS,
                  BURST_BITS },
        .signal = { STM32_AF_TIM1_CH1, STM32_AF_TIM1_CH2, STM32_AF_TIM1_CH3,
                    STM32_AF_TIM1_CH4 },
        .complement = { STM32_AF_TIM1_CH1N, STM32_AF_TIM1_CH2N,
                        STM32_AF_TIM1_CH3N },
        .etr = STM32_AF_TIM1_ETR,
        .bkin = STM32_AF_TIM1_BKIN,
    },
    GENERAL_PURPOSE(2),
    GENERAL_PURPOSE(3),
    GENERAL_PURPOSE(4),
    BASIC(6),
    BASIC(7),
    {
        .number = 15, .channels = 2, .complements = 1, .irqs = 1,
        .has_slave = true, .has_break = true, .has_both_edges = true,
        .bits = { BITS(CR1, 0x38f), BITS(CR2, 0x77d), BITS(SMCR, 0xf7),
                  BITS(DIER, 0x67e7), BITS(SR, 0x6e7), BITS(EGR, 0xe7),
                  BITS(CCMR1, 0xffff), BITS(CCER, 0xbf), TIME_BASE_BITS,
                  CCR_BITS(1), CCR_BITS(2), BREAK_BITS, BURST_BITS },
        .signal = { STM32_AF_TIM15_CH1, STM32_AF_TIM15_CH2 },
        .complement = { STM32_AF_TIM15_CH1N },
        .bkin = STM32_AF_TIM15_BKIN,
    },
    ONE_CHANNEL(16),
    ONE_CHANNEL(17),
};

const Stm32f100TimInfo *stm32_tim_info(unsigned number)
{
    for (unsigned n = 0; n < ARRAY_SIZE(timers); n++) {
        if (timers[n].number == number) {
            return &timers[n];
        }
    }
    return NULL;
}
