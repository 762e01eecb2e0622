/*
 * S.BUS on USART3 (PB11; the inverter is on the board), 100000 baud 8E2, DMA into a ring that is
 * looked at every millisecond (RM0041 23.3.13).  A pause of 3 ms ends a frame that is not whole.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/px4io/sbus.h"

#include "images/px4io/px4io.h"

#define PIN          11u /* of port B */
#define BAUD         100000u
#define RING_OCTETS  64u
#define FRAME_OCTETS 25u
#define FIRST_OCTET  0x0fu
#define PAUSE_US     3000u

enum { FLAGS_OCTET = 23, FLAG_17 = 1u << 0, FLAG_18 = 1u << 1, FLAG_LOST = 1u << 2 };
enum { FLAG_FAILSAFE = 1u << 3 };

static volatile uint8_t ring[RING_OCTETS];
static uint8_t octets[FRAME_OCTETS];
static uint32_t taken, held, last_us;

void sbus_start(void)
{
    struct dma_channel *rx = &DMA1->channel[DMA_USART3_RX];
    pin_mode(GPIOB, PIN, GPIO_INPUT_FLOATING);
    USART3->BRR = CLOCK_HZ / BAUD;
    USART3->CR2 = USART_CR2_STOP_2;
    USART3->CR3 = USART_CR3_DMAR;
    rx->CPAR = (uint32_t)(uintptr_t)&USART3->DR;
    rx->CMAR = (uint32_t)(uintptr_t)ring;
    rx->CNDTR = RING_OCTETS;
    rx->CCR = DMA_CCR_MINC | DMA_CCR_CIRC | DMA_CCR_EN;
    USART3->CR1 = USART_CR1_UE | USART_CR1_M | USART_CR1_PCE | USART_CR1_RE; /* 8 bits and parity */
}

/* 11 bits each, the least first; raw 200 to 1800 is 1000 to 2000 us. */
static uint16_t channel_us(uint32_t channel)
{
    uint32_t raw = 0;
    for (uint32_t bit = 0; bit < 11u; bit++) {
        const uint32_t at = channel * 11u + bit;
        raw |= (uint32_t)(octets[1u + at / 8u] >> at % 8u & 1u) << bit;
    }
    return (uint16_t)(875u + (raw * 5u + 4u) / 8u);
}

static void decode(struct sbus_frame *frame)
{
    const uint32_t flags = octets[FLAGS_OCTET];
    for (uint32_t i = 0; i < 16u; i++) {
        frame->channel_us[i] = channel_us(i);
    }
    frame->channel_us[16] = (flags & FLAG_17) != 0 ? 2000 : 1000;
    frame->channel_us[17] = (flags & FLAG_18) != 0 ? 2000 : 1000;
    frame->lost = (flags & FLAG_LOST) != 0;
    frame->failsafe = (flags & FLAG_FAILSAFE) != 0;
}

/* One octet; true: it is the last one of a frame. */
static bool take(uint8_t octet)
{
    if (held == 0 && octet != FIRST_OCTET) {
        return false;
    }
    octets[held++] = octet;
    if (held < FRAME_OCTETS) {
        return false;
    }
    held = 0;
    return true;
}

bool sbus_poll(uint32_t now_us, struct sbus_frame *frame)
{
    const uint32_t arrived = RING_OCTETS - DMA1->channel[DMA_USART3_RX].CNDTR;
    bool whole = false;
    if (arrived % RING_OCTETS == taken) {
        return false;
    }
    if (now_us - last_us >= PAUSE_US) {
        held = 0;
    }
    last_us = now_us;
    while (taken != arrived % RING_OCTETS) {
        if (take(ring[taken])) {
            decode(frame);
            whole = true;
        }
        taken = (taken + 1u) % RING_OCTETS;
    }
    return whole;
}
