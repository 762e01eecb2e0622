/*
 * STM32F100 timers TIM1 (RM0041 12) and TIM2, TIM3, TIM4 (RM0041 13)
 *
 * Nothing ticks.  The counter is a function of virtual time; what happens on
 * the way (matches, updates, output edges) is worked out when somebody looks:
 * a register access, the flush of the pins, or the one QEMUTimer, which is
 * armed only for events that raise an interrupt.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "../wire/wire.h"
#include "stm32f100_bus.h"
#include "stm32f100_tim.h"

REG32(CR1, 0x00)
    FIELD(CR1, CEN, 0, 1)
    FIELD(CR1, UDIS, 1, 1)
    FIELD(CR1, URS, 2, 1)
    FIELD(CR1, OPM, 3, 1)
    FIELD(CR1, DIR, 4, 1)
    FIELD(CR1, CMS, 5, 2)
    FIELD(CR1, ARPE, 7, 1)
    FIELD(CR1, CKD, 8, 2)
REG32(CR2, 0x04)
REG32(SMCR, 0x08)
REG32(DIER, 0x0c)
REG32(SR, 0x10)
    FIELD(SR, UIF, 0, 1)
    FIELD(SR, BIF, 7, 1)
REG32(EGR, 0x14)
    FIELD(EGR, UG, 0, 1)
    FIELD(EGR, CCG, 1, 4)
    FIELD(EGR, TG, 6, 1)
    FIELD(EGR, BG, 7, 1)
REG32(CCMR1, 0x18)
REG32(CCMR2, 0x1c)
REG32(CCER, 0x20)
REG32(CNT, 0x24)
REG32(PSC, 0x28)
REG32(ARR, 0x2c)
REG32(RCR, 0x30)
REG32(CCR1, 0x34)
REG32(CCR4, 0x40)
REG32(BDTR, 0x44)
    FIELD(BDTR, DTG, 0, 8)
    FIELD(BDTR, LOCK, 8, 2)
    FIELD(BDTR, OSSI, 10, 1)
    FIELD(BDTR, OSSR, 11, 1)
    FIELD(BDTR, BKE, 12, 1)
    FIELD(BDTR, BKP, 13, 1)
    FIELD(BDTR, AOE, 14, 1)
    FIELD(BDTR, MOE, 15, 1)
REG32(DCR, 0x48)
REG32(DMAR, 0x4c)

#define CR1_WRITABLE 0x3ff
#define SMCR_WRITABLE 0xfff7
#define DCR_WRITABLE 0x1f1f
#define BDTR_WRITABLE 0xffff
#define SR_CC_FLAGS 0x1e

/* What the levels of LOCK protect (12.4.18), each with those before it. */
#define BDTR_LOCK1                                                             \
    (R_BDTR_DTG_MASK | R_BDTR_BKE_MASK | R_BDTR_BKP_MASK | R_BDTR_AOE_MASK)
#define CR2_LOCK1 0x7f00 /* OIS */
#define BDTR_LOCK2 (R_BDTR_OSSR_MASK | R_BDTR_OSSI_MASK)
#define CCER_LOCK2 0x2aaa /* CCxP, CCxNP */
#define CCMR_LOCK3 0x7878 /* OCxM, OCxPE */

/* Bits that exist, TIM1 and the others; interrupts are the low byte of DIER. */
#define IF_TIM1(s, tim1, others) ((s)->number == 1 ? (tim1) : (others))
#define CR2_WRITABLE(s) IF_TIM1(s, 0x7ffd, 0xf8)
#define DIER_WRITABLE(s) IF_TIM1(s, 0x7fff, 0x5f5f)
#define SR_FLAGS(s) IF_TIM1(s, 0x1eff, 0x1e5f)
#define CCER_WRITABLE(s) IF_TIM1(s, 0x3fff, 0x3333)
#define DIER_INTERRUPTS 0xff
#define CCER_COMPLEMENTARY 0x0444

/* OCxM (RM0041 13.4.7) */
enum {
    OC_FROZEN = 0,
    OC_ACTIVE_ON_MATCH = 1,
    OC_INACTIVE_ON_MATCH = 2,
    OC_TOGGLE = 3,
    OC_FORCE_INACTIVE = 4,
    OC_FORCE_ACTIVE = 5,
    OC_PWM1 = 6,
    OC_PWM2 = 7,
};

