/*
 * Ascon-AEAD128 (SP 800-232) and X25519 (RFC 7748).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "kat.h"
#include "relay/ascon.h"
#include "relay/x25519.h"
#include "test_relay.h"

/* All 33 x 33 lengths of plaintext and associated data: encrypt, decrypt, and in place. */
static void ascon_known_answers(void)
{
    struct kat kat;
    unsigned cases = 0;
    kat_open(&kat, "ascon-aead128.kat");
    while (kat_next(&kat)) {
        uint8_t key[16], nonce[16], plain[64], associated[64], sealed[80], out[80], tag[16];
        kat_octets(&kat, "Key", key);
        kat_octets(&kat, "Nonce", nonce);
        const size_t plain_octets = kat_octets(&kat, "PT", plain);
        const size_t associated_octets = kat_octets(&kat, "AD", associated);
        const size_t sealed_octets = kat_octets(&kat, "CT", sealed);
        CU_ASSERT_EQUAL_FATAL(sealed_octets, plain_octets + 16);

        ascon_aead128_encrypt(key, nonce, associated, associated_octets, plain, plain_octets, out,
                              tag);
        CU_ASSERT_EQUAL(memcmp(out, sealed, plain_octets), 0);
        CU_ASSERT_EQUAL(memcmp(tag, sealed + plain_octets, 16), 0);

        CU_ASSERT(ascon_aead128_decrypt(key, nonce, associated, associated_octets, sealed,
                                        plain_octets, tag, out));
        CU_ASSERT_EQUAL(memcmp(out, plain, plain_octets), 0);

        memcpy(out, plain, plain_octets);
        ascon_aead128_encrypt(key, nonce, associated, associated_octets, out, plain_octets, out,
                              tag);
        CU_ASSERT_EQUAL(memcmp(out, sealed, plain_octets), 0);
        CU_ASSERT(ascon_aead128_decrypt(key, nonce, associated, associated_octets, out,
                                        plain_octets, tag, out));
        CU_ASSERT_EQUAL(memcmp(out, plain, plain_octets), 0);
        cases++;
    }
    CU_ASSERT_EQUAL(cases, 1089);
}

