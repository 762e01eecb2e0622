/*
 * Digital-to-analog converter of the STM32F100 (RM0041 11): two channels, their
 * triggers, noise and triangle generators and DMA requests.
 *
 * A value takes one cycle of PCLK1 from DHR to DOR, or three after a hardware
 * trigger; the QEMUTimer is armed for that where it shows on a pin or asks for
 * DMA.
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
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "stm32f100_bus.h"
#include "stm32f100_dac.h"

REG32(CR, 0x00) /* the fields of channel 1; those of channel 2 are 16 higher */
    FIELD(CR, EN, 0, 1)
    FIELD(CR, BOFF, 1, 1)
    FIELD(CR, TEN, 2, 1)
    FIELD(CR, TSEL, 3, 3)
    FIELD(CR, WAVE, 6, 2)
    FIELD(CR, MAMP, 8, 4)
    FIELD(CR, DMAEN, 12, 1)
    FIELD(CR, DMAUDRIE, 13, 1)
REG32(SWTRIGR, 0x04)
REG32(DHR12R1, 0x08)
REG32(DHR12L1, 0x0c)
REG32(DHR8R1, 0x10)
REG32(DHR12R2, 0x14)
REG32(DHR12L2, 0x18)
REG32(DHR8R2, 0x1c)
REG32(DHR12RD, 0x20)
REG32(DHR12LD, 0x24)
REG32(DHR8RD, 0x28)
REG32(DOR1, 0x2c)
REG32(DOR2, 0x30)
REG32(SR, 0x34)
    FIELD(SR, DMAUDR, 13, 1) /* of channel 1; of channel 2 16 higher */

#define CR_CHANNEL_MASK 0x3fff
#define SOFTWARE_TRIGGER 7 /* TSELx */
enum { WAVE_NONE, WAVE_NOISE }; /* other values of WAVEx: triangle */

#define MAX_CODE 4095
#define LFSR_RESET 0xaaa
#define MAMP_MAX 11

#define SOFTWARE_CYCLES 1 /* of PCLK1, from DHR to DOR */
#define TRIGGER_CYCLES 3

/* The output buffer comes no closer to the rails (datasheet, 5.3.18). */
#define BUFFER_MARGIN_UV 200000

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

/* CR of channel @n, at the places of channel 1 */
static uint32_t cr_of(const Stm32f100DacState *s, unsigned n)
{
    return extract32(s->cr, 16 * n, 16);
}

static bool has_underrun(const Stm32f100DacState *s, unsigned n)
{
    return s->sr & (R_SR_DMAUDR_MASK << (16 * n));
}

static void update_irq(Stm32f100DacState *s)
{
    /* DMAUDRIE is where DMAUDR is */
    qemu_set_irq(s->irq, (s->sr & s->cr) != 0);
}

/* ---- output (11.3.2, 11.3.5) ---- */

static int32_t output_uv(const Stm32f100DacState *s, unsigned n)
{
    int32_t uv = (int64_t)s->vdda_uv * s->channel[n].dor / MAX_CODE;

    if (!(cr_of(s, n) & R_CR_EN_MASK)) {
        return -1;
    }
    if (!(cr_of(s, n) & R_CR_BOFF_MASK)) {
        uv = MIN(MAX(uv, BUFFER_MARGIN_UV), s->vdda_uv - BUFFER_MARGIN_UV);
    }
    return uv;
}

static void update_output(Stm32f100DacState *s, unsigned n)
{
    int32_t uv = output_uv(s, n);

    if (s->channel[n].out_uv != uv) {
        s->channel[n].out_uv = uv;
        qemu_set_irq(s->out[n], uv);
    }
}

/* ---- waves (11.3.8, 11.3.9) ---- */

/* MAMPx: bits of noise less one, and the triangle's top likewise. */
static uint32_t amplitude(const Stm32f100DacState *s, unsigned n)
{
    unsigned mamp = FIELD_EX32(cr_of(s, n), CR, MAMP);

    return MAKE_64BIT_MASK(0, MIN(mamp, MAMP_MAX) + 1);
}

