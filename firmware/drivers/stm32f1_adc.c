/*
 * ADC1 of an STM32F1: calibration (RM0041 10.4), single conversion (10.3.4), sampling time (10.5).
 * Every wait has an end, because a converter without its clock never answers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/stm32f1_adc.h"

#include "drivers/stm32f1_regs.h"
#include "seam.h"

#define STABLE_US   2u   /* from ADON to the first use; tSTAB is 1 us at most */
#define PATIENCE_US 100u /* the calibration takes 7 us, a conversion 4 us */

static bool comes_to(uint32_t address, uint32_t mask, uint32_t value)
{
    const uint32_t begin_us = clock_us();
    while ((mmio_read32(address) & mask) != value) {
        if (clock_us() - begin_us > PATIENCE_US) {
            return false;
        }
    }
    return true;
}

bool adc_init(uint32_t base)
{
    const uint32_t begin_us = clock_us();
    mmio_write32(base + ADC_CR2, ADC_CR2_ADON);
    while (clock_us() - begin_us < STABLE_US) {
    }
    mmio_write32(base + ADC_CR2, ADC_CR2_ADON | ADC_CR2_RSTCAL);
    if (!comes_to(base + ADC_CR2, ADC_CR2_RSTCAL, 0)) {
        return false;
    }
    mmio_write32(base + ADC_CR2, ADC_CR2_ADON | ADC_CR2_CAL);
    mmio_write32(base + ADC_SMPR1, ADC_SMPR1_28_CYCLES);
    mmio_write32(base + ADC_SMPR2, ADC_SMPR2_28_CYCLES);
    mmio_write32(base + ADC_SQR1, 0); /* a sequence of one */
    return comes_to(base + ADC_CR2, ADC_CR2_CAL, 0);
}

bool adc_measure(uint32_t base, uint32_t channel, uint16_t *code)
{
    mmio_write32(base + ADC_SR, 0); /* what an earlier one, given up, may have left */
    mmio_write32(base + ADC_SQR3, channel);
    mmio_write32(base + ADC_CR2, ADC_CR2_ADON); /* once more, nothing else changed: a start */
    if (!comes_to(base + ADC_SR, ADC_SR_EOC, ADC_SR_EOC)) {
        return false;
    }
    *code = (uint16_t)mmio_read32(base + ADC_DR); /* clears EOC */
    return true;
}
