/*
 * STM32F100 DMA1 (RM0041 9)
 *
 * One transfer per request, as long as the request stands: the peripheral
 * takes it back when the transfer has given it what it wanted.  A transfer
 * takes DMA_TRANSFER_CYCLES of the AHB, in which no other begins; of several
 * requests the arbiter takes the highest priority, then the lowest channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "stm32f100_bus.h"
#include "stm32f100_dma.h"

REG32(ISR, 0x00)
REG32(IFCR, 0x04)
REG32(CCR, 0x00) /* of a channel */
    FIELD(CCR, EN, 0, 1)
    FIELD(CCR, TCIE, 1, 1)
    FIELD(CCR, HTIE, 2, 1)
    FIELD(CCR, TEIE, 3, 1)
    FIELD(CCR, DIR, 4, 1)
    FIELD(CCR, CIRC, 5, 1)
    FIELD(CCR, PINC, 6, 1)
    FIELD(CCR, MINC, 7, 1)
    FIELD(CCR, PSIZE, 8, 2)
    FIELD(CCR, MSIZE, 10, 2)
    FIELD(CCR, PL, 12, 2)
    FIELD(CCR, MEM2MEM, 14, 1)
REG32(CNDTR, 0x04)
REG32(CPAR, 0x08)
REG32(CMAR, 0x0c)

#define CHANNELS_AT 0x08
#define CHANNEL_STEP 0x14
#define CCR_WRITABLE 0x7fff

/* Flags of a channel in ISR, 4 bits each (9.4.1); IE bits of CCR line up. */
#define FLAG_GIF 1u
#define FLAG_TCIF 2u
#define FLAG_HTIF 4u
#define FLAG_TEIF 8u
#define CCR_ENABLES (R_CCR_TCIE_MASK | R_CCR_HTIE_MASK | R_CCR_TEIE_MASK)

/*
 * Arbitration, address computation, read, write (9.3.2).  The manual gives no
 * sum for them; this one is assumed (docs/devices/stm32f100-dma.md).
 */
#define DMA_TRANSFER_CYCLES 5

/*
 * Sources of each channel that are events: a bit per source.  Their peripheral
 * has no flag that a transfer would clear; the DMA's acknowledge ends them.
 */
static const uint16_t event_sources[STM32F100_DMA_CHANNELS] = {
    0x0006, 0x001c, 0x007c, 0x01f8, 0x03f8, 0x01fc, 0x007c
};

static uint32_t flags_of(const Stm32f100DmaState *s, unsigned i)
{
    return (s->isr >> (4 * i)) & 0xf;
}

static void update_irq(Stm32f100DmaState *s, unsigned i)
{
    qemu_set_irq(s->irq[i], (flags_of(s, i) & s->channel[i].ccr &
                             CCR_ENABLES) != 0);
}

static void raise_flag(Stm32f100DmaState *s, unsigned i, uint32_t flag)
{
    s->isr |= (flag | FLAG_GIF) << (4 * i);
    update_irq(s, i);
}

static bool wants(const Stm32f100DmaChannel *c)
{
    return (c->ccr & R_CCR_EN_MASK) && c->cndtr &&
           (c->requests || (c->ccr & R_CCR_MEM2MEM_MASK));
}

/* The channel that is served next, or -1 (9.3.2 arbiter). */
static int arbitrate(const Stm32f100DmaState *s)
{
    int best = -1;

    for (int i = 0; i < STM32F100_DMA_CHANNELS; i++) {
        if (wants(&s->channel[i]) &&
            (best < 0 || FIELD_EX32(s->channel[i].ccr, CCR, PL) >
                             FIELD_EX32(s->channel[best].ccr, CCR, PL))) {
            best = i;
        }
    }
    return best;
}

static unsigned size_of(uint32_t field)
{
    return field == 0 ? 1 : field == 1 ? 2 : 4; /* 3 is reserved */
}

/*
 * Move one item.  The wider side gets zeros, the narrower one the low part
 * (9.3.4, programmable data width).
 */
