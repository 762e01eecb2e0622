/*
 * Reset and clock control of the STM32F100 (RM0041 chapter 6): registers, and
 * the causes of resets.  Clocks: stm32f100_rcc_clocks.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "system/runstate.h"
#include "stm32f100_bus.h"
#include "stm32f100_rcc_internal.h"

/* HSICAL is set in the factory; this is the middle of its range. */
#define HSICAL_VALUE 0x80
#define CR_RW_MASK                                                             \
    (R_CR_HSITRIM_MASK | R_CR_HSEBYP_MASK | R_CR_CSSON_MASK)
#define CFGR_PLL_MASK                                                          \
    (R_CFGR_PLLSRC_MASK | R_CFGR_PLLXTPRE_MASK | R_CFGR_PLLMUL_MASK)
#define CFGR_RW_MASK                                                           \
    (R_CFGR_SW_MASK | R_CFGR_HPRE_MASK | R_CFGR_PPRE1_MASK |                   \
     R_CFGR_PPRE2_MASK | R_CFGR_ADCPRE_MASK | CFGR_PLL_MASK | R_CFGR_MCO_MASK)
#define SW_RESERVED 3
#define BDCR_RW_MASK                                                           \
    (R_BDCR_LSEBYP_MASK | R_BDCR_RTCSEL_MASK | R_BDCR_RTCEN_MASK |             \
     R_BDCR_BDRST_MASK)

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
    stm32f100_rcc_oscillator_write(s, STM32F100_HSI, "HSI",
                                   FIELD_EX32(value, CR, HSION));
    stm32f100_rcc_oscillator_write(s, STM32F100_HSE, "HSE",
                                   FIELD_EX32(value, CR, HSEON));
    stm32f100_rcc_oscillator_write(s, STM32F100_PLL, "PLL",
                                   FIELD_EX32(value, CR, PLLON));
    stm32f100_rcc_update_sysclk(s);
}

static void cfgr_write(Stm32f100RccState *s, uint32_t value)
{
    value &= CFGR_RW_MASK;
    if (s->oscillator[STM32F100_PLL].on && (value ^ s->cfgr) & CFGR_PLL_MASK) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: PLLSRC, PLLXTPRE and"
                      " PLLMUL cannot be written while the PLL is on\n");
        value = (value & ~CFGR_PLL_MASK) | (s->cfgr & CFGR_PLL_MASK);
    }
    if (FIELD_EX32(value, CFGR, SW) == SW_RESERVED) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: SW=3 is not allowed\n");
        value = FIELD_DP32(value, CFGR, SW, FIELD_EX32(s->cfgr, CFGR, SW));
    }
    if (FIELD_EX32(value & ~s->cfgr, CFGR, MCO)) {
        qemu_log_mask(LOG_UNIMP, "stm32f100-rcc: MCO drives no pin, property"
                      " mco-hz tells its frequency\n");
    }
    s->cfgr = value;
    /* PLLXTPRE is bit 0 of PREDIV1 (6.3.2) */
    s->cfgr2 = deposit32(s->cfgr2, 0, 1, FIELD_EX32(value, CFGR, PLLXTPRE));
    stm32f100_rcc_update_sysclk(s);
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

    if (!FIELD_EX32(value, CIR, CSSC)) {
        flags |= s->cir & R_CIR_CSSF_MASK;
    }
    s->cir = (value & R_CIR_RDYIE_MASK) | flags;
    stm32f100_rcc_update_irq(s);
}

static void rstr_write(Stm32f100RccState *s, Stm32f100Bus bus, uint32_t value)
{
    uint32_t set = value & ~s->rstr[bus];

    for (unsigned n = 0; n < STM32F100_RCC_PERIPHERALS; n++) {
        if (stm32f100_rcc_bus(n) == bus && s->peripheral[n] &&
            set & stm32f100_rcc_bit(n)) {
            device_cold_reset(s->peripheral[n]);
        }
    }
    s->rstr[bus] = value & stm32f100_rcc_bus_mask(bus);
    stm32f100_rcc_update_clocks(s);
}

