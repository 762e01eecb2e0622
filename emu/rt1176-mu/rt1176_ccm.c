/*
 * CCM: clock roots, clock gates (LPCG) and their status (IMXRT1170RM, chapter
 * "Clock Controller Module").  A clock root picks one of eight sources and
 * divides it by 1 to 256; an LPCG lets it through to one peripheral.  What a
 * peripheral gets leaves here as a Clock.  See docs/devices/rt1176-clocks.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "rt1176_ccm.h"
#include "rt1176_sct.h"

/* A clock root or group. */
REG32(CLOCK_ROOT_CONTROL, 0x00)
    FIELD(CLOCK_ROOT_CONTROL, DIV, 0, 8)
    FIELD(CLOCK_ROOT_CONTROL, MUX, 8, 3)
    FIELD(CLOCK_ROOT_CONTROL, OFF, 24, 1)
REG32(CLOCK_ROOT_STATUS0, 0x20)
    FIELD(CLOCK_ROOT_STATUS0, SLICE_BUSY, 28, 1)
    FIELD(CLOCK_ROOT_STATUS0, CHANGING, 31, 1)
REG32(CLOCK_ROOT_STATUS1, 0x24)
REG32(CLOCK_ROOT_CONFIG, 0x2c)
REG32(CLOCK_ROOT_AUTHEN, 0x30)
/* The gate of an oscillator or PLL (OSCPLL), or of a peripheral (LPCG). */
REG32(GATE_DIRECT, 0x00)
    FIELD(GATE_DIRECT, ON, 0, 1)
REG32(GATE_DOMAIN, 0x04)
REG32(GATE_SETPOINT, 0x08)
REG32(GATE_STATUS0, 0x10)
    FIELD(GATE_STATUS0, ON, 0, 1)
    FIELD(GATE_STATUS0, STATUS_EARLY, 4, 1) /* of OSCPLL, as the next two */
    FIELD(GATE_STATUS0, STATUS_LATE, 5, 1)
    FIELD(GATE_STATUS0, IN_USE, 28, 1)
REG32(GATE_STATUS1, 0x14)
REG32(GATE_CONFIG, 0x18)
REG32(GATE_AUTHEN, 0x1c)

/* AUTHEN of every kind: a lock bit holds its field, and itself. */
FIELD(AUTHEN, TZ, 0, 2)
FIELD(AUTHEN, LOCK_TZ, 4, 1)
FIELD(AUTHEN, WHITE_LIST, 8, 4)
FIELD(AUTHEN, LOCK_LIST, 12, 1)
FIELD(AUTHEN, MODE, 16, 3) /* DOMAIN_MODE, SETPOINT_MODE, CPULPM */
FIELD(AUTHEN, LOCK_MODE, 20, 1)

#define CLOCK_ROOT_WRITABLE \
    (R_CLOCK_ROOT_CONTROL_DIV_MASK | R_CLOCK_ROOT_CONTROL_MUX_MASK | \
     R_CLOCK_ROOT_CONTROL_OFF_MASK)
#define CLOCK_GROUP_WRITABLE 0x01ff000f
#define GATE_DOMAIN_WRITABLE 0x77770007
/* AUTHEN: TZ_USER, TZ_NS, LOCK_TZ, WHITE_LIST, LOCK_LIST and who may decide */
#define ROOT_AUTHEN_WRITABLE 0x00131f13
#define GPR_AUTHEN_WRITABLE 0x00111f13
#define GATE_AUTHEN_WRITABLE 0x00171f13

#define OSCPLLS 29

/* What an entry of a block looks like. */
typedef enum CcmMap { CCM_ROOT_MAP, CCM_GPR_MAP, CCM_GATE_MAP } CcmMap;

/*
 * The register map: blocks of @count entries of @step bytes from @base on.
 * @writable: bits of an entry's first register, if that has SET, CLR and TOG.
 */
typedef struct CcmBlock {
    CcmMap map;
    hwaddr base;
    hwaddr step;
    unsigned count;
    uint32_t writable;
} CcmBlock;

/* A change takes this many cycles of the slower clock. */
#define CHANGE_CYCLES 3
#define PERIOD_1NS (CLOCK_PERIOD_1SEC / NANOSECONDS_PER_SECOND)

