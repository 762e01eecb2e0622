/*
 * STM32F100 timers TIM1 (RM0041 12), TIM2 to TIM4 (13), TIM15 to TIM17 (15),
 * TIM6 and TIM7 (16): registers, and the life of the device.
 *
 * Nothing ticks.  The counter is a function of virtual time; what happens on
 * the way (matches, updates, output edges) is worked out when somebody looks:
 * a register access, an edge of an input, the flush of the pins, or the one
 * QEMUTimer, which is armed only for events that somebody waits for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "../wire/wire.h"
#include "stm32f100_bus.h"
#include "stm32f100_tim_internal.h"

/* What the levels of LOCK protect (12.4.18), each with those before it. */
#define BDTR_LOCK1                                                             \
    (R_BDTR_DTG_MASK | R_BDTR_BKE_MASK | R_BDTR_BKP_MASK | R_BDTR_AOE_MASK)
#define BDTR_LOCK2 (R_BDTR_OSSR_MASK | R_BDTR_OSSI_MASK)

static uint32_t bits_of(const Stm32f100TimState *s, hwaddr addr)
{
    return addr <= A_DMAR ? s->info->bits[addr / 4] : 0;
}

/* The part of @value that LOCK lets through, if it is at @level or above. */
static uint32_t unlocked(const Stm32f100TimState *s, unsigned level,
                         uint32_t mask, uint32_t old, uint32_t value)
{
    if (FIELD_EX32(s->bdtr, BDTR, LOCK) < level) {
        return value;
    }
    return (value & ~mask) | (old & mask);
}

/* ---- writes ---- */

static void generate(Stm32f100TimState *s, uint32_t value, TimTime now)
{
    for (unsigned i = 0; i < s->info->channels; i++) {
        if (!(value & (1u << (R_EGR_CCG_SHIFT + i)))) {
            continue;
        }
        if (tim_is_output(s, i)) {
            tim_event(s, 1u << (R_SR_CCIF_SHIFT + i));
        } else {
            stm32_tim_capture(s, i);
        }
    }
    if (value & R_EGR_TG_MASK) {
        tim_event(s, R_SR_TIF_MASK);
    }
    if (value & R_EGR_COMG_MASK) {
        stm32_tim_commutate(s, now);
    }
    if (value & R_EGR_BG_MASK) {
        stm32_tim_break(s, now);
    }
    if (value & R_EGR_UG_MASK) {
        stm32_tim_restart(s, now);
    }
}

static void write_cr1(Stm32f100TimState *s, uint32_t value, TimTime now)
{
    uint32_t changed = s->cr1 ^ value;

    if (tim_is_centred(s) || tim_is_encoder(s)) { /* DIR is the counter's own */
        value = (value & ~R_CR1_DIR_MASK) | (s->cr1 & R_CR1_DIR_MASK);
    }
    if ((changed & R_CR1_CMS_MASK) && (s->cr1 & value & R_CR1_CEN_MASK)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: CMS is written while"
                      " the counter runs\n", s->number);
    }
    s->cr1 = value;
    if (!(s->cr1 & R_CR1_ARPE_MASK)) {
        s->arr_active = s->arr;
    }
    stm32_tim_set_direction(s);
    if (changed & (R_CR1_DIR_MASK | R_CR1_CMS_MASK)) {
        stm32_tim_compare(s, now);
    }
}

static void write_cr2(Stm32f100TimState *s, uint32_t value, TimTime now)
{
    uint32_t changed = s->cr2 ^ value;

    s->cr2 = unlocked(s, 1, R_CR2_OIS_MASK, s->cr2, value);
    stm32_tim_load_controls(s, false);
    if (changed & R_CR2_TI1S_MASK) {
        stm32_tim_take_level(s, 0);
    }
    stm32_tim_take_trgi(s);
    stm32_tim_compare(s, now);
}

