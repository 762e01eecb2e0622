/*
 * What a part's shim brings to the Cortex-M half of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NODES_PART_H
#define NODES_PART_H

/* Interrupt lines of the parts: RM0041 8.1.2 (61), IMXRT1170RM "Interrupts" (218). */
#ifdef PART_STM32F100
#define PART_IRQS 61u
#else
#define PART_IRQS 218u
#endif

/* Clocks of core and peripherals, and the time of clock_us(); called once, at reset. */
void part_start(void);

#endif
