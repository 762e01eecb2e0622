/*
 * GPT of the i.MX RT1176 (IMXRT1170RM, chapter "General Purpose Timer"): a
 * 32-bit counter behind a prescaler, with three compare registers and their
 * outputs, two capture inputs, that restarts at the first compare value or runs
 * freely.  Nothing ticks: the count is worked out from virtual time, exact to
 * 2^-32 ns, and a QEMU timer is armed only for the next event that interrupts
 * or shows on a pin.  See docs/devices/rt1176-gpt.md.
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
#include "../wire/wire.h"
#include "rt1176_gpt.h"

REG32(CR, 0x00)
    FIELD(CR, EN, 0, 1)
    FIELD(CR, ENMOD, 1, 1)
    FIELD(CR, CLKSRC, 6, 3)
    FIELD(CR, FRR, 9, 1)
    FIELD(CR, EN_24M, 10, 1)
    FIELD(CR, SWR, 15, 1)
    FIELD(CR, IM1, 16, 2)
    FIELD(CR, OM1, 20, 3)
    FIELD(CR, FO1, 29, 1)
REG32(PR, 0x04)
    FIELD(PR, PRESCALER, 0, 12)
    FIELD(PR, PRESCALER24M, 12, 4)
REG32(SR, 0x08)
    FIELD(SR, OF1, 0, 1)
    FIELD(SR, IF1, 3, 1)
    FIELD(SR, ROV, 5, 1)
REG32(IR, 0x0c)
REG32(OCR1, 0x10)
REG32(OCR3, 0x18)
REG32(ICR1, 0x1c)
REG32(ICR2, 0x20)
REG32(CNT, 0x24)

enum {
    CLKSRC_NONE,
    CLKSRC_PERIPHERAL,
    CLKSRC_HIGH_FREQUENCY,
    CLKSRC_EXTERNAL,
    CLKSRC_32K,
    CLKSRC_OSCILLATOR,
};

/* IM1 and IM2: edges that capture. */
enum { CAPTURE_RISING = 1, CAPTURE_FALLING = 2 };

/* OM1 to OM3: what a match does to the output. */
enum { OUTPUT_DISCONNECTED, OUTPUT_TOGGLE, OUTPUT_CLEAR, OUTPUT_SET,
       OUTPUT_PULSE };

/* SWR and FOn read as 0. */
#define CR_WRITABLE (0x1fffffffu & ~(R_CR_SWR_MASK | 0x7800u))
/* What a software reset keeps: EN to STOPEN, CLKSRC. */
#define CR_KEPT_BY_SWR 0x000001ffu
#define PR_WRITABLE (R_PR_PRESCALER_MASK | R_PR_PRESCALER24M_MASK)
#define FLAGS 0x3fu
#define FLAG_ROV R_SR_ROV_MASK

#define NEVER UINT64_MAX
#define COUNTS (1ull << 32)

typedef unsigned __int128 GptTime; /* 2^-32 ns */

static bool gpt_free_run(Rt1176GptState *s)
{
    return FIELD_EX32(s->cr, CR, FRR);
}

/* The clock before the prescaler, 2^-32 ns; 0: it stands still. */
static uint64_t gpt_input_clock(Rt1176GptState *s)
{
    switch (FIELD_EX32(s->cr, CR, CLKSRC)) {
    case CLKSRC_PERIPHERAL:
    case CLKSRC_HIGH_FREQUENCY:
        return clock_get(s->root);
    case CLKSRC_32K:
        return clock_get(s->osc_32k);
    case CLKSRC_OSCILLATOR:
        return FIELD_EX32(s->cr, CR, EN_24M)
                   ? clock_get(s->osc_16m) *
                         (FIELD_EX32(s->pr, PR, PRESCALER24M) + 1)
                   : 0;
    default: /* no clock; nothing is connected to the external clock input */
        return 0;
    }
}

