/*
 * Sleep, Stop and Standby by WFI and WFE, ended by the RTC's alarm (RM0041 4.3,
 * 17.3; PM0056 2.5).  RTC on LSI, one count a millisecond.  With PRIMASK set a
 * pending interrupt ends WFI, and no handler runs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image.h"

#define RCC_CFGR     REG(0x40021004u)
#define RCC_CR       REG(0x40021000u)
#define RCC_APB1ENR  REG(0x4002101cu)
#define RCC_BDCR     REG(0x40021020u)
#define RCC_CSR      REG(0x40021024u)
#define PWR_CR       REG(0x40007000u)
#define PWR_CSR      REG(0x40007004u)
#define BKP_DR1      REG(0x40006c04u)
#define RTC_CRL      REG(0x40002804u)
#define RTC_PRLH     REG(0x40002808u)
#define RTC_PRLL     REG(0x4000280cu)
#define RTC_CNTL     REG(0x4000281cu)
#define RTC_ALRH     REG(0x40002820u)
#define RTC_ALRL     REG(0x40002824u)
#define EXTI_IMR     REG(0x40010400u)
#define EXTI_EMR     REG(0x40010404u)
#define EXTI_RTSR    REG(0x40010408u)
#define EXTI_PR      REG(0x40010414u)
#define TIM2_CR1     REG(0x40000000u)
#define TIM2_EGR     REG(0x40000014u)
#define TIM2_CNT     REG(0x40000024u)
#define TIM2_PSC     REG(0x40000028u)
#define USART1_SR    REG(0x40013800u)
#define NVIC_ISER1   REG(0xe000e104u)
#define NVIC_ICPR1   REG(0xe000e284u)
#define SCB_SCR      REG(0xe000ed10u)
#define SRAM_TEST    REG(0x20001000u)
#define SLEEPDEEP    (1u << 2)
#define PDDS         (1u << 1)
#define ALARM        (1u << 17)
#define ALARM_IRQ    (1u << 9)
#define STANDBY_DONE 0x5b5bu

static void rtc_ready(void)
{
    while (!(RTC_CRL & 1u << 5)) {
    }
}

static void set_alarm_in(uint32_t ms)
{
    uint32_t before, at;

    while (!(USART1_SR & 1u << 6)) { /* no character is on its way */
    }
    before = RTC_CNTL;
    while (RTC_CNTL == before) { /* what follows is within one count */
    }
    at = before + ms; /* the flag comes at the end of this count */
    rtc_ready();
    RTC_CRL = 1u << 4;
    RTC_ALRH = 0;
    RTC_ALRL = at;
    RTC_CRL = 0;
    rtc_ready();
    EXTI_PR = ALARM;
    NVIC_ICPR1 = ALARM_IRQ;
}

static void rtc_start(void)
{
    RCC_APB1ENR |= 3u << 27 | 1u;
    PWR_CR |= 1u << 8;
    RCC_CSR |= 1u;
    while (!(RCC_CSR & 2u)) {
    }
    RCC_BDCR = 1u << 15 | 2u << 8;
    RTC_CRL = 0;
    while (!(RTC_CRL & 1u << 3)) {
    }
    rtc_ready();
    RTC_CRL = 1u << 4;
    RTC_PRLH = 0;
    RTC_PRLL = 39;
    RTC_CRL = 0;
    rtc_ready();
}

/* @name: what RTC and TIM2, both at 1 kHz, count meanwhile */
static void sleep(const char *name, int by_event, uint32_t deep)
{
    uint32_t rtc, tim;

    SCB_SCR = deep;
    EXTI_IMR = by_event ? 0 : ALARM;
    EXTI_EMR = by_event ? ALARM : 0;
    set_alarm_in(20);
    TIM2_EGR = 1;
    rtc = RTC_CNTL;
    tim = TIM2_CNT;
    if (by_event) {
        __asm__ volatile("sev\n wfe\n wfe");
    } else {
        __asm__ volatile("wfi");
    }
    tim = TIM2_CNT - tim;
    RTC_CRL &= ~(1u << 3);
    while (!(RTC_CRL & 1u << 3)) {
    }
    rtc = RTC_CNTL - rtc;
    console_text(name);
    console_value("", rtc << 16 | (tim & 0xffff));
}

static void after_standby(void)
{
    RCC_APB1ENR |= 3u << 27;
    console_value("pwr_csr", PWR_CSR);
    console_value("rcc_csr", RCC_CSR & 0xff000000u);
    console_value("sram", SRAM_TEST);
}

int main(void)
{
    RCC_APB1ENR |= 3u << 27;
    if (BKP_DR1 == STANDBY_DONE) {
        after_standby();
        return 0;
    }
    rtc_start();
    __asm__ volatile("cpsid i");
    TIM2_PSC = 7999;
    TIM2_CR1 = 1;
    EXTI_RTSR = ALARM;
    NVIC_ISER1 = ALARM_IRQ;
    sleep("sleep by wfi", 0, 0);
    sleep("sleep by wfe", 1, 0);
    RCC_CR |= 1u << 16;
    while (!(RCC_CR & 1u << 17)) {
    }
    sleep("stop by wfi", 0, SLEEPDEEP);
    console_value("rcc_cr", RCC_CR);
    sleep("stop by wfe", 1, SLEEPDEEP);
    SRAM_TEST = 1;
    BKP_DR1 = STANDBY_DONE;
    set_alarm_in(20);
    EXTI_IMR = 0;
    PWR_CR |= PDDS | 1u << 2;
    SCB_SCR = SLEEPDEEP;
    for (;;) {
        __asm__ volatile("wfi");
    }
}
