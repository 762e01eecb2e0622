/*
 * The Cortex-M4's part of rt1176-mu-round-trip: its interrupt sends each word of channel 0 back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "nodes/cortexm.h"
#include "nodes/fmu/board.h"

void mu_entry(void)
{
    uint32_t word;
    if (mu_take(BOARD_MU, 0, &word)) {
        (void)mu_send(BOARD_MU, 0, word);
    }
}

int main(void)
{
    mu_interrupt(BOARD_MU, MU_RECEIVE, 0, true);
    irq_enable(IRQ_MU);
    for (;;) {
        __asm__ volatile("wfi");
    }
}
