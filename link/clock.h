/*
 * Virtual time of a rig: the horizon that no machine may reach, and waiting
 * until all have arrived there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_CLOCK_H
#define MEWS_LINK_CLOCK_H

#include <glib.h>
#include "emu/wire/wire_abi.h"

/*
 * How far the horizon may move at a time when no gate asks for less.  A ring
 * holds 65536 symbols; in 20 ms a UART of 20 Mbaud sends 40000.
 */
#define CLOCK_WINDOW_MAX_NS (20 * 1000 * 1000)
#define CLOCK_WINDOW_MIN_NS (50 * 1000)

typedef struct Clock {
    WireRig *rig;
    gint64 horizon_ns;
    gint64 window_ns;
} Clock;

void clock_init(Clock *clock, WireRig *rig);
/* Let all machines run up to, not including, @horizon_ns. */
void clock_raise(Clock *clock, gint64 horizon_ns);
/* All machines stand at the horizon; what they wrote before it is in the rings. */
gboolean clock_arrived(const Clock *clock);
/* Wait for that, at most this long in host time; returns whether they have. */
gboolean clock_wait(Clock *clock, gint64 timeout_ns);
/*
 * Adapt the window to how full (0..1) the last one has left the fullest ring:
 * a function of what the machines sent, not of the host.
 */
void clock_adapt(Clock *clock, double fullness);

#endif
