/*
 * LPUART of the i.MX RT1176 (IMXRT1170RM, chapter "LPUART"): registers, flags,
 * interrupt and DMA requests.  Receiver and transmitter are in files of their
 * own; bits and their times go over the wire (emu/wire/wire.h): one bit lasts
 * (OSR + 1) x SBR periods of the module clock.  What differs from the part is
 * listed in docs/devices/rt1176-lpuart.md.
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
#include "rt1176_lpuart_internal.h"

#define VERID_VALUE 0x04010003 /* 4.1, with modem and IrDA support */
#define PARAM_VALUE 0x00000202 /* FIFOs of 2^2 words */
#define BAUD_RESET 0x0f000004
#define BAUD_WRITABLE 0xffbfffffu /* bit 22 is reserved */
#define FIFO_SIZE_4_WORDS 1

#define STAT_W1C (R_STAT_MA2F_MASK | R_STAT_MA1F_MASK | R_STAT_PF_MASK | \
                  R_STAT_FE_MASK | R_STAT_NF_MASK | R_STAT_OR_MASK | \
                  R_STAT_IDLE_MASK | R_STAT_RXEDGIF_MASK | R_STAT_LBKDIF_MASK)
#define STAT_CONFIG (R_STAT_LBKDE_MASK | R_STAT_BRK13_MASK | \
                     R_STAT_RWUID_MASK | R_STAT_RXINV_MASK | R_STAT_MSBF_MASK)
#define FIFO_CONFIG (R_FIFO_RXFE_MASK | R_FIFO_TXFE_MASK | R_FIFO_RXUFE_MASK | \
                     R_FIFO_TXOFE_MASK | R_FIFO_RXIDEN_MASK)
#define FIFO_W1C (R_FIFO_RXUF_MASK | R_FIFO_TXOF_MASK)
#define WATER_WRITABLE (R_WATER_TXWATER_MASK | R_WATER_RXWATER_MASK)
#define CTRL_WRITABLE 0xffffcfff
#define MATCH_WRITABLE (R_MATCH_MA1_MASK | R_MATCH_MA2_MASK)
#define MODIR_WRITABLE 0x0007033f
/* What of BAUD may change only while receiver and transmitter are off. */
#define BAUD_STATIC \
    (R_BAUD_SBR_MASK | R_BAUD_SBNS_MASK | R_BAUD_BOTHEDGE_MASK | \
     R_BAUD_OSR_MASK | R_BAUD_M10_MASK)

/* ---- the shape of a character ---- */

unsigned rt1176_lpuart_data_bits(const Rt1176LpuartState *s)
{
    if (FIELD_EX32(s->baud, BAUD, M10)) {
        return 10;
    }
    if (CTRL_BIT(s, M)) {
        return 9;
    }
    return CTRL_BIT(s, M7) ? 7 : 8;
}

unsigned rt1176_lpuart_stop_bits(const Rt1176LpuartState *s)
{
    return 1 + FIELD_EX32(s->baud, BAUD, SBNS);
}

unsigned rt1176_lpuart_character_bits(const Rt1176LpuartState *s)
{
    return 1 + rt1176_lpuart_data_bits(s) + rt1176_lpuart_stop_bits(s);
}

unsigned rt1176_lpuart_oversampling(const Rt1176LpuartState *s)
{
    unsigned osr = FIELD_EX32(s->baud, BAUD, OSR);

    /* 0 means 16; 1 and 2 are reserved */
    return osr < 3 ? 16 : osr + 1;
}

uint64_t rt1176_lpuart_bit_time(const Rt1176LpuartState *s)
{
    return clock_get(s->clk) * rt1176_lpuart_oversampling(s) *
           FIELD_EX32(s->baud, BAUD, SBR);
}

/* ---- FIFOs ---- */

void rt1176_lpuart_fifo_push(Rt1176LpuartFifo *fifo, uint16_t word)
{
    assert(fifo->count < RT1176_LPUART_FIFO_WORDS);
    fifo->word[(fifo->first + fifo->count++) % RT1176_LPUART_FIFO_WORDS] = word;
}

