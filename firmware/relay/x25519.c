/*
 * X25519 (RFC 7748, 5) on eight 32-bit words.  Between operations a field element is any value
 * below 2^256 that is congruent to it modulo p = 2^255 - 19; 2^256 = 38 (mod p) folds what goes
 * beyond.  Only freeze() makes it unique.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "relay/x25519.h"

#include <stddef.h>

#include "relay/octets.h"

#define WORDS              8u
#define FOLD               38u     /* 2^256 mod p */
#define A24                121665u /* (486662 - 2) / 4 */
#define SCALAR_BIT_HIGHEST 254u

typedef uint32_t element[WORDS];

/* out = a + addend; what goes beyond 2^256 is returned. */
static uint32_t add_small(element out, const element a, uint64_t addend)
{
    for (size_t i = 0; i < WORDS; i++) {
        addend += a[i];
        out[i] = (uint32_t)addend;
        addend >>= 32;
    }
    return (uint32_t)addend;
}

/* out = a * factor + b; what goes beyond 2^256 is returned. */
static uint32_t multiply_add(element out, const element a, uint32_t factor, const element b)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < WORDS; i++) {
        sum += (uint64_t)a[i] * factor + b[i];
        out[i] = (uint32_t)sum;
        sum >>= 32;
    }
    return (uint32_t)sum;
}

/* a = a + fold * FOLD, with fold < 2^32 - 1; twice, because the first may carry out again. */
static void fold_in(element a, uint32_t fold)
{
    for (unsigned pass = 0; pass < 2u; pass++) {
        fold = add_small(a, a, (uint64_t)fold * FOLD);
    }
}

static void add(element out, const element a, const element b)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < WORDS; i++) {
        sum += (uint64_t)a[i] + b[i];
        out[i] = (uint32_t)sum;
        sum >>= 32;
    }
    fold_in(out, (uint32_t)sum);
}

/* out = a - b; each borrow out of 2^256 is paid back as 38, twice at most. */
static void subtract(element out, const element a, const element b)
{
    uint32_t borrow = 0;
    for (size_t i = 0; i < WORDS; i++) {
        const uint64_t difference = (uint64_t)a[i] - b[i] - borrow;
        out[i] = (uint32_t)difference;
        borrow = (uint32_t)(difference >> 63);
    }
    for (unsigned pass = 0; pass < 2u; pass++) {
        uint32_t owed = borrow * FOLD;
        borrow = 0;
        for (size_t i = 0; i < WORDS; i++) {
            const uint64_t difference = (uint64_t)out[i] - owed - borrow;
            out[i] = (uint32_t)difference;
            borrow = (uint32_t)(difference >> 63);
            owed = 0;
        }
    }
}

/* Schoolbook product of 16 words, then the upper eight times 38 onto the lower eight. */
static void multiply(element out, const element a, const element b)
{
    uint32_t product[2u * WORDS] = {0};
    for (size_t i = 0; i < WORDS; i++) {
        product[i + WORDS] = multiply_add(product + i, b, a[i], product + i);
    }
    fold_in(out, multiply_add(out, product + WORDS, FOLD, product));
}

static void copy(element out, const element a)
{
    for (size_t i = 0; i < WORDS; i++) {
        out[i] = a[i];
    }
}

/* out = a^(p - 2): p - 2 = 2^255 - 21 has all bits set but 2 and 4. */
static void invert(element out, const element a)
{
    element power;
    copy(power, a);
    for (unsigned bit = SCALAR_BIT_HIGHEST; bit-- > 0;) {
        multiply(power, power, power);
        if (bit != 2u && bit != 4u) {
            multiply(power, power, a);
        }
    }
    copy(out, power);
}

/* The only representative in [0, p). */
static void freeze(element a)
{
    for (unsigned pass = 0; pass < 2u; pass++) { /* bit 255 is worth 19 */
        const uint32_t high = a[WORDS - 1u] >> 31;
        a[WORDS - 1u] &= 0x7fffffffu;
        (void)add_small(a, a, high * 19u);
    }
    element minus_p; /* a - p = a + 19 - 2^255: take it if it is not negative */
    (void)add_small(minus_p, a, 19u);
    const uint32_t take = 0u - (minus_p[WORDS - 1u] >> 31);
    minus_p[WORDS - 1u] &= 0x7fffffffu;
    for (size_t i = 0; i < WORDS; i++) {
        a[i] ^= take & (a[i] ^ minus_p[i]);
    }
}

/* Exchange a and b if swap is 1, leave them if it is 0. */
static void swap_if(uint32_t swap, element a, element b)
{
    for (size_t i = 0; i < WORDS; i++) {
        const uint32_t difference = (0u - swap) & (a[i] ^ b[i]);
        a[i] ^= difference;
        b[i] ^= difference;
    }
}

/* One rung of the Montgomery ladder; names as in RFC 7748, 5. */
static void ladder_step(const element x1, element x2, element z2, element x3, element z3)
{
    element a, aa, b, bb, e, c, d;
    add(a, x2, z2);
    multiply(aa, a, a);
    subtract(b, x2, z2);
    multiply(bb, b, b);
    subtract(e, aa, bb);
    add(c, x3, z3);
    subtract(d, x3, z3);
    multiply(d, d, a); /* DA */
    multiply(c, c, b); /* CB */
    add(x3, d, c);
    multiply(x3, x3, x3);
    subtract(z3, d, c);
    multiply(z3, z3, z3);
    multiply(z3, x1, z3);
    multiply(x2, aa, bb);
    fold_in(z2, multiply_add(z2, e, A24, aa));
    multiply(z2, e, z2);
}

bool x25519(uint8_t shared[X25519_OCTETS], const uint8_t scalar[X25519_OCTETS],
            const uint8_t point[X25519_OCTETS])
{
    element x1, x2 = {1}, z2 = {0}, x3, z3 = {1};
    uint32_t k[WORDS];
    for (size_t i = 0; i < WORDS; i++) {
        k[i] = load_le32(scalar + 4u * i);
        x1[i] = load_le32(point + 4u * i);
    }
    k[0] &= 0xfffffff8u;
    k[WORDS - 1u] = (k[WORDS - 1u] & 0x7fffffffu) | 1u << 30;
    x1[WORDS - 1u] &= 0x7fffffffu;
    copy(x3, x1);

    uint32_t swap = 0;
    for (unsigned bit = SCALAR_BIT_HIGHEST + 1u; bit-- > 0;) {
        const uint32_t k_t = k[bit / 32u] >> bit % 32u & 1u;
        swap_if(swap ^ k_t, x2, x3);
        swap_if(swap ^ k_t, z2, z3);
        swap = k_t;
        ladder_step(x1, x2, z2, x3, z3);
    }
    swap_if(swap, x2, x3);
    swap_if(swap, z2, z3);

    invert(z2, z2);
    multiply(x2, x2, z2);
    freeze(x2);
    uint32_t any = 0;
    for (size_t i = 0; i < WORDS; i++) {
        any |= x2[i];
        store_le32(shared + 4u * i, x2[i]);
    }
    return any != 0;
}

void x25519_public(uint8_t share[X25519_OCTETS], const uint8_t scalar[X25519_OCTETS])
{
    static const uint8_t base[X25519_OCTETS] = {9};
    (void)x25519(share, scalar, base); /* the base point has no low order */
}
