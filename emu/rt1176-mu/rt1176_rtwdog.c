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
    FIELD(CS, TST, 3, 2)
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
/* TST: compare one octet of CNT and TOVAL; the high one counts every tick. */
enum { TST_LOW = 2, TST_HIGH };

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

static uint64_t rtwdog_ticks(Rt1176RtwdogState *s)
{
    unsigned __int128 elapsed_ns = rtwdog_now() - s->counting_since_ns;
    int64_t ns = rtwdog_ticks_ns(s, 1u << 16);

    if (!FIELD_EX32(s->cs, CS, EN) || !ns) {
        return s->counted;
    }
    /* ns may have more than 32 bits */
    return s->counted + elapsed_ns * (1u << 16) / ns;
}

static uint32_t rtwdog_count(Rt1176RtwdogState *s)
{
    uint64_t ticks = rtwdog_ticks(s);

    switch (FIELD_EX32(s->cs, CS, TST)) {
    case TST_LOW:
        return MIN(ticks, UINT8_MAX);
    case TST_HIGH:
        return MIN(ticks, UINT8_MAX) << 8;
    default:
        return MIN(ticks, UINT16_MAX);
    }
}

/* After how many ticks it times out. */
static uint32_t rtwdog_timeout_ticks(Rt1176RtwdogState *s)
{
    switch (FIELD_EX32(s->cs, CS, TST)) {
    case TST_LOW:
        return extract32(s->toval, 0, 8);
    case TST_HIGH:
        return extract32(s->toval, 8, 8);
    default:
        return s->toval;
    }
}

static void rtwdog_update_irq(Rt1176RtwdogState *s)
{
    qemu_set_irq(s->irq, FIELD_EX32(s->cs, CS, FLG) &&
                         FIELD_EX32(s->cs, CS, INT));
}

/* Count on from @counted ticks, if there is a clock. */
static void rtwdog_count_on(Rt1176RtwdogState *s, uint64_t counted)
{
    uint64_t ticks = MAX(rtwdog_timeout_ticks(s), counted) - counted;

    s->counted = counted;
    s->counting_since_ns = rtwdog_now();
    if (FIELD_EX32(s->cs, CS, EN) && rtwdog_ticks_ns(s, 1)) {
        timer_mod_ns(s->timeout,
                     s->counting_since_ns + rtwdog_ticks_ns(s, ticks));
    } else {
        timer_del(s->timeout);
    }
}

/*
 * Count from 0: switched on, reconfigured, or refreshed.  (TOVAL = 0: it always
 * times out.)
 */
static void rtwdog_restart(Rt1176RtwdogState *s)
{
    s->timed_out = false;
    if (FIELD_EX32(s->cs, CS, EN) && FIELD_EX32(s->cs, CS, CLK) > CLK_LPO) {
        qemu_log_mask(LOG_UNIMP, "rt1176-rtwdog: clock source %u is not"
                      " modelled: the watchdog stands still\n",
                      FIELD_EX32(s->cs, CS, CLK));
    }
    rtwdog_count_on(s, 0);
}

/* What has been counted stays; what is to come takes the new period. */
static void rtwdog_bus_changed(void *opaque, ClockEvent event)
{
    Rt1176RtwdogState *s = opaque;

    if (!DEVICE(s)->realized || FIELD_EX32(s->cs, CS, CLK) != CLK_BUS) {
        return;
    }
    if (event == ClockPreUpdate) {
        s->counted = rtwdog_ticks(s);
        s->counting_since_ns = rtwdog_now();
    } else {
        rtwdog_count_on(s, s->counted);
    }
}

/*
 * A time-out, too early a refresh, or an illegal write to CNT: the reset, with
 * INT after an interrupt and 255 bus clocks.  Without its bus clock only the
 * second time-out in a row resets: the backup reset.
 */
static void rtwdog_event(Rt1176RtwdogState *s)
{
    if (timer_pending(s->late_reset)) {
        return;
    }
    if (FIELD_EX32(s->cs, CS, INT)) {
        s->cs |= R_CS_FLG_MASK;
        rtwdog_update_irq(s);
        timer_mod_ns(s->late_reset,
                     rtwdog_now() + rtwdog_bus_clocks_ns(s, WINDOW_CLOCKS));
        return;
    }
    qemu_irq_pulse(s->reset);
}

static void rtwdog_timeout(void *opaque)
{
    Rt1176RtwdogState *s = opaque;

    if (!clock_is_enabled(s->bus) && !s->timed_out) {
        s->timed_out = true;
        timer_mod_ns(s->timeout,
                     rtwdog_now() +
                         rtwdog_ticks_ns(s, rtwdog_timeout_ticks(s)));
        return;
    }
    if (s->timed_out) {
        qemu_irq_pulse(s->reset);
        return;
    }
    rtwdog_event(s);
}

