/*
 * Reset and clock control of the STM32F100 (RM0041 chapter 6).
 *
 * Clock outputs: one per peripheral, named in small letters as the manual
 * names it ("usart1", "gpioa", "dma1"), whose period is 0 while the peripheral
 * is not clocked or held in reset; "hclk" for the core, "systick" (HCLK/8),
 * "exti" (HCLK, off in Stop mode), "pclk1", "pclk2" and "rtcclk".
 *
 * Named inputs "sysresetreq" and "dbp"; named outputs "nmi" (clock security),
 * "clock-failure" 0..3 (a pulse, for timers), "backup-reset" 0 and 1 (level)
 * and "power-on-reset" (a pulse; leaving Standby is one, too).  Properties
 * "hse-hz", "lse-hz", "hse-fails", which may change at any time, and "mco-hz".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_RCC_H
#define HW_MEWS_STM32F100_RCC_H

#include "hw/clock.h"
#include "hw/core/cpu.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_STM32F100_RCC "stm32f100-rcc"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100RccState, STM32F100_RCC)

/* Peripherals with a clock enable or a reset bit: RM0041 6.3.4 to 6.3.8. */
#define STM32F100_RCC_PERIPHERALS 30

#define STM32F100_BACKUP_DEVICES 2 /* BKP, RTC */
#define STM32F100_BREAK_TIMERS 4   /* TIM1, TIM15 to TIM17 */

/* Oscillators and the PLL: each has an ON bit and, some time later, RDY. */
typedef enum Stm32f100Oscillator {
    STM32F100_LSI,
    STM32F100_LSE,
    STM32F100_HSI,
    STM32F100_HSE,
    STM32F100_PLL,
    STM32F100_OSCILLATORS,
} Stm32f100Oscillator;

/* Causes of a reset other than power-on: flags of RCC_CSR (RM0041 6.3.10). */
typedef enum Stm32f100ResetCause {
    STM32F100_RESET_PIN = 0,
    STM32F100_RESET_SOFTWARE = 1 << 28,
    STM32F100_RESET_IWDG = 1 << 29,
    STM32F100_RESET_WWDG = 1 << 30,
    STM32F100_RESET_LOW_POWER = (int)(1u << 31),
} Stm32f100ResetCause;

typedef struct Stm32f100RccOscillator {
    struct Stm32f100RccState *rcc;
    QEMUTimer *timer; /* runs from ON to RDY */
    bool on;
    bool ready;
} Stm32f100RccOscillator;

struct Stm32f100RccState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    qemu_irq nmi;
    qemu_irq clock_failure[STM32F100_BREAK_TIMERS];
    qemu_irq backup_reset[STM32F100_BACKUP_DEVICES];
    qemu_irq power_on_reset;
    uint32_t hse_hz; /* property: the crystal, 0: none */
    uint32_t hse_start_us; /* property: of the crystal, from ON to RDY */
    uint32_t pll_max_hz; /* property: up to which the PLL locks */
    uint32_t lse_hz; /* property: 32768, or 0: no crystal */
    bool hse_fails;  /* property: the crystal of HSE does not swing */

    CPUState *core; /* whose instructions take HCLK */
    Clock *hclk;
    Clock *systick;
    Clock *exti;
    Clock *pclk1;
    Clock *pclk2;
    Clock *rtcclk;
    Clock *peripheral_clock[STM32F100_RCC_PERIPHERALS];
    DeviceState *peripheral[STM32F100_RCC_PERIPHERALS];

    Stm32f100RccOscillator oscillator[STM32F100_OSCILLATORS];
    uint32_t cr;   /* without ON and RDY bits */
    uint32_t cfgr; /* without SWS */
    uint32_t sws;
    uint32_t cir;
    uint32_t rstr[2]; /* APB1, APB2 */
    uint32_t enr[3];  /* APB1, APB2, AHB */
    uint32_t bdcr;    /* without LSEON and LSERDY */
    uint32_t csr;     /* reset flags */
    uint32_t cfgr2;
    uint32_t pending_cause; /* of the reset that has been asked for */
    bool powered;           /* false until the power-on reset */
    bool off;               /* no supply */
    bool power_reset;       /* the reset under way is a power-on reset */
    bool backup_lost;       /* the backup domain has been without supply */
    bool entering_standby;  /* by the reset that is under way */
    bool standby;
    bool stopped;           /* Stop mode: only LSI and LSE run */
    bool backup_writable;   /* input "dbp": PWR_CR.DBP */
    bool lsi_forced;        /* the IWDG runs */
};

/*
 * Instructions of @core take their time at HCLK: the rate of -icount is that of
 * 24 MHz.  After @core is realized.
 */
void stm32f100_rcc_set_core(Stm32f100RccState *rcc, CPUState *core);

/*
 * @dev is the peripheral @name: connect its clock input "clk", and reset it
 * when software asks for this in APBxRSTR.  Before @dev is realized.
 */
void stm32f100_rcc_add(Stm32f100RccState *rcc, const char *name,
                       DeviceState *dev);

/* Reset the whole part; RCC_CSR will show @cause (RM0041 6.1.1). */
void stm32f100_rcc_reset_system(Stm32f100RccState *rcc,
                                Stm32f100ResetCause cause);

/*
 * Stop mode begins, in which HSI, HSE and PLL are off, or ends, on HSI (4.3.4).
 * @keep_clocks: a debugger wants HSI to go on (25.16.1).
 */
void stm32f100_rcc_stop(Stm32f100RccState *rcc, bool stop, bool keep_clocks);

/* Reset everything but the backup domain and IWDG, until the next reset. */
void stm32f100_rcc_enter_standby(Stm32f100RccState *rcc);

/* Whether the reset under way is that of stm32f100_rcc_enter_standby(). */
bool stm32f100_rcc_entering_standby(const Stm32f100RccState *rcc);

/* Whether the part has its supply. */
bool stm32f100_rcc_has_power(const Stm32f100RccState *rcc);

/* VDD is gone, and the backup domain with it unless @vbat; it is back. */
void stm32f100_rcc_power_down(Stm32f100RccState *rcc, bool vbat);
void stm32f100_rcc_power_up(Stm32f100RccState *rcc);

/* The IWDG has been started: LSI runs until reset (RM0041 6.2.9). */
void stm32f100_rcc_force_lsi(Stm32f100RccState *rcc);

#endif
