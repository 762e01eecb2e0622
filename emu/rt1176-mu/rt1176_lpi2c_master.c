/*
 * LPI2C as master: what happens on the lines (IMXRT1170RM, chapter "Low Power
 * Inter-Integrated Circuit", "Master mode", table "Timing parameters").  A
 * transfer is a row of phases whose lengths follow from the functional clock,
 * PRESCALE, MCCR0 or MCCR1 and the filters, each beginning exactly where the
 * one before ended.  Slaves are on QEMU's I2C bus; what else may happen to the
 * lines comes from the inputs hold-scl and hold-sda, and from slaves of LPI2Cs
 * that stretch the clock.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "rt1176_lpi2c_internal.h"

#define BITS_OF_OCTET 9 /* with the acknowledge bit */
#define PIN_LOW_UNIT 256
#define START_BYTE 0x01 /* which nobody acknowledges (UM10204 3.1.15) */

/* ---- times ---- */

static uint64_t cycle(const Rt1176Lpi2cState *s)
{
    return clock_get(s->clk) << FIELD_EX32(s->mcfgr[1], MCFGR1, PRESCALE);
}

/* Lines without rise time; 2 cycles of synchronisation and the filter. */
static unsigned latency(const Rt1176Lpi2cState *s, unsigned filter)
{
    return (2 + filter) >> FIELD_EX32(s->mcfgr[1], MCFGR1, PRESCALE);
}

static unsigned scl_latency(const Rt1176Lpi2cState *s)
{
    return latency(s, FIELD_EX32(s->mcfgr[2], MCFGR2, FILTSCL));
}

static unsigned sda_latency(const Rt1176Lpi2cState *s)
{
    return latency(s, FIELD_EX32(s->mcfgr[2], MCFGR2, FILTSDA));
}

static unsigned low_cycles(const Rt1176Lpi2cState *s)
{
    return FIELD_EX32(s->mccr[s->high_speed], MCCR, CLKLO) + 1;
}

static unsigned high_cycles(const Rt1176Lpi2cState *s)
{
    return FIELD_EX32(s->mccr[s->high_speed], MCCR, CLKHI) + 1 +
           scl_latency(s);
}

static unsigned hold_cycles(const Rt1176Lpi2cState *s)
{
    return FIELD_EX32(s->mccr[s->high_speed], MCCR, SETHOLD) + 1;
}

static unsigned setup_cycles(const Rt1176Lpi2cState *s)
{
    return hold_cycles(s) + scl_latency(s);
}

static int64_t cycles_ns(const Rt1176Lpi2cState *s, unsigned cycles)
{
    return (int64_t)(((unsigned __int128)cycle(s) * cycles) >> 32);
}

/* ---- lines ---- */

bool lpi2c_bus_is_busy(const Rt1176Lpi2cState *s)
{
    return s->other_busy || s->phase != RT1176_LPI2C_IDLE;
}

/* Others keep it low: the board, or a slave that stretches the clock. */
static bool scl_is_kept_low(const Rt1176Lpi2cState *s)
{
    return s->scl_held || s->stretched;
}

static bool scl_is_low(const Rt1176Lpi2cState *s)
{
    return scl_is_kept_low(s) || s->phase == RT1176_LPI2C_HOLD;
}

/* MCFGR3[PINLOW]: a line is low for too long; TIMECFG: SDA counts, too. */
static void watch_pins(Rt1176Lpi2cState *s)
{
    unsigned units = FIELD_EX32(s->mcfgr[3], MCFGR3, PINLOW);
    bool low = scl_is_low(s) ||
               (FIELD_EX32(s->mcfgr[1], MCFGR1, TIMECFG) && s->sda_held);

    if (!low || !units || !FIELD_EX32(s->mcr, MCR, MEN) ||
        !clock_is_enabled(s->clk)) {
        timer_del(s->pin_low);
    } else if (!timer_pending(s->pin_low)) {
        timer_mod(s->pin_low, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                                  cycles_ns(s, units * PIN_LOW_UNIT));
    }
}

void lpi2c_pin_is_low(void *opaque)
{
    Rt1176Lpi2cState *s = opaque;

    s->msr |= R_MSR_PLTF_MASK;
    lpi2c_update(s);
}

/* MCFGR2[BUSIDLE]: both lines high for so long: the bus is free after all. */
static void watch_bus(Rt1176Lpi2cState *s)
{
    unsigned cycles = FIELD_EX32(s->mcfgr[2], MCFGR2, BUSIDLE);

    if (s->other_busy && !scl_is_kept_low(s) && !s->sda_held && cycles &&
        clock_is_enabled(s->clk)) {
        timer_mod(s->idle, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                               cycles_ns(s, cycles));
    } else {
        timer_del(s->idle);
    }
}

