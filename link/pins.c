/*
 * Pins; see pins.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "pins.h"
#include "hash.h"

static void pin_free(gpointer data)
{
    Pin *pin = data;

    g_free(pin->name);
    history_clear(&pin->edges);
    g_free(pin);
}

Pins *pins_new(WireRig *rig)
{
    Pins *pins = g_new0(Pins, 1);

    pins->rig = rig;
    for (unsigned m = 0; m < rig->machine_count; m++) {
        pins->machine[m] = g_ptr_array_new_with_free_func(pin_free);
    }
    return pins;
}

void pins_free(Pins *pins)
{
    for (unsigned m = 0; m < pins->rig->machine_count; m++) {
        g_ptr_array_unref(pins->machine[m]);
    }
    g_free(pins);
}

/* A machine registers its pins while it is made, before any edge. */
static void learn_names(Pins *pins, unsigned m)
{
    const WireMachine *machine = &pins->rig->machine[m];
    guint count = MIN(machine->pin_count, WIRE_PINS_MAX);

    while (pins->machine[m]->len < count) {
        Pin *pin = g_new0(Pin, 1);

        pin->name = g_strdup_printf("%s.%.*s", machine->name, WIRE_NAME_SIZE - 1,
                                    machine->pin_name[pins->machine[m]->len]);
        pin->machine = m;
        pin->number = pins->machine[m]->len;
        pin->hash = pin->driven_hash = HASH_START;
        history_init(&pin->edges, sizeof(PinEdge), PINS_EDGES_KEPT, NULL);
        g_ptr_array_add(pins->machine[m], pin);
    }
}

static void take_edge(Pins *pins, unsigned m, const WireEdge *from)
{
    PinEdge edge = {.time_ns = from->time_ns, .level = from->level != 0};
    Pin *pin;

    if (from->pin >= pins->machine[m]->len) {
        return;
    }
    pin = g_ptr_array_index(pins->machine[m], from->pin);
    if (edge.level == pin->level) {
        return;
    }
    pin->level = edge.level;
    pin->hash = hash_integer(pin->hash, (guint64)edge.time_ns, 8);
    pin->hash = hash_integer(pin->hash, edge.level, 1);
    history_append(&pin->edges, &edge);
}

static guint64 take_machine(Pins *pins, unsigned m)
{
    WireMachine *machine = &pins->rig->machine[m];
    guint64 taken = atomic_load_explicit(&machine->edge_taken, memory_order_relaxed);
    guint64 head = atomic_load_explicit(&machine->edge_head, memory_order_acquire);
    guint64 fill = head - taken;

    learn_names(pins, m);
    while (taken < head) {
        take_edge(pins, m, &machine->edge[taken % WIRE_RING_EDGES]);
        taken++;
    }
    if (fill) {
        atomic_store_explicit(&machine->edge_taken, taken, memory_order_release);
    }
    return fill;
}

guint64 pins_take(Pins *pins)
{
    guint64 fullest = 0;

    for (unsigned m = 0; m < pins->rig->machine_count; m++) {
        guint64 fill = take_machine(pins, m);

        fullest = MAX(fullest, fill);
    }
    return fullest;
}

void pins_each(const Pins *pins, void (*func)(gpointer opaque, Pin *pin), gpointer opaque)
{
    for (unsigned m = 0; m < pins->rig->machine_count; m++) {
        for (guint i = 0; i < pins->machine[m]->len; i++) {
            func(opaque, g_ptr_array_index(pins->machine[m], i));
        }
    }
}

Pin *pins_find(const Pins *pins, const char *name)
{
    for (unsigned m = 0; m < pins->rig->machine_count; m++) {
        for (guint i = 0; i < pins->machine[m]->len; i++) {
            Pin *pin = g_ptr_array_index(pins->machine[m], i);

            if (g_str_equal(pin->name, name)) {
                return pin;
            }
        }
    }
    return NULL;
}

static const PinEdge *edge_at(const Pin *pin, guint64 number)
{
    return history_at(&pin->edges, number);
}

guint64 pin_first_edge(const Pin *pin, gint64 time_ns)
{
    guint64 low = pin->edges.base, high = history_end(&pin->edges);

    while (low < high) {
        guint64 middle = low + (high - low) / 2;

        if (edge_at(pin, middle)->time_ns < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

gboolean pin_next_cycle(const Pin *pin, guint64 *from, PinCycle *cycle)
{
    guint64 rise = MAX(*from, pin->edges.base);

    /* levels alternate, so a rise is followed by a fall and that by a rise */
    if (rise < history_end(&pin->edges) && !edge_at(pin, rise)->level) {
        rise++;
    }
    *from = rise;
    if (rise + 2 >= history_end(&pin->edges)) {
        return FALSE;
    }
    cycle->start_ns = edge_at(pin, rise)->time_ns;
    cycle->high_ns = edge_at(pin, rise + 1)->time_ns - cycle->start_ns;
    cycle->period_ns = edge_at(pin, rise + 2)->time_ns - cycle->start_ns;
    *from = rise + 2;
    return TRUE;
}

gboolean pin_last_cycle(const Pin *pin, PinCycle *cycle)
{
    guint64 end = history_end(&pin->edges);
    guint64 from = end - pin->edges.base > 4 ? end - 4 : pin->edges.base;
    gboolean found = FALSE;

    while (pin_next_cycle(pin, &from, cycle)) {
        found = TRUE;
    }
    return found;
}
