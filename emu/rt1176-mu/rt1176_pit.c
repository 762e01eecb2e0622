/*
 * PIT of the i.MX RT1176 (IMXRT1170RM, chapter "Periodic Interrupt Timer"):
 * four timers of 32 bits that count down from LDVAL and begin again, each of
 * which can count the expiries of the one before it.  Nothing ticks: counts
 * are worked out from virtual time, and a QEMU timer is armed only for an
 * expiry that interrupts or triggers DMA.  See docs/devices/rt1176-pit.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "rt1176_pit.h"

REG32(MCR, 0x00)
    FIELD(MCR, FRZ, 0, 1)
    FIELD(MCR, MDIS, 1, 1)
REG32(LTMR64H, 0xe0)
REG32(LTMR64L, 0xe4)
/* of a timer */
REG32(LDVAL, 0x00)
REG32(CVAL, 0x04)
REG32(TCTRL, 0x08)
    FIELD(TCTRL, TEN, 0, 1)
    FIELD(TCTRL, TIE, 1, 1)
    FIELD(TCTRL, CHN, 2, 1)
REG32(TFLG, 0x0c)
    FIELD(TFLG, TIF, 0, 1)

#define TIMERS_AT 0x100
#define TIMER_STEP 0x10
#define MCR_WRITABLE (R_MCR_FRZ_MASK | R_MCR_MDIS_MASK)
#define TCTRL_WRITABLE \
    (R_TCTRL_TEN_MASK | R_TCTRL_TIE_MASK | R_TCTRL_CHN_MASK)

typedef unsigned __int128 PitTime; /* 2^-32 ns, or ticks */

/* Further than any time that virtual time can take. */
#define NEVER ((PitTime)1 << 96)

static bool pit_is_enabled(const Rt1176PitState *s, unsigned n)
{
    return FIELD_EX32(s->timer[n].tctrl, TCTRL, TEN);
}

/* The first timer has none before it: CHN means nothing there. */
static bool pit_is_chained(const Rt1176PitState *s, unsigned n)
{
    return n > 0 && FIELD_EX32(s->timer[n].tctrl, TCTRL, CHN);
}

/* Clock periods until the timer's @expiries'th expiry from now on. */
static PitTime pit_ticks_until(const Rt1176PitState *s, unsigned n,
                               PitTime expiries)
{
    const Rt1176PitTimer *t = &s->timer[n];
    PitTime counts;

    if (!pit_is_enabled(s, n) || expiries >= NEVER >> 33) {
        return NEVER;
    }
    counts = (PitTime)t->cval + 1 + (expiries - 1) * ((PitTime)t->ldval + 1);
    return pit_is_chained(s, n) ? pit_ticks_until(s, n - 1, counts) : counts;
}

/* Let the timer count @counts; returns how often it has expired. */
static PitTime pit_count(Rt1176PitTimer *t, PitTime counts)
{
    PitTime period = (PitTime)t->ldval + 1;
    PitTime expiries;

    if (counts <= t->cval) {
        t->cval -= counts;
        return 0;
    }
    counts -= (PitTime)t->cval + 1;
    expiries = 1 + counts / period;
    t->cval = t->ldval - counts % period;
    t->tflg = R_TFLG_TIF_MASK;
    return expiries;
}

static PitTime pit_since(const Rt1176PitState *s)
{
    return ((PitTime)s->since_ns << 32) + s->since_frac;
}

static void pit_set_since(Rt1176PitState *s, PitTime time)
{
    s->since_ns = time >> 32;
    s->since_frac = time;
}

