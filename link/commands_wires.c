/*
 * Requests about wires and links: what is put on them, what has come, and frames as
 * the holder of a key makes them; see commands.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands_internal.h"
#include <string.h>
#include "hex.h"
#include "text.h"

#define CONSOLE_BAUD   115200
#define LINK_BAUD      1500000
#define DEFAULT_FORMAT "8N1"

/* ---- writing ---- */

static gboolean read_format(JsonObject *request, gint64 baud, InjectFormat *format, GError **error)
{
    const char *text = DEFAULT_FORMAT;

    return key_int(request, "baud", KEY_OPTIONAL, 0, G_MAXINT64, &baud, error) &&
           key_string(request, "format", KEY_OPTIONAL, &text, error) &&
           inject_format_parse(format, baud, text, error);
}

static gboolean put_bytes(Daemon *daemon, unsigned wire, unsigned end, const InjectFormat *format,
                          gint64 at_ns, const GByteArray *bytes, JsonObject *answer, GError **error)
{
    gint64 start_ns, end_ns;

    if (bytes->len == 0) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "there are no bytes to send");
    }
    if (!inject_bytes(daemon->inject, wire, end, format, at_ns, bytes->data, bytes->len, &start_ns,
                      &end_ns, error)) {
        return FALSE;
    }
    json_object_set_int_member(answer, "start_ns", start_ns);
    json_object_set_int_member(answer, "end_ns", end_ns);
    return TRUE;
}

gboolean command_write(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    TapStream *stream = request_uart(daemon, request, error);
    g_autoptr(GByteArray) bytes = NULL;
    const char *text = NULL;
    gint64 at_ns = daemon->now_ns;
    InjectFormat format;

    if (!stream || !read_format(request, CONSOLE_BAUD, &format, error) ||
        !request_at(daemon, request, &at_ns, error) ||
        !key_hex(request, "hex", KEY_OPTIONAL, &bytes, error) ||
        !key_string(request, "text", KEY_OPTIONAL, &text, error)) {
        return FALSE;
    }
    if (!bytes == !text) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "one of 'hex' and 'text' is needed");
    }
    if (text) {
        bytes = g_byte_array_append(g_byte_array_new(), (const guint8 *)text, (guint)strlen(text));
    }
    return put_bytes(daemon, stream->wire, stream->end, &format, at_ns, bytes, answer, error);
}

/* The end of the link that lies at machine "to". */
static gboolean find_end(Daemon *daemon, const Frames *frames, JsonObject *request, unsigned *end,
                         GError **error)
{
    const RigLink *link = rig_link(daemon->rig, frames->link);
    const char *name = NULL;
    int machine;

    if (!key_string(request, "to", KEY_REQUIRED, &name, error)) {
        return FALSE;
    }
    machine = rig_find_machine(daemon->rig, name);
    if (machine < 0) {
        return mews_fail(error, MEWS_ERROR_NO_SUCH_MACHINE, "no machine '%s'", name);
    }
    if (link->end[0].machine == link->end[1].machine) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "both ends of link %s lie at %s: use 'write'",
                         link->name, name);
    }
    for (*end = 0; *end < 2; (*end)++) {
        if (link->end[*end].machine == (unsigned)machine) {
            return TRUE;
        }
    }
    return mews_fail(error, MEWS_ERROR_BAD_VALUE, "link %s has no end at %s", link->name, name);
}

static GByteArray *framed(const GByteArray *frame)
{
    GByteArray *bytes = g_byte_array_new();

    g_byte_array_set_size(bytes, COBS_FRAMED_OCTETS_MAX(frame->len));
    g_byte_array_set_size(bytes, (guint)cobs_frame(frame->data, frame->len, bytes->data));
    return bytes;
}

