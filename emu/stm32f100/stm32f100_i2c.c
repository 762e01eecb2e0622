/*
 * STM32F100 I2C1, I2C2 (RM0041 22): registers, flags with their sequences,
 * interrupts and DMA requests.  What happens on the lines is in
 * stm32f100_i2c_line.c, what octets mean in stm32f100_i2c_octet.c.
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
#include "stm32f100_bus.h"
#include "stm32f100_i2c_internal.h"

REG32(CR1, 0x00)
REG32(CR2, 0x04)
REG32(OAR1, 0x08)
REG32(OAR2, 0x0c)
REG32(DR, 0x10)
REG32(SR1, 0x14)
REG32(SR2, 0x18)
REG32(CCR, 0x1c)
REG32(TRISE, 0x20)

#define CR1_WRITABLE 0xbffb
#define CR2_WRITABLE 0x1f3f
#define OAR1_WRITABLE 0xc3ff /* bit 14 is to be kept at 1 by software */
#define OAR2_WRITABLE 0x00ff
#define CCR_WRITABLE 0xcfff
#define TRISE_WRITABLE 0x003f
#define TRISE_RESET 0x0002

#define FREQ_MIN_MHZ 2
#define FREQ_MAX_MHZ 24
#define CCR_MIN_STANDARD 4

#define CR1_BY_HARDWARE                                                        \
    (R_CR1_START_MASK | R_CR1_STOP_MASK | R_CR1_PEC_MASK)
/* Errors are cleared by writing 0 (22.6.6). */
#define SR1_ERRORS                                                             \
    (R_SR1_BERR_MASK | R_SR1_ARLO_MASK | R_SR1_AF_MASK | R_SR1_OVR_MASK |      \
     R_SR1_PECERR_MASK | R_SR1_TIMEOUT_MASK | R_SR1_SMBALERT_MASK)
#define SR1_EVENTS                                                             \
    (R_SR1_SB_MASK | R_SR1_ADDR_MASK | R_SR1_BTF_MASK | R_SR1_ADD10_MASK |     \
     R_SR1_STOPF_MASK)
#define SR1_BUFFERS (R_SR1_TXE_MASK | R_SR1_RXNE_MASK)

/* ---- interrupts (22.4) and DMA requests (22.3.7) ---- */

void i2c_update(Stm32f100I2cState *s)
{
    uint32_t events = SR1_EVENTS;
    bool dma = s->cr2 & R_CR2_DMAEN_MASK;

    if (s->cr2 & R_CR2_ITBUFEN_MASK) {
        events |= SR1_BUFFERS;
    }
    qemu_set_irq(s->event_irq, (s->cr2 & R_CR2_ITEVTEN_MASK) &&
                                   (s->sr1 & events));
    qemu_set_irq(s->error_irq, (s->cr2 & R_CR2_ITERREN_MASK) &&
                                   (s->sr1 & SR1_ERRORS));
    qemu_set_irq(s->dma_rx, dma && (s->sr1 & R_SR1_RXNE_MASK));
    qemu_set_irq(s->dma_tx, dma && (s->sr1 & R_SR1_TXE_MASK));
}

/* EOT: after the last octet given by DMA comes the PEC (22.3.8). */
static void dma_tx_end(void *opaque, int n, int level)
{
    Stm32f100I2cState *s = opaque;

    if (level && (s->cr1 & R_CR1_ENPEC_MASK) &&
        (s->cr2 & R_CR2_DMAEN_MASK)) {
        s->cr1 |= R_CR1_PEC_MASK;
    }
}

/* EOT_1: the octet that comes now is the last, and the PEC if ENPEC is set. */
static void dma_rx_last(void *opaque, int n, int level)
{
    Stm32f100I2cState *s = opaque;

    if (level && (s->cr2 & R_CR2_DMAEN_MASK)) {
        s->dma_last = true;
        if (s->cr1 & R_CR1_ENPEC_MASK) {
            s->cr1 |= R_CR1_PEC_MASK;
        }
    }
}

/* ---- SMBus: alert and timeout (22.3.6) ---- */

static bool smbus_on(const Stm32f100I2cState *s)
{
    return (s->cr1 & R_CR1_PE_MASK) && (s->cr1 & R_CR1_SMBUS_MASK);
}

