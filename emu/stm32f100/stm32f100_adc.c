/*
 * Analog-to-digital converter ADC1 of the STM32F100 (RM0041 10): registers,
 * and the order and times of conversions.
 *
 * Nothing ticks.  What the converter does has a beginning and an end in
 * virtual time; it is caught up with when somebody looks or an input changes.
 * The QEMUTimer is armed only for what interrupts or asks for DMA, and for pins
 * whose voltage comes from digital signals of the part.
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
#include "stm32f100_adc.h"
#include "stm32f100_bus.h"

REG32(SR, 0x00)
    FIELD(SR, AWD, 0, 1)
    FIELD(SR, EOC, 1, 1)
    FIELD(SR, JEOC, 2, 1)
    FIELD(SR, JSTRT, 3, 1)
    FIELD(SR, STRT, 4, 1)
REG32(CR1, 0x04)
    FIELD(CR1, AWDCH, 0, 5)
    FIELD(CR1, EOCIE, 5, 1)
    FIELD(CR1, AWDIE, 6, 1)
    FIELD(CR1, JEOCIE, 7, 1)
    FIELD(CR1, SCAN, 8, 1)
    FIELD(CR1, AWDSGL, 9, 1)
    FIELD(CR1, JAUTO, 10, 1)
    FIELD(CR1, DISCEN, 11, 1)
    FIELD(CR1, JDISCEN, 12, 1)
    FIELD(CR1, DISCNUM, 13, 3)
    FIELD(CR1, JAWDEN, 22, 1)
    FIELD(CR1, AWDEN, 23, 1)
REG32(CR2, 0x08)
    FIELD(CR2, ADON, 0, 1)
    FIELD(CR2, CONT, 1, 1)
    FIELD(CR2, CAL, 2, 1)
    FIELD(CR2, RSTCAL, 3, 1)
    FIELD(CR2, DMA, 8, 1)
    FIELD(CR2, ALIGN, 11, 1)
    FIELD(CR2, JEXTSEL, 12, 3)
    FIELD(CR2, JEXTTRIG, 15, 1)
    FIELD(CR2, EXTSEL, 17, 3)
    FIELD(CR2, EXTTRIG, 20, 1)
    FIELD(CR2, JSWSTART, 21, 1)
    FIELD(CR2, SWSTART, 22, 1)
    FIELD(CR2, TSVREFE, 23, 1)
REG32(SMPR1, 0x0c)
REG32(SMPR2, 0x10)
REG32(JOFR1, 0x14)
REG32(JOFR4, 0x20)
REG32(HTR, 0x24)
REG32(LTR, 0x28)
REG32(SQR1, 0x2c)
    FIELD(SQR1, L, 20, 4)
REG32(SQR2, 0x30)
REG32(SQR3, 0x34)
REG32(JSQR, 0x38)
    FIELD(JSQR, JL, 20, 2)
REG32(JDR1, 0x3c)
REG32(JDR4, 0x48)
REG32(DR, 0x4c)

#define CR1_WRITABLE 0x00c0ffff
#define CR2_WRITABLE 0x00fef90f
#define CR2_CALIBRATES (R_CR2_CAL_MASK | R_CR2_RSTCAL_MASK)
#define DATA_MASK 0xfff /* of HTR, LTR, JOFRx */
#define SOFTWARE_TRIGGER 7 /* of EXTSEL and JEXTSEL */

/* Channels that each of these has a field for (10.11.4, .5, .9 to .12). */
static const uint32_t smpr_writable[] = { 0x00ffffff, 0x3fffffff };
static const uint32_t sqr_writable[] = { 0x00ffffff, 0x3fffffff, 0x3fffffff };
#define JSQR_WRITABLE 0x003fffff

/* Times in half cycles of ADCCLK (10.6); 12.5 cycles follow the sampling. */
static const uint16_t sampling_half_cycles[] = { 3,  15,  27,  57,
                                                 83, 111, 143, 479 };
#define CONVERSION_HALF_CYCLES 25
/* Calibration: datasheet, 5.3.17.  Its reset: no source gives a time. */
#define CALIBRATION_CYCLES 83
#define RESET_CALIBRATION_CYCLES 5
#define ON_CYCLES_BEFORE_CALIBRATION 2
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

