/*
 * Shared memory at the Cortex-M7: cleaned and invalidated by address, and the caches' start
 * (ARMv7-M B2.2.7, B3.2.2; Cortex-M7 Processor TRM, "Initialization and enabling of the L1
 * caches").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/shared.h"

#include "nodes/cortexm_regs.h"
#include "seam.h"

#define LINE_OCTETS 32u
#define CSSELR_DATA 0u
#define SET_SHIFT   5u
#define WAY_SHIFT   30u

/* By address, a line after the other, complete at return. */
static void each_line(uint32_t operation, const volatile void *start, uint32_t octets)
{
    const uint32_t first = (uint32_t)(uintptr_t)start;

    __asm__ volatile("dsb" ::: "memory");
    for (uint32_t line = first & ~(LINE_OCTETS - 1u); line < first + octets; line += LINE_OCTETS) {
        mmio_write32(operation, line);
    }
    __asm__ volatile("dsb" ::: "memory");
}

void shared_publish(const volatile void *start, uint32_t octets)
{
    each_line(DCCMVAC, start, octets);
}

void shared_refresh(const volatile void *start, uint32_t octets)
{
    each_line(DCIMVAC, start, octets);
}

void shared_start(void)
{
    mmio_write32(ICIALLU, 0);
    mmio_write32(SCB_CSSELR, CSSELR_DATA);
    __asm__ volatile("dsb" ::: "memory");
    const uint32_t size = mmio_read32(SCB_CCSIDR);
    const uint32_t sets = (size >> 13 & 0x7fffu) + 1u;
    const uint32_t ways = (size >> 3 & 0x3ffu) + 1u;
    for (uint32_t way = 0; way < ways; way++) {
        for (uint32_t set = 0; set < sets; set++) {
            mmio_write32(DCISW, way << WAY_SHIFT | set << SET_SHIFT);
        }
    }
    __asm__ volatile("dsb" ::: "memory");
    mmio_write32(SCB_CCR, mmio_read32(SCB_CCR) | SCB_CCR_IC | SCB_CCR_DC);
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}
