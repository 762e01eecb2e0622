/*
 * Which core of the i.MX RT1176 makes the access that a device is serving:
 * some blocks (SEMA4, domain write protection) treat the cores differently
 * (IMXRT1170RM, chapters "Semaphores" and "IOMUX Controller").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_BUS_H
#define HW_MEWS_RT1176_BUS_H

#include "hw/core/cpu.h"

/* 0: Cortex-M7, and accesses of no core (a test's); 1: Cortex-M4. */
static inline unsigned rt1176_bus_core(void)
{
    return current_cpu ? current_cpu->cluster_index : 0;
}

#endif
