/*
 * STM32F100 DMA1 (RM0041 9)
 *
 * QEMU interface:
 * + Clock input "clk": the gated AHB clock
 * + named GPIO inputs "request", one per Stm32f100DmaRequest.  Most are levels,
 *   which the peripheral takes back when a transfer has served it; those of
 *   timers and of the DAC are events: a rising edge is kept until it is served
 * + named GPIO outputs "acknowledge", numbered likewise: pulses when an event
 *   has been served
 * + named GPIO outputs "last" and "end", numbered likewise: pulses for those
 *   who have asked for a transfer after which one item (EOT_1) or none (EOT) is
 *   left
 * + named GPIO input "tim1-remap": TIM1_DMA_REMAP of AFIO_MAPR2
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
#define STM32F100_DMA_SOURCES 16 /* per channel, at most */

#define STM32F100_DMA_REQUEST(channel, n)                                      \
    (((channel) - 1) * STM32F100_DMA_SOURCES + (n))
#define STM32F100_DMA_REQUESTS                                                 \
    (STM32F100_DMA_CHANNELS * STM32F100_DMA_SOURCES)

/*
 * What can ask each channel for a transfer (9.3.7, "Summary of DMA1 requests
 * for each channel"); the sources of a channel are ORed.  This part has no
 * DMA2, so TIM6, TIM7 and DAC are always here.
 */
typedef enum Stm32f100DmaRequest {
    STM32F100_DMA_ADC1 = STM32F100_DMA_REQUEST(1, 0),
    STM32F100_DMA_TIM2_CH3 = STM32F100_DMA_REQUEST(1, 1),
    STM32F100_DMA_TIM4_CH1 = STM32F100_DMA_REQUEST(1, 2),

    STM32F100_DMA_USART3_TX = STM32F100_DMA_REQUEST(2, 0),
    STM32F100_DMA_SPI1_RX = STM32F100_DMA_REQUEST(2, 1),
    STM32F100_DMA_TIM1_CH1 = STM32F100_DMA_REQUEST(2, 2),
    STM32F100_DMA_TIM2_UP = STM32F100_DMA_REQUEST(2, 3),
    STM32F100_DMA_TIM3_CH3 = STM32F100_DMA_REQUEST(2, 4),

    STM32F100_DMA_USART3_RX = STM32F100_DMA_REQUEST(3, 0),
    STM32F100_DMA_SPI1_TX = STM32F100_DMA_REQUEST(3, 1),
    STM32F100_DMA_TIM1_CH2 = STM32F100_DMA_REQUEST(3, 2),
    STM32F100_DMA_TIM3_CH4 = STM32F100_DMA_REQUEST(3, 3),
    STM32F100_DMA_TIM3_UP = STM32F100_DMA_REQUEST(3, 4),
    STM32F100_DMA_TIM6_UP = STM32F100_DMA_REQUEST(3, 5),
    STM32F100_DMA_DAC_CHANNEL1 = STM32F100_DMA_REQUEST(3, 6),

    STM32F100_DMA_USART1_TX = STM32F100_DMA_REQUEST(4, 0),
    STM32F100_DMA_SPI2_RX = STM32F100_DMA_REQUEST(4, 1),
    STM32F100_DMA_I2C2_TX = STM32F100_DMA_REQUEST(4, 2),
    STM32F100_DMA_TIM1_CH4 = STM32F100_DMA_REQUEST(4, 3),
    STM32F100_DMA_TIM1_TRIG = STM32F100_DMA_REQUEST(4, 4),
    STM32F100_DMA_TIM1_COM = STM32F100_DMA_REQUEST(4, 5),
    STM32F100_DMA_TIM4_CH2 = STM32F100_DMA_REQUEST(4, 6),
    STM32F100_DMA_TIM7_UP = STM32F100_DMA_REQUEST(4, 7),
    STM32F100_DMA_DAC_CHANNEL2 = STM32F100_DMA_REQUEST(4, 8),

    STM32F100_DMA_USART1_RX = STM32F100_DMA_REQUEST(5, 0),
    STM32F100_DMA_SPI2_TX = STM32F100_DMA_REQUEST(5, 1),
    STM32F100_DMA_I2C2_RX = STM32F100_DMA_REQUEST(5, 2),
    STM32F100_DMA_TIM1_UP = STM32F100_DMA_REQUEST(5, 3),
    STM32F100_DMA_TIM2_CH1 = STM32F100_DMA_REQUEST(5, 4),
    STM32F100_DMA_TIM4_CH3 = STM32F100_DMA_REQUEST(5, 5),
    STM32F100_DMA_TIM15_CH1 = STM32F100_DMA_REQUEST(5, 6),
    STM32F100_DMA_TIM15_UP = STM32F100_DMA_REQUEST(5, 7),
    STM32F100_DMA_TIM15_TRIG = STM32F100_DMA_REQUEST(5, 8),
    STM32F100_DMA_TIM15_COM = STM32F100_DMA_REQUEST(5, 9),

    STM32F100_DMA_USART2_RX = STM32F100_DMA_REQUEST(6, 0),
    STM32F100_DMA_I2C1_TX = STM32F100_DMA_REQUEST(6, 1),
    STM32F100_DMA_TIM1_CH3 = STM32F100_DMA_REQUEST(6, 2),
    STM32F100_DMA_TIM3_CH1 = STM32F100_DMA_REQUEST(6, 3),
    STM32F100_DMA_TIM3_TRIG = STM32F100_DMA_REQUEST(6, 4),
    STM32F100_DMA_TIM16_CH1 = STM32F100_DMA_REQUEST(6, 5),
    STM32F100_DMA_TIM16_UP = STM32F100_DMA_REQUEST(6, 6),
    /* where TIM1_DMA_REMAP moves them; not to be connected */
    STM32F100_DMA_TIM1_CH1_REMAPPED = STM32F100_DMA_REQUEST(6, 7),
    STM32F100_DMA_TIM1_CH2_REMAPPED = STM32F100_DMA_REQUEST(6, 8),

    STM32F100_DMA_USART2_TX = STM32F100_DMA_REQUEST(7, 0),
    STM32F100_DMA_I2C1_RX = STM32F100_DMA_REQUEST(7, 1),
    STM32F100_DMA_TIM2_CH2 = STM32F100_DMA_REQUEST(7, 2),
    STM32F100_DMA_TIM2_CH4 = STM32F100_DMA_REQUEST(7, 3),
    STM32F100_DMA_TIM4_UP = STM32F100_DMA_REQUEST(7, 4),
    STM32F100_DMA_TIM17_CH1 = STM32F100_DMA_REQUEST(7, 5),
    STM32F100_DMA_TIM17_UP = STM32F100_DMA_REQUEST(7, 6),
} Stm32f100DmaRequest;

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
    qemu_irq acknowledge[STM32F100_DMA_REQUESTS];
    qemu_irq last[STM32F100_DMA_REQUESTS];
    qemu_irq end[STM32F100_DMA_REQUESTS];
    Clock *clk;
    QEMUTimer *timer;
    Stm32f100DmaChannel channel[STM32F100_DMA_CHANNELS];
    uint32_t isr;
    int64_t free_at_ns; /* the bus is taken by the last transfer until then */
    bool serving;
    bool tim1_remap;
};

#endif
