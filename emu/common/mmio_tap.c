/*
 * A tap on registers: each access to the regions of the system bus that it is
 * laid over is handed on to the device below, and one line of a log tells what
 * it was.  It neither takes virtual time nor changes what the device sees.
 *
 *   -device mews-mmio-tap,regions=0x40004400+0x1c:0x40020000+0x90,log=FILE
 *
 * A line, fields separated by one blank: virtual time in ns, "r", "w" or "e",
 * size in bytes, address, value (both hexadecimal; the value read or written),
 * and who: the address of the core's instruction and its link register, behind
 * the name of the core's cluster if it is in one, "dma" for another bus master,
 * "debugger" for what a debugger or the control socket does.  "e": the access
 * of the same address before it was a bus error.  An instruction that a device
 * has executed again (icount_begin_access()) is one access.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "qemu/error-report.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "qapi/error.h"
#include "cpu.h"
#include "exec/address-spaces.h"
#include "exec/cpu-common.h"
#include "exec/translation-block.h"
#include "hw/core/cpu.h"
#include "hw/cpu/cluster.h"
#include "hw/qdev-core.h"
#include "hw/qdev-properties.h"
#include "tcg/insn-start-words.h"

#define TYPE_MMIO_TAP "mews-mmio-tap"
#define TAP_PRIORITY 1 /* as what machines lay over devices */

OBJECT_DECLARE_SIMPLE_TYPE(MmioTapState, MMIO_TAP)

/* What is laid over one region. */
typedef struct MmioTapCover {
    MemoryRegion iomem;
    MemoryRegionOps ops;
    MmioTapState *tap;
    MemoryRegion *below;
    hwaddr base;   /* on the bus */
    hwaddr offset; /* of the cover's begin, in the region below */
} MmioTapCover;

struct MmioTapState {
    DeviceState parent_obj;

    char *regions, *log_path;
    GPtrArray *covers;
    FILE *log;
    GString *line;
    GHashTable *last; /* CPUState * -> its last line */
    bool failed;
};

/* As arm_restore_state_to_opc(), which would change the state. */
static bool instruction_address(CPUState *cpu, uint32_t *pc)
{
    uint64_t data[TARGET_INSN_START_WORDS];
    uint32_t page;

    if (!cpu || !cpu_unwind_state_data(cpu, cpu->mem_io_pc, data)) {
        return false;
    }
    page = tcg_cflags_has(cpu, CF_PCREL)
               ? cpu_env(cpu)->regs[15] & TARGET_PAGE_MASK : 0;
    *pc = page | data[0];
    return true;
}

/* "cm7 ", or nothing for the core of a machine that has no clusters. */
static void add_cluster(GString *line, CPUState *cpu)
{
    Object *obj = OBJECT(cpu);

    while (obj && !object_dynamic_cast(obj, TYPE_CPU_CLUSTER)) {
        obj = obj->parent;
    }
    if (obj) {
        g_string_append_printf(line, "%s ",
                               object_get_canonical_path_component(obj));
    }
}

/* No instruction does the same twice at one time, unless it has to. */
static bool is_repeated(MmioTapState *s, CPUState *cpu)
{
    const char *last = g_hash_table_lookup(s->last, cpu);

    if (last && g_str_equal(last, s->line->str)) {
        return true;
    }
    g_hash_table_insert(s->last, cpu, g_strdup(s->line->str));
    return false;
}

static void tap_log(MmioTapCover *cover, char what, hwaddr addr, uint64_t value,
                    unsigned size, MemTxAttrs attrs)
{
    MmioTapState *s = cover->tap;
    bool executing = false;
    uint32_t pc;

    g_string_printf(s->line, "%" PRId64 " %c %u %08" HWADDR_PRIx " %0*" PRIx64
                    " ", qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL), what, size,
                    cover->base + addr, (int)(2 * size), value);
    if (attrs.unspecified) {
        g_string_append(s->line, "dma");
    } else if (instruction_address(current_cpu, &pc)) {
        executing = true;
        add_cluster(s->line, current_cpu);
        g_string_append_printf(s->line, "%08x %08x", pc,
                               cpu_env(current_cpu)->regs[14]);
    } else {
        g_string_append(s->line, "debugger");
    }
    if (executing && is_repeated(s, current_cpu)) {
        return;
    }
    if (fprintf(s->log, "%s\n", s->line->str) < 0 && !s->failed) {
        error_report("%s: %s", s->log_path, strerror(errno));
        s->failed = true;
    }
}

/*
 * What is there now: the device, or what has been laid over it since, as a
 * closed clock gate answers in its place.  (The list begins with what is on
 * top, and with the latest of equal priority.)
 */
static MemoryRegion *region_below(const MmioTapCover *cover, hwaddr *addr)
{
    hwaddr at = cover->base + *addr;
    MemoryRegion *mr = QTAILQ_NEXT(&cover->iomem, subregions_link);

    for (; mr && mr->priority == TAP_PRIORITY;
         mr = QTAILQ_NEXT(mr, subregions_link)) {
        if (mr->enabled && at >= mr->addr &&
            at - mr->addr < memory_region_size(mr)) {
            *addr = at - mr->addr;
            return mr;
        }
    }
    *addr += cover->offset;
    return cover->below;
}

