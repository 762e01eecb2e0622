/*
 * Independent watchdog of the STM32F100 (RM0041 18).
 *
 * Link properties "rcc" and "flash" (option byte WDG_SW); named input "freeze":
 * the core is halted and DBGMCU_CR.DBG_IWDG_STOP is set.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_IWDG_H
#define HW_MEWS_STM32F100_IWDG_H

#include "hw/sysbus.h"
#include "qom/object.h"
#include "stm32f100_flash.h"
#include "stm32f100_rcc.h"

#define TYPE_STM32F100_IWDG "stm32f100-iwdg"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100IwdgState, STM32F100_IWDG)

struct Stm32f100IwdgState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    Stm32f100RccState *rcc;
    Stm32f100FlashState *flash;
    QEMUTimer *timeout;

    bool running;
    bool frozen;
    int64_t left_ns; /* frozen: what is left until the reset */
    bool unlocked;
    uint32_t pr;
    uint32_t rlr;
    int64_t pvu_end_ns; /* PVU and RVU are set before these times */
    int64_t rvu_end_ns;
};

#endif
