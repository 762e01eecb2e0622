/*
 * The run directory; see record.h.
 *
 * run.json ends with the list of commands and the state of the run.  A new
 * command overwrites that end with itself and the end anew, in one write, so
 * that the file is whole JSON at any time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "record.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "error.h"
#include "kept.h"
#include "outfile.h"
#include "pcapng.h"

#define RUNS_MAX 1000000

struct Record {
    OutFile *run;
    gint64 end_offset; /* where the end of run.json begins */
    gboolean has_commands;
    char *end_text;
    Pcapng *pcapng;
    guint link_count;
    OutFile **console; /* by wire, NULL for links */
    guint wire_count;
    GError *error;
};

/* ---- the directory ---- */

char *record_folder(const char *given, const char *runs, const char *rig_name, gboolean *made,
                    GError **error)
{
    *made = !given || !g_file_test(given, G_FILE_TEST_EXISTS);
    if (given) {
        if (g_mkdir_with_parents(given, 0777) < 0) {
            mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "run directory %s: %s", given,
                      g_strerror(errno));
            return NULL;
        }
        return g_strdup(given);
    }
    if (g_mkdir_with_parents(runs, 0777) < 0) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "run directory %s: %s", runs, g_strerror(errno));
        return NULL;
    }
    for (unsigned n = 1; n < RUNS_MAX; n++) {
        g_autofree char *folder = g_strdup_printf("%s/%s-%u", runs, rig_name, n);

        if (g_mkdir(folder, 0777) == 0) {
            return g_steal_pointer(&folder);
        }
        if (errno != EEXIST) {
            mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "run directory %s: %s", folder,
                      g_strerror(errno));
            return NULL;
        }
    }
    mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "run directory %s: %d runs are there already", runs,
              RUNS_MAX);
    return NULL;
}

char *record_folder_help(const char *runs)
{
    return g_strdup_printf("Run directory (%s/RIG-NUMBER)", runs);
}

/* The lock is on run.json; whoever has begun a run has written to it. */
int record_claim(const char *folder, gboolean force, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "run.json", NULL);
    int fd = g_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    struct stat file;

    if (fd < 0 || fstat(fd, &file) < 0) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: %s", path, g_strerror(errno));
    } else if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "run directory %s is in use by another linkd",
                  folder);
    } else if (file.st_size > 0 && !force) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN,
                  "run directory %s holds a run already (--force overwrites it)", folder);
    } else if (ftruncate(fd, 0) < 0) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: %s", path, g_strerror(errno));
    } else {
        return fd;
    }
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}

static void remove_file(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    g_unlink(path);
}

/* One line is in linkd's message already. */
static void remove_stderr_log(const char *folder, const char *machine)
{
    g_autofree char *name = g_strdup_printf("%s.stderr.log", machine);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *content = NULL;

    if (g_file_get_contents(path, &content, NULL, NULL) && !strchr(g_strstrip(content), '\n')) {
        g_unlink(path);
    }
}

void record_remove(const char *folder, gboolean made, const Rig *rig)
{
    remove_file(folder, "run.json");
    remove_file(folder, "link.pcapng");
    for (unsigned m = 0; m < rig->machines->len; m++) {
        const RigMachine *machine = rig_machine(rig, m);
        g_autofree char *guest = g_strdup_printf("%s.guest.log", machine->name);

        remove_file(folder, guest);
        for (Kept k = 0; k < KEPT_COUNT; k++) {
            g_autofree char *copy = kept_copy(folder, machine->name, k);

            g_unlink(copy);
        }
        remove_stderr_log(folder, machine->name);
        for (unsigned c = 0; c < machine->consoles->len; c++) {
            g_autofree char *log = g_strdup_printf(
                "%s.%s.log", machine->name, (const char *)g_ptr_array_index(machine->consoles, c));

            remove_file(folder, log);
        }
    }
    if (made) {
        g_rmdir(folder);
    }
}

/* ---- run.json ---- */

static char *json_text(JsonObject *object)
{
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);

    return json_to_string(node, FALSE);
}

static char *end_of_run(const RecordState *state)
{
    g_autoptr(JsonObject) end = json_object_new();
    g_autofree char *text = NULL;

    json_object_set_int_member(end, "time_ns", state->time_ns);
    json_object_set_string_member(end, "hash", state->hash);
    json_object_set_string_member(end, "reason", state->reason);
    if (state->message) {
        json_object_set_string_member(end, "message", state->message);
    }
    if (state->statistics) {
        json_object_set_object_member(end, "statistics", json_object_ref(state->statistics));
    }
    text = json_text(end);
    return g_strdup_printf("\n],\n\"end\": %s\n}\n", text);
}

static void fail(Record *record, GError *error)
{
    if (record->error) {
        g_error_free(error);
    } else {
        record->error = error;
    }
}

