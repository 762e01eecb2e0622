/*
 * COBS, CCSDS, packets, and the endpoint that joins them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kat.h"
#include "relay/endpoint.h"
#include "test_relay.h"

/* Feed @octets; the events that were not NOTHING, and the last frame's length. */
static unsigned feed(struct cobs_decoder *decoder, const uint8_t *octets, size_t count,
                     enum cobs_event *event)
{
    unsigned events = 0;
    for (size_t i = 0; i < count; i++) {
        const enum cobs_event now = cobs_decode(decoder, octets[i]);
        if (now != COBS_NOTHING) {
            *event = now;
            events++;
        }
    }
    return events;
}

static void cobs_known_answers(void)
{
    struct kat kat;
    kat_open(&kat, "cobs.kat");
    while (kat_next(&kat)) {
        uint8_t plain[KAT_OCTETS_MAX], expected[KAT_OCTETS_MAX], encoded[KAT_OCTETS_MAX];
        const size_t plain_octets = kat_octets(&kat, "Plain", plain);
        const size_t expected_octets = kat_octets(&kat, "Encoded", expected);
        const size_t encoded_octets = cobs_encode(plain, plain_octets, encoded);
        CU_ASSERT_EQUAL(encoded_octets, expected_octets);
        CU_ASSERT_EQUAL(memcmp(encoded, expected, expected_octets), 0);
        CU_ASSERT(encoded_octets <= COBS_ENCODED_OCTETS_MAX(plain_octets));
        CU_ASSERT_PTR_NULL(memchr(encoded, 0, encoded_octets));

        struct cobs_decoder decoder;
        enum cobs_event event = COBS_NOTHING;
        cobs_decoder_init(&decoder);
        feed(&decoder, (const uint8_t *)"", 1, &event);
        feed(&decoder, encoded, encoded_octets, &event);
        feed(&decoder, (const uint8_t *)"", 1, &event);
        CU_ASSERT_EQUAL(event, plain_octets <= COBS_FRAME_OCTETS_MAX ? COBS_FRAME : COBS_TOO_LONG);
        if (event == COBS_FRAME) {
            CU_ASSERT_EQUAL(decoder.octet_count, plain_octets);
            CU_ASSERT_EQUAL(memcmp(decoder.octets, plain, plain_octets), 0);
        }
    }
}

/* Hunting at first; every error is told once; the next frame comes through. */
static void cobs_resynchronises(void)
{
    static const struct {
        const char *octets;
        size_t count;
        unsigned events;
        enum cobs_event last;
    } cases[] = {
        {"\3ab\0", 4, 0, COBS_NOTHING},          /* no delimiter before */
        {"\3ab\0\3cd\0", 8, 1, COBS_FRAME},      /* the first is not seen, the second is */
        {"\0\0\0\0", 4, 0, COBS_NOTHING},        /* silence */
        {"\0\3ab\0", 5, 1, COBS_FRAME},          /* whole */
        {"\0\4ab\0", 5, 1, COBS_MALFORMED},      /* cut */
        {"\0\4ab\0\3cd\0", 9, 2, COBS_FRAME},    /* and what follows is whole */
        {"\0\3ab\0\0\3cd\0", 10, 2, COBS_FRAME}, /* two delimiters between */
        {"\0\1\0", 3, 1, COBS_FRAME},            /* a frame of nothing */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cobs_decoder decoder;
        enum cobs_event last = COBS_NOTHING;
        cobs_decoder_init(&decoder);
        CU_ASSERT_EQUAL(feed(&decoder, (const uint8_t *)cases[i].octets, cases[i].count, &last),
                        cases[i].events);
        CU_ASSERT_EQUAL(last, cases[i].last);
    }
}

/* 128 octets are a frame, 129 are none; the rest is dropped up to the delimiter. */
static void cobs_longest_frame(void)
{
    for (size_t octets = 127; octets <= 140; octets++) {
        uint8_t plain[140], framed[160];
        memset(plain, 7, sizeof(plain));
        plain[octets / 2] = 0;
        struct cobs_decoder decoder;
        enum cobs_event event = COBS_NOTHING;
        cobs_decoder_init(&decoder);
        const size_t count = cobs_frame(plain, octets, framed);
        CU_ASSERT_EQUAL(feed(&decoder, framed, count, &event), 1);
        CU_ASSERT_EQUAL(event, octets <= 128 ? COBS_FRAME : COBS_TOO_LONG);
        CU_ASSERT_EQUAL(feed(&decoder, framed + 1, count - 1, &event), 1);
    }
}