enum {
    CLOCK_ROOT,
    CLOCK_GROUP,
    GPR_SHARED,
    GPR_PRIVATE,
    OSCPLL,
    LPCG,
};

static const CcmBlock ccm_block[] = {
    [CLOCK_ROOT] = { CCM_ROOT_MAP, 0x0000, 0x80, RT1176_CLOCK_ROOTS,
                     CLOCK_ROOT_WRITABLE },
    [CLOCK_GROUP] = { CCM_ROOT_MAP, 0x4000, 0x80, 2, CLOCK_GROUP_WRITABLE },
    [GPR_SHARED] = { CCM_GPR_MAP, 0x4800, 0x20, 8, UINT32_MAX },
    [GPR_PRIVATE] = { CCM_GPR_MAP, 0x4c20, 0x20, 7, UINT32_MAX },
    [OSCPLL] = { CCM_GATE_MAP, 0x5000, 0x20, OSCPLLS },
    [LPCG] = { CCM_GATE_MAP, 0x6000, 0x20, RT1176_LPCGS },
};

#define NO_LPCG (-1)

/* Who takes which clock root through which gate. */
static const struct {
    const char *name;
    unsigned root;
    int lpcg;
} consumer[RT1176_CCM_CONSUMERS] = {
    { "m4-systick", 7, NO_LPCG },
    { "m7-systick", 8, NO_LPCG },
    { "rtwdog3", 2, 16 },
    { "rtwdog4", 3, 17 },
    { "mu-a", 3, 20 },
    { "mu-b", 3, 21 },
    { "edma", 2, 22 },
    { "edma-lpsr", 3, 23 },
    { "pit1", 2, 62 },
    { "pit2", 3, 63 },
    { "gpt1", 14, 64 },
    { "gpt2", 15, 65 },
    { "gpt3", 16, 66 },
    { "gpt4", 17, 67 },
    { "gpt5", 18, 68 },
    { "gpt6", 19, 69 },
    { "lpuart1", 25, 86 },
    { "lpuart2", 26, 87 },
    { "lpuart3", 27, 88 },
    { "lpuart4", 28, 89 },
    { "lpuart5", 29, 90 },
    { "lpuart6", 30, 91 },
    { "lpuart7", 31, 92 },
    { "lpuart8", 32, 93 },
    { "lpuart9", 33, 94 },
    { "lpuart10", 34, 95 },
    { "lpuart11", 35, 96 },
    { "lpuart12", 36, 97 },
    { "lpi2c1", 37, 98 },
    { "lpi2c2", 38, 99 },
    { "lpi2c3", 39, 100 },
    { "lpi2c4", 40, 101 },
    { "lpi2c5", 41, 102 },
    { "lpi2c6", 42, 103 },
    { "lpspi1", 43, 104 },
    { "lpspi2", 44, 105 },
    { "lpspi3", 45, 106 },
    { "lpspi4", 46, 107 },
    { "lpspi5", 47, 108 },
    { "lpspi6", 48, 109 },
};

/* What an OSCPLL is about; a PLL and its output are seen as one. */
static const uint8_t oscpll_source[OSCPLLS] = {
    [0] = RT1176_OSC_RC_16M,
    [1] = RT1176_OSC_RC_48M,
    [2] = RT1176_OSC_RC_48M_DIV2,
    [3] = RT1176_OSC_RC_400M,
    [4 ... 5] = RT1176_OSC_24M,
    [6 ... 7] = RT1176_ARM_PLL,
    [8 ... 9] = RT1176_SYS_PLL2,
    [10] = RT1176_SYS_PLL2_PFD0,
    [11] = RT1176_SYS_PLL2_PFD1,
    [12] = RT1176_SYS_PLL2_PFD2,
    [13] = RT1176_SYS_PLL2_PFD3,
    [14 ... 15] = RT1176_SYS_PLL3,
    [16] = RT1176_SYS_PLL3_DIV2,
    [17] = RT1176_SYS_PLL3_PFD0,
    [18] = RT1176_SYS_PLL3_PFD1,
    [19] = RT1176_SYS_PLL3_PFD2,
    [20] = RT1176_SYS_PLL3_PFD3,
    [21 ... 22] = RT1176_SYS_PLL1,
    [23] = RT1176_SYS_PLL1_DIV2,
    [24] = RT1176_SYS_PLL1_DIV5,
    [25 ... 26] = RT1176_AUDIO_PLL,
    [27 ... 28] = RT1176_VIDEO_PLL,
};