/* Length of a counter tick from now on. */
static uint64_t gpt_tick(Rt1176GptState *s)
{
    return FIELD_EX32(s->cr, CR, EN)
               ? gpt_input_clock(s) * (FIELD_EX32(s->pr, PR, PRESCALER) + 1)
               : 0;
}

/*
 * Ticks until the counter takes @value, at least 1; NEVER: it does not.
 * In restart mode it counts from 0 to OCR1 and begins again, unless it has
 * been left above OCR1: then it first counts on to the end.
 */
static uint64_t gpt_ticks_until(Rt1176GptState *s, uint32_t value)
{
    uint64_t top = gpt_free_run(s) ? UINT32_MAX : s->ocr[0];

    if (s->count <= top) {
        uint64_t period = top + 1;

        if (value > top) {
            return NEVER;
        }
        return value > s->count ? value - s->count
                                : period - s->count + value;
    }
    if (value > s->count) {
        return value - s->count;
    }
    return value <= top ? COUNTS - s->count + value : NEVER;
}

static uint64_t gpt_ticks_until_rollover(Rt1176GptState *s)
{
    bool restarts = !gpt_free_run(s) && s->count <= s->ocr[0] &&
                    s->ocr[0] != UINT32_MAX;

    return restarts ? NEVER : COUNTS - s->count;
}

static uint32_t gpt_count_after(Rt1176GptState *s, uint64_t ticks)
{
    uint64_t top = gpt_free_run(s) ? UINT32_MAX : s->ocr[0];
    uint64_t count = s->count + ticks;

    if (s->count > top) {
        if (count < COUNTS) {
            return count;
        }
        count -= COUNTS;
    }
    return count % (top + 1);
}

/* Ticks until the flag with number @flag is set. */
static uint64_t gpt_ticks_until_flag(Rt1176GptState *s, unsigned flag)
{
    if (flag < RT1176_GPT_COMPARES) {
        return gpt_ticks_until(s, s->ocr[flag]);
    }
    return 1u << flag == FLAG_ROV ? gpt_ticks_until_rollover(s) : NEVER;
}

static GptTime gpt_since(Rt1176GptState *s)
{
    return ((GptTime)s->since_ns << 32) + s->since_frac;
}

static void gpt_set_since(Rt1176GptState *s, GptTime time)
{
    s->since_ns = time >> 32;
    s->since_frac = time;
}

/* ---- pins ---- */

static unsigned gpt_output_mode(const Rt1176GptState *s, unsigned n)
{
    unsigned mode = extract32(s->cr, R_CR_OM1_SHIFT + 3 * n, 3);

    return MIN(mode, OUTPUT_PULSE);
}

static unsigned gpt_capture_mode(const Rt1176GptState *s, unsigned n)
{
    return extract32(s->cr, R_CR_IM1_SHIFT + 2 * n, 2);
}

static void gpt_set_output(Rt1176GptState *s, unsigned n, bool level)
{
    s->compare_level = deposit32(s->compare_level, n, 1, level);
    wire_pin_set(s->compare_pin[n], qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL),
                 level);
}

/* A match, or FOn: the programmed action of output @n. */
static void gpt_act_on_output(Rt1176GptState *s, unsigned n)
{
    bool level = extract32(s->compare_level, n, 1);

    switch (gpt_output_mode(s, n)) {
    case OUTPUT_TOGGLE:
        gpt_set_output(s, n, !level);
        break;
    case OUTPUT_CLEAR:
        gpt_set_output(s, n, false);
        break;
    case OUTPUT_SET:
        gpt_set_output(s, n, true);
        break;
    case OUTPUT_PULSE: /* low for one clock */
        gpt_set_output(s, n, false);
        timer_mod_ns(s->pulse,
                     qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                         ((gpt_input_clock(s) + UINT32_MAX) >> 32));
        break;
    }
}

/* Outputs that pulse are high in between. */
static void gpt_end_pulses(void *opaque)
{
    Rt1176GptState *s = opaque;

    for (unsigned n = 0; n < RT1176_GPT_COMPARES; n++) {
        if (gpt_output_mode(s, n) == OUTPUT_PULSE) {
            gpt_set_output(s, n, true);
        }
    }
}

