/*
 * What both ends of a saturated wire do with what they receive: octets count up, so a lost or
 * damaged one shows.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_SATURATE_H
#define IMAGES_SATURATE_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/console.h"

#define SATURATE_REPORT_OCTETS 150000u /* one second of 1.5 Mbaud */

struct saturate {
    uint32_t octets; /* ever */
    uint32_t sum;    /* of the octets since the last report */
    uint32_t gaps;   /* ever: octets that were not the one before plus 1 */
    uint8_t last;
    uint32_t since_us; /* the last report, or the first octet */
};

/* Take one octet; true when a report is due. */
bool saturate_take(struct saturate *saturate, uint8_t octet, uint32_t now_us);

/* Write the report as a line and begin the next interval. */
void saturate_report(struct saturate *saturate, struct console *console, uint32_t framing,
                     uint32_t overrun, uint32_t now_us);

#endif