gboolean command_inject(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Frames *frames = request_link(daemon, request, error);
    g_autoptr(GByteArray) bytes = NULL;
    g_autoptr(GByteArray) frame = NULL;
    gint64 at_ns = daemon->now_ns;
    InjectFormat format;
    unsigned end;

    if (!frames || !find_end(daemon, frames, request, &end, error) ||
        !read_format(request, LINK_BAUD, &format, error) ||
        !request_at(daemon, request, &at_ns, error) ||
        !key_hex(request, "hex", KEY_OPTIONAL, &bytes, error) ||
        !key_hex(request, "frame", KEY_OPTIONAL, &frame, error)) {
        return FALSE;
    }
    if (!bytes == !frame) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "one of 'hex' and 'frame' is needed");
    }
    if (frame) {
        bytes = framed(frame);
    }
    return put_bytes(daemon, frames->link, end, &format, at_ns, bytes, answer, error);
}

/* ---- what has come ---- */

/* "from": a number of @history that is kept, or the one after the last. */
static gboolean read_from(JsonObject *request, const History *history, guint64 *from,
                          GError **error)
{
    gint64 number = (gint64)history->base;

    if (!key_int(request, "from", KEY_OPTIONAL, 0, G_MAXINT64, &number, error)) {
        return FALSE;
    }
    if ((guint64)number < history->base || (guint64)number > history_end(history)) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE,
                         "'from' is %" G_GINT64_FORMAT ", kept are %" G_GUINT64_FORMAT
                         "..%" G_GUINT64_FORMAT,
                         number, history->base, history_end(history));
    }
    *from = (guint64)number;
    return TRUE;
}

/* ["0111100001", 20, 8681]: levels from the start bit to the first stop bit, ... */
static JsonArray *format_of(const TapFormat *format)
{
    JsonArray *array = json_array_sized_new(3);
    char levels[17] = "";

    for (unsigned i = 0; i < MIN(format->nbits, sizeof(levels) - 1); i++) {
        levels[i] = format->bits >> i & 1 ? '1' : '0';
    }
    json_array_add_string_element(array, levels);
    json_array_add_int_element(array, format->half_bits);
    json_array_add_int_element(array, format->bit_time_ns);
    return array;
}

static void add_formats(JsonObject *answer, const TapStream *stream, guint64 from, guint64 next)
{
    JsonArray *formats = json_array_sized_new((guint)(next - from));

    for (guint64 i = from; i < next; i++) {
        json_array_add_array_element(formats, format_of(history_at(&stream->formats, i)));
    }
    json_object_set_array_member(answer, "formats", formats);
}

gboolean command_uart(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    TapStream *stream = request_uart(daemon, request, error);
    g_autofree char *hex = NULL;
    g_autofree char *text = NULL;
    const guint8 *bytes = NULL;
    JsonArray *times;
    gboolean formats = FALSE;
    guint64 from, next;

    if (!stream || !read_from(request, &stream->bytes, &from, error) ||
        !key_boolean(request, "formats", &formats, error)) {
        return FALSE;
    }
    next = history_end(&stream->bytes);
    if (from < next) {
        bytes = history_at(&stream->bytes, from);
    }
    hex = hex_encode(bytes, next - from);
    text = text_of_bytes(bytes, next - from);
    times = json_array_sized_new((guint)(next - from));
    for (guint64 i = from; i < next; i++) {
        json_array_add_int_element(times, *(gint64 *)history_at(&stream->times_ns, i));
    }
    json_object_set_string_member(answer, "hex", hex);
    json_object_set_string_member(answer, "text", text);
    json_object_set_array_member(answer, "times_ns", times);
    if (formats) {
        add_formats(answer, stream, from, next);
    }
    json_object_set_int_member(answer, "next", (gint64)next);
    return TRUE;
}

