/*
 * Gates; see gates.h.  A table has one entry per kind: its keys, how it is
 * read and how it is judged.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "gates.h"
#include <string.h>
#include "error.h"
#include "frames.h"
#include "keys.h"
#include "text.h"

/* Of a line that does not end, so much is looked at. */
#define LINE_MAX_OCTETS 4096

typedef struct GateKind {
    const char *name;
    const char *const *keys;
    gboolean (*read)(Gate *gate, JsonObject *object, const GateScene *scene, GError **error);
    gboolean (*judge)(Gate *gate);
} GateKind;

struct Gate {
    const GateKind *kind;
    JsonNode *match;
    guint64 from;    /* byte, packet or edge to look at next */
    guint64 scanned; /* of the line that begins at `from` */

    TapStream *stream;
    char *text;
    GRegex *regex;
    GByteArray *bytes;

    Frames *frames;
    const FrameDirection *direction;
    gint64 apid; /* -1: any */
    char *name;
    gint64 verdict; /* -1: any */
    JsonObject *fields;

    Pin *pin;
    gint64 level; /* -1: any */
    gint64 from_ns;
    gint64 high_ns_min, high_ns_max, period_ns_min, period_ns_max;
};

static gboolean matched(Gate *gate, JsonObject *object)
{
    gate->match = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(gate->match, object);
    return TRUE;
}

static JsonObject *match_at(gint64 time_ns, guint64 next)
{
    JsonObject *object = json_object_new();

    json_object_set_int_member(object, "time_ns", time_ns);
    json_object_set_int_member(object, "next", (gint64)next);
    return object;
}

/* ---- line, prompt, bytes ---- */

static gboolean read_stream(Gate *gate, JsonObject *object, const GateScene *scene, GError **error)
{
    const char *name = NULL;
    gint64 from;

    if (!key_string(object, "uart", KEY_REQUIRED, &name, error)) {
        return FALSE;
    }
    gate->stream = tap_find(scene->tap, name);
    if (!gate->stream) {
        return mews_fail(error, MEWS_ERROR_NO_SUCH_UART, "no UART '%s' on a wire of the rig", name);
    }
    from = (gint64)history_end(&gate->stream->bytes);
    if (!key_int(object, "from", KEY_OPTIONAL, 0, G_MAXINT64, &from, error)) {
        return FALSE;
    }
    gate->from = (guint64)from;
    return TRUE;
}

static gboolean read_text(Gate *gate, JsonObject *object, const GateScene *scene, GError **error)
{
    g_autoptr(GError) regex_error = NULL;
    const char *text = NULL, *regex = NULL;

    if (!read_stream(gate, object, scene, error) ||
        !key_string(object, "text", KEY_OPTIONAL, &text, error) ||
        !key_string(object, "regex", KEY_OPTIONAL, &regex, error)) {
        return FALSE;
    }
    if (!text == !regex) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "one of 'text' and 'regex' is needed");
    }
    gate->scanned = gate->from;
    gate->text = g_strdup(text);
    if (regex) {
        gate->regex = g_regex_new(regex, G_REGEX_OPTIMIZE, 0, &regex_error);
        if (!gate->regex) {
            return mews_fail(error, MEWS_ERROR_BAD_VALUE, "'regex': %s", regex_error->message);
        }
    }
    return TRUE;
}

/* Whether bytes from..end-1 hold the text; *line becomes them as text. */
static gboolean line_matches(const Gate *gate, guint64 from, guint64 end, char **line)
{
    const History *bytes = &gate->stream->bytes;
    gsize size = end - from;

    if (size && *(const guint8 *)history_at(bytes, end - 1) == '\r') {
        size--;
    }
    *line = text_of_bytes(size ? history_at(bytes, from) : NULL, size);
    return gate->regex ? g_regex_match(gate->regex, *line, 0, NULL)
                       : strstr(*line, gate->text) != NULL;
}

static gboolean match_text(Gate *gate, const char *line, guint64 last, guint64 next)
{
    JsonObject *match = match_at(*(gint64 *)history_at(&gate->stream->times_ns, last), next);

    json_object_set_string_member(match, "line", line);
    return matched(gate, match);
}

/* Start over behind what has been forgotten. */
static void skip_forgotten(Gate *gate, const History *history)
{
    gate->from = MAX(gate->from, history->base);
    gate->scanned = MAX(gate->scanned, gate->from);
}

static gboolean judge_line(Gate *gate)
{
    const History *bytes = &gate->stream->bytes;

    skip_forgotten(gate, bytes);
    for (; gate->scanned < history_end(bytes); gate->scanned++) {
        g_autofree char *line = NULL;

        if (*(guint8 *)history_at(bytes, gate->scanned) != '\n') {
            continue;
        }
        if (line_matches(gate, gate->from, gate->scanned, &line)) {
            return match_text(gate, line, gate->scanned, gate->scanned + 1);
        }
        gate->from = gate->scanned + 1;
    }
    return FALSE;
}