void lpi2c_bus_idle(void *opaque)
{
    Rt1176Lpi2cState *s = opaque;

    s->other_busy = false;
    lpi2c_go_on(s);
    lpi2c_update(s);
}

/* ---- phases ---- */

static void enter(Rt1176Lpi2cState *s, Rt1176Lpi2cPhase phase, unsigned cycles)
{
    unsigned __int128 end =
        s->end_frac + (unsigned __int128)cycle(s) * cycles;

    /* while somebody keeps SCL low, its low period goes on */
    s->rises_late = scl_is_kept_low(s) && phase != RT1176_LPI2C_FREE;
    s->rise_ns = s->end_ns + cycles_ns(s, low_cycles(s));
    s->phase = phase;
    s->end_ns += (int64_t)(end >> 32);
    s->end_frac = (uint32_t)end;
    timer_mod(s->timer, s->end_ns);
    watch_pins(s);
}

static void hold(Rt1176Lpi2cState *s, Rt1176Lpi2cPhase phase)
{
    s->phase = phase;
    s->rises_late = false;
    timer_del(s->timer);
    watch_pins(s);
}

static void become_idle(Rt1176Lpi2cState *s)
{
    s->high_speed = false;
    s->addressed = false;
    s->to_receive = 0;
    if (s->stopping) {
        s->stopping = false;
        s->mcr &= ~R_MCR_MEN_MASK;
    }
    hold(s, RT1176_LPI2C_IDLE);
}

void lpi2c_release_bus(Rt1176Lpi2cState *s)
{
    if (s->phase != RT1176_LPI2C_IDLE) {
        i2c_end_transfer(s->peers);
    }
    become_idle(s);
}

static unsigned octet_cycles(const Rt1176Lpi2cState *s)
{
    return BITS_OF_OCTET * (low_cycles(s) + high_cycles(s));
}

/* SCL is low; STOP comes, and the bus is free when the phase has ended. */
static void send_stop(Rt1176Lpi2cState *s)
{
    s->to_receive = 0;
    enter(s, RT1176_LPI2C_STOP, low_cycles(s) + setup_cycles(s));
}

static Lpi2cCommand next_command(const Rt1176Lpi2cState *s)
{
    return FIELD_EX32(s->tx.word[s->tx.first], MTDR, CMD);
}

static bool may_start(const Rt1176Lpi2cState *s)
{
    return FIELD_EX32(s->mcr, MCR, MEN) && !s->stopping &&
           clock_is_enabled(s->clk) && !s->other_busy &&
           !(s->msr & LPI2C_ERRORS);
}

/* Command 4 to 7: @cycles until SDA falls, then START's hold time. */
static void send_start(Rt1176Lpi2cState *s, unsigned cycles)
{
    uint16_t word = lpi2c_fifo_pop(&s->tx);
    Lpi2cCommand command = FIELD_EX32(word, MTDR, CMD);

    s->octet = FIELD_EX32(word, MTDR, DATA);
    s->nack_wanted = command == LPI2C_START_NACK ||
                     command == LPI2C_START_FAST_NACK;
    enter(s, RT1176_LPI2C_START, cycles + hold_cycles(s));
    s->high_speed = command >= LPI2C_START_FAST;
    s->words = 0;
}

static void fifo_error(Rt1176Lpi2cState *s)
{
    qemu_log_mask(LOG_GUEST_ERROR, "%s: command %u without START\n", s->i2c,
                  next_command(s));
    lpi2c_fifo_pop(&s->tx);
    s->msr |= R_MSR_FEF_MASK;
}

static void idle_step(Rt1176Lpi2cState *s)
{
    while (s->tx.count && may_start(s)) {
        if (next_command(s) >= LPI2C_START) {
            if (s->sda_held || scl_is_kept_low(s)) {
                s->msr |= R_MSR_ALF_MASK;
                return;
            }
            send_start(s, 0);
            return;
        }
        if (next_command(s) == LPI2C_STOP) {
            lpi2c_fifo_pop(&s->tx); /* there is nothing to stop */
        } else {
            fifo_error(s);
        }
    }
}

static bool next_is_receive(const Rt1176Lpi2cState *s)
{
    return s->tx.count && (next_command(s) == LPI2C_RECEIVE ||
                           next_command(s) == LPI2C_DISCARD);
}

static void begin_receive(Rt1176Lpi2cState *s)
{
    if (!s->discard && lpi2c_fifo_is_full(&s->rx)) {
        hold(s, RT1176_LPI2C_HOLD);
        return;
    }
    enter(s, RT1176_LPI2C_RECEIVE, octet_cycles(s));
}

/* Data in the direction that the address has not set. */
static void wrong_direction(Rt1176Lpi2cState *s)
{
    fifo_error(s);
    send_stop(s);
}

