/*
 * Reassembly and decoding of a link's packets; see frames.h and
 * docs/wire-formats.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "frames.h"
#include <string.h>
#include "hex.h"

G_STATIC_ASSERT(RIG_KEY_SIZE == ASCON_KEY_OCTETS);

static const char *const verdict_names[FRAME_VERDICTS] = {
    [FRAME_ACCEPTED] = "accepted",       [FRAME_TOO_SHORT] = "too_short",
    [FRAME_UNKNOWN_SPI] = "unknown_spi", [FRAME_BAD_MAC] = "bad_mac",
    [FRAME_REPLAY] = "replay",           [FRAME_TOO_OLD] = "too_old",
    [FRAME_MALFORMED] = "malformed",     [FRAME_BAD_PACKET] = "bad_packet",
    [FRAME_SESSION] = "session",
};

const char *frame_verdict_name(FrameVerdict verdict)
{
    return verdict_names[verdict];
}

static void frame_clear(gpointer data)
{
    g_free(((Frame *)data)->octets);
}

static void name_directions(Frames *frames, const Rig *rig, const RigLink *link)
{
    const char *end_name[2];

    for (unsigned e = 0; e < 2; e++) {
        end_name[e] = rig_machine(rig, link->end[e].machine)->name;
    }
    for (unsigned i = 0; i < FRAME_DIRECTIONS; i++) {
        FrameDirection *direction = &frames->direction[i];

        direction->to_end = i == FRAME_FORWARD || i == FRAME_INJECT_1 ? 1 : 0;
        direction->injected = i == FRAME_INJECT_0 || i == FRAME_INJECT_1;
        direction->name =
            g_strdup_printf("%s>%s", direction->injected ? "inject" : end_name[!direction->to_end],
                            end_name[direction->to_end]);
        cobs_decoder_init(&direction->decoder);
    }
}

static Frames *frames_alloc(const char *name, gsize sas, FrameFunc frame, gpointer opaque)
{
    Frames *frames = g_new0(Frames, 1);

    frames->name = g_strdup(name);
    frames->frame = frame;
    frames->opaque = opaque;
    history_init(&frames->history, sizeof(Frame), FRAMES_PACKETS_KEPT, frame_clear);
    for (unsigned e = 0; e < 2; e++) {
        frames->receivers[e] = g_new0(struct relaysec_receiver, MAX(sas, 1));
    }
    return frames;
}

static void add_association(Frames *frames, unsigned to_end, const RigSa *sa)
{
    struct relaysec_receiver *receiver =
        &frames->receivers[to_end][frames->receiver_count[to_end]++];

    receiver->association.spi = sa->spi;
    receiver->association.mode = sa->mode == RIG_SA_MAC ? RELAYSEC_MODE_MAC : RELAYSEC_MODE_AEAD;
    memcpy(receiver->association.key, sa->key, RIG_KEY_SIZE);
}

Frames *frames_new(const Rig *rig, unsigned link, FrameFunc frame, gpointer opaque)
{
    Frames *frames = frames_alloc(rig_link(rig, link)->name, rig->sas->len, frame, opaque);

    frames->link = link;
    name_directions(frames, rig, rig_link(rig, link));
    for (unsigned i = 0; i < rig->sas->len; i++) {
        const RigSa *sa = rig_sa(rig, i);

        if (sa->link == link) {
            add_association(frames, !sa->from_end, sa);
        }
    }
    return frames;
}

Frames *frames_new_file(const Rig *rig, FrameFunc frame, gpointer opaque)
{
    Frames *frames = frames_alloc("file", rig ? rig->sas->len : 0, frame, opaque);

    frames->direction[FRAME_FORWARD].name = g_strdup("file");
    frames->direction[FRAME_FORWARD].to_end = 1;
    cobs_decoder_init(&frames->direction[FRAME_FORWARD].decoder);
    for (unsigned i = 0; rig && i < rig->sas->len; i++) {
        add_association(frames, 1, rig_sa(rig, i));
    }
    return frames;
}

void frames_free(Frames *frames)
{
    for (unsigned i = 0; i < FRAME_DIRECTIONS; i++) {
        g_free(frames->direction[i].name);
    }
    g_free(frames->receivers[0]);
    g_free(frames->receivers[1]);
    g_free(frames->name);
    history_clear(&frames->history);
    g_free(frames);
}

FrameDirection *frames_direction(Frames *frames, unsigned end, gboolean injected)
{
    for (unsigned i = 0; i < FRAME_DIRECTIONS; i++) {
        FrameDirection *direction = &frames->direction[i];
        /* a stream of the daemon's is known by its receiver's end, the others by their writer's */
        unsigned to_end = injected ? end : !end;

        if (direction->to_end == to_end && direction->injected == injected) {
            return direction;
        }
    }
    g_assert_not_reached();
}

