/*
 * The Cortex-M4's part of the probes of the messaging unit that poll: it greets on channel 0,
 * answers doorbell 0 with a word on channel 1, and sends back each word of channel 3 plus one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "images/mu/probe.h"
#include "nodes/fmu/board.h"
#include "seam.h"

int main(void)
{
    probe_send(0, PROBE_GREETING);
    for (;;) {
        uint32_t word;
        if (mu_answer(BOARD_MU, 0)) {
            probe_send(1, PROBE_RUNG);
        }
        if (mu_take(BOARD_MU, 3, &word)) {
            probe_send(3, word + 1u);
        }
    }
}

/* Nothing to say it with. */
void fault_hook(const struct fault *fault)
{
    (void)fault;
}
