/*
 * NavState in shared memory (docs/wire-formats.md, 0x030): where it is, and the values that
 * rt1176-navstate gives it, each of them a function of its sequence number.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_NAVSTATE_STATE_H
#define IMAGES_NAVSTATE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/seqlock.h"

#define NAVSTATE_WORDS 17u /* u32 seq, 16 x f32 */

/* In OCRAM1: a lock and its words in three cache lines, and in a line of its own the time. */
#define NAVSTATE      ((struct seqlock *)0x20240000u)
#define NAVSTATE_RUNG ((volatile uint32_t *)0x20240060u)

/* The state with this number: value n of 16 is 16 * (seq modulo 2^16) + n. */
void navstate_make(uint32_t seq, uint32_t words[NAVSTATE_WORDS]);

/* How many of the words are not those of the state with number words[0]. */
uint32_t navstate_wrong_words(const uint32_t words[NAVSTATE_WORDS]);

/* A count of 5 ns for both cores: GPT3.  The M7 starts it. */
#define STOPWATCH_NS 5u
void stopwatch_start(void);
uint32_t stopwatch(void);

/* What the M7 asks the M4 for on channel 0 of the messaging unit. */
enum request {
    REQUEST_COUNT = 0xffff,   /* so many states, 1 ms apart */
    REQUEST_SLOWLY = 1 << 16, /* with a pause of 50 us in the middle of each write */
    REQUEST_AT_ONCE = 1 << 17 /* one after the other, without doorbells */
};

#endif