static MemTxResult tap_read(void *opaque, hwaddr addr, uint64_t *value,
                            unsigned size, MemTxAttrs attrs)
{
    MmioTapCover *cover = opaque;
    hwaddr offset = addr;
    MemoryRegion *below = region_below(cover, &offset);
    MemTxResult result = memory_region_dispatch_read(
        below, offset, value, size_memop(size) | MO_LE, attrs);

    tap_log(cover, 'r', addr, *value, size, attrs);
    if (result != MEMTX_OK) {
        tap_log(cover, 'e', addr, *value, size, attrs);
    }
    return result;
}

/* The line comes first: what the write sets off, as by DMA, follows. */
static MemTxResult tap_write(void *opaque, hwaddr addr, uint64_t value,
                             unsigned size, MemTxAttrs attrs)
{
    MmioTapCover *cover = opaque;
    hwaddr offset = addr;
    MemoryRegion *below = region_below(cover, &offset);
    MemTxResult result;

    tap_log(cover, 'w', addr, value, size, attrs);
    result = memory_region_dispatch_write(below, offset, value,
                                          size_memop(size) | MO_LE, attrs);
    if (result != MEMTX_OK) {
        tap_log(cover, 'e', addr, value, size, attrs);
    }
    return result;
}

/*
 * The device below judges what it takes.  What is too wide for it is divided
 * among several accesses before it comes here, as without a tap.
 */
static void cover_region(MmioTapState *s, hwaddr base, hwaddr size,
                         Error **errp)
{
    MemoryRegionSection found =
        memory_region_find(get_system_memory(), base, size);
    MmioTapCover *cover;

    if (!found.mr || memory_region_is_ram(found.mr) ||
        int128_get64(found.size) != size) {
        error_setg(errp, "%s: no device at 0x%08" HWADDR_PRIx "+0x%"
                   HWADDR_PRIx, TYPE_MMIO_TAP, base, size);
        if (found.mr) {
            memory_region_unref(found.mr);
        }
        return;
    }
    cover = g_new0(MmioTapCover, 1);
    cover->tap = s;
    cover->below = found.mr; /* the reference is kept: taps are for ever */
    cover->base = base;
    cover->offset = found.offset_within_region;
    cover->ops = (MemoryRegionOps) {
        .read_with_attrs = tap_read, .write_with_attrs = tap_write,
        .endianness = DEVICE_LITTLE_ENDIAN,
        .valid = { .min_access_size = 1,
                   .max_access_size = found.mr->ops->valid.max_access_size,
                   .unaligned = found.mr->ops->valid.unaligned },
        .impl = { .min_access_size = 1, .max_access_size = 8,
                  .unaligned = true },
    };
    memory_region_init_io(&cover->iomem, OBJECT(s), &cover->ops, cover,
                          "mews-mmio-tap", size);
    /* a DMA that an access sets off; the device below has its own guard */
    cover->iomem.disable_reentrancy_guard = true;
    memory_region_add_subregion_overlap(get_system_memory(), base,
                                        &cover->iomem, TAP_PRIORITY);
    g_ptr_array_add(s->covers, cover);
}

/* "BASE+SIZE:BASE+SIZE" */
static void cover_regions(MmioTapState *s, Error **errp)
{
    ERRP_GUARD();
    g_auto(GStrv) region = g_strsplit(s->regions ?: "", ":", -1);

    for (unsigned i = 0; region[i] && !*errp; i++) {
        uint64_t base, size;
        const char *rest;

        if (qemu_strtou64(region[i], &rest, 0, &base) < 0 || *rest != '+' ||
            qemu_strtou64(rest + 1, NULL, 0, &size) < 0 || !size) {
            error_setg(errp, "%s: regions are BASE+SIZE, not '%s'",
                       TYPE_MMIO_TAP, region[i]);
            return;
        }
        cover_region(s, base, size, errp);
    }
}

static void tap_realize(DeviceState *dev, Error **errp)
{
    MmioTapState *s = MMIO_TAP(dev);

    if (!s->log_path || !s->regions) {
        error_setg(errp, "%s: properties regions and log are needed",
                   TYPE_MMIO_TAP);
        return;
    }
    s->log = fopen(s->log_path, "ae");
    if (!s->log) {
        error_setg_errno(errp, errno, "%s", s->log_path);
        return;
    }
    setvbuf(s->log, NULL, _IOLBF, 0);
    s->line = g_string_new(NULL);
    s->last = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    s->covers = g_ptr_array_new();
    cover_regions(s, errp);
}

static const Property tap_properties[] = {
    DEFINE_PROP_STRING("regions", MmioTapState, regions),
    DEFINE_PROP_STRING("log", MmioTapState, log_path),
};

static void tap_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "log of accesses to registers";
    dc->realize = tap_realize;
    dc->hotpluggable = false;
    dc->user_creatable = true;
    /* no vmsd: it has no state */
    device_class_set_props(dc, tap_properties);
}

static const TypeInfo tap_types[] = {
    {
        .name = TYPE_MMIO_TAP,
        .parent = TYPE_DEVICE,
        .instance_size = sizeof(MmioTapState),
        .class_init = tap_class_init,
    },
};

DEFINE_TYPES(tap_types)
