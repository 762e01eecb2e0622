/*
 * mews replay: repeat a recorded run, the same requests at the same virtual
 * times with the same images and contents of flash, and compare what was on wires and pins.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client.h"
#include "error.h"
#include "image.h"
#include "load.h"
#include "mews.h"
#include "record.h"

/* A run that has failed must fail again within this time. */
#define FAIL_MARGIN_NS (1000ll * 1000 * 1000)

typedef struct Recording {
    JsonNode *root;
    const char *rig_path;
    JsonArray *machines, *commands;
    gint64 time_ns;
    const char *hash, *reason, *message;
} Recording;

static gboolean broken(const char *path, GError **error)
{
    return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: no recording of linkd", path);
}

static JsonObject *object_in(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;

    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static JsonArray *array_in(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;

    return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

/* NULL: there is no string of this name. */
static const char *string_in(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);

    return node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
}

/* -1: there is no integer of this name. */
static gint64 int_in(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);

    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64
               ? json_node_get_int(node)
               : -1;
}

static gboolean load(Recording *recording, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "run.json", NULL);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) why = NULL;
    JsonObject *root, *rig, *end;

    if (!json_parser_load_from_file(parser, path, &why)) {
        gboolean parsed = why->domain == JSON_PARSER_ERROR;

        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s%s", why->message,
                         parsed ? ": is it cut off?" : "");
    }
    recording->root = json_parser_steal_root(parser);
    if (!recording->root || !JSON_NODE_HOLDS_OBJECT(recording->root)) {
        return broken(path, error);
    }
    root = json_node_get_object(recording->root);
    rig = object_in(root, "rig");
    end = object_in(root, "end");
    recording->machines = array_in(root, "machines");
    recording->commands = array_in(root, "commands");
    if (!rig || !end || !recording->machines || !recording->commands) {
        return broken(path, error);
    }
    recording->rig_path = string_in(rig, "file");
    recording->time_ns = int_in(end, "time_ns");
    recording->hash = string_in(end, "hash");
    recording->reason = string_in(end, "reason");
    recording->message = string_in(end, "message");
    if (!recording->rig_path || recording->time_ns < 0 || !recording->hash || !recording->reason ||
        json_array_get_length(recording->machines) == 0) {
        return broken(path, error);
    }
    if (g_str_equal(recording->reason, RECORD_NOT_WHOLE)) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: no whole recording: %s", path,
                         recording->message ? recording->message : "it does not say why");
    }
    return recording->message || !g_str_equal(recording->reason, RECORD_FAILED) ||
           broken(path, error);
}

/* Whether the file is as it was; NULL for one of both: the recording does not say. */
static gboolean same_file(const char *path, const char *sha256, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *now = NULL;

    if (!path || !sha256) {
        return broken("run.json", error);
    }
    now = image_sha256(path, &why);
    if (!now) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s", why->message);
    }
    return g_str_equal(now, sha256) ||
           mews_fail(error, MEWS_ERROR_COULD_NOT_RUN,
                     "%s is not the file of the recording (sha256 %.12s, then %.12s)", path, now,
                     sha256);
}

