/*
 * What the boot ROM of the i.MX RT1176 does with the headers of an image in
 * FlexSPI flash, and the loading of images (IMXRT1170RM, chapter "System
 * Boot").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_BOOT_H
#define HW_MEWS_RT1176_BOOT_H

#include "exec/memory.h"
#include "../common/image_files.h"

#define RT1176_FLASH_BASE 0x30000000u

/* Memory that an image may be loaded into, by its address as the M7 sees it. */
typedef struct Rt1176BootMemory {
    const char *name;
    MemoryRegion *mr;
    uint32_t base;
    uint32_t size;
} Rt1176BootMemory;

/* What the Cortex-M7 starts with. */
typedef struct Rt1176BootStart {
    uint32_t stack;
    uint32_t reset;        /* bit 0: Thumb */
    uint32_t vector_table; /* for VTOR */
    uint32_t dcd;          /* device configuration data; 0: none */
} Rt1176BootStart;

/*
 * Load @files into @memory.
 *
 * @debug: false: they must lie in flash.  true: any memory, as a debugger
 * loads it; returns the vector table, which is at the lowest address of flash
 * that is loaded or, without flash, of ITCM.
 *
 * Whatever is wrong with a file ends the process with exit code 1 after one
 * line that says so.
 */
uint32_t rt1176_boot_load(const ImageFiles *files, bool debug,
                          const Rt1176BootMemory *memory, unsigned count);

/*
 * Check the headers (FCFB, IVT, boot data) in @flash and fill @start.  False:
 * the ROM would not start this image; @errp says why.
 */
bool rt1176_boot_check(MemoryRegion *flash, Rt1176BootStart *start,
                       Error **errp);

/*
 * Execute the device configuration data at @dcd in @flash on @as, as the ROM
 * does before it starts the image.  False: a command is damaged, or a check
 * does not come true.
 */
bool rt1176_boot_configure(MemoryRegion *flash, uint32_t dcd, AddressSpace *as,
                           Error **errp);

#endif
