/*
 * MU: the messaging unit between the two cores of the i.MX RT1176
 * (IMXRT1170RM, chapter "Messaging Unit").
 *
 * Memory regions and interrupts: 0 is side A (Cortex-M7), 1 side B
 * (Cortex-M4).  Clock inputs "clk-a", "clk-b".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_MU_H
#define HW_MEWS_RT1176_MU_H

#include "hw/clock.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RT1176_MU "rt1176-mu"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176MuState, RT1176_MU)

#define RT1176_MU_CHANNELS 4

typedef struct Rt1176MuSide {
    MemoryRegion iomem;
    qemu_irq irq;
    Clock *clk;
    Rt1176MuState *mu;

    uint32_t cr;
    uint32_t tr[RT1176_MU_CHANNELS]; /* written here, read as RR over there */
    /* As in SR: channel 0 is the highest of the four bits. */
    uint32_t te;  /* TRn is empty */
    uint32_t gip; /* interrupts that the other side has requested */
} Rt1176MuSide;

struct Rt1176MuState {
    SysBusDevice parent_obj;

    Rt1176MuSide side[2];
};

#endif
