/*
 * What every test image has: registers, and a polled console on USART1.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdint.h>

#define REG(address)   (*(volatile uint32_t *)(address))
#define REG16(address) (*(volatile uint16_t *)(address))
#define REG8(address)  (*(volatile uint8_t *)(address))

int main(void);
void end_of_test(void);

void console_start(void);
void console_text(const char *text);
/* "NAME VALUE" with eight hexadecimal digits */
void console_value(const char *name, uint32_t value);

#endif
