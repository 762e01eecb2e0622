/*
 * LPSPI as master: what happens on the lines (IMXRT1170RM, chapter "Low Power
 * Serial Peripheral Interface", "Master mode").  A transfer is a row of phases
 * whose ends follow from the functional clock, PRESCALE and CCR, each beginning
 * exactly where the one before ended.  A peer on the SSI bus exchanges each
 * octet at its last sample.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "rt1176_lpspi_internal.h"

#define FRAME_BITS_MIN 8
#define WORD_BITS 32
#define CHUNK_BITS 8

/* ---- the transmit FIFO ---- */

static bool command_is_next(const Rt1176LpspiState *s)
{
    const Rt1176LpspiWord *top = lpspi_fifo_top(&s->tx);

    return top && top->mark;
}

static bool data_is_next(const Rt1176LpspiState *s)
{
    const Rt1176LpspiWord *top = lpspi_fifo_top(&s->tx);

    return top && !top->mark;
}

/* ---- chip selects and peers ---- */

static void drive_pcs(Rt1176LpspiState *s, unsigned n, bool asserted)
{
    bool active = extract32(s->cfgr1, R_CFGR1_PCSPOL_SHIFT + n, 1);
    bool level = asserted == active;
    DeviceState *peer = ssi_get_cs(s->peers, n);

    qemu_set_irq(s->pcs[n], level);
    if (peer && SSI_PERIPHERAL(peer)->spc->cs_polarity != SSI_CS_NONE) {
        qemu_set_irq(qdev_get_gpio_in_named(peer, SSI_GPIO_CS, 0), level);
    }
}

void lpspi_negate_all(Rt1176LpspiState *s)
{
    for (unsigned n = 0; n < RT1176_LPSPI_CHIP_SELECTS; n++) {
        drive_pcs(s, n, false);
    }
}

static void assert_pcs(Rt1176LpspiState *s)
{
    s->asserted = TCR_BIT(s, PCS);
    if (s->asserted >= 2 && FIELD_EX32(s->cfgr1, CFGR1, PCSCFG)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: PCS%u is a data pin (PCSCFG)\n",
                      s->spi, s->asserted);
        return;
    }
    drive_pcs(s, s->asserted, true);
}

static bool has_selected_peer(const Rt1176LpspiState *s)
{
    BusChild *kid;

    QTAILQ_FOREACH(kid, &BUS(s->peers)->children, sibling) {
        SSIPeripheral *peer = SSI_PERIPHERAL(kid->child);
        SSICSMode polarity = peer->spc->cs_polarity;

        if (polarity == SSI_CS_NONE ||
            peer->cs == (polarity == SSI_CS_HIGH)) {
            return true;
        }
    }
    return false;
}

/*
 * Up to 8 bits, first bit highest.  While SOUT is masked, and where nobody
 * drives SIN, the line is high.
 */
static void exchange_chunk(Rt1176LpspiState *s)
{
    unsigned shift = s->word_bits - s->word_done - s->chunk;
    uint32_t ones = MAKE_64BIT_MASK(0, s->chunk);
    uint32_t out = TCR_BIT(s, TXMSK) ? ones : s->shift_out >> shift & ones;
    uint32_t in = ones;

    if (has_selected_peer(s)) {
        in &= ssi_transfer(s->peers, out);
    }
    s->shift_in = s->shift_in << s->chunk | in;
    s->word_done += s->chunk;
}

/* ---- words ---- */

static uint32_t reverse(uint32_t word, unsigned bits)
{
    return revbit32(word) >> (WORD_BITS - bits);
}

static uint32_t to_line(const Rt1176LpspiState *s, uint32_t word)
{
    word = TCR_BIT(s, BYSW) ? bswap32(word) : word;
    return TCR_BIT(s, LSBF) ? reverse(word, s->word_bits)
                            : word & MAKE_64BIT_MASK(0, s->word_bits);
}

static uint32_t from_line(const Rt1176LpspiState *s)
{
    uint32_t word = s->shift_in & MAKE_64BIT_MASK(0, s->word_bits);

    word = TCR_BIT(s, LSBF) ? reverse(word, s->word_bits) : word;
    return TCR_BIT(s, BYSW) ? bswap32(word) : word;
}