/* What is added to DHR. */
static uint32_t wave_value(const Stm32f100DacState *s, unsigned n)
{
    const Stm32f100DacChannel *c = &s->channel[n];

    switch (FIELD_EX32(cr_of(s, n), CR, WAVE)) {
    case WAVE_NONE:
        return 0;
    case WAVE_NOISE:
        return c->lfsr & amplitude(s, n);
    default:
        return c->triangle;
    }
}

/*
 * X^12 + X^6 + X^4 + X + 1: X^12 goes in at bit 11, X^0 is bit 0.  From its
 * reset value it never gets to 0, where the part would inject a one.
 */
static void step_noise(Stm32f100DacChannel *c)
{
    uint32_t in = ctpop32(c->lfsr & 0x053) & 1;

    c->lfsr = c->lfsr >> 1 | in << 11;
}

static void step_triangle(Stm32f100DacChannel *c, uint32_t top)
{
    if (c->triangle >= top) {
        c->falling = true;
    } else if (c->triangle == 0) {
        c->falling = false;
    }
    c->triangle += c->falling ? -1 : 1;
}

static void step_wave(Stm32f100DacState *s, unsigned n)
{
    switch (FIELD_EX32(cr_of(s, n), CR, WAVE)) {
    case WAVE_NONE:
        break;
    case WAVE_NOISE:
        step_noise(&s->channel[n]);
        break;
    default:
        step_triangle(&s->channel[n], amplitude(s, n));
        break;
    }
}

static void reset_wave(Stm32f100DacChannel *c)
{
    c->lfsr = LFSR_RESET;
    c->triangle = 0;
    c->falling = false;
}

/* ---- from DHR to DOR ---- */

/* What is on its way to DOR arrives. */
static void arrive(Stm32f100DacState *s, unsigned n)
{
    Stm32f100DacChannel *c = &s->channel[n];

    c->pending = false;
    c->dor = c->dhr;
    if (c->triggered) {
        c->dor = MIN(c->dhr + wave_value(s, n), MAX_CODE);
        step_wave(s, n);
    }
    update_output(s, n);
    qemu_set_irq(s->dma[n], c->requested);
}

static void run(Stm32f100DacState *s)
{
    int64_t next_ns = INT64_MAX;

    for (unsigned n = 0; n < STM32F100_DAC_CHANNELS; n++) {
        const Stm32f100DacChannel *c = &s->channel[n];

        if (c->pending && c->due_ns <= now_ns()) {
            arrive(s, n);
        }
        if (c->pending && (c->requested || cr_of(s, n) & R_CR_EN_MASK)) {
            next_ns = MIN(next_ns, c->due_ns);
        }
    }
    if (next_ns == INT64_MAX) {
        timer_del(s->timer);
    } else {
        timer_mod(s->timer, next_ns);
    }
}

static void arrival_due(void *opaque)
{
    run(opaque);
}

/*
 * DHR is to be in DOR @cycles later.  On the part, what was sent before has
 * arrived by then, since accesses take cycles of the APB.
 */
static void depart(Stm32f100DacState *s, unsigned n, unsigned cycles,
                   bool triggered)
{
    Stm32f100DacChannel *c = &s->channel[n];
    /* periods are rounded up to 2^-32 ns: whole ns must stay whole */
    uint64_t round_up = UINT32_MAX - 0xffff;

    if (c->pending) {
        arrive(s, n);
    }
    c->pending = true;
    c->triggered = triggered;
    c->due_ns = now_ns() + ((clock_get(s->clk) * cycles + round_up) >> 32);
}

/* A trigger before the DMA has acknowledged the last one is lost (11.3.7). */
static void request_dma(Stm32f100DacState *s, unsigned n)
{
    if (!(cr_of(s, n) & R_CR_DMAEN_MASK) || has_underrun(s, n)) {
        return;
    }
    if (s->channel[n].requested) {
        s->sr |= R_SR_DMAUDR_MASK << (16 * n);
        update_irq(s);
    }
    s->channel[n].requested = true;
}

