/*
 * The converter of the STM32F100's ADC1 (RM0041 10.3 to 10.9): the order and
 * the times of samples, conversions and calibrations.
 *
 * Nothing ticks.  What the converter does has a beginning and an end in
 * virtual time; it is caught up with when somebody looks or an input changes.
 * The QEMUTimer is armed only for what interrupts or asks for DMA, and for pins
 * whose voltage comes from digital signals of the part.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "hw/irq.h"
#include "stm32f100_adc_converter.h"
#include "stm32f100_adc_regs.h"

/* Times in half cycles of ADCCLK (10.6); 12.5 cycles follow the sampling. */
static const uint16_t sampling_half_cycles[] = { 3,  15,  27,  57,
                                                 83, 111, 143, 479 };
#define CONVERSION_HALF_CYCLES 25
/* Calibration: datasheet, 5.3.17.  Its reset: no source gives a time. */
#define CALIBRATION_CYCLES 83
#define RESET_CALIBRATION_CYCLES 5
/* What the calibration of an ideal converter leaves in DR (10.4). */
#define CALIBRATION_CODE 0

/* Datasheet, 5.3.17 and 5.3.19: t_STAB, t_START, shortest sampling time. */
#define STABILISATION_NS 1000
#define SENSORS_START_NS 10000
#define TEMPERATURE_SAMPLING_NS 17100

typedef __int128 Time; /* 2^-32 ns */
#define ROUNDING (1u << 16)

static Time time_of_ns(int64_t ns)
{
    return (Time)ns << 32;
}

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static Time due(const Stm32f100AdcState *s)
{
    return time_of_ns(s->due_ns) + s->due_frac;
}

static void set_due(Stm32f100AdcState *s, Time t)
{
    s->due_ns = t >> 32;
    s->due_frac = (uint32_t)t;
}

/*
 * The first ns in which the phase is over.  Periods of clocks are rounded up to
 * 2^-32 ns, which must not make a time of whole ns the next one.
 */
static int64_t visible_ns(const Stm32f100AdcState *s)
{
    return s->due_ns + (s->due_frac > ROUNDING);
}

static bool is_on(const Stm32f100AdcState *s)
{
    return s->cr2 & R_CR2_ADON_MASK;
}

static bool is_discontinuous(const Stm32f100AdcState *s)
{
    return s->cr1 & R_CR1_DISCEN_MASK;
}

/* ---- sequences ---- */

/* Without SCAN, the first channel of a sequence is all of it (10.3.8). */
static unsigned length_of(const Stm32f100AdcState *s, bool injected)
{
    if (!(s->cr1 & R_CR1_SCAN_MASK)) {
        return 1;
    }
    return 1 + (injected ? FIELD_EX32(s->jsqr, JSQR, JL)
                         : FIELD_EX32(s->sqr[0], SQR1, L));
}

/* SQ1 is in SQR3; a short injected sequence is the end of JSQ1..4 (10.11.12) */
static unsigned channel_of(const Stm32f100AdcState *s, bool injected,
                           unsigned rank)
{
    if (injected) {
        rank += STM32F100_ADC_INJECTED - 1 - FIELD_EX32(s->jsqr, JSQR, JL);
        return extract32(s->jsqr, 5 * rank, 5);
    }
    return extract32(s->sqr[2 - rank / 6], 5 * (rank % 6), 5);
}

static unsigned present_channel(const Stm32f100AdcState *s)
{
    return channel_of(s, s->serves_injected, s->serves_injected
                                                 ? s->injected.rank
                                                 : s->regular.rank);
}

static unsigned sampling_time(const Stm32f100AdcState *s, unsigned channel)
{
    unsigned smp = channel < 10 ? extract32(s->smpr[1], 3 * channel, 3)
                   : channel < 18
                       ? extract32(s->smpr[0], 3 * (channel - 10), 3)
                       : 0;

    return sampling_half_cycles[smp];
}

