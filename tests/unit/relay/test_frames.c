/*
 * relay-sec frames in both modes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kat.h"
#include "relay/relaysec.h"
#include "test_relay.h"

#define FOREACH_MODE(mode) \
    for (enum relaysec_mode mode = RELAYSEC_MODE_MAC; mode <= RELAYSEC_MODE_AEAD; mode++)

static struct relaysec_association association_of(const struct kat *kat)
{
    struct relaysec_association association = {
        .spi = (uint16_t)kat_integer(kat, "SPI"),
        .mode = strcmp(kat_text(kat, "Mode"), "aead") == 0 ? RELAYSEC_MODE_AEAD : RELAYSEC_MODE_MAC,
    };
    kat_octets(kat, "Key", association.key);
    return association;
}

static void known_frames(void)
{
    struct kat kat;
    unsigned cases = 0;
    kat_open(&kat, "relay-sec.kat");
    while (kat_next(&kat)) {
        struct relaysec_receiver receiver = {.association = association_of(&kat)};
        const struct relaysec_header header = {
            .spi = receiver.association.spi,
            .channel = (uint8_t)kat_integer(&kat, "Channel"),
            .counter = kat_integer(&kat, "Counter"),
        };
        uint8_t payload[128], expected[160], frame[160];
        const size_t payload_octets = kat_octets(&kat, "Payload", payload);
        const size_t frame_octets = kat_octets(&kat, "Frame", expected);
        CU_ASSERT_EQUAL_FATAL(frame_octets, payload_octets + RELAYSEC_OVERHEAD_OCTETS);
        relaysec_seal_with(&receiver.association, &header, payload, payload_octets, frame);
        CU_ASSERT_EQUAL(memcmp(frame, expected, frame_octets), 0);

        struct relaysec_opened opened;
        const enum relaysec_verdict verdict =
            relaysec_open(&receiver, 1, expected, frame_octets, &opened);
        if (payload_octets == 0) { /* the same frame in both modes: refused */
            CU_ASSERT_EQUAL(verdict, RELAYSEC_TOO_SHORT);
            continue;
        }
        CU_ASSERT_EQUAL_FATAL(verdict, RELAYSEC_ACCEPTED);
        CU_ASSERT_EQUAL(opened.payload_octets, payload_octets);
        CU_ASSERT_EQUAL(memcmp(opened.payload, payload, payload_octets), 0);
        CU_ASSERT_EQUAL(opened.header.counter, header.counter);
        CU_ASSERT_EQUAL(opened.header.channel, header.channel);
        CU_ASSERT_PTR_EQUAL(opened.receiver, &receiver);
        cases++;
    }
    CU_ASSERT(cases > 10);
}

static struct relaysec_association association(enum relaysec_mode mode, uint16_t spi)
{
    struct relaysec_association made = {.spi = spi, .mode = mode};
    for (size_t i = 0; i < sizeof(made.key); i++) {
        made.key[i] = (uint8_t)(spi * 7u + i);
    }
    return made;
}

static size_t seal(enum relaysec_mode mode, uint16_t spi, uint64_t counter, uint8_t *frame)
{
    const struct relaysec_association with = association(mode, spi);
    const struct relaysec_header header = {.spi = spi, .channel = 1, .counter = counter};
    relaysec_seal_with(&with, &header, (const uint8_t *)"payload", 7, frame);
    return 7 + RELAYSEC_OVERHEAD_OCTETS;
}

static enum relaysec_verdict open(struct relaysec_receiver *receiver, enum relaysec_mode mode,
                                  uint16_t spi, uint64_t counter)
{
    uint8_t frame[64];
    struct relaysec_opened opened;
    const size_t octets = seal(mode, spi, counter, frame);
    return relaysec_open(receiver, 1, frame, octets, &opened);
}

