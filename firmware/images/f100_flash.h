/*
 * The STM32F100's flash as images program it: registers, keys and the steps that all of them take
 * (PM0063 2.3 programming, 3 registers).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_F100_FLASH_H
#define IMAGES_F100_FLASH_H

#include "seam.h"

enum flash {
    FLASH_KEYR = 0x40022004,
    FLASH_OPTKEYR = 0x40022008,
    FLASH_SR = 0x4002200c,
    FLASH_CR = 0x40022010,
    FLASH_AR = 0x40022014,
    FLASH_OBR = 0x4002201c,
    FLASH_WRPR = 0x40022020,
    FLASH_KEY1 = 0x45670123,
    SR_BSY = 1u << 0,
    SR_WRPRTERR = 1u << 4,
    CR_PG = 1u << 0,
    CR_PER = 1u << 1,
    CR_OPTPG = 1u << 4,
    CR_OPTER = 1u << 5,
    CR_STRT = 1u << 6,
    CR_LOCK = 1u << 7,
    CR_OPTWRE = 1u << 9,
};
#define FLASH_KEY2 0xcdef89abu

/* Writes both keys to FLASH_KEYR or FLASH_OPTKEYR. */
static inline void flash_unlock(uint32_t key_register)
{
    mmio_write32(key_register, FLASH_KEY1);
    mmio_write32(key_register, FLASH_KEY2);
}

static inline void flash_wait(void)
{
    while ((mmio_read32(FLASH_SR) & SR_BSY) != 0) {
    }
}

#endif