static void write_end(Record *record, const char *command)
{
    g_autofree char *text = g_strconcat(command, record->end_text, NULL);
    GError *error = NULL;

    if (!outfile_replace(record->run, record->end_offset, text, &error)) {
        fail(record, error);
        return;
    }
    record->end_offset += (gint64)strlen(command);
}

void record_command(Record *record, gint64 time_ns, JsonObject *request)
{
    g_autoptr(JsonObject) entry = json_object_new();
    g_autofree char *text = NULL;
    g_autofree char *command = NULL;

    if (record->error) {
        return;
    }
    json_object_set_int_member(entry, "time_ns", time_ns);
    json_object_set_object_member(entry, "request", json_object_ref(request));
    text = json_text(entry);
    command = g_strconcat(record->has_commands ? ",\n" : "\n", text, NULL);
    record->has_commands = TRUE;
    write_end(record, command);
}

void record_state(Record *record, const RecordState *state)
{
    record_sync(record);
    if (record->error) {
        return;
    }
    g_free(record->end_text);
    record->end_text = end_of_run(state);
    write_end(record, "");
}

static gboolean begin_run(Record *record, const char *folder, int claim, JsonObject *head,
                          GError **error)
{
    g_autofree char *path = g_build_filename(folder, "run.json", NULL);
    g_autofree char *text = json_text(head);
    g_autofree char *begin = NULL;
    const RecordState start = {.hash = "", .reason = "running"};

    record->run = outfile_on(claim, path);
    text[strlen(text) - 1] = '\0'; /* the object goes on */
    begin = g_strconcat(text, ",\n\"commands\": [", NULL);
    record->end_text = end_of_run(&start);
    write_end(record, begin);
    return record_good(record, error);
}

/* ---- the rest ---- */

Record *record_new(const char *folder, int claim, JsonObject *head, const Tap *tap,
                   GPtrArray *links, GError **error)
{
    g_autoptr(JsonObject) taken = head;
    g_autofree char *path = g_build_filename(folder, "link.pcapng", NULL);
    Record *record = g_new0(Record, 1);
    gboolean good;

    record->link_count = links->len;
    record->wire_count = tap->rig->wire_count;
    record->console = g_new0(OutFile *, MAX(record->wire_count, 1));
    good = begin_run(record, folder, claim, taken, error);
    if (good) {
        record->pcapng = pcapng_new(path, links, error);
        good = record->pcapng != NULL;
    }
    for (guint w = record->link_count; good && w < record->wire_count; w++) {
        const TapStream *stream = tap_sent(tap, w, 0);
        g_autofree char *log = g_strdup_printf("%s/%s.log", folder, stream->name);

        record->console[w] = outfile_new(log, error);
        good = record->console[w] != NULL;
    }
    if (!good) {
        record_free(record, NULL);
        return NULL;
    }
    return record;
}

void record_free(Record *record, const RecordState *state)
{
    GError *error = NULL;

    if (state) {
        if (!record->error && !pcapng_finish(record->pcapng, &error)) {
            fail(record, error);
        }
        record_sync(record);
        /* also when something else could not be written: there may be room for this */
        g_free(record->end_text);
        record->end_text = end_of_run(state);
        write_end(record, "");
    }
    for (guint w = 0; w < record->wire_count; w++) {
        g_clear_pointer(&record->console[w], outfile_free);
    }
    g_clear_pointer(&record->pcapng, pcapng_free);
    g_clear_pointer(&record->run, outfile_free);
    g_clear_error(&record->error);
    g_free(record->console);
    g_free(record->end_text);
    g_free(record);
}

gboolean record_good(const Record *record, GError **error)
{
    if (record->error && error) {
        *error = g_error_copy(record->error);
    }
    return !record->error;
}

void record_symbol(Record *record, const TapStream *stream, const TapSymbol *symbol,
                   guint direction)
{
    GError *error = NULL;
    gboolean good = TRUE;

    if (record->error || !symbol->is_byte) {
        return;
    }
    if (stream->wire < record->link_count) {
        good = pcapng_byte(record->pcapng, stream->wire, direction, symbol, &error);
    } else if (!stream->injected) {
        good = outfile_append(record->console[stream->wire], &symbol->byte, 1, &error);
    }
    if (!good) {
        fail(record, error);
    }
}

void record_frame(Record *record, const Frames *frames, const Frame *frame)
{
    GError *error = NULL;

    if (!record->error && !pcapng_frame(record->pcapng, frames, frame, &error)) {
        fail(record, error);
    }
}

void record_sync(Record *record)
{
    GError *error = NULL;
    gboolean good = !record->error && pcapng_flush(record->pcapng, &error);

    for (guint w = record->link_count; good && w < record->wire_count; w++) {
        good = outfile_flush(record->console[w], &error);
    }
    if (!good && error) {
        fail(record, error);
    }
}
