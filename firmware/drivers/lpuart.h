/*
 * LPUART of the i.MX RT1176 (IMXRT1170RM, chapter "LPUART") with its FIFOs, by interrupts: a ring
 * each way.  8N1.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_LPUART_H
#define DRIVERS_LPUART_H

#include <stdbool.h>
#include <stdint.h>

#define LPUART_RING_OCTETS 512u /* power of two */

struct lpuart_config {
    uint32_t base;
    uint32_t irq;
    uint32_t oversampling; /* samples per bit, 4..32 */
    uint32_t divisor;      /* baud = clock / (oversampling * divisor) */
};

struct lpuart_counters {
    uint32_t framing;
    uint32_t noise;
    uint32_t overrun;    /* the FIFO's, and octets the ring had no room for */
    uint32_t tx_dropped; /* messages the ring had no room for */
};

struct lpuart {
    struct lpuart_config config;
    struct lpuart_counters counters;
    uint32_t control;    /* what CTRL holds */
    uint32_t rx_written; /* octets ever */
    uint32_t rx_read;
    uint32_t tx_written;
    uint32_t tx_read;
    uint8_t rx[LPUART_RING_OCTETS];
    uint8_t tx[LPUART_RING_OCTETS];
};

/* Transmitter and receiver on. */
void lpuart_init(struct lpuart *lpuart);

/*
 * Call it in every round: empties and fills the FIFOs.  True if something was damaged or lost on
 * the way in, behind the octets in the ring.
 */
bool lpuart_service(struct lpuart *lpuart);

/* The next octet received, or -1. */
int lpuart_take(struct lpuart *lpuart);

/* Queue a message; all of it or nothing. */
bool lpuart_send(struct lpuart *lpuart, const uint8_t *octets, uint32_t count);

/* Wait until the transmitter has room, then send one octet: for a core that dies. */
void lpuart_send_now(const struct lpuart *lpuart, uint8_t octet);

#endif
