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
REG32(GATE_STATUS1, 0x14)
REG32(GATE_CONFIG, 0x18)
REG32(GATE_AUTHEN, 0x1c)

#define CLOCK_ROOT_WRITABLE \
    (R_CLOCK_ROOT_CONTROL_DIV_MASK | R_CLOCK_ROOT_CONTROL_MUX_MASK | \
     R_CLOCK_ROOT_CONTROL_OFF_MASK)
#define CLOCK_GROUP_WRITABLE 0x01ff000f
#define GATE_DOMAIN_WRITABLE 0x77770007
/* AUTHEN: TZ_USER, TZ_NS, LOCK_TZ, WHITE_LIST, LOCK_LIST and who may decide */
#define ROOT_AUTHEN_WRITABLE 0x00131f13
#define GPR_AUTHEN_WRITABLE 0x00111f13
#define GATE_AUTHEN_WRITABLE 0x00171f13

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

enum {
    CLOCK_ROOT,
    CLOCK_GROUP,
    GPR_SHARED,
    GPR_PRIVATE,
    OSCPLL,
    LPCG,
};

static const CcmBlock ccm_block[] = {
    [CLOCK_ROOT] = { CCM_ROOT_MAP, 0x0000, 0x80, 79, CLOCK_ROOT_WRITABLE },
    [CLOCK_GROUP] = { CCM_ROOT_MAP, 0x4000, 0x80, 2, CLOCK_GROUP_WRITABLE },
    [GPR_SHARED] = { CCM_GPR_MAP, 0x4800, 0x20, 8, UINT32_MAX },
    [GPR_PRIVATE] = { CCM_GPR_MAP, 0x4c20, 0x20, 7, UINT32_MAX },
    [OSCPLL] = { CCM_GATE_MAP, 0x5000, 0x20, 29 },
    [LPCG] = { CCM_GATE_MAP, 0x6000, 0x20, 138 },
};

#define S(name) RT1176_##name
/* The first four sources are the same for every clock root. */
#define MUX(s4, s5, s6, s7) \
    { S(OSC_RC_48M_DIV2), S(OSC_24M), S(OSC_RC_400M), S(OSC_RC_16M), \
      S(s4), S(s5), S(s6), S(s7) }

typedef Rt1176ClockSource CcmMux[8];

static const CcmMux mux_bus =
    MUX(SYS_PLL3, SYS_PLL1_DIV5, SYS_PLL2, SYS_PLL2_PFD3);
static const CcmMux mux_bus_lpsr =
    MUX(SYS_PLL3_PFD3, SYS_PLL3, SYS_PLL2, SYS_PLL1_DIV5);
static const CcmMux mux_m4_systick =
    MUX(SYS_PLL3_PFD3, SYS_PLL3, SYS_PLL2_PFD0, SYS_PLL1_DIV5);
static const CcmMux mux_m7_systick =
    MUX(SYS_PLL2, SYS_PLL3_DIV2, SYS_PLL1_DIV5, SYS_PLL2_PFD0);
/* GPT1, GPT4, GPT5, GPT6 */
static const CcmMux mux_gpt =
    MUX(SYS_PLL3_DIV2, SYS_PLL1_DIV5, SYS_PLL3_PFD2, SYS_PLL3_PFD3);
static const CcmMux mux_gpt23 =
    MUX(SYS_PLL3_DIV2, SYS_PLL1_DIV5, AUDIO_PLL, VIDEO_PLL);
/* LPUART1 to LPUART10, LPI2C1 to LPI2C4 */
static const CcmMux mux_lpuart =
    MUX(SYS_PLL3_DIV2, SYS_PLL1_DIV5, SYS_PLL2, SYS_PLL2_PFD3);
/* LPUART11, LPUART12, LPI2C5, LPI2C6, in the LPSR domain */
static const CcmMux mux_lpuart_lpsr =
    MUX(SYS_PLL3_PFD3, SYS_PLL3, SYS_PLL2_PFD3, SYS_PLL1_DIV5);

/* LPSPI1 to LPSPI4 */
static const CcmMux mux_lpspi =
    MUX(SYS_PLL3_PFD2, SYS_PLL1_DIV5, SYS_PLL2, SYS_PLL2_PFD3);
/* LPSPI5 and LPSPI6, in the LPSR domain */
static const CcmMux mux_lpspi_lpsr =
    MUX(SYS_PLL3_PFD3, SYS_PLL3, SYS_PLL3_PFD2, SYS_PLL1_DIV5);

#define NO_LPCG (-1)

