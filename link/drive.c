/*
 * Pins driven from outside; see drive.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drive.h"
#include "error.h"
#include "hash.h"

typedef struct Waiting {
    Pin *pin;
    PinEdge edge;
    guint64 number; /* in the order of requests: breaks ties */
} Waiting;

typedef struct Queue {
    GArray *edges; /* Waiting, in order of time from `sent` on */
    guint sent;
} Queue;

struct Drive {
    WireRig *rig;
    guint64 requests;
    Queue queue[WIRE_MACHINES_MAX];
};

Drive *drive_new(WireRig *rig)
{
    Drive *drive = g_new0(Drive, 1);

    drive->rig = rig;
    for (unsigned m = 0; m < WIRE_MACHINES_MAX; m++) {
        drive->queue[m].edges = g_array_new(FALSE, FALSE, sizeof(Waiting));
    }
    return drive;
}

void drive_free(Drive *drive)
{
    for (unsigned m = 0; m < WIRE_MACHINES_MAX; m++) {
        g_array_unref(drive->queue[m].edges);
    }
    g_free(drive);
}

static gint in_time(gconstpointer a, gconstpointer b)
{
    const Waiting *first = a, *second = b;

    if (first->edge.time_ns != second->edge.time_ns) {
        return first->edge.time_ns < second->edge.time_ns ? -1 : 1;
    }
    return first->number < second->number ? -1 : first->number > second->number;
}

static void drop_sent(Queue *queue)
{
    g_array_remove_range(queue->edges, 0, queue->sent);
    queue->sent = 0;
}

gboolean drive_edges(Drive *drive, Pin *pin, const PinEdge *edges, guint count, gint64 now_ns,
                     GError **error)
{
    Queue *queue = &drive->queue[pin->machine];
    gint64 last_ns = MAX(now_ns, pin->driven_until_ns);

    drop_sent(queue);
    if (count > DRIVE_PENDING_MAX - MIN(DRIVE_PENDING_MAX, queue->edges->len)) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "more than %u edges would wait",
                         DRIVE_PENDING_MAX);
    }
    for (guint i = 0; i < count; i++) {
        if (edges[i].time_ns < last_ns) {
            return mews_fail(error, MEWS_ERROR_BAD_VALUE,
                             "%s: an edge at %" G_GINT64_FORMAT " ns comes after %" G_GINT64_FORMAT
                             " ns (now, or the last one that waits)",
                             pin->name, edges[i].time_ns, last_ns);
        }
        last_ns = edges[i].time_ns;
    }
    for (guint i = 0; i < count; i++) {
        Waiting waiting = {.pin = pin, .edge = edges[i], .number = drive->requests++};

        g_array_append_val(queue->edges, waiting);
    }
    pin->driven_until_ns = last_ns;
    g_array_sort(queue->edges, in_time);
    return TRUE;
}

static void hash_driven(Pin *pin, const PinEdge *edge)
{
    pin->driven = TRUE;
    pin->driven_hash = hash_integer(pin->driven_hash, (guint64)edge->time_ns, 8);
    pin->driven_hash = hash_integer(pin->driven_hash, edge->level, 1);
}

static gint64 feed_machine(Queue *queue, WireMachine *machine, gint64 horizon_ns)
{
    guint64 head = atomic_load_explicit(&machine->drive_head, memory_order_relaxed);
    guint64 taken = atomic_load_explicit(&machine->drive_taken, memory_order_acquire);

    for (; queue->sent < queue->edges->len; queue->sent++) {
        const Waiting *next = &g_array_index(queue->edges, Waiting, queue->sent);

        if (next->edge.time_ns >= horizon_ns) {
            break;
        }
        if (head - taken >= WIRE_RING_EDGES) {
            horizon_ns = next->edge.time_ns;
            break;
        }
        machine->drive[head++ % WIRE_RING_EDGES] = (WireEdge){
            .time_ns = next->edge.time_ns,
            .pin = (uint16_t)next->pin->number,
            .level = next->edge.level,
        };
        hash_driven(next->pin, &next->edge);
    }
    atomic_store_explicit(&machine->drive_head, head, memory_order_release);
    return horizon_ns;
}

gint64 drive_feed(Drive *drive, gint64 horizon_ns)
{
    for (unsigned m = 0; m < drive->rig->machine_count; m++) {
        Queue *queue = &drive->queue[m];

        if (queue->sent < queue->edges->len) {
            horizon_ns = feed_machine(queue, &drive->rig->machine[m], horizon_ns);
        }
    }
    return horizon_ns;
}
