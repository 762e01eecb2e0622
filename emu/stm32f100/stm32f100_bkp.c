/*
 * Backup registers of the STM32F100 (RM0041 5): ten half-words that outlive
 * resets and standby, tamper detection, and the RTC's calibration and outputs
 * on the TAMPER pin, PC13.
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
#include "stm32f100_bkp.h"
#include "stm32f100_bus.h"

REG32(DR1, 0x04)
REG32(DR10, 0x28)
REG32(RTCCR, 0x2c)
    FIELD(RTCCR, CAL, 0, 7)
    FIELD(RTCCR, CCO, 7, 1)
    FIELD(RTCCR, ASOE, 8, 1)
    FIELD(RTCCR, ASOS, 9, 1)
REG32(CR, 0x30)
    FIELD(CR, TPE, 0, 1)
    FIELD(CR, TPAL, 1, 1)
REG32(CSR, 0x34)
    FIELD(CSR, CTE, 0, 1)
    FIELD(CSR, CTI, 1, 1)
    FIELD(CSR, TPIE, 2, 1)
    FIELD(CSR, TEF, 8, 1)
    FIELD(CSR, TIF, 9, 1)

#define RTCCR_MASK 0x3ff
#define CR_MASK (R_CR_TPE_MASK | R_CR_TPAL_MASK)

/* CCO: RTCCLK / 64, an edge each 32 cycles (5.4.2). */
#define CCO_HALF_PERIOD_CYCLES 32

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static void bkp_update(Stm32f100BkpState *s)
{
    qemu_set_irq(s->irq, s->tif);
}

/* ---- tamper detection (5.3.1) ---- */

/*
 * The detector sees the pin, inverted if TPAL, ANDed with TPE: a level that was
 * there before TPE is an event, too.  TEF holds the registers in reset.
 */
static void detect(Stm32f100BkpState *s)
{
    bool active = FIELD_EX32(s->cr, CR, TPE) &&
                  s->pin_level != FIELD_EX32(s->cr, CR, TPAL);

    if (active && !s->detected) {
        s->tef = true;
        s->tif |= s->tpie;
        memset(s->dr, 0, sizeof(s->dr));
        bkp_update(s);
    }
    s->detected = active;
}

static void set_tamper_pin(void *opaque, int n, int level)
{
    Stm32f100BkpState *s = opaque;

    s->pin_level = level;
    detect(s);
}

/* ---- what the RTC puts on the pin (5.3.2) ---- */

static bool has_pulses(const Stm32f100BkpState *s)
{
    return FIELD_EX32(s->rtccr, RTCCR, ASOE);
}

static bool has_clock(const Stm32f100BkpState *s)
{
    return FIELD_EX32(s->rtccr, RTCCR, CCO) && !has_pulses(s) &&
           clock_is_enabled(s->rtcclk);
}

static int64_t cco_edge_ns(const Stm32f100BkpState *s, int64_t edge)
{
    return s->cco_ns +
           clock_ticks_to_ns(s->rtcclk, edge * CCO_HALF_PERIOD_CYCLES);
}

static void edge_expired(void *opaque)
{
    Stm32f100BkpState *s = opaque;

    if (has_pulses(s)) {
        qemu_set_irq(s->pin_out, 0);
    } else {
        s->cco_edges++;
        qemu_set_irq(s->pin_out, s->cco_edges & 1);
        timer_mod(s->edge, cco_edge_ns(s, s->cco_edges + 1));
    }
}

static void show_pulse(Stm32f100BkpState *s, bool wanted, int level)
{
    if (level && wanted && has_pulses(s)) {
        qemu_set_irq(s->pin_out, 1);
        timer_mod(s->edge, now_ns() + clock_ticks_to_ns(s->rtcclk, 1));
    }
}

static void set_alarm(void *opaque, int n, int level)
{
    Stm32f100BkpState *s = opaque;

    show_pulse(s, !FIELD_EX32(s->rtccr, RTCCR, ASOS), level);
}

static void set_second(void *opaque, int n, int level)
{
    Stm32f100BkpState *s = opaque;

    show_pulse(s, FIELD_EX32(s->rtccr, RTCCR, ASOS), level);
}

