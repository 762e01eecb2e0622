/*
 * Ascon-AEAD128 (NIST SP 800-232).  The state is the standard's five 64-bit words S0..S4; the
 * functions carry the names of its steps (4.1.1), and crypt() puts them in order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "relay/ascon.h"

#include "relay/octets.h"

#define RATE_OCTETS 16u
#define ROUNDS_A    12u /* Ascon-p[12]: initialisation and finalisation */
#define ROUNDS_B    8u  /* Ascon-p[8]: between blocks */
#define ROUNDS_MAX  12u

#define INITIAL_VALUE     0x00001000808c0001u
#define DOMAIN_SEPARATION 0x8000000000000000u
/* Round constants (table 5) count down from 0xf0 in steps of 0x0f; the last is 0x4b. */
#define CONSTANT_FIRST 0xf0u
#define CONSTANT_STEP  0x0fu
#define CONSTANT_LAST  0x4bu

struct state {
    uint64_t s[5];
};

struct key {
    uint64_t k[2];
};

enum direction { ENCRYPT, DECRYPT };

static inline uint64_t rotate_right(uint64_t word, unsigned bits)
{
    return word >> bits | word << (64u - bits);
}

/* Ascon-p[rounds] (3): constant addition, substitution layer, linear diffusion layer. */
static void permute(struct state *state, unsigned rounds)
{
    uint64_t x0 = state->s[0];
    uint64_t x1 = state->s[1];
    uint64_t x2 = state->s[2];
    uint64_t x3 = state->s[3];
    uint64_t x4 = state->s[4];
    unsigned constant = CONSTANT_FIRST - CONSTANT_STEP * (ROUNDS_MAX - rounds);

    for (; constant >= CONSTANT_LAST; constant -= CONSTANT_STEP) {
        x2 ^= constant;

        x0 ^= x4;
        x4 ^= x3;
        x2 ^= x1;
        const uint64_t t3 = x0 & ~x4;
        x0 ^= x2 & ~x1;
        x2 ^= x4 & ~x3;
        x4 ^= x1 & ~x0;
        x1 ^= x3 & ~x2;
        x3 ^= t3;
        x1 ^= x0;
        x3 ^= x2;
        x0 ^= x4;
        x2 = ~x2;

        x0 ^= rotate_right(x0, 19) ^ rotate_right(x0, 28);
        x1 ^= rotate_right(x1, 61) ^ rotate_right(x1, 39);
        x2 ^= rotate_right(x2, 1) ^ rotate_right(x2, 6);
        x3 ^= rotate_right(x3, 10) ^ rotate_right(x3, 17);
        x4 ^= rotate_right(x4, 7) ^ rotate_right(x4, 41);
    }
    state->s[0] = x0;
    state->s[1] = x1;
    state->s[2] = x2;
    state->s[3] = x3;
    state->s[4] = x4;
}

/* The block at @octets, of fewer than 16 octets, padded by 0x01 and zeros (pad, 2.1). */
static void load_padded(uint64_t block[2], const uint8_t *octets, size_t count)
{
    block[0] = 0;
    block[1] = 0;
    for (size_t i = 0; i < count; i++) {
        block[i / 8u] |= (uint64_t)octets[i] << (i % 8u * 8u);
    }
    block[count / 8u] |= (uint64_t)1u << (count % 8u * 8u);
}

static void initialise(struct state *state, const struct key *key, const uint8_t *nonce)
{
    state->s[0] = INITIAL_VALUE;
    state->s[1] = key->k[0];
    state->s[2] = key->k[1];
    state->s[3] = load_le64(nonce);
    state->s[4] = load_le64(nonce + 8);
    permute(state, ROUNDS_A);
    state->s[3] ^= key->k[0];
    state->s[4] ^= key->k[1];
}

static void absorb_associated_data(struct state *state, const uint8_t *octets, size_t count)
{
    if (count > 0) {
        for (; count >= RATE_OCTETS; count -= RATE_OCTETS, octets += RATE_OCTETS) {
            state->s[0] ^= load_le64(octets);
            state->s[1] ^= load_le64(octets + 8);
            permute(state, ROUNDS_B);
        }
        uint64_t last[2];
        load_padded(last, octets, count);
        state->s[0] ^= last[0];
        state->s[1] ^= last[1];
        permute(state, ROUNDS_B);
    }
    state->s[4] ^= DOMAIN_SEPARATION;
}

/* Text that fills whole blocks: S becomes the ciphertext, in either direction. */
static void crypt_whole_block(struct state *state, enum direction direction, const uint8_t *in,
                              uint8_t *out)
{
    for (size_t half = 0; half < 2u; half++) {
        const uint64_t text = load_le64(in + 8u * half);
        const uint64_t crypted = state->s[half] ^ text;
        store_le64(out + 8u * half, crypted);
        state->s[half] = direction == ENCRYPT ? crypted : text;
    }
}

