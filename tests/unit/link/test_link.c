/*
 * The parts of the link daemon, one by one: symbols on a wire, packets, pins, recordings.  What it
 * reads: test_rig.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fixtures.h"
#include <gio/gio.h>
#include "error.h"
#include "frames.h"
#include "hash.h"
#include "hex.h"
#include "history.h"
#include "inject.h"
#include "outfile.h"
#include "pcapng.h"
#include "pins.h"
#include "rig.h"
#include "tap.h"
#include "text.h"
#include "wiretime.h"

/* ---- symbols ---- */

static WireRig *new_memory(void)
{
    WireRig *rig = g_malloc0(sizeof(WireRig));

    rig->machine_count = 2;
    rig->wire_count = 2;
    strcpy(rig->machine[0].name, "a");
    strcpy(rig->machine[1].name, "b");
    strcpy(rig->wire[0].end[0].uart, "usart2");
    strcpy(rig->wire[0].end[1].uart, "usart2");
    rig->wire[0].end[1].machine = 1;
    strcpy(rig->wire[1].end[0].uart, "usart1");
    rig->wire[1].end[1].machine = WIRE_NOBODY;
    return rig;
}

static void test_formats(void)
{
    static const struct {
        const char *format;
        unsigned byte, nbits, bits, span_half_bits;
    } good[] = {
        /* start 0, data from the least bit on, parity, stop 1 */
        {"8N1", 0x41, 10, 0x282, 20}, {"8N2", 0x41, 10, 0x282, 22},  {"8E1", 0x41, 11, 0x482, 22},
        {"8E1", 0x43, 11, 0x686, 22}, {"8O1", 0x41, 11, 0x682, 22},  {"8O1", 0x43, 11, 0x486, 22},
        {"7E1", 0xc1, 10, 0x282, 20}, {"7N1.5", 0x00, 9, 0x100, 19},
    };
    static const char *const bad[] = {"", "8", "8N", "8N3", "9N1", "6N1", "8X1", "8N1 ", "N81"};
    InjectFormat format;

    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        WireRig *rig = new_memory();
        Inject *inject = inject_new(rig);
        guint8 byte = (guint8)good[i].byte;
        gint64 start_ns, end_ns;
        const WireSymbol *s = &rig->wire[1].inject[0].symbol[0];

        CU_ASSERT_TRUE(inject_format_parse(&format, 115200, good[i].format, NULL));
        CU_ASSERT_TRUE(inject_bytes(inject, 1, 0, &format, 5, &byte, 1, &start_ns, &end_ns, NULL));
        CU_ASSERT_EQUAL(inject_feed(inject, 100), 100);
        CU_ASSERT_EQUAL(rig->wire[1].inject[0].head, 1);
        CU_ASSERT_EQUAL(s->bits, good[i].bits);
        CU_ASSERT_EQUAL(s->nbits, good[i].nbits);
        CU_ASSERT_EQUAL(s->span_half_bits, good[i].span_half_bits);
        inject_free(inject);
        g_free(rig);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        CU_ASSERT_FALSE(inject_format_parse(&format, 115200, bad[i], NULL));
    }
}

