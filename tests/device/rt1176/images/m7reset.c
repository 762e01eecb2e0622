/*
 * Resets the M7 alone through SRC: the boot ROM starts it again, from the headers in flash.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

#define SRC_GPR1        REG(0x40c04014u)
#define SRC_CTRL_M7CORE REG(0x40c042a4u)

int main(void)
{
    const uint32_t start = ++SRC_GPR1;

    console_start();
    console_text("start ");
    console_hex(start);
    console_text(" vtor ");
    console_hex(SCB_VTOR);
    console_text("\n");
    console_flush();
    if (start == 1) {
        SCB_VTOR = 0x30000000u;
        SRC_CTRL_M7CORE = 1;
        for (;;) {
        }
    }
    return 0;
}
