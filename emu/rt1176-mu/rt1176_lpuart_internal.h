/*
 * What the files of the LPUART share: rt1176_lpuart.c (registers, flags and
 * interrupt), rt1176_lpuart_rx.c, rt1176_lpuart_tx.c (IMXRT1170RM, chapter
 * "LPUART").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_LPUART_INTERNAL_H
#define HW_MEWS_RT1176_LPUART_INTERNAL_H

#include "qemu/bitops.h"
#include "qemu/host-utils.h"
#include "hw/registerfields.h"
#include "rt1176_lpuart.h"

REG32(VERID, 0x00)
REG32(PARAM, 0x04)
REG32(GLOBAL, 0x08)
    FIELD(GLOBAL, RST, 1, 1)
REG32(PINCFG, 0x0c)
    FIELD(PINCFG, TRGSEL, 0, 2)
REG32(BAUD, 0x10)
    FIELD(BAUD, SBR, 0, 13)
    FIELD(BAUD, SBNS, 13, 1)
    FIELD(BAUD, RXEDGIE, 14, 1)
    FIELD(BAUD, LBKDIE, 15, 1)
    FIELD(BAUD, RESYNCDIS, 16, 1)
    FIELD(BAUD, BOTHEDGE, 17, 1)
    FIELD(BAUD, MATCFG, 18, 2)
    FIELD(BAUD, RIDMAE, 20, 1)
    FIELD(BAUD, RDMAE, 21, 1)
    FIELD(BAUD, TDMAE, 23, 1)
    FIELD(BAUD, OSR, 24, 5)
    FIELD(BAUD, M10, 29, 1)
    FIELD(BAUD, MAEN2, 30, 1)
    FIELD(BAUD, MAEN1, 31, 1)
REG32(STAT, 0x14)
    FIELD(STAT, MA2F, 14, 1)
    FIELD(STAT, MA1F, 15, 1)
    FIELD(STAT, PF, 16, 1)
    FIELD(STAT, FE, 17, 1)
    FIELD(STAT, NF, 18, 1)
    FIELD(STAT, OR, 19, 1)
    FIELD(STAT, IDLE, 20, 1)
    FIELD(STAT, RDRF, 21, 1)
    FIELD(STAT, TC, 22, 1)
    FIELD(STAT, TDRE, 23, 1)
    FIELD(STAT, RAF, 24, 1)
    FIELD(STAT, LBKDE, 25, 1)
    FIELD(STAT, BRK13, 26, 1)
    FIELD(STAT, RWUID, 27, 1)
    FIELD(STAT, RXINV, 28, 1)
    FIELD(STAT, MSBF, 29, 1)
    FIELD(STAT, RXEDGIF, 30, 1)
    FIELD(STAT, LBKDIF, 31, 1)
REG32(CTRL, 0x18)
    FIELD(CTRL, PT, 0, 1)
    FIELD(CTRL, PE, 1, 1)
    FIELD(CTRL, ILT, 2, 1)
    FIELD(CTRL, WAKE, 3, 1)
    FIELD(CTRL, M, 4, 1)
    FIELD(CTRL, RSRC, 5, 1)
    FIELD(CTRL, DOZEEN, 6, 1)
    FIELD(CTRL, LOOPS, 7, 1)
    FIELD(CTRL, IDLECFG, 8, 3)
    FIELD(CTRL, M7, 11, 1)
    FIELD(CTRL, MA2IE, 14, 1)
    FIELD(CTRL, MA1IE, 15, 1)
    FIELD(CTRL, SBK, 16, 1)
    FIELD(CTRL, RWU, 17, 1)
    FIELD(CTRL, RE, 18, 1)
    FIELD(CTRL, TE, 19, 1)
    FIELD(CTRL, ILIE, 20, 1)
    FIELD(CTRL, RIE, 21, 1)
    FIELD(CTRL, TCIE, 22, 1)
    FIELD(CTRL, TIE, 23, 1)
    FIELD(CTRL, PEIE, 24, 1)
    FIELD(CTRL, FEIE, 25, 1)
    FIELD(CTRL, NEIE, 26, 1)
    FIELD(CTRL, ORIE, 27, 1)
    FIELD(CTRL, TXINV, 28, 1)
    FIELD(CTRL, TXDIR, 29, 1)
    FIELD(CTRL, R9T8, 30, 1)
    FIELD(CTRL, R8T9, 31, 1)
REG32(DATA, 0x1c)
    FIELD(DATA, CHARACTER, 0, 10)
    FIELD(DATA, IDLINE, 11, 1)
    FIELD(DATA, RXEMPT, 12, 1)
    FIELD(DATA, FRETSC, 13, 1)
    FIELD(DATA, PARITYE, 14, 1)
    FIELD(DATA, NOISY, 15, 1)
REG32(MATCH, 0x20)
    FIELD(MATCH, MA1, 0, 10)
    FIELD(MATCH, MA2, 16, 10)
REG32(MODIR, 0x24)
    FIELD(MODIR, TXCTSE, 0, 1)
    FIELD(MODIR, TXRTSE, 1, 1)
    FIELD(MODIR, TXRTSPOL, 2, 1)
    FIELD(MODIR, RXRTSE, 3, 1)
    FIELD(MODIR, TXCTSC, 4, 1)
    FIELD(MODIR, TXCTSSRC, 5, 1)
    FIELD(MODIR, RTSWATER, 8, 2)
    FIELD(MODIR, TNP, 16, 2)
    FIELD(MODIR, IREN, 18, 1)
REG32(FIFO, 0x28)
    FIELD(FIFO, RXFIFOSIZE, 0, 3)
    FIELD(FIFO, RXFE, 3, 1)
    FIELD(FIFO, TXFIFOSIZE, 4, 3)
    FIELD(FIFO, TXFE, 7, 1)
    FIELD(FIFO, RXUFE, 8, 1)
    FIELD(FIFO, TXOFE, 9, 1)
    FIELD(FIFO, RXIDEN, 10, 3)
    FIELD(FIFO, RXFLUSH, 14, 1)
    FIELD(FIFO, TXFLUSH, 15, 1)
    FIELD(FIFO, RXUF, 16, 1)
    FIELD(FIFO, TXOF, 17, 1)
    FIELD(FIFO, RXEMPT, 22, 1)
    FIELD(FIFO, TXEMPT, 23, 1)
REG32(WATER, 0x2c)
    FIELD(WATER, TXWATER, 0, 2)
    FIELD(WATER, TXCOUNT, 8, 3)
    FIELD(WATER, RXWATER, 16, 2)
    FIELD(WATER, RXCOUNT, 24, 3)

#define CTRL_BIT(s, bit) FIELD_EX32((s)->ctrl, CTRL, bit)
#define STAT_BIT(s, bit) FIELD_EX32((s)->stat, STAT, bit)
#define MODIR_BIT(s, bit) FIELD_EX32((s)->modir, MODIR, bit)

/* PINCFG[TRGSEL]: what the input trigger takes the place of. */
enum { TRGSEL_NONE, TRGSEL_RXD, TRGSEL_CTS, TRGSEL_TXD };