/* RTCCR, or the clock, has changed: start anew. */
static void restart_output(Stm32f100BkpState *s)
{
    timer_del(s->edge);
    s->cco_edges = 0;
    s->cco_ns = now_ns();
    stm32f100_rtc_want_seconds(s->rtc, has_pulses(s) &&
                               FIELD_EX32(s->rtccr, RTCCR, ASOS));
    if (has_clock(s)) {
        timer_mod(s->edge, cco_edge_ns(s, 1));
    }
    qemu_set_irq(s->pin_out, has_pulses(s) || has_clock(s) ? 0 : -1);
}

static void rtcclk_changes(void *opaque, ClockEvent event)
{
    restart_output(opaque);
}

/* ---- registers ---- */

static uint32_t csr_read(const Stm32f100BkpState *s)
{
    uint32_t csr = FIELD_DP32(0, CSR, TPIE, s->tpie);

    csr = FIELD_DP32(csr, CSR, TEF, s->tef);
    return FIELD_DP32(csr, CSR, TIF, s->tif);
}

static uint32_t bkp_read_word(Stm32f100BkpState *s, hwaddr addr)
{
    switch (addr) {
    case A_DR1 ... A_DR10:
        return s->dr[(addr - A_DR1) / 4];
    case A_RTCCR:
        return s->rtccr;
    case A_CR:
        return s->cr;
    case A_CSR:
        return csr_read(s);
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-bkp: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

static bool bkp_clocked(const Stm32f100BkpState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-bkp: %s while RCC does not"
                      " clock it\n", access);
        return false;
    }
    return true;
}

static uint64_t bkp_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100BkpState *s = opaque;

    if (!bkp_clocked(s, "read")) {
        return 0;
    }
    return stm32f100_bus_read(bkp_read_word(s, addr & ~3), addr, size);
}

static void dr_write(Stm32f100BkpState *s, unsigned n, uint16_t value)
{
    if (s->tef) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-bkp: DR%u is held in reset"
                      " until TEF is cleared\n", n + 1);
        return;
    }
    s->dr[n] = value;
}

static void rtccr_write(Stm32f100BkpState *s, uint16_t value)
{
    value &= RTCCR_MASK;
    if (FIELD_EX32(value, RTCCR, CCO) && FIELD_EX32(s->cr, CR, TPE)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-bkp: CCO must not be set"
                      " while the pin detects tampering (TPE)\n");
    }
    if (value == s->rtccr) {
        return;
    }
    s->rtccr = value;
    stm32f100_rtc_set_calibration(s->rtc, FIELD_EX32(value, RTCCR, CAL));
    restart_output(s);
}

static void cr_write(Stm32f100BkpState *s, uint32_t value)
{
    s->cr = value & CR_MASK;
    qemu_set_irq(s->take, FIELD_EX32(s->cr, CR, TPE));
    detect(s);
}

static void csr_write(Stm32f100BkpState *s, uint32_t value)
{
    s->tpie = value & R_CSR_TPIE_MASK;
    if (value & R_CSR_CTE_MASK) {
        s->tef = false; /* no new event while the level stays (5.3.1) */
    }
    if ((value & R_CSR_CTI_MASK) || !s->tpie) {
        s->tif = false;
    }
    bkp_update(s);
}

static void bkp_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100BkpState *s = opaque;
    uint32_t value = stm32f100_apb_write(data, size);

    if (!bkp_clocked(s, "write")) {
        return;
    }
    if (!s->backup_writable) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-bkp: write-protected until"
                      " PWR_CR.DBP is set\n");
        return;
    }
    if (s->backup_held) {
        return;
    }
    switch (addr & ~3) {
    case A_DR1 ... A_DR10:
        dr_write(s, ((addr & ~3) - A_DR1) / 4, value);
        break;
    case A_RTCCR:
        rtccr_write(s, value);
        break;
    case A_CR:
        cr_write(s, value);
        break;
    case A_CSR:
        csr_write(s, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-bkp: write of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        break;
    }
}

static const MemoryRegionOps bkp_ops = STM32F100_BUS_OPS(bkp_read, bkp_write);

