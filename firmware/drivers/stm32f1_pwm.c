/*
 * Servo pulses from the general-purpose timers of an STM32F1 (RM0041 13.3.9 PWM mode, 13.4).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/stm32f1_pwm.h"

#include "drivers/stm32f1_regs.h"
#include "seam.h"

static void set_bits(uint32_t address, uint32_t bits)
{
    mmio_write32(address, mmio_read32(address) | bits);
}

static uint32_t compare_register(const struct pwm_output *output)
{
    return output->timer_base + TIM_CCR1 + 4u * (output->channel - 1u);
}

void pwm_output_init(const struct pwm_output *output)
{
    const uint32_t index = output->channel - 1u;
    mmio_write32(compare_register(output), 0);
    set_bits(output->timer_base + TIM_CCMR1 + 4u * (index / 2u),
             (uint32_t)TIM_CCMR_PWM1_PRELOADED << index % 2u * 8u);
    set_bits(output->timer_base + TIM_CCER, (uint32_t)TIM_CCER_CC1E << index * TIM_CCER_STEP);
}

void pwm_timer_start(uint32_t timer_base, uint32_t clock_hz, uint32_t period_us)
{
    mmio_write32(timer_base + TIM_PSC, clock_hz / 1000000u - 1u);
    mmio_write32(timer_base + TIM_ARR, period_us - 1u);
    mmio_write32(timer_base + TIM_EGR, TIM_EGR_UG); /* take PSC, ARR and CCR over */
    mmio_write32(timer_base + TIM_CR1, TIM_CR1_ARPE | TIM_CR1_CEN);
}

void pwm_timer_set_period(uint32_t timer_base, uint32_t period_us)
{
    mmio_write32(timer_base + TIM_ARR, period_us - 1u);
}

void pwm_set(const struct pwm_output *output, uint32_t pulse_us)
{
    const uint32_t longest_us = mmio_read32(output->timer_base + TIM_ARR);
    mmio_write32(compare_register(output), pulse_us < longest_us ? pulse_us : longest_us);
}
