/*
 * High-resolution time: TIM1 counts microseconds, its channel 2 interrupts when a call is due.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_PX4IO_HRT_H
#define IMAGES_PX4IO_HRT_H

#include <stdint.h>

void hrt_start(void);

/* Microseconds since hrt_start(), modulo 2^32. */
uint32_t hrt_now_us(void);

/* Call @function in the interrupt, every @period_us. */
void hrt_call_every(uint32_t period_us, void (*function)(void));

/* Busy; for set-up times of hardware. */
void hrt_wait_us(uint32_t duration_us);

/* The interrupt of TIM1's compare channels. */
void hrt_entry(void);

#endif
