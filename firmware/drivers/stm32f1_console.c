/*
 * A console on an STM32F1 USART.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/stm32f1_console.h"

#include "drivers/stm32f1_regs.h"
#include "seam.h"

#define CR1_ON (USART_CR1_UE | USART_CR1_TE | USART_CR1_RE)

void stm32_console_service(struct stm32_console *console)
{
    const uint32_t fired = irq_poll(console->irq);
    if (console->sending == 0 && console->console.read != console->console.written) {
        mmio_write32(console->usart_base + USART_CR1, CR1_ON | USART_CR1_TXEIE);
        console->sending = 1;
    } else if (fired != 0 && console->sending != 0) {
        const int octet = console_take(&console->console);
        if (octet >= 0) {
            mmio_write32(console->usart_base + USART_DR, (uint32_t)octet);
        } else {
            mmio_write32(console->usart_base + USART_CR1, CR1_ON);
            console->sending = 0;
        }
    }
}
