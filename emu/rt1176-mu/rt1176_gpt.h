/*
 * GPT of the i.MX RT1176 (IMXRT1170RM, chapter "General Purpose Timer").
 *
 * Property "gpt": its name ("gpt1").  Input Clocks "root" (the CCM root behind
 * its LPCG), "osc-16m", "osc-32k".  One interrupt.  Named GPIO inputs "capture"
 * 0 and 1; pins of the wire GPTn_CAPTURE1, 2 and GPTn_COMPARE1 to 3.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_GPT_H
#define HW_MEWS_RT1176_GPT_H

#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RT1176_GPT "rt1176-gpt"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176GptState, RT1176_GPT)

#define RT1176_GPT_COMPARES 3
#define RT1176_GPT_CAPTURES 2

struct Rt1176GptState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    Clock *root;
    Clock *osc_16m;
    Clock *osc_32k;
    QEMUTimer *event; /* the next match that interrupts or shows on a pin */
    QEMUTimer *pulse; /* end of the pulse of a compare output */
    char *gpt;
    int compare_pin[RT1176_GPT_COMPARES];

    uint32_t cr;
    uint32_t pr;
    uint32_t sr;
    uint32_t ir;
    uint32_t ocr[RT1176_GPT_COMPARES];
    uint32_t icr[RT1176_GPT_CAPTURES];
    uint8_t capture_level; /* of the inputs, a bit each */
    uint8_t compare_level; /* of the outputs */
    uint8_t compare_used;  /* those that have been connected since power-on */

    /* The counter took the value "count" at this time, and counts from it. */
    uint32_t count;
    int64_t since_ns;
    uint32_t since_frac; /* 2^-32 ns */
    uint64_t tick;       /* of the counter, 2^-32 ns; 0: it stands still */
};

#endif
