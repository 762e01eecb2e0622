/*
 * The px4io link: USART2 at 1.5 Mbaud.  DMA puts what comes in into a packet, the idle line is its
 * end, and DMA sends the answer from another buffer.  All of it happens in the interrupt (RM0041
 * 23.3.2 IDLE, 23.3.13 DMA).  What was damaged on the line is answered by a break, so that the
 * other side drops what it is about to receive.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/px4io/link.h"

#include "images/px4io/pages.h"
#include "images/px4io/px4io.h"
#include "nodes/cortexm.h"

#define BAUD          1500000u
#define TX_PIN        2u /* of port A */
#define RX_PIN        3u
#define REGISTERS_MAX 32u
#define HEAD_OCTETS   4u

enum { CODE_MASK = 0xc0, COUNT_MASK = 0x3f };
enum request { CODE_READ = 0x00, CODE_WRITE = 0x40 };
enum reply { CODE_SUCCESS = 0x00, CODE_CORRUPT = 0x40, CODE_ERROR = 0x80 };

struct packet {
    uint8_t count_code;
    uint8_t crc;
    uint8_t page;
    uint8_t offset;
    uint16_t registers[REGISTERS_MAX]; /* little-endian, as the core is */
};

struct link_counters link_counters;

static struct packet request, reply;
static bool damaged;

static uint32_t packet_octets(const struct packet *packet)
{
    return HEAD_OCTETS + 2u * (packet->count_code & COUNT_MASK);
}

/* CRC-8, polynomial x^8 + x^2 + x + 1, from 0, with the packet's own CRC taken as 0. */
static uint8_t packet_crc(const struct packet *packet)
{
    const uint8_t *octet = (const uint8_t *)packet;
    uint32_t crc = 0;
    for (uint32_t i = 0; i < packet_octets(packet); i++) {
        crc ^= &octet[i] == &packet->crc ? 0u : octet[i];
        for (uint32_t bit = 0; bit < 8u; bit++) {
            crc = (crc & 0x80u) != 0 ? (crc << 1 ^ 0x07u) & 0xffu : crc << 1;
        }
    }
    return (uint8_t)crc;
}

static void listen(void)
{
    struct dma_channel *rx = &DMA1->channel[DMA_USART2_RX];
    USART2->CR3 &= ~USART_CR3_DMAR;
    rx->CCR = 0;
    DMA1->IFCR = DMA_CHANNEL_FLAGS(DMA_USART2_RX);
    rx->CPAR = (uint32_t)(uintptr_t)&USART2->DR;
    rx->CMAR = (uint32_t)(uintptr_t)&request;
    rx->CNDTR = sizeof(request);
    rx->CCR = DMA_CCR_VERY_HIGH | DMA_CCR_MINC | DMA_CCR_EN;
    USART2->CR3 |= USART_CR3_DMAR;
}

static void answer(void)
{
    struct dma_channel *tx = &DMA1->channel[DMA_USART2_TX];
    reply.crc = packet_crc(&reply);
    tx->CCR = 0;
    DMA1->IFCR = DMA_CHANNEL_FLAGS(DMA_USART2_TX);
    tx->CPAR = (uint32_t)(uintptr_t)&USART2->DR;
    tx->CMAR = (uint32_t)(uintptr_t)&reply;
    tx->CNDTR = packet_octets(&reply);
    tx->CCR = DMA_CCR_FROM_MEMORY | DMA_CCR_MINC | DMA_CCR_EN;
}

static enum reply carry_out(uint32_t *count)
{
    *count = 0;
    switch ((enum request)(request.count_code & CODE_MASK)) {
    case CODE_READ:
        *count = pages_read(request.page, request.offset, reply.registers,
                            request.count_code & COUNT_MASK);
        return *count != 0 ? CODE_SUCCESS : CODE_ERROR;
    case CODE_WRITE:
        return pages_write(request.page, request.offset, request.registers,
                           request.count_code & COUNT_MASK)
                   ? CODE_SUCCESS
                   : CODE_ERROR;
    default:
        return CODE_CORRUPT;
    }
}

static void handle_packet(void)
{
    uint32_t count = 0;
    enum reply code = CODE_CORRUPT;
    link_counters.packets++;
    if (request.crc == packet_crc(&request)) {
        code = carry_out(&count);
    }
    link_counters.corrupt += code == CODE_CORRUPT;
    reply.count_code = (uint8_t)((uint32_t)code | count);
    reply.page = code == CODE_CORRUPT ? 0xff : request.page;
    reply.offset = code == CODE_CORRUPT ? 0xff : request.offset;
}

void link_entry(void)
{
    const uint32_t status = USART2->SR;
    (void)USART2->DR; /* clears what SR has shown */
    if ((status & (USART_SR_ORE | USART_SR_NE | USART_SR_FE)) != 0) {
        USART2->CR1 |= USART_CR1_SBK;
        link_counters.damaged += !damaged;
        damaged = true;
    }
    if ((status & USART_SR_IDLE) == 0) {
        return;
    }
    const uint32_t octets = sizeof(request) - DMA1->channel[DMA_USART2_RX].CNDTR;
    const bool whole = octets >= HEAD_OCTETS && octets >= packet_octets(&request);
    link_counters.cut += !damaged && !whole;
    if (!damaged && whole) {
        handle_packet();
        listen();
        answer();
    } else {
        listen();
    }
    damaged = false;
}

void link_start(void)
{
    pin_mode(GPIOA, TX_PIN, GPIO_ALTERNATE);
    pin_mode(GPIOA, RX_PIN, GPIO_INPUT_FLOATING);
    USART2->BRR = CLOCK_HZ / BAUD;
    USART2->CR3 = USART_CR3_EIE | USART_CR3_DMAT;
    USART2->CR1 = USART_CR1_UE | USART_CR1_TE | USART_CR1_RE | USART_CR1_IDLEIE;
    listen();
    irq_enable(IRQ_USART2);
}
