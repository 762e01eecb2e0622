/*
 * WDOG1 and WDOG2 of the i.MX RT1176 (IMXRT1170RM, chapter "Watchdog Timer"):
 * a counter of half seconds that resets the part unless it is serviced with
 * 0x5555, 0xaaaa, and a second one that pulls WDOG_B unless it is switched off
 * within 16 seconds.  See docs/devices/rt1176-watchdogs.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "rt1176_wdog.h"

REG16(WCR, 0x0)
    FIELD(WCR, WDZST, 0, 1)
    FIELD(WCR, WDBG, 1, 1)
    FIELD(WCR, WDE, 2, 1)
    FIELD(WCR, WDT, 3, 1)
    FIELD(WCR, SRS, 4, 1)
    FIELD(WCR, WDA, 5, 1)
    FIELD(WCR, WDW, 7, 1)
    FIELD(WCR, WT, 8, 8)
REG16(WSR, 0x2)
REG16(WRSR, 0x4)
    FIELD(WRSR, SFTW, 0, 1)
    FIELD(WRSR, TOUT, 1, 1)
    FIELD(WRSR, POR, 4, 1)
REG16(WICR, 0x6)
    FIELD(WICR, WICT, 0, 8)
    FIELD(WICR, WTIS, 14, 1)
    FIELD(WICR, WIE, 15, 1)
REG16(WMCR, 0x8)
    FIELD(WMCR, PDE, 0, 1)

#define HALF_SECOND_NS 500000000ll
#define POWER_DOWN_NS 16000000000ll
#define WCR_RESET (R_WCR_SRS_MASK | R_WCR_WDA_MASK)
/* "Write once": the first write after a reset counts, whatever it writes. */
#define WCR_WRITE_ONCE (R_WCR_WDZST_MASK | R_WCR_WDBG_MASK | R_WCR_WDW_MASK)
/* "Write one once": can be set, and never be cleared but by a reset. */
#define WCR_SET_ONCE (R_WCR_WDE_MASK | R_WCR_WDT_MASK)
#define WICR_RESET 4
#define SERVICE_1 0x5555
#define SERVICE_2 0xaaaa

static void wdog_update_irq(Rt1176WdogState *s)
{
    qemu_set_irq(s->irq, FIELD_EX16(s->wicr, WICR, WTIS) &&
                         FIELD_EX16(s->wicr, WICR, WIE));
}

/* The pin is low by WDA, a time-out with WDT, or the power-down counter. */
static bool wdog_get_wdog_b(Object *obj, Error **errp)
{
    Rt1176WdogState *s = RT1176_WDOG(obj);

    return FIELD_EX16(s->wcr, WCR, WDA) && !s->wdog_b_low;
}

/* WTIS comes WICT half seconds before the end. */
static void wdog_set_warning(Rt1176WdogState *s)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    int64_t warning = s->end_ns -
                      FIELD_EX16(s->wicr, WICR, WICT) * HALF_SECOND_NS;

    if (FIELD_EX16(s->wcr, WCR, WDE)) {
        timer_mod_ns(s->warning, MAX(warning, now));
    }
}

/* Count down from WT once more: enabled, or serviced. */
static void wdog_reload(Rt1176WdogState *s)
{
    if (FIELD_EX16(s->wcr, WCR, WDE)) {
        s->end_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                    (FIELD_EX16(s->wcr, WCR, WT) + 1) * HALF_SECOND_NS;
        timer_mod_ns(s->timeout, s->end_ns);
        wdog_set_warning(s);
    }
}

/* WRSR tells of the last reset that this watchdog has asked for. */
static void wdog_request_reset(Rt1176WdogState *s, uint16_t cause)
{
    s->wrsr = cause;
    qemu_irq_pulse(s->reset);
}

static void wdog_timeout(void *opaque)
{
    Rt1176WdogState *s = opaque;

    if (FIELD_EX16(s->wcr, WCR, WDT)) {
        s->wdog_b_low = true;
    }
    wdog_request_reset(s, R_WRSR_TOUT_MASK);
}

