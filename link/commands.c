/*
 * The requests of the control socket; see commands.h.  A table has one entry
 * per command: its keys, its handler, and when it may come.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands.h"
#include "commands_internal.h"

typedef struct Command {
    const char *name;
    CommandHandler *handle;
    enum {
        ANY_TIME = 1 << 0, /* also while another client is inside `run` */
        DEAD_RIG = 1 << 1, /* also when the rig has failed */
        REPEATED = 1 << 2, /* a replay has to do it, too */
    } flags;
    const char *const keys[9]; /* besides "cmd" and "id" */
} Command;

static const Command commands[] = {
    {"status", command_status, ANY_TIME | DEAD_RIG, {NULL}},
    {"run", command_run, 0, {"for_ns", "until_ns", "gates", "mode"}},
    {"write", command_write, REPEATED, {"uart", "hex", "text", "baud", "format", "at_ns"}},
    {"inject", command_inject, REPEATED, {"link", "to", "hex", "frame", "baud", "format", "at_ns"}},
    {"uart", command_uart, DEAD_RIG, {"uart", "from", "formats"}},
    {"packets", command_packets, DEAD_RIG, {"link", "from", "direction"}},
    {"edges", command_edges, DEAD_RIG, {"pin", "from_ns", "until_ns"}},
    {"pin", command_pin, DEAD_RIG, {"pin"}},
    {"drive", command_drive, REPEATED, {"pin", "level", "at_ns", "edges"}},
    {"analog", command_analog, REPEATED, {"pin", "uv"}},
    {"imu", command_imu, REPEATED, {"machine", "accel", "gyro", "temperature", "at_ns"}},
    {"read",
     command_read,
     0,
     {"machine", "core", "symbol", "address", "addresses", "size", "length", "wait"}},
    {"registers", command_registers, 0, {"machine"}},
    {"halt", command_halt, REPEATED, {"machine"}},
    {"resume", command_resume, REPEATED, {"machine"}},
    {"reset", command_reset, REPEATED, {"machine"}},
    {"seal",
     command_seal,
     ANY_TIME | DEAD_RIG,
     {"spi", "channel", "counter", "payload", "key", "mode"}},
    {"hash", command_hash, DEAD_RIG, {NULL}},
    {"quit", command_quit, ANY_TIME | DEAD_RIG, {NULL}},
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
    } else if (command->handle == command_run) {
        wait_for_run(daemon, client, id);
    } else {
        send_object(client, answer);
    }
}