/* What is connected shows its level. */
static void gpt_connect_outputs(Rt1176GptState *s)
{
    for (unsigned n = 0; n < RT1176_GPT_COMPARES; n++) {
        unsigned mode = gpt_output_mode(s, n);

        if (mode != OUTPUT_DISCONNECTED) {
            s->compare_used |= 1u << n;
        }
        if (s->compare_used & 1u << n) {
            gpt_set_output(s, n, mode == OUTPUT_PULSE ||
                                     extract32(s->compare_level, n, 1));
        }
    }
}

/* Bring counter and flags up to the present time. */
static void gpt_sync(Rt1176GptState *s)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    GptTime now = (GptTime)now_ns << 32;
    uint64_t ticks;

    if (!s->tick) {
        gpt_set_since(s, now);
        return;
    }
    ticks = (now - gpt_since(s)) / s->tick;
    if (!ticks) {
        return;
    }
    for (unsigned flag = 0; 1u << flag <= FLAG_ROV; flag++) {
        if (gpt_ticks_until_flag(s, flag) <= ticks) {
            s->sr |= 1u << flag;
            if (flag < RT1176_GPT_COMPARES) {
                gpt_act_on_output(s, flag);
            }
        }
    }
    s->count = gpt_count_after(s, ticks);
    gpt_set_since(s, gpt_since(s) + (GptTime)ticks * s->tick);
}

/* Interrupt level and next event, from the synchronised state. */
static void gpt_update(Rt1176GptState *s)
{
    uint64_t ticks = NEVER;
    uint64_t tick = gpt_tick(s);

    if (tick != s->tick) {
        /* the prescaler starts anew */
        gpt_set_since(s, (GptTime)qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) << 32);
        s->tick = tick;
    }
    qemu_set_irq(s->irq, (s->sr & s->ir) != 0);
    for (unsigned flag = 0; s->tick && 1u << flag <= FLAG_ROV; flag++) {
        bool shows = flag < RT1176_GPT_COMPARES &&
                     gpt_output_mode(s, flag) != OUTPUT_DISCONNECTED;

        if (shows || s->ir & ~s->sr & (1u << flag)) {
            ticks = MIN(ticks, gpt_ticks_until_flag(s, flag));
        }
    }
    if (ticks == NEVER) {
        timer_del(s->event);
    } else {
        GptTime due = gpt_since(s) + (GptTime)ticks * s->tick;
        GptTime due_ns = (due + UINT32_MAX) >> 32;

        timer_mod_ns(s->event, MIN(due_ns, INT64_MAX));
    }
}

static void gpt_event(void *opaque)
{
    Rt1176GptState *s = opaque;

    gpt_sync(s);
    gpt_update(s);
}

static void gpt_clock_changed(void *opaque, ClockEvent event)
{
    Rt1176GptState *s = opaque;

    if (!DEVICE(s)->realized) {
        return;
    }
    gpt_sync(s); /* at the rate so far */
    gpt_update(s);
}

static void gpt_restart(Rt1176GptState *s)
{
    s->count = 0;
    gpt_set_since(s, (GptTime)qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) << 32);
}

static void gpt_reset_registers(Rt1176GptState *s, uint32_t cr)
{
    s->cr = cr;
    s->pr = 0;
    s->sr = 0;
    s->ir = 0;
    for (unsigned n = 0; n < RT1176_GPT_COMPARES; n++) {
        s->ocr[n] = UINT32_MAX;
    }
    memset(s->icr, 0, sizeof(s->icr));
    timer_del(s->pulse);
    s->compare_level = 0;
    gpt_connect_outputs(s);
    gpt_restart(s);
}