/* Characters follow one another without gap or overlap, exact to 2^-32 ns. */
static void test_back_to_back(void)
{
    WireRig *rig = new_memory();
    Inject *inject = inject_new(rig);
    g_autofree guint8 *bytes = g_malloc0(3000);
    gint64 start_ns, end_ns, next_ns;
    InjectFormat format;
    const WireSymbol *symbol = rig->wire[0].inject[1].symbol;

    CU_ASSERT_TRUE(inject_format_parse(&format, 1500000, "8N1", NULL));
    CU_ASSERT_TRUE(
        inject_bytes(inject, 0, 1, &format, 1000, bytes, 3000, &start_ns, &end_ns, NULL));
    CU_ASSERT_EQUAL(start_ns, 1000);
    CU_ASSERT_EQUAL(end_ns, 1000 + 20000000); /* 30000 bits at 1.5 Mbaud, no rounding left over */
    CU_ASSERT_TRUE(inject_bytes(inject, 0, 1, &format, 2000, bytes, 1, &next_ns, &end_ns, NULL));
    CU_ASSERT_EQUAL(next_ns, 20001000);
    /* only what starts before the horizon is written */
    CU_ASSERT_EQUAL(inject_feed(inject, 1000), 1000);
    CU_ASSERT_EQUAL(rig->wire[0].inject[1].head, 0);
    CU_ASSERT_EQUAL(inject_feed(inject, 1001), 1001);
    CU_ASSERT_EQUAL(rig->wire[0].inject[1].head, 1);
    CU_ASSERT_EQUAL(inject_feed(inject, 1000000000), 1000000000);
    CU_ASSERT_EQUAL_FATAL(rig->wire[0].inject[1].head, 3001);
    for (int i = 1; i <= 3000; i++) {
        CU_ASSERT_TRUE(symbol_end(&symbol[i - 1]) == symbol_start(&symbol[i]));
    }
    inject_free(inject);
    g_free(rig);
}

/* A full ring holds the horizon back instead of losing symbols. */
static void test_full_ring(void)
{
    WireRig *rig = new_memory();
    Inject *inject = inject_new(rig);
    WireRing *ring = &rig->wire[0].inject[1];
    g_autofree guint8 *bytes = g_malloc0(WIRE_RING_SYMBOLS + 10);
    gint64 start_ns, end_ns, reached_ns;
    InjectFormat format;

    CU_ASSERT_TRUE(inject_format_parse(&format, 1000000, "8N1", NULL));
    CU_ASSERT_TRUE(inject_bytes(inject, 0, 1, &format, 0, bytes, WIRE_RING_SYMBOLS + 10, &start_ns,
                                &end_ns, NULL));
    reached_ns = inject_feed(inject, G_MAXINT64);
    CU_ASSERT_EQUAL(reached_ns, WIRE_RING_SYMBOLS * 10000ll);
    CU_ASSERT_EQUAL(inject_feed(inject, G_MAXINT64), reached_ns);
    ring->taken_by_receiver = 4;
    ring->taken_by_tap = 3; /* the slower of both counts */
    CU_ASSERT_EQUAL(inject_feed(inject, G_MAXINT64), reached_ns + 3 * 10000);
    CU_ASSERT_EQUAL(ring->head, WIRE_RING_SYMBOLS + 3);
    CU_ASSERT_FALSE(inject_bytes(inject, 0, 1, &format, 0, bytes, INJECT_PENDING_MAX, &start_ns,
                                 &end_ns, NULL));
    inject_free(inject);
    g_free(rig);
}

/* ---- the tap ---- */

static void put(WireRing *ring, gint64 start_ns, unsigned bits, unsigned nbits, unsigned kind)
{
    ring->symbol[ring->head % WIRE_RING_SYMBOLS] = (WireSymbol){
        .start_ns = start_ns,
        .bits = (uint16_t)bits,
        .nbits = (uint8_t)nbits,
        .span_half_bits = (uint8_t)(2 * nbits),
        .bit_time = 100ull << 32,
        .kind = (uint8_t)kind,
        .level_after = 1,
    };
    ring->head++;
}

static void note_symbol(gpointer opaque, TapStream *stream, const TapSymbol *symbol)
{
    g_string_append_printf(opaque, "%s@%" G_GINT64_FORMAT "=%s%02x ", stream->name, symbol->end_ns,
                           symbol->is_byte ? "" : "!", symbol->byte);
}