static MemTxResult move(const Stm32f100DmaChannel *c)
{
    unsigned psize = size_of(FIELD_EX32(c->ccr, CCR, PSIZE));
    unsigned msize = size_of(FIELD_EX32(c->ccr, CCR, MSIZE));
    hwaddr p = c->cpar + (c->ccr & R_CCR_PINC_MASK ? c->done * psize : 0);
    hwaddr m = c->cmar + (c->ccr & R_CCR_MINC_MASK ? c->done * msize : 0);
    bool from_memory = c->ccr & R_CCR_DIR_MASK;
    uint8_t item[4] = { 0 };
    MemTxResult result;

    p &= ~(hwaddr)(psize - 1);
    m &= ~(hwaddr)(msize - 1);
    result = address_space_read(&address_space_memory, from_memory ? m : p,
                                MEMTXATTRS_UNSPECIFIED, item,
                                from_memory ? msize : psize);
    if (result != MEMTX_OK) {
        return result;
    }
    return address_space_write(&address_space_memory, from_memory ? p : m,
                               MEMTXATTRS_UNSPECIFIED, item,
                               from_memory ? psize : msize);
}

/* Those who have asked for the last transfer hear what is left (22.3.7). */
static void tell_items_left(Stm32f100DmaState *s, unsigned i, uint32_t asked)
{
    qemu_irq *told = s->channel[i].cndtr == 1 ? s->last : s->end;

    if (s->channel[i].cndtr > 1) {
        return;
    }
    for (; asked; asked &= asked - 1) {
        qemu_irq_pulse(told[STM32F100_DMA_REQUEST(i + 1, ctz32(asked))]);
    }
}

static void transfer(Stm32f100DmaState *s, unsigned i)
{
    Stm32f100DmaChannel *c = &s->channel[i];
    uint32_t asked = c->requests;

    if (move(c) != MEMTX_OK) {
        /* a bus error disables the channel (9.3.5) */
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dma: bus error in channel "
                      "%u (CPAR 0x%08x CMAR 0x%08x)\n", i + 1, c->cpar,
                      c->cmar);
        c->ccr &= ~R_CCR_EN_MASK;
        raise_flag(s, i, FLAG_TEIF);
        return;
    }
    c->cndtr--;
    c->done++;
    tell_items_left(s, i, asked);
    if (c->done == c->reload / 2) {
        raise_flag(s, i, FLAG_HTIF);
    }
    if (c->cndtr == 0) {
        if ((c->ccr & R_CCR_CIRC_MASK) && !(c->ccr & R_CCR_MEM2MEM_MASK)) {
            c->cndtr = c->reload;
            c->done = 0;
        }
        raise_flag(s, i, FLAG_TCIF);
    }
}

/* The channel's events have been served by the transfer that begins now. */
static void acknowledge_events(Stm32f100DmaState *s, unsigned i)
{
    uint32_t served = s->channel[i].requests & event_sources[i];

    s->channel[i].requests &= ~served;
    for (; served; served &= served - 1) {
        unsigned n = STM32F100_DMA_REQUEST(i + 1, ctz32(served));

        if (n == STM32F100_DMA_TIM1_CH1_REMAPPED) {
            n = STM32F100_DMA_TIM1_CH1;
        } else if (n == STM32F100_DMA_TIM1_CH2_REMAPPED) {
            n = STM32F100_DMA_TIM1_CH2;
        }
        qemu_irq_pulse(s->acknowledge[n]);
    }
}

/* Serve requests until the bus is taken or nobody wants anything. */
static void serve(Stm32f100DmaState *s)
{
    int i;

    if (s->serving || !clock_is_enabled(s->clk)) {
        return; /* a transfer has made a request: the loop below sees it */
    }
    s->serving = true;
    while ((i = arbitrate(s)) >= 0) {
        int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

        if (now < s->free_at_ns) {
            timer_mod(s->timer, s->free_at_ns);
            break;
        }
        s->free_at_ns = now + clock_ticks_to_ns(s->clk, DMA_TRANSFER_CYCLES);
        acknowledge_events(s, i);
        transfer(s, i);
    }
    s->serving = false;
}

static void bus_free(void *opaque)
{
    serve(opaque);
}

static void clock_changed(void *opaque, ClockEvent event)
{
    serve(opaque);
}