static void gpt_write_cr(Rt1176GptState *s, uint32_t value)
{
    bool enabled = !FIELD_EX32(s->cr, CR, EN) && FIELD_EX32(value, CR, EN);

    if (FIELD_EX32(value, CR, SWR)) {
        gpt_reset_registers(s, value & CR_KEPT_BY_SWR);
        return;
    }
    s->cr = value & CR_WRITABLE;
    gpt_connect_outputs(s);
    for (unsigned n = 0; n < RT1176_GPT_COMPARES; n++) {
        if (value & R_CR_FO1_MASK << n) {
            gpt_act_on_output(s, n);
        }
    }
    if (FIELD_EX32(value, CR, CLKSRC) == CLKSRC_EXTERNAL) {
        qemu_log_mask(LOG_UNIMP, "%s: nothing is connected to the external"
                      " clock input\n", s->gpt);
    }
    if (enabled && FIELD_EX32(value, CR, ENMOD)) {
        gpt_restart(s);
    }
}

static void gpt_write_ocr(Rt1176GptState *s, unsigned n, uint32_t value)
{
    s->ocr[n] = value;
    if (n == 0 && !gpt_free_run(s)) {
        gpt_restart(s);
    }
}

static uint64_t gpt_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176GptState *s = opaque;

    switch (addr) {
    case A_CR:
        return s->cr;
    case A_PR:
        return s->pr;
    case A_SR:
        gpt_sync(s);
        return s->sr;
    case A_IR:
        return s->ir;
    case A_OCR1 ... A_OCR3:
        return s->ocr[(addr - A_OCR1) / 4];
    case A_ICR1:
    case A_ICR2:
        return s->icr[(addr - A_ICR1) / 4];
    case A_CNT:
        gpt_sync(s);
        return s->count;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-gpt: no register at 0x%"
                      HWADDR_PRIx "\n", addr);
        return 0;
    }
}

static void gpt_write(void *opaque, hwaddr addr, uint64_t value64,
                      unsigned size)
{
    Rt1176GptState *s = opaque;
    uint32_t value = value64;

    gpt_sync(s);
    switch (addr) {
    case A_CR:
        gpt_write_cr(s, value);
        break;
    case A_PR:
        s->pr = value & PR_WRITABLE;
        break;
    case A_SR:
        s->sr &= ~value;
        break;
    case A_IR:
        s->ir = value & FLAGS;
        break;
    case A_OCR1 ... A_OCR3:
        gpt_write_ocr(s, (addr - A_OCR1) / 4, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-gpt: write to 0x%" HWADDR_PRIx
                      " ignored\n", addr);
    }
    gpt_update(s);
}

/* An edge that IMn asks for takes the count; the timer has to run for that. */
static void gpt_capture(void *opaque, int n, int level)
{
    Rt1176GptState *s = opaque;
    bool was = extract32(s->capture_level, n, 1);
    bool is = level > 0;

    s->capture_level = deposit32(s->capture_level, n, 1, is);
    if (was != is && FIELD_EX32(s->cr, CR, EN) &&
        gpt_capture_mode(s, n) & (is ? CAPTURE_RISING : CAPTURE_FALLING)) {
        gpt_sync(s);
        s->icr[n] = s->count;
        s->sr |= R_SR_IF1_MASK << n;
        gpt_update(s);
    }
}

