/*
 * Shim of the STM32F100: vector table, clocks, time (RM0041: 6 reset and clock control, 12 TIM1,
 * 3.3.3 flash access control).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>

#include "drivers/stm32f1_regs.h"
#include "nodes/cortexm.h"
#include "nodes/cortexm_regs.h"
#include "nodes/part.h"
#include "seam.h"

enum rcc {
    RCC_CR = 0x40021000,
    RCC_CFGR = 0x40021004,
    RCC_AHBENR = 0x40021014,
    RCC_APB2ENR = 0x40021018,
    RCC_APB1ENR = 0x4002101c,
    CR_HSEON = 1u << 16,
    CR_HSERDY = 1u << 17,
    CFGR_SW_HSE = 1u << 0,
    CFGR_SWS_HSE = 1u << 2,
    CFGR_SWS = 3u << 2,
    AHBENR_DMA1EN = 1u << 0,
    AHBENR_SRAMEN = 1u << 2,
    AHBENR_FLITFEN = 1u << 4,
    APB2ENR_AFIOEN = 1u << 0,
    APB2ENR_IOPAEN = 1u << 2,
    APB2ENR_IOPBEN = 1u << 3,
    APB2ENR_ADC1EN = 1u << 9,
    APB2ENR_TIM1EN = 1u << 11,
    APB2ENR_USART1EN = 1u << 14,
    APB1ENR_TIM2EN = 1u << 0,
    APB1ENR_TIM3EN = 1u << 1,
    APB1ENR_TIM4EN = 1u << 2,
    APB1ENR_USART2EN = 1u << 17,
};

/* TIM1 counts microseconds; its overflows are counted here. */
#define TIM1 0x40012c00u
enum { IRQ_TIM1_UP = 25, IRQ_TIM1_CC = 27 };

#define CLOCK_MHZ    24u
#define OVERFLOW_US  0x10000u
#define ALARM_US_MAX (OVERFLOW_US - 1000u) /* further ahead it would match a turn too early */

static volatile uint32_t overflows;

static void overflow_entry(void)
{
    mmio_write32(TIM1 + TIM_SR, ~(uint32_t)TIM_SR_UIF);
    overflows++;
}

static uint32_t alarm_us;
static volatile bool alarm_set;

static void alarm_entry(void)
{
    alarm_set = false;
    mmio_write32(TIM1 + TIM_DIER, TIM_DIER_UIE);
    irq_wake();
}

__attribute__((section(".vectors.irq"), used)) static const vector irq_vectors[PART_IRQS] = {
    [0 ... IRQ_TIM1_UP - 1u] = irq_entry,
    [IRQ_TIM1_UP] = overflow_entry,
    [IRQ_TIM1_UP + 1u] = irq_entry,
    [IRQ_TIM1_CC] = alarm_entry,
    [IRQ_TIM1_CC + 1u ... PART_IRQS - 1u] = irq_entry,
};

/*
 * The 24 MHz crystal without PLL; flash needs no wait state (3.3.3).  Without the crystal no baud
 * rate would be right, so there is nothing to go on to: the pins stay inputs.
 */
static void clocks_start(void)
{
    mmio_write32(RCC_CR, mmio_read32(RCC_CR) | CR_HSEON);
    while ((mmio_read32(RCC_CR) & CR_HSERDY) == 0) {
    }
    mmio_write32(RCC_CFGR, CFGR_SW_HSE);
    while ((mmio_read32(RCC_CFGR) & CFGR_SWS) != CFGR_SWS_HSE) {
    }
    mmio_write32(RCC_AHBENR, AHBENR_FLITFEN | AHBENR_SRAMEN | AHBENR_DMA1EN);
    mmio_write32(RCC_APB2ENR, APB2ENR_AFIOEN | APB2ENR_IOPAEN | APB2ENR_IOPBEN | APB2ENR_ADC1EN |
                                  APB2ENR_TIM1EN | APB2ENR_USART1EN);
    mmio_write32(RCC_APB1ENR, APB1ENR_TIM2EN | APB1ENR_TIM3EN | APB1ENR_TIM4EN | APB1ENR_USART2EN);
}

void part_start(void)
{
    clocks_start();
    mmio_write32(TIM1 + TIM_PSC, CLOCK_MHZ - 1u);
    mmio_write32(TIM1 + TIM_ARR, OVERFLOW_US - 1u);
    mmio_write32(TIM1 + TIM_CR1, TIM_CR1_URS);
    mmio_write32(TIM1 + TIM_EGR, TIM_EGR_UG);
    mmio_write32(TIM1 + TIM_DIER, TIM_DIER_UIE);
    mmio_write32(TIM1 + TIM_CR1, TIM_CR1_URS | TIM_CR1_CEN);
    mmio_write32(NVIC_ISER, 1u << IRQ_TIM1_UP | 1u << IRQ_TIM1_CC);
}

/* An overflow that is flagged and not yet counted belongs to a counter that has just begun anew. */
uint32_t clock_us(void)
{
    uint32_t turns, flags, count;
    do {
        turns = overflows;
        flags = mmio_read32(TIM1 + TIM_SR);
        count = mmio_read32(TIM1 + TIM_CNT);
    } while (turns != overflows);
    if ((flags & TIM_SR_UIF) != 0 && count < OVERFLOW_US / 2u) {
        turns++;
    }
    return turns * OVERFLOW_US + count;
}

void wait_until(uint32_t deadline_us)
{
    irq_enable_asked();
    const uint32_t now_us = clock_us();
    uint32_t ahead_us = deadline_us - now_us;
    if (ahead_us == 0 || ahead_us > UINT32_MAX / 2u) {
        return;
    }
    if (ahead_us > ALARM_US_MAX) {
        ahead_us = ALARM_US_MAX;
    }
    if (!alarm_set || now_us + ahead_us != alarm_us) {
        alarm_us = now_us + ahead_us;
        alarm_set = true;
        mmio_write32(TIM1 + TIM_CCR1, alarm_us % OVERFLOW_US);
        mmio_write32(TIM1 + TIM_SR, ~(uint32_t)TIM_SR_CC1IF);
        mmio_write32(TIM1 + TIM_DIER, TIM_DIER_UIE | TIM_DIER_CC1IE);
        if (clock_us() - now_us >= ahead_us) { /* the match may have been before the flag's clear */
            return;
        }
    }
    irq_sleep();
}
