/*
 * ADC1 as px4io-class firmware uses it: calibrated once, each conversion started by a second write
 * of ADON and waited for (RM0041 10.3.4 single conversion, 10.4 calibration).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/px4io/adc.h"

#include "images/px4io/hrt.h"
#include "images/px4io/px4io.h"

#define POWER_UP_US       10u
#define CONVERSION_US_MAX 100u
#define SAMPLES_28_5      0x1b6db6dbu /* 28.5 cycles for all channels */

static void wait_until_clear(uint32_t bit)
{
    const uint32_t begin_us = hrt_now_us();
    while ((ADC1->CR2 & bit) != 0 && hrt_now_us() - begin_us < CONVERSION_US_MAX) {
    }
}

void adc_start(void)
{
    pin_mode(GPIOA, 4, GPIO_INPUT_ANALOG);
    pin_mode(GPIOA, 5, GPIO_INPUT_ANALOG);
    ADC1->CR2 = ADC_CR2_ADON;
    hrt_wait_us(POWER_UP_US);
    ADC1->CR2 |= ADC_CR2_RSTCAL;
    wait_until_clear(ADC_CR2_RSTCAL);
    ADC1->CR2 |= ADC_CR2_CAL;
    wait_until_clear(ADC_CR2_CAL);
    ADC1->SMPR1 = SAMPLES_28_5 & 0x00ffffffu;
    ADC1->SMPR2 = SAMPLES_28_5;
    ADC1->CR2 |= ADC_CR2_TSVREFE;
    ADC1->SQR1 = 0; /* a sequence of one */
}

uint16_t adc_measure(uint32_t channel)
{
    ADC1->SR = 0;
    (void)ADC1->DR;
    ADC1->SQR3 = channel;
    ADC1->CR2 |= ADC_CR2_ADON; /* nothing but ADON is written anew: a start */
    const uint32_t begin_us = hrt_now_us();
    while ((ADC1->SR & ADC_SR_EOC) == 0) {
        if (hrt_now_us() - begin_us > CONVERSION_US_MAX) {
            return ADC_FAILED;
        }
    }
    return (uint16_t)ADC1->DR;
}
