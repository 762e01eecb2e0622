/*
 * The one line a node prints when it dies.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/fault_text.h"

void fault_text(struct console *console, const char *node, const struct fault *fault)
{
    const struct {
        const char *name;
        uint32_t value;
    } registers[] = {
        {" PC ", fault->pc},     {" LR ", fault->lr},       {" CFSR ", fault->cfsr},
        {" HFSR ", fault->hfsr}, {" MMFAR ", fault->mmfar}, {" BFAR ", fault->bfar},
    };
    console->read = console->written;
    console->line_octets = 0;
    console_text(console, node);
    console_text(console, ": fault: exception ");
    console_decimal(console, fault->exception);
    for (uint32_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
        console_text(console, registers[i].name);
        console_hex(console, registers[i].value);
    }
    console_end_line(console);
}
