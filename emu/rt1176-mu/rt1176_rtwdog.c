/*
 * RTWDOG3 and RTWDOG4 (WDOG3, WDOG4) of the i.MX RT1176 (IMXRT1170RM, chapter
 * "RT Watchdog").  Its configuration can only be written in a window of 255
 * bus clocks after the unlock command; when it is on and not refreshed, it
 * interrupts and resets the part.  See docs/devices/rt1176-watchdogs.md.
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
#include "rt1176_rtwdog.h"

REG32(CS, 0x0)
    FIELD(CS, UPDATE, 5, 1)
    FIELD(CS, INT, 6, 1)
    FIELD(CS, EN, 7, 1)
    FIELD(CS, CLK, 8, 2)
    FIELD(CS, RCS, 10, 1)
    FIELD(CS, ULK, 11, 1)
    FIELD(CS, PRES, 12, 1)
    FIELD(CS, CMD32EN, 13, 1)
    FIELD(CS, FLG, 14, 1)
    FIELD(CS, WIN, 15, 1)
REG32(CNT, 0x4)
REG32(TOVAL, 0x8)
REG32(WIN, 0xc)

#define CS_WRITABLE 0x0000b3ffu
/* As the boot ROM leaves it: off, and configurable. */
#define CS_RESET (R_CS_CMD32EN_MASK | R_CS_RCS_MASK | \
                  1u << R_CS_CLK_SHIFT | R_CS_UPDATE_MASK)
#define TOVAL_RESET 0x400
#define UNLOCK 0xd928c520u
#define REFRESH 0xb480a602u
#define WINDOW_CLOCKS 255
#define LPO_HZ 32000

enum { CLK_BUS, CLK_LPO };

static int64_t rtwdog_now(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static bool rtwdog_unlocked(Rt1176RtwdogState *s)
{
    return rtwdog_now() < s->unlocked_until_ns;
}

static int64_t rtwdog_bus_clocks_ns(Rt1176RtwdogState *s, unsigned clocks)
{
    return clock_ticks_to_ns(s->bus, clocks);
}

/* Length of @ticks of the counter; 0: it has no clock. */
static int64_t rtwdog_ticks_ns(Rt1176RtwdogState *s, uint64_t ticks)
{
    if (FIELD_EX32(s->cs, CS, PRES)) {
        ticks *= 256;
    }
    switch (FIELD_EX32(s->cs, CS, CLK)) {
    case CLK_BUS:
        return clock_ticks_to_ns(s->bus, ticks);
    case CLK_LPO:
        return ticks * NANOSECONDS_PER_SECOND / LPO_HZ;
    default:
        return 0;
    }
}

static uint32_t rtwdog_count(Rt1176RtwdogState *s)
{
    int64_t ns = rtwdog_ticks_ns(s, 1u << 16);

    if (!FIELD_EX32(s->cs, CS, EN) || !ns) {
        return 0;
    }
    return MIN(muldiv64(rtwdog_now() - s->counting_since_ns, 1u << 16, ns),
               UINT16_MAX);
}

static void rtwdog_update_irq(Rt1176RtwdogState *s)
{
    qemu_set_irq(s->irq, FIELD_EX32(s->cs, CS, FLG) &&
                         FIELD_EX32(s->cs, CS, INT));
}

/* Count from 0: switched on, reconfigured, or refreshed. */
static void rtwdog_restart(Rt1176RtwdogState *s)
{
    s->counting_since_ns = rtwdog_now();
    timer_del(s->timeout);
    if (FIELD_EX32(s->cs, CS, EN)) {
        if (!rtwdog_ticks_ns(s, 1)) {
            qemu_log_mask(LOG_UNIMP, "rt1176-rtwdog: clock source %u is not"
                          " modelled: the watchdog stands still\n",
                          FIELD_EX32(s->cs, CS, CLK));
            return;
        }
        /* TOVAL = 0: it always times out */
        timer_mod_ns(s->timeout,
                     s->counting_since_ns + rtwdog_ticks_ns(s, s->toval));
    }
}

static void rtwdog_timeout(void *opaque)
{
    Rt1176RtwdogState *s = opaque;

    if (!FIELD_EX32(s->cs, CS, INT)) {
        qemu_irq_pulse(s->reset);
        return;
    }
    s->cs |= R_CS_FLG_MASK;
    rtwdog_update_irq(s);
    timer_mod_ns(s->late_reset,
                 rtwdog_now() + rtwdog_bus_clocks_ns(s, WINDOW_CLOCKS));
}

static void rtwdog_late_reset(void *opaque)
{
    Rt1176RtwdogState *s = opaque;

    qemu_irq_pulse(s->reset);
}

static void rtwdog_command(Rt1176RtwdogState *s, uint32_t command)
{
    bool enabled = FIELD_EX32(s->cs, CS, EN);
    bool too_early = FIELD_EX32(s->cs, CS, WIN) &&
                     rtwdog_count(s) < s->win;

    if (command == UNLOCK) {
        if (FIELD_EX32(s->cs, CS, UPDATE)) {
            s->unlocked_until_ns =
                rtwdog_now() + rtwdog_bus_clocks_ns(s, WINDOW_CLOCKS);
            s->cs &= ~R_CS_RCS_MASK;
        }
    } else if (command == REFRESH && !(enabled && too_early)) {
        rtwdog_restart(s);
    } else if (enabled) {
        qemu_irq_pulse(s->reset); /* an illegal or too early command */
    }
}

static void rtwdog_write_cnt(Rt1176RtwdogState *s, uint32_t value,
                             unsigned size)
{
    if (FIELD_EX32(s->cs, CS, CMD32EN)) {
        rtwdog_command(s, value);
        return;
    }
    /* two 16-bit words, the low one first */
    if ((uint16_t)value == (uint16_t)UNLOCK ||
        (uint16_t)value == (uint16_t)REFRESH) {
        s->first_word = value;
    } else {
        rtwdog_command(s, (value & 0xffff) << 16 | s->first_word);
        s->first_word = 0;
    }
}

/* The three configuration registers; a write of CS ends the window. */
static void rtwdog_configure(Rt1176RtwdogState *s, hwaddr addr,
                             uint32_t value)
{
    if (addr == A_CS && FIELD_EX32(value, CS, FLG)) {
        s->cs &= ~R_CS_FLG_MASK;
        timer_del(s->late_reset);
    }
    if (!rtwdog_unlocked(s)) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-rtwdog: write to 0x%"
                      HWADDR_PRIx " while it is locked\n", addr);
        return;
    }
    switch (addr) {
    case A_CS:
        s->cs = (s->cs & R_CS_FLG_MASK) | (value & CS_WRITABLE) |
                R_CS_RCS_MASK;
        s->unlocked_until_ns = 0;
        break;
    case A_TOVAL:
        s->toval = value & 0xffff;
        break;
    case A_WIN:
        s->win = value & 0xffff;
        break;
    }
    rtwdog_restart(s);
}