uint16_t rt1176_lpuart_fifo_pop(Rt1176LpuartFifo *fifo)
{
    uint16_t word = fifo->word[fifo->first];

    assert(fifo->count > 0);
    fifo->first = (fifo->first + 1) % RT1176_LPUART_FIFO_WORDS;
    fifo->count--;
    return word;
}

/* ---- flags, the interrupt, DMA requests ---- */

/* STAT but for RAF, which nothing else depends on. */
static uint32_t lpuart_stat(const Rt1176LpuartState *s)
{
    uint32_t stat = s->stat;

    stat = FIELD_DP32(stat, STAT, RDRF, rt1176_lpuart_rdrf(s));
    stat = FIELD_DP32(stat, STAT, TDRE, rt1176_lpuart_tdre(s));
    return FIELD_DP32(stat, STAT, TC, rt1176_lpuart_tc(s));
}

/* The module's one interrupt request: any flag whose enable is set. */
static bool lpuart_interrupts(const Rt1176LpuartState *s, uint32_t stat)
{
    /* TIE..ILIE lie over TDRE..IDLE, and MA1IE, MA2IE over MA1F, MA2F */
    uint32_t same = stat & s->ctrl &
                    (R_STAT_TDRE_MASK | R_STAT_TC_MASK | R_STAT_RDRF_MASK |
                     R_STAT_IDLE_MASK | R_STAT_MA1F_MASK | R_STAT_MA2F_MASK);

    return same || (FIELD_EX32(stat, STAT, OR) && CTRL_BIT(s, ORIE)) ||
           (FIELD_EX32(stat, STAT, NF) && CTRL_BIT(s, NEIE)) ||
           (FIELD_EX32(stat, STAT, FE) && CTRL_BIT(s, FEIE)) ||
           (FIELD_EX32(stat, STAT, PF) && CTRL_BIT(s, PEIE)) ||
           (FIELD_EX32(stat, STAT, LBKDIF) &&
            FIELD_EX32(s->baud, BAUD, LBKDIE)) ||
           (FIELD_EX32(stat, STAT, RXEDGIF) &&
            FIELD_EX32(s->baud, BAUD, RXEDGIE)) ||
           (FIELD_EX32(s->fifo, FIFO, RXUF) &&
            FIELD_EX32(s->fifo, FIFO, RXUFE)) ||
           (FIELD_EX32(s->fifo, FIFO, TXOF) &&
            FIELD_EX32(s->fifo, FIFO, TXOFE));
}

/* RTS_B: the transmitter's or the receiver's; high if it is neither's. */
static void lpuart_update_rts(Rt1176LpuartState *s)
{
    bool level = true;

    if (MODIR_BIT(s, TXRTSE)) {
        level = rt1176_lpuart_tx_rts(s);
    } else if (MODIR_BIT(s, RXRTSE)) {
        level = rt1176_lpuart_rx_rts(s);
    }
    s->rts_used |= MODIR_BIT(s, TXRTSE) || MODIR_BIT(s, RXRTSE);
    if (s->rts_used) {
        wire_pin_set(s->rts_pin, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL), level);
    }
}

void rt1176_lpuart_update(Rt1176LpuartState *s)
{
    uint32_t stat = lpuart_stat(s);
    bool rx_dma = (FIELD_EX32(s->baud, BAUD, RDMAE) &&
                   FIELD_EX32(stat, STAT, RDRF)) ||
                  (FIELD_EX32(s->baud, BAUD, RIDMAE) &&
                   FIELD_EX32(stat, STAT, IDLE));
    bool tx_dma = FIELD_EX32(s->baud, BAUD, TDMAE) &&
                  FIELD_EX32(stat, STAT, TDRE);

    qemu_set_irq(s->irq, lpuart_interrupts(s, stat));
    qemu_set_irq(s->dma[RT1176_LPUART_DMA_RX], rx_dma);
    qemu_set_irq(s->dma[RT1176_LPUART_DMA_TX], tx_dma);
    lpuart_update_rts(s);
    wire_end_watch_edge(s->wire, rt1176_lpuart_wants_edge(s));
}

