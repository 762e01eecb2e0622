/*
 * STM32F100 USART1, USART2, USART3 (RM0041 23)
 *
 * Registers, interrupts, requests and pins.  One bit on the line takes USARTDIV
 * x 16 (OVER8: x 8) periods of the peripheral clock (23.3.4).  Characters leave
 * as symbols with times (stm32f100_usart_tx.c); what comes in is what the
 * wire's receiver, set to this USART's own rate and format, has sampled
 * (stm32f100_usart_rx.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "stm32f100_bus.h"
#include "stm32f100_usart_internal.h"

#define SR_RESET (R_SR_TC_MASK | R_SR_TXE_MASK)
#define SR_RC_W0                                                               \
    (R_SR_RXNE_MASK | R_SR_TC_MASK | R_SR_LBD_MASK | R_SR_CTS_MASK)
#define CR1_WRITABLE 0xbfff
#define CR2_WRITABLE 0x7f6f
#define CR3_WRITABLE 0x0fff
#define CR2_CLOCK (R_CR2_CPOL_MASK | R_CR2_CPHA_MASK | R_CR2_LBCL_MASK)

static void update_irq(Stm32f100UsartState *s)
{
    uint32_t sr = s->sr, cr1 = s->cr1;
    bool level =
        ((cr1 & R_CR1_TXEIE_MASK) && (sr & R_SR_TXE_MASK)) ||
        ((cr1 & R_CR1_TCIE_MASK) && (sr & R_SR_TC_MASK)) ||
        ((cr1 & R_CR1_RXNEIE_MASK) &&
         (sr & (R_SR_RXNE_MASK | R_SR_ORE_MASK))) ||
        ((cr1 & R_CR1_IDLEIE_MASK) && (sr & R_SR_IDLE_MASK)) ||
        ((cr1 & R_CR1_PEIE_MASK) && (sr & R_SR_PE_MASK)) ||
        ((s->cr2 & R_CR2_LBDIE_MASK) && (sr & R_SR_LBD_MASK)) ||
        ((s->cr3 & R_CR3_CTSIE_MASK) && (sr & R_SR_CTS_MASK)) ||
        ((s->cr3 & R_CR3_EIE_MASK) && (s->cr3 & R_CR3_DMAR_MASK) &&
         (sr & (R_SR_FE_MASK | R_SR_NE_MASK | R_SR_ORE_MASK)));

    qemu_set_irq(s->irq, level && (cr1 & R_CR1_UE_MASK));
}

/* Low, the other side may send, while the receiver has room (23.3.14). */
static void update_rts(Stm32f100UsartState *s)
{
    bool ready = (s->cr1 & R_CR1_UE_MASK) && (s->cr1 & R_CR1_RE_MASK) &&
                 !(s->sr & R_SR_RXNE_MASK);

    stm32_af_set(s->afio, rts_signal(s), now_ns(), !ready);
}

/* Interrupt first: a DMA request may be served before it returns. */
void stm32f100_usart_update(Stm32f100UsartState *s)
{
    update_irq(s);
    if (s->cr3 & R_CR3_RTSE_MASK) {
        update_rts(s);
    }
    qemu_set_irq(s->dma_rx, (s->cr3 & R_CR3_DMAR_MASK) &&
                                (s->sr & R_SR_RXNE_MASK));
    qemu_set_irq(s->dma_tx, (s->cr3 & R_CR3_DMAT_MASK) &&
                                (s->sr & R_SR_TXE_MASK) && transmits(s));
}

/* ---- registers ---- */

static void guest_error(const Stm32f100UsartState *s, const char *what)
{
    qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-usart%u: %s (CR1 0x%04x CR2 "
                  "0x%04x CR3 0x%04x)\n", s->number, what, s->cr1, s->cr2,
                  s->cr3);
}

/* There is no oversampling by 8 in these modes (23.6.4, OVER8). */
static void limit_over8(Stm32f100UsartState *s)
{
    if ((s->cr2 & R_CR2_LINEN_MASK) ||
        (s->cr3 & (R_CR3_SCEN_MASK | R_CR3_IREN_MASK))) {
        s->cr1 &= ~R_CR1_OVER8_MASK;
    }
}

