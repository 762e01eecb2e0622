/*
 * mews run: start a rig and show its consoles, with virtual time tied to the
 * host's in a terminal and as fast as possible elsewhere.
 *
 * A line typed goes to the first console, or to the one named by a first word
 * "@io.usart1", which then stays chosen.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "client.h"
#include "error.h"
#include "mews.h"
#include "paths.h"
#include "record.h"
#include "rig.h"
#include "text.h"

#define SECOND_NS     1000000000.0
#define STEP_PACED_NS (10ll * 1000 * 1000)
#define STEP_FAST_NS  (20ll * 1000 * 1000)

typedef struct Console {
    char *uart;   /* "io.usart1" */
    char *prefix; /* "io  | " */
    gint64 next;
    GString *line; /* what has come of the line that is not ended */
    gsize shown;   /* of it, on the terminal */
} Console;

typedef struct Session {
    Launch launch;
    char *folder;
    GPtrArray *consoles; /* Console * */
    Console *open;       /* whose unfinished line the terminal shows */
    Console *typed_to;
    GString *typed;
    gboolean stdin_open;
    gint64 time_ns, limit_ns; /* limit: G_MAXINT64 without --for */
    gboolean paced;
    gint64 started_us;
    char *until_uart, *until_text; /* or NULL */
    gint64 until_from;
    gboolean found;
} Session;

static volatile gboolean interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = TRUE;
}

static void catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = interrupt}; /* no SA_RESTART: waits end */

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

/* ---- output ---- */

static void console_free(gpointer data)
{
    Console *console = data;

    g_free(console->uart);
    g_free(console->prefix);
    g_string_free(console->line, TRUE);
    g_free(console);
}

/* The terminal stands at the beginning of a line, or behind @console's own. */
static void take_terminal(Session *session, Console *console)
{
    if (session->open && session->open != console) {
        putchar('\n');
        session->open->shown = 0;
        session->open = NULL;
    }
}

static void show(Session *session, Console *console, gboolean ended)
{
    g_autofree char *text = NULL;

    take_terminal(session, console);
    if (!session->open) {
        fputs(console->prefix, stdout);
        console->shown = 0;
    }
    text = text_of_bytes((const guint8 *)console->line->str + console->shown,
                         console->line->len - console->shown);
    fputs(text, stdout);
    console->shown = console->line->len;
    session->open = console;
    if (ended) {
        putchar('\n');
        session->open = NULL;
        console->shown = 0;
        g_string_truncate(console->line, 0);
    }
}

static void console_bytes(Session *session, Console *console, const GByteArray *bytes)
{
    for (guint i = 0; i < bytes->len; i++) {
        if (bytes->data[i] == '\n') {
            show(session, console, TRUE);
        } else if (bytes->data[i] != '\r') {
            g_string_append_c(console->line, (char)bytes->data[i]);
        }
    }
}

static gboolean show_consoles(Session *session, GError **error)
{
    for (guint i = 0; i < session->consoles->len; i++) {
        Console *console = g_ptr_array_index(session->consoles, i);
        g_autoptr(GByteArray) bytes =
            link_console(session->launch.link, console->uart, &console->next, error);

        if (!bytes) {
            return FALSE;
        }
        if (bytes->len) {
            console_bytes(session, console, bytes);
        } else if (console->line->len > console->shown) {
            show(session, console, FALSE); /* a prompt: it waits for its answer */
        }
    }
    fflush(stdout);
    return TRUE;
}

/* ---- input ---- */

static Console *find_console(Session *session, const char *uart)
{
    for (guint i = 0; i < session->consoles->len; i++) {
        Console *console = g_ptr_array_index(session->consoles, i);

        if (g_str_equal(console->uart, uart)) {
            return console;
        }
    }
    return NULL;
}

static gboolean type_line(Session *session, char *line, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(JsonObject) answer = NULL;
    JsonObject *request;

    if (line[0] == '@') {
        char *space = strchr(line, ' ');
        Console *chosen;

        if (space) {
            *space = '\0';
        }
        chosen = find_console(session, line + 1);
        if (!chosen) {
            g_printerr("mews: no console '%s'\n", line + 1);
            return TRUE;
        }
        session->typed_to = chosen;
        if (!space) {
            return TRUE;
        }
        line = space + 1;
    }
    if (!session->typed_to) {
        g_printerr("mews: the rig has no console\n");
        return TRUE;
    }
    text = g_strconcat(line, "\r", NULL);
    request = request_new("write");
    json_object_set_string_member(request, "uart", session->typed_to->uart);
    json_object_set_string_member(request, "text", text);
    answer = link_request(session->launch.link, request, NULL, error);
    return answer != NULL;
}

