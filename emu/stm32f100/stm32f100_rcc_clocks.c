/*
 * Clocks of the STM32F100 (RM0041 6.2; times and limits from the
 * STM32F100x4/6/8/B datasheet, 5.3.6 to 5.3.8): oscillators, PLL, prescalers,
 * clock gates, the security system.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "system/icount-engine.h"
#include "../wire/wire.h"
#include "stm32f100_rcc_internal.h"

#define HSI_HZ 8000000
#define PLL_IN_MIN_HZ 1000000
#define PLL_IN_MAX_HZ 24000000
#define PLL_OUT_MIN_HZ 16000000
#define LSI_HZ 40000
#define CORE_MIN_HZ 1000000
#define RTC_HSE_DIVIDER 128

/* 1.07 s, in 2^-32 ns */
#define HALTED_PERIOD (1ULL << 62)

enum { SYSCLK_HSI, SYSCLK_HSE, SYSCLK_PLL };
enum { RTCSEL_NONE, RTCSEL_LSE, RTCSEL_LSI, RTCSEL_HSE };
enum { MCO_SYSCLK = 4, MCO_HSI, MCO_HSE, MCO_PLL };

/*
 * From ON to RDY, in ns: the datasheet's typical value, or the maximum where
 * it gives no other.  HSE: hse-start-us.  The datasheet's 2 ms are as many
 * polls of RDY for the part's core, on HSI at 8 MHz with 1.7 cycles an
 * instruction, as 1.2 ms are for this one: start-up code that counts its polls
 * waits long enough here, too.
 */
static const int64_t startup_ns[STM32F100_OSCILLATORS] = {
    [STM32F100_LSI] = 85 * SCALE_US,
    [STM32F100_LSE] = 3000LL * SCALE_MS,
    [STM32F100_HSI] = 2 * SCALE_US,
    [STM32F100_PLL] = 200 * SCALE_US,
};

typedef enum ClockKind { BUS_CLOCK, TIMER_CLOCK, ADC_CLOCK } ClockKind;

/* Low- and medium-density value line only: 6.3.4 to 6.3.8 */
static const struct {
    const char *name;
    Stm32f100Bus bus;
    uint8_t bit;
    ClockKind kind;
} peripheral_info[] = {
    { "dma1", STM32F100_AHB, 0 },
    { "crc", STM32F100_AHB, 6 },
    { "afio", STM32F100_APB2, 0 },
    { "gpioa", STM32F100_APB2, 2 },
    { "gpiob", STM32F100_APB2, 3 },
    { "gpioc", STM32F100_APB2, 4 },
    { "gpiod", STM32F100_APB2, 5 },
    { "gpioe", STM32F100_APB2, 6 },
    { "adc1", STM32F100_APB2, 9, ADC_CLOCK },
    { "tim1", STM32F100_APB2, 11, TIMER_CLOCK },
    { "spi1", STM32F100_APB2, 12 },
    { "usart1", STM32F100_APB2, 14 },
    { "tim15", STM32F100_APB2, 16, TIMER_CLOCK },
    { "tim16", STM32F100_APB2, 17, TIMER_CLOCK },
    { "tim17", STM32F100_APB2, 18, TIMER_CLOCK },
    { "tim2", STM32F100_APB1, 0, TIMER_CLOCK },
    { "tim3", STM32F100_APB1, 1, TIMER_CLOCK },
    { "tim4", STM32F100_APB1, 2, TIMER_CLOCK },
    { "tim6", STM32F100_APB1, 4, TIMER_CLOCK },
    { "tim7", STM32F100_APB1, 5, TIMER_CLOCK },
    { "wwdg", STM32F100_APB1, 11 },
    { "spi2", STM32F100_APB1, 14 },
    { "usart2", STM32F100_APB1, 17 },
    { "usart3", STM32F100_APB1, 18 },
    { "i2c1", STM32F100_APB1, 21 },
    { "i2c2", STM32F100_APB1, 22 },
    { "bkp", STM32F100_APB1, 27 },
    { "pwr", STM32F100_APB1, 28 },
    { "dac", STM32F100_APB1, 29 },
    { "cec", STM32F100_APB1, 30 },
};
QEMU_BUILD_BUG_ON(ARRAY_SIZE(peripheral_info) != STM32F100_RCC_PERIPHERALS);