FrameDirection *frames_find_direction(Frames *frames, const char *name)
{
    for (unsigned i = 0; i < FRAME_DIRECTIONS; i++) {
        if (g_str_equal(frames->direction[i].name, name)) {
            return &frames->direction[i];
        }
    }
    return NULL;
}

void frames_reset_receiver(Frames *frames, unsigned end)
{
    for (gsize i = 0; i < frames->receiver_count[end]; i++) {
        frames->receivers[end][i].window = (struct replay_window){0};
    }
}

/* ---- judging ---- */

static gboolean is_session_flight(const struct packet *packet)
{
    return packet->type->apid >= PACKET_SESSION_HELLO &&
           packet->type->apid <= PACKET_SESSION_CONFIRM;
}

static gboolean known_spi(const Frames *frames, unsigned end, const guint8 *octets, gsize size)
{
    for (gsize i = 0; size >= 2 && i < frames->receiver_count[end]; i++) {
        if (frames->receivers[end][i].association.spi == (octets[0] | octets[1] << 8)) {
            return TRUE;
        }
    }
    return FALSE;
}

static FrameVerdict verdict_of(enum relaysec_verdict verdict)
{
    switch (verdict) {
    case RELAYSEC_ACCEPTED:
        return FRAME_ACCEPTED;
    case RELAYSEC_TOO_SHORT:
        return FRAME_TOO_SHORT;
    case RELAYSEC_UNKNOWN_SPI:
        return FRAME_UNKNOWN_SPI;
    case RELAYSEC_BAD_MAC:
        return FRAME_BAD_MAC;
    case RELAYSEC_REPLAY:
        return FRAME_REPLAY;
    case RELAYSEC_TOO_OLD:
        return FRAME_TOO_OLD;
    }
    g_assert_not_reached();
}

static void judge(Frames *frames, unsigned to_end, Frame *frame)
{
    guint8 *plain = frame->octets + frame->frame_size;
    enum relaysec_verdict verdict;
    struct relaysec_opened opened;

    if (!known_spi(frames, to_end, frame->octets, frame->frame_size) &&
        packet_decode(frame->octets, frame->frame_size, &frame->packet) == PACKET_OK &&
        is_session_flight(&frame->packet)) {
        frame->verdict = FRAME_SESSION;
        frame->has_packet = TRUE;
        return;
    }
    /* relaysec_open() decrypts in place */
    memcpy(plain, frame->octets, frame->frame_size);
    verdict = relaysec_open(frames->receivers[to_end], frames->receiver_count[to_end], plain,
                            frame->frame_size, &opened);
    frame->verdict = verdict_of(verdict);
    if (frame->verdict != FRAME_TOO_SHORT) {
        frame->has_header = TRUE;
        frame->header = opened.header;
    }
    if (frame->verdict == FRAME_ACCEPTED) {
        frame->plain_size = (guint16)opened.payload_octets;
        memmove(plain, opened.payload, opened.payload_octets);
        frame->has_packet = packet_decode(plain, frame->plain_size, &frame->packet) == PACKET_OK;
        if (!frame->has_packet || is_session_flight(&frame->packet)) {
            frame->verdict = FRAME_BAD_PACKET;
        }
    }
}

static void finish(Frames *frames, FrameDirection *direction, const guint8 *octets, gsize size,
                   gboolean malformed, gint64 end_ns)
{
    Frame frame = {
        .index = history_end(&frames->history),
        .direction = direction,
        .start_ns = direction->delimiter_ns,
        .end_ns = end_ns,
        .frame_size = (guint16)size,
        .octets = g_malloc(MAX(2 * size, 1)),
    };

    memcpy(frame.octets, octets, size);
    if (malformed) {
        frame.verdict = FRAME_MALFORMED;
    } else {
        judge(frames, direction->to_end, &frame);
    }
    direction->frames++;
    direction->verdicts[frame.verdict]++;
    history_append(&frames->history, &frame);
    if (frames->frame) {
        frames->frame(frames->opaque, frames, &frame);
    }
}

void frames_symbol(Frames *frames, FrameDirection *direction, const TapSymbol *symbol)
{
    const struct cobs_decoder *decoder = &direction->decoder;

    direction->symbols++;
    if (symbol->kind == WIRE_LEVEL) {
        return;
    }
    if (!symbol->is_byte) {
        if (cobs_decoder_lost_sync(&direction->decoder)) {
            finish(frames, direction, decoder->octets, decoder->octet_count, TRUE, symbol->end_ns);
        }
        return;
    }
    switch (cobs_decode(&direction->decoder, symbol->byte)) {
    case COBS_NOTHING:
        break;
    case COBS_FRAME:
        finish(frames, direction, decoder->octets, decoder->octet_count, FALSE, symbol->end_ns);
        break;
    case COBS_MALFORMED:
    case COBS_TOO_LONG:
        finish(frames, direction, decoder->octets, MIN(decoder->octet_count, COBS_FRAME_OCTETS_MAX),
               TRUE, symbol->end_ns);
        break;
    }
    if (symbol->byte == 0) {
        direction->delimiter_ns = symbol->start_ns;
    }
}