static const CcmBlock *ccm_find_block(hwaddr addr)
{
    for (unsigned n = 0; n < ARRAY_SIZE(ccm_block); n++) {
        const CcmBlock *block = &ccm_block[n];

        if (addr - block->base < block->step * block->count) {
            return block;
        }
    }
    return NULL;
}

/* The first register of entry @n of @block. */
static uint32_t *ccm_entry(Rt1176CcmState *s, const CcmBlock *block, unsigned n)
{
    return &s->regs[(block->base + block->step * n) / 4];
}

static uint32_t ccm_root_control(Rt1176CcmState *s, unsigned root)
{
    return *ccm_entry(s, &ccm_block[CLOCK_ROOT], root);
}

static Rt1176ClockSource ccm_root_source(unsigned root, uint32_t control)
{
    return rt1176_clock_root_source(
        root, FIELD_EX32(control, CLOCK_ROOT_CONTROL, MUX));
}

/* Period of clock root @root if its CONTROL were @control. */
static uint64_t ccm_root_period(Rt1176CcmState *s, unsigned root,
                                uint32_t control)
{
    if (FIELD_EX32(control, CLOCK_ROOT_CONTROL, OFF)) {
        return 0;
    }
    return clock_get(s->source[ccm_root_source(root, control)]) *
           (FIELD_EX32(control, CLOCK_ROOT_CONTROL, DIV) + 1);
}

static bool ccm_gate_is_on(Rt1176CcmState *s, int lpcg)
{
    return lpcg == NO_LPCG ||
           FIELD_EX32(*ccm_entry(s, &ccm_block[LPCG], lpcg), GATE_DIRECT, ON);
}

static void ccm_update(void *opaque)
{
    Rt1176CcmState *s = opaque;

    for (unsigned n = 0; n < RT1176_CLOCK_ROOTS; n++) {
        clock_update(s->root[n],
                     ccm_root_period(s, n, ccm_root_control(s, n)));
    }
    for (unsigned n = 0; n < RT1176_CCM_CONSUMERS; n++) {
        clock_update(s->consumer[n], ccm_gate_is_on(s, consumer[n].lpcg)
                                         ? clock_get(s->root[consumer[n].root])
                                         : 0);
    }
}

static void ccm_update_gates(Rt1176CcmState *s)
{
    for (unsigned n = 0; n < RT1176_LPCGS; n++) {
        qemu_set_irq(s->gate[n], ccm_gate_is_on(s, n));
    }
}

static void ccm_source_changed(void *opaque, ClockEvent event)
{
    ccm_update(opaque);
}

static void ccm_no_register(hwaddr addr)
{
    qemu_log_mask(LOG_GUEST_ERROR, "rt1176-ccm: no register at 0x%"
                  HWADDR_PRIx "\n", addr);
}

/* What is in effect: a change of CONTROL takes its time. */
static uint32_t ccm_root_status(Rt1176CcmState *s, unsigned root)
{
    if (qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) >= s->changed_at_ns[root]) {
        return ccm_root_control(s, root);
    }
    return s->root_before[root] | R_CLOCK_ROOT_STATUS0_CHANGING_MASK |
           R_CLOCK_ROOT_STATUS0_SLICE_BUSY_MASK;
}

/*
 * The map of one clock root or group: CONTROL with its SET, CLR and TOG,
 * STATUS0, AUTHEN with its SET, CLR and TOG.
 */
static uint32_t ccm_read_root(Rt1176CcmState *s, const CcmBlock *block,
                              hwaddr addr)
{
    hwaddr offset = (addr - block->base) % block->step;
    hwaddr entry = addr - offset;

    switch (offset) {
    case A_CLOCK_ROOT_STATUS0:
        if (block == &ccm_block[CLOCK_ROOT]) {
            return ccm_root_status(s, (addr - block->base) / block->step);
        }
        return s->regs[(entry + A_CLOCK_ROOT_CONTROL) / 4];
    case A_CLOCK_ROOT_CONTROL ... A_CLOCK_ROOT_CONTROL + 0xc:
        return s->regs[(entry + A_CLOCK_ROOT_CONTROL) / 4];
    case A_CLOCK_ROOT_AUTHEN ... A_CLOCK_ROOT_AUTHEN + 0xc:
        return s->regs[(entry + A_CLOCK_ROOT_AUTHEN) / 4];
    case A_CLOCK_ROOT_STATUS1:
    case A_CLOCK_ROOT_CONFIG:
        return 0;
    default:
        qemu_log_mask(LOG_UNIMP, "rt1176-ccm: set-point register 0x%"
                      HWADDR_PRIx "\n", addr);
        return 0;
    }
}