static const MemoryRegionOps gpt_ops = {
    .read = gpt_read,
    .write = gpt_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static void gpt_reset_hold(Object *obj, ResetType type)
{
    Rt1176GptState *s = RT1176_GPT(obj);

    gpt_reset_registers(s, 0);
    gpt_update(s);
}

static void gpt_init(Object *obj)
{
    Rt1176GptState *s = RT1176_GPT(obj);
    DeviceState *dev = DEVICE(obj);

    s->root = qdev_init_clock_in(dev, "root", gpt_clock_changed, s,
                                 ClockUpdate);
    s->osc_16m = qdev_init_clock_in(dev, "osc-16m", gpt_clock_changed, s,
                                    ClockUpdate);
    s->osc_32k = qdev_init_clock_in(dev, "osc-32k", gpt_clock_changed, s,
                                    ClockUpdate);
    qdev_init_gpio_in_named(dev, gpt_capture, "capture", RT1176_GPT_CAPTURES);
    memory_region_init_io(&s->iomem, obj, &gpt_ops, s, TYPE_RT1176_GPT,
                          0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
}

static void gpt_make_pins(Rt1176GptState *s)
{
    g_autofree char *name = g_ascii_strup(s->gpt, -1);

    for (unsigned n = 0; n < RT1176_GPT_CAPTURES; n++) {
        g_autofree char *pin = g_strdup_printf("%s_CAPTURE%u", name, n + 1);

        wire_pin_set_input(wire_pin_new(pin),
                           qdev_get_gpio_in_named(DEVICE(s), "capture", n));
    }
    for (unsigned n = 0; n < RT1176_GPT_COMPARES; n++) {
        g_autofree char *pin = g_strdup_printf("%s_COMPARE%u", name, n + 1);

        s->compare_pin[n] = wire_pin_new(pin);
    }
}

static void gpt_realize(DeviceState *dev, Error **errp)
{
    Rt1176GptState *s = RT1176_GPT(dev);

    if (!s->gpt) {
        error_setg(errp, "rt1176-gpt: property 'gpt' is not set");
        return;
    }
    if (!clock_has_source(s->root) || !clock_has_source(s->osc_16m) ||
        !clock_has_source(s->osc_32k)) {
        error_setg(errp, "rt1176-gpt: input clocks are not connected");
        return;
    }
    s->event = timer_new_ns(QEMU_CLOCK_VIRTUAL, gpt_event, s);
    s->pulse = timer_new_ns(QEMU_CLOCK_VIRTUAL, gpt_end_pulses, s);
    gpt_make_pins(s);
}

static const VMStateDescription vmstate_gpt = {
    .name = TYPE_RT1176_GPT,
    .version_id = 2,
    .minimum_version_id = 2,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(root, Rt1176GptState),
        VMSTATE_CLOCK(osc_16m, Rt1176GptState),
        VMSTATE_CLOCK(osc_32k, Rt1176GptState),
        VMSTATE_TIMER_PTR(event, Rt1176GptState),
        VMSTATE_UINT32(cr, Rt1176GptState),
        VMSTATE_UINT32(pr, Rt1176GptState),
        VMSTATE_UINT32(sr, Rt1176GptState),
        VMSTATE_UINT32(ir, Rt1176GptState),
        VMSTATE_UINT32_ARRAY(ocr, Rt1176GptState, RT1176_GPT_COMPARES),
        VMSTATE_UINT32_ARRAY(icr, Rt1176GptState, RT1176_GPT_CAPTURES),
        VMSTATE_UINT8(capture_level, Rt1176GptState),
        VMSTATE_UINT8(compare_level, Rt1176GptState),
        VMSTATE_UINT8(compare_used, Rt1176GptState),
        VMSTATE_TIMER_PTR(pulse, Rt1176GptState),
        VMSTATE_UINT32(count, Rt1176GptState),
        VMSTATE_INT64(since_ns, Rt1176GptState),
        VMSTATE_UINT32(since_frac, Rt1176GptState),
        VMSTATE_UINT64(tick, Rt1176GptState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property gpt_properties[] = {
    DEFINE_PROP_STRING("gpt", Rt1176GptState, gpt),
};

static void gpt_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = gpt_realize;
    dc->vmsd = &vmstate_gpt;
    dc->desc = "i.MX RT1176 general purpose timer";
    device_class_set_props(dc, gpt_properties);
    RESETTABLE_CLASS(klass)->phases.hold = gpt_reset_hold;
}

static const TypeInfo gpt_types[] = {
    {
        .name = TYPE_RT1176_GPT,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176GptState),
        .instance_init = gpt_init,
        .class_init = gpt_class_init,
    },
};
DEFINE_TYPES(gpt_types)
