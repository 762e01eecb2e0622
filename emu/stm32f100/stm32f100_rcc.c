/*
 * Reset and clock control of the STM32F100 (RM0041 chapter 6; times and limits
 * from the STM32F100x4/6/8/B datasheet, 5.3.6 to 5.3.8).
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
#include "system/runstate.h"
#include "../wire/wire.h"
#include "stm32f100_bus.h"
#include "stm32f100_rcc.h"

REG32(CR, 0x00)
    FIELD(CR, HSION, 0, 1)
    FIELD(CR, HSIRDY, 1, 1)
    FIELD(CR, HSITRIM, 3, 5)
    FIELD(CR, HSICAL, 8, 8)
    FIELD(CR, HSEON, 16, 1)
    FIELD(CR, HSERDY, 17, 1)
    FIELD(CR, HSEBYP, 18, 1)
    FIELD(CR, CSSON, 19, 1)
    FIELD(CR, PLLON, 24, 1)
    FIELD(CR, PLLRDY, 25, 1)
REG32(CFGR, 0x04)
    FIELD(CFGR, SW, 0, 2)
    FIELD(CFGR, SWS, 2, 2)
    FIELD(CFGR, HPRE, 4, 4)
    FIELD(CFGR, PPRE1, 8, 3)
    FIELD(CFGR, PPRE2, 11, 3)
    FIELD(CFGR, ADCPRE, 14, 2)
    FIELD(CFGR, PLLSRC, 16, 1)
    FIELD(CFGR, PLLXTPRE, 17, 1)
    FIELD(CFGR, PLLMUL, 18, 4)
    FIELD(CFGR, MCO, 24, 3)
REG32(CIR, 0x08)
    FIELD(CIR, RDYF, 0, 5)
    FIELD(CIR, CSSF, 7, 1)
    FIELD(CIR, RDYIE, 8, 5)
    FIELD(CIR, RDYC, 16, 5)
    FIELD(CIR, CSSC, 23, 1)
REG32(APB2RSTR, 0x0c)
REG32(APB1RSTR, 0x10)
REG32(AHBENR, 0x14)
    FIELD(AHBENR, SRAMEN, 2, 1)
    FIELD(AHBENR, FLITFEN, 4, 1)
REG32(APB2ENR, 0x18)
REG32(APB1ENR, 0x1c)
REG32(BDCR, 0x20)
    FIELD(BDCR, LSEON, 0, 1)
    FIELD(BDCR, LSERDY, 1, 1)
    FIELD(BDCR, LSEBYP, 2, 1)
    FIELD(BDCR, RTCSEL, 8, 2)
    FIELD(BDCR, RTCEN, 15, 1)
    FIELD(BDCR, BDRST, 16, 1)
REG32(CSR, 0x24)
    FIELD(CSR, LSION, 0, 1)
    FIELD(CSR, LSIRDY, 1, 1)
    FIELD(CSR, RMVF, 24, 1)
    FIELD(CSR, PINRSTF, 26, 1)
    FIELD(CSR, PORRSTF, 27, 1)
    FIELD(CSR, FLAGS, 26, 6)
REG32(CFGR2, 0x2c)
    FIELD(CFGR2, PREDIV1, 0, 4)

#define HSI_HZ 8000000
#define HSE_MIN_HZ 4000000
#define PLL_IN_MIN_HZ 1000000
#define PLL_IN_MAX_HZ 24000000
#define PLL_OUT_MIN_HZ 16000000
#define SYSCLK_MAX_HZ 24000000

/* HSICAL is set in the factory; this is the middle of its range. */
#define HSICAL_VALUE 0x80
#define CR_RW_MASK                                                             \
    (R_CR_HSITRIM_MASK | R_CR_HSEBYP_MASK | R_CR_CSSON_MASK)
#define CFGR_PLL_MASK                                                          \
    (R_CFGR_PLLSRC_MASK | R_CFGR_PLLXTPRE_MASK | R_CFGR_PLLMUL_MASK)
#define CFGR_RW_MASK                                                           \
    (R_CFGR_SW_MASK | R_CFGR_HPRE_MASK | R_CFGR_PPRE1_MASK |                   \
     R_CFGR_PPRE2_MASK | R_CFGR_ADCPRE_MASK | CFGR_PLL_MASK | R_CFGR_MCO_MASK)
