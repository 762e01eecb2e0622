/*
 * Voltages by ADC1 of an STM32F1 (RM0041 10), one conversion at a time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_STM32F1_ADC_H
#define DRIVERS_STM32F1_ADC_H

#include <stdbool.h>
#include <stdint.h>

#define ADC_CODES 4096u /* 0..4095 is 0..VDDA */

/* Switch it on and calibrate it.  False: the calibration has not come to an end. */
bool adc_init(uint32_t base);

/*
 * Convert @channel (0..15; its pin is an analog input) now, in 4 us at 12 MHz, and wait for it.
 * False: it has not come to an end, and @code stays.
 */
bool adc_measure(uint32_t base, uint32_t channel, uint16_t *code);

#endif
