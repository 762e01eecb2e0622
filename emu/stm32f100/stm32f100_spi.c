/*
 * STM32F100 SPI1, SPI2 (RM0041 21)
 *
 * As master, a frame is a row of half bits whose times follow from PCLK and BR;
 * edges of its pins are written when somebody looks, and timers run only to the
 * last sample, when a peer on the SSI bus exchanges its octets and RXNE comes,
 * and to the end of the frame.  As slave, it follows the edges of its SCK pin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "../wire/wire.h"
#include "stm32f100_bus.h"
#include "stm32f100_spi.h"

REG32(CR1, 0x00)
    FIELD(CR1, CPHA, 0, 1)
    FIELD(CR1, CPOL, 1, 1)
    FIELD(CR1, MSTR, 2, 1)
    FIELD(CR1, BR, 3, 3)
    FIELD(CR1, SPE, 6, 1)
    FIELD(CR1, LSBFIRST, 7, 1)
    FIELD(CR1, SSI, 8, 1)
    FIELD(CR1, SSM, 9, 1)
    FIELD(CR1, RXONLY, 10, 1)
    FIELD(CR1, DFF, 11, 1)
    FIELD(CR1, CRCNEXT, 12, 1)
    FIELD(CR1, CRCEN, 13, 1)
    FIELD(CR1, BIDIOE, 14, 1)
    FIELD(CR1, BIDIMODE, 15, 1)
REG32(CR2, 0x04)
    FIELD(CR2, RXDMAEN, 0, 1)
    FIELD(CR2, TXDMAEN, 1, 1)
    FIELD(CR2, SSOE, 2, 1)
    FIELD(CR2, ERRIE, 5, 1)
    FIELD(CR2, RXNEIE, 6, 1)
    FIELD(CR2, TXEIE, 7, 1)
REG32(SR, 0x08)
    FIELD(SR, RXNE, 0, 1)
    FIELD(SR, TXE, 1, 1)
    FIELD(SR, CRCERR, 4, 1)
    FIELD(SR, MODF, 5, 1)
    FIELD(SR, OVR, 6, 1)
    FIELD(SR, BSY, 7, 1)
REG32(DR, 0x0c)
REG32(CRCPR, 0x10)
REG32(RXCRCR, 0x14)
REG32(TXCRCR, 0x18)

#define CR2_WRITABLE 0x00e7
#define CRCPR_RESET 0x0007
#define SR_ERRORS (R_SR_CRCERR_MASK | R_SR_MODF_MASK | R_SR_OVR_MASK)
/* What the manual wants to be written only while SPE is 0 (21.4.1). */
#define CR1_STATIC (R_CR1_DFF_MASK | R_CR1_CRCEN_MASK)

/* Signals of an SPI, in the order of Stm32AfSignal. */
typedef enum Line { NSS, SCK, MISO, MOSI, LINES } Line;

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static Stm32AfSignal signal_of(const Stm32f100SpiState *s, Line line)
{
    return (s->number == 1 ? STM32_AF_SPI1_NSS : STM32_AF_SPI2_NSS) + line;
}

static bool is_on(const Stm32f100SpiState *s)
{
    return s->cr1 & R_CR1_SPE_MASK;
}

static bool is_master(const Stm32f100SpiState *s)
{
    return s->cr1 & R_CR1_MSTR_MASK;
}

static bool one_line(const Stm32f100SpiState *s)
{
    return s->cr1 & R_CR1_BIDIMODE_MASK;
}

/* Of table "SPI modes": what BIDIMODE, BIDIOE and RXONLY leave (21.3.4). */
static bool transmits(const Stm32f100SpiState *s)
{
    return one_line(s) ? s->cr1 & R_CR1_BIDIOE_MASK
                       : !(s->cr1 & R_CR1_RXONLY_MASK);
}

static bool receives(const Stm32f100SpiState *s)
{
    return !one_line(s) || !(s->cr1 & R_CR1_BIDIOE_MASK);
}

static Line input_line(const Stm32f100SpiState *s)
{
    return is_master(s) == one_line(s) ? MOSI : MISO;
}

