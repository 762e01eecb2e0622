/*
 * Narrow accesses to peripheral registers (RM0041 2.1, 2.3).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_BUS_H
#define HW_MEWS_STM32F100_BUS_H

#include "qemu/bitops.h"
#include "exec/memory.h"

/* The bytes of the register's word that are on the bus, as a mask. */
static inline uint32_t stm32f100_bus_lanes(hwaddr addr, unsigned size)
{
    return MAKE_64BIT_MASK(8 * (addr & 3), 8 * size);
}

/* What a read of @size bytes at @addr takes from the register @word. */
static inline uint32_t stm32f100_bus_read(uint32_t word, hwaddr addr,
                                          unsigned size)
{
    return (word & stm32f100_bus_lanes(addr, size)) >> (8 * (addr & 3));
}

/*
 * The word that the APB bridge makes of a narrow write: it repeats the byte or
 * half-word in all lanes and writes them all (RM0041 2.1).
 */
static inline uint32_t stm32f100_apb_write(uint32_t value, unsigned size)
{
    switch (size) {
    case 1:
        return (value & 0xff) * 0x01010101u;
    case 2:
        return (value & 0xffff) * 0x00010001u;
    default:
        return value;
    }
}

/* On the AHB a narrow write leaves the other bytes of @old. */
static inline uint32_t stm32f100_ahb_write(uint32_t old, hwaddr addr,
                                           uint32_t value, unsigned size)
{
    uint32_t lanes = stm32f100_bus_lanes(addr, size);

    return (old & ~lanes) | ((value << (8 * (addr & 3))) & lanes);
}

/* Registers answer accesses of 1, 2 and 4 bytes, if aligned. */
#define STM32F100_BUS_OPS(read_, write_)                                       \
    {                                                                          \
        .read = read_, .write = write_, .endianness = DEVICE_LITTLE_ENDIAN,    \
        .valid = { .min_access_size = 1, .max_access_size = 4 },               \
        .impl = { .min_access_size = 1, .max_access_size = 4 },                \
    }

#endif