gboolean command_packets(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Frames *frames = request_link(daemon, request, error);
    const FrameDirection *direction = NULL;
    const char *name = NULL;
    JsonArray *packets;
    guint64 from, next;

    if (!frames || !read_from(request, &frames->history, &from, error) ||
        !key_string(request, "direction", KEY_OPTIONAL, &name, error)) {
        return FALSE;
    }
    if (name) {
        direction = frames_find_direction(frames, name);
        if (!direction) {
            return mews_fail(error, MEWS_ERROR_BAD_VALUE, "link %s has no direction '%s'",
                             frames->name, name);
        }
    }
    next = history_end(&frames->history);
    packets = json_array_new();
    for (guint64 i = from; i < next; i++) {
        const Frame *frame = history_at(&frames->history, i);

        if (!direction || frame->direction == direction) {
            json_array_add_object_element(packets, frame_to_json(frames, frame));
        }
    }
    json_object_set_array_member(answer, "packets", packets);
    json_object_set_int_member(answer, "next", (gint64)next);
    return TRUE;
}

/* ---- seal ---- */

static const RigSa *find_sa(Daemon *daemon, gint64 spi)
{
    for (unsigned i = 0; i < daemon->rig->sas->len; i++) {
        if (rig_sa(daemon->rig, i)->spi == spi) {
            return rig_sa(daemon->rig, i);
        }
    }
    return NULL;
}

/* Key and mode: those of the request, else those of the rig's association. */
static gboolean read_association(Daemon *daemon, JsonObject *request, gint64 spi,
                                 struct relaysec_association *association, GError **error)
{
    const RigSa *sa = find_sa(daemon, spi);
    g_autoptr(GByteArray) key = NULL;
    const char *mode = sa && sa->mode == RIG_SA_MAC ? "mac" : "aead";

    if (!key_hex(request, "key", KEY_OPTIONAL, &key, error) ||
        !key_string(request, "mode", KEY_OPTIONAL, &mode, error)) {
        return FALSE;
    }
    if (!key && !sa) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE,
                         "no association of the rig has SPI 0x%04x: 'key' is needed",
                         (unsigned)spi);
    }
    if (key && key->len != RIG_KEY_SIZE) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "'key' is %d hex digits", 2 * RIG_KEY_SIZE);
    }
    if (!g_str_equal(mode, "mac") && !g_str_equal(mode, "aead")) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "mode is mac or aead, not '%s'", mode);
    }
    association->spi = (uint16_t)spi;
    association->mode = mode[0] == 'm' ? RELAYSEC_MODE_MAC : RELAYSEC_MODE_AEAD;
    memcpy(association->key, key ? key->data : sa->key, RIG_KEY_SIZE);
    return TRUE;
}

gboolean command_seal(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    struct relaysec_association association;
    gint64 spi = 0, channel = 0, counter = 0;
    guint8 frame[RELAYSEC_FRAME_OCTETS_MAX];
    g_autoptr(GByteArray) payload = NULL;
    g_autofree char *hex = NULL;

    if (!key_int(request, "spi", KEY_REQUIRED, 0, G_MAXUINT16, &spi, error) ||
        !key_int(request, "channel", KEY_REQUIRED, 0, G_MAXUINT8, &channel, error) ||
        !key_int(request, "counter", KEY_REQUIRED, 0, G_MAXINT64, &counter, error) ||
        !key_hex(request, "payload", KEY_REQUIRED, &payload, error) ||
        !read_association(daemon, request, spi, &association, error)) {
        return FALSE;
    }
    if (payload->len > RELAYSEC_PAYLOAD_OCTETS_MAX) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "a payload has at most %u octets",
                         RELAYSEC_PAYLOAD_OCTETS_MAX);
    }
    relaysec_seal_with(&association,
                       &(struct relaysec_header){.spi = (uint16_t)spi,
                                                 .channel = (uint8_t)channel,
                                                 .counter = (uint64_t)counter},
                       payload->data, payload->len, frame);
    hex = hex_encode(frame, payload->len + RELAYSEC_OVERHEAD_OCTETS);
    json_object_set_string_member(answer, "frame", hex);
    return TRUE;
}