/* The internal NSS (21.3.1): SSI, or the pin; as an output it is no input. */
static bool nss(Stm32f100SpiState *s)
{
    if (s->cr1 & R_CR1_SSM_MASK) {
        return s->cr1 & R_CR1_SSI_MASK;
    }
    return (is_master(s) && (s->cr2 & R_CR2_SSOE_MASK)) ||
           stm32_af_level(s->afio, signal_of(s, NSS));
}

static bool follows_master(Stm32f100SpiState *s)
{
    return is_on(s) && !is_master(s) && !nss(s);
}

/* BSY stays 0 in a master that receives on one line (21.3.7). */
static uint32_t status(const Stm32f100SpiState *s)
{
    bool busy = s->shifting && !(is_master(s) && one_line(s) && !transmits(s));

    return FIELD_DP32(s->sr, SR, BSY, busy);
}

/* Interrupt first: a DMA request may be served before it returns. */
static void update(Stm32f100SpiState *s)
{
    uint32_t sr = s->sr, cr2 = s->cr2;

    qemu_set_irq(s->irq,
                 ((cr2 & R_CR2_TXEIE_MASK) && (sr & R_SR_TXE_MASK)) ||
                 ((cr2 & R_CR2_RXNEIE_MASK) && (sr & R_SR_RXNE_MASK)) ||
                 ((cr2 & R_CR2_ERRIE_MASK) && (sr & SR_ERRORS)));
    qemu_set_irq(s->dma_rx, (s->cr2 & R_CR2_RXDMAEN_MASK) &&
                                (s->sr & R_SR_RXNE_MASK));
    qemu_set_irq(s->dma_tx, (s->cr2 & R_CR2_TXDMAEN_MASK) &&
                                (s->sr & R_SR_TXE_MASK));
}

/* ---- words ---- */

static unsigned word_length(const Stm32f100SpiState *s)
{
    return s->cr1 & R_CR1_DFF_MASK ? 16 : 8;
}

/* A word as it is on the line, first bit highest; and back. */
static uint16_t line_order(const Stm32f100SpiState *s, uint16_t word)
{
    unsigned length = word_length(s);

    if (s->cr1 & R_CR1_LSBFIRST_MASK) {
        return revbit16(word) >> (16 - length);
    }
    return word & MAKE_64BIT_MASK(0, length);
}

/* Bit by bit as on the line, 8 or 16 bits wide like the word (21.3.6). */
static uint16_t crc_of(const Stm32f100SpiState *s, uint16_t crc, uint16_t word)
{
    unsigned length = word_length(s);

    crc ^= word;
    for (unsigned n = 0; n < length; n++) {
        bool out = crc >> (length - 1) & 1;

        crc = (crc << 1) ^ (out ? s->crcpr : 0);
    }
    return crc & MAKE_64BIT_MASK(0, length);
}

static bool crc_is_next(const Stm32f100SpiState *s)
{
    return (s->cr1 & R_CR1_CRCEN_MASK) && (s->cr1 & R_CR1_CRCNEXT_MASK);
}

/*
 * What the next frame sends: the CRC comes after what is in the transmit buffer
 * (21.3.6); if there is nothing, what is in the shift register goes once more.
 */
static uint16_t next_out(const Stm32f100SpiState *s)
{
    if (!(s->sr & R_SR_TXE_MASK) && transmits(s)) {
        return line_order(s, s->tdr);
    }
    return crc_is_next(s) ? line_order(s, s->txcrcr) : s->shift_out;
}

/* The next frame goes into the shift register. */
static void load(Stm32f100SpiState *s)
{
    bool data = !(s->sr & R_SR_TXE_MASK) && transmits(s);

    s->shifting = true;
    s->received = false;
    s->done = 0;
    s->bits = word_length(s);
    s->crc_frame = crc_is_next(s) && !data;
    s->shift_out = next_out(s);
    if (s->crc_frame) {
        s->cr1 &= ~R_CR1_CRCNEXT_MASK;
    } else if (data) {
        s->sr |= R_SR_TXE_MASK;
        if (s->cr1 & R_CR1_CRCEN_MASK) {
            s->txcrcr = crc_of(s, s->txcrcr, s->shift_out);
        }
    }
}

