/*
 * Flash memory and its interface of the STM32F100 (PM0063; RM0041 2.3.3).
 *
 * Property "size" in bytes.  MMIO region 0: registers, 1: the memory, 2: option
 * bytes.  Named output "stall": an operation is under way, what fetches from
 * the memory has to wait.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_FLASH_H
#define HW_MEWS_STM32F100_FLASH_H

#include "hw/sysbus.h"
#include "qom/object.h"
#include "stm32f100_flash_options.h"

#define TYPE_STM32F100_FLASH "stm32f100-flash"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100FlashState, STM32F100_FLASH)

struct Stm32f100FlashState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    MemoryRegion memory;
    MemoryRegion options;
    qemu_irq irq;
    qemu_irq stall;
    QEMUTimer *done; /* end of the operation that is under way */
    uint32_t size;

    uint32_t acr;
    uint32_t sr;
    uint32_t cr;
    uint32_t ar;
    Stm32f100LoadedOptions loaded;
    uint8_t keys;     /* of the unlock sequence that have been given */
    bool locked_up;   /* wrong key: until reset */
    uint8_t option_keys; /* the same for option bytes */
    bool options_locked_up;
    bool wrong_value; /* the operation under way will end with PGERR */
};

/* @option of the byte USER, as the last reset has loaded it. */
bool stm32f100_flash_option(const Stm32f100FlashState *s,
                            Stm32f100Option option);

#endif
