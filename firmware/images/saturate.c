/*
 * What both ends of a saturated wire do with what they receive.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/saturate.h"

bool saturate_take(struct saturate *saturate, uint8_t octet, uint32_t now_us)
{
    if (saturate->octets == 0) {
        saturate->since_us = now_us;
    } else if (octet != (uint8_t)(saturate->last + 1u)) {
        saturate->gaps++;
    }
    saturate->last = octet;
    saturate->sum += octet;
    saturate->octets++;
    return saturate->octets % SATURATE_REPORT_OCTETS == 0;
}

void saturate_report(struct saturate *saturate, struct console *console, uint32_t framing,
                     uint32_t overrun, uint32_t now_us)
{
    const struct {
        const char *text;
        uint32_t value;
    } parts[] = {
        {"saturate: octets ", saturate->octets},
        {" sum ", saturate->sum},
        {" gaps ", saturate->gaps},
        {" framing ", framing},
        {" overrun ", overrun},
        {" us ", now_us - saturate->since_us},
    };
    for (uint32_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        console_text(console, parts[i].text);
        console_decimal(console, parts[i].value);
    }
    console_end_line(console);
    saturate->sum = 0;
    saturate->since_us = now_us;
}
