/*
 * Window watchdog of the STM32F100 (RM0041 19).
 *
 * The prescaler runs freely while the block is clocked, so the first step of
 * the counter after a write comes early by up to a whole one (19.4).  Counter
 * and prescaler are worked out from virtual time when they are looked at.
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
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "stm32f100_bus.h"
#include "stm32f100_wwdg.h"

REG32(CR, 0x00)
    FIELD(CR, T, 0, 7)
    FIELD(CR, WDGA, 7, 1)
REG32(CFR, 0x04)
    FIELD(CFR, W, 0, 7)
    FIELD(CFR, WDGTB, 7, 2)
    FIELD(CFR, EWI, 9, 1)
REG32(SR, 0x08)
    FIELD(SR, EWIF, 0, 1)

#define T_RESET 0x7f
#define CFR_RESET 0x007f
#define CFR_MASK 0x3ff
#define T6 0x40 /* the reset comes when this bit is lost */
#define T_COUNTS 0x80
#define PRESCALER_SHIFT 12 /* PCLK1 / 4096 / 2^WDGTB */

/* ---- time ---- */

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static bool counting(const Stm32f100WwdgState *s)
{
    return clock_is_enabled(s->clk) && !s->frozen;
}

/* Cycles of PCLK1 since reset, those that it was off or frozen left out. */
static int64_t cycles(const Stm32f100WwdgState *s)
{
    return s->base_cycles +
           (counting(s) ? clock_ns_to_ticks(s->clk, now_ns() - s->base_ns) : 0);
}

static unsigned tick_shift(const Stm32f100WwdgState *s)
{
    return PRESCALER_SHIFT + FIELD_EX32(s->cfr, CFR, WDGTB);
}

/* When the counter makes its @n-th step from now on. */
static int64_t step_ns(const Stm32f100WwdgState *s, int64_t n)
{
    int64_t to_go = ((s->tick + n) << tick_shift(s)) - s->base_cycles;
    int64_t after_ns = clock_ticks_to_ns(s->clk, to_go);

    return s->base_ns + after_ns +
           (clock_ns_to_ticks(s->clk, after_ns) < to_go);
}

/* ---- counter ---- */

static unsigned steps_to(const Stm32f100WwdgState *s, unsigned t)
{
    return (s->t - t) % T_COUNTS;
}

/* Bring the counter to now; 0x40 raises EWIF on the way. */
static void count(Stm32f100WwdgState *s)
{
    int64_t tick = cycles(s) >> tick_shift(s);
    int64_t steps = tick - s->tick;
    unsigned to_ewif = steps_to(s, T6) ?: T_COUNTS;

    s->ewif |= steps >= to_ewif;
    s->t = (s->t - steps) % T_COUNTS;
    s->tick = tick;
}

static void wwdg_update(Stm32f100WwdgState *s)
{
    unsigned steps = 0;

    qemu_set_irq(s->irq, s->ewif && FIELD_EX32(s->cfr, CFR, EWI));
    if (s->wdga) {
        steps = steps_to(s, T6 - 1);
    }
    if (FIELD_EX32(s->cfr, CFR, EWI) && !s->ewif) {
        unsigned to_ewif = steps_to(s, T6) ?: T_COUNTS;

        steps = steps ? MIN(steps, to_ewif) : to_ewif;
    }
    if (steps && counting(s)) {
        timer_mod(s->timer, step_ns(s, steps));
    } else {
        timer_del(s->timer);
    }
}

static void wwdg_bite(Stm32f100WwdgState *s)
{
    stm32f100_rcc_reset_system(s->rcc, STM32F100_RESET_WWDG);
}

static void wwdg_expired(void *opaque)
{
    Stm32f100WwdgState *s = opaque;

    count(s);
    if (s->wdga && !(s->t & T6)) {
        wwdg_bite(s);
        return;
    }
    wwdg_update(s);
}

/* The clock or the freeze changes: keep the prescaler where it is. */
static void rebase(Stm32f100WwdgState *s)
{
    count(s);
    s->base_cycles = cycles(s);
    s->base_ns = now_ns();
}

static void clk_changes(void *opaque, ClockEvent event)
{
    Stm32f100WwdgState *s = opaque;

    if (event == ClockPreUpdate) {
        rebase(s);
    } else {
        wwdg_update(s);
    }
}

static void set_freeze(void *opaque, int n, int level)
{
    Stm32f100WwdgState *s = opaque;

    if (s->frozen != level) {
        rebase(s);
        s->frozen = level;
        wwdg_update(s);
    }
}

/* ---- registers ---- */

