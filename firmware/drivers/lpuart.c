/*
 * LPUART of the i.MX RT1176 (IMXRT1170RM, chapter "LPUART").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/lpuart.h"

#include "drivers/rt1176_regs.h"
#include "seam.h"

enum fifo {
    FIFO_WORDS = 4,
    WATER_TX_1 = 1 << LPUART_WATER_TXWATER_SHIFT, /* TDRE: one word left, or none */
    WATER_RX_2 = 2 << LPUART_WATER_RXWATER_SHIFT, /* RDRF: more than two words */
};

#define STAT_ERRORS ((uint32_t)LPUART_STAT_FE | LPUART_STAT_NF | LPUART_STAT_OR)
#define CTRL_ON                                                                       \
    ((uint32_t)LPUART_CTRL_ILT | LPUART_CTRL_RE | LPUART_CTRL_TE | LPUART_CTRL_ILIE | \
     LPUART_CTRL_RIE | LPUART_CTRL_FEIE | LPUART_CTRL_NEIE | LPUART_CTRL_ORIE)

static uint32_t words_in_fifo(const struct lpuart *lpuart, uint32_t shift)
{
    return mmio_read32(lpuart->config.base + LPUART_WATER) >> shift & LPUART_WATER_COUNT;
}

void lpuart_init(struct lpuart *lpuart)
{
    const uint32_t base = lpuart->config.base;
    const uint32_t ratio = lpuart->config.oversampling;
    mmio_write32(base + LPUART_CTRL, 0);
    mmio_write32(base + LPUART_BAUD, (ratio - 1u) << LPUART_BAUD_OSR_SHIFT |
                                         (ratio < 8u ? (uint32_t)LPUART_BAUD_BOTHEDGE : 0u) |
                                         lpuart->config.divisor);
    mmio_write32(base + LPUART_FIFO, LPUART_FIFO_RXFE | LPUART_FIFO_TXFE);
    mmio_write32(base + LPUART_WATER, WATER_TX_1 | WATER_RX_2);
    mmio_write32(base + LPUART_CTRL, CTRL_ON);
    lpuart->control = CTRL_ON;
}

static bool receive(struct lpuart *lpuart)
{
    bool lost = false;
    for (uint32_t left = words_in_fifo(lpuart, LPUART_WATER_RXCOUNT_SHIFT); left > 0; left--) {
        const uint32_t data = mmio_read32(lpuart->config.base + LPUART_DATA);
        if (lpuart->rx_written - lpuart->rx_read < LPUART_RING_OCTETS) {
            lpuart->rx[lpuart->rx_written++ % LPUART_RING_OCTETS] =
                (uint8_t)(data & LPUART_DATA_CHARACTER);
        } else {
            lpuart->counters.overrun++;
            lost = true;
        }
    }
    return lost;
}

static void transmit(struct lpuart *lpuart)
{
    uint32_t room = FIFO_WORDS - words_in_fifo(lpuart, LPUART_WATER_TXCOUNT_SHIFT);
    for (; room > 0 && lpuart->tx_read != lpuart->tx_written; room--) {
        mmio_write32(lpuart->config.base + LPUART_DATA,
                     lpuart->tx[lpuart->tx_read++ % LPUART_RING_OCTETS]);
    }
    const uint32_t control =
        CTRL_ON | (lpuart->tx_read != lpuart->tx_written ? (uint32_t)LPUART_CTRL_TIE : 0u);
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
        mmio_write32(lpuart->config.base + LPUART_STAT, stat & (STAT_ERRORS | LPUART_STAT_IDLE));
        lpuart->counters.framing += (stat & LPUART_STAT_FE) != 0;
        lpuart->counters.noise += (stat & LPUART_STAT_NF) != 0;
        lpuart->counters.overrun += (stat & LPUART_STAT_OR) != 0;
        broken = broken || (stat & (LPUART_STAT_FE | LPUART_STAT_OR)) != 0;
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
    while (words_in_fifo(lpuart, LPUART_WATER_TXCOUNT_SHIFT) == FIFO_WORDS) {
    }
    mmio_write32(lpuart->config.base + LPUART_DATA, octet);
}
