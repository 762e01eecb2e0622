/*
 * CCM: clock roots, clock gates (LPCG) and their status (IMXRT1170RM, chapter
 * "Clock Controller Module").
 *
 * Inputs: one Clock per Rt1176ClockSource.  Outputs: one Clock per consumer,
 * "lpuart1".."lpuart12", "lpi2c1".."lpi2c6", "lpspi1".."lpspi6",
 * "gpt1".."gpt6", "rtwdog3", "rtwdog4", "m7-systick", "m4-systick": the clock
 * root behind its gate; "root0".."root78": each clock root before its gates.
 * Lines "gate": 1 while the LPCG of this number is open.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_CCM_H
#define HW_MEWS_RT1176_CCM_H

#include "hw/sysbus.h"
#include "qom/object.h"
#include "rt1176_clocks.h"

#define TYPE_RT1176_CCM "rt1176-ccm"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176CcmState, RT1176_CCM)

#define RT1176_CCM_SIZE 0x8000
#define RT1176_CCM_WORDS (RT1176_CCM_SIZE / 4)
#define RT1176_CCM_CONSUMERS 40
#define RT1176_LPCGS 138

struct Rt1176CcmState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    uint32_t regs[RT1176_CCM_WORDS];
    uint32_t root_before[RT1176_CLOCK_ROOTS]; /* CONTROL before its change */
    int64_t changed_at_ns[RT1176_CLOCK_ROOTS];
    Clock *root[RT1176_CLOCK_ROOTS];
    qemu_irq gate[RT1176_LPCGS];
    Clock *source[RT1176_CLOCK_SOURCES];
    Clock *consumer[RT1176_CCM_CONSUMERS];
};

#endif
