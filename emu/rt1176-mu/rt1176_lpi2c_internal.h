/*
 * What the files of the LPI2C share: rt1176_lpi2c.c (registers, interrupts),
 * rt1176_lpi2c_master.c (what happens on the lines), rt1176_lpi2c_slave.c (the
 * slave) and rt1176_lpi2c_target.c (which bus the slave is on).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_LPI2C_INTERNAL_H
#define HW_MEWS_RT1176_LPI2C_INTERNAL_H

#include "hw/registerfields.h"
#include "rt1176_lpi2c.h"

REG32(VERID, 0x00)
REG32(PARAM, 0x04)
REG32(MCR, 0x10)
    FIELD(MCR, MEN, 0, 1)
    FIELD(MCR, RST, 1, 1)
    FIELD(MCR, DOZEN, 2, 1)
    FIELD(MCR, DBGEN, 3, 1)
    FIELD(MCR, RTF, 8, 1)
    FIELD(MCR, RRF, 9, 1)
REG32(MSR, 0x14)
    FIELD(MSR, TDF, 0, 1)
    FIELD(MSR, RDF, 1, 1)
    FIELD(MSR, EPF, 8, 1)
    FIELD(MSR, SDF, 9, 1)
    FIELD(MSR, NDF, 10, 1)
    FIELD(MSR, ALF, 11, 1)
    FIELD(MSR, FEF, 12, 1)
    FIELD(MSR, PLTF, 13, 1)
    FIELD(MSR, DMF, 14, 1)
    FIELD(MSR, MBF, 24, 1)
    FIELD(MSR, BBF, 25, 1)
REG32(MIER, 0x18)
REG32(MDER, 0x1c)
    FIELD(MDER, TDDE, 0, 1)
    FIELD(MDER, RDDE, 1, 1)
REG32(MCFGR0, 0x20)
    FIELD(MCFGR0, HREN, 0, 1)
    FIELD(MCFGR0, CIRFIFO, 8, 1)
    FIELD(MCFGR0, RDMO, 9, 1)
REG32(MCFGR1, 0x24)
    FIELD(MCFGR1, PRESCALE, 0, 3)
    FIELD(MCFGR1, AUTOSTOP, 8, 1)
    FIELD(MCFGR1, IGNACK, 9, 1)
    FIELD(MCFGR1, TIMECFG, 10, 1)
    FIELD(MCFGR1, MATCFG, 16, 3)
    FIELD(MCFGR1, PINCFG, 24, 3)
REG32(MCFGR2, 0x28)
    FIELD(MCFGR2, BUSIDLE, 0, 12)
    FIELD(MCFGR2, FILTSCL, 16, 4)
    FIELD(MCFGR2, FILTSDA, 24, 4)
REG32(MCFGR3, 0x2c)
    FIELD(MCFGR3, PINLOW, 8, 12)
REG32(MDMR, 0x40)
    FIELD(MDMR, MATCH0, 0, 8)
    FIELD(MDMR, MATCH1, 16, 8)
REG32(MCCR0, 0x48)
    FIELD(MCCR, CLKLO, 0, 6) /* of MCCR0 and MCCR1 */
    FIELD(MCCR, CLKHI, 8, 6)
    FIELD(MCCR, SETHOLD, 16, 6)
    FIELD(MCCR, DATAVD, 24, 6)
REG32(MCCR1, 0x50)
REG32(MFCR, 0x58)
    FIELD(MFCR, TXWATER, 0, 2)
    FIELD(MFCR, RXWATER, 16, 2)
REG32(MFSR, 0x5c)
    FIELD(MFSR, TXCOUNT, 0, 3)
    FIELD(MFSR, RXCOUNT, 16, 3)
REG32(MTDR, 0x60)
    FIELD(MTDR, DATA, 0, 8)
    FIELD(MTDR, CMD, 8, 3)
REG32(MRDR, 0x70)
    FIELD(MRDR, RXEMPTY, 14, 1)
REG32(SCR, 0x110)
    FIELD(SCR, SEN, 0, 1)
    FIELD(SCR, RST, 1, 1)
    FIELD(SCR, FILTEN, 4, 1)
    FIELD(SCR, FILTDZ, 5, 1)
    FIELD(SCR, RTF, 8, 1)
    FIELD(SCR, RRF, 9, 1)
REG32(SSR, 0x114)
    FIELD(SSR, TDF, 0, 1)
    FIELD(SSR, RDF, 1, 1)
    FIELD(SSR, AVF, 2, 1)
    FIELD(SSR, TAF, 3, 1)
    FIELD(SSR, RSF, 8, 1)
    FIELD(SSR, SDF, 9, 1)
    FIELD(SSR, BEF, 10, 1)
    FIELD(SSR, FEF, 11, 1)
    FIELD(SSR, AM0F, 12, 1)
    FIELD(SSR, AM1F, 13, 1)
    FIELD(SSR, GCF, 14, 1)
    FIELD(SSR, SARF, 15, 1)
    FIELD(SSR, SBF, 24, 1)
    FIELD(SSR, BBF, 25, 1)
REG32(SIER, 0x118)
REG32(SDER, 0x11c)
REG32(SCFGR1, 0x124)
    FIELD(SCFGR1, ADRSTALL, 0, 1)
    FIELD(SCFGR1, RXSTALL, 1, 1)
    FIELD(SCFGR1, TXDSTALL, 2, 1)
    FIELD(SCFGR1, ACKSTALL, 3, 1)
    FIELD(SCFGR1, GCEN, 8, 1)
    FIELD(SCFGR1, SAEN, 9, 1)
    FIELD(SCFGR1, TXCFG, 10, 1)
    FIELD(SCFGR1, RXCFG, 11, 1)
    FIELD(SCFGR1, IGNACK, 12, 1)
    FIELD(SCFGR1, HSMEN, 13, 1)
    FIELD(SCFGR1, ADDRCFG, 16, 3)