/* Take what has been typed, waiting for it at most this long. */
static gboolean take_typed(Session *session, int timeout_ms, GError **error)
{
    struct pollfd entry = {.fd = STDIN_FILENO, .events = POLLIN};
    char buffer[4096];
    ssize_t size;
    char *end;

    if (!session->stdin_open) {
        poll(NULL, 0, timeout_ms);
        return TRUE;
    }
    if (poll(&entry, 1, timeout_ms) <= 0) {
        return TRUE;
    }
    size = read(STDIN_FILENO, buffer, sizeof(buffer));
    if (size <= 0) {
        session->stdin_open = FALSE;
        return TRUE;
    }
    g_string_append_len(session->typed, buffer, size);
    while ((end = memchr(session->typed->str, '\n', session->typed->len))) {
        g_autofree char *line = g_strndup(session->typed->str, (gsize)(end - session->typed->str));

        g_string_erase(session->typed, 0, (gssize)(end - session->typed->str) + 1);
        if (!type_line(session, line, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- time ---- */

static JsonObject *step_request(const Session *session)
{
    gint64 step_ns = session->paced ? STEP_PACED_NS : STEP_FAST_NS;
    JsonObject *request = request_new("run");

    json_object_set_int_member(request, "for_ns",
                               MIN(step_ns, session->limit_ns - session->time_ns));
    if (session->until_text) {
        JsonArray *gates = json_array_new();
        JsonObject *gate = json_object_new();

        json_object_set_string_member(gate, "kind", "prompt");
        json_object_set_string_member(gate, "uart", session->until_uart);
        json_object_set_string_member(gate, "text", session->until_text);
        json_object_set_int_member(gate, "from", session->until_from);
        json_array_add_object_element(gates, gate);
        json_object_set_array_member(request, "gates", gates);
    }
    return request;
}

static gboolean step(Session *session, GError **error)
{
    g_autoptr(JsonObject) answer =
        link_request(session->launch.link, step_request(session), &interrupted, error);

    if (!answer) {
        return FALSE;
    }
    session->time_ns = json_object_get_int_member_with_default(answer, "time_ns", 0);
    session->found =
        g_str_equal(json_object_get_string_member_with_default(answer, "reason", ""), "gates");
    return TRUE;
}

/* Milliseconds by which virtual time is ahead of the host's. */
static int ahead_ms(const Session *session)
{
    gint64 host_us = g_get_monotonic_time() - session->started_us;

    return session->paced ? (int)CLAMP(session->time_ns / 1000000 - host_us / 1000, 0, 1000) : 0;
}

static gboolean loop(Session *session, GError **error)
{
    session->started_us = g_get_monotonic_time();
    while (!interrupted && !session->found && session->time_ns < session->limit_ns) {
        if (!step(session, error) || !show_consoles(session, error) ||
            !take_typed(session, ahead_ms(session), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- starting ---- */

static gboolean learn_consoles(Session *session, GError **error)
{
    g_autoptr(JsonObject) status =
        link_request(session->launch.link, request_new("status"), &interrupted, error);
    JsonArray *names;

    if (!status) {
        return FALSE;
    }
    names = json_object_get_array_member(status, "consoles");
    for (guint i = 0; i < json_array_get_length(names); i++) {
        Console *console = g_new0(Console, 1);

        console->uart = g_strdup(json_array_get_string_element(names, i));
        console->line = g_string_new(NULL);
        g_ptr_array_add(session->consoles, console);
    }
    session->typed_to = session->consoles->len ? g_ptr_array_index(session->consoles, 0) : NULL;
    return TRUE;
}

/* "io  | ", or "io.usart1 | " where a machine has more than one console. */
static void make_prefixes(Session *session)
{
    gsize width = 0;

    for (int pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < session->consoles->len; i++) {
            Console *console = g_ptr_array_index(session->consoles, i);
            gsize length = strcspn(console->uart, ".");
            g_autofree char *name = NULL;

            for (guint j = 0; j < session->consoles->len; j++) {
                const Console *other = g_ptr_array_index(session->consoles, j);

                if (j != i && !strncmp(other->uart, console->uart, length + 1)) {
                    length = strlen(console->uart);
                }
            }
            width = MAX(width, length);
            name = g_strndup(console->uart, length);
            g_free(console->prefix);
            console->prefix = g_strdup_printf("%-*s | ", (int)width, name);
        }
    }
}

static gboolean read_until(Session *session, const char *text)
{
    const char *colon = text ? strchr(text, ':') : NULL;

    if (!text) {
        return TRUE;
    }
    if (!colon || colon == text || !colon[1]) {
        g_printerr("mews: --until-line is UART:TEXT, as io.usart1:ready, not '%s'\n", text);
        return FALSE;
    }
    session->until_uart = g_strndup(text, (gsize)(colon - text));
    session->until_text = g_strdup(colon + 1);
    return TRUE;
}

static gboolean start(Session *session, const char *rig_path, const char *folder, GError **error)
{
    g_autoptr(Rig) rig = rig_load(rig_path, error);
    g_autofree char *runs = paths_runs();

    if (!rig) {
        return FALSE;
    }
    session->folder = record_folder(folder, runs, rig->name, error);
    if (!session->folder ||
        !launch_start(&session->launch, rig_path, session->folder, FALSE, error)) {
        return FALSE;
    }
    if (!learn_consoles(session, error)) {
        return FALSE;
    }
    make_prefixes(session);
    return TRUE;
}

/* ---- ending ---- */

static int finish(Session *session, gboolean good, const GError *error)
{
    int code;

    if (session->open) {
        putchar('\n');
    }
    for (guint i = 0; i < session->consoles->len; i++) {
        Console *console = g_ptr_array_index(session->consoles, i);

        if (console->line->len > console->shown) {
            session->open = NULL;
            show(session, console, TRUE);
        }
    }
    fflush(stdout);
    code = launch_end(&session->launch);
    if (!good && !interrupted) {
        /* linkd has told why the rig failed */
        if (error->code != MEWS_ERROR_RIG_FAILED || code == MEWS_EXIT_PASS) {
            mews_give_up(MEWS_EXIT_FAIL, error);
        }
        return error->code == MEWS_ERROR_RIG_FAILED ? MEWS_EXIT_FAIL : MEWS_EXIT_COULD_NOT_RUN;
    }
    if (code == MEWS_EXIT_PASS && session->until_text && !session->found && !interrupted) {
        g_printerr("mews: '%s' did not come on %s within %.3f s\n", session->until_text,
                   session->until_uart, (double)session->time_ns / SECOND_NS);
        code = MEWS_EXIT_FAIL;
    }
    g_printerr("mews: %.6f s of virtual time, recorded in %s\n",
               (double)session->time_ns / SECOND_NS, session->folder);
    return code;
}

static void session_clear(Session *session)
{
    g_ptr_array_unref(session->consoles);
    g_string_free(session->typed, TRUE);
    g_free(session->folder);
    g_free(session->until_uart);
    g_free(session->until_text);
}

int mews_run(int argc, char **argv)
{
    g_autofree char *seconds = NULL, *until = NULL, *folder = NULL;
    gboolean no_pace = FALSE, good;
    const GOptionEntry entries[] = {
        {"for", 0, 0, G_OPTION_ARG_STRING, &seconds, "End after this virtual time", "SECONDS"},
        {"until-line", 0, 0, G_OPTION_ARG_STRING, &until, "End when this text has come",
         "UART:TEXT"},
        {"no-pace", 0, 0, G_OPTION_ARG_NONE, &no_pace, "As fast as possible", NULL},
        {"run-dir", 0, 0, G_OPTION_ARG_FILENAME, &folder, "Run directory", "DIR"},
        G_OPTION_ENTRY_NULL,
    };
    Session session = {.stdin_open = TRUE};
    g_autoptr(GError) error = NULL;
    int code = MEWS_EXIT_COULD_NOT_RUN;

    if (!mews_options("run RIG", entries, &argc, &argv, 1)) {
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    session.consoles = g_ptr_array_new_with_free_func(console_free);
    session.typed = g_string_new(NULL);
    session.paced = !no_pace && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (mews_read_seconds(seconds, &session.limit_ns) && read_until(&session, until)) {
        catch_interrupts();
        if (start(&session, argv[1], folder, &error)) {
            good = loop(&session, &error);
            code = finish(&session, good, error);
        } else {
            launch_end(&session.launch);
            mews_give_up(code, error);
        }
    }
    session_clear(&session);
    return code;
}