static void rtwdog_late_reset(void *opaque)
{
    Rt1176RtwdogState *s = opaque;

    qemu_irq_pulse(s->reset);
}

static void rtwdog_unlock(Rt1176RtwdogState *s)
{
    if (!FIELD_EX32(s->cs, CS, UPDATE)) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-rtwdog: unlock without UPDATE:"
                      " locked until the next reset\n");
        return;
    }
    s->unlocked_until_ns =
        rtwdog_now() + rtwdog_bus_clocks_ns(s, WINDOW_CLOCKS);
    s->cs &= ~R_CS_RCS_MASK;
}

static void rtwdog_command(Rt1176RtwdogState *s, uint32_t command)
{
    bool too_early = FIELD_EX32(s->cs, CS, EN) && FIELD_EX32(s->cs, CS, WIN) &&
                     rtwdog_count(s) < s->win;

    if (command == UNLOCK) {
        rtwdog_unlock(s);
    } else if (command == REFRESH && !too_early) {
        rtwdog_restart(s);
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-rtwdog: %s\n",
                      command == REFRESH ? "refresh before the window"
                                         : "illegal write to CNT");
        rtwdog_event(s);
    }
}

/*
 * One write of 32 bits, or with CMD32EN = 0 the words 0xc520 and 0xd928, 0xa602
 * and 0xb480, or their octets, the high one of a word first.  A part that
 * belongs to no command is illegal at once.
 */
static void rtwdog_write_cnt(Rt1176RtwdogState *s, uint32_t value,
                             unsigned size)
{
    static const uint64_t octets_of[] = { 0xc520d928, 0xa602b480 };
    unsigned bits = size == 1 ? 8 : 16;

    if (FIELD_EX32(s->cs, CS, CMD32EN)) {
        rtwdog_command(s, value);
        return;
    }
    s->command = s->command << bits | extract32(value, 0, bits);
    s->command_bits += bits;
    for (unsigned n = 0; n < ARRAY_SIZE(octets_of); n++) {
        if (s->command_bits <= 32 &&
            octets_of[n] >> (32 - s->command_bits) == s->command) {
            if (s->command_bits < 32) {
                return; /* so far, so good */
            }
            s->command_bits = 0;
            s->command = 0;
            rtwdog_command(s, n ? REFRESH : UNLOCK);
            return;
        }
    }
    s->command_bits = 0;
    s->command = 0;
    rtwdog_command(s, 0); /* neither */
}

/* The three configuration registers; a write of CS ends the window. */
static void rtwdog_configure(Rt1176RtwdogState *s, hwaddr addr,
                             uint32_t value)
{
    if (addr == A_CS && FIELD_EX32(value, CS, FLG)) {
        s->cs &= ~R_CS_FLG_MASK; /* the reset comes all the same */
        if (!rtwdog_unlocked(s)) {
            return;
        }
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

    if (size == 1 && addr != A_CNT) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-rtwdog: write of one octet at"
                      " 0x%" HWADDR_PRIx "\n", addr);
        return;
    }
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
    .valid.min_access_size = 1,
    .valid.max_access_size = 4,
};

static void rtwdog_reset_hold(Object *obj, ResetType type)
{
    Rt1176RtwdogState *s = RT1176_RTWDOG(obj);

    s->cs = CS_RESET;
    s->toval = TOVAL_RESET;
    s->win = 0;
    s->command = 0;
    s->command_bits = 0;
    s->timed_out = false;
    s->unlocked_until_ns = 0;
    timer_del(s->late_reset);
    rtwdog_restart(s);
    rtwdog_update_irq(s);
}

static void rtwdog_init(Object *obj)
{
    Rt1176RtwdogState *s = RT1176_RTWDOG(obj);

    s->bus = qdev_init_clock_in(DEVICE(obj), "bus", rtwdog_bus_changed, s,
                                ClockPreUpdate | ClockUpdate);
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
        VMSTATE_UINT32(command, Rt1176RtwdogState),
        VMSTATE_UINT8(command_bits, Rt1176RtwdogState),
        VMSTATE_BOOL(timed_out, Rt1176RtwdogState),
        VMSTATE_INT64(unlocked_until_ns, Rt1176RtwdogState),
        VMSTATE_INT64(counting_since_ns, Rt1176RtwdogState),
        VMSTATE_UINT64(counted, Rt1176RtwdogState),
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