static void wdog_warning(void *opaque)
{
    Rt1176WdogState *s = opaque;

    s->wicr |= R_WICR_WTIS_MASK;
    wdog_update_irq(s);
}

static void wdog_power_down(void *opaque)
{
    Rt1176WdogState *s = opaque;

    qemu_log_mask(LOG_GUEST_ERROR, "rt1176-wdog: WDOG_B goes low: WMCR.PDE has"
                  " not been cleared within 16 s of the reset\n");
    s->wdog_b_low = true;
}

static void wdog_write_wcr(Rt1176WdogState *s, uint16_t value)
{
    bool was_enabled = FIELD_EX16(s->wcr, WCR, WDE);

    if (s->wcr_written) {
        value = (value & ~WCR_WRITE_ONCE) | (s->wcr & WCR_WRITE_ONCE);
    }
    s->wcr_written = true;
    s->wcr = value | (s->wcr & WCR_SET_ONCE) | R_WCR_SRS_MASK;
    if (!FIELD_EX16(value, WCR, SRS)) {
        wdog_request_reset(s, R_WRSR_SFTW_MASK);
    } else if (!was_enabled) {
        wdog_reload(s);
    }
}

static void wdog_write_wsr(Rt1176WdogState *s, uint16_t value)
{
    if (s->wsr == SERVICE_1 && value == SERVICE_2) {
        wdog_reload(s);
    }
    s->wsr = value;
}

/* WICT and WIE can be written once after a reset. */
static void wdog_write_wicr(Rt1176WdogState *s, uint16_t value)
{
    s->wicr &= ~(value & R_WICR_WTIS_MASK);
    if (!s->wicr_written) {
        s->wicr = (s->wicr & R_WICR_WTIS_MASK) |
                  (value & (R_WICR_WIE_MASK | R_WICR_WICT_MASK));
        s->wicr_written = true;
        wdog_set_warning(s);
    }
    wdog_update_irq(s);
}

/* PDE can only be cleared, and stops the power-down counter then. */
static void wdog_write_wmcr(Rt1176WdogState *s, uint16_t value)
{
    if (!FIELD_EX16(value, WMCR, PDE)) {
        s->wmcr = 0;
        timer_del(s->power_down);
    }
}

static uint64_t wdog_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176WdogState *s = opaque;

    switch (addr) {
    case A_WCR:
        return s->wcr;
    case A_WSR:
        return s->wsr;
    case A_WRSR:
        return s->wrsr;
    case A_WICR:
        return s->wicr;
    case A_WMCR:
        return s->wmcr;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-wdog: no register at 0x%"
                      HWADDR_PRIx "\n", addr);
        return 0;
    }
}

/* A write to WRSR is a bus error. */
static MemTxResult wdog_write_register(void *opaque, hwaddr addr,
                                       uint64_t value, unsigned size,
                                       MemTxAttrs attrs)
{
    Rt1176WdogState *s = opaque;

    switch (addr) {
    case A_WCR:
        wdog_write_wcr(s, value);
        return MEMTX_OK;
    case A_WSR:
        wdog_write_wsr(s, value);
        return MEMTX_OK;
    case A_WICR:
        wdog_write_wicr(s, value);
        return MEMTX_OK;
    case A_WMCR:
        wdog_write_wmcr(s, value);
        return MEMTX_OK;
    case A_WRSR:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-wdog: write to WRSR\n");
        return MEMTX_ERROR;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-wdog: write to 0x%" HWADDR_PRIx
                      " ignored\n", addr);
        return MEMTX_OK;
    }
}

static MemTxResult wdog_read_register(void *opaque, hwaddr addr,
                                      uint64_t *data, unsigned size,
                                      MemTxAttrs attrs)
{
    *data = wdog_read(opaque, addr, size);
    return MEMTX_OK;
}

