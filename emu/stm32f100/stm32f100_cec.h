/*
 * HDMI-CEC controller of the STM32F100 (RM0041 24): registers without function
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_CEC_H
#define HW_MEWS_STM32F100_CEC_H

#include "hw/clock.h"
#include "hw/sysbus.h"

#define TYPE_STM32F100_CEC "stm32f100-cec"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100CecState, STM32F100_CEC)

struct Stm32f100CecState {
    SysBusDevice parent_obj;

    MemoryRegion mmio;
    Clock *clk;
    uint32_t cfgr, oar, pres, csr, txd;
    bool logged; /* that it does nothing */
};

#endif