typedef __int128 Time; /* 2^-32 ns */

static Time time_of_ns(int64_t ns)
{
    return (Time)ns << 32;
}

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static Time since(const Stm32f100TimState *s)
{
    return time_of_ns(s->since_ns) + s->since_frac;
}

static void set_since(Stm32f100TimState *s, Time t)
{
    s->since_ns = t >> 32;
    s->since_frac = (uint32_t)t;
}

/* How long the counter keeps a value. */
static uint64_t tick(const Stm32f100TimState *s)
{
    return clock_get(s->clk) * (s->psc_active + 1);
}

static bool counts(const Stm32f100TimState *s)
{
    /* a null auto-reload value blocks the counter (RM0041 13.4.12) */
    return (s->cr1 & R_CR1_CEN_MASK) && s->arr_active && clock_get(s->clk);
}

/* The CCMR byte of channel @i: OCxM 6:4, OCxPE 3, OCxFE 2, CCxS 1:0 */
static uint32_t ccmr_of(const Stm32f100TimState *s, unsigned i)
{
    return (s->ccmr[i / 2] >> (i % 2 * 8)) & 0xff;
}

static unsigned oc_mode(const Stm32f100TimState *s, unsigned i)
{
    return (ccmr_of(s, i) >> 4) & 7;
}

static bool counts_down(const Stm32f100TimState *s)
{
    return s->cr1 & R_CR1_DIR_MASK;
}

static bool is_centred(const Stm32f100TimState *s)
{
    return s->cr1 & R_CR1_CMS_MASK;
}

static bool is_output(const Stm32f100TimState *s, unsigned i)
{
    return (ccmr_of(s, i) & 3) == 0;
}

static Stm32AfSignal signal_of(const Stm32f100TimState *s, unsigned i)
{
    static const Stm32AfSignal first[] = {
        [1] = STM32_AF_TIM1_CH1,
        [2] = STM32_AF_TIM2_CH1,
        [3] = STM32_AF_TIM3_CH1,
        [4] = STM32_AF_TIM4_CH1,
    };

    return first[s->number] + i;
}

static void update_irq(Stm32f100TimState *s)
{
    /* which flags raise which of TIM1's lines: BRK, UP, TRG_COM, CC */
    static const uint32_t lines[STM32F100_TIM1_IRQS] = { 0x80, 0x01, 0x60,
                                                         SR_CC_FLAGS };
    uint32_t active = s->sr & s->dier & DIER_INTERRUPTS;

    if (s->number != 1) {
        qemu_set_irq(s->irq[0], active != 0);
        return;
    }
    for (unsigned i = 0; i < STM32F100_TIM1_IRQS; i++) {
        qemu_set_irq(s->irq[i], (active & lines[i]) != 0);
    }
}

/*
 * OCx from OCxREF, CCxE and CCxP; where TIM1's MOE is 0, from OISx and OSSI
 * (RM0041 12.4.9 with table 66, 13.4.9)
 */
static bool output_level(const Stm32f100TimState *s, unsigned i)
{
    bool inverted = (s->ccer >> (i * 4 + 1)) & 1;

    if (!((s->ccer >> (i * 4)) & 1)) {
        return false;
    }
    if (s->number == 1 && !(s->bdtr & R_BDTR_MOE_MASK)) {
        bool idle = (s->cr2 >> (8 + 2 * i)) & 1;

        return (s->bdtr & R_BDTR_OSSI_MASK) && idle;
    }
    return s->oc_ref[i] != inverted;
}

static void drive(Stm32f100TimState *s, unsigned i, Time t)
{
    if (is_output(s, i)) {
        stm32_af_set(s->afio, signal_of(s, i), t >> 32, output_level(s, i));
    }
}

static void drive_all(Stm32f100TimState *s, Time t)
{
    for (unsigned i = 0; i < STM32F100_TIM_CHANNELS; i++) {
        drive(s, i, t);
    }
}

/* What a mode makes of the present count without a match. */
static void compare(Stm32f100TimState *s, unsigned i)
{
    bool before = s->count < s->ccr_active[i] ||
                  (counts_down(s) && s->count == s->ccr_active[i]);

    switch (oc_mode(s, i)) {
    case OC_FORCE_INACTIVE:
        s->oc_ref[i] = false;
        break;
    case OC_FORCE_ACTIVE:
        s->oc_ref[i] = true;
        break;
    case OC_PWM1:
        s->oc_ref[i] = before;
        break;
    case OC_PWM2:
        s->oc_ref[i] = !before;
        break;
    default:
        break;
    }
}