static uint64_t rtwdog_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176RtwdogState *s = opaque;

    switch (addr) {
    case A_CS:
        return FIELD_DP32(s->cs, CS, ULK, rtwdog_unlocked(s));
    case A_CNT:
        return rtwdog_count(s);
    case A_TOVAL:
        return s->toval;
    case A_WIN:
        return s->win;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-rtwdog: no register at 0x%"
                      HWADDR_PRIx "\n", addr);
        return 0;
    }
}

static void rtwdog_write(void *opaque, hwaddr addr, uint64_t value,
                         unsigned size)
{
    Rt1176RtwdogState *s = opaque;

    switch (addr) {
    case A_CS:
    case A_TOVAL:
    case A_WIN:
        rtwdog_configure(s, addr, value);
        break;
    case A_CNT:
        rtwdog_write_cnt(s, value, size);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-rtwdog: no register at 0x%"
                      HWADDR_PRIx "\n", addr);
    }
    rtwdog_update_irq(s);
}

static const MemoryRegionOps rtwdog_ops = {
    .read = rtwdog_read,
    .write = rtwdog_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 2,
    .valid.max_access_size = 4,
};

static void rtwdog_reset_hold(Object *obj, ResetType type)
{
    Rt1176RtwdogState *s = RT1176_RTWDOG(obj);

    s->cs = CS_RESET;
    s->toval = TOVAL_RESET;
    s->win = 0;
    s->first_word = 0;
    s->unlocked_until_ns = 0;
    timer_del(s->late_reset);
    rtwdog_restart(s);
    rtwdog_update_irq(s);
}

static void rtwdog_init(Object *obj)
{
    Rt1176RtwdogState *s = RT1176_RTWDOG(obj);

    s->bus = qdev_init_clock_in(DEVICE(obj), "bus", NULL, NULL, 0);
    memory_region_init_io(&s->iomem, obj, &rtwdog_ops, s, TYPE_RT1176_RTWDOG,
                          0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_out_named(DEVICE(obj), &s->reset, "reset", 1);
}

static void rtwdog_realize(DeviceState *dev, Error **errp)
{
    Rt1176RtwdogState *s = RT1176_RTWDOG(dev);

    if (!clock_has_source(s->bus)) {
        error_setg(errp, "rt1176-rtwdog: input clock 'bus' is not connected");
        return;
    }
    s->timeout = timer_new_ns(QEMU_CLOCK_VIRTUAL, rtwdog_timeout, s);
    s->late_reset = timer_new_ns(QEMU_CLOCK_VIRTUAL, rtwdog_late_reset, s);
}

static const VMStateDescription vmstate_rtwdog = {
    .name = TYPE_RT1176_RTWDOG,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(bus, Rt1176RtwdogState),
        VMSTATE_TIMER_PTR(timeout, Rt1176RtwdogState),
        VMSTATE_TIMER_PTR(late_reset, Rt1176RtwdogState),
        VMSTATE_UINT32(cs, Rt1176RtwdogState),
        VMSTATE_UINT32(toval, Rt1176RtwdogState),
        VMSTATE_UINT32(win, Rt1176RtwdogState),
        VMSTATE_UINT16(first_word, Rt1176RtwdogState),
        VMSTATE_INT64(unlocked_until_ns, Rt1176RtwdogState),
        VMSTATE_INT64(counting_since_ns, Rt1176RtwdogState),
        VMSTATE_END_OF_LIST()
    }
};

static void rtwdog_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = rtwdog_realize;
    dc->vmsd = &vmstate_rtwdog;
    dc->desc = "i.MX RT1176 RT watchdog (WDOG3, WDOG4)";
    RESETTABLE_CLASS(klass)->phases.hold = rtwdog_reset_hold;
}

static const TypeInfo rtwdog_types[] = {
    {
        .name = TYPE_RT1176_RTWDOG,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176RtwdogState),
        .instance_init = rtwdog_init,
        .class_init = rtwdog_class_init,
    },
};
DEFINE_TYPES(rtwdog_types)
