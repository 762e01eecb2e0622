/*
 * Lines of an I2C (RM0041 22.3): SCL and SDA, bit by bit, START and STOP,
 * arbitration, clock stretching, and the peers on QEMU's I2C bus.
 *
 * Master and slave listen to the same edges, which come from the pins; a master
 * makes those of SCL by one timer.  A peer on the I2C bus takes part as if it
 * pulled SDA down itself, an octet at a time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/qdev-clock.h"
#include "stm32f100_i2c_internal.h"

#define SMBUS_TIMEOUT_NS 25000000 /* SCL low (22.3.6) */

/* ---- the master's clock (22.6.8) ---- */

typedef enum Half { LOW, HIGH } Half;

/* In 2^-32 ns; 0 if there is none. */
static uint64_t half_time(const Stm32f100I2cState *s, Half half)
{
    static const uint8_t fast[2][2] = { { 2, 1 }, { 16, 9 } }; /* DUTY */
    uint64_t time = clock_get(s->clk) * FIELD_EX32(s->ccr, CCR, CCR);

    return s->ccr & R_CCR_FS_MASK
               ? time * fast[FIELD_EX32(s->ccr, CCR, DUTY)][half]
               : time;
}

/* The next edge comes after @half; without drift from edge to edge. */
static void arm(Stm32f100I2cState *s, Stm32f100I2cPhase phase, Half half)
{
    int64_t now = i2c_now_ns();
    uint64_t time = half_time(s, half);

    s->phase = phase;
    if (!time) {
        return; /* no clock: it never comes */
    }
    time += now == s->edge_ns ? s->edge_frac : 0;
    s->edge_ns = now + (int64_t)(time >> 32);
    s->edge_frac = (uint32_t)time;
    timer_mod(s->timer, s->edge_ns);
}

/* ---- peers on the I2C bus, which hear this I2C as master only ---- */

static void peer_end(Stm32f100I2cState *s)
{
    if (s->peer_active) {
        s->peer_active = false;
        i2c_end_transfer(s->peers);
    }
    s->lines.peer_sda_low = false;
}

/* Whether a peer acknowledges the octet that has been sent. */
static bool peer_acknowledges(Stm32f100I2cState *s)
{
    uint8_t address = s->shift >> 1;

    if (s->octet != STM32F100_I2C_ADDRESS) {
        return s->peer_active && i2c_send(s->peers, s->shift) == 0;
    }
    if (s->peer_active && s->peer_address != address) {
        peer_end(s);
    }
    s->peer_address = address;
    s->peer_active = i2c_start_transfer(s->peers, address, s->shift & 1) == 0;
    return s->peer_active;
}

/* SCL is low: what a peer does with SDA for the bit that comes. */
static void peer_bit(Stm32f100I2cState *s)
{
    bool low = false;

    if (!i2c_is_master(s)) {
        return;
    }
    if (s->sends) {
        low = s->bits == 8 && peer_acknowledges(s);
    } else if (s->peer_active) {
        if (s->bits == 0) {
            s->peer_octet = i2c_recv(s->peers);
        }
        low = s->bits < 8 && !(s->peer_octet >> (7 - s->bits) & 1);
    }
    s->lines.peer_sda_low = low;
}

/* ---- bits ---- */

/* SCL is low: what this I2C does with SDA for the bit that comes. */
static void present_bit(Stm32f100I2cState *s)
{
    if (s->bits < 8) {
        s->lines.sda_low = s->sends && !(s->shift >> 7);
    } else {
        s->lines.sda_low = !s->sends && i2c_octet_acknowledged(s);
    }
    peer_bit(s);
}

static void lose_arbitration(Stm32f100I2cState *s)
{
    s->sr1 |= R_SR1_ARLO_MASK;
    s->sr1 &= ~R_SR1_TXE_MASK;
    s->sr2 &= ~(R_SR2_MSL_MASK | R_SR2_TRA_MASK);
    i2c_release_lines(s);
}

static void sample_bit(Stm32f100I2cState *s)
{
    bool bit = s->lines.sda;

    if (s->bits == 8) {
        s->ack = !bit;
    } else {
        if (s->sends && i2c_is_master(s) && (s->shift >> 7) && !bit) {
            lose_arbitration(s);
            return;
        }
        s->shift = s->shift << 1 | bit;
    }
    s->bits++;
}

static void octet_end(Stm32f100I2cState *s)
{
    bool held = !i2c_cannot_stretch(s);

    s->lines.sda_low = false;
    s->lines.peer_sda_low = false;
    s->boundary = true;
    if (i2c_is_master(s)) {
        s->phase = STM32F100_I2C_HELD;
        if (!s->sends && !s->ack && s->peer_active) {
            i2c_nack(s->peers);
        }
    }
    s->lines.scl_low = held && (i2c_is_master(s) || s->addressed ||
                                s->octet != STM32F100_I2C_DATA);
    i2c_octet_done(s);
}