/* Judged after every byte, so that the match does not depend on the quantum. */
static gboolean judge_prompt(Gate *gate)
{
    const History *bytes = &gate->stream->bytes;

    skip_forgotten(gate, bytes);
    for (; gate->scanned < history_end(bytes); gate->scanned++) {
        gboolean feed = *(guint8 *)history_at(bytes, gate->scanned) == '\n';
        guint64 end = gate->scanned + !feed;
        g_autofree char *line = NULL;

        if (end - gate->from > LINE_MAX_OCTETS) {
            gate->from = end - LINE_MAX_OCTETS;
        }
        if (line_matches(gate, gate->from, end, &line)) {
            return match_text(gate, line, gate->scanned, gate->scanned + 1);
        }
        if (feed) {
            gate->from = gate->scanned + 1;
        }
    }
    return FALSE;
}

static gboolean read_bytes(Gate *gate, JsonObject *object, const GateScene *scene, GError **error)
{
    if (!read_stream(gate, object, scene, error) ||
        !key_hex(object, "hex", KEY_REQUIRED, &gate->bytes, error)) {
        return FALSE;
    }
    if (gate->bytes->len == 0) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "'hex' is empty");
    }
    return TRUE;
}

static gboolean judge_bytes(Gate *gate)
{
    const History *bytes = &gate->stream->bytes;
    const guint8 *found;
    guint64 last;

    skip_forgotten(gate, bytes);
    if (history_end(bytes) < gate->from + gate->bytes->len) {
        return FALSE;
    }
    found = memmem(history_at(bytes, gate->from), history_end(bytes) - gate->from,
                   gate->bytes->data, gate->bytes->len);
    if (!found) {
        gate->from = history_end(bytes) - gate->bytes->len + 1;
        return FALSE;
    }
    last = bytes->base + (guint64)(found - bytes->data) + gate->bytes->len - 1;
    return matched(gate, match_at(*(gint64 *)history_at(&gate->stream->times_ns, last), last + 1));
}

/* ---- packet ---- */

static gboolean known_name(const char *name)
{
    for (gsize i = 0; packet_type_at(i); i++) {
        if (g_str_equal(packet_type_at(i)->name, name)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean read_verdict(Gate *gate, JsonObject *object, GError **error)
{
    const char *name = NULL;

    if (!key_string(object, "verdict", KEY_OPTIONAL, &name, error)) {
        return FALSE;
    }
    for (int v = 0; name && v < FRAME_VERDICTS; v++) {
        if (g_str_equal(frame_verdict_name(v), name)) {
            gate->verdict = v;
        }
    }
    return !name || gate->verdict >= 0 ||
           mews_fail(error, MEWS_ERROR_BAD_VALUE, "no verdict '%s'", name);
}

/* A field that no packet has would make a gate that can never match. */
static gboolean check_fields(const Gate *gate, GError **error)
{
    g_autoptr(GList) names = json_object_get_members(gate->fields);

    for (GList *n = names; n; n = n->next) {
        gboolean known = FALSE;

        for (gsize i = 0; packet_type_at(i); i++) {
            const struct packet_type *type = packet_type_at(i);

            if ((gate->name && !g_str_equal(gate->name, type->name)) ||
                (gate->apid >= 0 && gate->apid != type->apid)) {
                continue;
            }
            for (unsigned f = 0; f < type->field_count; f++) {
                known |= g_str_equal(type->fields[f].name, n->data);
            }
        }
        if (!known) {
            return mews_fail(error, MEWS_ERROR_BAD_VALUE, "no field '%s' in %s",
                             (const char *)n->data, gate->name ? gate->name : "these packets");
        }
    }
    return TRUE;
}

static gboolean read_fields(Gate *gate, JsonObject *object, GError **error)
{
    JsonNode *node = json_object_get_member(object, "fields");

    if (!node) {
        return TRUE;
    }
    if (!JSON_NODE_HOLDS_OBJECT(node)) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "'fields' is no object");
    }
    gate->fields = json_object_ref(json_node_get_object(node));
    return check_fields(gate, error);
}

static gboolean read_direction(Gate *gate, JsonObject *object, GError **error)
{
    const char *name = NULL;

    if (!key_string(object, "direction", KEY_OPTIONAL, &name, error)) {
        return FALSE;
    }
    if (name) {
        gate->direction = frames_find_direction(gate->frames, name);
        if (!gate->direction) {
            return mews_fail(error, MEWS_ERROR_BAD_VALUE, "link %s has no direction '%s'",
                             gate->frames->name, name);
        }
    }
    return TRUE;
}

static gboolean read_packet(Gate *gate, JsonObject *object, const GateScene *scene, GError **error)
{
    const char *link = NULL, *name = NULL;
    gint64 from;

    if (!key_string(object, "link", KEY_REQUIRED, &link, error)) {
        return FALSE;
    }
    for (guint i = 0; i < scene->links->len; i++) {
        Frames *frames = g_ptr_array_index(scene->links, i);

        if (g_str_equal(frames->name, link)) {
            gate->frames = frames;
        }
    }
    if (!gate->frames) {
        return mews_fail(error, MEWS_ERROR_NO_SUCH_LINK, "no link '%s'", link);
    }
    from = (gint64)history_end(&gate->frames->history);
    if (!key_int(object, "from", KEY_OPTIONAL, 0, G_MAXINT64, &from, error) ||
        !key_int(object, "apid", KEY_OPTIONAL, 0, CCSDS_APID_MAX, &gate->apid, error) ||
        !key_string(object, "name", KEY_OPTIONAL, &name, error)) {
        return FALSE;
    }
    if (name && !known_name(name)) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "no packet is called '%s'", name);
    }
    gate->from = (guint64)from;
    gate->name = g_strdup(name);
    return read_direction(gate, object, error) && read_verdict(gate, object, error) &&
           read_fields(gate, object, error);
}