/* A driver that has lost octets: the frame under way is gone, the next one is not. */
static void cobs_lost_sync(void)
{
    struct cobs_decoder decoder;
    enum cobs_event event = COBS_NOTHING;
    cobs_decoder_init(&decoder);
    feed(&decoder, (const uint8_t *)"\0\4a", 3, &event);
    CU_ASSERT(cobs_decoder_lost_sync(&decoder));
    CU_ASSERT_FALSE(cobs_decoder_lost_sync(&decoder));
    CU_ASSERT_EQUAL(feed(&decoder, (const uint8_t *)"bc\0\3de\0", 7, &event), 1);
    CU_ASSERT_EQUAL(decoder.octet_count, 2);
    CU_ASSERT_EQUAL(memcmp(decoder.octets, "de", 2), 0);
}

/* Any octets: events, and never an access outside of the frame. */
static void cobs_decoder_total(void)
{
    struct cobs_decoder decoder;
    cobs_decoder_init(&decoder);
    for (unsigned n = 0; n < 200000; n++) {
        const uint64_t random = test_random();
        const uint8_t octet = random % 97 == 0 ? 0 : (uint8_t)(random >> 8);
        if (cobs_decode(&decoder, octet) == COBS_FRAME) {
            CU_ASSERT(decoder.octet_count <= COBS_FRAME_OCTETS_MAX);
        }
    }
}

static void ccsds_known_answers(void)
{
    struct kat kat;
    kat_open(&kat, "ccsds.kat");
    while (kat_next(&kat)) {
        uint8_t expected[KAT_OCTETS_MAX], octets[CCSDS_HEADER_OCTETS], data[KAT_OCTETS_MAX];
        const size_t packet_octets = kat_octets(&kat, "Packet", expected);
        const struct ccsds_header header = {
            .telecommand = kat_integer(&kat, "Telecommand") != 0,
            .apid = (uint16_t)kat_integer(&kat, "APID"),
            .sequence_flags = (uint8_t)kat_integer(&kat, "Flags"),
            .sequence_count = (uint16_t)kat_integer(&kat, "Count"),
            .data_octets = (uint32_t)kat_octets(&kat, "Data", data),
        };
        CU_ASSERT_EQUAL(ccsds_encode(&header, octets), CCSDS_OK);
        CU_ASSERT_EQUAL(memcmp(octets, expected, sizeof(octets)), 0);
        struct ccsds_header read;
        CU_ASSERT_EQUAL(ccsds_decode(expected, packet_octets, &read), CCSDS_OK);
        CU_ASSERT_EQUAL(read.apid, header.apid);
    }
}

static void ccsds_p01_round_trip(void)
{
    static uint8_t packet[CCSDS_HEADER_OCTETS + 70000];
    for (unsigned n = 0; n < 4000; n++) {
        const uint64_t random = test_random();
        const struct ccsds_header header = {
            .telecommand = random & 1,
            .secondary_header = random >> 1 & 1,
            .apid = random >> 8 & CCSDS_APID_MAX,
            .sequence_flags = random >> 2 & 3,
            .sequence_count = random >> 24 & CCSDS_SEQUENCE_COUNT_MAX,
            .data_octets = n < 2 ? 1 + n * 65535u : 1 + (random >> 40 & 0xffff),
        };
        struct ccsds_header read;
        CU_ASSERT_EQUAL(ccsds_encode(&header, packet), CCSDS_OK);
        CU_ASSERT_EQUAL_FATAL(ccsds_decode(packet, CCSDS_HEADER_OCTETS + header.data_octets, &read),
                              CCSDS_OK);
        CU_ASSERT_EQUAL(read.telecommand, header.telecommand);
        CU_ASSERT_EQUAL(read.secondary_header, header.secondary_header);
        CU_ASSERT_EQUAL(read.apid, header.apid);
        CU_ASSERT_EQUAL(read.sequence_flags, header.sequence_flags);
        CU_ASSERT_EQUAL(read.sequence_count, header.sequence_count);
        CU_ASSERT_EQUAL(read.data_octets, header.data_octets);
    }
}

