/*
 * STM32F100 SPI1, SPI2 (RM0041 21)
 *
 * QEMU interface:
 * + property "spi": 1 or 2, names the AF signals
 * + link property "afio": the router of alternate functions
 * + Clock input "clk": the gated peripheral clock
 * + SSI bus "spiN": peers of this part as master.  Stock peripherals attach by
 *   -device NAME,bus=spi1
 * + named GPIO inputs "cs" 0..3: level of the pin that is the chip select of
 *   the peer with the property cs=N
 * + named GPIO outputs "dma-tx" and "dma-rx": level-triggered DMA requests
 * + named GPIO inputs "dma-tx-end" and "dma-rx-end": DMA's end of transfer
 * + sysbus MMIO region 0, sysbus IRQ 0
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_SPI_H
#define HW_MEWS_STM32F100_SPI_H

#include "hw/clock.h"
#include "hw/ssi/ssi.h"
#include "hw/sysbus.h"
#include "stm32f100_af.h"

#define TYPE_STM32F100_SPI "stm32f100-spi"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100SpiState, STM32F100_SPI)

#define STM32F100_SPI_CHIP_SELECTS 4

struct Stm32f100SpiState {
    SysBusDevice parent_obj;

    MemoryRegion mmio;
    qemu_irq irq;
    qemu_irq dma_tx;
    qemu_irq dma_rx;
    Clock *clk;
    QEMUTimer *timer; /* master: the last sample of a frame, then its end */
    SSIBus *peers;
    Stm32f100AfioState *afio;
    uint8_t number;

    uint32_t cr1, cr2, sr, crcpr, rxcrcr, txcrcr;
    uint16_t rdr;
    uint16_t tdr;   /* valid while TXE is 0 */
    bool modf_seen; /* SR has been accessed since MODF was set */
    bool ovr_read;  /* DR has been read since OVR was set */

    /* The frame in the shift register; words are in the order of the line. */
    bool shifting;
    bool received;      /* ... its last bit has been sampled */
    bool crc_frame;     /* ... it is a CRC */
    uint8_t bits;       /* ... its length */
    uint8_t done;       /* master: half bits done, slave: bits sampled */
    uint16_t shift_out;
    uint16_t shift_in;
    int64_t start_ns;   /* master: of the frame, and 2^-32 ns */
    uint32_t start_frac;
    uint64_t half_bit;  /* master: in 2^-32 ns */

    bool data_in;       /* level of the data input up to now */
    bool writing_edges; /* what the pins do is this SPI's own doing */
    uint8_t cs;         /* levels of the chip selects */
};

#endif
