/*
 * Machine "mimxrt1176": the NXP i.MX RT1176 (IMXRT1170RM, chapters "Memory
 * Maps" and "Interrupts, DMA Events, and XBAR Assignments") with its Cortex-M7,
 * which boots from FlexSPI flash, and its Cortex-M4, which is held in reset
 * until software releases it.  Each core is a cluster of its own, has its own
 * NVIC and SysTick, and sees its own tightly coupled memories.  What is there
 * and what is not: docs/devices/mimxrt1176.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/units.h"
#include "exec/address-spaces.h"
#include "hw/arm/armv7m.h"
#include "hw/arm/boot.h"
#include "hw/boards.h"
#include "hw/core/split-irq.h"
#include "hw/cpu/cluster.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "system/icount-engine.h"
#include "system/qtest.h"
#include "../wire/wire.h"
#include "../common/unmodelled.h"
#include "rt1176_anadig.h"
#include "rt1176_boot.h"
#include "rt1176_ccm.h"
#include "rt1176_gpt.h"
#include "rt1176_iomuxc.h"
#include "rt1176_lpuart.h"
#include "rt1176_mu.h"
#include "rt1176_rtwdog.h"
#include "rt1176_src.h"
#include "rt1176_wdog.h"

#define TYPE_MIMXRT1176_MACHINE MACHINE_TYPE_NAME("mimxrt1176")
OBJECT_DECLARE_SIMPLE_TYPE(Mimxrt1176MachineState, MIMXRT1176_MACHINE)

#define NUM_IRQS 218
#define NUM_PRIORITY_BITS 4
#define LPUARTS 12
#define GPTS 6
#define WDOGS 2
#define RTWDOGS 2
#define OSC_32K_HZ 32768

/* Interrupts of the first of each kind; the others follow it. */
#define LPUART1_IRQ 20
#define WDOG2_IRQ 65
#define WDOG1_IRQ 112
#define RTWDOG_IRQ 113 /* RTWDOG3 at the M7, RTWDOG4 at the M4 */
#define MU_IRQ 118
#define GPT1_IRQ 119

typedef enum CoreId { CM7, CM4, CORES } CoreId;

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
} core_info[CORES] = {
    [CM7] = { "cm7", ARM_CPU_TYPE_NAME("cortex-m7"), 996000000, "250/249",
              "m7-systick", 16 },
    [CM4] = { "cm4", ARM_CPU_TYPE_NAME("cortex-m4"), 400000000, "5/2",
              "m4-systick", 8 },
};

typedef enum MemoryId {
    ITCM,
    DTCM,
    LMEM,
    OCRAM1,
    OCRAM2,
    OCRAM1_ECC,
    OCRAM2_ECC,
    FLASH,
    MEMORIES
} MemoryId;

/* As the M7 sees them. */
static const struct {
    const char *name;
    uint32_t base;
    uint32_t size;
} memory_info[MEMORIES] = {
    [ITCM] = { "ITCM", 0x00000000, 256 * KiB },
    [DTCM] = { "DTCM", 0x20000000, 256 * KiB },
    [LMEM] = { "OCRAM M4 (LMEM)", 0x20200000, 256 * KiB },
    [OCRAM1] = { "OCRAM1", 0x20240000, 512 * KiB },
    [OCRAM2] = { "OCRAM2", 0x202c0000, 512 * KiB },
    [OCRAM1_ECC] = { "OCRAM1 ECC", 0x20340000, 64 * KiB },
    [OCRAM2_ECC] = { "OCRAM2 ECC", 0x20350000, 64 * KiB },
    [FLASH] = { "FlexSPI1 flash", 0x30000000, 16 * MiB },
};

/* The M4's own views: its TCMs are the two halves of LMEM. */
#define M4_TCM_SIZE (128 * KiB)
#define M4_CODE_TCM_BASE 0x1ffe0000
#define M4_SYSTEM_TCM_BASE 0x20000000
#define M4_FLASH_ALIAS_BASE 0x08000000

struct Mimxrt1176MachineState {
    MachineState parent_obj;

    bool debug_boot; /* property "boot-mode" */

