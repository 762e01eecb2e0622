/*
 * A console on an STM32F1 USART: one octet per TXE interrupt (RM0041 23.3.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_STM32F1_CONSOLE_H
#define DRIVERS_STM32F1_CONSOLE_H

#include <stdint.h>

#include "drivers/console.h"

struct stm32_console {
    uint32_t usart_base; /* set up by uart_thin_init() */
    uint32_t irq;
    struct console console;
    uint32_t sending; /* TXEIE is set */
};

/* Call it in every round: starts what has been written, goes on when the interrupt fired. */
void stm32_console_service(struct stm32_console *console);

#endif
