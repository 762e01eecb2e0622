/*
 * Text for a person, through a ring.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/console.h"

static void put(struct console *console, char octet)
{
    const uint32_t end = console->written + console->line_octets;
    if (end - console->read < CONSOLE_OCTETS) {
        console->octets[end % CONSOLE_OCTETS] = octet;
    }
    console->line_octets++; /* beyond the ring, too: that is how the end knows */
}

void console_text(struct console *console, const char *text)
{
    for (; *text != '\0'; text++) {
        put(console, *text);
    }
}

void console_decimal(struct console *console, uint32_t value)
{
    char digits[10];
    uint32_t count = 0;
    do {
        digits[count++] = (char)('0' + value % 10u);
        value /= 10u;
    } while (value != 0);
    while (count > 0) {
        put(console, digits[--count]);
    }
}

void console_hex(struct console *console, uint32_t value)
{
    console_text(console, "0x");
    for (uint32_t shift = 32u; shift > 0;) {
        shift -= 4u;
        put(console, "0123456789abcdef"[value >> shift & 0xfu]);
    }
}

void console_end_line(struct console *console)
{
    console_text(console, "\r\n");
    if (console->written + console->line_octets - console->read <= CONSOLE_OCTETS) {
        console->written += console->line_octets;
    } else {
        console->lines_dropped++;
    }
    console->line_octets = 0;
}

int console_take(struct console *console)
{
    if (console->read == console->written) {
        return -1;
    }
    return (unsigned char)console->octets[console->read++ % CONSOLE_OCTETS];
}
