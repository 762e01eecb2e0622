/*
 * Counter and time base of the STM32F100's timers (RM0041 12.3.1 to 12.3.4,
 * 13.3.1 to 13.3.3): where the counter is at a given virtual time, what happens
 * on its way there (matches, overflows, updates), and when it has to be looked
 * at next.  Nothing ticks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "stm32f100_tim_internal.h"

static TimTime since(const Stm32f100TimState *s)
{
    return tim_time(s->since);
}

/* How long the counter keeps a value. */
static TimTime tick(const Stm32f100TimState *s)
{
    return (TimTime)clock_get(s->clk) * (s->psc_active + 1);
}

/* Whether a clock moves the counter, be it internal or external. */
static bool is_enabled(const Stm32f100TimState *s)
{
    /* a null auto-reload value blocks the counter (RM0041 13.4.12) */
    return (s->cr1 & R_CR1_CEN_MASK) && s->arr_active && clock_get(s->clk) &&
           !s->frozen && stm32_tim_gate_open(s);
}

bool stm32_tim_runs(const Stm32f100TimState *s)
{
    return is_enabled(s) && !stm32_tim_clock_is_external(s);
}

void stm32_tim_follow(Stm32f100TimState *s, bool ran, TimTime t)
{
    bool runs = stm32_tim_runs(s);

    if (ran && !runs) {
        s->phase = tim_moment(t - since(s));
    } else if (!ran && runs) {
        s->since = tim_moment(t - tim_time(s->phase));
        s->phase = tim_moment(0);
    }
}

/* Centre-aligned modes 1 and 2 flag matches in one direction (13.4.1). */
static bool match_is_flagged(const Stm32f100TimState *s)
{
    switch (FIELD_EX32(s->cr1, CR1, CMS)) {
    case 1:
        return tim_counts_down(s);
    case 2:
        return !tim_counts_down(s);
    default:
        return true;
    }
}

static void load_shadows(Stm32f100TimState *s)
{
    s->psc_active = s->psc;
    s->arr_active = s->arr;
    s->repetition = s->rcr;
    memcpy(s->ccr_active, s->ccr, sizeof(s->ccr));
}

/* ---- the way of the counter (13.3.2) ---- */

/*
 * Ticks until the next overflow or underflow.  Centre-aligned counting turns
 * when it arrives at 0 or ARR, other counting one tick after the last value.
 * A count beyond ARR goes on to 0xffff.
 */
static uint32_t ticks_to_end(const Stm32f100TimState *s)
{
    bool centred = tim_is_centred(s);

    if (tim_counts_down(s)) {
        return s->count + !centred;
    }
    if (s->count > s->arr_active) {
        return 0x10000 - s->count;
    }
    return s->arr_active - s->count + !centred;
}

/* Ticks until the count is that of channel @i, 0: not before the end. */
static uint32_t ticks_to_match(const Stm32f100TimState *s, unsigned i)
{
    int32_t way = (int32_t)s->ccr_active[i] - (int32_t)s->count;
    int32_t ticks = tim_counts_down(s) ? -way : way;

    return ticks > 0 && ticks < (int32_t)ticks_to_end(s) ? ticks : 0;
}

/* Ticks until the end, or until a match of one of @channels (bits). */
static uint32_t ticks_to_event(const Stm32f100TimState *s, uint32_t channels)
{
    uint32_t next = ticks_to_end(s);

    for (unsigned i = 0; i < s->info->channels; i++) {
        uint32_t ticks = 0;

        if (((channels >> i) & 1) && tim_is_output(s, i)) {
            ticks = ticks_to_match(s, i);
        }
        if (ticks) {
            next = MIN(next, ticks);
        }
    }
    return next;
}

static void move(Stm32f100TimState *s, uint32_t ticks)
{
    s->count += tim_counts_down(s) ? -ticks : ticks;
}

void stm32_tim_set_direction(Stm32f100TimState *s)
{
    if (tim_is_centred(s) && s->count == 0) {
        s->cr1 &= ~R_CR1_DIR_MASK;
    } else if (tim_is_centred(s) && s->count == s->arr_active) {
        s->cr1 |= R_CR1_DIR_MASK;
    }
}

/* Preloaded values are taken over, unless UDIS forbids it: whether they are. */
static bool update(Stm32f100TimState *s)
{
    if (s->cr1 & R_CR1_UDIS_MASK) {
        return false;
    }
    load_shadows(s);
    stm32_tim_update_outputs(s);
    tim_event(s, EVENT_UPDATE);
    return true;
}

void stm32_tim_restart(Stm32f100TimState *s, TimTime t)
{
    if (update(s) && !(s->cr1 & R_CR1_URS_MASK)) {
        tim_event(s, R_SR_UIF_MASK);
    }
    tim_event(s, EVENT_RESET);
    s->count = !tim_is_centred(s) && tim_counts_down(s) ? s->arr_active : 0;
    stm32_tim_set_direction(s);
    s->phase = tim_moment(0);
    s->since = tim_moment(t);
    memset(s->oc_fast, 0, sizeof(s->oc_fast));
    stm32_tim_arrive(s, t);
}

/* An overflow or an underflow that the repetition counter lets pass. */
static void overflow_update(Stm32f100TimState *s)
{
    if (!update(s)) {
        return;
    }
    tim_event(s, R_SR_UIF_MASK);
    if (s->cr1 & R_CR1_OPM_MASK) {
        s->cr1 &= ~R_CR1_CEN_MASK;
        s->phase = tim_moment(0);
    }
}

/*
 * The end of a ramp.  Where the counter takes the value of ARR, that is the
 * one which the update has just loaded.
 */
