/*
 * A client's side of the control socket; see client.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "error.h"
#include "hex.h"
#include "paths.h"

/* Where linkd finds its end of the connection to the one who starts it. */
#define CLIENT_FD 3
/* Host time for an answer after an interrupt: it is on its way unless a machine hangs. */
#define INTERRUPTED_PATIENCE_MS 1000

struct Link {
    int fd;
    GString *input;
};

Link *link_new(int fd)
{
    Link *link = g_new0(Link, 1);

    link->fd = fd;
    link->input = g_string_new(NULL);
    return link;
}

Link *link_open(const char *path, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (g_strlcpy(address.sun_path, path, sizeof(address.sun_path)) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
    } else if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
        return link_new(fd);
    }
    mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "control socket %s: %s", path, g_strerror(errno));
    if (fd >= 0) {
        close(fd);
    }
    return NULL;
}

void link_close(Link *link)
{
    close(link->fd);
    g_string_free(link->input, TRUE);
    g_free(link);
}

JsonObject *request_new(const char *name)
{
    JsonObject *request = json_object_new();

    json_object_set_string_member(request, "cmd", name);
    return request;
}

static gboolean send_line(Link *link, JsonObject *request)
{
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), request);
    g_autofree char *text = json_to_string(node, FALSE);
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    gsize left = strlen(line);
    const char *at = line;

    while (left > 0) {
        ssize_t sent = send(link->fd, at, left, MSG_NOSIGNAL);

        if (sent < 0 && errno != EINTR) {
            return FALSE;
        }
        if (sent > 0) {
            at += sent;
            left -= (gsize)sent;
        }
    }
    return TRUE;
}

/* FALSE: we were interrupted (again), or some time ago, and nothing comes. */
static gboolean worth_waiting(const Link *link, const volatile gboolean *interrupted)
{
    struct pollfd entry = {.fd = link->fd, .events = POLLIN};

    return !interrupted || !*interrupted || poll(&entry, 1, INTERRUPTED_PATIENCE_MS) > 0;
}

/* The next line, or NULL: the daemon is gone, or we were interrupted. */
static char *receive_line(Link *link, const volatile gboolean *interrupted)
{
    char buffer[65536];
    char *end;

    while (!(end = memchr(link->input->str, '\n', link->input->len))) {
        ssize_t size;

        if (!worth_waiting(link, interrupted)) {
            return NULL;
        }
        size = recv(link->fd, buffer, sizeof(buffer), 0);
        if (size > 0) {
            g_string_append_len(link->input, buffer, size);
        } else if (size == 0 || errno != EINTR) {
            return NULL;
        }
    }
    *end = '\0';
    {
        char *line = g_strdup(link->input->str);

        g_string_erase(link->input, 0, (gssize)(end - link->input->str) + 1);
        return line;
    }
}

static int error_code(const char *name)
{
    for (int code = 0; code <= MEWS_ERROR_RECORDING_FAILED; code++) {
        if (g_str_equal(mews_error_name(code), name)) {
            return code;
        }
    }
    return MEWS_ERROR_COULD_NOT_RUN;
}

static JsonObject *read_answer(const char *line, GError **error)
{
    g_autoptr(JsonNode) node = json_from_string(line, NULL);
    JsonObject *object, *why;

    if (!node || !JSON_NODE_HOLDS_OBJECT(node)) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "linkd's answer is no JSON object");
        return NULL;
    }
    object = json_node_get_object(node);
    if (json_object_get_boolean_member_with_default(object, "ok", FALSE)) {
        return json_object_ref(object);
    }
    why = json_object_has_member(object, "error") ? json_object_get_object_member(object, "error")
                                                  : object;
    mews_fail(error, error_code(json_object_get_string_member_with_default(why, "code", "")), "%s",
              json_object_get_string_member_with_default(why, "message", "an error without words"));
    return NULL;
}

JsonObject *link_request(Link *link, JsonObject *request, const volatile gboolean *interrupted,
                         GError **error)
{
    g_autoptr(JsonObject) taken = request;
    g_autofree char *line = NULL;

    if (send_line(link, taken)) {
        line = receive_line(link, interrupted);
    }
    if (!line) {
        mews_fail(error,
                  interrupted && *interrupted ? MEWS_ERROR_COULD_NOT_RUN : MEWS_ERROR_RIG_FAILED,
                  interrupted && *interrupted ? "interrupted" : "linkd has ended");
        return NULL;
    }
    return read_answer(line, error);
}

/* FALSE: the answer has not a time for each of @count octets. */
static gboolean read_times(JsonObject *answer, guint count, GArray *times_ns)
{
    JsonArray *times = json_object_has_member(answer, "times_ns")
                           ? json_object_get_array_member(answer, "times_ns")
                           : NULL;

    if (!times || json_array_get_length(times) != count) {
        return FALSE;
    }
    for (guint i = 0; i < count; i++) {
        gint64 time_ns = json_array_get_int_element(times, i);

        g_array_append_val(times_ns, time_ns);
    }
    return TRUE;
}

GByteArray *link_console(Link *link, const char *uart, gint64 *next, GArray *times_ns,
                         GError **error)
{
    JsonObject *request = request_new("uart");
    g_autoptr(JsonObject) answer = NULL;
    GByteArray *bytes;

    json_object_set_string_member(request, "uart", uart);
    json_object_set_int_member(request, "from", *next);
    answer = link_request(link, request, NULL, error);
    if (!answer) {
        return NULL;
    }
    *next = json_object_get_int_member_with_default(answer, "next", *next);
    bytes = hex_decode(json_object_get_string_member_with_default(answer, "hex", ""));
    if (!bytes || (times_ns && !read_times(answer, bytes->len, times_ns))) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "linkd's answer to 'uart' is damaged");
        g_clear_pointer(&bytes, g_byte_array_unref);
    }
    return bytes;
}