REG32(SCFGR2, 0x128)
    FIELD(SCFGR2, CLKHOLD, 0, 4)
REG32(SAMR, 0x140)
    FIELD(SAMR, ADDR0, 1, 10)
    FIELD(SAMR, ADDR1, 17, 10)
REG32(SASR, 0x150)
    FIELD(SASR, RADDR, 0, 11)
    FIELD(SASR, ANV, 14, 1)
REG32(STAR, 0x154)
    FIELD(STAR, TXNACK, 0, 1)
REG32(STDR, 0x160)
REG32(SRDR, 0x170)
    FIELD(SRDR, DATA, 0, 8)
    FIELD(SRDR, RXEMPTY, 14, 1)
    FIELD(SRDR, SOF, 15, 1)

/* MTDR[CMD] */
typedef enum Lpi2cCommand {
    LPI2C_TRANSMIT,
    LPI2C_RECEIVE,
    LPI2C_STOP,
    LPI2C_DISCARD, /* receive, but do not keep */
    LPI2C_START,
    LPI2C_START_NACK,
    LPI2C_START_FAST,
    LPI2C_START_FAST_NACK
} Lpi2cCommand;

/* While one of these is set there is no new START. */
#define LPI2C_ERRORS (R_MSR_NDF_MASK | R_MSR_ALF_MASK | R_MSR_FEF_MASK)

static inline bool lpi2c_fifo_is_full(const Rt1176Lpi2cFifo *fifo)
{
    return fifo->count == RT1176_LPI2C_FIFO_WORDS;
}

static inline void lpi2c_fifo_push(Rt1176Lpi2cFifo *fifo, uint16_t word)
{
    fifo->word[(fifo->first + fifo->count++) % RT1176_LPI2C_FIFO_WORDS] = word;
}

static inline uint16_t lpi2c_fifo_pop(Rt1176Lpi2cFifo *fifo)
{
    uint16_t word = fifo->word[fifo->first];

    fifo->first = (fifo->first + 1) % RT1176_LPI2C_FIFO_WORDS;
    fifo->count--;
    return word;
}

/* Interrupt and DMA request follow from flags and FIFOs. */
void lpi2c_update(Rt1176Lpi2cState *s);

/* Software has done something: what stood still may go on, now. */
void lpi2c_go_on(Rt1176Lpi2cState *s);
/* The functional clock is another one, on or off. */
void lpi2c_clock_changed(Rt1176Lpi2cState *s);
/* Leave the bus at once. */
void lpi2c_release_bus(Rt1176Lpi2cState *s);
bool lpi2c_bus_is_busy(const Rt1176Lpi2cState *s);
/* Handlers of the timers and of the GPIO inputs. */
void lpi2c_phase_ended(void *opaque);
void lpi2c_bus_idle(void *opaque);
void lpi2c_pin_is_low(void *opaque);
void lpi2c_hold_scl(void *opaque, int n, int level);
void lpi2c_hold_sda(void *opaque, int n, int level);
/* A slave on the bus has begun to keep SCL low, or has ended it. */
void lpi2c_stretch(Rt1176Lpi2cState *s);

/* ---- the slave: rt1176_lpi2c_slave.c ---- */

extern const VMStateDescription vmstate_lpi2c_slave;

void lpi2c_slave_init(Rt1176Lpi2cState *s);
void lpi2c_slave_reset(Rt1176Lpi2cState *s);
uint32_t lpi2c_slave_read(Rt1176Lpi2cState *s, hwaddr addr);
void lpi2c_slave_write(Rt1176Lpi2cState *s, hwaddr addr, uint32_t value);
bool lpi2c_slave_interrupts(const Rt1176Lpi2cState *s);
bool lpi2c_slave_requests_dma(const Rt1176Lpi2cState *s);

/* What comes over the bus; answers are true for an acknowledge. */
bool lpi2c_slave_answers(const Rt1176Lpi2cState *s, uint8_t address);
void lpi2c_slave_start(Rt1176Lpi2cState *s);
bool lpi2c_slave_address(Rt1176Lpi2cState *s, uint8_t octet);
bool lpi2c_slave_receive(Rt1176Lpi2cState *s, uint8_t octet);
uint8_t lpi2c_slave_send(Rt1176Lpi2cState *s);
void lpi2c_slave_acknowledged(Rt1176Lpi2cState *s, bool ack);
void lpi2c_slave_stop(Rt1176Lpi2cState *s);
/* ACKSTALL: its answer was none; it has one when SCL is released. */
bool lpi2c_slave_is_asked(const Rt1176Lpi2cState *s);

/*
 * ---- rt1176_lpi2c_target.c: what QEMU's bus does not tell the slaves of LPI2C
 * on it, or cannot be told by them
 */

void lpi2c_targets_start(I2CBus *bus);
void lpi2c_targets_stop(I2CBus *bus);
void lpi2c_targets_acknowledged(I2CBus *bus);
bool lpi2c_targets_stretch(I2CBus *bus);
/* One of those in the transfer is asked whether it acknowledges. */
bool lpi2c_targets_are_asked(I2CBus *bus);
/* At least one slave in the transfer, of an LPI2C or not, acknowledges. */
bool lpi2c_targets_acknowledge(I2CBus *bus);

#endif
