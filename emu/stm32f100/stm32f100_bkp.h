/*
 * Backup registers of the STM32F100 (RM0041 5).
 *
 * Link property "rtc"; clock inputs "clk" (BKPEN) and "rtcclk".  Named inputs
 * "dbp" (PWR_CR.DBP), "backup-reset" (level), "tamper" (level of the pin),
 * "alarm" and "second" (pulses of the RTC); named outputs "take" (the pin is
 * an input for tamper detection) and "pin" (what is put on it, -1: nothing).
 * Sysbus interrupt: TAMPER.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_BKP_H
#define HW_MEWS_STM32F100_BKP_H

#include "hw/clock.h"
#include "hw/sysbus.h"
#include "qom/object.h"
#include "stm32f100_rtc.h"

#define TYPE_STM32F100_BKP "stm32f100-bkp"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100BkpState, STM32F100_BKP)

#define STM32F100_BKP_REGISTERS 10

struct Stm32f100BkpState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    Clock *clk;
    Clock *rtcclk;
    Stm32f100RtcState *rtc;
    qemu_irq irq;
    qemu_irq take;
    qemu_irq pin_out;
    QEMUTimer *edge; /* next edge of what is put on the pin */
    bool backup_writable;
    bool backup_held;

    uint16_t dr[STM32F100_BKP_REGISTERS];
    uint16_t rtccr;
    uint8_t cr;
    bool tpie;
    bool tef;
    bool tif;
    bool detected;    /* the edge detector's input, as it was last */
    bool pin_level;   /* of the pin */
    int64_t cco_edges; /* since calibration clock output began ... */
    int64_t cco_ns;    /* ... at this time */
};

#endif
