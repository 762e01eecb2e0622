/*
 * DSM on USART1 (PA10), 115200 baud 8N1; PC13 switches the receiver's supply.  A frame has two
 * octets for the receiver's own use and seven words, the greater octet first: a channel's number
 * and its position, in 1024 or 2048 steps ("Remote Receiver Interfacing", Rev A, 8.3).
 *
 * Nothing in a frame of an external receiver says how many steps there are.  As px4io does, the
 * first frames are read both ways: the right one gives channels 0 to n without a gap.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/px4io/dsm.h"

#include "images/px4io/px4io.h"
#include "images/px4io/ring.h"

#define RX_PIN       10u /* of port A */
#define POWER_PIN    13u /* of port C, high: on */
#define BAUD         115200u
#define FRAME_OCTETS 16u
#define WORDS        7u
#define UNUSED       0xffffu
#define PAUSE_US     5000u /* a frame takes 1.4 ms, and the next one begins after 11 ms */
#define LOST_US      1000000u
#define GUESS_FRAMES 10u
#define CHANNELS_MIN 5u
#define OFFSET_US    903u /* position 0 */

enum steps { STEPS_UNKNOWN, STEPS_1024, STEPS_2048 };

static struct ring ring;
static uint8_t octets[FRAME_OCTETS];
static uint32_t held;
static enum steps steps;
static uint32_t guess_frames, seen_1024, seen_2048, frame_us, channel_count;

void dsm_start(void)
{
    pin_write(GPIOC, POWER_PIN, true);
    pin_mode(GPIOC, POWER_PIN, GPIO_OUTPUT);
    pin_mode(GPIOA, RX_PIN, GPIO_INPUT_FLOATING);
    USART1->BRR = (CLOCK_HZ + BAUD / 2u) / BAUD;
    USART1->CR3 = USART_CR3_DMAR;
    ring_start(&ring, &DMA1->channel[DMA_USART1_RX], USART1);
    USART1->CR1 = USART_CR1_UE | USART_CR1_RE;
}

static uint32_t word_at(uint32_t n)
{
    return (uint32_t)octets[2u + 2u * n] << 8 | octets[3u + 2u * n];
}

/* Bits 15:10 with 1024 steps; 14:11 with 2048, where bit 15 of the first word tells a second frame.
 */
static uint32_t channel_of(uint32_t word, enum steps as)
{
    return as == STEPS_1024 ? word >> 10 : word >> 11 & 0xfu;
}

/* How many channels @seen is, 0: they are not 0 to n. */
static uint32_t contiguous(uint32_t seen)
{
    const uint32_t count = (uint32_t)__builtin_popcount(seen);
    if (count < CHANNELS_MIN || count > DSM_CHANNELS) {
        return 0;
    }
    return seen == (1u << count) - 1u ? count : 0;
}

/* Channels that this frame has if read so; one that it has twice spoils them all. */
static uint32_t channels_in_frame(enum steps as)
{
    uint32_t seen = 0;
    for (uint32_t n = 0; n < WORDS; n++) {
        const uint32_t word = word_at(n);
        const uint32_t bit = 1u << (channel_of(word, as) & 31u);
        if (word != UNUSED) {
            seen |= (seen & bit) != 0 ? 1u << 31 : bit;
        }
    }
    return seen;
}

static void guess_again(void)
{
    steps = STEPS_UNKNOWN;
    guess_frames = 0;
    seen_1024 = 0;
    seen_2048 = 0;
}

static void guess(void)
{
    seen_1024 |= channels_in_frame(STEPS_1024);
    seen_2048 |= channels_in_frame(STEPS_2048);
    if (++guess_frames < GUESS_FRAMES) {
        return;
    }
    const uint32_t as_1024 = contiguous(seen_1024);
    const uint32_t as_2048 = contiguous(seen_2048);
    guess_again();
    if (as_2048 != 0) {
        steps = STEPS_2048;
        channel_count = as_2048;
    } else if (as_1024 != 0) {
        steps = STEPS_1024;
        channel_count = as_1024;
    }
}

/* 0.583 or 1.166 us a step, to the nearest. */
static uint16_t position_us(uint32_t word)
{
    const uint32_t thousandths =
        steps == STEPS_2048 ? (word & 0x7ffu) * 583u : (word & 0x3ffu) * 1166u;
    return (uint16_t)(OFFSET_US + (thousandths + 500u) / 1000u);
}

static bool decode(struct dsm_channels *channels)
{
    static const uint8_t place[] = {2, 0, 1}; /* throttle, roll, pitch */
    for (uint32_t n = 0; n < WORDS; n++) {
        if (word_at(n) != UNUSED && channel_of(word_at(n), steps) >= channel_count) {
            guess_again();
            return false;
        }
    }
    for (uint32_t n = 0; n < WORDS; n++) {
        const uint32_t word = word_at(n);
        const uint32_t channel = channel_of(word, steps);
        if (word != UNUSED) {
            channels->channel_us[channel < sizeof(place) ? place[channel] : channel] =
                position_us(word);
        }
    }
    channels->count = channel_count;
    channels->bits_11 = steps == STEPS_2048;
    return true;
}

static bool take_frame(uint32_t now_us, struct dsm_channels *channels)
{
    if (now_us - frame_us > LOST_US) {
        guess_again();
    }
    frame_us = now_us;
    if (steps == STEPS_UNKNOWN) {
        guess();
    }
    return steps != STEPS_UNKNOWN && decode(channels);
}

bool dsm_poll(uint32_t now_us, struct dsm_channels *channels)
{
    bool paused, whole = false;
    if (!ring_look(&ring, now_us, PAUSE_US, &paused)) {
        return false;
    }
    if (paused) {
        held = 0;
    }
    for (int octet = ring_take(&ring); octet >= 0; octet = ring_take(&ring)) {
        if (held < FRAME_OCTETS) { /* what follows a whole frame waits for a pause */
            octets[held++] = (uint8_t)octet;
            whole = whole || (held == FRAME_OCTETS && take_frame(now_us, channels));
        }
    }
    return whole;
}
