/*
 * The boot ROM of the i.MX RT1176, as far as it decides what the Cortex-M7
 * starts with: it checks the headers of the image in FlexSPI flash and names
 * the vector table (IMXRT1170RM, chapter "System Boot").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_BOOT_H
#define HW_MEWS_RT1176_BOOT_H

#include "exec/memory.h"

/* Memory that an image may be loaded into, by its address as the M7 sees it. */
typedef struct Rt1176BootMemory {
    const char *name;
    MemoryRegion *mr;
    uint32_t base;
    uint32_t size;
} Rt1176BootMemory;

/*
 * Load the ELF file @filename into @memory and return the address of the
 * vector table that the Cortex-M7 starts with.
 *
 * @debug: false: the image must lie in flash and carry the boot headers (FCFB,
 * IVT, boot data).  true: any memory, as a debugger loads it; the vector table
 * is at the lowest loaded address of flash or, without flash, of ITCM.
 *
 * Whatever is wrong with the file ends the process with exit code 1 after one
 * line that says so.
 */
uint32_t rt1176_boot_load(const char *filename, bool debug,
                          const Rt1176BootMemory *memory, unsigned count);

#endif
