/*
 * Pins with times: what a servo or a logic analyser would see, and what the
 * rig drives on them from outside.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "qemu/cutils.h"

int wire_pin_new(const char *name)
{
    WireHub *hub = wire_hub();
    guint pin = hub->pins->len;

    assert(pin < WIRE_PINS_MAX && strlen(name) < WIRE_NAME_SIZE);
    g_ptr_array_add(hub->pins, g_strdup(name));
    if (hub->rig) {
        pstrcpy(hub->me->pin_name[pin], WIRE_NAME_SIZE, name);
        hub->me->pin_count = pin + 1;
    }
    return pin;
}

void wire_pin_set(int pin, int64_t time_ns, bool level)
{
    WireHub *hub = wire_hub();
    int8_t *now = &hub->level[pin];

    if (*now == level) {
        return;
    }
    *now = level;
    wire_hub_log(hub, "edge %s %" PRId64 " %d\n",
                 (char *)g_ptr_array_index(hub->pins, pin), time_ns, level);
    if (hub->rig) {
        WireMachine *me = hub->me;
        uint64_t head =
            atomic_load_explicit(&me->edge_head, memory_order_relaxed);
        uint64_t taken =
            atomic_load_explicit(&me->edge_taken, memory_order_acquire);

        if (head - taken >= WIRE_RING_EDGES) {
            wire_hub_fail(hub, "the ring of pin edges is full (pin %s)",
                          (char *)g_ptr_array_index(hub->pins, pin));
        }
        me->edge[head % WIRE_RING_EDGES] = (WireEdge){
            .time_ns = time_ns,
            .pin = pin,
            .level = level,
        };
        atomic_store_explicit(&me->edge_head, head + 1, memory_order_release);
    }
}

void wire_pin_set_input(int pin, qemu_irq input)
{
    WireHub *hub = wire_hub();

    if (pin >= (int)hub->inputs->len) {
        g_array_set_size(hub->inputs, pin + 1);
    }
    g_array_index(hub->inputs, qemu_irq, pin) = input;
}

/* The next edge that the rig drives; NULL: none is known. */
static const WireEdge *next_drive(WireHub *hub)
{
    WireMachine *me = hub->me;
    uint64_t head = atomic_load_explicit(&me->drive_head, memory_order_acquire);
    uint64_t taken =
        atomic_load_explicit(&me->drive_taken, memory_order_relaxed);

    return head == taken ? NULL : &me->drive[taken % WIRE_RING_EDGES];
}

int64_t wire_pins_next_event(WireHub *hub)
{
    const WireEdge *edge = next_drive(hub);

    return edge ? edge->time_ns : WIRE_NS_NEVER;
}

void wire_pins_deliver(WireHub *hub, int64_t now)
{
    const WireEdge *edge;

    while ((edge = next_drive(hub)) && edge->time_ns <= now) {
        if (edge->time_ns < now) {
            wire_hub_fail(hub, "an edge of %" PRId64 " ns on pin %u is seen"
                          " late, at %" PRId64 " ns", edge->time_ns, edge->pin,
                          now);
        }
        if (edge->pin < hub->inputs->len) {
            qemu_set_irq(g_array_index(hub->inputs, qemu_irq, edge->pin),
                         edge->level == WIRE_RELEASED ? -1 : edge->level);
        }
        atomic_fetch_add_explicit(&hub->me->drive_taken, 1,
                                  memory_order_release);
    }
}

void wire_pin_add_flush(void (*flush)(void *opaque, int64_t until_ns),
                        void *opaque)
{
    WireFlush f = { flush, opaque };

    g_array_append_val(wire_hub()->flushes, f);
}

void wire_pins_flush(WireHub *hub, int64_t until_ns)
{
    for (guint i = 0; i < hub->flushes->len; i++) {
        WireFlush *f = &g_array_index(hub->flushes, WireFlush, i);

        f->flush(f->opaque, until_ns);
    }
}