static bool has_digital_pins(const Stm32f100AdcState *s, bool injected)
{
    for (unsigned rank = 0; rank < length_of(s, injected); rank++) {
        if (stm32f100_adc_input_is_digital(&s->inputs,
                                           channel_of(s, injected, rank))) {
            return true;
        }
    }
    return false;
}

/* ---- what others see ---- */

void stm32f100_adc_update_outputs(Stm32f100AdcState *s)
{
    bool irq = (s->sr & R_SR_EOC_MASK && s->cr1 & R_CR1_EOCIE_MASK) ||
               (s->sr & R_SR_JEOC_MASK && s->cr1 & R_CR1_JEOCIE_MASK) ||
               (s->sr & R_SR_AWD_MASK && s->cr1 & R_CR1_AWDIE_MASK);

    qemu_set_irq(s->irq, irq);
    qemu_set_irq(s->dma, s->dma_request);
}

static bool is_watched(const Stm32f100AdcState *s)
{
    return s->cr1 & (R_CR1_EOCIE_MASK | R_CR1_JEOCIE_MASK | R_CR1_AWDIE_MASK) ||
           s->cr2 & R_CR2_DMA_MASK ||
           (s->regular.wanted && has_digital_pins(s, false)) ||
           ((s->injected.wanted || s->cr1 & R_CR1_JAUTO_MASK) &&
            has_digital_pins(s, true));
}

void stm32f100_adc_arm(Stm32f100AdcState *s)
{
    if (s->phase != STM32F100_ADC_IDLE && clock_is_enabled(s->clk) &&
        is_watched(s)) {
        timer_mod(s->timer, visible_ns(s));
    } else {
        timer_del(s->timer);
    }
}

/* ---- conversions ---- */

static void enter(Stm32f100AdcState *s, Stm32f100AdcPhase phase, Time t,
                  unsigned half_cycles)
{
    s->phase = phase;
    set_due(s, t + (Time)clock_get(s->clk) * half_cycles / 2);
}

/* STRT, JSTRT: by the first conversion of a group, or of a trigger's share. */
static void begin_conversion(Stm32f100AdcState *s, Time t, bool injected)
{
    unsigned n = FIELD_EX32(s->cr1, CR1, DISCNUM) + 1;

    s->serves_injected = injected;
    if (injected) {
        if (s->injected.rank == 0 || s->cr1 & R_CR1_JDISCEN_MASK) {
            s->sr |= R_SR_JSTRT_MASK;
        }
    } else if (s->regular.rank == 0 ||
               (is_discontinuous(s) && s->regular.left == n)) {
        s->sr |= R_SR_STRT_MASK;
    }
    enter(s, STM32F100_ADC_SAMPLING, t, sampling_time(s, present_channel(s)));
}

/* The converter is free, or what it does is given up. */
static void begin_next(Stm32f100AdcState *s, Time t)
{
    s->phase = STM32F100_ADC_IDLE;
    if (!is_on(s)) {
        return;
    }
    if (s->cr2 & R_CR2_RSTCAL_MASK) {
        enter(s, STM32F100_ADC_RESET_CALIBRATION, t,
              2 * RESET_CALIBRATION_CYCLES);
    } else if (s->cr2 & R_CR2_CAL_MASK) {
        enter(s, STM32F100_ADC_CALIBRATION, t, 2 * CALIBRATION_CYCLES);
    } else if (s->injected.wanted || s->regular.wanted) {
        begin_conversion(s, t, s->injected.wanted);
    }
}

void stm32f100_adc_begin_next(Stm32f100AdcState *s)
{
    begin_next(s, time_of_ns(now_ns()));
}

bool stm32f100_adc_converts(const Stm32f100AdcState *s, bool injected)
{
    return s->serves_injected == injected &&
           (s->phase == STM32F100_ADC_SAMPLING ||
            s->phase == STM32F100_ADC_CONVERTING);
}

void stm32f100_adc_start_regular(Stm32f100AdcState *s)
{
    if (s->regular.wanted) {
        return;
    }
    s->regular.wanted = true;
    s->regular.left = FIELD_EX32(s->cr1, CR1, DISCNUM) + 1;
    if (s->phase == STM32F100_ADC_IDLE) {
        stm32f100_adc_begin_next(s);
    }
}