static void test_tap_order(void)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    WireRig *rig = new_memory();
    Tap *tap = tap_new(rig, note_symbol, seen);

    put(&rig->wire[0].tx[0], 0, 0x282, 10, WIRE_CHARACTER);     /* a.usart2, ends at 1000 */
    put(&rig->wire[1].tx[0], 100, 0x284, 10, WIRE_CHARACTER);   /* a.usart1, 1100 */
    put(&rig->wire[0].tx[1], 0, 0x286, 10, WIRE_CHARACTER);     /* b.usart2, 1000: a tie */
    put(&rig->wire[0].inject[1], 0, 0x288, 10, WIRE_CHARACTER); /* to b.usart2, 1000: a tie */
    put(&rig->wire[0].tx[0], 1000, 0x000, 10, WIRE_BREAK);      /* 2000 */
    CU_ASSERT_EQUAL(tap_take(tap), 2);
    CU_ASSERT_EQUAL(rig->wire[0].tx[0].taken_by_tap, 2);
    tap_process(tap, 1000);
    CU_ASSERT_STRING_EQUAL(seen->str, ""); /* at 1000 it has not happened before 1000 */
    tap_process(tap, 1001);
    CU_ASSERT_STRING_EQUAL(seen->str, "a.usart2@1000=41 b.usart2@1000=43 inject>b.usart2@1000=44 ");
    g_string_truncate(seen, 0);
    tap_process(tap, 5000);
    CU_ASSERT_STRING_EQUAL(seen->str, "a.usart1@1100=42 a.usart2@2000=!00 ");
    CU_ASSERT_PTR_NOT_NULL(tap_find(tap, "a.usart1"));
    CU_ASSERT_PTR_NULL(tap_find(tap, "inject>a.usart1"));
    CU_ASSERT_EQUAL(history_end(&tap_find(tap, "a.usart2")->bytes), 1);
    tap_free(tap);
    g_free(rig);
}

static void test_tap_bytes(void)
{
    static const struct {
        unsigned bits, nbits, kind;
        const char *seen;
    } cases[] = {
        {0x282, 10, WIRE_CHARACTER, "=41 "},  /* 8N1 */
        {0x682, 11, WIRE_CHARACTER, "=41 "},  /* 8 bits and a ninth */
        {0x1fe, 9, WIRE_CHARACTER, "=7f "},   /* 7N1 */
        {0x082, 10, WIRE_CHARACTER, "=!41 "}, /* its stop bit is 0 */
        {0x283, 10, WIRE_CHARACTER, "=!41 "}, /* its start bit is 1 */
        {0x000, 0, WIRE_LEVEL, "=!00 "},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) seen = g_string_new(NULL);
        WireRig *rig = new_memory();
        Tap *tap = tap_new(rig, note_symbol, seen);

        put(&rig->wire[1].tx[0], 0, cases[i].bits, cases[i].nbits, cases[i].kind);
        tap_take(tap);
        tap_process(tap, 100000);
        CU_ASSERT_STRING_EQUAL(strchr(seen->str, '='), cases[i].seen);
        tap_free(tap);
        g_free(rig);
    }
}

/* More than the ring holds, taken in pieces: nothing is lost, and memory stays bounded. */
static void test_tap_wraps(void)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    WireRig *rig = new_memory();
    Tap *tap = tap_new(rig, note_symbol, seen);
    TapStream *stream = tap_find(tap, "a.usart1");
    gint64 t = 0;

    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 40000; i++, t += 1000) {
            put(&rig->wire[1].tx[0], t, 0x200 | (unsigned)(t / 1000 & 0xff) << 1, 10,
                WIRE_CHARACTER);
        }
        CU_ASSERT_EQUAL(tap_take(tap), 40000);
        tap_process(tap, t + 1);
        g_string_truncate(seen, 0);
    }
    CU_ASSERT_EQUAL_FATAL(history_end(&stream->bytes), 200000);
    for (guint64 i = 0; i < 200000; i += 997) {
        CU_ASSERT_EQUAL(*(guint8 *)history_at(&stream->bytes, i), i & 0xff);
        CU_ASSERT_EQUAL(*(gint64 *)history_at(&stream->times_ns, i), ((gint64)i + 1) * 1000);
    }
    CU_ASSERT_TRUE(stream->pending->len <= 80000);
    tap_free(tap);
    g_free(rig);
}