static void drive_alert(Stm32f100I2cState *s)
{
    if (smbus_on(s) && (s->cr1 & R_CR1_ALERT_MASK)) {
        stm32_af_set(s->afio, i2c_signal(s, I2C_SMBA), i2c_now_ns(), false);
    } else {
        stm32_af_release(s->afio, i2c_signal(s, I2C_SMBA), i2c_now_ns());
    }
}

static void alert_changed(void *opaque, Stm32AfSignal signal, bool level)
{
    Stm32f100I2cState *s = opaque;

    if (!level && smbus_on(s) && (s->cr1 & R_CR1_SMBTYPE_MASK)) {
        s->sr1 |= R_SR1_SMBALERT_MASK;
        i2c_update(s);
    }
}

/* A slave leaves the bus, a master sends a STOP (22.6.6, TIMEOUT). */
static void scl_low_for_too_long(void *opaque)
{
    Stm32f100I2cState *s = opaque;

    if (!smbus_on(s)) {
        return;
    }
    s->sr1 |= R_SR1_TIMEOUT_MASK;
    if (i2c_is_master(s)) {
        s->cr1 |= R_CR1_STOP_MASK;
        i2c_advance(s);
    } else {
        i2c_release_lines(s);
    }
    i2c_drive_lines(s);
    i2c_update(s);
}

static void freeze(void *opaque, int n, int level)
{
    Stm32f100I2cState *s = opaque;

    if (s->frozen == !!level) {
        return;
    }
    s->frozen = level;
    if (level && timer_pending(s->timeout)) {
        s->timeout_left_ns = timer_expire_time_ns(s->timeout) - i2c_now_ns();
        timer_del(s->timeout);
    } else if (!level && !s->lines.scl && s->timeout_left_ns) {
        timer_mod(s->timeout, i2c_now_ns() + s->timeout_left_ns);
    }
}

/* ---- registers ---- */

void i2c_disable(Stm32f100I2cState *s)
{
    s->cr1 &= ~(CR1_BY_HARDWARE | R_CR1_ACK_MASK);
    s->sr1 = 0;
    s->sr2 &= R_SR2_BUSY_MASK; /* follows the lines all the same (22.6.7) */
    s->pec = 0;
    s->sr1_read = 0;
    s->dma_last = false;
    s->second_full = false;
    s->pec_octet = false;
    s->header_matched = false;
    timer_del(s->timeout);
    i2c_release_lines(s);
}

static void i2c_reset_state(Stm32f100I2cState *s)
{
    i2c_disable(s);
    s->cr1 = s->cr2 = s->oar1 = s->oar2 = s->ccr = 0;
    s->sr2 = 0;
    s->trise = TRISE_RESET;
    s->dr = 0;
    s->sends = s->acknowledge = s->ack = false;
    s->bits = s->shift = s->second = 0;
    s->edge_ns = 0;
    s->edge_frac = 0;
    s->timeout_left_ns = 0;
}

static void check_clock(const Stm32f100I2cState *s)
{
    uint32_t freq_mhz = FIELD_EX32(s->cr2, CR2, FREQ);
    uint32_t ccr = FIELD_EX32(s->ccr, CCR, CCR);

    if (freq_mhz < FREQ_MIN_MHZ || freq_mhz > FREQ_MAX_MHZ) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-i2c%u: FREQ=%u is not"
                      " allowed\n", s->number, freq_mhz);
    }
    if (ccr < (s->ccr & R_CCR_FS_MASK ? 1 : CCR_MIN_STANDARD)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-i2c%u: CCR=%u is not"
                      " allowed\n", s->number, ccr);
    }
}

static void write_cr1(Stm32f100I2cState *s, uint32_t value)
{
    uint32_t rising = value & ~s->cr1;

    if ((s->cr1 | value) & R_CR1_SWRST_MASK) {
        i2c_reset_state(s);
        i2c_reset_lines(s);
        s->cr1 = value & R_CR1_SWRST_MASK;
        return;
    }
    if (s->sr1_read & R_SR1_STOPF_MASK) {
        s->sr1 &= ~R_SR1_STOPF_MASK;
        s->sr1_read &= ~R_SR1_STOPF_MASK;
    }
    s->cr1 = value & CR1_WRITABLE;
    if (rising & R_CR1_PE_MASK) {
        check_clock(s);
    }
    if (!(s->cr1 & R_CR1_ENPEC_MASK)) {
        s->pec = 0;
    }
    if (!i2c_is_on(s)) {
        i2c_disable(s);
        return;
    }
    i2c_advance(s);
    i2c_try_start(s);
}

