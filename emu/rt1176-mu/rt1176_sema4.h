/*
 * SEMA4: hardware semaphores between the cores (IMXRT1170RM, chapter
 * "Semaphores").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_SEMA4_H
#define HW_MEWS_RT1176_SEMA4_H

#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RT1176_SEMA4 "rt1176-sema4"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176Sema4State, RT1176_SEMA4)

#define RT1176_SEMA4_GATES 16
#define RT1176_SEMA4_CORES 2

/* RSTGT and RSTNTF: how far their two writes have come, and by whom. */
typedef struct Rt1176Sema4Reset {
    uint8_t state;
    uint8_t core;
    uint8_t number;
} Rt1176Sema4Reset;

/* Interrupt output n: notifications of core n. */
struct Rt1176Sema4State {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    uint8_t gate[RT1176_SEMA4_GATES]; /* 0: free; n + 1: locked by core n */
    uint16_t enabled[RT1176_SEMA4_CORES];  /* CPnINE, bit 15 - n: gate n */
    uint16_t waiting[RT1176_SEMA4_CORES];  /* for gates it did not get */
    uint16_t notified[RT1176_SEMA4_CORES]; /* CPnNTF */
    Rt1176Sema4Reset gate_reset;
    Rt1176Sema4Reset notification_reset;
    qemu_irq irq[RT1176_SEMA4_CORES];
};

#endif
