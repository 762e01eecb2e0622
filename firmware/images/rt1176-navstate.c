/*
 * rt1176-navstate: the Cortex-M4 writes NavState into shared memory under a sequence lock and rings
 * a doorbell; the Cortex-M7 reads it.  First in a tight loop, while the writer is slow in the
 * middle, and while it writes without a pause; then for ten seconds at 1 kHz, at each doorbell
 * (docs/firmware.md, "Contracts across cores").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "drivers/shared.h"
#include "images/navstate/state.h"
#include "images/report.h"
#include "nodes/cortexm.h"
#include "nodes/fmu/board.h"
#include "nodes/fmu/m4.h"
#include "seam.h"

#define SLOW_STATES   100u
#define FAST_STATES   2000u
#define LOOP_LIMIT_US 150000u
#define STATES        10000u
#define LIMIT_US      11000000u
#define WAIT_US       1000u
#define TRIES         100u /* at a doorbell nothing is being written */

/* Buckets of one count of the stop watch; the last one has what is longer. */
#define BUCKETS 1024u
static uint32_t latency[BUCKETS];

static volatile struct {
    uint32_t states;
    uint32_t refused; /* tries that came in the middle of a write */
    uint32_t torn;    /* states that were taken and are not whole */
    uint32_t missed;  /* numbers that did not come one after the other */
} counts;
static uint32_t last_seq;

/* One try; true: it was taken. */
static bool take(uint32_t words[NAVSTATE_WORDS])
{
    if (!seqlock_read(NAVSTATE, words, NAVSTATE_WORDS)) {
        counts.refused++;
        return false;
    }
    counts.torn += navstate_wrong_words(words) != 0;
    return true;
}

void mu_entry(void)
{
    const uint32_t now = stopwatch();
    uint32_t words[NAVSTATE_WORDS] = {0};

    (void)mu_answer(BOARD_MU, 0);
    shared_refresh(NAVSTATE_RUNG, sizeof(*NAVSTATE_RUNG));
    const uint32_t taken = now - *NAVSTATE_RUNG;
    latency[taken < BUCKETS ? taken : BUCKETS - 1u]++;
    for (uint32_t tries = 1; !take(words) && tries < TRIES; tries++) {
    }
    counts.missed += words[0] != last_seq + 1u;
    last_seq = words[0];
    counts.states++;
}

static void print(const char *what, uint32_t value)
{
    console_text(&report, what);
    console_decimal(&report, value);
}

static void print_counts(const char *title, uint32_t states)
{
    console_text(&report, title);
    print(" states ", states);
    print(" refused ", counts.refused);
    print(" torn ", counts.torn);
    report_end();
}

/* As fast as it can be read, until the last of @count states that are written as @how says. */
static void read_in_a_loop(const char *title, uint32_t count, uint32_t how)
{
    uint32_t words[NAVSTATE_WORDS] = {0};
    const uint32_t first_seq = last_seq;
    uint32_t states = 0;
    const uint32_t began_us = clock_us();

    counts.refused = 0;
    counts.torn = 0;
    mu_put(BOARD_MU, 0, count | how);
    while (last_seq != first_seq + count && clock_us() - began_us < LOOP_LIMIT_US) {
        if (take(words) && words[0] != last_seq) {
            last_seq = words[0];
            states++;
        }
    }
    print_counts(title, states);
}

static uint32_t percentile_ns(uint32_t rank)
{
    uint32_t bucket = 0;

    for (uint32_t below = latency[0]; below < rank && bucket < BUCKETS - 1u;) {
        below += latency[++bucket];
    }
    return bucket * STOPWATCH_NS;
}

static void read_at_the_doorbell(void)
{
    const uint32_t began_us = clock_us();

    counts.refused = 0;
    counts.torn = 0;
    (void)mu_answer(BOARD_MU, 0); /* of the slow writer */
    mu_interrupt(BOARD_MU, MU_DOORBELL, 0, true);
    irq_enable(IRQ_MU);
    mu_put(BOARD_MU, 0, STATES);
    while (counts.states < STATES && clock_us() - began_us < LIMIT_US) {
        wait_until(clock_us() + WAIT_US);
    }
    print_counts("doorbell:", counts.states);
    print("missed ", counts.missed);
    print(" latency ns min ", percentile_ns(1));
    print(" median ", percentile_ns(counts.states / 2u));
    print(" max ", percentile_ns(counts.states));
    report_end();
}

int main(void)
{
    report_start();
    stopwatch_start();
    for (uint32_t i = 0; i < NAVSTATE_WORDS; i++) {
        NAVSTATE->words[i] = 0;
    }
    NAVSTATE->sequence = 0;
    navstate_make(0, (uint32_t *)(uintptr_t)NAVSTATE->words);
    m4_start();
    shared_start();
    read_in_a_loop("slow writer:", SLOW_STATES, REQUEST_SLOWLY);
    read_in_a_loop("fast writer:", FAST_STATES, REQUEST_AT_ONCE);
    read_at_the_doorbell();
    report_sleep();
}
