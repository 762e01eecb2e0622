/*
 * The control socket's transport; see control.h.
 *
 * A client that has closed its sending side still gets its answers; one that
 * is gone is noticed by the hang-up, also while it waits for an answer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control.h"
#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "error.h"

/* Host time that clients get to take their last answers. */
#define LAST_ANSWER_MS 1000

struct Control {
    char *path;
    int fd;
    guint watch;
    GPtrArray *clients;
    const ControlOps *ops;
    gpointer opaque;
};

struct Client {
    Control *control;
    int fd;
    guint watch;
    GIOCondition watched;
    GByteArray *input;
    GByteArray *output;
    gboolean paused;
    gboolean overlong; /* drop until the end of the line */
    gboolean ended;    /* it sends no more */
    gboolean broken;   /* it takes no more */
};

static void update_watch(Client *client);

/* ---- clients ---- */

static void client_free(gpointer data)
{
    Client *client = data;

    if (client->watch) {
        g_source_remove(client->watch);
    }
    close(client->fd);
    g_byte_array_unref(client->input);
    g_byte_array_unref(client->output);
    g_free(client);
}

static void write_output(Client *client)
{
    gsize done = 0;

    while (done < client->output->len && !client->broken) {
        ssize_t sent = send(client->fd, client->output->data + done, client->output->len - done,
                            MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent > 0) {
            done += (gsize)sent;
        } else if (errno == EAGAIN) {
            break;
        } else if (errno != EINTR) {
            client->broken = TRUE;
        }
    }
    if (done) {
        g_byte_array_remove_range(client->output, 0, (guint)done);
    }
}

void client_send(Client *client, const char *line)
{
    if (!client->broken) {
        g_byte_array_append(client->output, (const guint8 *)line, (guint)strlen(line));
        g_byte_array_append(client->output, (const guint8 *)"\n", 1);
        write_output(client);
        update_watch(client);
    }
}

static void read_input(Client *client)
{
    guint8 buffer[65536];

    while (!client->ended && client->input->len <= CONTROL_LINE_MAX) {
        ssize_t size = recv(client->fd, buffer, sizeof(buffer), MSG_DONTWAIT);

        if (size > 0) {
            g_byte_array_append(client->input, buffer, (guint)size);
        } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
            client->ended = TRUE;
        } else if (errno == EAGAIN) {
            break;
        }
    }
}

/* A line that is too long is told once and dropped up to its end. */
static void drop_overlong(Client *client)
{
    if (client->input->len <= CONTROL_LINE_MAX) {
        return;
    }
    g_byte_array_set_size(client->input, 0);
    if (!client->overlong) {
        client->overlong = TRUE;
        client->control->ops->line(client->control->opaque, client, NULL);
    }
}

static void handle_lines(Client *client)
{
    while (!client->paused) {
        const guint8 *end =
            client->input->len ? memchr(client->input->data, '\n', client->input->len) : NULL;
        g_autofree char *line = NULL;
        gsize length;

        if (!end) {
            drop_overlong(client);
            return;
        }
        length = (gsize)(end - client->input->data);
        line = g_strndup((const char *)client->input->data, length);
        /* a NUL inside would hide what follows it */
        if (strlen(line) != length) {
            line[0] = '\0';
        }
        g_byte_array_remove_range(client->input, 0, (guint)length + 1);
        if (client->overlong) {
            client->overlong = FALSE;
        } else {
            client->control->ops->line(client->control->opaque, client, line);
        }
    }
}

static gboolean client_event(gint fd, GIOCondition condition, gpointer opaque)
{
    Client *client = opaque;
    Control *control = client->control;

    (void)fd;
    if (condition & G_IO_OUT) {
        write_output(client);
    }
    read_input(client);
    handle_lines(client);
    if (condition & (G_IO_HUP | G_IO_ERR)) {
        client->broken = TRUE;
    }
    if (client->broken || (client->ended && !client->paused && client->output->len == 0)) {
        control->ops->gone(control->opaque, client);
        g_ptr_array_remove(control->clients, client);
        return G_SOURCE_REMOVE;
    }
    update_watch(client);
    return G_SOURCE_CONTINUE;
}

/* Reading stops when a paused client has sent more than enough. */
static void update_watch(Client *client)
{
    GIOCondition wanted = G_IO_HUP | G_IO_ERR;

    if (!client->ended && client->input->len <= CONTROL_LINE_MAX) {
        wanted |= G_IO_IN;
    }
    /* a client without a request under way is closed by its next event */
    if (client->output->len || (client->ended && !client->paused)) {
        wanted |= G_IO_OUT;
    }
    if (!client->watch || wanted != client->watched) {
        guint before = client->watch;

        client->watched = wanted;
        client->watch = g_unix_fd_add(client->fd, wanted, client_event, client);
        if (before) {
            g_source_remove(before);
        }
    }
}

