/*
 * What the shims share: vectors, the exception frame, interrupts, and the lines of seam.h's
 * irq_poll().
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NODES_CORTEXM_H
#define NODES_CORTEXM_H

#include <stdint.h>

/* Order in which the core stacks registers at exception entry (B1.5.6). */
enum stacked { STACKED_LR = 5, STACKED_PC = 6 };

#define EXCEPTION_SYSTICK 15u
#define EXCEPTION_IRQ0    16u

/*
 * The vector table: the core's own entries are in cortexm.c; behind them the linker script puts
 * those of the PART_IRQS interrupts, which the shim has in section ".vectors.irq".
 */
typedef void (*vector)(void);

/* The program's start. */
void reset_entry(void);

/* Of every interrupt but the shim's own. */
void irq_entry(void);

/* Of SysTick; without one in the image it is a fault. */
void systick_entry(void);

/* Of the messaging unit (RT1176); without one in the image it is irq_entry(). */
void mu_entry(void);

/* The tick's or alarm's own interrupt has woken the thread. */
void irq_wake(void);

/* Enable an interrupt that is served by its own entry. */
void irq_enable(uint32_t irq);

/* Enable the lines that irq_poll() has answered for: their causes are gone.  Before any sleep. */
void irq_enable_asked(void);

/* Sleep until irq_entry() or irq_wake() has run since the last call. */
void irq_sleep(void);

/* SysTick as a stop watch of the core's clock: differences below 2^24 are right (B3.3). */
void core_clocks_start(void);
uint32_t core_clocks(void);

#endif