static void compare_all(Stm32f100TimState *s, Time t)
{
    for (unsigned i = 0; i < STM32F100_TIM_CHANNELS; i++) {
        compare(s, i);
        drive(s, i, t);
    }
}

/* Centre-aligned modes 1 and 2 flag matches in one direction (CMS, 13.4.1). */
static bool match_is_flagged(const Stm32f100TimState *s)
{
    switch (FIELD_EX32(s->cr1, CR1, CMS)) {
    case 1:
        return counts_down(s);
    case 2:
        return !counts_down(s);
    default:
        return true;
    }
}

/* The counter has just taken the value s->count, at @t. */
static void match(Stm32f100TimState *s, Time t)
{
    for (unsigned i = 0; i < STM32F100_TIM_CHANNELS; i++) {
        if (!is_output(s, i)) {
            continue;
        }
        if (s->count == s->ccr_active[i]) {
            s->sr |= match_is_flagged(s) ? 2u << i : 0;
            switch (oc_mode(s, i)) {
            case OC_ACTIVE_ON_MATCH:
                s->oc_ref[i] = true;
                break;
            case OC_INACTIVE_ON_MATCH:
                s->oc_ref[i] = false;
                break;
            case OC_TOGGLE:
                s->oc_ref[i] = !s->oc_ref[i];
                break;
            default:
                break;
            }
        }
        compare(s, i);
        drive(s, i, t);
    }
}

static void load_shadows(Stm32f100TimState *s)
{
    s->psc_active = s->psc;
    s->arr_active = s->arr;
    s->repetition = s->rcr;
    memcpy(s->ccr_active, s->ccr, sizeof(s->ccr));
}

/* ---- the way of the counter (RM0041 13.3.2) ---- */

/*
 * Ticks until the next overflow or underflow.  Centre-aligned counting turns
 * when it arrives at 0 or ARR, other counting one tick after the last value.
 * A count beyond ARR goes on to 0xffff.
 */
static uint32_t ticks_to_end(const Stm32f100TimState *s)
{
    if (counts_down(s)) {
        return s->count + !is_centred(s);
    }
    if (s->count > s->arr_active) {
        return 0x10000 - s->count;
    }
    return s->arr_active - s->count + !is_centred(s);
}

/* Ticks until the count is that of channel @i, 0: not before the end. */
static uint32_t ticks_to_match(const Stm32f100TimState *s, unsigned i)
{
    int32_t way = (int32_t)s->ccr_active[i] - (int32_t)s->count;
    int32_t ticks = counts_down(s) ? -way : way;

    return ticks > 0 && ticks < (int32_t)ticks_to_end(s) ? ticks : 0;
}

/* Ticks until something happens. */
static uint32_t ticks_to_event(const Stm32f100TimState *s)
{
    uint32_t next = ticks_to_end(s);

    for (unsigned i = 0; i < STM32F100_TIM_CHANNELS; i++) {
        uint32_t ticks = ticks_to_match(s, i);

        if (ticks) {
            next = MIN(next, ticks);
        }
    }
    return next;
}

static void move(Stm32f100TimState *s, uint32_t ticks)
{
    s->count += counts_down(s) ? -ticks : ticks;
}

/* A centre-aligned counter that stands at an end counts away from it. */
static void set_direction(Stm32f100TimState *s)
{
    if (is_centred(s) && s->count == 0) {
        s->cr1 &= ~R_CR1_DIR_MASK;
    } else if (is_centred(s) && s->count == s->arr_active) {
        s->cr1 |= R_CR1_DIR_MASK;
    }
}

/* The counter starts again where its period starts (UG, 13.4.6). */
static void restart(Stm32f100TimState *s)
{
    s->count = !is_centred(s) && counts_down(s) ? s->arr_active : 0;
    set_direction(s);
}

/* An overflow or an underflow that the repetition counter lets pass. */
static void update_event(Stm32f100TimState *s)
{
    if (s->cr1 & R_CR1_UDIS_MASK) {
        return;
    }
    load_shadows(s);
    s->sr |= R_SR_UIF_MASK;
    if (s->bdtr & R_BDTR_AOE_MASK) {
        s->bdtr |= R_BDTR_MOE_MASK;
    }
    if (s->cr1 & R_CR1_OPM_MASK) {
        s->cr1 &= ~R_CR1_CEN_MASK;
        s->phase = 0;
    }
}

