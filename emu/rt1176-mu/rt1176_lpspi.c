/*
 * LPSPI of the i.MX RT1176 (IMXRT1170RM, chapter "Low Power Serial Peripheral
 * Interface"): registers, FIFOs, interrupts and DMA requests.  Data words and
 * command words (TCR) go through one transmit FIFO; what happens on the lines
 * is in rt1176_lpspi_master.c and rt1176_lpspi_slave.c.  See
 * docs/devices/rt1176-lpspi.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "rt1176_lpspi_internal.h"

#define VERID_VALUE 0x01010004 /* 1.1, standard features */
#define PARAM_VALUE 0x00040404 /* 4 chip selects, FIFOs of 2^4 words */
#define CR_WRITABLE \
    (R_CR_MEN_MASK | R_CR_RST_MASK | R_CR_DOZEN_MASK | R_CR_DBGEN_MASK)
#define SR_W1C 0x3f00
#define IER_WRITABLE 0x3f03
#define DER_WRITABLE 0x3
#define CFGR0_WRITABLE 0x307
#define CFGR1_WRITABLE 0x0f070f0f
#define FCR_WRITABLE 0x000f000f
#define TCR_WRITABLE 0xfbff0fff
#define TCR_RESET 0x1f

/* ---- status ---- */

static bool is_busy(const Rt1176LpspiState *s)
{
    return s->phase != RT1176_LPSPI_IDLE || s->selected;
}

static uint32_t status(const Rt1176LpspiState *s)
{
    uint32_t sr = s->sr;

    sr = FIELD_DP32(sr, SR, TDF,
                    s->tx.count <= FIELD_EX32(s->fcr, FCR, TXWATER));
    sr = FIELD_DP32(sr, SR, RDF,
                    s->rx.count > FIELD_EX32(s->fcr, FCR, RXWATER));
    return FIELD_DP32(sr, SR, MBF, is_busy(s));
}

/* Interrupt first: a DMA request may be served before it returns. */
void lpspi_update(Rt1176LpspiState *s)
{
    qemu_set_irq(s->irq, (status(s) & s->ier) != 0);
    qemu_set_irq(s->dma[RT1176_LPSPI_DMA_RX],
                 FIELD_EX32(s->der, DER, RDDE) &&
                     FIELD_EX32(status(s), SR, RDF));
    qemu_set_irq(s->dma[RT1176_LPSPI_DMA_TX],
                 FIELD_EX32(s->der, DER, TDDE) &&
                     FIELD_EX32(status(s), SR, TDF));
}

/* ---- registers ---- */

static void reset_registers(Rt1176LpspiState *s)
{
    timer_del(s->timer);
    s->sr = s->ier = s->der = s->cfgr0 = s->cfgr1 = 0;
    s->dmr0 = s->dmr1 = s->ccr = s->fcr = 0;
    s->tcr = TCR_RESET;
    s->tx = s->rx = (Rt1176LpspiFifo){ 0 };
    s->stopping = false;
    s->phase = RT1176_LPSPI_IDLE;
    s->end_ns = 0;
    s->end_frac = 0;
    s->asserted = 0;
    s->bits_left = 0;
    s->word_bits = s->word_done = s->chunk = 0;
    s->shift_out = s->shift_in = 0;
    s->first_word = false;
    s->words = s->last_word = 0;
    s->selected = s->over = false;
    s->chain = 0;
}

static void check_configuration(const Rt1176LpspiState *s)
{
    if (!FIELD_EX32(s->cfgr1, CFGR1, MASTER) && !s->wired) {
        qemu_log_mask(LOG_UNIMP, "%s: slave mode, but no bus has this slave "
                      "(device rt1176-lpspi-slave)\n", s->spi);
    }
    if (s->cfgr0 & (R_CFGR0_HREN_MASK | R_CFGR0_CIRFIFO_MASK)) {
        qemu_log_mask(LOG_UNIMP, "%s: host request or circular FIFO "
                      "(CFGR0=0x%x)\n", s->spi, s->cfgr0);
    }
    if (FIELD_EX32(s->cfgr1, CFGR1, PINCFG)) {
        qemu_log_mask(LOG_UNIMP, "%s: PINCFG=%u\n", s->spi,
                      FIELD_EX32(s->cfgr1, CFGR1, PINCFG));
    }
    if (FIELD_EX32(s->cfgr1, CFGR1, MATCFG) == 1) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: MATCFG=1 is reserved\n", s->spi);
    }
}

