/*
 * STM32F100 timers: TIM1 (RM0041 12), TIM2 to TIM4 (13), TIM15 to TIM17 (15),
 * TIM6 and TIM7 (16).
 *
 * QEMU interface:
 * + property "timer": which of them it is
 * + link property "afio": the router of alternate functions
 * + Clock input "clk": the gated timer clock CK_INT
 * + named GPIO input "freeze": the counter stands (DBGMCU_CR.DBG_TIMx_STOP
 *   while the core is halted)
 * + named GPIO input "clock-failure": a pulse when HSE has failed, a break
 * + named GPIO inputs "itr" 0..3: the trigger outputs of other timers
 * + named GPIO outputs "trgo" 0..6: the trigger output, once for each who may
 *   listen (Stm32f100TimTrgo): levels and pulses, rising edges count.  That of
 *   TIM16 and TIM17 is their output OC1
 * + named GPIO outputs "cc" 0..3: pulses at compare matches and captures; named
 *   GPIO inputs "cc-wanted" 0..3: somebody listens to them
 * + named GPIO outputs "dma" 0..6 (Stm32f100TimDma): DMA requests, rising
 *   edges; named GPIO inputs "acknowledge" 0..6: the DMA serves them now
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
#define STM32F100_TIM_TRIGGERS 4 /* ITR0 to ITR3 */
#define STM32F100_TIM1_IRQS 4

/* Inputs with a filter: those of the channels, and ETR. */
#define STM32F100_TIM_ETR STM32F100_TIM_CHANNELS
#define STM32F100_TIM_INPUTS (STM32F100_TIM_CHANNELS + 1)

typedef enum Stm32f100TimTrgo {
    STM32F100_TRGO_ADC,
    STM32F100_TRGO_ADC_INJECTED,
    STM32F100_TRGO_DAC,
    STM32F100_TRGO_TIMERS, /* four of them */
    STM32F100_TRGO_LINES = STM32F100_TRGO_TIMERS + 4,
} Stm32f100TimTrgo;

/* In the order of their bits in DIER, from bit 8 on. */
typedef enum Stm32f100TimDma {
    STM32F100_TIM_DMA_UP,
    STM32F100_TIM_DMA_CC1,
    STM32F100_TIM_DMA_CC2,
    STM32F100_TIM_DMA_CC3,
    STM32F100_TIM_DMA_CC4,
    STM32F100_TIM_DMA_COM,
    STM32F100_TIM_DMA_TRIG,
    STM32F100_TIM_DMA_REQUESTS,
} Stm32f100TimDma;

typedef struct Stm32f100TimInfo Stm32f100TimInfo;

/* A time, or how long something takes: ns and 2^-32 ns. */
typedef struct Stm32f100TimMoment {
    int64_t ns;
    uint32_t frac;
} Stm32f100TimMoment;

/* TIx or ETR behind its filter. */
typedef struct Stm32f100TimInput {
    Stm32f100TimState *tim;
    QEMUTimer *timer; /* runs while the filter takes samples of a new level */
    Stm32f100TimMoment due;
    bool raw;    /* before the filter: pin, XORed (TI1S) or divided (ETPS) */
    bool level;  /* TIxF, ETRF */
    bool routed; /* there is a pin */
} Stm32f100TimInput;

struct Stm32f100TimState {
    SysBusDevice parent_obj;

    MemoryRegion mmio;
    qemu_irq irq[STM32F100_TIM1_IRQS];
    qemu_irq trgo[STM32F100_TRGO_LINES];
    qemu_irq cc[STM32F100_TIM_CHANNELS];
    qemu_irq dma[STM32F100_TIM_DMA_REQUESTS];
    Clock *clk;
    QEMUTimer *timer;
    Stm32f100AfioState *afio;
    uint8_t number;
    const Stm32f100TimInfo *info;

    /* levels of inputs from other devices */
    bool frozen;
    bool itr[STM32F100_TIM_TRIGGERS];
    uint32_t cc_wanted; /* bit per channel */

    uint32_t cr1, cr2, smcr, dier, sr, ccer, dcr;
    uint32_t rcr, bdtr;
    bool bdtr_written;   /* LOCK is frozen */
    uint32_t repetition; /* overflows until the next update, beyond one */
    uint32_t ccmr[2];
    /* as written, and as they work now */
    uint32_t psc, arr, ccr[STM32F100_TIM_CHANNELS];
    uint32_t psc_active, arr_active, ccr_active[STM32F100_TIM_CHANNELS];
    /* CCMR and CCER, whose control bits wait for a COM event (CCPC) */
    uint32_t ccmr_active[2], ccer_active;

    /*
     * The counter has had the value "count" since "since", and everything up
     * to and including this count has happened.  While no internal clock moves
     * it, "phase" is how long it has already had it; an edge of an external
     * clock counts for one period of CK_INT there.
     */
    Stm32f100TimMoment since, phase;
    uint32_t count;

    bool oc_ref[STM32F100_TIM_CHANNELS];
    bool oc_cleared[STM32F100_TIM_CHANNELS]; /* by ETRF, to the next update */
    bool oc_fast[STM32F100_TIM_CHANNELS];    /* set by a trigger (OCxFE) */
    bool oc_shown[STM32F100_TIM_CHANNELS];   /* OCxREF that outputs follow */
    bool dead[STM32F100_TIM_CHANNELS];       /* neither output is active ... */
    Stm32f100TimMoment dead_end[STM32F100_TIM_CHANNELS]; /* ... until then */

    Stm32f100TimInput input[STM32F100_TIM_INPUTS];
    uint32_t ic_events[STM32F100_TIM_CHANNELS]; /* since the last capture */
    bool etr;           /* the pin, with the polarity of ETP */
    uint32_t etr_edges; /* rising ones */
    bool trgi;
    bool trgo_level;

    /* since outputs, DMA and other timers were last told: SR bits and more */
    uint32_t events;
    uint32_t dma_served; /* by the transfer under way */
    uint32_t burst;      /* transfers of the DMA burst that have been made */
};

#endif
