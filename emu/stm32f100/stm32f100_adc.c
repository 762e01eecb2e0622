/*
 * Analog-to-digital converter ADC1 of the STM32F100 (RM0041 10): registers and
 * triggers.  What they set in motion is in stm32f100_adc_converter.c.
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
#include "migration/vmstate.h"
#include "stm32f100_adc.h"
#include "stm32f100_adc_converter.h"
#include "stm32f100_adc_regs.h"
#include "stm32f100_bus.h"

#define CR1_WRITABLE 0x00c0ffff
#define CR2_WRITABLE 0x00fef90f
#define CR2_CALIBRATES (R_CR2_CAL_MASK | R_CR2_RSTCAL_MASK)
#define DATA_MASK 0xfff /* of HTR, LTR, JOFRx */
#define SOFTWARE_TRIGGER 7 /* of EXTSEL and JEXTSEL */

/* Channels that each of these has a field for (10.11.4, .5, .9 to .12). */
static const uint32_t smpr_writable[] = { 0x00ffffff, 0x3fffffff };
static const uint32_t sqr_writable[] = { 0x00ffffff, 0x3fffffff, 0x3fffffff };
#define JSQR_WRITABLE 0x003fffff

#define ON_CYCLES_BEFORE_CALIBRATION 2 /* 10.4 */

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static bool is_on(const Stm32f100AdcState *s)
{
    return s->cr2 & R_CR2_ADON_MASK;
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
        stm32f100_adc_sync(s);
        stm32f100_adc_start_regular(s);
        stm32f100_adc_arm(s);
    }
}

static void jtrigger(void *opaque, int n, int level)
{
    Stm32f100AdcState *s = opaque;

    if (has_risen(&s->injected, n, level) && clock_is_enabled(s->clk) &&
        is_on(s) && s->cr2 & R_CR2_JEXTTRIG_MASK &&
        FIELD_EX32(s->cr2, CR2, JEXTSEL) == n) {
        stm32f100_adc_sync(s);
        stm32f100_adc_start_injected(s);
        stm32f100_adc_arm(s);
    }
}

/* ---- registers ---- */

/* Timers need not work out events that nobody waits for. */
static void update_wanted(Stm32f100AdcState *s)
{
    bool regular = is_on(s) && s->cr2 & R_CR2_EXTTRIG_MASK;
    bool injected = is_on(s) && s->cr2 & R_CR2_JEXTTRIG_MASK;

    for (unsigned n = 0; n < STM32F100_ADC_TRIGGERS; n++) {
        qemu_set_irq(s->wanted[n],
                     regular && FIELD_EX32(s->cr2, CR2, EXTSEL) == n);
        qemu_set_irq(s->jwanted[n],
                     injected && FIELD_EX32(s->cr2, CR2, JEXTSEL) == n);
    }
}

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
        stm32f100_adc_start_injected(s);
    } else if (injected) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-adc: JSWSTART starts nothing"
                      " without ADON, JEXTTRIG and JEXTSEL=7\n");
    }
    if (regular && is_on(s) && s->cr2 & R_CR2_EXTTRIG_MASK &&
        FIELD_EX32(s->cr2, CR2, EXTSEL) == SOFTWARE_TRIGGER) {
        s->cr2 &= ~R_CR2_SWSTART_MASK;
        stm32f100_adc_start_regular(s);
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
        stm32f100_adc_begin_next(s);
    }
    if (is_on(s) && !changed) {
        stm32f100_adc_start_regular(s);
    }
    software_start(s);
    update_wanted(s);
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
    if (stm32f100_adc_converts(s, injected)) {
        stm32f100_adc_begin_next(s);
    }
}

static uint32_t dr_read(Stm32f100AdcState *s)
{
    s->sr &= ~R_SR_EOC_MASK;
    s->dma_request = false;
    stm32f100_adc_update_outputs(s);
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
    stm32f100_adc_sync(s);
    return stm32f100_bus_read(adc_read_word(s, addr & ~3), addr, size);
}

static void adc_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100AdcState *s = opaque;

    if (adc_clocked(s, "write")) {
        stm32f100_adc_sync(s);
        adc_write_word(s, addr & ~3, stm32f100_apb_write(data, size));
        stm32f100_adc_update_outputs(s);
        stm32f100_adc_arm(s);
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

    stm32f100_adc_update_outputs(s);
    update_wanted(s);
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
    qdev_init_gpio_out_named(dev, s->wanted, "trigger-wanted",
                             STM32F100_ADC_TRIGGERS);
    qdev_init_gpio_out_named(dev, s->jwanted, "jtrigger-wanted",
                             STM32F100_ADC_TRIGGERS);
    qdev_init_gpio_out_named(dev, &s->dma, "dma", 1);
    s->clk = qdev_init_clock_in(dev, "clk", stm32f100_adc_clock_changed, s,
                                ClockPreUpdate | ClockUpdate);
    s->pclk2 = qdev_init_clock_in(dev, "pclk2", NULL, NULL, 0);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, stm32f100_adc_phase_over, s);
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
