/*
 * Instructions at each HCLK: PA0 changes before and after loops of 1000 and of
 * 2000 rounds, of two instructions each (RM0041 6.2; 7.2 for the pin).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image.h"

#define RCC_CR      REG(0x40021000u)
#define RCC_CFGR    REG(0x40021004u)
#define RCC_APB2ENR REG(0x40021018u)
#define GPIOA_CRL   REG(0x40010800u)
#define GPIOA_BSRR  REG(0x40010810u)

#define HSEON    (1u << 16)
#define HSERDY   (1u << 17)
#define HPRE_2   (8u << 4)
#define HPRE_8   (10u << 4)
#define HPRE_512 (15u << 4)
#define SW_HSE   1u
#define SWS_MASK (3u << 2)
#define SWS_HSE  (1u << 2)

static __attribute__((noinline)) void rounds(uint32_t n)
{
    GPIOA_BSRR = 1u;
    __asm__ volatile("1: subs %0, #1\n bne 1b\n" : "+r"(n) : : "cc");
    GPIOA_BSRR = 1u << 16;
}

static void measure(void)
{
    rounds(1000);
    rounds(2000);
}

int main(void)
{
    RCC_APB2ENR |= 1u << 2;
    GPIOA_CRL = 0x44444443u;
    measure(); /* HSI, 8 MHz */
    RCC_CFGR = HPRE_2;
    measure();
    RCC_CFGR = HPRE_8;
    measure();
    RCC_CFGR = HPRE_512;
    measure();
    RCC_CR |= HSEON;
    while (!(RCC_CR & HSERDY)) {
    }
    RCC_CFGR = SW_HSE;
    while ((RCC_CFGR & SWS_MASK) != SWS_HSE) {
    }
    measure();
    return 0;
}