/* The rest of the text, fewer than 16 octets: what goes into S is always the padded plaintext. */
static void crypt_last_block(struct state *state, enum direction direction, const uint8_t *in,
                             size_t count, uint8_t *out)
{
    uint8_t plaintext[RATE_OCTETS];
    for (size_t i = 0; i < count; i++) {
        const uint8_t text = in[i];
        const uint8_t crypted = (uint8_t)(text ^ state->s[i / 8u] >> (i % 8u * 8u));
        plaintext[i] = direction == ENCRYPT ? text : crypted;
        out[i] = crypted;
    }
    uint64_t last[2];
    load_padded(last, plaintext, count);
    state->s[0] ^= last[0];
    state->s[1] ^= last[1];
}

static void crypt_text(struct state *state, enum direction direction, const uint8_t *in,
                       size_t count, uint8_t *out)
{
    for (; count >= RATE_OCTETS; count -= RATE_OCTETS, in += RATE_OCTETS, out += RATE_OCTETS) {
        crypt_whole_block(state, direction, in, out);
        permute(state, ROUNDS_B);
    }
    crypt_last_block(state, direction, in, count, out);
}

static void finalise(struct state *state, const struct key *key, uint8_t *tag)
{
    state->s[2] ^= key->k[0];
    state->s[3] ^= key->k[1];
    permute(state, ROUNDS_A);
    store_le64(tag, state->s[3] ^ key->k[0]);
    store_le64(tag + 8, state->s[4] ^ key->k[1]);
}

/* Both algorithms differ in the direction of the text alone. */
static void crypt(enum direction direction, const uint8_t *key_octets, const uint8_t *nonce,
                  const uint8_t *associated, size_t associated_octets, const uint8_t *in,
                  size_t text_octets, uint8_t *out, uint8_t *tag)
{
    const struct key key = {{load_le64(key_octets), load_le64(key_octets + 8)}};
    struct state state;

    initialise(&state, &key, nonce);
    absorb_associated_data(&state, associated, associated_octets);
    crypt_text(&state, direction, in, text_octets, out);
    finalise(&state, &key, tag);
}

bool ascon_tag_equal(const uint8_t a[ASCON_TAG_OCTETS], const uint8_t b[ASCON_TAG_OCTETS])
{
    uint32_t difference = 0;
    for (size_t i = 0; i < ASCON_TAG_OCTETS; i += 4u) {
        difference |= load_le32(a + i) ^ load_le32(b + i);
    }
    return difference == 0;
}

void ascon_aead128_encrypt(const uint8_t key[ASCON_KEY_OCTETS],
                           const uint8_t nonce[ASCON_NONCE_OCTETS], const uint8_t *associated,
                           size_t associated_octets, const uint8_t *plaintext, size_t text_octets,
                           uint8_t *ciphertext, uint8_t tag[ASCON_TAG_OCTETS])
{
    crypt(ENCRYPT, key, nonce, associated, associated_octets, plaintext, text_octets, ciphertext,
          tag);
}

bool ascon_aead128_decrypt(const uint8_t key[ASCON_KEY_OCTETS],
                           const uint8_t nonce[ASCON_NONCE_OCTETS], const uint8_t *associated,
                           size_t associated_octets, const uint8_t *ciphertext, size_t text_octets,
                           const uint8_t tag[ASCON_TAG_OCTETS], uint8_t *plaintext)
{
    uint8_t expected[ASCON_TAG_OCTETS];
    crypt(DECRYPT, key, nonce, associated, associated_octets, ciphertext, text_octets, plaintext,
          expected);
    if (!ascon_tag_equal(expected, tag)) {
        octets_zero(plaintext, text_octets);
        return false;
    }
    return true;
}

void ascon_mac(const uint8_t key[ASCON_KEY_OCTETS], const uint8_t nonce[ASCON_NONCE_OCTETS],
               const uint8_t *message, size_t message_octets, uint8_t tag[ASCON_TAG_OCTETS])
{
    crypt(ENCRYPT, key, nonce, message, message_octets, NULL, 0, NULL, tag);
}

bool ascon_mac_verify(const uint8_t key[ASCON_KEY_OCTETS], const uint8_t nonce[ASCON_NONCE_OCTETS],
                      const uint8_t *message, size_t message_octets,
                      const uint8_t tag[ASCON_TAG_OCTETS])
{
    uint8_t expected[ASCON_TAG_OCTETS];
    ascon_mac(key, nonce, message, message_octets, expected);
    return ascon_tag_equal(expected, tag);
}
