/*
 * What the probes of the messaging unit share: console and messages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/mu/probe.h"

#include "drivers/fault_text.h"
#include "drivers/lpuart_console.h"
#include "drivers/mu.h"
#include "nodes/fmu/board.h"
#include "seam.h"

#define MESSAGE_LIMIT_US 1000u

static struct lpuart console_uart = {.config = BOARD_CONSOLE};

static void put(char character)
{
    lpuart_send_now(&console_uart, (uint8_t)character);
}

static void text(const char *characters)
{
    for (; *characters != '\0'; characters++) {
        put(*characters);
    }
}

void probe_start(const char *title)
{
    lpuart_init(&console_uart);
    text(title);
    text("\r\n");
}

void probe_print(const char *name, uint32_t value)
{
    text(name);
    put('=');
    for (uint32_t shift = 32u; shift > 0;) {
        shift -= 4u;
        put("0123456789ABCDEF"[value >> shift & 0xfu]);
    }
    text("\r\n");
}

void probe_print_message(const char *name, uint32_t channel)
{
    const uint32_t began_us = clock_us();
    uint32_t word;
    while (!mu_take(BOARD_MU, channel, &word)) {
        if (clock_us() - began_us > MESSAGE_LIMIT_US) {
            text(name);
            text("=TIMEOUT\r\n");
            return;
        }
    }
    probe_print(name, word);
}

_Noreturn void probe_end(const char *line)
{
    text(line);
    text("\r\n");
    for (;;) {
        __asm__ volatile("wfi");
    }
}

void fault_hook(const struct fault *fault)
{
    static struct console console;
    fault_text(&console, "probe", fault);
    lpuart_console_send_now(&console_uart, &console);
}