static bool listens_to(const Stm32f100DacState *s, unsigned n, unsigned tsel)
{
    return cr_of(s, n) & R_CR_TEN_MASK &&
           FIELD_EX32(cr_of(s, n), CR, TSEL) == tsel;
}

static void trigger(void *opaque, int tsel, int level)
{
    Stm32f100DacState *s = opaque;
    bool was_high = extract32(s->trigger_levels, tsel, 1);

    s->trigger_levels = deposit32(s->trigger_levels, tsel, 1, level != 0);
    if (!level || was_high || !clock_is_enabled(s->clk)) {
        return;
    }
    run(s);
    for (unsigned n = 0; n < STM32F100_DAC_CHANNELS; n++) {
        if (listens_to(s, n, tsel)) {
            depart(s, n, TRIGGER_CYCLES, true);
            request_dma(s, n);
        }
    }
    run(s);
}

static void acknowledge(void *opaque, int n, int level)
{
    Stm32f100DacState *s = opaque;

    if (level) {
        s->channel[n].requested = false;
        qemu_set_irq(s->dma[n], 0);
    }
}

static void set_vdda(void *opaque, int n, int uv)
{
    Stm32f100DacState *s = opaque;

    run(s);
    s->vdda_uv = uv;
    for (unsigned i = 0; i < STM32F100_DAC_CHANNELS; i++) {
        update_output(s, i);
    }
}

/* ---- registers ---- */

/* TSELx keeps its value while ENx is set (11.3.6). */
static uint32_t accepted_cr(uint32_t old, uint32_t value, unsigned n)
{
    uint32_t changed = old ^ value;

    if (!(old & value & R_CR_EN_MASK)) {
        return value;
    }
    if (changed & (R_CR_WAVE_MASK | R_CR_MAMP_MASK)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dac: WAVE%u or MAMP%u is"
                      " changed while EN%u is set\n", n + 1, n + 1, n + 1);
    }
    if (changed & R_CR_TSEL_MASK) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dac: TSEL%u cannot be changed"
                      " while EN%u is set\n", n + 1, n + 1);
        value = (value & ~R_CR_TSEL_MASK) | (old & R_CR_TSEL_MASK);
    }
    return value;
}

static void cr_write(Stm32f100DacState *s, uint32_t value)
{
    for (unsigned n = 0; n < STM32F100_DAC_CHANNELS; n++) {
        uint32_t cr = accepted_cr(cr_of(s, n), extract32(value, 16 * n, 16) &
                                  CR_CHANNEL_MASK, n);

        s->cr = deposit32(s->cr, 16 * n, 16, cr);
        if (FIELD_EX32(cr, CR, WAVE) == WAVE_NONE) {
            reset_wave(&s->channel[n]);
        }
        if (!(cr & R_CR_DMAEN_MASK)) {
            s->channel[n].requested = false;
            qemu_set_irq(s->dma[n], 0);
        }
        update_output(s, n);
    }
    update_irq(s);
}

static void swtrigr_write(Stm32f100DacState *s, uint32_t value)
{
    for (unsigned n = 0; n < STM32F100_DAC_CHANNELS; n++) {
        if (!extract32(value, n, 1)) {
            continue;
        }
        if (listens_to(s, n, SOFTWARE_TRIGGER)) {
            depart(s, n, SOFTWARE_CYCLES, true);
        } else {
            qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dac: SWTRIG%u does"
                          " nothing without TEN%u and TSEL%u=7\n", n + 1,
                          n + 1, n + 1);
        }
    }
}

static void dhr_write(Stm32f100DacState *s, unsigned n, uint32_t code)
{
    s->channel[n].dhr = code & MAX_CODE;
    if (!(cr_of(s, n) & R_CR_TEN_MASK)) {
        depart(s, n, SOFTWARE_CYCLES, false);
    }
}

