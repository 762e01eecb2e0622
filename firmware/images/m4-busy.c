/*
 * A Cortex-M4 that computes without a pause, for `make bench`.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#define WORDS 256u

static volatile uint32_t words[WORDS];

int main(void)
{
    uint32_t seed = 1;
    for (uint32_t i = 0;; i++) {
        seed = seed * 1664525u + 1013904223u;
        words[i % WORDS] += seed;
    }
}