/*
 * The end of a ramp.  Where the counter takes the value of ARR, that is the
 * one which the update has just loaded.
 */
static void turn(Stm32f100TimState *s)
{
    bool to_top = is_centred(s) ? !counts_down(s) && s->count < s->arr_active
                                : counts_down(s);

    if (s->repetition) {
        s->repetition--;
    } else {
        update_event(s);
    }
    s->count = to_top ? s->arr_active : 0;
    set_direction(s);
}

static bool drives_a_pin(const Stm32f100TimState *s)
{
    for (unsigned i = 0; i < STM32F100_TIM_CHANNELS; i++) {
        if (is_output(s, i) && ((s->ccer >> (i * 4)) & 1) &&
            stm32_af_routed(s->afio, signal_of(s, i))) {
            return true;
        }
    }
    return false;
}

/* Whether a period starts with the present count, which it has just taken. */
static bool at_start_of_period(const Stm32f100TimState *s)
{
    return !is_centred(s) || !counts_down(s);
}

/* Whole periods in which nobody looks leave nothing but their time. */
static void skip_periods(Stm32f100TimState *s, Time t)
{
    uint32_t ticks = is_centred(s) ? 2 * s->arr_active : s->arr_active + 1;
    Time period = (Time)tick(s) * ticks;

    if (counts(s) && t - since(s) > 2 * period && !s->rcr &&
        !s->repetition && !drives_a_pin(s)) {
        Time periods = (t - since(s)) / period - 1;

        for (unsigned i = 0; i < STM32F100_TIM_CHANNELS; i++) {
            uint32_t ccr = s->ccr_active[i];
            /* a centre-aligned counter passes it twice, or turns there */
            bool odd = is_centred(s) ? !ccr || ccr == s->arr_active
                                     : ccr <= s->arr_active;

            if (oc_mode(s, i) == OC_TOGGLE && (periods & 1) && odd) {
                s->oc_ref[i] = !s->oc_ref[i];
            }
        }
        set_since(s, since(s) + periods * period);
    }
}

/* Let everything happen up to and including @now. */
static void run_until(Stm32f100TimState *s, int64_t now)
{
    Time t = time_of_ns(now);
    bool updated = false;

    while (counts(s)) {
        uint32_t ticks = ticks_to_event(s);
        Time at = since(s) + (Time)tick(s) * ticks;
        bool end = ticks == ticks_to_end(s);

        if (at > t) {
            break;
        }
        set_since(s, at);
        if (end) {
            turn(s);
        } else {
            move(s, ticks);
        }
        match(s, at);
        if (end && at_start_of_period(s)) {
            if (updated) {
                skip_periods(s, t);
            }
            updated = true;
        }
    }
}

/* Bring the count itself up to @now, so that registers may be changed. */
static void settle(Stm32f100TimState *s, int64_t now)
{
    run_until(s, now);
    if (counts(s)) {
        uint64_t n = (time_of_ns(now) - since(s)) / tick(s);

        move(s, n);
        set_since(s, since(s) + (Time)n * tick(s));
    } else if (!(s->cr1 & R_CR1_CEN_MASK)) {
        set_since(s, time_of_ns(now));
    }
}

/*
 * Arm the timer for the next match that raises an interrupt, or the end of
 * the ramp, where one may be raised or the way goes on.
 */
static void arm(Stm32f100TimState *s)
{
    uint32_t wanted = s->dier & DIER_INTERRUPTS & ~s->sr;
    uint32_t ticks;

    update_irq(s);
    if (!counts(s) || !wanted) {
        timer_del(s->timer);
        return;
    }
    ticks = ticks_to_end(s);
    for (unsigned i = 0; i < STM32F100_TIM_CHANNELS; i++) {
        if ((wanted & (2u << i)) && is_output(s, i) && match_is_flagged(s) &&
            ticks_to_match(s, i)) {
            ticks = MIN(ticks, ticks_to_match(s, i));
        }
    }
    timer_mod(s->timer,
              (since(s) + (Time)tick(s) * ticks + UINT32_MAX) >> 32);
}

static void expired(void *opaque)
{
    Stm32f100TimState *s = opaque;

    run_until(s, now_ns());
    arm(s);
}