static void write_cr1(Stm32f100UsartState *s, uint32_t value)
{
    bool was_on = transmitter_on(s);
    uint32_t keep = 0;

    if ((s->cr1 & R_CR1_WAKE_MASK) && (s->sr & R_SR_RXNE_MASK)) {
        keep = R_CR1_RWU_MASK; /* 23.6.4, note 2 on RWU */
    }
    s->cr1 = (value & CR1_WRITABLE & ~keep) | (s->cr1 & keep);
    limit_over8(s);
    s->preamble = transmitter_on(s) && (s->preamble || !was_on);
    s->heard &= (s->cr1 & R_CR1_UE_MASK) && (s->cr1 & R_CR1_RE_MASK);
    if ((s->cr1 & R_CR1_RWU_MASK) && !(s->cr1 & R_CR1_WAKE_MASK) && !s->heard) {
        guest_error(s, "RWU before a first character: an idle line will not "
                    "wake the receiver");
    }
}

/* What must be 0 in each mode (23.3.8 to 23.3.12). */
static void check_modes(const Stm32f100UsartState *s)
{
    bool lin = s->cr2 & R_CR2_LINEN_MASK;
    bool clock = s->cr2 & R_CR2_CLKEN_MASK;
    bool stop = s->cr2 & R_CR2_STOP_MASK;
    bool half_duplex = s->cr3 & R_CR3_HDSEL_MASK;
    bool smartcard = s->cr3 & R_CR3_SCEN_MASK;
    bool irda = s->cr3 & R_CR3_IREN_MASK;

    if (lin + half_duplex + smartcard + irda > 1 ||
        (clock && (lin || half_duplex || irda))) {
        guest_error(s, "LINEN, HDSEL, SCEN and IREN exclude each other, and "
                    "CLKEN (but for SCEN)");
    }
    if ((lin || irda) && stop) {
        guest_error(s, "LIN and IrDA have one stop bit");
    }
    if (irda) {
        qemu_log_mask(LOG_UNIMP, "stm32f100-usart%u: characters of IrDA are "
                      "levels on the wire, not pulses\n", s->number);
    }
}

/* CK rests at CPOL, or clocks a smartcard (23.3.9, 23.3.11). */
static void update_ck(Stm32f100UsartState *s)
{
    bool enabled = (s->cr1 & R_CR1_UE_MASK) && (s->cr2 & R_CR2_CLKEN_MASK);
    Stm32f100UsartCkRest rest =
        !enabled ? STM32F100_USART_CK_OFF
                 : s->cr2 & R_CR2_CPOL_MASK ? STM32F100_USART_CK_HIGH
                                            : STM32F100_USART_CK_LOW;
    uint64_t half_period = 0;

    if (enabled && (s->cr3 & R_CR3_SCEN_MASK)) {
        half_period = clock_get(s->clk) * extract32(s->gtpr, 0, 5);
    }
    if (rest == s->ck_rest && half_period == s->ck_half_period) {
        return; /* a character may be under way */
    }
    s->ck_rest = rest;
    s->ck_half_period = half_period;
    if (!enabled) {
        stm32f100_usart_ck_off(&s->ck);
        return;
    }
    stm32f100_usart_ck_steady(&s->ck, rest == STM32F100_USART_CK_HIGH);
    stm32f100_usart_ck_start(&s->ck, half_period, half_period,
                             STM32F100_CK_FOR_EVER);
}

/*
 * Outputs that are not used are left to the GPIO.  On a single wire TX is
 * driven by characters only (23.3, 23.3.10).
 */
static void update_outputs(Stm32f100UsartState *s)
{
    if (transmitter_on(s) && !(s->cr3 & CR3_SINGLE_WIRE)) {
        stm32_af_set(s->afio, tx_signal(s), now_ns(), true);
    } else {
        stm32_af_release(s->afio, tx_signal(s), now_ns());
    }
    if (s->cr3 & R_CR3_RTSE_MASK) {
        update_rts(s);
    } else {
        stm32_af_release(s->afio, rts_signal(s), now_ns());
    }
    update_ck(s);
}

static void write_cr2(Stm32f100UsartState *s, uint32_t value)
{
    if (((value ^ s->cr2) & CR2_CLOCK) && (s->cr1 & R_CR1_TE_MASK)) {
        guest_error(s, "CPOL, CPHA and LBCL must not be written while the "
                    "transmitter is enabled");
    }
    s->cr2 = value & CR2_WRITABLE;
}

