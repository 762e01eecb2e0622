/*
 * Analog-to-digital converter ADC1 of the STM32F100 (RM0041 10).
 *
 * QEMU interface:
 * + Clock inputs "clk" (ADCCLK, gated) and "pclk2" (before the prescaler)
 * + link properties "gpioa" to "gpioc": the ports of channels 0 to 15
 * + properties, all of which may be set while the machine runs:
 *   "in0-uv" to "in15-uv": what the board puts on the pin of the channel in
 *   microvolts, -1: nothing; "vdda-uv"; "temperature-mc" in 1/1000 degrees C
 * + named GPIO inputs "trigger" and "jtrigger" 0..6: rising edges, numbered as
 *   in EXTSEL and JEXTSEL; outputs "trigger-wanted" and "jtrigger-wanted": the
 *   one that a start depends on is high
 * + named GPIO inputs "dac" 0..1: what the DAC drives the pins of channels 4
 *   and 5 to in microvolts, -1: nothing
 * + named GPIO output "vdda" (microvolts) for the DAC, "dma": DMA request
 * + sysbus MMIO region 0, sysbus IRQ 0
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_ADC_H
#define HW_MEWS_STM32F100_ADC_H

#include "hw/clock.h"
#include "hw/sysbus.h"
#include "qom/object.h"
#include "stm32f100_adc_inputs.h"

#define TYPE_STM32F100_ADC "stm32f100-adc"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100AdcState, STM32F100_ADC)

#define STM32F100_ADC_TRIGGERS 7
#define STM32F100_ADC_INJECTED 4

/* Channels 16 and 17; all before them are pins. */
#define STM32F100_ADC_TEMPERATURE STM32F100_ADC_PINS
#define STM32F100_ADC_VREFINT (STM32F100_ADC_PINS + 1)

typedef enum Stm32f100AdcPhase {
    STM32F100_ADC_IDLE,
    STM32F100_ADC_RESET_CALIBRATION,
    STM32F100_ADC_CALIBRATION,
    STM32F100_ADC_SWITCHING, /* from one group to the other (JAUTO) */
    STM32F100_ADC_SAMPLING,
    STM32F100_ADC_CONVERTING,
} Stm32f100AdcPhase;

/* A group of channels: regular or injected. */
typedef struct Stm32f100AdcGroup {
    bool wanted;    /* has been triggered, and is not through */
    uint8_t rank;   /* of its sequence that is converted now or next, from 0 */
    uint8_t left;   /* in discontinuous mode, until the next trigger */
    uint8_t levels; /* of its trigger inputs */
} Stm32f100AdcGroup;

struct Stm32f100AdcState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    qemu_irq dma;
    qemu_irq wanted[STM32F100_ADC_TRIGGERS];
    qemu_irq jwanted[STM32F100_ADC_TRIGGERS];
    Clock *clk;
    Clock *pclk2;
    QEMUTimer *timer;
    Stm32f100AdcInputs inputs;

    uint32_t sr, cr1, cr2;
    uint32_t smpr[2], sqr[3], jsqr;
    uint32_t jofr[STM32F100_ADC_INJECTED];
    uint32_t htr, ltr;
    uint32_t jdr[STM32F100_ADC_INJECTED], dr;

    Stm32f100AdcGroup regular, injected;
    bool serves_injected; /* the conversion under way is of this group */
    bool dma_request;
    uint32_t sample;      /* code of what has been sampled */
    uint32_t phase;       /* Stm32f100AdcPhase */
    int64_t due_ns;       /* end of the phase, ns and 2^-32 ns ... */
    uint32_t due_frac;
    uint64_t rest;        /* ... or without a clock, 2^-32 cycles to it */
    int64_t on_ns;        /* ADON has been set since */
    int64_t sensors_ns;   /* TSVREFE has been set since */
};

/* Everything up to now has happened; to be called before an input changes. */
void stm32f100_adc_sync(Stm32f100AdcState *s);

#endif