static gboolean same_value(JsonNode *a, JsonNode *b)
{
    JsonArray *one, *other;

    if (JSON_NODE_HOLDS_VALUE(a) && JSON_NODE_HOLDS_VALUE(b)) {
        GType types[2] = {json_node_get_value_type(a), json_node_get_value_type(b)};

        if (types[0] == G_TYPE_INT64 && types[1] == G_TYPE_INT64) {
            return json_node_get_int(a) == json_node_get_int(b);
        }
        for (unsigned i = 0; i < G_N_ELEMENTS(types); i++) {
            if (types[i] != G_TYPE_INT64 && types[i] != G_TYPE_DOUBLE) {
                return FALSE;
            }
        }
        return json_node_get_double(a) == json_node_get_double(b);
    }
    if (!JSON_NODE_HOLDS_ARRAY(a) || !JSON_NODE_HOLDS_ARRAY(b)) {
        return FALSE;
    }
    one = json_node_get_array(a);
    other = json_node_get_array(b);
    if (json_array_get_length(one) != json_array_get_length(other)) {
        return FALSE;
    }
    for (guint i = 0; i < json_array_get_length(one); i++) {
        if (!same_value(json_array_get_element(one, i), json_array_get_element(other, i))) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean fields_match(const Gate *gate, const Frame *frame)
{
    g_autoptr(GList) names = gate->fields ? json_object_get_members(gate->fields) : NULL;

    for (GList *n = names; n; n = n->next) {
        g_autoptr(JsonNode) seen = frame_field(frame, n->data);

        if (!seen || !same_value(json_object_get_member(gate->fields, n->data), seen)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean frame_matches(const Gate *gate, const Frame *frame)
{
    gboolean named = frame->has_packet;

    return (!gate->direction || gate->direction == frame->direction) &&
           (gate->verdict < 0 || gate->verdict == (gint64)frame->verdict) &&
           (gate->apid < 0 || (named && gate->apid == frame->packet.type->apid)) &&
           (!gate->name || (named && g_str_equal(gate->name, frame->packet.type->name))) &&
           fields_match(gate, frame);
}

static gboolean judge_packet(Gate *gate)
{
    const History *history = &gate->frames->history;

    for (gate->from = MAX(gate->from, history->base); gate->from < history_end(history);
         gate->from++) {
        const Frame *frame = history_at(history, gate->from);
        JsonObject *match;

        if (!frame_matches(gate, frame)) {
            continue;
        }
        match = frame_to_json(gate->frames, frame);
        json_object_set_int_member(match, "time_ns", frame->end_ns);
        json_object_set_int_member(match, "next", (gint64)gate->from + 1);
        return matched(gate, match);
    }
    return FALSE;
}

/* ---- edge, pwm ---- */

static gboolean read_pin(Gate *gate, JsonObject *object, const GateScene *scene, GError **error)
{
    const char *name = NULL;

    gate->from_ns = scene->now_ns;
    if (!key_string(object, "pin", KEY_REQUIRED, &name, error) ||
        !key_int(object, "from_ns", KEY_OPTIONAL, 0, G_MAXINT64, &gate->from_ns, error)) {
        return FALSE;
    }
    gate->pin = pins_find(scene->pins, name);
    if (!gate->pin) {
        return mews_fail(error, MEWS_ERROR_NO_SUCH_PIN, "no pin '%s'", name);
    }
    gate->from = pin_first_edge(gate->pin, gate->from_ns);
    return TRUE;
}

static gboolean read_edge(Gate *gate, JsonObject *object, const GateScene *scene, GError **error)
{
    return read_pin(gate, object, scene, error) &&
           key_int(object, "level", KEY_OPTIONAL, 0, 1, &gate->level, error);
}

static gboolean judge_edge(Gate *gate)
{
    const History *edges = &gate->pin->edges;

    for (gate->from = MAX(gate->from, edges->base); gate->from < history_end(edges); gate->from++) {
        const PinEdge *edge = history_at(edges, gate->from);
        JsonObject *match;

        if (edge->time_ns < gate->from_ns || (gate->level >= 0 && gate->level != edge->level)) {
            continue;
        }
        match = match_at(edge->time_ns, (guint64)edge->time_ns + 1);
        json_object_set_int_member(match, "level", edge->level);
        return matched(gate, match);
    }
    return FALSE;
}

static gboolean read_pwm(Gate *gate, JsonObject *object, const GateScene *scene, GError **error)
{
    gate->period_ns_max = G_MAXINT64;
    return read_pin(gate, object, scene, error) &&
           key_int(object, "high_ns_min", KEY_REQUIRED, 0, G_MAXINT64, &gate->high_ns_min, error) &&
           key_int(object, "high_ns_max", KEY_REQUIRED, 0, G_MAXINT64, &gate->high_ns_max, error) &&
           key_int(object, "period_ns_min", KEY_OPTIONAL, 0, G_MAXINT64, &gate->period_ns_min,
                   error) &&
           key_int(object, "period_ns_max", KEY_OPTIONAL, 0, G_MAXINT64, &gate->period_ns_max,
                   error);
}

static gboolean judge_pwm(Gate *gate)
{
    PinCycle cycle;

    while (pin_next_cycle(gate->pin, &gate->from, &cycle)) {
        gint64 end_ns = cycle.start_ns + cycle.period_ns;
        JsonObject *match;

        if (cycle.start_ns < gate->from_ns || cycle.high_ns < gate->high_ns_min ||
            cycle.high_ns > gate->high_ns_max || cycle.period_ns < gate->period_ns_min ||
            cycle.period_ns > gate->period_ns_max) {
            continue;
        }
        match = match_at(end_ns, (guint64)end_ns);
        json_object_set_int_member(match, "high_ns", cycle.high_ns);
        json_object_set_int_member(match, "period_ns", cycle.period_ns);
        return matched(gate, match);
    }
    return FALSE;
}

/* ---- the table ---- */

static const char *const text_keys[] = {"kind", "uart", "text", "regex", "from", NULL};
static const char *const bytes_keys[] = {"kind", "uart", "hex", "from", NULL};
static const char *const packet_keys[] = {"kind", "link",    "direction", "apid", "name",
                                          "from", "verdict", "fields",    NULL};
static const char *const edge_keys[] = {"kind", "pin", "level", "from_ns", NULL};
static const char *const pwm_keys[] = {
    "kind", "pin", "from_ns", "high_ns_min", "high_ns_max", "period_ns_min", "period_ns_max", NULL};

static const GateKind kinds[] = {
    {"line", text_keys, read_text, judge_line},
    {"prompt", text_keys, read_text, judge_prompt},
    {"bytes", bytes_keys, read_bytes, judge_bytes},
    {"packet", packet_keys, read_packet, judge_packet},
    {"edge", edge_keys, read_edge, judge_edge},
    {"pwm", pwm_keys, read_pwm, judge_pwm},
};

Gate *gate_new(JsonObject *object, const GateScene *scene, GError **error)
{
    const char *name = NULL;

    if (!key_string(object, "kind", KEY_REQUIRED, &name, error)) {
        return NULL;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        Gate *gate;

        if (!g_str_equal(kinds[i].name, name)) {
            continue;
        }
        gate = g_new0(Gate, 1);
        gate->kind = &kinds[i];
        gate->apid = gate->verdict = gate->level = -1;
        if (!keys_known(object, kinds[i].keys, error) ||
            !kinds[i].read(gate, object, scene, error)) {
            gate_free(gate);
            return NULL;
        }
        return gate;
    }
    mews_fail(error, MEWS_ERROR_BAD_VALUE, "no gate kind '%s'", name);
    return NULL;
}

void gate_free(Gate *gate)
{
    g_clear_pointer(&gate->match, json_node_unref);
    g_clear_pointer(&gate->regex, g_regex_unref);
    g_clear_pointer(&gate->bytes, g_byte_array_unref);
    g_clear_pointer(&gate->fields, json_object_unref);
    g_free(gate->text);
    g_free(gate->name);
    g_free(gate);
}

gboolean gate_judge(Gate *gate)
{
    return gate->match || gate->kind->judge(gate);
}

JsonNode *gate_match(const Gate *gate)
{
    return gate->match ? json_node_copy(gate->match) : json_node_new(JSON_NODE_NULL);
}