/* SCL is low, and an octet has ended: what is next? */
static void next_step(Rt1176Lpi2cState *s)
{
    uint16_t word;

    if (s->msr & LPI2C_ERRORS || s->stopping) {
        send_stop(s);
        return;
    }
    if (s->to_receive) {
        begin_receive(s);
        return;
    }
    if (!s->tx.count) {
        if (FIELD_EX32(s->mcfgr[1], MCFGR1, AUTOSTOP)) {
            send_stop(s);
        } else {
            hold(s, RT1176_LPI2C_HOLD);
        }
        return;
    }
    if (next_command(s) >= LPI2C_START) {
        s->msr |= R_MSR_EPF_MASK;
        send_start(s, low_cycles(s) + setup_cycles(s));
        return;
    }
    if (next_command(s) == LPI2C_STOP) {
        lpi2c_fifo_pop(&s->tx);
        send_stop(s);
        return;
    }
    if ((next_command(s) == LPI2C_TRANSMIT) == s->reading) {
        wrong_direction(s);
        return;
    }
    s->discard = next_command(s) == LPI2C_DISCARD;
    word = lpi2c_fifo_pop(&s->tx);
    if (s->reading) {
        s->to_receive = FIELD_EX32(word, MTDR, DATA) + 1;
        begin_receive(s);
    } else {
        s->octet = FIELD_EX32(word, MTDR, DATA);
        enter(s, RT1176_LPI2C_SEND, octet_cycles(s));
    }
}

/* Somebody else keeps SDA low: the first 1 that is sent is lost. */
static bool loses_arbitration(Rt1176Lpi2cState *s)
{
    if (!s->sda_held || !s->octet) {
        return false;
    }
    s->msr |= R_MSR_ALF_MASK;
    s->other_busy = true;
    lpi2c_release_bus(s);
    watch_bus(s);
    return true;
}

static void acknowledged(Rt1176Lpi2cState *s, bool ack)
{
    if (!FIELD_EX32(s->mcfgr[1], MCFGR1, IGNACK) && ack == s->nack_wanted) {
        s->msr |= R_MSR_NDF_MASK;
    }
    s->nack_wanted = false; /* it is of addresses only */
    next_step(s);
}

/* A slave may keep SCL low until it knows whether it acknowledges. */
static void octet_answered(Rt1176Lpi2cState *s, bool ack)
{
    if (ack && lpi2c_targets_are_asked(s->peers)) {
        hold(s, RT1176_LPI2C_ACK);
    } else {
        acknowledged(s, ack);
    }
}

static void address_sent(Rt1176Lpi2cState *s)
{
    s->reading = s->octet & 1;
    if (loses_arbitration(s)) {
        return;
    }
    /* QEMU would give a START within a transfer to whom it has found before */
    if (i2c_bus_busy(s->peers)) {
        i2c_end_transfer(s->peers);
    }
    /* ... and has a general call acknowledged whatever slaves say */
    s->addressed = s->octet != START_BYTE &&
                   !i2c_start_transfer(s->peers, s->octet >> 1, s->reading) &&
                   lpi2c_targets_acknowledge(s->peers);
    octet_answered(s, s->addressed);
}

static void octet_sent(Rt1176Lpi2cState *s)
{
    if (loses_arbitration(s)) {
        return;
    }
    octet_answered(s, s->addressed && !i2c_send(s->peers, s->octet));
}

/* MCFGR1[MATCFG]: @octet is number @words (from 0) since START. */
static bool matches(const Rt1176Lpi2cState *s, uint8_t octet)
{
    uint8_t match0 = FIELD_EX32(s->mdmr, MDMR, MATCH0);
    uint8_t match1 = FIELD_EX32(s->mdmr, MDMR, MATCH1);

    switch (FIELD_EX32(s->mcfgr[1], MCFGR1, MATCFG)) {
    case 2:
        return s->words == 0 && (octet == match0 || octet == match1);
    case 3:
        return octet == match0 || octet == match1;
    case 4:
        return s->words == 1 && s->last_word == match0 && octet == match1;
    case 5:
        return s->words >= 1 && s->last_word == match0 && octet == match1;
    case 6:
        return s->words == 0 && (octet & match1) == (match0 & match1);
    case 7:
        return (octet & match1) == (match0 & match1);
    default:
        return false;
    }
}

static void keep(Rt1176Lpi2cState *s, uint8_t octet)
{
    if (matches(s, octet)) {
        s->msr |= R_MSR_DMF_MASK;
    }
    s->words++;
    s->last_word = octet;
    if (!s->discard && (!FIELD_EX32(s->mcfgr[0], MCFGR0, RDMO) ||
                        (s->msr & R_MSR_DMF_MASK))) {
        lpi2c_fifo_push(&s->rx, octet);
    }
}