/* From the pins: edges are wanted up to @now. */
static void sync_pins(void *opaque, int64_t now)
{
    Stm32f100TimState *s = opaque;

    run_until(s, now);
}

static void generate(Stm32f100TimState *s, uint32_t value)
{
    int64_t now = now_ns();

    s->sr |= value & (R_EGR_CCG_MASK | R_EGR_TG_MASK);
    if (s->number == 1 && (value & R_EGR_BG_MASK)) {
        s->sr |= R_SR_BIF_MASK;
        s->bdtr &= ~R_BDTR_MOE_MASK;
        drive_all(s, time_of_ns(now));
    }
    if (value & R_EGR_UG_MASK) {
        if (!(s->cr1 & R_CR1_UDIS_MASK)) {
            load_shadows(s);
            if (!(s->cr1 & R_CR1_URS_MASK)) {
                s->sr |= R_SR_UIF_MASK;
            }
        }
        restart(s);
        s->phase = 0;
        set_since(s, time_of_ns(now));
        match(s, time_of_ns(now));
    }
}

static void write_cr1(Stm32f100TimState *s, uint32_t value)
{
    int64_t now = now_ns();
    uint32_t changed = s->cr1 ^ value;

    if (is_centred(s)) { /* DIR is then the counter's own */
        value = (value & ~R_CR1_DIR_MASK) | (s->cr1 & R_CR1_DIR_MASK);
    }
    if ((changed & R_CR1_CMS_MASK) && (s->cr1 & value & R_CR1_CEN_MASK)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: CMS is written while"
                      " the counter runs\n", s->number);
    }
    if ((changed & R_CR1_CEN_MASK) && !(value & R_CR1_CEN_MASK)) {
        s->phase = time_of_ns(now) - since(s);
    }
    s->cr1 = value & CR1_WRITABLE;
    if ((changed & R_CR1_CEN_MASK) && (value & R_CR1_CEN_MASK)) {
        set_since(s, time_of_ns(now) - s->phase);
    }
    if (!(s->cr1 & R_CR1_ARPE_MASK)) {
        s->arr_active = s->arr;
    }
    set_direction(s);
    if (changed & (R_CR1_DIR_MASK | R_CR1_CMS_MASK)) {
        compare_all(s, time_of_ns(now));
    }
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

/* LOCK itself can be written once: with the first write of BDTR. */
static void write_bdtr(Stm32f100TimState *s, uint32_t value)
{
    if (s->number != 1) {
        return;
    }
    if (value & R_BDTR_BKE_MASK) {
        qemu_log_mask(LOG_UNIMP,
                      "stm32f100-tim1: the break input is not connected\n");
    }
    value = unlocked(s, 1, BDTR_LOCK1, s->bdtr, value & BDTR_WRITABLE);
    value = unlocked(s, 2, BDTR_LOCK2, s->bdtr, value);
    if (s->bdtr_written) {
        value = (value & ~R_BDTR_LOCK_MASK) | (s->bdtr & R_BDTR_LOCK_MASK);
    }
    s->bdtr = value;
    s->bdtr_written = true;
    drive_all(s, time_of_ns(now_ns()));
}

static void write_ccmr(Stm32f100TimState *s, unsigned half, uint32_t value)
{
    Time now = time_of_ns(now_ns());

    s->ccmr[half] = unlocked(s, 3, CCMR_LOCK3, s->ccmr[half], value & 0xffff);
    for (unsigned i = half * 2; i < half * 2 + 2; i++) {
        if (!is_output(s, i)) {
            qemu_log_mask(LOG_UNIMP, "stm32f100-tim%u: input capture (channel "
                          "%u) is not implemented\n", s->number, i + 1);
        }
        if (!(ccmr_of(s, i) & 8)) {
            s->ccr_active[i] = s->ccr[i];
        }
        compare(s, i);
        drive(s, i, now);
    }
}

static void write_ccr(Stm32f100TimState *s, unsigned i, uint32_t value)
{
    s->ccr[i] = value & 0xffff;
    if (!(ccmr_of(s, i) & 8)) {
        s->ccr_active[i] = s->ccr[i];
        if (counts(s) || oc_mode(s, i) >= OC_FORCE_INACTIVE) {
            compare(s, i);
            drive(s, i, time_of_ns(now_ns()));
        }
    }
}

