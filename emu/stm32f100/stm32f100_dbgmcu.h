/*
 * Debug MCU of the STM32F100 (RM0041 25.16).
 *
 * Named inputs "halted" (a debugger holds the core) and "power-on-reset" (all
 * other resets leave CR alone).  Named outputs "freeze", one for each
 * Stm32f100Freeze: the clock of this block is to stand still; "debug-stop":
 * DBG_STOP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_DBGMCU_H
#define HW_MEWS_STM32F100_DBGMCU_H

#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_STM32F100_DBGMCU "stm32f100-dbgmcu"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100DbgmcuState, STM32F100_DBGMCU)

/* Blocks that this part has and that DBGMCU_CR can freeze. */
typedef enum Stm32f100Freeze {
    STM32F100_FREEZE_IWDG,
    STM32F100_FREEZE_WWDG,
    STM32F100_FREEZE_TIM1,
    STM32F100_FREEZE_TIM2,
    STM32F100_FREEZE_TIM3,
    STM32F100_FREEZE_TIM4,
    STM32F100_FREEZE_I2C1,
    STM32F100_FREEZE_I2C2,
    STM32F100_FREEZE_TIM6,
    STM32F100_FREEZE_TIM7,
    STM32F100_FREEZE_TIM15,
    STM32F100_FREEZE_TIM16,
    STM32F100_FREEZE_TIM17,
    STM32F100_FREEZES,
} Stm32f100Freeze;

struct Stm32f100DbgmcuState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq freeze[STM32F100_FREEZES];
    qemu_irq debug_stop;

    uint32_t cr;
    bool halted;
};

#endif