/* All values of the first octet and of the length, every short length of the buffer. */
static void ccsds_p02_decode_total(void)
{
    uint8_t packet[CCSDS_HEADER_OCTETS + 8] = {0};
    struct ccsds_header header;
    for (size_t octets = 0; octets <= sizeof(packet); octets++) {
        for (unsigned first = 0; first < 256; first++) {
            for (unsigned length = 0; length < 16; length++) {
                packet[0] = (uint8_t)first;
                packet[5] = (uint8_t)length;
                const enum ccsds_result expected = octets < 6             ? CCSDS_TOO_SHORT
                                                   : octets == 6          ? CCSDS_EMPTY
                                                   : first >= 32          ? CCSDS_BAD_VERSION
                                                   : length + 7 != octets ? CCSDS_LENGTH_MISMATCH
                                                                          : CCSDS_OK;
                CU_ASSERT_EQUAL(ccsds_decode(packet, octets, &header), expected);
            }
        }
    }
}

static void ccsds_encode_refuses_what_does_not_fit(void)
{
    const struct ccsds_header good = {
        .apid = CCSDS_APID_MAX, .sequence_flags = 3, .data_octets = 1};
    uint8_t octets[CCSDS_HEADER_OCTETS];
    struct ccsds_header bad[5] = {good, good, good, good, good};
    bad[0].apid++;
    bad[1].sequence_flags = 4;
    bad[2].sequence_count = CCSDS_SEQUENCE_COUNT_MAX + 1;
    bad[3].data_octets = 0;
    bad[4].data_octets = CCSDS_DATA_OCTETS_MAX + 1;
    CU_ASSERT_EQUAL(ccsds_encode(&good, octets), CCSDS_OK);
    for (size_t i = 0; i < 5; i++) {
        CU_ASSERT_EQUAL(ccsds_encode(&bad[i], octets), CCSDS_OUT_OF_RANGE);
    }
}

static void fill(void *octets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ((uint8_t *)octets)[i] = (uint8_t)test_random();
    }
}

/* A random payload of @type with a channel count that is allowed. */
static union packet_payload some_payload(const struct packet_type *type)
{
    union packet_payload payload;
    fill(&payload, sizeof(payload));
    if (type->apid == PACKET_ACTUATOR_CMD) {
        payload.actuator_cmd.n = 8;
    } else if (type->apid == PACKET_RC_INPUT) {
        payload.rc_input.n = 16;
    }
    return payload;
}

/* Every type of the table: what is encoded is decoded, and no other length is taken. */
static void packets_round_trip(void)
{
    const struct packet_type *type;
    for (size_t index = 0; (type = packet_type_at(index)) != NULL; index++) {
        CU_ASSERT_PTR_EQUAL(packet_type_find(type->apid), type);
        uint8_t octets[PACKET_OCTETS_MAX + 1] = {0}, again[PACKET_OCTETS_MAX];
        const union packet_payload payload = some_payload(type);
        const size_t count = packet_encode(type, (uint16_t)(0x4000 + index), &payload, octets);
        CU_ASSERT_EQUAL_FATAL(count, 6u + type->payload_octets);
        struct packet packet;
        CU_ASSERT_EQUAL_FATAL(packet_decode(octets, count, &packet), PACKET_OK);
        CU_ASSERT_PTR_EQUAL(packet.type, type);
        CU_ASSERT_EQUAL(packet.sequence_count, index);
        CU_ASSERT_EQUAL(packet_encode(type, packet.sequence_count, &packet.payload, again), count);
        CU_ASSERT_EQUAL(memcmp(octets, again, count), 0);
        for (unsigned longer = 0; longer < 2; longer++) {
            octets[5] = (uint8_t)(type->payload_octets - 2 + 2 * longer);
            CU_ASSERT_EQUAL(packet_decode(octets, count - 1 + 2 * longer, &packet),
                            PACKET_WRONG_LENGTH);
        }
    }
}

