/*
 * ADC1, one conversion at a time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_PX4IO_ADC_H
#define IMAGES_PX4IO_ADC_H

#include <stdint.h>

#define ADC_CHANNEL_VSERVO 4u /* PA4: servo rail through a divider of 3 */
#define ADC_CHANNEL_RSSI   5u /* PA5 */
#define ADC_FAILED         0xffffu

void adc_start(void);

/* 0 to 4095 of VDDA, or ADC_FAILED: it has not come to an end. */
uint16_t adc_measure(uint32_t channel);

#endif
