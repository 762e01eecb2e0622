/*
 * S.BUS on USART3 (PB11 in, PB10 out; the inverters are on the board), 100000 baud 8E2, by DMA both
 * ways (RM0041 23.3.13).  A pause of 3 ms ends a frame that is not whole.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/px4io/sbus.h"

#include "images/px4io/px4io.h"
#include "images/px4io/ring.h"

#define RX_PIN          11u /* of port B */
#define TX_PIN          10u
#define TX_ENABLE_PIN   4u /* low: the board's inverter drives the connector */
#define BAUD            100000u
#define FRAME_OCTETS    25u
#define FIRST_OCTET     0x0fu
#define PAUSE_US        3000u
#define OUTPUT_US       13888u /* 72 Hz at most */
#define OUTPUT_CHANNELS 16u
#define RAW_MAX         2047u

enum { FLAGS_OCTET = 23, FLAG_17 = 1u << 0, FLAG_18 = 1u << 1, FLAG_LOST = 1u << 2 };
enum { FLAG_FAILSAFE = 1u << 3 };

static struct ring ring;
static uint8_t octets[FRAME_OCTETS];
static uint8_t sent[FRAME_OCTETS];
static uint32_t held, sent_us;

void sbus_start(void)
{
    pin_mode(GPIOB, RX_PIN, GPIO_INPUT_FLOATING);
    pin_write(GPIOB, TX_ENABLE_PIN, true);
    pin_mode(GPIOB, TX_ENABLE_PIN, GPIO_OUTPUT);
    USART3->BRR = CLOCK_HZ / BAUD;
    USART3->CR2 = USART_CR2_STOP_2;
    USART3->CR3 = USART_CR3_DMAR | USART_CR3_DMAT;
    ring_start(&ring, &DMA1->channel[DMA_USART3_RX], USART3);
    USART3->CR1 = USART_CR1_UE | USART_CR1_M | USART_CR1_PCE | USART_CR1_RE; /* 8 bits and parity */
}

/* ---- output ---- */

static uint32_t raw_of(uint16_t pulse_us)
{
    const uint32_t raw = pulse_us <= 875u ? 0u : ((pulse_us - 875u) * 8u + 2u) / 5u;
    return raw > RAW_MAX ? RAW_MAX : raw;
}

void sbus_output(bool on)
{
    pin_write(GPIOB, TX_ENABLE_PIN, !on);
    if (on) {
        pin_mode(GPIOB, TX_PIN, GPIO_ALTERNATE);
        USART3->CR1 |= USART_CR1_TE;
    } else {
        USART3->CR1 &= ~USART_CR1_TE;
        pin_mode(GPIOB, TX_PIN, GPIO_INPUT_FLOATING);
    }
}

void sbus_send(uint32_t now_us, const uint16_t *pulse_us, uint32_t count)
{
    struct dma_channel *tx = &DMA1->channel[DMA_USART3_TX];
    if (now_us - sent_us <= OUTPUT_US) {
        return;
    }
    sent_us = now_us;
    for (uint32_t i = 0; i < FRAME_OCTETS; i++) {
        sent[i] = i == 0 ? FIRST_OCTET : 0;
    }
    for (uint32_t bit = 0; bit < (count < OUTPUT_CHANNELS ? count : OUTPUT_CHANNELS) * 11u; bit++) {
        sent[1u + bit / 8u] |=
            (uint8_t)((raw_of(pulse_us[bit / 11u]) >> bit % 11u & 1u) << bit % 8u);
    }
    tx->CCR = 0;
    DMA1->IFCR = DMA_CHANNEL_FLAGS(DMA_USART3_TX);
    tx->CPAR = (uint32_t)(uintptr_t)&USART3->DR;
    tx->CMAR = (uint32_t)(uintptr_t)sent;
    tx->CNDTR = FRAME_OCTETS;
    tx->CCR = DMA_CCR_FROM_MEMORY | DMA_CCR_MINC | DMA_CCR_EN;
}

/* ---- input ---- */

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
    bool paused, whole = false;
    if (!ring_look(&ring, now_us, PAUSE_US, &paused)) {
        return false;
    }
    if (paused) {
        held = 0;
    }
    for (int octet = ring_take(&ring); octet >= 0; octet = ring_take(&ring)) {
        if (take((uint8_t)octet)) {
            decode(frame);
            whole = true;
        }
    }
    return whole;
}
