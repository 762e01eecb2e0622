/*
 * rt1176-cm4-intr: asks the Cortex-M4 for its counters and lets it answer by its interrupt, in the
 * steps of the probe "cm4_intr_test" (robots/silicon/rt1176-mu.txt).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "images/mu/probe.h"
#include "nodes/fmu/board.h"
#include "nodes/fmu/m4.h"
#include "seam.h"

#define COUNTING_US 11000u

int main(void)
{
    probe_start("CM4INTR-GATE v1");
    m4_start();
    const uint32_t began_us = clock_us();
    probe_print("boot", !m4_is_held());
    probe_print("run", !m4_is_held());
    probe_print_message("dwt", 0);
    while (clock_us() - began_us < COUNTING_US) {
    }
    probe_print_message("systick", 1);
    mu_put(BOARD_MU, 3, 0xabcd0000u);
    probe_print_message("irqecho", 3);
    probe_end("CM4INTR-DONE");
}
