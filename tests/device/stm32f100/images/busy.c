/*
 * A part that is always in the middle of something: two UARTs that send by DMA
 * without a pause, one of which hears itself, pulses whose widths DMA changes,
 * conversions, moves from memory to memory, a watchdog, and a core that mixes
 * what it sees of all that into one number, which it tells at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image.h"

#define RCC_AHBENR  REG(0x40021014u)
#define RCC_APB2ENR REG(0x40021018u)
#define RCC_APB1ENR REG(0x4002101cu)
#define GPIOA_CRL   REG(0x40010800u)
#define GPIOB_CRL   REG(0x40010c00u)
#define GPIOB_CRH   REG(0x40010c04u)
#define IWDG_KR     REG(0x40003000u)
#define SYSTICK_CSR REG(0xe000e010u)
#define SYSTICK_RVR REG(0xe000e014u)
#define SYSTICK_CVR REG(0xe000e018u)

#define DMA_CCR(n)   REG(0x40020008u + 20u * ((n)-1u))
#define DMA_CNDTR(n) REG(0x4002000cu + 20u * ((n)-1u))
#define DMA_CPAR(n)  REG(0x40020010u + 20u * ((n)-1u))
#define DMA_CMAR(n)  REG(0x40020014u + 20u * ((n)-1u))
#define DMA_ISR      REG(0x40020000u)
#define DMA_IFCR     REG(0x40020004u)
enum {
    DMA_EN = 1,
    DMA_DIR = 1 << 4,
    DMA_CIRC = 1 << 5,
    DMA_PINC = 1 << 6,
    DMA_MINC = 1 << 7,
    DMA_16 = 1 << 8 | 1 << 10,
    DMA_MEM2MEM = 1 << 14
};

#define ADC_CR2   REG(0x40012408u)
#define ADC_SMPR1 REG(0x4001240cu)
#define ADC_SQR3  REG(0x40012434u)
#define ADC_DR    0x4001244cu
/* Continuous, by DMA, with the reference; written again it starts (RM0041 10.3.1). */
#define ADC_SETTINGS (1u << 23 | 1u << 8 | 1u << 1 | 1u)

enum {
    TIM_CR1 = 0x00,
    TIM_DIER = 0x0c,
    TIM_SR = 0x10,
    TIM_CCMR1 = 0x18,
    TIM_CCMR2 = 0x1c,
    TIM_CCER = 0x20,
    TIM_CNT = 0x24,
    TIM_PSC = 0x28,
    TIM_ARR = 0x2c,
    TIM_CCR1 = 0x34
};
enum { USART_SR = 0x00, USART_DR = 0x04, USART_BRR = 0x08, USART_CR1 = 0x0c, USART_CR3 = 0x14 };
#define TIM3   0x40000400u
#define TIM4   0x40000800u
#define USART2 0x40004400u
#define USART3 0x40004800u

#define ROUNDS 200u /* of TIM4, of 5 ms each */

static uint8_t text[251];
static uint8_t heard[61];
static uint16_t widths[7];
static uint16_t converted[5];
static uint32_t from[64], to[64];

static void move(unsigned channel, uint32_t peripheral, void *memory, uint32_t items,
                 uint32_t settings)
{
    DMA_CPAR(channel) = peripheral;
    DMA_CMAR(channel) = (uint32_t)memory;
    DMA_CNDTR(channel) = items;
    DMA_CCR(channel) = settings | DMA_MINC | DMA_EN;
}

static void start_uarts(void)
{
    GPIOA_CRL = 0xbb44fb44u; /* PA2 open drain, PA6 and PA7 outputs of TIM3 */
    GPIOB_CRH = 0x44444b44u; /* PB10 */
    REG(USART3 + USART_BRR) = 833;
    REG(USART3 + USART_CR3) = 1u << 7;
    REG(USART3 + USART_CR1) = 1u << 13 | 1u << 3;
    move(2, USART3 + USART_DR, text, sizeof(text), DMA_DIR | DMA_CIRC);
    REG(USART2 + USART_BRR) = 417;
    REG(USART2 + USART_CR3) = 1u << 3 | 3u << 6; /* HDSEL, both requests */
    REG(USART2 + USART_CR1) = 1u << 13 | 3u << 2;
    move(6, USART2 + USART_DR, heard, sizeof(heard), DMA_CIRC);
    move(7, USART2 + USART_DR, text, sizeof(text), DMA_DIR | DMA_CIRC);
}

