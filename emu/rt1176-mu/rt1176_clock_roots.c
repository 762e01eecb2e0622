/*
 * The sources of every clock root of the i.MX RT1176 (IMXRT1170RM, chapter
 * "Clock Controller Module", table of clock roots).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "rt1176_clocks.h"

#define S(name) RT1176_##name
/* The first four sources are the same for every clock root. */
#define MUX(s4, s5, s6, s7) \
    { S(OSC_RC_48M_DIV2), S(OSC_24M), S(OSC_RC_400M), S(OSC_RC_16M), \
      S(s4), S(s5), S(s6), S(s7) }
/* Peripherals, and those of the low-power domain (LPSR). */
#define MUX_MAIN MUX(SYS_PLL3_DIV2, SYS_PLL1_DIV5, SYS_PLL2, SYS_PLL2_PFD3)
#define MUX_LPSR MUX(SYS_PLL3_PFD3, SYS_PLL3, SYS_PLL2_PFD3, SYS_PLL1_DIV5)
#define MUX_CORE_LPSR MUX(SYS_PLL3_PFD3, SYS_PLL3, SYS_PLL2, SYS_PLL1_DIV5)
#define MUX_GPT MUX(SYS_PLL3_DIV2, SYS_PLL1_DIV5, SYS_PLL3_PFD2, SYS_PLL3_PFD3)
#define MUX_AUDIO_LPSR MUX(SYS_PLL3_PFD3, SYS_PLL3, AUDIO_PLL, SYS_PLL1_DIV5)

static const uint8_t source[RT1176_CLOCK_ROOTS][RT1176_CLOCK_ROOT_SOURCES] = {
    [0] = MUX(ARM_PLL, SYS_PLL1, SYS_PLL3, VIDEO_PLL), /* M7 */
    [1] = MUX_CORE_LPSR, /* M4 */
    [2] = MUX(SYS_PLL3, SYS_PLL1_DIV5, SYS_PLL2, SYS_PLL2_PFD3), /* BUS */
    [3] = MUX_CORE_LPSR, /* BUS_LPSR */
    [4] = MUX(SYS_PLL1_DIV5, SYS_PLL2, SYS_PLL2_PFD1, SYS_PLL3_PFD0), /* SEMC */
    [5] = MUX_MAIN, /* CSSYS */
    /* CSTRACE */
    [6] = MUX(SYS_PLL3_DIV2, SYS_PLL1_DIV5, SYS_PLL2_PFD1, SYS_PLL2),
    /* M4_SYSTICK, M7_SYSTICK */
    [7] = MUX(SYS_PLL3_PFD3, SYS_PLL3, SYS_PLL2_PFD0, SYS_PLL1_DIV5),
    [8] = MUX(SYS_PLL2, SYS_PLL3_DIV2, SYS_PLL1_DIV5, SYS_PLL2_PFD0),
    [9 ... 10] = MUX_MAIN, /* ADC1, ADC2 */
    [11] = MUX(SYS_PLL3, SYS_PLL1_DIV5, AUDIO_PLL, SYS_PLL2_PFD3), /* ACMP */
    [12 ... 13] = MUX_MAIN, /* FLEXIO1, FLEXIO2 */
    [14] = MUX_GPT, /* GPT1; GPT2, GPT3; GPT4 to GPT6 */
    [15 ... 16] = MUX(SYS_PLL3_DIV2, SYS_PLL1_DIV5, AUDIO_PLL, VIDEO_PLL),
    [17 ... 19] = MUX_GPT,
    /* FLEXSPI1, FLEXSPI2 */
    [20 ... 21] = MUX(SYS_PLL3_PFD0, SYS_PLL2, SYS_PLL2_PFD2, SYS_PLL3),
    [22 ... 23] = MUX_MAIN, /* CAN1, CAN2 */
    [24] = MUX_LPSR, /* CAN3 */
    [25 ... 34] = MUX_MAIN, /* LPUART1 to LPUART10 */
    [35 ... 36] = MUX_LPSR, /* LPUART11, LPUART12 */
    [37 ... 40] = MUX_MAIN, /* LPI2C1 to LPI2C4 */
    [41 ... 42] = MUX_LPSR, /* LPI2C5, LPI2C6 */
    /* LPSPI1 to LPSPI4; LPSPI5, LPSPI6 */
    [43 ... 46] = MUX(SYS_PLL3_PFD2, SYS_PLL1_DIV5, SYS_PLL2, SYS_PLL2_PFD3),
    [47 ... 48] = MUX(SYS_PLL3_PFD3, SYS_PLL3, SYS_PLL3_PFD2, SYS_PLL1_DIV5),
    [49 ... 50] = MUX_MAIN, /* EMV1, EMV2 */
    /* ENET1, ENET2, ENET_QOS, ENET_25M, ENET_TIMER1 to ENET_TIMER3 */
    [51 ... 57] = MUX(SYS_PLL1_DIV2, AUDIO_PLL, SYS_PLL1_DIV5, SYS_PLL2_PFD1),
    /* USDHC1, USDHC2 */
    [58 ... 59] = MUX(SYS_PLL2_PFD2, SYS_PLL2_PFD0, SYS_PLL1_DIV5, ARM_PLL),
    /* ASRC, MQS */
    [60 ... 61] = MUX(SYS_PLL1_DIV5, SYS_PLL3_DIV2, AUDIO_PLL, SYS_PLL2_PFD3),
    [62] = MUX_AUDIO_LPSR, /* MIC */
    [63] = MUX(AUDIO_PLL, SYS_PLL3, SYS_PLL3_PFD2, SYS_PLL2_PFD3), /* SPDIF */
    /* SAI1 to SAI3 */
    [64 ... 66] = MUX(AUDIO_PLL, SYS_PLL3_PFD2, SYS_PLL1_DIV5, SYS_PLL2_PFD3),
    [67] = MUX_AUDIO_LPSR, /* SAI4 */
    [68] = MUX(SYS_PLL2, SYS_PLL2_PFD1, SYS_PLL3, VIDEO_PLL), /* GC355 */
    /* LCDIF, LCDIFV2 */
    [69 ... 70] = MUX(SYS_PLL2, SYS_PLL2_PFD2, SYS_PLL3_PFD0, VIDEO_PLL),
    /* MIPI_REF, MIPI_ESC */
    [71 ... 72] = MUX(SYS_PLL2, SYS_PLL2_PFD0, SYS_PLL3_PFD0, VIDEO_PLL),
    /* CSI2, CSI2_ESC, CSI2_UI */
    [73 ... 75] = MUX(SYS_PLL2_PFD2, SYS_PLL3, SYS_PLL2_PFD0, VIDEO_PLL),
    [76] = MUX(SYS_PLL2_PFD2, SYS_PLL3, SYS_PLL3_PFD1, VIDEO_PLL), /* CSI */
    /* CKO1, CKO2 */
    [77] = MUX(SYS_PLL2_PFD2, SYS_PLL2, SYS_PLL3_PFD1, SYS_PLL1_DIV5),
    [78] = MUX(SYS_PLL2_PFD3, OSC_RC_48M, SYS_PLL3_PFD1, AUDIO_PLL),
};

Rt1176ClockSource rt1176_clock_root_source(unsigned root, unsigned mux)
{
    assert(root < RT1176_CLOCK_ROOTS && mux < RT1176_CLOCK_ROOT_SOURCES);
    return source[root][mux];
}
