/*
 * LPI2C of the i.MX RT1176 (IMXRT1170RM, chapter "Low Power Inter-Integrated
 * Circuit"): the master's registers and FIFOs, interrupts and DMA requests.
 * Commands and data go through one transmit FIFO; what happens on the lines is
 * in rt1176_lpi2c_master.c, the slave in rt1176_lpi2c_slave.c.  See
 * docs/devices/rt1176-lpi2c.md.
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
#include "rt1176_lpi2c_internal.h"

#define VERID_VALUE 0x01010003 /* 1.1, master and slave */
#define PARAM_VALUE 0x00000202 /* FIFOs of 2^2 words */
#define MCR_WRITABLE \
    (R_MCR_MEN_MASK | R_MCR_RST_MASK | R_MCR_DOZEN_MASK | R_MCR_DBGEN_MASK)
#define MSR_W1C 0x7f00
#define MIER_WRITABLE 0x7f03
#define MDER_WRITABLE 0x3
#define MDMR_WRITABLE 0x00ff00ff
#define MCCR_WRITABLE 0x3f3f3f3f
#define MFCR_WRITABLE 0x00030003
#define MTDR_WRITABLE 0x07ff

static const uint32_t mcfgr_writable[4] = {
    0x00000307, 0x07070707, 0x0f0f0fff, 0x000fff00,
};

/* ---- status ---- */

static uint32_t status(const Rt1176Lpi2cState *s)
{
    uint32_t msr = s->msr;

    msr = FIELD_DP32(msr, MSR, TDF,
                     s->tx.count <= FIELD_EX32(s->mfcr, MFCR, TXWATER));
    msr = FIELD_DP32(msr, MSR, RDF,
                     s->rx.count > FIELD_EX32(s->mfcr, MFCR, RXWATER));
    msr = FIELD_DP32(msr, MSR, MBF, s->phase != RT1176_LPI2C_IDLE);
    return FIELD_DP32(msr, MSR, BBF, lpi2c_bus_is_busy(s));
}

/* Interrupt first: a DMA request may be served before it returns. */
void lpi2c_update(Rt1176Lpi2cState *s)
{
    qemu_set_irq(s->irq, (status(s) & s->mier) || lpi2c_slave_interrupts(s));
    qemu_set_irq(s->dma, (status(s) & s->mder &
                          (R_MDER_TDDE_MASK | R_MDER_RDDE_MASK)) ||
                             lpi2c_slave_requests_dma(s));
}

/* ---- registers ---- */

static void reset_registers(Rt1176Lpi2cState *s)
{
    timer_del(s->idle);
    timer_del(s->pin_low);
    s->msr = s->mier = s->mder = s->mdmr = s->mfcr = 0;
    memset(s->mcfgr, 0, sizeof(s->mcfgr));
    memset(s->mccr, 0, sizeof(s->mccr));
    s->tx = s->rx = (Rt1176Lpi2cFifo){ 0 };
    s->end_ns = 0;
    s->end_frac = 0;
    s->octet = s->last_word = 0;
    s->reading = s->nack_wanted = s->discard = false;
    s->other_busy = false;
    s->words = 0;
    lpi2c_release_bus(s);
}

static void check_configuration(const Rt1176Lpi2cState *s)
{
    if (s->mcfgr[0] & (R_MCFGR0_HREN_MASK | R_MCFGR0_CIRFIFO_MASK)) {
        qemu_log_mask(LOG_UNIMP, "%s: host request or circular FIFO "
                      "(MCFGR0=0x%x)\n", s->i2c, s->mcfgr[0]);
    }
    if (FIELD_EX32(s->mcfgr[1], MCFGR1, MATCFG) == 1) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: MATCFG=1 is reserved\n", s->i2c);
    }
}

