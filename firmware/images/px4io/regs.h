/*
 * Registers of the STM32F100 as the px4io-like image uses them: every block as a structure at its
 * address (RM0041 2.3; 6 RCC, 7 GPIO, 9 DMA, 10 ADC, 12 TIM1, 13 TIM2 to TIM4, 18 IWDG, 23 USART).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_PX4IO_REGS_H
#define IMAGES_PX4IO_REGS_H

#include <stdint.h>

struct rcc {
    volatile uint32_t CR, CFGR, CIR, APB2RSTR, APB1RSTR, AHBENR, APB2ENR, APB1ENR, BDCR, CSR, CFGR2;
};

struct gpio {
    volatile uint32_t CRL, CRH, IDR, ODR, BSRR, BRR, LCKR;
};

struct dma_channel {
    volatile uint32_t CCR, CNDTR, CPAR, CMAR, reserved;
};

struct dma {
    volatile uint32_t ISR, IFCR;
    struct dma_channel channel[7]; /* [0] is channel 1 */
};

struct usart {
    volatile uint32_t SR, DR, BRR, CR1, CR2, CR3, GTPR;
};

struct tim {
    volatile uint32_t CR1, CR2, SMCR, DIER, SR, EGR, CCMR[2], CCER, CNT, PSC, ARR, RCR, CCR[4];
};

struct adc {
    volatile uint32_t SR, CR1, CR2, SMPR1, SMPR2, JOFR[4], HTR, LTR, SQR1, SQR2, SQR3, JSQR, JDR[4],
        DR;
};

struct afio {
    volatile uint32_t EVCR, MAPR, EXTICR[4], reserved, MAPR2;
};

struct iwdg {
    volatile uint32_t KR, PR, RLR, SR;
};

#define TIM2   ((struct tim *)0x40000000u)
#define TIM3   ((struct tim *)0x40000400u)
#define TIM4   ((struct tim *)0x40000800u)
#define IWDG   ((struct iwdg *)0x40003000u)
#define USART2 ((struct usart *)0x40004400u)
#define USART3 ((struct usart *)0x40004800u)
#define AFIO   ((struct afio *)0x40010000u)
#define GPIOA  ((struct gpio *)0x40010800u)
#define GPIOB  ((struct gpio *)0x40010c00u)
#define GPIOC  ((struct gpio *)0x40011000u)
#define ADC1   ((struct adc *)0x40012400u)
#define TIM1   ((struct tim *)0x40012c00u)
#define USART1 ((struct usart *)0x40013800u)
#define DMA1   ((struct dma *)0x40020000u)
#define RCC    ((struct rcc *)0x40021000u)

#define RCC_CR_HSEON       (1u << 16)
#define RCC_CR_HSERDY      (1u << 17)
#define RCC_CFGR_SW_HSE    (1u << 0)
#define RCC_CFGR_SWS       (3u << 2)
#define RCC_CFGR_SWS_HSE   (1u << 2)
#define RCC_AHBENR_DMA1    (1u << 0)
#define RCC_AHBENR_SRAM    (1u << 2)
#define RCC_AHBENR_FLITF   (1u << 4)
#define RCC_APB2ENR_AFIO   (1u << 0)
#define RCC_APB2ENR_IOPA   (1u << 2)
#define RCC_APB2ENR_IOPB   (1u << 3)
#define RCC_APB2ENR_IOPC   (1u << 4)
#define RCC_APB2ENR_ADC1   (1u << 9)
#define RCC_APB2ENR_TIM1   (1u << 11)
#define RCC_APB2ENR_USART1 (1u << 14)
#define RCC_APB1ENR_TIM2   (1u << 0)
#define RCC_APB1ENR_TIM3   (1u << 1)
#define RCC_APB1ENR_TIM4   (1u << 2)
#define RCC_APB1ENR_USART2 (1u << 17)
#define RCC_APB1ENR_USART3 (1u << 18)

#define AFIO_MAPR_SWJ_SW (2u << 24) /* no JTAG: PB4 is a pin (7.4.2) */

/* CNF and MODE of a pin (7.1, table 16). */
#define GPIO_INPUT_ANALOG   0x0u
#define GPIO_INPUT_FLOATING 0x4u
#define GPIO_INPUT_PULLED   0x8u
#define GPIO_OUTPUT         0x2u /* push-pull, 2 MHz */
#define GPIO_ALTERNATE      0xbu /* push-pull, 50 MHz */

#define DMA_CCR_EN           (1u << 0)
#define DMA_CCR_FROM_MEMORY  (1u << 4)
#define DMA_CCR_CIRC         (1u << 5)
#define DMA_CCR_MINC         (1u << 7)
#define DMA_CCR_VERY_HIGH    (3u << 12)
#define DMA_CHANNEL_FLAGS(n) (0xfu << 4u * (n)) /* n of channel[n] */
#define DMA_USART3_TX        1u
#define DMA_USART3_RX        2u
#define DMA_USART1_RX        4u
#define DMA_USART2_RX        5u
#define DMA_USART2_TX        6u

#define USART_SR_FE      (1u << 1)
#define USART_SR_NE      (1u << 2)
#define USART_SR_ORE     (1u << 3)
#define USART_SR_IDLE    (1u << 4)
#define USART_CR1_SBK    (1u << 0)
#define USART_CR1_RE     (1u << 2)
#define USART_CR1_TE     (1u << 3)
#define USART_CR1_IDLEIE (1u << 4)
#define USART_CR1_PCE    (1u << 10)
#define USART_CR1_M      (1u << 12)
#define USART_CR1_UE     (1u << 13)
#define USART_CR2_STOP_2 (2u << 12)
#define USART_CR3_EIE    (1u << 0)
#define USART_CR3_DMAR   (1u << 6)
#define USART_CR3_DMAT   (1u << 7)

#define TIM_CR1_CEN             (1u << 0)
#define TIM_CR1_ARPE            (1u << 7)
#define TIM_DIER_CC1IE          (1u << 1)
#define TIM_DIER_CC2IE          (1u << 2)
#define TIM_SR_CC1IF            (1u << 1)
#define TIM_SR_CC2IF            (1u << 2)
#define TIM_SR_CC1OF            (1u << 9)
#define TIM_EGR_UG              (1u << 0)
#define TIM_CCMR_INPUT_TI1      (1u << 0)
#define TIM_CCMR_PWM1_PRELOADED 0x68u /* of the lower channel of a CCMR */
#define TIM_CCER_CC1E           (1u << 0)
#define TIM_CCER_BITS           4u /* of one channel */

#define ADC_SR_EOC      (1u << 1)
#define ADC_CR2_ADON    (1u << 0)
#define ADC_CR2_CAL     (1u << 2)
#define ADC_CR2_RSTCAL  (1u << 3)
#define ADC_CR2_TSVREFE (1u << 23)

#define IWDG_KR_FEED   0xaaaau
#define IWDG_KR_UNLOCK 0x5555u
#define IWDG_KR_START  0xccccu

/* Interrupts (8.1.2, table 52). */
enum { IRQ_TIM1_CC = 27, IRQ_USART2 = 38 };

#endif
