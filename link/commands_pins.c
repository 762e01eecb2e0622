/*
 * Requests about pins: edges, levels, what drives them from outside; see commands.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands_internal.h"
#include <string.h>

gboolean command_edges(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    gint64 from_ns = 0, until_ns = G_MAXINT64;
    Pin *pin = request_pin(daemon, request, error);
    JsonArray *edges;

    if (!pin || !key_int(request, "from_ns", KEY_OPTIONAL, 0, G_MAXINT64, &from_ns, error) ||
        !key_int(request, "until_ns", KEY_OPTIONAL, 0, G_MAXINT64, &until_ns, error)) {
        return FALSE;
    }
    edges = json_array_new();
    for (guint64 i = pin_first_edge(pin, from_ns); i < history_end(&pin->edges); i++) {
        const PinEdge *edge = history_at(&pin->edges, i);
        JsonArray *pair;

        if (edge->time_ns >= until_ns) {
            break;
        }
        pair = json_array_sized_new(2);
        json_array_add_int_element(pair, edge->time_ns);
        json_array_add_int_element(pair, edge->level);
        json_array_add_array_element(edges, pair);
    }
    json_object_set_array_member(answer, "edges", edges);
    json_object_set_int_member(answer, "level", pin->level);
    return TRUE;
}

gboolean command_pin(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Pin *pin = request_pin(daemon, request, error);
    PinCycle cycle;

    if (!pin) {
        return FALSE;
    }
    json_object_set_int_member(answer, "level", pin->level);
    if (pin_last_cycle(pin, &cycle)) {
        JsonObject *pwm = json_object_new();

        json_object_set_int_member(pwm, "period_ns", cycle.period_ns);
        json_object_set_int_member(pwm, "high_ns", cycle.high_ns);
        json_object_set_object_member(answer, "pwm", pwm);
    } else {
        json_object_set_null_member(answer, "pwm");
    }
    return TRUE;
}

static gboolean read_edge(JsonNode *node, PinEdge *edge)
{
    JsonArray *pair = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    gint64 number[2];

    for (guint i = 0; i < 2; i++) {
        JsonNode *item =
            pair && json_array_get_length(pair) == 2 ? json_array_get_element(pair, i) : NULL;

        if (!item || !JSON_NODE_HOLDS_VALUE(item) ||
            json_node_get_value_type(item) != G_TYPE_INT64) {
            return FALSE;
        }
        number[i] = json_node_get_int(item);
    }
    *edge =
        (PinEdge){.time_ns = number[0], .level = number[1] < 0 ? WIRE_RELEASED : number[1] != 0};
    return number[1] >= -1 && number[1] <= 1;
}

static gboolean read_edges(JsonObject *request, GArray *edges, GError **error)
{
    JsonNode *node = json_object_get_member(request, "edges");
    JsonArray *list = node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

    for (guint i = 0; list && i < json_array_get_length(list); i++) {
        PinEdge edge;

        if (!read_edge(json_array_get_element(list, i), &edge)) {
            return mews_fail(error, MEWS_ERROR_BAD_VALUE,
                             "edge %u is not [time in ns, level 0, 1 or -1 (released)]", i);
        }
        g_array_append_val(edges, edge);
    }
    return edges->len || mews_fail(error, MEWS_ERROR_BAD_VALUE, "'edges' is no list of edges");
}

/* A level from now on, or from "at_ns" on, or a list of edges. */
gboolean command_drive(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(PinEdge));
    Pin *pin = request_pin(daemon, request, error);
    gint64 at_ns = daemon->now_ns, level = 0;

    if (!pin || !key_int(request, "level", KEY_OPTIONAL, -1, 1, &level, error) ||
        !key_int(request, "at_ns", KEY_OPTIONAL, 0, G_MAXINT64, &at_ns, error)) {
        return FALSE;
    }
    if (key_present(request, "level") == key_present(request, "edges") ||
        (key_present(request, "edges") && key_present(request, "at_ns"))) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE,
                         "either 'level' (with 'at_ns' if wanted) or 'edges' is needed");
    }
    if (key_present(request, "level")) {
        PinEdge edge = {.time_ns = at_ns, .level = level < 0 ? WIRE_RELEASED : level != 0};

        g_array_append_val(edges, edge);
    } else if (!read_edges(request, edges, error)) {
        return FALSE;
    }
    json_object_set_int_member(answer, "end_ns",
                               g_array_index(edges, PinEdge, edges->len - 1).time_ns);
    return drive_edges(daemon->drive, pin, (PinEdge *)edges->data, edges->len, daemon->now_ns,
                       error);
}

gboolean command_analog(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Pin *pin = request_pin(daemon, request, error);
    gint64 uv = 0;

    (void)answer;
    return pin && key_int(request, "uv", KEY_REQUIRED, -1, G_MAXINT32, &uv, error) &&
           machine_set_analog(g_ptr_array_index(daemon->machines, pin->machine),
                              strchr(pin->name, '.') + 1, uv, error);
}