/* The last bit has been sampled: shift_in is complete. */
static void frame_received(Stm32f100SpiState *s)
{
    uint16_t word;

    s->shift_in &= MAKE_64BIT_MASK(0, s->bits);
    word = line_order(s, s->shift_in);
    s->received = true;
    if (!receives(s)) {
        return;
    }
    if (s->crc_frame) {
        if (word != s->rxcrcr) {
            s->sr |= R_SR_CRCERR_MASK;
        }
    } else if (s->cr1 & R_CR1_CRCEN_MASK) {
        s->rxcrcr = crc_of(s, s->rxcrcr, s->shift_in);
    }
    if (s->sr & R_SR_RXNE_MASK) {
        /* DR keeps what it has, the new word is lost (21.3.10) */
        s->sr |= R_SR_OVR_MASK;
        s->ovr_read = false;
        return;
    }
    s->rdr = word;
    s->sr |= R_SR_RXNE_MASK;
}

static bool out_bit(const Stm32f100SpiState *s, unsigned n)
{
    return s->shift_out >> (s->bits - 1 - n) & 1;
}

/* ---- pins ---- */

static void drive(Stm32f100SpiState *s, Line line, int64_t time_ns, bool level)
{
    stm32_af_set(s->afio, signal_of(s, line), time_ns, level);
}

static void release(Stm32f100SpiState *s, Line line)
{
    stm32_af_release(s->afio, signal_of(s, line), now_ns());
}

/* A slave shows the first bit before the first edge if CPHA is 0. */
static void show_first_bit(Stm32f100SpiState *s)
{
    if (!(s->cr1 & R_CR1_CPHA_MASK)) {
        drive(s, MISO, now_ns(), next_out(s) >> (word_length(s) - 1) & 1);
    }
}

/* Which lines this SPI drives; during a frame, its edges are others' job. */
static void update_pins(Stm32f100SpiState *s)
{
    bool master = is_master(s) && (is_on(s) || s->shifting);
    bool slave = follows_master(s);

    if (!master) {
        release(s, SCK);
    } else if (!s->shifting) {
        drive(s, SCK, now_ns(), s->cr1 & R_CR1_CPOL_MASK);
    }
    if (master && (s->cr2 & R_CR2_SSOE_MASK) && !(s->cr1 & R_CR1_SSM_MASK)) {
        drive(s, NSS, now_ns(), false);
    } else {
        release(s, NSS);
    }
    if (!master || !transmits(s)) {
        release(s, MOSI);
    } else if (!s->shifting) {
        drive(s, MOSI, now_ns(), s->shift_out & 1); /* the last bit stays */
    }
    if (!slave || !transmits(s)) {
        release(s, MISO);
    } else if (!s->shifting) {
        show_first_bit(s);
    }
}

/* ---- peers ---- */

static bool peer_is_selected(const SSIPeripheral *peer)
{
    switch (peer->spc->cs_polarity) {
    case SSI_CS_LOW:
        return !peer->cs;
    case SSI_CS_HIGH:
        return peer->cs;
    default:
        return true;
    }
}

static bool has_peer(const Stm32f100SpiState *s)
{
    BusChild *kid;

    QTAILQ_FOREACH(kid, &BUS(s->peers)->children, sibling) {
        if (peer_is_selected(SSI_PERIPHERAL(kid->child))) {
            return true;
        }
    }
    return false;
}

static void tell_chip_select(Stm32f100SpiState *s, unsigned n)
{
    DeviceState *peer = ssi_get_cs(s->peers, n);

    if (peer && SSI_PERIPHERAL(peer)->spc->cs_polarity != SSI_CS_NONE) {
        qemu_set_irq(qdev_get_gpio_in_named(peer, SSI_GPIO_CS, 0),
                     extract32(s->cs, n, 1));
    }
}

static void set_chip_select(void *opaque, int n, int level)
{
    Stm32f100SpiState *s = opaque;

    s->cs = deposit32(s->cs, n, 1, level != 0);
    tell_chip_select(s, n);
}

