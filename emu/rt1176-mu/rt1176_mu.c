/*
 * MU: the messaging unit between the two cores of the i.MX RT1176
 * (IMXRT1170RM, chapter "Messaging Unit"): four one-word mailboxes each way,
 * four general purpose interrupt requests each way, three flags each way.
 * Channel 0 is the highest bit of its group.  Both sides see everything at
 * once, so what tells that something is on its way (SR.EP, SR.FUP, SR.RS) reads
 * 0.  Behaviour was compared with probes of a real part; see
 * docs/devices/rt1176-mu.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "system/icount-engine.h"
#include "rt1176_mu.h"

REG32(TR0, 0x00)
REG32(TR3, 0x0c)
REG32(RR0, 0x10)
REG32(RR3, 0x1c)
REG32(SR, 0x20)
    FIELD(SR, FN, 0, 3)
    FIELD(SR, BRDIP, 9, 1) /* side A; not in the manual, seen on silicon */
    FIELD(SR, TE, 20, 4)
    FIELD(SR, RF, 24, 4)
    FIELD(SR, GIP, 28, 4)
REG32(CR, 0x24)
    FIELD(CR, FN, 0, 3)
    FIELD(CR, MUR, 5, 1)
    FIELD(CR, GIR, 16, 4)
    FIELD(CR, TIE, 20, 4)
    FIELD(CR, RIE, 24, 4)
    FIELD(CR, GIE, 28, 4)

#define ALL_CHANNELS 0xfu
#define CR_STORED (R_CR_FN_MASK | R_CR_TIE_MASK | R_CR_RIE_MASK | \
                   R_CR_GIE_MASK)
#define CR_RESERVED (~(CR_STORED | R_CR_MUR_MASK | R_CR_GIR_MASK))
#define SIDE_A 0

static uint32_t channel_bit(unsigned channel)
{
    return 8u >> channel;
}

static bool is_side_a(Rt1176MuSide *side)
{
    return side == &side->mu->side[SIDE_A];
}

static char side_name(Rt1176MuSide *side)
{
    return is_side_a(side) ? 'A' : 'B';
}

static Rt1176MuSide *other_side(Rt1176MuSide *side)
{
    return &side->mu->side[is_side_a(side)];
}

/* RRn is full exactly while the other side's TRn is not empty. */
static uint32_t mu_receive_full(Rt1176MuSide *side)
{
    return ~other_side(side)->te & ALL_CHANNELS;
}

/* A request stays visible in CR until the other side has cleared its GIP. */
static uint32_t mu_requested(Rt1176MuSide *side)
{
    return other_side(side)->gip;
}

static uint32_t mu_status(Rt1176MuSide *side)
{
    uint32_t sr = FIELD_EX32(other_side(side)->cr, CR, FN);

    sr = FIELD_DP32(sr, SR, BRDIP, is_side_a(side));
    sr = FIELD_DP32(sr, SR, TE, side->te);
    sr = FIELD_DP32(sr, SR, RF, mu_receive_full(side));
    return FIELD_DP32(sr, SR, GIP, side->gip);
}

static void mu_update_irq(Rt1176MuSide *side)
{
    uint32_t cr = side->cr;

    qemu_set_irq(side->irq,
                 (side->te & FIELD_EX32(cr, CR, TIE)) ||
                 (mu_receive_full(side) & FIELD_EX32(cr, CR, RIE)) ||
                 (side->gip & FIELD_EX32(cr, CR, GIE)));
}

static void mu_update(Rt1176MuState *mu)
{
    mu_update_irq(&mu->side[0]);
    mu_update_irq(&mu->side[1]);
}

/* Reset of the unit: by the system or by MUR, which resets both sides. */
static void mu_reset_both(Rt1176MuState *mu)
{
    for (unsigned n = 0; n < ARRAY_SIZE(mu->side); n++) {
        Rt1176MuSide *side = &mu->side[n];

        side->cr = 0;
        memset(side->tr, 0, sizeof(side->tr));
        side->te = ALL_CHANNELS;
        side->gip = 0;
    }
}

/*
 * What the M7 hands over begins here and now also for the M4, which executes
 * after it in each slice of virtual time and would see it too early: let the M4
 * come to this moment first.  The other way round, what the M4 has handed over
 * is seen when the M7's next slice begins.
 */
static void mu_meet(Rt1176MuSide *side)
{
    if (is_side_a(side)) {
        icount_begin_access(DEVICE(side->mu));
    }
}

static uint32_t mu_receive(Rt1176MuSide *side, unsigned channel)
{
    Rt1176MuSide *sender = other_side(side);

    sender->te |= channel_bit(channel);
    return sender->tr[channel];
}

