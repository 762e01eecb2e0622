/*
 * GPIO port of the i.MX RT1176 (IMXRT1170RM, chapter "General Purpose
 * Input/Output").  Which pads its signals reach, and what comes back from them,
 * is up to rt1176_pads.c; see docs/devices/rt1176-gpio.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "rt1176_gpio.h"
#include "rt1176_pads.h"

REG32(DR, 0x00)
REG32(GDIR, 0x04)
REG32(PSR, 0x08)
REG32(ICR1, 0x0c)
REG32(ICR2, 0x10)
REG32(IMR, 0x14)
REG32(ISR, 0x18)
REG32(EDGE_SEL, 0x1c)
REG32(DR_SET, 0x84)
REG32(DR_CLEAR, 0x88)
REG32(DR_TOGGLE, 0x8c)

/* Two bits of ICR1 or ICR2 for each signal. */
enum { ICR_LOW_LEVEL, ICR_HIGH_LEVEL, ICR_RISING_EDGE, ICR_FALLING_EDGE };

#define HALF 16 /* signals of an interrupt */

static unsigned gpio_icr(const Rt1176GpioState *s, unsigned bit)
{
    return extract32(s->icr[bit / HALF], 2 * (bit % HALF), 2);
}

static bool gpio_is_level_sensitive(const Rt1176GpioState *s, unsigned bit)
{
    return !extract32(s->edge_sel, bit, 1) &&
           gpio_icr(s, bit) <= ICR_HIGH_LEVEL;
}

/* Levels set their flag as long as they stand: clearing does not help. */
static void gpio_update(Rt1176GpioState *s)
{
    for (uint32_t inputs = s->inputs; inputs; inputs &= inputs - 1) {
        unsigned bit = ctz32(inputs);
        bool active = gpio_icr(s, bit) == ICR_HIGH_LEVEL;

        if (gpio_is_level_sensitive(s, bit) &&
            extract32(s->psr, bit, 1) == active) {
            s->isr |= 1u << bit;
        }
    }
    for (unsigned half = 0; half < 2; half++) {
        qemu_set_irq(s->irq[half],
                     extract32(s->isr & s->imr, HALF * half, HALF) != 0);
    }
}

void rt1176_gpio_set_input(Rt1176GpioState *s, unsigned bit, bool on,
                           bool level)
{
    bool changed = extract32(s->psr, bit, 1) != (on && level);

    level &= on;
    s->inputs = deposit32(s->inputs, bit, 1, on);
    s->psr = deposit32(s->psr, bit, 1, level);
    if (changed &&
        (extract32(s->edge_sel, bit, 1) ||
         gpio_icr(s, bit) == (level ? ICR_RISING_EDGE : ICR_FALLING_EDGE))) {
        s->isr |= 1u << bit;
    }
    gpio_update(s);
}

static uint64_t gpio_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176GpioState *s = opaque;

    switch (addr) {
    case A_DR: /* of inputs what comes in */
        return (s->dr & s->gdir) | (s->psr & ~s->gdir);
    case A_GDIR:
        return s->gdir;
    case A_PSR:
        return s->psr;
    case A_ICR1:
    case A_ICR2:
        return s->icr[(addr - A_ICR1) / 4];
    case A_IMR:
        return s->imr;
    case A_ISR:
        return s->isr;
    case A_EDGE_SEL:
        return s->edge_sel;
    case A_DR_SET:
    case A_DR_CLEAR:
    case A_DR_TOGGLE:
        return 0;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-gpio: no register at 0x%"
                      HWADDR_PRIx "\n", addr);
        return 0;
    }
}

static void gpio_write_dr(Rt1176GpioState *s, uint32_t dr)
{
    uint32_t changed = dr ^ s->dr;

    s->dr = dr;
    rt1176_pads_update(s->pads, s->port, changed & s->gdir);
}

static void gpio_write_gdir(Rt1176GpioState *s, uint32_t gdir)
{
    uint32_t changed = gdir ^ s->gdir;

    s->gdir = gdir;
    rt1176_pads_update(s->pads, s->port, changed);
}

