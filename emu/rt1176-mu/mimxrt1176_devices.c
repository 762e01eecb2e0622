/*
 * The peripherals of the i.MX RT1176: where they are, and how they are wired
 * (IMXRT1170RM, chapters "Memory Maps" and "Interrupts, DMA Events, and XBAR
 * Assignments").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "../wire/wire.h"
#include "mimxrt1176_internal.h"

#define OSC_32K_HZ 32768

/* Interrupts of the first of each kind; the others follow it. */
#define WDOG2_IRQ 65
#define WDOG1_IRQ 112
#define RTWDOG_IRQ 113 /* RTWDOG3 at the M7, RTWDOG4 at the M4 */
#define MU_IRQ 118
#define GPT1_IRQ 119

/* Init and map a peripheral without properties. */
static void make_device(Mimxrt1176MachineState *s, const char *name,
                        void *device, size_t size, const char *type,
                        hwaddr base)
{
    object_initialize_child_with_props(OBJECT(s), name, device, size, type,
                                       &error_abort, NULL);
    sysbus_realize(SYS_BUS_DEVICE(device), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(device), 0, base);
}

void mimxrt1176_make_clocks(Mimxrt1176MachineState *s)
{
    make_device(s, "anadig", &s->anadig, sizeof(s->anadig), TYPE_RT1176_ANADIG,
                0x40c84000);
    object_initialize_child(OBJECT(s), "ccm", &s->ccm, TYPE_RT1176_CCM);
    for (unsigned n = 0; n < RT1176_CLOCK_SOURCES; n++) {
        const char *name = rt1176_clock_source_name(n);

        qdev_connect_clock_in(DEVICE(&s->ccm), name,
                              qdev_get_clock_out(DEVICE(&s->anadig), name));
    }
    sysbus_realize(SYS_BUS_DEVICE(&s->ccm), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(&s->ccm), 0, 0x40cc0000);
}

static void make_register_files(Mimxrt1176MachineState *s)
{
    make_device(s, "iomuxc", &s->iomuxc, sizeof(s->iomuxc),
                TYPE_RT1176_IOMUXC, 0x400e8000);
    make_device(s, "iomuxc-gpr", &s->iomuxc_gpr, sizeof(s->iomuxc_gpr),
                TYPE_RT1176_IOMUXC_GPR, 0x400e4000);
    make_device(s, "iomuxc-lpsr", &s->iomuxc_lpsr, sizeof(s->iomuxc_lpsr),
                TYPE_RT1176_IOMUXC_LPSR, 0x40c08000);
    make_device(s, "iomuxc-lpsr-gpr", &s->iomuxc_lpsr_gpr,
                sizeof(s->iomuxc_lpsr_gpr), TYPE_RT1176_IOMUXC_LPSR_GPR,
                0x40c0c000);
}

static void connect_core_reset(Mimxrt1176MachineState *s, CoreId id,
                               const char *output, Rt1176ResetRequest request)
{
    qdev_connect_gpio_out_named(
        DEVICE(&s->core[id]), output, 0,
        qdev_get_gpio_in_named(DEVICE(&s->src), "request", request));
}

static void make_src(Mimxrt1176MachineState *s)
{
    DeviceState *src;

    object_initialize_child(OBJECT(s), "src", &s->src, TYPE_RT1176_SRC);
    src = DEVICE(&s->src);
    object_property_set_link(OBJECT(src), "m7", OBJECT(&s->core[CM7]),
                             &error_abort);
    object_property_set_link(OBJECT(src), "m4", OBJECT(&s->core[CM4]),
                             &error_abort);
    object_property_set_link(OBJECT(src), "lpsr-gpr",
                             OBJECT(&s->iomuxc_lpsr_gpr), &error_abort);
    sysbus_realize(SYS_BUS_DEVICE(src), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(src), 0, 0x40c04000);
    connect_core_reset(s, CM7, "SYSRESETREQ", RT1176_RESET_M7_REQUEST);
    connect_core_reset(s, CM4, "SYSRESETREQ", RT1176_RESET_M4_REQUEST);
    if (s->lockup_resets) {
        connect_core_reset(s, CM7, "LOCKUP", RT1176_RESET_M7_LOCKUP);
        connect_core_reset(s, CM4, "LOCKUP", RT1176_RESET_M4_LOCKUP);
    }
}