static void turn(Stm32f100TimState *s)
{
    bool to_top = tim_is_centred(s)
                      ? !tim_counts_down(s) && s->count < s->arr_active
                      : tim_counts_down(s);

    if (s->repetition) {
        s->repetition--;
    } else {
        overflow_update(s);
    }
    s->count = to_top ? s->arr_active : 0;
    stm32_tim_set_direction(s);
    memset(s->oc_fast, 0, sizeof(s->oc_fast));
}

void stm32_tim_arrive(Stm32f100TimState *s, TimTime t)
{
    for (unsigned i = 0; i < s->info->channels; i++) {
        if (tim_is_output(s, i) && s->count == s->ccr_active[i] &&
            match_is_flagged(s)) {
            tim_event(s, 1u << (R_SR_CCIF_SHIFT + i));
        }
    }
    stm32_tim_match(s, t);
}

/* Whole periods in which nobody looks leave nothing but their time. */
static void skip_periods(Stm32f100TimState *s, TimTime t)
{
    bool centred = tim_is_centred(s);
    TimTime period = tick(s) * (centred ? 2 * s->arr_active
                                        : s->arr_active + 1);
    TimTime periods;

    if (!stm32_tim_runs(s) || t - since(s) <= 2 * period || s->rcr ||
        s->repetition || stm32_tim_drives_a_pin(s)) {
        return;
    }
    periods = (t - since(s)) / period - 1;
    for (unsigned i = 0; i < s->info->channels; i++) {
        uint32_t ccr = s->ccr_active[i];
        /* a centre-aligned counter passes it twice, or turns there */
        bool odd = centred ? !ccr || ccr == s->arr_active
                           : ccr <= s->arr_active;

        if (tim_oc_mode(s, i) == OC_TOGGLE && (periods & 1) && odd) {
            s->oc_ref[i] = !s->oc_ref[i];
        }
    }
    s->since = tim_moment(since(s) + periods * period);
}

/* One step of the counter, or several without an event, which ends at @t. */
static bool step(Stm32f100TimState *s, uint32_t ticks, TimTime t)
{
    bool end = ticks == ticks_to_end(s);

    if (end) {
        turn(s);
    } else {
        move(s, ticks);
    }
    stm32_tim_arrive(s, t);
    stm32_tim_announce(s);
    return end;
}

void stm32_tim_run_until(Stm32f100TimState *s, TimTime t)
{
    bool updated = false;

    while (stm32_tim_runs(s)) {
        uint32_t ticks = ticks_to_event(s, UINT32_MAX);
        TimTime at = since(s) + tick(s) * ticks;

        if (at > t) {
            break;
        }
        stm32_tim_end_dead_times(s, at);
        s->since = tim_moment(at);
        /* a period starts with this count */
        if (step(s, ticks, at) && !(tim_is_centred(s) && tim_counts_down(s))) {
            if (updated) {
                skip_periods(s, t);
            }
            updated = true;
        }
    }
    stm32_tim_end_dead_times(s, t);
}

void stm32_tim_settle(Stm32f100TimState *s, TimTime t)
{
    stm32_tim_run_until(s, t);
    if (stm32_tim_runs(s)) {
        uint32_t ticks = (t - since(s)) / tick(s);

        move(s, ticks);
        s->since = tim_moment(since(s) + ticks * tick(s));
    }
}

void stm32_tim_count_edge(Stm32f100TimState *s, TimTime t)
{
    TimTime phase = tim_time(s->phase) + clock_get(s->clk);

    if (!is_enabled(s)) {
        return;
    }
    if (phase < tick(s)) {
        s->phase = tim_moment(phase);
        return;
    }
    s->phase = tim_moment(0);
    step(s, 1, t);
}

/* ---- who waits for what ---- */

static void update_irq(Stm32f100TimState *s)
{
    /* which flags raise which of TIM1's lines: BRK, UP, TRG_COM, CC */
    static const uint32_t lines[STM32F100_TIM1_IRQS] = {
        R_SR_BIF_MASK, R_SR_UIF_MASK, R_SR_TIF_MASK | R_SR_COMIF_MASK,
        R_SR_CCIF_MASK
    };
    uint32_t active = s->sr & s->dier & R_DIER_IE_MASK;

    if (s->info->irqs == 1) {
        qemu_set_irq(s->irq[0], active != 0);
        return;
    }
    for (unsigned i = 0; i < STM32F100_TIM1_IRQS; i++) {
        qemu_set_irq(s->irq[i], (active & lines[i]) != 0);
    }
}

/*
 * SR bits whose events have to be seen at their time, and bits of channels
 * whose OCxREF has.
 */
static uint32_t wanted_events(const Stm32f100TimState *s, uint32_t *refs)
{
    uint32_t requests = FIELD_EX32(s->dier, DIER, DE);
    uint32_t events = (s->dier & ~s->sr & R_DIER_IE_MASK) |
                      s->cc_wanted << R_SR_CCIF_SHIFT |
                      stm32_tim_trgo_events(s, refs);

    if ((s->cr2 & R_CR2_CCDS_MASK) && (requests & R_SR_CCIF_MASK)) {
        requests = (requests & ~R_SR_CCIF_MASK) | R_SR_UIF_MASK;
    }
    return events | requests;
}

void stm32_tim_arm(Stm32f100TimState *s)
{
    uint32_t refs = 0, events = wanted_events(s, &refs), channels = refs;

    update_irq(s);
    if (!stm32_tim_runs(s) ||
        !(refs || (events & (R_SR_UIF_MASK | R_SR_CCIF_MASK)))) {
        timer_del(s->timer);
        return;
    }
    if (match_is_flagged(s)) {
        channels |= FIELD_EX32(events, SR, CCIF);
    }
    timer_mod(s->timer,
              tim_ns_after(since(s) + tick(s) * ticks_to_event(s, channels)));
}
