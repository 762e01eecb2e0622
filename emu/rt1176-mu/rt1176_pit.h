/*
 * PIT of the i.MX RT1176 (IMXRT1170RM, chapter "Periodic Interrupt Timer").
 *
 * Input Clock "clk".  One interrupt.  Named GPIO outputs "trigger" 0..3: a
 * pulse whenever a timer expires, while the named GPIO input "watched" of the
 * same number is high.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_PIT_H
#define HW_MEWS_RT1176_PIT_H

#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RT1176_PIT "rt1176-pit"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176PitState, RT1176_PIT)

#define RT1176_PIT_TIMERS 4

typedef struct Rt1176PitTimer {
    uint32_t ldval;
    uint32_t cval; /* at the last synchronisation */
    uint32_t tctrl;
    uint32_t tflg;
} Rt1176PitTimer;

struct Rt1176PitState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    qemu_irq trigger[RT1176_PIT_TIMERS];
    Clock *clk;
    QEMUTimer *event; /* the next expiry that shows */

    uint32_t mcr;
    uint32_t ltmr64l; /* as the last read of LTMR64H has latched it */
    Rt1176PitTimer timer[RT1176_PIT_TIMERS];
    uint8_t watched;

    /* The timers have been as they are since this time, and count from it. */
    int64_t since_ns;
    uint32_t since_frac; /* 2^-32 ns */
    uint64_t tick;       /* 2^-32 ns; 0: they stand still */
};

#endif
