/*
 * Octets of an I2C (RM0041 22.3.2 slave, 22.3.3 master, 22.3.6 SMBus, 22.3.8
 * packet error checking): addresses, acknowledge, what DR and the shift
 * register hold, and when SCL is held low for software.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "stm32f100_i2c_internal.h"

#define SMBUS_DEFAULT_ADDRESS 0x61
#define SMBUS_HOST_ADDRESS 0x08
#define SMBUS_ALERT_ADDRESS 0x0c
#define PEC_POLYNOMIAL 0x07

static bool is_header(uint8_t octet)
{
    return (octet & 0xf8) == 0xf0;
}

static void add_to_pec(Stm32f100I2cState *s, uint8_t octet)
{
    s->pec ^= octet;
    for (unsigned n = 0; n < 8; n++) {
        s->pec = s->pec << 1 ^ (s->pec & 0x80 ? PEC_POLYNOMIAL : 0);
    }
}

/* ---- slave: addresses (22.3.2, 22.6.1, 22.6.3, 22.6.4) ---- */

static bool smbus_match(const Stm32f100I2cState *s, uint8_t address,
                        uint32_t *flag)
{
    bool host = s->cr1 & R_CR1_SMBTYPE_MASK;

    if ((s->cr1 & R_CR1_ENARP_MASK) &&
        address == (host ? SMBUS_HOST_ADDRESS : SMBUS_DEFAULT_ADDRESS)) {
        *flag = host ? R_SR2_SMBHOST_MASK : R_SR2_SMBDEFAULT_MASK;
        return true;
    }
    return (s->cr1 & R_CR1_ALERT_MASK) && address == SMBUS_ALERT_ADDRESS;
}

/* Whether the address octet is one of this I2C's; flags go to SR2. */
static bool address_match(Stm32f100I2cState *s)
{
    uint16_t own = FIELD_EX32(s->oar1, OAR1, ADD);
    uint8_t address = s->shift >> 1;
    bool ten_bits = s->oar1 & R_OAR1_ADDMODE_MASK;
    uint32_t flag = 0;
    bool match;

    if (s->octet == STM32F100_I2C_ADDRESS_LOW) {
        return s->shift == (own & 0xff);
    }
    if (ten_bits && is_header(s->shift)) {
        return (address & 3) == own >> 8 &&
               (!(s->shift & 1) || s->header_matched);
    }
    if (!ten_bits && address == own >> 1) {
        match = true;
    } else if ((s->oar2 & R_OAR2_ENDUAL_MASK) && !ten_bits &&
               address == FIELD_EX32(s->oar2, OAR2, ADD2)) {
        flag = R_SR2_DUALF_MASK;
        match = true;
    } else if ((s->cr1 & R_CR1_ENGC_MASK) && s->shift == 0) {
        flag = R_SR2_GENCALL_MASK;
        match = true;
    } else {
        match = (s->cr1 & R_CR1_SMBUS_MASK) && smbus_match(s, address, &flag);
    }
    s->sr2 |= flag;
    return match;
}

/* ---- acknowledge ---- */

/* The octet received is the PEC, if PEC is set by now (22.3.8). */
static bool pec_acknowledged(Stm32f100I2cState *s)
{
    bool good = s->shift == s->pec;

    s->cr1 &= ~R_CR1_PEC_MASK;
    s->pec_octet = true;
    if (!good) {
        s->sr1 |= R_SR1_PECERR_MASK;
    }
    return good && !i2c_is_master(s);
}

bool i2c_octet_acknowledged(Stm32f100I2cState *s)
{
    bool last = (s->cr2 & R_CR2_DMAEN_MASK) && (s->cr2 & R_CR2_LAST_MASK) &&
                s->dma_last;

    if (s->octet != STM32F100_I2C_DATA) {
        return (s->cr1 & R_CR1_ACK_MASK) && address_match(s);
    }
    if ((s->cr1 & R_CR1_ENPEC_MASK) && (s->cr1 & R_CR1_PEC_MASK)) {
        return pec_acknowledged(s);
    }
    if (last) {
        return false;
    }
    /* POS: ACK as it was when the octet began (22.6.1) */
    return s->cr1 & R_CR1_POS_MASK ? s->acknowledge
                                   : !!(s->cr1 & R_CR1_ACK_MASK);
}

/* ---- data ---- */

