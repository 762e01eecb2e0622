/*
 * The converter of the STM32F100's ADC1: what is converted when (RM0041 10.3).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_ADC_CONVERTER_H
#define HW_MEWS_STM32F100_ADC_CONVERTER_H

#include "stm32f100_adc.h"

/* Handlers of the timer and of the clock. */
void stm32f100_adc_phase_over(void *opaque);
void stm32f100_adc_clock_changed(void *opaque, ClockEvent event);

/* Interrupt and DMA request follow the registers. */
void stm32f100_adc_update_outputs(Stm32f100AdcState *s);

/* Arm the timer for what is under way: after any change of the registers. */
void stm32f100_adc_arm(Stm32f100AdcState *s);

/* A trigger; ignored if its group is under way (10.3.1, 10.3.9). */
void stm32f100_adc_start_regular(Stm32f100AdcState *s);
void stm32f100_adc_start_injected(Stm32f100AdcState *s);

/* Give up what is under way, and begin what is to be done, if ADON is set. */
void stm32f100_adc_begin_next(Stm32f100AdcState *s);

/* Whether a conversion is under way, of injected channels if @injected. */
bool stm32f100_adc_converts(const Stm32f100AdcState *s, bool injected);

#endif
