/*
 * Boots from flash, says so on LPUART1, and follows ten GPT1 compare
 * interrupts, 1 ms apart.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

static volatile uint32_t ticks;

void gpt1_handler(void);

void gpt1_handler(void)
{
    GPT_SR(GPT1) = GPT_OF1;
    ticks++;
}

int main(void)
{
    console_start();
    console_text("hello from the M7\n");
    GPT_PR(GPT1) = 24 - 1; /* 1 MHz */
    GPT_OCR1(GPT1) = 1000 - 1;
    GPT_IR(GPT1) = GPT_OF1;
    nvic_enable(GPT1_IRQ);
    GPT_CR(GPT1) = GPT_CR_EN | GPT_CR_ENMOD | GPT_CR_CLKSRC_PERIPHERAL;
    for (uint32_t seen = 0; seen < 10; seen++) {
        while (ticks <= seen) {
            __asm__ volatile("wfi");
        }
        console_text("tick\n");
    }
    return 0;
}