    MemoryRegion memory[MEMORIES];
    MemoryRegion view[CORES]; /* a core's own memory, over the system's */
    MemoryRegion system_alias[CORES];
    MemoryRegion m4_tcm[2];
    MemoryRegion m4_flash;

    CPUClusterState cluster[CORES];
    ARMv7MState core[CORES];
    Clock *core_clock[CORES];

    Rt1176AnadigState anadig;
    Rt1176CcmState ccm;
    Rt1176SrcState src;
    Rt1176RegisterFile iomuxc;
    Rt1176RegisterFile iomuxc_gpr;
    Rt1176RegisterFile iomuxc_lpsr;
    Rt1176RegisterFile iomuxc_lpsr_gpr;
    Rt1176LpuartState lpuart[LPUARTS];
    Rt1176GptState gpt[GPTS];
    Rt1176WdogState wdog[WDOGS];
    Rt1176RtwdogState rtwdog[RTWDOGS];
    Rt1176MuState mu;
    Clock *osc_32k;
};

/* ---- memories ---- */

/* Nothing programs flash by plain writes: the bus answers with an error. */
static MemTxResult flash_write(void *opaque, hwaddr addr, uint64_t value,
                               unsigned size, MemTxAttrs attrs)
{
    qemu_log_mask(LOG_GUEST_ERROR, "mimxrt1176: write to flash at 0x%08"
                  HWADDR_PRIx "\n", memory_info[FLASH].base + addr);
    return MEMTX_ERROR;
}

static const MemoryRegionOps flash_ops = {
    .write_with_attrs = flash_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
};

/* Migratable memory has no owner here: a machine is not a device. */
static void make_memories(Mimxrt1176MachineState *s)
{
    for (unsigned n = 0; n < MEMORIES; n++) {
        g_autofree char *name = g_strdup_printf("mimxrt1176.%s",
                                                memory_info[n].name);

        if (n == FLASH) {
            memory_region_init_rom_device(&s->memory[n], NULL, &flash_ops, s,
                                          name, memory_info[n].size,
                                          &error_fatal);
            memset(memory_region_get_ram_ptr(&s->memory[n]), 0xff,
                   memory_info[n].size);
        } else {
            memory_region_init_ram(&s->memory[n], NULL, name,
                                   memory_info[n].size, &error_fatal);
        }
        if (n != ITCM && n != DTCM) {
            memory_region_add_subregion(get_system_memory(),
                                        memory_info[n].base, &s->memory[n]);
        }
    }
}

static void make_views(Mimxrt1176MachineState *s)
{
    Object *obj = OBJECT(s);

    for (unsigned n = 0; n < CORES; n++) {
        g_autofree char *name = g_strdup_printf("%s-view", core_info[n].name);
        g_autofree char *alias = g_strdup_printf("%s-system",
                                                 core_info[n].name);

        memory_region_init(&s->view[n], obj, name, 4 * GiB);
        memory_region_init_alias(&s->system_alias[n], obj, alias,
                                 get_system_memory(), 0, 4 * GiB);
        memory_region_add_subregion_overlap(&s->view[n], 0,
                                            &s->system_alias[n], -1);
    }
    memory_region_add_subregion(&s->view[CM7], memory_info[ITCM].base,
                                &s->memory[ITCM]);
    memory_region_add_subregion(&s->view[CM7], memory_info[DTCM].base,
                                &s->memory[DTCM]);
    memory_region_init_alias(&s->m4_tcm[0], obj, "cm4-code-tcm",
                             &s->memory[LMEM], 0, M4_TCM_SIZE);
    memory_region_init_alias(&s->m4_tcm[1], obj, "cm4-system-tcm",
                             &s->memory[LMEM], M4_TCM_SIZE, M4_TCM_SIZE);
    memory_region_init_alias(&s->m4_flash, obj, "cm4-flash-alias",
                             &s->memory[FLASH], 0, memory_info[FLASH].size);
    memory_region_add_subregion(&s->view[CM4], M4_CODE_TCM_BASE,
                                &s->m4_tcm[0]);
    memory_region_add_subregion(&s->view[CM4], M4_SYSTEM_TCM_BASE,
                                &s->m4_tcm[1]);
    memory_region_add_subregion(&s->view[CM4], M4_FLASH_ALIAS_BASE,
                                &s->m4_flash);
}

