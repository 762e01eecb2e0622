/*
 * DSM: 7 channels in frames of 16 octets from a Spektrum remote receiver, on USART1.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_PX4IO_DSM_H
#define IMAGES_PX4IO_DSM_H

#include <stdbool.h>
#include <stdint.h>

#define DSM_CHANNELS 12u

struct dsm_channels {
    uint16_t channel_us[DSM_CHANNELS]; /* roll, pitch, throttle, yaw, then as the sender has them */
    uint32_t count;
    bool bits_11; /* positions of 2048 steps, else of 1024 */
};

void dsm_start(void);

/* Look at what has come, every millisecond or so; true: a frame has changed @channels. */
bool dsm_poll(uint32_t now_us, struct dsm_channels *channels);

#endif