static void write_smcr(Stm32f100TimState *s, uint32_t value)
{
    uint32_t changed = s->smcr ^ value;

    if ((changed & R_SMCR_TS_MASK) && tim_sms(s) != SMS_DISABLED &&
        FIELD_EX32(value, SMCR, SMS) != SMS_DISABLED) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: TS is written while"
                      " it is in use\n", s->number);
    }
    s->smcr = value;
    if (tim_sms(s) == SMS_GATED && FIELD_EX32(value, SMCR, TS) == TS_TI1F_ED) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: pulses of TI1F_ED"
                      " cannot gate\n", s->number);
    }
    if (tim_is_encoder(s) && !s->info->has_etr) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: SMS=%u is reserved\n",
                      s->number, tim_sms(s));
        s->smcr = FIELD_DP32(s->smcr, SMCR, SMS, SMS_DISABLED);
    }
    if (changed & (R_SMCR_ETP_MASK | R_SMCR_ETPS_MASK)) {
        stm32_tim_take_level(s, STM32F100_TIM_ETR);
    }
    stm32_tim_take_trgi(s);
}

/* LOCK itself can be written once: with the first write of BDTR. */
static void write_bdtr(Stm32f100TimState *s, uint32_t value, TimTime now)
{
    uint32_t old = s->bdtr;

    value = unlocked(s, 1, BDTR_LOCK1, old, value);
    value = unlocked(s, 2, BDTR_LOCK2, old, value);
    if (s->bdtr_written) {
        value = (value & ~R_BDTR_LOCK_MASK) | (old & R_BDTR_LOCK_MASK);
    }
    s->bdtr = value | (old & R_BDTR_MOE_MASK);
    s->bdtr_written = true;
    if (!(value & R_BDTR_MOE_MASK)) {
        stm32_tim_disable_outputs(s, now);
    } else {
        stm32_tim_drive(s, now);
    }
    stm32_tim_check_break(s, now);
}

/* What becomes of the byte of CCMR that belongs to a channel. */
static uint32_t ccmr_byte(const Stm32f100TimState *s, unsigned i,
                          uint32_t old, uint32_t value)
{
    uint32_t kept = 0;

    if (((s->ccer >> (4 * i)) & (CCER_E | CCER_NE)) &&
        ((old ^ value) & CCMR_CCS)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: CC%uS cannot be"
                      " written while the channel is on\n", s->number, i + 1);
        kept |= CCMR_CCS;
    }
    if (FIELD_EX32(s->bdtr, BDTR, LOCK) == 3 && !(old & CCMR_CCS)) {
        kept |= CCMR_OCM | CCMR_OCPE;
    }
    value = (value & ~kept) | (old & kept);
    if (!s->info->has_etr && !(value & CCMR_CCS)) {
        value &= ~CCMR_OCCE; /* reserved */
    }
    return value;
}

static void write_ccmr(Stm32f100TimState *s, unsigned half, uint32_t value,
                       TimTime now)
{
    unsigned end = MIN(half * 2 + 2, s->info->channels);

    for (unsigned i = half * 2; i < end; i++) {
        unsigned at = i % 2 * 8;

        s->ccmr[half] = deposit32(s->ccmr[half], at, 8,
                                  ccmr_byte(s, i,
                                            extract32(s->ccmr[half], at, 8),
                                            extract32(value, at, 8)));
    }
    stm32_tim_load_controls(s, false);
    for (unsigned i = half * 2; i < end; i++) {
        if (!(tim_ccmr(s, i) & CCMR_OCPE)) {
            s->ccr_active[i] = s->ccr[i];
        }
    }
    stm32_tim_take_trgi(s);
    stm32_tim_compare(s, now);
    stm32_tim_clear_refs(s, now);
}

static void write_ccer(Stm32f100TimState *s, uint32_t value, TimTime now)
{
    for (unsigned i = 0; i < s->info->channels; i++) {
        uint32_t polarity = (CCER_P | CCER_NP) << (4 * i);

        if (!((s->ccmr[i / 2] >> (i % 2 * 8)) & CCMR_CCS)) {
            value = unlocked(s, 2, polarity, s->ccer, value);
        }
    }
    s->ccer = value;
    stm32_tim_load_controls(s, false);
    for (unsigned i = 0; i < s->info->channels; i++) {
        if (!(tim_ccer(s, i) & CCER_E)) {
            s->ic_events[i] = 0; /* 13.4.7, ICxPSC */
        }
    }
    stm32_tim_take_trgi(s);
    stm32_tim_drive(s, now);
}

