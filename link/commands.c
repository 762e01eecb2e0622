/*
 * The requests of the control socket; see commands.h.  A table has one entry
 * per command: its keys, its handler, and when it may come.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands.h"
#include <string.h>
#include "daemon.h"
#include "gates.h"
#include "hex.h"
#include "keys.h"
#include "text.h"
#include "trace.h"

/* A year of virtual time is enough for one run, and sums stay far from overflow. */
#define RUN_MAX_NS     (365ll * 24 * 3600 * 1000000000)
#define READ_MAX       (1024 * 1024)
#define CONSOLE_BAUD   115200
#define LINK_BAUD      1500000
#define DEFAULT_FORMAT "8N1"
#define ADDRESS_MAX    0xffffffffll
#define WORDS_MAX      1024

typedef struct Command {
    const char *name;
    gboolean (*handle)(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error);
    enum {
        ANY_TIME = 1 << 0, /* also while another client is inside `run` */
        DEAD_RIG = 1 << 1, /* also when the rig has failed */
        REPEATED = 1 << 2, /* a replay has to do it, too */
    } flags;
    const char *const keys[9]; /* besides "cmd" and "id" */
} Command;

/* ---- finding things ---- */

static Machine *find_machine(Daemon *daemon, JsonObject *request, GError **error)
{
    const char *name = NULL;
    int index;

    if (!key_string(request, "machine", KEY_REQUIRED, &name, error)) {
        return NULL;
    }
    index = rig_find_machine(daemon->rig, name);
    if (index < 0) {
        mews_fail(error, MEWS_ERROR_NO_SUCH_MACHINE, "no machine '%s'", name);
        return NULL;
    }
    return g_ptr_array_index(daemon->machines, index);
}

static TapStream *find_uart(Daemon *daemon, JsonObject *request, GError **error)
{
    const char *name = NULL;
    TapStream *stream;

    if (!key_string(request, "uart", KEY_REQUIRED, &name, error)) {
        return NULL;
    }
    stream = tap_find(daemon->tap, name);
    if (!stream) {
        mews_fail(error, MEWS_ERROR_NO_SUCH_UART, "no UART '%s' on a wire of the rig", name);
    }
    return stream;
}

static Frames *find_link(Daemon *daemon, JsonObject *request, GError **error)
{
    const char *name = NULL;
    int index;

    if (!key_string(request, "link", KEY_REQUIRED, &name, error)) {
        return NULL;
    }
    index = rig_find_link(daemon->rig, name);
    if (index < 0) {
        mews_fail(error, MEWS_ERROR_NO_SUCH_LINK, "no link '%s'", name);
        return NULL;
    }
    return g_ptr_array_index(daemon->links, index);
}

static Pin *find_pin(Daemon *daemon, JsonObject *request, GError **error)
{
    const char *name = NULL;
    Pin *pin;

    if (!key_string(request, "pin", KEY_REQUIRED, &name, error)) {
        return NULL;
    }
    pin = pins_find(daemon->pins, name);
    if (!pin) {
        mews_fail(error, MEWS_ERROR_NO_SUCH_PIN, "no pin '%s'", name);
    }
    return pin;
}

/* ---- status ---- */

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

