/*
 * High-resolution time as px4io-class firmware keeps it: TIM1 runs freely at 1 MHz over 16 bits,
 * whoever asks for the time notices its turns, and channel 2 is set to the next call that is due,
 * at most HRT_INTERVAL_US ahead, so that no turn is missed (RM0041 12.3.8 output compare).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/px4io/hrt.h"

#include "images/px4io/ppm.h"
#include "images/px4io/px4io.h"
#include "images/px4io/regs.h"
#include "nodes/cortexm.h"

#define TURN_US         0x10000u
#define HRT_INTERVAL_US 50000u /* no longer than this without an interrupt */
#define HRT_LEAST_US    50u    /* ahead of now, so that the compare value is not missed */
#define CALLS_MAX       4u
#define COMPARE_CHANNEL 1u /* channel 2 */

struct call {
    void (*function)(void);
    uint32_t period_us;
    uint32_t due_us;
};

static struct call calls[CALLS_MAX];
static uint32_t call_count;
static uint32_t turns_us, last_count;

uint32_t hrt_now_us(void)
{
    const uint32_t state = irq_save();
    const uint32_t count = TIM1->CNT;
    if (count < last_count) {
        turns_us += TURN_US;
    }
    last_count = count;
    const uint32_t now_us = turns_us + count;
    irq_restore(state);
    return now_us;
}

static int32_t ahead(uint32_t due_us, uint32_t now_us)
{
    return (int32_t)(due_us - now_us);
}

static void set_alarm(void)
{
    const uint32_t now_us = hrt_now_us();
    int32_t next_us = (int32_t)HRT_INTERVAL_US;
    for (uint32_t i = 0; i < call_count; i++) {
        const int32_t call_us = ahead(calls[i].due_us, now_us);
        next_us = call_us < next_us ? call_us : next_us;
    }
    if (next_us < (int32_t)HRT_LEAST_US) {
        next_us = (int32_t)HRT_LEAST_US;
    }
    TIM1->CCR[COMPARE_CHANNEL] = (now_us + (uint32_t)next_us) % TURN_US;
}

static void run_calls(void)
{
    for (uint32_t i = 0; i < call_count; i++) {
        while (ahead(calls[i].due_us, hrt_now_us()) <= 0) {
            calls[i].due_us += calls[i].period_us;
            calls[i].function();
        }
    }
}

void hrt_entry(void)
{
    const uint32_t status = TIM1->SR;
    TIM1->SR = ~status;
    if ((status & (TIM_SR_CC1IF | TIM_SR_CC1OF)) != 0) {
        ppm_edge((uint16_t)TIM1->CCR[0], (status & TIM_SR_CC1OF) != 0);
    }
    if ((status & TIM_SR_CC2IF) != 0) {
        run_calls();
        set_alarm();
    }
}

void hrt_call_every(uint32_t period_us, void (*function)(void))
{
    if (call_count == CALLS_MAX) {
        return;
    }
    const uint32_t state = irq_save();
    calls[call_count++] = (struct call){function, period_us, hrt_now_us() + period_us};
    set_alarm();
    irq_restore(state);
}

void hrt_wait_us(uint32_t duration_us)
{
    const uint32_t begin_us = hrt_now_us();
    while (hrt_now_us() - begin_us < duration_us) {
    }
}

void hrt_start(void)
{
    TIM1->PSC = CLOCK_HZ / 1000000u - 1u;
    TIM1->ARR = TURN_US - 1u;
    TIM1->EGR = TIM_EGR_UG;
    TIM1->CCMR[0] = TIM_CCMR_INPUT_TI1; /* channel 1 captures, channel 2 compares (frozen) */
    TIM1->CCER = TIM_CCER_CC1E;         /* rising edges */
    TIM1->SR = 0;
    TIM1->DIER = TIM_DIER_CC1IE | TIM_DIER_CC2IE;
    TIM1->CR1 = TIM_CR1_CEN;
    set_alarm();
    irq_enable(IRQ_TIM1_CC);
}
