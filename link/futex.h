/*
 * Doorbells in shared memory: a futex word that is rung when its owner has
 * said that it waits.  Not FUTEX_PRIVATE: the owner is another process.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_FUTEX_H
#define MEWS_LINK_FUTEX_H

#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Sleep while *word == value, at most timeout_ns of host time. */
static inline void futex_wait(_Atomic uint32_t *word, uint32_t value, int64_t timeout_ns)
{
    const struct timespec timeout = {timeout_ns / 1000000000, timeout_ns % 1000000000};

    syscall(SYS_futex, word, FUTEX_WAIT, value, &timeout, NULL, 0);
}

/* Wake the owner if it waits; what it waits for must have been written before. */
static inline void futex_ring(_Atomic uint32_t *doorbell, _Atomic uint32_t *waiting)
{
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load_explicit(waiting, memory_order_relaxed)) {
        atomic_fetch_add(doorbell, 1);
        syscall(SYS_futex, doorbell, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    }
}

#endif