/*
 * A frame with the peers: octets, first bit highest.  Where MOSI is no output
 * of this SPI they hear the pin's level; if MISO has no pin, nobody hears them.
 */
static void exchange(Stm32f100SpiState *s)
{
    Stm32AfSignal in = signal_of(s, input_line(s));
    Stm32AfSignal out = signal_of(s, MOSI);
    uint16_t answer = 0;

    if (!stm32_af_can_drive(s->afio, signal_of(s, SCK)) || !has_peer(s)) {
        return;
    }
    for (int shift = s->bits - 8; shift >= 0; shift -= 8) {
        bool drives = transmits(s) && stm32_af_can_drive(s->afio, out);
        uint8_t octet = drives ? s->shift_out >> shift
                               : -stm32_af_level(s->afio, out);

        answer = answer << 8 | (ssi_transfer(s->peers, octet) & 0xff);
    }
    if (stm32_af_routed(s->afio, in)) {
        s->shift_in = answer;
    }
}

/* ---- master ---- */

static int64_t half_bit_ns(const Stm32f100SpiState *s, unsigned n)
{
    unsigned __int128 t = s->start_frac + (unsigned __int128)s->half_bit * n;

    return s->start_ns + (int64_t)(t >> 32);
}

/*
 * The edges up to @until_ns.  At even half bits data come out, at odd ones they
 * are sampled; SCK leaves its idle level at the first (CPHA = 1) or half a bit
 * later (21.3.1, data clock timing).
 */
static void master_edges(void *opaque, int64_t until_ns)
{
    Stm32f100SpiState *s = opaque;
    bool cpha = s->cr1 & R_CR1_CPHA_MASK;
    bool cpol = s->cr1 & R_CR1_CPOL_MASK;

    s->writing_edges = true;
    while (s->shifting && is_master(s) && s->done <= 2 * s->bits) {
        unsigned n = s->done;
        int64_t t = half_bit_ns(s, n);

        if (t > until_ns) {
            break;
        }
        s->done++;
        if (n % 2) {
            s->shift_in = s->shift_in << 1 | s->data_in;
        } else if (n < 2 * s->bits && transmits(s)) {
            drive(s, MOSI, t, out_bit(s, n / 2));
        }
        if (n != (cpha ? 2 * s->bits : 0)) {
            drive(s, SCK, t, cpol != (n % 2 != cpha));
        }
    }
    s->writing_edges = false;
}

static bool has_next(const Stm32f100SpiState *s)
{
    return is_on(s) && is_master(s) && clock_is_enabled(s->clk) &&
           (!transmits(s) || !(s->sr & R_SR_TXE_MASK) || crc_is_next(s));
}

static void start_frame(Stm32f100SpiState *s, int64_t start_ns,
                        uint32_t start_frac)
{
    if (s->shifting || !has_next(s)) {
        return;
    }
    load(s);
    s->half_bit = clock_get(s->clk) << FIELD_EX32(s->cr1, CR1, BR);
    s->start_ns = start_ns;
    s->start_frac = start_frac;
    master_edges(s, now_ns());
    timer_mod(s->timer, half_bit_ns(s, 2 * s->bits - 1));
}

static void end_frame(Stm32f100SpiState *s)
{
    int64_t end_ns = half_bit_ns(s, 2 * s->bits);
    uint32_t end_frac = s->start_frac + (uint32_t)(s->half_bit * 2 * s->bits);

    s->shifting = false;
    start_frame(s, end_ns, end_frac);
    update_pins(s);
}

static void frame_time(void *opaque)
{
    Stm32f100SpiState *s = opaque;

    master_edges(s, now_ns());
    if (!s->received) {
        exchange(s);
        frame_received(s);
        timer_mod(s->timer, half_bit_ns(s, 2 * s->bits));
    } else {
        end_frame(s);
    }
    update(s);
}

static void abort_frame(Stm32f100SpiState *s)
{
    s->shifting = false;
    timer_del(s->timer);
}