/* The layouts of docs/wire-formats.md, octet by octet. */
static void packets_layout(void)
{
    static const union packet_payload command = {
        .actuator_cmd = {.time_us = 0x04030201,
                         .flags = 5,
                         .n = 8,
                         .pwm_us = {0x0807, 0x0a09, 0, 0xffff, 1, 2, 3, 0x1817}}};
    uint8_t octets[PACKET_OCTETS_MAX];
    const uint8_t expected[] = {0x10, 0x10, 0xc0, 0x09, 0x00, 0x15, 1, 2, 3, 4, 5, 8, 7,    8,
                                9,    10,   0,    0,    0xff, 0xff, 1, 0, 2, 0, 3, 0, 0x17, 0x18};
    CU_ASSERT_EQUAL(packet_encode(packet_type_find(PACKET_ACTUATOR_CMD), 9, &command, octets), 28);
    CU_ASSERT_EQUAL(memcmp(octets, expected, sizeof(expected)), 0);

    const union packet_payload status = {
        .io_status = {.alarms = 0x0102, .frames_ok = 0x03040506, .overrun = 0x0708}};
    CU_ASSERT_EQUAL(packet_encode(packet_type_find(PACKET_IO_STATUS), 0, &status, octets), 48);
    CU_ASSERT_EQUAL(octets[0], 0x00); /* telemetry */
    CU_ASSERT_EQUAL(octets[1], 0x20);
    CU_ASSERT_EQUAL(memcmp(octets + 6 + 6, "\x02\x01", 2), 0);
    CU_ASSERT_EQUAL(memcmp(octets + 6 + 28, "\x06\x05\x04\x03", 4), 0);
    CU_ASSERT_EQUAL(memcmp(octets + 6 + 40, "\x08\x07", 2), 0);

    const union packet_payload nav = {.nav_state = {.seq = 1, .q = {1.0f}}};
    CU_ASSERT_EQUAL(packet_encode(packet_type_find(PACKET_NAV_STATE), 0, &nav, octets), 74);
    CU_ASSERT_EQUAL(memcmp(octets + 10, "\x00\x00\x80\x3f", 4), 0); /* IEEE 754: 1.0 */
}

static void packets_refuse_what_the_table_does_not_allow(void)
{
    const struct packet_type *type = packet_type_find(PACKET_ACTUATOR_CMD);
    union packet_payload payload = {.actuator_cmd = {.n = 8}};
    uint8_t octets[PACKET_OCTETS_MAX];
    struct packet packet;
    const size_t count = packet_encode(type, 0, &payload, octets);
    static const struct {
        unsigned octet;
        uint8_t flip;
        enum packet_result result;
    } cases[] = {
        {0, 0x20, PACKET_BAD_CCSDS},    /* version */
        {0, 0x08, PACKET_BAD_CCSDS},    /* secondary header */
        {2, 0x80, PACKET_BAD_CCSDS},    /* segment */
        {5, 0x01, PACKET_BAD_CCSDS},    /* length */
        {1, 0x80, PACKET_UNKNOWN_APID}, /* APID 0x090 */
        {0, 0x10, PACKET_WRONG_TYPE},   /* telemetry */
        {11, 0x01, PACKET_BAD_VALUE},   /* n = 9 */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        octets[cases[i].octet] ^= cases[i].flip;
        CU_ASSERT_EQUAL(packet_decode(octets, count, &packet), cases[i].result);
        octets[cases[i].octet] ^= cases[i].flip;
    }
    payload.rc_input = (struct packet_rc_input){.n = 17};
    const size_t rc = packet_encode(packet_type_find(PACKET_RC_INPUT), 0, &payload, octets);
    CU_ASSERT_EQUAL(packet_decode(octets, rc, &packet), PACKET_BAD_VALUE);
}

static struct endpoint an_endpoint(uint16_t own_spi, uint16_t peer_spi)
{
    struct endpoint endpoint = {
        .receiver = {.association = {.spi = peer_spi, .mode = RELAYSEC_MODE_AEAD, .key = {1}}},
        .sender = {.association = {.spi = own_spi, .mode = RELAYSEC_MODE_AEAD, .key = {1}}},
    };
    endpoint_init(&endpoint);
    return endpoint;
}

static unsigned take(struct endpoint *endpoint, const uint8_t *octets, size_t count,
                     struct packet *packet)
{
    unsigned packets = 0;
    for (size_t i = 0; i < count; i++) {
        packets += endpoint_take(endpoint, octets[i], packet);
    }
    return packets;
}