/* CTS_B, from outside: -1 when nobody drives it, and then it is high. */
static void lpuart_set_cts(void *opaque, int n, int level)
{
    Rt1176LpuartState *s = opaque;

    s->cts = level != 0;
    rt1176_lpuart_transmit(s);
}

/* ---- registers ---- */

static void lpuart_reset_registers(Rt1176LpuartState *s)
{
    timer_del(s->tx_timer);
    timer_del(s->rts_timer);
    s->pincfg = 0;
    s->baud = BAUD_RESET;
    s->stat = 0;
    s->ctrl = 0;
    s->match = 0;
    s->modir = 0;
    s->fifo = FIFO_SIZE_4_WORDS << R_FIFO_RXFIFOSIZE_SHIFT |
              FIFO_SIZE_4_WORDS << R_FIFO_TXFIFOSIZE_SHIFT;
    s->water = 0;
    s->rx = (Rt1176LpuartFifo){ 0 };
    s->tx = (Rt1176LpuartFifo){ 0 };
    s->rx_last = 0;
    s->rx_line_idle = false;
    s->rx_idle_timeout = false;
    s->rx_stopping = false;
    s->rx_stop_ns = 0;
    s->rx_matched = false;
    s->rx_coming = false;
    s->tx_busy = false;
    s->tx_stopping = false;
    s->tx_preamble = false;
    s->tx_break = false;
    s->tx_streaming = false;
    s->tx_rts = false;
    s->loop_frame = false;
    s->loop_break = false;
    s->loop_bits = 0;
    wire_end_reset(s->wire);
    rt1176_lpuart_update(s);
}

static void lpuart_write_global(Rt1176LpuartState *s, uint32_t value)
{
    s->global = value & R_GLOBAL_RST_MASK;
    if (s->global) {
        lpuart_reset_registers(s);
    }
}

static void lpuart_write_stat(Rt1176LpuartState *s, uint32_t value)
{
    s->stat &= ~(value & STAT_W1C);
    s->stat = (s->stat & ~STAT_CONFIG) | (value & STAT_CONFIG);
    rt1176_lpuart_update_rx(s);
    rt1176_lpuart_update(s);
}

/* RE and TE read as 1 until the character in progress has ended. */
static uint32_t lpuart_read_ctrl(Rt1176LpuartState *s)
{
    uint32_t ctrl = s->ctrl;

    if (s->rx_stopping && wire_end_rx_active(s->wire, DEVICE(s))) {
        ctrl |= R_CTRL_RE_MASK;
    }
    if (s->tx_stopping) {
        ctrl |= R_CTRL_TE_MASK;
    }
    /* the ninth and tenth bit of the oldest character received */
    ctrl = FIELD_DP32(ctrl, CTRL, R8T9, extract32(s->rx_last, 8, 1));
    return FIELD_DP32(ctrl, CTRL, R9T8, extract32(s->rx_last, 9, 1));
}

static void lpuart_write_ctrl(Rt1176LpuartState *s, uint32_t value)
{
    uint32_t old = s->ctrl;
    uint32_t on = value & ~old;
    uint32_t off = old & ~value;

    s->ctrl = value;
    if (off & R_CTRL_RE_MASK) {
        s->rx_stopping = true; /* if a character is coming in */
        s->rx_stop_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    }
    if (on & R_CTRL_RE_MASK) {
        s->rx_stopping = false;
    }
    if (on & R_CTRL_TE_MASK) {
        s->tx_preamble = true;
        s->tx_stopping = false;
    }
    if (off & R_CTRL_TE_MASK) {
        s->tx_preamble = false;
        s->tx_stopping = s->tx_busy;
    }
    if (on & R_CTRL_SBK_MASK) {
        s->tx_break = true;
    }
    if ((on | off) & R_CTRL_TXINV_MASK) {
        rt1176_lpuart_set_idle_level(s);
    }
    rt1176_lpuart_update_rx(s);
    rt1176_lpuart_transmit(s);
    rt1176_lpuart_update(s);
}