/* Some clock root that is on takes it. */
static bool ccm_source_is_used(Rt1176CcmState *s, Rt1176ClockSource source)
{
    for (unsigned n = 0; n < RT1176_CLOCK_ROOTS; n++) {
        uint32_t control = ccm_root_control(s, n);

        if (!FIELD_EX32(control, CLOCK_ROOT_CONTROL, OFF) &&
            ccm_root_source(n, control) == source) {
            return true;
        }
    }
    return false;
}

static uint32_t ccm_gate_status(Rt1176CcmState *s, const CcmBlock *block,
                                unsigned n)
{
    uint32_t direct = *ccm_entry(s, block, n);
    uint32_t status = FIELD_DP32(0, GATE_STATUS0, ON,
                                 FIELD_EX32(direct, GATE_DIRECT, ON));

    if (block == &ccm_block[OSCPLL]) {
        Rt1176ClockSource source = oscpll_source[n];
        bool runs = clock_is_enabled(s->source[source]);

        status = FIELD_DP32(status, GATE_STATUS0, STATUS_EARLY, runs);
        status = FIELD_DP32(status, GATE_STATUS0, STATUS_LATE, runs);
        status = FIELD_DP32(status, GATE_STATUS0, IN_USE,
                            ccm_source_is_used(s, source));
    }
    return status;
}

static uint32_t ccm_read_gate(Rt1176CcmState *s, const CcmBlock *block,
                              hwaddr addr)
{
    if ((addr - block->base) % block->step == A_GATE_STATUS0) {
        return ccm_gate_status(s, block, (addr - block->base) / block->step);
    }
    return s->regs[addr / 4];
}

static uint64_t ccm_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176CcmState *s = opaque;
    const CcmBlock *block = ccm_find_block(addr);

    if (!block) {
        ccm_no_register(addr);
        return 0;
    }
    switch (block->map) {
    case CCM_ROOT_MAP:
        return ccm_read_root(s, block, addr);
    case CCM_GPR_MAP:
        return s->regs[(addr & ~0xfull) / 4];
    case CCM_GATE_MAP:
        return ccm_read_gate(s, block, addr);
    }
    g_assert_not_reached();
}

static void ccm_log_reserved(hwaddr addr, uint32_t bits)
{
    if (bits) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-ccm: 0x%" HWADDR_PRIx ": bits"
                      " 0x%" PRIx32 " are reserved\n", addr, bits);
    }
}

/* The bits of an AUTHEN that its locks let through. */
static uint32_t ccm_unlocked(uint32_t authen)
{
    static const struct {
        uint32_t lock;
        uint32_t field;
    } locks[] = {
        { R_AUTHEN_LOCK_TZ_MASK, R_AUTHEN_TZ_MASK },
        { R_AUTHEN_LOCK_LIST_MASK, R_AUTHEN_WHITE_LIST_MASK },
        { R_AUTHEN_LOCK_MODE_MASK, R_AUTHEN_MODE_MASK },
    };
    uint32_t unlocked = 0;

    for (unsigned n = 0; n < ARRAY_SIZE(locks); n++) {
        if (!(authen & locks[n].lock)) {
            unlocked |= locks[n].lock | locks[n].field;
        }
    }
    return unlocked;
}

