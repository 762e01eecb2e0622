/*
 * rt1176-mu-round-trip: the Cortex-M7 sends a word to the Cortex-M4, whose interrupt sends it back,
 * until the M7's interrupt has it, one after the other: for `make bench`.  Prints how long they
 * took by the cycle counter (ARMv7-M C1.8).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "images/mu/probe.h"
#include "nodes/cortexm.h"
#include "nodes/cortexm_regs.h"
#include "nodes/fmu/board.h"
#include "nodes/fmu/m4.h"
#include "seam.h"

#define LAR_KEY     0xc5acce55u
#define CLOCK_MHZ   996u
#define ROUND_TRIPS 100000u

static volatile uint32_t received, received_at;
static volatile bool answered;

void mu_entry(void)
{
    uint32_t word;
    if (mu_take(BOARD_MU, 0, &word)) {
        received_at = mmio_read32(DWT_CYCCNT);
        received = word;
        answered = true;
    }
}

static void start_counter(void)
{
    mmio_write32(DEMCR, mmio_read32(DEMCR) | DEMCR_TRCENA);
    mmio_write32(DWT_LAR, LAR_KEY);
    mmio_write32(DWT_CTRL, mmio_read32(DWT_CTRL) | DWT_CTRL_CYCCNTENA);
}

/* Clocks from the word's way out to the handler that has it back. */
static uint32_t round_trip(uint32_t word)
{
    answered = false;
    const uint32_t sent_at = mmio_read32(DWT_CYCCNT);
    mu_put(BOARD_MU, 0, word);
    __asm__ volatile("cpsid i" ::: "memory"); /* a pending interrupt still ends WFI */
    while (!answered) {
        __asm__ volatile("dsb\n\twfi\n\tcpsie i\n\tisb\n\tcpsid i" ::: "memory");
    }
    __asm__ volatile("cpsie i" ::: "memory");
    return received == word ? received_at - sent_at : UINT32_MAX;
}

int main(void)
{
    probe_start("mu-round-trip");
    start_counter();
    m4_start();
    mu_interrupt(BOARD_MU, MU_RECEIVE, 0, true);
    irq_enable(IRQ_MU);
    for (;;) {
        uint32_t least = UINT32_MAX, most = 0, sum = 0;
        for (uint32_t i = 0; i < ROUND_TRIPS; i++) {
            const uint32_t clocks = round_trip(i);
            least = clocks < least ? clocks : least;
            most = clocks > most ? clocks : most;
            sum += clocks;
        }
        probe_print("least_ns", least * 1000u / CLOCK_MHZ);
        probe_print("mean_ns", sum / (ROUND_TRIPS / 1000u) / CLOCK_MHZ);
        probe_print("most_ns", most * 1000u / CLOCK_MHZ);
    }
}
