/*
 * The seam between silicon and everything above it.  A part's shim (nodes/<node>/shim.c)
 * implements it; drivers and applications use nothing else of the part, and learn base addresses
 * from the node's board.h.
 *
 * Everything above the seam runs in one thread.  An interrupt does no work: its entry masks the
 * line and remembers that it fired; the thread sleeps in wait_until() and polls the lines when
 * it wakes.  Work per interrupt is therefore bounded by the thread's own round, however fast a
 * line fires.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef FIRMWARE_SEAM_H
#define FIRMWARE_SEAM_H

#include <stdint.h>

uint32_t mmio_read32(uint32_t address);
void mmio_write32(uint32_t address, uint32_t value);

/*
 * 1 if interrupt @line (NVIC number) has fired since it was last asked.  The line stays masked
 * until the next wait_until(), so the caller has removed the cause before it can fire again; the
 * first poll has it enabled there.
 */
uint32_t irq_poll(uint32_t line);

/* Microseconds since reset, modulo 2^32. */
uint32_t clock_us(void);

/*
 * Enable the lines that have been polled, and sleep (WFI) until @deadline_us has come or a line has
 * fired since the last call.  It may return earlier: ask clock and lines.
 */
void wait_until(uint32_t deadline_us);

/* Processor state at a fault (ARMv7-M B1.5, B3.2). */
struct fault {
    uint32_t exception; /* number: 2 NMI, 3 HardFault, 4.. */
    uint32_t pc;
    uint32_t lr;
    uint32_t cfsr;
    uint32_t hfsr;
    uint32_t mmfar;
    uint32_t bfar;
};

/* The image says what happens at a fault or unexpected interrupt; then the core sleeps for good. */
void fault_hook(const struct fault *fault);

#endif
