/*
 * Registers of the i.MX RT1176 that have SET, CLR and TOG addresses behind
 * their own (IMXRT1170RM, chapters "Clock Controller Module" and "Analog
 * Interface").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_SCT_H
#define HW_MEWS_RT1176_SCT_H

#include "exec/hwaddr.h"

/* Write @value to @reg by its address @addr, which is a multiple of 4. */
static inline void rt1176_sct_write(uint32_t *reg, hwaddr addr, uint32_t value)
{
    switch (addr & 0xf) {
    case 0x0:
        *reg = value;
        break;
    case 0x4:
        *reg |= value;
        break;
    case 0x8:
        *reg &= ~value;
        break;
    case 0xc:
        *reg ^= value;
        break;
    }
}

#endif
