/*
 * DMA of the i.MX RT1176: eDMA and eDMA_LPSR with their multiplexers, the
 * periodic interrupt timers that trigger them, and who asks for transfers
 * (IMXRT1170RM, chapters "Memory Maps" and "Interrupts, DMA Events, and XBAR
 * Assignments").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/units.h"
#include "qapi/error.h"
#include "exec/address-spaces.h"
#include "hw/core/split-irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "mimxrt1176_internal.h"

#define PIT1_IRQ 155
#define TCM_SIZE_MAX (512 * KiB) /* as FlexRAM may give it */

/* One of each per domain: PIT1 triggers DMAMUX0 of eDMA, PIT2 those of LPSR. */
static const struct {
    const char *edma, *dmamux, *pit;
    hwaddr edma_base, dmamux_base, pit_base;
} domain[EDMAS] = {
    { "edma", "dmamux0", "pit1", 0x40070000, 0x40074000, 0x400d8000 },
    { "edma-lpsr", "dmamux1", "pit2", 0x40c14000, 0x40c18000, 0x40cb0000 },
};

/*
 * Who asks for DMA: @count peripherals @name1, @name2, ... from source @first
 * on, each with as many of its outputs "dma", in the order of their sources.
 */
static const struct {
    const char *name;
    unsigned count;
    unsigned first;
    unsigned outputs;
    uint8_t output[2];
} requester[] = {
    { "lpuart", LPUARTS, 8, 2, { RT1176_LPUART_DMA_TX, RT1176_LPUART_DMA_RX } },
    { "lpspi", LPSPIS, 36, 2, { RT1176_LPSPI_DMA_RX, RT1176_LPSPI_DMA_TX } },
    { "lpi2c", LPI2CS, 48, 1 },
};

/* What both eDMAs see: the system's memory and, by its back door, M7's TCMs. */
static void make_view(Mimxrt1176MachineState *s)
{
    Object *obj = OBJECT(s);
    static const hwaddr tcm[] = { 0x00000000, 0x20000000 };

    memory_region_init(&s->dma_view, obj, "dma-view", 4 * GiB);
    memory_region_init_alias(&s->dma_system, obj, "dma-system",
                             get_system_memory(), 0, 4 * GiB);
    memory_region_add_subregion_overlap(&s->dma_view, 0, &s->dma_system, -1);
    for (unsigned n = 0; n < ARRAY_SIZE(tcm); n++) {
        memory_region_init_alias(&s->dma_tcm[n], obj, "dma-tcm",
                                 &s->view[CM7], tcm[n], TCM_SIZE_MAX);
        memory_region_add_subregion(&s->dma_view, tcm[n], &s->dma_tcm[n]);
    }
}

static DeviceState *make_clocked(Mimxrt1176MachineState *s, const char *name,
                                 void *device)
{
    qdev_connect_clock_in(DEVICE(device), "clk",
                          qdev_get_clock_out(DEVICE(&s->ccm), name));
    return DEVICE(device);
}

/* The eDMA interrupts the M7, the eDMA_LPSR the M4, at the same numbers. */
static void make_edma(Mimxrt1176MachineState *s, unsigned n)
{
    SysBusDevice *edma, *mux;

    object_initialize_child(OBJECT(s), domain[n].edma, &s->edma[n],
                            TYPE_RT1176_EDMA);
    edma = SYS_BUS_DEVICE(make_clocked(s, domain[n].edma, &s->edma[n]));
    object_property_set_link(OBJECT(edma), "memory", OBJECT(&s->dma_view),
                             &error_abort);
    sysbus_realize(edma, &error_fatal);
    sysbus_mmio_map(edma, 0, domain[n].edma_base);
    for (unsigned irq = 0; irq < RT1176_EDMA_IRQS; irq++) {
        sysbus_connect_irq(edma, irq, qdev_get_gpio_in(DEVICE(&s->core[n]),
                                                       irq));
    }
    object_initialize_child(OBJECT(s), domain[n].dmamux, &s->dmamux[n],
                            TYPE_RT1176_DMAMUX);
    mux = SYS_BUS_DEVICE(&s->dmamux[n]);
    sysbus_realize(mux, &error_fatal);
    sysbus_mmio_map(mux, 0, domain[n].dmamux_base);
    for (unsigned c = 0; c < RT1176_EDMA_CHANNELS; c++) {
        qdev_connect_gpio_out_named(
            DEVICE(mux), "request", c,
            qdev_get_gpio_in_named(DEVICE(edma), "request", c));
        qdev_connect_gpio_out_named(
            DEVICE(edma), "acknowledge", c,
            qdev_get_gpio_in_named(DEVICE(mux), "acknowledge", c));
    }
}

static void make_pit(Mimxrt1176MachineState *s, unsigned n)
{
    DeviceState *pit, *mux = DEVICE(&s->dmamux[n]);

    object_initialize_child(OBJECT(s), domain[n].pit, &s->pit[n],
                            TYPE_RT1176_PIT);
    pit = make_clocked(s, domain[n].pit, &s->pit[n]);
    sysbus_realize(SYS_BUS_DEVICE(pit), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(pit), 0, domain[n].pit_base);
    mimxrt1176_connect_irq(s, pit, PIT1_IRQ + n);
    for (unsigned t = 0; t < RT1176_PIT_TIMERS; t++) {
        qdev_connect_gpio_out_named(
            pit, "trigger", t, qdev_get_gpio_in_named(mux, "trigger", t));
        qdev_connect_gpio_out_named(
            mux, "periodic", t, qdev_get_gpio_in_named(pit, "watched", t));
    }
}

/* A source reaches both multiplexers. */
static void connect_source(Mimxrt1176MachineState *s, const char *name,
                           unsigned output, unsigned source)
{
    Object *device = object_resolve_path_component(OBJECT(s), name);
    DeviceState *split = qdev_new(TYPE_SPLIT_IRQ);

    object_property_add_child(OBJECT(s), "dma-split[*]", OBJECT(split));
    qdev_prop_set_uint32(split, "num-lines", EDMAS);
    qdev_realize_and_unref(split, NULL, &error_fatal);
    for (unsigned n = 0; n < EDMAS; n++) {
        qdev_connect_gpio_out(split, n,
                              qdev_get_gpio_in_named(DEVICE(&s->dmamux[n]),
                                                     "source", source));
    }
    qdev_connect_gpio_out_named(DEVICE(device), "dma", output,
                                qdev_get_gpio_in(split, 0));
}

static void connect_requesters(Mimxrt1176MachineState *s)
{
    for (unsigned i = 0; i < ARRAY_SIZE(requester); i++) {
        for (unsigned n = 0; n < requester[i].count; n++) {
            g_autofree char *name = g_strdup_printf("%s%u", requester[i].name,
                                                    n + 1);

            for (unsigned k = 0; k < requester[i].outputs; k++) {
                connect_source(s, name, requester[i].output[k],
                               requester[i].first + requester[i].outputs * n +
                                   k);
            }
        }
    }
}

void mimxrt1176_make_dma(Mimxrt1176MachineState *s)
{
    make_view(s);
    for (unsigned n = 0; n < EDMAS; n++) {
        make_edma(s, n);
        make_pit(s, n);
    }
    connect_requesters(s);
}
