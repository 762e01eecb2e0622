/*
 * PPM decoder: a gap of at least SYNC_US begins a frame, the distances of the edges after it are
 * the channels, the next gap ends it.  A distance that is no channel, or an edge that was lost
 * (CC1OF), drops the frame.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/px4io/ppm.h"

#include "images/px4io/px4io.h"

#define PIN            8u /* of port A */
#define SYNC_US        2500u
#define CHANNEL_US_MIN 700u
#define CHANNELS_MIN   5u
#define CHANNELS_MAX   18u

static uint16_t last_count;
static uint16_t decoding_us[CHANNELS_MAX], frame_us[CHANNELS_MAX];
static uint32_t decoded, frame_channels;
static bool in_step;

void ppm_start(void)
{
    pin_mode(GPIOA, PIN, GPIO_INPUT_FLOATING);
}

static void end_frame(void)
{
    if (in_step && decoded >= CHANNELS_MIN) {
        for (uint32_t i = 0; i < decoded; i++) {
            frame_us[i] = decoding_us[i];
        }
        frame_channels = decoded;
    }
    decoded = 0;
    in_step = true;
}

void ppm_edge(uint16_t count, bool lost)
{
    const uint16_t distance_us = (uint16_t)(count - last_count);
    last_count = count;
    if (lost) {
        in_step = false;
    } else if (distance_us >= SYNC_US) {
        end_frame();
    } else if (distance_us < CHANNEL_US_MIN || decoded == CHANNELS_MAX) {
        in_step = false;
    } else {
        decoding_us[decoded++] = distance_us;
    }
    if (!in_step) {
        decoded = 0;
    }
}

uint32_t ppm_take(uint16_t *channel_us, uint32_t max)
{
    const uint32_t state = irq_save();
    const uint32_t channels = frame_channels < max ? frame_channels : max;
    for (uint32_t i = 0; i < channels; i++) {
        channel_us[i] = frame_us[i];
    }
    frame_channels = 0;
    irq_restore(state);
    return channels;
}
