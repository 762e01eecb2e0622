/*
 * LPUART of the i.MX RT1176 (IMXRT1170RM, chapter "LPUART").
 *
 * Property "uart": its name on wires ("lpuart6").  Input Clock "clk": the
 * module clock behind CCM root and LPCG.  One interrupt.  Named GPIO outputs
 * "dma" (Rt1176LpuartDma), named GPIO input "cts"; pins of the wire
 * LPUARTn_CTS_B and LPUARTn_RTS_B.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_LPUART_H
#define HW_MEWS_RT1176_LPUART_H

#include "hw/sysbus.h"
#include "qom/object.h"
#include "../wire/wire.h"

#define TYPE_RT1176_LPUART "rt1176-lpuart"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176LpuartState, RT1176_LPUART)

#define RT1176_LPUART_FIFO_WORDS 4

/* Named GPIO outputs "dma": levels. */
typedef enum Rt1176LpuartDma {
    RT1176_LPUART_DMA_RX,
    RT1176_LPUART_DMA_TX,
    RT1176_LPUART_DMA_REQUESTS
} Rt1176LpuartDma;

typedef struct Rt1176LpuartFifo {
    uint16_t word[RT1176_LPUART_FIFO_WORDS]; /* as in DATA */
    uint8_t first;
    uint8_t count;
} Rt1176LpuartFifo;

struct Rt1176LpuartState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    qemu_irq dma[RT1176_LPUART_DMA_REQUESTS];
    Clock *clk;
    char *uart;
    WireEnd *wire;

    uint32_t global;
    uint32_t pincfg;
    uint32_t baud;
    uint32_t stat; /* without the bits that follow from other state */
    uint32_t ctrl;
    uint32_t match;
    uint32_t modir;
    uint32_t fifo;
    uint32_t water;

    Rt1176LpuartFifo rx;
    Rt1176LpuartFifo tx;
    uint16_t rx_last;        /* DATA reads this again when the FIFO is empty */
    bool rx_line_idle;       /* the line was idle before the next character */
    bool rx_idle_timeout;    /* RXIDEN: RDRF although at or below watermark */
    bool rx_stopping;        /* RE cleared: a character may still come in */
    int64_t rx_stop_ns;      /* when */
    bool rx_matched;         /* MAEN1 or MAEN2: characters are wanted */
    bool rx_coming;          /* an edge was seen: a character comes in */

    bool cts;      /* level of CTS_B */
    bool rts_used; /* RTS_B has been an output since power-on */
    int rts_pin;

    QEMUTimer *tx_timer; /* end of what is being sent */
    bool tx_busy;
    bool tx_stopping;     /* TE cleared within a character */
    bool tx_preamble;     /* TE set: one idle character first */
    bool tx_break;        /* SBK: a break is queued */
    bool tx_streaming;    /* one character after the other */
    bool tx_rts;          /* RTS_B is asserted for what is sent */
    QEMUTimer *rts_timer; /* ... and is negated then */
    uint16_t loop_bits;   /* what LOOPS feeds to the receiver */
    bool loop_frame;
    bool loop_break;
};

#endif
