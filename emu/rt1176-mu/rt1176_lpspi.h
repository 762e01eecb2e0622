/*
 * LPSPI of the i.MX RT1176 (IMXRT1170RM, chapter "Low Power Serial Peripheral
 * Interface").
 *
 * QEMU interface:
 * + property "spi": its name ("lpspi1"), also of its bus
 * + input Clock "clk": the functional clock behind CCM root and LPCG
 * + SSI bus "lpspiN": peers of this part as master; the peer with the property
 *   cs=N is the one at PCS N.  Stock peripherals attach by
 *   -device NAME,bus=lpspi1,cs=0
 * + device "rt1176-lpspi-slave", properties "lpspi" and "pcs": that LPSPI as
 *   slave at a chip select of another one, which is its own PCSn:
 *   -device rt1176-lpspi-slave,bus=lpspi1,cs=0,lpspi=lpspi2,pcs=1
 * + named GPIO outputs "dma", index Rt1176LpspiDma: levels
 * + named GPIO outputs "pcs" 0..3: levels of the chip selects
 * + sysbus MMIO region 0, sysbus IRQ 0
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_LPSPI_H
#define HW_MEWS_RT1176_LPSPI_H

#include "hw/clock.h"
#include "hw/ssi/ssi.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RT1176_LPSPI "rt1176-lpspi"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176LpspiState, RT1176_LPSPI)
#define TYPE_RT1176_LPSPI_SLAVE "rt1176-lpspi-slave"

#define RT1176_LPSPI_FIFO_WORDS 16
#define RT1176_LPSPI_CHIP_SELECTS 4

typedef enum Rt1176LpspiDma {
    RT1176_LPSPI_DMA_RX,
    RT1176_LPSPI_DMA_TX,
    RT1176_LPSPI_DMA_REQUESTS
} Rt1176LpspiDma;

/* What the master is doing, up to the time @end_ns of its state. */
typedef enum Rt1176LpspiPhase {
    RT1176_LPSPI_IDLE,
    RT1176_LPSPI_PCS_TO_SCK, /* PCS is asserted; to the first edge of SCK */
    RT1176_LPSPI_SHIFT,      /* to the last sample of an octet */
    RT1176_LPSPI_NEXT_WORD,  /* to the first edge of the frame's next word */
    RT1176_LPSPI_HOLD_WORD,  /* ... which cannot go on */
    RT1176_LPSPI_LAST_EDGE,  /* to the last edge of the frame */
    RT1176_LPSPI_NEXT_FRAME, /* to the first edge of a continuing frame */
    RT1176_LPSPI_HOLD_FRAME, /* ... which is not there */
    RT1176_LPSPI_SCK_TO_PCS, /* to the negation of PCS */
    RT1176_LPSPI_BETWEEN     /* PCS is negated, and has to stay so */
} Rt1176LpspiPhase;

/* One word of a FIFO; @mark: TX: for TCR, RX: the first of its frame */
typedef struct Rt1176LpspiWord {
    uint32_t word;
    bool mark;
} Rt1176LpspiWord;

typedef struct Rt1176LpspiFifo {
    Rt1176LpspiWord slot[RT1176_LPSPI_FIFO_WORDS];
    uint8_t first;
    uint8_t count;
} Rt1176LpspiFifo;

struct Rt1176LpspiState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    qemu_irq dma[RT1176_LPSPI_DMA_REQUESTS];
    qemu_irq pcs[RT1176_LPSPI_CHIP_SELECTS];
    Clock *clk;
    SSIBus *peers;
    QEMUTimer *timer; /* end of the phase */
    char *spi;

    uint32_t cr;
    uint32_t sr; /* the flags that software clears */
    uint32_t ier;
    uint32_t der;
    uint32_t cfgr0;
    uint32_t cfgr1;
    uint32_t dmr0;
    uint32_t dmr1;
    uint32_t ccr;
    uint32_t fcr;
    uint32_t tcr;
    Rt1176LpspiFifo tx;
    Rt1176LpspiFifo rx;

    bool stopping;      /* MEN is to be cleared at the end of the transfer */
    uint8_t phase;      /* Rt1176LpspiPhase */
    int64_t end_ns;     /* ... its end, and 2^-32 ns */
    uint32_t end_frac;
    uint8_t asserted;   /* PCS number, while the phase has one asserted */
    uint16_t bits_left; /* of the frame, without the word being shifted */
    uint8_t word_bits;  /* the word being shifted: its length */
    uint8_t word_done;  /* ... how much of it has been shifted */
    uint8_t chunk;      /* ... bits that end at the end of the phase */
    uint32_t shift_out; /* ... as on the line, its first bit highest */
    uint32_t shift_in;
    bool first_word;    /* ... it is the first of its frame */
    uint32_t words;     /* received since PCS was asserted */
    uint32_t last_word; /* the last of these, for the match */

    bool wired;         /* as slave, it is on a bus */
    bool selected;      /* as slave, its PCS is asserted */
    bool over;          /* ... longer than the frame is */
    uint32_t chain;     /* ... what a continuous transfer sends then */
};

#endif
