/*
 * A sequence lock between two cores that share memory without coherent caches: one writer, which
 * never waits, and readers that notice when it wrote meanwhile.
 *
 * The sequence is even at rest and odd while the words are being written; each write adds 2.  A
 * reader takes the words between two looks at it and keeps them only if both looks saw the same
 * even number.  2^31 writes during one read would go unnoticed: 24 days at 1 kHz.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_SEQLOCK_H
#define DRIVERS_SEQLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define SEQLOCK_LINE_OCTETS 32u /* of the Cortex-M7's caches */

/*
 * The lock and the words behind it lie in shared memory, in cache lines that hold nothing else:
 * start at a multiple of SEQLOCK_LINE_OCTETS and let nothing else follow in the last line.
 * It is at rest when all is 0.
 */
struct seqlock {
    volatile uint32_t sequence;
    volatile uint32_t words[];
};

/* Writer: @count words. */
void seqlock_write(struct seqlock *lock, const uint32_t *from, uint32_t count);

/*
 * The same in steps, for a writer that computes words in place: begin, any stores to words[], end.
 */
void seqlock_write_begin(struct seqlock *lock);
void seqlock_write_end(struct seqlock *lock, uint32_t count);

/*
 * Reader: one try.  False: a write was going on or came in between, and what is in @to is torn.
 */
bool seqlock_read(const struct seqlock *lock, uint32_t *to, uint32_t count);

#endif
