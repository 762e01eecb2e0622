/*
 * Text for a person: a ring that a UART's driver empties at its own pace.  Writing never waits;
 * what does not fit is dropped as a whole line and counted.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_CONSOLE_H
#define DRIVERS_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

#define CONSOLE_OCTETS 256u /* power of two */

struct console {
    uint32_t written; /* octets ever; the line that is being built is beyond */
    uint32_t read;
    uint32_t line_octets;
    uint32_t lines_dropped;
    char octets[CONSOLE_OCTETS];
};

/* Append to the line. */
void console_text(struct console *console, const char *text);
void console_decimal(struct console *console, uint32_t value);
void console_hex(struct console *console, uint32_t value);

/* End the line: now it may be sent, or it is dropped if it did not fit. */
void console_end_line(struct console *console);

/* The next octet to be sent, or -1. */
int console_take(struct console *console);

#endif
