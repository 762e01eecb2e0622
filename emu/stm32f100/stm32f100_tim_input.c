/*
 * Inputs of the STM32F100's timers (RM0041 12.3.6, 13.3.5, 13.3.6): pins, the
 * XOR of TI1, filters, the prescaler of ETR, edges and captures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "stm32f100_tim_internal.h"

#define ETR STM32F100_TIM_ETR

/* ---- captures (13.3.5) ---- */

static bool is_inverted(const Stm32f100TimState *s, unsigned i)
{
    return tim_ccer(s, i) & CCER_P;
}

/* Both edges are active (15.5.8, CC1NP). */
static bool takes_both_edges(const Stm32f100TimState *s, unsigned i)
{
    uint32_t polarity = tim_ccer(s, i) & (CCER_P | CCER_NP);

    return s->info->has_both_edges && polarity == (CCER_P | CCER_NP);
}

bool stm32_tim_tifp(const Stm32f100TimState *s, unsigned i)
{
    bool inverted = is_inverted(s, i) && !takes_both_edges(s, i);

    return s->input[i].level != inverted;
}

void stm32_tim_capture(Stm32f100TimState *s, unsigned i)
{
    uint32_t flag = 1u << (R_SR_CCIF_SHIFT + i);

    if (s->sr & flag) {
        s->sr |= 1u << (R_SR_CCOF_SHIFT + i);
    }
    s->ccr[i] = s->ccr_active[i] = s->count;
    tim_event(s, flag);
}

/* An edge to @level of what channel @i captures. */
static void capture_edge(Stm32f100TimState *s, unsigned i, bool level)
{
    if (!(tim_ccer(s, i) & CCER_E) ||
        (level == is_inverted(s, i) && !takes_both_edges(s, i))) {
        return;
    }
    if (++s->ic_events[i] >> CCMR_ICPSC(tim_ccmr(s, i))) {
        s->ic_events[i] = 0;
        stm32_tim_capture(s, i);
    }
}

static void capture_ti(Stm32f100TimState *s, unsigned n)
{
    for (unsigned i = 0; i < s->info->channels; i++) {
        unsigned source = tim_ccmr(s, i) & CCMR_CCS;

        if ((source == CCS_OWN_TI && n == i) ||
            (source == CCS_OTHER_TI && n == (i ^ 1))) {
            capture_edge(s, i, s->input[n].level);
        }
    }
}

void stm32_tim_capture_trc(Stm32f100TimState *s, bool level, bool pulse)
{
    for (unsigned i = 0; i < s->info->channels; i++) {
        if ((tim_ccmr(s, i) & CCMR_CCS) == CCS_TRC) {
            capture_edge(s, i, pulse ? !is_inverted(s, i) : level);
        }
    }
}

/* ---- filters ---- */

/*
 * How long a level must last: N samples at f_SAMPLING (ICxF, ETF; 13.4.3).
 * The first one is taken a period after the edge.
 */
static TimTime filter_time(const Stm32f100TimState *s, unsigned n)
{
    static const struct {
        uint8_t shift; /* of the period of f_DTS, if not of CK_INT */
        uint8_t samples;
    } filters[16] = {
        { 0, 0 }, { 0, 2 }, { 0, 4 }, { 0, 8 }, { 1, 6 }, { 1, 8 },
        { 2, 6 }, { 2, 8 }, { 3, 6 }, { 3, 8 }, { 4, 5 }, { 4, 6 },
        { 4, 8 }, { 5, 5 }, { 5, 6 }, { 5, 8 },
    };
    unsigned f = 0;

    if (n == ETR) {
        f = FIELD_EX32(s->smcr, SMCR, ETF);
    } else if (n < s->info->channels && !tim_is_output(s, n)) {
        f = CCMR_ICF(tim_ccmr(s, n));
    }
    return (TimTime)(f < 4 ? clock_get(s->clk) : tim_dts(s))
           * filters[f].samples << filters[f].shift;
}

static Stm32AfSignal signal_of(const Stm32f100TimState *s, unsigned n)
{
    return n == ETR ? s->info->etr : s->info->signal[n];
}

/* Not while the pin is an output of the part itself. */
static bool is_heard(const Stm32f100TimState *s, unsigned n)
{
    return clock_is_enabled(s->clk) && s->input[n].routed &&
           !stm32_af_can_drive(s->afio, signal_of(s, n));
}

/* The filter lets the level through, at @t. */
static void pass(Stm32f100TimState *s, unsigned n, TimTime t)
{
    bool edge = s->input[n].level != s->input[n].raw;
    bool ran;

    s->input[n].level = s->input[n].raw;
    if (!edge || !is_heard(s, n)) {
        return;
    }
    stm32_tim_settle(s, t);
    ran = stm32_tim_runs(s);
    if (n != ETR) {
        capture_ti(s, n);
    }
    stm32_tim_slave_edge(s, n, t);
    stm32_tim_follow(s, ran, t);
    stm32_tim_announce(s);
    stm32_tim_arm(s);
}

static void filter_passes(void *opaque)
{
    Stm32f100TimInput *in = opaque;

    pass(in->tim, in - in->tim->input, tim_time(in->due));
}

