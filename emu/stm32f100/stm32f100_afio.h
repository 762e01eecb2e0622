/*
 * Alternate-function I/O of the STM32F100 (RM0041 7.3, 7.4): the router of
 * stm32f100_af.h, and the choice of the port behind each EXTI line.
 *
 * Link properties "gpioa".."gpioe".  Named input "pin" 16 * port + pin: levels
 * of the pins; named outputs "exti" 0..15 and "tim1-dma-remap" (MAPR2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_AFIO_H
#define HW_MEWS_STM32F100_AFIO_H

#include "hw/clock.h"
#include "hw/sysbus.h"
#include "qom/object.h"
#include "stm32f100_af.h"
#include "stm32f100_gpio.h"

#define TYPE_STM32F100_AFIO "stm32f100-afio"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100AfioState, STM32F100_AFIO)

#define STM32F100_PORTS 5
#define STM32F100_EXTI_PINS 16
#define STM32F100_AF_NO_PIN (-1)

typedef struct Stm32f100AfWatch {
    void (*sync)(void *opaque, int64_t now_ns);
    void (*changed)(void *opaque, Stm32AfSignal signal);
    void *opaque;
} Stm32f100AfWatch;

typedef struct Stm32f100AfListener {
    void (*level)(void *opaque, Stm32AfSignal signal, bool level);
    void *opaque;
} Stm32f100AfListener;

struct Stm32f100AfioState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    Clock *clk;
    Stm32f100GpioState *gpio[STM32F100_PORTS];
    qemu_irq exti[STM32F100_EXTI_PINS];
    qemu_irq tim1_dma_remap;
    Stm32f100AfWatch watch[STM32_AF_SIGNALS];
    Stm32f100AfListener listener[STM32_AF_SIGNALS];

    uint32_t evcr;
    uint32_t mapr;
    uint32_t exticr[4];
    uint32_t mapr2;
    uint16_t pin_level[STM32F100_PORTS];
    bool af_driven[STM32_AF_SIGNALS]; /* it is driven ... */
    bool af_level[STM32_AF_SIGNALS];  /* ... to this level */
    bool heard[STM32_AF_SIGNALS];     /* level that its listener knows */
    /* of each pin: a bit for each signal there that has a listener */
    uint64_t listeners[16 * STM32F100_PORTS];
    int16_t route[STM32_AF_SIGNALS]; /* 16 * port + pin, or NO_PIN */
};

#endif
