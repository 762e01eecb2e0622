/*
 * The Cortex-M4's part of the probes of the messaging unit that poll: it greets on channel 0,
 * answers doorbell 0 with a word on channel 1, and sends back each word of channel 3 plus one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "images/mu/probe.h"
#include "nodes/fmu/board.h"

int main(void)
{
    mu_put(BOARD_MU, 0, PROBE_GREETING);
    for (;;) {
        uint32_t word;
        if (mu_answer(BOARD_MU, 0)) {
            mu_put(BOARD_MU, 1, PROBE_RUNG);
        }
        if (mu_take(BOARD_MU, 3, &word)) {
            mu_put(BOARD_MU, 3, word + 1u);
        }
    }
}