/* CFGR1[MATCFG]: @word is number @words (from 0) since PCS was asserted. */
static bool matches(const Rt1176LpspiState *s, uint32_t word)
{
    switch (FIELD_EX32(s->cfgr1, CFGR1, MATCFG)) {
    case 2:
        return s->words == 0 && (word == s->dmr0 || word == s->dmr1);
    case 3:
        return word == s->dmr0 || word == s->dmr1;
    case 4:
        return s->words == 1 && s->last_word == s->dmr0 && word == s->dmr1;
    case 5:
        return s->words >= 1 && s->last_word == s->dmr0 && word == s->dmr1;
    case 6:
        return s->words == 0 && (word & s->dmr1) == (s->dmr0 & s->dmr1);
    case 7:
        return (word & s->dmr1) == (s->dmr0 & s->dmr1);
    default:
        return false;
    }
}

void lpspi_word_received(Rt1176LpspiState *s)
{
    uint32_t word = from_line(s);
    bool wanted;

    s->sr |= R_SR_WCF_MASK;
    if (TCR_BIT(s, RXMSK)) {
        return;
    }
    if (matches(s, word)) {
        s->sr |= R_SR_DMF_MASK;
    }
    s->words++;
    s->last_word = word;
    wanted = !FIELD_EX32(s->cfgr0, CFGR0, RDMO) || (s->sr & R_SR_DMF_MASK);
    if (!wanted) {
        return;
    }
    if (lpspi_fifo_is_full(&s->rx)) {
        s->sr |= R_SR_REF_MASK;
        return;
    }
    lpspi_fifo_push(&s->rx, word, s->first_word);
}

/* ---- phases ---- */

static unsigned sck_cycles(const Rt1176LpspiState *s)
{
    return FIELD_EX32(s->ccr, CCR, SCKDIV) + 2;
}

/* From an edge of SCK that leaves its idle level to the one that returns. */
static unsigned first_half_cycles(const Rt1176LpspiState *s)
{
    return DIV_ROUND_UP(sck_cycles(s), 2);
}

/* From the first edge of a bit to its sample. */
static unsigned sample_cycles(const Rt1176LpspiState *s)
{
    return TCR_BIT(s, CPHA) ? first_half_cycles(s) : 0;
}

static unsigned chunk_clocks(const Rt1176LpspiState *s)
{
    return DIV_ROUND_UP(s->chunk, 1 << TCR_BIT(s, WIDTH));
}

/* A phase of @cycles prescaled clock cycles follows the one that has ended. */
static void enter(Rt1176LpspiState *s, Rt1176LpspiPhase phase, unsigned cycles)
{
    unsigned __int128 length =
        (unsigned __int128)(clock_get(s->clk) << TCR_BIT(s, PRESCALE)) * cycles;
    unsigned __int128 end = s->end_frac + length;

    s->phase = phase;
    s->end_ns += (int64_t)(end >> 32);
    s->end_frac = (uint32_t)end;
    timer_mod(s->timer, s->end_ns);
}

/* Wait for what software does next. */
static void hold(Rt1176LpspiState *s, Rt1176LpspiPhase phase)
{
    s->phase = phase;
    timer_del(s->timer);
}

static bool has_room(const Rt1176LpspiState *s)
{
    return TCR_BIT(s, RXMSK) || FIELD_EX32(s->cfgr1, CFGR1, NOSTALL) ||
           !lpspi_fifo_is_full(&s->rx);
}

static bool can_begin_frame(const Rt1176LpspiState *s)
{
    return (TCR_BIT(s, TXMSK) || data_is_next(s)) && has_room(s);
}

static bool can_begin_word(const Rt1176LpspiState *s)
{
    return (TCR_BIT(s, TXMSK) || data_is_next(s) ||
            FIELD_EX32(s->cfgr1, CFGR1, NOSTALL)) && has_room(s);
}

/* Into the shift register. */
void lpspi_load_word(Rt1176LpspiState *s)
{
    uint32_t word = 0;

    s->word_bits = MIN(s->bits_left, WORD_BITS);
    s->bits_left -= s->word_bits;
    s->word_done = 0;
    s->shift_in = 0;
    if (data_is_next(s) && !TCR_BIT(s, TXMSK)) {
        word = lpspi_fifo_pop(&s->tx);
    } else if (!TCR_BIT(s, TXMSK)) {
        s->sr |= R_SR_TEF_MASK;
    }
    s->shift_out = to_line(s, word);
}

