/*
 * Pins: the edges with times that a part drives on them, their levels, and the
 * pulses of a PWM.
 *
 * A pin that has not been driven yet reads 0.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_PINS_H
#define MEWS_LINK_PINS_H

#include "emu/wire/wire_abi.h"
#include "history.h"

/* Edges of one pin that are kept to be asked for. */
#define PINS_EDGES_KEPT (1024u * 1024)

typedef struct PinEdge {
    gint64 time_ns;
    guint8 level;
} PinEdge;

/* From one rising edge to the next. */
typedef struct PinCycle {
    gint64 start_ns;
    gint64 high_ns;
    gint64 period_ns;
} PinCycle;

typedef struct Pin {
    char *name;       /* "io.PA0" */
    unsigned machine; /* index into the rig */
    unsigned number;  /* as the machine numbers its pins */
    guint8 level;
    guint64 hash;
    History edges; /* PinEdge */
    /* what comes from outside: see drive.h */
    gboolean driven;
    guint64 driven_hash;
    gint64 driven_until_ns;
} Pin;

typedef struct Pins {
    WireRig *rig;
    GPtrArray *machine[WIRE_MACHINES_MAX]; /* Pin *, as the machine numbers them */
} Pins;

Pins *pins_new(WireRig *rig);
void pins_free(Pins *pins);

/* Take all edges out of the rings.  Returns the fullest ring's fill. */
guint64 pins_take(Pins *pins);

/* NULL when there is no such pin. */
Pin *pins_find(const Pins *pins, const char *name);
/* Call @func for every pin, by machine and number. */
void pins_each(const Pins *pins, void (*func)(gpointer opaque, Pin *pin), gpointer opaque);

/* Number of the first edge at or after @time_ns. */
guint64 pin_first_edge(const Pin *pin, gint64 time_ns);
/*
 * The first whole cycle whose rising edge is edge number *from or a later one;
 * FALSE when there is none yet.  *from becomes the number of the edge at which
 * the search has to go on.
 */
gboolean pin_next_cycle(const Pin *pin, guint64 *from, PinCycle *cycle);
/* The last whole cycle; FALSE when there has been none. */
gboolean pin_last_cycle(const Pin *pin, PinCycle *cycle);

#endif