static bool has_digital_pins(const Stm32f100AdcState *s)
{
    for (unsigned group = 0; group < 2; group++) {
        for (unsigned rank = 0; rank < length_of(s, group); rank++) {
            if (stm32f100_adc_input_is_digital(&s->inputs,
                                               channel_of(s, group, rank))) {
                return true;
            }
        }
    }
    return false;
}

/* ---- what others see ---- */

static void update_outputs(Stm32f100AdcState *s)
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
           s->cr2 & R_CR2_DMA_MASK || has_digital_pins(s);
}

static void arm(Stm32f100AdcState *s)
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

/* STRT and JSTRT: the first conversion of a group, or of what a trigger takes */
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

static void start_regular(Stm32f100AdcState *s)
{
    if (s->regular.wanted) {
        return;
    }
    s->regular.wanted = true;
    s->regular.left = FIELD_EX32(s->cr1, CR1, DISCNUM) + 1;
    if (s->phase == STM32F100_ADC_IDLE) {
        begin_next(s, time_of_ns(now_ns()));
    }
}

/* A regular conversion is given up, and begins anew later (10.3.9). */
static void start_injected(Stm32f100AdcState *s)
{
    bool interrupts = !s->serves_injected &&
                      (s->phase == STM32F100_ADC_SAMPLING ||
                       s->phase == STM32F100_ADC_CONVERTING);

    if (s->injected.wanted) {
        return;
    }
    s->injected.wanted = true;
    if (s->phase == STM32F100_ADC_IDLE || interrupts) {
        begin_next(s, time_of_ns(now_ns()));
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
static uint32_t take_sample(const Stm32f100AdcState *s, Time t, bool up_to_date)
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
    return stm32f100_adc_input_code(&s->inputs, channel, up_to_date);
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
static void end_phase(Stm32f100AdcState *s, bool up_to_date)
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
        s->sample = take_sample(s, t, up_to_date);
        enter(s, STM32F100_ADC_CONVERTING, t, CONVERSION_HALF_CYCLES);
        break;
    case STM32F100_ADC_CONVERTING:
        end_conversion(s, t);
        /* last: DMA may read DR at once */
        update_outputs(s);
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

static void run(Stm32f100AdcState *s, bool up_to_date)
{
    Time now = time_of_ns(now_ns());
    Time round = -1;

    while (s->phase != STM32F100_ADC_IDLE && clock_is_enabled(s->clk) &&
           visible_ns(s) <= now_ns()) {
        end_phase(s, up_to_date);
        round = skip_rounds(s, now, round);
    }
    arm(s);
}

void stm32f100_adc_sync(Stm32f100AdcState *s)
{
    run(s, false);
}

/* Only from here signals of the part may be asked for their present level. */
static void phase_over(void *opaque)
{
    run(opaque, true);
}

static void clock_changed(void *opaque, ClockEvent event)
{
    Stm32f100AdcState *s = opaque;
    Time now = time_of_ns(now_ns());

    if (event == ClockPreUpdate) {
        run(s, false);
        if (s->phase != STM32F100_ADC_IDLE && clock_is_enabled(s->clk)) {
            s->rest = ((due(s) - now) << 32) / clock_get(s->clk);
        }
        return;
    }
    if (s->phase != STM32F100_ADC_IDLE) {
        set_due(s, now + (((Time)s->rest * clock_get(s->clk)) >> 32));
    }
    arm(s);
}

/* ---- triggers ---- */

static bool has_risen(Stm32f100AdcGroup *group, int n, int level)
{
    bool was_high = extract32(group->levels, n, 1);

    group->levels = deposit32(group->levels, n, 1, level != 0);
    return level && !was_high;
}

static void trigger(void *opaque, int n, int level)
{
    Stm32f100AdcState *s = opaque;

    if (has_risen(&s->regular, n, level) && clock_is_enabled(s->clk) &&
        is_on(s) && s->cr2 & R_CR2_EXTTRIG_MASK &&
        FIELD_EX32(s->cr2, CR2, EXTSEL) == n) {
        run(s, false);
        start_regular(s);
        arm(s);
    }
}

static void jtrigger(void *opaque, int n, int level)
{
    Stm32f100AdcState *s = opaque;

    if (has_risen(&s->injected, n, level) && clock_is_enabled(s->clk) &&
        is_on(s) && s->cr2 & R_CR2_JEXTTRIG_MASK &&
        FIELD_EX32(s->cr2, CR2, JEXTSEL) == n) {
        run(s, false);
        start_injected(s);
        arm(s);
    }
}

/* ---- registers ---- */

static void power_down(Stm32f100AdcState *s)
{
    s->phase = STM32F100_ADC_IDLE;
    s->regular.wanted = s->injected.wanted = false;
    s->regular.rank = s->injected.rank = 0;
}

static void check_calibration(const Stm32f100AdcState *s)
{
    int64_t on_ns = clock_ticks_to_ns(s->clk, ON_CYCLES_BEFORE_CALIBRATION);

    if (!is_on(s) || now_ns() < s->on_ns + on_ns) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-adc: CAL is set before ADON"
                      " has been for two cycles\n");
    }
}