/* Bring counts and flags up to the present time; tells who watches. */
static void pit_sync(Rt1176PitState *s)
{
    PitTime now = (PitTime)qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) << 32;
    PitTime ticks, counts = 0;
    unsigned expired = 0;

    if (!s->tick) {
        pit_set_since(s, now);
        return;
    }
    ticks = (now - pit_since(s)) / s->tick;
    pit_set_since(s, pit_since(s) + ticks * s->tick);
    for (unsigned n = 0; n < RT1176_PIT_TIMERS; n++) {
        /* of the timer before it: how often it has expired */
        counts = pit_is_chained(s, n) ? counts : ticks;
        counts = pit_is_enabled(s, n) && counts
                     ? pit_count(&s->timer[n], counts)
                     : 0;
        expired |= !!counts << n;
    }
    for (unsigned n = 0; n < RT1176_PIT_TIMERS; n++) {
        if (expired & s->watched & 1u << n) {
            qemu_irq_pulse(s->trigger[n]);
        }
    }
}

static uint64_t pit_tick(const Rt1176PitState *s)
{
    return FIELD_EX32(s->mcr, MCR, MDIS) ? 0 : clock_get(s->clk);
}

/* Interrupt level and next event, from the synchronised state. */
static void pit_update(Rt1176PitState *s)
{
    uint64_t tick = pit_tick(s);
    PitTime ticks = NEVER;
    bool level = false;

    if (tick != s->tick) {
        pit_set_since(s,
                      (PitTime)qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) << 32);
        s->tick = tick;
    }
    for (unsigned n = 0; n < RT1176_PIT_TIMERS; n++) {
        const Rt1176PitTimer *t = &s->timer[n];
        bool interrupts = FIELD_EX32(t->tctrl, TCTRL, TIE);

        level |= interrupts && t->tflg;
        if (s->tick && ((interrupts && !t->tflg) || s->watched & 1u << n)) {
            PitTime until = pit_ticks_until(s, n, 1);

            ticks = MIN(ticks, until);
        }
    }
    qemu_set_irq(s->irq, level);
    if (ticks >= NEVER) {
        timer_del(s->event);
    } else {
        PitTime due = pit_since(s) + ticks * s->tick;
        PitTime due_ns = (due + UINT32_MAX) >> 32;

        timer_mod_ns(s->event, MIN(due_ns, INT64_MAX));
    }
}

static void pit_event(void *opaque)
{
    Rt1176PitState *s = opaque;

    pit_sync(s);
    pit_update(s);
}

static void pit_clock_changed(void *opaque, ClockEvent event)
{
    if (DEVICE(opaque)->realized) {
        pit_event(opaque); /* at the rate so far */
    }
}

static void pit_set_watched(void *opaque, int n, int level)
{
    Rt1176PitState *s = opaque;

    pit_sync(s);
    s->watched = deposit32(s->watched, n, 1, level);
    pit_update(s);
}

/* ---- registers ---- */

static uint32_t pit_read_timer(const Rt1176PitTimer *t, hwaddr offset)
{
    switch (offset) {
    case A_LDVAL:
        return t->ldval;
    case A_CVAL:
        return t->cval;
    case A_TCTRL:
        return t->tctrl;
    default:
        return t->tflg;
    }
}

static bool pit_is_timer(hwaddr addr)
{
    return addr >= TIMERS_AT &&
           addr < TIMERS_AT + RT1176_PIT_TIMERS * TIMER_STEP;
}

static uint64_t pit_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176PitState *s = opaque;

    pit_event(s);
    if (pit_is_timer(addr)) {
        return pit_read_timer(&s->timer[(addr - TIMERS_AT) / TIMER_STEP],
                              addr % TIMER_STEP);
    }
    switch (addr) {
    case A_MCR:
        return s->mcr;
    case A_LTMR64H:
        s->ltmr64l = s->timer[0].cval;
        return s->timer[1].cval;
    case A_LTMR64L:
        return s->ltmr64l;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-pit: no register at 0x%"
                      HWADDR_PRIx "\n", addr);
        return 0;
    }
}

static void pit_write_tctrl(Rt1176PitState *s, unsigned n, uint32_t value)
{
    Rt1176PitTimer *t = &s->timer[n];

    if (!FIELD_EX32(t->tctrl, TCTRL, TEN) && FIELD_EX32(value, TCTRL, TEN)) {
        t->cval = t->ldval;
    }
    if (n == 0 && FIELD_EX32(value, TCTRL, CHN)) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-pit: timer 0 cannot be"
                      " chained\n");
    }
    t->tctrl = value & TCTRL_WRITABLE;
}

