/*
 * The replay window of relay-sec (docs/wire-formats.md): two pure functions of a window and a
 * counter.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "relay/replay.h"

enum replay_verdict replay_judge(struct replay_window window, uint64_t counter)
{
    if (counter == 0) {
        return REPLAY_REPEATED;
    }
    if (counter > window.highest) {
        return REPLAY_FRESH;
    }
    const uint64_t age = window.highest - counter;
    if (age >= REPLAY_WINDOW_COUNTERS) {
        return REPLAY_TOO_OLD;
    }
    return (window.seen >> age & 1u) != 0 ? REPLAY_REPEATED : REPLAY_REORDERED;
}

struct replay_window replay_advance(struct replay_window window, uint64_t counter)
{
    switch (replay_judge(window, counter)) {
    case REPLAY_FRESH: {
        const uint64_t ahead = counter - window.highest;
        window.seen = ahead < REPLAY_WINDOW_COUNTERS ? window.seen << ahead | 1u : 1u;
        window.highest = counter;
        break;
    }
    case REPLAY_REORDERED:
        window.seen |= (uint64_t)1u << (window.highest - counter);
        break;
    case REPLAY_REPEATED:
    case REPLAY_TOO_OLD:
        break;
    }
    return window;
}
