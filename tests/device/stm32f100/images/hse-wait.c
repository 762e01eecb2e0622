/*
 * Start-up code that counts its polls of HSERDY and keeps to HSI when they run
 * out: ST's SystemInit, 1280 polls with its two variables in memory (RM0041
 * 6.2.1).  Prints whether HSE came.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image.h"

#define RCC_CR REG(0x40021000u)
#define HSEON  (1u << 16)
#define HSERDY (1u << 17)
#define POLLS  1280u

int main(void)
{
    volatile uint32_t polls = 0;
    volatile uint32_t ready;

    RCC_CR |= HSEON;
    do {
        ready = RCC_CR & HSERDY;
        polls = polls + 1;
    } while (ready == 0 && polls != POLLS);
    console_value("ready", ready);
    return 0;
}
