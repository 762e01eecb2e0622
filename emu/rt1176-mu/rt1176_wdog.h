/*
 * WDOG1 and WDOG2 of the i.MX RT1176 (IMXRT1170RM, chapter "Watchdog Timer").
 *
 * One interrupt; output "reset" pulses when the part is to be reset.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_WDOG_H
#define HW_MEWS_RT1176_WDOG_H

#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RT1176_WDOG "rt1176-wdog"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176WdogState, RT1176_WDOG)

struct Rt1176WdogState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    qemu_irq reset;
    QEMUTimer *timeout;
    QEMUTimer *warning;

    uint16_t wcr;
    uint16_t wsr;
    uint16_t wrsr;
    uint16_t wicr;
    uint16_t wmcr;
    bool wicr_written;
    uint16_t pending_cause; /* WRSR bits of a reset that is under way */
};

#endif