static void write_mcr(Rt1176Lpi2cState *s, uint32_t value)
{
    bool was_on = s->mcr & R_MCR_MEN_MASK;
    bool on = value & R_MCR_MEN_MASK;

    if (value & R_MCR_RST_MASK) {
        reset_registers(s);
        s->mcr = value & MCR_WRITABLE;
        return;
    }
    if (value & R_MCR_RTF_MASK) {
        s->tx = (Rt1176Lpi2cFifo){ 0 };
    }
    if (value & R_MCR_RRF_MASK) {
        s->rx = (Rt1176Lpi2cFifo){ 0 };
    }
    s->mcr = value & MCR_WRITABLE;
    s->stopping = was_on && !on && s->phase != RT1176_LPI2C_IDLE;
    if (s->stopping) {
        s->mcr |= R_MCR_MEN_MASK; /* until the transfer has ended */
    }
    if (on && !was_on) {
        check_configuration(s);
    }
}

/* MCFGR1 to 3, MDMR and MCCRn are for a disabled master. */
static bool is_disabled(const Rt1176Lpi2cState *s, hwaddr addr)
{
    if (s->mcr & R_MCR_MEN_MASK) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to 0x%" HWADDR_PRIx
                      " while MEN is set\n", s->i2c, addr);
        return false;
    }
    return true;
}

static uint32_t read_mrdr(Rt1176Lpi2cState *s)
{
    uint32_t octet;

    if (!s->rx.count) {
        return R_MRDR_RXEMPTY_MASK;
    }
    octet = lpi2c_fifo_pop(&s->rx);
    lpi2c_go_on(s);
    lpi2c_update(s);
    return octet;
}

static uint32_t read_word(Rt1176Lpi2cState *s, hwaddr addr)
{
    switch (addr) {
    case A_VERID:
        return VERID_VALUE;
    case A_PARAM:
        return PARAM_VALUE;
    case A_MCR:
        return s->mcr;
    case A_MSR:
        return status(s);
    case A_MIER:
        return s->mier;
    case A_MDER:
        return s->mder;
    case A_MCFGR0:
    case A_MCFGR1:
    case A_MCFGR2:
    case A_MCFGR3:
        return s->mcfgr[(addr - A_MCFGR0) / 4];
    case A_MDMR:
        return s->mdmr;
    case A_MCCR0:
    case A_MCCR1:
        return s->mccr[addr == A_MCCR1];
    case A_MFCR:
        return s->mfcr;
    case A_MFSR:
        return FIELD_DP32(s->tx.count, MFSR, RXCOUNT, s->rx.count);
    case A_MRDR:
        return read_mrdr(s);
    case A_MTDR: /* write-only */
        return 0;
    default:
        return lpi2c_slave_read(s, addr);
    }
}

static uint64_t lpi2c_read(void *opaque, hwaddr addr, unsigned size)
{
    return extract32(read_word(opaque, addr & ~3ull), 8 * (addr & 3), 8 * size);
}

static void write_mtdr(Rt1176Lpi2cState *s, uint32_t value)
{
    if (lpi2c_fifo_is_full(&s->tx)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to MTDR, but the transmit "
                      "FIFO is full\n", s->i2c);
        return;
    }
    lpi2c_fifo_push(&s->tx, value & MTDR_WRITABLE);
}

static void write_configuration(Rt1176Lpi2cState *s, hwaddr addr,
                                uint32_t value)
{
    if (!is_disabled(s, addr)) {
        return;
    }
    switch (addr) {
    case A_MDMR:
        s->mdmr = value & MDMR_WRITABLE;
        break;
    case A_MCCR0:
    case A_MCCR1:
        s->mccr[addr == A_MCCR1] = value & MCCR_WRITABLE;
        break;
    default:
        s->mcfgr[(addr - A_MCFGR0) / 4] =
            value & mcfgr_writable[(addr - A_MCFGR0) / 4];
    }
}