/* What one end sends the other takes; every way to fail has its counter, and only that. */
static void endpoint_counts_everything_once(void)
{
    struct endpoint fmu = an_endpoint(1, 2), io = an_endpoint(2, 1);
    const struct packet_type *type = packet_type_find(PACKET_HEARTBEAT);
    const union packet_payload payload = {.heartbeat = {.time_us = 77}};
    uint8_t framed[ENDPOINT_FRAMED_OCTETS_MAX], bad[ENDPOINT_FRAMED_OCTETS_MAX];
    struct packet packet;
    const size_t count = endpoint_send(&fmu, type, &payload, framed);
    CU_ASSERT_EQUAL_FATAL(take(&io, framed, count, &packet), 1);
    CU_ASSERT_EQUAL(packet.payload.heartbeat.time_us, 77);
    CU_ASSERT_EQUAL(packet.sequence_count, 0);
    CU_ASSERT_EQUAL(take(&io, framed, count, &packet), 0); /* replay */

    memcpy(bad, framed, count);
    bad[count - 2] ^= bad[count - 2] == 1 ? 2 : 1; /* the tag's last octet, never a delimiter */
    CU_ASSERT_EQUAL(take(&io, bad, count, &packet), 0);
    memcpy(bad, framed, count);
    bad[2] ^= 2; /* SPI */
    CU_ASSERT_EQUAL(take(&io, bad, count, &packet), 0);
    CU_ASSERT_EQUAL(take(&io, (const uint8_t *)"\3ab\0", 4, &packet), 0);
    CU_ASSERT_EQUAL(take(&io, (const uint8_t *)"\4ab\0", 4, &packet), 0);
    memset(bad, 1, sizeof(bad));
    CU_ASSERT_EQUAL(take(&io, bad, sizeof(bad), &packet), 0);
    for (unsigned n = 0; n < 64; n++) {
        const size_t octets = endpoint_send(&fmu, type, &payload, bad);
        CU_ASSERT_EQUAL(take(&io, bad, octets, &packet), 1);
        CU_ASSERT_EQUAL(packet.sequence_count, n + 1);
    }
    CU_ASSERT_EQUAL(take(&io, framed, count, &packet), 0); /* now too old */

    uint8_t frame[64];
    CU_ASSERT_EQUAL(relaysec_seal(&fmu.sender, (const uint8_t *)"no packet", 9, frame),
                    RELAYSEC_SEALED);
    CU_ASSERT_EQUAL(take(&io, bad, cobs_frame(frame, 9 + RELAYSEC_OVERHEAD_OCTETS, bad), &packet),
                    0);

    const struct endpoint_counters expected = {
        .frames_ok = 66,
        .bad_mac = 1,
        .replay = 1,
        .too_old = 1,
        .unknown_spi = 1,
        .too_short = 1,
        .malformed = 1,
        .too_long = 1,
        .bad_packet = 1,
    };
    CU_ASSERT_EQUAL(memcmp(&io.counters, &expected, sizeof(expected)), 0);
    CU_ASSERT_EQUAL(memcmp(&fmu.counters, &(struct endpoint_counters){0}, sizeof(expected)), 0);
}

static void endpoint_ends_with_its_counter(void)
{
    struct endpoint fmu = an_endpoint(1, 2);
    uint8_t framed[ENDPOINT_FRAMED_OCTETS_MAX];
    const union packet_payload payload = {.heartbeat = {0}};
    fmu.sender.counter = UINT64_MAX;
    CU_ASSERT_EQUAL(endpoint_send(&fmu, packet_type_find(PACKET_HEARTBEAT), &payload, framed), 0);
    CU_ASSERT_EQUAL(endpoint_saturate16(65534), 65534);
    CU_ASSERT_EQUAL(endpoint_saturate16(65535), 65535);
    CU_ASSERT_EQUAL(endpoint_saturate16(65536), 65535);
}

CU_TestInfo framing_tests[] = {
    {"COBS known answers", cobs_known_answers},
    {"COBS resynchronises", cobs_resynchronises},
    {"COBS longest frame", cobs_longest_frame},
    {"COBS lost sync", cobs_lost_sync},
    {"COBS decoder total", cobs_decoder_total},
    {"CCSDS known answers", ccsds_known_answers},
    {"CCSDS-P01 encode/decode round trip", ccsds_p01_round_trip},
    {"CCSDS-P02 decode total", ccsds_p02_decode_total},
    {"CCSDS encode refuses what does not fit", ccsds_encode_refuses_what_does_not_fit},
    {"packets round trip", packets_round_trip},
    {"packets layout", packets_layout},
    {"packets refuse what the table does not allow", packets_refuse_what_the_table_does_not_allow},
    {"endpoint counts everything once", endpoint_counts_everything_once},
    {"endpoint ends with its counter", endpoint_ends_with_its_counter},
    CU_TEST_INFO_NULL,
};
