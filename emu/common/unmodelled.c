/*
 * A peripheral that exists on the part but is not modelled: reads as zero,
 * ignores writes, and says so once (log mask "unimp").  A pure stand-in: it
 * has no state, so nothing to reset or to migrate.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "unmodelled.h"

typedef struct Unmodelled {
    MemoryRegion iomem;
    const char *name;
    hwaddr base;
    bool logged;
} Unmodelled;

static void unmodelled_log(Unmodelled *s, const char *what, hwaddr addr)
{
    if (!s->logged && qemu_loglevel_mask(LOG_UNIMP)) {
        qemu_log_mask(LOG_UNIMP, "%s is not modelled: first %s at 0x%08"
                      HWADDR_PRIx "\n", s->name, what, s->base + addr);
        s->logged = true;
    }
}

static uint64_t unmodelled_read(void *opaque, hwaddr addr, unsigned size)
{
    unmodelled_log(opaque, "read", addr);
    return 0;
}

static void unmodelled_write(void *opaque, hwaddr addr, uint64_t value,
                             unsigned size)
{
    unmodelled_log(opaque, "write", addr);
}

static const MemoryRegionOps unmodelled_ops = {
    .read = unmodelled_read,
    .write = unmodelled_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
};

void unmodelled_map(MemoryRegion *memory, const char *name, hwaddr base,
                    uint64_t size)
{
    Unmodelled *s = g_new0(Unmodelled, 1);

    s->name = name;
    s->base = base;
    memory_region_init_io(&s->iomem, NULL, &unmodelled_ops, s, name, size);
    memory_region_add_subregion(memory, base, &s->iomem);
}
