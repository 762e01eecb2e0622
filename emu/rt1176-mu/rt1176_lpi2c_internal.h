/*
 * What the files of the LPI2C share: rt1176_lpi2c.c (registers, interrupts) and
 * rt1176_lpi2c_master.c (what happens on the lines).
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

#endif
