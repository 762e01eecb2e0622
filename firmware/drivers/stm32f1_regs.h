/*
 * Register offsets and bits of the STM32F100 peripherals that the drivers and the shim use (RM0041:
 * 7 GPIO, 9 DMA, 10 ADC, 12 TIM1 and 13 general-purpose timers, 23 USART).  Base addresses are the
 * board's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_STM32F1_REGS_H
#define DRIVERS_STM32F1_REGS_H

enum stm32f1_usart {
    USART_SR = 0x00,
    USART_DR = 0x04,
    USART_BRR = 0x08,
    USART_CR1 = 0x0c,
    USART_CR3 = 0x14,
    USART_SR_FE = 1u << 1,
    USART_SR_NE = 1u << 2,
    USART_SR_ORE = 1u << 3,
    USART_SR_IDLE = 1u << 4,
    USART_SR_RXNE = 1u << 5,
    USART_SR_TXE = 1u << 7,
    USART_CR1_RE = 1u << 2,
    USART_CR1_TE = 1u << 3,
    USART_CR1_IDLEIE = 1u << 4,
    USART_CR1_TXEIE = 1u << 7,
    USART_CR1_UE = 1u << 13,
    USART_CR3_EIE = 1u << 0,
    USART_CR3_DMAR = 1u << 6,
    USART_CR3_DMAT = 1u << 7,
};

enum stm32f1_dma {
    DMA_ISR = 0x00,
    DMA_IFCR = 0x04,
    DMA_CHANNEL_1 = 0x08,
    DMA_CHANNEL_STEP = 0x14,
    DMA_CCR = 0x00,
    DMA_CNDTR = 0x04,
    DMA_CPAR = 0x08,
    DMA_CMAR = 0x0c,
    DMA_CCR_EN = 1u << 0,
    DMA_CCR_TCIE = 1u << 1,
    DMA_CCR_HTIE = 1u << 2,
    DMA_CCR_DIR_FROM_MEMORY = 1u << 4,
    DMA_CCR_CIRC = 1u << 5,
    DMA_CCR_MINC = 1u << 7,
    DMA_CCR_PRIORITY_HIGH = 2u << 12,
    /* of channel 1; four bits further for each next one */
    DMA_FLAGS = 0xfu,
    DMA_FLAG_STEP = 4,
};

enum stm32f1_adc {
    ADC_SR = 0x00,
    ADC_CR2 = 0x08,
    ADC_SMPR1 = 0x0c,
    ADC_SMPR2 = 0x10,
    ADC_SQR1 = 0x2c,
    ADC_SQR3 = 0x34,
    ADC_DR = 0x4c,
    ADC_SR_EOC = 1u << 1,
    ADC_CR2_ADON = 1u << 0,
    ADC_CR2_CAL = 1u << 2,
    ADC_CR2_RSTCAL = 1u << 3,
    /* 28.5 cycles of sampling for all channels, three bits each: 10 to 17, 0 to 9 */
    ADC_SMPR1_28_CYCLES = 033333333,
    ADC_SMPR2_28_CYCLES = 03333333333,
};

enum stm32f1_timer {
    TIM_CR1 = 0x00,
    TIM_DIER = 0x0c,
    TIM_SR = 0x10,
    TIM_EGR = 0x14,
    TIM_CCMR1 = 0x18,
    TIM_CCER = 0x20,
    TIM_CNT = 0x24,
    TIM_PSC = 0x28,
    TIM_ARR = 0x2c,
    TIM_CCR1 = 0x34,
    TIM_CR1_CEN = 1u << 0,
    TIM_CR1_URS = 1u << 2, /* UIF at overflow only */
    TIM_CR1_ARPE = 1u << 7,
    TIM_DIER_UIE = 1u << 0,
    TIM_DIER_CC1IE = 1u << 1,
    TIM_SR_UIF = 1u << 0,
    TIM_SR_CC1IF = 1u << 1,
    TIM_EGR_UG = 1u << 0,
    /* PWM mode 1 with preload, of the lower channel of a CCMR; eight bits further for the upper */
    TIM_CCMR_PWM1_PRELOADED = 6u << 4 | 1u << 3,
    TIM_CCER_CC1E = 1u << 0,
    TIM_CCER_STEP = 4,
};

enum stm32f1_gpio {
    GPIO_CRL = 0x00,
    GPIO_CRH = 0x04,
    GPIO_BSRR = 0x10,
    /* CNF and MODE of a pin (RM0041 7.1, table 16) */
    GPIO_INPUT_ANALOG = 0x0,
    GPIO_INPUT_PULLED = 0x8,     /* up or down as ODR says */
    GPIO_OUTPUT_2_MHZ = 0x2,     /* push-pull */
    GPIO_ALTERNATE_10_MHZ = 0x9, /* push-pull */
};

#endif