static void write_ccr(Stm32f100TimState *s, unsigned i, uint32_t value,
                      TimTime now)
{
    s->ccr[i] = value;
    if (tim_is_output(s, i) && !(tim_ccmr(s, i) & CCMR_OCPE)) {
        s->ccr_active[i] = value;
        if (stm32_tim_runs(s) || tim_oc_mode(s, i) >= OC_FORCE_INACTIVE) {
            stm32_tim_compare(s, now);
        }
    }
}

static void write_sr(Stm32f100TimState *s, uint32_t value)
{
    if (stm32_tim_break_active(s)) {
        value |= R_SR_BIF_MASK; /* "if the break input is not active" */
    }
    s->sr &= value | ~bits_of(s, A_SR); /* rc_w0 */
}

static void write_arr(Stm32f100TimState *s, uint32_t value)
{
    s->arr = value;
    if (!(s->cr1 & R_CR1_ARPE_MASK)) {
        s->arr_active = value;
        stm32_tim_set_direction(s);
    }
}

static void tim_write_word(Stm32f100TimState *s, hwaddr addr, uint32_t value)
{
    TimTime now = tim_now();

    if (!bits_of(s, addr)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: write to reserved "
                      "offset 0x%" HWADDR_PRIx "\n", s->number, addr);
        return;
    }
    value &= bits_of(s, addr);
    switch (addr) {
    case A_CR1:
        write_cr1(s, value, now);
        break;
    case A_CR2:
        write_cr2(s, value, now);
        break;
    case A_SMCR:
        write_smcr(s, value);
        break;
    case A_DIER:
        s->dier = value;
        break;
    case A_SR:
        write_sr(s, value);
        break;
    case A_EGR:
        generate(s, value, now);
        break;
    case A_CCMR1:
    case A_CCMR2:
        write_ccmr(s, (addr - A_CCMR1) / 4, value, now);
        break;
    case A_CCER:
        write_ccer(s, value, now);
        break;
    case A_CNT:
        s->count = value;
        stm32_tim_set_direction(s);
        stm32_tim_arrive(s, now);
        break;
    case A_PSC:
        s->psc = value;
        break;
    case A_ARR:
        write_arr(s, value);
        break;
    case A_RCR:
        s->rcr = value;
        break;
    case A_CCR1 ... A_CCR4:
        write_ccr(s, (addr - A_CCR1) / 4, value, now);
        break;
    case A_BDTR:
        write_bdtr(s, value, now);
        break;
    case A_DCR:
        s->dcr = value;
        s->burst = 0;
        break;
    }
}

/* ---- reads ---- */

static uint32_t read_ccr(Stm32f100TimState *s, unsigned i)
{
    if (!tim_is_output(s, i)) {
        s->sr &= ~(1u << (R_SR_CCIF_SHIFT + i)); /* 13.4.5 */
    }
    return s->ccr[i];
}

static uint32_t tim_read_word(Stm32f100TimState *s, hwaddr addr)
{
    if (!bits_of(s, addr)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: read of reserved "
                      "offset 0x%" HWADDR_PRIx "\n", s->number, addr);
        return 0;
    }
    switch (addr) {
    case A_CR1:
        return s->cr1;
    case A_CR2:
        return s->cr2;
    case A_SMCR:
        return s->smcr;
    case A_DIER:
        return s->dier;
    case A_SR:
        return s->sr;
    case A_CCMR1:
    case A_CCMR2:
        return s->ccmr[(addr - A_CCMR1) / 4];
    case A_CCER:
        return s->ccer;
    case A_CNT:
        return s->count;
    case A_PSC:
        return s->psc;
    case A_ARR:
        return s->arr;
    case A_RCR:
        return s->rcr;
    case A_CCR1 ... A_CCR4:
        return read_ccr(s, (addr - A_CCR1) / 4);
    case A_BDTR:
        return s->bdtr;
    case A_DCR:
        return s->dcr;
    default: /* EGR; DMAR if DBA points at itself */
        return 0;
    }
}

/* ---- bus ---- */

static bool tim_clocked(const Stm32f100TimState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: %s while RCC does not"
                      " clock it\n", s->number, access);
        return false;
    }
    return true;
}

