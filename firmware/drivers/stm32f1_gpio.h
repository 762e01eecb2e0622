/*
 * Pins of an STM32F1 (RM0041 7).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_STM32F1_GPIO_H
#define DRIVERS_STM32F1_GPIO_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/stm32f1_regs.h"

/* @mode: CNF and MODE, GPIO_OUTPUT_2_MHZ and so on. @pin: 0..15 */
void gpio_configure(uint32_t base, uint32_t pin, uint32_t mode);

/* Level of an output, pull of an input. */
void gpio_write(uint32_t base, uint32_t pin, bool high);

#endif
