/*
 * rt1176-saturate: LPUART6 at 1.5 Mbaud without a pause both ways, by FIFOs and interrupts; counts
 * what comes in and reports on the console.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/fault_text.h"
#include "drivers/lpuart_console.h"
#include "images/saturate.h"
#include "nodes/fmu/board.h"
#include "seam.h"

#define SATURATE_WAIT_US (UINT32_MAX / 4u) /* the wire wakes us long before */

struct saturate saturate;

static struct lpuart link = {.config = BOARD_LINK};
static struct lpuart console_uart = {.config = BOARD_CONSOLE};
static struct console console;
static uint8_t pattern[256]; /* counts up, so one follows the other without a gap */
static void fill_transmitter(void)
{
    if (LPUART_RING_OCTETS - (link.tx_written - link.tx_read) >= sizeof(pattern)) {
        (void)lpuart_send(&link, pattern, sizeof(pattern));
    }
}

static void report(uint32_t now_us)
{
    saturate_report(&saturate, &console, link.counters.framing, link.counters.overrun, now_us);
    lpuart_console_send(&console_uart, &console);
}

int main(void)
{
    lpuart_init(&console_uart);
    lpuart_init(&link);
    for (uint32_t i = 0; i < sizeof(pattern); i++) {
        pattern[i] = (uint8_t)i;
    }
    uint32_t deadline_us = clock_us() + SATURATE_WAIT_US;
    for (;;) {
        fill_transmitter();
        (void)lpuart_service(&link);
        const uint32_t now_us = clock_us();
        for (int octet = lpuart_take(&link); octet >= 0; octet = lpuart_take(&link)) {
            if (saturate_take(&saturate, (uint8_t)octet, now_us)) {
                report(now_us);
                deadline_us = now_us + SATURATE_WAIT_US;
            }
        }
        (void)lpuart_service(&console_uart);
        wait_until(deadline_us);
    }
}

void fault_hook(const struct fault *fault)
{
    fault_text(&console, "rt1176", fault);
    lpuart_console_send_now(&console_uart, &console);
}