#define BDCR_RW_MASK                                                           \
    (R_BDCR_LSEBYP_MASK | R_BDCR_RTCSEL_MASK | R_BDCR_RTCEN_MASK |             \
     R_BDCR_BDRST_MASK)

enum { SYSCLK_HSI, SYSCLK_HSE, SYSCLK_PLL };
typedef enum Bus { APB1, APB2, AHB, BUSES } Bus;

/*
 * From ON to RDY, in ns: the datasheet's typical value, or the maximum where
 * it gives no other.
 */
static const int64_t startup_ns[STM32F100_OSCILLATORS] = {
    [STM32F100_LSI] = 85 * SCALE_US,
    [STM32F100_LSE] = 3000LL * SCALE_MS,
    [STM32F100_HSI] = 2 * SCALE_US,
    [STM32F100_HSE] = 2 * SCALE_MS,
    [STM32F100_PLL] = 200 * SCALE_US,
};

typedef enum ClockKind { BUS_CLOCK, TIMER_CLOCK, ADC_CLOCK } ClockKind;

/* Low- and medium-density value line only: 6.3.4 to 6.3.8 */
static const struct {
    const char *name;
    Bus bus;
    uint8_t bit;
    ClockKind kind;
} peripheral_info[] = {
    { "dma1", AHB, 0 },
    { "crc", AHB, 6 },
    { "afio", APB2, 0 },
    { "gpioa", APB2, 2 },
    { "gpiob", APB2, 3 },
    { "gpioc", APB2, 4 },
    { "gpiod", APB2, 5 },
    { "gpioe", APB2, 6 },
    { "adc1", APB2, 9, ADC_CLOCK },
    { "tim1", APB2, 11, TIMER_CLOCK },
    { "spi1", APB2, 12 },
    { "usart1", APB2, 14 },
    { "tim15", APB2, 16, TIMER_CLOCK },
    { "tim16", APB2, 17, TIMER_CLOCK },
    { "tim17", APB2, 18, TIMER_CLOCK },
    { "tim2", APB1, 0, TIMER_CLOCK },
    { "tim3", APB1, 1, TIMER_CLOCK },
    { "tim4", APB1, 2, TIMER_CLOCK },
    { "tim6", APB1, 4, TIMER_CLOCK },
    { "tim7", APB1, 5, TIMER_CLOCK },
    { "wwdg", APB1, 11 },
    { "spi2", APB1, 14 },
    { "usart2", APB1, 17 },
    { "usart3", APB1, 18 },
    { "i2c1", APB1, 21 },
    { "i2c2", APB1, 22 },
    { "bkp", APB1, 27 },
    { "pwr", APB1, 28 },
    { "dac", APB1, 29 },
    { "cec", APB1, 30 },
};
QEMU_BUILD_BUG_ON(ARRAY_SIZE(peripheral_info) != STM32F100_RCC_PERIPHERALS);

/* Bits of AHBENR that clock the memories in Sleep mode. */
#define AHBENR_MEMORIES (R_AHBENR_SRAMEN_MASK | R_AHBENR_FLITFEN_MASK)