/* CCR and TRISE can be written only while PE is 0 (22.6.8, 22.6.9). */
static bool can_configure(const Stm32f100I2cState *s, const char *name)
{
    if (s->cr1 & R_CR1_PE_MASK) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-i2c%u: %s is written while PE"
                      " is set\n", s->number, name);
        return false;
    }
    return true;
}

/* A write of DR ends the sequences of SB and ADD10, if SR1 has been read. */
static void write_dr(Stm32f100I2cState *s, uint8_t value)
{
    uint32_t wanted = s->sr1 & (R_SR1_SB_MASK | R_SR1_ADD10_MASK);

    s->dr = value;
    if (wanted) {
        if (!(s->sr1_read & wanted)) {
            qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-i2c%u: an address is"
                          " written without a read of SR1\n", s->number);
            return;
        }
        s->sr1 &= ~wanted;
        s->sr1_read &= ~wanted;
        i2c_begin_octet(s, wanted == R_SR1_SB_MASK ? STM32F100_I2C_ADDRESS
                                                   : STM32F100_I2C_ADDRESS_LOW,
                        true, value);
    } else if (i2c_transmits(s)) {
        s->sr1 &= ~(R_SR1_TXE_MASK | R_SR1_BTF_MASK);
        i2c_advance(s);
    }
}

static uint8_t read_dr(Stm32f100I2cState *s)
{
    uint8_t value = s->dr;

    s->sr1 &= ~R_SR1_BTF_MASK;
    if (s->second_full) {
        /* DR is still full: RXNE stays (22.6.6) */
        s->dr = s->second;
        s->second_full = false;
    } else {
        s->sr1 &= ~R_SR1_RXNE_MASK;
    }
    if (!i2c_transmits(s)) {
        i2c_advance(s);
    }
    return value;
}

/* The read of SR2 that follows one of SR1 ends ADDR: the data begin. */
static uint32_t read_sr2(Stm32f100I2cState *s)
{
    uint32_t value = s->sr2 | s->pec << 8;

    if (s->sr1_read & s->sr1 & R_SR1_ADDR_MASK) {
        s->sr1 &= ~R_SR1_ADDR_MASK;
        s->sr1_read &= ~R_SR1_ADDR_MASK;
        if (i2c_cannot_stretch(s)) {
            return value;
        }
        if (i2c_transmits(s)) {
            s->sr1 |= R_SR1_TXE_MASK;
            i2c_update(s);
            i2c_advance(s);
        } else if (s->boundary) {
            /* the first octet comes, even if STOP is set already */
            i2c_begin_octet(s, STM32F100_I2C_DATA, false, 0);
        }
    }
    return value;
}

static uint32_t read_word(Stm32f100I2cState *s, hwaddr addr)
{
    uint32_t value;

    switch (addr) {
    case A_CR1:
        return s->cr1;
    case A_CR2:
        return s->cr2;
    case A_OAR1:
        return s->oar1;
    case A_OAR2:
        return s->oar2;
    case A_DR:
        value = read_dr(s);
        break;
    case A_SR1:
        s->sr1_read = s->sr1;
        return s->sr1;
    case A_SR2:
        value = read_sr2(s);
        break;
    case A_CCR:
        return s->ccr;
    case A_TRISE:
        return s->trise;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-i2c%u: read of reserved "
                      "offset 0x%" HWADDR_PRIx "\n", s->number, addr);
        return 0;
    }
    i2c_drive_lines(s);
    i2c_update(s);
    return value;
}

