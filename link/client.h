/*
 * A client's side of the control socket, and a daemon of one's own: what the
 * subcommands of `mews` are made of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_CLIENT_H
#define MEWS_LINK_CLIENT_H

#include <gio/gio.h>
#include <json-glib/json-glib.h>

typedef struct Link Link;

/* Over a connected socket (taken). */
Link *link_new(int fd);
/* NULL and could-not-run when nobody listens. */
Link *link_open(const char *path, GError **error);
void link_close(Link *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Link, link_close)

/*
 * Send @request (taken) and wait for its answer.  NULL: the daemon's error
 * with its own code, or rig-failed when it is gone, or could-not-run when
 * *interrupted has become true and the answer did not come soon after.
 */
JsonObject *link_request(Link *link, JsonObject *request, const volatile gboolean *interrupted,
                         GError **error);
/* A request {"cmd": name}, to be added to. */
JsonObject *request_new(const char *name);

/*
 * What has come on a UART from octet *@next on, which moves behind it, and
 * in @times_ns (gint64, or NULL) when each ended; NULL: see link_request().
 */
GByteArray *link_console(Link *link, const char *uart, gint64 *next, GArray *times_ns,
                         GError **error);

typedef struct LaunchOptions {
    const char *rig;
    const char *run_folder; /* NULL: nothing is recorded */
    gboolean force;         /* a run that is in the folder may be overwritten */
    const char *flash_from; /* run directory to take flash and option bytes from; or NULL */
    const char *trace;      /* blocks whose registers' accesses are logged; or NULL */
    gboolean gdb;
} LaunchOptions;

typedef struct Launch {
    GSubprocess *process;
    Link *link;
    char *folder; /* of the socket, when that is a temporary one */
    char *socket;
    gboolean stands; /* linkd has started its rig */
    gboolean asked;  /* to end */
    gint64 end_ns;   /* virtual time of its end, once it has told it; else -1 */
} Launch;

/*
 * Start linkd on a rig and connect; its messages go to our stderr.  FALSE:
 * could-not-run, or told when linkd has said why.
 */
gboolean launch_start(Launch *launch, const LaunchOptions *options, GError **error);
/* Ask it to end, so that a request that another thread waits for fails. */
void launch_ask_to_end(Launch *launch);
/* End it; returns linkd's exit code. */
int launch_end(Launch *launch);

#endif
