/*
 * The session's three flights (docs/wire-formats.md): transcripts, key schedule, and the two
 * state machines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "relay/session.h"

#include "relay/octets.h"

#define PROTOCOL_OCTETS 19u
/* TS is T2 without the protocol's name. */
#define TS_OCTETS (SESSION_T2_OCTETS - PROTOCOL_OCTETS)

static const uint8_t protocol[] = "relay-sec/x25519/v1";
static const uint8_t kdf_key[ASCON_KEY_OCTETS] = "relay-sec/kdf";
static const uint8_t label_encryption[] = "relay-sec/enc";
static const uint8_t label_mac[] = "relay-sec/mac";
#define LABEL_OCTETS (sizeof(label_mac) - 1u)

_Static_assert(sizeof(protocol) - 1u == PROTOCOL_OCTETS, "the protocol's name has 19 octets");
_Static_assert(sizeof(label_encryption) == sizeof(label_mac), "both labels have one length");

/* First octets of the nonces that follow those of Hello (1) and Response (2). */
enum nonce_purpose { NONCE_PRK = 10, NONCE_ENCRYPTION = 11, NONCE_MAC = 12, NONCE_CONFIRM = 13 };

/* A flight that carries a share: E 32 | epoch 8 | tag 16. */
struct share_flight {
    const uint8_t *share;
    uint64_t epoch;
    const uint8_t *tag;
};

static struct share_flight read_flight(const uint8_t *octets)
{
    return (struct share_flight){
        .share = octets,
        .epoch = load_le64(octets + X25519_OCTETS),
        .tag = octets + X25519_OCTETS + SESSION_EPOCH_OCTETS,
    };
}

static void purpose_nonce(uint8_t purpose, uint8_t nonce[ASCON_NONCE_OCTETS])
{
    octets_zero(nonce, ASCON_NONCE_OCTETS);
    nonce[0] = purpose;
}

void session_nonce(enum session_role role, uint64_t epoch, uint8_t nonce[ASCON_NONCE_OCTETS])
{
    purpose_nonce((uint8_t)role, nonce);
    store_le64(nonce + 8, epoch);
}

static size_t write_association(const struct session_identity *identity, uint8_t *out)
{
    octets_copy(out, protocol, PROTOCOL_OCTETS);
    store_le16(out + PROTOCOL_OCTETS, identity->spi);
    out[PROTOCOL_OCTETS + 2u] = identity->channel;
    return PROTOCOL_OCTETS + 3u;
}

void session_write_t1(const struct session_identity *identity, uint64_t epoch_i,
                      const uint8_t share_i[X25519_OCTETS], uint8_t t1[SESSION_T1_OCTETS])
{
    size_t at = write_association(identity, t1);
    store_le64(t1 + at, epoch_i);
    at += SESSION_EPOCH_OCTETS;
    octets_copy(t1 + at, share_i, X25519_OCTETS);
}

void session_write_t2(const struct session_identity *identity, uint64_t epoch_i, uint64_t epoch_r,
                      const uint8_t share_i[X25519_OCTETS], const uint8_t share_r[X25519_OCTETS],
                      uint8_t t2[SESSION_T2_OCTETS])
{
    size_t at = write_association(identity, t2);
    store_le64(t2 + at, epoch_i);
    at += SESSION_EPOCH_OCTETS;
    store_le64(t2 + at, epoch_r);
    at += SESSION_EPOCH_OCTETS;
    octets_copy(t2 + at, share_i, X25519_OCTETS);
    at += X25519_OCTETS;
    octets_copy(t2 + at, share_r, X25519_OCTETS);
}

/* PRK = MAC(kdf_key, 10.., Z | TS); then both keys and Confirm from it. */
static void derive(const uint8_t z[X25519_OCTETS], const uint8_t t2[SESSION_T2_OCTETS],
                   struct session_keys *keys, uint8_t confirm[SESSION_CONFIRM_OCTETS])
{
    const uint8_t *ts = t2 + PROTOCOL_OCTETS;
    uint8_t input[X25519_OCTETS + TS_OCTETS];
    uint8_t prk[ASCON_KEY_OCTETS];
    uint8_t nonce[ASCON_NONCE_OCTETS];

    octets_copy(input, z, X25519_OCTETS);
    octets_copy(input + X25519_OCTETS, ts, TS_OCTETS);
    purpose_nonce(NONCE_PRK, nonce);
    ascon_mac(kdf_key, nonce, input, sizeof(input), prk);
    purpose_nonce(NONCE_ENCRYPTION, nonce);
    ascon_mac(prk, nonce, label_encryption, LABEL_OCTETS, keys->encryption);
    purpose_nonce(NONCE_MAC, nonce);
    ascon_mac(prk, nonce, label_mac, LABEL_OCTETS, keys->mac);
    purpose_nonce(NONCE_CONFIRM, nonce);
    ascon_mac(keys->mac, nonce, ts, TS_OCTETS, confirm);
}

static bool shares_equal(const uint8_t *a, const uint8_t *b)
{
    uint8_t difference = 0;
    for (size_t i = 0; i < X25519_OCTETS; i++) {
        difference |= (uint8_t)(a[i] ^ b[i]);
    }
    return difference == 0;
}

/* What an authentic flight of the peer must still fulfil; Z if it does. */
static enum session_result accept_share(const struct session *session,
                                        const struct share_flight *flight,
                                        const uint8_t scalar[X25519_OCTETS],
                                        const uint8_t own_share[X25519_OCTETS],
                                        uint8_t z[X25519_OCTETS])
{
    if (flight->epoch <= session->peer_epoch) {
        return SESSION_EPOCH_REGRESSION;
    }
    if (shares_equal(flight->share, own_share)) {
        return SESSION_SELF_SHARE;
    }
    return x25519(z, scalar, flight->share) ? SESSION_OK : SESSION_LOW_ORDER_POINT;
}