static void send_next(Stm32f100I2cState *s)
{
    if (!(s->sr1 & R_SR1_TXE_MASK)) {
        s->sr1 = (s->sr1 & ~R_SR1_BTF_MASK) | R_SR1_TXE_MASK;
        i2c_begin_octet(s, STM32F100_I2C_DATA, true, s->dr);
    } else if (s->cr1 & R_CR1_PEC_MASK) {
        s->cr1 &= ~R_CR1_PEC_MASK;
        s->pec_octet = true;
        i2c_begin_octet(s, STM32F100_I2C_DATA, true, s->pec);
    } else if (i2c_cannot_stretch(s)) {
        s->sr1 |= R_SR1_OVR_MASK; /* the same octet once more */
        i2c_begin_octet(s, STM32F100_I2C_DATA, true, s->dr);
    } else if (s->octet == STM32F100_I2C_DATA) {
        s->sr1 |= R_SR1_BTF_MASK;
    }
}

static void receive_next(Stm32f100I2cState *s)
{
    if (!s->second_full) {
        i2c_begin_octet(s, STM32F100_I2C_DATA, false, 0);
    }
}

void i2c_advance(Stm32f100I2cState *s)
{
    bool waits = s->sr1 & (R_SR1_ADDR_MASK | R_SR1_ADD10_MASK);

    if (!s->boundary || (waits && !i2c_cannot_stretch(s))) {
        return;
    }
    if (i2c_is_master(s)) {
        if (s->cr1 & R_CR1_STOP_MASK) {
            i2c_begin_stop(s);
            return;
        }
        if (s->cr1 & R_CR1_START_MASK) {
            i2c_begin_restart(s);
            return;
        }
        if ((s->sr1 & R_SR1_SB_MASK) || s->octet == STM32F100_I2C_NO_OCTET ||
            (s->sends && !s->ack)) {
            return; /* an address is to come, or the end after a NACK */
        }
    } else if (s->cr1 & R_CR1_STOP_MASK) {
        s->cr1 &= ~R_CR1_STOP_MASK; /* a slave leaves the bus (22.6.1) */
        i2c_release_lines(s);
        return;
    }
    (i2c_transmits(s) ? send_next : receive_next)(s);
}

static void octet_received(Stm32f100I2cState *s)
{
    if (!(s->sr1 & R_SR1_RXNE_MASK)) {
        s->dr = s->shift;
        s->sr1 |= R_SR1_RXNE_MASK;
    } else if (i2c_cannot_stretch(s)) {
        s->sr1 |= R_SR1_OVR_MASK; /* it is lost */
    } else {
        s->second = s->shift;
        s->second_full = true;
        s->sr1 |= R_SR1_BTF_MASK;
    }
}

/* ---- ends of octets ---- */

static void master_address_done(Stm32f100I2cState *s)
{
    if (!s->ack) {
        s->sr1 |= R_SR1_AF_MASK;
    } else if (s->octet == STM32F100_I2C_ADDRESS && is_header(s->shift) &&
               !(s->shift & 1)) {
        s->sr1 |= R_SR1_ADD10_MASK;
    } else {
        s->sr1 |= R_SR1_ADDR_MASK;
        if (s->octet == STM32F100_I2C_ADDRESS_LOW || !(s->shift & 1)) {
            s->sr2 |= R_SR2_TRA_MASK;
        }
    }
}

static void slave_address_done(Stm32f100I2cState *s)
{
    bool header = s->octet == STM32F100_I2C_ADDRESS && is_header(s->shift) &&
                  (s->oar1 & R_OAR1_ADDMODE_MASK);

    if (!s->ack || !i2c_is_on(s)) {
        i2c_release_lines(s); /* nothing for this I2C until the next START */
        return;
    }
    if (header && !(s->shift & 1)) {
        i2c_begin_octet(s, STM32F100_I2C_ADDRESS_LOW, false, 0);
        return;
    }
    s->header_matched |= s->octet == STM32F100_I2C_ADDRESS_LOW;
    s->addressed = true;
    s->sr1 |= R_SR1_ADDR_MASK;
    if (s->octet == STM32F100_I2C_ADDRESS && (s->shift & 1)) {
        s->sr2 |= R_SR2_TRA_MASK;
        s->sr1 |= i2c_cannot_stretch(s) ? R_SR1_TXE_MASK : 0;
    }
}

void i2c_octet_done(Stm32f100I2cState *s)
{
    bool address = s->octet != STM32F100_I2C_DATA;

    if ((s->cr1 & R_CR1_ENPEC_MASK) && !s->pec_octet) {
        add_to_pec(s, s->shift);
    }
    s->pec_octet = false;
    if (address) {
        s->dma_last = false;
        (i2c_is_master(s) ? master_address_done : slave_address_done)(s);
    } else if (!s->sends) {
        octet_received(s);
    } else if (!s->ack) {
        s->sr1 |= R_SR1_AF_MASK;
        if (!i2c_is_master(s)) {
            s->sr1 &= ~R_SR1_TXE_MASK;
            i2c_release_lines(s);
        }
    }
    i2c_update(s); /* DMA may take or give an octet at once */
    i2c_advance(s);
}
