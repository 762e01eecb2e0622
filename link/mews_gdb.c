/*
 * mews gdb: a rig as gdb's target, all its machines at once.  gdb starts it,
 *
 *   (gdb) target extended-remote | build/bin/mews gdb rigs/flight.rig
 *
 * and talks to it by standard input and output; the rig ends with gdb.  The
 * consoles are shown in gdb while the machines run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "client.h"
#include "error.h"
#include "gdb_mux.h"
#include "hex.h"
#include "load.h"
#include "mews.h"
#include "paths.h"
#include "record.h"
#include "text.h"

/* How often consoles are looked at; what the machines do does not depend on it. */
#define STEP_NS (10ll * 1000 * 1000)

typedef struct Session {
    Launch launch;
    GdbMux *mux;
    JsonArray *consoles; /* names of UARTs */
    gint64 *next;        /* of each, the first octet not shown */
    GString **line;      /* of each, what has come of a line that is not ended */
    gint64 limit_ns;
    volatile gboolean closing;
} Session;

/* ---- the thread that lets time run ---- */

static gboolean show_console(Session *session, guint i, GError **error)
{
    const char *uart = json_array_get_string_element(session->consoles, i);
    g_autoptr(GByteArray) bytes =
        link_console(session->launch.link, uart, &session->next[i], NULL, error);
    GString *line = session->line[i];

    for (guint j = 0; bytes && j < bytes->len; j++) {
        if (bytes->data[j] == '\n') {
            g_autofree char *text = text_of_bytes((const guint8 *)line->str, line->len);

            gdb_mux_print(session->mux, g_strdup_printf("%s | %s\n", uart, text));
            g_string_truncate(line, 0);
        } else if (bytes->data[j] != '\r') {
            g_string_append_c(line, (char)bytes->data[j]);
        }
    }
    return bytes != NULL;
}