static void lpi2c_write(void *opaque, hwaddr addr, uint64_t value64,
                        unsigned size)
{
    Rt1176Lpi2cState *s = opaque;
    uint32_t value = value64;

    /* DMA moves octets to and from the data registers */
    if (size < 4 && addr != A_MTDR && addr != A_STDR) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write of %u bytes to 0x%"
                      HWADDR_PRIx " ignored\n", s->i2c, size, addr);
        return;
    }
    if ((s->mcr & R_MCR_RST_MASK) && addr != A_MCR && addr < A_SCR) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to 0x%" HWADDR_PRIx
                      " while MCR[RST] holds it in reset\n", s->i2c, addr);
        return;
    }
    switch (addr) {
    case A_MCR:
        write_mcr(s, value);
        break;
    case A_MSR:
        s->msr &= ~(value & MSR_W1C);
        break;
    case A_MIER:
        s->mier = value & MIER_WRITABLE;
        break;
    case A_MDER:
        s->mder = value & MDER_WRITABLE;
        break;
    case A_MCFGR0:
        s->mcfgr[0] = value & mcfgr_writable[0];
        break;
    case A_MCFGR1:
    case A_MCFGR2:
    case A_MCFGR3:
    case A_MDMR:
    case A_MCCR0:
    case A_MCCR1:
        write_configuration(s, addr, value);
        break;
    case A_MFCR:
        s->mfcr = value & MFCR_WRITABLE;
        break;
    case A_MTDR:
        write_mtdr(s, value);
        break;
    default:
        lpi2c_slave_write(s, addr, value);
    }
    lpi2c_go_on(s);
    lpi2c_update(s);
}

static const MemoryRegionOps lpi2c_ops = {
    .read = lpi2c_read,
    .write = lpi2c_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 1,
    .valid.max_access_size = 4,
    .impl.min_access_size = 1,
    .impl.max_access_size = 4,
};

/* ---- device ---- */

static void clock_changed(void *opaque, ClockEvent event)
{
    Rt1176Lpi2cState *s = opaque;

    if (DEVICE(s)->realized) {
        lpi2c_clock_changed(s);
        lpi2c_update(s);
    }
}

static void lpi2c_reset_hold(Object *obj, ResetType type)
{
    Rt1176Lpi2cState *s = RT1176_LPI2C(obj);

    s->mcr = 0;
    s->stopping = false;
    reset_registers(s);
    lpi2c_slave_reset(s);
}

static void lpi2c_reset_exit(Object *obj, ResetType type)
{
    lpi2c_update(RT1176_LPI2C(obj));
}

static void lpi2c_init(Object *obj)
{
    Rt1176Lpi2cState *s = RT1176_LPI2C(obj);
    DeviceState *dev = DEVICE(obj);

    s->clk = qdev_init_clock_in(dev, "clk", clock_changed, s, ClockUpdate);
    memory_region_init_io(&s->iomem, obj, &lpi2c_ops, s, TYPE_RT1176_LPI2C,
                          0x4000);
    /* an access may raise a DMA request whose transfer is an access to us */
    s->iomem.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_out_named(dev, &s->dma, "dma", 1);
    qdev_init_gpio_in_named(dev, lpi2c_hold_scl, "hold-scl", 1);
    qdev_init_gpio_in_named(dev, lpi2c_hold_sda, "hold-sda", 1);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, lpi2c_phase_ended, s);
    s->idle = timer_new_ns(QEMU_CLOCK_VIRTUAL, lpi2c_bus_idle, s);
    s->pin_low = timer_new_ns(QEMU_CLOCK_VIRTUAL, lpi2c_pin_is_low, s);
    lpi2c_slave_init(s);
}

static void lpi2c_realize(DeviceState *dev, Error **errp)
{
    Rt1176Lpi2cState *s = RT1176_LPI2C(dev);

    if (!s->i2c) {
        error_setg(errp, "property 'i2c' is not set");
        return;
    }
    if (!clock_has_source(s->clk)) {
        error_setg(errp, "%s: input clock 'clk' is not connected", s->i2c);
        return;
    }
    s->peers = i2c_init_bus(dev, s->i2c);
}

