/*
 * S.BUS: 16 channels of 11 bits and two switches in frames of 25 octets, on USART3.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_PX4IO_SBUS_H
#define IMAGES_PX4IO_SBUS_H

#include <stdbool.h>
#include <stdint.h>

#define SBUS_CHANNELS 18u

struct sbus_frame {
    uint16_t channel_us[SBUS_CHANNELS]; /* the last two are the switches */
    bool lost;                          /* the receiver has lost a frame */
    bool failsafe;                      /* the receiver has lost its sender */
};

void sbus_start(void);

/* Look at what has come, every millisecond or so; true: @frame is a new one. */
bool sbus_poll(uint32_t now_us, struct sbus_frame *frame);

/* Drive the connector, or leave it to the receiver. */
void sbus_output(bool on);

/* Send a frame of these pulses, the rest at raw 0; nothing if the last one was too short ago. */
void sbus_send(uint32_t now_us, const uint16_t *pulse_us, uint32_t count);

#endif