static void make_gpts(Mimxrt1176MachineState *s)
{
    s->osc_32k = clock_new(OBJECT(s), "osc-32k");
    clock_set(s->osc_32k, wire_clock_period(OSC_32K_HZ));
    for (unsigned n = 0; n < GPTS; n++) {
        g_autofree char *name = g_strdup_printf("gpt%u", n + 1);
        DeviceState *dev;

        object_initialize_child(OBJECT(s), name, &s->gpt[n], TYPE_RT1176_GPT);
        dev = DEVICE(&s->gpt[n]);
        qdev_prop_set_string(dev, "gpt", name);
        qdev_connect_clock_in(dev, "root",
                              qdev_get_clock_out(DEVICE(&s->ccm), name));
        qdev_connect_clock_in(
            dev, "osc-16m",
            qdev_get_clock_out(DEVICE(&s->anadig),
                               rt1176_clock_source_name(RT1176_OSC_RC_16M)));
        qdev_connect_clock_in(dev, "osc-32k", s->osc_32k);
        sysbus_realize(SYS_BUS_DEVICE(dev), &error_fatal);
        sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, 0x400ec000 + 0x4000 * n);
        mimxrt1176_connect_irq(s, dev, GPT1_IRQ + n);
    }
}

static void connect_reset(Mimxrt1176MachineState *s, void *device,
                          Rt1176ResetRequest request)
{
    qdev_connect_gpio_out_named(
        DEVICE(device), "reset", 0,
        qdev_get_gpio_in_named(DEVICE(&s->src), "request", request));
}

static void make_watchdogs(Mimxrt1176MachineState *s)
{
    static const int wdog_irq[WDOGS] = { WDOG1_IRQ, WDOG2_IRQ };
    static const hwaddr rtwdog_base[RTWDOGS] = { 0x40038000, 0x40c10000 };

    for (unsigned n = 0; n < WDOGS; n++) {
        g_autofree char *name = g_strdup_printf("wdog%u", n + 1);

        object_initialize_child(OBJECT(s), name, &s->wdog[n],
                                TYPE_RT1176_WDOG);
        object_property_set_link(OBJECT(&s->wdog[n]), "src", OBJECT(&s->src),
                                 &error_abort);
        sysbus_realize(SYS_BUS_DEVICE(&s->wdog[n]), &error_fatal);
        sysbus_mmio_map(SYS_BUS_DEVICE(&s->wdog[n]), 0,
                        0x40030000 + 0x4000 * n);
        mimxrt1176_connect_irq(s, &s->wdog[n], wdog_irq[n]);
        connect_reset(s, &s->wdog[n], RT1176_RESET_WDOG);
    }
    for (unsigned n = 0; n < RTWDOGS; n++) {
        g_autofree char *name = g_strdup_printf("rtwdog%u", n + 3);
        SysBusDevice *dev;

        object_initialize_child(OBJECT(s), name, &s->rtwdog[n],
                                TYPE_RT1176_RTWDOG);
        dev = SYS_BUS_DEVICE(&s->rtwdog[n]);
        qdev_connect_clock_in(DEVICE(dev), "bus",
                              qdev_get_clock_out(DEVICE(&s->ccm), name));
        sysbus_realize(dev, &error_fatal);
        sysbus_mmio_map(dev, 0, rtwdog_base[n]);
        sysbus_connect_irq(dev, 0, qdev_get_gpio_in(DEVICE(&s->core[n]),
                                                    RTWDOG_IRQ));
        connect_reset(s, dev, RT1176_RESET_WDOG3 + n);
    }
}

static void make_mu(Mimxrt1176MachineState *s)
{
    SysBusDevice *dev;

    object_initialize_child(OBJECT(s), "mu", &s->mu, TYPE_RT1176_MU);
    dev = SYS_BUS_DEVICE(&s->mu);
    qdev_connect_clock_in(DEVICE(dev), "clk-a",
                          qdev_get_clock_out(DEVICE(&s->ccm), "mu-a"));
    qdev_connect_clock_in(DEVICE(dev), "clk-b",
                          qdev_get_clock_out(DEVICE(&s->ccm), "mu-b"));
    sysbus_realize(dev, &error_fatal);
    for (unsigned id = 0; id < CORES; id++) {
        sysbus_mmio_map(dev, id, 0x40c48000 + 0x4000 * id);
        sysbus_connect_irq(dev, id, qdev_get_gpio_in(DEVICE(&s->core[id]),
                                                     MU_IRQ));
    }
}

void mimxrt1176_make_devices(Mimxrt1176MachineState *s)
{
    make_register_files(s);
    make_src(s);
    make_gpts(s);
    make_watchdogs(s);
    make_mu(s);
    mimxrt1176_make_serial(s);
    mimxrt1176_make_dma(s);
}