static const VMStateDescription vmstate_lpi2c_fifo = {
    .name = "rt1176-lpi2c-fifo",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT16_ARRAY(word, Rt1176Lpi2cFifo, RT1176_LPI2C_FIFO_WORDS),
        VMSTATE_UINT8(first, Rt1176Lpi2cFifo),
        VMSTATE_UINT8(count, Rt1176Lpi2cFifo),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_lpi2c = {
    .name = TYPE_RT1176_LPI2C,
    .version_id = 2,
    .minimum_version_id = 2,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Rt1176Lpi2cState),
        VMSTATE_TIMER_PTR(timer, Rt1176Lpi2cState),
        VMSTATE_TIMER_PTR(idle, Rt1176Lpi2cState),
        VMSTATE_TIMER_PTR(pin_low, Rt1176Lpi2cState),
        VMSTATE_UINT32(mcr, Rt1176Lpi2cState),
        VMSTATE_UINT32(msr, Rt1176Lpi2cState),
        VMSTATE_UINT32(mier, Rt1176Lpi2cState),
        VMSTATE_UINT32(mder, Rt1176Lpi2cState),
        VMSTATE_UINT32_ARRAY(mcfgr, Rt1176Lpi2cState, 4),
        VMSTATE_UINT32(mdmr, Rt1176Lpi2cState),
        VMSTATE_UINT32_ARRAY(mccr, Rt1176Lpi2cState, 2),
        VMSTATE_UINT32(mfcr, Rt1176Lpi2cState),
        VMSTATE_STRUCT(slave, Rt1176Lpi2cState, 1, vmstate_lpi2c_slave,
                       Rt1176Lpi2cSlave),
        VMSTATE_STRUCT(tx, Rt1176Lpi2cState, 1, vmstate_lpi2c_fifo,
                       Rt1176Lpi2cFifo),
        VMSTATE_STRUCT(rx, Rt1176Lpi2cState, 1, vmstate_lpi2c_fifo,
                       Rt1176Lpi2cFifo),
        VMSTATE_BOOL(stopping, Rt1176Lpi2cState),
        VMSTATE_UINT8(phase, Rt1176Lpi2cState),
        VMSTATE_INT64(end_ns, Rt1176Lpi2cState),
        VMSTATE_UINT32(end_frac, Rt1176Lpi2cState),
        VMSTATE_UINT8(octet, Rt1176Lpi2cState),
        VMSTATE_BOOL(high_speed, Rt1176Lpi2cState),
        VMSTATE_BOOL(reading, Rt1176Lpi2cState),
        VMSTATE_BOOL(nack_wanted, Rt1176Lpi2cState),
        VMSTATE_BOOL(addressed, Rt1176Lpi2cState),
        VMSTATE_UINT16(to_receive, Rt1176Lpi2cState),
        VMSTATE_BOOL(discard, Rt1176Lpi2cState),
        VMSTATE_BOOL(other_busy, Rt1176Lpi2cState),
        VMSTATE_BOOL(scl_held, Rt1176Lpi2cState),
        VMSTATE_BOOL(sda_held, Rt1176Lpi2cState),
        VMSTATE_BOOL(stretched, Rt1176Lpi2cState),
        VMSTATE_BOOL(rises_late, Rt1176Lpi2cState),
        VMSTATE_INT64(rise_ns, Rt1176Lpi2cState),
        VMSTATE_UINT32(words, Rt1176Lpi2cState),
        VMSTATE_UINT8(last_word, Rt1176Lpi2cState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property lpi2c_properties[] = {
    DEFINE_PROP_STRING("i2c", Rt1176Lpi2cState, i2c),
};

static void lpi2c_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = lpi2c_realize;
    dc->vmsd = &vmstate_lpi2c;
    dc->desc = "i.MX RT1176 LPI2C";
    device_class_set_props(dc, lpi2c_properties);
    rc->phases.hold = lpi2c_reset_hold;
    rc->phases.exit = lpi2c_reset_exit;
}

static const TypeInfo lpi2c_types[] = {
    {
        .name = TYPE_RT1176_LPI2C,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176Lpi2cState),
        .instance_init = lpi2c_init,
        .class_init = lpi2c_class_init,
    },
};
DEFINE_TYPES(lpi2c_types)
