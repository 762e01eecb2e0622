/*
 * Copies, releases and resets the Cortex-M4 (IMXRT1170RM, chapters "System Reset Controller",
 * "IOMUXC LPSR GPR").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "nodes/fmu/m4.h"

#include "nodes/fmu/rt1176_map.h"
#include "seam.h"

extern const uint32_t m4_image[], m4_image_end[]; /* nodes/fmu/m4_image.S */

void m4_copy_image(void)
{
    uint32_t to = M4_MEMORY;
    for (const uint32_t *from = m4_image; from < m4_image_end; from++) {
        mmio_write32(to, *from);
        to += sizeof(*from);
    }
    __asm__ volatile("dsb" ::: "memory");
}

void m4_set_vectors(uint32_t address)
{
    mmio_write32(LPSR_GPR0, address & LPSR_GPR0_LOW);
    mmio_write32(LPSR_GPR1, address >> 16);
}

void m4_reset(void)
{
    mmio_write32(SRC_CTRL_M4CORE, SRC_CTRL_SW_RESET);
}

void m4_release(void)
{
    mmio_write32(SRC_SCR, mmio_read32(SRC_SCR) | SRC_SCR_BT_RELEASE_M4);
}

void m4_start(void)
{
    m4_copy_image();
    m4_set_vectors(M4_MEMORY);
    m4_reset();
    m4_release();
}

bool m4_is_held(void)
{
    return (mmio_read32(SRC_STAT_M4CORE) & SRC_STAT_UNDER_RST) != 0;
}
