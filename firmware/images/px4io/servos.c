/*
 * Servo pulses: PWM mode 1 with preload, a step of 1 us (RM0041 13.3.9).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/px4io/servos.h"

#include "images/px4io/px4io.h"

struct output {
    struct tim *tim;
    uint32_t channel; /* [0] is channel 1 */
    struct gpio *port;
    uint32_t pin;
};

static const struct output outputs[SERVOS] = {
    {TIM2, 0, GPIOA, 0}, {TIM2, 1, GPIOA, 1}, {TIM4, 2, GPIOB, 8}, {TIM4, 3, GPIOB, 9},
    {TIM3, 0, GPIOA, 6}, {TIM3, 1, GPIOA, 7}, {TIM3, 2, GPIOB, 0}, {TIM3, 3, GPIOB, 1},
};

static const struct {
    struct tim *tim;
    uint32_t mask;
} groups[SERVO_GROUPS] = {{TIM2, 0x03}, {TIM4, 0x0c}, {TIM3, 0xf0}};

uint32_t servos_group(uint32_t group)
{
    return groups[group].mask;
}

void servos_set_rate(uint32_t group, uint32_t rate_hz)
{
    groups[group].tim->ARR = 1000000u / rate_hz - 1u;
}

void servos_set(uint32_t servo, uint16_t pulse_us)
{
    outputs[servo].tim->CCR[outputs[servo].channel] = pulse_us;
}

void servos_start(uint32_t rate_hz)
{
    for (uint32_t i = 0; i < SERVOS; i++) {
        const struct output *out = &outputs[i];
        out->tim->CCMR[out->channel / 2u] |= TIM_CCMR_PWM1_PRELOADED << out->channel % 2u * 8u;
        out->tim->CCER |= TIM_CCER_CC1E << out->channel * TIM_CCER_BITS;
        pin_mode(out->port, out->pin, GPIO_ALTERNATE);
    }
    for (uint32_t i = 0; i < SERVO_GROUPS; i++) {
        groups[i].tim->PSC = CLOCK_HZ / 1000000u - 1u;
        servos_set_rate(i, rate_hz);
        groups[i].tim->EGR = TIM_EGR_UG;
        groups[i].tim->CR1 = TIM_CR1_ARPE | TIM_CR1_CEN;
    }
}