static void request(void *opaque, int n, int level)
{
    Stm32f100DmaState *s = opaque;
    Stm32f100DmaChannel *c;
    uint32_t bit;

    if (s->tim1_remap && n == STM32F100_DMA_TIM1_CH1) {
        n = STM32F100_DMA_TIM1_CH1_REMAPPED;
    } else if (s->tim1_remap && n == STM32F100_DMA_TIM1_CH2) {
        n = STM32F100_DMA_TIM1_CH2_REMAPPED;
    }
    c = &s->channel[n / STM32F100_DMA_SOURCES];
    bit = 1u << (n % STM32F100_DMA_SOURCES);
    if (level) {
        c->requests |= bit;
        serve(s);
    } else if (!(event_sources[n / STM32F100_DMA_SOURCES] & bit)) {
        c->requests &= ~bit;
    }
}

static void set_tim1_remap(void *opaque, int n, int level)
{
    Stm32f100DmaState *s = opaque;

    s->tim1_remap = level;
}

static Stm32f100DmaChannel *channel_at(Stm32f100DmaState *s, hwaddr addr,
                                       unsigned *i, hwaddr *reg)
{
    if (addr < CHANNELS_AT) {
        return NULL;
    }
    *i = (addr - CHANNELS_AT) / CHANNEL_STEP;
    *reg = (addr - CHANNELS_AT) % CHANNEL_STEP;
    return *i < STM32F100_DMA_CHANNELS && *reg <= A_CMAR ? &s->channel[*i]
                                                         : NULL;
}

static uint32_t read_word(Stm32f100DmaState *s, hwaddr addr)
{
    Stm32f100DmaChannel *c;
    unsigned i;
    hwaddr reg;

    if (addr == A_ISR) {
        return s->isr;
    }
    if (addr == A_IFCR) {
        return 0;
    }
    c = channel_at(s, addr, &i, &reg);
    if (!c) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dma: read of reserved offset "
                      "0x%" HWADDR_PRIx "\n", addr);
        return 0;
    }
    switch (reg) {
    case A_CCR:
        return c->ccr;
    case A_CNDTR:
        return c->cndtr;
    case A_CPAR:
        return c->cpar;
    default:
        return c->cmar;
    }
}

static bool dma_clocked(const Stm32f100DmaState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dma: %s while RCC does not "
                      "clock it\n", access);
        return false;
    }
    return true;
}

static uint64_t dma_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100DmaState *s = opaque;

    if (!dma_clocked(s, "read")) {
        return 0;
    }
    return stm32f100_bus_read(read_word(s, addr & ~3), addr, size);
}

/* 1 clears; CGIF clears all four flags of its channel (9.4.2). */
static void clear_flags(Stm32f100DmaState *s, uint32_t value)
{
    for (unsigned i = 0; i < STM32F100_DMA_CHANNELS; i++) {
        uint32_t clear = (value >> (4 * i)) & 0xf;
        uint32_t flags = flags_of(s, i);

        flags &= clear & FLAG_GIF ? 0 : ~clear;
        if (!(flags & ~FLAG_GIF)) {
            flags = 0;
        }
        s->isr = (s->isr & ~(0xfu << (4 * i))) | flags << (4 * i);
        update_irq(s, i);
    }
}

static void write_ccr(Stm32f100DmaState *s, unsigned i, uint32_t value)
{
    Stm32f100DmaChannel *c = &s->channel[i];

    if ((value & R_CCR_EN_MASK) && !(c->ccr & R_CCR_EN_MASK)) {
        c->done = 0;
    }
    c->ccr = value & CCR_WRITABLE;
    update_irq(s, i);
    serve(s);
}

static void write_word(Stm32f100DmaState *s, hwaddr addr, uint32_t value)
{
    Stm32f100DmaChannel *c;
    unsigned i;
    hwaddr reg;

    if (addr == A_ISR || addr == A_IFCR) {
        if (addr == A_IFCR) {
            clear_flags(s, value);
        }
        return;
    }
    c = channel_at(s, addr, &i, &reg);
    if (!c) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dma: write to reserved "
                      "offset 0x%" HWADDR_PRIx "\n", addr);
        return;
    }
    if (reg == A_CCR) {
        write_ccr(s, i, value);
        return;
    }
    if (c->ccr & R_CCR_EN_MASK) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dma: channel %u is enabled, "
                      "offset 0x%" HWADDR_PRIx " is read-only\n", i + 1, addr);
        return;
    }
    switch (reg) {
    case A_CNDTR:
        c->cndtr = c->reload = value & 0xffff;
        break;
    case A_CPAR:
        c->cpar = value;
        break;
    case A_CMAR:
        c->cmar = value;
        break;
    }
}