/* ---- a daemon of one's own ---- */

/* Its own process group: a Ctrl-C is for us, and we end it in order. */
static void child_setup(gpointer opaque)
{
    (void)opaque;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

static GPtrArray *command_line(const Launch *launch, const LaunchOptions *options)
{
    GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(arguments, paths_linkd());
    g_ptr_array_add(arguments, g_strdup("--socket"));
    g_ptr_array_add(arguments, g_strdup(launch->socket));
    g_ptr_array_add(arguments, g_strdup("--client-fd"));
    g_ptr_array_add(arguments, g_strdup_printf("%d", CLIENT_FD));
    if (options->run_folder) {
        g_ptr_array_add(arguments, g_strdup("--run-dir"));
        g_ptr_array_add(arguments, g_strdup(options->run_folder));
    } else {
        g_ptr_array_add(arguments, g_strdup("--no-record"));
    }
    if (options->force) {
        g_ptr_array_add(arguments, g_strdup("--force"));
    }
    if (options->flash_from) {
        g_ptr_array_add(arguments, g_strdup("--flash-from"));
        g_ptr_array_add(arguments, g_strdup(options->flash_from));
    }
    if (options->trace) {
        g_ptr_array_add(arguments, g_strdup("--trace"));
        g_ptr_array_add(arguments, g_strdup(options->trace));
    }
    if (options->gdb) {
        g_ptr_array_add(arguments, g_strdup("--gdb"));
    }
    g_ptr_array_add(arguments, g_strdup("--"));
    g_ptr_array_add(arguments, g_strdup(options->rig));
    g_ptr_array_add(arguments, NULL);
    return arguments;
}

/* Spawn linkd with a connection of ours, over which it answers when the rig stands. */
static gboolean spawn(Launch *launch, const GPtrArray *arguments, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
    g_autoptr(GError) why = NULL;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "socketpair: %s", g_strerror(errno));
    }
    launch->link = link_new(ends[0]);
    g_subprocess_launcher_take_fd(launcher, ends[1], CLIENT_FD);
    g_subprocess_launcher_set_child_setup(launcher, child_setup, NULL, NULL);
    launch->process =
        g_subprocess_launcher_spawnv(launcher, (const char *const *)arguments->pdata, &why);
    if (!launch->process) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "linkd cannot be started: %s",
                         why->message);
    }
    return TRUE;
}

/* In the run directory, where `mews status` looks, unless the path is too long for a socket. */
static gboolean choose_socket(Launch *launch, const char *run_folder, GError **error)
{
    const gsize room = sizeof(((struct sockaddr_un *)NULL)->sun_path);
    g_autoptr(GError) why = NULL;

    if (run_folder) {
        launch->socket = g_build_filename(run_folder, "control", NULL);
        if (strlen(launch->socket) < room) {
            return TRUE;
        }
        g_clear_pointer(&launch->socket, g_free);
    }
    launch->folder = g_dir_make_tmp("mews-XXXXXX", &why);
    if (!launch->folder) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s", why->message);
    }
    launch->socket = g_build_filename(launch->folder, "control", NULL);
    return TRUE;
}

/* The rig does not stand, and linkd has said why unless it was killed. */
static gboolean tell_refusal(const Launch *launch, GError **error)
{
    if (g_subprocess_get_if_signaled(launch->process)) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "linkd was killed by signal %d",
                         g_subprocess_get_term_sig(launch->process));
    }
    return mews_fail(error, MEWS_ERROR_TOLD, "linkd has told why");
}

gboolean launch_start(Launch *launch, const LaunchOptions *options, GError **error)
{
    g_autoptr(GPtrArray) arguments = NULL;
    g_autoptr(JsonObject) status = NULL;

    *launch = (Launch){.end_ns = -1};
    if (!choose_socket(launch, options->run_folder, error)) {
        return FALSE;
    }
    arguments = command_line(launch, options);
    if (spawn(launch, arguments, error)) {
        status = link_request(launch->link, request_new("status"), NULL, NULL);
        launch->stands = status != NULL;
        if (!status) {
            g_subprocess_wait(launch->process, NULL, NULL);
            tell_refusal(launch, error);
        }
    }
    if (!status) {
        launch_end(launch);
    }
    return status != NULL;
}

/* By a connection of its own: the other one may be inside a request that does not end. */
static gboolean quit(Launch *launch)
{
    g_autoptr(Link) link = link_open(launch->socket, NULL);
    g_autoptr(JsonObject) answer =
        link ? link_request(link, request_new("quit"), NULL, NULL) : NULL;

    if (answer) {
        launch->end_ns = json_object_get_int_member_with_default(answer, "time_ns", -1);
    }
    return answer != NULL;
}

void launch_ask_to_end(Launch *launch)
{
    if (launch->stands && !launch->asked) {
        launch->asked = TRUE;
        if (!quit(launch)) {
            g_subprocess_send_signal(launch->process, SIGTERM);
        }
    }
}

int launch_end(Launch *launch)
{
    int code = MEWS_EXIT_COULD_NOT_RUN;

    launch_ask_to_end(launch);
    g_clear_pointer(&launch->link, link_close);
    if (launch->process) {
        g_subprocess_wait(launch->process, NULL, NULL);
        if (g_subprocess_get_if_exited(launch->process)) {
            code = g_subprocess_get_exit_status(launch->process);
        }
        g_clear_object(&launch->process);
    }
    launch->stands = FALSE;
    if (launch->folder) {
        g_unlink(launch->socket);
        g_rmdir(launch->folder);
    }
    g_clear_pointer(&launch->folder, g_free);
    g_clear_pointer(&launch->socket, g_free);
    return code;
}
