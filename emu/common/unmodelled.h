/*
 * A peripheral that exists on the part but is not modelled: reads as zero,
 * ignores writes, and says so once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_COMMON_UNMODELLED_H
#define HW_MEWS_COMMON_UNMODELLED_H

#include "exec/memory.h"

/* Map such a peripheral into @memory. */
void unmodelled_map(MemoryRegion *memory, const char *name, hwaddr base,
                    uint64_t size);

#endif
