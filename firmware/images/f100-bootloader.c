/*
 * f100-bootloader: a boot loader in the first 4 KiB of flash.  It starts the application at
 * 0x08001000 if that has the beginning of a vector table, a stack pointer in SRAM and a reset
 * vector in its own flash, and else says so and stays (PM0056 4.4.4 VTOR; RM0041 6.3 resets).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/stm32f1_regs.h"
#include "images/program.h"
#include "images/say.h"
#include "nodes/cortexm_regs.h"
#include "nodes/io/board.h"
#include "seam.h"

#define NVIC_ICER_WORDS 2u
#define USART_SR_TC     (1u << 6)

enum { RCC_APB2RSTR = 0x4002100c, RCC_APB1RSTR = 0x40021010 };

static const struct program application = {
    .vectors = 0x08001000u, .flash_end = 0x08010000u, .ram = 0x20000000u, .ram_end = 0x20002000u};

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

int main(void)
{
    say_start();
    if (!program_is_there(&application)) {
        say_line("bootloader: no application");
        sleep_for_good();
    }
    say_line("bootloader: starts the application");
    while ((mmio_read32(BOARD_CONSOLE_USART + USART_SR) & USART_SR_TC) == 0) {
    }
    leave_nothing_behind();
    program_start(&application);
}
