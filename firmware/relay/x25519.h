/*
 * X25519, the Diffie-Hellman function on Curve25519 (RFC 7748, 5).
 *
 * Field elements are eight 32-bit words, products are sums of 32 x 32 -> 64 bit multiplications:
 * the natural radix of a Cortex-M3.  The sequence of instructions and addresses does not depend
 * on scalar or point.  (UMULL on a Cortex-M3 may end early for small operands, DDI 0337 table
 * 18-1: on that part the time is not constant in the strictest sense.)
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RELAY_X25519_H
#define RELAY_X25519_H

#include <stdbool.h>
#include <stdint.h>

#define X25519_OCTETS 32u

/*
 * @shared = X25519(@scalar, @point); the scalar is clamped here, bit 255 of the point is ignored.
 * Returns false when the result is zero, that is when @point has low order (RFC 7748, 6.1).
 * The buffers may overlap.
 */
bool x25519(uint8_t shared[X25519_OCTETS], const uint8_t scalar[X25519_OCTETS],
            const uint8_t point[X25519_OCTETS]);

/* The public share of a private scalar: X25519(@scalar, 9). */
void x25519_public(uint8_t share[X25519_OCTETS], const uint8_t scalar[X25519_OCTETS]);

#endif
