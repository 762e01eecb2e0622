/*
 * What the other machines of a rig can still do: conservative look-ahead.
 *
 * Each machine has published when it will act by itself (next_ns), which
 * symbols it had seen then, and how long after the start of a symbol this can
 * have an effect on it (reaction_ns).  A machine may also be woken by a symbol
 * that it has not seen, or by one that is still to come from a third machine.
 * The earliest symbol of each machine is thus a shortest-path problem; rigs
 * have a handful of machines, so a few passes over all wires solve it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_WIRE_BOUND_H
#define HW_MEWS_WIRE_BOUND_H

#include "wire_abi.h"

/*
 * bound[m]: machine m starts no symbol before this virtual time (ns), unless
 * it is in a ring already, provided that machine @me sends nothing.
 * bound[me] is WIRE_NS_NEVER.  Read the rings after this call, not before.
 */
void wire_bounds(WireRig *rig, unsigned me, int64_t bound[WIRE_MACHINES_MAX]);

/* a + b, WIRE_NS_NEVER if either is */
static inline int64_t wire_later(int64_t a, int64_t b)
{
    return a == WIRE_NS_NEVER || b == WIRE_NS_NEVER || a > WIRE_NS_NEVER - b
               ? WIRE_NS_NEVER
               : a + b;
}

#endif