static void gpio_write(void *opaque, hwaddr addr, uint64_t value64,
                       unsigned size)
{
    Rt1176GpioState *s = opaque;
    uint32_t value = value64;

    switch (addr) {
    case A_DR:
        gpio_write_dr(s, value);
        break;
    case A_DR_SET:
        gpio_write_dr(s, s->dr | value);
        break;
    case A_DR_CLEAR:
        gpio_write_dr(s, s->dr & ~value);
        break;
    case A_DR_TOGGLE:
        gpio_write_dr(s, s->dr ^ value);
        break;
    case A_GDIR:
        gpio_write_gdir(s, value);
        break;
    case A_ICR1:
    case A_ICR2:
        s->icr[(addr - A_ICR1) / 4] = value;
        break;
    case A_IMR:
        s->imr = value;
        break;
    case A_ISR:
        s->isr &= ~value;
        break;
    case A_EDGE_SEL:
        s->edge_sel = value;
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-gpio: write to 0x%" HWADDR_PRIx
                      " ignored\n", addr);
    }
    gpio_update(s);
}

static const MemoryRegionOps gpio_ops = {
    .read = gpio_read,
    .write = gpio_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static void gpio_reset_hold(Object *obj, ResetType type)
{
    Rt1176GpioState *s = RT1176_GPIO(obj);

    s->dr = 0;
    s->gdir = 0;
    s->icr[0] = 0;
    s->icr[1] = 0;
    s->imr = 0;
    s->isr = 0;
    s->edge_sel = 0;
}

static void gpio_reset_exit(Object *obj, ResetType type)
{
    Rt1176GpioState *s = RT1176_GPIO(obj);

    rt1176_pads_update(s->pads, s->port, UINT32_MAX);
    gpio_update(s);
}

static void gpio_init(Object *obj)
{
    Rt1176GpioState *s = RT1176_GPIO(obj);

    memory_region_init_io(&s->iomem, obj, &gpio_ops, s, TYPE_RT1176_GPIO,
                          0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    for (unsigned half = 0; half < 2; half++) {
        sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq[half]);
    }
}

static void gpio_realize(DeviceState *dev, Error **errp)
{
    Rt1176GpioState *s = RT1176_GPIO(dev);

    if (!s->pads || s->port < RT1176_GPIO1 || s->port >= RT1176_GPIO_PORTS) {
        error_setg(errp, "rt1176-gpio: link 'pads' is not set, or there is no"
                   " port %u", s->port);
        return;
    }
    rt1176_pads_attach(s->pads, s);
}

static const VMStateDescription vmstate_gpio = {
    .name = TYPE_RT1176_GPIO,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(dr, Rt1176GpioState),
        VMSTATE_UINT32(gdir, Rt1176GpioState),
        VMSTATE_UINT32_ARRAY(icr, Rt1176GpioState, 2),
        VMSTATE_UINT32(imr, Rt1176GpioState),
        VMSTATE_UINT32(isr, Rt1176GpioState),
        VMSTATE_UINT32(edge_sel, Rt1176GpioState),
        VMSTATE_UINT32(inputs, Rt1176GpioState),
        VMSTATE_UINT32(psr, Rt1176GpioState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property gpio_properties[] = {
    DEFINE_PROP_LINK("pads", Rt1176GpioState, pads, TYPE_RT1176_PADS,
                     Rt1176PadsState *),
    DEFINE_PROP_UINT8("port", Rt1176GpioState, port, 0),
};

static void gpio_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = gpio_realize;
    dc->vmsd = &vmstate_gpio;
    dc->desc = "i.MX RT1176 GPIO port";
    device_class_set_props(dc, gpio_properties);
    RESETTABLE_CLASS(klass)->phases.hold = gpio_reset_hold;
    RESETTABLE_CLASS(klass)->phases.exit = gpio_reset_exit;
}

static const TypeInfo gpio_types[] = {
    {
        .name = TYPE_RT1176_GPIO,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176GpioState),
        .instance_init = gpio_init,
        .class_init = gpio_class_init,
    },
};
DEFINE_TYPES(gpio_types)