void lpspi_load_frame(Rt1176LpspiState *s)
{
    s->bits_left = TCR_BIT(s, FRAMESZ) + 1;
    s->first_word = true;
    lpspi_load_word(s);
}

/* The first edge of SCK for the word in the shift register is now. */
static void shift_word(Rt1176LpspiState *s)
{
    s->chunk = MIN(s->word_bits, CHUNK_BITS);
    enter(s, RT1176_LPSPI_SHIFT,
          (chunk_clocks(s) - 1) * sck_cycles(s) + sample_cycles(s));
}

static void load_command(Rt1176LpspiState *s)
{
    s->tcr = lpspi_fifo_pop(&s->tx);
    if (TCR_BIT(s, FRAMESZ) + 1 < FRAME_BITS_MIN) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: frames of %u bits are too short\n",
                      s->spi, TCR_BIT(s, FRAMESZ) + 1);
    }
    if (TCR_BIT(s, WIDTH) == 3) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: WIDTH=3 is reserved\n", s->spi);
    } else if (TCR_BIT(s, WIDTH) &&
               !(s->tcr & (R_TCR_TXMSK_MASK | R_TCR_RXMSK_MASK))) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: WIDTH=%u without TXMSK or RXMSK\n",
                      s->spi, TCR_BIT(s, WIDTH));
    }
}

void lpspi_load_commands(Rt1176LpspiState *s)
{
    while (command_is_next(s)) {
        load_command(s);
    }
}

static void become_idle(Rt1176LpspiState *s)
{
    hold(s, RT1176_LPSPI_IDLE);
    if (s->stopping) {
        s->stopping = false;
        s->cr &= ~R_CR_MEN_MASK;
    }
    if (!s->tx.count) {
        s->sr |= R_SR_TCF_MASK;
    }
}

/* PCS is negated; commands take effect, and a transfer may begin. */
static void begin_transfer(Rt1176LpspiState *s)
{
    bool was_busy = s->phase != RT1176_LPSPI_IDLE;

    while (command_is_next(s) && !TCR_BIT(s, TXMSK)) {
        load_command(s);
    }
    if ((s->cr & R_CR_MEN_MASK) && !s->stopping && clock_is_enabled(s->clk) &&
        can_begin_frame(s)) {
        s->words = 0;
        assert_pcs(s);
        lpspi_load_frame(s);
        enter(s, RT1176_LPSPI_PCS_TO_SCK, FIELD_EX32(s->ccr, CCR, PCSSCK) + 1);
    } else if (was_busy) {
        become_idle(s);
    }
}

static void end_transfer(Rt1176LpspiState *s)
{
    enter(s, RT1176_LPSPI_SCK_TO_PCS, FIELD_EX32(s->ccr, CCR, SCKPCS) + 1);
}

/* A command that does not continue the transfer ends it. */
static bool transfer_is_over(const Rt1176LpspiState *s)
{
    const Rt1176LpspiWord *top = lpspi_fifo_top(&s->tx);

    return s->stopping ||
           (top && top->mark && !FIELD_EX32(top->word, TCR, CONTC));
}

/* The first edge of a frame that continues the transfer may come now. */
static void continue_transfer(Rt1176LpspiState *s)
{
    while (command_is_next(s) && !transfer_is_over(s) &&
           !TCR_BIT(s, TXMSK)) {
        load_command(s);
    }
    if (transfer_is_over(s)) {
        end_transfer(s);
    } else if (can_begin_frame(s)) {
        lpspi_load_frame(s);
        shift_word(s);
    } else {
        hold(s, RT1176_LPSPI_HOLD_FRAME);
    }
}

/* The first edge of the frame's next word may come now; a command ends it. */
static void continue_frame(Rt1176LpspiState *s)
{
    if (command_is_next(s) && !TCR_BIT(s, TXMSK)) {
        end_transfer(s);
    } else if (can_begin_word(s)) {
        s->first_word = false;
        lpspi_load_word(s);
        shift_word(s);
    } else {
        hold(s, RT1176_LPSPI_HOLD_WORD);
    }
}