/* ---- life cycle ---- */

static void set_dbp(void *opaque, int n, int level)
{
    STM32F100_BKP(opaque)->backup_writable = level;
}

static void set_backup_reset(void *opaque, int n, int level)
{
    Stm32f100BkpState *s = opaque;

    s->backup_held = level;
    if (level) {
        memset(s->dr, 0, sizeof(s->dr));
        s->tef = false;
        rtccr_write(s, 0);
        cr_write(s, 0);
    }
}

/* A system reset leaves the backup domain alone; TPIE and TIF are not in it. */
static void bkp_reset_hold(Object *obj, ResetType type)
{
    Stm32f100BkpState *s = STM32F100_BKP(obj);

    s->tpie = false;
    s->tif = false;
}

static void bkp_reset_exit(Object *obj, ResetType type)
{
    bkp_update(STM32F100_BKP(obj));
}

static void bkp_init(Object *obj)
{
    Stm32f100BkpState *s = STM32F100_BKP(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &bkp_ops, s, TYPE_STM32F100_BKP,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    s->clk = qdev_init_clock_in(dev, "clk", NULL, NULL, 0);
    s->rtcclk = qdev_init_clock_in(dev, "rtcclk", rtcclk_changes, s,
                                   ClockUpdate);
    qdev_init_gpio_in_named(dev, set_dbp, "dbp", 1);
    qdev_init_gpio_in_named(dev, set_backup_reset, "backup-reset", 1);
    qdev_init_gpio_in_named(dev, set_tamper_pin, "tamper", 1);
    qdev_init_gpio_in_named(dev, set_alarm, "alarm", 1);
    qdev_init_gpio_in_named(dev, set_second, "second", 1);
    qdev_init_gpio_out_named(dev, &s->take, "take", 1);
    qdev_init_gpio_out_named(dev, &s->pin_out, "pin", 1);
    s->edge = timer_new_ns(QEMU_CLOCK_VIRTUAL, edge_expired, s);
}

static void bkp_realize(DeviceState *dev, Error **errp)
{
    if (!STM32F100_BKP(dev)->rtc) {
        error_setg(errp, "stm32f100-bkp: link 'rtc' is not set");
    }
}

static const VMStateDescription vmstate_bkp = {
    .name = TYPE_STM32F100_BKP,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100BkpState),
        VMSTATE_CLOCK(rtcclk, Stm32f100BkpState),
        VMSTATE_TIMER_PTR(edge, Stm32f100BkpState),
        VMSTATE_BOOL(backup_writable, Stm32f100BkpState),
        VMSTATE_BOOL(backup_held, Stm32f100BkpState),
        VMSTATE_UINT16_ARRAY(dr, Stm32f100BkpState, STM32F100_BKP_REGISTERS),
        VMSTATE_UINT16(rtccr, Stm32f100BkpState),
        VMSTATE_UINT8(cr, Stm32f100BkpState),
        VMSTATE_BOOL(tpie, Stm32f100BkpState),
        VMSTATE_BOOL(tef, Stm32f100BkpState),
        VMSTATE_BOOL(tif, Stm32f100BkpState),
        VMSTATE_BOOL(detected, Stm32f100BkpState),
        VMSTATE_BOOL(pin_level, Stm32f100BkpState),
        VMSTATE_INT64(cco_edges, Stm32f100BkpState),
        VMSTATE_INT64(cco_ns, Stm32f100BkpState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property bkp_properties[] = {
    DEFINE_PROP_LINK("rtc", Stm32f100BkpState, rtc, TYPE_STM32F100_RTC,
                     Stm32f100RtcState *),
};

static void bkp_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = bkp_realize;
    dc->vmsd = &vmstate_bkp;
    rc->phases.hold = bkp_reset_hold;
    rc->phases.exit = bkp_reset_exit;
    device_class_set_props(dc, bkp_properties);
}

static const TypeInfo bkp_types[] = {
    {
        .name = TYPE_STM32F100_BKP,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100BkpState),
        .instance_init = bkp_init,
        .class_init = bkp_class_init,
    },
};
DEFINE_TYPES(bkp_types)
