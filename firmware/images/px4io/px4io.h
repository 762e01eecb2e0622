/*
 * What the parts of the px4io-like image share: the core's interrupts, and the pins.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_PX4IO_PX4IO_H
#define IMAGES_PX4IO_PX4IO_H

#include <stdbool.h>
#include <stdint.h>

#include "images/px4io/regs.h"

#define CLOCK_HZ 24000000u

static inline uint32_t irq_save(void)
{
    uint32_t state;
    __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(state)::"memory");
    return state;
}

static inline void irq_restore(uint32_t state)
{
    __asm__ volatile("msr primask, %0" ::"r"(state) : "memory");
}

static inline void pin_mode(struct gpio *port, uint32_t pin, uint32_t mode)
{
    volatile uint32_t *cr = pin < 8u ? &port->CRL : &port->CRH;
    const uint32_t shift = pin % 8u * 4u;
    *cr = (*cr & ~(0xfu << shift)) | mode << shift;
}

static inline void pin_write(struct gpio *port, uint32_t pin, bool high)
{
    port->BSRR = 1u << (high ? pin : pin + 16u);
}

static inline bool pin_read(const struct gpio *port, uint32_t pin)
{
    return (port->IDR >> pin & 1u) != 0;
}

#endif