static void test_history(void)
{
    History h;

    history_init(&h, sizeof(int), 100, NULL);
    for (int i = 0; i < 1050; i++) {
        history_append(&h, &i);
    }
    CU_ASSERT_EQUAL(history_end(&h), 1050);
    CU_ASSERT_TRUE(h.base <= 950 && h.base + 200 >= 1050);
    for (guint64 i = h.base; i < 1050; i++) {
        CU_ASSERT_EQUAL(*(int *)history_at(&h, i), (int)i);
    }
    history_clear(&h);
}

/* ---- packets ---- */

static const guint8 key[RIG_KEY_SIZE] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static Rig *load_sa_rig(void)
{
    g_autofree char *path =
        fixture_text("sa.rig", "[machine a]\nmodel = stm32f100c8\nimage = a.elf\n"
                               "[machine b]\nmodel = mimxrt1176\nimage = b.elf\n"
                               "[link l]\nends = a.usart2, b.lpuart6\n"
                               "[sa s]\nlink = l\nfrom = a\nspi = 0x4d02\nmode = aead\n"
                               "key = 000102030405060708090a0b0c0d0e0f\n");
    g_autoptr(GError) error = NULL;
    Rig *rig = rig_load(path, &error);

    g_assert_no_error(error);
    return rig;
}

static void feed(Frames *frames, FrameDirection *direction, const guint8 *bytes, gsize size,
                 gint64 *t)
{
    for (gsize i = 0; i < size; i++, *t += 10) {
        const TapSymbol symbol = {.start_ns = *t,
                                  .end_ns = *t + 10,
                                  .kind = WIRE_CHARACTER,
                                  .is_byte = TRUE,
                                  .byte = bytes[i]};

        frames_symbol(frames, direction, &symbol);
    }
}

/* A frame of @counter with a Heartbeat, or with @payload. */
static GByteArray *sealed(guint64 counter, const guint8 *payload, gsize payload_size)
{
    const struct relaysec_header header = {.spi = 0x4d02, .channel = 1, .counter = counter};
    struct relaysec_association association = {.spi = 0x4d02, .mode = RELAYSEC_MODE_AEAD};
    const union packet_payload heartbeat = {.heartbeat = {.time_us = 7}};
    guint8 packet[PACKET_OCTETS_MAX];
    GByteArray *frame = g_byte_array_new();

    if (!payload) {
        payload_size = packet_encode(packet_type_find(PACKET_HEARTBEAT), 1, &heartbeat, packet);
        payload = packet;
    }
    memcpy(association.key, key, sizeof(key));
    g_byte_array_set_size(frame, (guint)payload_size + RELAYSEC_OVERHEAD_OCTETS);
    relaysec_seal_with(&association, &header, payload, payload_size, frame->data);
    return frame;
}

static FrameVerdict verdict_of(Frames *frames, FrameDirection *direction, GByteArray *frame,
                               gint64 *t)
{
    guint8 line[COBS_FRAMED_OCTETS_MAX(512)];
    guint64 before = history_end(&frames->history);
    gsize size = cobs_frame(frame->data, frame->len, line);

    feed(frames, direction, line, size, t);
    g_byte_array_unref(frame);
    g_assert(history_end(&frames->history) == before + 1);
    return ((Frame *)history_at(&frames->history, before))->verdict;
}