static uint32_t tim_read_word(const Stm32f100TimState *s, hwaddr addr)
{
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
    case A_EGR:
        return 0;
    case A_CCMR1:
        return s->ccmr[0];
    case A_CCMR2:
        return s->ccmr[1];
    case A_CCER:
        return s->ccer;
    case A_CNT:
        return s->count;
    case A_PSC:
        return s->psc;
    case A_ARR:
        return s->arr;
    case A_CCR1 ... A_CCR4:
        return s->ccr[(addr - A_CCR1) / 4];
    case A_DCR:
        return s->dcr;
    case A_RCR:
        return s->rcr;
    case A_BDTR:
        return s->bdtr;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: read of reserved "
                      "offset 0x%" HWADDR_PRIx "\n", s->number, addr);
        return 0;
    }
}

static void write_arr(Stm32f100TimState *s, uint32_t value)
{
    s->arr = value & 0xffff;
    if (!(s->cr1 & R_CR1_ARPE_MASK)) {
        bool stood = !counts(s);

        s->arr_active = s->arr;
        set_direction(s);
        if (stood) {
            set_since(s, time_of_ns(now_ns()));
        }
    }
}

static void write_ccer(Stm32f100TimState *s, uint32_t value)
{
    s->ccer = unlocked(s, 2, CCER_LOCK2, s->ccer, value & CCER_WRITABLE(s));
    if (s->ccer & CCER_COMPLEMENTARY) {
        qemu_log_mask(LOG_UNIMP, "stm32f100-tim1: complementary outputs "
                      "are not implemented\n");
    }
    drive_all(s, time_of_ns(now_ns()));
}

static void tim_write_word(Stm32f100TimState *s, hwaddr addr, uint32_t value)
{
    switch (addr) {
    case A_CR1:
        write_cr1(s, value);
        break;
    case A_CR2:
        s->cr2 = unlocked(s, 1, CR2_LOCK1, s->cr2, value & CR2_WRITABLE(s));
        drive_all(s, time_of_ns(now_ns()));
        break;
    case A_SMCR:
        s->smcr = value & SMCR_WRITABLE;
        if (s->smcr) {
            qemu_log_mask(LOG_UNIMP, "stm32f100-tim%u: slave modes and "
                          "external clocks are not implemented\n", s->number);
        }
        break;
    case A_DIER:
        s->dier = value & DIER_WRITABLE(s);
        if (s->dier & ~DIER_INTERRUPTS) {
            qemu_log_mask(LOG_UNIMP, "stm32f100-tim%u: DMA requests are not "
                          "implemented\n", s->number);
        }
        break;
    case A_SR:
        s->sr &= value | ~SR_FLAGS(s); /* rc_w0 */
        break;
    case A_EGR:
        generate(s, value);
        break;
    case A_CCMR1:
        write_ccmr(s, 0, value);
        break;
    case A_CCMR2:
        write_ccmr(s, 1, value);
        break;
    case A_CCER:
        write_ccer(s, value);
        break;
    case A_CNT:
        s->count = value & 0xffff;
        set_direction(s);
        match(s, time_of_ns(now_ns()));
        break;
    case A_PSC:
        s->psc = value & 0xffff;
        break;
    case A_ARR:
        write_arr(s, value);
        break;
    case A_CCR1 ... A_CCR4:
        write_ccr(s, (addr - A_CCR1) / 4, value);
        break;
    case A_DCR:
        s->dcr = value & DCR_WRITABLE;
        break;
    case A_RCR:
        s->rcr = IF_TIM1(s, value & 0xff, 0);
        break;
    case A_BDTR:
        write_bdtr(s, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: write to reserved "
                      "offset 0x%" HWADDR_PRIx "\n", s->number, addr);
        break;
    }
}

static bool tim_clocked(const Stm32f100TimState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: %s while RCC does not"
                      " clock it\n", s->number, access);
        return false;
    }
    return true;
}

static uint64_t tim_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100TimState *s = opaque;

    if (!tim_clocked(s, "read")) {
        return 0;
    }
    settle(s, now_ns());
    return stm32f100_bus_read(tim_read_word(s, addr & ~3), addr, size);
}

