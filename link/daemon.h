/*
 * The daemon: a rig that has been started, and its one thread.  The files of
 * this folder do one job each; this one holds them together.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_DAEMON_H
#define MEWS_LINK_DAEMON_H

#include "accesses.h"
#include "clock.h"
#include "control.h"
#include "drive.h"
#include "error.h"
#include "frames.h"
#include "inject.h"
#include "machine.h"
#include "pins.h"
#include "record.h"
#include "rig.h"
#include "run.h"
#include "shm.h"
#include "tap.h"

typedef struct DaemonOptions {
    const char *rig_path;
    const char *socket_path; /* NULL: "control" in the run directory */
    int client_fd;           /* a connected socket to serve, -1: none */
    const char *run_folder;  /* NULL: a new one */
    const char *runs;        /* where new ones are made */
    gboolean force;          /* a run that is in run_folder may be overwritten */
    const char *qemu;
    const char *trace;      /* blocks whose registers' accesses are logged; or NULL */
    const char *flash_from; /* run directory to take flash and option bytes from; or NULL */
    gboolean gdb;
    gboolean record;
} DaemonOptions;

struct Daemon {
    DaemonOptions options;
    Rig *rig;
    Shm shm;
    GPtrArray *machines; /* Machine *, as in the rig */
    GPtrArray *accesses; /* Accesses *, as in the rig; NULL: of this machine none */
    Tap *tap;
    Pins *pins;
    GPtrArray *links; /* Frames *, as in the rig */
    Inject *inject;
    Drive *drive;
    Clock clock;
    Run run;
    char *folder;         /* NULL: nothing is recorded */
    gboolean made_folder; /* it was not there before */
    gboolean claimed;     /* and is ours */
    int claim;            /* the lock on it until record has it; -1: none */
    char *socket_path;
    Control *control;
    Record *record;
    gint64 now_ns;    /* everything before it has been processed */
    GPtrArray *later; /* requests that wait for the end of the run; NULL: none */
    GError *failure;  /* the rig has ended: rig-failed or recording-failed */
    gboolean stands;  /* it has started */
    gboolean quit;
    const char *quit_reason;
};

/* Start the rig.  NULL and one line in @error: could not run. */
Daemon *daemon_new(const DaemonOptions *options, GError **error);
/* Serve until the end; returns the exit code. */
int daemon_serve(Daemon *daemon);
void daemon_free(Daemon *daemon);

/* The rig has ended; the first reason counts.  Takes @failure. */
void daemon_fail(Daemon *daemon, GError *failure);
/* Move what has been written out of the shared memory; returns how full the fullest ring was. */
double daemon_take(Daemon *daemon);
/* Handle everything before @now_ns, which becomes the present. */
void daemon_process(Daemon *daemon, gint64 now_ns);
/* Bring the files up to date: time stands. */
void daemon_record_state(Daemon *daemon);
/* {link: {direction: counters}} */
JsonObject *daemon_statistics(const Daemon *daemon);

#endif