static void write_word(Stm32f100I2cState *s, hwaddr addr, uint32_t value)
{
    if ((s->cr1 & R_CR1_SWRST_MASK) && addr != A_CR1) {
        return; /* in reset */
    }
    switch (addr) {
    case A_CR1:
        write_cr1(s, value);
        break;
    case A_CR2:
        s->cr2 = value & CR2_WRITABLE;
        break;
    case A_OAR1:
        s->oar1 = value & OAR1_WRITABLE;
        break;
    case A_OAR2:
        s->oar2 = value & OAR2_WRITABLE;
        break;
    case A_DR:
        write_dr(s, value);
        break;
    case A_SR1:
        s->sr1 &= value | ~SR1_ERRORS;
        break;
    case A_CCR:
        if (can_configure(s, "CCR")) {
            s->ccr = value & CCR_WRITABLE;
        }
        break;
    case A_TRISE:
        if (can_configure(s, "TRISE")) {
            s->trise = value & TRISE_WRITABLE;
        }
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-i2c%u: write to offset 0x%"
                      HWADDR_PRIx ", which cannot be written\n", s->number,
                      addr);
        break;
    }
}

static bool i2c_clocked(const Stm32f100I2cState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-i2c%u: %s while RCC does not "
                      "clock it\n", s->number, access);
        return false;
    }
    return true;
}

static uint64_t i2c_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100I2cState *s = opaque;

    if (!i2c_clocked(s, "read")) {
        return 0;
    }
    return stm32f100_bus_read(read_word(s, addr & ~3), addr, size);
}

static void i2c_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100I2cState *s = opaque;

    if (!i2c_clocked(s, "write")) {
        return;
    }
    write_word(s, addr & ~3, stm32f100_apb_write(data, size));
    drive_alert(s);
    i2c_drive_lines(s);
    i2c_update(s);
}

static const MemoryRegionOps i2c_ops = STM32F100_BUS_OPS(i2c_read, i2c_write);

/* ---- life cycle ---- */

static void line_changed(void *opaque, Stm32AfSignal signal, bool level)
{
    i2c_follow_lines(opaque);
    i2c_update(opaque);
}

static void clock_changed(void *opaque, ClockEvent event)
{
    i2c_follow_lines(opaque);
    i2c_resume_clock(opaque);
    i2c_update(opaque);
}

static void i2c_reset_hold(Object *obj, ResetType type)
{
    i2c_reset_state(STM32F100_I2C(obj));
}

static void i2c_reset_exit(Object *obj, ResetType type)
{
    Stm32f100I2cState *s = STM32F100_I2C(obj);

    i2c_reset_lines(s);
    drive_alert(s);
    i2c_follow_lines(s);
    i2c_update(s);
}

static void i2c_init(Object *obj)
{
    Stm32f100I2cState *s = STM32F100_I2C(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->mmio, obj, &i2c_ops, s, TYPE_STM32F100_I2C,
                          0x400);
    /* an access may raise a DMA request whose transfer is an access to DR */
    s->mmio.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->event_irq);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->error_irq);
    qdev_init_gpio_out_named(dev, &s->dma_tx, "dma-tx", 1);
    qdev_init_gpio_out_named(dev, &s->dma_rx, "dma-rx", 1);
    qdev_init_gpio_in_named(dev, dma_tx_end, "dma-tx-end", 1);
    qdev_init_gpio_in_named(dev, dma_rx_last, "dma-rx-last", 1);
    qdev_init_gpio_in_named(dev, freeze, "freeze", 1);
    s->clk = qdev_init_clock_in(dev, "clk", clock_changed, s, ClockUpdate);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, i2c_edge_time, s);
    s->timeout = timer_new_ns(QEMU_CLOCK_VIRTUAL, scl_low_for_too_long, s);
}

static void i2c_realize(DeviceState *dev, Error **errp)
{
    Stm32f100I2cState *s = STM32F100_I2C(dev);
    g_autofree char *name = g_strdup_printf("i2c%u", s->number);

    if (s->number < 1 || s->number > 2) {
        error_setg(errp, "stm32f100-i2c: no I2C%u in this part", s->number);
        return;
    }
    if (!s->afio) {
        error_setg(errp, "stm32f100-i2c: link 'afio' is not set");
        return;
    }
    s->peers = i2c_init_bus(dev, name);
    stm32_af_listen(s->afio, i2c_signal(s, I2C_SCL), line_changed, s);
    stm32_af_listen(s->afio, i2c_signal(s, I2C_SDA), line_changed, s);
    stm32_af_listen(s->afio, i2c_signal(s, I2C_SMBA), alert_changed, s);
}

