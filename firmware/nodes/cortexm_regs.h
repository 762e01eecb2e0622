/*
 * Registers of the Cortex-M core's system control space and cycle counter, and their bits, as shims
 * and images use them (ARMv7-M B2.2.7, B3.2 to B3.5, C1.6.5, C1.8).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NODES_CORTEXM_REGS_H
#define NODES_CORTEXM_REGS_H

#include <stdint.h>

enum systick {
    SYST_CSR = 0xe000e010,
    SYST_RVR = 0xe000e014,
    SYST_CVR = 0xe000e018,
    SYST_CSR_ENABLE = 1 << 0,
    SYST_CSR_TICKINT = 1 << 1,
    SYST_CSR_CLKSOURCE = 1 << 2, /* the core's clock */
};

enum nvic {
    NVIC_ISER = 0xe000e100,
    NVIC_ICER = 0xe000e180,
    NVIC_ICPR = 0xe000e280,
};

enum scb {
    SCB_CPUID = 0xe000ed00,
    SCB_VTOR = 0xe000ed08,
    SCB_AIRCR = 0xe000ed0c,
    SCB_AIRCR_SYSRESETREQ = 0x05fa << 16 | 1 << 2, /* with the key */
    SCB_CCR = 0xe000ed14,
    SCB_CCR_USERSETMPEND = 1 << 1,
    SCB_CCR_DC = 1 << 16,
    SCB_CCR_IC = 1 << 17,
    SCB_SHPR1 = 0xe000ed18,
    SCB_SHPR2 = 0xe000ed1c,
    SCB_SHCSR = 0xe000ed24,
    SCB_SHCSR_MEMFAULTENA = 1 << 16,
    SCB_SHCSR_BUSFAULTENA = 1 << 17,
    SCB_CFSR = 0xe000ed28,
    SCB_CFSR_MUNSTKERR = 1 << 3,
    SCB_CFSR_MSTKERR = 1 << 4,
    SCB_CFSR_MLSPERR = 1 << 5,
    SCB_CFSR_MMARVALID = 1 << 7,
    SCB_CFSR_BFARVALID = 1 << 15,
    SCB_HFSR = 0xe000ed2c,
    SCB_MMFAR = 0xe000ed34,
    SCB_BFAR = 0xe000ed38,
    SCB_CCSIDR = 0xe000ed80,
    SCB_CSSELR = 0xe000ed84,
    SCB_CPACR = 0xe000ed88,
    SCB_STIR = 0xe000ef00,
};

enum mpu {
    MPU_TYPE = 0xe000ed90,
    MPU_CTRL = 0xe000ed94,
    MPU_CTRL_ENABLE = 1 << 0,
    MPU_CTRL_HFNMIENA = 1 << 1,
    MPU_CTRL_PRIVDEFENA = 1 << 2,
    MPU_RNR = 0xe000ed98,
    MPU_RBAR = 0xe000ed9c,
    MPU_RBAR_VALID = 1 << 4,
    MPU_RASR = 0xe000eda0,
    MPU_RASR_ENABLE = 1 << 0,
    MPU_RASR_XN = 1 << 28,
};

/* Fields of MPU_RASR.  SIZE: log2 of the octets, minus 1. */
#define MPU_SIZE(log2)   ((uint32_t)((log2)-1) << 1)
#define MPU_SRD(disable) ((uint32_t)(disable) << 8)
#define MPU_AP(ap)       ((uint32_t)(ap) << 24)

enum cache_maintenance {
    ICIALLU = 0xe000ef50,
    DCIMVAC = 0xe000ef5c,
    DCISW = 0xe000ef60,
    DCCMVAC = 0xe000ef68,
};

enum cycle_counter {
    DEMCR = 0xe000edfc,
    DEMCR_TRCENA = 1 << 24,
    DWT_CTRL = 0xe0001000,
    DWT_CTRL_CYCCNTENA = 1 << 0,
    DWT_CYCCNT = 0xe0001004,
    DWT_LAR = 0xe0001fb0, /* Cortex-M7 */
};

#endif
