/*
 * LPI2C of the i.MX RT1176 (IMXRT1170RM, chapter "Low Power Inter-Integrated
 * Circuit").
 *
 * QEMU interface:
 * + property "i2c": its name ("lpi2c1"), also of its bus
 * + input Clock "clk": the functional clock behind CCM root and LPCG
 * + I2C bus "lpi2cN": slaves of this part as master.  Stock peripherals attach
 *   by -device NAME,bus=lpi2c1,address=0x50
 * + named GPIO output "dma", index 0: the one request for both directions
 * + named GPIO inputs "hold-scl", "hold-sda": the board keeps a line low
 * + device "rt1176-lpi2c-slave", property "lpi2c": the slave of that LPI2C on
 *   the bus of another one: -device rt1176-lpi2c-slave,bus=lpi2c1,lpi2c=lpi2c2
 * + sysbus MMIO region 0, sysbus IRQ 0
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_LPI2C_H
#define HW_MEWS_RT1176_LPI2C_H

#include "hw/clock.h"
#include "hw/i2c/i2c.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RT1176_LPI2C "rt1176-lpi2c"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176Lpi2cState, RT1176_LPI2C)
#define TYPE_RT1176_LPI2C_SLAVE "rt1176-lpi2c-slave"

#define RT1176_LPI2C_FIFO_WORDS 4

/* What the master is doing, up to the time @end_ns of its state. */
typedef enum Rt1176Lpi2cPhase {
    RT1176_LPI2C_IDLE,
    RT1176_LPI2C_START,   /* to the end of the hold time */
    RT1176_LPI2C_ADDRESS, /* to the end of the acknowledge bit */
    RT1176_LPI2C_SEND,    /* ... of an octet sent */
    RT1176_LPI2C_RECEIVE, /* ... of an octet received */
    RT1176_LPI2C_HOLD,    /* SCL is kept low: no command, or no room */
    RT1176_LPI2C_ACK,     /* ... by a slave that has yet to acknowledge */
    RT1176_LPI2C_STOP,    /* to the rising edge of SDA */
    RT1176_LPI2C_FREE     /* to the end of the bus free time */
} Rt1176Lpi2cPhase;

typedef struct Rt1176Lpi2cFifo {
    uint16_t word[RT1176_LPI2C_FIFO_WORDS];
    uint8_t first;
    uint8_t count;
} Rt1176Lpi2cFifo;

typedef struct Rt1176Lpi2cSlave {
    I2CBus *bus;        /* whose slave it is; NULL: of none */
    QEMUTimer *release; /* SCFGR2[CLKHOLD] has passed */
    uint32_t scr;
    uint32_t ssr; /* the flags that events set */
    uint32_t sier;
    uint32_t sder;
    uint32_t scfgr1;
    uint32_t scfgr2;
    uint32_t samr;
    uint32_t sasr;
    uint32_t star;
    uint8_t stdr, srdr;
    bool stdr_full, srdr_full;
    bool srdr_first; /* SRDR holds the first octet since START */
    bool first;      /* the next octet is the first one */
    bool matched;    /* the last address was its own */
    bool active;     /* ... and it takes part in what follows */
    bool sending;    /* ... as transmitter */
    uint8_t header;  /* first octet of an address of 10 bits, or 0 */
    bool half;       /* ... whose second octet comes next */
    bool acknowledges;
    uint8_t shift;   /* the octet being sent */
    bool starved;    /* ... which is not there yet */
    bool stretches;  /* it keeps SCL low */
} Rt1176Lpi2cSlave;

struct Rt1176Lpi2cState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    qemu_irq dma;
    Clock *clk;
    I2CBus *peers;
    QEMUTimer *timer;    /* end of the phase */
    QEMUTimer *idle;     /* MCFGR2[BUSIDLE] has passed */
    QEMUTimer *pin_low;  /* MCFGR3[PINLOW] has passed */
    char *i2c;

    uint32_t mcr;
    uint32_t msr; /* the flags that software clears */
    uint32_t mier;
    uint32_t mder;
    uint32_t mcfgr[4];
    uint32_t mdmr;
    uint32_t mccr[2];
    uint32_t mfcr;
    Rt1176Lpi2cFifo tx;
    Rt1176Lpi2cFifo rx;

    bool stopping;     /* MEN is to be cleared at the end of the transfer */
    uint8_t phase;     /* Rt1176Lpi2cPhase */
    int64_t end_ns;    /* ... its end, and 2^-32 ns */
    uint32_t end_frac;
    uint8_t octet;     /* the one on the line */
    bool high_speed;   /* it is timed by MCCR1 */
    bool reading;      /* direction that the address has set */
    bool nack_wanted;  /* of the address: commands 5 and 7 */
    bool addressed;    /* somebody has acknowledged it */
    uint16_t to_receive;
    bool discard;      /* what is received */
    bool other_busy;   /* another master has the bus */
    bool scl_held, sda_held;
    bool stretched;    /* a slave keeps SCL low */
    bool rises_late;   /* the phase has begun so, and SCL should have risen */
    int64_t rise_ns;   /* ... then */
    uint32_t words;    /* received since the START, for the match */
    uint8_t last_word;

    Rt1176Lpi2cSlave slave;
};

#endif
