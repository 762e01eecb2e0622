/*
 * The Cortex-M4's part of rt1176-cm4-intr: its cycle counter, SysTick, and interrupt of the
 * messaging unit (ARMv7-M C1.8, B3.3).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "nodes/cortexm.h"
#include "nodes/cortexm_regs.h"
#include "nodes/fmu/board.h"
#include "seam.h"

#define TICK_CLOCKS 1000u
/* So many ticks the part had counted when it was asked; both counters have the core's clock. */
#define TICKS 4307u

static volatile uint32_t ticks;

void systick_entry(void)
{
    ticks++;
}

void mu_entry(void)
{
    uint32_t word;
    if (mu_take(BOARD_MU, 3, &word)) {
        mu_put(BOARD_MU, 3, word + 1u);
    }
}

static void start_counters(void)
{
    mmio_write32(DEMCR, mmio_read32(DEMCR) | DEMCR_TRCENA);
    mmio_write32(DWT_CYCCNT, 0);
    mmio_write32(DWT_CTRL, mmio_read32(DWT_CTRL) | DWT_CTRL_CYCCNTENA);
    mmio_write32(SYST_RVR, TICK_CLOCKS - 1u);
    mmio_write32(SYST_CVR, 0);
    mmio_write32(SYST_CSR, SYST_CSR_ENABLE | SYST_CSR_TICKINT | SYST_CSR_CLKSOURCE);
}

int main(void)
{
    start_counters();
    mu_interrupt(BOARD_MU, MU_RECEIVE, 3, true);
    irq_enable(IRQ_MU);
    const uint32_t before = mmio_read32(DWT_CYCCNT);
    for (volatile uint32_t i = 0; i < 20u; i++) {
    }
    mu_put(BOARD_MU, 0, 0xd00d0000u + (mmio_read32(DWT_CYCCNT) != before));
    while (mmio_read32(DWT_CYCCNT) < TICKS * TICK_CLOCKS + TICK_CLOCKS / 2u) {
    }
    mu_put(BOARD_MU, 1, ticks);
    for (;;) {
        __asm__ volatile("wfi");
    }
}