static void test_verdicts(void)
{
    g_autoptr(Rig) rig = load_sa_rig();
    Frames *frames = frames_new(rig, 0, NULL, NULL);
    FrameDirection *peer = frames_direction(frames, 0, FALSE);  /* sent by a, end 0 */
    FrameDirection *inject = frames_direction(frames, 1, TRUE); /* to b, end 1 */
    FrameDirection *back = frames_direction(frames, 0, TRUE);   /* to a */
    GByteArray *frame;
    gint64 t = 0;

    CU_ASSERT_STRING_EQUAL(peer->name, "a>b");
    CU_ASSERT_STRING_EQUAL(inject->name, "inject>b");
    CU_ASSERT_EQUAL(verdict_of(frames, peer, sealed(1, NULL, 0), &t), FRAME_ACCEPTED);
    CU_ASSERT_EQUAL(verdict_of(frames, inject, sealed(1, NULL, 0), &t), FRAME_REPLAY);
    CU_ASSERT_EQUAL(verdict_of(frames, inject, sealed(0, NULL, 0), &t), FRAME_REPLAY);
    CU_ASSERT_EQUAL(verdict_of(frames, inject, sealed(100, NULL, 0), &t), FRAME_ACCEPTED);
    CU_ASSERT_EQUAL(verdict_of(frames, peer, sealed(36, NULL, 0), &t), FRAME_TOO_OLD);
    CU_ASSERT_EQUAL(verdict_of(frames, peer, sealed(37, NULL, 0), &t), FRAME_ACCEPTED);
    frame = sealed(101, NULL, 0);
    frame->data[20] ^= 1;
    CU_ASSERT_EQUAL(verdict_of(frames, inject, frame, &t), FRAME_BAD_MAC);
    frame = sealed(101, NULL, 0);
    frame->data[0] ^= 1;
    CU_ASSERT_EQUAL(verdict_of(frames, inject, frame, &t), FRAME_UNKNOWN_SPI);
    /* the other direction has its own associations: here none */
    CU_ASSERT_EQUAL(verdict_of(frames, back, sealed(101, NULL, 0), &t), FRAME_UNKNOWN_SPI);
    frame = sealed(101, NULL, 0);
    g_byte_array_set_size(frame, 27);
    CU_ASSERT_EQUAL(verdict_of(frames, inject, frame, &t), FRAME_TOO_SHORT);
    CU_ASSERT_EQUAL(verdict_of(frames, inject, sealed(101, key, sizeof(key)), &t),
                    FRAME_BAD_PACKET);
    frame = g_byte_array_new();
    g_byte_array_set_size(frame, 129);
    memset(frame->data, 7, 129);
    CU_ASSERT_EQUAL(verdict_of(frames, inject, frame, &t), FRAME_MALFORMED);
    CU_ASSERT_EQUAL(inject->frames, 8);
    CU_ASSERT_EQUAL(inject->verdicts[FRAME_REPLAY], 2);
    frames_free(frames);
}

static void test_reassembly(void)
{
    g_autoptr(Rig) rig = load_sa_rig();
    Frames *frames = frames_new(rig, 0, NULL, NULL);
    FrameDirection *peer = frames_direction(frames, 0, FALSE);
    const guint8 noise[] = {1, 2, 3, 0, 0, 0}, cut[] = {0, 9, 1, 2, 0};
    const TapSymbol brk = {.start_ns = 1, .end_ns = 2, .kind = WIRE_BREAK};
    const Frame *first;
    gint64 t = 1000;

    feed(frames, peer, noise, sizeof(noise), &t); /* before the first delimiter, and silence */
    CU_ASSERT_EQUAL(peer->frames, 0);
    CU_ASSERT_EQUAL(verdict_of(frames, peer, sealed(1, NULL, 0), &t), FRAME_ACCEPTED);
    first = history_at(&frames->history, 0);
    CU_ASSERT_EQUAL(first->start_ns, 1060);
    CU_ASSERT_EQUAL(first->end_ns, t);
    CU_ASSERT_EQUAL(first->packet.payload.heartbeat.time_us, 7);
    feed(frames, peer, cut, sizeof(cut), &t);
    CU_ASSERT_EQUAL(peer->verdicts[FRAME_MALFORMED], 1);
    feed(frames, peer, cut, 3, &t);
    frames_symbol(frames, peer, &brk); /* a break in a frame: its rest is nothing */
    CU_ASSERT_EQUAL(peer->verdicts[FRAME_MALFORMED], 2);
    feed(frames, peer, cut + 3, 1, &t);
    CU_ASSERT_EQUAL(verdict_of(frames, peer, sealed(2, NULL, 0), &t), FRAME_ACCEPTED);
    frames_free(frames);
}

