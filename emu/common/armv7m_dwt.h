/*
 * The cycle counter of a Cortex-M core: the Data Watchpoint and Trace unit as
 * far as programs use it to measure time (ARMv7-M ARM, C1.8), and the bit that
 * turns it on (DEMCR.TRCENA, C1.6.5).
 *
 * Memory regions: 0 is the DWT unit (4 KiB), 1 is DEMCR (4 bytes).
 * Clock input "clk": the core's.  Property "lock": the part has the CoreSight
 * software lock (Cortex-M7), so nothing can be written before it is opened.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_ARMV7M_DWT_H
#define HW_MEWS_ARMV7M_DWT_H

#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_ARMV7M_DWT "mews-armv7m-dwt"
OBJECT_DECLARE_SIMPLE_TYPE(Armv7mDwtState, ARMV7M_DWT)

#define ARMV7M_DWT_BASE 0xe0001000u
#define ARMV7M_DEMCR_BASE 0xe000edfcu

struct Armv7mDwtState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    MemoryRegion demcr_iomem;
    Clock *clk;
    bool lock;

    bool trcena;
    bool cyccntena;
    bool unlocked;
    uint32_t cyccnt;  /* at start_ns, or where it stands */
    int64_t start_ns; /* while it counts */
};

#endif
