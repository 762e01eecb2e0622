/*
 * Power control of the STM32F100 (RM0041 4; voltages and wake-up times from the
 * STM32F100x4/6/8/B datasheet, 5.3.3 and 5.3.13): low-power modes, the voltage
 * detector, and the write protection of the backup domain.
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
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "stm32f100_bus.h"
#include "stm32f100_pwr.h"

REG32(CR, 0x00)
    FIELD(CR, LPDS, 0, 1)
    FIELD(CR, PDDS, 1, 1)
    FIELD(CR, CWUF, 2, 1)
    FIELD(CR, CSBF, 3, 1)
    FIELD(CR, PVDE, 4, 1)
    FIELD(CR, PLS, 5, 3)
    FIELD(CR, DBP, 8, 1)
REG32(CSR, 0x04)
    FIELD(CSR, WUF, 0, 1)
    FIELD(CSR, SBF, 1, 1)
    FIELD(CSR, PVDO, 2, 1)
    FIELD(CSR, EWUP, 8, 1)

#define CR_RW_MASK                                                             \
    (R_CR_LPDS_MASK | R_CR_PDDS_MASK | R_CR_PVDE_MASK | R_CR_PLS_MASK |        \
     R_CR_DBP_MASK)

/* typical; the power-on threshold is 40 mV higher */
#define VDD_DEFAULT_MV 3300
#define VDD_MAX_MV 3600
#define POWER_DOWN_MV 1880
#define POWER_ON_MV 1920
/* PLS = 0: 2.18 V when VDD rises, 100 mV less when it falls; steps of 100 mV */
#define PVD_LOWEST_MV 2180
#define PVD_STEP_MV 100
#define PVD_HYSTERESIS_MV 100

/* from Stop with the regulator in run or low-power mode, from Standby */
#define WAKE_STOP_NS 3500
#define WAKE_STOP_LOW_POWER_NS 5400
#define WAKE_STANDBY_NS 50000

static void set_mode(Stm32f100PwrState *s, Stm32f100PowerMode mode)
{
    s->mode = mode;
    qemu_set_irq(s->core_off, mode == STM32F100_POWER_STANDBY ||
                              mode == STM32F100_POWER_OFF);
}

/* ---- voltage detector (4.2.3) ---- */

static void update_pvd(Stm32f100PwrState *s)
{
    uint32_t rising_mv = PVD_LOWEST_MV +
                         PVD_STEP_MV * FIELD_EX32(s->cr, CR, PLS);
    uint32_t level_mv = s->pvdo ? rising_mv : rising_mv - PVD_HYSTERESIS_MV;

    s->pvdo = FIELD_EX32(s->cr, CR, PVDE) && s->vdd_mv < level_mv;
    qemu_set_irq(s->pvd, s->pvdo);
}

/* ---- low-power modes (4.3) ---- */

static void enter_standby(Stm32f100PwrState *s)
{
    if (!stm32f100_flash_option(s->flash, STM32F100_OPTION_NRST_STDBY)) {
        stm32f100_rcc_reset_system(s->rcc, STM32F100_RESET_LOW_POWER);
        return;
    }
    s->sbf = true;
    s->in_reset = true;
    set_mode(s, STM32F100_POWER_STANDBY);
    stm32f100_rcc_enter_standby(s->rcc);
}

static void enter_stop(Stm32f100PwrState *s)
{
    if (!stm32f100_flash_option(s->flash, STM32F100_OPTION_NRST_STOP)) {
        stm32f100_rcc_reset_system(s->rcc, STM32F100_RESET_LOW_POWER);
        return;
    }
    if (s->exti_pending) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-pwr: Stop mode is not"
                      " entered while EXTI_PR is not 0\n");
        return;
    }
    set_mode(s, STM32F100_POWER_STOP);
    stm32f100_rcc_stop(s->rcc, true, s->debug_stop);
}

