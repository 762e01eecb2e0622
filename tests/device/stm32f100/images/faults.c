/*
 * Reads and writes at the ends of the memories and where nothing is; accesses
 * that the flash interface and the CRC unit refuse.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image.h"

#define FLASH_KEYR REG(0x40022004u)
#define FLASH_SR   REG(0x4002200cu)
#define FLASH_CR   REG(0x40022010u)
#define BLANK      0x08010000u

static void memories(void)
{
    console_text("memories\n");
    (void)REG(0x20001ffcu); /* last word of SRAM: no fault */
    (void)REG(0x20002000u);
    REG(0x20002000u) = 0;
    (void)REG8(0x20002001u);
    (void)REG(0x0801fffcu); /* last word of flash: no fault */
    (void)REG(0x08020000u);
    (void)REG(0x0001fffcu); /* and of its alias */
    (void)REG(0x00020000u);
    (void)REG(0x1fffeffcu); /* before system memory */
    (void)REG(0x1ffff810u); /* behind the option bytes */
    (void)REG(0x40000c00u); /* TIM5, which the part lacks */
    (void)REG(0x60000000u); /* external memory, which the part lacks */
}

static void flash(void)
{
    console_text("flash\n");
    REG16(BLANK) = 0; /* PG is not set */
    FLASH_KEYR = 0x45670123u;
    FLASH_KEYR = 0xcdef89abu;
    FLASH_CR = 1; /* PG */
    REG(BLANK) = 0;
    REG8(BLANK) = 0;
    REG16(BLANK) = 0x1234; /* no fault */
    while (FLASH_SR & 1) {
    }
    console_value("programmed", REG(BLANK));
    FLASH_CR = 1u << 7; /* LOCK */
    FLASH_KEYR = 0x12345678u;
}

int main(void)
{
    memories();
    flash();
    console_text("CRC\n");
    REG(0x40021014u) |= 1u << 6;
    REG8(0x40023000u) = 0;
    (void)REG16(0x40023000u);
    return 0;
}
