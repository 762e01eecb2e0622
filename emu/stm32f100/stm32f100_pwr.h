/*
 * Power control of the STM32F100 (RM0041 4).
 *
 * Link properties "rcc" and "flash" (its option bytes); clock input "clk".
 * Properties "vdd-mv", which may change at any time (below 1880: the part has
 * no power), and "vbat": the backup domain has a supply of its own.
 *
 * Named inputs: "sleepdeep" (SLEEPDEEP of the core), "wakeup" (an EXTI line
 * wants to end Stop mode), "exti-pending", "wkup" (level of the WKUP pin),
 * "alarm" (pulse of the RTC), "debug-stop" (DBGMCU_CR.DBG_STOP).  Named
 * outputs: "dbp" 0..2, "pvd", "take" (the pin is WKUP), "core-off" (standby, or
 * no power).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_PWR_H
#define HW_MEWS_STM32F100_PWR_H

#include "hw/clock.h"
#include "hw/sysbus.h"
#include "qom/object.h"
#include "stm32f100_flash.h"
#include "stm32f100_rcc.h"

#define TYPE_STM32F100_PWR "stm32f100-pwr"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100PwrState, STM32F100_PWR)

#define STM32F100_PWR_DBP_OUTPUTS 3

typedef enum Stm32f100PowerMode {
    STM32F100_POWER_RUN, /* or Sleep */
    STM32F100_POWER_STOP,
    STM32F100_POWER_STANDBY,
    STM32F100_POWER_OFF,
} Stm32f100PowerMode;

struct Stm32f100PwrState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    Clock *clk;
    Stm32f100RccState *rcc;
    Stm32f100FlashState *flash;
    QEMUTimer *wake; /* end of the wake-up time */
    qemu_irq dbp[STM32F100_PWR_DBP_OUTPUTS];
    qemu_irq pvd;
    qemu_irq take;
    qemu_irq core_off;
    uint32_t vdd_mv;
    bool vbat;

    uint32_t cr;
    bool wuf;
    bool sbf;
    bool ewup;
    bool pvdo;
    bool wkup_level;
    bool wkup_seen; /* the detector's input: WKUP and EWUP */
    bool exti_pending;
    bool debug_stop;
    bool in_reset; /* a change of mode has asked for this reset */
    uint32_t mode; /* Stm32f100PowerMode */
};

#endif
