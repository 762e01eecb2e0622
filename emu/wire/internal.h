/*
 * Shared by the files of emu/wire/ only: the hub (this process's seat in the
 * rig), the ends of wires and the pins.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_WIRE_INTERNAL_H
#define HW_MEWS_WIRE_INTERNAL_H

#include "qemu/osdep.h"
#include "hw/qdev-core.h"
#include "qemu/timer.h"
#include "qom/object.h"
#include "bound.h"
#include "sampler.h"
#include "wire.h"

#define TYPE_WIRE_HUB "wire-hub"
OBJECT_DECLARE_SIMPLE_TYPE(WireHub, WIRE_HUB)

typedef struct WireFlush {
    void (*flush)(void *opaque, int64_t until_ns);
    void *opaque;
} WireFlush;

struct WireHub {
    DeviceState parent_obj;

    char *rig_path;     /* property "rig" */
    char *machine_name; /* property "machine" */
    bool record;        /* property "record": keep the log without qtest */
    bool held;          /* property "held" */
    qemu_irq held_out;  /* who wants to know */

    WireRig *rig; /* NULL: no rig, events run by a QEMUTimer */
    WireMachine *me;
    unsigned index;
    GPtrArray *ends; /* in the order of (wire, end): ties are broken so */
    GPtrArray *live; /* those at which anything can happen, in this order */
    QEMUTimer *timer;

    int64_t bound[WIRE_MACHINES_MAX];
    int64_t horizon_ns;
    uint64_t stamp; /* what the last limit was computed from */
    int64_t wanted_ns; /* an MMIO access waits for all levels before this */

    GPtrArray *pins; /* char *, pin names without a rig */
    int8_t level[WIRE_PINS_MAX]; /* of each pin; -1: unknown */
    GArray *inputs;  /* qemu_irq per pin: what a driven level goes to */
    GArray *flushes; /* WireFlush */
    GString *log;    /* NULL: not kept */
};

/* Symbols of an end's own transmitter that its receiver has not heard out. */
#define WIRE_ECHOES 8

struct WireEnd {
    char name[WIRE_NAME_SIZE];
    const WireEndOps *ops;
    void *opaque;
    WireHub *hub;

    /* where it is plugged in; wire is NULL without a rig or a link */
    Wire *wire;
    unsigned wire_index;
    unsigned end;
    unsigned peer; /* machine index or WIRE_NOBODY */

    /* receiver */
    WireRxConfig rx;
    WireSource source[WIRE_SOURCES]; /* the peer, the daemon, its own echo */
    WireRing *echo_ring;             /* made when first wanted */
    WireTime hunt_from;
    WireTime break_from; /* like hunt_from, for breaks */
    WireTime clocked_at; /* start of the frame of a clocked receiver */
    int64_t idle_at_ns;
    int64_t second_idle_at_ns;
    bool edge_watched;
    WireTime edge_from; /* like hunt_from, for edges */
    /* "start", "break_at" and "edge_at" are worked out from what is known */
    bool found;
    WireTime start;
    WireTime break_at;
    WireTime edge_at;

    /* transmitter */
    WireTime tx_free;
    bool tx_level;

    /* as VMState has them */
    int64_t hunt_from_ns, break_from_ns, edge_from_ns, clocked_at_ns;
    int64_t tx_free_ns;
    uint32_t hunt_from_frac, break_from_frac, edge_from_frac, clocked_at_frac;
    uint32_t tx_free_frac;
    WireSymbol echo[WIRE_ECHOES];
    uint32_t echoes;
    bool echo_level;
};

WireHub *wire_hub(void);
/* Stop the whole rig: @fmt says why. */
G_NORETURN void wire_hub_fail(WireHub *hub, const char *fmt, ...)
    G_GNUC_PRINTF(2, 3);
void wire_hub_ring_daemon(WireHub *hub);
void wire_hub_log(WireHub *hub, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
/* Ends have come to life, or died: see wire_end_is_live(). */
void wire_hub_find_live(WireHub *hub);
/* The events of an end have changed, from a device. */
void wire_hub_reschedule(WireHub *hub, int64_t earliest_new_ns);
/* Nothing unknown reaches @end's input before this time, in ns. */
int64_t wire_hub_known_until(WireHub *hub, const WireEnd *end);
/* A symbol has been put on @end's wire at @start_ns. */
void wire_hub_sent(WireHub *hub, WireEnd *end, int64_t start_ns);

/* Join @end to its wire in the rig, if it has one. */
void wire_end_plug(WireEnd *end);
/* Receives, or could be sent something: the others need no looking after. */
bool wire_end_is_live(const WireEnd *end);
void wire_end_ingest(WireEnd *end);
/* The next thing that happens at the receiver, as far as known; ns. */
int64_t wire_end_next_event(WireEnd *end);
/* Run the event at @now; false: what it depends on is not known yet. */
bool wire_end_deliver(WireEnd *end, int64_t now);
/* How long after a symbol's start it can have an effect here. */
int64_t wire_end_reaction(const WireEnd *end);
/* No event that is unknown now comes before this. */
int64_t wire_end_limit(WireEnd *end);
/* Test aid: a symbol from nowhere, without a rig. */
void wire_end_inject(WireEnd *end, const WireSymbol *symbol);

void wire_pins_flush(WireHub *hub, int64_t until_ns);
/* In a rig: when a level next comes to a pin from outside, as far as known. */
int64_t wire_pins_next_event(WireHub *hub);
/* Drive the levels of @now. */
void wire_pins_deliver(WireHub *hub, int64_t now);

#endif
