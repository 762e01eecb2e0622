/*
 * Lines of text on LPUART1 from either core of the RT1176.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/report.h"

#include "drivers/fault_text.h"
#include "nodes/fmu/board.h"
#include "seam.h"

#ifdef PART_RT1176_M4
const char report_core[] = "m4";
#else
const char report_core[] = "m7";
#endif

struct console report;
/* 1.5 Mbaud: both cores have much to say, and wait for it. */
static struct lpuart uart = {
    .config = {.base = 0x4007c000u, .irq = 20u, .oversampling = 16, .divisor = 1}};

void report_start(void)
{
    lpuart_init(&uart);
}

static void send(void)
{
    for (int octet = console_take(&report); octet >= 0; octet = console_take(&report)) {
        lpuart_send_now(&uart, (uint8_t)octet);
    }
}

void report_end(void)
{
    console_end_line(&report);
    send();
}

void report_line(const char *text)
{
    console_text(&report, report_core);
    console_text(&report, " ");
    console_text(&report, text);
    report_end();
}

_Noreturn void report_sleep(void)
{
    for (;;) {
        __asm__ volatile("wfi");
    }
}

void fault_hook(const struct fault *fault)
{
    fault_text(&report, report_core, fault);
    send();
}
