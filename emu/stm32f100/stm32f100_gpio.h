/*
 * General-purpose I/O port of the STM32F100 (RM0041 7.1, 7.2).
 *
 * GPIO inputs 0..15: the level that the board drives on the pin: 0, 1, or -1
 * to release it.  Named outputs "pin" and "board" 0..15: the level of the pin,
 * for the part itself and for what the board connects to it.  Named inputs
 * "take" (the pin is WKUP or TAMPER: an input with pull-down) and "backup" (the
 * backup domain drives the pin, -1: it does not) 0..15.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_GPIO_H
#define HW_MEWS_STM32F100_GPIO_H

#include "hw/clock.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_STM32F100_GPIO "stm32f100-gpio"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100GpioState, STM32F100_GPIO)

#define STM32F100_GPIO_PINS 16

/* What the alternate-function router has to know of a port. */
typedef struct Stm32f100GpioRouterOps {
    /* Signals are wanted up to date: before a change, and for reads. */
    void (*sync)(void *opaque, int64_t now_ns);
    /* Modes of pins have changed. */
    void (*changed)(void *opaque);
} Stm32f100GpioRouterOps;

struct Stm32f100GpioState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    Clock *clk;
    char *port;       /* property: "A".."E" */
    uint16_t package; /* property "pins": bits of those the package has */
    qemu_irq pin_out[STM32F100_GPIO_PINS];
    qemu_irq board_out[STM32F100_GPIO_PINS];
    int wire_pin[STM32F100_GPIO_PINS];
    const Stm32f100GpioRouterOps *router;
    void *router_opaque;

    uint32_t cr[2]; /* CRL, CRH */
    uint16_t odr;
    uint16_t lckr;      /* LCK bits: locked or to be locked */
    uint8_t lock_steps; /* of the key sequence that have been done */
    bool locked;

    uint16_t af_driven;    /* pins that an alternate function drives ... */
    uint16_t af_level;     /* ... to this level */
    uint16_t debug_pins;   /* held by the debug port (SWJ_CFG) */
    uint16_t taken_pins;    /* WKUP, TAMPER */
    uint16_t backup_drives; /* pins that the backup domain drives ... */
    uint16_t backup_level;  /* ... to this level */
    uint16_t board_pull_up; /* pins with a pull-up resistor of the board */
    uint16_t board_drives;  /* pins driven from outside ... */
    uint16_t board_level;   /* ... to this level */
    uint16_t level;        /* of the pins */
    uint16_t driven;       /* pins that have been outputs since power-on */
};

/* The router of this port: at most one. */
void stm32f100_gpio_set_router(Stm32f100GpioState *s,
                               const Stm32f100GpioRouterOps *ops,
                               void *opaque);

/* Whether the package has @pin, as AF output that is not used for debug. */
bool stm32f100_gpio_is_af_output(const Stm32f100GpioState *s, unsigned pin);

/* Whether the package has @pin, as floating or pulled input. */
bool stm32f100_gpio_is_digital_input(const Stm32f100GpioState *s,
                                     unsigned pin);

/* The alternate function of @pin has had @level since @time_ns. */
void stm32f100_gpio_set_af(Stm32f100GpioState *s, unsigned pin,
                           int64_t time_ns, bool level);

/* No alternate function has driven @pin since @time_ns. */
void stm32f100_gpio_release_af(Stm32f100GpioState *s, unsigned pin,
                               int64_t time_ns);

/* Whether the package has @pin. */
bool stm32f100_gpio_exists(const Stm32f100GpioState *s, unsigned pin);

/* Whether @pin is an analog input: its digital stages are off (7.1.12). */
bool stm32f100_gpio_is_analog(const Stm32f100GpioState *s, unsigned pin);

/* Whether the part itself drives @pin: push-pull, or low in open drain. */
bool stm32f100_gpio_drives(const Stm32f100GpioState *s, unsigned pin);

/* The level of @pin; of what is computed late, as after the last sync. */
bool stm32f100_gpio_level(const Stm32f100GpioState *s, unsigned pin);
void stm32f100_gpio_sync(Stm32f100GpioState *s);

/* The board has pull-ups at @pins. */
void stm32f100_gpio_pull_up(Stm32f100GpioState *s, uint16_t pins);

/* The debug port occupies @pins (RM0041 7.3.5). */
void stm32f100_gpio_set_debug_pins(Stm32f100GpioState *s, uint16_t pins);

#endif