static gboolean step(Session *session, gint64 *time_ns, GError **error)
{
    JsonObject *request = request_new("run");
    g_autoptr(JsonObject) answer = NULL;

    json_object_set_int_member(request, "for_ns", MIN(STEP_NS, session->limit_ns - *time_ns));
    answer = link_request(session->launch.link, request, &session->closing, error);
    if (!answer) {
        return FALSE;
    }
    *time_ns = json_object_get_int_member_with_default(answer, "time_ns", 0);
    for (guint i = 0; i < json_array_get_length(session->consoles); i++) {
        if (!show_console(session, i, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gpointer let_time_run(gpointer opaque)
{
    Session *session = opaque;
    g_autoptr(GError) error = NULL;
    gint64 time_ns = 0;

    while (!session->closing && time_ns < session->limit_ns && step(session, &time_ns, &error)) {
    }
    if (error && !session->closing && error->code != MEWS_ERROR_RIG_FAILED &&
        error->code != MEWS_ERROR_RECORDING_FAILED) {
        mews_give_up(0, error); /* linkd has told why a rig, or its recording, failed */
    }
    gdb_mux_end(session->mux);
    return NULL;
}

/* ---- the processes that gdb will see ---- */

/*
 * "1 fmu.cm7 PATH": number, name, and the image whose symbols are right: the
 * core's own, if the rig names one, else the machine's first image that is an ELF file.
 */
static void print_process(unsigned number, const RigMachine *machine, const ModelCore *core)
{
    const char *path = NULL;

    for (unsigned i = 0; i < machine->symbols->len; i++) {
        const RigSymbols *symbols = g_ptr_array_index(machine->symbols, i);

        path = g_str_equal(symbols->core, core->name) ? symbols->path : path;
    }
    for (unsigned i = 0; !path && i < machine->images->len; i++) {
        const RigImage *image = rig_image(machine, i);

        path = !image->raw && image_check_symbols(image->path, NULL) ? image->path : NULL;
    }
    g_print("%u %s.%s %s\n", number, machine->name, core->name, path ? path : "");
}

/* What is to be loaded is checked when the rig starts; what only gdb opens, here. */
static gboolean find_symbols(const Rig *rig, GError **error)
{
    for (unsigned i = 0; i < rig->machines->len; i++) {
        if (!load_check_symbols(rig_machine(rig, i), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* In the order of gdb_mux.h: first cores first. */
static int list_processes(const char *rig_path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Rig) rig = rig_load(rig_path, &error);
    unsigned number = 1;

    if (!rig || !find_symbols(rig, &error)) {
        return mews_give_up(MEWS_EXIT_COULD_NOT_RUN, error);
    }
    for (unsigned i = 0; i < rig->machines->len; i++) {
        print_process(number++, rig_machine(rig, i), &rig_machine(rig, i)->model->core[0]);
    }
    for (unsigned i = 0; i < rig->machines->len; i++) {
        const RigMachine *machine = rig_machine(rig, i);

        for (unsigned n = 1; machine->model->core[n].name; n++) {
            print_process(number++, machine, &machine->model->core[n]);
        }
    }
    return MEWS_EXIT_PASS;
}

/* ---- starting and ending ---- */

static gboolean join_machines(Session *session, GError **error)
{
    g_autoptr(JsonObject) status =
        link_request(session->launch.link, request_new("status"), NULL, error);
    JsonArray *machines;
    guint consoles;

    if (!status) {
        return FALSE;
    }
    machines = json_object_get_array_member(status, "machines");
    for (guint i = 0; i < json_array_get_length(machines); i++) {
        JsonObject *machine = json_array_get_object_element(machines, i);

        if (!gdb_mux_add(session->mux, json_object_get_string_member(machine, "name"),
                         model_find(json_object_get_string_member(machine, "model")),
                         json_object_get_string_member(machine, "gdb"), error)) {
            return FALSE;
        }
    }
    session->consoles = json_array_ref(json_object_get_array_member(status, "consoles"));
    consoles = json_array_get_length(session->consoles);
    session->next = g_new0(gint64, consoles);
    session->line = g_new0(GString *, consoles);
    for (guint i = 0; i < consoles; i++) {
        session->line[i] = g_string_new(NULL);
    }
    return TRUE;
}

static gboolean start(Session *session, const char *rig_path, const char *folder, gboolean force,
                      GError **error)
{
    LaunchOptions options = {.rig = rig_path, .run_folder = folder, .force = force, .gdb = TRUE};
    g_autofree char *chosen = mews_start(&session->launch, &options, error);

    return chosen && join_machines(session, error);
}

/* linkd goes first, so that the thread's request ends. */
static int end(Session *session, GThread *thread)
{
    int code;

    session->closing = TRUE;
    launch_ask_to_end(&session->launch);
    if (thread) {
        g_thread_join(thread);
    }
    code = launch_end(&session->launch);
    for (guint i = 0; session->consoles && i < json_array_get_length(session->consoles); i++) {
        g_string_free(session->line[i], TRUE);
    }
    g_clear_pointer(&session->consoles, json_array_unref);
    g_free(session->next);
    g_free(session->line);
    gdb_mux_free(session->mux);
    return code;
}

int mews_gdb(int argc, char **argv)
{
    g_autofree char *seconds = NULL, *folder = NULL, *runs = paths_runs();
    g_autofree char *folder_help = record_folder_help(runs);
    gboolean force = FALSE, list = FALSE;
    const GOptionEntry entries[] = {
        {"list", 0, 0, G_OPTION_ARG_NONE, &list, "Only say which processes gdb would see", NULL},
        {"for", 0, 0, G_OPTION_ARG_STRING, &seconds, "The machines exit after this virtual time",
         "SECONDS"},
        {"run-dir", 0, 0, G_OPTION_ARG_FILENAME, &folder, folder_help, "DIR"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &force, "Overwrite a run that is in DIR already", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    Session session = {0};
    int code;

    if (!mews_options("gdb", "RIG", entries, &argc, &argv)) {
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    if (!mews_read_seconds(seconds, &session.limit_ns)) {
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    if (list) {
        return list_processes(argv[1]);
    }
    signal(SIGINT, SIG_IGN); /* of the terminal: gdb hears it and tells us */
    signal(SIGPIPE, SIG_IGN);
    session.mux = gdb_mux_new(STDIN_FILENO, STDOUT_FILENO);
    if (start(&session, argv[1], folder, force, &error)) {
        GThread *thread = g_thread_new("time", let_time_run, &session);

        gdb_mux_serve(session.mux);
        code = end(&session, thread);
    } else {
        code = end(&session, NULL);
        code = mews_give_up(MEWS_EXIT_COULD_NOT_RUN, error);
    }
    return code;
}