/* SWSTART and JSWSTART stay set until they have started something. */
static void software_start(Stm32f100AdcState *s)
{
    bool regular = s->cr2 & R_CR2_SWSTART_MASK;
    bool injected = s->cr2 & R_CR2_JSWSTART_MASK;

    if (injected && is_on(s) && s->cr2 & R_CR2_JEXTTRIG_MASK &&
        FIELD_EX32(s->cr2, CR2, JEXTSEL) == SOFTWARE_TRIGGER) {
        s->cr2 &= ~R_CR2_JSWSTART_MASK;
        start_injected(s);
    } else if (injected) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-adc: JSWSTART starts nothing"
                      " without ADON, JEXTTRIG and JEXTSEL=7\n");
    }
    if (regular && is_on(s) && s->cr2 & R_CR2_EXTTRIG_MASK &&
        FIELD_EX32(s->cr2, CR2, EXTSEL) == SOFTWARE_TRIGGER) {
        s->cr2 &= ~R_CR2_SWSTART_MASK;
        start_regular(s);
    } else if (regular) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-adc: SWSTART starts nothing"
                      " without ADON, EXTTRIG and EXTSEL=7\n");
    }
}

/*
 * ADON written again, with nothing else changed, starts a conversion
 * (10.11.3).  CAL and RSTCAL are cleared by the converter only.
 */
static void cr2_write(Stm32f100AdcState *s, uint32_t value)
{
    uint32_t changed = (value ^ s->cr2) & CR2_WRITABLE;

    s->cr2 = (value & CR2_WRITABLE) | (s->cr2 & CR2_CALIBRATES);
    if (changed & value & R_CR2_TSVREFE_MASK) {
        s->sensors_ns = now_ns();
    }
    if (changed & value & R_CR2_ADON_MASK) {
        s->on_ns = now_ns();
    }
    if (changed & value & R_CR2_CAL_MASK) {
        check_calibration(s);
    }
    s->dma_request = s->dma_request && s->cr2 & R_CR2_DMA_MASK;
    if (!is_on(s)) {
        power_down(s);
    } else if (s->phase == STM32F100_ADC_IDLE) {
        begin_next(s, time_of_ns(now_ns()));
    }
    if (is_on(s) && !changed) {
        start_regular(s);
    }
    software_start(s);
}

/* Another sequence begins at once, from its first channel (10.3.3). */
static void sequence_write(Stm32f100AdcState *s, uint32_t *reg, uint32_t value,
                           bool injected)
{
    Stm32f100AdcGroup *group = injected ? &s->injected : &s->regular;

    if (*reg == value) {
        return;
    }
    *reg = value;
    group->rank = 0;
    if ((s->phase == STM32F100_ADC_SAMPLING ||
         s->phase == STM32F100_ADC_CONVERTING) &&
        s->serves_injected == injected) {
        begin_next(s, time_of_ns(now_ns()));
    }
}

static uint32_t dr_read(Stm32f100AdcState *s)
{
    s->sr &= ~R_SR_EOC_MASK;
    s->dma_request = false;
    update_outputs(s);
    return s->dr;
}

