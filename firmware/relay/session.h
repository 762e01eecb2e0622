/*
 * Session: new keys after every reboot, by three flights of an X25519 exchange whose shares are
 * ephemeral and authenticated by a pre-shared key (docs/wire-formats.md).
 *
 *   initiator (FMU)                                   responder (IO)
 *     Hello     E_i 32 | epoch_i 8 | tag 16      ->
 *                                                <-   Response  E_r 32 | epoch_r 8 | tag 16
 *     Confirm   tag 16                           ->
 *
 * Both sides are state machines over values: no clock, no random numbers, no storage.  The caller
 * brings a fresh private scalar and an epoch above all that it has ever used, and keeps the last
 * epoch accepted from the peer in non-volatile storage.  A lost flight is repeated from Hello
 * with a new epoch.  A failed step leaves the machine as it was, so garbage on the wire cannot
 * end a handshake; the keys in use stay the caller's until Confirm has been verified.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RELAY_SESSION_H
#define RELAY_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include "relay/ascon.h"
#include "relay/x25519.h"

#define SESSION_EPOCH_OCTETS        8u
#define SESSION_SHARE_FLIGHT_OCTETS (X25519_OCTETS + SESSION_EPOCH_OCTETS + ASCON_TAG_OCTETS)
#define SESSION_HELLO_OCTETS        SESSION_SHARE_FLIGHT_OCTETS
#define SESSION_RESPONSE_OCTETS     SESSION_SHARE_FLIGHT_OCTETS
#define SESSION_CONFIRM_OCTETS      ASCON_TAG_OCTETS
#define SESSION_T1_OCTETS           62u
#define SESSION_T2_OCTETS           102u

enum session_result {
    SESSION_OK,
    SESSION_WRONG_STATE,      /* this flight is not expected now */
    SESSION_WRONG_LENGTH,     /* not a flight of this kind */
    SESSION_BAD_TAG,          /* Hello or Response is not the peer's */
    SESSION_EPOCH_REGRESSION, /* epoch not above the last one accepted */
    SESSION_SELF_SHARE,       /* the peer's share is our own: a reflection */
    SESSION_LOW_ORDER_POINT,  /* the shared secret is zero */
    SESSION_BAD_CONFIRM,
};

enum session_role { SESSION_INITIATOR = 1, SESSION_RESPONDER = 2 };

enum session_state { SESSION_IDLE, SESSION_WAITING, SESSION_ESTABLISHED };

/* What both sides have known before: the association and the identity key. */
struct session_identity {
    uint16_t spi;
    uint8_t channel;
    uint8_t key[ASCON_KEY_OCTETS];
};

/* Mode AEAD uses @encryption, mode MAC uses @mac. */
struct session_keys {
    uint8_t encryption[ASCON_KEY_OCTETS];
    uint8_t mac[ASCON_KEY_OCTETS];
};

struct session {
    struct session_identity identity;
    enum session_role role;
    enum session_state state;
    uint64_t peer_epoch;                        /* last accepted from the peer; 0: none yet */
    uint64_t own_epoch;                         /* initiator, WAITING */
    uint8_t own_scalar[X25519_OCTETS];          /* initiator, WAITING */
    uint8_t own_share[X25519_OCTETS];           /* initiator, WAITING */
    uint8_t expected_confirm[ASCON_TAG_OCTETS]; /* responder, WAITING */
    struct session_keys keys;                   /* valid when ESTABLISHED, not before Confirm */
};

/* Begin with nothing but the identity and the last epoch ever accepted from the peer. */
void session_init(struct session *session, const struct session_identity *identity,
                  enum session_role role, uint64_t peer_epoch);

/* Initiator: make Hello.  WRONG_STATE for a responder.  A handshake under way is given up. */
enum session_result session_start(struct session *session, const uint8_t scalar[X25519_OCTETS],
                                  uint64_t epoch, uint8_t hello[SESSION_HELLO_OCTETS]);

/*
 * Initiator: take Response, make Confirm; ESTABLISHED when it returns OK.
 * Errors, in this order: WRONG_STATE, WRONG_LENGTH, BAD_TAG, EPOCH_REGRESSION, SELF_SHARE,
 * LOW_ORDER_POINT.
 */
enum session_result session_take_response(struct session *session, const uint8_t *response,
                                          size_t response_octets,
                                          uint8_t confirm[SESSION_CONFIRM_OCTETS]);

/*
 * Responder: take Hello in any state, make Response.  Errors as above; WRONG_STATE for an
 * initiator.  An accepted epoch never serves again, whether or not Confirm follows.
 */
enum session_result session_take_hello(struct session *session, const uint8_t *hello,
                                       size_t hello_octets, const uint8_t scalar[X25519_OCTETS],
                                       uint64_t epoch, uint8_t response[SESSION_RESPONSE_OCTETS]);

/* Responder: take Confirm; ESTABLISHED when OK.  WRONG_STATE, WRONG_LENGTH, BAD_CONFIRM. */
enum session_result session_take_confirm(struct session *session, const uint8_t *confirm,
                                         size_t confirm_octets);

/*
 * The transcripts that the tags cover.
 * T1 = "relay-sec/x25519/v1" | SPI u16 | channel u8 | epoch_i u64 | E_i
 * T2 = "relay-sec/x25519/v1" | SPI u16 | channel u8 | epoch_i u64 | epoch_r u64 | E_i | E_r
 */
void session_write_t1(const struct session_identity *identity, uint64_t epoch_i,
                      const uint8_t share_i[X25519_OCTETS], uint8_t t1[SESSION_T1_OCTETS]);
void session_write_t2(const struct session_identity *identity, uint64_t epoch_i, uint64_t epoch_r,
                      const uint8_t share_i[X25519_OCTETS], const uint8_t share_r[X25519_OCTETS],
                      uint8_t t2[SESSION_T2_OCTETS]);

/* Role octet, seven zeros, epoch: injective in (role, epoch). */
void session_nonce(enum session_role role, uint64_t epoch, uint8_t nonce[ASCON_NONCE_OCTETS]);

#endif
