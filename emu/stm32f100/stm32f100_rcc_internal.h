/*
 * What the files of the STM32F100's RCC share (RM0041 chapter 6): registers,
 * and what stm32f100_rcc_clocks.c does for stm32f100_rcc.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_RCC_INTERNAL_H
#define HW_MEWS_STM32F100_RCC_INTERNAL_H

#include "hw/registerfields.h"
#include "stm32f100_rcc.h"

REG32(CR, 0x00)
    FIELD(CR, HSION, 0, 1)
    FIELD(CR, HSIRDY, 1, 1)
    FIELD(CR, HSITRIM, 3, 5)
    FIELD(CR, HSICAL, 8, 8)
    FIELD(CR, HSEON, 16, 1)
    FIELD(CR, HSERDY, 17, 1)
    FIELD(CR, HSEBYP, 18, 1)
    FIELD(CR, CSSON, 19, 1)
    FIELD(CR, PLLON, 24, 1)
    FIELD(CR, PLLRDY, 25, 1)
REG32(CFGR, 0x04)
    FIELD(CFGR, SW, 0, 2)
    FIELD(CFGR, SWS, 2, 2)
    FIELD(CFGR, HPRE, 4, 4)
    FIELD(CFGR, PPRE1, 8, 3)
    FIELD(CFGR, PPRE2, 11, 3)
    FIELD(CFGR, ADCPRE, 14, 2)
    FIELD(CFGR, PLLSRC, 16, 1)
    FIELD(CFGR, PLLXTPRE, 17, 1)
    FIELD(CFGR, PLLMUL, 18, 4)
    FIELD(CFGR, MCO, 24, 3)
REG32(CIR, 0x08)
    FIELD(CIR, RDYF, 0, 5)
    FIELD(CIR, CSSF, 7, 1)
    FIELD(CIR, RDYIE, 8, 5)
    FIELD(CIR, RDYC, 16, 5)
    FIELD(CIR, CSSC, 23, 1)
REG32(APB2RSTR, 0x0c)
REG32(APB1RSTR, 0x10)
REG32(AHBENR, 0x14)
    FIELD(AHBENR, SRAMEN, 2, 1)
    FIELD(AHBENR, FLITFEN, 4, 1)
REG32(APB2ENR, 0x18)
REG32(APB1ENR, 0x1c)
REG32(BDCR, 0x20)
    FIELD(BDCR, LSEON, 0, 1)
    FIELD(BDCR, LSERDY, 1, 1)
    FIELD(BDCR, LSEBYP, 2, 1)
    FIELD(BDCR, RTCSEL, 8, 2)
    FIELD(BDCR, RTCEN, 15, 1)
    FIELD(BDCR, BDRST, 16, 1)
REG32(CSR, 0x24)
    FIELD(CSR, LSION, 0, 1)
    FIELD(CSR, LSIRDY, 1, 1)
    FIELD(CSR, RMVF, 24, 1)
    FIELD(CSR, PINRSTF, 26, 1)
    FIELD(CSR, PORRSTF, 27, 1)
    FIELD(CSR, FLAGS, 26, 6)
REG32(CFGR2, 0x2c)
    FIELD(CFGR2, PREDIV1, 0, 4)

/* Bits of AHBENR that clock the memories in Sleep mode. */
#define STM32F100_AHBENR_MEMORIES                                              \
    (R_AHBENR_SRAMEN_MASK | R_AHBENR_FLITFEN_MASK)

#define STM32F100_LSE_HZ 32768
#define STM32F100_HSE_MIN_HZ 4000000
#define STM32F100_SYSCLK_MAX_HZ 24000000
#define STM32F100_PLL_MAX_HZ 72000000 /* of the STM32F103, by pll-max-hz only */

typedef enum Stm32f100Bus {
    STM32F100_APB1,
    STM32F100_APB2,
    STM32F100_AHB,
    STM32F100_BUSES,
} Stm32f100Bus;

/* Peripheral number @n, in the order of the clock outputs. */
Stm32f100Bus stm32f100_rcc_bus(unsigned n);
uint32_t stm32f100_rcc_bit(unsigned n);

/* Bits of ENR and RSTR of @bus that this part has. */
uint32_t stm32f100_rcc_bus_mask(Stm32f100Bus bus);

/* Make and set the clock outputs; in instance_init. */
void stm32f100_rcc_clocks_init(Stm32f100RccState *s);

/* Something that clocks depend on has changed. */
void stm32f100_rcc_update_clocks(Stm32f100RccState *s);
/* The same, and SYSCLK may have a new source. */
void stm32f100_rcc_update_sysclk(Stm32f100RccState *s);
/* The interrupt, and NMI (CSSF). */
void stm32f100_rcc_update_irq(Stm32f100RccState *s);

void stm32f100_rcc_oscillator_set(Stm32f100RccState *s, Stm32f100Oscillator id,
                                  bool on);
/* As above, by software: what SYSCLK runs on stays on. */
void stm32f100_rcc_oscillator_write(Stm32f100RccState *s,
                                    Stm32f100Oscillator id, const char *name,
                                    bool on);
/* What MCO would put on its pin; 0: nothing. */
uint32_t stm32f100_rcc_mco_hz(const Stm32f100RccState *s);
/* The crystal of HSE stops, or starts again. */
void stm32f100_rcc_set_hse_fails(Stm32f100RccState *s, bool fails);
/* HSI, ready, is SYSCLK; HSE and PLL are off. */
void stm32f100_rcc_back_to_hsi(Stm32f100RccState *s);

#endif