static void pit_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Rt1176PitState *s = opaque;
    unsigned n = (addr - TIMERS_AT) / TIMER_STEP;

    pit_sync(s);
    if (addr == A_MCR) {
        s->mcr = value & MCR_WRITABLE;
    } else if (pit_is_timer(addr) && addr % TIMER_STEP == A_LDVAL) {
        s->timer[n].ldval = value; /* from the next expiry or start on */
    } else if (pit_is_timer(addr) && addr % TIMER_STEP == A_TCTRL) {
        pit_write_tctrl(s, n, value);
    } else if (pit_is_timer(addr) && addr % TIMER_STEP == A_TFLG) {
        s->timer[n].tflg &= ~value;
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-pit: write to 0x%" HWADDR_PRIx
                      " ignored\n", addr);
    }
    pit_update(s);
}

static const MemoryRegionOps pit_ops = {
    .read = pit_read,
    .write = pit_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

/* ---- device ---- */

static void pit_reset_hold(Object *obj, ResetType type)
{
    Rt1176PitState *s = RT1176_PIT(obj);

    s->mcr = R_MCR_MDIS_MASK;
    s->ltmr64l = 0;
    memset(s->timer, 0, sizeof(s->timer));
    pit_update(s);
}

static void pit_init(Object *obj)
{
    Rt1176PitState *s = RT1176_PIT(obj);
    DeviceState *dev = DEVICE(obj);

    s->clk = qdev_init_clock_in(dev, "clk", pit_clock_changed, s, ClockUpdate);
    memory_region_init_io(&s->iomem, obj, &pit_ops, s, TYPE_RT1176_PIT,
                          0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_in_named(dev, pit_set_watched, "watched",
                            RT1176_PIT_TIMERS);
    qdev_init_gpio_out_named(dev, s->trigger, "trigger", RT1176_PIT_TIMERS);
}

static void pit_realize(DeviceState *dev, Error **errp)
{
    Rt1176PitState *s = RT1176_PIT(dev);

    if (!clock_has_source(s->clk)) {
        error_setg(errp, "rt1176-pit: input clock 'clk' is not connected");
        return;
    }
    s->event = timer_new_ns(QEMU_CLOCK_VIRTUAL, pit_event, s);
}

static const VMStateDescription vmstate_pit_timer = {
    .name = "rt1176-pit/timer",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(ldval, Rt1176PitTimer),
        VMSTATE_UINT32(cval, Rt1176PitTimer),
        VMSTATE_UINT32(tctrl, Rt1176PitTimer),
        VMSTATE_UINT32(tflg, Rt1176PitTimer),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_pit = {
    .name = TYPE_RT1176_PIT,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Rt1176PitState),
        VMSTATE_TIMER_PTR(event, Rt1176PitState),
        VMSTATE_UINT32(mcr, Rt1176PitState),
        VMSTATE_UINT32(ltmr64l, Rt1176PitState),
        VMSTATE_STRUCT_ARRAY(timer, Rt1176PitState, RT1176_PIT_TIMERS, 1,
                             vmstate_pit_timer, Rt1176PitTimer),
        VMSTATE_UINT8(watched, Rt1176PitState),
        VMSTATE_INT64(since_ns, Rt1176PitState),
        VMSTATE_UINT32(since_frac, Rt1176PitState),
        VMSTATE_UINT64(tick, Rt1176PitState),
        VMSTATE_END_OF_LIST()
    }
};

static void pit_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = pit_realize;
    dc->vmsd = &vmstate_pit;
    dc->desc = "i.MX RT1176 periodic interrupt timer";
    RESETTABLE_CLASS(klass)->phases.hold = pit_reset_hold;
}

static const TypeInfo pit_types[] = {
    {
        .name = TYPE_RT1176_PIT,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176PitState),
        .instance_init = pit_init,
        .class_init = pit_class_init,
    },
};
DEFINE_TYPES(pit_types)