/* A refresh above the window, or to below 0x40, resets at once (19.3). */
static void cr_write(Stm32f100WwdgState *s, uint32_t value)
{
    bool too_early = s->wdga && s->t > FIELD_EX32(s->cfr, CFR, W);

    s->t = FIELD_EX32(value, CR, T);
    s->wdga |= FIELD_EX32(value, CR, WDGA);
    s->ewif |= s->t == T6;
    if (s->wdga && (too_early || !(s->t & T6))) {
        wwdg_bite(s);
    }
}

static void cfr_write(Stm32f100WwdgState *s, uint32_t value)
{
    s->cfr = (value & CFR_MASK) | (s->cfr & R_CFR_EWI_MASK);
    s->tick = cycles(s) >> tick_shift(s);
}

static bool wwdg_clocked(const Stm32f100WwdgState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-wwdg: %s while RCC does not"
                      " clock it\n", access);
        return false;
    }
    return true;
}

static uint32_t wwdg_read_word(Stm32f100WwdgState *s, hwaddr addr)
{
    count(s);
    switch (addr) {
    case A_CR:
        return FIELD_DP32(s->t, CR, WDGA, s->wdga);
    case A_CFR:
        return s->cfr;
    case A_SR:
        return s->ewif;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-wwdg: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

static uint64_t wwdg_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100WwdgState *s = opaque;

    if (!wwdg_clocked(s, "read")) {
        return 0;
    }
    return stm32f100_bus_read(wwdg_read_word(s, addr & ~3), addr, size);
}

static void wwdg_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100WwdgState *s = opaque;
    uint32_t value = stm32f100_apb_write(data, size);

    if (!wwdg_clocked(s, "write")) {
        return;
    }
    count(s);
    switch (addr & ~3) {
    case A_CR:
        cr_write(s, value);
        break;
    case A_CFR:
        cfr_write(s, value);
        break;
    case A_SR:
        s->ewif &= value & R_SR_EWIF_MASK;
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-wwdg: write of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return;
    }
    wwdg_update(s);
}

static const MemoryRegionOps wwdg_ops =
    STM32F100_BUS_OPS(wwdg_read, wwdg_write);

/* ---- life cycle ---- */

static void wwdg_reset_hold(Object *obj, ResetType type)
{
    Stm32f100WwdgState *s = STM32F100_WWDG(obj);

    timer_del(s->timer);
    s->wdga = false;
    s->ewif = false;
    s->cfr = CFR_RESET;
    s->t = T_RESET;
    s->tick = 0;
    s->base_ns = now_ns();
    s->base_cycles = 0;
}

static void wwdg_reset_exit(Object *obj, ResetType type)
{
    wwdg_update(STM32F100_WWDG(obj));
}

static void wwdg_init(Object *obj)
{
    Stm32f100WwdgState *s = STM32F100_WWDG(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &wwdg_ops, s, TYPE_STM32F100_WWDG,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    s->clk = qdev_init_clock_in(dev, "clk", clk_changes, s,
                                ClockPreUpdate | ClockUpdate);
    qdev_init_gpio_in_named(dev, set_freeze, "freeze", 1);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, wwdg_expired, s);
}

static void wwdg_realize(DeviceState *dev, Error **errp)
{
    if (!STM32F100_WWDG(dev)->rcc) {
        error_setg(errp, "stm32f100-wwdg: link 'rcc' is not set");
    }
}

static const VMStateDescription vmstate_wwdg = {
    .name = TYPE_STM32F100_WWDG,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100WwdgState),
        VMSTATE_TIMER_PTR(timer, Stm32f100WwdgState),
        VMSTATE_BOOL(frozen, Stm32f100WwdgState),
        VMSTATE_BOOL(wdga, Stm32f100WwdgState),
        VMSTATE_BOOL(ewif, Stm32f100WwdgState),
        VMSTATE_UINT16(cfr, Stm32f100WwdgState),
        VMSTATE_UINT8(t, Stm32f100WwdgState),
        VMSTATE_INT64(tick, Stm32f100WwdgState),
        VMSTATE_INT64(base_ns, Stm32f100WwdgState),
        VMSTATE_INT64(base_cycles, Stm32f100WwdgState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property wwdg_properties[] = {
    DEFINE_PROP_LINK("rcc", Stm32f100WwdgState, rcc, TYPE_STM32F100_RCC,
                     Stm32f100RccState *),
};

static void wwdg_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = wwdg_realize;
    dc->vmsd = &vmstate_wwdg;
    rc->phases.hold = wwdg_reset_hold;
    rc->phases.exit = wwdg_reset_exit;
    device_class_set_props(dc, wwdg_properties);
}

static const TypeInfo wwdg_types[] = {
    {
        .name = TYPE_STM32F100_WWDG,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100WwdgState),
        .instance_init = wwdg_init,
        .class_init = wwdg_class_init,
    },
};
DEFINE_TYPES(wwdg_types)
