/*
 * The control socket's transport: a UNIX socket of mode 0600, any number of
 * clients, lines in both directions.  It knows nothing of what they say.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_CONTROL_H
#define MEWS_LINK_CONTROL_H

#include <glib.h>

#define CONTROL_LINE_MAX    (1024 * 1024)
#define CONTROL_CLIENTS_MAX 64

typedef struct Control Control;
typedef struct Client Client;

typedef struct ControlOps {
    /* A line, without its end; NULL: one longer than CONTROL_LINE_MAX was dropped. */
    void (*line)(gpointer opaque, Client *client, const char *line);
    /* The client is gone; it must not be used any more. */
    void (*gone)(gpointer opaque, Client *client);
} ControlOps;

/* Bind @path; nobody can connect before control_listen(). */
Control *control_new(const char *path, const ControlOps *ops, gpointer opaque, GError **error);
gboolean control_listen(Control *control, GError **error);
/* Serve @fd, a connected stream socket (taken), as if it had been accepted. */
void control_add_client(Control *control, int fd);
/* Close all connections, after what has been sent has left, and remove @path. */
void control_free(Control *control);
guint control_client_count(const Control *control);

/* Send a line (its end is added). */
void client_send(Client *client, const char *line);
/* Hand on no more lines until client_resume(): an answer is still to come. */
void client_pause(Client *client);
void client_resume(Client *client);

#endif
