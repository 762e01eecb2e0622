/*
 * rt1176-caches on the Cortex-M4: writes and reads when it is asked to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "drivers/shared.h"
#include "images/caches/words.h"
#include "nodes/fmu/board.h"

int main(void)
{
    for (;;) {
        uint32_t round;
        if (mu_take(BOARD_MU, WRITE, &round)) {
            *FROM_M4 = M4_WORD(round);
            shared_publish(FROM_M4, sizeof(*FROM_M4));
            mu_put(BOARD_MU, WRITTEN, round);
        }
        if (mu_take(BOARD_MU, READ, &round)) {
            shared_refresh(FROM_M7, sizeof(*FROM_M7));
            mu_put(BOARD_MU, SEEN, *FROM_M7);
        }
    }
}