/* A flight of the key exchange has no relay-sec layer. */
static void test_session_flight(void)
{
    g_autoptr(Rig) rig = load_sa_rig();
    Frames *frames = frames_new(rig, 0, NULL, NULL);
    const union packet_payload payload = {.session_confirm = {.tag = {1}}};
    GByteArray *frame = g_byte_array_new();
    gint64 t = 0;

    g_byte_array_set_size(frame, PACKET_OCTETS_MAX);
    g_byte_array_set_size(frame, (guint)packet_encode(packet_type_find(PACKET_SESSION_CONFIRM), 0,
                                                      &payload, frame->data));
    CU_ASSERT_EQUAL(verdict_of(frames, frames_direction(frames, 1, FALSE), frame, &t),
                    FRAME_SESSION);
    frames_free(frames);
}

static void test_frame_json(void)
{
    g_autoptr(Rig) rig = load_sa_rig();
    Frames *frames = frames_new(rig, 0, NULL, NULL);
    g_autoptr(JsonObject) object = NULL;
    g_autoptr(JsonNode) field = NULL;
    JsonObject *fields;
    gint64 t = 0;

    verdict_of(frames, frames_direction(frames, 0, FALSE), sealed(9, NULL, 0), &t);
    object = frame_to_json(frames, history_at(&frames->history, 0));
    fields = json_object_get_object_member(object, "fields");
    CU_ASSERT_STRING_EQUAL(json_object_get_string_member(object, "direction"), "a>b");
    CU_ASSERT_STRING_EQUAL(json_object_get_string_member(object, "name"), "Heartbeat");
    CU_ASSERT_STRING_EQUAL(json_object_get_string_member(object, "type"), "TC");
    CU_ASSERT_EQUAL(json_object_get_int_member(object, "counter"), 9);
    CU_ASSERT_EQUAL(json_object_get_int_member(object, "apid"), 0x011);
    CU_ASSERT_EQUAL(json_object_get_int_member(fields, "time_us"), 7);
    field = frame_field(history_at(&frames->history, 0), "cores_alive");
    CU_ASSERT_EQUAL(json_node_get_int(field), 0);
    CU_ASSERT_PTR_NULL(frame_field(history_at(&frames->history, 0), "altitude"));
    frames_free(frames);
}

/* ---- pins ---- */

static void drive(WireRig *rig, gint64 time_ns, unsigned pin, unsigned level)
{
    WireMachine *machine = &rig->machine[0];

    machine->edge[machine->edge_head % WIRE_RING_EDGES] =
        (WireEdge){.time_ns = time_ns, .pin = (uint16_t)pin, .level = (uint8_t)level};
    machine->edge_head++;
}

static void test_pins(void)
{
    WireRig *rig = new_memory();
    Pins *pins = pins_new(rig);
    PinCycle cycle;
    guint64 from;
    Pin *pin;

    strcpy(rig->machine[0].pin_name[0], "PA0");
    rig->machine[0].pin_count = 1;
    drive(rig, 0, 0, 0); /* as it was: no edge */
    drive(rig, 100, 0, 1);
    drive(rig, 130, 0, 0);
    drive(rig, 150, 7, 1); /* there is no pin 7 */
    CU_ASSERT_EQUAL(pins_take(pins), 4);
    pin = pins_find(pins, "a.PA0");
    CU_ASSERT_PTR_NOT_NULL_FATAL(pin);
    CU_ASSERT_PTR_NULL(pins_find(pins, "a.PA1"));
    CU_ASSERT_EQUAL(history_end(&pin->edges), 2);
    CU_ASSERT_FALSE(pin_last_cycle(pin, &cycle));
    drive(rig, 200, 0, 1);
    drive(rig, 240, 0, 0);
    drive(rig, 300, 0, 1);
    pins_take(pins);
    CU_ASSERT_TRUE_FATAL(pin_last_cycle(pin, &cycle));
    CU_ASSERT_EQUAL(cycle.start_ns, 200);
    CU_ASSERT_EQUAL(cycle.high_ns, 40);
    CU_ASSERT_EQUAL(cycle.period_ns, 100);
    from = pin_first_edge(pin, 101); /* the fall at 130: the cycle that it is in is not whole */
    CU_ASSERT_EQUAL(from, 1);
    CU_ASSERT_TRUE(pin_next_cycle(pin, &from, &cycle));
    CU_ASSERT_EQUAL(cycle.start_ns, 200);
    CU_ASSERT_FALSE(pin_next_cycle(pin, &from, &cycle));
    CU_ASSERT_EQUAL(pin_first_edge(pin, 1000), 5);
    pins_free(pins);
    g_free(rig);
}

