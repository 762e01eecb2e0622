/*
 * Ascon-AEAD128: authenticated encryption with associated data, NIST SP 800-232
 * (IV 0x00001000808c0001, rate 16 octets, p12 and p8, little-endian loads, padding 0x01).
 *
 * Portable, no allocation, no tables; neither branches nor addresses depend on the key, the
 * data or the tag.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RELAY_ASCON_H
#define RELAY_ASCON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ASCON_KEY_OCTETS   16u
#define ASCON_NONCE_OCTETS 16u
#define ASCON_TAG_OCTETS   16u

/*
 * Encrypt (SP 800-232, 4.1.1).  Writes @text_octets octets to @ciphertext, which may be
 * @plaintext itself, and the tag.  @associated and @plaintext may be NULL when their length is 0.
 * A nonce must never serve twice under one key.
 */
void ascon_aead128_encrypt(const uint8_t key[ASCON_KEY_OCTETS],
                           const uint8_t nonce[ASCON_NONCE_OCTETS], const uint8_t *associated,
                           size_t associated_octets, const uint8_t *plaintext, size_t text_octets,
                           uint8_t *ciphertext, uint8_t tag[ASCON_TAG_OCTETS]);

/*
 * Decrypt and verify (SP 800-232, 4.1.2).  Writes @text_octets octets to @plaintext, which may be
 * @ciphertext itself.  Returns false, and leaves zeros in @plaintext, when the tag is not the
 * one of these data; the comparison takes the same time for every tag.
 */
bool ascon_aead128_decrypt(const uint8_t key[ASCON_KEY_OCTETS],
                           const uint8_t nonce[ASCON_NONCE_OCTETS], const uint8_t *associated,
                           size_t associated_octets, const uint8_t *ciphertext, size_t text_octets,
                           const uint8_t tag[ASCON_TAG_OCTETS], uint8_t *plaintext);

/* Tag over @message: Ascon-AEAD128 with it as associated data and an empty plaintext. */
void ascon_mac(const uint8_t key[ASCON_KEY_OCTETS], const uint8_t nonce[ASCON_NONCE_OCTETS],
               const uint8_t *message, size_t message_octets, uint8_t tag[ASCON_TAG_OCTETS]);

/* Whether @tag is ascon_mac() of the message; takes the same time for every tag. */
bool ascon_mac_verify(const uint8_t key[ASCON_KEY_OCTETS], const uint8_t nonce[ASCON_NONCE_OCTETS],
                      const uint8_t *message, size_t message_octets,
                      const uint8_t tag[ASCON_TAG_OCTETS]);

/* Whether two tags are equal; looks at every octet, whatever the first ones say. */
bool ascon_tag_equal(const uint8_t a[ASCON_TAG_OCTETS], const uint8_t b[ASCON_TAG_OCTETS]);

#endif
