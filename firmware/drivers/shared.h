/*
 * Memory that both cores of the RT1176 write and read (docs/firmware.md, "Contracts across cores").
 * The Cortex-M7 has a data cache in front of it (nodes/fmu/shared_m7.c), the Cortex-M4 none
 * (shared_m4.c).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_SHARED_H
#define DRIVERS_SHARED_H

#include <stdint.h>

/*
 * shared_publish(): stores to these octets, made before, are seen by the other core before any that
 * are made after.  shared_refresh(): loads from these octets, made after, see what the other core
 * had published before; they come after all loads made before.
 *
 * Whole cache lines are written and forgotten: nothing that the other core writes may lie in a line
 * that is published, and nothing of one's own in a line that is refreshed.
 */
void shared_publish(const volatile void *start, uint32_t octets);
void shared_refresh(const volatile void *start, uint32_t octets);

/* Caches on, where there are some: both are invalid when the core starts. */
void shared_start(void);

#endif
