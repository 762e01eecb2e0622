/*
 * The `run` request: the only thing that moves virtual time.
 *
 * Without gates the horizon moves in windows, and the daemon handles one while
 * the machines run through the next.  With gates it moves in quanta, and all
 * machines stand while the gates are judged; so where a run ends depends on
 * virtual time only.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_RUN_H
#define MEWS_LINK_RUN_H

#include <json-glib/json-glib.h>

typedef struct Daemon Daemon;

typedef struct Run {
    gboolean active;
    gboolean moving; /* the machines have not arrived yet */
    gboolean cancelled;
    gint64 from_ns, until_ns;
    GPtrArray *gates; /* Gate * */
    gboolean all;     /* all gates have to match, not any */
    /* How it ended: NULL and an error, or the answer.  Called once. */
    void (*ended)(gpointer opaque, JsonObject *answer, const GError *error);
    gpointer opaque;
} Run;

/* Begin; takes @gates.  The caller has set ended and opaque. */
void run_begin(Daemon *daemon, gint64 until_ns, GPtrArray *gates, gboolean all);
/* One step: raise the horizon, or wait a little (host time) until machines arrive. */
void run_advance(Daemon *daemon);
/* End it where the machines arrive next: nobody waits for it any more. */
void run_cancel(Daemon *daemon);
/* End it now, if one is active: the rig has ended. */
void run_fail(Daemon *daemon, const GError *why);

#endif