static void enr_write(Stm32f100RccState *s, Stm32f100Bus bus, uint32_t value)
{
    if (value & ~stm32f100_rcc_bus_mask(bus)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: enable bits 0x%08"
                      PRIx32 " of bus %u belong to no peripheral of this"
                      " part\n", value & ~stm32f100_rcc_bus_mask(bus), bus);
    }
    s->enr[bus] = value & stm32f100_rcc_bus_mask(bus);
    stm32f100_rcc_update_clocks(s);
}

/* BDRST, or no supply: BKP and RTC hear of it by their input (6.1.3). */
static void reset_backup_domain(Stm32f100RccState *s)
{
    s->bdcr = 0;
    stm32f100_rcc_oscillator_set(s, STM32F100_LSE, false);
}

static void hold_backup_domain(Stm32f100RccState *s, bool held)
{
    for (unsigned n = 0; n < STM32F100_BACKUP_DEVICES; n++) {
        qemu_set_irq(s->backup_reset[n], held);
    }
}

/* RTCSEL stays until BDRST, LSEBYP while LSE is on (6.3.9). */
static uint32_t bdcr_allowed(Stm32f100RccState *s, uint32_t value)
{
    uint32_t keep = 0;

    if (FIELD_EX32(s->bdcr, BDCR, RTCSEL)) {
        keep |= R_BDCR_RTCSEL_MASK;
    }
    if (s->oscillator[STM32F100_LSE].on) {
        keep |= R_BDCR_LSEBYP_MASK;
    }
    if ((value ^ s->bdcr) & keep) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: RTCSEL can be changed"
                      " after BDRST only, LSEBYP while LSE is off\n");
    }
    return (value & ~keep) | (s->bdcr & keep);
}

static void bdcr_write(Stm32f100RccState *s, uint32_t value)
{
    bool reset = value & R_BDCR_BDRST_MASK;

    if (!s->backup_writable) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rcc: BDCR is write-protected"
                      " until PWR_CR.DBP is set\n");
        return;
    }
    if (reset) {
        reset_backup_domain(s);
        s->bdcr = R_BDCR_BDRST_MASK;
    } else {
        s->bdcr = bdcr_allowed(s, value) & BDCR_RW_MASK;
        stm32f100_rcc_oscillator_set(s, STM32F100_LSE,
                                     value & R_BDCR_LSEON_MASK);
    }
    stm32f100_rcc_update_clocks(s);
    hold_backup_domain(s, reset);
}