/* @reg: an AUTHEN; @addr: of a write to it, or to its SET, CLR or TOG. */
static void ccm_write_authen(uint32_t *reg, hwaddr addr, uint32_t data,
                             bool has_set_clr_tog, uint32_t writable)
{
    uint32_t value = *reg;
    uint32_t unlocked = ccm_unlocked(*reg) & writable;

    ccm_log_reserved(addr, data & ~writable);
    if (has_set_clr_tog) {
        rt1176_sct_write(&value, addr, data & writable);
    } else {
        value = data & writable;
    }
    if ((value ^ *reg) & ~unlocked) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-ccm: bits 0x%" PRIx32
                      " of 0x%" HWADDR_PRIx " are locked\n",
                      (value ^ *reg) & ~unlocked, addr);
    }
    *reg = (*reg & ~unlocked) | (value & unlocked);
    if (FIELD_EX32(*reg, AUTHEN, MODE)) {
        qemu_log_mask(LOG_UNIMP, "rt1176-ccm: 0x%" HWADDR_PRIx ": modes other"
                      " than the direct one\n", addr);
    }
}

/* Write to a register that has SET, CLR and TOG addresses behind it. */
static void ccm_write_sct(Rt1176CcmState *s, hwaddr addr, uint32_t value,
                          uint32_t writable)
{
    ccm_log_reserved(addr, value & ~writable);
    rt1176_sct_write(&s->regs[(addr & ~0xfull) / 4], addr, value & writable);
}

/* STATUS0 shows what was before, until the clocks have run some cycles. */
static void ccm_note_change(Rt1176CcmState *s, unsigned root, uint32_t before)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    uint32_t control = ccm_root_control(s, root);
    uint64_t old_period = ccm_root_period(s, root, before);
    uint64_t new_period = ccm_root_period(s, root, control);
    uint64_t cycles = CHANGE_CYCLES * MAX(old_period, new_period);

    if (control != before) {
        s->root_before[root] = before;
        s->changed_at_ns[root] = now + DIV_ROUND_UP(cycles, PERIOD_1NS);
    }
}

static void ccm_write_root(Rt1176CcmState *s, const CcmBlock *block,
                           hwaddr addr, uint32_t value)
{
    hwaddr offset = (addr - block->base) % block->step;
    unsigned n = (addr - block->base) / block->step;
    uint32_t before = *ccm_entry(s, block, n);

    switch (offset) {
    case A_CLOCK_ROOT_CONTROL ... A_CLOCK_ROOT_CONTROL + 0xc:
        ccm_write_sct(s, addr, value, block->writable);
        if (block == &ccm_block[CLOCK_ROOT]) {
            ccm_note_change(s, n, before);
        }
        break;
    case A_CLOCK_ROOT_AUTHEN ... A_CLOCK_ROOT_AUTHEN + 0xc:
        ccm_write_authen(&s->regs[(addr & ~0xfull) / 4], addr, value, true,
                         ROOT_AUTHEN_WRITABLE);
        break;
    case A_CLOCK_ROOT_STATUS0:
    case A_CLOCK_ROOT_STATUS1:
    case A_CLOCK_ROOT_CONFIG:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-ccm: write to read-only "
                      "register 0x%" HWADDR_PRIx "\n", addr);
        break;
    default:
        qemu_log_mask(LOG_UNIMP, "rt1176-ccm: set-point register 0x%"
                      HWADDR_PRIx "\n", addr);
    }
}

static void ccm_write_gpr(Rt1176CcmState *s, const CcmBlock *block,
                          hwaddr addr, uint32_t value)
{
    if (addr & 0x10) {
        ccm_write_authen(&s->regs[(addr & ~0xfull) / 4], addr, value, true,
                         GPR_AUTHEN_WRITABLE);
    } else {
        ccm_write_sct(s, addr, value, block->writable);
    }
}

static void ccm_write_gate(Rt1176CcmState *s, const CcmBlock *block,
                           hwaddr addr, uint32_t value)
{
    uint32_t *reg = &s->regs[addr / 4];

    switch ((addr - block->base) % block->step) {
    case A_GATE_DIRECT:
        ccm_log_reserved(addr, value & ~R_GATE_DIRECT_ON_MASK);
        *reg = value & R_GATE_DIRECT_ON_MASK;
        break;
    case A_GATE_DOMAIN:
        ccm_log_reserved(addr, value & ~GATE_DOMAIN_WRITABLE);
        *reg = value & GATE_DOMAIN_WRITABLE;
        break;
    case A_GATE_SETPOINT:
        *reg = value;
        break;
    case A_GATE_AUTHEN:
        ccm_write_authen(reg, addr, value, false, GATE_AUTHEN_WRITABLE);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-ccm: write to read-only "
                      "register 0x%" HWADDR_PRIx "\n", addr);
    }
}