static void lpuart_write_fifo(Rt1176LpuartState *s, uint32_t value)
{
    s->fifo &= ~(value & FIFO_W1C);
    s->fifo = (s->fifo & ~FIFO_CONFIG) | (value & FIFO_CONFIG);
    if (value & R_FIFO_RXFLUSH_MASK) {
        s->rx = (Rt1176LpuartFifo){ 0 };
        s->rx_idle_timeout = false;
    }
    if (value & R_FIFO_TXFLUSH_MASK) {
        s->tx = (Rt1176LpuartFifo){ 0 };
    }
    rt1176_lpuart_update_rx(s);
    rt1176_lpuart_update(s);
}

static uint32_t lpuart_read_fifo(Rt1176LpuartState *s)
{
    uint32_t fifo = FIELD_DP32(s->fifo, FIFO, RXEMPT, !s->rx.count);

    return FIELD_DP32(fifo, FIFO, TXEMPT, !s->tx.count);
}

static uint32_t lpuart_read_water(Rt1176LpuartState *s)
{
    uint32_t water = FIELD_DP32(s->water, WATER, RXCOUNT, s->rx.count);

    return FIELD_DP32(water, WATER, TXCOUNT, s->tx.count);
}

/* What bytes that a narrow write leaves out keep: no flag is cleared by them */
static uint32_t lpuart_kept(const Rt1176LpuartState *s, hwaddr addr)
{
    switch (addr) {
    case A_GLOBAL:
        return s->global;
    case A_PINCFG:
        return s->pincfg;
    case A_BAUD:
        return s->baud;
    case A_STAT:
        return s->stat & STAT_CONFIG;
    case A_CTRL:
        return s->ctrl;
    case A_MATCH:
        return s->match;
    case A_MODIR:
        return s->modir;
    case A_FIFO:
        return s->fifo & FIFO_CONFIG;
    case A_WATER:
        return s->water;
    default:
        return 0;
    }
}

static uint32_t lpuart_read_word(Rt1176LpuartState *s, hwaddr addr)
{
    switch (addr) {
    case A_VERID:
        return VERID_VALUE;
    case A_PARAM:
        return PARAM_VALUE;
    case A_GLOBAL:
    case A_PINCFG:
    case A_BAUD:
    case A_MATCH:
    case A_MODIR:
        return lpuart_kept(s, addr);
    case A_STAT:
        return FIELD_DP32(lpuart_stat(s), STAT, RAF,
                          wire_end_rx_active(s->wire, DEVICE(s)));
    case A_CTRL:
        return lpuart_read_ctrl(s);
    case A_DATA:
        return rt1176_lpuart_read_data(s);
    case A_FIFO:
        return lpuart_read_fifo(s);
    case A_WATER:
        return lpuart_read_water(s);
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx
                      "\n", s->uart, addr);
        return 0;
    }
}

static uint64_t lpuart_read(void *opaque, hwaddr addr, unsigned size)
{
    return extract32(lpuart_read_word(opaque, addr & ~3ull), 8 * (addr & 3),
                     8 * size);
}

static void lpuart_write_baud(Rt1176LpuartState *s, uint32_t value)
{
    if ((s->baud ^ value) & BAUD_STATIC &&
        (CTRL_BIT(s, RE) || CTRL_BIT(s, TE))) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: BAUD changes while receiver or"
                      " transmitter is on\n", s->uart);
    }
    s->baud = value & BAUD_WRITABLE;
    rt1176_lpuart_update_rx(s);
    rt1176_lpuart_transmit(s);
    rt1176_lpuart_update(s);
}

/* Triggers come from the crossbar, which is not there: low, as behind reset. */
static void lpuart_write_pincfg(Rt1176LpuartState *s, uint32_t value)
{
    s->pincfg = value & R_PINCFG_TRGSEL_MASK;
    if (s->pincfg) {
        qemu_log_mask(LOG_UNIMP, "%s: nothing is connected to the input"
                      " trigger, which is low (PINCFG 0x%x)\n", s->uart,
                      s->pincfg);
    }
    rt1176_lpuart_set_idle_level(s);
    rt1176_lpuart_update_rx(s);
    rt1176_lpuart_transmit(s);
    rt1176_lpuart_update(s);
}

