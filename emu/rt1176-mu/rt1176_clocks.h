/*
 * Clock sources of the i.MX RT1176: the outputs of the oscillators and PLLs
 * (ANADIG) among which every clock root of the CCM chooses
 * (IMXRT1170RM, chapters "Clock Controller Module" and "Clock and Power
 * Management": clock tree).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_CLOCKS_H
#define HW_MEWS_RT1176_CLOCKS_H

typedef enum Rt1176ClockSource {
    RT1176_OSC_RC_16M,
    RT1176_OSC_RC_48M,
    RT1176_OSC_RC_48M_DIV2,
    RT1176_OSC_RC_400M,
    RT1176_OSC_24M,
    RT1176_ARM_PLL,
    RT1176_SYS_PLL1,
    RT1176_SYS_PLL1_DIV2,
    RT1176_SYS_PLL1_DIV5,
    RT1176_SYS_PLL2,
    RT1176_SYS_PLL2_PFD0,
    RT1176_SYS_PLL2_PFD1,
    RT1176_SYS_PLL2_PFD2,
    RT1176_SYS_PLL2_PFD3,
    RT1176_SYS_PLL3,
    RT1176_SYS_PLL3_DIV2,
    RT1176_SYS_PLL3_PFD0,
    RT1176_SYS_PLL3_PFD1,
    RT1176_SYS_PLL3_PFD2,
    RT1176_SYS_PLL3_PFD3,
    RT1176_AUDIO_PLL,
    RT1176_VIDEO_PLL,
    RT1176_CLOCK_SOURCES
} Rt1176ClockSource;

#define RT1176_CLOCK_ROOTS 79
#define RT1176_CLOCK_ROOT_SOURCES 8

/* Name of the Clock that carries @source, an output of ANADIG, a CCM input. */
const char *rt1176_clock_source_name(Rt1176ClockSource source);

/* What clock root @root takes when its MUX is @mux. */
Rt1176ClockSource rt1176_clock_root_source(unsigned root, unsigned mux);

#endif
