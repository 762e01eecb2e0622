/*
 * SRC: reset causes, the release of the Cortex-M4, resets of one core and of
 * the whole part (IMXRT1170RM, chapter "System Reset Controller").  Resets are
 * asked for from MMIO accesses of the very core they reset, so they happen
 * just after that instruction, still in the vCPU thread: the same instruction
 * in every run.  See docs/devices/rt1176-src.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "hw/core/cpu.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "system/cpu-timers.h"
#include "system/qtest.h"
#include "system/runstate.h"
#include "system/runstate-action.h"
#include "target/arm/arm-powerctl.h"
#include "target/arm/cpu.h"
#include "rt1176_src.h"

REG32(SCR, 0x00)
    FIELD(SCR, BT_RELEASE_M4, 0, 1)
    FIELD(SCR, BT_RELEASE_M7, 1, 1)
REG32(SRMR, 0x04)
REG32(SBMR1, 0x08)
REG32(SBMR2, 0x0c)
    FIELD(SBMR2, BMOD, 24, 2)
REG32(SRSR, 0x10)
REG32(GPR0, 0x14)
REG32(SLICES, 0x200)
/* One slice, 0x20 apart. */
REG32(SLICE_AUTHEN, 0x00)
    FIELD(SLICE_AUTHEN, MODE, 0, 2) /* DOMAIN_MODE, SETPOINT_MODE */
    FIELD(SLICE_AUTHEN, LOCK_MODE, 7, 1)
    FIELD(SLICE_AUTHEN, ASSIGN_LIST, 8, 4)
    FIELD(SLICE_AUTHEN, LOCK_ASSIGN, 15, 1)
    FIELD(SLICE_AUTHEN, WHITE_LIST, 16, 4)
    FIELD(SLICE_AUTHEN, LOCK_LIST, 23, 1)
    FIELD(SLICE_AUTHEN, SETTING, 24, 2) /* USER, NONSECURE */
    FIELD(SLICE_AUTHEN, LOCK_SETTING, 31, 1)
REG32(SLICE_CTRL, 0x04)
    FIELD(SLICE_CTRL, SW_RESET, 0, 1)
REG32(SLICE_SETPOINT, 0x08)
REG32(SLICE_DOMAIN, 0x0c)
REG32(SLICE_STAT, 0x10)
    FIELD(SLICE_STAT, UNDER_RST, 0, 1)
    FIELD(SLICE_STAT, RST_BY_HW, 2, 1)
    FIELD(SLICE_STAT, RST_BY_SW, 3, 1)

#define SLICE_SIZE 0x20
#define SLICE_WORDS (SLICE_SIZE / 4)
/* Slices in the order of their registers; number 3 does not exist. */
#define SLICE_NONE 3
#define SLICE_M4CORE 4
#define SLICE_M7CORE 5

#define SCR_WRITABLE (R_SCR_BT_RELEASE_M4_MASK | R_SCR_BT_RELEASE_M7_MASK)
#define SRMR_WRITABLE 0x003fffff
#define SRMR_DO_NOT_RESET 3
#define SLICE_STAT_W1C (R_SLICE_STAT_RST_BY_HW_MASK | \
                        R_SLICE_STAT_RST_BY_SW_MASK)
#define SLICE_SETPOINT_WRITABLE 0x0000ffff
#define SLICE_DOMAIN_WRITABLE 0x000000ff
/* BOOT_MODE 10: internal boot */
#define SBMR2_VALUE (2u << R_SBMR2_BMOD_SHIFT)

/* SRSR: causes as the M7 sees them in the low half, the M4 in the high one. */
#define SRSR_BOTH(bit) (1u << (bit) | 1u << ((bit) + 16))
#define SRSR_POWER_ON SRSR_BOTH(0)

/* What a request sets in SRSR, and which field of SRMR can mask it. */
static const struct {
    uint32_t cause;
    unsigned srmr_shift;
} request_info[RT1176_RESET_REQUESTS] = {
    [RT1176_RESET_WDOG] = { SRSR_BOTH(5), 0 },
    [RT1176_RESET_WDOG3] = { SRSR_BOTH(8), 2 },
    [RT1176_RESET_WDOG4] = { SRSR_BOTH(9), 4 },
    [RT1176_RESET_M4_REQUEST] = { 1u << 11 | 1u << 17, 10 },
    [RT1176_RESET_M7_REQUEST] = { 1u << 1 | 1u << 27, 12 },
    [RT1176_RESET_M4_LOCKUP] = { 1u << 12 | 1u << 18, 6 },
    [RT1176_RESET_M7_LOCKUP] = { 1u << 2 | 1u << 28, 8 },
};