static void lpuart_write_modir(Rt1176LpuartState *s, uint32_t value)
{
    s->modir = value & MODIR_WRITABLE;
    rt1176_lpuart_update_rx(s);
    rt1176_lpuart_transmit(s);
    rt1176_lpuart_update(s);
}

static void lpuart_write_word(Rt1176LpuartState *s, hwaddr addr,
                              uint32_t value)
{
    switch (addr) {
    case A_GLOBAL:
        lpuart_write_global(s, value);
        break;
    case A_PINCFG:
        lpuart_write_pincfg(s, value);
        break;
    case A_BAUD:
        lpuart_write_baud(s, value);
        break;
    case A_STAT:
        lpuart_write_stat(s, value);
        break;
    case A_CTRL:
        lpuart_write_ctrl(s, value & CTRL_WRITABLE);
        break;
    case A_MATCH:
        s->match = value & MATCH_WRITABLE;
        break;
    case A_MODIR:
        lpuart_write_modir(s, value);
        break;
    case A_FIFO:
        lpuart_write_fifo(s, value);
        break;
    case A_WATER:
        s->water = value & WATER_WRITABLE;
        rt1176_lpuart_update(s);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to 0x%" HWADDR_PRIx
                      " ignored\n", s->uart, addr);
    }
}

static void lpuart_write(void *opaque, hwaddr addr, uint64_t value,
                         unsigned size)
{
    Rt1176LpuartState *s = opaque;
    hwaddr word = addr & ~3ull;

    if (s->global && word != A_GLOBAL) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to 0x%" HWADDR_PRIx
                      " while GLOBAL[RST] holds it in reset\n", s->uart, addr);
        return;
    }
    if (addr == A_DATA) {
        rt1176_lpuart_write_data(s, value, size);
        return;
    }
    lpuart_write_word(s, word, deposit32(lpuart_kept(s, word), 8 * (addr & 3),
                                         8 * size, value));
}

static const MemoryRegionOps lpuart_ops = {
    .read = lpuart_read,
    .write = lpuart_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 1,
    .valid.max_access_size = 4,
    .impl.min_access_size = 1,
    .impl.max_access_size = 4,
};

static void lpuart_clock_changed(void *opaque, ClockEvent event)
{
    Rt1176LpuartState *s = opaque;

    if (!DEVICE(s)->realized) {
        return;
    }
    rt1176_lpuart_update_rx(s);
    rt1176_lpuart_transmit(s);
    rt1176_lpuart_update(s);
}

/* ---- device ---- */

static void lpuart_reset_hold(Object *obj, ResetType type)
{
    Rt1176LpuartState *s = RT1176_LPUART(obj);

    s->global = 0;
    lpuart_reset_registers(s);
}

static void lpuart_init(Object *obj)
{
    Rt1176LpuartState *s = RT1176_LPUART(obj);

    s->clk = qdev_init_clock_in(DEVICE(obj), "clk", lpuart_clock_changed, s,
                                ClockUpdate);
    memory_region_init_io(&s->iomem, obj, &lpuart_ops, s, TYPE_RT1176_LPUART,
                          0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_out_named(DEVICE(obj), s->dma, "dma",
                             RT1176_LPUART_DMA_REQUESTS);
    qdev_init_gpio_in_named(DEVICE(obj), lpuart_set_cts, "cts", 1);
}

static void lpuart_realize(DeviceState *dev, Error **errp)
{
    Rt1176LpuartState *s = RT1176_LPUART(dev);
    g_autofree char *name = NULL;
    g_autofree char *cts = NULL;
    g_autofree char *rts = NULL;

    if (!s->uart) {
        error_setg(errp, "property 'uart' is not set");
        return;
    }
    if (!clock_has_source(s->clk)) {
        error_setg(errp, "%s: input clock 'clk' is not connected", s->uart);
        return;
    }
    s->tx_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, rt1176_lpuart_tx_done,
                              s);
    s->rts_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, rt1176_lpuart_rts_done, s);
    name = g_ascii_strup(s->uart, -1);
    cts = g_strdup_printf("%s_CTS_B", name);
    rts = g_strdup_printf("%s_RTS_B", name);
    s->cts = true;
    wire_pin_set_input(wire_pin_new(cts),
                       qdev_get_gpio_in_named(dev, "cts", 0));
    s->rts_pin = wire_pin_new(rts);
    s->wire = wire_end_new(s->uart, &rt1176_lpuart_wire_ops, s);
}