/* An access of 32 bits is one of 16. */
static const MemoryRegionOps wdog_ops = {
    .read_with_attrs = wdog_read_register,
    .write_with_attrs = wdog_write_register,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 2,
    .valid.max_access_size = 4,
    .impl.min_access_size = 2,
    .impl.max_access_size = 4,
};

/* While SRC still knows whether power comes. */
static void wdog_reset_enter(Object *obj, ResetType type)
{
    Rt1176WdogState *s = RT1176_WDOG(obj);

    if (!rt1176_src_keeps_power(s->src)) {
        s->wrsr = R_WRSR_POR_MASK;
        s->wcr = 0;
        s->wdog_b_low = false;
    }
}

/* WRSR, WDT and a WDOG_B that has been pulled outlive all but a power-on. */
static void wdog_reset_hold(Object *obj, ResetType type)
{
    Rt1176WdogState *s = RT1176_WDOG(obj);

    timer_del(s->timeout);
    timer_del(s->warning);
    timer_mod_ns(s->power_down,
                 qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + POWER_DOWN_NS);
    s->wcr = WCR_RESET | (s->wcr & R_WCR_WDT_MASK);
    s->wcr_written = false;
    s->wsr = 0;
    s->wicr = WICR_RESET;
    s->wmcr = R_WMCR_PDE_MASK;
    s->wicr_written = false;
    s->end_ns = 0;
    wdog_update_irq(s);
}

static void wdog_init(Object *obj)
{
    Rt1176WdogState *s = RT1176_WDOG(obj);

    memory_region_init_io(&s->iomem, obj, &wdog_ops, s, TYPE_RT1176_WDOG,
                          0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_out_named(DEVICE(obj), &s->reset, "reset", 1);
}

static void wdog_realize(DeviceState *dev, Error **errp)
{
    Rt1176WdogState *s = RT1176_WDOG(dev);

    if (!s->src) {
        error_setg(errp, "rt1176-wdog: link 'src' is not set");
        return;
    }
    s->timeout = timer_new_ns(QEMU_CLOCK_VIRTUAL, wdog_timeout, s);
    s->warning = timer_new_ns(QEMU_CLOCK_VIRTUAL, wdog_warning, s);
    s->power_down = timer_new_ns(QEMU_CLOCK_VIRTUAL, wdog_power_down, s);
}

static const VMStateDescription vmstate_wdog = {
    .name = TYPE_RT1176_WDOG,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(timeout, Rt1176WdogState),
        VMSTATE_TIMER_PTR(warning, Rt1176WdogState),
        VMSTATE_TIMER_PTR(power_down, Rt1176WdogState),
        VMSTATE_INT64(end_ns, Rt1176WdogState),
        VMSTATE_UINT16(wcr, Rt1176WdogState),
        VMSTATE_UINT16(wsr, Rt1176WdogState),
        VMSTATE_UINT16(wrsr, Rt1176WdogState),
        VMSTATE_UINT16(wicr, Rt1176WdogState),
        VMSTATE_UINT16(wmcr, Rt1176WdogState),
        VMSTATE_BOOL(wcr_written, Rt1176WdogState),
        VMSTATE_BOOL(wicr_written, Rt1176WdogState),
        VMSTATE_BOOL(wdog_b_low, Rt1176WdogState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property wdog_properties[] = {
    DEFINE_PROP_LINK("src", Rt1176WdogState, src, TYPE_RT1176_SRC,
                     Rt1176SrcState *),
};

static void wdog_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = wdog_realize;
    dc->vmsd = &vmstate_wdog;
    dc->desc = "i.MX RT1176 watchdog (WDOG1, WDOG2)";
    device_class_set_props(dc, wdog_properties);
    object_class_property_add_bool(klass, "wdog-b", wdog_get_wdog_b, NULL);
    rc->phases.enter = wdog_reset_enter;
    rc->phases.hold = wdog_reset_hold;
}

static const TypeInfo wdog_types[] = {
    {
        .name = TYPE_RT1176_WDOG,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176WdogState),
        .instance_init = wdog_init,
        .class_init = wdog_class_init,
    },
};
DEFINE_TYPES(wdog_types)
