/*
 * A machine's monitor: QMP (QEMU machine protocol) over one end of a socket
 * pair.  Requests are synchronous, because they are made while virtual time
 * stands; events are handed on whenever they come.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_QMP_H
#define MEWS_LINK_QMP_H

#include <json-glib/json-glib.h>

typedef struct Qmp Qmp;

/* An event has come: its name ("GUEST_PANICKED").  Called from any qmp_*(). */
typedef void (*QmpEventFunc)(gpointer opaque, const char *event);

/* @fd is taken.  @name is the machine's, for messages. */
Qmp *qmp_new(const char *name, int fd, QmpEventFunc event, gpointer opaque);
void qmp_free(Qmp *qmp);

/* Wait for the greeting and leave negotiation: the machine is made. */
gboolean qmp_handshake(Qmp *qmp, GError **error);

/*
 * Run @command; @arguments (may be NULL) is taken.  Returns the answer's
 * "return", to be freed with json_node_unref(), or NULL and rig-failed when
 * the machine is gone or hangs, bad-value when it refuses.
 */
JsonNode *qmp_call(Qmp *qmp, const char *command, JsonObject *arguments, GError **error);

/* How often this event has come so far. */
unsigned qmp_event_count(Qmp *qmp, const char *event);
/* Wait until it has come more than @count times. */
gboolean qmp_wait_event(Qmp *qmp, const char *event, unsigned count, GError **error);

#endif
