/*
 * The requests of the control socket (docs/control-socket.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_COMMANDS_H
#define MEWS_LINK_COMMANDS_H

#include "control.h"

/* ControlOps of a Daemon. */
void commands_line(gpointer daemon, Client *client, const char *line);
void commands_gone(gpointer daemon, Client *client);

#endif
