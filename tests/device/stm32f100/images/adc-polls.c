/*
 * One conversion at a time, given 16 polls of EOC: 41 cycles of ADCCLK at
 * PCLK2 / 2, which are 82 of a core that has fetched, loaded, tested, counted
 * and branched in each poll (RM0041 10.3.3).  Prints what the last of three
 * calls has measured of the reference, or ffff: too late.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image.h"

#define RCC_CR      REG(0x40021000u)
#define RCC_CFGR    REG(0x40021004u)
#define RCC_APB2ENR REG(0x40021018u)
#define ADC_SR      REG(0x40012400u)
#define ADC_CR2     REG(0x40012408u)
#define ADC_SMPR1   REG(0x4001240cu)
#define ADC_SQR3    REG(0x40012434u)
#define ADC_DR      REG(0x4001244cu)
#define CHANNEL     17u
#define SAMPLE_28_5 (3u << 21)
#define TSVREFE     (1u << 23)
#define POLLS       16u

static void run_from_hse(void)
{
    RCC_CR |= 1u << 16;
    while (!(RCC_CR & 1u << 17)) {
    }
    RCC_CFGR |= 1u;
    while ((RCC_CFGR & 3u << 2) != 1u << 2) {
    }
}

static uint32_t sample(void)
{
    uint32_t polls = POLLS;

    ADC_SR = 0;
    ADC_SQR3 = CHANNEL;
    ADC_CR2 |= 1u;
    while (!(ADC_SR & 2u)) {
        if (--polls == 0) {
            ADC_SR = 0;
            return 0xffff;
        }
    }
    return ADC_DR;
}

int main(void)
{
    uint32_t measured = 0;

    run_from_hse();
    RCC_APB2ENR |= 1u << 9;
    ADC_SMPR1 = SAMPLE_28_5;
    ADC_CR2 = TSVREFE | 1u;
    for (unsigned call = 0; call < 3; call++) {
        for (volatile unsigned wait = 0; wait < 1000; wait = wait + 1) {
        }
        measured = sample();
    }
    RCC_CFGR &= ~3u;
    while (RCC_CFGR & 3u << 2) {
    }
    console_value("measured", measured);
    return 0;
}