/* 21.3.10: NSS of a master is pulled low. */
static void check_mode_fault(Stm32f100SpiState *s)
{
    if (is_on(s) && is_master(s) && !nss(s)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-spi%u: mode fault: NSS of a "
                      "master is low\n", s->number);
        s->sr |= R_SR_MODF_MASK;
        s->modf_seen = false;
        s->cr1 &= ~(R_CR1_SPE_MASK | R_CR1_MSTR_MASK);
        abort_frame(s);
    }
}

/* ---- slave ---- */

static void slave_sample(Stm32f100SpiState *s)
{
    s->shift_in = s->shift_in << 1 | s->data_in;
    if (++s->done == s->bits) {
        frame_received(s);
        s->shifting = false;
        /* nothing new to send: what has come in goes out again */
        s->shift_out = s->shift_in;
    }
}

/* SCK has taken @level (21.3.1, data clock timing; 21.3.2). */
static void slave_clock(Stm32f100SpiState *s, bool level)
{
    bool cpha = s->cr1 & R_CR1_CPHA_MASK;
    bool samples = level == (cpha == !!(s->cr1 & R_CR1_CPOL_MASK));

    if (!s->shifting && samples != cpha) {
        load(s);
    }
    if (samples) {
        if (s->shifting) {
            slave_sample(s);
        }
    } else if (s->shifting) {
        if (transmits(s)) {
            drive(s, MISO, now_ns(), out_bit(s, s->done));
        }
    } else {
        update_pins(s);
    }
}

static void line_changed(void *opaque, Stm32AfSignal signal, bool level)
{
    Stm32f100SpiState *s = opaque;
    Line line = signal - signal_of(s, NSS);

    if (s->writing_edges) {
        return;
    }
    master_edges(s, now_ns());
    if (line == input_line(s)) {
        s->data_in = level;
    } else if (line == SCK && follows_master(s) &&
               clock_is_enabled(s->clk)) {
        slave_clock(s, level);
        update(s);
    } else if (line == NSS) {
        check_mode_fault(s);
        update_pins(s);
        update(s);
    }
}

/* ---- registers ---- */

static void write_cr1(Stm32f100SpiState *s, uint32_t value)
{
    uint32_t changed;

    if (s->sr & R_SR_MODF_MASK) {
        /* these cannot be set while MODF is (21.3.10) */
        value &= ~(R_CR1_SPE_MASK | R_CR1_MSTR_MASK);
        if (s->modf_seen) {
            s->sr &= ~R_SR_MODF_MASK;
        }
    }
    changed = s->cr1 ^ (value & 0xffff);
    if (is_on(s) && (changed & CR1_STATIC)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-spi%u: DFF or CRCEN is "
                      "changed while SPE is set\n", s->number);
    }
    if (changed & value & R_CR1_CRCEN_MASK) {
        s->rxcrcr = s->txcrcr = 0;
    }
    if (s->shifting && (changed & R_CR1_MSTR_MASK)) {
        abort_frame(s);
    }
    if (s->shifting && (changed & ~value & R_CR1_SPE_MASK) &&
        (transmits(s) || !is_master(s))) {
        /* only a master that receives completes its frame (21.3.8) */
        abort_frame(s);
    }
    s->cr1 = value & 0xffff;
    s->data_in = stm32_af_level(s->afio, signal_of(s, input_line(s)));
}

static uint32_t read_sr(Stm32f100SpiState *s)
{
    uint32_t sr = status(s);

    s->modf_seen = true;
    if (s->ovr_read) {
        s->sr &= ~R_SR_OVR_MASK;
        s->ovr_read = false;
    }
    return sr;
}

static uint32_t read_dr(Stm32f100SpiState *s)
{
    s->sr &= ~R_SR_RXNE_MASK;
    s->ovr_read = s->sr & R_SR_OVR_MASK;
    update(s);
    return s->rdr;
}

static uint32_t read_word(Stm32f100SpiState *s, hwaddr addr)
{
    uint32_t value;

    switch (addr) {
    case A_CR1:
        return s->cr1;
    case A_CR2:
        return s->cr2;
    case A_SR:
        value = read_sr(s);
        update(s);
        return value;
    case A_DR:
        return read_dr(s);
    case A_CRCPR:
        return s->crcpr;
    case A_RXCRCR:
        return s->rxcrcr;
    case A_TXCRCR:
        return s->txcrcr;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-spi%u: read of reserved "
                      "offset 0x%" HWADDR_PRIx "\n", s->number, addr);
        return 0;
    }
}

