/*
 * What the two cores of rt1176-caches write, and where: a cache line each, in OCRAM1.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_CACHES_WORDS_H
#define IMAGES_CACHES_WORDS_H

#include <stdint.h>

#define FROM_M4 ((volatile uint32_t *)0x20241000u)
#define FROM_M7 ((volatile uint32_t *)0x20241020u)

#define ROUNDS 8u

/* The words of a round, and the channels of the messaging unit. */
#define M4_WORD(round) (0x40000000u + (round))
#define M7_WORD(round) (0x70000000u + (round))
enum channel {
    WRITE,   /* M7: write the word of this round */
    WRITTEN, /* M4: done */
    READ,    /* M7: tell what is there */
    SEEN,    /* M4: this */
};

#endif