static void write_brr(Stm32f100UsartState *s, uint32_t value)
{
    s->brr = value & 0xffff;
    if (s->brr < 16) {
        guest_error(s, "BRR: USARTDIV is below 1");
    } else if ((s->cr1 & R_CR1_OVER8_MASK) && (s->brr & 8)) {
        guest_error(s, "BRR: with OVER8 the fraction has three bits");
    }
}

/* After a write that may have changed the mode of operation. */
static void reconfigure(Stm32f100UsartState *s)
{
    limit_over8(s);
    update_outputs(s);
    stm32f100_usart_next_out(s);
    stm32f100_usart_update_receiver(s);
    stm32f100_usart_update(s);
}

static uint32_t read_word(Stm32f100UsartState *s, hwaddr addr)
{
    switch (addr) {
    case A_SR:
        s->sr_read = s->sr;
        return s->sr;
    case A_DR: {
        uint32_t value = stm32f100_usart_read_dr(s);

        stm32f100_usart_update(s);
        return value;
    }
    case A_BRR:
        return s->brr;
    case A_CR1:
        return s->cr1;
    case A_CR2:
        return s->cr2;
    case A_CR3:
        return s->cr3;
    case A_GTPR:
        return s->gtpr;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-usart%u: read of reserved "
                      "offset 0x%" HWADDR_PRIx "\n", s->number, addr);
        return 0;
    }
}

static bool usart_clocked(const Stm32f100UsartState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-usart%u: %s while RCC does "
                      "not clock it\n", s->number, access);
        return false;
    }
    return true;
}

static uint64_t usart_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100UsartState *s = opaque;

    if (!usart_clocked(s, "read")) {
        return 0;
    }
    return stm32f100_bus_read(read_word(s, addr & ~3), addr, size);
}

static void usart_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100UsartState *s = opaque;
    uint32_t value = stm32f100_apb_write(data, size);

    if (!usart_clocked(s, "write")) {
        return;
    }
    switch (addr & ~3) {
    case A_SR:
        s->sr &= value | ~SR_RC_W0;
        break;
    case A_DR:
        stm32f100_usart_write_dr(s, value);
        stm32f100_usart_next_out(s);
        if (s->cr3 & R_CR3_IREN_MASK) {
            stm32f100_usart_update_receiver(s);
        }
        break;
    case A_BRR:
        write_brr(s, value);
        break;
    case A_CR1:
        write_cr1(s, value);
        break;
    case A_CR2:
        write_cr2(s, value);
        check_modes(s);
        break;
    case A_CR3:
        s->cr3 = value & CR3_WRITABLE;
        check_modes(s);
        break;
    case A_GTPR:
        s->gtpr = value & 0xffff;
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-usart%u: write to reserved "
                      "offset 0x%" HWADDR_PRIx "\n", s->number, addr);
        return;
    }
    if ((addr & ~3) <= A_DR) {
        stm32f100_usart_update(s); /* the usual case, once per character */
    } else {
        reconfigure(s);
    }
}

static const MemoryRegionOps usart_ops =
    STM32F100_BUS_OPS(usart_read, usart_write);

static void clock_changed(void *opaque, ClockEvent event)
{
    reconfigure(opaque);
}

static void usart_reset_hold(Object *obj, ResetType type)
{
    Stm32f100UsartState *s = STM32F100_USART(obj);

    s->sr = SR_RESET;
    s->brr = s->cr1 = s->cr2 = s->cr3 = s->gtpr = 0;
    s->rdr = s->tdr = s->tsr = 0;
    s->sr_read = 0;
    s->shifting = STM32F100_USART_NOTHING;
    s->preamble = false;
    s->heard = false;
    s->passed_end_ns = 0;
    s->passed_end_frac = 0;
    timer_del(s->timer);
    wire_end_reset(s->wire);
}

static void usart_reset_exit(Object *obj, ResetType type)
{
    Stm32f100UsartState *s = STM32F100_USART(obj);

    stm32f100_usart_ck_off(&s->ck);
    s->ck_rest = STM32F100_USART_CK_OFF;
    s->ck_half_period = 0;
    update_outputs(s);
    stm32f100_usart_update(s);
}

static void pin_routed(void *opaque, Stm32AfSignal signal)
{
    stm32f100_usart_update_receiver(opaque);
}

