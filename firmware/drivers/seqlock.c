/*
 * The sequence lock: every store in its order, and every line fetched anew where it matters.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/seqlock.h"

#include "drivers/shared.h"

static uint32_t octets(uint32_t count)
{
    return (uint32_t)sizeof(struct seqlock) + 4u * count;
}

/* Seen to be odd before any word changes. */
void seqlock_write_begin(struct seqlock *lock)
{
    lock->sequence = lock->sequence + 1u; /* odd */
    shared_publish(&lock->sequence, sizeof(lock->sequence));
}

/* The words first, then the even number that vouches for them. */
void seqlock_write_end(struct seqlock *lock, uint32_t count)
{
    shared_publish(lock, octets(count));
    lock->sequence = lock->sequence + 1u;
    shared_publish(&lock->sequence, sizeof(lock->sequence));
}

void seqlock_write(struct seqlock *lock, const uint32_t *from, uint32_t count)
{
    seqlock_write_begin(lock);
    for (uint32_t i = 0; i < count; i++) {
        lock->words[i] = from[i];
    }
    seqlock_write_end(lock, count);
}

bool seqlock_read(const struct seqlock *lock, uint32_t *to, uint32_t count)
{
    shared_refresh(lock, octets(count)); /* nothing is of an earlier try */
    const uint32_t before = lock->sequence;
    if ((before & 1u) != 0) {
        return false;
    }
    shared_refresh(lock, octets(count)); /* no word is older than @before */
    for (uint32_t i = 0; i < count; i++) {
        to[i] = lock->words[i];
    }
    shared_refresh(&lock->sequence, sizeof(lock->sequence));
    return lock->sequence == before;
}