/* DMAR stands for another register (12.4.20). */
static hwaddr target(Stm32f100TimState *s, hwaddr addr)
{
    addr &= ~3;
    if (addr == A_DMAR && bits_of(s, A_DMAR)) {
        addr = stm32_tim_burst_register(s);
    }
    s->dma_served = 0;
    return addr;
}

static uint64_t tim_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100TimState *s = opaque;
    uint32_t sr, word;

    if (!tim_clocked(s, "read")) {
        return 0;
    }
    stm32_tim_settle(s, tim_now());
    sr = s->sr;
    word = tim_read_word(s, target(s, addr));
    if (s->sr != sr) {
        stm32_tim_arm(s);
    }
    return stm32f100_bus_read(word, addr, size);
}

/* Registers are written as half-words or words (RM0041 12.4, 13.4). */
static void tim_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100TimState *s = opaque;
    bool ran;

    if (!tim_clocked(s, "write")) {
        return;
    }
    if (size == 1) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: a byte is written to"
                      " offset 0x%" HWADDR_PRIx "\n", s->number, addr);
    }
    stm32_tim_settle(s, tim_now());
    ran = stm32_tim_runs(s);
    tim_write_word(s, target(s, addr), stm32f100_apb_write(data, size));
    stm32_tim_follow(s, ran, tim_now());
    stm32_tim_announce(s);
    stm32_tim_arm(s);
}

static const MemoryRegionOps tim_ops = STM32F100_BUS_OPS(tim_read, tim_write);

/* ---- what happens outside ---- */

static void expired(void *opaque)
{
    Stm32f100TimState *s = opaque;

    stm32_tim_run_until(s, tim_now());
    stm32_tim_arm(s);
}

/* From the pins: edges are wanted up to @now. */
static void sync_pins(void *opaque, int64_t now)
{
    stm32_tim_run_until(opaque, tim_time_of_ns(now));
}

/* The prescaler keeps what it has of a tick, if that is not too much now. */
static void clock_changed(void *opaque, ClockEvent event)
{
    Stm32f100TimState *s = opaque;
    TimTime now = tim_now();

    if (event == ClockPreUpdate) {
        stm32_tim_settle(s, now);
        if (stm32_tim_runs(s)) {
            s->phase = tim_moment(now - tim_time(s->since));
        }
    } else {
        TimTime longest = (TimTime)clock_get(s->clk) * (s->psc_active + 1) - 1;

        if (clock_is_enabled(s->clk)) {
            s->phase = tim_moment(MIN(tim_time(s->phase), longest));
        }
        stm32_tim_take_trgi(s);
        stm32_tim_follow(s, false, now);
        stm32_tim_arm(s);
    }
}

static void set_frozen(void *opaque, int n, int level)
{
    Stm32f100TimState *s = opaque;
    TimTime now = tim_now();
    bool ran;

    stm32_tim_settle(s, now);
    ran = stm32_tim_runs(s);
    s->frozen = level;
    stm32_tim_follow(s, ran, now);
    stm32_tim_arm(s);
}

static void set_cc_wanted(void *opaque, int n, int level)
{
    Stm32f100TimState *s = opaque;

    stm32_tim_settle(s, tim_now());
    s->cc_wanted = deposit32(s->cc_wanted, n, 1, level != 0);
    stm32_tim_arm(s);
}

/* ---- life cycle ---- */

static void tim_reset_hold(Object *obj, ResetType type)
{
    Stm32f100TimState *s = STM32F100_TIM(obj);
    TimTime now = tim_now();

    if (s->cr1 & R_CR1_CEN_MASK) {
        /* the edges before the reset have been on the pins */
        stm32_tim_run_until(s, now);
    }
    s->cr1 = s->cr2 = s->smcr = s->dier = s->sr = s->ccer = s->dcr = 0;
    s->rcr = s->bdtr = s->repetition = 0;
    s->bdtr_written = false;
    s->ccmr[0] = s->ccmr[1] = 0;
    stm32_tim_load_controls(s, true);
    s->psc = s->psc_active = 0;
    /* the part's value; its SVD file says 0 */
    s->arr = s->arr_active = 0xffff;
    memset(s->ccr, 0, sizeof(s->ccr));
    memset(s->ccr_active, 0, sizeof(s->ccr_active));
    memset(s->oc_ref, 0, sizeof(s->oc_ref));
    memset(s->oc_cleared, 0, sizeof(s->oc_cleared));
    memset(s->oc_fast, 0, sizeof(s->oc_fast));
    memset(s->oc_shown, 0, sizeof(s->oc_shown));
    memset(s->dead, 0, sizeof(s->dead));
    memset(s->ic_events, 0, sizeof(s->ic_events));
    s->count = 0;
    s->phase = tim_moment(0);
    s->since = tim_moment(now);
    s->events = s->dma_served = s->burst = 0;
    for (unsigned n = 0; n < STM32F100_TIM_INPUTS; n++) {
        stm32_tim_take_level(s, n);
    }
    stm32_tim_drive(s, now);
    timer_del(s->timer);
}

