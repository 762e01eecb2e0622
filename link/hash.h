/*
 * FNV-1a, 64 bits: the fingerprint of everything that was on wires and pins.
 * It tells runs apart; it protects nothing.  (Fowler, Noll, Vo: offset basis
 * 14695981039346656037, prime 1099511628211.)
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_HASH_H
#define MEWS_LINK_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START 14695981039346656037ull
#define HASH_PRIME 1099511628211ull

static inline uint64_t hash_octets(uint64_t hash, const void *data, size_t size)
{
    const uint8_t *octet = data;

    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ octet[i]) * HASH_PRIME;
    }
    return hash;
}

/* @value as @size octets, little-endian. */
static inline uint64_t hash_integer(uint64_t hash, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++) {
        hash = (hash ^ (value >> 8 * i & 0xff)) * HASH_PRIME;
    }
    return hash;
}

#endif