Stm32f100Bus stm32f100_rcc_bus(unsigned n)
{
    return peripheral_info[n].bus;
}

uint32_t stm32f100_rcc_bit(unsigned n)
{
    return 1u << peripheral_info[n].bit;
}

uint32_t stm32f100_rcc_bus_mask(Stm32f100Bus bus)
{
    uint32_t mask = bus == STM32F100_AHB ? STM32F100_AHBENR_MEMORIES : 0;

    for (unsigned n = 0; n < STM32F100_RCC_PERIPHERALS; n++) {
        if (peripheral_info[n].bus == bus) {
            mask |= 1u << peripheral_info[n].bit;
        }
    }
    return mask;
}

/* ---- clock tree (6.2, figure 8) ---- */

static uint32_t pll_in_hz(const Stm32f100RccState *s)
{
    if (!FIELD_EX32(s->cfgr, CFGR, PLLSRC)) {
        return HSI_HZ / 2;
    }
    return s->hse_hz / (FIELD_EX32(s->cfgr2, CFGR2, PREDIV1) + 1);
}

static uint32_t pll_out_hz(const Stm32f100RccState *s)
{
    return pll_in_hz(s) * MIN(FIELD_EX32(s->cfgr, CFGR, PLLMUL) + 2, 16);
}

static uint32_t sysclk_hz(const Stm32f100RccState *s)
{
    const Stm32f100RccOscillator *o = s->oscillator;

    switch (s->sws) {
    case SYSCLK_HSE:
        return o[STM32F100_HSE].ready ? s->hse_hz : 0;
    case SYSCLK_PLL:
        return o[STM32F100_PLL].ready ? pll_out_hz(s) : 0;
    default:
        return HSI_HZ;
    }
}

/* AHB prescaler: 1, 2, 4, 8, 16, 64, 128, 256, 512 */
static unsigned ahb_shift(const Stm32f100RccState *s)
{
    unsigned hpre = FIELD_EX32(s->cfgr, CFGR, HPRE);

    if (hpre < 8) {
        return 0;
    }
    return hpre < 12 ? hpre - 7 : hpre - 6;
}

/* APB prescalers: 1, 2, 4, 8, 16 */
static unsigned apb_shift(const Stm32f100RccState *s, Stm32f100Bus bus)
{
    unsigned ppre;

    if (bus == STM32F100_AHB) {
        return 0;
    }
    ppre = bus == STM32F100_APB1 ? FIELD_EX32(s->cfgr, CFGR, PPRE1)
                       : FIELD_EX32(s->cfgr, CFGR, PPRE2);
    return ppre < 4 ? 0 : ppre - 3;
}

/*
 * Period of what peripheral @n gets when it is clocked.  Timers run at PCLK
 * if the APB prescaler is 1, else at 2 x PCLK; the ADC at PCLK2 / 2, 4, 6, 8.
 */
static uint64_t peripheral_period(const Stm32f100RccState *s, unsigned n,
                                  uint64_t hclk_period)
{
    unsigned shift = apb_shift(s, peripheral_info[n].bus);

    if (peripheral_info[n].kind == TIMER_CLOCK && shift) {
        shift--;
    }
    if (peripheral_info[n].kind == ADC_CLOCK) {
        return (hclk_period << shift) * 2 *
               (FIELD_EX32(s->cfgr, CFGR, ADCPRE) + 1);
    }
    return hclk_period << shift;
}

static bool peripheral_clocked(const Stm32f100RccState *s, unsigned n)
{
    Stm32f100Bus bus = peripheral_info[n].bus;
    uint32_t bit = stm32f100_rcc_bit(n);

    return (s->enr[bus] & bit) &&
           (bus == STM32F100_AHB || !(s->rstr[bus] & bit));
}

