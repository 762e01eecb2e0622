/*
 * The synchronous serial buses of the i.MX RT1176: LPSPI, LPI2C (IMXRT1170RM,
 * chapters "Memory Maps" and "Interrupts, DMA Events, and XBAR Assignments").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "mimxrt1176_internal.h"

#define LPI2C1_IRQ 32
#define LPSPI1_IRQ 38

static void make_lpspis(Mimxrt1176MachineState *s)
{
    for (unsigned n = 0; n < LPSPIS; n++) {
        g_autofree char *name = g_strdup_printf("lpspi%u", n + 1);
        hwaddr base = n < 4 ? 0x40114000 + 0x4000 * n
                            : 0x40c2c000 + 0x4000 * (n - 4);
        DeviceState *dev;

        object_initialize_child(OBJECT(s), name, &s->lpspi[n],
                                TYPE_RT1176_LPSPI);
        dev = DEVICE(&s->lpspi[n]);
        qdev_prop_set_string(dev, "spi", name);
        qdev_connect_clock_in(dev, "clk",
                              qdev_get_clock_out(DEVICE(&s->ccm), name));
        sysbus_realize(SYS_BUS_DEVICE(dev), &error_fatal);
        sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
        mimxrt1176_connect_irq(s, dev, LPSPI1_IRQ + n);
    }
}

static void make_lpi2cs(Mimxrt1176MachineState *s)
{
    for (unsigned n = 0; n < LPI2CS; n++) {
        g_autofree char *name = g_strdup_printf("lpi2c%u", n + 1);
        hwaddr base = n < 4 ? 0x40104000 + 0x4000 * n
                            : 0x40c34000 + 0x4000 * (n - 4);
        DeviceState *dev;

        object_initialize_child(OBJECT(s), name, &s->lpi2c[n],
                                TYPE_RT1176_LPI2C);
        dev = DEVICE(&s->lpi2c[n]);
        qdev_prop_set_string(dev, "i2c", name);
        qdev_connect_clock_in(dev, "clk",
                              qdev_get_clock_out(DEVICE(&s->ccm), name));
        sysbus_realize(SYS_BUS_DEVICE(dev), &error_fatal);
        sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
        mimxrt1176_connect_irq(s, dev, LPI2C1_IRQ + n);
    }
}

void mimxrt1176_make_serial(Mimxrt1176MachineState *s)
{
    make_lpi2cs(s);
    make_lpspis(s);
}