static uint32_t bus_mask(Bus bus)
{
    uint32_t mask = bus == AHB ? AHBENR_MEMORIES : 0;

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
    switch (s->sws) {
    case SYSCLK_HSE:
        return s->hse_hz;
    case SYSCLK_PLL:
        return pll_out_hz(s);
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
static unsigned apb_shift(const Stm32f100RccState *s, Bus bus)
{
    unsigned ppre;

    if (bus == AHB) {
        return 0;
    }
    ppre = bus == APB1 ? FIELD_EX32(s->cfgr, CFGR, PPRE1)
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
    Bus bus = peripheral_info[n].bus;
    uint32_t bit = 1u << peripheral_info[n].bit;

    return (s->enr[bus] & bit) && (bus == AHB || !(s->rstr[bus] & bit));
}

static void update_clocks(Stm32f100RccState *s)
{
    uint64_t hclk_period = wire_clock_period(sysclk_hz(s)) << ahb_shift(s);

    for (unsigned n = 0; n < STM32F100_RCC_PERIPHERALS; n++) {
        clock_update(s->peripheral_clock[n],
                     peripheral_clocked(s, n)
                         ? peripheral_period(s, n, hclk_period) : 0);
    }
    clock_update(s->hclk, hclk_period);
    clock_update(s->systick, hclk_period * 8);
    clock_update(s->pclk2, hclk_period << apb_shift(s, APB2));
}

/* The switch takes place when the chosen source is ready (6.2.6). */
static void update_sysclk(Stm32f100RccState *s)
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
    update_clocks(s);
}

/* ---- oscillators ---- */

static void update_irq(Stm32f100RccState *s)
{
    qemu_set_irq(s->irq, (FIELD_EX32(s->cir, CIR, RDYF) &
                          FIELD_EX32(s->cir, CIR, RDYIE)) != 0);
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
    update_irq(s);
    update_sysclk(s);
}

/* Whether what has been switched on will ever be ready. */
static bool oscillator_starts(Stm32f100RccState *s, Stm32f100Oscillator id)
{
    if (id == STM32F100_HSE && !s->hse_hz) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: HSE is switched on, but"
                      " the board has no crystal (hse-hz=0)\n");
        return false;
    }
    if (id == STM32F100_PLL) {
        uint32_t in_hz = pll_in_hz(s), out_hz = pll_out_hz(s);
        bool fed = !FIELD_EX32(s->cfgr, CFGR, PLLSRC) ||
                   s->oscillator[STM32F100_HSE].ready;

        if (!fed || in_hz < PLL_IN_MIN_HZ || in_hz > PLL_IN_MAX_HZ ||
            out_hz < PLL_OUT_MIN_HZ || out_hz > SYSCLK_MAX_HZ) {
            qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: the PLL will not"
                          " lock: %s, %" PRIu32 " Hz in (1..24 MHz), %" PRIu32
                          " Hz out (16..24 MHz)\n",
                          fed ? "source ready" : "source not ready", in_hz,
                          out_hz);
            return false;
        }
    }
    return true;
}

static void oscillator_set(Stm32f100RccState *s, Stm32f100Oscillator id,
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
        timer_mod(o->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                  startup_ns[id]);
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

static void oscillator_write(Stm32f100RccState *s, Stm32f100Oscillator id,
                             const char *name, bool on)
{
    if (!on && s->oscillator[id].on && oscillator_needed(s, id)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: %s cannot be switched"
                      " off: SYSCLK runs on it or is to run on it\n", name);
        return;
    }
    oscillator_set(s, id, on);
}

/* ---- registers ---- */

static uint32_t cr_read(const Stm32f100RccState *s)
{
    const Stm32f100RccOscillator *o = s->oscillator;
    uint32_t cr = s->cr | HSICAL_VALUE << R_CR_HSICAL_SHIFT;

    cr = FIELD_DP32(cr, CR, HSION, o[STM32F100_HSI].on);
    cr = FIELD_DP32(cr, CR, HSIRDY, o[STM32F100_HSI].ready);
    cr = FIELD_DP32(cr, CR, HSEON, o[STM32F100_HSE].on);
    cr = FIELD_DP32(cr, CR, HSERDY, o[STM32F100_HSE].ready);
    cr = FIELD_DP32(cr, CR, PLLON, o[STM32F100_PLL].on);
    return FIELD_DP32(cr, CR, PLLRDY, o[STM32F100_PLL].ready);
}

static void cr_write(Stm32f100RccState *s, uint32_t value)
{
    if ((value ^ s->cr) & R_CR_HSEBYP_MASK && s->oscillator[STM32F100_HSE].on) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "stm32f100-rcc: HSEBYP written while HSE is on\n");
        value ^= R_CR_HSEBYP_MASK;
    }
    s->cr = value & CR_RW_MASK;
    oscillator_write(s, STM32F100_HSI, "HSI", FIELD_EX32(value, CR, HSION));
    oscillator_write(s, STM32F100_HSE, "HSE", FIELD_EX32(value, CR, HSEON));
    oscillator_write(s, STM32F100_PLL, "PLL", FIELD_EX32(value, CR, PLLON));
    update_sysclk(s);
}