/*
 * Do @work on @cs: after the instruction that asks for it, or at once when it
 * is a timer or a test that does.
 */
static void src_defer(Rt1176SrcState *s, CPUState *cs, run_on_cpu_func work)
{
    if (current_cpu) {
        async_run_on_cpu(cs, work, RUN_ON_CPU_HOST_PTR(s));
    } else {
        work(cs, RUN_ON_CPU_HOST_PTR(s));
    }
}

/* ---- the whole part ---- */

static void src_system_reset_work(CPUState *cs, run_on_cpu_data data)
{
    qemu_system_reset(SHUTDOWN_CAUSE_GUEST_RESET);
}

static void src_request(void *opaque, int n, int level)
{
    Rt1176SrcState *s = opaque;

    if (!level || s->pending_cause ||
        extract32(s->srmr, request_info[n].srmr_shift, 2) ==
        SRMR_DO_NOT_RESET) {
        return;
    }
    s->pending_cause = request_info[n].cause;
    if (reboot_action == REBOOT_ACTION_SHUTDOWN ||
        !(icount_enabled() || qtest_enabled())) {
        /* the process ends, or several threads have to be stopped first */
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
        return;
    }
    src_defer(s, first_cpu, src_system_reset_work);
}

/* ---- one core ---- */

static bool src_m4_released(Rt1176SrcState *s)
{
    return FIELD_EX32(s->scr, SCR, BT_RELEASE_M4);
}

/* Start address: IOMUXC_LPSR_GPR GPR1[15:0] : GPR0[15:3]. */
static uint32_t src_m4_vector_table(Rt1176SrcState *s)
{
    return rt1176_register_file_get(s->lpsr_gpr, 4) << 16 |
           (rt1176_register_file_get(s->lpsr_gpr, 0) & 0xfff8);
}

/*
 * The first fetch goes over the system bus, on which the core's own TCM does
 * not exist.  (Seen on silicon: started at 0x1ffe0000, the M4 never runs.)
 */
static bool src_m4_can_fetch(uint32_t vector_table)
{
    return vector_table < 0x1ffe0000 || vector_table >= 0x20020000;
}

static void src_reset_core_devices(ARMv7MState *core)
{
    device_cold_reset(DEVICE(&core->nvic));
    device_cold_reset(DEVICE(&core->systick[M_REG_NS]));
}

static void src_start_m4_work(CPUState *cs, run_on_cpu_data data)
{
    Rt1176SrcState *s = data.host_ptr;
    uint32_t vector_table = src_m4_vector_table(s);

    src_reset_core_devices(s->m4);
    if (!src_m4_can_fetch(vector_table)) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-src: the M4 cannot start from"
                      " its own TCM at 0x%08" PRIx32 "\n", vector_table);
        cpu_reset(cs);
        return;
    }
    object_property_set_uint(OBJECT(cs), "init-nsvtor", vector_table,
                             &error_abort);
    cpu_reset(cs);
    s->m4->cpu->power_state = PSCI_ON;
    cs->halted = 0;
}

static void src_start_m4(Rt1176SrcState *s)
{
    src_defer(s, CPU(s->m4->cpu), src_start_m4_work);
}

static void src_restart_m7_work(CPUState *cs, run_on_cpu_data data)
{
    Rt1176SrcState *s = data.host_ptr;

    src_reset_core_devices(s->m7);
    cpu_reset(cs);
    qemu_irq_pulse(s->m7_restarted);
}

/*
 * SW_RESET of a slice: over at once, so the bit reads 0 again.  Of a core that
 * is held anyway it leaves no trace.  (Seen on silicon: STAT_M4CORE reads 0
 * after SW_RESET and release.)
 */