/* Verdicts in the order of the receiver: a frame with several faults has the first one. */
static void verdicts_in_order(void)
{
    FOREACH_MODE(mode)
    {
        struct relaysec_receiver receiver = {.association = association(mode, 5)};
        uint8_t frame[64] = {0};
        struct relaysec_opened opened;
        CU_ASSERT_EQUAL(relaysec_open(&receiver, 1, frame, 27, &opened), RELAYSEC_TOO_SHORT);
        CU_ASSERT_EQUAL(relaysec_open(&receiver, 1, frame, 28, &opened), RELAYSEC_UNKNOWN_SPI);
        CU_ASSERT_EQUAL(open(&receiver, mode, 6, 1), RELAYSEC_UNKNOWN_SPI);
        CU_ASSERT_EQUAL(open(&receiver, mode, 5, 200), RELAYSEC_ACCEPTED);
        CU_ASSERT_EQUAL(open(&receiver, mode, 5, 200), RELAYSEC_REPLAY);
        CU_ASSERT_EQUAL(open(&receiver, mode, 5, 0), RELAYSEC_REPLAY);
        CU_ASSERT_EQUAL(open(&receiver, mode, 5, 137), RELAYSEC_ACCEPTED);
        CU_ASSERT_EQUAL(open(&receiver, mode, 5, 136), RELAYSEC_TOO_OLD);
        const size_t octets = seal(mode, 5, 200, frame);
        frame[octets - 1] ^= 1; /* a replay with a wrong tag is a wrong tag */
        CU_ASSERT_EQUAL(relaysec_open(&receiver, 1, frame, octets, &opened), RELAYSEC_BAD_MAC);
    }
}

/* Nothing that is not authentic moves the window. */
static void window_changes_only_after_authentication(void)
{
    FOREACH_MODE(mode)
    {
        struct relaysec_receiver receiver = {
            .association = association(mode, 5),
            .window = {.highest = 100, .seen = 1},
        };
        uint8_t frame[64];
        struct relaysec_opened opened;
        const size_t octets = seal(mode, 5, 200, frame);
        for (size_t bit = 0; bit < 8 * octets; bit++) {
            uint8_t tampered[64];
            memcpy(tampered, frame, octets);
            tampered[bit / 8] ^= (uint8_t)(1u << bit % 8);
            CU_ASSERT_EQUAL(relaysec_open(&receiver, 1, tampered, octets, &opened),
                            bit < 16 ? RELAYSEC_UNKNOWN_SPI : RELAYSEC_BAD_MAC);
            CU_ASSERT_EQUAL(receiver.window.highest, 100);
            CU_ASSERT_EQUAL(receiver.window.seen, 1);
        }
        CU_ASSERT_EQUAL(open(&receiver, mode, 5, 100), RELAYSEC_REPLAY);
        CU_ASSERT_EQUAL(open(&receiver, mode, 5, 1), RELAYSEC_TOO_OLD);
        CU_ASSERT_EQUAL(receiver.window.highest, 100);
        CU_ASSERT_EQUAL(receiver.window.seen, 1);
    }
}

/* A frame that is cut or longer is not authentic. */
static void truncated_and_extended_frames(void)
{
    FOREACH_MODE(mode)
    {
        struct relaysec_receiver receiver = {.association = association(mode, 5)};
        uint8_t frame[64] = {0};
        for (size_t octets = 28; octets < sizeof(frame); octets++) {
            struct relaysec_opened opened;
            const size_t whole = seal(mode, 5, 1, frame);
            if (octets != whole) {
                CU_ASSERT_EQUAL(relaysec_open(&receiver, 1, frame, octets, &opened),
                                RELAYSEC_BAD_MAC);
            }
        }
    }
}

/* The counter is incremented before use, 0 is never sent, and the last counter is the last. */
static void send_counter(void)
{
    struct relaysec_sender sender = {.association = association(RELAYSEC_MODE_AEAD, 5)};
    uint8_t payload[RELAYSEC_PAYLOAD_OCTETS_MAX + 1] = {0};
    uint8_t frame[RELAYSEC_FRAME_OCTETS_MAX];
    CU_ASSERT_EQUAL(relaysec_seal(&sender, payload, 0, frame), RELAYSEC_EMPTY_PAYLOAD);
    CU_ASSERT_EQUAL(relaysec_seal(&sender, payload, sizeof(payload), frame),
                    RELAYSEC_PAYLOAD_TOO_LONG);
    CU_ASSERT_EQUAL(sender.counter, 0);
    CU_ASSERT_EQUAL(relaysec_seal(&sender, payload, sizeof(payload) - 1, frame), RELAYSEC_SEALED);
    CU_ASSERT_EQUAL(relaysec_header_read(frame).counter, 1);
    CU_ASSERT_EQUAL(relaysec_seal(&sender, payload, 1, frame), RELAYSEC_SEALED);
    CU_ASSERT_EQUAL(relaysec_header_read(frame).counter, 2);

    sender.counter = UINT64_MAX - 1;
    CU_ASSERT_EQUAL(relaysec_seal(&sender, payload, 1, frame), RELAYSEC_SEALED);
    memset(frame, 0xa5, sizeof(frame));
    CU_ASSERT_EQUAL(relaysec_seal(&sender, payload, 1, frame), RELAYSEC_COUNTER_EXHAUSTED);
    CU_ASSERT_EQUAL(sender.counter, UINT64_MAX);
    CU_ASSERT_EQUAL(frame[0], 0xa5);
}

