/*
 * The two pins of rt1176-cm4-dual, one for each core (IMXRT1170RM, chapters "GPIO", "IOMUXC").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_MU_PINS_H
#define IMAGES_MU_PINS_H

#include "seam.h"

enum gpio {
    GPIO3 = 0x40134000,
    GPIO3_LED = 1 << 3,
    GPIO5 = 0x4013c000,
    GPIO5_PIN = 1 << 12,
    GPIO_DR = 0x00,
    GPIO_GDIR = 0x04,
    GPIO_DR_SET = 0x84,
    GPIO_DR_CLEAR = 0x88,
};

/* Mux registers of the pads; ALT5 is GPIO. */
enum pads { PAD_GPIO_AD_04 = 0x400e811c, PAD_GPIO_DISP_B2_11 = 0x400e8240, MUX_GPIO = 5 };

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
