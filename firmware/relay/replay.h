/*
 * The replay window of relay-sec: which of the last 64 counters have been accepted
 * (docs/wire-formats.md).  Pure functions of values; nothing here keeps state.
 *
 * Bit k of @seen tells that counter (@highest - k) was accepted.  A window of zeros has accepted
 * nothing; counter 0 is never valid, so @highest is 0 only then.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RELAY_REPLAY_H
#define RELAY_REPLAY_H

#include <stdint.h>

#define REPLAY_WINDOW_COUNTERS 64u

struct replay_window {
    uint64_t highest;
    uint64_t seen;
};

enum replay_verdict {
    REPLAY_FRESH,     /* above every counter accepted so far */
    REPLAY_REORDERED, /* inside the window, not seen before */
    REPLAY_REPEATED,  /* 0, or inside the window and seen before */
    REPLAY_TOO_OLD,   /* left of the window: nobody knows whether it was seen */
};

/* What the window says about @counter.  Total: every window, every counter. */
enum replay_verdict replay_judge(struct replay_window window, uint64_t counter);

/*
 * The window after @counter: advanced for FRESH, with one bit more for REORDERED, the same for
 * the other two.  Call it only for a counter that has been authenticated.
 */
struct replay_window replay_advance(struct replay_window window, uint64_t counter);

#endif