static bool spi_clocked(const Stm32f100SpiState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-spi%u: %s while RCC does not "
                      "clock it\n", s->number, access);
        return false;
    }
    return true;
}

static uint64_t spi_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100SpiState *s = opaque;

    if (!spi_clocked(s, "read")) {
        return 0;
    }
    return stm32f100_bus_read(read_word(s, addr & ~3), addr, size);
}

/* After anything that may start a frame or change who drives what. */
static void go_on(Stm32f100SpiState *s)
{
    check_mode_fault(s);
    start_frame(s, now_ns(), 0);
    update_pins(s);
    update(s);
}

static void spi_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100SpiState *s = opaque;
    uint32_t value = stm32f100_apb_write(data, size);

    if (!spi_clocked(s, "write")) {
        return;
    }
    master_edges(s, now_ns());
    switch (addr & ~3) {
    case A_CR1:
        write_cr1(s, value);
        break;
    case A_CR2:
        s->cr2 = value & CR2_WRITABLE;
        break;
    case A_SR: /* only CRCERR can be written, to 0 */
        s->modf_seen = true;
        s->sr &= value | ~R_SR_CRCERR_MASK;
        break;
    case A_DR:
        s->tdr = value;
        s->sr &= ~R_SR_TXE_MASK;
        break;
    case A_CRCPR:
        s->crcpr = value & 0xffff;
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-spi%u: write to offset 0x%"
                      HWADDR_PRIx ", which cannot be written\n", s->number,
                      addr);
        return;
    }
    go_on(s);
}

static const MemoryRegionOps spi_ops = STM32F100_BUS_OPS(spi_read, spi_write);

/* ---- DMA's end of transfer: the CRC follows by itself (21.3.9) ---- */

static void dma_tx_end(void *opaque, int n, int level)
{
    Stm32f100SpiState *s = opaque;

    if (level && (s->cr1 & R_CR1_CRCEN_MASK)) {
        s->cr1 |= R_CR1_CRCNEXT_MASK;
        go_on(s);
    }
}

/* A receiver that sends nothing is already amid the frame of the CRC. */
static void dma_rx_end(void *opaque, int n, int level)
{
    Stm32f100SpiState *s = opaque;

    if (level && (s->cr1 & R_CR1_CRCEN_MASK) && !transmits(s)) {
        if (s->shifting && !s->received) {
            s->crc_frame = true;
        } else {
            s->cr1 |= R_CR1_CRCNEXT_MASK;
        }
    }
}

/* ---- life cycle ---- */

static void clock_changed(void *opaque, ClockEvent event)
{
    go_on(opaque);
}

static void spi_reset_hold(Object *obj, ResetType type)
{
    Stm32f100SpiState *s = STM32F100_SPI(obj);

    master_edges(s, now_ns());
    abort_frame(s);
    s->cr1 = s->cr2 = 0;
    s->sr = R_SR_TXE_MASK;
    s->crcpr = CRCPR_RESET;
    s->rxcrcr = s->txcrcr = 0;
    s->rdr = s->tdr = 0;
    s->modf_seen = s->ovr_read = false;
    s->received = s->crc_frame = false;
    s->bits = s->done = 0;
    s->shift_out = s->shift_in = 0;
}

static void spi_reset_exit(Object *obj, ResetType type)
{
    Stm32f100SpiState *s = STM32F100_SPI(obj);

    for (unsigned n = 0; n < STM32F100_SPI_CHIP_SELECTS; n++) {
        tell_chip_select(s, n);
    }
    update_pins(s);
    update(s);
}

