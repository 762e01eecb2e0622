/*
 * SLEEPONEXIT (PM0056 2.5.1, 4.4.6): the program is not gone on with until a handler
 * clears it.  SysTick interrupts once a millisecond; TIM2 counts at 1 kHz.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image.h"

#define RCC_APB1ENR REG(0x4002101cu)
#define TIM2_CR1    REG(0x40000000u)
#define TIM2_EGR    REG(0x40000014u)
#define TIM2_CNT    REG(0x40000024u)
#define TIM2_PSC    REG(0x40000028u)
#define SYSTICK_CSR REG(0xe000e010u)
#define SYSTICK_RVR REG(0xe000e014u)
#define SYSTICK_CVR REG(0xe000e018u)
#define SCB_VTOR    REG(0xe000ed08u)
#define SCB_SCR     REG(0xe000ed10u)
#define SLEEPONEXIT (1u << 1)
#define SYSTICK     15u

static uint32_t vectors[16] __attribute__((aligned(128)));
static volatile uint32_t ticks;

static void systick_handler(void)
{
    if (++ticks % 5 == 0) {
        SCB_SCR = 0;
    }
}

/* @name: how many interrupts there were, and milliseconds, until the program goes on */
static void sleep(const char *name, uint32_t scr)
{
    ticks = 0;
    SCB_SCR = scr;
    SYSTICK_CVR = 0;
    TIM2_EGR = 1;
    __asm__ volatile("wfi");
    console_value(name, ticks << 16 | TIM2_CNT);
}

int main(void)
{
    const uint32_t *flash = (const uint32_t *)0x08000000u;

    for (unsigned n = 0; n < 16; n++) {
        vectors[n] = flash[n];
    }
    vectors[SYSTICK] = (uint32_t)systick_handler;
    SCB_VTOR = (uint32_t)vectors;
    RCC_APB1ENR |= 1u;
    TIM2_PSC = 7999;
    TIM2_CR1 = 1;
    SYSTICK_RVR = 7999;
    SYSTICK_CSR = 7;
    sleep("without", 0);
    sleep("on exit", SLEEPONEXIT);
    SYSTICK_CSR = 0;
    return 0;
}
