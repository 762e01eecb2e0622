/*
 * Between the registers of an I2C (stm32f100_i2c.c), its octets (_octet.c) and
 * its lines (_line.c); RM0041 22.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_I2C_INTERNAL_H
#define HW_MEWS_STM32F100_I2C_INTERNAL_H

#include "hw/registerfields.h"
#include "qemu/timer.h"
#include "stm32f100_i2c.h"

FIELD(CR1, PE, 0, 1)
FIELD(CR1, SMBUS, 1, 1)
FIELD(CR1, SMBTYPE, 3, 1)
FIELD(CR1, ENARP, 4, 1)
FIELD(CR1, ENPEC, 5, 1)
FIELD(CR1, ENGC, 6, 1)
FIELD(CR1, NOSTRETCH, 7, 1)
FIELD(CR1, START, 8, 1)
FIELD(CR1, STOP, 9, 1)
FIELD(CR1, ACK, 10, 1)
FIELD(CR1, POS, 11, 1)
FIELD(CR1, PEC, 12, 1)
FIELD(CR1, ALERT, 13, 1)
FIELD(CR1, SWRST, 15, 1)
FIELD(CR2, FREQ, 0, 6)
FIELD(CR2, ITERREN, 8, 1)
FIELD(CR2, ITEVTEN, 9, 1)
FIELD(CR2, ITBUFEN, 10, 1)
FIELD(CR2, DMAEN, 11, 1)
FIELD(CR2, LAST, 12, 1)
FIELD(OAR1, ADD, 0, 10)
FIELD(OAR1, ADDMODE, 15, 1)
FIELD(OAR2, ENDUAL, 0, 1)
FIELD(OAR2, ADD2, 1, 7)
FIELD(SR1, SB, 0, 1)
FIELD(SR1, ADDR, 1, 1)
FIELD(SR1, BTF, 2, 1)
FIELD(SR1, ADD10, 3, 1)
FIELD(SR1, STOPF, 4, 1)
FIELD(SR1, RXNE, 6, 1)
FIELD(SR1, TXE, 7, 1)
FIELD(SR1, BERR, 8, 1)
FIELD(SR1, ARLO, 9, 1)
FIELD(SR1, AF, 10, 1)
FIELD(SR1, OVR, 11, 1)
FIELD(SR1, PECERR, 12, 1)
FIELD(SR1, TIMEOUT, 14, 1)
FIELD(SR1, SMBALERT, 15, 1)
FIELD(SR2, MSL, 0, 1)
FIELD(SR2, BUSY, 1, 1)
FIELD(SR2, TRA, 2, 1)
FIELD(SR2, GENCALL, 4, 1)
FIELD(SR2, SMBDEFAULT, 5, 1)
FIELD(SR2, SMBHOST, 6, 1)
FIELD(SR2, DUALF, 7, 1)
FIELD(CCR, CCR, 0, 12)
FIELD(CCR, DUTY, 14, 1)
FIELD(CCR, FS, 15, 1)

/* Signals of an I2C, in the order of Stm32AfSignal. */
typedef enum I2cSignal { I2C_SCL, I2C_SDA, I2C_SMBA } I2cSignal;

static inline int64_t i2c_now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static inline Stm32AfSignal i2c_signal(const Stm32f100I2cState *s,
                                       I2cSignal signal)
{
    return (s->number == 1 ? STM32_AF_I2C1_SCL : STM32_AF_I2C2_SCL) + signal;
}

static inline bool i2c_is_master(const Stm32f100I2cState *s)
{
    return s->sr2 & R_SR2_MSL_MASK;
}

static inline bool i2c_transmits(const Stm32f100I2cState *s)
{
    return s->sr2 & R_SR2_TRA_MASK;
}

/* PE; after it is cleared, until the current communication ends (22.6.1). */
static inline bool i2c_is_on(const Stm32f100I2cState *s)
{
    return (s->cr1 & R_CR1_PE_MASK) || i2c_is_master(s) || s->addressed;
}

/* A slave that must not hold SCL. */
static inline bool i2c_cannot_stretch(const Stm32f100I2cState *s)
{
    return !i2c_is_master(s) && (s->cr1 & R_CR1_NOSTRETCH_MASK);
}

/* ---- registers ---- */

/* Interrupts and DMA requests follow the flags. */
void i2c_update(Stm32f100I2cState *s);

/* PE is 0 and nothing goes on: flags, state and lines as after reset. */
void i2c_disable(Stm32f100I2cState *s);

/* ---- octets: what is behind them, as master and as slave ---- */

/* Eight bits are in s->shift: whether this I2C acknowledges them. */
bool i2c_octet_acknowledged(Stm32f100I2cState *s);

/* The ninth bit, s->ack, is over; SCL is low. */
void i2c_octet_done(Stm32f100I2cState *s);

/* Between two octets: go on, if software has done what it has to do. */
void i2c_advance(Stm32f100I2cState *s);

/* ---- lines ---- */

/* Put onto the pins what this I2C does, and look at what comes of it. */
void i2c_drive_lines(Stm32f100I2cState *s);

/* The levels of the pins may have changed. */
void i2c_follow_lines(Stm32f100I2cState *s);

/* As master: START if it is asked for and the bus is free. */
void i2c_try_start(Stm32f100I2cState *s);

/* At a boundary, as master. */
void i2c_begin_restart(Stm32f100I2cState *s);
void i2c_begin_stop(Stm32f100I2cState *s);

/* At a boundary: the next nine bits; @value is sent if @sends. */
void i2c_begin_octet(Stm32f100I2cState *s, Stm32f100I2cOctet octet, bool sends,
                     uint8_t value);

/* Let go of both lines and forget the transfer. */
void i2c_release_lines(Stm32f100I2cState *s);

/* Both lines are let go; what they are after that is looked at anew. */
void i2c_reset_lines(Stm32f100I2cState *s);

/* The timer of the master's clock, which stands still without PCLK. */
void i2c_edge_time(void *opaque);
void i2c_resume_clock(Stm32f100I2cState *s);

#endif
