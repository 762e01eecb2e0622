/*
 * Register offsets and bits of the i.MX RT1176 peripherals that more than one file of the firmware
 * uses (IMXRT1170RM, chapters "LPUART", "General Purpose Timer", "GPIO", "Messaging Unit").
 * Addresses are in nodes/fmu/rt1176_map.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_RT1176_REGS_H
#define DRIVERS_RT1176_REGS_H

enum rt1176_lpuart {
    LPUART_BAUD = 0x10,
    LPUART_STAT = 0x14,
    LPUART_CTRL = 0x18,
    LPUART_DATA = 0x1c,
    LPUART_FIFO = 0x28,
    LPUART_WATER = 0x2c,
    LPUART_BAUD_BOTHEDGE = 1 << 17, /* required for an oversampling ratio of 4 to 7 */
    LPUART_BAUD_OSR_SHIFT = 24,
    LPUART_STAT_FE = 1 << 17,
    LPUART_STAT_NF = 1 << 18,
    LPUART_STAT_OR = 1 << 19,
    LPUART_STAT_IDLE = 1 << 20,
    LPUART_STAT_TC = 1 << 22,
    LPUART_STAT_TDRE = 1 << 23,
    LPUART_CTRL_ILT = 1 << 2, /* idle time counts from the stop bit */
    LPUART_CTRL_RE = 1 << 18,
    LPUART_CTRL_TE = 1 << 19,
    LPUART_CTRL_ILIE = 1 << 20,
    LPUART_CTRL_RIE = 1 << 21,
    LPUART_CTRL_TIE = 1 << 23,
    LPUART_CTRL_FEIE = 1 << 25,
    LPUART_CTRL_NEIE = 1 << 26,
    LPUART_CTRL_ORIE = 1 << 27,
    LPUART_DATA_CHARACTER = 0xff,
    LPUART_FIFO_RXFE = 1 << 3,
    LPUART_FIFO_TXFE = 1 << 7,
    LPUART_WATER_TXWATER_SHIFT = 0,
    LPUART_WATER_TXCOUNT_SHIFT = 8,
    LPUART_WATER_RXWATER_SHIFT = 16,
    LPUART_WATER_RXCOUNT_SHIFT = 24,
    LPUART_WATER_COUNT = 7,
};

enum rt1176_gpt {
    GPT_CR = 0x00,
    GPT_PR = 0x04,
    GPT_SR = 0x08,
    GPT_IR = 0x0c,
    GPT_OCR1 = 0x10,
    GPT_CNT = 0x24,
    GPT_CR_EN = 1 << 0,
    GPT_CR_ENMOD = 1 << 1,  /* count from 0 */
    GPT_CR_WAITEN = 1 << 3, /* run while the core waits */
    GPT_CR_CLKSRC_PERIPHERAL = 1 << 6,
    GPT_CR_FRR = 1 << 9, /* free-running */
    GPT_SR_OF1 = 1 << 0,
    GPT_IR_OF1IE = 1 << 0,
};

enum rt1176_gpio {
    GPIO_DR = 0x00,
    GPIO_GDIR = 0x04,
    GPIO_ICR2 = 0x10, /* of pins 16 to 31, two bits each */
    GPIO_IMR = 0x14,
    GPIO_ISR = 0x18,
    GPIO_DR_SET = 0x84,
    GPIO_DR_CLEAR = 0x88,
    GPIO_ICR_RISING = 2,
};

/* Number 0 of a channel or doorbell is the highest bit of its group of four. */
enum rt1176_mu {
    MU_TR = 0x00,
    MU_RR = 0x10,
    MU_SR = 0x20,
    MU_CR = 0x24,
    MU_SR_RS = 1 << 7,
    MU_SR_TE_SHIFT = 20,
    MU_SR_RF_SHIFT = 24,
    MU_SR_GIP_SHIFT = 28,
    MU_CR_GIR_SHIFT = 16,
    MU_CR_GIR = 0xf << MU_CR_GIR_SHIFT,
};

#endif
