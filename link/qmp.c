/*
 * QMP; see qmp.h and QEMU's docs/interop/qmp-spec.rst.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "qmp.h"
#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "error.h"

/* Host time after which a machine that does not answer is given up. */
#define QMP_PATIENCE_US (20 * G_USEC_PER_SEC)
#define QMP_LINE_MAX    (16 * 1024 * 1024)

struct Qmp {
    char *name;
    int fd;
    guint watch;
    GString *input;
    gboolean closed;
    gboolean greeted;
    JsonNode *answer; /* the last one, until its caller takes it */
    QmpEventFunc event;
    gpointer opaque;
    GHashTable *counts; /* event -> number of times */
};

static void count_event(Qmp *qmp, const char *event)
{
    g_hash_table_replace(qmp->counts, g_strdup(event),
                         GUINT_TO_POINTER(qmp_event_count(qmp, event) + 1));
    qmp->event(qmp->opaque, event);
}

static void handle_line(Qmp *qmp, const char *line)
{
    g_autoptr(JsonNode) node = json_from_string(line, NULL);
    JsonObject *object;
    JsonNode *event;

    if (!node || !JSON_NODE_HOLDS_OBJECT(node)) {
        return; /* not ours to judge: a lost answer ends as "does not answer" */
    }
    object = json_node_get_object(node);
    event = json_object_get_member(object, "event");
    if (event) {
        if (json_node_get_value_type(event) == G_TYPE_STRING) {
            count_event(qmp, json_node_get_string(event));
        }
    } else if (json_object_has_member(object, "QMP")) {
        qmp->greeted = TRUE;
    } else {
        g_clear_pointer(&qmp->answer, json_node_unref);
        qmp->answer = g_steal_pointer(&node);
    }
}

static void handle_lines(Qmp *qmp)
{
    char *end;

    while ((end = memchr(qmp->input->str, '\n', qmp->input->len))) {
        gsize length = end - qmp->input->str;
        g_autofree char *line = g_strndup(qmp->input->str, length);

        g_string_erase(qmp->input, 0, (gssize)length + 1);
        handle_line(qmp, line);
    }
    if (qmp->input->len > QMP_LINE_MAX) {
        qmp->closed = TRUE;
    }
}

/* Read what has come, without waiting. */
static void take_input(Qmp *qmp)
{
    char buffer[4096];
    ssize_t size;

    while (!qmp->closed) {
        size = recv(qmp->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
        if (size > 0) {
            g_string_append_len(qmp->input, buffer, size);
        } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
            qmp->closed = TRUE;
        } else if (errno == EAGAIN) {
            break;
        }
    }
    handle_lines(qmp);
}

static gboolean input_ready(gint fd, GIOCondition condition, gpointer opaque)
{
    Qmp *qmp = opaque;

    (void)fd;
    (void)condition;
    take_input(qmp);
    if (qmp->closed) {
        qmp->watch = 0;
        return G_SOURCE_REMOVE;
    }
    return G_SOURCE_CONTINUE;
}

Qmp *qmp_new(const char *name, int fd, QmpEventFunc event, gpointer opaque)
{
    Qmp *qmp = g_new0(Qmp, 1);

    qmp->name = g_strdup(name);
    qmp->fd = fd;
    qmp->input = g_string_new(NULL);
    qmp->event = event;
    qmp->opaque = opaque;
    qmp->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    qmp->watch = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP, input_ready, qmp);
    return qmp;
}

void qmp_free(Qmp *qmp)
{
    if (qmp->watch) {
        g_source_remove(qmp->watch);
    }
    close(qmp->fd);
    g_free(qmp->name);
    g_string_free(qmp->input, TRUE);
    g_clear_pointer(&qmp->answer, json_node_unref);
    g_hash_table_unref(qmp->counts);
    g_free(qmp);
}

