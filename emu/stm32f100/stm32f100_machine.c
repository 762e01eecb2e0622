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
#include "stm32f100_image.h"
#include "stm32f100_soc.h"

#define TYPE_STM32F100_MACHINE "stm32f100-machine"
OBJECT_DECLARE_TYPE(Stm32f100MachineState, Stm32f100MachineClass,
                    STM32F100_MACHINE)

typedef enum Option {
    SRAM_SIZE,
    SRAM_POISON,
    MPU_REGIONS,
    HSE_HZ,
    LSE_HZ,
    VBAT,
    UNIQUE_ID_0,
    UNIQUE_ID_1,
    UNIQUE_ID_2,
    OPTIONS
} Option;

static const struct {
    const char *name;
    const char *description;
    uint32_t value;
} option_info[OPTIONS] = {
    { "sram-size", "bytes of SRAM; the parts have 8192", 8 * KiB },
    { "sram-poison", "word that SRAM is full of at power-on", 0xdeadbeef },
    { "mpu-regions", "regions of an MPU, which the parts lack", 0 },
    { "hse-hz", "crystal of the high-speed external oscillator, 0: none",
      24000000 },
    { "lse-hz", "crystal of the low-speed external oscillator, 0: none",
      32768 },
    { "vbat", "1: a battery keeps the backup domain when VDD is gone", 0 },
    { "unique-id-0", "bits 31:0 of the unique id", 0x0031003a },
    { "unique-id-1", "bits 63:32 of the unique id", 0x3033470d },
    { "unique-id-2", "bits 95:64 of the unique id", 0x30343232 },
};

struct Stm32f100MachineState {
    MachineState parent_obj;

    uint32_t option[OPTIONS];
    Stm32f100SocState soc;
};

struct Stm32f100MachineClass {
    MachineClass parent_class;

    uint32_t flash_size;
    uint16_t pins[STM32F100_PORTS];
};

/*
 * The image is read before the SoC is made, since a blank part does not start;
 * it is put into flash when flash is there.
 */
static void stm32f100_init(MachineState *machine)
{
    static const char *const pins_property[STM32F100_PORTS] = {
        "pins-a", "pins-b", "pins-c", "pins-d", "pins-e"
    };
    Stm32f100MachineState *s = STM32F100_MACHINE(machine);
    Stm32f100MachineClass *mc = STM32F100_MACHINE_GET_CLASS(machine);
    const char *filename = machine->kernel_filename;
    DeviceState *soc;

    if (!filename && !qtest_enabled()) {
        warn_report("%s: no image (-kernel ELF): flash is blank, the core does"
                    " not start", mc->parent_class.name);
    }
    object_initialize_child(OBJECT(s), "soc", &s->soc, TYPE_STM32F100_MEWS_SOC);
    soc = DEVICE(&s->soc);
    qdev_prop_set_uint32(soc, "flash-size", mc->flash_size);
    qdev_prop_set_bit(soc, "starts", filename != NULL);
    for (unsigned n = 0; n < OPTIONS; n++) {
        qdev_prop_set_uint32(soc, option_info[n].name, s->option[n]);
    }
    for (unsigned n = 0; n < STM32F100_PORTS; n++) {
        qdev_prop_set_uint16(soc, pins_property[n], mc->pins[n]);
    }
    sysbus_realize(SYS_BUS_DEVICE(soc), &error_fatal);
    if (filename) {
        stm32f100_image_load(filename, &s->soc.flash.memory,
                             STM32F100_FLASH_BASE);
    }
}

static void option_access(Object *obj, Visitor *v, const char *name,
                          void *opaque, Error **errp)
{
    Option option = (uintptr_t)opaque;

    visit_type_uint32(v, name, &STM32F100_MACHINE(obj)->option[option], errp);
}

static void stm32f100_instance_init(Object *obj)
{
    for (unsigned n = 0; n < OPTIONS; n++) {
        STM32F100_MACHINE(obj)->option[n] = option_info[n].value;
    }
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
}

static void stm32f100c8_class_init(ObjectClass *klass, void *data)
{
    Stm32f100MachineClass *mc = STM32F100_MACHINE_CLASS(klass);

    mc->parent_class.desc = "STM32F100C8: 64 KiB of flash, LQFP48 (Cortex-M3)";
    mc->flash_size = 64 * KiB;
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