void client_pause(Client *client)
{
    client->paused = TRUE;
}

static gboolean go_on(gpointer opaque)
{
    Control *control = ((gpointer *)opaque)[0];
    Client *client = ((gpointer *)opaque)[1];

    if (g_ptr_array_find(control->clients, client, NULL)) {
        handle_lines(client);
        update_watch(client);
    }
    return G_SOURCE_REMOVE;
}

void client_resume(Client *client)
{
    gpointer *both = g_new(gpointer, 2);

    client->paused = FALSE;
    both[0] = client->control;
    both[1] = client;
    g_idle_add_full(G_PRIORITY_DEFAULT, go_on, both, g_free);
}

/* ---- the socket ---- */

void control_add_client(Control *control, int fd)
{
    Client *client = g_new0(Client, 1);

    client->control = control;
    client->fd = fd;
    client->input = g_byte_array_new();
    client->output = g_byte_array_new();
    g_ptr_array_add(control->clients, client);
    update_watch(client);
}

static gboolean accept_client(gint fd, GIOCondition condition, gpointer opaque)
{
    Control *control = opaque;
    int accepted = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

    (void)condition;
    if (accepted >= 0 && control->clients->len < CONTROL_CLIENTS_MAX) {
        control_add_client(control, accepted);
    } else if (accepted >= 0) {
        close(accepted);
    }
    return G_SOURCE_CONTINUE;
}

/* A socket that nobody listens to is the rest of a crash. */
static gboolean remove_stale(const struct sockaddr_un *address, GError **error)
{
    struct stat status;
    gboolean alive;
    int probe;

    if (lstat(address->sun_path, &status) < 0) {
        return TRUE;
    }
    if (!S_ISSOCK(status.st_mode)) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "control socket %s: there is a file",
                         address->sun_path);
    }
    probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    alive = connect(probe, (const struct sockaddr *)address, sizeof(*address)) == 0;
    close(probe);
    if (alive) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN,
                         "control socket %s is in use by another linkd", address->sun_path);
    }
    unlink(address->sun_path);
    return TRUE;
}

Control *control_new(const char *path, const ControlOps *ops, gpointer opaque, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    Control *control;
    mode_t mask;
    int fd, bound;

    if (g_strlcpy(address.sun_path, path, sizeof(address.sun_path)) >= sizeof(address.sun_path)) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN,
                  "control socket %s: longer than %zu characters (--socket names another)", path,
                  sizeof(address.sun_path) - 1);
        return NULL;
    }
    if (!remove_stale(&address, error)) {
        return NULL;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mask = umask(0177);
    bound = fd < 0 ? -1 : bind(fd, (const struct sockaddr *)&address, sizeof(address));
    umask(mask);
    if (bound < 0) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "control socket %s: %s", path,
                  g_strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return NULL;
    }
    control = g_new0(Control, 1);
    control->path = g_strdup(path);
    control->fd = fd;
    control->clients = g_ptr_array_new_with_free_func(client_free);
    control->ops = ops;
    control->opaque = opaque;
    return control;
}

gboolean control_listen(Control *control, GError **error)
{
    if (listen(control->fd, CONTROL_CLIENTS_MAX) < 0) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "control socket %s: %s", control->path,
                         g_strerror(errno));
    }
    control->watch = g_unix_fd_add(control->fd, G_IO_IN, accept_client, control);
    return TRUE;
}

static void send_the_rest(Client *client)
{
    gint64 deadline = g_get_monotonic_time() + LAST_ANSWER_MS * 1000;

    while (client->output->len && !client->broken && g_get_monotonic_time() < deadline) {
        struct pollfd entry = {.fd = client->fd, .events = POLLOUT};

        poll(&entry, 1, LAST_ANSWER_MS / 10);
        write_output(client);
    }
}

void control_free(Control *control)
{
    for (guint i = 0; i < control->clients->len; i++) {
        send_the_rest(g_ptr_array_index(control->clients, i));
    }
    g_ptr_array_unref(control->clients);
    if (control->watch) {
        g_source_remove(control->watch);
    }
    close(control->fd);
    unlink(control->path);
    g_free(control->path);
    g_free(control);
}

guint control_client_count(const Control *control)
{
    return control->clients->len;
}