/* RTCCLK (6.2.8): of what runs, and has been chosen by RTCSEL. */
static uint32_t rtc_hz(const Stm32f100RccState *s)
{
    const Stm32f100RccOscillator *o = s->oscillator;

    if (!FIELD_EX32(s->bdcr, BDCR, RTCEN)) {
        return 0;
    }
    switch (FIELD_EX32(s->bdcr, BDCR, RTCSEL)) {
    case RTCSEL_LSE:
        return o[STM32F100_LSE].ready ? STM32F100_LSE_HZ : 0;
    case RTCSEL_LSI:
        return o[STM32F100_LSI].ready ? LSI_HZ : 0;
    case RTCSEL_HSE:
        return o[STM32F100_HSE].ready ? s->hse_hz / RTC_HSE_DIVIDER : 0;
    default:
        return 0;
    }
}

static uint64_t period_of(uint32_t hz)
{
    return hz ? wire_clock_period(hz) : 0;
}

/* MCO (6.2.10): no pin shows it, a property does. */
uint32_t stm32f100_rcc_mco_hz(const Stm32f100RccState *s)
{
    const Stm32f100RccOscillator *o = s->oscillator;

    if (s->stopped) {
        return 0;
    }
    switch (FIELD_EX32(s->cfgr, CFGR, MCO)) {
    case MCO_SYSCLK:
        return sysclk_hz(s);
    case MCO_HSI:
        return o[STM32F100_HSI].ready ? HSI_HZ : 0;
    case MCO_HSE:
        return o[STM32F100_HSE].ready ? s->hse_hz : 0;
    case MCO_PLL:
        return o[STM32F100_PLL].ready ? pll_out_hz(s) / 2 : 0;
    default:
        return 0;
    }
}

/*
 * -icount has the rate of 24 MHz.  An instruction must not outlast a character
 * on a wire: below 1 MHz instructions take no longer.
 */
static void scale_core(Stm32f100RccState *s, uint32_t sysclk_hz)
{
    uint64_t slowest_hz = (uint64_t)CORE_MIN_HZ << ahb_shift(s);

    icount_scale_rate(s->core,
                      (uint64_t)STM32F100_SYSCLK_MAX_HZ << ahb_shift(s),
                      MAX(sysclk_hz, slowest_hz));
}

/*
 * Without SYSCLK, in Stop mode or because HSE has failed, nothing is clocked.
 * SysTick, which cannot be told so, gets a clock that hardly moves.
 */
void stm32f100_rcc_update_clocks(Stm32f100RccState *s)
{
    uint32_t hz = s->stopped ? 0 : sysclk_hz(s);
    uint64_t hclk_period = period_of(hz) << ahb_shift(s);

    for (unsigned n = 0; n < STM32F100_RCC_PERIPHERALS; n++) {
        clock_update(s->peripheral_clock[n],
                     peripheral_clocked(s, n)
                         ? peripheral_period(s, n, hclk_period) : 0);
    }
    clock_update(s->hclk, hclk_period ?: HALTED_PERIOD);
    clock_update(s->systick, hclk_period ? hclk_period * 8 : HALTED_PERIOD);
    clock_update(s->exti, hclk_period);
    clock_update(s->pclk1, hclk_period << apb_shift(s, STM32F100_APB1));
    clock_update(s->pclk2, hclk_period << apb_shift(s, STM32F100_APB2));
    clock_update(s->rtcclk, period_of(rtc_hz(s)));
    if (hz && s->core) {
        scale_core(s, hz);
    }
}

void stm32f100_rcc_set_core(Stm32f100RccState *s, CPUState *core)
{
    s->core = core;
    stm32f100_rcc_update_clocks(s);
}

/* The switch takes place when the chosen source is ready (6.2.6). */
void stm32f100_rcc_update_sysclk(Stm32f100RccState *s)
{
    static const Stm32f100Oscillator source[] = {
        [SYSCLK_HSI] = STM32F100_HSI,
        [SYSCLK_HSE] = STM32F100_HSE,
        [SYSCLK_PLL] = STM32F100_PLL,
    };
    uint32_t sw = FIELD_EX32(s->cfgr, CFGR, SW);

    if (s->oscillator[source[sw]].ready) {
        s->sws = sw;
    }
    stm32f100_rcc_update_clocks(s);
}

