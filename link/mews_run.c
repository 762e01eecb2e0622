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
#include "mews_consoles.h"
#include "paths.h"
#include "record.h"

#define SECOND_NS     1000000000.0
#define STEP_PACED_NS (10ll * 1000 * 1000)
#define STEP_FAST_NS  (20ll * 1000 * 1000)

typedef struct Session {
    Launch launch;
    char *folder;
    Consoles *consoles;
    const char *typed_to; /* UART, or NULL */
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

/* ---- input ---- */

static gboolean type_line(Session *session, char *line, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(JsonObject) answer = NULL;
    JsonObject *request;

    if (line[0] == '@') {
        char *space = strchr(line, ' ');
        const char *chosen;

        if (space) {
            *space = '\0';
        }
        chosen = consoles_find(session->consoles, line + 1);
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
    json_object_set_string_member(request, "uart", session->typed_to);
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
        if (!step(session, error) ||
            !consoles_show(session->consoles, session->launch.link, error) ||
            !take_typed(session, ahead_ms(session), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- starting ---- */

static gboolean learn_consoles(Session *session, gboolean times, GError **error)
{
    g_autoptr(JsonObject) status =
        link_request(session->launch.link, request_new("status"), &interrupted, error);

    if (!status) {
        return FALSE;
    }
    session->consoles = consoles_new(json_object_get_array_member(status, "consoles"), times);
    session->typed_to = consoles_first(session->consoles);
    return TRUE;
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

static gboolean start(Session *session, const LaunchOptions *options, gboolean times,
                      GError **error)
{
    session->folder = mews_start(&session->launch, options, error);
    return session->folder && learn_consoles(session, times, error);
}

/* ---- ending ---- */

static int finish(Session *session, gboolean good, const GError *error)
{
    gint64 end_ns;
    int code;

    consoles_end(session->consoles);
    code = launch_end(&session->launch);
    end_ns = session->launch.end_ns >= 0 ? session->launch.end_ns : session->time_ns;
    if (!good && !interrupted) {
        /* linkd has told why the rig, or its recording, failed */
        if ((error->code != MEWS_ERROR_RIG_FAILED && error->code != MEWS_ERROR_RECORDING_FAILED) ||
            code == MEWS_EXIT_PASS) {
            mews_give_up(MEWS_EXIT_FAIL, error);
        }
        return error->code == MEWS_ERROR_RIG_FAILED ? MEWS_EXIT_FAIL : MEWS_EXIT_COULD_NOT_RUN;
    }
    if (code == MEWS_EXIT_PASS && session->until_text && !session->found && !interrupted) {
        g_printerr("mews: '%s' did not come on %s within %.3f s\n", session->until_text,
                   session->until_uart, (double)end_ns / SECOND_NS);
        code = MEWS_EXIT_FAIL;
    }
    g_printerr("mews: %.9f s of virtual time, recorded in %s\n", (double)end_ns / SECOND_NS,
               session->folder);
    return code;
}

static void session_clear(Session *session)
{
    g_clear_pointer(&session->consoles, consoles_free);
    g_string_free(session->typed, TRUE);
    g_free(session->folder);
    g_free(session->until_uart);
    g_free(session->until_text);
}

int mews_run(int argc, char **argv)
{
    g_autofree char *seconds = NULL, *until = NULL, *folder = NULL, *runs = paths_runs();
    g_autofree char *trace = NULL;
    g_autofree char *folder_help = record_folder_help(runs);
    gboolean no_pace = FALSE, times = FALSE, force = FALSE, good;
    const GOptionEntry entries[] = {
        {"for", 0, 0, G_OPTION_ARG_STRING, &seconds, "End after this virtual time", "SECONDS"},
        {"until-line", 0, 0, G_OPTION_ARG_STRING, &until, "End when this text has come",
         "UART:TEXT"},
        {"times", 0, 0, G_OPTION_ARG_NONE, &times, "Begin each line with its virtual time", NULL},
        {"no-pace", 0, 0, G_OPTION_ARG_NONE, &no_pace, "As fast as possible, also in a terminal",
         NULL},
        {"trace", 0, 0, G_OPTION_ARG_STRING, &trace,
         "Log accesses to the registers of these blocks, as usart2,dma1", "BLOCK,..."},
        {"run-dir", 0, 0, G_OPTION_ARG_FILENAME, &folder, folder_help, "DIR"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &force, "Overwrite a run that is in DIR already", NULL},
        G_OPTION_ENTRY_NULL,
    };
    Session session = {.stdin_open = TRUE};
    g_autoptr(GError) error = NULL;
    int code = MEWS_EXIT_COULD_NOT_RUN;

    if (!mews_options("run", "RIG", entries, &argc, &argv)) {
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    session.typed = g_string_new(NULL);
    session.paced = !no_pace && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (mews_read_seconds(seconds, &session.limit_ns) && read_until(&session, until)) {
        LaunchOptions options = {
            .rig = argv[1], .run_folder = folder, .force = force, .trace = trace};

        catch_interrupts();
        if (start(&session, &options, times, &error)) {
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
