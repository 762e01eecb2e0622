/*
 * Outputs of the STM32F100's timers (RM0041 12.3.7 to 12.3.15, 13.3.7 to
 * 13.3.11): OCxREF from the compare modes, its complement and dead time, what
 * OSSR, OSSI, MOE and the break input make of them, and the pins.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "stm32f100_tim_internal.h"

bool stm32_tim_ref(const Stm32f100TimState *s, unsigned i)
{
    return s->oc_ref[i] && !s->oc_cleared[i] && tim_is_output(s, i);
}

static bool has_complement(const Stm32f100TimState *s, unsigned i)
{
    return (s->info->complements >> i) & 1;
}

/* ---- levels ---- */

/* The level while MOE is 0 and OSSI 1: OISx, after a dead time (table 66). */
static bool idle_level(const Stm32f100TimState *s, unsigned i, bool complement)
{
    uint32_t cc = tim_ccer(s, i);
    uint32_t ois = FIELD_EX32(s->cr2, CR2, OIS) >> (2 * i);
    bool inactive = cc & (complement ? CCER_NP : CCER_P);
    bool active = (ois & 1) != !!(cc & CCER_P);
    bool complement_active = ((ois >> 1) & 1) != !!(cc & CCER_NP);

    if (s->dead[i] ||
        (has_complement(s, i) && active && complement_active)) {
        return inactive;
    }
    return (ois >> complement) & 1;
}

/*
 * The level of OCx, or OCxN if @complement (12.4.9 with table 66, 13.4.9).
 * False: it is not driven.
 */
static bool output(const Stm32f100TimState *s, unsigned i, bool complement,
                   bool *level)
{
    uint32_t cc = tim_ccer(s, i) &
                  (has_complement(s, i) ? 0xf : CCER_E | CCER_P);
    bool inverted = cc & (complement ? CCER_NP : CCER_P);
    bool ref = stm32_tim_ref(s, i);

    if (!tim_is_output(s, i) || !(cc & (CCER_E | CCER_NE)) ||
        (complement && !has_complement(s, i))) {
        return false;
    }
    if (s->info->has_break && !(s->bdtr & R_BDTR_MOE_MASK)) {
        *level = idle_level(s, i, complement);
        return s->bdtr & R_BDTR_OSSI_MASK;
    }
    if (!(cc & (complement ? CCER_NE : CCER_E))) {
        *level = inverted;
        return s->bdtr & R_BDTR_OSSR_MASK;
    }
    if ((cc & CCER_E) && (cc & CCER_NE)) {
        ref = ref != complement && !s->dead[i];
    }
    *level = ref != inverted;
    return true;
}

bool stm32_tim_oc1_enabled(const Stm32f100TimState *s)
{
    bool level;

    return output(s, 0, false, &level);
}

bool stm32_tim_oc1(const Stm32f100TimState *s)
{
    bool level;

    return output(s, 0, false, &level) && level;
}

static void put(Stm32f100TimState *s, unsigned i, bool complement, TimTime t)
{
    Stm32AfSignal signal = complement ? s->info->complement[i]
                                      : s->info->signal[i];
    bool level;

    if (output(s, i, complement, &level)) {
        stm32_af_set(s->afio, signal, t >> 32, level);
    } else {
        stm32_af_release(s->afio, signal, t >> 32);
    }
}

/* DTG (12.4.18) */
static TimTime dead_time(const Stm32f100TimState *s)
{
    uint32_t dtg = FIELD_EX32(s->bdtr, BDTR, DTG);
    uint32_t periods;

    if (dtg < 0x80) {
        periods = dtg;
    } else if (dtg < 0xc0) {
        periods = (64 + (dtg & 0x3f)) * 2;
    } else {
        periods = (32 + (dtg & 0x1f)) * (dtg < 0xe0 ? 8 : 16);
    }
    return (TimTime)tim_dts(s) * periods;
}

static void start_dead_time(Stm32f100TimState *s, unsigned i, TimTime t)
{
    TimTime length = has_complement(s, i) ? dead_time(s) : 0;

    s->dead[i] = length != 0;
    s->dead_end[i] = tim_moment(t + length);
}

static void drive(Stm32f100TimState *s, unsigned i, TimTime t)
{
    bool ref = stm32_tim_ref(s, i);

    if (ref != s->oc_shown[i]) {
        s->oc_shown[i] = ref;
        start_dead_time(s, i, t);
    }
    put(s, i, false, t);
    if (has_complement(s, i)) {
        put(s, i, true, t);
    }
}

void stm32_tim_drive(Stm32f100TimState *s, TimTime t)
{
    for (unsigned i = 0; i < s->info->channels; i++) {
        drive(s, i, t);
    }
}

void stm32_tim_end_dead_times(Stm32f100TimState *s, TimTime t)
{
    for (unsigned i = 0; i < s->info->channels; i++) {
        if (s->dead[i] && tim_time(s->dead_end[i]) <= t) {
            s->dead[i] = false;
            drive(s, i, tim_time(s->dead_end[i]));
        }
    }
}