/* Any eleven octets are a header, and reading takes every one of them into account. */
static void sec_k07_header_parse_total(void)
{
    uint8_t octets[RELAYSEC_HEADER_OCTETS] = {0};
    for (size_t bit = 0; bit < 8 * sizeof(octets); bit++) {
        octets[bit / 8] = (uint8_t)(1u << bit % 8);
        const struct relaysec_header header = relaysec_header_read(octets);
        const bool in_spi = bit < 16, in_channel = bit >= 16 && bit < 24;
        CU_ASSERT_EQUAL(header.spi, in_spi ? 1u << bit : 0);
        CU_ASSERT_EQUAL(header.channel, in_channel ? 1u << (bit - 16) : 0);
        CU_ASSERT_EQUAL(header.counter, bit >= 24 ? (uint64_t)1 << (bit - 24) : 0);
        octets[bit / 8] = 0;
    }
}

static void sec_k08_header_round_trip(void)
{
    for (unsigned n = 0; n < 1000; n++) {
        const struct relaysec_header header = {
            .spi = (uint16_t)test_random(),
            .channel = (uint8_t)test_random(),
            .counter = test_random(),
        };
        uint8_t octets[RELAYSEC_HEADER_OCTETS], again[RELAYSEC_HEADER_OCTETS];
        relaysec_header_write(&header, octets);
        const struct relaysec_header read = relaysec_header_read(octets);
        CU_ASSERT_EQUAL(read.spi, header.spi);
        CU_ASSERT_EQUAL(read.channel, header.channel);
        CU_ASSERT_EQUAL(read.counter, header.counter);
        relaysec_header_write(&read, again);
        CU_ASSERT_EQUAL(memcmp(octets, again, sizeof(octets)), 0);
    }
}

/* Header and nonce determine each other, so different frames have different nonces. */
static void sec_k09_nonce_injective(void)
{
    for (size_t bit = 0; bit < 8 * RELAYSEC_HEADER_OCTETS; bit++) {
        uint8_t header[RELAYSEC_HEADER_OCTETS], nonce[16], other[16];
        const uint8_t zeros[5] = {0};
        for (size_t i = 0; i < sizeof(header); i++) {
            header[i] = (uint8_t)test_random();
        }
        relaysec_nonce(header, nonce);
        CU_ASSERT_EQUAL(memcmp(nonce, header, sizeof(header)), 0);
        CU_ASSERT_EQUAL(memcmp(nonce + sizeof(header), zeros, 5), 0);
        header[bit / 8] ^= (uint8_t)(1u << bit % 8);
        relaysec_nonce(header, other);
        CU_ASSERT_NOT_EQUAL(memcmp(nonce, other, 16), 0);
    }
}

/* Arbitrary octets of every length: a verdict, no access outside (the sanitizers see to that). */
static void verify_total(enum relaysec_mode mode)
{
    struct relaysec_receiver receiver = {.association = association(mode, 0x0505)};
    for (size_t octets = 0; octets <= RELAYSEC_FRAME_OCTETS_MAX; octets++) {
        for (unsigned n = 0; n < 8; n++) {
            uint8_t frame[RELAYSEC_FRAME_OCTETS_MAX];
            for (size_t i = 0; i < octets; i++) {
                frame[i] = i < 2 && n % 2 == 0 ? 5 : (uint8_t)test_random();
            }
            struct relaysec_opened opened;
            const enum relaysec_verdict verdict =
                relaysec_open(&receiver, 1, frame, octets, &opened);
            CU_ASSERT_EQUAL(verdict, octets < 28  ? RELAYSEC_TOO_SHORT
                                     : n % 2 == 0 ? RELAYSEC_BAD_MAC
                                                  : RELAYSEC_UNKNOWN_SPI);
        }
    }
}

