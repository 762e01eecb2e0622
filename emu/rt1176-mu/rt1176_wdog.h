/*
 * WDOG1 and WDOG2 of the i.MX RT1176 (IMXRT1170RM, chapter "Watchdog Timer").
 *
 * One interrupt; output "reset" pulses when the part is to be reset.  Property
 * "src": the SRC, which knows what a reset leaves alone; "wdog-b" (to be read):
 * level of the pin WDOG_B.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_WDOG_H
#define HW_MEWS_RT1176_WDOG_H

#include "hw/sysbus.h"
#include "qom/object.h"
#include "rt1176_src.h"

#define TYPE_RT1176_WDOG "rt1176-wdog"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176WdogState, RT1176_WDOG)

struct Rt1176WdogState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    qemu_irq reset;
    Rt1176SrcState *src;
    QEMUTimer *timeout;
    QEMUTimer *warning;
    QEMUTimer *power_down; /* of WMCR.PDE */
    int64_t end_ns;        /* when timeout comes */

    uint16_t wcr;
    uint16_t wsr;
    uint16_t wrsr;
    uint16_t wicr;
    uint16_t wmcr;
    bool wcr_written;
    bool wicr_written;
    bool wdog_b_low; /* by a counter, until power is off */
};

#endif
