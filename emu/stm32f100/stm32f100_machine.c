/*
 * Machines "stm32f100c8" (64 KiB of flash, 48 pins: the px4io class of boards)
 * and "stm32f100rb" (128 KiB, 64 pins: STM32VLDISCOVERY).
 *
 * Packages: datasheet STM32F100x4/6/8/B, table 4.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/error-report.h"
#include "qemu/module.h"
#include "qemu/units.h"
#include "hw/boards.h"
#include "hw/qdev-properties.h"
#include "system/qtest.h"
#include "../common/flash_file.h"
#include "../wire/wire.h"
#include "stm32f100_image.h"
#include "stm32f100_soc.h"

#define TYPE_STM32F100_MACHINE "stm32f100-machine"
OBJECT_DECLARE_TYPE(Stm32f100MachineState, Stm32f100MachineClass,
                    STM32F100_MACHINE)

#define FLASH_SIZE_MAX (512 * KiB) /* of the largest part of the line */
#define VECTOR_TABLE_ALIGNMENT 512 /* VTOR (PM0056 4.4.4) */

/* How messages call them. */
#define FLASH_FILE "stm32f100: flash file"
#define OPTION_FILE "stm32f100: option file"

typedef enum Option {
    FLASH_SIZE,
    SRAM_SIZE,
    SRAM_POISON,
    MPU_REGIONS,
    HSE_HZ,
    HSE_START_US,
    PLL_MAX_HZ,
    LSE_HZ,
    VBAT,
    UNIQUE_ID_0,
    UNIQUE_ID_1,
    UNIQUE_ID_2,
    VECTOR_TABLE,
    OPTIONS
} Option;

static const struct {
    const char *name;
    const char *description;
    uint32_t value;
} option_info[OPTIONS] = {
    { "flash-size", "bytes of flash; the default is the part's" },
    { "sram-size", "bytes of SRAM; the parts have 8192", 8 * KiB },
    { "sram-poison", "word that SRAM is full of at power-on", 0xdeadbeef },
    { "mpu-regions", "regions of an MPU, which the parts lack", 0 },
    { "hse-hz", "crystal of the high-speed external oscillator, 0: none;"
      " the default is the board's" },
    { "hse-start-us", "how long that takes from ON to ready", 1200 },
    { "pll-max-hz", "up to which the PLL locks; the parts: 24000000",
      24000000 },
    { "lse-hz", "crystal of the low-speed external oscillator, 0: none",
      32768 },
    { "vbat", "1: a battery keeps the backup domain when VDD is gone", 0 },
    { "unique-id-0", "bits 31:0 of the unique id", 0x0031003a },
    { "unique-id-1", "bits 63:32 of the unique id", 0x3033470d },
    { "unique-id-2", "bits 95:64 of the unique id", 0x30343232 },
    { "vector-table", "where the core starts from instead of 0", 0 },
};

typedef enum FileOption {
    FLASH_LOAD,
    FLASH_SAVE,
    OPTIONS_LOAD,
    OPTIONS_SAVE,
    FILE_OPTIONS
} FileOption;

static const struct {
    const char *name;
    const char *description;
} file_info[FILE_OPTIONS] = {
    { "flash-load", "file with what is in flash before the images" },
    { "flash-save", "file that gets what is in flash at the end" },
    { "options-load", "file with the option bytes before the start" },
    { "options-save", "file that gets the option bytes at the end" },
};

struct Stm32f100MachineState {
    MachineState parent_obj;

    uint32_t option[OPTIONS];
    char *file[FILE_OPTIONS];
    bool flash_alias;
    ImageFiles *images;
    Stm32f100SocState soc;
};

struct Stm32f100MachineClass {
    MachineClass parent_class;

    uint32_t flash_size;
    uint32_t hse_hz; /* of the board that the part is on */
    uint16_t pins[STM32F100_PORTS];
};

static void check_options(const Stm32f100MachineState *s)
{
    uint32_t size = s->option[FLASH_SIZE], table = s->option[VECTOR_TABLE];

    if (size > FLASH_SIZE_MAX) {
        error_report("stm32f100: flash-size=%" PRIu32 " is more than %" PRIu64
                     " bytes", size, FLASH_SIZE_MAX);
        exit(1);
    }
    if (table && (table % VECTOR_TABLE_ALIGNMENT ||
                  table < STM32F100_FLASH_BASE ||
                  table >= STM32F100_FLASH_BASE + size)) {
        error_report("stm32f100: vector-table=0x%08" PRIx32 " is no multiple of"
                     " 0x%x in flash", table, VECTOR_TABLE_ALIGNMENT);
        exit(1);
    }
}

