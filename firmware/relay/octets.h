/*
 * Integers and octets: little-endian loads and stores that need no alignment, and copies that
 * need no C library.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RELAY_OCTETS_H
#define RELAY_OCTETS_H

#include <stddef.h>
#include <stdint.h>

static inline uint16_t load_le16(const uint8_t *octets)
{
    return (uint16_t)(octets[0] | octets[1] << 8);
}

static inline uint32_t load_le32(const uint8_t *octets)
{
    return load_le16(octets) | (uint32_t)load_le16(octets + 2) << 16;
}

static inline uint64_t load_le64(const uint8_t *octets)
{
    return load_le32(octets) | (uint64_t)load_le32(octets + 4) << 32;
}

static inline void store_le16(uint8_t *octets, uint16_t value)
{
    octets[0] = (uint8_t)value;
    octets[1] = (uint8_t)(value >> 8);
}

static inline void store_le32(uint8_t *octets, uint32_t value)
{
    store_le16(octets, (uint16_t)value);
    store_le16(octets + 2, (uint16_t)(value >> 16));
}

static inline void store_le64(uint8_t *octets, uint64_t value)
{
    store_le32(octets, (uint32_t)value);
    store_le32(octets + 4, (uint32_t)(value >> 32));
}

static inline void octets_copy(uint8_t *to, const uint8_t *from, size_t octets)
{
    for (size_t i = 0; i < octets; i++) {
        to[i] = from[i];
    }
}

static inline void octets_zero(uint8_t *to, size_t octets)
{
    for (size_t i = 0; i < octets; i++) {
        to[i] = 0;
    }
}

#endif