static void tim_reset_exit(Object *obj, ResetType type)
{
    Stm32f100TimState *s = STM32F100_TIM(obj);

    stm32_tim_take_trgi(s);
    stm32_tim_announce(s);
    stm32_tim_arm(s);
}

static void tim_init(Object *obj)
{
    Stm32f100TimState *s = STM32F100_TIM(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->mmio, obj, &tim_ops, s, TYPE_STM32F100_TIM,
                          0x400);
    /* a write may ask DMA1 for a transfer to another register */
    s->mmio.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    s->clk = qdev_init_clock_in(dev, "clk", clock_changed, s,
                                ClockPreUpdate | ClockUpdate);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, expired, s);
    qdev_init_gpio_in_named(dev, set_frozen, "freeze", 1);
    qdev_init_gpio_in_named(dev, stm32_tim_clock_failure, "clock-failure", 1);
    qdev_init_gpio_in_named(dev, stm32_tim_itr, "itr",
                            STM32F100_TIM_TRIGGERS);
    qdev_init_gpio_out_named(dev, s->trgo, "trgo", STM32F100_TRGO_LINES);
    qdev_init_gpio_out_named(dev, s->cc, "cc", STM32F100_TIM_CHANNELS);
    qdev_init_gpio_in_named(dev, set_cc_wanted, "cc-wanted",
                            STM32F100_TIM_CHANNELS);
    qdev_init_gpio_out_named(dev, s->dma, "dma", STM32F100_TIM_DMA_REQUESTS);
    qdev_init_gpio_in_named(dev, stm32_tim_acknowledge, "acknowledge",
                            STM32F100_TIM_DMA_REQUESTS);
}

static void tim_realize(DeviceState *dev, Error **errp)
{
    Stm32f100TimState *s = STM32F100_TIM(dev);

    s->info = stm32_tim_info(s->number);
    if (!s->info) {
        error_setg(errp, "stm32f100-tim: this part has no TIM%u", s->number);
        return;
    }
    if (!s->afio) {
        error_setg(errp, "stm32f100-tim: link 'afio' is not set");
        return;
    }
    for (unsigned i = 0; i < s->info->irqs; i++) {
        sysbus_init_irq(SYS_BUS_DEVICE(dev), &s->irq[i]);
    }
    stm32_tim_listen(s, sync_pins);
    if (s->info->channels) {
        wire_pin_add_flush(sync_pins, s);
    }
}

static const Property tim_properties[] = {
    DEFINE_PROP_UINT8("timer", Stm32f100TimState, number, 0),
    DEFINE_PROP_LINK("afio", Stm32f100TimState, afio, "stm32f100-afio",
                     Stm32f100AfioState *),
};

static const VMStateDescription vmstate_moment = {
    .name = "stm32f100-tim-moment",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_INT64(ns, Stm32f100TimMoment),
        VMSTATE_UINT32(frac, Stm32f100TimMoment),
        VMSTATE_END_OF_LIST()
    }
};

#define VMSTATE_MOMENT(field_, struct_)                                        \
    VMSTATE_STRUCT(field_, struct_, 1, vmstate_moment, Stm32f100TimMoment)

static const VMStateDescription vmstate_input = {
    .name = "stm32f100-tim-input",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(timer, Stm32f100TimInput),
        VMSTATE_MOMENT(due, Stm32f100TimInput),
        VMSTATE_BOOL(raw, Stm32f100TimInput),
        VMSTATE_BOOL(level, Stm32f100TimInput),
        VMSTATE_BOOL(routed, Stm32f100TimInput),
        VMSTATE_END_OF_LIST()
    }
};