static void sec_k10_verify_total(void)
{
    verify_total(RELAYSEC_MODE_MAC);
}

static void sec_k12_aead_verify_total(void)
{
    verify_total(RELAYSEC_MODE_AEAD);
}

static void sec_k11_round_trip(void)
{
    FOREACH_MODE(mode)
    {
        struct relaysec_sender sender = {.association = association(mode, 9), .channel = 3};
        struct relaysec_receiver receiver = {.association = association(mode, 9)};
        for (size_t octets = 1; octets <= RELAYSEC_PAYLOAD_OCTETS_MAX; octets++) {
            uint8_t payload[RELAYSEC_PAYLOAD_OCTETS_MAX], frame[RELAYSEC_FRAME_OCTETS_MAX];
            for (size_t i = 0; i < octets; i++) {
                payload[i] = (uint8_t)test_random();
            }
            struct relaysec_opened opened;
            CU_ASSERT_EQUAL(relaysec_seal(&sender, payload, octets, frame), RELAYSEC_SEALED);
            CU_ASSERT_EQUAL_FATAL(
                relaysec_open(&receiver, 1, frame, octets + RELAYSEC_OVERHEAD_OCTETS, &opened),
                RELAYSEC_ACCEPTED);
            CU_ASSERT_EQUAL(opened.payload_octets, octets);
            CU_ASSERT_EQUAL(memcmp(opened.payload, payload, octets), 0);
        }
    }
}

/* Two associations at one receiver: a frame is judged by the key of its SPI and no other. */
static void sec_k15_never_under_another_spi_key(void)
{
    FOREACH_MODE(mode)
    {
        struct relaysec_receiver receivers[2] = {
            {.association = association(mode, 1)},
            {.association = association(mode, 2)},
        };
        uint8_t frame[64];
        struct relaysec_opened opened;
        for (uint16_t spi = 1; spi <= 2; spi++) {
            size_t octets = seal(mode, spi, 7, frame);
            frame[0] = (uint8_t)(3 - spi); /* the other's SPI on it */
            CU_ASSERT_EQUAL(relaysec_open(receivers, 2, frame, octets, &opened), RELAYSEC_BAD_MAC);

            /* sealed under the other's key with this SPI in the header */
            const struct relaysec_association other = association(mode, (uint16_t)(3 - spi));
            const struct relaysec_header header = {.spi = spi, .channel = 1, .counter = 7};
            relaysec_seal_with(&other, &header, (const uint8_t *)"payload", 7, frame);
            CU_ASSERT_EQUAL(relaysec_open(receivers, 2, frame, octets, &opened), RELAYSEC_BAD_MAC);

            octets = seal(mode, spi, 7, frame);
            CU_ASSERT_EQUAL(relaysec_open(receivers, 2, frame, octets, &opened), RELAYSEC_ACCEPTED);
            CU_ASSERT_PTR_EQUAL(opened.receiver, &receivers[spi - 1]);
        }
    }
}

CU_TestInfo frame_tests[] = {
    {"known frames", known_frames},
    {"verdicts in order", verdicts_in_order},
    {"window changes only after authentication", window_changes_only_after_authentication},
    {"truncated and extended frames", truncated_and_extended_frames},
    {"send counter", send_counter},
    {"SEC-K07 header parse total", sec_k07_header_parse_total},
    {"SEC-K08 header write/parse round trip", sec_k08_header_round_trip},
    {"SEC-K09 nonce injective", sec_k09_nonce_injective},
    {"SEC-K10 verify total", sec_k10_verify_total},
    {"SEC-K11 wrap/verify round trip", sec_k11_round_trip},
    {"SEC-K12 AEAD verify total", sec_k12_aead_verify_total},
    {"SEC-K15 never under another SPI's key", sec_k15_never_under_another_spi_key},
    CU_TEST_INFO_NULL,
};