static uint32_t adc_read_word(Stm32f100AdcState *s, hwaddr addr)
{
    switch (addr) {
    case A_SR:
        return s->sr;
    case A_CR1:
        return s->cr1;
    case A_CR2:
        return s->cr2;
    case A_SMPR1:
    case A_SMPR2:
        return s->smpr[(addr - A_SMPR1) / 4];
    case A_JOFR1 ... A_JOFR4:
        return s->jofr[(addr - A_JOFR1) / 4];
    case A_HTR:
        return s->htr;
    case A_LTR:
        return s->ltr;
    case A_SQR1 ... A_SQR3:
        return s->sqr[(addr - A_SQR1) / 4];
    case A_JSQR:
        return s->jsqr;
    case A_JDR1 ... A_JDR4:
        return s->jdr[(addr - A_JDR1) / 4];
    case A_DR:
        return dr_read(s);
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-adc: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

static void adc_write_word(Stm32f100AdcState *s, hwaddr addr, uint32_t value)
{
    unsigned n;

    switch (addr) {
    case A_SR: /* rc_w0 */
        s->sr &= value;
        break;
    case A_CR1:
        s->cr1 = value & CR1_WRITABLE;
        break;
    case A_CR2:
        cr2_write(s, value);
        break;
    case A_SMPR1:
    case A_SMPR2:
        n = (addr - A_SMPR1) / 4;
        s->smpr[n] = value & smpr_writable[n];
        break;
    case A_JOFR1 ... A_JOFR4:
        s->jofr[(addr - A_JOFR1) / 4] = value & DATA_MASK;
        break;
    case A_HTR:
        s->htr = value & DATA_MASK;
        break;
    case A_LTR:
        s->ltr = value & DATA_MASK;
        break;
    case A_SQR1 ... A_SQR3:
        n = (addr - A_SQR1) / 4;
        sequence_write(s, &s->sqr[n], value & sqr_writable[n], false);
        break;
    case A_JSQR:
        sequence_write(s, &s->jsqr, value & JSQR_WRITABLE, true);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-adc: write of offset 0x%"
                      HWADDR_PRIx ", which cannot be written\n", addr);
        break;
    }
}

static bool adc_clocked(const Stm32f100AdcState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-adc: %s while RCC does not"
                      " clock it\n", access);
        return false;
    }
    return true;
}

static uint64_t adc_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100AdcState *s = opaque;

    if (!adc_clocked(s, "read")) {
        return 0;
    }
    run(s, false);
    return stm32f100_bus_read(adc_read_word(s, addr & ~3), addr, size);
}

static void adc_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100AdcState *s = opaque;

    if (adc_clocked(s, "write")) {
        run(s, false);
        adc_write_word(s, addr & ~3, stm32f100_apb_write(data, size));
        update_outputs(s);
        arm(s);
    }
}

static const MemoryRegionOps adc_ops = STM32F100_BUS_OPS(adc_read, adc_write);

/* ---- life cycle ---- */

static void adc_reset_hold(Object *obj, ResetType type)
{
    Stm32f100AdcState *s = STM32F100_ADC(obj);

    timer_del(s->timer);
    power_down(s);
    s->sr = s->cr1 = s->cr2 = 0;
    memset(s->smpr, 0, sizeof(s->smpr));
    memset(s->sqr, 0, sizeof(s->sqr));
    s->jsqr = 0;
    memset(s->jofr, 0, sizeof(s->jofr));
    s->htr = DATA_MASK;
    s->ltr = 0;
    memset(s->jdr, 0, sizeof(s->jdr));
    s->dr = 0;
    s->dma_request = false;
}

static void adc_reset_exit(Object *obj, ResetType type)
{
    Stm32f100AdcState *s = STM32F100_ADC(obj);

    update_outputs(s);
    stm32f100_adc_inputs_reset_exit(&s->inputs);
}

static void adc_init(Object *obj)
{
    Stm32f100AdcState *s = STM32F100_ADC(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &adc_ops, s, TYPE_STM32F100_ADC,
                          0x400);
    /* DMA answers a request at once, and reads DR for it */
    s->iomem.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_in_named(dev, trigger, "trigger", STM32F100_ADC_TRIGGERS);
    qdev_init_gpio_in_named(dev, jtrigger, "jtrigger", STM32F100_ADC_TRIGGERS);
    qdev_init_gpio_out_named(dev, &s->dma, "dma", 1);
    s->clk = qdev_init_clock_in(dev, "clk", clock_changed, s,
                                ClockPreUpdate | ClockUpdate);
    s->pclk2 = qdev_init_clock_in(dev, "pclk2", NULL, NULL, 0);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, phase_over, s);
    stm32f100_adc_inputs_init(obj);
}