void i2c_begin_octet(Stm32f100I2cState *s, Stm32f100I2cOctet octet, bool sends,
                     uint8_t value)
{
    s->octet = octet;
    s->sends = sends;
    s->shift = value;
    s->bits = 0;
    s->boundary = false;
    s->acknowledge = s->cr1 & R_CR1_ACK_MASK;
    present_bit(s);
    if (i2c_is_master(s)) {
        arm(s, STM32F100_I2C_BIT_LOW, LOW);
    } else {
        s->lines.scl_low = false;
    }
}

/* ---- edges ---- */

static void scl_rose(Stm32f100I2cState *s)
{
    timer_del(s->timeout);
    if (s->octet != STM32F100_I2C_NO_OCTET && !s->boundary && s->bits < 9) {
        sample_bit(s);
    }
    switch (s->phase) {
    case STM32F100_I2C_BIT_LOW:
        arm(s, STM32F100_I2C_BIT_HIGH, HIGH);
        break;
    case STM32F100_I2C_RESTART_LOW:
        arm(s, STM32F100_I2C_RESTART_SETUP, HIGH);
        break;
    case STM32F100_I2C_STOP_LOW:
        arm(s, STM32F100_I2C_STOP_SETUP, HIGH);
        break;
    default:
        break;
    }
}

static void scl_fell(Stm32f100I2cState *s)
{
    if ((s->cr1 & R_CR1_SMBUS_MASK) && i2c_is_on(s)) {
        s->timeout_left_ns = SMBUS_TIMEOUT_NS;
        if (!s->frozen) {
            timer_mod(s->timeout, i2c_now_ns() + SMBUS_TIMEOUT_NS);
        }
    }
    if (s->octet == STM32F100_I2C_NO_OCTET || s->boundary) {
        return;
    }
    if (s->bits == 9) {
        octet_end(s);
        return;
    }
    present_bit(s);
    if (s->phase == STM32F100_I2C_BIT_HIGH) {
        s->lines.scl_low = true; /* another master may have been faster */
        arm(s, STM32F100_I2C_BIT_LOW, LOW);
    }
}

/* In its first bit there may be a STOP or a repeated START instead. */
static bool amid_octet(const Stm32f100I2cState *s)
{
    return s->octet != STM32F100_I2C_NO_OCTET && !s->boundary && s->bits > 1;
}

static void start_seen(Stm32f100I2cState *s)
{
    bool repeated = s->sr2 & R_SR2_BUSY_MASK;

    s->sr2 |= R_SR2_BUSY_MASK;
    if (!repeated) {
        s->pec = 0;
    }
    if (s->phase == STM32F100_I2C_START_HOLD ||
        s->phase == STM32F100_I2C_RESTART_SETUP) {
        s->sr2 |= R_SR2_MSL_MASK;
        arm(s, STM32F100_I2C_START_HOLD, HIGH);
        return;
    }
    if (amid_octet(s)) {
        s->sr1 |= R_SR1_BERR_MASK;
    }
    if (i2c_is_master(s)) {
        return; /* its own state is not affected (22.3.4) */
    }
    s->sr1 &= ~(R_SR1_TXE_MASK | R_SR1_BTF_MASK);
    s->sr2 &= ~(R_SR2_TRA_MASK | R_SR2_DUALF_MASK | R_SR2_GENCALL_MASK);
    s->addressed = false;
    s->boundary = false;
    s->octet = s->cr1 & R_CR1_PE_MASK ? STM32F100_I2C_ADDRESS
                                      : STM32F100_I2C_NO_OCTET;
    s->sends = false;
    s->bits = 0;
}

static void stop_seen(Stm32f100I2cState *s)
{
    bool misplaced = amid_octet(s);

    s->sr2 &= ~R_SR2_BUSY_MASK;
    if (misplaced) {
        s->sr1 |= R_SR1_BERR_MASK;
        if (i2c_is_master(s)) {
            return;
        }
    } else if (s->addressed && s->ack) {
        s->sr1 |= R_SR1_STOPF_MASK;
    }
    if (i2c_is_master(s)) {
        s->cr1 &= ~R_CR1_STOP_MASK;
    }
    s->cr1 &= ~R_CR1_PEC_MASK;
    s->sr1 &= ~(R_SR1_TXE_MASK | R_SR1_SB_MASK);
    if (i2c_transmits(s)) {
        s->sr1 &= ~R_SR1_BTF_MASK;
    }
    s->sr2 &= R_SR2_BUSY_MASK;
    s->header_matched = false;
    i2c_release_lines(s);
    if (!(s->cr1 & R_CR1_PE_MASK)) {
        i2c_disable(s);
    } else {
        /* a START keeps its distance, as long as a low half */
        arm(s, STM32F100_I2C_BUS_FREE, LOW);
    }
}

