/*
 * Digital-to-analog converter of the STM32F100 (RM0041 11).
 *
 * QEMU interface:
 * + Clock input "clk": PCLK1, gated
 * + read-only properties "out1-uv", "out2-uv": what the channels drive PA4 and
 *   PA5 to in microvolts, -1 while they are off; named GPIO outputs "out" 0..1
 *   carry the same
 * + named GPIO input "vdda": the reference in microvolts
 * + named GPIO inputs "trigger" 0..6: rising edges, numbered as in TSELx
 * + named GPIO outputs "dma" 0..1: DMA requests, rising edges; named GPIO
 *   inputs "acknowledge" 0..1: the DMA has served them
 * + sysbus MMIO region 0, sysbus IRQ 0
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_DAC_H
#define HW_MEWS_STM32F100_DAC_H

#include "hw/clock.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_STM32F100_DAC "stm32f100-dac"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100DacState, STM32F100_DAC)

#define STM32F100_DAC_CHANNELS 2
#define STM32F100_DAC_TRIGGERS 7

typedef struct Stm32f100DacChannel {
    uint32_t dhr;
    uint32_t dor;
    uint32_t lfsr;      /* noise */
    uint32_t triangle;  /* counter */
    bool falling;       /* ... counts down */
    bool pending;       /* DHR is on its way to DOR ... */
    bool triggered;     /* ... because of a trigger ... */
    int64_t due_ns;     /* ... and arrives then */
    bool requested;     /* DMA has not acknowledged the last trigger */
    int32_t out_uv;     /* what the pin is driven to, -1: not */
} Stm32f100DacChannel;

struct Stm32f100DacState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    qemu_irq out[STM32F100_DAC_CHANNELS];
    qemu_irq dma[STM32F100_DAC_CHANNELS];
    Clock *clk;
    QEMUTimer *timer;

    uint32_t cr;
    uint32_t sr;
    Stm32f100DacChannel channel[STM32F100_DAC_CHANNELS];
    int32_t vdda_uv;
    uint8_t trigger_levels;
};

#endif
