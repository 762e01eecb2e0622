/*
 * The caches of the i.MX RT1176's Cortex-M7: what its registers say of them,
 * and the data cache itself when property "incoherent-caches" asks for it
 * (IMXRT1170RM, chapter "ARM Cortex-M7 Platform"; Arm Cortex-M7 Processor TRM,
 * chapter "Memory System").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "target/arm/cpu.h"
#include "mimxrt1176_internal.h"

/* 32 KiB each in lines of 32 octets: data in 4 ways, instructions in 2. */
#define M7_CLIDR 0x09000003
#define M7_CCSIDR_DATA 0xf01fe019
#define M7_CCSIDR_INSTRUCTIONS 0xf03fe009

#define MAINTENANCE_BASE 0xe000ef50
#define CACR_BASE 0xe000ef9c
#define CORE_PRIORITY 1 /* over the NVIC's registers */

void mimxrt1176_make_caches(Mimxrt1176MachineState *s)
{
    ARMv7MState *core = &s->core[CM7];
    ARMCPU *cpu = core->cpu;
    SysBusDevice *cache;

    cpu->clidr = M7_CLIDR;
    cpu->ccsidr[0] = M7_CCSIDR_DATA;
    cpu->ccsidr[1] = M7_CCSIDR_INSTRUCTIONS;
    if (!s->incoherent_caches) {
        return;
    }
    object_initialize_child(OBJECT(s), "cm7-dcache", &s->dcache,
                            TYPE_RT1176_DCACHE);
    cache = SYS_BUS_DEVICE(&s->dcache);
    object_property_set_link(OBJECT(cache), "memory",
                             OBJECT(get_system_memory()), &error_abort);
    sysbus_realize(cache, &error_fatal);
    for (unsigned n = 0; n < RT1176_DCACHE_PORTS; n++) {
        hwaddr policy = (hwaddr)s->dcache.port[n].policy
                        << ARM_DCACHE_POLICY_SHIFT;

        memory_region_add_subregion(&core->container,
                                    policy | RT1176_DCACHE_BASE,
                                    sysbus_mmio_get_region(cache, n));
    }
    memory_region_add_subregion_overlap(
        &core->container, MAINTENANCE_BASE,
        sysbus_mmio_get_region(cache, RT1176_DCACHE_MAINTENANCE),
        CORE_PRIORITY);
    memory_region_add_subregion_overlap(
        &core->container, CACR_BASE,
        sysbus_mmio_get_region(cache, RT1176_DCACHE_CONTROL), CORE_PRIORITY);
    cpu->v7m_dcache_base = RT1176_DCACHE_BASE;
    cpu->v7m_dcache_size = RT1176_DCACHE_SIZE;
}
