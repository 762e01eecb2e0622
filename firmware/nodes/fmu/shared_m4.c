/*
 * Shared memory at the Cortex-M4: no cache in front of it, so order is all (ARMv7-M A3.7.3, DMB).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/shared.h"

void shared_publish(const volatile void *start, uint32_t octets)
{
    (void)start;
    (void)octets;
    __asm__ volatile("dmb" ::: "memory");
}

void shared_refresh(const volatile void *start, uint32_t octets)
{
    (void)start;
    (void)octets;
    __asm__ volatile("dmb" ::: "memory");
}

void shared_start(void) {}