/* What is in flash when the part is switched on; -kernel is the first image. */
static void fill_flash(Stm32f100MachineState *s)
{
    ImageFile kernel_file = {
        .name = MACHINE(s)->kernel_filename,
    };
    ImageFiles kernel = { .next = s->images, .value = &kernel_file };
    Stm32f100ImageTarget target = {
        .flash = &s->soc.flash.memory,
        .base = STM32F100_FLASH_BASE,
        .alias = s->flash_alias,
        .vector_table = s->option[VECTOR_TABLE] ?: STM32F100_FLASH_BASE,
    };

    if (s->file[FLASH_LOAD]) {
        flash_file_load(FLASH_FILE, s->file[FLASH_LOAD], target.flash);
    }
    if (s->soc.starts) {
        stm32f100_image_load(kernel_file.name ? &kernel : s->images, &target);
    }
    if (s->file[FLASH_SAVE]) {
        flash_file_save_at_exit(FLASH_FILE, s->file[FLASH_SAVE], target.flash);
    }
}

/* The first reset loads them, as any other (PM0063 2.6). */
static void fill_options(Stm32f100MachineState *s)
{
    MemoryRegion *options = &s->soc.flash.options;
    Error *err = NULL;

    if (s->file[OPTIONS_LOAD]) {
        flash_file_load(OPTION_FILE, s->file[OPTIONS_LOAD], options);
        if (!stm32f100_options_check(memory_region_get_ram_ptr(options),
                                     &err)) {
            error_reportf_err(err, OPTION_FILE " '%s': ",
                              s->file[OPTIONS_LOAD]);
            exit(1);
        }
    }
    if (s->file[OPTIONS_SAVE]) {
        flash_file_save_at_exit(OPTION_FILE, s->file[OPTIONS_SAVE], options);
    }
}

static void stm32f100_init(MachineState *machine)
{
    static const char *const pins_property[STM32F100_PORTS] = {
        "pins-a", "pins-b", "pins-c", "pins-d", "pins-e"
    };
    Stm32f100MachineState *s = STM32F100_MACHINE(machine);
    Stm32f100MachineClass *mc = STM32F100_MACHINE_GET_CLASS(machine);
    bool starts = machine->kernel_filename || s->images || s->file[FLASH_LOAD];
    DeviceState *soc;

    check_options(s);
    if (!starts && !qtest_enabled()) {
        warn_report("%s: no image (-kernel ELF): flash is blank, the core does"
                    " not start", mc->parent_class.name);
    }
    wire_init();
    object_initialize_child(OBJECT(s), "soc", &s->soc, TYPE_STM32F100_MEWS_SOC);
    soc = DEVICE(&s->soc);
    qdev_prop_set_bit(soc, "starts", starts);
    for (unsigned n = 0; n < OPTIONS; n++) {
        qdev_prop_set_uint32(soc, option_info[n].name, s->option[n]);
    }
    for (unsigned n = 0; n < STM32F100_PORTS; n++) {
        qdev_prop_set_uint16(soc, pins_property[n], mc->pins[n]);
    }
    sysbus_realize(SYS_BUS_DEVICE(soc), &error_fatal);
    fill_flash(s);
    fill_options(s);
}

static void option_access(Object *obj, Visitor *v, const char *name,
                          void *opaque, Error **errp)
{
    Option option = (uintptr_t)opaque;

    visit_type_uint32(v, name, &STM32F100_MACHINE(obj)->option[option], errp);
}

static void set_file(Object *obj, Visitor *v, const char *name, void *opaque,
                     Error **errp)
{
    FileOption option = (uintptr_t)opaque;
    char *filename;

    if (visit_type_str(v, name, &filename, errp)) {
        g_free(STM32F100_MACHINE(obj)->file[option]);
        STM32F100_MACHINE(obj)->file[option] = filename;
    }
}

static void set_images(Object *obj, Visitor *v, const char *name, void *opaque,
                       Error **errp)
{
    Stm32f100MachineState *s = STM32F100_MACHINE(obj);

    image_files_free(s->images);
    s->images = NULL;
    image_files_visit(v, name, &s->images, errp);
}

static bool get_flash_alias(Object *obj, Error **errp)
{
    return STM32F100_MACHINE(obj)->flash_alias;
}

