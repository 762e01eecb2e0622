/*
 * A console on an LPUART; see lpuart_console.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/lpuart_console.h"

void lpuart_console_send(struct lpuart *lpuart, struct console *console)
{
    uint8_t lines[CONSOLE_OCTETS];
    uint32_t octets = 0;
    for (int octet = console_take(console); octet >= 0; octet = console_take(console)) {
        lines[octets++] = (uint8_t)octet;
    }
    (void)lpuart_send(lpuart, lines, octets);
}

void lpuart_console_send_now(const struct lpuart *lpuart, struct console *console)
{
    for (int octet = console_take(console); octet >= 0; octet = console_take(console)) {
        lpuart_send_now(lpuart, (uint8_t)octet);
    }
}
