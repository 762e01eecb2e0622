/*
 * What software finds out about the core and the memories.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image.h"

#define SRAM_TEST 0x20001000u /* not used by the image */

/* Where the core fetches its vectors: flash again. */
static volatile uint32_t boot_alias = 0x00000000u;

int main(void)
{
    console_value("sram", REG(0x20001ffcu));
    console_value("cpuid", REG(0xe000ed00u));
    console_value("mpu", REG(0xe000ed90u));
    console_value("idcode", REG(0xe0042000u));
    console_value("vtor", REG(0xe000ed08u));
    console_value("alias", REG(boot_alias + 4) == REG(0x08000004u));
    /* bit band: bit 5 of a word in SRAM, and of GPIOA's ODR */
    REG(SRAM_TEST) = 0;
    REG(0x22000000u + (SRAM_TEST - 0x20000000u) * 32 + 5 * 4) = 1;
    console_value("band", REG(SRAM_TEST));
    REG(0x42000000u + 0x1080cu * 32 + 5 * 4) = 1;
    console_value("band", REG(0x4001080cu));
    console_value("flags", REG(0x40021024u));
    return 0;
}
