/*
 * Virtual time of a rig; see clock.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "clock.h"
#include "futex.h"

/* The window shrinks when a ring was fuller, and grows when all were emptier. */
#define FULL_ENOUGH  (1.0 / 4)
#define NEARLY_EMPTY (1.0 / 16)

void clock_init(Clock *clock, WireRig *rig)
{
    *clock = (Clock){.rig = rig, .window_ns = CLOCK_WINDOW_MIN_NS};
}

void clock_raise(Clock *clock, gint64 horizon_ns)
{
    g_assert(horizon_ns > clock->horizon_ns);
    clock->horizon_ns = horizon_ns;
    atomic_store_explicit(&clock->rig->horizon_ns, horizon_ns, memory_order_release);
    for (unsigned m = 0; m < clock->rig->machine_count; m++) {
        futex_ring(&clock->rig->machine[m].doorbell, &clock->rig->machine[m].waiting);
    }
}

gboolean clock_arrived(const Clock *clock)
{
    for (unsigned m = 0; m < clock->rig->machine_count; m++) {
        if (atomic_load_explicit(&clock->rig->machine[m].arrived_ns, memory_order_acquire) <
            clock->horizon_ns) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean clock_wait(Clock *clock, gint64 timeout_ns)
{
    WireRig *rig = clock->rig;
    uint32_t doorbell;

    if (clock_arrived(clock)) {
        return TRUE;
    }
    doorbell = atomic_load(&rig->doorbell);
    atomic_store(&rig->waiting, 1);
    atomic_thread_fence(memory_order_seq_cst);
    if (!clock_arrived(clock)) {
        futex_wait(&rig->doorbell, doorbell, timeout_ns);
    }
    atomic_store(&rig->waiting, 0);
    return clock_arrived(clock);
}

void clock_adapt(Clock *clock, double fullness)
{
    if (fullness > FULL_ENOUGH) {
        clock->window_ns = MAX(clock->window_ns / 4, CLOCK_WINDOW_MIN_NS);
    } else if (fullness < NEARLY_EMPTY) {
        clock->window_ns = MIN(clock->window_ns * 2, CLOCK_WINDOW_MAX_NS);
    }
}