static void mu_transmit(Rt1176MuSide *side, unsigned channel, uint32_t value)
{
    if (!(side->te & channel_bit(channel))) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-mu: side %c: TR%u is written"
                      " before it was read\n", side_name(side), channel);
    }
    side->tr[channel] = value;
    side->te &= ~channel_bit(channel);
}

static void mu_write_cr(Rt1176MuSide *side, uint32_t value)
{
    if (value & CR_RESERVED) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-mu: side %c: reserved bits 0x%x"
                      " of CR are written\n", side_name(side),
                      value & CR_RESERVED);
    }
    if (FIELD_EX32(value, CR, MUR)) {
        mu_reset_both(side->mu);
        return;
    }
    side->cr = value & CR_STORED;
    other_side(side)->gip |= FIELD_EX32(value, CR, GIR);
}

/* Without its clock (LPCG MU_A, MU_B) a side does nothing. */
static bool mu_side_stands(Rt1176MuSide *side, const char *access)
{
    if (clock_is_enabled(side->clk)) {
        return false;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "rt1176-mu: %s of side %c, whose clock is"
                  " off\n", access, side_name(side));
    return true;
}

static uint64_t mu_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176MuSide *side = opaque;
    uint32_t value;

    if (mu_side_stands(side, "read")) {
        return 0;
    }
    switch (addr) {
    case A_TR0 ... A_TR3:
        return 0;
    case A_RR0 ... A_RR3:
        mu_meet(side);
        value = mu_receive(side, (addr - A_RR0) / 4);
        mu_update(side->mu);
        return value;
    case A_SR:
        return mu_status(side);
    case A_CR:
        return FIELD_DP32(side->cr, CR, GIR, mu_requested(side));
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-mu: no register at 0x%"
                      HWADDR_PRIx "\n", addr);
        return 0;
    }
}

static void mu_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Rt1176MuSide *side = opaque;

    if (mu_side_stands(side, "write")) {
        return;
    }
    mu_meet(side);
    switch (addr) {
    case A_TR0 ... A_TR3:
        mu_transmit(side, (addr - A_TR0) / 4, value);
        break;
    case A_SR:
        side->gip &= ~FIELD_EX32(value, SR, GIP);
        break;
    case A_CR:
        mu_write_cr(side, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-mu: write to 0x%" HWADDR_PRIx
                      " ignored\n", addr);
    }
    mu_update(side->mu);
}

static const MemoryRegionOps mu_ops = {
    .read = mu_read,
    .write = mu_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static void mu_reset_hold(Object *obj, ResetType type)
{
    mu_reset_both(RT1176_MU(obj));
}

static void mu_reset_exit(Object *obj, ResetType type)
{
    mu_update(RT1176_MU(obj));
}

static void mu_init(Object *obj)
{
    Rt1176MuState *mu = RT1176_MU(obj);
    static const char *const name[] = { "rt1176-mua", "rt1176-mub" };
    static const char *const clk[] = { "clk-a", "clk-b" };

    for (unsigned n = 0; n < ARRAY_SIZE(mu->side); n++) {
        Rt1176MuSide *side = &mu->side[n];

        side->mu = mu;
        memory_region_init_io(&side->iomem, obj, &mu_ops, side, name[n],
                              0x4000);
        sysbus_init_mmio(SYS_BUS_DEVICE(obj), &side->iomem);
        sysbus_init_irq(SYS_BUS_DEVICE(obj), &side->irq);
        side->clk = qdev_init_clock_in(DEVICE(obj), clk[n], NULL, NULL, 0);
    }
}

static const VMStateDescription vmstate_mu_side = {
    .name = "rt1176-mu-side",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(cr, Rt1176MuSide),
        VMSTATE_UINT32_ARRAY(tr, Rt1176MuSide, RT1176_MU_CHANNELS),
        VMSTATE_UINT32(te, Rt1176MuSide),
        VMSTATE_UINT32(gip, Rt1176MuSide),
        VMSTATE_CLOCK(clk, Rt1176MuSide),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_mu = {
    .name = TYPE_RT1176_MU,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT_ARRAY(side, Rt1176MuState, 2, 1, vmstate_mu_side,
                             Rt1176MuSide),
        VMSTATE_END_OF_LIST()
    }
};

static void mu_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->vmsd = &vmstate_mu;
    dc->desc = "i.MX RT1176 messaging unit";
    RESETTABLE_CLASS(klass)->phases.hold = mu_reset_hold;
    RESETTABLE_CLASS(klass)->phases.exit = mu_reset_exit;
}

static const TypeInfo mu_types[] = {
    {
        .name = TYPE_RT1176_MU,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176MuState),
        .instance_init = mu_init,
        .class_init = mu_class_init,
    },
};
DEFINE_TYPES(mu_types)