static void set_flash_alias(Object *obj, bool value, Error **errp)
{
    STM32F100_MACHINE(obj)->flash_alias = value;
}

static void stm32f100_instance_init(Object *obj)
{
    Stm32f100MachineState *s = STM32F100_MACHINE(obj);

    for (unsigned n = 0; n < OPTIONS; n++) {
        s->option[n] = option_info[n].value;
    }
    s->option[FLASH_SIZE] = STM32F100_MACHINE_GET_CLASS(obj)->flash_size;
    s->option[HSE_HZ] = STM32F100_MACHINE_GET_CLASS(obj)->hse_hz;
}

static void stm32f100_instance_finalize(Object *obj)
{
    Stm32f100MachineState *s = STM32F100_MACHINE(obj);

    for (unsigned n = 0; n < FILE_OPTIONS; n++) {
        g_free(s->file[n]);
    }
    image_files_free(s->images);
}

static void add_loading_options(ObjectClass *klass)
{
    for (unsigned n = 0; n < FILE_OPTIONS; n++) {
        object_class_property_add(klass, file_info[n].name, "string", NULL,
                                  set_file, NULL, (void *)(uintptr_t)n);
        object_class_property_set_description(klass, file_info[n].name,
                                              file_info[n].description);
    }
    object_class_property_add(klass, "images", "list", NULL, set_images, NULL,
                              NULL);
    object_class_property_set_description(klass, "images",
        "images.N.file: ELF file, or raw with its address images.N.at");
    object_class_property_add_bool(klass, "flash-alias", get_flash_alias,
                                   set_flash_alias);
    object_class_property_set_description(klass, "flash-alias",
        "images may ask to be loaded to 0 instead of 0x08000000");
}

static void stm32f100_class_init(ObjectClass *klass, void *data)
{
    MachineClass *mc = MACHINE_CLASS(klass);

    mc->init = stm32f100_init;
    mc->max_cpus = 1;
    mc->no_floppy = true;
    mc->no_cdrom = true;
    mc->no_parallel = true;
    for (unsigned n = 0; n < OPTIONS; n++) {
        object_class_property_add(klass, option_info[n].name, "uint32",
                                  option_access, option_access, NULL,
                                  (void *)(uintptr_t)n);
        object_class_property_set_description(klass, option_info[n].name,
                                              option_info[n].description);
    }
    add_loading_options(klass);
}

static void stm32f100c8_class_init(ObjectClass *klass, void *data)
{
    Stm32f100MachineClass *mc = STM32F100_MACHINE_CLASS(klass);

    mc->parent_class.desc = "STM32F100C8: 64 KiB of flash, LQFP48 (Cortex-M3)";
    mc->flash_size = 64 * KiB;
    mc->hse_hz = 24000000;
    mc->pins[0] = 0xffff;
    mc->pins[1] = 0xffff;
    mc->pins[2] = 0xe000; /* PC13..15 */
    mc->pins[3] = 0x0003;
}

static void stm32f100rb_class_init(ObjectClass *klass, void *data)
{
    Stm32f100MachineClass *mc = STM32F100_MACHINE_CLASS(klass);

    mc->parent_class.desc = "STM32F100RB: 128 KiB of flash, LQFP64 (Cortex-M3)";
    mc->flash_size = 128 * KiB;
    mc->hse_hz = 8000000;
    mc->pins[0] = 0xffff;
    mc->pins[1] = 0xffff;
    mc->pins[2] = 0xffff;
    mc->pins[3] = 0x0007;
}

static const TypeInfo machine_types[] = {
    {
        .name = TYPE_STM32F100_MACHINE,
        .parent = TYPE_MACHINE,
        .abstract = true,
        .instance_size = sizeof(Stm32f100MachineState),
        .instance_init = stm32f100_instance_init,
        .instance_finalize = stm32f100_instance_finalize,
        .class_size = sizeof(Stm32f100MachineClass),
        .class_init = stm32f100_class_init,
    },
    {
        .name = MACHINE_TYPE_NAME("stm32f100c8"),
        .parent = TYPE_STM32F100_MACHINE,
        .class_init = stm32f100c8_class_init,
    },
    {
        .name = MACHINE_TYPE_NAME("stm32f100rb"),
        .parent = TYPE_STM32F100_MACHINE,
        .class_init = stm32f100rb_class_init,
    },
};
DEFINE_TYPES(machine_types)