/* Wait for input; FALSE when the machine is gone or @deadline has come. */
static gboolean wait_input(Qmp *qmp, gint64 deadline, GError **error)
{
    struct pollfd entry = {.fd = qmp->fd, .events = POLLIN};
    gint64 left_us = deadline - g_get_monotonic_time();

    if (qmp->closed) {
        return mews_fail(error, MEWS_ERROR_RIG_FAILED, "machine %s has ended", qmp->name);
    }
    if (left_us <= 0) {
        return mews_fail(error, MEWS_ERROR_RIG_FAILED,
                         "machine %s does not answer its monitor (%d s)", qmp->name,
                         (int)(QMP_PATIENCE_US / G_USEC_PER_SEC));
    }
    poll(&entry, 1, (int)(left_us / 1000) + 1);
    take_input(qmp);
    return TRUE;
}

gboolean qmp_handshake(Qmp *qmp, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + QMP_PATIENCE_US;
    g_autoptr(JsonNode) answer = NULL;

    take_input(qmp);
    while (!qmp->greeted) {
        if (!wait_input(qmp, deadline, error)) {
            return FALSE;
        }
    }
    answer = qmp_call(qmp, "qmp_capabilities", NULL, error);
    return answer != NULL;
}

static JsonNode *result(Qmp *qmp, const char *command, GError **error)
{
    g_autoptr(JsonNode) answer = g_steal_pointer(&qmp->answer);
    JsonObject *object = json_node_get_object(answer);
    JsonNode *value = json_object_get_member(object, "return");
    JsonNode *refusal = json_object_get_member(object, "error");
    const char *why = NULL;

    if (value) {
        return json_node_ref(value);
    }
    if (refusal && JSON_NODE_HOLDS_OBJECT(refusal)) {
        why =
            json_object_get_string_member_with_default(json_node_get_object(refusal), "desc", why);
    }
    if (why) {
        mews_fail(error, MEWS_ERROR_BAD_VALUE, "machine %s: %s", qmp->name, why);
    } else {
        mews_fail(error, MEWS_ERROR_BAD_VALUE, "machine %s: its answer to '%s' is not understood",
                  qmp->name, command);
    }
    return NULL;
}

static gboolean send_all(Qmp *qmp, const char *text, GError **error)
{
    gsize length = strlen(text);

    while (length > 0 && !qmp->closed) {
        ssize_t sent = send(qmp->fd, text, length, MSG_NOSIGNAL);

        if (sent > 0) {
            text += sent;
            length -= (gsize)sent;
        } else if (errno != EINTR) {
            qmp->closed = TRUE;
        }
    }
    return !qmp->closed ||
           mews_fail(error, MEWS_ERROR_RIG_FAILED, "machine %s has ended", qmp->name);
}

JsonNode *qmp_call(Qmp *qmp, const char *command, JsonObject *arguments, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + QMP_PATIENCE_US;
    g_autoptr(JsonNode) request = json_node_new(JSON_NODE_OBJECT);
    g_autofree char *text = NULL;
    g_autofree char *line = NULL;
    JsonObject *object = json_object_new();

    json_object_set_string_member(object, "execute", command);
    if (arguments) {
        json_object_set_object_member(object, "arguments", arguments);
    }
    json_node_take_object(request, object);
    text = json_to_string(request, FALSE);
    line = g_strconcat(text, "\n", NULL);
    if (!send_all(qmp, line, error)) {
        return NULL;
    }
    while (!qmp->answer) {
        if (!wait_input(qmp, deadline, error)) {
            return NULL;
        }
    }
    return result(qmp, command, error);
}

unsigned qmp_event_count(Qmp *qmp, const char *event)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(qmp->counts, event));
}

gboolean qmp_wait_event(Qmp *qmp, const char *event, unsigned count, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + QMP_PATIENCE_US;

    take_input(qmp);
    while (qmp_event_count(qmp, event) <= count) {
        if (!wait_input(qmp, deadline, error)) {
            return FALSE;
        }
    }
    return TRUE;
}