static void cfgr_write(Stm32f100RccState *s, uint32_t value)
{
    value &= CFGR_RW_MASK;
    if (s->oscillator[STM32F100_PLL].on && (value ^ s->cfgr) & CFGR_PLL_MASK) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: PLLSRC, PLLXTPRE and"
                      " PLLMUL cannot be written while the PLL is on\n");
        value = (value & ~CFGR_PLL_MASK) | (s->cfgr & CFGR_PLL_MASK);
    }
    if (FIELD_EX32(value, CFGR, SW) > SYSCLK_PLL) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: SW=3 is not allowed\n");
        value = FIELD_DP32(value, CFGR, SW, FIELD_EX32(s->cfgr, CFGR, SW));
    }
    if (FIELD_EX32(value, CFGR, MCO)) {
        qemu_log_mask(LOG_UNIMP, "stm32f100-rcc: MCO drives no pin\n");
    }
    s->cfgr = value;
    /* PLLXTPRE is bit 0 of PREDIV1 (6.3.2) */
    s->cfgr2 = deposit32(s->cfgr2, 0, 1, FIELD_EX32(value, CFGR, PLLXTPRE));
    update_sysclk(s);
}

static void cfgr2_write(Stm32f100RccState *s, uint32_t value)
{
    if (s->oscillator[STM32F100_PLL].on) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: PREDIV1 cannot be"
                      " written while the PLL is on\n");
        return;
    }
    s->cfgr2 = value & R_CFGR2_PREDIV1_MASK;
    s->cfgr = FIELD_DP32(s->cfgr, CFGR, PLLXTPRE, value & 1);
}

static void cir_write(Stm32f100RccState *s, uint32_t value)
{
    uint32_t flags = FIELD_EX32(s->cir, CIR, RDYF) &
                     ~FIELD_EX32(value, CIR, RDYC);

    s->cir = (value & R_CIR_RDYIE_MASK) | flags;
    update_irq(s);
}

static void rstr_write(Stm32f100RccState *s, Bus bus, uint32_t value)
{
    uint32_t set = value & ~s->rstr[bus];

    for (unsigned n = 0; n < STM32F100_RCC_PERIPHERALS; n++) {
        if (peripheral_info[n].bus == bus && s->peripheral[n] &&
            set & (1u << peripheral_info[n].bit)) {
            device_cold_reset(s->peripheral[n]);
        }
    }
    s->rstr[bus] = value & bus_mask(bus);
    update_clocks(s);
}

static void enr_write(Stm32f100RccState *s, Bus bus, uint32_t value)
{
    if (value & ~bus_mask(bus)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: enable bits 0x%08"
                      PRIx32 " of bus %u belong to no peripheral of this"
                      " part\n", value & ~bus_mask(bus), bus);
    }
    s->enr[bus] = value & bus_mask(bus);
    update_clocks(s);
}

static void reset_backup_domain(Stm32f100RccState *s)
{
    s->bdcr = 0;
    oscillator_set(s, STM32F100_LSE, false);
}

static void bdcr_write(Stm32f100RccState *s, uint32_t value)
{
    if (!s->backup_writable) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: BDCR is write-protected"
                      " until PWR_CR.DBP is set\n");
        return;
    }
    if (value & R_BDCR_BDRST_MASK) {
        reset_backup_domain(s);
        s->bdcr = R_BDCR_BDRST_MASK;
        return;
    }
    s->bdcr = value & BDCR_RW_MASK;
    oscillator_set(s, STM32F100_LSE, value & R_BDCR_LSEON_MASK);
}

static void csr_write(Stm32f100RccState *s, uint32_t value)
{
    if (value & R_CSR_RMVF_MASK) {
        s->csr = 0;
    }
    oscillator_set(s, STM32F100_LSI,
                   (value & R_CSR_LSION_MASK) || s->lsi_forced);
}