static void write_cr(Rt1176LpspiState *s, uint32_t value)
{
    bool was_on = s->cr & R_CR_MEN_MASK;
    bool on = value & R_CR_MEN_MASK;

    if (value & R_CR_RST_MASK) {
        reset_registers(s);
        lpspi_negate_all(s);
        s->cr = value & CR_WRITABLE;
        return;
    }
    if (value & R_CR_RTF_MASK) {
        s->tx = (Rt1176LpspiFifo){ 0 };
    }
    if (value & R_CR_RRF_MASK) {
        s->rx = (Rt1176LpspiFifo){ 0 };
    }
    s->cr = value & CR_WRITABLE;
    s->stopping = was_on && !on && is_busy(s);
    if (s->stopping) {
        s->cr |= R_CR_MEN_MASK; /* until the transfer has ended */
    }
    if (on && !was_on) {
        check_configuration(s);
    }
}

/* CFGR1, the match registers and CCR are for a disabled module. */
static bool is_disabled(const Rt1176LpspiState *s, const char *name)
{
    if (s->cr & R_CR_MEN_MASK) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to %s while MEN is set\n",
                      s->spi, name);
        return false;
    }
    return true;
}

static void write_tx(Rt1176LpspiState *s, uint32_t word, bool command)
{
    if (lpspi_fifo_is_full(&s->tx)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to %s, but the transmit FIFO "
                      "is full\n", s->spi, command ? "TCR" : "TDR");
        return;
    }
    lpspi_fifo_push(&s->tx, word, command);
}

static uint32_t read_rdr(Rt1176LpspiState *s)
{
    uint32_t word;

    if (!s->rx.count) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: RDR is read, but the receive FIFO "
                      "is empty\n", s->spi);
        return 0;
    }
    word = lpspi_fifo_pop(&s->rx);
    lpspi_go_on(s);
    lpspi_update(s);
    return word;
}

static uint32_t read_rsr(const Rt1176LpspiState *s)
{
    const Rt1176LpspiWord *top = lpspi_fifo_top(&s->rx);

    return top ? FIELD_DP32(0, RSR, SOF, top->mark) : R_RSR_RXEMPTY_MASK;
}

static uint32_t read_word(Rt1176LpspiState *s, hwaddr addr)
{
    switch (addr) {
    case A_VERID:
        return VERID_VALUE;
    case A_PARAM:
        return PARAM_VALUE;
    case A_CR:
        return s->cr;
    case A_SR:
        return status(s);
    case A_IER:
        return s->ier;
    case A_DER:
        return s->der;
    case A_CFGR0:
        return s->cfgr0;
    case A_CFGR1:
        return s->cfgr1;
    case A_DMR0:
        return s->dmr0;
    case A_DMR1:
        return s->dmr1;
    case A_CCR:
        return s->ccr;
    case A_FCR:
        return s->fcr;
    case A_FSR:
        return FIELD_DP32(s->tx.count, FSR, RXCOUNT, s->rx.count);
    case A_TCR:
        return s->tcr;
    case A_RSR:
        return read_rsr(s);
    case A_RDR:
        return read_rdr(s);
    case A_TDR: /* write-only */
        return 0;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx
                      "\n", s->spi, addr);
        return 0;
    }
}

static uint64_t lpspi_read(void *opaque, hwaddr addr, unsigned size)
{
    return extract32(read_word(opaque, addr & ~3ull), 8 * (addr & 3), 8 * size);
}