static const VMStateDescription vmstate_lpuart_fifo = {
    .name = "rt1176-lpuart-fifo",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT16_ARRAY(word, Rt1176LpuartFifo, RT1176_LPUART_FIFO_WORDS),
        VMSTATE_UINT8(first, Rt1176LpuartFifo),
        VMSTATE_UINT8(count, Rt1176LpuartFifo),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_lpuart = {
    .name = TYPE_RT1176_LPUART,
    .version_id = 2,
    .minimum_version_id = 2,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Rt1176LpuartState),
        VMSTATE_WIRE_END(wire, Rt1176LpuartState),
        VMSTATE_UINT32(global, Rt1176LpuartState),
        VMSTATE_UINT32(pincfg, Rt1176LpuartState),
        VMSTATE_UINT32(baud, Rt1176LpuartState),
        VMSTATE_UINT32(stat, Rt1176LpuartState),
        VMSTATE_UINT32(ctrl, Rt1176LpuartState),
        VMSTATE_UINT32(match, Rt1176LpuartState),
        VMSTATE_UINT32(modir, Rt1176LpuartState),
        VMSTATE_UINT32(fifo, Rt1176LpuartState),
        VMSTATE_UINT32(water, Rt1176LpuartState),
        VMSTATE_STRUCT(rx, Rt1176LpuartState, 1, vmstate_lpuart_fifo,
                       Rt1176LpuartFifo),
        VMSTATE_STRUCT(tx, Rt1176LpuartState, 1, vmstate_lpuart_fifo,
                       Rt1176LpuartFifo),
        VMSTATE_UINT16(rx_last, Rt1176LpuartState),
        VMSTATE_BOOL(rx_line_idle, Rt1176LpuartState),
        VMSTATE_BOOL(rx_idle_timeout, Rt1176LpuartState),
        VMSTATE_BOOL(rx_stopping, Rt1176LpuartState),
        VMSTATE_INT64(rx_stop_ns, Rt1176LpuartState),
        VMSTATE_BOOL(rx_matched, Rt1176LpuartState),
        VMSTATE_BOOL(rx_coming, Rt1176LpuartState),
        VMSTATE_BOOL(cts, Rt1176LpuartState),
        VMSTATE_BOOL(rts_used, Rt1176LpuartState),
        VMSTATE_TIMER_PTR(rts_timer, Rt1176LpuartState),
        VMSTATE_TIMER_PTR(tx_timer, Rt1176LpuartState),
        VMSTATE_BOOL(tx_busy, Rt1176LpuartState),
        VMSTATE_BOOL(tx_stopping, Rt1176LpuartState),
        VMSTATE_BOOL(tx_preamble, Rt1176LpuartState),
        VMSTATE_BOOL(tx_break, Rt1176LpuartState),
        VMSTATE_BOOL(tx_streaming, Rt1176LpuartState),
        VMSTATE_BOOL(tx_rts, Rt1176LpuartState),
        VMSTATE_UINT16(loop_bits, Rt1176LpuartState),
        VMSTATE_BOOL(loop_frame, Rt1176LpuartState),
        VMSTATE_BOOL(loop_break, Rt1176LpuartState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property lpuart_properties[] = {
    DEFINE_PROP_STRING("uart", Rt1176LpuartState, uart),
};

static void lpuart_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = lpuart_realize;
    dc->vmsd = &vmstate_lpuart;
    dc->desc = "i.MX RT1176 LPUART";
    device_class_set_props(dc, lpuart_properties);
    RESETTABLE_CLASS(klass)->phases.hold = lpuart_reset_hold;
}

static const TypeInfo lpuart_types[] = {
    {
        .name = TYPE_RT1176_LPUART,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176LpuartState),
        .instance_init = lpuart_init,
        .class_init = lpuart_class_init,
    },
};
DEFINE_TYPES(lpuart_types)
