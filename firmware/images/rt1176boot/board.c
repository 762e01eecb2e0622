/*
 * Start-up of the RT1176 as boot loaders of that class do it (IMXRT1170RM, chapters "Clock
 * Controller Module", "PLL", "DCDC Converter", "PMU", "IOMUXC GPR", "LPUART"; ARMv7-M ARM B3.5,
 * Arm Cortex-M7 TRM, caches).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/rt1176boot/board.h"

#include "seam.h"

enum registers {
    GPR16 = 0x400e4040,
    GPR17 = 0x400e4044,
    GPR18 = 0x400e4048,
    FLEXRAM_BANK_CFG_SEL = 1 << 2,

    DCDC_REG0 = 0x40ca8008,
    OSC_24M_CTRL = 0x40c84020,
    OSC_24M_STABLE = 1 << 30,
    ARM_PLL_CTRL = 0x40c84200,
    PLL_STABLE = 1 << 29,
    PLL_GATE = 1 << 30,
    PLL_POWERUP = 1 << 13,
    PLL_ENABLE_CLK = 1 << 14,
    PLL_DIV_166 = 166, /* 24 MHz * 166 / (2 * 2) = 996 MHz */
    PMU_BIAS_CTRL2 = 0x40c84560,
    WB_EN = 1 << 24,
    WB_OK = 1 << 26,

    CCM_ROOT = 0x40cc0000,
    CCM_ROOT_STEP = 0x80,
    ROOT_M7 = 0,
    ROOT_LPUART1 = 25,
    MUX_OSC_24M = 1 << 8,
    MUX_ARM_PLL = 4 << 8,
    CCM_LPCG_LPUART1 = 0x40cc6000 + 0x20 * 86,

    PAD_GPIO_AD_24 = 0x400e816c,
    PAD_GPIO_AD_25 = 0x400e8170,
    LPUART1 = 0x4007c000,
    LPUART_BAUD = LPUART1 + 0x10,
    LPUART_STAT = LPUART1 + 0x14,
    LPUART_CTRL = LPUART1 + 0x18,
    LPUART_DATA = LPUART1 + 0x1c,
    BAUD_115200 = 15 << 24 | 13,
    STAT_TC = 1 << 22,
    STAT_TDRE = 1 << 23,
    CTRL_TE = 1 << 19,
};

enum system_registers {
    SYST_CSR = 0xe000e010,
    SYST_RVR = 0xe000e014,
    SYST_CVR = 0xe000e018,
    SCB_AIRCR = 0xe000ed0c,
    SCB_CCR = 0xe000ed14,
    MPU_CTRL = 0xe000ed94,
    MPU_RBAR = 0xe000ed9c,
    MPU_RASR = 0xe000eda0,
    ICIALLU = 0xe000ef50,
};

#define CYCLES_PER_MS    996000u
#define AIRCR_RESET      0x05fa0004u
#define CCR_CACHES       (3u << 16)
#define RBAR_VALID       (1u << 4)
#define RASR_FLASH_16M   (23u << 1 | 6u << 24 | 2u << 16 | 1u) /* read-only, write-through */
#define MPU_CTRL_DEFAULT 5u                                    /* on, privileged default map */

static volatile uint32_t milliseconds;

void tick_entry(void);

void tick_entry(void)
{
    milliseconds = milliseconds + 1u;
}

static void wait_for(uint32_t address, uint32_t bit)
{
    while ((mmio_read32(address) & bit) == 0) {
    }
}

static void set_root(uint32_t root, uint32_t control)
{
    mmio_write32(CCM_ROOT + CCM_ROOT_STEP * root, control);
}

void board_clocks(void)
{
    wait_for(OSC_24M_CTRL, OSC_24M_STABLE);
    set_root(ROOT_M7, MUX_OSC_24M);
    wait_for(DCDC_REG0, 1u << 31); /* voltage has settled */
    mmio_write32(PMU_BIAS_CTRL2, WB_EN);
    wait_for(PMU_BIAS_CTRL2, WB_OK);
    mmio_write32(ARM_PLL_CTRL, PLL_GATE | PLL_DIV_166);
    mmio_write32(ARM_PLL_CTRL, PLL_GATE | PLL_POWERUP | PLL_DIV_166);
    wait_for(ARM_PLL_CTRL, PLL_STABLE);
    mmio_write32(ARM_PLL_CTRL, PLL_POWERUP | PLL_ENABLE_CLK | PLL_DIV_166);
    set_root(ROOT_M7, MUX_ARM_PLL);
}

void board_console(void)
{
    set_root(ROOT_LPUART1, MUX_OSC_24M);
    mmio_write32(CCM_LPCG_LPUART1, 1);
    mmio_write32(PAD_GPIO_AD_24, 0);
    mmio_write32(PAD_GPIO_AD_25, 0);
    mmio_write32(LPUART_CTRL, 0);
    mmio_write32(LPUART_BAUD, BAUD_115200);
    mmio_write32(LPUART_CTRL, CTRL_TE);
}

void board_ticks(void)
{
    milliseconds = 0;
    mmio_write32(SYST_RVR, CYCLES_PER_MS - 1u);
    mmio_write32(SYST_CVR, 0);
    mmio_write32(SYST_CSR, 7);
}

void board_flexram(void)
{
    mmio_write32(GPR17, 0xffff);
    mmio_write32(GPR18, 0x5555);
    mmio_write32(GPR16, mmio_read32(GPR16) | FLEXRAM_BANK_CFG_SEL);
}

void board_memory(void)
{
    mmio_write32(MPU_RBAR, BOOT_FLASH | RBAR_VALID);
    mmio_write32(MPU_RASR, RASR_FLASH_16M);
    mmio_write32(MPU_CTRL, MPU_CTRL_DEFAULT);
    mmio_write32(ICIALLU, 0);
    mmio_write32(SCB_CCR, mmio_read32(SCB_CCR) | CCR_CACHES);
    __asm__ volatile("dsb\n\tisb");
}

uint32_t board_milliseconds(void)
{
    return milliseconds;
}

void board_reset(void)
{
    wait_for(LPUART_STAT, STAT_TC);
    mmio_write32(SCB_AIRCR, AIRCR_RESET);
    for (;;) {
    }
}

void board_say(const char *text)
{
    while (*text) {
        wait_for(LPUART_STAT, STAT_TDRE);
        mmio_write32(LPUART_DATA, (uint8_t)*text++);
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
