/*
 * The blocks of the i.MX RT1176 that start-up code touches first: where they
 * are, and how they are wired (IMXRT1170RM, chapters "Memory Maps" and
 * "Interrupts, DMA Events, and XBAR Assignments").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "mimxrt1176_internal.h"

/* Blocks of registers without interrupts. */
static const struct {
    const char *name;
    const char *type;
    hwaddr base;
} register_files[] = {
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

void mimxrt1176_make_startup(Mimxrt1176MachineState *s)
{
    for (unsigned n = 0; n < ARRAY_SIZE(register_files); n++) {
        realize_at(new_device(s, register_files[n].name,
                              register_files[n].type),
                   register_files[n].base);
    }
}
