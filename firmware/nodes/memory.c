/*
 * What the compiler may call for copies and clears in a freestanding program (GCC manual,
 * "Standards": memcpy, memset), and the copy of initialised data at reset.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t octets);
void *memset(void *to, int octet, size_t octets);

void *memcpy(void *restrict to, const void *restrict from, size_t octets)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    for (; octets > 0; octets--) {
        *out++ = *in++;
    }
    return to;
}

void *memset(void *to, int octet, size_t octets)
{
    uint8_t *out = to;
    for (; octets > 0; octets--) {
        *out++ = (uint8_t)octet;
    }
    return to;
}
