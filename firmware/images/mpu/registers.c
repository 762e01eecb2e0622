/*
 * The MPU's registers (ARMv7-M B3.5.4 to B3.5.11): a line for each fact.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/mpu/mpu.h"
#include "images/mpu/regions.h"
#include "images/report.h"
#include "seam.h"

#define MPU_ALIAS 8u /* RBAR_A1 and RASR_A1 are that much behind RBAR and RASR */

static void print(const char *name, uint32_t address)
{
    console_text(&report, report_core);
    console_text(&report, name);
    console_hex(&report, mmio_read32(address));
    report_end();
}

static void write_half(uint32_t address, uint16_t value)
{
    *(volatile uint16_t *)(uintptr_t)address = value;
}

void mpu_registers(void)
{
    regions_begin();
    print(" TYPE ", MPU_TYPE);
    print(" CTRL ", MPU_CTRL);
    mmio_write32(MPU_RNR, 2);
    mmio_write32(MPU_RBAR, 0xffffffe0u | MPU_RBAR_VALID | 5u);
    print(" RNR after VALID ", MPU_RNR);
    print(" RBAR ", MPU_RBAR);
    mmio_write32(MPU_RBAR, 0x20280000u | 2u); /* not VALID: the number takes no part */
    print(" RBAR again ", MPU_RBAR);
    mmio_write32(MPU_RASR, 0xfffffffeu);
    print(" RASR ", MPU_RASR);
    write_half(MPU_RASR, MPU_SIZE(8));
    write_half(MPU_RASR + 2u, 0x0306);
    print(" RASR by halves ", MPU_RASR);
    mmio_write32(MPU_RBAR + 3u * MPU_ALIAS, 0x20290000u | MPU_RBAR_VALID | 3u);
    mmio_write32(MPU_RASR + 2u * MPU_ALIAS, MPU_SIZE(9));
    print(" RBAR by alias ", MPU_RBAR);
    print(" RASR by alias ", MPU_RASR + MPU_ALIAS);
    regions_begin();
}
