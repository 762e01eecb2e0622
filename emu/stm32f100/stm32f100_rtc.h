/*
 * Real-time clock of the STM32F100 (RM0041 17).
 *
 * Clock inputs "rtcclk" (what RCC_BDCR chooses) and "pclk1".  Named inputs
 * "dbp" (PWR_CR.DBP) and "backup-reset" (level); named outputs "alarm" and
 * "second": a pulse for each.  Sysbus interrupt: RTC.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_RTC_H
#define HW_MEWS_STM32F100_RTC_H

#include "hw/clock.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_STM32F100_RTC "stm32f100-rtc"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100RtcState, STM32F100_RTC)

/* Registers that are written in configuration mode only. */
typedef struct Stm32f100RtcConfig {
    uint32_t prl;
    uint32_t cnt;
    uint32_t alr;
    uint8_t written; /* bit n: half-word n of PRLH, PRLL, CNTH, ..., ALRL */
} Stm32f100RtcConfig;

struct Stm32f100RtcState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    Clock *rtcclk;
    Clock *pclk1;
    Clock *bkp; /* of the interface that its registers are behind */
    qemu_irq irq;
    qemu_irq alarm;
    qemu_irq second;
    QEMUTimer *timer; /* next flag, or the end of a write */
    bool backup_writable;
    bool backup_held;
    bool seconds_wanted; /* output "second" is used */

    /*
     * Core, in the backup domain.  Cycles of RTCCLK are counted from @epoch_ns,
     * at which it began to run or its calibration changed.
     */
    int64_t epoch_ns;
    int64_t period_start; /* cycle at which the prescaler was loaded */
    int64_t stopped_phase; /* RTCCLK stands: cycles into the period */
    bool fired;           /* the flags of this period have been set */
    uint32_t prl;
    uint32_t cnt;
    uint32_t alr;
    uint8_t calibration; /* BKP_RTCCR.CAL */

    /* interface to APB1 */
    uint8_t crh;
    uint8_t flags; /* SECF, ALRF, OWF, RSF: as in CRL */
    bool cnf;
    bool busy; /* RTOFF = 0 */
    int64_t commit_cycle;
    int64_t sync_cycle; /* RSF is set, reads are right, after this cycle */
    bool unsynchronized; /* since a reset or stop of APB1 */
    Stm32f100RtcConfig config;
};

/* BKP_RTCCR: @cal of 2^20 pulses of RTCCLK are ignored (5.3.2). */
void stm32f100_rtc_set_calibration(Stm32f100RtcState *s, uint8_t cal);

/* BKP shows "second" on the TAMPER pin: it comes even if nothing else asks. */
void stm32f100_rtc_want_seconds(Stm32f100RtcState *s, bool wanted);

#endif