static void src_slice_sw_reset(Rt1176SrcState *s, unsigned slice)
{
    switch (slice) {
    case SLICE_M4CORE:
        if (!src_m4_released(s)) {
            return;
        }
        src_start_m4(s);
        break;
    case SLICE_M7CORE:
        src_defer(s, CPU(s->m7->cpu), src_restart_m7_work);
        break;
    default:
        qemu_log_mask(LOG_UNIMP, "rt1176-src: reset of slice %u\n", slice);
    }
    s->slice[slice * SLICE_WORDS + R_SLICE_STAT] |=
        R_SLICE_STAT_RST_BY_SW_MASK;
}

/* ---- registers ---- */

static bool src_slice_register(hwaddr addr)
{
    return addr >= A_SLICES &&
           addr < A_SLICES + RT1176_SRC_SLICES * SLICE_SIZE &&
           addr % SLICE_SIZE <= A_SLICE_STAT &&
           (addr - A_SLICES) / SLICE_SIZE != SLICE_NONE;
}

static uint32_t src_read_slice(Rt1176SrcState *s, hwaddr addr)
{
    unsigned slice = (addr - A_SLICES) / SLICE_SIZE;
    uint32_t value = s->slice[(addr - A_SLICES) / 4];

    if (addr % SLICE_SIZE == A_SLICE_STAT && slice == SLICE_M4CORE) {
        value = FIELD_DP32(value, SLICE_STAT, UNDER_RST, !src_m4_released(s));
    }
    return value;
}

/* A lock bit holds its field, and itself, until the next reset. */
static uint32_t src_authen_writable(uint32_t authen)
{
    static const struct {
        uint32_t lock;
        uint32_t field;
    } locks[] = {
        { R_SLICE_AUTHEN_LOCK_MODE_MASK, R_SLICE_AUTHEN_MODE_MASK },
        { R_SLICE_AUTHEN_LOCK_ASSIGN_MASK, R_SLICE_AUTHEN_ASSIGN_LIST_MASK },
        { R_SLICE_AUTHEN_LOCK_LIST_MASK, R_SLICE_AUTHEN_WHITE_LIST_MASK },
        { R_SLICE_AUTHEN_LOCK_SETTING_MASK, R_SLICE_AUTHEN_SETTING_MASK },
    };
    uint32_t writable = 0;

    for (unsigned n = 0; n < ARRAY_SIZE(locks); n++) {
        if (!(authen & locks[n].lock)) {
            writable |= locks[n].lock | locks[n].field;
        }
    }
    return writable;
}

static void src_write_authen(uint32_t *reg, uint32_t value)
{
    uint32_t writable = src_authen_writable(*reg);

    if (FIELD_EX32(value, SLICE_AUTHEN, MODE) == 3) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-src: DOMAIN_MODE and"
                      " SETPOINT_MODE of a slice together\n");
    }
    *reg = (*reg & ~writable) | (value & writable);
}

static void src_write_slice(Rt1176SrcState *s, hwaddr addr, uint32_t value)
{
    unsigned slice = (addr - A_SLICES) / SLICE_SIZE;
    uint32_t *reg = &s->slice[(addr - A_SLICES) / 4];

    switch (addr % SLICE_SIZE) {
    case A_SLICE_CTRL:
        if (FIELD_EX32(value, SLICE_CTRL, SW_RESET)) {
            src_slice_sw_reset(s, slice);
        }
        break;
    case A_SLICE_STAT:
        *reg &= ~(value & SLICE_STAT_W1C);
        break;
    case A_SLICE_AUTHEN:
        src_write_authen(reg, value);
        break;
    case A_SLICE_SETPOINT:
        *reg = value & SLICE_SETPOINT_WRITABLE;
        break;
    case A_SLICE_DOMAIN:
        *reg = value & SLICE_DOMAIN_WRITABLE;
        break;
    }
}

static uint64_t src_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176SrcState *s = opaque;

    switch (addr) {
    case A_SCR:
        return s->scr;
    case A_SRMR:
        return s->srmr;
    case A_SBMR1:
        return 0;
    case A_SBMR2:
        return SBMR2_VALUE;
    case A_SRSR:
        return s->srsr;
    case A_GPR0 ... A_GPR0 + 4 * (RT1176_SRC_GPRS - 1):
        return s->gpr[(addr - A_GPR0) / 4];
    }
    if (src_slice_register(addr)) {
        return src_read_slice(s, addr);
    }
    qemu_log_mask(LOG_GUEST_ERROR, "rt1176-src: no register at 0x%"
                  HWADDR_PRIx "\n", addr);
    return 0;
}

