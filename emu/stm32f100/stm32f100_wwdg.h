/*
 * Window watchdog of the STM32F100 (RM0041 19).
 *
 * Link property "rcc"; clock input "clk" (PCLK1 while WWDGEN); named input
 * "freeze": the core is halted and DBGMCU_CR.DBG_WWDG_STOP is set.  Sysbus
 * interrupt: WWDG.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_WWDG_H
#define HW_MEWS_STM32F100_WWDG_H

#include "hw/clock.h"
#include "hw/sysbus.h"
#include "qom/object.h"
#include "stm32f100_rcc.h"

#define TYPE_STM32F100_WWDG "stm32f100-wwdg"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100WwdgState, STM32F100_WWDG)

struct Stm32f100WwdgState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    Clock *clk;
    Stm32f100RccState *rcc;
    qemu_irq irq;
    QEMUTimer *timer; /* next thing that interrupts or resets */
    bool frozen;

    bool wdga;
    bool ewif;
    uint16_t cfr;
    uint8_t t;       /* counter at tick @tick ... */
    int64_t tick;
    int64_t base_ns; /* ... of a prescaler that had @base_cycles at this time */
    int64_t base_cycles;
};

#endif