void stm32f100_rcc_back_to_hsi(Stm32f100RccState *s)
{
    stm32f100_rcc_oscillator_set(s, STM32F100_PLL, false);
    stm32f100_rcc_oscillator_set(s, STM32F100_HSE, false);
    timer_del(s->oscillator[STM32F100_HSI].timer);
    s->oscillator[STM32F100_HSI].on = true;
    s->oscillator[STM32F100_HSI].ready = true;
    s->cfgr = FIELD_DP32(s->cfgr, CFGR, SW, SYSCLK_HSI);
    s->sws = SYSCLK_HSI;
}

/* ---- oscillators ---- */

/* NMI comes again and again until CSSC (6.2.7). */
void stm32f100_rcc_update_irq(Stm32f100RccState *s)
{
    qemu_set_irq(s->irq, (FIELD_EX32(s->cir, CIR, RDYF) &
                          FIELD_EX32(s->cir, CIR, RDYIE)) != 0);
    qemu_set_irq(s->nmi, FIELD_EX32(s->cir, CIR, CSSF));
}

static void oscillator_ready(void *opaque)
{
    Stm32f100RccOscillator *o = opaque;
    Stm32f100RccState *s = o->rcc;
    uint32_t flag = 1u << (o - s->oscillator);

    o->ready = true;
    if (FIELD_EX32(s->cir, CIR, RDYIE) & flag) {
        s->cir |= flag;
    }
    stm32f100_rcc_update_irq(s);
    stm32f100_rcc_update_sysclk(s);
}

/* Whether what has been switched on will ever be ready. */
static bool oscillator_starts(Stm32f100RccState *s, Stm32f100Oscillator id)
{
    if (id == STM32F100_HSE && !s->hse_hz) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: HSE is switched on, but"
                      " the board has no crystal (hse-hz=0)\n");
        return false;
    }
    if (id == STM32F100_LSE && !s->lse_hz) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: LSE is switched on, but"
                      " the board has no crystal (lse-hz=0)\n");
        return false;
    }
    if (id == STM32F100_HSE && s->hse_fails) {
        return false;
    }
    if (id == STM32F100_PLL) {
        uint32_t in_hz = pll_in_hz(s), out_hz = pll_out_hz(s);
        bool fed = !FIELD_EX32(s->cfgr, CFGR, PLLSRC) ||
                   s->oscillator[STM32F100_HSE].ready;

        if (!fed || in_hz < PLL_IN_MIN_HZ || in_hz > PLL_IN_MAX_HZ ||
            out_hz < PLL_OUT_MIN_HZ || out_hz > s->pll_max_hz) {
            qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: the PLL will not"
                          " lock: %s, %" PRIu32 " Hz in (1..24 MHz), %" PRIu32
                          " Hz out (16..%" PRIu32 " MHz; hse-hz=%" PRIu32
                          ")\n", fed ? "source ready" : "source not ready",
                          in_hz, out_hz, s->pll_max_hz / 1000000, s->hse_hz);
            return false;
        }
    }
    return true;
}

void stm32f100_rcc_oscillator_set(Stm32f100RccState *s, Stm32f100Oscillator id,
                                  bool on)
{
    Stm32f100RccOscillator *o = &s->oscillator[id];

    if (o->on == on) {
        return;
    }
    o->on = on;
    o->ready = false;
    timer_del(o->timer);
    if (on && oscillator_starts(s, id)) {
        int64_t needed_ns = id == STM32F100_HSE
                            ? (int64_t)s->hse_start_us * SCALE_US
                            : startup_ns[id];

        timer_mod(o->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + needed_ns);
    }
}

/* What SYSCLK runs on, directly or through the PLL, cannot be stopped. */
static bool oscillator_needed(const Stm32f100RccState *s,
                              Stm32f100Oscillator id)
{
    bool pll_from_hse = FIELD_EX32(s->cfgr, CFGR, PLLSRC);
    bool pll_used = s->sws == SYSCLK_PLL ||
                    FIELD_EX32(s->cfgr, CFGR, SW) == SYSCLK_PLL;

    switch (id) {
    case STM32F100_HSI:
        return s->sws == SYSCLK_HSI || (pll_used && !pll_from_hse);
    case STM32F100_HSE:
        return s->sws == SYSCLK_HSE ||
               FIELD_EX32(s->cfgr, CFGR, SW) == SYSCLK_HSE ||
               (pll_used && pll_from_hse);
    case STM32F100_PLL:
        return pll_used;
    default:
        return false;
    }
}

