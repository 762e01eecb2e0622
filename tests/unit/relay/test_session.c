/*
 * The session's handshake: known answers, the errors in their order, and what survives them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kat.h"
#include "relay/session.h"
#include "test_relay.h"

static const struct session_identity identity = {.spi = 0x1234, .channel = 7, .key = {0x11}};
static const uint8_t scalar_i[32] = {0x42, 1}, scalar_r[32] = {0x99, 2};

struct pair {
    struct session initiator, responder;
    uint8_t hello[SESSION_HELLO_OCTETS];
    uint8_t response[SESSION_RESPONSE_OCTETS];
    uint8_t confirm[SESSION_CONFIRM_OCTETS];
};

static struct pair begin(void)
{
    struct pair pair;
    session_init(&pair.initiator, &identity, SESSION_INITIATOR, 200);
    session_init(&pair.responder, &identity, SESSION_RESPONDER, 100);
    CU_ASSERT_EQUAL(session_start(&pair.initiator, scalar_i, 101, pair.hello), SESSION_OK);
    return pair;
}

static enum session_result respond(struct pair *pair)
{
    return session_take_hello(&pair->responder, pair->hello, sizeof(pair->hello), scalar_r, 201,
                              pair->response);
}

static enum session_result confirm(struct pair *pair)
{
    return session_take_response(&pair->initiator, pair->response, sizeof(pair->response),
                                 pair->confirm);
}

static enum session_result finish(struct pair *pair)
{
    return session_take_confirm(&pair->responder, pair->confirm, sizeof(pair->confirm));
}

static void known_handshakes(void)
{
    struct kat kat;
    kat_open(&kat, "handshakes.kat");
    while (kat_next(&kat)) {
        struct session_identity id = {
            .spi = (uint16_t)kat_integer(&kat, "SPI"),
            .channel = (uint8_t)kat_integer(&kat, "Channel"),
        };
        uint8_t i[32], r[32], expected[32];
        struct pair pair;
        kat_octets(&kat, "Identity", id.key);
        kat_octets(&kat, "PrivateI", i);
        kat_octets(&kat, "PrivateR", r);
        session_init(&pair.initiator, &id, SESSION_INITIATOR, 0);
        session_init(&pair.responder, &id, SESSION_RESPONDER, 0);
        CU_ASSERT_EQUAL(session_start(&pair.initiator, i, kat_integer(&kat, "EpochI"), pair.hello),
                        SESSION_OK);
        CU_ASSERT_EQUAL(session_take_hello(&pair.responder, pair.hello, sizeof(pair.hello), r,
                                           kat_integer(&kat, "EpochR"), pair.response),
                        SESSION_OK);
        CU_ASSERT_EQUAL(confirm(&pair), SESSION_OK);
        CU_ASSERT_EQUAL(finish(&pair), SESSION_OK);
        const struct {
            const char *name;
            const uint8_t *ours;
        } values[] = {
            {"ShareI", pair.hello},
            {"EpochI", pair.hello + 32},
            {"TagI", pair.hello + 40},
            {"ShareR", pair.response},
            {"EpochR", pair.response + 32},
            {"TagR", pair.response + 40},
            {"Confirm", pair.confirm},
            {"Encryption", pair.initiator.keys.encryption},
            {"Encryption", pair.responder.keys.encryption},
            {"Mac", pair.initiator.keys.mac},
            {"Mac", pair.responder.keys.mac},
        };
        for (size_t n = 0; n < sizeof(values) / sizeof(values[0]); n++) {
            const size_t octets = kat_octets(&kat, values[n].name, expected);
            CU_ASSERT_EQUAL(memcmp(values[n].ours, expected, octets), 0);
        }
        CU_ASSERT_EQUAL(pair.initiator.state, SESSION_ESTABLISHED);
        CU_ASSERT_EQUAL(pair.responder.state, SESSION_ESTABLISHED);
    }
}

/* Every bit of every flight counts, and a refused flight leaves the machine as it was. */
static void tampered_flights_are_refused(void)
{
    struct pair pair = begin();
    for (size_t bit = 0; bit < 8 * sizeof(pair.hello); bit++) {
        pair.hello[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CU_ASSERT_EQUAL(respond(&pair), SESSION_BAD_TAG);
        pair.hello[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    CU_ASSERT_EQUAL(pair.responder.state, SESSION_IDLE);
    CU_ASSERT_EQUAL(respond(&pair), SESSION_OK);
    for (size_t bit = 0; bit < 8 * sizeof(pair.response); bit++) {
        pair.response[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CU_ASSERT_EQUAL(confirm(&pair), SESSION_BAD_TAG);
        pair.response[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    CU_ASSERT_EQUAL(confirm(&pair), SESSION_OK);
    for (size_t bit = 0; bit < 8 * sizeof(pair.confirm); bit++) {
        pair.confirm[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CU_ASSERT_EQUAL(finish(&pair), SESSION_BAD_CONFIRM);
        CU_ASSERT_EQUAL(pair.responder.state, SESSION_WAITING);
        pair.confirm[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    CU_ASSERT_EQUAL(finish(&pair), SESSION_OK);
}

static void flights_of_a_wrong_length(void)
{
    struct pair pair = begin();
    CU_ASSERT_EQUAL(
        session_take_hello(&pair.responder, pair.hello, 55, scalar_r, 201, pair.response),
        SESSION_WRONG_LENGTH);
    CU_ASSERT_EQUAL(respond(&pair), SESSION_OK);
    CU_ASSERT_EQUAL(session_take_response(&pair.initiator, pair.response, 57, pair.confirm),
                    SESSION_WRONG_LENGTH);
    CU_ASSERT_EQUAL(confirm(&pair), SESSION_OK);
    CU_ASSERT_EQUAL(session_take_confirm(&pair.responder, pair.confirm, 15), SESSION_WRONG_LENGTH);
    CU_ASSERT_EQUAL(finish(&pair), SESSION_OK);
}

static void flights_out_of_turn(void)
{
    struct pair pair = begin();
    CU_ASSERT_EQUAL(session_start(&pair.responder, scalar_i, 1, pair.hello), SESSION_WRONG_STATE);
    CU_ASSERT_EQUAL(session_take_hello(&pair.initiator, pair.hello, sizeof(pair.hello), scalar_r, 1,
                                       pair.response),
                    SESSION_WRONG_STATE);
    CU_ASSERT_EQUAL(finish(&pair), SESSION_WRONG_STATE); /* Confirm before Hello */
    CU_ASSERT_EQUAL(respond(&pair), SESSION_OK);
    CU_ASSERT_EQUAL(confirm(&pair), SESSION_OK);
    CU_ASSERT_EQUAL(confirm(&pair), SESSION_WRONG_STATE); /* Response twice */
    CU_ASSERT_EQUAL(finish(&pair), SESSION_OK);
    CU_ASSERT_EQUAL(finish(&pair), SESSION_WRONG_STATE); /* Confirm twice */
}

/* A flight that has been accepted, or is older, is not accepted again. */
static void epoch_regression(void)
{
    struct pair pair = begin();
    CU_ASSERT_EQUAL(respond(&pair), SESSION_OK);
    CU_ASSERT_EQUAL(respond(&pair), SESSION_EPOCH_REGRESSION);
    CU_ASSERT_EQUAL(confirm(&pair), SESSION_OK);
    CU_ASSERT_EQUAL(finish(&pair), SESSION_OK);
    CU_ASSERT_EQUAL(session_start(&pair.initiator, scalar_i, 100, pair.hello), SESSION_OK);
    CU_ASSERT_EQUAL(respond(&pair), SESSION_EPOCH_REGRESSION);
    CU_ASSERT_EQUAL(pair.responder.state, SESSION_ESTABLISHED);
    /* the responder's epoch, at the initiator */
    CU_ASSERT_EQUAL(session_start(&pair.initiator, scalar_i, 102, pair.hello), SESSION_OK);
    CU_ASSERT_EQUAL(respond(&pair), SESSION_OK);
    CU_ASSERT_EQUAL(confirm(&pair), SESSION_EPOCH_REGRESSION);
}

/* Two nodes with one share: a reflection. */
static void self_share(void)
{
    struct pair pair = begin();
    CU_ASSERT_EQUAL(session_take_hello(&pair.responder, pair.hello, sizeof(pair.hello), scalar_i,
                                       201, pair.response),
                    SESSION_SELF_SHARE);
    CU_ASSERT_EQUAL(pair.responder.state, SESSION_IDLE);
    CU_ASSERT_EQUAL(pair.responder.peer_epoch, 100);
}

/* A holder of the identity key who sends a point of low order. */
static void low_order_point(void)
{
    struct pair pair = begin();
    const uint8_t zero[32] = {0};
    uint8_t t1[SESSION_T1_OCTETS], nonce[16];
    session_write_t1(&identity, 101, zero, t1);
    session_nonce(SESSION_INITIATOR, 101, nonce);
    memcpy(pair.hello, zero, 32);
    ascon_mac(identity.key, nonce, t1, sizeof(t1), pair.hello + 40);
    CU_ASSERT_EQUAL(respond(&pair), SESSION_LOW_ORDER_POINT);
    CU_ASSERT_EQUAL(pair.responder.state, SESSION_IDLE);

    pair = begin();
    uint8_t t2[SESSION_T2_OCTETS];
    CU_ASSERT_EQUAL(respond(&pair), SESSION_OK);
    session_write_t2(&identity, 101, 201, pair.hello, zero, t2);
    session_nonce(SESSION_RESPONDER, 201, nonce);
    memcpy(pair.response, zero, 32);
    ascon_mac(identity.key, nonce, t2, sizeof(t2), pair.response + 40);
    CU_ASSERT_EQUAL(confirm(&pair), SESSION_LOW_ORDER_POINT);
}

/* Roles and epochs that differ give nonces that differ, and none that the key schedule uses. */
static void sec_k13_handshake_nonce_injective(void)
{
    for (unsigned bit = 0; bit < 64; bit++) {
        uint8_t nonce[16], other[16];
        const uint64_t epoch = test_random();
        session_nonce(SESSION_INITIATOR, epoch, nonce);
        session_nonce(SESSION_INITIATOR, epoch ^ (uint64_t)1 << bit, other);
        CU_ASSERT_NOT_EQUAL(memcmp(nonce, other, 16), 0);
        CU_ASSERT_EQUAL(memcmp(nonce, other, 8), 0);
        session_nonce(SESSION_RESPONDER, epoch, other);
        CU_ASSERT_EQUAL(nonce[0], 1);
        CU_ASSERT_EQUAL(other[0], 2);
        CU_ASSERT_EQUAL(memcmp(nonce + 1, other + 1, 15), 0);
    }
}

/* Every input octet is in the transcript, once; every octet of the transcript is written. */
static void sec_k14_transcript_writer_total(void)
{
    uint8_t share_i[32], share_r[32], t1[SESSION_T1_OCTETS], t2[SESSION_T2_OCTETS];
    memset(share_i, 0xe1, 32);
    memset(share_r, 0xe2, 32);
    for (unsigned fill = 0; fill < 256; fill += 255) {
        memset(t1, (int)fill, sizeof(t1));
        memset(t2, (int)fill, sizeof(t2));
        session_write_t1(&identity, 0x0807060504030201, share_i, t1);
        session_write_t2(&identity, 0x0807060504030201, 0x100f0e0d0c0b0a09, share_i, share_r, t2);
        CU_ASSERT_EQUAL(memcmp(t1, "relay-sec/x25519/v1\x34\x12\x07\1\2\3\4\5\6\7\x08", 30), 0);
        CU_ASSERT_EQUAL(memcmp(t1 + 30, share_i, 32), 0);
        CU_ASSERT_EQUAL(memcmp(t2, t1, 30), 0);
        CU_ASSERT_EQUAL(memcmp(t2 + 30, "\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10", 8), 0);
        CU_ASSERT_EQUAL(memcmp(t2 + 38, share_i, 32), 0);
        CU_ASSERT_EQUAL(memcmp(t2 + 70, share_r, 32), 0);
    }
}

CU_TestInfo session_tests[] = {
    {"known handshakes", known_handshakes},
    {"tampered flights are refused", tampered_flights_are_refused},
    {"flights of a wrong length", flights_of_a_wrong_length},
    {"flights out of turn", flights_out_of_turn},
    {"epoch regression", epoch_regression},
    {"self share", self_share},
    {"low-order point", low_order_point},
    {"SEC-K13 handshake nonce injective", sec_k13_handshake_nonce_injective},
    {"SEC-K14 transcript writer total", sec_k14_transcript_writer_total},
    CU_TEST_INFO_NULL,
};