/*
 * Put the image where it belongs; returns the M7's vector table.  Without an
 * image flash is blank, and the boot ROM would wait for a serial download.
 */
static uint32_t load_image(Mimxrt1176MachineState *s, bool *loaded)
{
    const char *filename = MACHINE(s)->kernel_filename;
    Rt1176BootMemory memory[MEMORIES];

    *loaded = filename != NULL;
    if (!filename) {
        if (!qtest_enabled()) {
            warn_report("mimxrt1176: no image (-kernel ELF): flash is blank,"
                        " the Cortex-M7 does not start");
        }
        return 0;
    }
    for (unsigned n = 0; n < MEMORIES; n++) {
        memory[n] = (Rt1176BootMemory){
            .name = memory_info[n].name,
            .mr = &s->memory[n],
            .base = memory_info[n].base,
            .size = memory_info[n].size,
        };
    }
    return rt1176_boot_load(filename, s->debug_boot, memory, MEMORIES);
}

/* ---- cores ---- */

static void make_core(Mimxrt1176MachineState *s, CoreId id,
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
    qdev_realize(DEVICE(&s->cluster[id]), NULL, &error_fatal);
    cpu = CPU(s->core[id].cpu);
    if (icount_slice_ns() && !cpu->icount_num) {
        object_property_set_str(OBJECT(cpu), "icount-rate",
                                core_info[id].icount_rate, &error_fatal);
    }
    /* for the core's reset; the image is already in memory */
    armv7m_load_kernel(s->core[id].cpu, NULL, 0, 0);
}

/* ---- peripherals ---- */

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

/* A peripheral's interrupt reaches both cores at the same number. */
static void connect_irq(Mimxrt1176MachineState *s, void *device, int irq)
{
    DeviceState *split = qdev_new(TYPE_SPLIT_IRQ);

    object_property_add_child(OBJECT(s), "irq-split[*]", OBJECT(split));
    qdev_prop_set_uint32(split, "num-lines", CORES);
    qdev_realize_and_unref(split, NULL, &error_fatal);
    for (unsigned id = 0; id < CORES; id++) {
        qdev_connect_gpio_out(split, id,
                              qdev_get_gpio_in(DEVICE(&s->core[id]), irq));
    }
    sysbus_connect_irq(SYS_BUS_DEVICE(device), 0, qdev_get_gpio_in(split, 0));
}

static void make_clocks(Mimxrt1176MachineState *s)
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
    qdev_connect_gpio_out_named(
        DEVICE(&s->core[CM7]), "SYSRESETREQ", 0,
        qdev_get_gpio_in_named(src, "request", RT1176_RESET_M7_REQUEST));
    qdev_connect_gpio_out_named(
        DEVICE(&s->core[CM4]), "SYSRESETREQ", 0,
        qdev_get_gpio_in_named(src, "request", RT1176_RESET_M4_REQUEST));
}

