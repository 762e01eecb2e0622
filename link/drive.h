/*
 * The daemon as what lies behind a pin: levels with times, driven on a machine's
 * pins from outside (a button, the PPM signal of a receiver).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_DRIVE_H
#define MEWS_LINK_DRIVE_H

#include "pins.h"

/* Edges that may wait for their time on the pins of one machine. */
#define DRIVE_PENDING_MAX (1024u * 1024)

typedef struct Drive Drive;

Drive *drive_new(WireRig *rig);
void drive_free(Drive *drive);

/*
 * Drive @pin: @count edges in order of time, none before @now_ns nor before one
 * that waits already; a level is 0, 1 or WIRE_RELEASED.
 */
gboolean drive_edges(Drive *drive, Pin *pin, const PinEdge *edges, guint count, gint64 now_ns,
                     GError **error);
/*
 * Hand the machines all edges before @horizon_ns.  Returns how far they may
 * run: less when a ring is full.
 */
gint64 drive_feed(Drive *drive, gint64 horizon_ns);

#endif