/*
 * The formats of the nine DHR registers (11.3.3): three for channel 1, three
 * for channel 2, three for both.  Positions of the bits written to DHRx.
 */
static const struct {
    uint8_t width;
    uint8_t shift[STM32F100_DAC_CHANNELS];
    bool has[STM32F100_DAC_CHANNELS];
} dhr_format[] = {
    { 12, { 0, 0 }, { true, false } },  { 12, { 4, 0 }, { true, false } },
    { 8, { 0, 0 }, { true, false } },   { 12, { 0, 0 }, { false, true } },
    { 12, { 0, 4 }, { false, true } },  { 8, { 0, 0 }, { false, true } },
    { 12, { 0, 16 }, { true, true } },  { 12, { 4, 20 }, { true, true } },
    { 8, { 0, 8 }, { true, true } },
};

static uint32_t dhr_register_read(const Stm32f100DacState *s, unsigned reg)
{
    unsigned width = dhr_format[reg].width;
    uint32_t value = 0;

    for (unsigned n = 0; n < STM32F100_DAC_CHANNELS; n++) {
        if (dhr_format[reg].has[n]) {
            value |= s->channel[n].dhr >> (12 - width)
                                              << dhr_format[reg].shift[n];
        }
    }
    return value;
}

static void dhr_register_write(Stm32f100DacState *s, unsigned reg,
                               uint32_t value)
{
    unsigned width = dhr_format[reg].width;

    for (unsigned n = 0; n < STM32F100_DAC_CHANNELS; n++) {
        if (dhr_format[reg].has[n]) {
            dhr_write(s, n, extract32(value, dhr_format[reg].shift[n], width)
                                << (12 - width));
        }
    }
}

static uint32_t dac_read_word(Stm32f100DacState *s, hwaddr addr)
{
    switch (addr) {
    case A_CR:
        return s->cr;
    case A_SWTRIGR:
        return 0; /* hardware has cleared it */
    case A_DHR12R1 ... A_DHR8RD:
        return dhr_register_read(s, (addr - A_DHR12R1) / 4);
    case A_DOR1:
    case A_DOR2:
        return s->channel[(addr - A_DOR1) / 4].dor;
    case A_SR:
        return s->sr;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dac: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

static void dac_write_word(Stm32f100DacState *s, hwaddr addr, uint32_t value)
{
    switch (addr) {
    case A_CR:
        cr_write(s, value);
        break;
    case A_SWTRIGR:
        swtrigr_write(s, value);
        break;
    case A_DHR12R1 ... A_DHR8RD:
        dhr_register_write(s, (addr - A_DHR12R1) / 4, value);
        break;
    case A_SR: /* rc_w1 */
        s->sr &= ~value;
        update_irq(s);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dac: write of offset 0x%"
                      HWADDR_PRIx ", which cannot be written\n", addr);
        break;
    }
}

static bool dac_clocked(const Stm32f100DacState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dac: %s while RCC does not"
                      " clock it\n", access);
        return false;
    }
    return true;
}

static uint64_t dac_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100DacState *s = opaque;

    if (!dac_clocked(s, "read")) {
        return 0;
    }
    run(s);
    return stm32f100_bus_read(dac_read_word(s, addr & ~3), addr, size);
}

static void dac_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100DacState *s = opaque;

    if (dac_clocked(s, "write")) {
        run(s);
        dac_write_word(s, addr & ~3, stm32f100_apb_write(data, size));
        run(s);
    }
}

static const MemoryRegionOps dac_ops = STM32F100_BUS_OPS(dac_read, dac_write);

/* ---- from outside ---- */

static void get_output(Object *obj, Visitor *v, const char *name, void *opaque,
                       Error **errp)
{
    Stm32f100DacState *s = STM32F100_DAC(obj);
    const Stm32f100DacChannel *c = &s->channel[(uintptr_t)opaque];
    int32_t uv;

    run(s);
    uv = c->out_uv;
    visit_type_int32(v, name, &uv, errp);
}

/* ---- life cycle ---- */