/* A bit of key, nonce, associated data, ciphertext or tag that is wrong: refused, and wiped. */
static void ascon_refuses_every_flipped_bit(void)
{
    uint8_t input[16 + 16 + 5 + 21 + 16] = {0}; /* key, nonce, associated, text, tag */
    uint8_t *key = input, *nonce = key + 16, *associated = nonce + 16, *text = associated + 5,
            *tag = text + 21;
    const uint8_t zeros[21] = {0};
    ascon_aead128_encrypt(key, nonce, associated, 5, zeros, 21, text, tag);
    for (size_t bit = 0; bit < 8 * sizeof(input); bit++) {
        uint8_t out[21];
        memset(out, 0xff, sizeof(out));
        input[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CU_ASSERT_FALSE(ascon_aead128_decrypt(key, nonce, associated, 5, text, 21, tag, out));
        CU_ASSERT_EQUAL(memcmp(out, zeros, 21), 0);
        input[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

/* SEC-K05: equal tags are equal, and every single octet and bit that differs is seen. */
static void sec_k05_tag_compare_is_correct(void)
{
    uint8_t a[16], b[16];
    for (size_t i = 0; i < 16; i++) {
        a[i] = b[i] = (uint8_t)test_random();
    }
    CU_ASSERT(ascon_tag_equal(a, b));
    for (size_t bit = 0; bit < 128; bit++) {
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CU_ASSERT_FALSE(ascon_tag_equal(a, b));
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (unsigned difference = 1; difference < 256; difference++) {
        b[difference % 16] ^= (uint8_t)difference;
        CU_ASSERT_FALSE(ascon_tag_equal(a, b));
        b[difference % 16] ^= (uint8_t)difference;
    }
}

/* SEC-K06: a tag for every length, that verifies, and that no other length has. */
static void sec_k06_mac_total_on_any_length(void)
{
    static uint8_t message[513];
    const uint8_t key[16] = {1}, nonce[16] = {2};
    uint8_t last[16] = {0};
    for (size_t octets = 0; octets <= sizeof(message); octets++) {
        uint8_t tag[16];
        ascon_mac(key, nonce, message, octets, tag);
        CU_ASSERT(ascon_mac_verify(key, nonce, message, octets, tag));
        CU_ASSERT_NOT_EQUAL(memcmp(tag, last, 16), 0);
        memcpy(last, tag, 16);
    }
}

static void from_hex(uint8_t *octets, const char *hex)
{
    for (size_t i = 0; hex[2 * i] != '\0'; i++) {
        unsigned octet;
        sscanf(hex + 2 * i, "%2x", &octet);
        octets[i] = (uint8_t)octet;
    }
}

/* RFC 7748, 5.2: two single cases, then the function of its own output 1 and 1000 times. */
static void x25519_rfc_7748(void)
{
    static const char *const cases[][3] = {
        {"a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
         "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
         "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"},
        {"4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
         "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
         "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"},
    };
    uint8_t scalar[32], point[32], expected[32], out[32];
    for (size_t i = 0; i < 2; i++) {
        from_hex(scalar, cases[i][0]);
        from_hex(point, cases[i][1]);
        from_hex(expected, cases[i][2]);
        CU_ASSERT(x25519(out, scalar, point));
        CU_ASSERT_EQUAL(memcmp(out, expected, 32), 0);
    }
    uint8_t k[32] = {9}, u[32] = {9};
    for (unsigned n = 1; n <= 1000; n++) {
        CU_ASSERT(x25519(out, k, u));
        memcpy(u, k, 32);
        memcpy(k, out, 32);
        if (n == 1 || n == 1000) {
            from_hex(expected,
                     n == 1 ? "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"
                            : "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
            CU_ASSERT_EQUAL(memcmp(k, expected, 32), 0);
        }
    }
}

/* RFC 7748, 6.1. */
static void x25519_diffie_hellman(void)
{
    uint8_t a[32], b[32], share_a[32], share_b[32], expected[32], z[32];
    from_hex(a, "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    from_hex(b, "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    x25519_public(share_a, a);
    x25519_public(share_b, b);
    from_hex(expected, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    CU_ASSERT_EQUAL(memcmp(share_a, expected, 32), 0);
    from_hex(expected, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    CU_ASSERT_EQUAL(memcmp(share_b, expected, 32), 0);
    from_hex(expected, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    CU_ASSERT(x25519(z, a, share_b));
    CU_ASSERT_EQUAL(memcmp(z, expected, 32), 0);
    CU_ASSERT(x25519(z, b, share_a));
    CU_ASSERT_EQUAL(memcmp(z, expected, 32), 0);
}

/* The points of order 1, 2, 4 and 8, with 0 and 1 not canonical, too: result zero, and told. */
static void x25519_low_order_points(void)
{
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    const uint8_t zeros[32] = {0};
    for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        uint8_t scalar[32], point[32], out[32];
        for (size_t n = 0; n < 32; n++) {
            scalar[n] = (uint8_t)test_random();
        }
        from_hex(point, points[i]);
        CU_ASSERT_FALSE(x25519(out, scalar, point));
        CU_ASSERT_EQUAL(memcmp(out, zeros, 32), 0);
    }
}

/* Points of all kinds, non-canonical ones among them. */
static void x25519_known_answers(void)
{
    struct kat kat;
    unsigned cases = 0;
    kat_open(&kat, "x25519.kat");
    while (kat_next(&kat)) {
        uint8_t scalar[32], point[32], shared[32], out[32];
        kat_octets(&kat, "Scalar", scalar);
        kat_octets(&kat, "Point", point);
        kat_octets(&kat, "Shared", shared);
        CU_ASSERT(x25519(out, scalar, point));
        CU_ASSERT_EQUAL(memcmp(out, shared, 32), 0);
        cases++;
    }
    CU_ASSERT(cases > 20);
}

CU_TestInfo crypto_tests[] = {
    {"Ascon-AEAD128 known answers", ascon_known_answers},
    {"Ascon-AEAD128 refuses every flipped bit", ascon_refuses_every_flipped_bit},
    {"SEC-K05 tag compare is correct", sec_k05_tag_compare_is_correct},
    {"SEC-K06 MAC total on any length", sec_k06_mac_total_on_any_length},
    {"X25519 RFC 7748 5.2, 1000 iterations", x25519_rfc_7748},
    {"X25519 RFC 7748 6.1", x25519_diffie_hellman},
    {"X25519 low-order points give zero", x25519_low_order_points},
    {"X25519 known answers", x25519_known_answers},
    CU_TEST_INFO_NULL,
};
