/*
 * rt1176-cm4-boot: starts the Cortex-M4 and speaks to it, in the steps of the probe
 * "cm4_boot_test" (robots/silicon/rt1176-mu.txt).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "images/mu/probe.h"
#include "nodes/cortexm.h"
#include "nodes/fmu/board.h"
#include "nodes/fmu/m4.h"
#include "seam.h"

#define ECHO_LIMIT_US 1000u

static volatile uint32_t echo, interrupts;

void mu_entry(void)
{
    uint32_t word;
    if (mu_take(BOARD_MU, 3, &word)) {
        echo = word;
        interrupts++;
    }
}

static void print_echo(void)
{
    mu_interrupt(BOARD_MU, MU_RECEIVE, 3, true);
    irq_enable(IRQ_MU);
    mu_put(BOARD_MU, 3, 0x12345678u);
    const uint32_t began_us = clock_us();
    while (interrupts == 0 && clock_us() - began_us < ECHO_LIMIT_US) {
    }
    probe_print("echo", echo);
    probe_print("irqcnt", interrupts);
    mu_interrupt(BOARD_MU, MU_RECEIVE, 3, false);
}

int main(void)
{
    probe_start("CM4BOOT-GATE v1");
    m4_start();
    probe_print("boot", !m4_is_held());
    probe_print("run", !m4_is_held());
    probe_print_message("hello", 0);
    mu_ring(BOARD_MU, 0);
    probe_print("gir", mu_ringing(BOARD_MU, 0));
    probe_print_message("dbell", 1);
    probe_print("giraft", mu_ringing(BOARD_MU, 0));
    print_echo();
    probe_print("run2", !m4_is_held());
    m4_reset();
    probe_print_message("hello2", 0);
    probe_end("CM4BOOT-DONE");
}
