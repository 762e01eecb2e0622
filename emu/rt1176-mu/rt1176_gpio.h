/*
 * GPIO port of the i.MX RT1176 (IMXRT1170RM, chapter "General Purpose
 * Input/Output"): GPIO1 to GPIO13, and CM7_GPIO2, CM7_GPIO3.
 *
 * Link "pads": where its signals go.  Property "port": Rt1176GpioPort.  Sysbus
 * interrupts 0 and 1: of signals 0..15 and 16..31.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_GPIO_H
#define HW_MEWS_RT1176_GPIO_H

#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RT1176_GPIO "rt1176-gpio"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176GpioState, RT1176_GPIO)

typedef struct Rt1176PadsState Rt1176PadsState;

/* Ports by number (GPIO1 is 1), then those of the M7's own bus. */
typedef enum Rt1176GpioPort {
    RT1176_GPIO1 = 1,
    RT1176_GPIO6 = 6,
    RT1176_GPIO7 = 7,
    RT1176_GPIO12 = 12,
    RT1176_GPIO13 = 13,
    RT1176_CM7_GPIO2,
    RT1176_CM7_GPIO3,
    RT1176_GPIO_PORTS /* one more than the last */
} Rt1176GpioPort;

struct Rt1176GpioState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq[2];
    Rt1176PadsState *pads;
    uint8_t port;

    uint32_t dr;
    uint32_t gdir;
    uint32_t icr[2];
    uint32_t imr;
    uint32_t isr;
    uint32_t edge_sel;
    uint32_t inputs; /* those whose path from the pad is on */
    uint32_t psr;    /* the signals there; 0 where it is off */
};

/* The path to input @bit is @on or off now, and the signal there @level. */
void rt1176_gpio_set_input(Rt1176GpioState *s, unsigned bit, bool on,
                           bool level);

#endif
