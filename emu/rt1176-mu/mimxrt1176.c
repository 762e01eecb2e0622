/*
 * Machine "mimxrt1176": the NXP i.MX RT1176 (IMXRT1170RM, chapters "Memory
 * Maps" and "Interrupts, DMA Events, and XBAR Assignments") with its Cortex-M7,
 * which boots from FlexSPI flash, and its Cortex-M4, which is held in reset
 * until software releases it.  Each core is a cluster of its own, has its own
 * NVIC and SysTick, and sees its own tightly coupled memories.  What is there
 * and what is not: docs/devices/mimxrt1176.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "qapi/visitor.h"
#include "qemu/error-report.h"
#include "hw/qdev-properties.h"
#include "system/icount-engine.h"
#include "../wire/wire.h"
#include "mimxrt1176_internal.h"

#define SLICE_NS_MAX 10000

/* A core must not wait longer than this for what the other one has done. */
static void mimxrt1176_check_slice(Mimxrt1176MachineState *s)
{
    if (s->slice_ns) {
        icount_set_slice_ns(s->slice_ns, &error_fatal);
    }
    if (icount_slice_ns() > SLICE_NS_MAX) {
        error_report("mimxrt1176: slices of %" PRId64 " ns are longer than %d"
                     " ns", icount_slice_ns(), SLICE_NS_MAX);
        exit(EXIT_FAILURE);
    }
}

static void mimxrt1176_init(MachineState *machine)
{
    Mimxrt1176MachineState *s = MIMXRT1176_MACHINE(machine);
    uint32_t vector_table;

    mimxrt1176_check_slice(s);
    wire_init();
    memory_region_transaction_begin(); /* some hundred regions, one map */
    mimxrt1176_make_memories(s);
    mimxrt1176_make_views(s);
    vector_table = mimxrt1176_load_image(s, &s->starts);
    mimxrt1176_make_clocks(s);
    mimxrt1176_make_core(s, CM7, vector_table, s->starts);
    mimxrt1176_make_caches(s);
    mimxrt1176_make_core(s, CM4, 0, false);
    mimxrt1176_make_devices(s);
    mimxrt1176_make_startup(s);
    mimxrt1176_make_pins(s);
    mimxrt1176_make_unmodelled(s);
    mimxrt1176_make_gates(s);
    mimxrt1176_make_board(s);
    memory_region_transaction_commit();
}

static char *mimxrt1176_get_boot(Object *obj, Error **errp)
{
    return g_strdup(MIMXRT1176_MACHINE(obj)->debug_boot ? "debug" : "flash");
}

static void mimxrt1176_set_boot(Object *obj, const char *value, Error **errp)
{
    if (strcmp(value, "flash") && strcmp(value, "debug")) {
        error_setg(errp, "boot-mode: '%s' is neither 'flash' nor 'debug'",
                   value);
        return;
    }
    MIMXRT1176_MACHINE(obj)->debug_boot = !strcmp(value, "debug");
}

static char *mimxrt1176_get_lockup(Object *obj, Error **errp)
{
    return g_strdup(MIMXRT1176_MACHINE(obj)->lockup_resets ? "reset" : "stop");
}

static void mimxrt1176_set_lockup(Object *obj, const char *value, Error **errp)
{
    if (strcmp(value, "stop") && strcmp(value, "reset")) {
        error_setg(errp, "lockup: '%s' is neither 'stop' nor 'reset'", value);
        return;
    }
    MIMXRT1176_MACHINE(obj)->lockup_resets = !strcmp(value, "reset");
}

static void mimxrt1176_get_slice(Object *obj, Visitor *v, const char *name,
                                 void *opaque, Error **errp)
{
    visit_type_uint32(v, name, &MIMXRT1176_MACHINE(obj)->slice_ns, errp);
}

static void mimxrt1176_set_slice(Object *obj, Visitor *v, const char *name,
                                 void *opaque, Error **errp)
{
    uint32_t slice_ns;

    if (!visit_type_uint32(v, name, &slice_ns, errp)) {
        return;
    }
    if (slice_ns < 1 || slice_ns > SLICE_NS_MAX) {
        error_setg(errp, "slice-ns: %" PRIu32 " is not within 1 to %d ns",
                   slice_ns, SLICE_NS_MAX);
        return;
    }
    MIMXRT1176_MACHINE(obj)->slice_ns = slice_ns;
}

