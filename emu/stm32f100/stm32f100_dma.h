/*
 * STM32F100 DMA1 (RM0041 9)
 *
 * QEMU interface:
 * + Clock input "clk": the gated AHB clock
 * + named GPIO inputs "request", (channel - 1) * STM32F100_DMA_SOURCES + n:
 *   level-triggered requests of peripherals, ORed per channel
 * + sysbus MMIO region 0, sysbus IRQs 0..6 for channels 1..7
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_DMA_H
#define HW_MEWS_STM32F100_DMA_H

#include "hw/sysbus.h"

#define TYPE_STM32F100_DMA "stm32f100-dma"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100DmaState, STM32F100_DMA)

#define STM32F100_DMA_CHANNELS 7
#define STM32F100_DMA_SOURCES 8

typedef struct Stm32f100DmaChannel {
    uint32_t ccr;
    uint32_t cndtr;
    uint32_t cpar;
    uint32_t cmar;
    uint32_t reload; /* CNDTR as it was written last */
    uint32_t done;   /* transfers since the channel was enabled or reloaded */
    uint32_t requests; /* one bit per source */
} Stm32f100DmaChannel;

struct Stm32f100DmaState {
    SysBusDevice parent_obj;

    MemoryRegion mmio;
    qemu_irq irq[STM32F100_DMA_CHANNELS];
    Clock *clk;
    QEMUTimer *timer;
    Stm32f100DmaChannel channel[STM32F100_DMA_CHANNELS];
    uint32_t isr;
    int64_t free_at_ns; /* the bus is taken by the last transfer until then */
    bool serving;
};

#endif
