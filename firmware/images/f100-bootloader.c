/*
 * f100-bootloader: a boot loader in the first 4 KiB of flash.  It starts the application at
 * 0x08001000 if that has the beginning of a vector table, a stack pointer in SRAM and a reset
 * vector in its own flash, and else says so and stays (PM0056 4.4.4 VTOR; RM0041 6.3 resets).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>

#include "drivers/stm32f1_regs.h"
#include "images/say.h"
#include "nodes/cortexm.h"
#include "nodes/io/board.h"
#include "seam.h"

#define APPLICATION 0x08001000u
#define FLASH_END   0x08010000u
#define SRAM        0x20000000u
#define SRAM_END    0x20002000u

#define NVIC_ICER_WORDS 2u
#define USART_SR_TC     (1u << 6)

enum { RCC_APB2RSTR = 0x4002100c, RCC_APB1RSTR = 0x40021010, SCB_VTOR = 0xe000ed08 };

static bool is_vector_table(uint32_t stack, uint32_t start)
{
    return stack % 8u == 0 && stack > SRAM && stack <= SRAM_END && start % 2u == 1u &&
           start > APPLICATION && start < FLASH_END;
}

/* As reset leaves it but for the clocks: no line is enabled, no peripheral is on. */
static void leave_nothing_behind(void)
{
    for (uint32_t n = 0; n < NVIC_ICER_WORDS; n++) {
        mmio_write32(NVIC_ICER + 4u * n, UINT32_MAX);
        mmio_write32(NVIC_ICPR + 4u * n, UINT32_MAX);
    }
    mmio_write32(SYST_CSR, 0);
    mmio_write32(RCC_APB2RSTR, UINT32_MAX);
    mmio_write32(RCC_APB2RSTR, 0);
    mmio_write32(RCC_APB1RSTR, UINT32_MAX);
    mmio_write32(RCC_APB1RSTR, 0);
}

__attribute__((naked, noreturn)) static void jump(uint32_t stack, uint32_t start)
{
    (void)stack;
    (void)start;
    __asm__ volatile("msr msp, r0\n\tbx r1");
}

int main(void)
{
    const uint32_t stack = mmio_read32(APPLICATION);
    const uint32_t start = mmio_read32(APPLICATION + 4u);

    say_start();
    if (!is_vector_table(stack, start)) {
        say_line("bootloader: no application");
        sleep_for_good();
    }
    say_line("bootloader: starts the application");
    while ((mmio_read32(BOARD_CONSOLE_USART + USART_SR) & USART_SR_TC) == 0) {
    }
    leave_nothing_behind();
    mmio_write32(SCB_VTOR, APPLICATION);
    jump(stack, start);
}
