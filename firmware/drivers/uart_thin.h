/*
 * Thin-seam driver of an STM32F1 USART (RM0041 23): no state, no interrupt of its own; the
 * caller owns the octets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_UART_THIN_H
#define DRIVERS_UART_THIN_H

#include <stdint.h>

#define UART_THIN_NONE 0xffffffffu

/* 8N1, transmitter and receiver on; @brr is f_CK / baud (RM0041 23.3.4). */
void uart_thin_init(uint32_t base, uint32_t brr);

/* Send one octet, once there is room for it. */
void uart_thin_tx_byte(uint32_t base, uint32_t octet);

/* The octet received, or UART_THIN_NONE; a character with an error is none. */
uint32_t uart_thin_rx(uint32_t base);

/* Whether interrupt @line has fired. */
uint32_t uart_thin_rx_fired(uint32_t line);

#endif
