/*
 * CRC calculation unit of the STM32F100 (RM0041 3).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_CRC_H
#define HW_MEWS_STM32F100_CRC_H

#include "hw/clock.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_STM32F100_CRC "stm32f100-crc"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100CrcState, STM32F100_CRC)

struct Stm32f100CrcState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    Clock *clk;
    uint32_t dr;
    uint32_t idr;
};

#endif