static const Property i2c_properties[] = {
    DEFINE_PROP_UINT8("i2c", Stm32f100I2cState, number, 0),
    DEFINE_PROP_LINK("afio", Stm32f100I2cState, afio, "stm32f100-afio",
                     Stm32f100AfioState *),
};

static const VMStateDescription vmstate_lines = {
    .name = "stm32f100-i2c/lines",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(scl_low, Stm32f100I2cLines),
        VMSTATE_BOOL(sda_low, Stm32f100I2cLines),
        VMSTATE_BOOL(peer_sda_low, Stm32f100I2cLines),
        VMSTATE_BOOL(scl, Stm32f100I2cLines),
        VMSTATE_BOOL(sda, Stm32f100I2cLines),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_i2c = {
    .name = TYPE_STM32F100_I2C,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100I2cState),
        VMSTATE_TIMER_PTR(timer, Stm32f100I2cState),
        VMSTATE_TIMER_PTR(timeout, Stm32f100I2cState),
        VMSTATE_UINT32(cr1, Stm32f100I2cState),
        VMSTATE_UINT32(cr2, Stm32f100I2cState),
        VMSTATE_UINT32(oar1, Stm32f100I2cState),
        VMSTATE_UINT32(oar2, Stm32f100I2cState),
        VMSTATE_UINT32(sr1, Stm32f100I2cState),
        VMSTATE_UINT32(sr2, Stm32f100I2cState),
        VMSTATE_UINT32(ccr, Stm32f100I2cState),
        VMSTATE_UINT32(trise, Stm32f100I2cState),
        VMSTATE_UINT8(dr, Stm32f100I2cState),
        VMSTATE_UINT8(pec, Stm32f100I2cState),
        VMSTATE_UINT32(sr1_read, Stm32f100I2cState),
        VMSTATE_BOOL(dma_last, Stm32f100I2cState),
        VMSTATE_STRUCT(lines, Stm32f100I2cState, 1, vmstate_lines,
                       Stm32f100I2cLines),
        VMSTATE_UINT8(phase, Stm32f100I2cState),
        VMSTATE_INT64(edge_ns, Stm32f100I2cState),
        VMSTATE_UINT32(edge_frac, Stm32f100I2cState),
        VMSTATE_UINT8(octet, Stm32f100I2cState),
        VMSTATE_BOOL(addressed, Stm32f100I2cState),
        VMSTATE_BOOL(sends, Stm32f100I2cState),
        VMSTATE_BOOL(acknowledge, Stm32f100I2cState),
        VMSTATE_BOOL(pec_octet, Stm32f100I2cState),
        VMSTATE_BOOL(boundary, Stm32f100I2cState),
        VMSTATE_BOOL(second_full, Stm32f100I2cState),
        VMSTATE_UINT8(second, Stm32f100I2cState),
        VMSTATE_BOOL(header_matched, Stm32f100I2cState),
        VMSTATE_BOOL(peer_active, Stm32f100I2cState),
        VMSTATE_UINT8(peer_address, Stm32f100I2cState),
        VMSTATE_UINT8(peer_octet, Stm32f100I2cState),
        VMSTATE_UINT8(bits, Stm32f100I2cState),
        VMSTATE_UINT8(shift, Stm32f100I2cState),
        VMSTATE_BOOL(ack, Stm32f100I2cState),
        VMSTATE_BOOL(frozen, Stm32f100I2cState),
        VMSTATE_INT64(timeout_left_ns, Stm32f100I2cState),
        VMSTATE_END_OF_LIST()
    }
};

static void i2c_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    ResettableClass *rc = RESETTABLE_CLASS(oc);

    dc->realize = i2c_realize;
    dc->vmsd = &vmstate_i2c;
    rc->phases.hold = i2c_reset_hold;
    rc->phases.exit = i2c_reset_exit;
    device_class_set_props(dc, i2c_properties);
}

static const TypeInfo i2c_types[] = {
    {
        .name = TYPE_STM32F100_I2C,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100I2cState),
        .instance_init = i2c_init,
        .class_init = i2c_class_init,
    },
};

DEFINE_TYPES(i2c_types)