static JsonObject *element(JsonArray *array, guint i)
{
    JsonNode *node = json_array_get_element(array, i);

    return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static gboolean same_images(JsonObject *machine, GError **error)
{
    JsonArray *images = array_in(machine, "images");

    if (!images) {
        return broken("run.json", error);
    }
    for (guint i = 0; i < json_array_get_length(images); i++) {
        JsonObject *image = element(images, i);

        if (!image) {
            return broken("run.json", error);
        }
        if (!same_file(string_in(image, "file"), string_in(image, "sha256"), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* The copies in the run directory of what was in flash and option bytes, if anything was. */
static gboolean same_kept(const char *folder, JsonObject *machine, GError **error)
{
    const char *name = string_in(machine, "name");

    for (Kept k = 0; k < KEPT_COUNT; k++) {
        JsonObject *kept = object_in(machine, kept_info[k].name);
        g_autofree char *copy = name ? kept_copy(folder, name, k) : NULL;

        if (kept && json_object_has_member(kept, "sha256") &&
            !same_file(copy, string_in(kept, "sha256"), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean same_samples(JsonObject *machine, GError **error)
{
    JsonObject *imu = object_in(machine, "imu");

    return !imu || same_file(string_in(imu, "file"), string_in(imu, "sha256"), error);
}

static gboolean same_inputs(const Recording *recording, const char *folder, GError **error)
{
    JsonObject *rig = object_in(json_node_get_object(recording->root), "rig");

    if (!same_file(recording->rig_path, string_in(rig, "sha256"), error)) {
        return FALSE;
    }
    for (guint i = 0; i < json_array_get_length(recording->machines); i++) {
        JsonObject *machine = element(recording->machines, i);

        if (!machine) {
            return broken("run.json", error);
        }
        if (!same_images(machine, error) || !same_kept(folder, machine, error) ||
            !same_samples(machine, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean run_until(Link *link, gint64 until_ns, GError **error)
{
    JsonObject *request = request_new("run");
    g_autoptr(JsonObject) answer = NULL;

    json_object_set_int_member(request, "until_ns", until_ns);
    answer = link_request(link, request, NULL, error);
    return answer != NULL;
}

static gboolean repeat(Link *link, const Recording *recording, GError **error)
{
    for (guint i = 0; i < json_array_get_length(recording->commands); i++) {
        JsonObject *entry = element(recording->commands, i);
        JsonObject *request = object_in(entry, "request");
        g_autoptr(JsonObject) answer = NULL;

        if (!request || int_in(entry, "time_ns") < 0) {
            return broken("run.json", error);
        }
        if (!run_until(link, int_in(entry, "time_ns"), error)) {
            return FALSE;
        }
        answer = link_request(link, json_object_ref(request), NULL, error);
        if (!answer) {
            return FALSE;
        }
    }
    return TRUE;
}

/* The recorded run has failed: this one has to fail in the same words. */
static int compare_failure(Link *link, const Recording *recording)
{
    g_autoptr(GError) error = NULL;

    if (repeat(link, recording, &error) &&
        run_until(link, recording->time_ns + FAIL_MARGIN_NS, &error)) {
        g_print("differs: the recorded run failed with '%s', this one goes on\n",
                recording->message);
        return MEWS_EXIT_FAIL;
    }
    if (error->code != MEWS_ERROR_RIG_FAILED) {
        return mews_give_up(MEWS_EXIT_COULD_NOT_RUN, error);
    }
    if (!g_str_equal(error->message, recording->message)) {
        g_print("differs: failed with '%s', then with '%s'\n", error->message, recording->message);
        return MEWS_EXIT_FAIL;
    }
    g_print("equal: the run fails again with '%s'\n", recording->message);
    return MEWS_EXIT_PASS;
}

static int compare(Link *link, const Recording *recording)
{
    g_autoptr(JsonObject) answer = NULL;
    g_autoptr(GError) error = NULL;
    const char *hash;

    if (!repeat(link, recording, &error) || !run_until(link, recording->time_ns, &error)) {
        gboolean failed = error->code == MEWS_ERROR_RIG_FAILED;

        return mews_give_up(failed ? MEWS_EXIT_FAIL : MEWS_EXIT_COULD_NOT_RUN, error);
    }
    answer = link_request(link, request_new("hash"), NULL, &error);
    if (!answer) {
        return mews_give_up(MEWS_EXIT_COULD_NOT_RUN, error);
    }
    hash = json_object_get_string_member_with_default(answer, "hash", "");
    g_print("%s: hash %s at %.9f s, recorded %s\n",
            g_str_equal(hash, recording->hash) ? "equal" : "differs", hash,
            (double)recording->time_ns / 1e9, recording->hash);
    return g_str_equal(hash, recording->hash) ? MEWS_EXIT_PASS : MEWS_EXIT_FAIL;
}

int mews_replay(int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    g_autoptr(GError) error = NULL;
    Recording recording = {0};
    int code = MEWS_EXIT_COULD_NOT_RUN;
    Launch launch = {0};

    if (!mews_options("replay", "DIR", entries, &argc, &argv)) {
        return code;
    }
    if (!load(&recording, argv[1], &error) || !same_inputs(&recording, argv[1], &error) ||
        !launch_start(&launch, &(LaunchOptions){.rig = recording.rig_path, .flash_from = argv[1]},
                      &error)) {
        mews_give_up(code, error);
    } else {
        code = g_str_equal(recording.reason, RECORD_FAILED)
                   ? compare_failure(launch.link, &recording)
                   : compare(launch.link, &recording);
    }
    launch_end(&launch);
    g_clear_pointer(&recording.root, json_node_unref);
    return code;
}