static void leave_stop(Stm32f100PwrState *s)
{
    timer_del(s->wake);
    set_mode(s, STM32F100_POWER_RUN);
    stm32f100_rcc_stop(s->rcc, false, false);
}

static void wake_after(Stm32f100PwrState *s, int64_t duration_ns)
{
    if (!timer_pending(s->wake)) {
        timer_mod(s->wake, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + duration_ns);
    }
}

static void wake_expired(void *opaque)
{
    Stm32f100PwrState *s = opaque;

    if (s->mode == STM32F100_POWER_STOP) {
        leave_stop(s);
    } else {
        stm32f100_rcc_reset_system(s->rcc, STM32F100_RESET_PIN);
    }
}

static void wake_from_standby(Stm32f100PwrState *s)
{
    if (s->mode == STM32F100_POWER_STANDBY && s->wuf) {
        wake_after(s, WAKE_STANDBY_NS);
    }
}

static void set_sleepdeep(void *opaque, int n, int level)
{
    Stm32f100PwrState *s = opaque;

    if (!level && s->mode == STM32F100_POWER_STOP) {
        leave_stop(s); /* something else has woken the core */
    } else if (level && s->mode == STM32F100_POWER_RUN) {
        if (FIELD_EX32(s->cr, CR, PDDS)) {
            enter_standby(s);
            wake_from_standby(s); /* with WUF set it does not last */
        } else {
            enter_stop(s);
        }
    }
}

static void set_wakeup(void *opaque, int n, int level)
{
    Stm32f100PwrState *s = opaque;

    if (level && s->mode == STM32F100_POWER_STOP) {
        wake_after(s, FIELD_EX32(s->cr, CR, LPDS) ? WAKE_STOP_LOW_POWER_NS
                                                  : WAKE_STOP_NS);
    }
}

static void set_exti_pending(void *opaque, int n, int level)
{
    STM32F100_PWR(opaque)->exti_pending = level;
}

static void set_debug(void *opaque, int n, int level)
{
    STM32F100_PWR(opaque)->debug_stop = level;
}

/* ---- wake-up events: WKUP pin, RTC alarm (4.4.2) ---- */

static void wakeup_event(Stm32f100PwrState *s)
{
    s->wuf = true;
    wake_from_standby(s);
}

/* A pin that is high when EWUP is set is an event, too. */
static void detect_wkup(Stm32f100PwrState *s)
{
    bool seen = s->ewup && s->wkup_level;

    if (seen && !s->wkup_seen) {
        wakeup_event(s);
    }
    s->wkup_seen = seen;
}

static void set_wkup(void *opaque, int n, int level)
{
    Stm32f100PwrState *s = opaque;

    s->wkup_level = level;
    detect_wkup(s);
}

static void set_alarm(void *opaque, int n, int level)
{
    if (level) {
        wakeup_event(opaque);
    }
}

/* ---- registers ---- */

static uint32_t csr_read(const Stm32f100PwrState *s)
{
    uint32_t csr = FIELD_DP32(0, CSR, WUF, s->wuf);

    csr = FIELD_DP32(csr, CSR, SBF, s->sbf);
    csr = FIELD_DP32(csr, CSR, PVDO, s->pvdo);
    return FIELD_DP32(csr, CSR, EWUP, s->ewup);
}

static void update_dbp(Stm32f100PwrState *s)
{
    for (unsigned n = 0; n < STM32F100_PWR_DBP_OUTPUTS; n++) {
        qemu_set_irq(s->dbp[n], FIELD_EX32(s->cr, CR, DBP));
    }
}

static void cr_write(Stm32f100PwrState *s, uint32_t value)
{
    s->cr = value & CR_RW_MASK;
    if (value & R_CR_CWUF_MASK) {
        s->wuf = false;
    }
    if (value & R_CR_CSBF_MASK) {
        s->sbf = false;
    }
    update_dbp(s);
    update_pvd(s);
}