static void dac_reset_hold(Object *obj, ResetType type)
{
    Stm32f100DacState *s = STM32F100_DAC(obj);

    timer_del(s->timer);
    s->cr = 0;
    s->sr = 0;
    for (unsigned n = 0; n < STM32F100_DAC_CHANNELS; n++) {
        s->channel[n] = (Stm32f100DacChannel){
            .lfsr = LFSR_RESET,
            .out_uv = s->channel[n].out_uv,
        };
    }
}

static void dac_reset_exit(Object *obj, ResetType type)
{
    Stm32f100DacState *s = STM32F100_DAC(obj);

    update_irq(s);
    for (unsigned n = 0; n < STM32F100_DAC_CHANNELS; n++) {
        qemu_set_irq(s->dma[n], 0);
        update_output(s, n);
    }
}

static void dac_init(Object *obj)
{
    Stm32f100DacState *s = STM32F100_DAC(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &dac_ops, s, TYPE_STM32F100_DAC,
                          0x400);
    /* DMA answers a request at once, and writes DHR for it */
    s->iomem.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_out_named(dev, s->out, "out", STM32F100_DAC_CHANNELS);
    qdev_init_gpio_out_named(dev, s->dma, "dma", STM32F100_DAC_CHANNELS);
    qdev_init_gpio_in_named(dev, acknowledge, "acknowledge",
                            STM32F100_DAC_CHANNELS);
    qdev_init_gpio_in_named(dev, trigger, "trigger", STM32F100_DAC_TRIGGERS);
    qdev_init_gpio_in_named(dev, set_vdda, "vdda", 1);
    s->clk = qdev_init_clock_in(dev, "clk", NULL, NULL, 0);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, arrival_due, s);
    for (unsigned n = 0; n < STM32F100_DAC_CHANNELS; n++) {
        s->channel[n].out_uv = -1;
    }
}

static const VMStateDescription vmstate_channel = {
    .name = TYPE_STM32F100_DAC "/channel",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(dhr, Stm32f100DacChannel),
        VMSTATE_UINT32(dor, Stm32f100DacChannel),
        VMSTATE_UINT32(lfsr, Stm32f100DacChannel),
        VMSTATE_UINT32(triangle, Stm32f100DacChannel),
        VMSTATE_BOOL(falling, Stm32f100DacChannel),
        VMSTATE_BOOL(pending, Stm32f100DacChannel),
        VMSTATE_BOOL(triggered, Stm32f100DacChannel),
        VMSTATE_INT64(due_ns, Stm32f100DacChannel),
        VMSTATE_BOOL(requested, Stm32f100DacChannel),
        VMSTATE_INT32(out_uv, Stm32f100DacChannel),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_dac = {
    .name = TYPE_STM32F100_DAC,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100DacState),
        VMSTATE_TIMER_PTR(timer, Stm32f100DacState),
        VMSTATE_UINT32(cr, Stm32f100DacState),
        VMSTATE_UINT32(sr, Stm32f100DacState),
        VMSTATE_STRUCT_ARRAY(channel, Stm32f100DacState, STM32F100_DAC_CHANNELS,
                             1, vmstate_channel, Stm32f100DacChannel),
        VMSTATE_INT32(vdda_uv, Stm32f100DacState),
        VMSTATE_UINT8(trigger_levels, Stm32f100DacState),
        VMSTATE_END_OF_LIST()
    }
};

static void dac_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->vmsd = &vmstate_dac;
    rc->phases.hold = dac_reset_hold;
    rc->phases.exit = dac_reset_exit;
    object_class_property_add(klass, "out1-uv", "int32", get_output, NULL, NULL,
                              (void *)(uintptr_t)0);
    object_class_property_add(klass, "out2-uv", "int32", get_output, NULL, NULL,
                              (void *)(uintptr_t)1);
}

static const TypeInfo dac_types[] = {
    {
        .name = TYPE_STM32F100_DAC,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100DacState),
        .instance_init = dac_init,
        .class_init = dac_class_init,
    },
};
DEFINE_TYPES(dac_types)