/* Who takes which clock root through which gate. */
static const struct {
    const char *name;
    unsigned root;
    int lpcg;
    const Rt1176ClockSource *mux;
} consumer[RT1176_CCM_CONSUMERS] = {
    { "bus", 2, NO_LPCG, mux_bus },
    { "bus-lpsr", 3, NO_LPCG, mux_bus_lpsr },
    { "m4-systick", 7, NO_LPCG, mux_m4_systick },
    { "m7-systick", 8, NO_LPCG, mux_m7_systick },
    { "mu-a", 3, 20, mux_bus_lpsr },
    { "mu-b", 3, 21, mux_bus_lpsr },
    { "edma", 2, 22, mux_bus },
    { "edma-lpsr", 3, 23, mux_bus_lpsr },
    { "pit1", 2, 62, mux_bus },
    { "pit2", 3, 63, mux_bus_lpsr },
    { "gpt1", 14, 64, mux_gpt },
    { "gpt2", 15, 65, mux_gpt23 },
    { "gpt3", 16, 66, mux_gpt23 },
    { "gpt4", 17, 67, mux_gpt },
    { "gpt5", 18, 68, mux_gpt },
    { "gpt6", 19, 69, mux_gpt },
    { "lpuart1", 25, 86, mux_lpuart },
    { "lpuart2", 26, 87, mux_lpuart },
    { "lpuart3", 27, 88, mux_lpuart },
    { "lpuart4", 28, 89, mux_lpuart },
    { "lpuart5", 29, 90, mux_lpuart },
    { "lpuart6", 30, 91, mux_lpuart },
    { "lpuart7", 31, 92, mux_lpuart },
    { "lpuart8", 32, 93, mux_lpuart },
    { "lpuart9", 33, 94, mux_lpuart },
    { "lpuart10", 34, 95, mux_lpuart },
    { "lpuart11", 35, 96, mux_lpuart_lpsr },
    { "lpuart12", 36, 97, mux_lpuart_lpsr },
    { "lpi2c1", 37, 98, mux_lpuart },
    { "lpi2c2", 38, 99, mux_lpuart },
    { "lpi2c3", 39, 100, mux_lpuart },
    { "lpi2c4", 40, 101, mux_lpuart },
    { "lpi2c5", 41, 102, mux_lpuart_lpsr },
    { "lpi2c6", 42, 103, mux_lpuart_lpsr },
    { "lpspi1", 43, 104, mux_lpspi },
    { "lpspi2", 44, 105, mux_lpspi },
    { "lpspi3", 45, 106, mux_lpspi },
    { "lpspi4", 46, 107, mux_lpspi },
    { "lpspi5", 47, 108, mux_lpspi_lpsr },
    { "lpspi6", 48, 109, mux_lpspi_lpsr },
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

static uint64_t ccm_root_period(Rt1176CcmState *s, unsigned root,
                                const Rt1176ClockSource *mux)
{
    uint32_t control = *ccm_entry(s, &ccm_block[CLOCK_ROOT], root);
    Clock *source = s->source[mux[FIELD_EX32(control, CLOCK_ROOT_CONTROL,
                                             MUX)]];

    if (FIELD_EX32(control, CLOCK_ROOT_CONTROL, OFF)) {
        return 0;
    }
    return clock_get(source) *
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

    for (unsigned n = 0; n < RT1176_CCM_CONSUMERS; n++) {
        clock_update(s->consumer[n],
                     ccm_gate_is_on(s, consumer[n].lpcg)
                         ? ccm_root_period(s, consumer[n].root, consumer[n].mux)
                         : 0);
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

/*
 * The map of one clock root or group: CONTROL with its SET, CLR and TOG,
 * STATUS0 (what is in effect: at once), AUTHEN with its SET, CLR and TOG.
 */
static uint32_t ccm_read_root(Rt1176CcmState *s, const CcmBlock *block,
                              hwaddr addr)
{
    hwaddr offset = (addr - block->base) % block->step;
    hwaddr entry = addr - offset;

    switch (offset) {
    case A_CLOCK_ROOT_CONTROL ... A_CLOCK_ROOT_CONTROL + 0xc:
    case A_CLOCK_ROOT_STATUS0:
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

static uint32_t ccm_read_gate(Rt1176CcmState *s, const CcmBlock *block,
                              hwaddr addr)
{
    hwaddr offset = (addr - block->base) % block->step;
    uint32_t direct = s->regs[(addr - offset + A_GATE_DIRECT) / 4];

    if (offset == A_GATE_STATUS0) {
        return FIELD_EX32(direct, GATE_DIRECT, ON) << R_GATE_STATUS0_ON_SHIFT;
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

/* Write to a register that has SET, CLR and TOG addresses behind it. */
static void ccm_write_sct(Rt1176CcmState *s, hwaddr addr, uint32_t value,
                          uint32_t writable)
{
    rt1176_sct_write(&s->regs[(addr & ~0xfull) / 4], addr, value & writable);
}

static void ccm_write_root(Rt1176CcmState *s, const CcmBlock *block,
                           hwaddr addr, uint32_t value)
{
    hwaddr offset = (addr - block->base) % block->step;

    switch (offset) {
    case A_CLOCK_ROOT_CONTROL ... A_CLOCK_ROOT_CONTROL + 0xc:
        ccm_write_sct(s, addr, value, block->writable);
        break;
    case A_CLOCK_ROOT_AUTHEN ... A_CLOCK_ROOT_AUTHEN + 0xc:
        ccm_write_sct(s, addr, value, ROOT_AUTHEN_WRITABLE);
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

static void ccm_write_gate(Rt1176CcmState *s, const CcmBlock *block,
                           hwaddr addr, uint32_t value)
{
    switch ((addr - block->base) % block->step) {
    case A_GATE_DIRECT:
        s->regs[addr / 4] = value & R_GATE_DIRECT_ON_MASK;
        break;
    case A_GATE_DOMAIN:
        s->regs[addr / 4] = value & GATE_DOMAIN_WRITABLE;
        break;
    case A_GATE_SETPOINT:
        s->regs[addr / 4] = value;
        break;
    case A_GATE_AUTHEN:
        s->regs[addr / 4] = value & GATE_AUTHEN_WRITABLE;
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
        ccm_write_sct(s, addr, value,
                      addr & 0x10 ? GPR_AUTHEN_WRITABLE : block->writable);
        break;
    case CCM_GATE_MAP:
        ccm_write_gate(s, block, addr, value);
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
    ccm_update(s);
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
}

static const VMStateDescription vmstate_ccm = {
    .name = TYPE_RT1176_CCM,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, Rt1176CcmState, RT1176_CCM_WORDS),
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