/* ---- small things ---- */

static void test_hash(void)
{
    /* known answers: Fowler, Noll and Vo's test vectors */
    CU_ASSERT_EQUAL(hash_octets(HASH_START, "", 0), 0xcbf29ce484222325ull);
    CU_ASSERT_EQUAL(hash_octets(HASH_START, "a", 1), 0xaf63dc4c8601ec8cull);
    CU_ASSERT_EQUAL(hash_octets(HASH_START, "foobar", 6), 0x85944171f73967e8ull);
    CU_ASSERT_EQUAL(hash_integer(HASH_START, 0x6f66, 2), hash_octets(HASH_START, "fo", 2));
}

static void test_text(void)
{
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"plain\r", "plain\r"},
        {"\xc3\xa4", "\xc3\xa4"},
        {"\xff", "\xef\xbf\xbd"},
        {"a\x1f", "a\xef\xbf\xbd"},
    };
    g_autofree char *nul = text_of_bytes((const guint8 *)"a\0b", 3);
    g_autofree char *hex = hex_encode((const guint8 *)"\x00\xfe", 2);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            text_of_bytes((const guint8 *)cases[i].bytes, strlen(cases[i].bytes));

        CU_ASSERT_STRING_EQUAL(text, cases[i].text);
    }
    CU_ASSERT_STRING_EQUAL(nul, "a\xef\xbf\xbd"
                                "b");
    CU_ASSERT_STRING_EQUAL(hex, "00fe");
    CU_ASSERT_PTR_NULL(hex_decode("0"));
    CU_ASSERT_PTR_NULL(hex_decode("0g"));
    CU_ASSERT_PTR_NULL(hex_decode("0x00"));
}

