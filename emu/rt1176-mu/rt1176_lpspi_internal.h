/*
 * What the files of the LPSPI share: rt1176_lpspi.c (registers, interrupts),
 * rt1176_lpspi_master.c (what happens on the lines), rt1176_lpspi_slave.c (what
 * another master does to them).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_LPSPI_INTERNAL_H
#define HW_MEWS_RT1176_LPSPI_INTERNAL_H

#include "hw/registerfields.h"
#include "rt1176_lpspi.h"

REG32(VERID, 0x00)
REG32(PARAM, 0x04)
REG32(CR, 0x10)
    FIELD(CR, MEN, 0, 1)
    FIELD(CR, RST, 1, 1)
    FIELD(CR, DOZEN, 2, 1)
    FIELD(CR, DBGEN, 3, 1)
    FIELD(CR, RTF, 8, 1)
    FIELD(CR, RRF, 9, 1)
REG32(SR, 0x14)
    FIELD(SR, TDF, 0, 1)
    FIELD(SR, RDF, 1, 1)
    FIELD(SR, WCF, 8, 1)
    FIELD(SR, FCF, 9, 1)
    FIELD(SR, TCF, 10, 1)
    FIELD(SR, TEF, 11, 1)
    FIELD(SR, REF, 12, 1)
    FIELD(SR, DMF, 13, 1)
    FIELD(SR, MBF, 24, 1)
REG32(IER, 0x18)
REG32(DER, 0x1c)
    FIELD(DER, TDDE, 0, 1)
    FIELD(DER, RDDE, 1, 1)
REG32(CFGR0, 0x20)
    FIELD(CFGR0, HREN, 0, 1)
    FIELD(CFGR0, HRPOL, 1, 1)
    FIELD(CFGR0, HRSEL, 2, 1)
    FIELD(CFGR0, CIRFIFO, 8, 1)
    FIELD(CFGR0, RDMO, 9, 1)
REG32(CFGR1, 0x24)
    FIELD(CFGR1, MASTER, 0, 1)
    FIELD(CFGR1, SAMPLE, 1, 1)
    FIELD(CFGR1, AUTOPCS, 2, 1)
    FIELD(CFGR1, NOSTALL, 3, 1)
    FIELD(CFGR1, PCSPOL, 8, 4)
    FIELD(CFGR1, MATCFG, 16, 3)
    FIELD(CFGR1, PINCFG, 24, 2)
    FIELD(CFGR1, OUTCFG, 26, 1)
    FIELD(CFGR1, PCSCFG, 27, 1)
REG32(DMR0, 0x30)
REG32(DMR1, 0x34)
REG32(CCR, 0x40)
    FIELD(CCR, SCKDIV, 0, 8)
    FIELD(CCR, DBT, 8, 8)
    FIELD(CCR, PCSSCK, 16, 8)
    FIELD(CCR, SCKPCS, 24, 8)
REG32(FCR, 0x58)
    FIELD(FCR, TXWATER, 0, 4)
    FIELD(FCR, RXWATER, 16, 4)
REG32(FSR, 0x5c)
    FIELD(FSR, TXCOUNT, 0, 5)
    FIELD(FSR, RXCOUNT, 16, 5)
REG32(TCR, 0x60)
    FIELD(TCR, FRAMESZ, 0, 12)
    FIELD(TCR, WIDTH, 16, 2)
    FIELD(TCR, TXMSK, 18, 1)
    FIELD(TCR, RXMSK, 19, 1)
    FIELD(TCR, CONTC, 20, 1)
    FIELD(TCR, CONT, 21, 1)
    FIELD(TCR, BYSW, 22, 1)
    FIELD(TCR, LSBF, 23, 1)
    FIELD(TCR, PCS, 24, 2)
    FIELD(TCR, PRESCALE, 27, 3)
    FIELD(TCR, CPHA, 30, 1)
    FIELD(TCR, CPOL, 31, 1)
REG32(TDR, 0x64)
REG32(RSR, 0x70)
    FIELD(RSR, SOF, 0, 1)
    FIELD(RSR, RXEMPTY, 1, 1)
REG32(RDR, 0x74)

#define TCR_BIT(s, field) FIELD_EX32((s)->tcr, TCR, field)

static inline bool lpspi_fifo_is_full(const Rt1176LpspiFifo *fifo)
{
    return fifo->count == RT1176_LPSPI_FIFO_WORDS;
}

static inline void lpspi_fifo_push(Rt1176LpspiFifo *fifo, uint32_t word,
                                   bool mark)
{
    unsigned slot = (fifo->first + fifo->count++) % RT1176_LPSPI_FIFO_WORDS;

    fifo->slot[slot] = (Rt1176LpspiWord){ word, mark };
}

static inline const Rt1176LpspiWord *lpspi_fifo_top(const Rt1176LpspiFifo *fifo)
{
    return fifo->count ? &fifo->slot[fifo->first] : NULL;
}

static inline uint32_t lpspi_fifo_pop(Rt1176LpspiFifo *fifo)
{
    uint32_t word = fifo->slot[fifo->first].word;

    fifo->first = (fifo->first + 1) % RT1176_LPSPI_FIFO_WORDS;
    fifo->count--;
    return word;
}

/* Interrupt and DMA requests follow from flags and FIFOs. */
void lpspi_update(Rt1176LpspiState *s);

/* All chip selects at the level that CFGR1[PCSPOL] has for the idle bus. */
void lpspi_negate_all(Rt1176LpspiState *s);
/* Software has done something: what stood still may go on, now. */
void lpspi_go_on(Rt1176LpspiState *s);
/* The functional clock is another one, on or off. */
void lpspi_clock_changed(Rt1176LpspiState *s);
/* The timer: a phase of the transfer has ended. */
void lpspi_phase_ended(void *opaque);

/* ---- words, for master and slave alike: rt1176_lpspi_master.c ---- */

/* Commands before the next data word take effect. */
void lpspi_load_commands(Rt1176LpspiState *s);
/* The first word of a frame, or another one, into the shift register. */
void lpspi_load_frame(Rt1176LpspiState *s);
void lpspi_load_word(Rt1176LpspiState *s);
/* The last bit of a word has been sampled. */
void lpspi_word_received(Rt1176LpspiState *s);

/* ---- rt1176_lpspi_slave.c ---- */

/* Registers have changed, or the functional clock. */
void lpspi_slave_go_on(Rt1176LpspiState *s);


#endif
