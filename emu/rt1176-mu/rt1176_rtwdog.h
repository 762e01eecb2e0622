/*
 * RTWDOG3 and RTWDOG4 (WDOG3, WDOG4) of the i.MX RT1176 (IMXRT1170RM, chapter
 * "RT Watchdog").
 *
 * Input Clock "bus".  One interrupt; output "reset" pulses when the part is to
 * be reset.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_RTWDOG_H
#define HW_MEWS_RT1176_RTWDOG_H

#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RT1176_RTWDOG "rt1176-rtwdog"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176RtwdogState, RT1176_RTWDOG)

struct Rt1176RtwdogState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    qemu_irq reset;
    Clock *bus;
    QEMUTimer *timeout;
    QEMUTimer *late_reset; /* 255 bus clocks after the interrupt */

    uint32_t cs;
    uint32_t toval;
    uint32_t win;
    uint32_t command;          /* what there is of one in parts */
    uint8_t command_bits;
    bool timed_out;            /* once, without a bus clock */
    int64_t unlocked_until_ns; /* configuration may be written until then */
    int64_t counting_since_ns; /* from @counted */
    uint64_t counted;
};

#endif
