/*
 * Reset and clock control of the STM32F100 (RM0041 chapter 6).
 *
 * Clock outputs: one per peripheral, named in small letters as the manual
 * names it ("usart1", "gpioa", "dma1"), whose period is 0 while the peripheral
 * is not clocked or held in reset; "hclk" for the core, "systick" (HCLK/8) and
 * "pclk2", the ADC's clock before its prescaler.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_RCC_H
#define HW_MEWS_STM32F100_RCC_H

#include "hw/clock.h"
#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_STM32F100_RCC "stm32f100-rcc"
OBJECT_DECLARE_SIMPLE_TYPE(Stm32f100RccState, STM32F100_RCC)

/* Peripherals with a clock enable or a reset bit: RM0041 6.3.4 to 6.3.8. */
#define STM32F100_RCC_PERIPHERALS 30

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
    uint32_t hse_hz; /* property: the crystal, 0: none */

    Clock *hclk;
    Clock *systick;
    Clock *pclk2;
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
    bool backup_writable;   /* input "dbp": PWR_CR.DBP */
    bool lsi_forced;        /* the IWDG runs */
};

/*
 * @dev is the peripheral @name: connect its clock input "clk", and reset it
 * when software asks for this in APBxRSTR.  Before @dev is realized.
 */
void stm32f100_rcc_add(Stm32f100RccState *rcc, const char *name,
                       DeviceState *dev);

/* Reset the whole part; RCC_CSR will show @cause (RM0041 6.1.1). */
void stm32f100_rcc_reset_system(Stm32f100RccState *rcc,
                                Stm32f100ResetCause cause);

/* The IWDG has been started: LSI runs until reset (RM0041 6.2.9). */
void stm32f100_rcc_force_lsi(Stm32f100RccState *rcc);

#endif
