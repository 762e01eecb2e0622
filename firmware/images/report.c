/*
 * Lines of text on LPUART1 from either core of the RT1176.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/report.h"

#include "drivers/fault_text.h"
#include "drivers/lpuart_console.h"
#include "nodes/fmu/rt1176_map.h"
#include "seam.h"

#ifdef PART_RT1176_M4
const char report_core[] = "m4";
#else
const char report_core[] = "m7";
#endif

struct console report;
/* 1.5 Mbaud: both cores have much to say, and wait for it. */
static struct lpuart uart = {
    .config = {.base = LPUART1, .irq = IRQ_LPUART1, .oversampling = 16, .divisor = 1}};

void report_start(void)
{
    lpuart_init(&uart);
}

void report_end(void)
{
    console_end_line(&report);
    lpuart_console_send_now(&uart, &report);
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
    lpuart_console_send_now(&uart, &report);
}
