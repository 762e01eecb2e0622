/*
 * The Cortex-M4's part of rt1176-cm4-dual: drives pin 12 of GPIO5 and answers words by an
 * interrupt (IMXRT1170RM, chapters "GPIO", "Messaging Unit").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "images/mu/pins.h"
#include "nodes/cortexm.h"
#include "nodes/fmu/board.h"
#include "seam.h"

void mu_entry(void)
{
    uint32_t word;
    if (mu_take(BOARD_MU, 3, &word)) {
        mu_put(BOARD_MU, 3, word * 3u + 7u);
    }
}

int main(void)
{
    mmio_write32(PAD_GPIO_DISP_B2_11, MUX_GPIO);
    blink(GPIO5, GPIO5_PIN);
    mu_interrupt(BOARD_MU, MU_RECEIVE, 3, true);
    irq_enable(IRQ_MU);
    mu_put(BOARD_MU, 0, mmio_read32(GPIO5 + GPIO_DR) & GPIO5_PIN);
    for (;;) {
        __asm__ volatile("wfi");
    }
}