#define VMSTATE_CHANNELS(type_, field_)                                        \
    VMSTATE_##type_##_ARRAY(field_, Stm32f100TimState, STM32F100_TIM_CHANNELS)

static const VMStateDescription vmstate_tim = {
    .name = TYPE_STM32F100_TIM,
    .version_id = 2,
    .minimum_version_id = 2,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100TimState),
        VMSTATE_TIMER_PTR(timer, Stm32f100TimState),
        VMSTATE_BOOL(frozen, Stm32f100TimState),
        VMSTATE_BOOL_ARRAY(itr, Stm32f100TimState, STM32F100_TIM_TRIGGERS),
        VMSTATE_UINT32(cc_wanted, Stm32f100TimState),
        VMSTATE_UINT32(cr1, Stm32f100TimState),
        VMSTATE_UINT32(cr2, Stm32f100TimState),
        VMSTATE_UINT32(smcr, Stm32f100TimState),
        VMSTATE_UINT32(dier, Stm32f100TimState),
        VMSTATE_UINT32(sr, Stm32f100TimState),
        VMSTATE_UINT32(ccer, Stm32f100TimState),
        VMSTATE_UINT32(dcr, Stm32f100TimState),
        VMSTATE_UINT32(rcr, Stm32f100TimState),
        VMSTATE_UINT32(bdtr, Stm32f100TimState),
        VMSTATE_BOOL(bdtr_written, Stm32f100TimState),
        VMSTATE_UINT32(repetition, Stm32f100TimState),
        VMSTATE_UINT32_ARRAY(ccmr, Stm32f100TimState, 2),
        VMSTATE_UINT32(psc, Stm32f100TimState),
        VMSTATE_UINT32(arr, Stm32f100TimState),
        VMSTATE_CHANNELS(UINT32, ccr),
        VMSTATE_UINT32(psc_active, Stm32f100TimState),
        VMSTATE_UINT32(arr_active, Stm32f100TimState),
        VMSTATE_CHANNELS(UINT32, ccr_active),
        VMSTATE_UINT32_ARRAY(ccmr_active, Stm32f100TimState, 2),
        VMSTATE_UINT32(ccer_active, Stm32f100TimState),
        VMSTATE_MOMENT(since, Stm32f100TimState),
        VMSTATE_MOMENT(phase, Stm32f100TimState),
        VMSTATE_UINT32(count, Stm32f100TimState),
        VMSTATE_CHANNELS(BOOL, oc_ref),
        VMSTATE_CHANNELS(BOOL, oc_cleared),
        VMSTATE_CHANNELS(BOOL, oc_fast),
        VMSTATE_CHANNELS(BOOL, oc_shown),
        VMSTATE_CHANNELS(BOOL, dead),
        VMSTATE_STRUCT_ARRAY(dead_end, Stm32f100TimState,
                             STM32F100_TIM_CHANNELS, 1, vmstate_moment,
                             Stm32f100TimMoment),
        VMSTATE_STRUCT_ARRAY(input, Stm32f100TimState, STM32F100_TIM_INPUTS,
                             1, vmstate_input, Stm32f100TimInput),
        VMSTATE_CHANNELS(UINT32, ic_events),
        VMSTATE_BOOL(etr, Stm32f100TimState),
        VMSTATE_UINT32(etr_edges, Stm32f100TimState),
        VMSTATE_BOOL(trgi, Stm32f100TimState),
        VMSTATE_BOOL(trgo_level, Stm32f100TimState),
        VMSTATE_UINT32(dma_served, Stm32f100TimState),
        VMSTATE_UINT32(burst, Stm32f100TimState),
        VMSTATE_END_OF_LIST()
    }
};

static void tim_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    ResettableClass *rc = RESETTABLE_CLASS(oc);

    dc->realize = tim_realize;
    dc->vmsd = &vmstate_tim;
    rc->phases.hold = tim_reset_hold;
    rc->phases.exit = tim_reset_exit;
    device_class_set_props(dc, tim_properties);
}

static const TypeInfo tim_types[] = {
    {
        .name = TYPE_STM32F100_TIM,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100TimState),
        .instance_init = tim_init,
        .class_init = tim_class_init,
    },
};

DEFINE_TYPES(tim_types)