/* A regular conversion is given up, and begins anew later (10.3.9). */
void stm32f100_adc_start_injected(Stm32f100AdcState *s)
{
    s->injected.wanted = true;
    if (s->phase == STM32F100_ADC_IDLE || stm32f100_adc_converts(s, false)) {
        stm32f100_adc_begin_next(s);
    }
}

/* Why the sample of @channel at @t is wrong, or NULL. */
static const char *sampling_error(const Stm32f100AdcState *s, unsigned channel,
                                  Time t)
{
    if (channel > STM32F100_ADC_VREFINT) {
        return "there is no such channel";
    }
    if (t < time_of_ns(s->on_ns + STABILISATION_NS)) {
        return "ADON has been set for less than t_STAB";
    }
    if (channel >= STM32F100_ADC_TEMPERATURE) {
        if (!(s->cr2 & R_CR2_TSVREFE_MASK)) {
            return "TSVREFE is 0";
        }
        if (t < time_of_ns(s->sensors_ns + SENSORS_START_NS)) {
            return "TSVREFE has been set for less than t_START";
        }
    }
    return NULL;
}

/* The end of the sampling time: what is there now is converted. */
static uint32_t take_sample(const Stm32f100AdcState *s, Time t)
{
    unsigned channel = present_channel(s);
    const char *error = sampling_error(s, channel, t);

    if (error) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-adc: channel %u reads 0: %s"
                      "\n", channel, error);
        return 0;
    }
    if (channel == STM32F100_ADC_TEMPERATURE &&
        (Time)clock_get(s->clk) * sampling_time(s, channel) / 2 <
            time_of_ns(TEMPERATURE_SAMPLING_NS)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-adc: the temperature sensor"
                      " is sampled for less than 17.1 us\n");
    }
    return stm32f100_adc_input_code(&s->inputs, channel);
}

/* Before alignment and offset (10.3.7) */
static void watch_sample(Stm32f100AdcState *s)
{
    bool guarded = s->cr1 & (s->serves_injected ? R_CR1_JAWDEN_MASK
                                                : R_CR1_AWDEN_MASK);

    if (s->cr1 & R_CR1_AWDSGL_MASK &&
        FIELD_EX32(s->cr1, CR1, AWDCH) != present_channel(s)) {
        guarded = false;
    }
    if (guarded && (s->sample > s->htr || s->sample < s->ltr)) {
        s->sr |= R_SR_AWD_MASK;
    }
}

/* 10.5: injected data are signed, of 13 bits; regular ones have 12 bits. */
static void end_injected(Stm32f100AdcState *s)
{
    unsigned rank = s->injected.rank++;
    int32_t data = (int32_t)s->sample - (int32_t)s->jofr[rank];

    s->jdr[rank] = (s->cr2 & R_CR2_ALIGN_MASK ? data * 8 : data) & 0xffff;
    if (s->injected.rank >= length_of(s, true)) {
        s->injected.rank = 0;
        s->injected.wanted = false;
        s->sr |= R_SR_JEOC_MASK | R_SR_EOC_MASK;
    } else if (s->cr1 & R_CR1_JDISCEN_MASK) {
        s->injected.wanted = false;
    }
}

static void end_regular(Stm32f100AdcState *s)
{
    bool is_last = ++s->regular.rank >= length_of(s, false);

    s->dr = s->cr2 & R_CR2_ALIGN_MASK ? s->sample << 4 : s->sample;
    s->dma_request = s->cr2 & R_CR2_DMA_MASK;
    if (is_last) {
        s->regular.rank = 0;
        s->regular.wanted = s->cr2 & R_CR2_CONT_MASK && !is_discontinuous(s);
        s->injected.wanted |= (s->cr1 & R_CR1_JAUTO_MASK) != 0;
    }
    if (is_discontinuous(s) && --s->regular.left == 0) {
        s->regular.wanted = false;
    }
    if (is_last || is_discontinuous(s)) {
        s->sr |= R_SR_EOC_MASK;
    }
}

