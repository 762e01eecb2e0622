/*
 * LPUART of the i.MX RT1176 (IMXRT1170RM, chapter "LPUART").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/lpuart.h"

#include "seam.h"

enum lpuart_registers {
    LPUART_BAUD = 0x10,
    LPUART_STAT = 0x14,
    LPUART_CTRL = 0x18,
    LPUART_DATA = 0x1c,
    LPUART_FIFO = 0x28,
    LPUART_WATER = 0x2c,
    BAUD_OSR_SHIFT = 24,
    BAUD_BOTHEDGE = 1 << 17, /* required for an oversampling ratio of 4 to 7 */
    STAT_FE = 1 << 17,
    STAT_NF = 1 << 18,
    STAT_OR = 1 << 19,
    STAT_IDLE = 1 << 20,
    CTRL_ILT = 1 << 2, /* idle time counts from the stop bit */
    CTRL_RE = 1 << 18,
    CTRL_TE = 1 << 19,
    CTRL_ILIE = 1 << 20,
    CTRL_RIE = 1 << 21,
    CTRL_TIE = 1 << 23,
    CTRL_FEIE = 1 << 25,
    CTRL_NEIE = 1 << 26,
    CTRL_ORIE = 1 << 27,
    DATA_CHARACTER = 0xff,
    FIFO_RXFE = 1 << 3,
    FIFO_TXFE = 1 << 7,
    WATER_TX_1 = 1 << 0,  /* TDRE: one word left, or none */
    WATER_RX_2 = 2 << 16, /* RDRF: more than two words */
    WATER_TXCOUNT_SHIFT = 8,
    WATER_RXCOUNT_SHIFT = 24,
    WATER_COUNT = 7,
    FIFO_WORDS = 4,
};

#define STAT_ERRORS ((uint32_t)STAT_FE | STAT_NF | STAT_OR)
#define CTRL_ON                                                                              \
    ((uint32_t)CTRL_ILT | CTRL_RE | CTRL_TE | CTRL_ILIE | CTRL_RIE | CTRL_FEIE | CTRL_NEIE | \
     CTRL_ORIE)

static uint32_t words_in_fifo(const struct lpuart *lpuart, uint32_t shift)
{
    return mmio_read32(lpuart->config.base + LPUART_WATER) >> shift & WATER_COUNT;
}

void lpuart_init(struct lpuart *lpuart)
{
    const uint32_t base = lpuart->config.base;
    const uint32_t ratio = lpuart->config.oversampling;
    mmio_write32(base + LPUART_CTRL, 0);
    mmio_write32(base + LPUART_BAUD, (ratio - 1u) << BAUD_OSR_SHIFT |
                                         (ratio < 8u ? (uint32_t)BAUD_BOTHEDGE : 0u) |
                                         lpuart->config.divisor);
    mmio_write32(base + LPUART_FIFO, FIFO_RXFE | FIFO_TXFE);
    mmio_write32(base + LPUART_WATER, WATER_TX_1 | WATER_RX_2);
    mmio_write32(base + LPUART_CTRL, CTRL_ON);
    lpuart->control = CTRL_ON;
}

static bool receive(struct lpuart *lpuart)
{
    bool lost = false;
    for (uint32_t left = words_in_fifo(lpuart, WATER_RXCOUNT_SHIFT); left > 0; left--) {
        const uint32_t data = mmio_read32(lpuart->config.base + LPUART_DATA);
        if (lpuart->rx_written - lpuart->rx_read < LPUART_RING_OCTETS) {
            lpuart->rx[lpuart->rx_written++ % LPUART_RING_OCTETS] =
                (uint8_t)(data & DATA_CHARACTER);
        } else {
            lpuart->counters.overrun++;
            lost = true;
        }
    }
    return lost;
}

static void transmit(struct lpuart *lpuart)
{
    uint32_t room = FIFO_WORDS - words_in_fifo(lpuart, WATER_TXCOUNT_SHIFT);
    for (; room > 0 && lpuart->tx_read != lpuart->tx_written; room--) {
        mmio_write32(lpuart->config.base + LPUART_DATA,
                     lpuart->tx[lpuart->tx_read++ % LPUART_RING_OCTETS]);
    }
    const uint32_t control =
        CTRL_ON | (lpuart->tx_read != lpuart->tx_written ? (uint32_t)CTRL_TIE : 0u);
    if (control != lpuart->control) {
        lpuart->control = control;
        mmio_write32(lpuart->config.base + LPUART_CTRL, control);
    }
}

bool lpuart_service(struct lpuart *lpuart)
{
    bool broken = false;
    if (irq_poll(lpuart->config.irq) != 0) {
        const uint32_t stat = mmio_read32(lpuart->config.base + LPUART_STAT);
        broken = receive(lpuart);
        mmio_write32(lpuart->config.base + LPUART_STAT, stat & (STAT_ERRORS | STAT_IDLE));
        lpuart->counters.framing += (stat & STAT_FE) != 0;
        lpuart->counters.noise += (stat & STAT_NF) != 0;
        lpuart->counters.overrun += (stat & STAT_OR) != 0;
        broken = broken || (stat & (STAT_FE | STAT_OR)) != 0;
        transmit(lpuart);
    }
    return broken;
}

int lpuart_take(struct lpuart *lpuart)
{
    if (lpuart->rx_read == lpuart->rx_written) {
        return -1;
    }
    return lpuart->rx[lpuart->rx_read++ % LPUART_RING_OCTETS];
}

bool lpuart_send(struct lpuart *lpuart, const uint8_t *octets, uint32_t count)
{
    if (LPUART_RING_OCTETS - (lpuart->tx_written - lpuart->tx_read) < count) {
        lpuart->counters.tx_dropped++;
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        lpuart->tx[lpuart->tx_written++ % LPUART_RING_OCTETS] = octets[i];
    }
    transmit(lpuart);
    return true;
}

void lpuart_send_now(const struct lpuart *lpuart, uint8_t octet)
{
    while (words_in_fifo(lpuart, WATER_TXCOUNT_SHIFT) == FIFO_WORDS) {
    }
    mmio_write32(lpuart->config.base + LPUART_DATA, octet);
}
