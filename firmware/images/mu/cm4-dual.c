/*
 * rt1176-cm4-dual: each core drives a pin, and the Cortex-M4 computes for the Cortex-M7, in the
 * steps of the probe "cm4_dual_test" (robots/silicon/rt1176-mu.txt).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "images/mu/pins.h"
#include "images/mu/probe.h"
#include "nodes/fmu/board.h"
#include "nodes/fmu/m4.h"
#include "seam.h"

int main(void)
{
    probe_start("CM4DUAL-GATE v1");
    m4_start();
    mmio_write32(PAD_GPIO_AD_04, MUX_GPIO);
    blink(GPIO3, GPIO3_LED);
    probe_print("cm7led", (mmio_read32(GPIO3 + GPIO_DR) & GPIO3_LED) != 0);
    probe_print_message("cm4gpio", 0);
    probe_print("cm7sees", mmio_read32(GPIO5 + GPIO_DR) & GPIO5_PIN);
    mu_put(BOARD_MU, 3, 0x10u);
    probe_print_message("ipc", 3);
    probe_end("CM4DUAL-DONE");
}
