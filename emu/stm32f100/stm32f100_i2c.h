/*
 * STM32F100 I2C1, I2C2 (RM0041 22)
 *
 * QEMU interface:
 * + property "i2c": 1 or 2, names the AF signals
 * + link property "afio": the router of alternate functions
 * + Clock input "clk": the gated peripheral clock
 * + I2C bus "i2cN": peers of this part as master.  Stock devices attach by
 *   -device NAME,bus=i2c1,address=0x50; their board needs its pull-ups
 * + named GPIO outputs "dma-tx" and "dma-rx": level-triggered DMA requests
 * + named GPIO inputs "dma-tx-end" (EOT) and "dma-rx-last" (EOT_1) of the DMA
 * + named GPIO input "freeze": the SMBus timeout stands still (DBGMCU)
 * + sysbus MMIO region 0, sysbus IRQs 0 (event), 1 (error)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_I2C_H
#define HW_MEWS_STM32F100_I2C_H

#include "hw/clock.h"
#include "hw/i2c/i2c.h"
#include "hw/sysbus.h"
#include "stm32f100_af.h"

#define TYPE_STM32F100_I2C "stm32f100-i2c"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100I2cState, STM32F100_I2C)

/* What the clock generator of a master waits for. */
typedef enum Stm32f100I2cPhase {
    STM32F100_I2C_IDLE,          /* not master */
    STM32F100_I2C_BUS_FREE,      /* time to a START after a STOP */
    STM32F100_I2C_START_HOLD,    /* START: SDA is low, SCL not yet */
    STM32F100_I2C_RESTART_LOW,   /* repeated START: SCL is still low */
    STM32F100_I2C_RESTART_SETUP, /* ... SCL is high */
    STM32F100_I2C_STOP_LOW,      /* STOP: SDA and SCL are low */
    STM32F100_I2C_STOP_SETUP,    /* ... SCL is high */
    STM32F100_I2C_BIT_LOW,
    STM32F100_I2C_BIT_HIGH,
    STM32F100_I2C_HELD,          /* SCL is low until software goes on */
} Stm32f100I2cPhase;

/* What the octet in the shift register is. */
typedef enum Stm32f100I2cOctet {
    STM32F100_I2C_NO_OCTET,
    STM32F100_I2C_ADDRESS,
    STM32F100_I2C_ADDRESS_LOW, /* second octet of 10 bits */
    STM32F100_I2C_DATA,
} Stm32f100I2cOctet;

/* The lines as this I2C drives and hears them. */
typedef struct Stm32f100I2cLines {
    bool scl_low, sda_low; /* it pulls them down ... */
    bool peer_sda_low;     /* ... a peer on the I2C bus does so */
    bool scl, sda;         /* levels */
    bool following;        /* changes are being looked at */
} Stm32f100I2cLines;

struct Stm32f100I2cState {
    SysBusDevice parent_obj;

    MemoryRegion mmio;
    qemu_irq event_irq;
    qemu_irq error_irq;
    qemu_irq dma_tx;
    qemu_irq dma_rx;
    Clock *clk;
    QEMUTimer *timer;   /* the next edge of SCL or SDA as master */
    QEMUTimer *timeout; /* SMBus: SCL has been low for too long */
    I2CBus *peers;
    Stm32f100AfioState *afio;
    uint8_t number;

    uint32_t cr1, cr2, oar1, oar2, sr1, sr2, ccr, trise;
    uint8_t dr;
    uint8_t pec;
    uint32_t sr1_read;    /* flags that the last read of SR1 has shown */
    bool dma_last;        /* EOT_1 has come: this octet is the last */

    Stm32f100I2cLines lines;
    uint8_t phase;        /* Stm32f100I2cPhase */
    int64_t edge_ns;      /* the last edge, and 2^-32 ns */
    uint32_t edge_frac;

    uint8_t octet;        /* Stm32f100I2cOctet */
    bool addressed;       /* as slave: the octets are for this I2C */
    bool sends;           /* the octet is this I2C's, not the other side's */
    bool acknowledge;     /* what POS has fixed for this octet */
    bool pec_octet;       /* it is the PEC */
    bool boundary;        /* between two octets, SCL low */
    bool second_full;     /* an octet received waits for DR: */
    uint8_t second;
    bool header_matched;  /* slave, 10 bits: selected since the last STOP */
    bool peer_active;     /* a transfer is open on the I2C bus ... */
    uint8_t peer_address; /* ... of this address */
    uint8_t peer_octet;   /* what the peer sends */
    uint8_t bits;         /* of the octet, 0..9 */
    uint8_t shift;
    bool ack;             /* ninth bit: acknowledged */

    bool frozen;
    int64_t timeout_left_ns; /* while frozen */
};

#endif
