/*
 * The Cortex-M7 and the Cortex-M4 of the i.MX RT1176, each a cluster of its own
 * with its own NVIC and SysTick (IMXRT1170RM, chapter "Interrupts, DMA Events,
 * and XBAR Assignments").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "hw/irq.h"
#include "hw/arm/boot.h"
#include "hw/core/split-irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "system/icount-engine.h"
#include "target/arm/cpu.h"
#include "../wire/wire.h"
#include "mimxrt1176_internal.h"

#define NUM_IRQS 218
#define NUM_PRIORITY_BITS 4

/*
 * Instructions are taken to last one clock; the rate is in ns per instruction
 * (996 MHz and 400 MHz).  CCM's roots for the cores do not change it.
 */
static const struct {
    const char *name;
    const char *cpu_type;
    uint64_t clock_hz;
    const char *icount_rate;
    const char *systick_clock; /* of the CCM */
    unsigned mpu_regions;
    uint32_t midr; /* r1p2, r0p1 */
    bool dwt_lock;
} core_info[CORES] = {
    [CM7] = { "cm7", ARM_CPU_TYPE_NAME("cortex-m7"), 996000000, "250/249",
              "m7-systick", 16, 0x411fc272, true },
    [CM4] = { "cm4", ARM_CPU_TYPE_NAME("cortex-m4"), 400000000, "5/2",
              "m4-systick", 8, 0x410fc241, false },
};

static void make_dwt(Mimxrt1176MachineState *s, CoreId id)
{
    SysBusDevice *dev;

    object_initialize_child(OBJECT(&s->cluster[id]), "dwt", &s->dwt[id],
                            TYPE_ARMV7M_DWT);
    dev = SYS_BUS_DEVICE(&s->dwt[id]);
    qdev_prop_set_bit(DEVICE(dev), "lock", core_info[id].dwt_lock);
    qdev_connect_clock_in(DEVICE(dev), "clk", s->core_clock[id]);
    sysbus_realize(dev, &error_fatal);
    memory_region_add_subregion(&s->core[id].container, ARMV7M_DWT_BASE,
                                sysbus_mmio_get_region(dev, 0));
    memory_region_add_subregion_overlap(&s->core[id].container,
                                        ARMV7M_DEMCR_BASE,
                                        sysbus_mmio_get_region(dev, 1), 1);
}

/*
 * Somebody has to listen for SLEEPDEEP, or WFE would not sleep.  What the GPC
 * does when a core sleeps deeply does not show in this machine: its clocks and
 * memories keep running.
 */
static void core_sleeps_deeply(void *opaque, int n, int level)
{
    if (level) {
        qemu_log_mask(LOG_UNIMP, "mimxrt1176: %s sleeps deeply: no low-power"
                      " mode is entered\n", core_info[n].name);
    }
}

void mimxrt1176_make_core(Mimxrt1176MachineState *s, CoreId id,
                          uint32_t vector_table, bool runs)
{
    g_autofree char *clock_name = g_strdup_printf("%s-clock",
                                                  core_info[id].name);
    DeviceState *core;
    CPUState *cpu;

    object_initialize_child(OBJECT(s), core_info[id].name, &s->cluster[id],
                            TYPE_CPU_CLUSTER);
    qdev_prop_set_uint32(DEVICE(&s->cluster[id]), "cluster-id", id);
    object_initialize_child(OBJECT(&s->cluster[id]), "armv7m", &s->core[id],
                            TYPE_ARMV7M);
    core = DEVICE(&s->core[id]);
    s->core_clock[id] = clock_new(OBJECT(s), clock_name);
    clock_set(s->core_clock[id], wire_clock_period(core_info[id].clock_hz));
    qdev_connect_clock_in(core, "cpuclk", s->core_clock[id]);
    qdev_connect_clock_in(core, "refclk",
                          qdev_get_clock_out(DEVICE(&s->ccm),
                                             core_info[id].systick_clock));
    qdev_prop_set_string(core, "cpu-type", core_info[id].cpu_type);
    qdev_prop_set_uint32(core, "num-irq", NUM_IRQS);
    qdev_prop_set_uint8(core, "num-prio-bits", NUM_PRIORITY_BITS);
    qdev_prop_set_uint32(core, "mpu-ns-regions", core_info[id].mpu_regions);
    qdev_prop_set_uint32(core, "mpu-s-regions", core_info[id].mpu_regions);
    qdev_prop_set_uint32(core, "init-nsvtor", vector_table);
    qdev_prop_set_bit(core, "start-powered-off", !runs);
    object_property_set_link(OBJECT(core), "memory", OBJECT(&s->view[id]),
                             &error_abort);
    sysbus_realize(SYS_BUS_DEVICE(core), &error_fatal);
    s->core[id].cpu->midr = core_info[id].midr;
    make_dwt(s, id);
    qdev_connect_gpio_out_named(core, "SLEEPDEEP", 0,
                                qemu_allocate_irq(core_sleeps_deeply, s, id));
    qdev_realize(DEVICE(&s->cluster[id]), NULL, &error_fatal);
    cpu = CPU(s->core[id].cpu);
    if (icount_slice_ns() && !cpu->icount_num) {
        object_property_set_str(OBJECT(cpu), "icount-rate",
                                core_info[id].icount_rate, &error_fatal);
    }
    /* for the core's reset; the image is already in memory */
    armv7m_load_kernel(s->core[id].cpu, NULL, 0, 0);
}

void mimxrt1176_connect_both(Mimxrt1176MachineState *s, void *device, int n,
                             const qemu_irq to[CORES])
{
    DeviceState *split = qdev_new(TYPE_SPLIT_IRQ);

    object_property_add_child(OBJECT(s), "irq-split[*]", OBJECT(split));
    qdev_prop_set_uint32(split, "num-lines", CORES);
    qdev_realize_and_unref(split, NULL, &error_fatal);
    for (unsigned id = 0; id < CORES; id++) {
        qdev_connect_gpio_out(split, id, to[id]);
    }
    sysbus_connect_irq(SYS_BUS_DEVICE(device), n, qdev_get_gpio_in(split, 0));
}

void mimxrt1176_connect_output(Mimxrt1176MachineState *s, void *device, int n,
                               int irq)
{
    const qemu_irq to[CORES] = {
        [CM7] = qdev_get_gpio_in(DEVICE(&s->core[CM7]), irq),
        [CM4] = qdev_get_gpio_in(DEVICE(&s->core[CM4]), irq),
    };

    mimxrt1176_connect_both(s, device, n, to);
}

void mimxrt1176_connect_irq(Mimxrt1176MachineState *s, void *device, int irq)
{
    mimxrt1176_connect_output(s, device, 0, irq);
}
