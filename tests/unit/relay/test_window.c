/*
 * The replay window, against vectors and exhaustively on small neighbourhoods.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kat.h"
#include "relay/replay.h"
#include "test_relay.h"

static bool accepted(enum replay_verdict verdict)
{
    return verdict == REPLAY_FRESH || verdict == REPLAY_REORDERED;
}

static void replay_known_verdicts(void)
{
    static const char *const names[] = {
        [REPLAY_FRESH] = "Fresh",
        [REPLAY_REORDERED] = "Reordered",
        [REPLAY_REPEATED] = "Replay",
        [REPLAY_TOO_OLD] = "TooOld",
    };
    struct kat kat;
    char number[32] = "none";
    struct replay_window window = {0};
    kat_open(&kat, "replay.kat");
    while (kat_next(&kat)) {
        if (strcmp(kat_text(&kat, "Window"), number) != 0) {
            strcpy(number, kat_text(&kat, "Window"));
            window = (struct replay_window){0};
        }
        const uint64_t counter = kat_integer(&kat, "Counter");
        CU_ASSERT_STRING_EQUAL(names[replay_judge(window, counter)], kat_text(&kat, "Verdict"));
        window = replay_advance(window, counter);
    }
}

/* A window with @highest and any bits that such a window can have. */
static struct replay_window some_window(uint64_t highest)
{
    struct replay_window window = {.highest = highest, .seen = test_random() | 1u};
    if (highest < 64) {
        window.seen &= ((uint64_t)1 << highest) - 1u;
    }
    return window;
}

static const uint64_t frontiers[] = {
    1,
    2,
    62,
    63,
    64,
    65,
    127,
    128,
    1000,
    UINT32_MAX,
    (uint64_t)UINT32_MAX + 64,
    UINT64_MAX - 64,
    UINT64_MAX - 1,
    UINT64_MAX,
};

/* Call @check for windows with every frontier above and every counter within 130 of it. */
static void for_each(void (*check)(struct replay_window window, uint64_t counter))
{
    check((struct replay_window){0}, 0);
    check((struct replay_window){0}, 1);
    check((struct replay_window){0}, UINT64_MAX);
    for (size_t i = 0; i < sizeof(frontiers) / sizeof(frontiers[0]); i++) {
        for (uint64_t offset = 0; offset <= 260; offset++) {
            check(some_window(frontiers[i]), frontiers[i] + offset - 130);
        }
        check(some_window(frontiers[i]), 0);
        check(some_window(frontiers[i]), test_random());
    }
}

static void check_k01(struct replay_window window, uint64_t counter)
{
    const struct replay_window after = replay_advance(window, counter);
    CU_ASSERT_FALSE(accepted(replay_judge(after, counter)));
    /* and nothing that was refused before is accepted now */
    for (uint64_t age = 0; age < 140; age++) {
        if (age <= window.highest && !accepted(replay_judge(window, window.highest - age))) {
            CU_ASSERT_FALSE(accepted(replay_judge(after, window.highest - age)));
        }
    }
}

/* SEC-K01, by windows: what was accepted is refused from then on. */
static void sec_k01_no_double_accept(void)
{
    for_each(check_k01);
}

/* SEC-K01, by history: over long walks no counter is accepted twice. */
static void sec_k01_no_double_accept_in_a_history(void)
{
    enum { COUNTERS = 4096 };
    static uint8_t times[COUNTERS];
    memset(times, 0, sizeof(times));
    struct replay_window window = {0};
    for (unsigned step = 0; step < 200000; step++) {
        const uint64_t counter = (step / 50 + test_random() % 140) % COUNTERS;
        times[counter] += accepted(replay_judge(window, counter));
        window = replay_advance(window, counter);
    }
    for (unsigned counter = 0; counter < COUNTERS; counter++) {
        CU_ASSERT(times[counter] <= 1);
    }
    CU_ASSERT_EQUAL(times[0], 0);
}

static void check_k02(struct replay_window window, uint64_t counter)
{
    const struct replay_window after = replay_advance(window, counter);
    CU_ASSERT(after.highest >= window.highest);
    CU_ASSERT_EQUAL(after.highest, counter > window.highest ? counter : window.highest);
}

static void sec_k02_frontier_never_decreases(void)
{
    for_each(check_k02);
}

/* Every counter has one verdict, and it is the one of the definition, bit by bit. */
static void check_k03(struct replay_window window, uint64_t counter)
{
    enum replay_verdict expected = REPLAY_FRESH;
    if (counter == 0) {
        expected = REPLAY_REPEATED;
    } else if (counter <= window.highest) {
        const uint64_t age = window.highest - counter;
        expected = age > 63                          ? REPLAY_TOO_OLD
                   : (window.seen >> age & 1u) == 1u ? REPLAY_REPEATED
                                                     : REPLAY_REORDERED;
    }
    CU_ASSERT_EQUAL(replay_judge(window, counter), expected);

    /* what the window says of every other counter in reach stays true */
    const struct replay_window after = replay_advance(window, counter);
    for (uint64_t age = 0; age < 64 && age < after.highest; age++) {
        const uint64_t other = after.highest - age;
        if (other != counter && accepted(replay_judge(window, other))) {
            CU_ASSERT(accepted(replay_judge(after, other)));
        }
    }
}

static void sec_k03_accept_is_total(void)
{
    for_each(check_k03);
}

static void check_k04(struct replay_window window, uint64_t counter)
{
    const struct replay_window after = replay_advance(window, counter);
    if (!accepted(replay_judge(window, counter))) {
        CU_ASSERT_EQUAL(after.highest, window.highest);
        CU_ASSERT_EQUAL(after.seen, window.seen);
    }
}

/* TOO_OLD, and REPLAY as well. */
static void sec_k04_too_old_leaves_the_state_unchanged(void)
{
    for_each(check_k04);
    const struct replay_window window = {.highest = 100, .seen = 1};
    CU_ASSERT_EQUAL(replay_judge(window, 36), REPLAY_TOO_OLD);
    CU_ASSERT_EQUAL(replay_judge(window, 37), REPLAY_REORDERED);
}

CU_TestInfo window_tests[] = {
    {"known verdicts", replay_known_verdicts},
    {"SEC-K01 no double accept", sec_k01_no_double_accept},
    {"SEC-K01 no double accept in a history", sec_k01_no_double_accept_in_a_history},
    {"SEC-K02 frontier never decreases", sec_k02_frontier_never_decreases},
    {"SEC-K03 accept is total", sec_k03_accept_is_total},
    {"SEC-K04 TOO_OLD leaves the state unchanged", sec_k04_too_old_leaves_the_state_unchanged},
    CU_TEST_INFO_NULL,
};