static void make_lpuarts(Mimxrt1176MachineState *s)
{
    for (unsigned n = 0; n < LPUARTS; n++) {
        g_autofree char *name = g_strdup_printf("lpuart%u", n + 1);
        hwaddr base = n < 10 ? 0x4007c000 + 0x4000 * n
                             : 0x40c24000 + 0x4000 * (n - 10);
        DeviceState *dev;

        object_initialize_child(OBJECT(s), name, &s->lpuart[n],
                                TYPE_RT1176_LPUART);
        dev = DEVICE(&s->lpuart[n]);
        qdev_prop_set_string(dev, "uart", name);
        qdev_connect_clock_in(dev, "clk",
                              qdev_get_clock_out(DEVICE(&s->ccm), name));
        sysbus_realize(SYS_BUS_DEVICE(dev), &error_fatal);
        sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
        connect_irq(s, dev, LPUART1_IRQ + n);
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
        qdev_connect_clock_in(dev, "root",
                              qdev_get_clock_out(DEVICE(&s->ccm), name));
        qdev_connect_clock_in(
            dev, "osc-16m",
            qdev_get_clock_out(DEVICE(&s->anadig),
                               rt1176_clock_source_name(RT1176_OSC_RC_16M)));
        qdev_connect_clock_in(dev, "osc-32k", s->osc_32k);
        sysbus_realize(SYS_BUS_DEVICE(dev), &error_fatal);
        sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, 0x400ec000 + 0x4000 * n);
        connect_irq(s, dev, GPT1_IRQ + n);
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

        make_device(s, name, &s->wdog[n], sizeof(s->wdog[n]),
                    TYPE_RT1176_WDOG, 0x40030000 + 0x4000 * n);
        connect_irq(s, &s->wdog[n], wdog_irq[n]);
        connect_reset(s, &s->wdog[n], RT1176_RESET_WDOG);
    }
    for (unsigned n = 0; n < RTWDOGS; n++) {
        g_autofree char *name = g_strdup_printf("rtwdog%u", n + 3);
        SysBusDevice *dev;

        object_initialize_child(OBJECT(s), name, &s->rtwdog[n],
                                TYPE_RT1176_RTWDOG);
        dev = SYS_BUS_DEVICE(&s->rtwdog[n]);
        qdev_connect_clock_in(DEVICE(dev), "bus",
                              qdev_get_clock_out(DEVICE(&s->ccm),
                                                 n ? "bus-lpsr" : "bus"));
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
    sysbus_realize(dev, &error_fatal);
    for (unsigned id = 0; id < CORES; id++) {
        sysbus_mmio_map(dev, id, 0x40c48000 + 0x4000 * id);
        sysbus_connect_irq(dev, id, qdev_get_gpio_in(DEVICE(&s->core[id]),
                                                     MU_IRQ));
    }
}

