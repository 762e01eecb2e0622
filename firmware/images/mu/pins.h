/*
 * The two pins of rt1176-cm4-dual, one for each core (IMXRT1170RM, chapters "GPIO", "IOMUXC").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_MU_PINS_H
#define IMAGES_MU_PINS_H

#include "drivers/rt1176_regs.h"
#include "nodes/fmu/rt1176_map.h"
#include "seam.h"

enum pins { GPIO3_LED = 1 << 3, GPIO5_PIN = 1 << 12 };

/* Make a pin an output and let it be high, low, and so on; it ends high. */
static inline void blink(uint32_t gpio, uint32_t pin)
{
    mmio_write32(gpio + GPIO_GDIR, mmio_read32(gpio + GPIO_GDIR) | pin);
    for (uint32_t i = 0; i < 3u; i++) {
        mmio_write32(gpio + GPIO_DR_SET, pin);
        mmio_write32(gpio + GPIO_DR_CLEAR, pin);
    }
    mmio_write32(gpio + GPIO_DR_SET, pin);
}

#endif