static void write_configuration(Rt1176LpspiState *s, hwaddr addr,
                                uint32_t value)
{
    switch (addr) {
    case A_CFGR0:
        s->cfgr0 = value & CFGR0_WRITABLE;
        break;
    case A_CFGR1:
        if (is_disabled(s, "CFGR1")) {
            s->cfgr1 = value & CFGR1_WRITABLE;
            lpspi_negate_all(s);
        }
        break;
    case A_DMR0:
        if (is_disabled(s, "DMR0")) {
            s->dmr0 = value;
        }
        break;
    case A_DMR1:
        if (is_disabled(s, "DMR1")) {
            s->dmr1 = value;
        }
        break;
    case A_CCR:
        if (is_disabled(s, "CCR")) {
            s->ccr = value;
        }
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to 0x%" HWADDR_PRIx
                      " ignored\n", s->spi, addr);
    }
}

static void lpspi_write(void *opaque, hwaddr addr, uint64_t value64,
                        unsigned size)
{
    Rt1176LpspiState *s = opaque;
    uint32_t value = value64;

    /* DMA moves octets to and from the data registers */
    if (size < 4 && addr != A_TDR) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write of %u bytes to 0x%"
                      HWADDR_PRIx " ignored\n", s->spi, size, addr);
        return;
    }
    if ((s->cr & R_CR_RST_MASK) && addr != A_CR) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to 0x%" HWADDR_PRIx
                      " while CR[RST] holds it in reset\n", s->spi, addr);
        return;
    }
    switch (addr) {
    case A_CR:
        write_cr(s, value);
        break;
    case A_SR:
        s->sr &= ~(value & SR_W1C);
        break;
    case A_IER:
        s->ier = value & IER_WRITABLE;
        break;
    case A_DER:
        s->der = value & DER_WRITABLE;
        break;
    case A_FCR:
        s->fcr = value & FCR_WRITABLE;
        break;
    case A_TCR:
        write_tx(s, value & TCR_WRITABLE, true);
        break;
    case A_TDR:
        write_tx(s, value, false);
        break;
    default:
        write_configuration(s, addr, value);
        break;
    }
    lpspi_go_on(s);
    lpspi_update(s);
}

static const MemoryRegionOps lpspi_ops = {
    .read = lpspi_read,
    .write = lpspi_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 1,
    .valid.max_access_size = 4,
    .impl.min_access_size = 1,
    .impl.max_access_size = 4,
};

/* ---- device ---- */

static void clock_changed(void *opaque, ClockEvent event)
{
    Rt1176LpspiState *s = opaque;

    if (DEVICE(s)->realized) {
        lpspi_clock_changed(s);
        lpspi_update(s);
    }
}

static void lpspi_reset_hold(Object *obj, ResetType type)
{
    Rt1176LpspiState *s = RT1176_LPSPI(obj);

    s->cr = 0;
    reset_registers(s);
}

static void lpspi_reset_exit(Object *obj, ResetType type)
{
    Rt1176LpspiState *s = RT1176_LPSPI(obj);

    lpspi_negate_all(s);
    lpspi_update(s);
}

static void lpspi_init(Object *obj)
{
    Rt1176LpspiState *s = RT1176_LPSPI(obj);
    DeviceState *dev = DEVICE(obj);

    s->clk = qdev_init_clock_in(dev, "clk", clock_changed, s, ClockUpdate);
    memory_region_init_io(&s->iomem, obj, &lpspi_ops, s, TYPE_RT1176_LPSPI,
                          0x4000);
    /* an access may raise a DMA request whose transfer is an access to us */
    s->iomem.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_out_named(dev, s->dma, "dma", RT1176_LPSPI_DMA_REQUESTS);
    qdev_init_gpio_out_named(dev, s->pcs, "pcs", RT1176_LPSPI_CHIP_SELECTS);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, lpspi_phase_ended, s);
}

static void lpspi_realize(DeviceState *dev, Error **errp)
{
    Rt1176LpspiState *s = RT1176_LPSPI(dev);

    if (!s->spi) {
        error_setg(errp, "property 'spi' is not set");
        return;
    }
    if (!clock_has_source(s->clk)) {
        error_setg(errp, "%s: input clock 'clk' is not connected", s->spi);
        return;
    }
    s->peers = ssi_create_bus(dev, s->spi);
}