static void chunk_sampled(Rt1176LpspiState *s)
{
    exchange_chunk(s);
    if (s->word_done < s->word_bits) {
        s->chunk = MIN(s->word_bits - s->word_done, CHUNK_BITS);
        enter(s, RT1176_LPSPI_SHIFT, chunk_clocks(s) * sck_cycles(s));
        return;
    }
    lpspi_word_received(s);
    if (s->bits_left) {
        enter(s, RT1176_LPSPI_NEXT_WORD, sck_cycles(s) - sample_cycles(s));
    } else {
        enter(s, RT1176_LPSPI_LAST_EDGE,
              first_half_cycles(s) - sample_cycles(s));
    }
}

static void frame_ended(Rt1176LpspiState *s)
{
    s->tcr &= ~R_TCR_TXMSK_MASK; /* it has been carried out */
    if (TCR_BIT(s, CONT) && !transfer_is_over(s)) {
        enter(s, RT1176_LPSPI_NEXT_FRAME, FIELD_EX32(s->ccr, CCR, DBT) + 1);
    } else {
        end_transfer(s);
    }
}

static void negate_pcs(Rt1176LpspiState *s)
{
    drive_pcs(s, s->asserted, false);
    s->sr |= R_SR_FCF_MASK;
    enter(s, RT1176_LPSPI_BETWEEN, FIELD_EX32(s->ccr, CCR, DBT) + 2);
}

void lpspi_phase_ended(void *opaque)
{
    Rt1176LpspiState *s = opaque;

    if (!clock_is_enabled(s->clk)) {
        return; /* see lpspi_clock_changed() */
    }
    switch ((Rt1176LpspiPhase)s->phase) {
    case RT1176_LPSPI_PCS_TO_SCK:
        shift_word(s);
        break;
    case RT1176_LPSPI_SHIFT:
        chunk_sampled(s);
        break;
    case RT1176_LPSPI_NEXT_WORD:
        continue_frame(s);
        break;
    case RT1176_LPSPI_LAST_EDGE:
        frame_ended(s);
        break;
    case RT1176_LPSPI_NEXT_FRAME:
        continue_transfer(s);
        break;
    case RT1176_LPSPI_SCK_TO_PCS:
        negate_pcs(s);
        break;
    case RT1176_LPSPI_BETWEEN:
        begin_transfer(s);
        break;
    case RT1176_LPSPI_IDLE:
    case RT1176_LPSPI_HOLD_WORD:
    case RT1176_LPSPI_HOLD_FRAME:
        g_assert_not_reached();
    }
    lpspi_update(s);
}

void lpspi_go_on(Rt1176LpspiState *s)
{
    if (!FIELD_EX32(s->cfgr1, CFGR1, MASTER)) {
        lpspi_slave_go_on(s);
        return;
    }
    switch ((Rt1176LpspiPhase)s->phase) {
    case RT1176_LPSPI_IDLE:
    case RT1176_LPSPI_HOLD_WORD:
    case RT1176_LPSPI_HOLD_FRAME:
        s->end_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        s->end_frac = 0;
        break;
    default:
        return;
    }
    if (!clock_is_enabled(s->clk)) {
        return;
    }
    if (s->phase == RT1176_LPSPI_IDLE) {
        begin_transfer(s);
    } else if (s->stopping) {
        end_transfer(s);
    } else if (s->phase == RT1176_LPSPI_HOLD_WORD) {
        continue_frame(s);
    } else {
        continue_transfer(s);
    }
}

/* A phase that has ended without a clock goes over into the next one now. */
void lpspi_clock_changed(Rt1176LpspiState *s)
{
    bool standing = s->phase == RT1176_LPSPI_IDLE ||
                    s->phase == RT1176_LPSPI_HOLD_WORD ||
                    s->phase == RT1176_LPSPI_HOLD_FRAME;

    if (standing) {
        lpspi_go_on(s);
    } else if (!timer_pending(s->timer) && clock_is_enabled(s->clk)) {
        s->end_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        s->end_frac = 0;
        lpspi_phase_ended(s);
    }
}
