/*
 * ANADIG: oscillators, PLLs and chip identification of the i.MX RT1176
 * (IMXRT1170RM, chapters "Crystal Oscillator", "PLL", "ANADIG_MISC").
 *
 * Outputs: one Clock per Rt1176ClockSource (rt1176_clock_source_name()).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_ANADIG_H
#define HW_MEWS_RT1176_ANADIG_H

#include "hw/sysbus.h"
#include "qom/object.h"
#include "rt1176_clocks.h"

#define TYPE_RT1176_ANADIG "rt1176-anadig"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176AnadigState, RT1176_ANADIG)

#define RT1176_ANADIG_SIZE 0x4000
#define RT1176_ANADIG_WORDS (0x1000 / 4)

/* The PLLs whose own registers lie behind the "analog interface" (AI). */
typedef enum Rt1176AiPort {
    RT1176_AI_SYS_PLL1,
    RT1176_AI_AUDIO_PLL,
    RT1176_AI_VIDEO_PLL,
    RT1176_AI_OSC_400M,
    RT1176_AI_PLL_LDO,
    RT1176_AI_PORTS
} Rt1176AiPort;

/* CTRL0..CTRL3 and, for the oscillator, STAT0..STAT2. */
#define RT1176_AI_WORDS 8

#define RT1176_PFDS 4 /* of a PLL */

/* What takes its time to be stable once it is on; the crystal is the first. */
typedef enum Rt1176Start {
    RT1176_START_OSC_24M,
    RT1176_START_ARM_PLL,
    RT1176_START_SYS_PLL1,
    RT1176_START_SYS_PLL2,
    RT1176_START_SYS_PLL3,
    RT1176_START_AUDIO_PLL,
    RT1176_START_VIDEO_PLL,
    RT1176_STARTS
} Rt1176Start;

struct Rt1176AnadigState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    uint32_t regs[RT1176_ANADIG_WORDS];
    uint32_t ai[RT1176_AI_PORTS * RT1176_AI_WORDS];
    uint8_t pfd_frac[2][RT1176_PFDS]; /* of SYS_PLL2 and SYS_PLL3, in use */
    uint32_t pfd_update[2];           /* UPDATE as the PFDs have seen it */
    uint32_t setting[RT1176_STARTS];  /* what it was started with; 0: off */
    int64_t stable_at_ns[RT1176_STARTS];
    QEMUTimer *stable_timer; /* the next of them is stable */
    Clock *source[RT1176_CLOCK_SOURCES];
};

/* Whoever has switched something on has waited for it: the boot ROM. */
void rt1176_anadig_settle(Rt1176AnadigState *s);

#endif
