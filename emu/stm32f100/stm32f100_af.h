/*
 * Alternate functions of the STM32F100's pins (RM0041 7.3 AFIO, 7.1.9).
 *
 * A peripheral does not know its pin: it drives a signal, and the router,
 * which knows GPIO modes and AFIO remapping, puts it on the pin that is
 * configured for it, or on none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_AF_H
#define HW_MEWS_STM32F100_AF_H

#include "hw/qdev-core.h"

typedef enum Stm32AfSignal {
    STM32_AF_USART1_TX,
    STM32_AF_USART2_TX,
    STM32_AF_USART3_TX,
    STM32_AF_USART1_RX,
    STM32_AF_USART2_RX,
    STM32_AF_USART3_RX,
    STM32_AF_USART1_CTS,
    STM32_AF_USART2_CTS,
    STM32_AF_USART3_CTS,
    STM32_AF_USART1_RTS,
    STM32_AF_USART2_RTS,
    STM32_AF_USART3_RTS,
    STM32_AF_USART1_CK,
    STM32_AF_USART2_CK,
    STM32_AF_USART3_CK,
    STM32_AF_TIM1_CH1,
    STM32_AF_TIM1_CH2,
    STM32_AF_TIM1_CH3,
    STM32_AF_TIM1_CH4,
    STM32_AF_TIM2_CH1,
    STM32_AF_TIM2_CH2,
    STM32_AF_TIM2_CH3,
    STM32_AF_TIM2_CH4,
    STM32_AF_TIM3_CH1,
    STM32_AF_TIM3_CH2,
    STM32_AF_TIM3_CH3,
    STM32_AF_TIM3_CH4,
    STM32_AF_TIM4_CH1,
    STM32_AF_TIM4_CH2,
    STM32_AF_TIM4_CH3,
    STM32_AF_TIM4_CH4,
    STM32_AF_TIM1_CH1N,
    STM32_AF_TIM1_CH2N,
    STM32_AF_TIM1_CH3N,
    STM32_AF_TIM15_CH1,
    STM32_AF_TIM15_CH2,
    STM32_AF_TIM15_CH1N,
    STM32_AF_TIM16_CH1,
    STM32_AF_TIM16_CH1N,
    STM32_AF_TIM17_CH1,
    STM32_AF_TIM17_CH1N,
    STM32_AF_TIM1_ETR,
    STM32_AF_TIM2_ETR,
    STM32_AF_TIM3_ETR,
    STM32_AF_TIM4_ETR,
    STM32_AF_TIM1_BKIN,
    STM32_AF_TIM15_BKIN,
    STM32_AF_TIM16_BKIN,
    STM32_AF_TIM17_BKIN,
    STM32_AF_SPI1_NSS,
    STM32_AF_SPI1_SCK,
    STM32_AF_SPI1_MISO,
    STM32_AF_SPI1_MOSI,
    STM32_AF_SPI2_NSS,
    STM32_AF_SPI2_SCK,
    STM32_AF_SPI2_MISO,
    STM32_AF_SPI2_MOSI,
    STM32_AF_I2C1_SCL,
    STM32_AF_I2C1_SDA,
    STM32_AF_I2C1_SMBA,
    STM32_AF_I2C2_SCL,
    STM32_AF_I2C2_SDA,
    STM32_AF_I2C2_SMBA,
    STM32_AF_SIGNALS,
} Stm32AfSignal;

/* The router: TYPE_STM32F100_AFIO, one per machine. */
typedef struct Stm32f100AfioState Stm32f100AfioState;

/*
 * @signal has had @level since @time_ns (not after now, in order of time per
 * signal).
 */
void stm32_af_set(Stm32f100AfioState *afio, Stm32AfSignal signal,
                  int64_t time_ns, bool level);

/*
 * The peripheral has not driven @signal since @time_ns: the pin is left to
 * others.  So signals start.
 */
void stm32_af_release(Stm32f100AfioState *afio, Stm32AfSignal signal,
                      int64_t time_ns);

/*
 * Whether a pin carries @signal: one that the package has, configured as
 * alternate-function output, or as digital input if the part receives @signal,
 * or either of them if it goes both ways.
 */
bool stm32_af_routed(Stm32f100AfioState *afio, Stm32AfSignal signal);

/* Whether a pin that carries @signal is an alternate-function output. */
bool stm32_af_can_drive(Stm32f100AfioState *afio, Stm32AfSignal signal);

/*
 * @changed is called after @signal has been routed to a pin or away from it.
 * @sync, if not NULL, is called before any change of pins, so that a signal
 * whose edges are computed late can be brought up to date.
 */
void stm32_af_watch(Stm32f100AfioState *afio, Stm32AfSignal signal,
                    void (*sync)(void *opaque, int64_t now_ns),
                    void (*changed)(void *opaque, Stm32AfSignal signal),
                    void *opaque);

/* Level of the pin that the input @signal is routed to; low without one. */
bool stm32_af_level(Stm32f100AfioState *afio, Stm32AfSignal signal);

/*
 * @level is called, now, when stm32_af_level() of the input @signal changes.
 */
void stm32_af_listen(Stm32f100AfioState *afio, Stm32AfSignal signal,
                     void (*level)(void *opaque, Stm32AfSignal signal,
                                   bool level),
                     void *opaque);

#endif