static void dma_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100DmaState *s = opaque;
    hwaddr word = addr & ~3;

    if (dma_clocked(s, "write")) {
        uint32_t old = word == A_IFCR ? 0 : read_word(s, word);

        write_word(s, word, stm32f100_ahb_write(old, addr, data, size));
    }
}

static const MemoryRegionOps dma_ops = STM32F100_BUS_OPS(dma_read, dma_write);

static void dma_reset_hold(Object *obj, ResetType type)
{
    Stm32f100DmaState *s = STM32F100_DMA(obj);

    for (unsigned i = 0; i < STM32F100_DMA_CHANNELS; i++) {
        uint32_t requests = s->channel[i].requests & ~event_sources[i];

        /* levels are the peripherals' to take back, events are forgotten */
        s->channel[i] = (Stm32f100DmaChannel){ .requests = requests };
    }
    s->isr = 0;
    s->free_at_ns = 0;
    timer_del(s->timer);
}

static void dma_reset_exit(Object *obj, ResetType type)
{
    for (unsigned i = 0; i < STM32F100_DMA_CHANNELS; i++) {
        update_irq(STM32F100_DMA(obj), i);
    }
}

static void dma_init(Object *obj)
{
    Stm32f100DmaState *s = STM32F100_DMA(obj);

    memory_region_init_io(&s->mmio, obj, &dma_ops, s, TYPE_STM32F100_DMA,
                          0x400);
    /* a channel may move data between its own registers: its own business */
    s->mmio.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    for (unsigned i = 0; i < STM32F100_DMA_CHANNELS; i++) {
        sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq[i]);
    }
    qdev_init_gpio_in_named(DEVICE(obj), request, "request",
                            STM32F100_DMA_REQUESTS);
    qdev_init_gpio_in_named(DEVICE(obj), set_tim1_remap, "tim1-remap", 1);
    qdev_init_gpio_out_named(DEVICE(obj), s->acknowledge, "acknowledge",
                             STM32F100_DMA_REQUESTS);
    qdev_init_gpio_out_named(DEVICE(obj), s->last, "last",
                             STM32F100_DMA_REQUESTS);
    qdev_init_gpio_out_named(DEVICE(obj), s->end, "end",
                             STM32F100_DMA_REQUESTS);
    s->clk = qdev_init_clock_in(DEVICE(obj), "clk", clock_changed, s,
                                ClockUpdate);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, bus_free, s);
}

static const VMStateDescription vmstate_channel = {
    .name = "stm32f100-dma/channel",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(ccr, Stm32f100DmaChannel),
        VMSTATE_UINT32(cndtr, Stm32f100DmaChannel),
        VMSTATE_UINT32(cpar, Stm32f100DmaChannel),
        VMSTATE_UINT32(cmar, Stm32f100DmaChannel),
        VMSTATE_UINT32(reload, Stm32f100DmaChannel),
        VMSTATE_UINT32(done, Stm32f100DmaChannel),
        VMSTATE_UINT32(requests, Stm32f100DmaChannel),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_dma = {
    .name = TYPE_STM32F100_DMA,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100DmaState),
        VMSTATE_TIMER_PTR(timer, Stm32f100DmaState),
        VMSTATE_STRUCT_ARRAY(channel, Stm32f100DmaState, STM32F100_DMA_CHANNELS,
                             1, vmstate_channel, Stm32f100DmaChannel),
        VMSTATE_UINT32(isr, Stm32f100DmaState),
        VMSTATE_INT64(free_at_ns, Stm32f100DmaState),
        VMSTATE_BOOL(tim1_remap, Stm32f100DmaState),
        VMSTATE_END_OF_LIST()
    }
};

static void dma_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    ResettableClass *rc = RESETTABLE_CLASS(oc);

    dc->vmsd = &vmstate_dma;
    rc->phases.hold = dma_reset_hold;
    rc->phases.exit = dma_reset_exit;
}

static const TypeInfo dma_types[] = {
    {
        .name = TYPE_STM32F100_DMA,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100DmaState),
        .instance_init = dma_init,
        .class_init = dma_class_init,
    },
};

DEFINE_TYPES(dma_types)
