/*
 * Option bytes of the STM32F100 (PM0063 2.6): eight bytes, each with its
 * complement, that a reset loads into FLASH_OBR and FLASH_WRPR.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_FLASH_OPTIONS_H
#define HW_MEWS_STM32F100_FLASH_OPTIONS_H

#include "exec/memory.h"

#define STM32F100_OPTION_BYTES 16 /* complements included */

/* Bits of the byte USER, at 0 when they are active. */
typedef enum Stm32f100Option {
    STM32F100_OPTION_WDG_SW,     /* 0: the IWDG starts by itself */
    STM32F100_OPTION_NRST_STOP,  /* 0: entering Stop mode is a reset */
    STM32F100_OPTION_NRST_STDBY, /* 0: entering Standby is a reset */
} Stm32f100Option;

/* What the loader has made of them. */
typedef struct Stm32f100LoadedOptions {
    uint32_t obr;
    uint32_t wrpr;
} Stm32f100LoadedOptions;

/* The bytes of a part as it is delivered. */
void stm32f100_options_default(uint8_t *bytes);

/*
 * Whether programs and erasing can have left @bytes so: each byte has its
 * complement behind it, or both are erased.  @errp names the first that is
 * otherwise.
 */
bool stm32f100_options_check(const uint8_t *bytes, Error **errp);

/* What a reset loads (PM0063 2.6, 3.7, 3.8). */
Stm32f100LoadedOptions stm32f100_options_load(const uint8_t *bytes);

/* Whether @byte, at an even offset, may be programmed: the pair is erased. */
bool stm32f100_options_erased(const uint8_t *bytes, unsigned offset);

/* Program @value and its complement. */
void stm32f100_options_program(uint8_t *bytes, unsigned offset, uint8_t value);

/* Whether this is the write that lifts the read-out protection (2.4.1). */
bool stm32f100_options_unprotects(unsigned offset, uint8_t value);

/* RDPRT and the bits of USER. */
bool stm32f100_options_read_protected(Stm32f100LoadedOptions loaded);
bool stm32f100_options_user(Stm32f100LoadedOptions loaded,
                            Stm32f100Option option);

/* Whether @page of 1 KiB is write-protected (2.4.2). */
bool stm32f100_options_page_protected(Stm32f100LoadedOptions loaded,
                                      unsigned page);

#endif