static void adc_realize(DeviceState *dev, Error **errp)
{
    Stm32f100AdcState *s = STM32F100_ADC(dev);

    for (unsigned n = 0; n < STM32F100_ADC_PORTS; n++) {
        if (!s->inputs.gpio[n]) {
            error_setg(errp, "stm32f100-adc: link 'gpio%c' is not set",
                       'a' + n);
            return;
        }
    }
}

static const VMStateDescription vmstate_group = {
    .name = TYPE_STM32F100_ADC "/group",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(wanted, Stm32f100AdcGroup),
        VMSTATE_UINT8(rank, Stm32f100AdcGroup),
        VMSTATE_UINT8(left, Stm32f100AdcGroup),
        VMSTATE_UINT8(levels, Stm32f100AdcGroup),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_adc = {
    .name = TYPE_STM32F100_ADC,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100AdcState),
        VMSTATE_CLOCK(pclk2, Stm32f100AdcState),
        VMSTATE_TIMER_PTR(timer, Stm32f100AdcState),
        VMSTATE_STRUCT(inputs, Stm32f100AdcState, 1,
                       vmstate_stm32f100_adc_inputs, Stm32f100AdcInputs),
        VMSTATE_UINT32(sr, Stm32f100AdcState),
        VMSTATE_UINT32(cr1, Stm32f100AdcState),
        VMSTATE_UINT32(cr2, Stm32f100AdcState),
        VMSTATE_UINT32_ARRAY(smpr, Stm32f100AdcState, 2),
        VMSTATE_UINT32_ARRAY(sqr, Stm32f100AdcState, 3),
        VMSTATE_UINT32(jsqr, Stm32f100AdcState),
        VMSTATE_UINT32_ARRAY(jofr, Stm32f100AdcState, STM32F100_ADC_INJECTED),
        VMSTATE_UINT32(htr, Stm32f100AdcState),
        VMSTATE_UINT32(ltr, Stm32f100AdcState),
        VMSTATE_UINT32_ARRAY(jdr, Stm32f100AdcState, STM32F100_ADC_INJECTED),
        VMSTATE_UINT32(dr, Stm32f100AdcState),
        VMSTATE_STRUCT(regular, Stm32f100AdcState, 1, vmstate_group,
                       Stm32f100AdcGroup),
        VMSTATE_STRUCT(injected, Stm32f100AdcState, 1, vmstate_group,
                       Stm32f100AdcGroup),
        VMSTATE_BOOL(serves_injected, Stm32f100AdcState),
        VMSTATE_BOOL(dma_request, Stm32f100AdcState),
        VMSTATE_UINT32(sample, Stm32f100AdcState),
        VMSTATE_UINT32(phase, Stm32f100AdcState),
        VMSTATE_INT64(due_ns, Stm32f100AdcState),
        VMSTATE_UINT32(due_frac, Stm32f100AdcState),
        VMSTATE_UINT64(rest, Stm32f100AdcState),
        VMSTATE_INT64(on_ns, Stm32f100AdcState),
        VMSTATE_INT64(sensors_ns, Stm32f100AdcState),
        VMSTATE_END_OF_LIST()
    }
};

#define GPIO_LINK(name_, port_)                                                \
    DEFINE_PROP_LINK(name_, Stm32f100AdcState, inputs.gpio[port_],             \
                     TYPE_STM32F100_GPIO, Stm32f100GpioState *)

static const Property adc_properties[] = {
    GPIO_LINK("gpioa", 0), GPIO_LINK("gpiob", 1), GPIO_LINK("gpioc", 2),
};

static void adc_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = adc_realize;
    dc->vmsd = &vmstate_adc;
    rc->phases.hold = adc_reset_hold;
    rc->phases.exit = adc_reset_exit;
    device_class_set_props(dc, adc_properties);
    stm32f100_adc_inputs_class_init(klass);
}

static const TypeInfo adc_types[] = {
    {
        .name = TYPE_STM32F100_ADC,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100AdcState),
        .instance_init = adc_init,
        .class_init = adc_class_init,
    },
};
DEFINE_TYPES(adc_types)
