/*
 * Pads and GPIO ports of the i.MX RT1176: where they are, and how they are
 * wired (IMXRT1170RM, chapters "Memory Maps" and "Interrupts, DMA Events, and
 * XBAR Assignments").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "qapi/error.h"
#include "hw/or-irq.h"
#include "hw/qdev-properties.h"
#include "mimxrt1176_internal.h"

/* @irq: of signals 0..15 and of 16..31 */
static const struct {
    const char *name;
    hwaddr base;
    int irq[2];
} port[RT1176_GPIO_PORTS] = {
    [1] = { "gpio1", 0x4012c000, { 100, 101 } },
    [2] = { "gpio2", 0x40130000, { 102, 103 } },
    [3] = { "gpio3", 0x40134000, { 104, 105 } },
    [4] = { "gpio4", 0x40138000, { 106, 107 } },
    [5] = { "gpio5", 0x4013c000, { 108, 109 } },
    [6] = { "gpio6", 0x40140000, { 61, 62 } },
    [7] = { "gpio7", 0x40c5c000, { 99, 99 } },
    [8] = { "gpio8", 0x40c60000, { 99, 99 } },
    [9] = { "gpio9", 0x40c64000, { 99, 99 } },
    [10] = { "gpio10", 0x40c68000, { 99, 99 } },
    [11] = { "gpio11", 0x40c6c000, { 99, 99 } },
    [12] = { "gpio12", 0x40c70000, { 61, 62 } },
    [RT1176_GPIO13] = { "gpio13", 0x40ca0000, { 93, 93 } },
    [RT1176_CM7_GPIO2] = { "cm7-gpio2", 0x42008000, { 99, 99 } },
    [RT1176_CM7_GPIO3] = { "cm7-gpio3", 0x4200c000, { 99, 99 } },
};

/* Ports that share a line are ORed; there are not more outputs than these. */
#define OUTPUTS (2 * RT1176_GPIO_PORTS)

typedef struct SharedIrq {
    int irq;
    unsigned outputs; /* connected so far */
    DeviceState *gate[CORES];
} SharedIrq;

static void make_shared(Mimxrt1176MachineState *s, SharedIrq *shared)
{
    for (unsigned id = 0; id < CORES; id++) {
        DeviceState *gate = qdev_new(TYPE_OR_IRQ);

        object_property_add_child(OBJECT(s), "gpio-irq[*]", OBJECT(gate));
        qdev_prop_set_uint16(gate, "num-lines", OUTPUTS);
        qdev_realize_and_unref(gate, NULL, &error_fatal);
        qdev_connect_gpio_out(gate, 0, qdev_get_gpio_in(DEVICE(&s->core[id]),
                                                        shared->irq));
        shared->gate[id] = gate;
    }
}

/* Ports on the M7's own bus interrupt the M7 alone. */
static void connect_shared(Mimxrt1176MachineState *s, SharedIrq *shared,
                           SysBusDevice *gpio, unsigned output, bool m7_only)
{
    unsigned line = shared->outputs++;
    const qemu_irq to[CORES] = {
        [CM7] = qdev_get_gpio_in(shared->gate[CM7], line),
        [CM4] = qdev_get_gpio_in(shared->gate[CM4], line),
    };

    if (m7_only) {
        sysbus_connect_irq(gpio, output, to[CM7]);
    } else {
        mimxrt1176_connect_both(s, gpio, output, to);
    }
}

static void make_pads(Mimxrt1176MachineState *s)
{
    Object *pads = OBJECT(&s->pads);

    object_initialize_child(OBJECT(s), "pads", &s->pads, TYPE_RT1176_PADS);
    object_property_set_link(pads, "iomuxc", OBJECT(&s->iomuxc), &error_abort);
    object_property_set_link(pads, "iomuxc-lpsr", OBJECT(&s->iomuxc_lpsr),
                             &error_abort);
    object_property_set_link(
        pads, "iomuxc-snvs",
        object_resolve_path_component(OBJECT(s), "iomuxc-snvs"), &error_abort);
    object_property_set_link(pads, "iomuxc-gpr", OBJECT(&s->iomuxc_gpr),
                             &error_abort);
    sysbus_realize(SYS_BUS_DEVICE(pads), &error_fatal);
}

void mimxrt1176_make_pins(Mimxrt1176MachineState *s)
{
    SharedIrq shared[] = { { 61 }, { 62 }, { 93 }, { 99 } };

    make_pads(s);
    for (unsigned i = 0; i < ARRAY_SIZE(shared); i++) {
        make_shared(s, &shared[i]);
    }
    for (unsigned n = RT1176_GPIO1; n < RT1176_GPIO_PORTS; n++) {
        bool m7_only = n >= RT1176_CM7_GPIO2;
        SysBusDevice *gpio;

        object_initialize_child(OBJECT(s), port[n].name, &s->gpio[n],
                                TYPE_RT1176_GPIO);
        gpio = SYS_BUS_DEVICE(&s->gpio[n]);
        qdev_prop_set_uint8(DEVICE(gpio), "port", n);
        object_property_set_link(OBJECT(gpio), "pads", OBJECT(&s->pads),
                                 &error_abort);
        sysbus_realize(gpio, &error_fatal);
        memory_region_add_subregion(m7_only ? &s->view[CM7]
                                            : get_system_memory(),
                                    port[n].base,
                                    sysbus_mmio_get_region(gpio, 0));
        for (unsigned half = 0; half < 2; half++) {
            unsigned i = 0;

            while (i < ARRAY_SIZE(shared) &&
                   shared[i].irq != port[n].irq[half]) {
                i++;
            }
            if (i < ARRAY_SIZE(shared)) {
                connect_shared(s, &shared[i], gpio, half, m7_only);
            } else {
                mimxrt1176_connect_output(s, gpio, half, port[n].irq[half]);
            }
        }
    }
}