static void end_conversion(Stm32f100AdcState *s, Time t)
{
    bool was_injected = s->serves_injected;

    watch_sample(s);
    if (was_injected) {
        end_injected(s);
    } else {
        end_regular(s);
    }
    begin_next(s, t);
    if (s->cr1 & R_CR1_JAUTO_MASK && s->phase == STM32F100_ADC_SAMPLING &&
        s->serves_injected != was_injected) {
        /* 10.3.9, auto-injection: 2 cycles at PCLK2 / 2, else 1 */
        bool by_two = clock_get(s->clk) == 2 * clock_get(s->pclk2);

        enter(s, STM32F100_ADC_SWITCHING, t, by_two ? 4 : 2);
    }
}

/* The end of a phase. */
static void end_phase(Stm32f100AdcState *s)
{
    Time t = due(s);

    switch (s->phase) {
    case STM32F100_ADC_RESET_CALIBRATION:
        s->cr2 &= ~R_CR2_RSTCAL_MASK;
        begin_next(s, t);
        break;
    case STM32F100_ADC_CALIBRATION:
        s->cr2 &= ~R_CR2_CAL_MASK;
        s->dr = CALIBRATION_CODE;
        begin_next(s, t);
        break;
    case STM32F100_ADC_SWITCHING:
        begin_next(s, t);
        break;
    case STM32F100_ADC_SAMPLING:
        s->sample = take_sample(s, t);
        enter(s, STM32F100_ADC_CONVERTING, t, CONVERSION_HALF_CYCLES);
        break;
    case STM32F100_ADC_CONVERTING:
        end_conversion(s, t);
        /* last: DMA may read DR at once */
        stm32f100_adc_update_outputs(s);
        break;
    default:
        g_assert_not_reached();
    }
}

/*
 * In continuous mode that nobody watches one round is like the other: all but
 * the last ones can be left out.  @round: when the last one began, or -1.
 */
static Time skip_rounds(Stm32f100AdcState *s, Time now, Time round)
{
    if (s->phase != STM32F100_ADC_SAMPLING || s->serves_injected ||
        s->regular.rank != 0 || is_watched(s)) {
        return round;
    }
    if (round >= 0 && now - due(s) > 2 * (due(s) - round)) {
        Time length = due(s) - round;

        set_due(s, due(s) + ((now - due(s)) / length - 1) * length);
    }
    return due(s);
}

void stm32f100_adc_sync(Stm32f100AdcState *s)
{
    Time now = time_of_ns(now_ns());
    Time round = -1;

    while (s->phase != STM32F100_ADC_IDLE && clock_is_enabled(s->clk) &&
           visible_ns(s) <= now_ns()) {
        end_phase(s);
        round = skip_rounds(s, now, round);
    }
    stm32f100_adc_arm(s);
}

/* Not amid a step of the converter: other devices may trigger it here. */
void stm32f100_adc_phase_over(void *opaque)
{
    Stm32f100AdcState *s = opaque;

    if (s->phase == STM32F100_ADC_SAMPLING) {
        stm32f100_adc_input_sync(&s->inputs, present_channel(s));
    }
    stm32f100_adc_sync(s);
}

void stm32f100_adc_clock_changed(void *opaque, ClockEvent event)
{
    Stm32f100AdcState *s = opaque;
    Time now = time_of_ns(now_ns());

    if (event == ClockPreUpdate) {
        stm32f100_adc_sync(s);
        if (s->phase != STM32F100_ADC_IDLE && clock_is_enabled(s->clk)) {
            s->rest = ((due(s) - now) << 32) / clock_get(s->clk);
        }
        return;
    }
    if (s->phase != STM32F100_ADC_IDLE) {
        set_due(s, now + (((Time)s->rest * clock_get(s->clk)) >> 32));
    }
    stm32f100_adc_arm(s);
}