/* Registers are written as half-words or words (RM0041 12.4, 13.4). */
static void tim_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100TimState *s = opaque;

    if (!tim_clocked(s, "write")) {
        return;
    }
    if (size == 1) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-tim%u: a byte is written to"
                      " offset 0x%" HWADDR_PRIx "\n", s->number, addr);
    }
    settle(s, now_ns());
    tim_write_word(s, addr & ~3, stm32f100_apb_write(data, size));
    arm(s);
}

static const MemoryRegionOps tim_ops = STM32F100_BUS_OPS(tim_read, tim_write);

static void clock_changed(void *opaque, ClockEvent event)
{
    Stm32f100TimState *s = opaque;
    int64_t now = now_ns();

    if (event == ClockPreUpdate) {
        settle(s, now);
    } else {
        set_since(s, time_of_ns(now));
        arm(s);
    }
}

static void tim_reset_hold(Object *obj, ResetType type)
{
    Stm32f100TimState *s = STM32F100_TIM(obj);

    if (s->cr1 & R_CR1_CEN_MASK) {
        /* the edges before the reset have been on the pins */
        run_until(s, now_ns());
    }
    s->cr1 = s->cr2 = s->smcr = s->dier = s->sr = s->ccer = s->dcr = 0;
    s->rcr = s->bdtr = s->repetition = 0;
    s->bdtr_written = false;
    s->ccmr[0] = s->ccmr[1] = 0;
    s->psc = s->psc_active = 0;
    /* the part's value; its SVD file says 0 */
    s->arr = s->arr_active = 0xffff;
    memset(s->ccr, 0, sizeof(s->ccr));
    memset(s->ccr_active, 0, sizeof(s->ccr_active));
    memset(s->oc_ref, 0, sizeof(s->oc_ref));
    s->count = 0;
    s->phase = 0;
    set_since(s, time_of_ns(now_ns()));
    drive_all(s, since(s));
    timer_del(s->timer);
    update_irq(s);
}

static void tim_init(Object *obj)
{
    Stm32f100TimState *s = STM32F100_TIM(obj);

    memory_region_init_io(&s->mmio, obj, &tim_ops, s, TYPE_STM32F100_TIM,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    s->clk = qdev_init_clock_in(DEVICE(obj), "clk", clock_changed, s,
                                ClockPreUpdate | ClockUpdate);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, expired, s);
}

static void tim_realize(DeviceState *dev, Error **errp)
{
    Stm32f100TimState *s = STM32F100_TIM(dev);

    if (s->number < 1 || s->number > 4) {
        error_setg(errp, "stm32f100-tim: timer %u is not TIM1 to TIM4",
                   s->number);
        return;
    }
    if (!s->afio) {
        error_setg(errp, "stm32f100-tim: link 'afio' is not set");
        return;
    }
    for (unsigned i = 0; i < IF_TIM1(s, STM32F100_TIM1_IRQS, 1); i++) {
        sysbus_init_irq(SYS_BUS_DEVICE(dev), &s->irq[i]);
    }
    for (unsigned i = 0; i < STM32F100_TIM_CHANNELS; i++) {
        stm32_af_watch(s->afio, signal_of(s, i), sync_pins, NULL, s);
    }
    wire_pin_add_flush(sync_pins, s);
}

static const Property tim_properties[] = {
    DEFINE_PROP_UINT8("timer", Stm32f100TimState, number, 0),
    DEFINE_PROP_LINK("afio", Stm32f100TimState, afio, "stm32f100-afio",
                     Stm32f100AfioState *),
};

static const VMStateDescription vmstate_tim = {
    .name = TYPE_STM32F100_TIM,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100TimState),
        VMSTATE_TIMER_PTR(timer, Stm32f100TimState),
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
        VMSTATE_UINT32_ARRAY(ccr, Stm32f100TimState, STM32F100_TIM_CHANNELS),
        VMSTATE_UINT32(psc_active, Stm32f100TimState),
        VMSTATE_UINT32(arr_active, Stm32f100TimState),
        VMSTATE_UINT32_ARRAY(ccr_active, Stm32f100TimState,
                             STM32F100_TIM_CHANNELS),
        VMSTATE_BOOL_ARRAY(oc_ref, Stm32f100TimState, STM32F100_TIM_CHANNELS),
        VMSTATE_INT64(since_ns, Stm32f100TimState),
        VMSTATE_UINT32(since_frac, Stm32f100TimState),
        VMSTATE_UINT32(count, Stm32f100TimState),
        VMSTATE_UINT64(phase, Stm32f100TimState),
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
