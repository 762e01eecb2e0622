/*
 * What a program sees of flash that is busy: nothing if it runs from flash, BSY
 * if it runs from SRAM (PM0063 2.1, 2.3).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image.h"

#define RCC_APB1ENR REG(0x4002101cu)
#define FLASH_KEYR  REG(0x40022004u)
#define FLASH_SR    REG(0x4002200cu)
#define FLASH_CR    REG(0x40022010u)
#define FLASH_AR    REG(0x40022014u)
#define TIM2_CR1    REG(0x40000000u)
#define TIM2_EGR    REG(0x40000014u)
#define TIM2_CNT    REG(0x40000024u)
#define TIM2_PSC    REG(0x40000028u)
#define PAGE        0x08010000u
#define PER_STRT    (1u << 1 | 1u << 6)

/* Microseconds, and BSY in bit 16, behind the write that starts it. */
#define MEASURE(start)                 \
    do {                               \
        uint32_t us_ = TIM2_CNT, sr_;  \
        start;                         \
        sr_ = FLASH_SR;                \
        us_ = TIM2_CNT - us_;          \
        result = us_ << 1 | (sr_ & 1); \
    } while (0)

static uint32_t program_from_flash(void)
{
    uint32_t result;

    FLASH_CR = 1;
    MEASURE(REG16(PAGE) = 0x1234);
    return result;
}

static uint32_t erase_from_flash(void)
{
    uint32_t result;

    FLASH_CR = 1u << 1;
    FLASH_AR = PAGE;
    MEASURE(FLASH_CR = PER_STRT);
    return result;
}

__attribute__((section(".data.run,\"awx\",%progbits@"), noinline)) static uint32_t
erase_from_sram(void)
{
    uint32_t result;

    FLASH_CR = 1u << 1;
    FLASH_AR = PAGE;
    MEASURE(FLASH_CR = PER_STRT);
    while (FLASH_SR & 1) {
    }
    return result;
}

int main(void)
{
    uint32_t (*volatile from_sram)(void) = erase_from_sram;

    RCC_APB1ENR |= 1u;
    TIM2_PSC = 7;
    TIM2_EGR = 1;
    TIM2_CR1 = 1;
    FLASH_KEYR = 0x45670123u;
    FLASH_KEYR = 0xcdef89abu;
    console_value("program from flash", program_from_flash());
    console_value("erase from flash", erase_from_flash());
    console_value("erase from sram", from_sram());
    return 0;
}
