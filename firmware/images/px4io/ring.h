/*
 * Octets of a receiver's USART, which a circular DMA channel puts into a ring that is looked at
 * every millisecond or so (RM0041 9.3.3 circular mode, 23.3.13 reception by DMA).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_PX4IO_RING_H
#define IMAGES_PX4IO_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "images/px4io/px4io.h"

#define RING_OCTETS 64u /* more than arrive between two looks */

struct ring {
    const struct dma_channel *dma;
    volatile uint8_t octets[RING_OCTETS];
    uint32_t taken;
    uint32_t last_us; /* when something new was there */
};

void ring_start(struct ring *ring, struct dma_channel *dma, const struct usart *usart);

/* True: there is something new; *@paused: nothing had come for @pause_us before. */
bool ring_look(struct ring *ring, uint32_t now_us, uint32_t pause_us, bool *paused);

/* The next octet, or -1. */
int ring_take(struct ring *ring);

#endif