void i2c_follow_lines(Stm32f100I2cState *s)
{
    Stm32f100I2cLines *l = &s->lines;

    if (l->following || !clock_is_enabled(s->clk)) {
        return;
    }
    l->following = true;
    for (;;) {
        bool scl = stm32_af_level(s->afio, i2c_signal(s, I2C_SCL));
        bool sda = stm32_af_level(s->afio, i2c_signal(s, I2C_SDA));

        if (scl != l->scl) {
            l->scl = scl;
            (scl ? scl_rose : scl_fell)(s);
        } else if (sda != l->sda) {
            l->sda = sda;
            if (scl) {
                (sda ? stop_seen : start_seen)(s);
            }
        } else {
            break;
        }
        if (!scl || !sda) {
            s->sr2 |= R_SR2_BUSY_MASK;
        }
        i2c_drive_lines(s);
    }
    l->following = false;
}

static void drive(Stm32f100I2cState *s, I2cSignal signal, bool low)
{
    if (i2c_is_on(s)) {
        stm32_af_set(s->afio, i2c_signal(s, signal), i2c_now_ns(), !low);
    } else {
        stm32_af_release(s->afio, i2c_signal(s, signal), i2c_now_ns());
    }
}

/* SDA first: when SCL is let go, the bit has to be there. */
void i2c_drive_lines(Stm32f100I2cState *s)
{
    drive(s, I2C_SDA, s->lines.sda_low || s->lines.peer_sda_low);
    drive(s, I2C_SCL, s->lines.scl_low);
    i2c_follow_lines(s);
}

void i2c_reset_lines(Stm32f100I2cState *s)
{
    i2c_release_lines(s);
    s->lines.following = true; /* what it lets go itself is no condition */
    i2c_drive_lines(s);
    s->lines.following = false;
    s->lines.scl = s->lines.sda = true;
}

void i2c_release_lines(Stm32f100I2cState *s)
{
    timer_del(s->timer);
    peer_end(s);
    s->phase = STM32F100_I2C_IDLE;
    s->octet = STM32F100_I2C_NO_OCTET;
    s->addressed = false;
    s->boundary = false;
    s->lines.scl_low = false;
    s->lines.sda_low = false;
}

/* ---- the master's moves ---- */

void i2c_try_start(Stm32f100I2cState *s)
{
    if ((s->cr1 & R_CR1_PE_MASK) && (s->cr1 & R_CR1_START_MASK) &&
        s->phase == STM32F100_I2C_IDLE && !(s->sr2 & R_SR2_BUSY_MASK) &&
        half_time(s, HIGH)) {
        s->phase = STM32F100_I2C_START_HOLD;
        s->lines.sda_low = true;
        i2c_drive_lines(s);
    }
}

void i2c_begin_restart(Stm32f100I2cState *s)
{
    s->sr1 &= ~(R_SR1_TXE_MASK | R_SR1_BTF_MASK);
    s->boundary = false;
    s->octet = STM32F100_I2C_NO_OCTET;
    s->lines.sda_low = false;
    arm(s, STM32F100_I2C_RESTART_LOW, LOW);
}

void i2c_begin_stop(Stm32f100I2cState *s)
{
    s->boundary = false;
    s->octet = STM32F100_I2C_NO_OCTET;
    s->lines.sda_low = true;
    arm(s, STM32F100_I2C_STOP_LOW, LOW);
}

static void start_done(Stm32f100I2cState *s)
{
    s->cr1 &= ~R_CR1_START_MASK;
    s->sr1 |= R_SR1_SB_MASK;
    s->sr2 &= ~R_SR2_TRA_MASK;
    s->phase = STM32F100_I2C_HELD;
    s->boundary = true;
    s->lines.scl_low = true;
    i2c_advance(s);
}

void i2c_edge_time(void *opaque)
{
    Stm32f100I2cState *s = opaque;

    if (!clock_is_enabled(s->clk)) {
        return;
    }
    switch (s->phase) {
    case STM32F100_I2C_BUS_FREE:
        s->phase = STM32F100_I2C_IDLE;
        i2c_try_start(s);
        break;
    case STM32F100_I2C_START_HOLD:
        start_done(s);
        break;
    case STM32F100_I2C_RESTART_SETUP:
        s->lines.sda_low = true;
        break;
    case STM32F100_I2C_STOP_SETUP:
        s->lines.sda_low = false;
        break;
    case STM32F100_I2C_BIT_HIGH:
        s->lines.scl_low = true;
        break;
    default: /* the end of a low half: SCL rises unless others hold it */
        s->lines.scl_low = false;
        break;
    }
    i2c_drive_lines(s);
    i2c_update(s);
}

void i2c_resume_clock(Stm32f100I2cState *s)
{
    if (s->phase != STM32F100_I2C_IDLE && s->phase != STM32F100_I2C_HELD &&
        !timer_pending(s->timer)) {
        i2c_edge_time(s);
    }
}
