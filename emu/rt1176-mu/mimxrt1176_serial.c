/*
 * The serial ports of the i.MX RT1176: LPUART, LPI2C, LPSPI (IMXRT1170RM,
 * chapters "Memory Maps" and "Interrupts, DMA Events, and XBAR Assignments").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "mimxrt1176_internal.h"

#define LPUART1_IRQ 20
#define LPI2C1_IRQ 32
#define LPSPI1_IRQ 38

/*
 * Port @number (from 1) of its kind: its name is "@kind@number", its property
 * @name_property tells it, and its clock is CCM's of this name.
 */
static void make_port(Mimxrt1176MachineState *s, const char *kind,
                      unsigned number, void *device, size_t size,
                      const char *type, const char *name_property, hwaddr base,
                      int irq)
{
    g_autofree char *name = g_strdup_printf("%s%u", kind, number);
    DeviceState *dev;

    object_initialize_child_with_props(OBJECT(s), name, device, size, type,
                                       &error_abort, name_property, name, NULL);
    dev = DEVICE(device);
    qdev_connect_clock_in(dev, "clk",
                          qdev_get_clock_out(DEVICE(&s->ccm), name));
    sysbus_realize(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
    mimxrt1176_connect_irq(s, dev, irq);
}

/* Ports from @low on are in the low-power domain, the others before it. */
static hwaddr port_base(unsigned n, unsigned low, hwaddr base, hwaddr low_base)
{
    return n < low ? base + 0x4000 * n : low_base + 0x4000 * (n - low);
}

void mimxrt1176_make_serial(Mimxrt1176MachineState *s)
{
    for (unsigned n = 0; n < LPUARTS; n++) {
        make_port(s, "lpuart", n + 1, &s->lpuart[n], sizeof(s->lpuart[n]),
                  TYPE_RT1176_LPUART, "uart",
                  port_base(n, 10, 0x4007c000, 0x40c24000), LPUART1_IRQ + n);
    }
    for (unsigned n = 0; n < LPI2CS; n++) {
        make_port(s, "lpi2c", n + 1, &s->lpi2c[n], sizeof(s->lpi2c[n]),
                  TYPE_RT1176_LPI2C, "i2c",
                  port_base(n, 4, 0x40104000, 0x40c34000), LPI2C1_IRQ + n);
    }
    for (unsigned n = 0; n < LPSPIS; n++) {
        make_port(s, "lpspi", n + 1, &s->lpspi[n], sizeof(s->lpspi[n]),
                  TYPE_RT1176_LPSPI, "spi",
                  port_base(n, 4, 0x40114000, 0x40c2c000), LPSPI1_IRQ + n);
    }
}
