/*
 * PPM: the channels of a receiver as the distances of pulses, captured by TIM1 channel 1 on PA8.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_PX4IO_PPM_H
#define IMAGES_PX4IO_PPM_H

#include <stdbool.h>
#include <stdint.h>

void ppm_start(void);

/* In the interrupt: an edge at @count of TIM1; @lost: another one before it was not seen. */
void ppm_edge(uint16_t count, bool lost);

/* Copy the channels of a new frame, up to @max; how many there are, or 0: no new frame. */
uint32_t ppm_take(uint16_t *channel_us, uint32_t max);

#endif
