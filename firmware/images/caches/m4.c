/*
 * rt1176-caches on the Cortex-M4: writes and reads when it is asked to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "drivers/shared.h"
#include "images/caches/words.h"
#include "nodes/fmu/board.h"

static void answer(uint32_t channel, uint32_t word)
{
    while (!mu_send(BOARD_MU, channel, word)) {
    }
}

int main(void)
{
    for (;;) {
        uint32_t round;
        if (mu_take(BOARD_MU, WRITE, &round)) {
            *FROM_M4 = M4_WORD(round);
            shared_publish(FROM_M4, sizeof(*FROM_M4));
            answer(WRITTEN, round);
        }
        if (mu_take(BOARD_MU, READ, &round)) {
            shared_refresh(FROM_M7, sizeof(*FROM_M7));
            answer(SEEN, *FROM_M7);
        }
    }
}