static uint32_t rcc_read_word(Stm32f100RccState *s, hwaddr addr)
{
    const Stm32f100RccOscillator *lse = &s->oscillator[STM32F100_LSE];
    const Stm32f100RccOscillator *lsi = &s->oscillator[STM32F100_LSI];

    switch (addr) {
    case A_CR:
        return cr_read(s);
    case A_CFGR:
        return FIELD_DP32(s->cfgr, CFGR, SWS, s->sws);
    case A_CIR:
        return s->cir;
    case A_APB2RSTR:
        return s->rstr[APB2];
    case A_APB1RSTR:
        return s->rstr[APB1];
    case A_AHBENR:
        return s->enr[AHB];
    case A_APB2ENR:
        return s->enr[APB2];
    case A_APB1ENR:
        return s->enr[APB1];
    case A_BDCR:
        return s->bdcr | lse->on << R_BDCR_LSEON_SHIFT |
               lse->ready << R_BDCR_LSERDY_SHIFT;
    case A_CSR:
        return s->csr | lsi->on << R_CSR_LSION_SHIFT |
               lsi->ready << R_CSR_LSIRDY_SHIFT;
    case A_CFGR2:
        return s->cfgr2;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

static uint64_t rcc_read(void *opaque, hwaddr addr, unsigned size)
{
    return stm32f100_bus_read(rcc_read_word(opaque, addr & ~3), addr, size);
}

static void rcc_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100RccState *s = opaque;
    uint32_t value = size == 4 ? data :
        stm32f100_ahb_write(rcc_read_word(s, addr & ~3), addr, data, size);

    switch (addr & ~3) {
    case A_CR:
        cr_write(s, value);
        break;
    case A_CFGR:
        cfgr_write(s, value);
        break;
    case A_CIR:
        cir_write(s, value);
        break;
    case A_APB2RSTR:
        rstr_write(s, APB2, value);
        break;
    case A_APB1RSTR:
        rstr_write(s, APB1, value);
        break;
    case A_AHBENR:
        enr_write(s, AHB, value);
        break;
    case A_APB2ENR:
        enr_write(s, APB2, value);
        break;
    case A_APB1ENR:
        enr_write(s, APB1, value);
        break;
    case A_BDCR:
        bdcr_write(s, value);
        break;
    case A_CSR:
        csr_write(s, value);
        break;
    case A_CFGR2:
        cfgr2_write(s, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: write of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        break;
    }
}

static const MemoryRegionOps rcc_ops = STM32F100_BUS_OPS(rcc_read, rcc_write);

/* ---- what other devices call ---- */

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

void stm32f100_rcc_reset_system(Stm32f100RccState *s, Stm32f100ResetCause cause)
{
    s->pending_cause |= cause;
    qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
}

void stm32f100_rcc_force_lsi(Stm32f100RccState *s)
{
    s->lsi_forced = true;
    oscillator_set(s, STM32F100_LSI, true);
}

static void sysresetreq(void *opaque, int n, int level)
{
    if (level) {
        stm32f100_rcc_reset_system(opaque, STM32F100_RESET_SOFTWARE);
    }
}

static void set_dbp(void *opaque, int n, int level)
{
    Stm32f100RccState *s = opaque;

    s->backup_writable = level;
}

/* ---- life cycle ---- */

/*
 * The first reset is the power-on reset.  Later ones add to the flags, which
 * stay until RMVF or power-off, and pull NRST whatever their cause (6.1.1).
 */
static void reset_flags(Stm32f100RccState *s)
{
    if (!s->powered) {
        s->powered = true;
        s->csr = R_CSR_PORRSTF_MASK | R_CSR_PINRSTF_MASK;
        reset_backup_domain(s);
    } else {
        s->csr |= R_CSR_PINRSTF_MASK | s->pending_cause;
    }
    s->pending_cause = 0;
}

static void rcc_reset_hold(Object *obj, ResetType type)
{
    Stm32f100RccState *s = STM32F100_RCC(obj);

    reset_flags(s);
    s->lsi_forced = false;
    for (unsigned n = 0; n < STM32F100_OSCILLATORS; n++) {
        if (n != STM32F100_LSE) {
            oscillator_set(s, n, false);
        }
    }
    /* the core starts when HSI is ready */
    s->oscillator[STM32F100_HSI].on = true;
    s->oscillator[STM32F100_HSI].ready = true;
    s->cr = 0x10 << R_CR_HSITRIM_SHIFT;
    s->cfgr = 0;
    s->sws = SYSCLK_HSI;
    s->cir = 0;
    memset(s->rstr, 0, sizeof(s->rstr));
    s->enr[APB1] = 0;
    s->enr[APB2] = 0;
    s->enr[AHB] = AHBENR_MEMORIES;
    s->cfgr2 = 0;
}

/* After the hold phase, so that no device sees a clock before its reset. */
static void rcc_reset_exit(Object *obj, ResetType type)
{
    Stm32f100RccState *s = STM32F100_RCC(obj);

    update_irq(s);
    update_clocks(s);
}

static void rcc_init(Object *obj)
{
    Stm32f100RccState *s = STM32F100_RCC(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &rcc_ops, s, TYPE_STM32F100_RCC,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_in_named(dev, sysresetreq, "sysresetreq", 1);
    qdev_init_gpio_in_named(dev, set_dbp, "dbp", 1);
    s->hclk = qdev_init_clock_out(dev, "hclk");
    s->systick = qdev_init_clock_out(dev, "systick");
    s->pclk2 = qdev_init_clock_out(dev, "pclk2");
    clock_set(s->hclk, wire_clock_period(HSI_HZ));
    clock_set(s->systick, wire_clock_period(HSI_HZ) * 8);
    clock_set(s->pclk2, wire_clock_period(HSI_HZ));
    for (unsigned n = 0; n < STM32F100_RCC_PERIPHERALS; n++) {
        s->peripheral_clock[n] = qdev_init_clock_out(dev,
                                                     peripheral_info[n].name);
    }
    for (unsigned n = 0; n < STM32F100_OSCILLATORS; n++) {
        s->oscillator[n].rcc = s;
        s->oscillator[n].timer = timer_new_ns(QEMU_CLOCK_VIRTUAL,
                                              oscillator_ready,
                                              &s->oscillator[n]);
    }
}

static void rcc_realize(DeviceState *dev, Error **errp)
{
    Stm32f100RccState *s = STM32F100_RCC(dev);

    if (s->hse_hz && (s->hse_hz < HSE_MIN_HZ || s->hse_hz > SYSCLK_MAX_HZ)) {
        error_setg(errp, "stm32f100-rcc: hse-hz=%" PRIu32 " is not 0 (no"
                   " crystal) or %d..%d", s->hse_hz, HSE_MIN_HZ,
                   SYSCLK_MAX_HZ);
    }
}

static const VMStateDescription vmstate_oscillator = {
    .name = "stm32f100-rcc-oscillator",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(timer, Stm32f100RccOscillator),
        VMSTATE_BOOL(on, Stm32f100RccOscillator),
        VMSTATE_BOOL(ready, Stm32f100RccOscillator),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_rcc = {
    .name = TYPE_STM32F100_RCC,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(hclk, Stm32f100RccState),
        VMSTATE_CLOCK(systick, Stm32f100RccState),
        VMSTATE_CLOCK(pclk2, Stm32f100RccState),
        VMSTATE_ARRAY_CLOCK(peripheral_clock, Stm32f100RccState,
                            STM32F100_RCC_PERIPHERALS),
        VMSTATE_STRUCT_ARRAY(oscillator, Stm32f100RccState,
                             STM32F100_OSCILLATORS, 1, vmstate_oscillator,
                             Stm32f100RccOscillator),
        VMSTATE_UINT32(cr, Stm32f100RccState),
        VMSTATE_UINT32(cfgr, Stm32f100RccState),
        VMSTATE_UINT32(sws, Stm32f100RccState),
        VMSTATE_UINT32(cir, Stm32f100RccState),
        VMSTATE_UINT32_ARRAY(rstr, Stm32f100RccState, 2),
        VMSTATE_UINT32_ARRAY(enr, Stm32f100RccState, 3),
        VMSTATE_UINT32(bdcr, Stm32f100RccState),
        VMSTATE_UINT32(csr, Stm32f100RccState),
        VMSTATE_UINT32(cfgr2, Stm32f100RccState),
        VMSTATE_UINT32(pending_cause, Stm32f100RccState),
        VMSTATE_BOOL(powered, Stm32f100RccState),
        VMSTATE_BOOL(backup_writable, Stm32f100RccState),
        VMSTATE_BOOL(lsi_forced, Stm32f100RccState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property rcc_properties[] = {
    DEFINE_PROP_UINT32("hse-hz", Stm32f100RccState, hse_hz, 24000000),
};

static void rcc_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = rcc_realize;
    dc->vmsd = &vmstate_rcc;
    rc->phases.hold = rcc_reset_hold;
    rc->phases.exit = rcc_reset_exit;
    device_class_set_props(dc, rcc_properties);
}

static const TypeInfo rcc_types[] = {
    {
        .name = TYPE_STM32F100_RCC,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100RccState),
        .instance_init = rcc_init,
        .class_init = rcc_class_init,
    },
};
DEFINE_TYPES(rcc_types)