static bool mimxrt1176_get_incoherent(Object *obj, Error **errp)
{
    return MIMXRT1176_MACHINE(obj)->incoherent_caches;
}

static void mimxrt1176_set_incoherent(Object *obj, bool value, Error **errp)
{
    MIMXRT1176_MACHINE(obj)->incoherent_caches = value;
}

static void set_file(Object *obj, Visitor *v, const char *name, void *opaque,
                     Error **errp)
{
    Mimxrt1176MachineState *s = MIMXRT1176_MACHINE(obj);
    char *filename;

    if (visit_type_str(v, name, &filename, errp)) {
        g_free(s->file[(uintptr_t)opaque]);
        s->file[(uintptr_t)opaque] = filename;
    }
}

static void set_images(Object *obj, Visitor *v, const char *name, void *opaque,
                       Error **errp)
{
    Mimxrt1176MachineState *s = MIMXRT1176_MACHINE(obj);

    image_files_free(s->images);
    s->images = NULL;
    image_files_visit(v, name, &s->images, errp);
}

static void mimxrt1176_finalize(Object *obj)
{
    Mimxrt1176MachineState *s = MIMXRT1176_MACHINE(obj);

    for (unsigned n = 0; n < FLASH_FILES; n++) {
        g_free(s->file[n]);
    }
    image_files_free(s->images);
    mimxrt1176_free_board(s);
}

static void add_loading_options(ObjectClass *klass)
{
    object_class_property_add(klass, "images", "list", NULL, set_images, NULL,
                              NULL);
    object_class_property_set_description(klass, "images",
        "images.N.file: ELF file, or raw with its address images.N.at");
    object_class_property_add(klass, "flash-load", "string", NULL, set_file,
                              NULL, (void *)(uintptr_t)FLASH_LOAD);
    object_class_property_set_description(klass, "flash-load",
        "file with what is in flash before the images");
    object_class_property_add(klass, "flash-save", "string", NULL, set_file,
                              NULL, (void *)(uintptr_t)FLASH_SAVE);
    object_class_property_set_description(klass, "flash-save",
        "file that gets what is in flash at the end");
}

static void mimxrt1176_class_init(ObjectClass *klass, void *data)
{
    MachineClass *mc = MACHINE_CLASS(klass);

    mc->desc = "NXP i.MX RT1176 (Cortex-M7 and Cortex-M4)";
    mc->init = mimxrt1176_init;
    mc->min_cpus = CORES;
    mc->default_cpus = CORES;
    mc->max_cpus = CORES;
    mc->no_floppy = true;
    mc->no_cdrom = true;
    mc->no_parallel = true;
    add_loading_options(klass);
    mimxrt1176_add_board_options(klass);
    object_class_property_add_str(klass, "boot-mode", mimxrt1176_get_boot,
                                  mimxrt1176_set_boot);
    object_class_property_set_description(
        klass, "boot-mode", "flash: as the boot ROM does (default); debug: load"
        " any memory and start at the lowest address in flash or ITCM");
    object_class_property_add_str(klass, "lockup", mimxrt1176_get_lockup,
                                  mimxrt1176_set_lockup);
    object_class_property_set_description(
        klass, "lockup", "stop: a core that locks up stops the machine"
        " (default); reset: as the part does, SRC resets it unless SRMR says"
        " otherwise");
    object_class_property_add(klass, "slice-ns", "uint32",
                              mimxrt1176_get_slice, mimxrt1176_set_slice, NULL,
                              NULL);
    object_class_property_set_description(
        klass, "slice-ns", "the cores take turns at multiples of this virtual"
        " time, 1 to 10000 ns (default: what -icount slice= says)");
    object_class_property_add_bool(klass, "incoherent-caches",
                                   mimxrt1176_get_incoherent,
                                   mimxrt1176_set_incoherent);
    object_class_property_set_description(
        klass, "incoherent-caches", "the M7's data cache holds lines of shared"
        " memory until software maintains it (default: off)");
}

static const TypeInfo mimxrt1176_types[] = {
    {
        .name = TYPE_MIMXRT1176_MACHINE,
        .parent = TYPE_MACHINE,
        .instance_size = sizeof(Mimxrt1176MachineState),
        .instance_finalize = mimxrt1176_finalize,
        .class_init = mimxrt1176_class_init,
    },
};
DEFINE_TYPES(mimxrt1176_types)
