/*
 * Messaging unit of the i.MX RT1176 (IMXRT1170RM, chapter "Messaging Unit"): one core's side of it.
 * Channels and doorbells are 0 to 3.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_MU_H
#define DRIVERS_MU_H

#include <stdbool.h>
#include <stdint.h>

enum mu_interrupt { MU_TRANSMIT = 20, MU_RECEIVE = 24, MU_DOORBELL = 28 }; /* bits in CR */

/* The status register. */
uint32_t mu_status(uint32_t base);

/* False: the other core has not read the word before. */
bool mu_send(uint32_t base, uint32_t channel, uint32_t word);

/* The same, waiting until it has. */
void mu_put(uint32_t base, uint32_t channel, uint32_t word);

/* False: there is no word. */
bool mu_take(uint32_t base, uint32_t channel, uint32_t *word);

/* Ring a doorbell at the other core; true while it has not been answered. */
void mu_ring(uint32_t base, uint32_t doorbell);
bool mu_ringing(uint32_t base, uint32_t doorbell);

/* Answer a doorbell; false: it has not rung. */
bool mu_answer(uint32_t base, uint32_t doorbell);

/* Let a channel or doorbell interrupt this core, or not. */
void mu_interrupt(uint32_t base, enum mu_interrupt kind, uint32_t number, bool enable);

#endif