void stm32f100_rcc_oscillator_write(Stm32f100RccState *s,
                                    Stm32f100Oscillator id, const char *name,
                                    bool on)
{
    if (!on && s->oscillator[id].on && oscillator_needed(s, id)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: %s cannot be switched"
                      " off: SYSCLK runs on it or is to run on it\n", name);
        return;
    }
    stm32f100_rcc_oscillator_set(s, id, on);
}


/* ---- a crystal that stops (6.2.7) ---- */

static void hse_has_failed(Stm32f100RccState *s)
{
    bool was_ready = s->oscillator[STM32F100_HSE].ready;
    bool feeds_pll = FIELD_EX32(s->cfgr, CFGR, PLLSRC) &&
                     s->oscillator[STM32F100_PLL].on;

    timer_del(s->oscillator[STM32F100_HSE].timer);
    s->oscillator[STM32F100_HSE].ready = false;
    if (feeds_pll) {
        timer_del(s->oscillator[STM32F100_PLL].timer);
        s->oscillator[STM32F100_PLL].ready = false;
    }
    if (was_ready && FIELD_EX32(s->cr, CR, CSSON)) {
        if (s->sws == SYSCLK_HSE || (s->sws == SYSCLK_PLL && feeds_pll)) {
            stm32f100_rcc_back_to_hsi(s);
        } else {
            stm32f100_rcc_oscillator_set(s, STM32F100_HSE, false);
        }
        s->cir |= R_CIR_CSSF_MASK;
        stm32f100_rcc_update_irq(s);
        for (unsigned n = 0; n < STM32F100_BREAK_TIMERS; n++) {
            qemu_irq_pulse(s->clock_failure[n]);
        }
    }
    stm32f100_rcc_update_clocks(s);
    if (!clock_is_enabled(s->exti)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: SYSCLK has stopped"
                      " with HSE, and CSSON is 0\n");
    }
}

void stm32f100_rcc_set_hse_fails(Stm32f100RccState *s, bool fails)
{
    Stm32f100RccOscillator *hse = &s->oscillator[STM32F100_HSE];

    if (s->hse_fails == fails) {
        return;
    }
    s->hse_fails = fails;
    if (fails) {
        hse_has_failed(s);
    } else if (hse->on) { /* it starts again */
        hse->on = false;
        stm32f100_rcc_oscillator_set(s, STM32F100_HSE, true);
    }
}

/* ---- what is there ---- */

void stm32f100_rcc_add(Stm32f100RccState *s, const char *name,
                       DeviceState *dev)
{
    for (unsigned n = 0; n < STM32F100_RCC_PERIPHERALS; n++) {
        if (!strcmp(peripheral_info[n].name, name)) {
            assert(!s->peripheral[n]);
            s->peripheral[n] = dev;
            qdev_connect_clock_in(dev, "clk", s->peripheral_clock[n]);
            return;
        }
    }
    g_assert_not_reached();
}

static Clock *make_clock(Stm32f100RccState *s, const char *name,
                         uint64_t period)
{
    Clock *clock = qdev_init_clock_out(DEVICE(s), name);

    clock_set(clock, period);
    return clock;
}

void stm32f100_rcc_clocks_init(Stm32f100RccState *s)
{
    uint64_t hsi_period = wire_clock_period(HSI_HZ);

    s->hclk = make_clock(s, "hclk", hsi_period);
    s->systick = make_clock(s, "systick", hsi_period * 8);
    s->exti = make_clock(s, "exti", hsi_period);
    s->pclk1 = make_clock(s, "pclk1", hsi_period);
    s->pclk2 = make_clock(s, "pclk2", hsi_period);
    s->rtcclk = make_clock(s, "rtcclk", 0);
    for (unsigned n = 0; n < STM32F100_RCC_PERIPHERALS; n++) {
        s->peripheral_clock[n] = make_clock(s, peripheral_info[n].name, 0);
    }
    for (unsigned n = 0; n < STM32F100_OSCILLATORS; n++) {
        s->oscillator[n].rcc = s;
        s->oscillator[n].timer = timer_new_ns(QEMU_CLOCK_VIRTUAL,
                                              oscillator_ready,
                                              &s->oscillator[n]);
    }
}
