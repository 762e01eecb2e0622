/*
 * Pins of an STM32F1 (RM0041 7.2): four bits of CRL or CRH configure each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/stm32f1_gpio.h"

#include "seam.h"

void gpio_configure(uint32_t base, uint32_t pin, uint32_t mode)
{
    const uint32_t address = base + (pin < 8u ? GPIO_CRL : GPIO_CRH);
    const uint32_t shift = pin % 8u * 4u;
    const uint32_t others = mmio_read32(address) & ~(0xfu << shift);
    mmio_write32(address, others | mode << shift);
}

void gpio_write(uint32_t base, uint32_t pin, bool high)
{
    mmio_write32(base + GPIO_BSRR, 1u << (high ? pin : pin + 16u));
}
