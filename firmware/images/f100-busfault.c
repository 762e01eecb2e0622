/*
 * f100-busfault: reads the first address behind SRAM, which no memory answers: a BusFault, taken
 * as HardFault (ARMv7-M B1.5.8), with BFAR = 0x20002000.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "images/say.h"
#include "seam.h"

#define BEHIND_SRAM 0x20002000u

int main(void)
{
    say_start();
    (void)mmio_read32(BEHIND_SRAM);
    say_line("no fault");
    sleep_for_good();
}
