/*
 * A peripheral that exists on the part but is not modelled: reads as zero,
 * ignores writes, and says so once (log mask "unimp").  A pure stand-in: it
 * has no state, so nothing to reset or to migrate.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "rt1176_unimp.h"

typedef struct Rt1176Unimp {
    MemoryRegion iomem;
    const char *name;
    hwaddr base;
    bool logged;
} Rt1176Unimp;

static void unimp_log(Rt1176Unimp *s, const char *what, hwaddr addr)
{
    if (!s->logged) {
        qemu_log_mask(LOG_UNIMP, "%s is not modelled: first %s at 0x%08"
                      HWADDR_PRIx "\n", s->name, what, s->base + addr);
        s->logged = true;
    }
}

static uint64_t unimp_read(void *opaque, hwaddr addr, unsigned size)
{
    unimp_log(opaque, "read", addr);
    return 0;
}

static void unimp_write(void *opaque, hwaddr addr, uint64_t value,
                        unsigned size)
{
    unimp_log(opaque, "write", addr);
}

static const MemoryRegionOps unimp_ops = {
    .read = unimp_read,
    .write = unimp_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
};

void rt1176_unimp_map(MemoryRegion *memory, const char *name, hwaddr base,
                      uint64_t size)
{
    Rt1176Unimp *s = g_new0(Rt1176Unimp, 1);

    s->name = name;
    s->base = base;
    memory_region_init_io(&s->iomem, NULL, &unimp_ops, s, name, size);
    memory_region_add_subregion(memory, base, &s->iomem);
}
