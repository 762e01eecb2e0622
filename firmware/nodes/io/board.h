/*
 * Board of the IO node: a px4io-class STM32F100 with a 24 MHz crystal.  Base addresses and
 * interrupt numbers (RM0041 2.3, 8.1.2), pins (docs/firmware.md), and what the node is by default.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NODES_IO_BOARD_H
#define NODES_IO_BOARD_H

#include "apps/failsafe.h"
#include "drivers/stm32f1_link.h"
#include "drivers/stm32f1_pwm.h"
#include "nodes/link_keys.h"
#include "relay/endpoint.h"

#define BOARD_CLOCK_HZ 24000000u

#define BOARD_TIM2   0x40000000u
#define BOARD_TIM3   0x40000400u
#define BOARD_TIM4   0x40000800u
#define BOARD_USART2 0x40004400u
#define BOARD_GPIOA  0x40010800u
#define BOARD_GPIOB  0x40010c00u
#define BOARD_ADC1   0x40012400u
#define BOARD_USART1 0x40013800u
#define BOARD_DMA1   0x40020000u

#define BOARD_IRQ_DMA1_CHANNEL6 16u
#define BOARD_IRQ_USART1        37u
#define BOARD_IRQ_USART2        38u

/* Console: USART1, PA9 and PA10, 115200 (208.33 rounded: 115385, 0.2 % fast). */
#define BOARD_CONSOLE_USART BOARD_USART1
#define BOARD_CONSOLE_IRQ   BOARD_IRQ_USART1
#define BOARD_CONSOLE_BRR   208u

/* Link to the FMU: USART2, PA2 and PA3, 1.5 Mbaud exactly. */
#ifndef BOARD_LINK_BRR
#define BOARD_LINK_BRR 16u
#endif
#define BOARD_LINK                                                                                 \
    {                                                                                              \
        .usart_base = BOARD_USART2, .dma_base = BOARD_DMA1, .rx_dma_channel = 6,                   \
        .tx_dma_channel = 7, .usart_irq = BOARD_IRQ_USART2, .rx_dma_irq = BOARD_IRQ_DMA1_CHANNEL6, \
        .brr = BOARD_LINK_BRR                                                                      \
    }

/* Servo 1-8: PA0 PA1, PB8 PB9, PA6 PA7, PB0 PB1. */
#define BOARD_SERVOS                                                                         \
    {                                                                                        \
        {BOARD_TIM2, 1}, {BOARD_TIM2, 2}, {BOARD_TIM4, 3}, {BOARD_TIM4, 4}, {BOARD_TIM3, 1}, \
            {BOARD_TIM3, 2}, {BOARD_TIM3, 3}, {BOARD_TIM3, 4},                               \
    }
/* The timers in the order of IoConfig.rate_hz: servos 1-2, 3-4, 5-8. */
#define BOARD_SERVO_TIMERS                 \
    {                                      \
        BOARD_TIM2, BOARD_TIM4, BOARD_TIM3 \
    }
#define BOARD_SERVO_RATE_HZ 400u

/* Servo rail on PA4 through a divider of 3, the receiver's RSSI on PA5; VDDA is the reference. */
#define BOARD_ADC            BOARD_ADC1
#define BOARD_VSERVO_CHANNEL 4u
#define BOARD_VSERVO_DIVIDER 3u
#define BOARD_RSSI_CHANNEL   5u
#define BOARD_VDDA_MV        3300u

/* What the outputs do until an IoConfig says otherwise. */
#define BOARD_FAILSAFE                                                                \
    {                                                                                 \
        .failsafe_us = {1000, 1000, 1000, 1000, 1500, 1500, 1500, 1500},              \
        .disarmed_us = {900, 900, 900, 900, 900, 900, 900, 900}, .timeout_us = 500000 \
    }

/* Keys and SPI of the link. */
#define BOARD_LINK_CHANNEL LINK_CHANNEL
#define BOARD_FROM_FMU     LINK_FMU_TO_IO
#define BOARD_TO_FMU       LINK_IO_TO_FMU

/* Pins of console, link, servos and voltages to their peripherals. */
void board_pins_start(void);

#endif