static void ccm_write(void *opaque, hwaddr addr, uint64_t value,
                      unsigned size)
{
    Rt1176CcmState *s = opaque;
    const CcmBlock *block = ccm_find_block(addr);

    if (!block) {
        ccm_no_register(addr);
        return;
    }
    switch (block->map) {
    case CCM_ROOT_MAP:
        ccm_write_root(s, block, addr, value);
        break;
    case CCM_GPR_MAP:
        ccm_write_gpr(s, block, addr, value);
        break;
    case CCM_GATE_MAP:
        ccm_write_gate(s, block, addr, value);
        ccm_update_gates(s);
        break;
    }
    ccm_update(s);
}

static const MemoryRegionOps ccm_ops = {
    .read = ccm_read,
    .write = ccm_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static void ccm_open_gates(Rt1176CcmState *s, const CcmBlock *block)
{
    for (unsigned n = 0; n < block->count; n++) {
        *ccm_entry(s, block, n) = R_GATE_DIRECT_ON_MASK;
    }
}

/* All clock roots at source 0 undivided, all gates open. */
static void ccm_reset_hold(Object *obj, ResetType type)
{
    Rt1176CcmState *s = RT1176_CCM(obj);

    memset(s->regs, 0, sizeof(s->regs));
    ccm_open_gates(s, &ccm_block[OSCPLL]);
    ccm_open_gates(s, &ccm_block[LPCG]);
    memset(s->changed_at_ns, 0, sizeof(s->changed_at_ns));
    ccm_update(s);
}

static void ccm_reset_exit(Object *obj, ResetType type)
{
    ccm_update_gates(RT1176_CCM(obj));
}

static void ccm_init(Object *obj)
{
    Rt1176CcmState *s = RT1176_CCM(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &ccm_ops, s, TYPE_RT1176_CCM,
                          RT1176_CCM_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    for (unsigned n = 0; n < RT1176_CLOCK_SOURCES; n++) {
        s->source[n] = qdev_init_clock_in(dev, rt1176_clock_source_name(n),
                                          ccm_source_changed, s, ClockUpdate);
    }
    for (unsigned n = 0; n < RT1176_CCM_CONSUMERS; n++) {
        s->consumer[n] = qdev_init_clock_out(dev, consumer[n].name);
    }
    for (unsigned n = 0; n < RT1176_CLOCK_ROOTS; n++) {
        g_autofree char *name = g_strdup_printf("root%u", n);

        s->root[n] = qdev_init_clock_out(dev, name);
    }
    qdev_init_gpio_out_named(dev, s->gate, "gate", RT1176_LPCGS);
}

static int ccm_post_load(void *opaque, int version_id)
{
    ccm_update_gates(opaque);
    return 0;
}

static const VMStateDescription vmstate_ccm = {
    .name = TYPE_RT1176_CCM,
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = ccm_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, Rt1176CcmState, RT1176_CCM_WORDS),
        VMSTATE_UINT32_ARRAY(root_before, Rt1176CcmState, RT1176_CLOCK_ROOTS),
        VMSTATE_INT64_ARRAY(changed_at_ns, Rt1176CcmState, RT1176_CLOCK_ROOTS),
        VMSTATE_ARRAY_CLOCK(root, Rt1176CcmState, RT1176_CLOCK_ROOTS),
        VMSTATE_ARRAY_CLOCK(source, Rt1176CcmState, RT1176_CLOCK_SOURCES),
        VMSTATE_ARRAY_CLOCK(consumer, Rt1176CcmState, RT1176_CCM_CONSUMERS),
        VMSTATE_END_OF_LIST()
    }
};

static void ccm_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->vmsd = &vmstate_ccm;
    dc->desc = "i.MX RT1176 clock controller module";
    RESETTABLE_CLASS(klass)->phases.hold = ccm_reset_hold;
    RESETTABLE_CLASS(klass)->phases.exit = ccm_reset_exit;
}

static const TypeInfo ccm_types[] = {
    {
        .name = TYPE_RT1176_CCM,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176CcmState),
        .instance_init = ccm_init,
        .class_init = ccm_class_init,
    },
};
DEFINE_TYPES(ccm_types)