void session_init(struct session *session, const struct session_identity *identity,
                  enum session_role role, uint64_t peer_epoch)
{
    *session = (struct session){
        .identity = *identity,
        .role = role,
        .state = SESSION_IDLE,
        .peer_epoch = peer_epoch,
    };
}

enum session_result session_start(struct session *session, const uint8_t scalar[X25519_OCTETS],
                                  uint64_t epoch, uint8_t hello[SESSION_HELLO_OCTETS])
{
    if (session->role != SESSION_INITIATOR) {
        return SESSION_WRONG_STATE;
    }
    session->own_epoch = epoch;
    octets_copy(session->own_scalar, scalar, X25519_OCTETS);
    x25519_public(session->own_share, scalar);

    uint8_t t1[SESSION_T1_OCTETS];
    uint8_t nonce[ASCON_NONCE_OCTETS];
    session_write_t1(&session->identity, epoch, session->own_share, t1);
    session_nonce(SESSION_INITIATOR, epoch, nonce);
    octets_copy(hello, session->own_share, X25519_OCTETS);
    store_le64(hello + X25519_OCTETS, epoch);
    ascon_mac(session->identity.key, nonce, t1, sizeof(t1),
              hello + X25519_OCTETS + SESSION_EPOCH_OCTETS);
    session->state = SESSION_WAITING;
    return SESSION_OK;
}

enum session_result session_take_response(struct session *session, const uint8_t *response,
                                          size_t response_octets,
                                          uint8_t confirm[SESSION_CONFIRM_OCTETS])
{
    if (session->role != SESSION_INITIATOR || session->state != SESSION_WAITING) {
        return SESSION_WRONG_STATE;
    }
    if (response_octets != SESSION_RESPONSE_OCTETS) {
        return SESSION_WRONG_LENGTH;
    }
    const struct share_flight flight = read_flight(response);
    uint8_t t2[SESSION_T2_OCTETS];
    uint8_t nonce[ASCON_NONCE_OCTETS];
    session_write_t2(&session->identity, session->own_epoch, flight.epoch, session->own_share,
                     flight.share, t2);
    session_nonce(SESSION_RESPONDER, flight.epoch, nonce);
    if (!ascon_mac_verify(session->identity.key, nonce, t2, sizeof(t2), flight.tag)) {
        return SESSION_BAD_TAG;
    }
    uint8_t z[X25519_OCTETS];
    const enum session_result result =
        accept_share(session, &flight, session->own_scalar, session->own_share, z);
    if (result != SESSION_OK) {
        return result;
    }
    derive(z, t2, &session->keys, confirm);
    octets_zero(session->own_scalar, sizeof(session->own_scalar));
    session->peer_epoch = flight.epoch;
    session->state = SESSION_ESTABLISHED;
    return SESSION_OK;
}

enum session_result session_take_hello(struct session *session, const uint8_t *hello,
                                       size_t hello_octets, const uint8_t scalar[X25519_OCTETS],
                                       uint64_t epoch, uint8_t response[SESSION_RESPONSE_OCTETS])
{
    if (session->role != SESSION_RESPONDER) {
        return SESSION_WRONG_STATE;
    }
    if (hello_octets != SESSION_HELLO_OCTETS) {
        return SESSION_WRONG_LENGTH;
    }
    const struct share_flight flight = read_flight(hello);
    uint8_t t2[SESSION_T2_OCTETS];
    uint8_t nonce[ASCON_NONCE_OCTETS];
    session_write_t1(&session->identity, flight.epoch, flight.share, t2);
    session_nonce(SESSION_INITIATOR, flight.epoch, nonce);
    if (!ascon_mac_verify(session->identity.key, nonce, t2, SESSION_T1_OCTETS, flight.tag)) {
        return SESSION_BAD_TAG;
    }
    uint8_t own_share[X25519_OCTETS];
    uint8_t z[X25519_OCTETS];
    x25519_public(own_share, scalar);
    const enum session_result result = accept_share(session, &flight, scalar, own_share, z);
    if (result != SESSION_OK) {
        return result;
    }
    session_write_t2(&session->identity, flight.epoch, epoch, flight.share, own_share, t2);
    derive(z, t2, &session->keys, session->expected_confirm);

    session_nonce(SESSION_RESPONDER, epoch, nonce);
    octets_copy(response, own_share, X25519_OCTETS);
    store_le64(response + X25519_OCTETS, epoch);
    ascon_mac(session->identity.key, nonce, t2, sizeof(t2),
              response + X25519_OCTETS + SESSION_EPOCH_OCTETS);
    session->peer_epoch = flight.epoch;
    session->state = SESSION_WAITING;
    return SESSION_OK;
}

enum session_result session_take_confirm(struct session *session, const uint8_t *confirm,
                                         size_t confirm_octets)
{
    if (session->role != SESSION_RESPONDER || session->state != SESSION_WAITING) {
        return SESSION_WRONG_STATE;
    }
    if (confirm_octets != SESSION_CONFIRM_OCTETS) {
        return SESSION_WRONG_LENGTH;
    }
    if (!ascon_tag_equal(session->expected_confirm, confirm)) {
        return SESSION_BAD_CONFIRM;
    }
    session->state = SESSION_ESTABLISHED;
    return SESSION_OK;
}