static void csr_write(Stm32f100RccState *s, uint32_t value)
{
    if (value & R_CSR_RMVF_MASK) {
        s->csr = 0;
    }
    stm32f100_rcc_oscillator_set(s, STM32F100_LSI,
                   (value & R_CSR_LSION_MASK) || s->lsi_forced);
    stm32f100_rcc_update_clocks(s);
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
        return s->rstr[STM32F100_APB2];
    case A_APB1RSTR:
        return s->rstr[STM32F100_APB1];
    case A_AHBENR:
        return s->enr[STM32F100_AHB];
    case A_APB2ENR:
        return s->enr[STM32F100_APB2];
    case A_APB1ENR:
        return s->enr[STM32F100_APB1];
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
        rstr_write(s, STM32F100_APB2, value);
        break;
    case A_APB1RSTR:
        rstr_write(s, STM32F100_APB1, value);
        break;
    case A_AHBENR:
        enr_write(s, STM32F100_AHB, value);
        break;
    case A_APB2ENR:
        enr_write(s, STM32F100_APB2, value);
        break;
    case A_APB1ENR:
        enr_write(s, STM32F100_APB1, value);
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

void stm32f100_rcc_reset_system(Stm32f100RccState *s, Stm32f100ResetCause cause)
{
    s->pending_cause |= cause;
    qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
}

void stm32f100_rcc_force_lsi(Stm32f100RccState *s)
{
    s->lsi_forced = true;
    stm32f100_rcc_oscillator_set(s, STM32F100_LSI, true);
    stm32f100_rcc_update_clocks(s);
}

void stm32f100_rcc_stop(Stm32f100RccState *s, bool stop, bool keep_clocks)
{
    stm32f100_rcc_back_to_hsi(s);
    s->stopped = stop && !keep_clocks;
    stm32f100_rcc_update_clocks(s);
}

void stm32f100_rcc_enter_standby(Stm32f100RccState *s)
{
    s->entering_standby = true;
    qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
}

bool stm32f100_rcc_entering_standby(const Stm32f100RccState *s)
{
    return s->entering_standby;
}

bool stm32f100_rcc_has_power(const Stm32f100RccState *s)
{
    return !s->off;
}

void stm32f100_rcc_power_down(Stm32f100RccState *s, bool vbat)
{
    s->off = true;
    s->powered = false;
    s->backup_lost |= !vbat;
    qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
}

void stm32f100_rcc_power_up(Stm32f100RccState *s)
{
    s->off = false;
    qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
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
 * The first reset, the return of VDD and the end of Standby are power resets.
 * Others add to the flags, which stay until RMVF or power-off, and pull NRST
 * whatever their cause (6.1.1).
 */
static void reset_flags(Stm32f100RccState *s)
{
    if (s->off || s->entering_standby) {
        s->power_reset = false;
    } else if (!s->powered || s->standby) {
        s->power_reset = true;
        s->csr = R_CSR_PORRSTF_MASK | R_CSR_PINRSTF_MASK | s->pending_cause;
        s->powered = true;
    } else {
        s->power_reset = false;
        s->csr |= R_CSR_PINRSTF_MASK | s->pending_cause;
    }
    s->standby = s->entering_standby;
    s->pending_cause = 0;
    if (s->backup_lost) {
        reset_backup_domain(s);
    }
}

/* LSI goes on in Standby; the core starts when HSI is ready. */
static void rcc_reset_hold(Object *obj, ResetType type)
{
    Stm32f100RccState *s = STM32F100_RCC(obj);

    reset_flags(s);
    if (!s->entering_standby) {
        s->lsi_forced = false;
        stm32f100_rcc_oscillator_set(s, STM32F100_LSI, false);
    }
    stm32f100_rcc_back_to_hsi(s);
    s->stopped = s->standby || s->off;
    s->cr = 0x10 << R_CR_HSITRIM_SHIFT;
    s->cfgr = 0;
    s->cir = 0;
    memset(s->rstr, 0, sizeof(s->rstr));
    s->enr[STM32F100_APB1] = 0;
    s->enr[STM32F100_APB2] = 0;
    s->enr[STM32F100_AHB] = STM32F100_AHBENR_MEMORIES;
    s->cfgr2 = 0;
}

/* After the hold phase, so that no device sees a clock before its reset. */
static void rcc_reset_exit(Object *obj, ResetType type)
{
    Stm32f100RccState *s = STM32F100_RCC(obj);

    s->entering_standby = false;
    stm32f100_rcc_update_irq(s);
    stm32f100_rcc_update_clocks(s);
    if (s->backup_lost) {
        hold_backup_domain(s, true);
        hold_backup_domain(s, false);
        s->backup_lost = false;
    }
    if (s->power_reset) {
        qemu_irq_pulse(s->power_on_reset);
    }
}

static bool get_hse_fails(Object *obj, Error **errp)
{
    return STM32F100_RCC(obj)->hse_fails;
}

static void set_hse_fails(Object *obj, bool fails, Error **errp)
{
    stm32f100_rcc_set_hse_fails(STM32F100_RCC(obj), fails);
}

static void get_mco_hz(Object *obj, Visitor *v, const char *name, void *opaque,
                       Error **errp)
{
    uint32_t hz = stm32f100_rcc_mco_hz(STM32F100_RCC(obj));

    visit_type_uint32(v, name, &hz, errp);
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
    qdev_init_gpio_out_named(dev, &s->nmi, "nmi", 1);
    qdev_init_gpio_out_named(dev, s->clock_failure, "clock-failure",
                             STM32F100_BREAK_TIMERS);
    qdev_init_gpio_out_named(dev, s->backup_reset, "backup-reset",
                             STM32F100_BACKUP_DEVICES);
    qdev_init_gpio_out_named(dev, &s->power_on_reset, "power-on-reset", 1);
    s->backup_lost = true;
    stm32f100_rcc_clocks_init(s);
}

static void rcc_realize(DeviceState *dev, Error **errp)
{
    Stm32f100RccState *s = STM32F100_RCC(dev);

    if (s->hse_hz && (s->hse_hz < STM32F100_HSE_MIN_HZ ||
                      s->hse_hz > STM32F100_SYSCLK_MAX_HZ)) {
        error_setg(errp, "stm32f100-rcc: hse-hz=%" PRIu32 " is not 0 (no"
                   " crystal) or %d..%d", s->hse_hz, STM32F100_HSE_MIN_HZ,
                   STM32F100_SYSCLK_MAX_HZ);
    } else if (s->pll_max_hz < STM32F100_SYSCLK_MAX_HZ ||
               s->pll_max_hz > STM32F100_PLL_MAX_HZ) {
        error_setg(errp, "stm32f100-rcc: pll-max-hz=%" PRIu32 " is not %d..%d",
                   s->pll_max_hz, STM32F100_SYSCLK_MAX_HZ,
                   STM32F100_PLL_MAX_HZ);
    } else if (s->lse_hz && s->lse_hz != STM32F100_LSE_HZ) {
        error_setg(errp, "stm32f100-rcc: lse-hz=%" PRIu32 " is not 0 (no"
                   " crystal) or %d", s->lse_hz, STM32F100_LSE_HZ);
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
        VMSTATE_CLOCK(exti, Stm32f100RccState),
        VMSTATE_CLOCK(pclk1, Stm32f100RccState),
        VMSTATE_CLOCK(pclk2, Stm32f100RccState),
        VMSTATE_CLOCK(rtcclk, Stm32f100RccState),
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
        VMSTATE_BOOL(hse_fails, Stm32f100RccState),
        VMSTATE_BOOL(powered, Stm32f100RccState),
        VMSTATE_BOOL(off, Stm32f100RccState),
        VMSTATE_BOOL(power_reset, Stm32f100RccState),
        VMSTATE_BOOL(backup_lost, Stm32f100RccState),
        VMSTATE_BOOL(entering_standby, Stm32f100RccState),
        VMSTATE_BOOL(standby, Stm32f100RccState),
        VMSTATE_BOOL(stopped, Stm32f100RccState),
        VMSTATE_BOOL(backup_writable, Stm32f100RccState),
        VMSTATE_BOOL(lsi_forced, Stm32f100RccState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property rcc_properties[] = {
    DEFINE_PROP_UINT32("hse-hz", Stm32f100RccState, hse_hz, 24000000),
    DEFINE_PROP_UINT32("hse-start-us", Stm32f100RccState, hse_start_us, 1200),
    DEFINE_PROP_UINT32("pll-max-hz", Stm32f100RccState, pll_max_hz,
                       STM32F100_SYSCLK_MAX_HZ),
    DEFINE_PROP_UINT32("lse-hz", Stm32f100RccState, lse_hz, STM32F100_LSE_HZ),
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
    object_class_property_add_bool(klass, "hse-fails", get_hse_fails,
                                   set_hse_fails);
    object_class_property_add(klass, "mco-hz", "uint32", get_mco_hz, NULL, NULL,
                              NULL);
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
