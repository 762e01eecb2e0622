/*
 * A ring of received octets; see ring.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/px4io/ring.h"

static uint32_t arrived(const struct ring *ring)
{
    return (RING_OCTETS - ring->dma->CNDTR) % RING_OCTETS;
}

void ring_start(struct ring *ring, struct dma_channel *dma, const struct usart *usart)
{
    ring->dma = dma;
    dma->CPAR = (uint32_t)(uintptr_t)&usart->DR;
    dma->CMAR = (uint32_t)(uintptr_t)ring->octets;
    dma->CNDTR = RING_OCTETS;
    dma->CCR = DMA_CCR_MINC | DMA_CCR_CIRC | DMA_CCR_EN;
}

bool ring_look(struct ring *ring, uint32_t now_us, uint32_t pause_us, bool *paused)
{
    if (arrived(ring) == ring->taken) {
        return false;
    }
    *paused = now_us - ring->last_us >= pause_us;
    ring->last_us = now_us;
    return true;
}

int ring_take(struct ring *ring)
{
    if (arrived(ring) == ring->taken) {
        return -1;
    }
    const int octet = ring->octets[ring->taken];
    ring->taken = (ring->taken + 1u) % RING_OCTETS;
    return octet;
}
