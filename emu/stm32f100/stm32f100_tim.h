/*
 * STM32F100 timers TIM1 (RM0041 12) and TIM2, TIM3, TIM4 (RM0041 13)
 *
 * QEMU interface:
 * + property "timer": 1 to 4, names the AF signals
 * + link property "afio": the router of alternate functions
 * + Clock input "clk": the gated timer clock CK_INT
 * + sysbus MMIO region 0; sysbus IRQ 0, or for TIM1 IRQs 0..3: break, update,
 *   trigger and commutation, capture/compare
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_TIM_H
#define HW_MEWS_STM32F100_TIM_H

#include "hw/sysbus.h"
#include "stm32f100_af.h"

#define TYPE_STM32F100_TIM "stm32f100-tim"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100TimState, STM32F100_TIM)

#define STM32F100_TIM_CHANNELS 4
#define STM32F100_TIM1_IRQS 4

struct Stm32f100TimState {
    SysBusDevice parent_obj;

    MemoryRegion mmio;
    qemu_irq irq[STM32F100_TIM1_IRQS];
    Clock *clk;
    QEMUTimer *timer;
    Stm32f100AfioState *afio;
    uint8_t number;

    uint32_t cr1, cr2, smcr, dier, sr, ccer, dcr;
    uint32_t rcr, bdtr;  /* TIM1 */
    bool bdtr_written;   /* LOCK is frozen */
    uint32_t repetition; /* overflows until the next update, beyond one */
    uint32_t ccmr[2];
    /* as written, and as they work now */
    uint32_t psc, arr, ccr[STM32F100_TIM_CHANNELS];
    uint32_t psc_active, arr_active, ccr_active[STM32F100_TIM_CHANNELS];
    bool oc_ref[STM32F100_TIM_CHANNELS];

    /*
     * The counter has had the value "count" since "since" (ns and 2^-32 ns),
     * and everything up to and including this count has happened.  While it
     * stands, "phase" is how long (2^-32 ns) it has already had it.
     */
    int64_t since_ns;
    uint32_t since_frac;
    uint32_t count;
    uint64_t phase;
};

#endif
