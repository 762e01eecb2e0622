/*
 * Reads what no region of the MPU lets it read, at priority -1 (ARMv7-M B3.5.6 HFNMIENA).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

#define MPU_CTRL        REG(0xe000ed94u)
#define CTRL_ENABLE     (1u << 0)
#define CTRL_HFNMIENA   (1u << 1)
#define CTRL_PRIVDEFENA (1u << 2)
#define MPU_RBAR        REG(0xe000ed9cu)
#define MPU_RASR        REG(0xe000eda0u)
#define RASR_NO_ACCESS  (11u << 1 | 1u) /* 4 KiB */
#define FORBIDDEN       0x20280000u

int main(void)
{
    MPU_RBAR = FORBIDDEN;
    MPU_RASR = RASR_NO_ACCESS;
    MPU_CTRL = CTRL_ENABLE | CTRL_PRIVDEFENA | (HFNMIENA ? CTRL_HFNMIENA : 0);
    __asm__ volatile("dsb\n\tisb\n\tcpsid f" ::: "memory");
    (void)REG(FORBIDDEN);
    __asm__ volatile("cpsie f" ::: "memory");
    return 0;
}