static void usart_init(Object *obj)
{
    Stm32f100UsartState *s = STM32F100_USART(obj);

    memory_region_init_io(&s->mmio, obj, &usart_ops, s, TYPE_STM32F100_USART,
                          0x400);
    /* a write may raise a DMA request whose transfer is an access to DR */
    s->mmio.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_out_named(DEVICE(obj), &s->dma_tx, "dma-tx", 1);
    qdev_init_gpio_out_named(DEVICE(obj), &s->dma_rx, "dma-rx", 1);
    s->clk = qdev_init_clock_in(DEVICE(obj), "clk", clock_changed, s,
                                ClockUpdate);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, stm32f100_usart_shifted_out, s);
}

static void usart_realize(DeviceState *dev, Error **errp)
{
    Stm32f100UsartState *s = STM32F100_USART(dev);
    g_autofree char *name = g_strdup_printf("usart%u", s->number);

    if (s->number < 1 || s->number > 3) {
        error_setg(errp, "stm32f100-usart: no USART%u in this part", s->number);
        return;
    }
    if (!s->afio) {
        error_setg(errp, "stm32f100-usart: link 'afio' is not set");
        return;
    }
    s->wire = wire_end_new(name, &stm32f100_usart_wire_ops, s);
    stm32_af_watch(s->afio, rx_signal(s), NULL, pin_routed, s);
    stm32_af_watch(s->afio, tx_signal(s), NULL, pin_routed, s);
    stm32_af_listen(s->afio, cts_signal(s), stm32f100_usart_cts_toggled, s);
    stm32f100_usart_ck_init(&s->ck, s->afio, ck_signal(s));
}

static const Property usart_properties[] = {
    DEFINE_PROP_UINT8("usart", Stm32f100UsartState, number, 0),
    DEFINE_PROP_LINK("afio", Stm32f100UsartState, afio, "stm32f100-afio",
                     Stm32f100AfioState *),
};

static const VMStateDescription vmstate_usart = {
    .name = TYPE_STM32F100_USART,
    .version_id = 2,
    .minimum_version_id = 2,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100UsartState),
        VMSTATE_TIMER_PTR(timer, Stm32f100UsartState),
        VMSTATE_WIRE_END(wire, Stm32f100UsartState),
        VMSTATE_UINT32(sr, Stm32f100UsartState),
        VMSTATE_UINT32(brr, Stm32f100UsartState),
        VMSTATE_UINT32(cr1, Stm32f100UsartState),
        VMSTATE_UINT32(cr2, Stm32f100UsartState),
        VMSTATE_UINT32(cr3, Stm32f100UsartState),
        VMSTATE_UINT32(gtpr, Stm32f100UsartState),
        VMSTATE_UINT16(rdr, Stm32f100UsartState),
        VMSTATE_UINT16(tdr, Stm32f100UsartState),
        VMSTATE_UINT16(tsr, Stm32f100UsartState),
        VMSTATE_UINT32(sr_read, Stm32f100UsartState),
        VMSTATE_UINT8(shifting, Stm32f100UsartState),
        VMSTATE_BOOL(preamble, Stm32f100UsartState),
        VMSTATE_BOOL(heard, Stm32f100UsartState),
        VMSTATE_UINT8(ck_rest, Stm32f100UsartState),
        VMSTATE_UINT64(ck_half_period, Stm32f100UsartState),
        VMSTATE_STRUCT(ck, Stm32f100UsartState, 1, vmstate_stm32f100_usart_ck,
                       Stm32f100UsartCk),
        VMSTATE_INT64(passed_end_ns, Stm32f100UsartState),
        VMSTATE_UINT32(passed_end_frac, Stm32f100UsartState),
        VMSTATE_END_OF_LIST()
    }
};

static void usart_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    ResettableClass *rc = RESETTABLE_CLASS(oc);

    dc->realize = usart_realize;
    dc->vmsd = &vmstate_usart;
    rc->phases.hold = usart_reset_hold;
    rc->phases.exit = usart_reset_exit;
    device_class_set_props(dc, usart_properties);
}

static const TypeInfo usart_types[] = {
    {
        .name = TYPE_STM32F100_USART,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100UsartState),
        .instance_init = usart_init,
        .class_init = usart_class_init,
    },
};

DEFINE_TYPES(usart_types)