static bool pwr_clocked(const Stm32f100PwrState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-pwr: %s while RCC does not"
                      " clock it\n", access);
        return false;
    }
    return true;
}

static uint64_t pwr_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100PwrState *s = opaque;

    if (!pwr_clocked(s, "read")) {
        return 0;
    }
    switch (addr & ~3) {
    case A_CR:
        return stm32f100_bus_read(s->cr, addr, size);
    case A_CSR:
        return stm32f100_bus_read(csr_read(s), addr, size);
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-pwr: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

static void pwr_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100PwrState *s = opaque;
    uint32_t value = stm32f100_apb_write(data, size);

    if (!pwr_clocked(s, "write")) {
        return;
    }
    switch (addr & ~3) {
    case A_CR:
        cr_write(s, value);
        break;
    case A_CSR:
        s->ewup = value & R_CSR_EWUP_MASK;
        qemu_set_irq(s->take, s->ewup);
        detect_wkup(s);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-pwr: write of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        break;
    }
}

static const MemoryRegionOps pwr_ops = STM32F100_BUS_OPS(pwr_read, pwr_write);

/* ---- supply (4.1, 4.2) ---- */

static bool has_power(const Stm32f100PwrState *s)
{
    return s->vdd_mv >= (s->mode == STM32F100_POWER_OFF ? POWER_ON_MV
                                                        : POWER_DOWN_MV);
}

/* The whole part goes down and comes up by a reset. */
static void update_supply(Stm32f100PwrState *s)
{
    if (has_power(s) == (s->mode != STM32F100_POWER_OFF)) {
        return;
    }
    if (s->mode != STM32F100_POWER_OFF) {
        timer_del(s->wake);
        s->in_reset = true;
        set_mode(s, STM32F100_POWER_OFF);
        stm32f100_rcc_power_down(s->rcc, s->vbat);
    } else {
        stm32f100_rcc_power_up(s->rcc);
    }
}

static void vdd_get(Object *obj, Visitor *v, const char *name, void *opaque,
                    Error **errp)
{
    visit_type_uint32(v, name, &STM32F100_PWR(obj)->vdd_mv, errp);
}

static void vdd_set(Object *obj, Visitor *v, const char *name, void *opaque,
                    Error **errp)
{
    Stm32f100PwrState *s = STM32F100_PWR(obj);
    uint32_t vdd_mv;

    if (!visit_type_uint32(v, name, &vdd_mv, errp)) {
        return;
    }
    if (vdd_mv > VDD_MAX_MV) {
        error_setg(errp, "stm32f100-pwr: vdd-mv=%" PRIu32 " is above %d",
                   vdd_mv, VDD_MAX_MV);
        return;
    }
    s->vdd_mv = vdd_mv;
    if (DEVICE(obj)->realized) {
        update_supply(s);
        update_pvd(s);
    }
}

/* ---- life cycle ---- */

/*
 * Any reset but the one that entered it ends Standby; a part without power
 * stays so.  The core is reset in the hold phase and has to know before.
 */
static void pwr_reset_enter(Object *obj, ResetType type)
{
    Stm32f100PwrState *s = STM32F100_PWR(obj);
    bool keeps_csr = s->mode == STM32F100_POWER_STANDBY;

    if (!s->in_reset) {
        timer_del(s->wake);
        s->mode = has_power(s) ? STM32F100_POWER_RUN : STM32F100_POWER_OFF;
    }
    s->in_reset = false;
    s->cr = 0;
    s->pvdo = false;
    if (!keeps_csr) { /* 4.4.2 */
        s->sbf &= s->mode != STM32F100_POWER_OFF;
        s->wuf = false;
        s->ewup = false;
        s->wkup_seen = false;
    }
    set_mode(s, s->mode);
}

static void pwr_reset_exit(Object *obj, ResetType type)
{
    Stm32f100PwrState *s = STM32F100_PWR(obj);

    qemu_set_irq(s->take, s->ewup);
    update_dbp(s);
    update_pvd(s);
    detect_wkup(s);
}

