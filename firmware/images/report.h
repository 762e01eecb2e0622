/*
 * Lines of text on LPUART1 from either core of the RT1176, for small images: polled.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_REPORT_H
#define IMAGES_REPORT_H

#include "drivers/console.h"

/* "m7" or "m4": the core that this is compiled for. */
extern const char report_core[];

/* Console on; the Cortex-M7 does it for both. */
void report_start(void);

/* The line that is being built; report_end() sends it. */
extern struct console report;
void report_end(void);

/* One line: the core's name, then @text. */
void report_line(const char *text);

_Noreturn void report_sleep(void);

#endif
