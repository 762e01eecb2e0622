/*
 * Asks for a reset with SYSRESETREQ until SRC GPR1, which survives, has counted
 * three starts; tells what SRSR says each time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

#define SRC_GPR1 REG(0x40c04014u)

int main(void)
{
    console_start();
    console_text("start ");
    console_hex(++SRC_GPR1);
    console_text(" cause ");
    console_hex(SRC_SRSR);
    console_text("\n");
    SRC_SRSR = SRC_SRSR;
    if (SRC_GPR1 < 3) {
        console_flush();
        SCB_AIRCR = AIRCR_SYSRESETREQ;
        for (;;) {
        }
    }
    /* stays here: the test looks at the wire when virtual time has passed */
    for (;;) {
        __asm__ volatile("wfi");
    }
}