/* A record that cannot be written leaves no half of it. */
static void test_outfile(void)
{
    g_autofree char *path = fixture_text("out", "before");
    g_autofree char *content = NULL;
    g_autoptr(GError) error = NULL;
    OutFile *file = outfile_new(path, NULL);

    CU_ASSERT_TRUE(outfile_append(file, "one\n", 4, NULL));
    CU_ASSERT_TRUE(outfile_flush(file, NULL));
    CU_ASSERT_TRUE(outfile_replace(file, 2, "CD EF", NULL));
    CU_ASSERT_TRUE(outfile_replace(file, 2, "X", NULL));
    outfile_free(file);
    g_assert(g_file_get_contents(path, &content, NULL, NULL));
    CU_ASSERT_STRING_EQUAL(content, "onX");
    file = outfile_new("/dev/full", &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_TRUE(outfile_append(file, "x", 1, &error));
    CU_ASSERT_FALSE(outfile_flush(file, &error));
    CU_ASSERT_EQUAL(error->code, MEWS_ERROR_RECORDING_FAILED);
    outfile_free(file);
}

/* What a program writes to its standard output. */
static char *output_of(const char *const *command)
{
    g_autoptr(GSubprocess) process = g_subprocess_newv(
        command, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);
    char *output = NULL;

    g_subprocess_communicate_utf8(process, NULL, NULL, &output, NULL, NULL);
    return output ? output : g_strdup("");
}

/*
 * tshark, an independent reader, finds the same packets.  Times come as a column: a field of
 * time is written differently by every release.
 */
static void test_pcapng(void)
{
    g_autoptr(Rig) rig = load_sa_rig();
    g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func((GDestroyNotify)frames_free);
    g_autofree char *path = g_build_filename(TEST_FOLDER, "out.pcapng", NULL);
    g_autofree char *tshark = g_find_program_in_path("tshark");
    Frames *frames = frames_new(rig, 0, NULL, NULL);
    FrameDirection *peer = frames_direction(frames, 0, FALSE);
    TapSymbol symbol = {.is_byte = TRUE, .kind = WIRE_CHARACTER};
    Pcapng *pcapng;
    gint64 t = 1234567890123456789;

    g_ptr_array_add(links, frames);
    pcapng = pcapng_new(path, links, NULL);
    verdict_of(frames, peer, sealed(5, NULL, 0), &t);
    verdict_of(frames, peer, sealed(5, NULL, 0), &t);
    for (int i = 0; i < 2; i++) {
        CU_ASSERT_TRUE(pcapng_frame(pcapng, frames, history_at(&frames->history, i), NULL));
    }
    for (int i = 0; i < 3; i++) { /* the third one comes after a gap */
        symbol.start_ns = i == 2 ? 100 : 10 * i;
        symbol.end_ns = symbol.start_ns + 10;
        symbol.byte = (guint8)(0xa0 + i);
        CU_ASSERT_TRUE(pcapng_byte(pcapng, 0, 0, &symbol, NULL));
    }
    CU_ASSERT_TRUE(pcapng_finish(pcapng, NULL));
    pcapng_free(pcapng);
    CU_ASSERT_PTR_NOT_NULL_FATAL(tshark);
    {
        const char *times[] = {
            tshark, "-r", path, "-t", "e", "-o", "gui.column.format:\"T\",\"%t\"", NULL};
        const char *fields[] = {tshark,
                                "-r",
                                path,
                                "-T",
                                "fields",
                                "-e",
                                "frame.interface_name",
                                "-e",
                                "frame.comment",
                                "-e",
                                "ccsds.apid",
                                "-e",
                                "frame.len",
                                NULL};
        g_autofree char *time_output = output_of(times);
        g_autofree char *field_output = output_of(fields);

        CU_ASSERT_STRING_EQUAL(time_output, "1234567890.123457209\n1234567890.123457629\n"
                                            "0.000000000\n0.000000100\n");
        CU_ASSERT_STRING_EQUAL(field_output,
                               "l a>b\taccepted spi=0x4d02 channel=1 counter=5 Heartbeat\t17\t28\n"
                               "l a>b\treplay spi=0x4d02 channel=1 counter=5\t\t51\n"
                               "l a>b raw\t\t\t2\n"
                               "l a>b raw\t\t\t1\n");
        if (CU_get_number_of_failures() > 0) {
            printf("tshark said:\n%s%s", time_output, field_output);
        }
    }
}

int main(void)
{
    static CU_TestInfo wire[] = {
        {"character formats", test_formats},
        {"characters back to back", test_back_to_back},
        {"a full ring", test_full_ring},
        {"order of symbols", test_tap_order},
        {"bytes of characters", test_tap_bytes},
        {"rings that wrap", test_tap_wraps},
        {"history", test_history},
        {"pins and pulses", test_pins},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo packets[] = {
        {"verdicts", test_verdicts},
        {"reassembly", test_reassembly},
        {"a session flight", test_session_flight},
        {"packet objects", test_frame_json},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo outputs[] = {
        {"hash", test_hash},     {"text and hex", test_text},
        {"files", test_outfile}, {"pcapng by tshark", test_pcapng},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {.pName = "wire", .pTests = wire},
        {.pName = "packets", .pTests = packets},
        {.pName = "outputs", .pTests = outputs},
        CU_SUITE_INFO_NULL,
    };

    return fixture_main(suites);
}
