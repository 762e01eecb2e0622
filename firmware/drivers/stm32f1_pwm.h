/*
 * Servo pulses from the general-purpose timers of an STM32F1 (RM0041 13), 1 us resolution.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_STM32F1_PWM_H
#define DRIVERS_STM32F1_PWM_H

#include <stdint.h>

struct pwm_output {
    uint32_t timer_base;
    uint32_t channel; /* 1..4 */
};

/* PWM mode 1, compare register preloaded, output on; level low until a pulse is set. */
void pwm_output_init(const struct pwm_output *output);

/* Count microseconds: @clock_hz is the timer's clock.  Starts the timer. */
void pwm_timer_start(uint32_t timer_base, uint32_t clock_hz, uint32_t period_us);

/* New period from the next one on. */
void pwm_timer_set_period(uint32_t timer_base, uint32_t period_us);

/*
 * Length of the next pulses, from the next period on; 0: no pulse.  A pulse as long as the
 * period or longer is cut to one microsecond less, so that a servo always sees an edge.
 */
void pwm_set(const struct pwm_output *output, uint32_t pulse_us);

#endif