/* ---- the shape of a character: rt1176_lpuart.c ---- */

/* Data bits, the parity bit among them: it replaces the last data bit. */
unsigned rt1176_lpuart_data_bits(const Rt1176LpuartState *s);
unsigned rt1176_lpuart_stop_bits(const Rt1176LpuartState *s);
unsigned rt1176_lpuart_character_bits(const Rt1176LpuartState *s);

/* Samples of a bit. */
unsigned rt1176_lpuart_oversampling(const Rt1176LpuartState *s);

/* In 2^-32 ns; 0: no module clock, or SBR is 0. */
uint64_t rt1176_lpuart_bit_time(const Rt1176LpuartState *s);

static inline bool rt1176_lpuart_odd(uint32_t bits)
{
    return ctpop32(bits) & 1;
}

static inline uint32_t rt1176_lpuart_reverse(uint32_t bits, unsigned count)
{
    return revbit32(bits) >> (32 - count);
}

/* LOOPS: the receiver hears its transmitter inside, or (RSRC) at the TX pin. */
static inline bool rt1176_lpuart_loops(const Rt1176LpuartState *s)
{
    return CTRL_BIT(s, LOOPS) && !CTRL_BIT(s, RSRC);
}

static inline bool rt1176_lpuart_single_wire(const Rt1176LpuartState *s)
{
    return CTRL_BIT(s, LOOPS) && CTRL_BIT(s, RSRC);
}

/* ---- FIFOs ---- */

void rt1176_lpuart_fifo_push(Rt1176LpuartFifo *fifo, uint16_t word);
uint16_t rt1176_lpuart_fifo_pop(Rt1176LpuartFifo *fifo);

/* Interrupt, DMA requests, RTS_B and what is watched for, from the state. */
void rt1176_lpuart_update(Rt1176LpuartState *s);

/* ---- rt1176_lpuart_rx.c ---- */

extern const WireEndOps rt1176_lpuart_wire_ops;

unsigned rt1176_lpuart_rx_depth(const Rt1176LpuartState *s);
bool rt1176_lpuart_rdrf(const Rt1176LpuartState *s);

/* Tell the wire how to receive; after changes of BAUD, CTRL, STAT, FIFO. */
void rt1176_lpuart_update_rx(Rt1176LpuartState *s);

/* What goes round in loop mode has come in. */
void rt1176_lpuart_rx_loop(Rt1176LpuartState *s);

/* A falling edge has to be seen: for RXEDGIF, or for RTS_B. */
bool rt1176_lpuart_wants_edge(const Rt1176LpuartState *s);

/* RTS_B, if it is the receiver's: high when there is no room. */
bool rt1176_lpuart_rx_rts(const Rt1176LpuartState *s);

uint32_t rt1176_lpuart_read_data(Rt1176LpuartState *s);

/* ---- rt1176_lpuart_tx.c ---- */

bool rt1176_lpuart_tdre(const Rt1176LpuartState *s);
bool rt1176_lpuart_tc(const Rt1176LpuartState *s);

/* Start the next thing to send, if the transmitter is free and has one. */
void rt1176_lpuart_transmit(Rt1176LpuartState *s);

/* TXD while nothing is sent; after changes of TXINV and PINCFG. */
void rt1176_lpuart_set_idle_level(Rt1176LpuartState *s);

/* Timers': what was being sent has ended; RTS_B has held long enough. */
void rt1176_lpuart_tx_done(void *opaque);
void rt1176_lpuart_rts_done(void *opaque);

/* RTS_B, if it is the transmitter's. */
bool rt1176_lpuart_tx_rts(const Rt1176LpuartState *s);

/* @size: of the access, bytes. */
void rt1176_lpuart_write_data(Rt1176LpuartState *s, uint32_t value,
                              unsigned size);

#endif