static void spi_init(Object *obj)
{
    Stm32f100SpiState *s = STM32F100_SPI(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->mmio, obj, &spi_ops, s, TYPE_STM32F100_SPI,
                          0x400);
    /* a write may raise a DMA request whose transfer is an access to DR */
    s->mmio.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_out_named(dev, &s->dma_tx, "dma-tx", 1);
    qdev_init_gpio_out_named(dev, &s->dma_rx, "dma-rx", 1);
    qdev_init_gpio_in_named(dev, dma_tx_end, "dma-tx-end", 1);
    qdev_init_gpio_in_named(dev, dma_rx_end, "dma-rx-end", 1);
    qdev_init_gpio_in_named(dev, set_chip_select, "cs",
                            STM32F100_SPI_CHIP_SELECTS);
    s->clk = qdev_init_clock_in(dev, "clk", clock_changed, s, ClockUpdate);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, frame_time, s);
}

static void spi_realize(DeviceState *dev, Error **errp)
{
    Stm32f100SpiState *s = STM32F100_SPI(dev);
    g_autofree char *name = g_strdup_printf("spi%u", s->number);

    if (s->number < 1 || s->number > 2) {
        error_setg(errp, "stm32f100-spi: no SPI%u in this part", s->number);
        return;
    }
    if (!s->afio) {
        error_setg(errp, "stm32f100-spi: link 'afio' is not set");
        return;
    }
    s->peers = ssi_create_bus(dev, name);
    for (Line line = NSS; line < LINES; line++) {
        stm32_af_listen(s->afio, signal_of(s, line), line_changed, s);
    }
    stm32_af_watch(s->afio, signal_of(s, SCK), master_edges, NULL, s);
    wire_pin_add_flush(master_edges, s);
}

static const Property spi_properties[] = {
    DEFINE_PROP_UINT8("spi", Stm32f100SpiState, number, 0),
    DEFINE_PROP_LINK("afio", Stm32f100SpiState, afio, "stm32f100-afio",
                     Stm32f100AfioState *),
};

static const VMStateDescription vmstate_spi = {
    .name = TYPE_STM32F100_SPI,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100SpiState),
        VMSTATE_TIMER_PTR(timer, Stm32f100SpiState),
        VMSTATE_UINT32(cr1, Stm32f100SpiState),
        VMSTATE_UINT32(cr2, Stm32f100SpiState),
        VMSTATE_UINT32(sr, Stm32f100SpiState),
        VMSTATE_UINT32(crcpr, Stm32f100SpiState),
        VMSTATE_UINT32(rxcrcr, Stm32f100SpiState),
        VMSTATE_UINT32(txcrcr, Stm32f100SpiState),
        VMSTATE_UINT16(rdr, Stm32f100SpiState),
        VMSTATE_UINT16(tdr, Stm32f100SpiState),
        VMSTATE_BOOL(modf_seen, Stm32f100SpiState),
        VMSTATE_BOOL(ovr_read, Stm32f100SpiState),
        VMSTATE_BOOL(shifting, Stm32f100SpiState),
        VMSTATE_BOOL(received, Stm32f100SpiState),
        VMSTATE_BOOL(crc_frame, Stm32f100SpiState),
        VMSTATE_UINT8(bits, Stm32f100SpiState),
        VMSTATE_UINT8(done, Stm32f100SpiState),
        VMSTATE_UINT16(shift_out, Stm32f100SpiState),
        VMSTATE_UINT16(shift_in, Stm32f100SpiState),
        VMSTATE_INT64(start_ns, Stm32f100SpiState),
        VMSTATE_UINT32(start_frac, Stm32f100SpiState),
        VMSTATE_UINT64(half_bit, Stm32f100SpiState),
        VMSTATE_BOOL(data_in, Stm32f100SpiState),
        VMSTATE_UINT8(cs, Stm32f100SpiState),
        VMSTATE_END_OF_LIST()
    }
};

static void spi_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    ResettableClass *rc = RESETTABLE_CLASS(oc);

    dc->realize = spi_realize;
    dc->vmsd = &vmstate_spi;
    rc->phases.hold = spi_reset_hold;
    rc->phases.exit = spi_reset_exit;
    device_class_set_props(dc, spi_properties);
}

static const TypeInfo spi_types[] = {
    {
        .name = TYPE_STM32F100_SPI,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100SpiState),
        .instance_init = spi_init,
        .class_init = spi_class_init,
    },
};

DEFINE_TYPES(spi_types)