/* What the part has and this machine does not model. */
static const struct {
    const char *name;
    uint32_t base;
    uint32_t size;
} unmodelled[] = {
    { "MECC1", 0x40014000, 0x4000 },
    { "MECC2", 0x40018000, 0x4000 },
    { "XECC_FLEXSPI1", 0x4001c000, 0x4000 },
    { "XECC_FLEXSPI2", 0x40020000, 0x4000 },
    { "XECC_SEMC", 0x40024000, 0x4000 },
    { "FLEXRAM", 0x40028000, 0x4000 },
    { "EWM", 0x4002c000, 0x4000 },
    { "XBAR1", 0x4003c000, 0x4000 },
    { "XBAR2", 0x40040000, 0x4000 },
    { "XBAR3", 0x40044000, 0x4000 },
    { "ADC_ETC", 0x40048000, 0x4000 },
    { "LPADC1", 0x40050000, 0x4000 },
    { "LPADC2", 0x40054000, 0x4000 },
    { "DAC", 0x40064000, 0x4000 },
    { "IEE_APC", 0x40068000, 0x4000 },
    { "IEE", 0x4006c000, 0x4000 },
    { "EDMA", 0x40070000, 0x4000 },
    { "DMAMUX0", 0x40074000, 0x4000 },
    { "FLEXIO1", 0x400ac000, 0x4000 },
    { "FLEXIO2", 0x400b0000, 0x4000 },
    { "AOI1", 0x400b8000, 0x4000 },
    { "AOI2", 0x400bc000, 0x4000 },
    { "CAN1", 0x400c4000, 0x4000 },
    { "CAN2", 0x400c8000, 0x4000 },
    { "FLEXSPI1", 0x400cc000, 0x4000 },
    { "FLEXSPI2", 0x400d0000, 0x4000 },
    { "SEMC", 0x400d4000, 0x4000 },
    { "PIT1", 0x400d8000, 0x4000 },
    { "KPP", 0x400e0000, 0x4000 },
    { "LPI2C1", 0x40104000, 0x4000 },
    { "LPI2C2", 0x40108000, 0x4000 },
    { "LPI2C3", 0x4010c000, 0x4000 },
    { "LPI2C4", 0x40110000, 0x4000 },
    { "LPSPI1", 0x40114000, 0x4000 },
    { "LPSPI2", 0x40118000, 0x4000 },
    { "LPSPI3", 0x4011c000, 0x4000 },
    { "LPSPI4", 0x40120000, 0x4000 },
    { "GPIO1", 0x4012c000, 0x4000 },
    { "GPIO2", 0x40130000, 0x4000 },
    { "GPIO3", 0x40134000, 0x4000 },
    { "GPIO4", 0x40138000, 0x4000 },
    { "GPIO5", 0x4013c000, 0x4000 },
    { "GPIO6", 0x40140000, 0x4000 },
    { "CCM_OBS", 0x40150000, 0x4000 },
    { "EMVSIM1", 0x40154000, 0x4000 },
    { "EMVSIM2", 0x40158000, 0x4000 },
    { "TMR1", 0x4015c000, 0x4000 },
    { "TMR2", 0x40160000, 0x4000 },
    { "TMR3", 0x40164000, 0x4000 },
    { "TMR4", 0x40168000, 0x4000 },
    { "ENC1", 0x40174000, 0x4000 },
    { "ENC2", 0x40178000, 0x4000 },
    { "ENC3", 0x4017c000, 0x4000 },
    { "ENC4", 0x40180000, 0x4000 },
    { "PWM1", 0x4018c000, 0x4000 },
    { "PWM2", 0x40190000, 0x4000 },
    { "PWM3", 0x40194000, 0x4000 },
    { "PWM4", 0x40198000, 0x4000 },
    { "ACMP1", 0x401a4000, 0x4000 },
    { "ACMP2", 0x401a8000, 0x4000 },
    { "ACMP3", 0x401ac000, 0x4000 },
    { "ACMP4", 0x401b0000, 0x4000 },
    { "SPDIF", 0x40400000, 0x4000 },
    { "SAI1", 0x40404000, 0x4000 },
    { "SAI2", 0x40408000, 0x4000 },
    { "SAI3", 0x4040c000, 0x4000 },
    { "ASRC", 0x40414000, 0x4000 },
    { "USDHC1", 0x40418000, 0x4000 },
    { "USDHC2", 0x4041c000, 0x4000 },
    { "ENET_1G", 0x40420000, 0x4000 },
    { "ENET", 0x40424000, 0x4000 },
    { "USB_OTG2", 0x4042c000, 0x4000 },
    { "USB_OTG1", 0x40430000, 0x4000 },
    { "USBPHY1", 0x40434000, 0x4000 },
    { "USBPHY2", 0x40438000, 0x4000 },
    { "ENET_QOS", 0x4043c000, 0x4000 },
    { "CAAM", 0x40440000, 0x100000 },
    { "CSI", 0x40800000, 0x4000 },
    { "LCDIF", 0x40804000, 0x4000 },
    { "LCDIFV2", 0x40808000, 0x4000 },
    { "MIPI_DSI", 0x4080c000, 0x4000 },
    { "MIPI_CSI", 0x40810000, 0x4000 },
    { "PXP", 0x40814000, 0x4000 },
    { "VIDEO_MUX", 0x40818000, 0x4000 },
    { "GPC", 0x40c00000, 0x4000 },
    { "EDMA_LPSR", 0x40c14000, 0x4000 },
    { "DMAMUX1", 0x40c18000, 0x4000 },
    { "PDM", 0x40c20000, 0x4000 },
    { "LPSPI5", 0x40c2c000, 0x4000 },
    { "LPSPI6", 0x40c30000, 0x4000 },
    { "LPI2C5", 0x40c34000, 0x4000 },
    { "LPI2C6", 0x40c38000, 0x4000 },
    { "CAN3", 0x40c3c000, 0x4000 },
    { "SAI4", 0x40c40000, 0x4000 },
    { "RDC_SEMAPHORE1", 0x40c44000, 0x4000 },
    { "GPIO7", 0x40c5c000, 0x4000 },
    { "GPIO8", 0x40c60000, 0x4000 },
    { "GPIO9", 0x40c64000, 0x4000 },
    { "GPIO10", 0x40c68000, 0x4000 },
    { "GPIO11", 0x40c6c000, 0x4000 },
    { "GPIO12", 0x40c70000, 0x4000 },
    { "RDC", 0x40c78000, 0x4000 },
    { "KEY_MANAGER", 0x40c80000, 0x4000 },
    { "PGMC", 0x40c88000, 0x4000 },
    { "SNVS", 0x40c90000, 0x4000 },
    { "IOMUXC_SNVS", 0x40c94000, 0x4000 },
    { "IOMUXC_SNVS_GPR", 0x40c98000, 0x4000 },
    { "SNVS_SRAM", 0x40c9c000, 0x4000 },
    { "GPIO13", 0x40ca0000, 0x4000 },
    { "ROMCP", 0x40ca4000, 0x4000 },
    { "DCDC", 0x40ca8000, 0x4000 },
    { "OCOTP", 0x40cac000, 0x4000 },
    { "PIT2", 0x40cb0000, 0x4000 },
    { "SSARC_HP", 0x40cb4000, 0x4000 },
    { "SSARC_LP", 0x40cb8000, 0x4000 },
    { "SEMA4", 0x40cc8000, 0x4000 },
    { "RDC_SEMAPHORE2", 0x40ccc000, 0x4000 },
    { "XRDC2_M4", 0x40cd0000, 0x10000 },
    { "XRDC2_M7", 0x40ce0000, 0x10000 },
    { "GPU2D", 0x41800000, 0x100000 },
    { "CDOG", 0x41900000, 0x100000 },
};

