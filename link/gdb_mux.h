/*
 * One debugger, several machines: between gdb, which sees one target with a
 * process for each core, and the stubs of the machines, which know of each
 * other nothing.
 *
 * Processes are numbered from 1: the first core of every machine in the order
 * of the rig, then the other cores.  Virtual time is one: when gdb lets one
 * process go, or step, all go.  A stop of one machine stops all; a stop that
 * happens meanwhile on another is kept and told at the next resumption.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_GDB_MUX_H
#define MEWS_LINK_GDB_MUX_H

#include <glib.h>
#include "models.h"

typedef struct GdbMux GdbMux;

/* gdb writes to @in and reads from @out. */
GdbMux *gdb_mux_new(int in, int out);
void gdb_mux_free(GdbMux *mux);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GdbMux, gdb_mux_free)

/* Connect to the stub of a machine at a UNIX socket, which stops the machine. */
gboolean gdb_mux_add(GdbMux *mux, const char *machine, const Model *model, const char *socket,
                     GError **error);

/* Serve gdb until it has gone. */
void gdb_mux_serve(GdbMux *mux);

/* From any thread: show @text (taken) in gdb while the machines run. */
void gdb_mux_print(GdbMux *mux, char *text);
/* From any thread: the run is over; to gdb, the processes have exited. */
void gdb_mux_end(GdbMux *mux);

#endif
