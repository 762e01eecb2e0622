/*
 * Eight servo outputs on TIM2, TIM4 and TIM3.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_PX4IO_SERVOS_H
#define IMAGES_PX4IO_SERVOS_H

#include <stdint.h>

#define SERVOS       8u
#define SERVO_GROUPS 3u

void servos_start(uint32_t rate_hz);

/* Outputs that share a timer, and so their rate, as a bit mask; @group of SERVO_GROUPS. */
uint32_t servos_group(uint32_t group);
void servos_set_rate(uint32_t group, uint32_t rate_hz);

/* From the next period on; 0: no pulse. */
void servos_set(uint32_t servo, uint16_t pulse_us);

#endif
