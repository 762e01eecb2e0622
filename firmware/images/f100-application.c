/*
 * f100-application: linked for 0x08001000, behind a boot loader.  It says where its vector table
 * is, and that an interrupt has come through it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/console.h"
#include "images/say.h"
#include "seam.h"

#define SCB_VTOR 0xe000ed08u
#define TICK_US  1000u

static struct console lines;

int main(void)
{
    const uint32_t start_us = clock_us();

    say_start();
    console_text(&lines, "application: vector table ");
    console_hex(&lines, mmio_read32(SCB_VTOR));
    console_end_line(&lines);
    say(&lines);
    while (clock_us() - start_us < 10u * TICK_US) {
        wait_until(start_us + 10u * TICK_US);
    }
    say_line("application: interrupted");
    sleep_for_good();
}
