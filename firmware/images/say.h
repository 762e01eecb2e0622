/*
 * The console of the small images on the STM32F100: polled, through the thin driver.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_SAY_H
#define IMAGES_SAY_H

#include "drivers/console.h"

/* Pins and console on; then "gust-uart-thin". */
void say_start(void);

/* Send the lines that have been ended in @console; waits for the transmitter. */
void say(struct console *console);

/* One line of text. */
void say_line(const char *line);

/* Sleep for ever. */
_Noreturn void sleep_for_good(void);

#endif
