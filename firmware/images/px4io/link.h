/*
 * The packets of the flight controller on USART2.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_PX4IO_LINK_H
#define IMAGES_PX4IO_LINK_H

#include <stdint.h>

/* What the line did; gates read it by its symbol. */
struct link_counters {
    uint32_t packets;
    uint32_t corrupt; /* wrong CRC or unknown code: answered */
    uint32_t cut;     /* ended before their count says: no answer */
    uint32_t damaged; /* framing, noise or overrun: no answer, a break is sent */
};

extern struct link_counters link_counters;

void link_start(void);

/* The interrupt of USART2. */
void link_entry(void);

#endif
