/*
 * What the other machines of a rig can still do; see bound.h
 *
 * Why it is safe: suppose some machine starts, later, a symbol before its
 * bound, and take the earliest such symbol.  The machine cannot have acted by
 * itself (next_ns), so an input had an effect on it that its snapshot did not
 * know.  If that input was in a ring when the heads were read, it has been
 * counted below; if not, it was itself started later, at or after its own
 * writer's bound, and its effect comes a reaction time after that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdbool.h>
#include "bound.h"

typedef struct Snapshot {
    int64_t next_ns;
    uint64_t seen[WIRE_WIRES_MAX][2];
    int64_t reaction_ns[WIRE_WIRES_MAX][2];
} Snapshot;

static void snapshot(WireRig *rig, unsigned m, Snapshot *out)
{
    WireMachine *from = &rig->machine[m];
    uint32_t before, after;

    do {
        before = atomic_load_explicit(&from->sequence, memory_order_acquire);
        out->next_ns =
            atomic_load_explicit(&from->next_ns, memory_order_relaxed);
        for (unsigned w = 0; w < rig->wire_count; w++) {
            for (unsigned e = 0; e < 2; e++) {
                if (rig->wire[w].end[e].machine == m) {
                    out->seen[w][e] = atomic_load_explicit(
                        &from->seen[w][e], memory_order_relaxed);
                    out->reaction_ns[w][e] = atomic_load_explicit(
                        &from->reaction_ns[w][e], memory_order_relaxed);
                }
            }
        }
        atomic_thread_fence(memory_order_acquire);
        after = atomic_load_explicit(&from->sequence, memory_order_relaxed);
    } while ((before & 1) || before != after);
}

/* A symbol on its way that the machine had not seen will wake it. */
static int64_t first_unseen(Wire *wire, unsigned e, const Snapshot *s,
                            unsigned w)
{
    WireRing *ring = &wire->tx[!e];
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);

    if (head <= s->seen[w][e]) {
        return WIRE_NS_NEVER;
    }
    return wire_later(ring->symbol[s->seen[w][e] % WIRE_RING_SYMBOLS].start_ns,
                      s->reaction_ns[w][e]);
}

void wire_bounds(WireRig *rig, unsigned me, int64_t bound[WIRE_MACHINES_MAX])
{
    static Snapshot snap[WIRE_MACHINES_MAX]; /* large; one thread calls */
    bool changed = true;

    for (unsigned m = 0; m < rig->machine_count; m++) {
        if (m == me) {
            bound[m] = WIRE_NS_NEVER;
            continue;
        }
        snapshot(rig, m, &snap[m]);
        bound[m] = snap[m].next_ns;
    }
    for (unsigned w = 0; w < rig->wire_count; w++) {
        for (unsigned e = 0; e < 2; e++) {
            unsigned m = rig->wire[w].end[e].machine;

            if (m != WIRE_NOBODY && m != me) {
                int64_t t = first_unseen(&rig->wire[w], e, &snap[m], w);
                bound[m] = t < bound[m] ? t : bound[m];
            }
        }
    }
    for (unsigned pass = 0; changed && pass < rig->machine_count; pass++) {
        changed = false;
        for (unsigned w = 0; w < rig->wire_count; w++) {
            for (unsigned e = 0; e < 2; e++) {
                unsigned to = rig->wire[w].end[e].machine;
                unsigned from = rig->wire[w].end[!e].machine;
                int64_t t;

                if (to == WIRE_NOBODY || from == WIRE_NOBODY || to == me) {
                    continue;
                }
                t = wire_later(bound[from], snap[to].reaction_ns[w][e]);
                if (t < bound[to]) {
                    bound[to] = t;
                    changed = true;
                }
            }
        }
    }
}