static void take(Stm32f100TimState *s, unsigned n, bool raw)
{
    Stm32f100TimInput *in = &s->input[n];
    TimTime now = tim_now(), length = filter_time(s, n);

    if (raw == in->raw) {
        return;
    }
    in->raw = raw;
    if (length == 0) {
        timer_del(in->timer);
        pass(s, n, now);
    } else if (raw == in->level) {
        timer_del(in->timer); /* too short */
    } else {
        in->due = tim_moment(now + length);
        timer_mod(in->timer, tim_ns_after(now + length));
    }
}

/* ---- pins ---- */

/* TIx before the filter; that of TI1 may be the XOR of three pins (TI1S). */
static bool ti(const Stm32f100TimState *s, unsigned n)
{
    bool level = stm32_af_level(s->afio, s->info->signal[n]);

    if (n == 0 && (s->cr2 & R_CR2_TI1S_MASK)) {
        level ^= stm32_af_level(s->afio, s->info->signal[1]) ^
                 stm32_af_level(s->afio, s->info->signal[2]);
    }
    return level;
}

static bool etr(const Stm32f100TimState *s)
{
    return stm32_af_level(s->afio, s->info->etr) !=
           !!(s->smcr & R_SMCR_ETP_MASK);
}

static void channel_changed(void *opaque, Stm32AfSignal signal, bool level)
{
    Stm32f100TimState *s = opaque;
    unsigned n = signal - s->info->signal[0];

    take(s, n, ti(s, n));
    if (n && (s->cr2 & R_CR2_TI1S_MASK)) {
        take(s, 0, ti(s, 0));
    }
}

/* ETRP: every edge, or divided by 2, 4 or 8 (ETPS) */
static void etr_changed(void *opaque, Stm32AfSignal signal, bool level)
{
    Stm32f100TimState *s = opaque;
    unsigned prescaler = FIELD_EX32(s->smcr, SMCR, ETPS);

    s->etr = etr(s);
    s->etr_edges += s->etr;
    take(s, ETR, prescaler ? (s->etr_edges >> (prescaler - 1)) & 1 : s->etr);
}

static void break_now(Stm32f100TimState *s)
{
    TimTime now = tim_now();

    stm32_tim_settle(s, now);
    stm32_tim_break(s, now);
    stm32_tim_announce(s);
    stm32_tim_arm(s);
}

static void bkin_changed(void *opaque, Stm32AfSignal signal, bool level)
{
    if (stm32_tim_break_active(opaque)) {
        break_now(opaque);
    }
}

/* The clock security system is the other source of breaks (12.3.12). */
void stm32_tim_clock_failure(void *opaque, int n, int level)
{
    Stm32f100TimState *s = opaque;

    if (level && s->info->has_break && FIELD_EX32(s->bdtr, BDTR, BKE)) {
        break_now(s);
    }
}

/* That an input gets a pin or loses it is no edge; a pin for another may be. */
static void route_changed(void *opaque, Stm32AfSignal signal)
{
    Stm32f100TimState *s = opaque;
    unsigned n = s->info->has_etr && signal == s->info->etr
                     ? ETR : signal - s->info->signal[0];
    TimTime now = tim_now();
    bool ran;

    if (s->input[n].routed == stm32_af_routed(s->afio, signal)) {
        return;
    }
    stm32_tim_settle(s, now);
    ran = stm32_tim_runs(s);
    stm32_tim_take_level(s, n);
    stm32_tim_take_trgi(s);
    stm32_tim_follow(s, ran, now);
    stm32_tim_arm(s);
}

void stm32_tim_listen(Stm32f100TimState *s,
                      void (*sync)(void *opaque, int64_t now_ns))
{
    for (unsigned n = 0; n < STM32F100_TIM_INPUTS; n++) {
        s->input[n].tim = s;
        s->input[n].timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, filter_passes,
                                         &s->input[n]);
    }
    for (unsigned n = 0; n < s->info->channels; n++) {
        assert(s->info->signal[n] == s->info->signal[0] + n);
        stm32_af_listen(s->afio, s->info->signal[n], channel_changed, s);
        stm32_af_watch(s->afio, s->info->signal[n], n ? NULL : sync,
                       route_changed, s);
    }
    if (s->info->has_etr) {
        stm32_af_watch(s->afio, s->info->etr, NULL, route_changed, s);
        stm32_af_listen(s->afio, s->info->etr, etr_changed, s);
    }
    if (s->info->has_break) {
        stm32_af_listen(s->afio, s->info->bkin, bkin_changed, s);
    }
}

void stm32_tim_take_level(Stm32f100TimState *s, unsigned n)
{
    Stm32f100TimInput *in = &s->input[n];

    timer_del(in->timer);
    if (n < s->info->channels) {
        in->routed = stm32_af_routed(s->afio, s->info->signal[n]);
        in->raw = ti(s, n);
    } else if (n == ETR && s->info->has_etr) {
        in->routed = stm32_af_routed(s->afio, s->info->etr);
        s->etr = etr(s);
        s->etr_edges = 0;
        in->raw = !(s->smcr & R_SMCR_ETPS_MASK) && s->etr;
    }
    in->level = in->raw;
}
