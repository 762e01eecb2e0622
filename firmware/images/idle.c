/*
 * f100-idle, rt1176-idle: sleeps, woken every millisecond: what an idle node costs the emulator.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "seam.h"

#define TICK_US 1000u

uint32_t idle_ticks;

int main(void)
{
    uint32_t tick_us = clock_us();
    for (;;) {
        wait_until(tick_us + TICK_US);
        if (clock_us() - tick_us >= TICK_US) {
            tick_us += TICK_US;
            idle_ticks++;
        }
    }
}
