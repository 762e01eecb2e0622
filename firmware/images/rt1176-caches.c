/*
 * rt1176-caches: two words of shared memory, one written by each core and read by the other, with
 * the Cortex-M7's data cache on (ARMv7-M B2.2; docs/devices/rt1176-caches.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "drivers/shared.h"
#include "images/caches/words.h"
#include "images/report.h"
#include "nodes/fmu/board.h"
#include "nodes/fmu/m4.h"

static uint32_t ask(uint32_t channel, uint32_t round)
{
    uint32_t answer;
    mu_put(BOARD_MU, channel, round);
    while (!mu_take(BOARD_MU, channel + 1u, &answer)) {
    }
    return answer;
}

static void print(const char *what, uint32_t right)
{
    console_text(&report, what);
    console_decimal(&report, right);
    console_text(&report, " of ");
    console_decimal(&report, ROUNDS);
    report_end();
}

int main(void)
{
    uint32_t seen_here = 0, seen_there = 0;

    report_start();
    *FROM_M4 = 0;
    *FROM_M7 = 0;
    m4_start();
    shared_start();
    (void)*FROM_M4; /* now the line is in the cache */
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        (void)ask(WRITE, round);
        shared_refresh(FROM_M4, sizeof(*FROM_M4));
        seen_here += *FROM_M4 == M4_WORD(round);
        *FROM_M7 = M7_WORD(round);
        shared_publish(FROM_M7, sizeof(*FROM_M7));
        seen_there += ask(READ, round) == M7_WORD(round);
    }
    print("the M7 has seen words of the M4: ", seen_here);
    print("the M4 has seen words of the M7: ", seen_there);
    report_sleep();
}
