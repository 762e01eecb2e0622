/*
 * The blocks of the i.MX RT1176 that start-up code touches first: where they
 * are, and how they are wired (IMXRT1170RM, chapters "Memory Maps" and
 * "Interrupts, DMA Events, and XBAR Assignments").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "hw/qdev-properties.h"
#include "mimxrt1176_internal.h"
#include "rt1176_flexram.h"
#include "rt1176_flexspi.h"
#include "rt1176_guards.h"
#include "rt1176_ocotp.h"
#include "rt1176_power.h"
#include "rt1176_rom.h"
#include "rt1176_sema4.h"
#include "rt1176_snvs.h"
#include "rt1176_usb.h"

#define FLEXRAM_IRQ 50
#define SNVS_IRQ 66
#define SNVS_SECURITY_IRQ 67
#define FLEXRAM_ECC_IRQ 98
#define OCOTP_ERROR_IRQ 115
#define OCOTP_DONE_IRQ 116
#define FLEXSPI1_IRQ 130
#define FLEXSPI2_IRQ 131
#define SEMA4_IRQ 175

/* Blocks of registers without interrupts. */
static const struct {
    const char *name;
    const char *type;
    hwaddr base;
} register_files[] = {
    { "mecc1", TYPE_RT1176_MECC, 0x40014000 },
    { "mecc2", TYPE_RT1176_MECC, 0x40018000 },
    { "xecc-flexspi1", TYPE_RT1176_XECC, 0x4001c000 },
    { "xecc-flexspi2", TYPE_RT1176_XECC, 0x40020000 },
    { "xecc-semc", TYPE_RT1176_XECC, 0x40024000 },
    { "key-manager", TYPE_RT1176_KEY_MANAGER, 0x40c80000 },
    { "cdog", TYPE_RT1176_CDOG, 0x41900000 },
    { "usb-otg1", TYPE_RT1176_USB_OTG, 0x40430000 },
    { "usb-otg2", TYPE_RT1176_USB_OTG, 0x4042c000 },
    { "usbphy1", TYPE_RT1176_USBPHY, 0x40434000 },
    { "usbphy2", TYPE_RT1176_USBPHY, 0x40438000 },
    { "gpc", TYPE_RT1176_GPC, 0x40c00000 },
    { "pgmc", TYPE_RT1176_PGMC, 0x40c88000 },
    { "dcdc", TYPE_RT1176_DCDC, 0x40ca8000 },
    { "iomuxc-snvs", TYPE_RT1176_IOMUXC_SNVS, 0x40c94000 },
    { "iomuxc-snvs-gpr", TYPE_RT1176_IOMUXC_SNVS_GPR, 0x40c98000 },
};

static DeviceState *new_device(Mimxrt1176MachineState *s, const char *name,
                               const char *type)
{
    DeviceState *dev = qdev_new(type);

    object_property_add_child(OBJECT(s), name, OBJECT(dev));
    object_unref(OBJECT(dev));
    return dev;
}

static void realize_at(DeviceState *dev, hwaddr base)
{
    sysbus_realize(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
}

static void make_flexram(Mimxrt1176MachineState *s)
{
    DeviceState *dev = new_device(s, "flexram", TYPE_RT1176_FLEXRAM);
    Rt1176FlexramState *flexram = RT1176_FLEXRAM(dev);

    object_property_set_link(OBJECT(dev), "gpr", OBJECT(&s->iomuxc_gpr),
                             &error_abort);
    flexram->half[0] = &s->memory[ITCM];
    flexram->half[1] = &s->memory[DTCM];
    flexram->ecc_ram = &s->memory[FLEXRAM_ECC];
    flexram->m7_view = &s->view[CM7];
    flexram->system = get_system_memory();
    realize_at(dev, 0x40028000);
    mimxrt1176_connect_output(s, dev, RT1176_FLEXRAM_IRQ, FLEXRAM_IRQ);
    mimxrt1176_connect_output(s, dev, RT1176_FLEXRAM_ECC_IRQ, FLEXRAM_ECC_IRQ);
}

/* Flash is on FlexSPI1; on FlexSPI2 is nothing. */
static Rt1176FlexspiState *make_flexspis(Mimxrt1176MachineState *s)
{
    DeviceState *one = new_device(s, "flexspi1", TYPE_RT1176_FLEXSPI);
    DeviceState *two = new_device(s, "flexspi2", TYPE_RT1176_FLEXSPI);

    RT1176_FLEXSPI(one)->flash = &s->memory[FLASH];
    realize_at(one, 0x400cc000);
    realize_at(two, 0x400d0000);
    mimxrt1176_connect_irq(s, one, FLEXSPI1_IRQ);
    mimxrt1176_connect_irq(s, two, FLEXSPI2_IRQ);
    return RT1176_FLEXSPI(one);
}

static void make_rom(Mimxrt1176MachineState *s, Rt1176FlexspiState *flexspi)
{
    DeviceState *dev = new_device(s, "rom", TYPE_RT1176_ROM);

    RT1176_ROM(dev)->flash = &s->memory[FLASH];
    qdev_prop_set_bit(dev, "starts", s->starts && !s->debug_boot);
    object_property_set_link(OBJECT(dev), "m7", OBJECT(&s->core[CM7]),
                             &error_abort);
    object_property_set_link(OBJECT(dev), "anadig", OBJECT(&s->anadig),
                             &error_abort);
    object_property_set_link(OBJECT(dev), "flexspi", OBJECT(flexspi),
                             &error_abort);
    realize_at(dev, RT1176_ROM_BASE);
    qdev_connect_gpio_out_named(DEVICE(&s->src), "m7-restarted", 0,
                                qdev_get_gpio_in_named(dev, "m7-restarted",
                                                       0));
}

static void make_snvs(Mimxrt1176MachineState *s)
{
    DeviceState *dev = new_device(s, "snvs", TYPE_RT1176_SNVS);

    realize_at(dev, 0x40c90000);
    mimxrt1176_connect_output(s, dev, RT1176_SNVS_IRQ, SNVS_IRQ);
    mimxrt1176_connect_output(s, dev, RT1176_SNVS_SECURITY_IRQ,
                              SNVS_SECURITY_IRQ);
}

static void make_ocotp(Mimxrt1176MachineState *s)
{
    DeviceState *dev = new_device(s, "ocotp", TYPE_RT1176_OCOTP);

    realize_at(dev, 0x40cac000);
    mimxrt1176_connect_output(s, dev, RT1176_OCOTP_ERROR_IRQ, OCOTP_ERROR_IRQ);
    mimxrt1176_connect_output(s, dev, RT1176_OCOTP_DONE_IRQ, OCOTP_DONE_IRQ);
}

static void make_sema4(Mimxrt1176MachineState *s)
{
    DeviceState *dev = new_device(s, "sema4", TYPE_RT1176_SEMA4);

    realize_at(dev, 0x40cc8000);
    for (unsigned id = 0; id < CORES; id++) {
        mimxrt1176_connect_output(s, dev, id, SEMA4_IRQ + id);
    }
}

void mimxrt1176_make_startup(Mimxrt1176MachineState *s)
{
    make_ocotp(s);
    make_sema4(s);
    make_snvs(s);
    make_flexram(s);
    make_rom(s, make_flexspis(s));
    for (unsigned n = 0; n < ARRAY_SIZE(register_files); n++) {
        realize_at(new_device(s, register_files[n].name,
                              register_files[n].type),
                   register_files[n].base);
    }
}