/* The last octet is not acknowledged unless more is to be received. */
static void octet_received(Rt1176Lpi2cState *s)
{
    uint8_t octet = s->addressed ? i2c_recv(s->peers) : 0xff;

    keep(s, s->sda_held ? 0 : octet);
    s->to_receive--;
    if (!s->to_receive && !next_is_receive(s)) {
        i2c_nack(s->peers);
    } else {
        lpi2c_targets_acknowledged(s->peers);
    }
    next_step(s);
}

/* SDA has risen: this is STOP; the bus free time follows. */
static void stopped(Rt1176Lpi2cState *s)
{
    i2c_end_transfer(s->peers);
    lpi2c_targets_stop(s->peers);
    s->msr |= R_MSR_EPF_MASK | R_MSR_SDF_MASK;
    s->high_speed = false;
    enter(s, RT1176_LPI2C_FREE, low_cycles(s) + sda_latency(s));
}

void lpi2c_phase_ended(void *opaque)
{
    Rt1176Lpi2cState *s = opaque;

    if ((scl_is_kept_low(s) && s->phase != RT1176_LPI2C_FREE) ||
        !clock_is_enabled(s->clk)) {
        return; /* see scl_released(), lpi2c_clock_changed() */
    }
    switch ((Rt1176Lpi2cPhase)s->phase) {
    case RT1176_LPI2C_START:
        lpi2c_targets_start(s->peers);
        enter(s, RT1176_LPI2C_ADDRESS, octet_cycles(s));
        break;
    case RT1176_LPI2C_ADDRESS:
        address_sent(s);
        break;
    case RT1176_LPI2C_SEND:
        octet_sent(s);
        break;
    case RT1176_LPI2C_RECEIVE:
        octet_received(s);
        break;
    case RT1176_LPI2C_STOP:
        stopped(s);
        break;
    case RT1176_LPI2C_FREE:
        become_idle(s);
        idle_step(s);
        break;
    case RT1176_LPI2C_IDLE:
    case RT1176_LPI2C_HOLD:
    case RT1176_LPI2C_ACK:
        g_assert_not_reached();
    }
    lpi2c_update(s);
}

void lpi2c_go_on(Rt1176Lpi2cState *s)
{
    if (s->phase != RT1176_LPI2C_IDLE && s->phase != RT1176_LPI2C_HOLD) {
        return;
    }
    s->end_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    s->end_frac = 0;
    if (s->phase == RT1176_LPI2C_IDLE) {
        idle_step(s);
    } else if (clock_is_enabled(s->clk)) {
        next_step(s);
    }
    watch_pins(s);
}

/* A phase that has ended in the meantime goes over into the next one now. */
static void catch_up(Rt1176Lpi2cState *s)
{
    if (s->phase != RT1176_LPI2C_IDLE && s->phase != RT1176_LPI2C_HOLD &&
        s->phase != RT1176_LPI2C_ACK && !timer_pending(s->timer)) {
        s->end_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        s->end_frac = 0;
        lpi2c_phase_ended(s);
    }
}

void lpi2c_clock_changed(Rt1176Lpi2cState *s)
{
    catch_up(s);
    lpi2c_go_on(s);
    watch_bus(s);
}

/* ---- what others do to the lines ---- */

/* Nobody keeps SCL low any more. */
static void scl_released(Rt1176Lpi2cState *s)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    if (s->phase == RT1176_LPI2C_ACK) {
        s->end_ns = now_ns;
        s->end_frac = 0;
        acknowledged(s, lpi2c_targets_acknowledge(s->peers));
    } else if (s->rises_late) {
        s->rises_late = false;
        s->end_ns += MAX(now_ns - s->rise_ns, 0);
        timer_mod(s->timer, s->end_ns);
    } else {
        catch_up(s);
    }
}

static void scl_changed(Rt1176Lpi2cState *s)
{
    watch_pins(s);
    watch_bus(s);
    if (!scl_is_kept_low(s)) {
        scl_released(s);
    }
    lpi2c_update(s);
}

void lpi2c_hold_scl(void *opaque, int n, int level)
{
    Rt1176Lpi2cState *s = opaque;

    s->scl_held = level;
    scl_changed(s);
}

void lpi2c_stretch(Rt1176Lpi2cState *s)
{
    s->stretched = lpi2c_targets_stretch(s->peers);
    scl_changed(s);
}

/* While SCL is high a change of SDA is START or STOP. */
void lpi2c_hold_sda(void *opaque, int n, int level)
{
    Rt1176Lpi2cState *s = opaque;

    if (s->sda_held != !!level && !scl_is_kept_low(s) &&
        s->phase == RT1176_LPI2C_IDLE) {
        s->other_busy = level;
    }
    s->sda_held = level;
    watch_pins(s);
    watch_bus(s);
    lpi2c_go_on(s);
    lpi2c_update(s);
}