/* ---- as JSON ---- */

static JsonNode *value_node(const struct packet_field *field, const guint8 *at)
{
    JsonNode *node = json_node_new(JSON_NODE_VALUE);
    guint16 half;
    guint32 word;
    float real;

    switch (field->type) {
    case PACKET_U8:
        json_node_set_int(node, at[0]);
        break;
    case PACKET_U16:
        memcpy(&half, at, sizeof(half));
        json_node_set_int(node, half);
        break;
    case PACKET_U32:
        memcpy(&word, at, sizeof(word));
        json_node_set_int(node, word);
        break;
    case PACKET_F32:
        memcpy(&real, at, sizeof(real));
        json_node_set_double(node, real);
        break;
    }
    return node;
}

static gsize value_size(const struct packet_field *field)
{
    return field->type == PACKET_F32 ? sizeof(float) : (gsize)field->type;
}

static JsonNode *field_node(const struct packet_field *field, const union packet_payload *payload)
{
    const guint8 *at = (const guint8 *)payload + field->offset;
    JsonArray *array;
    JsonNode *node;

    if (field->count == 1) {
        return value_node(field, at);
    }
    array = json_array_sized_new(field->count);
    for (unsigned i = 0; i < field->count; i++) {
        json_array_add_element(array, value_node(field, at + i * value_size(field)));
    }
    node = json_node_new(JSON_NODE_ARRAY);
    json_node_take_array(node, array);
    return node;
}

static void add_packet(JsonObject *object, const struct packet *packet)
{
    JsonObject *fields = json_object_new();

    json_object_set_int_member(object, "apid", packet->type->apid);
    json_object_set_string_member(object, "type", packet->type->telecommand ? "TC" : "TM");
    json_object_set_int_member(object, "seq", packet->sequence_count);
    json_object_set_string_member(object, "name", packet->type->name);
    for (unsigned i = 0; i < packet->type->field_count; i++) {
        const struct packet_field *field = &packet->type->fields[i];

        json_object_set_member(fields, field->name, field_node(field, &packet->payload));
    }
    json_object_set_object_member(object, "fields", fields);
}

JsonObject *frame_to_json(const Frames *frames, const Frame *frame)
{
    g_autofree char *hex = hex_encode(frame->octets, frame->frame_size);
    JsonObject *object = json_object_new();

    json_object_set_int_member(object, "index", (gint64)frame->index);
    json_object_set_string_member(object, "link", frames->name);
    json_object_set_string_member(object, "direction", frame->direction->name);
    json_object_set_int_member(object, "start_ns", frame->start_ns);
    json_object_set_int_member(object, "end_ns", frame->end_ns);
    json_object_set_string_member(object, "frame", hex);
    json_object_set_string_member(object, "verdict", frame_verdict_name(frame->verdict));
    if (frame->has_header) {
        json_object_set_int_member(object, "spi", frame->header.spi);
        json_object_set_int_member(object, "channel", frame->header.channel);
        json_object_set_int_member(object, "counter", (gint64)frame->header.counter);
    }
    if (frame->has_packet) {
        add_packet(object, &frame->packet);
    }
    return object;
}

JsonNode *frame_field(const Frame *frame, const char *name)
{
    for (unsigned i = 0; frame->has_packet && i < frame->packet.type->field_count; i++) {
        const struct packet_field *field = &frame->packet.type->fields[i];

        if (g_str_equal(field->name, name)) {
            return field_node(field, &frame->packet.payload);
        }
    }
    return NULL;
}

char *packet_to_text(const struct packet *packet)
{
    GString *text = g_string_new(packet->type->name);

    g_string_append_printf(text, " seq=%u", packet->sequence_count);
    for (unsigned i = 0; i < packet->type->field_count; i++) {
        const struct packet_field *field = &packet->type->fields[i];
        g_autoptr(JsonNode) node = field_node(field, &packet->payload);
        g_autofree char *value = json_to_string(node, FALSE);

        g_string_append_printf(text, " %s=%s", field->name, value);
    }
    return g_string_free(text, FALSE);
}

JsonObject *frames_statistics(const FrameDirection *direction)
{
    JsonObject *object = json_object_new();

    json_object_set_int_member(object, "symbols", (gint64)direction->symbols);
    json_object_set_int_member(object, "frames", (gint64)direction->frames);
    for (unsigned i = 0; i < FRAME_VERDICTS; i++) {
        json_object_set_int_member(object, verdict_names[i], (gint64)direction->verdicts[i]);
    }
    return object;
}
