/*
 * The registers of ANADIG (IMXRT1170RM, chapters "Crystal Oscillator", "PLL",
 * "PMU", "ANADIG_MISC", "Temperature Sensor"): which there are, what they reset
 * to, which bits can be written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_ANADIG_MAP_H
#define HW_MEWS_RT1176_ANADIG_MAP_H

#include "exec/hwaddr.h"

/* @count registers from @first on, 16 octets apart. */
typedef struct Rt1176AnadigRow {
    uint16_t first;
    uint16_t count;
    uint32_t reset;
    uint32_t writable;
} Rt1176AnadigRow;

/* The row of the register at @addr; NULL: there is none. */
const Rt1176AnadigRow *rt1176_anadig_row(hwaddr addr);

/* All reset values, by offset / 4. */
void rt1176_anadig_reset_values(uint32_t *regs);

#endif
