/*
 * Start-up of the RT1176 as boot loaders of that class do it (IMXRT1170RM, chapters "Clock
 * Controller Module", "PLL", "DCDC Converter", "PMU", "IOMUXC GPR", "LPUART"; ARMv7-M ARM B3.5,
 * Arm Cortex-M7 TRM, caches).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/rt1176boot/board.h"

#include "drivers/rt1176_regs.h"
#include "nodes/cortexm.h"
#include "nodes/cortexm_regs.h"
#include "nodes/fmu/rt1176_map.h"
#include "nodes/part.h"
#include "seam.h"

enum registers {
    GPR16 = 0x400e4040,
    GPR17 = 0x400e4044,
    GPR18 = 0x400e4048,
    FLEXRAM_BANK_CFG_SEL = 1 << 2,

    DCDC_REG0 = 0x40ca8008,
    ARM_PLL_CTRL = 0x40c84200,
    PLL_STABLE = 1 << 29,
    PLL_GATE = 1 << 30,
    PLL_POWERUP = 1 << 13,
    PLL_ENABLE_CLK = 1 << 14,
    PLL_DIV_166 = 166, /* 24 MHz * 166 / (2 * 2) = 996 MHz */
    PMU_BIAS_CTRL2 = 0x40c84560,
    WB_EN = 1 << 24,
    WB_OK = 1 << 26,
};

#define CYCLES_PER_MS  996000u
#define BAUD_115200    (15u << LPUART_BAUD_OSR_SHIFT | 13u)
#define RASR_FLASH_16M (MPU_AP(6) | 2u << 16 | MPU_SIZE(24) | MPU_RASR_ENABLE) /* write-through */

static volatile uint32_t milliseconds;

void systick_entry(void)
{
    milliseconds = milliseconds + 1u;
}

/* The images take the steps below themselves, one after the other. */
void part_start(void) {}

static void wait_for(uint32_t address, uint32_t bit)
{
    while ((mmio_read32(address) & bit) == 0) {
    }
}

void board_clocks(void)
{
    wait_for(OSC_24M_CTRL, OSC_24M_STABLE);
    mmio_write32(CCM_CLOCK_ROOT(ROOT_M7), ROOT_MUX_OSC_24M);
    wait_for(DCDC_REG0, 1u << 31); /* voltage has settled */
    mmio_write32(PMU_BIAS_CTRL2, WB_EN);
    wait_for(PMU_BIAS_CTRL2, WB_OK);
    mmio_write32(ARM_PLL_CTRL, PLL_GATE | PLL_DIV_166);
    mmio_write32(ARM_PLL_CTRL, PLL_GATE | PLL_POWERUP | PLL_DIV_166);
    wait_for(ARM_PLL_CTRL, PLL_STABLE);
    mmio_write32(ARM_PLL_CTRL, PLL_POWERUP | PLL_ENABLE_CLK | PLL_DIV_166);
    mmio_write32(CCM_CLOCK_ROOT(ROOT_M7), ROOT_MUX_ARM_PLL);
}

void board_console(void)
{
    mmio_write32(CCM_CLOCK_ROOT(ROOT_LPUART1), ROOT_MUX_OSC_24M);
    mmio_write32(CCM_LPCG(LPCG_LPUART1), LPCG_ON);
    mmio_write32(PAD_GPIO_AD_24, MUX_ALT0);
    mmio_write32(PAD_GPIO_AD_25, MUX_ALT0);
    mmio_write32(LPUART1 + LPUART_CTRL, 0);
    mmio_write32(LPUART1 + LPUART_BAUD, BAUD_115200);
    mmio_write32(LPUART1 + LPUART_CTRL, LPUART_CTRL_TE);
}

void board_ticks(void)
{
    milliseconds = 0;
    mmio_write32(SYST_RVR, CYCLES_PER_MS - 1u);
    mmio_write32(SYST_CVR, 0);
    mmio_write32(SYST_CSR, SYST_CSR_ENABLE | SYST_CSR_TICKINT | SYST_CSR_CLKSOURCE);
}

void board_flexram(void)
{
    mmio_write32(GPR17, 0xffff);
    mmio_write32(GPR18, 0x5555);
    mmio_write32(GPR16, mmio_read32(GPR16) | FLEXRAM_BANK_CFG_SEL);
}

void board_memory(void)
{
    mmio_write32(MPU_RBAR, BOOT_FLASH | MPU_RBAR_VALID);
    mmio_write32(MPU_RASR, RASR_FLASH_16M);
    mmio_write32(MPU_CTRL, MPU_CTRL_ENABLE | MPU_CTRL_PRIVDEFENA);
    mmio_write32(ICIALLU, 0);
    mmio_write32(SCB_CCR, mmio_read32(SCB_CCR) | SCB_CCR_DC | SCB_CCR_IC);
    __asm__ volatile("dsb\n\tisb");
}

uint32_t board_milliseconds(void)
{
    return milliseconds;
}

void board_reset(void)
{
    wait_for(LPUART1 + LPUART_STAT, LPUART_STAT_TC);
    mmio_write32(SCB_AIRCR, SCB_AIRCR_SYSRESETREQ);
    for (;;) {
    }
}

void board_say(const char *text)
{
    while (*text) {
        wait_for(LPUART1 + LPUART_STAT, LPUART_STAT_TDRE);
        mmio_write32(LPUART1 + LPUART_DATA, (uint8_t)*text++);
    }
}

void board_say_hex(uint32_t value)
{
    char text[] = "0x00000000";

    for (uint32_t n = 0; n < 8; n++) {
        text[9 - n] = "0123456789abcdef"[value >> 4 * n & 0xfu];
    }
    board_say(text);
}

void fault_hook(const struct fault *fault)
{
    (void)fault;
    board_say("unexpected exception\n");
}
