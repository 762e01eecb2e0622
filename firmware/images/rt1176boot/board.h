/*
 * What the images of the RT1176's boot share: start-up as boot loaders of that class do it, a
 * console that is written by polling, and the registers they meet (IMXRT1170RM, the chapters
 * named in board.c).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_RT1176BOOT_BOARD_H
#define IMAGES_RT1176BOOT_BOARD_H

#include <stdint.h>

#define BOOT_FLASH       0x30000000u
#define BOOT_APPLICATION 0x30020000u /* behind the boot loader's 128 KiB */
#define BOOT_NOTE        0x00040000u /* where in flash the boot loader leaves a note */
#define BOOT_STAY        0xb007b007u /* in LPGPR3: do not start the application */

enum boot_register {
    BOOT_LPGPR2 = 0x40c90108,
    BOOT_LPGPR3 = 0x40c9010c,
    BOOT_VBUS_DETECT_STATUS = 0x404340d0,
    BOOT_DIFPROG = 0x40c84800,
};

/* Oscillator to 996 MHz, console, milliseconds by SysTick. */
void board_clocks(void);
void board_console(void);
void board_ticks(void);
/* 256 KiB ITCM, 256 KiB OCRAM, no DTCM. */
void board_flexram(void);
/* MPU and both caches on. */
void board_memory(void);

uint32_t board_milliseconds(void);
void board_reset(void) __attribute__((noreturn));
void board_say(const char *text);
void board_say_hex(uint32_t value);

#endif
