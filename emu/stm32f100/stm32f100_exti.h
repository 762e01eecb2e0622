/*
 * External interrupts of the STM32F100 (RM0041 8.2).
 *
 * GPIO inputs 0..17: lines 0..15 (pins), 16 (PVD), 17 (RTC alarm).  Named
 * outputs "event" 0..17: a pulse for each event that EMR lets through, which
 * ADC and DAC take as triggers.
 * "wakeup": a line that IMR or EMR lets through wants to end Stop mode; "rxev":
 * a pulse for the core's WFE; "any": PR is not 0.  Clock input "clk":
 * interrupts and events reach the core while it runs.
 * Sysbus interrupts: EXTI0..EXTI4, EXTI9_5, EXTI15_10, PVD, RTCAlarm.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_EXTI_H
#define HW_MEWS_STM32F100_EXTI_H

#include "hw/clock.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_STM32F100_EXTI "stm32f100-exti"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100ExtiState, STM32F100_EXTI)

#define STM32F100_EXTI_LINES 18
#define STM32F100_EXTI_IRQS 9

struct Stm32f100ExtiState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq[STM32F100_EXTI_IRQS];
    qemu_irq event[STM32F100_EXTI_LINES];
    qemu_irq wakeup;
    qemu_irq rxev;
    qemu_irq any;
    Clock *clk;

    uint32_t imr;
    uint32_t emr;
    uint32_t rtsr;
    uint32_t ftsr;
    uint32_t swier;
    uint32_t pr;
    uint32_t level; /* of the lines */
    bool rxev_due;  /* the core has to hear of an event */
};

#endif
