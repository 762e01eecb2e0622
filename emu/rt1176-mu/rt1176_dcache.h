/*
 * The data cache of the i.MX RT1176's Cortex-M7 in front of the memory it
 * shares with the Cortex-M4 (Arm Cortex-M7 Processor TRM, chapter "Memory
 * System"; ARMv7-M ARM B2.2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef RT1176_DCACHE_H
#define RT1176_DCACHE_H

#include "hw/sysbus.h"

#define TYPE_RT1176_DCACHE "rt1176-dcache"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176DcacheState, RT1176_DCACHE)

/* LMEM, OCRAM1, OCRAM2, their ECC memories, and FlexRAM's OCRAM. */
#define RT1176_DCACHE_BASE 0x20200000
#define RT1176_DCACHE_SIZE 0x00200000

#define RT1176_DCACHE_LINE 32
#define RT1176_DCACHE_LINES (RT1176_DCACHE_SIZE / RT1176_DCACHE_LINE)

/* Sysbus regions: one per policy (ARMDCachePolicy - 1), maintenance, CACR. */
#define RT1176_DCACHE_PORTS 3
#define RT1176_DCACHE_MAINTENANCE RT1176_DCACHE_PORTS
#define RT1176_DCACHE_CONTROL (RT1176_DCACHE_PORTS + 1)

typedef struct Rt1176DcachePort {
    MemoryRegion region;
    Rt1176DcacheState *cache;
    unsigned policy;
} Rt1176DcachePort;

struct Rt1176DcacheState {
    SysBusDevice parent_obj;

    Rt1176DcachePort port[RT1176_DCACHE_PORTS];
    MemoryRegion maintenance;
    MemoryRegion control;
    MemoryRegion *memory; /* property "memory": what is behind the cache */
    AddressSpace behind;

    uint32_t cacr;
    uint8_t line_state[RT1176_DCACHE_LINES];
    uint8_t data[RT1176_DCACHE_SIZE];
};

#endif
