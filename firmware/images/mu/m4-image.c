/*
 * The Cortex-M4's part of rt1176-cm4-image: says by the messaging unit whether its start-up code
 * has copied .data and cleared .bss, and that its stack holds what is put there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "nodes/fmu/board.h"

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
    mu_put(BOARD_MU, 0, initialised);
    mu_put(BOARD_MU, 1, cleared);
    mu_put(BOARD_MU, 2, sum_of_squares());
    initialised = 0; /* the next start has to bring it back */
    for (;;) {
        uint32_t word;
        if (mu_take(BOARD_MU, 3, &word)) {
            mu_put(BOARD_MU, 3, word + 1u);
        }
    }
}
