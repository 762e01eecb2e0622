/*
 * Regions of the MPU for the images that try it (ARMv7-M B3.5).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/mpu/regions.h"

#include "seam.h"

/* The program: FlexSPI flash, or the code half of the Cortex-M4's memory. */
#ifdef PART_RT1176_M4
#define PROGRAM     0x1ffe0000u
#define PROGRAM_LOG 17
#else
#define PROGRAM     0x30000000u
#define PROGRAM_LOG 24
#endif
#define DATA     0x20000000u
#define DATA_LOG 18

uint32_t regions_last(void)
{
    return (mmio_read32(MPU_TYPE) >> 8 & 0xffu) - 1u;
}

void regions_set(uint32_t number, uint32_t base, uint32_t attributes)
{
    mmio_write32(MPU_RBAR, base | MPU_RBAR_VALID | number);
    mmio_write32(MPU_RASR, attributes | MPU_NORMAL);
}

void regions_begin(void)
{
    regions_off();
    for (uint32_t number = 2; number <= regions_last(); number++) {
        mmio_write32(MPU_RNR, number);
        mmio_write32(MPU_RASR, 0);
    }
    regions_set(0, PROGRAM, MPU_AP(6) | MPU_SIZE(PROGRAM_LOG) | MPU_RASR_ENABLE);
    regions_set(1, DATA, MPU_AP(3) | MPU_SIZE(DATA_LOG) | MPU_RASR_XN | MPU_RASR_ENABLE);
}

void regions_on(uint32_t control)
{
    mmio_write32(MPU_CTRL, control | MPU_CTRL_ENABLE);
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

void regions_off(void)
{
    mmio_write32(MPU_CTRL, 0);
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}
