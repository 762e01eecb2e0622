/*
 * A console on an LPUART.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_LPUART_CONSOLE_H
#define DRIVERS_LPUART_CONSOLE_H

#include "drivers/console.h"
#include "drivers/lpuart.h"

/* Queue what has been written; when the LPUART's ring has no room for it, it counts a drop. */
void lpuart_console_send(struct lpuart *lpuart, struct console *console);

/* Send it at once, waiting for the transmitter. */
void lpuart_console_send_now(const struct lpuart *lpuart, struct console *console);

#endif
