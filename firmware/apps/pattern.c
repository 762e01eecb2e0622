/*
 * The FMU's test pattern.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apps/pattern.h"

#define COMMANDS_PER_STEP 40u
#define STEPS_UP          20u
#define STEP_US           10u
#define FIRST_US          1100u
#define CHANNEL_US        100u

uint16_t pattern_pulse_us(uint32_t command, uint32_t channel)
{
    const uint32_t step = command / COMMANDS_PER_STEP % (2u * STEPS_UP);
    const uint32_t height = step <= STEPS_UP ? step : 2u * STEPS_UP - step;
    return (uint16_t)(FIRST_US + CHANNEL_US * channel + STEP_US * height);
}
