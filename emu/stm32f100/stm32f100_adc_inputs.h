/*
 * What the STM32F100's ADC can measure: the voltages of its pins, the
 * temperature sensor and the internal reference (RM0041 10.3.3, 10.9).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_ADC_INPUTS_H
#define HW_MEWS_STM32F100_ADC_INPUTS_H

#include "migration/vmstate.h"
#include "stm32f100_gpio.h"

#define STM32F100_ADC_PINS 16
#define STM32F100_ADC_PORTS 3
#define STM32F100_ADC_DAC_PINS 2 /* channels 4 and 5 */

typedef struct Stm32f100AdcInputs {
    Stm32f100GpioState *gpio[STM32F100_ADC_PORTS];
    qemu_irq vdda;
    int32_t vdda_uv;
    int32_t temperature_mc;
    int32_t board_uv[STM32F100_ADC_PINS];   /* -1: nothing is connected */
    int32_t dac_uv[STM32F100_ADC_DAC_PINS]; /* -1: the DAC is off */
} Stm32f100AdcInputs;

/* In instance_init and class_init of the ADC. */
void stm32f100_adc_inputs_init(Object *adc);
void stm32f100_adc_inputs_class_init(ObjectClass *oc);

/* Tell the DAC what VDDA is. */
void stm32f100_adc_inputs_reset_exit(Stm32f100AdcInputs *inputs);

/* Whether the level of the pin of @channel comes from its digital side. */
bool stm32f100_adc_input_is_digital(const Stm32f100AdcInputs *inputs,
                                    unsigned channel);

/* Bring the level of such a pin up to now; timers may raise triggers in it. */
void stm32f100_adc_input_sync(Stm32f100AdcInputs *inputs, unsigned channel);

/* The code, 0 to 4095, of what @channel has now. */
uint32_t stm32f100_adc_input_code(const Stm32f100AdcInputs *inputs,
                                  unsigned channel);

extern const VMStateDescription vmstate_stm32f100_adc_inputs;

#endif
