/*
 * The link on an STM32F1 USART with DMA (RM0041 9.3.3 channels, 23.3.13 communication using DMA).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/stm32f1_link.h"

#include <stddef.h>

#include "drivers/stm32f1_regs.h"
#include "seam.h"

#define SR_ERRORS (USART_SR_FE | USART_SR_NE | USART_SR_ORE)

static uint32_t channel_base(const struct stm32_link *link, uint32_t channel)
{
    return link->config.dma_base + DMA_CHANNEL_1 + DMA_CHANNEL_STEP * (channel - 1u);
}

static void clear_flags(const struct stm32_link *link, uint32_t channel)
{
    mmio_write32(link->config.dma_base + DMA_IFCR,
                 (uint32_t)DMA_FLAGS << DMA_FLAG_STEP * (channel - 1u));
}

/* DMA sees the same addresses as the core. */
static uint32_t dma_address(const void *memory)
{
    return (uint32_t)(uintptr_t)memory;
}

void stm32_link_init(struct stm32_link *link)
{
    const uint32_t usart = link->config.usart_base;
    const uint32_t rx = channel_base(link, link->config.rx_dma_channel);
    const uint32_t tx = channel_base(link, link->config.tx_dma_channel);

    mmio_write32(rx + DMA_CPAR, usart + USART_DR);
    mmio_write32(rx + DMA_CMAR, dma_address(link->rx));
    mmio_write32(rx + DMA_CNDTR, STM32_LINK_RX_OCTETS);
    mmio_write32(rx + DMA_CCR, DMA_CCR_PRIORITY_HIGH | DMA_CCR_MINC | DMA_CCR_CIRC | DMA_CCR_HTIE |
                                   DMA_CCR_TCIE | DMA_CCR_EN);
    mmio_write32(tx + DMA_CPAR, usart + USART_DR);
    mmio_write32(tx + DMA_CMAR, dma_address(link->tx));

    mmio_write32(usart + USART_BRR, link->config.brr);
    mmio_write32(usart + USART_CR3, USART_CR3_DMAR | USART_CR3_DMAT | USART_CR3_EIE);
    mmio_write32(usart + USART_CR1, USART_CR1_UE | USART_CR1_TE | USART_CR1_RE | USART_CR1_IDLEIE);
}

/* Count and clear errors and IDLE: SR, then DR (RM0041 23.6.1).  DMA has taken DR long ago. */
static bool check_line(struct stm32_link *link)
{
    const uint32_t sr = mmio_read32(link->config.usart_base + USART_SR);
    if ((sr & (SR_ERRORS | USART_SR_IDLE)) != 0) {
        (void)mmio_read32(link->config.usart_base + USART_DR);
    }
    link->counters.framing += (sr & USART_SR_FE) != 0;
    link->counters.noise += (sr & USART_SR_NE) != 0;
    link->counters.overrun += (sr & USART_SR_ORE) != 0;
    return (sr & (USART_SR_FE | USART_SR_ORE)) != 0;
}

/* How far DMA has come; true if it has overwritten octets that nobody had taken. */
static bool check_ring(struct stm32_link *link)
{
    const uint32_t rx = channel_base(link, link->config.rx_dma_channel);
    const uint32_t position = STM32_LINK_RX_OCTETS - mmio_read32(rx + DMA_CNDTR);
    const uint32_t arrived = (position - link->position) % STM32_LINK_RX_OCTETS;
    if (arrived > 0) {
        link->arrived_us = clock_us();
        link->position = position;
        link->received += arrived;
    }
    if (link->received - link->consumed <= STM32_LINK_RX_OCTETS) {
        return false;
    }
    link->counters.overrun++;
    link->consumed = link->received;
    return true;
}

enum stm32_link_event stm32_link_service(struct stm32_link *link)
{
    const bool line_fired = irq_poll(link->config.usart_irq) != 0;
    const bool ring_fired = irq_poll(link->config.rx_dma_irq) != 0;
    if (ring_fired) {
        clear_flags(link, link->config.rx_dma_channel);
    }
    if (!line_fired && !ring_fired && link->received == link->consumed) {
        return STM32_LINK_QUIET;
    }
    const bool damaged = line_fired && check_line(link);
    const bool lost = check_ring(link);
    return damaged || lost ? STM32_LINK_BROKEN : STM32_LINK_OCTETS;
}

int stm32_link_take(struct stm32_link *link)
{
    if (link->consumed == link->received) {
        return -1;
    }
    return link->rx[link->consumed++ % STM32_LINK_RX_OCTETS];
}

uint8_t *stm32_link_tx_buffer(struct stm32_link *link)
{
    const uint32_t tx = channel_base(link, link->config.tx_dma_channel);
    return mmio_read32(tx + DMA_CNDTR) == 0 ? link->tx : NULL;
}

void stm32_link_send(struct stm32_link *link, uint32_t octets)
{
    const uint32_t tx = channel_base(link, link->config.tx_dma_channel);
    mmio_write32(tx + DMA_CCR, 0);
    clear_flags(link, link->config.tx_dma_channel);
    mmio_write32(tx + DMA_CNDTR, octets);
    mmio_write32(tx + DMA_CCR, DMA_CCR_MINC | DMA_CCR_DIR_FROM_MEMORY | DMA_CCR_EN);
}
