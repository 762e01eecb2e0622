/*
 * The handlers of the control socket's requests, one file for each kind of thing, and
 * what they share.  The table of commands.c says which keys a request has and when it
 * may come.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_COMMANDS_INTERNAL_H
#define MEWS_LINK_COMMANDS_INTERNAL_H

#include "daemon.h"
#include "keys.h"

/* A year of virtual time is enough for one run, and sums stay far from overflow. */
#define RUN_MAX_NS (365ll * 24 * 3600 * 1000000000)

/* What the request's key of this name means; NULL and @error: there is no such thing. */
Machine *request_machine(Daemon *daemon, JsonObject *request, GError **error);
TapStream *request_uart(Daemon *daemon, JsonObject *request, GError **error);
Frames *request_link(Daemon *daemon, JsonObject *request, GError **error);
Pin *request_pin(Daemon *daemon, JsonObject *request, GError **error);
/* "at_ns": from the present time on. */
gboolean request_at(Daemon *daemon, JsonObject *request, gint64 *at_ns, GError **error);

/* A handler fills in the answer, or returns FALSE and says why. */
typedef gboolean CommandHandler(Daemon *daemon, JsonObject *request, JsonObject *answer,
                                GError **error);

/* commands_rig.c */
CommandHandler command_status, command_run, command_hash, command_quit;
/* commands_wires.c */
CommandHandler command_write, command_inject, command_uart, command_packets, command_seal;
/* commands_pins.c */
CommandHandler command_edges, command_pin, command_drive, command_analog;
/* commands_imu.c */
CommandHandler command_imu;
/* commands_machines.c */
CommandHandler command_read, command_registers, command_halt, command_resume, command_reset;

#endif
