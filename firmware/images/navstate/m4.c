/*
 * rt1176-navstate on the Cortex-M4: writes a NavState every millisecond and rings doorbell 0.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "drivers/shared.h"
#include "images/navstate/state.h"
#include "nodes/fmu/board.h"
#include "seam.h"

#define PERIOD_US    1000u
#define PAUSE_US     50u
#define MIDDLE_WORDS 9u
#define PHASES       101u

static uint32_t seq;

static void sleep_until(uint32_t deadline_us)
{
    while (deadline_us - clock_us() - 1u < UINT32_MAX / 2u) {
        wait_until(deadline_us);
    }
}

/* As seqlock_write(), but slow in the middle. */
static void write_slowly(const uint32_t words[NAVSTATE_WORDS])
{
    seqlock_write_begin(NAVSTATE);
    for (uint32_t i = 0; i < NAVSTATE_WORDS; i++) {
        if (i == MIDDLE_WORDS) {
            sleep_until(clock_us() + PAUSE_US);
        }
        NAVSTATE->words[i] = words[i];
    }
    seqlock_write_end(NAVSTATE, NAVSTATE_WORDS);
}

/* Writes and doorbells come at any time of the millisecond, not always as long after the timer. */
static void wait_a_little(void)
{
    for (volatile uint32_t i = seq % PHASES; i > 0; i--) {
    }
}

static void ring(void)
{
    *NAVSTATE_RUNG = stopwatch();
    shared_publish(NAVSTATE_RUNG, sizeof(*NAVSTATE_RUNG));
    mu_ring(BOARD_MU, 0);
}

static void serve(uint32_t request)
{
    uint32_t due_us = clock_us();

    for (uint32_t count = request & REQUEST_COUNT; count > 0; count--) {
        uint32_t words[NAVSTATE_WORDS];

        if ((request & REQUEST_AT_ONCE) == 0) {
            due_us += PERIOD_US;
            sleep_until(due_us);
            wait_a_little();
        }
        navstate_make(++seq, words);
        if ((request & REQUEST_SLOWLY) != 0) {
            write_slowly(words);
        } else {
            seqlock_write(NAVSTATE, words, NAVSTATE_WORDS);
        }
        if ((request & REQUEST_AT_ONCE) == 0) {
            wait_a_little();
            ring();
        }
    }
}

int main(void)
{
    shared_start();
    for (;;) {
        uint32_t request;
        if (mu_take(BOARD_MU, 0, &request)) {
            serve(request);
        }
    }
}