/* Release bits can only be set: a write of 0 changes nothing. */
static void src_write_scr(Rt1176SrcState *s, uint32_t value)
{
    bool was_released = src_m4_released(s);

    s->scr |= value & SCR_WRITABLE;
    if (!was_released && src_m4_released(s)) {
        src_start_m4(s);
    }
}

static void src_write(void *opaque, hwaddr addr, uint64_t value,
                      unsigned size)
{
    Rt1176SrcState *s = opaque;

    switch (addr) {
    case A_SCR:
        src_write_scr(s, value);
        return;
    case A_SRMR:
        s->srmr = value & SRMR_WRITABLE;
        return;
    case A_SRSR:
        s->srsr &= ~value;
        return;
    case A_GPR0 ... A_GPR0 + 4 * (RT1176_SRC_GPRS - 1):
        s->gpr[(addr - A_GPR0) / 4] = value;
        return;
    }
    if (src_slice_register(addr)) {
        src_write_slice(s, addr, value);
        return;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "rt1176-src: write to 0x%" HWADDR_PRIx
                  " ignored\n", addr);
}

static const MemoryRegionOps src_ops = {
    .read = src_read,
    .write = src_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

/* ---- device ---- */

bool rt1176_src_keeps_power(const Rt1176SrcState *s)
{
    return s->pending_cause;
}

/* A reset that a request has caused keeps SRSR and the GPRs. */
static void src_reset_hold(Object *obj, ResetType type)
{
    Rt1176SrcState *s = RT1176_SRC(obj);

    if (s->pending_cause) {
        s->srsr |= s->pending_cause;
    } else {
        s->srsr = SRSR_POWER_ON;
        memset(s->gpr, 0, sizeof(s->gpr));
    }
    s->pending_cause = 0;
    s->scr = 0;
    s->srmr = 0;
    memset(s->slice, 0, sizeof(s->slice));
}

static void src_init(Object *obj)
{
    Rt1176SrcState *s = RT1176_SRC(obj);

    memory_region_init_io(&s->iomem, obj, &src_ops, s, TYPE_RT1176_SRC,
                          0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    qdev_init_gpio_out_named(DEVICE(obj), &s->m7_restarted, "m7-restarted", 1);
    qdev_init_gpio_in_named(DEVICE(obj), src_request, "request",
                            RT1176_RESET_REQUESTS);
}

static void src_realize(DeviceState *dev, Error **errp)
{
    Rt1176SrcState *s = RT1176_SRC(dev);

    if (!s->m7 || !s->m4 || !s->lpsr_gpr) {
        error_setg(errp, "links 'm7', 'm4' and 'lpsr-gpr' must be set");
    }
}

static const VMStateDescription vmstate_src = {
    .name = TYPE_RT1176_SRC,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(scr, Rt1176SrcState),
        VMSTATE_UINT32(srmr, Rt1176SrcState),
        VMSTATE_UINT32(srsr, Rt1176SrcState),
        VMSTATE_UINT32_ARRAY(gpr, Rt1176SrcState, RT1176_SRC_GPRS),
        VMSTATE_UINT32_ARRAY(slice, Rt1176SrcState,
                             RT1176_SRC_SLICES * SLICE_WORDS),
        VMSTATE_UINT32(pending_cause, Rt1176SrcState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property src_properties[] = {
    DEFINE_PROP_LINK("m7", Rt1176SrcState, m7, TYPE_ARMV7M, ARMv7MState *),
    DEFINE_PROP_LINK("m4", Rt1176SrcState, m4, TYPE_ARMV7M, ARMv7MState *),
    DEFINE_PROP_LINK("lpsr-gpr", Rt1176SrcState, lpsr_gpr,
                     TYPE_RT1176_REGISTER_FILE, Rt1176RegisterFile *),
};

static void src_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = src_realize;
    dc->vmsd = &vmstate_src;
    dc->desc = "i.MX RT1176 system reset controller";
    device_class_set_props(dc, src_properties);
    RESETTABLE_CLASS(klass)->phases.hold = src_reset_hold;
}

static const TypeInfo src_types[] = {
    {
        .name = TYPE_RT1176_SRC,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176SrcState),
        .instance_init = src_init,
        .class_init = src_class_init,
    },
};
DEFINE_TYPES(src_types)
