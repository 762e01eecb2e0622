/*
 * Requests about the rig as a whole: status, run, hash, quit; see commands.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands_internal.h"
#include "gates.h"
#include "trace.h"

static JsonArray *status_machines(Daemon *daemon)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; i < daemon->machines->len; i++) {
        const Machine *machine = g_ptr_array_index(daemon->machines, i);
        JsonObject *object = json_object_new();
        JsonArray *images = json_array_new();

        for (guint n = 0; n < machine->rig->images->len; n++) {
            json_array_add_string_element(images, rig_image(machine->rig, n)->path);
        }
        json_object_set_string_member(object, "name", machine->rig->name);
        json_object_set_string_member(object, "model", machine->rig->model->name);
        json_object_set_array_member(object, "images", images);
        json_object_set_string_member(object, "state", machine_state(machine));
        json_object_set_int_member(object, "pid", machine->pid);
        if (machine->gdb_socket) {
            json_object_set_string_member(object, "gdb", machine->gdb_socket);
        }
        json_array_add_object_element(array, object);
    }
    return array;
}

static JsonArray *status_links(Daemon *daemon)
{
    g_autoptr(JsonObject) statistics = daemon_statistics(daemon);
    JsonArray *array = json_array_new();

    for (guint i = 0; i < daemon->rig->links->len; i++) {
        const char *name = rig_link(daemon->rig, i)->name;
        JsonObject *object = json_object_new();
        JsonArray *ends = json_array_new();

        for (unsigned e = 0; e < 2; e++) {
            json_array_add_string_element(ends, tap_sent(daemon->tap, i, e)->name);
        }
        json_object_set_string_member(object, "name", name);
        json_object_set_array_member(object, "ends", ends);
        json_object_set_object_member(
            object, "directions", json_object_ref(json_object_get_object_member(statistics, name)));
        json_array_add_object_element(array, object);
    }
    return array;
}

static void add_pin_name(gpointer opaque, Pin *pin)
{
    json_array_add_string_element(opaque, pin->name);
}

gboolean command_status(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    JsonArray *consoles = json_array_new();
    JsonArray *pins = json_array_new();

    (void)request;
    (void)error;
    for (guint w = daemon->links->len; w < daemon->shm.rig->wire_count; w++) {
        json_array_add_string_element(consoles, tap_sent(daemon->tap, w, 0)->name);
    }
    pins_each(daemon->pins, add_pin_name, pins);
    json_object_set_string_member(answer, "rig", daemon->rig->name);
    json_object_set_int_member(answer, "time_ns", daemon->now_ns);
    json_object_set_string_member(answer, "state",
                                  daemon->failure      ? "failed"
                                  : daemon->run.active ? "running"
                                                       : "standing");
    if (daemon->failure) {
        json_object_set_string_member(answer, "message", daemon->failure->message);
    }
    json_object_set_array_member(answer, "machines", status_machines(daemon));
    json_object_set_array_member(answer, "links", status_links(daemon));
    json_object_set_array_member(answer, "consoles", consoles);
    json_object_set_array_member(answer, "pins", pins);
    if (daemon->folder) {
        json_object_set_string_member(answer, "run_dir", daemon->folder);
    } else {
        json_object_set_null_member(answer, "run_dir");
    }
    return TRUE;
}

static GPtrArray *read_gates(Daemon *daemon, JsonObject *request, GError **error)
{
    g_autoptr(GPtrArray) gates = g_ptr_array_new_with_free_func((GDestroyNotify)gate_free);
    const GateScene scene = {daemon->tap, daemon->pins, daemon->links, daemon->now_ns};
    JsonNode *node = json_object_get_member(request, "gates");
    JsonArray *array;

    if (!node) {
        return g_steal_pointer(&gates);
    }
    if (!JSON_NODE_HOLDS_ARRAY(node)) {
        mews_fail(error, MEWS_ERROR_BAD_VALUE, "'gates' is no list");
        return NULL;
    }
    array = json_node_get_array(node);
    if (json_array_get_length(array) > GATES_MAX) {
        mews_fail(error, MEWS_ERROR_BAD_VALUE, "more than %d gates", GATES_MAX);
        return NULL;
    }
    for (guint i = 0; i < json_array_get_length(array); i++) {
        JsonNode *element = json_array_get_element(array, i);
        Gate *gate;

        if (!JSON_NODE_HOLDS_OBJECT(element)) {
            mews_fail(error, MEWS_ERROR_BAD_VALUE, "gates[%u] is no object", i);
            return NULL;
        }
        gate = gate_new(json_node_get_object(element), &scene, error);
        if (!gate) {
            if (json_array_get_length(array) > 1) {
                g_prefix_error(error, "gates[%u]: ", i);
            }
            return NULL;
        }
        g_ptr_array_add(gates, gate);
    }
    return g_steal_pointer(&gates);
}

/* The virtual time at which the run ends without its gates. */
static gboolean read_until(Daemon *daemon, JsonObject *request, gint64 *until_ns, GError **error)
{
    gint64 for_ns = 0;

    if (key_present(request, "for_ns") == key_present(request, "until_ns")) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "one of 'for_ns' and 'until_ns' is needed");
    }
    if (key_present(request, "until_ns")) {
        return key_int(request, "until_ns", KEY_REQUIRED, daemon->now_ns,
                       daemon->now_ns + RUN_MAX_NS, until_ns, error);
    }
    if (!key_int(request, "for_ns", KEY_REQUIRED, 0, RUN_MAX_NS, &for_ns, error)) {
        return FALSE;
    }
    *until_ns = daemon->now_ns + for_ns;
    return TRUE;
}

gboolean command_run(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    const char *mode = "any";
    GPtrArray *gates;
    gint64 until_ns;

    (void)answer; /* comes when the run has ended */
    if (!read_until(daemon, request, &until_ns, error) ||
        !key_string(request, "mode", KEY_OPTIONAL, &mode, error)) {
        return FALSE;
    }
    if (!g_str_equal(mode, "any") && !g_str_equal(mode, "all")) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "mode is any or all, not '%s'", mode);
    }
    gates = read_gates(daemon, request, error);
    if (!gates) {
        return FALSE;
    }
    run_begin(daemon, until_ns, gates, mode[1] == 'l');
    return TRUE;
}

gboolean command_hash(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    JsonObject *streams;
    g_autofree char *hash = trace_hash(daemon->tap, daemon->pins, &streams);

    (void)request;
    (void)error;
    json_object_set_string_member(answer, "hash", hash);
    json_object_set_object_member(answer, "streams", streams);
    return TRUE;
}

gboolean command_quit(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    (void)request;
    (void)error;
    json_object_set_int_member(answer, "time_ns", daemon->now_ns);
    daemon->quit = TRUE;
    daemon->quit_reason = "quit";
    return TRUE;
}