static void start_timers(void)
{
    GPIOB_CRL = 0x4b4444bbu; /* PB0, PB1, PB6 */
    REG(TIM3 + TIM_PSC) = 7;
    REG(TIM3 + TIM_ARR) = 2499;
    REG(TIM3 + TIM_CCMR1) = 0x6868;
    REG(TIM3 + TIM_CCMR2) = 0x6868;
    REG(TIM3 + TIM_CCER) = 0x1111;
    for (unsigned n = 1; n < 4; n++) {
        REG(TIM3 + TIM_CCR1 + 4 * n) = 700 + 300 * n;
    }
    move(3, TIM3 + TIM_CCR1, widths, sizeof(widths) / sizeof(widths[0]),
         DMA_DIR | DMA_CIRC | DMA_16);
    REG(TIM3 + TIM_DIER) = 1u << 8;
    REG(TIM3 + TIM_CR1) = 1u << 7 | 1u;
    REG(TIM4 + TIM_PSC) = 39;
    REG(TIM4 + TIM_ARR) = 999;
    REG(TIM4 + TIM_CCMR1) = 0x0060;
    REG(TIM4 + TIM_CCER) = 1;
    REG(TIM4 + TIM_CCR1) = 333;
    REG(TIM4 + TIM_CR1) = 1;
}

static void start_conversions(void)
{
    ADC_SQR3 = 17;
    ADC_SMPR1 = 7u << 21;
    ADC_CR2 = ADC_SETTINGS;
    move(1, ADC_DR, converted, sizeof(converted) / sizeof(converted[0]), DMA_CIRC | DMA_16);
    SYSTICK_RVR = 12345;
    SYSTICK_CSR = 5;
    while (SYSTICK_CVR == 0 || SYSTICK_CVR > 12000) { /* until it is stable */
    }
    ADC_CR2 = ADC_SETTINGS;
}

static uint32_t mix(uint32_t sum, uint32_t value)
{
    return (sum ^ value) * 16777619u;
}

int main(void)
{
    uint32_t sum = 2166136261u;

    for (unsigned n = 0; n < sizeof(text); n++) {
        text[n] = (uint8_t)(n * 7);
    }
    for (unsigned n = 0; n < sizeof(widths) / sizeof(widths[0]); n++) {
        widths[n] = (uint16_t)(900 + 171 * n);
    }
    RCC_AHBENR |= 1u;
    RCC_APB2ENR |= 1u << 3 | 1u << 9;
    RCC_APB1ENR |= 3u << 17 | 3u << 1;
    start_uarts();
    start_timers();
    start_conversions();
    IWDG_KR = 0xccccu;
    for (unsigned rounds = 0; rounds < ROUNDS;) {
        move(5, (uint32_t)from, to, 64, DMA_MEM2MEM | DMA_PINC | 2u << 8 | 2u << 10);
        while (!(DMA_ISR & 1u << 17)) {
            sum = mix(sum, DMA_CNDTR(5) << 24 ^ DMA_CNDTR(6) << 16 ^ DMA_CNDTR(2));
        }
        DMA_IFCR = 1u << 16;
        DMA_CCR(5) = 0;
        sum = mix(sum, to[sum % 64]);
        sum = mix(sum, REG(TIM3 + TIM_CNT) << 16 ^ REG(TIM4 + TIM_CNT));
        sum = mix(sum, SYSTICK_CVR ^ heard[sum % sizeof(heard)] ^ converted[sum % 5] << 12);
        from[sum % 64] = sum;
        if (REG(TIM4 + TIM_SR) & 1u) {
            REG(TIM4 + TIM_SR) = 0;
            IWDG_KR = 0xaaaau;
            rounds++;
        }
    }
    console_value("sum", sum);
    return 0;
}
