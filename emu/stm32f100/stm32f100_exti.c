/*
 * External interrupts of the STM32F100 (RM0041 8.2, registers 8.3).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "stm32f100_bus.h"
#include "stm32f100_exti.h"

REG32(IMR, 0x00)
REG32(EMR, 0x04)
REG32(RTSR, 0x08)
REG32(FTSR, 0x0c)
REG32(SWIER, 0x10)
REG32(PR, 0x14)

#define LINES_MASK MAKE_64BIT_MASK(0, STM32F100_EXTI_LINES)

/* Lines behind each interrupt, in the order of the sysbus interrupts. */
static const uint32_t irq_lines[STM32F100_EXTI_IRQS] = {
    1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4, /* EXTI0..EXTI4 */
    0x000003e0,                             /* EXTI9_5 */
    0x0000fc00,                             /* EXTI15_10 */
    1 << 16,                                /* PVD */
    1 << 17,                                /* RTCAlarm */
};

static void exti_update(Stm32f100ExtiState *s)
{
    bool clocked = clock_is_enabled(s->clk);

    for (unsigned n = 0; n < STM32F100_EXTI_IRQS; n++) {
        qemu_set_irq(s->irq[n],
                     clocked && (s->pr & s->imr & irq_lines[n]) != 0);
    }
    qemu_set_irq(s->any, s->pr != 0);
    qemu_set_irq(s->wakeup, (s->pr & s->imr) != 0 || s->rxev_due);
    if (clocked && s->rxev_due) {
        s->rxev_due = false;
        qemu_irq_pulse(s->rxev);
    }
}

/*
 * The edge detector, or SWIER, has seen something on @lines: PR is set whether
 * the interrupt is masked or not, the event passes if EMR lets it (8.2.5).
 */
static void detected(Stm32f100ExtiState *s, uint32_t lines)
{
    s->pr |= lines;
    for (uint32_t events = lines & s->emr; events; events &= events - 1) {
        qemu_irq_pulse(s->event[ctz32(events)]);
        s->rxev_due = true;
    }
}

static void set_line(void *opaque, int line, int level)
{
    Stm32f100ExtiState *s = opaque;
    uint32_t bit = 1u << line;

    if (!level == !(s->level & bit)) {
        return;
    }
    s->level ^= bit;
    if ((level ? s->rtsr : s->ftsr) & bit) {
        detected(s, bit);
        exti_update(s);
    }
}

static void clk_changes(void *opaque, ClockEvent event)
{
    exti_update(opaque);
}

static uint32_t exti_read_word(Stm32f100ExtiState *s, hwaddr addr)
{
    switch (addr) {
    case A_IMR:
        return s->imr;
    case A_EMR:
        return s->emr;
    case A_RTSR:
        return s->rtsr;
    case A_FTSR:
        return s->ftsr;
    case A_SWIER:
        return s->swier;
    case A_PR:
        return s->pr;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-exti: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

static uint64_t exti_read(void *opaque, hwaddr addr, unsigned size)
{
    return stm32f100_bus_read(exti_read_word(opaque, addr & ~3), addr, size);
}

static void exti_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100ExtiState *s = opaque;
    uint32_t value = stm32f100_apb_write(data, size) & LINES_MASK;

    switch (addr & ~3) {
    case A_IMR:
        s->imr = value;
        break;
    case A_EMR:
        s->emr = value;
        break;
    case A_RTSR:
        s->rtsr = value;
        break;
    case A_FTSR:
        s->ftsr = value;
        break;
    case A_SWIER: /* a bit that goes from 0 to 1 */
        detected(s, value & ~s->swier);
        s->swier |= value;
        break;
    case A_PR: /* clears SWIER, too */
        s->pr &= ~value;
        s->swier &= ~value;
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-exti: write of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return;
    }
    exti_update(s);
}

static const MemoryRegionOps exti_ops =
    STM32F100_BUS_OPS(exti_read, exti_write);

static void exti_reset_hold(Object *obj, ResetType type)
{
    Stm32f100ExtiState *s = STM32F100_EXTI(obj);

    s->imr = 0;
    s->emr = 0;
    s->rtsr = 0;
    s->ftsr = 0;
    s->swier = 0;
    s->pr = 0;
    s->rxev_due = false;
}

static void exti_reset_exit(Object *obj, ResetType type)
{
    exti_update(STM32F100_EXTI(obj));
}

static void exti_init(Object *obj)
{
    Stm32f100ExtiState *s = STM32F100_EXTI(obj);

    memory_region_init_io(&s->iomem, obj, &exti_ops, s, TYPE_STM32F100_EXTI,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    for (unsigned n = 0; n < STM32F100_EXTI_IRQS; n++) {
        sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq[n]);
    }
    s->clk = qdev_init_clock_in(DEVICE(obj), "clk", clk_changes, s,
                                ClockUpdate);
    qdev_init_gpio_out_named(DEVICE(obj), &s->wakeup, "wakeup", 1);
    qdev_init_gpio_out_named(DEVICE(obj), &s->rxev, "rxev", 1);
    qdev_init_gpio_out_named(DEVICE(obj), &s->any, "any", 1);
    qdev_init_gpio_in(DEVICE(obj), set_line, STM32F100_EXTI_LINES);
    qdev_init_gpio_out_named(DEVICE(obj), s->event, "event",
                             STM32F100_EXTI_LINES);
}

static const VMStateDescription vmstate_exti = {
    .name = TYPE_STM32F100_EXTI,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100ExtiState),
        VMSTATE_UINT32(imr, Stm32f100ExtiState),
        VMSTATE_UINT32(emr, Stm32f100ExtiState),
        VMSTATE_UINT32(rtsr, Stm32f100ExtiState),
        VMSTATE_UINT32(ftsr, Stm32f100ExtiState),
        VMSTATE_UINT32(swier, Stm32f100ExtiState),
        VMSTATE_UINT32(pr, Stm32f100ExtiState),
        VMSTATE_UINT32(level, Stm32f100ExtiState),
        VMSTATE_BOOL(rxev_due, Stm32f100ExtiState),
        VMSTATE_END_OF_LIST()
    }
};

static void exti_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->vmsd = &vmstate_exti;
    rc->phases.hold = exti_reset_hold;
    rc->phases.exit = exti_reset_exit;
}

static const TypeInfo exti_types[] = {
    {
        .name = TYPE_STM32F100_EXTI,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100ExtiState),
        .instance_init = exti_init,
        .class_init = exti_class_init,
    },
};
DEFINE_TYPES(exti_types)