static void pwr_init(Object *obj)
{
    Stm32f100PwrState *s = STM32F100_PWR(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &pwr_ops, s, TYPE_STM32F100_PWR,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    s->clk = qdev_init_clock_in(dev, "clk", NULL, NULL, 0);
    s->vdd_mv = VDD_DEFAULT_MV;
    qdev_init_gpio_in_named(dev, set_sleepdeep, "sleepdeep", 1);
    qdev_init_gpio_in_named(dev, set_wakeup, "wakeup", 1);
    qdev_init_gpio_in_named(dev, set_exti_pending, "exti-pending", 1);
    qdev_init_gpio_in_named(dev, set_wkup, "wkup", 1);
    qdev_init_gpio_in_named(dev, set_alarm, "alarm", 1);
    qdev_init_gpio_in_named(dev, set_debug, "debug-stop", 1);
    qdev_init_gpio_out_named(dev, s->dbp, "dbp", STM32F100_PWR_DBP_OUTPUTS);
    qdev_init_gpio_out_named(dev, &s->pvd, "pvd", 1);
    qdev_init_gpio_out_named(dev, &s->take, "take", 1);
    qdev_init_gpio_out_named(dev, &s->core_off, "core-off", 1);
    s->wake = timer_new_ns(QEMU_CLOCK_VIRTUAL, wake_expired, s);
}

static void pwr_realize(DeviceState *dev, Error **errp)
{
    Stm32f100PwrState *s = STM32F100_PWR(dev);

    if (!s->rcc || !s->flash) {
        error_setg(errp, "stm32f100-pwr: links 'rcc' and 'flash' are not set");
    }
}

static const VMStateDescription vmstate_pwr = {
    .name = TYPE_STM32F100_PWR,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100PwrState),
        VMSTATE_TIMER_PTR(wake, Stm32f100PwrState),
        VMSTATE_UINT32(vdd_mv, Stm32f100PwrState),
        VMSTATE_UINT32(cr, Stm32f100PwrState),
        VMSTATE_BOOL(wuf, Stm32f100PwrState),
        VMSTATE_BOOL(sbf, Stm32f100PwrState),
        VMSTATE_BOOL(ewup, Stm32f100PwrState),
        VMSTATE_BOOL(pvdo, Stm32f100PwrState),
        VMSTATE_BOOL(wkup_level, Stm32f100PwrState),
        VMSTATE_BOOL(wkup_seen, Stm32f100PwrState),
        VMSTATE_BOOL(exti_pending, Stm32f100PwrState),
        VMSTATE_BOOL(debug_stop, Stm32f100PwrState),
        VMSTATE_BOOL(in_reset, Stm32f100PwrState),
        VMSTATE_UINT32(mode, Stm32f100PwrState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property pwr_properties[] = {
    DEFINE_PROP_LINK("rcc", Stm32f100PwrState, rcc, TYPE_STM32F100_RCC,
                     Stm32f100RccState *),
    DEFINE_PROP_LINK("flash", Stm32f100PwrState, flash, TYPE_STM32F100_FLASH,
                     Stm32f100FlashState *),
    DEFINE_PROP_BOOL("vbat", Stm32f100PwrState, vbat, false),
};

static void pwr_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = pwr_realize;
    dc->vmsd = &vmstate_pwr;
    rc->phases.enter = pwr_reset_enter;
    rc->phases.exit = pwr_reset_exit;
    device_class_set_props(dc, pwr_properties);
    object_class_property_add(klass, "vdd-mv", "uint32", vdd_get, vdd_set,
                              NULL, NULL);
}

static const TypeInfo pwr_types[] = {
    {
        .name = TYPE_STM32F100_PWR,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100PwrState),
        .instance_init = pwr_init,
        .class_init = pwr_class_init,
    },
};
DEFINE_TYPES(pwr_types)