static void make_unmodelled(Mimxrt1176MachineState *s)
{
    for (unsigned n = 0; n < ARRAY_SIZE(unmodelled); n++) {
        unmodelled_map(get_system_memory(), unmodelled[n].name,
                       unmodelled[n].base, unmodelled[n].size);
    }
    /* on the M7's own peripheral port */
    unmodelled_map(&s->view[CM7], "CM7_GPIO2", 0x42008000, 0x4000);
    unmodelled_map(&s->view[CM7], "CM7_GPIO3", 0x4200c000, 0x4000);
}

/* ---- machine ---- */

static void mimxrt1176_init(MachineState *machine)
{
    Mimxrt1176MachineState *s = MIMXRT1176_MACHINE(machine);
    uint32_t vector_table;
    bool loaded;

    make_memories(s);
    make_views(s);
    vector_table = load_image(s, &loaded);
    make_clocks(s);
    make_core(s, CM7, vector_table, loaded);
    make_core(s, CM4, 0, false);
    make_register_files(s);
    make_src(s);
    make_lpuarts(s);
    make_gpts(s);
    make_watchdogs(s);
    make_mu(s);
    make_unmodelled(s);
}

static char *mimxrt1176_get_boot(Object *obj, Error **errp)
{
    return g_strdup(MIMXRT1176_MACHINE(obj)->debug_boot ? "debug" : "flash");
}

static void mimxrt1176_set_boot(Object *obj, const char *value, Error **errp)
{
    if (strcmp(value, "flash") && strcmp(value, "debug")) {
        error_setg(errp, "boot-mode: '%s' is neither 'flash' nor 'debug'",
                   value);
        return;
    }
    MIMXRT1176_MACHINE(obj)->debug_boot = !strcmp(value, "debug");
}

static void mimxrt1176_class_init(ObjectClass *klass, void *data)
{
    MachineClass *mc = MACHINE_CLASS(klass);

    mc->desc = "NXP i.MX RT1176 (Cortex-M7 and Cortex-M4)";
    mc->init = mimxrt1176_init;
    mc->min_cpus = CORES;
    mc->default_cpus = CORES;
    mc->max_cpus = CORES;
    mc->no_floppy = true;
    mc->no_cdrom = true;
    mc->no_parallel = true;
    object_class_property_add_str(klass, "boot-mode", mimxrt1176_get_boot,
                                  mimxrt1176_set_boot);
    object_class_property_set_description(
        klass, "boot-mode", "flash: as the boot ROM does (default); debug: load"
        " any memory and start at the lowest address in flash or ITCM");
}

static const TypeInfo mimxrt1176_info = {
    .name = TYPE_MIMXRT1176_MACHINE,
    .parent = TYPE_MACHINE,
    .instance_size = sizeof(Mimxrt1176MachineState),
    .class_init = mimxrt1176_class_init,
};

static void mimxrt1176_register(void)
{
    type_register_static(&mimxrt1176_info);
}
type_init(mimxrt1176_register)