bool stm32_tim_drives_a_pin(const Stm32f100TimState *s)
{
    for (unsigned i = 0; i < s->info->channels; i++) {
        if (!tim_is_output(s, i)) {
            continue;
        }
        if ((tim_ccer(s, i) & CCER_E) &&
            stm32_af_can_drive(s->afio, s->info->signal[i])) {
            return true;
        }
        if ((tim_ccer(s, i) & CCER_NE) && has_complement(s, i) &&
            stm32_af_can_drive(s->afio, s->info->complement[i])) {
            return true;
        }
    }
    return false;
}

/* ---- OCxREF (13.3.6 to 13.3.9) ---- */

static void compare(Stm32f100TimState *s, unsigned i)
{
    bool down = tim_counts_down(s);
    bool before = s->oc_fast[i] ? down
                                : s->count < s->ccr_active[i] ||
                                      (down && s->count == s->ccr_active[i]);

    switch (tim_oc_mode(s, i)) {
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

void stm32_tim_compare(Stm32f100TimState *s, TimTime t)
{
    for (unsigned i = 0; i < s->info->channels; i++) {
        if (tim_is_output(s, i)) {
            compare(s, i);
        }
        drive(s, i, t);
    }
}

void stm32_tim_match(Stm32f100TimState *s, TimTime t)
{
    for (unsigned i = 0; i < s->info->channels; i++) {
        if (!tim_is_output(s, i) || s->count != s->ccr_active[i]) {
            continue;
        }
        s->oc_fast[i] = false;
        switch (tim_oc_mode(s, i)) {
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
    stm32_tim_compare(s, t);
}

/* ---- preloaded controls (12.3.14) ---- */

void stm32_tim_load_controls(Stm32f100TimState *s, bool commutes)
{
    bool held = (s->cr2 & R_CR2_CCPC_MASK) && !commutes;
    uint32_t ccmr_held[2] = { 0, 0 }, ccer_held = 0;

    for (unsigned i = 0; i < s->info->channels; i++) {
        bool input = (s->ccmr[i / 2] >> (i % 2 * 8)) & CCMR_CCS;

        if (held && has_complement(s, i) && !input) {
            ccmr_held[i / 2] |= CCMR_OCM << (i % 2 * 8);
            ccer_held |= (CCER_E | CCER_NE) << (4 * i);
        }
    }
    for (unsigned half = 0; half < 2; half++) {
        s->ccmr_active[half] = (s->ccmr[half] & ~ccmr_held[half]) |
                               (s->ccmr_active[half] & ccmr_held[half]);
    }
    s->ccer_active = (s->ccer & ~ccer_held) | (s->ccer_active & ccer_held);
}

void stm32_tim_commutate(Stm32f100TimState *s, TimTime t)
{
    if (s->cr2 & R_CR2_CCPC_MASK) {
        stm32_tim_load_controls(s, true);
        tim_event(s, R_SR_COMIF_MASK);
        stm32_tim_compare(s, t);
    }
}

/* ---- triggers, ETRF and updates ---- */

void stm32_tim_fast_enable(Stm32f100TimState *s, TimTime t)
{
    for (unsigned i = 0; i < s->info->channels; i++) {
        s->oc_fast[i] = s->oc_fast[i] ||
                        (tim_is_output(s, i) &&
                         (tim_ccmr(s, i) & CCMR_OCFE) &&
                         tim_oc_mode(s, i) >= OC_PWM1);
    }
    stm32_tim_compare(s, t);
}

/* A high level clears; only forced modes do not mind (12.3.13). */
void stm32_tim_clear_refs(Stm32f100TimState *s, TimTime t)
{
    for (unsigned i = 0; i < s->info->channels; i++) {
        unsigned mode = tim_oc_mode(s, i);

        if (s->input[STM32F100_TIM_ETR].level && tim_is_output(s, i) &&
            (tim_ccmr(s, i) & CCMR_OCCE) && mode != OC_FORCE_INACTIVE &&
            mode != OC_FORCE_ACTIVE) {
            s->oc_cleared[i] = true;
        }
    }
    stm32_tim_drive(s, t);
}

void stm32_tim_update_outputs(Stm32f100TimState *s)
{
    if (!s->input[STM32F100_TIM_ETR].level) {
        memset(s->oc_cleared, 0, sizeof(s->oc_cleared));
    }
    if ((s->bdtr & R_BDTR_AOE_MASK) && !stm32_tim_break_active(s)) {
        s->bdtr |= R_BDTR_MOE_MASK;
    }
}

/* ---- break (12.3.12) ---- */

bool stm32_tim_break_active(const Stm32f100TimState *s)
{
    return s->info->has_break && (s->bdtr & R_BDTR_BKE_MASK) &&
           stm32_af_level(s->afio, s->info->bkin) ==
               !!(s->bdtr & R_BDTR_BKP_MASK);
}

void stm32_tim_disable_outputs(Stm32f100TimState *s, TimTime t)
{
    if (s->bdtr & R_BDTR_MOE_MASK) {
        s->bdtr &= ~R_BDTR_MOE_MASK;
        for (unsigned i = 0; i < s->info->channels; i++) {
            start_dead_time(s, i, t);
        }
    }
    stm32_tim_drive(s, t);
}

void stm32_tim_break(Stm32f100TimState *s, TimTime t)
{
    tim_event(s, R_SR_BIF_MASK);
    stm32_tim_disable_outputs(s, t);
}

void stm32_tim_check_break(Stm32f100TimState *s, TimTime t)
{
    if (stm32_tim_break_active(s)) {
        stm32_tim_break(s, t);
    }
}