static const VMStateDescription vmstate_lpspi_word = {
    .name = "rt1176-lpspi-word",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(word, Rt1176LpspiWord),
        VMSTATE_BOOL(mark, Rt1176LpspiWord),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_lpspi_fifo = {
    .name = "rt1176-lpspi-fifo",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT_ARRAY(slot, Rt1176LpspiFifo, RT1176_LPSPI_FIFO_WORDS, 1,
                             vmstate_lpspi_word, Rt1176LpspiWord),
        VMSTATE_UINT8(first, Rt1176LpspiFifo),
        VMSTATE_UINT8(count, Rt1176LpspiFifo),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_lpspi = {
    .name = TYPE_RT1176_LPSPI,
    .version_id = 2,
    .minimum_version_id = 2,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Rt1176LpspiState),
        VMSTATE_TIMER_PTR(timer, Rt1176LpspiState),
        VMSTATE_UINT32(cr, Rt1176LpspiState),
        VMSTATE_UINT32(sr, Rt1176LpspiState),
        VMSTATE_UINT32(ier, Rt1176LpspiState),
        VMSTATE_UINT32(der, Rt1176LpspiState),
        VMSTATE_UINT32(cfgr0, Rt1176LpspiState),
        VMSTATE_UINT32(cfgr1, Rt1176LpspiState),
        VMSTATE_UINT32(dmr0, Rt1176LpspiState),
        VMSTATE_UINT32(dmr1, Rt1176LpspiState),
        VMSTATE_UINT32(ccr, Rt1176LpspiState),
        VMSTATE_UINT32(fcr, Rt1176LpspiState),
        VMSTATE_UINT32(tcr, Rt1176LpspiState),
        VMSTATE_STRUCT(tx, Rt1176LpspiState, 1, vmstate_lpspi_fifo,
                       Rt1176LpspiFifo),
        VMSTATE_STRUCT(rx, Rt1176LpspiState, 1, vmstate_lpspi_fifo,
                       Rt1176LpspiFifo),
        VMSTATE_BOOL(stopping, Rt1176LpspiState),
        VMSTATE_UINT8(phase, Rt1176LpspiState),
        VMSTATE_INT64(end_ns, Rt1176LpspiState),
        VMSTATE_UINT32(end_frac, Rt1176LpspiState),
        VMSTATE_UINT8(asserted, Rt1176LpspiState),
        VMSTATE_UINT16(bits_left, Rt1176LpspiState),
        VMSTATE_UINT8(word_bits, Rt1176LpspiState),
        VMSTATE_UINT8(word_done, Rt1176LpspiState),
        VMSTATE_UINT8(chunk, Rt1176LpspiState),
        VMSTATE_UINT32(shift_out, Rt1176LpspiState),
        VMSTATE_UINT32(shift_in, Rt1176LpspiState),
        VMSTATE_BOOL(first_word, Rt1176LpspiState),
        VMSTATE_UINT32(words, Rt1176LpspiState),
        VMSTATE_UINT32(last_word, Rt1176LpspiState),
        VMSTATE_BOOL(selected, Rt1176LpspiState),
        VMSTATE_BOOL(over, Rt1176LpspiState),
        VMSTATE_UINT32(chain, Rt1176LpspiState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property lpspi_properties[] = {
    DEFINE_PROP_STRING("spi", Rt1176LpspiState, spi),
};

static void lpspi_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = lpspi_realize;
    dc->vmsd = &vmstate_lpspi;
    dc->desc = "i.MX RT1176 LPSPI";
    device_class_set_props(dc, lpspi_properties);
    rc->phases.hold = lpspi_reset_hold;
    rc->phases.exit = lpspi_reset_exit;
}

static const TypeInfo lpspi_types[] = {
    {
        .name = TYPE_RT1176_LPSPI,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176LpspiState),
        .instance_init = lpspi_init,
        .class_init = lpspi_class_init,
    },
};
DEFINE_TYPES(lpspi_types)
