/*
 * Triggers of the STM32F100's timers (RM0041 13.3.12 to 13.3.15): the slave
 * mode controller, encoders and external clocks, and the trigger output.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "stm32f100_tim_internal.h"

static unsigned ts(const Stm32f100TimState *s)
{
    return FIELD_EX32(s->smcr, SMCR, TS);
}

bool stm32_tim_gate_open(const Stm32f100TimState *s)
{
    return tim_sms(s) != SMS_GATED || s->trgi;
}

/* External clock mode 2 goes before mode 1 (13.4.3, ECE). */
static bool is_clock_mode_2(const Stm32f100TimState *s)
{
    return s->smcr & R_SMCR_ECE_MASK;
}

bool stm32_tim_clock_is_external(const Stm32f100TimState *s)
{
    return is_clock_mode_2(s) || tim_sms(s) == SMS_CLOCK || tim_is_encoder(s);
}

/* ---- trigger input ---- */

static bool trgi_level(const Stm32f100TimState *s)
{
    if (!s->info->has_slave) {
        return false;
    }
    switch (ts(s)) {
    case TS_TI1F_ED: /* pulses of no length */
        return false;
    case TS_TI1FP1:
        return stm32_tim_tifp(s, 0);
    case TS_TI2FP2:
        return stm32_tim_tifp(s, 1);
    case TS_ETRF:
        return s->input[STM32F100_TIM_ETR].level;
    default:
        return s->itr[ts(s)];
    }
}

void stm32_tim_take_trgi(Stm32f100TimState *s)
{
    s->trgi = trgi_level(s);
}

/* A rising edge of TRGI, its active one */
static void trigger(Stm32f100TimState *s, TimTime t)
{
    switch (tim_sms(s)) {
    case SMS_RESET:
        stm32_tim_restart(s, t);
        break;
    case SMS_TRIGGER:
        s->cr1 |= R_CR1_CEN_MASK;
        break;
    case SMS_CLOCK:
        if (!is_clock_mode_2(s)) {
            stm32_tim_count_edge(s, t);
        }
        break;
    }
    if (tim_sms(s) != SMS_DISABLED) {
        tim_event(s, R_SR_TIF_MASK);
    }
    if (s->cr2 & R_CR2_CCUS_MASK) {
        stm32_tim_commutate(s, t);
    }
    stm32_tim_fast_enable(s, t);
}

static void set_trgi(Stm32f100TimState *s, bool level, TimTime t)
{
    if (level == s->trgi) {
        return;
    }
    s->trgi = level;
    if (level) {
        trigger(s, t);
    } else if (tim_sms(s) == SMS_GATED) {
        tim_event(s, R_SR_TIF_MASK);
    }
}

/* ---- encoder (13.3.12) ---- */

/*
 * TI1 (@n = 0) or TI2 has an edge: it counts up where TI1 leads TI2.  Mode 1
 * counts edges of TI2 only, mode 2 those of TI1, mode 3 both.
 */
static void encoder_edge(Stm32f100TimState *s, unsigned n, TimTime t)
{
    bool equal = stm32_tim_tifp(s, 0) == stm32_tim_tifp(s, 1);
    bool up = n == 0 ? !equal : equal;

    if (tim_sms(s) != (n == 0 ? SMS_ENCODER1 : SMS_ENCODER2)) {
        s->cr1 = FIELD_DP32(s->cr1, CR1, DIR, !up);
        stm32_tim_count_edge(s, t);
    }
}

/* ---- sources ---- */

void stm32_tim_slave_edge(Stm32f100TimState *s, unsigned n, TimTime t)
{
    static const uint8_t source[STM32F100_TIM_INPUTS] = {
        [0] = TS_TI1FP1, [1] = TS_TI2FP2, [STM32F100_TIM_ETR] = TS_ETRF
    };

    if (!s->info->has_slave) {
        return;
    }
    if (n == STM32F100_TIM_ETR) {
        if (is_clock_mode_2(s) && s->input[n].level) {
            stm32_tim_count_edge(s, t);
        }
        stm32_tim_clear_refs(s, t);
    } else if (n < 2 && tim_is_encoder(s)) {
        encoder_edge(s, n, t);
    }
    if (n == 0 && ts(s) == TS_TI1F_ED) {
        stm32_tim_capture_trc(s, true, true);
        trigger(s, t);
    } else if (source[n] && ts(s) == source[n]) {
        set_trgi(s, trgi_level(s), t);
    }
}

void stm32_tim_itr(void *opaque, int n, int level)
{
    Stm32f100TimState *s = opaque;
    TimTime now = tim_now();
    bool ran, changed = s->itr[n] != !!level;

    s->itr[n] = level;
    if (!changed || ts(s) != n || !clock_is_enabled(s->clk)) {
        return;
    }
    stm32_tim_settle(s, now);
    ran = stm32_tim_runs(s);
    stm32_tim_capture_trc(s, level, false);
    set_trgi(s, level, now);
    stm32_tim_follow(s, ran, now);
    stm32_tim_announce(s);
    stm32_tim_arm(s);
}

/* ---- trigger output (13.4.2, MMS) ---- */

static bool trgo_level(const Stm32f100TimState *s, unsigned mms)
{
    if (s->info->trgo_is_oc1) {
        return stm32_tim_oc1(s);
    }
    if (mms == MMS_ENABLE) {
        return (s->cr1 & R_CR1_CEN_MASK) && stm32_tim_gate_open(s);
    }
    return mms >= MMS_REF && stm32_tim_ref(s, mms - MMS_REF);
}

static void set_trgo(Stm32f100TimState *s, bool level)
{
    for (unsigned n = 0; n < STM32F100_TRGO_LINES; n++) {
        qemu_set_irq(s->trgo[n], level);
    }
}

void stm32_tim_drive_trgo(Stm32f100TimState *s, uint32_t events)
{
    static const uint32_t pulse[] = {
        [MMS_RESET] = EVENT_RESET,
        [MMS_UPDATE] = EVENT_UPDATE,
        [MMS_COMPARE] = 1u << R_SR_CCIF_SHIFT,
        [MMS_REF + 3] = 0,
    };
    unsigned mms = FIELD_EX32(s->cr2, CR2, MMS);
    bool level = trgo_level(s, mms);

    if (level != s->trgo_level) {
        s->trgo_level = level;
        set_trgo(s, level);
    } else if ((events & pulse[mms]) && !s->info->trgo_is_oc1) {
        set_trgo(s, true);
        set_trgo(s, false);
    }
}

uint32_t stm32_tim_trgo_events(const Stm32f100TimState *s, uint32_t *refs)
{
    unsigned mms = FIELD_EX32(s->cr2, CR2, MMS);

    if (s->info->trgo_is_oc1) {
        *refs = stm32_tim_oc1_enabled(s);
        return 0;
    }
    switch (mms) {
    case MMS_RESET:
        return 0;
    case MMS_ENABLE:
        return s->cr1 & R_CR1_OPM_MASK ? R_SR_UIF_MASK : 0;
    case MMS_UPDATE:
        return R_SR_UIF_MASK;
    case MMS_COMPARE:
        return 1u << R_SR_CCIF_SHIFT;
    default:
        *refs = 1u << (mms - MMS_REF);
        return 0;
    }
}