static gboolean do_status(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
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

/* ---- run ---- */

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
            mews_fail(error, MEWS_ERROR_BAD_VALUE, "gate %u is no object", i);
            return NULL;
        }
        gate = gate_new(json_node_get_object(element), &scene, error);
        if (!gate) {
            g_prefix_error(error, "gate %u: ", i);
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

static gboolean do_run(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
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

/* ---- writing ---- */

static gboolean read_format(JsonObject *request, gint64 baud, InjectFormat *format, GError **error)
{
    const char *text = DEFAULT_FORMAT;

    return key_int(request, "baud", KEY_OPTIONAL, 0, G_MAXINT64, &baud, error) &&
           key_string(request, "format", KEY_OPTIONAL, &text, error) &&
           inject_format_parse(format, baud, text, error);
}

/* "at_ns": when the first bit starts if nothing else is being sent. */
static gboolean read_at(Daemon *daemon, JsonObject *request, gint64 *at_ns, GError **error)
{
    return key_int(request, "at_ns", KEY_OPTIONAL, daemon->now_ns, daemon->now_ns + RUN_MAX_NS,
                   at_ns, error);
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

static gboolean do_write(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    TapStream *stream = find_uart(daemon, request, error);
    g_autoptr(GByteArray) bytes = NULL;
    const char *text = NULL;
    gint64 at_ns = daemon->now_ns;
    InjectFormat format;

    if (!stream || !read_format(request, CONSOLE_BAUD, &format, error) ||
        !read_at(daemon, request, &at_ns, error) ||
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

static gboolean do_inject(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Frames *frames = find_link(daemon, request, error);
    g_autoptr(GByteArray) bytes = NULL;
    g_autoptr(GByteArray) frame = NULL;
    gint64 at_ns = daemon->now_ns;
    InjectFormat format;
    unsigned end;

    if (!frames || !find_end(daemon, frames, request, &end, error) ||
        !read_format(request, LINK_BAUD, &format, error) ||
        !read_at(daemon, request, &at_ns, error) ||
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

static gboolean do_uart(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    TapStream *stream = find_uart(daemon, request, error);
    g_autofree char *hex = NULL;
    g_autofree char *text = NULL;
    const guint8 *bytes = NULL;
    JsonArray *times;
    guint64 from, next;

    if (!stream || !read_from(request, &stream->bytes, &from, error)) {
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
    json_object_set_int_member(answer, "next", (gint64)next);
    return TRUE;
}

static gboolean do_packets(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Frames *frames = find_link(daemon, request, error);
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

static gboolean do_edges(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    gint64 from_ns = 0, until_ns = G_MAXINT64;
    Pin *pin = find_pin(daemon, request, error);
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

static gboolean do_pin(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Pin *pin = find_pin(daemon, request, error);
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
static gboolean do_drive(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(PinEdge));
    Pin *pin = find_pin(daemon, request, error);
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

static gboolean do_analog(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Pin *pin = find_pin(daemon, request, error);
    gint64 uv = 0;

    (void)answer;
    return pin && key_int(request, "uv", KEY_REQUIRED, -1, G_MAXINT32, &uv, error) &&
           machine_set_analog(g_ptr_array_index(daemon->machines, pin->machine),
                              strchr(pin->name, '.') + 1, uv, error);
}

static gboolean do_hash(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    JsonObject *streams;
    g_autofree char *hash = trace_hash(daemon->tap, daemon->pins, &streams);

    (void)request;
    (void)error;
    json_object_set_string_member(answer, "hash", hash);
    json_object_set_object_member(answer, "streams", streams);
    return TRUE;
}

/* ---- machines ---- */

static gboolean read_address(Machine *machine, JsonObject *request, guint32 *address,
                             GError **error)
{
    const char *symbol = NULL;
    gint64 number = 0;

    if (key_present(request, "symbol") == key_present(request, "address")) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "one of 'symbol' and 'address' is needed");
    }
    if (key_present(request, "symbol")) {
        return key_string(request, "symbol", KEY_REQUIRED, &symbol, error) &&
               load_address(machine->load, symbol, address, error);
    }
    if (!key_int(request, "address", KEY_REQUIRED, 0, ADDRESS_MAX, &number, error)) {
        return FALSE;
    }
    *address = (guint32)number;
    return TRUE;
}

static gboolean read_size(JsonObject *request, gint64 *size, gboolean *as_value, GError **error)
{
    *as_value = !key_present(request, "length");
    *size = sizeof(guint32);
    if (!*as_value && key_present(request, "size")) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "one of 'size' and 'length', not both");
    }
    if (!*as_value) {
        return key_int(request, "length", KEY_REQUIRED, 1, READ_MAX, size, error);
    }
    if (!key_int(request, "size", KEY_OPTIONAL, 1, 4, size, error)) {
        return FALSE;
    }
    return *size != 3 || mews_fail(error, MEWS_ERROR_BAD_VALUE, "'size' is 1, 2 or 4");
}

/*
 * Reading a device may change it (a data register is emptied), so a replay has
 * to read there, too.  Device regions of the ARMv7-M memory map (B3.1).
 */
static gboolean is_device(guint32 address)
{
    guint32 region = address >> 29;

    return region == 2 || region == 5 || region == 6 || region == 7;
}

static gboolean read_addresses(JsonObject *request, GArray *addresses, GError **error)
{
    JsonNode *node = json_object_get_member(request, "addresses");
    JsonArray *list = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    guint length = list ? json_array_get_length(list) : 0;

    for (guint i = 0; i < length; i++) {
        JsonNode *item = json_array_get_element(list, i);
        gint64 number = JSON_NODE_HOLDS_VALUE(item) ? json_node_get_int(item) : -1;
        guint32 address = (guint32)number;

        if (json_node_get_value_type(item) != G_TYPE_INT64 || number != address || address % 4) {
            length = 0;
            break;
        }
        g_array_append_val(addresses, address);
    }
    return (length && length <= WORDS_MAX) ||
           mews_fail(error, MEWS_ERROR_BAD_VALUE,
                     "'addresses' is a list of up to %d multiples of 4", WORDS_MAX);
}

/* The words at "addresses", in this order, at one time. */
static gboolean read_words(Daemon *daemon, Machine *machine, JsonObject *request,
                           JsonObject *answer, GError **error)
{
    g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(JsonArray) values = json_array_new();
    gboolean of_device = FALSE;

    if (key_present(request, "symbol") || key_present(request, "address") ||
        key_present(request, "size") || key_present(request, "length")) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "'addresses' takes only 'wait' beside it");
    }
    if (!read_addresses(request, addresses, error)) {
        return FALSE;
    }
    for (guint i = 0; i < addresses->len; i++) {
        guint32 address = g_array_index(addresses, guint32, i), word;

        if (!machine_read(machine, address, (guint8 *)&word, sizeof(word), error)) {
            return FALSE;
        }
        json_array_add_int_element(values, GUINT32_FROM_LE(word));
        of_device = of_device || is_device(address);
    }
    if (daemon->record && of_device) {
        record_command(daemon->record, daemon->now_ns, request);
    }
    json_object_set_array_member(answer, "values", g_steal_pointer(&values));
    json_object_set_int_member(answer, "time_ns", daemon->now_ns);
    return TRUE;
}

static gboolean do_read(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Machine *machine = find_machine(daemon, request, error);
    g_autofree guint8 *data = NULL;
    gboolean as_value;
    guint32 address;
    gint64 size;

    if (machine && key_present(request, "addresses")) {
        return read_words(daemon, machine, request, answer, error);
    }
    if (!machine || !read_address(machine, request, &address, error) ||
        !read_size(request, &size, &as_value, error)) {
        return FALSE;
    }
    data = g_malloc((gsize)size);
    if (!machine_read(machine, address, data, (gsize)size, error)) {
        return FALSE;
    }
    if (daemon->record && is_device(address)) {
        record_command(daemon->record, daemon->now_ns, request);
    }
    json_object_set_int_member(answer, "address", address);
    if (as_value) {
        gint64 value = 0;

        for (gint64 i = size; i-- > 0;) {
            value = value << 8 | data[i];
        }
        json_object_set_int_member(answer, "value", value);
    } else {
        g_autofree char *hex = hex_encode(data, (gsize)size);

        json_object_set_string_member(answer, "hex", hex);
    }
    return TRUE;
}

static gboolean do_registers(Daemon *daemon, JsonObject *request, JsonObject *answer,
                             GError **error)
{
    Machine *machine = find_machine(daemon, request, error);
    JsonObject *registers = machine ? machine_registers(machine, error) : NULL;

    if (!registers) {
        return FALSE;
    }
    json_object_set_object_member(answer, "registers", registers);
    return TRUE;
}

static gboolean do_halt(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Machine *machine = find_machine(daemon, request, error);

    (void)answer;
    return machine && machine_hold(machine, TRUE, error);
}

static gboolean do_resume(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Machine *machine = find_machine(daemon, request, error);

    (void)answer;
    return machine && machine_hold(machine, FALSE, error);
}

static gboolean do_reset(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Machine *machine = find_machine(daemon, request, error);
    unsigned index;

    (void)answer;
    if (!machine || !machine_reset(machine, error)) {
        return FALSE;
    }
    /* a receiver's replay window lives in its RAM; the tap sees as it sees */
    index = (unsigned)rig_find_machine(daemon->rig, machine->rig->name);
    for (guint i = 0; i < daemon->links->len; i++) {
        for (unsigned e = 0; e < 2; e++) {
            if (rig_link(daemon->rig, i)->end[e].machine == index) {
                frames_reset_receiver(g_ptr_array_index(daemon->links, i), e);
            }
        }
    }
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

static gboolean do_seal(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
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

static gboolean do_quit(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    (void)request;
    (void)error;
    json_object_set_int_member(answer, "time_ns", daemon->now_ns);
    daemon->quit = TRUE;
    daemon->quit_reason = "quit";
    return TRUE;
}

static const Command commands[] = {
    {"status", do_status, ANY_TIME | DEAD_RIG, {NULL}},
    {"run", do_run, 0, {"for_ns", "until_ns", "gates", "mode"}},
    {"write", do_write, REPEATED, {"uart", "hex", "text", "baud", "format", "at_ns"}},
    {"inject", do_inject, REPEATED, {"link", "to", "hex", "frame", "baud", "format", "at_ns"}},
    {"uart", do_uart, DEAD_RIG, {"uart", "from"}},
    {"packets", do_packets, DEAD_RIG, {"link", "from", "direction"}},
    {"edges", do_edges, DEAD_RIG, {"pin", "from_ns", "until_ns"}},
    {"pin", do_pin, DEAD_RIG, {"pin"}},
    {"drive", do_drive, REPEATED, {"pin", "level", "at_ns", "edges"}},
    {"analog", do_analog, REPEATED, {"pin", "uv"}},
    {"read", do_read, 0, {"machine", "symbol", "address", "addresses", "size", "length", "wait"}},
    {"registers", do_registers, 0, {"machine"}},
    {"halt", do_halt, REPEATED, {"machine"}},
    {"resume", do_resume, REPEATED, {"machine"}},
    {"reset", do_reset, REPEATED, {"machine"}},
    {"seal", do_seal, ANY_TIME | DEAD_RIG, {"spi", "channel", "counter", "payload", "key", "mode"}},
    {"hash", do_hash, DEAD_RIG, {NULL}},
    {"quit", do_quit, ANY_TIME | DEAD_RIG, {NULL}},
};

/* ---- answering ---- */

static void send_object(Client *client, JsonObject *object)
{
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
    g_autofree char *line = json_to_string(node, FALSE);

    client_send(client, line);
}

static JsonObject *new_answer(JsonNode *id, gboolean ok)
{
    JsonObject *answer = json_object_new();

    if (id) {
        json_object_set_member(answer, "id", json_node_copy(id));
    }
    json_object_set_boolean_member(answer, "ok", ok);
    return answer;
}

static void send_error(Client *client, JsonNode *id, const GError *error)
{
    g_autoptr(JsonObject) answer = new_answer(id, FALSE);
    JsonObject *object = json_object_new();

    json_object_set_string_member(object, "code", mews_error_name(error->code));
    json_object_set_string_member(object, "message", error->message);
    json_object_set_object_member(answer, "error", object);
    send_object(client, answer);
}

/* A request that comes when the run of another client has ended. */
typedef struct Later {
    Client *client;
    char *line;
} Later;

static void later_free(gpointer data)
{
    Later *later = data;

    g_free(later->line);
    g_free(later);
}

static gboolean comes_later(const Daemon *daemon, JsonObject *request)
{
    JsonNode *wait = json_object_get_member(request, "wait");

    return daemon->run.active && wait && JSON_NODE_HOLDS_VALUE(wait) &&
           json_node_get_value_type(wait) == G_TYPE_BOOLEAN && json_node_get_boolean(wait);
}

static void do_later(Daemon *daemon, Client *client, const char *line)
{
    Later *later = g_new0(Later, 1);

    later->client = client;
    later->line = g_strdup(line);
    if (!daemon->later) {
        daemon->later = g_ptr_array_new_with_free_func(later_free);
    }
    g_ptr_array_add(daemon->later, later);
    client_pause(client);
}

static void do_what_waits(Daemon *daemon)
{
    g_autoptr(GPtrArray) waiting = g_steal_pointer(&daemon->later);

    for (guint i = 0; waiting && i < waiting->len; i++) {
        Later *later = g_ptr_array_index(waiting, i);

        commands_line(daemon, later->client, later->line);
        client_resume(later->client);
    }
}

static void forget_what_waits(Daemon *daemon, const Client *client)
{
    for (guint i = daemon->later ? daemon->later->len : 0; i > 0; i--) {
        const Later *later = g_ptr_array_index(daemon->later, i - 1);

        if (later->client == client) {
            g_ptr_array_remove_index(daemon->later, i - 1);
        }
    }
}

/* The client that waits for a run; client is NULL once it is gone. */
typedef struct Waiting {
    Daemon *daemon;
    Client *client;
    JsonNode *id;
} Waiting;

static void run_ended(gpointer opaque, JsonObject *result, const GError *error)
{
    Waiting *waiting = opaque;
    g_autoptr(JsonObject) taken = result;

    if (waiting->client && error) {
        send_error(waiting->client, waiting->id, error);
    } else if (waiting->client) {
        g_autoptr(JsonObject) answer = new_answer(waiting->id, TRUE);
        g_autoptr(GList) names = json_object_get_members(result);

        for (GList *n = names; n; n = n->next) {
            json_object_set_member(answer, n->data, json_object_dup_member(result, n->data));
        }
        send_object(waiting->client, answer);
    }
    do_what_waits(waiting->daemon);
    if (waiting->client) {
        client_resume(waiting->client);
    }
    g_clear_pointer(&waiting->id, json_node_unref);
    g_free(waiting);
}

static void wait_for_run(Daemon *daemon, Client *client, JsonNode *id)
{
    Waiting *waiting = g_new0(Waiting, 1);

    waiting->daemon = daemon;
    waiting->client = client;
    waiting->id = id ? json_node_copy(id) : NULL;
    daemon->run.ended = run_ended;
    daemon->run.opaque = waiting;
    client_pause(client);
}

void commands_gone(gpointer opaque, Client *client)
{
    Daemon *daemon = opaque;
    Waiting *waiting = daemon->run.active ? daemon->run.opaque : NULL;

    if (waiting && waiting->client == client) {
        waiting->client = NULL;
        run_cancel(daemon);
    }
    forget_what_waits(daemon, client);
}

static const Command *find_command(JsonObject *request, GError **error)
{
    const char *name = NULL;

    if (!key_string(request, "cmd", KEY_REQUIRED, &name, error)) {
        return NULL;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (g_str_equal(commands[i].name, name)) {
            return &commands[i];
        }
    }
    mews_fail(error, MEWS_ERROR_UNKNOWN_COMMAND, "no command '%s'", name);
    return NULL;
}

static gboolean may_come(const Daemon *daemon, const Command *command, GError **error)
{
    if (daemon->failure && !(command->flags & DEAD_RIG)) {
        if (error) {
            *error = g_error_copy(daemon->failure);
        }
        return FALSE;
    }
    if (daemon->run.active && !(command->flags & ANY_TIME)) {
        return mews_fail(error, MEWS_ERROR_BUSY, "another client is inside 'run'");
    }
    return TRUE;
}

static gboolean check_keys(const Command *command, JsonObject *request, GError **error)
{
    const char *known[G_N_ELEMENTS(command->keys) + 3] = {"cmd", "id"};

    for (gsize i = 0; i < G_N_ELEMENTS(command->keys) && command->keys[i]; i++) {
        known[2 + i] = command->keys[i];
    }
    return keys_known(request, known, error);
}

static const Command *handle(Daemon *daemon, JsonObject *request, JsonObject *answer,
                             GError **error)
{
    const Command *command = find_command(request, error);

    if (!command || !check_keys(command, request, error) || !may_come(daemon, command, error)) {
        return NULL;
    }
    json_object_remove_member(request, "id"); /* what is left may be recorded */
    if (!command->handle(daemon, request, answer, error)) {
        return NULL;
    }
    if (command->flags & REPEATED && daemon->record) {
        record_command(daemon->record, daemon->now_ns, request);
    }
    return command;
}

static JsonNode *parse(const char *line, GError **error)
{
    g_autoptr(GError) parse_error = NULL;
    JsonNode *node;

    if (!line) {
        mews_fail(error, MEWS_ERROR_BAD_JSON, "a line of more than %d octets", CONTROL_LINE_MAX);
        return NULL;
    }
    if (!g_utf8_validate(line, -1, NULL)) {
        mews_fail(error, MEWS_ERROR_BAD_JSON, "no UTF-8 text");
        return NULL;
    }
    node = json_from_string(line, &parse_error);
    if (!node || !JSON_NODE_HOLDS_OBJECT(node)) {
        mews_fail(error, MEWS_ERROR_BAD_JSON, "no JSON object%s%s", parse_error ? ": " : "",
                  parse_error ? parse_error->message : "");
        g_clear_pointer(&node, json_node_unref);
    }
    return node;
}

void commands_line(gpointer opaque, Client *client, const char *line)
{
    Daemon *daemon = opaque;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) node = parse(line, &error);
    g_autoptr(JsonObject) answer = NULL;
    g_autoptr(JsonNode) id = NULL;
    JsonObject *request = node ? json_node_get_object(node) : NULL;
    const Command *command;

    if (request && json_object_has_member(request, "id")) {
        id = json_object_dup_member(request, "id");
    }
    if (request && comes_later(daemon, request)) {
        do_later(daemon, client, line);
        return;
    }
    answer = new_answer(id, TRUE);
    command = request ? handle(daemon, request, answer, &error) : NULL;
    if (!command) {
        send_error(client, id, error);
    } else if (command->handle == do_run) {
        wait_for_run(daemon, client, id);
    } else {
        send_object(client, answer);
    }
}
