/*
 * rt1176-cm4-image: starts a Cortex-M4 image with variables and a stack, twice, in the steps of the
 * probe "cm4_image_test" (robots/silicon/rt1176-mu.txt).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "images/mu/probe.h"
#include "nodes/fmu/board.h"
#include "nodes/fmu/m4.h"

int main(void)
{
    probe_start("CM4IMG-GATE v1");
    m4_start();
    probe_print("boot", !m4_is_held());
    probe_print("run", !m4_is_held());
    probe_print_message("data", 0);
    probe_print_message("bss", 1);
    probe_print_message("stack", 2);
    mu_put(BOARD_MU, 3, 0x12345678u);
    probe_print_message("echo", 3);
    m4_reset();
    probe_print_message("data2", 0);
    probe_print_message("bss2", 1);
    probe_print_message("stack2", 2);
    probe_end("CM4IMG-DONE");
}
