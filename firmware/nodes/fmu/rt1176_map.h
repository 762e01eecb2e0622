/*
 * Addresses of the i.MX RT1176 that the firmware uses: peripherals, clock roots and gates, pads,
 * and the registers of the blocks that there is one of, with their bits (IMXRT1170RM, chapters
 * "Memory Maps", "Interrupts", "Clock Controller Module", "IOMUXC", "System Reset Controller").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NODES_FMU_RT1176_MAP_H
#define NODES_FMU_RT1176_MAP_H

enum rt1176_base {
    LPUART1 = 0x4007c000,
    LPUART6 = 0x40090000,
    GPT1 = 0x400ec000,
    GPT2 = 0x400f0000,
    GPT3 = 0x400f4000,
    LPSPI1 = 0x40114000,
    GPIO3 = 0x40134000,
    GPIO5 = 0x4013c000,
    GPIO9 = 0x40c64000,
    MUA = 0x40c48000, /* the Cortex-M7's side */
    MUB = 0x40c4c000, /* the Cortex-M4's */
};

enum rt1176_irq {
    IRQ_LPUART1 = 20,
    IRQ_LPUART6 = 25,
    IRQ_GPIO9 = 99,
    IRQ_MU = 118,
    IRQ_GPT1 = 119,
    IRQ_GPT2 = 120,
};

/* Controls of clock roots and gates, and the numbers of those that are used. */
#define CCM_CLOCK_ROOT(root) (0x40cc0000u + 0x80u * (root))
#define CCM_LPCG(gate)       (0x40cc6000u + 0x20u * (gate))
enum rt1176_ccm {
    ROOT_M7 = 0,
    ROOT_GPT1 = 14,
    ROOT_GPT2 = 15,
    ROOT_GPT3 = 16,
    ROOT_LPUART1 = 25,
    ROOT_LPUART6 = 30,
    ROOT_LPSPI1 = 43,
    ROOT_MUX_OSC_24M = 1 << 8, /* divided by 1, as the others */
    ROOT_MUX_OSC_RC_400M = 2 << 8,
    ROOT_MUX_ARM_PLL = 4 << 8, /* of the M7's */
    ROOT_DIVIDE_BY_2 = 1,
    LPCG_M4 = 1,
    LPCG_GPT1 = 64,
    LPCG_GPT2 = 65,
    LPCG_GPT3 = 66,
    LPCG_LPUART1 = 86,
    LPCG_LPUART6 = 91,
    LPCG_ON = 1,
};

enum rt1176_anadig {
    OSC_24M_CTRL = 0x40c84020,
    OSC_24M_STABLE = 1 << 30,
};

/* Mux registers of pads (SW_MUX_CTL_PAD_...), and inputs that may come from several. */
enum rt1176_iomuxc {
    PAD_GPIO_EMC_B1_40 = 0x400e80b0, /* ALT3: LPUART6_TXD */
    PAD_GPIO_EMC_B1_41 = 0x400e80b4, /* ALT3: LPUART6_RXD */
    PAD_GPIO_AD_04 = 0x400e811c,
    PAD_GPIO_AD_24 = 0x400e816c, /* ALT0: LPUART1_TXD */
    PAD_GPIO_AD_25 = 0x400e8170, /* ALT0: LPUART1_RXD */
    PAD_GPIO_AD_27 = 0x400e8178, /* ALT10: GPIO9_IO26 */
    PAD_GPIO_AD_28 = 0x400e817c, /* ALT0: LPSPI1 SCK, PCS0, SOUT, SIN */
    PAD_GPIO_AD_31 = 0x400e8188,
    PAD_GPIO_DISP_B2_11 = 0x400e8240,
    MUX_ALT0 = 0,
    MUX_ALT3 = 3,
    MUX_GPIO = 5,
    MUX_ALT10 = 10,
    LPUART1_RXD_SELECT_INPUT = 0x400e861c,
    LPUART1_TXD_SELECT_INPUT = 0x400e8620,
};

/* Of the Cortex-M4: its slice of the SRC, and its vector table's address in two halves. */
enum rt1176_m4 {
    SRC_SCR = 0x40c04000,
    SRC_SCR_BT_RELEASE_M4 = 1 << 0,
    SRC_CTRL_M4CORE = 0x40c04284,
    SRC_CTRL_SW_RESET = 1 << 0,
    SRC_STAT_M4CORE = 0x40c04290,
    SRC_STAT_UNDER_RST = 1 << 0,
    LPSR_GPR0 = 0x40c0c000,
    LPSR_GPR0_LOW = 0xfff8,
    LPSR_GPR1 = 0x40c0c004,
};

#endif
