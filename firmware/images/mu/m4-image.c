/*
 * The Cortex-M4's part of rt1176-cm4-image: says by the messaging unit whether its start-up code
 * has copied .data and cleared .bss, and that its stack holds what is put there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "images/mu/probe.h"
#include "nodes/fmu/board.h"
#include "seam.h"

#define SQUARES 8u

static volatile uint32_t initialised = 0xda7a0001u;
static volatile uint32_t cleared;

static uint32_t sum_of_squares(void)
{
    volatile uint32_t squares[SQUARES];
    uint32_t sum = 0;
    for (uint32_t i = 0; i < SQUARES; i++) {
        squares[i] = i * i;
    }
    for (uint32_t i = 0; i < SQUARES; i++) {
        sum += squares[i];
    }
    return sum;
}

int main(void)
{
    cleared += 0xb55u;
    probe_send(0, initialised);
    probe_send(1, cleared);
    probe_send(2, sum_of_squares());
    initialised = 0; /* the next start has to bring it back */
    for (;;) {
        uint32_t word;
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
