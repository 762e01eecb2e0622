/*
 * ANADIG: oscillators, PLLs and chip identification of the i.MX RT1176
 * (IMXRT1170RM, chapters "Crystal Oscillator", "PLL", "ANADIG_MISC").  Start-up
 * code powers PLLs up, waits for their STABLE bits and opens their gates; the
 * resulting frequencies leave here as Clocks, so that a wrong PLL setting is a
 * wrong baud rate.  The crystal oscillator and the PLLs give a clock once they
 * have had the time to start or to lock.  See docs/devices/rt1176-clocks.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/qdev-clock.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "../wire/wire.h"
#include "rt1176_anadig.h"
#include "rt1176_anadig_map.h"
#include "rt1176_sct.h"

REG32(OSC_48M_CTRL, 0x010)
    FIELD(OSC_48M_CTRL, TEN, 1, 1)
    FIELD(OSC_48M_CTRL, RC_48M_DIV2_EN, 24, 1)
REG32(OSC_24M_CTRL, 0x020)
    FIELD(OSC_24M_CTRL, BYPASS_CLK, 0, 1)
    FIELD(OSC_24M_CTRL, BYPASS_EN, 1, 1)
    FIELD(OSC_24M_CTRL, LP_EN, 2, 1)
    FIELD(OSC_24M_CTRL, OSC_EN, 4, 1)
    FIELD(OSC_24M_CTRL, OSC_24M_GATE, 7, 1)
    FIELD(OSC_24M_CTRL, OSC_24M_STABLE, 30, 1)
REG32(OSC_400M_CTRL0, 0x040)
    FIELD(OSC_400M_CTRL0, AI_BUSY, 31, 1)
REG32(OSC_400M_CTRL1, 0x050)
    FIELD(OSC_400M_CTRL1, PWD, 0, 1)
REG32(OSC_400M_CTRL2, 0x060)
    FIELD(OSC_400M_CTRL2, ENABLE_CLK, 0, 1)
REG32(OSC_16M_CTRL, 0x0c0)
    FIELD(OSC_16M_CTRL, EN_IRC4M16M, 1, 1)
REG32(ARM_PLL_CTRL, 0x200)
    FIELD(ARM_PLL_CTRL, DIV_SELECT, 0, 8)
    FIELD(ARM_PLL_CTRL, HOLD_RING_OFF, 12, 1)
    FIELD(ARM_PLL_CTRL, POWERUP, 13, 1)
    FIELD(ARM_PLL_CTRL, ENABLE_CLK, 14, 1)
    FIELD(ARM_PLL_CTRL, POST_DIV_SEL, 15, 2)
    FIELD(ARM_PLL_CTRL, BYPASS, 17, 1)
REG32(SYS_PLL3_CTRL, 0x210)
    FIELD(SYS_PLL3_CTRL, SYS_PLL3_DIV2, 3, 1)
    FIELD(SYS_PLL3_CTRL, PLL_REG_EN, 4, 1)
    FIELD(SYS_PLL3_CTRL, POWERUP, 21, 1)
REG32(SYS_PLL3_UPDATE, 0x220)
REG32(SYS_PLL3_PFD, 0x230)
REG32(SYS_PLL2_CTRL, 0x240)
    FIELD(SYS_PLL2_CTRL, PLL_REG_EN, 3, 1)
    FIELD(SYS_PLL2_CTRL, POWERUP, 23, 1)
REG32(SYS_PLL2_UPDATE, 0x250)
REG32(SYS_PLL2_SS, 0x260)
REG32(SYS_PLL2_PFD, 0x270)
REG32(SYS_PLL2_MFD, 0x2a0)
REG32(SYS_PLL1_SS, 0x2b0)
REG32(SYS_PLL1_CTRL, 0x2c0)
    FIELD(SYS_PLL1_CTRL, DIV2, 25, 1)
    FIELD(SYS_PLL1_CTRL, DIV5, 26, 1)
REG32(SYS_PLL1_DENOMINATOR, 0x2d0)
REG32(SYS_PLL1_NUMERATOR, 0x2e0)
REG32(SYS_PLL1_DIV_SELECT, 0x2f0)
REG32(PLL_AUDIO_CTRL, 0x300)
REG32(PLL_VIDEO_CTRL, 0x350)
REG32(PLL_VIDEO_DIV_SELECT, 0x390)
REG32(TEMPSENSOR, 0x400)
REG32(PMU_LDO_PLL, 0x500)
    FIELD(PMU_LDO_PLL, AI_TOGGLE, 16, 1)
REG32(PMU_BIAS_CTRL2, 0x560)
    FIELD(PMU_BIAS_CTRL2, WB_EN, 24, 1)
    FIELD(PMU_BIAS_CTRL2, WB_OK, 26, 1)
REG32(VDDSOC_AI_CTRL, 0x820)

/* The bits that SYS_PLL2_CTRL and SYS_PLL3_CTRL have in common. */
FIELD(SYS_PLL_CTRL, HOLD_RING_OFF, 11, 1)
FIELD(SYS_PLL_CTRL, ENABLE_CLK, 13, 1)
FIELD(SYS_PLL_CTRL, BYPASS, 16, 1)
/* SYS_PLL1_CTRL, PLL_AUDIO_CTRL and PLL_VIDEO_CTRL. */
FIELD(AI_PLL_CTRL, ENABLE_CLK, 13, 1)
FIELD(AI_PLL_CTRL, GATE, 14, 1)
FIELD(AI_PLL_CTRL, AI_BUSY, 30, 1)
/* All of them but the AI PLLs' GATE. */
FIELD(PLL_CTRL, STABLE, 29, 1)
FIELD(PLL_CTRL, GATE, 30, 1)
/* One byte of SYS_PLLn_PFD, and of SYS_PLLn_UPDATE one bit, from bit 1 on. */
FIELD(PFD, FRAC, 0, 6)
FIELD(PFD, STABLE, 6, 1)
FIELD(PFD, DIV1_CLKGATE, 7, 1)
/* VDDSOC2PLL_AI_CTRL_x, VDDLPSR_AI400M_CTRL. */
FIELD(AI_CTRL, ADDR, 0, 8)
FIELD(AI_CTRL, TOGGLE, 8, 1)
FIELD(AI_CTRL, TOGGLE_DONE, 9, 1)
FIELD(AI_CTRL, RWB, 16, 1)
/* CTRL0 of a PLL behind the analog interface. */
FIELD(AI_PLL_CTRL0, DIV_SELECT, 0, 7)
FIELD(AI_PLL_CTRL0, HOLD_RING_OFF, 13, 1)
FIELD(AI_PLL_CTRL0, POWER_UP, 14, 1)
FIELD(AI_PLL_CTRL0, ENABLE, 15, 1)
FIELD(AI_PLL_CTRL0, BYPASS, 16, 1)
FIELD(AI_PLL_CTRL0, PLL_REG_EN, 22, 1)
FIELD(AI_PLL_CTRL0, POST_DIV, 25, 3)

#define XTAL_HZ 24000000ull
#define XTAL_CYCLES_NS(cycles) ((cycles) * 1000000000ull / XTAL_HZ)
#define NEVER INT64_MAX

/*
 * Data sheet, PLL electrical parameters: lock times, at most, in cycles of the
 * crystal; and the crystal's own start.
 */
static const int64_t start_ns[RT1176_STARTS] = {
    [RT1176_START_OSC_24M] = 1000000,
    [RT1176_START_ARM_PLL] = XTAL_CYCLES_NS(2250),
    [RT1176_START_SYS_PLL1] = XTAL_CYCLES_NS(11250),
    [RT1176_START_SYS_PLL2] = XTAL_CYCLES_NS(11250),
    [RT1176_START_SYS_PLL3] = XTAL_CYCLES_NS(383),
    [RT1176_START_AUDIO_PLL] = XTAL_CYCLES_NS(11250),
    [RT1176_START_VIDEO_PLL] = XTAL_CYCLES_NS(11250),
};

/*
 * What DIV_SELECT may be ("PLL", descriptions of the registers); that of
 * SYS_PLL1 has no effect here, the others have none.
 */
static const struct {
    const char *name;
    unsigned min, max;
} div_range[RT1176_STARTS] = {
    [RT1176_START_ARM_PLL] = { "ARM_PLL", 104, 208 },
    [RT1176_START_SYS_PLL1] = { "SYS_PLL1", 0, 127 },
    [RT1176_START_AUDIO_PLL] = { "PLL_AUDIO", 27, 54 },
    [RT1176_START_VIDEO_PLL] = { "PLL_VIDEO", 27, 54 },
};

#define POWERED 0x80000000u /* in a setting: it has power and a reference */

/* Where the control, write data and read data words of an AI port lie. */
static const struct {
    hwaddr ctrl;
    hwaddr wdata;
    hwaddr rdata;
} ai_port[RT1176_AI_PORTS] = {
    [RT1176_AI_SYS_PLL1] = { 0x850, 0x860, 0x870 },
    [RT1176_AI_AUDIO_PLL] = { 0x880, 0x890, 0x8a0 },
    [RT1176_AI_VIDEO_PLL] = { 0x8b0, 0x8c0, 0x8d0 },
    [RT1176_AI_OSC_400M] = { 0x920, 0x930, 0x940 },
    [RT1176_AI_PLL_LDO] = { 0x820, 0x830, 0x840 },
};

static const char *const source_name[RT1176_CLOCK_SOURCES] = {
    [RT1176_OSC_RC_16M] = "osc-rc-16m",
    [RT1176_OSC_RC_48M] = "osc-rc-48m",
    [RT1176_OSC_RC_48M_DIV2] = "osc-rc-48m-div2",
    [RT1176_OSC_RC_400M] = "osc-rc-400m",
    [RT1176_OSC_24M] = "osc-24m",
    [RT1176_ARM_PLL] = "arm-pll",
    [RT1176_SYS_PLL1] = "sys-pll1",
    [RT1176_SYS_PLL1_DIV2] = "sys-pll1-div2",
    [RT1176_SYS_PLL1_DIV5] = "sys-pll1-div5",
    [RT1176_SYS_PLL2] = "sys-pll2",
    [RT1176_SYS_PLL2_PFD0] = "sys-pll2-pfd0",
    [RT1176_SYS_PLL2_PFD1] = "sys-pll2-pfd1",
    [RT1176_SYS_PLL2_PFD2] = "sys-pll2-pfd2",
    [RT1176_SYS_PLL2_PFD3] = "sys-pll2-pfd3",
    [RT1176_SYS_PLL3] = "sys-pll3",
    [RT1176_SYS_PLL3_DIV2] = "sys-pll3-div2",
    [RT1176_SYS_PLL3_PFD0] = "sys-pll3-pfd0",
    [RT1176_SYS_PLL3_PFD1] = "sys-pll3-pfd1",
    [RT1176_SYS_PLL3_PFD2] = "sys-pll3-pfd2",
    [RT1176_SYS_PLL3_PFD3] = "sys-pll3-pfd3",
    [RT1176_AUDIO_PLL] = "audio-pll",
    [RT1176_VIDEO_PLL] = "video-pll",
};

const char *rt1176_clock_source_name(Rt1176ClockSource source)
{
    assert(source < RT1176_CLOCK_SOURCES);
    return source_name[source];
}

static uint32_t anadig_reg(Rt1176AnadigState *s, hwaddr addr)
{
    return s->regs[addr / 4];
}

static uint32_t anadig_ai(Rt1176AnadigState *s, Rt1176AiPort port,
                          unsigned ctrl)
{
    return s->ai[port * RT1176_AI_WORDS + ctrl];
}

static bool masks_are_set(uint32_t value, uint32_t masks)
{
    return (value & masks) == masks;
}

/* POWERED and what makes an AI PLL lock anew when it changes: its divider. */
static uint32_t ai_pll_setting(Rt1176AnadigState *s, Rt1176AiPort port)
{
    uint32_t ctrl0 = anadig_ai(s, port, 0);

    return masks_are_set(ctrl0, R_AI_PLL_CTRL0_POWER_UP_MASK |
                                    R_AI_PLL_CTRL0_PLL_REG_EN_MASK)
               ? POWERED | FIELD_EX32(ctrl0, AI_PLL_CTRL0, DIV_SELECT)
               : 0;
}

/* 0: it is off; else a change of it is a new start. */
static uint32_t anadig_setting(Rt1176AnadigState *s, Rt1176Start n)
{
    uint32_t osc_24m = anadig_reg(s, A_OSC_24M_CTRL);
    uint32_t ctrl;

    if (!FIELD_EX32(osc_24m, OSC_24M_CTRL, OSC_EN)) {
        return 0; /* the PLLs' reference */
    }
    switch (n) {
    case RT1176_START_OSC_24M:
        return POWERED;
    case RT1176_START_ARM_PLL:
        ctrl = anadig_reg(s, A_ARM_PLL_CTRL);
        return FIELD_EX32(ctrl, ARM_PLL_CTRL, POWERUP)
                   ? POWERED | FIELD_EX32(ctrl, ARM_PLL_CTRL, DIV_SELECT)
                   : 0;
    case RT1176_START_SYS_PLL1:
        return ai_pll_setting(s, RT1176_AI_SYS_PLL1);
    case RT1176_START_SYS_PLL2:
        return masks_are_set(anadig_reg(s, A_SYS_PLL2_CTRL),
                             R_SYS_PLL2_CTRL_POWERUP_MASK |
                                 R_SYS_PLL2_CTRL_PLL_REG_EN_MASK)
                   ? POWERED
                   : 0;
    case RT1176_START_SYS_PLL3:
        return masks_are_set(anadig_reg(s, A_SYS_PLL3_CTRL),
                             R_SYS_PLL3_CTRL_POWERUP_MASK |
                                 R_SYS_PLL3_CTRL_PLL_REG_EN_MASK)
                   ? POWERED
                   : 0;
    case RT1176_START_AUDIO_PLL:
        return ai_pll_setting(s, RT1176_AI_AUDIO_PLL);
    case RT1176_START_VIDEO_PLL:
        return ai_pll_setting(s, RT1176_AI_VIDEO_PLL);
    default:
        g_assert_not_reached();
    }
}

/* HOLD_RING_OFF keeps the oscillator of a PLL from swinging. */
static bool anadig_is_held(Rt1176AnadigState *s, Rt1176Start n)
{
    switch (n) {
    case RT1176_START_ARM_PLL:
        return FIELD_EX32(anadig_reg(s, A_ARM_PLL_CTRL), ARM_PLL_CTRL,
                          HOLD_RING_OFF);
    case RT1176_START_SYS_PLL1:
        return FIELD_EX32(anadig_ai(s, RT1176_AI_SYS_PLL1, 0), AI_PLL_CTRL0,
                          HOLD_RING_OFF);
    case RT1176_START_SYS_PLL2:
        return FIELD_EX32(anadig_reg(s, A_SYS_PLL2_CTRL), SYS_PLL_CTRL,
                          HOLD_RING_OFF);
    case RT1176_START_SYS_PLL3:
        return FIELD_EX32(anadig_reg(s, A_SYS_PLL3_CTRL), SYS_PLL_CTRL,
                          HOLD_RING_OFF);
    case RT1176_START_AUDIO_PLL:
        return FIELD_EX32(anadig_ai(s, RT1176_AI_AUDIO_PLL, 0), AI_PLL_CTRL0,
                          HOLD_RING_OFF);
    case RT1176_START_VIDEO_PLL:
        return FIELD_EX32(anadig_ai(s, RT1176_AI_VIDEO_PLL, 0), AI_PLL_CTRL0,
                          HOLD_RING_OFF);
    default:
        return false;
    }
}

static bool anadig_is_stable(Rt1176AnadigState *s, Rt1176Start n)
{
    return !anadig_is_held(s, n) &&
           qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) >= s->stable_at_ns[n];
}

/* @at_ns, but NEVER if it is off, or cannot do what DIV_SELECT asks for. */
static int64_t stable_if_possible(Rt1176AnadigState *s, Rt1176Start n,
                                  int64_t at_ns)
{
    uint32_t div_select = s->setting[n] & ~POWERED;

    if (!s->setting[n]) {
        return NEVER;
    }
    if (div_select < div_range[n].min || div_select > div_range[n].max) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-anadig: %s will not lock:"
                      " DIV_SELECT is %u, not %u to %u\n", div_range[n].name,
                      div_select, div_range[n].min, div_range[n].max);
        return NEVER;
    }
    return at_ns;
}

/* Note what has been switched on or off, or set anew; the crystal first. */
static void anadig_follow_settings(Rt1176AnadigState *s)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    for (unsigned n = 0; n < RT1176_STARTS; n++) {
        uint32_t setting = anadig_setting(s, n);
        int64_t from = now;

        if (setting == s->setting[n]) {
            continue;
        }
        s->setting[n] = setting;
        if (n != RT1176_START_OSC_24M) {
            from = MAX(now, s->stable_at_ns[RT1176_START_OSC_24M]);
        }
        s->stable_at_ns[n] = stable_if_possible(s, n, from + start_ns[n]);
    }
}

/* Clocks change when the next of them is stable; nothing happens before. */
static void anadig_await_next(Rt1176AnadigState *s)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    int64_t next = NEVER;

    for (unsigned n = 0; n < RT1176_STARTS; n++) {
        if (s->stable_at_ns[n] > now) {
            next = MIN(next, s->stable_at_ns[n]);
        }
    }
    if (next == NEVER) {
        timer_del(s->stable_timer);
    } else {
        timer_mod_ns(s->stable_timer, next);
    }
}

static uint64_t xtal_hz(Rt1176AnadigState *s)
{
    return anadig_is_stable(s, RT1176_START_OSC_24M) ? XTAL_HZ : 0;
}

static uint64_t arm_pll_hz(Rt1176AnadigState *s)
{
    static const unsigned post_div[] = { 2, 4, 8, 1 };
    uint32_t ctrl = anadig_reg(s, A_ARM_PLL_CTRL);

    if (!FIELD_EX32(ctrl, ARM_PLL_CTRL, ENABLE_CLK) ||
        FIELD_EX32(ctrl, PLL_CTRL, GATE)) {
        return 0;
    }
    if (FIELD_EX32(ctrl, ARM_PLL_CTRL, BYPASS)) {
        return xtal_hz(s);
    }
    return anadig_is_stable(s, RT1176_START_ARM_PLL)
               ? XTAL_HZ * FIELD_EX32(ctrl, ARM_PLL_CTRL, DIV_SELECT) /
                     (2 * post_div[FIELD_EX32(ctrl, ARM_PLL_CTRL,
                                              POST_DIV_SEL)])
               : 0;
}

static uint64_t sys_pll_hz(Rt1176AnadigState *s, Rt1176Start n, uint32_t ctrl,
                           uint64_t hz)
{
    if (!FIELD_EX32(ctrl, SYS_PLL_CTRL, ENABLE_CLK) ||
        FIELD_EX32(ctrl, PLL_CTRL, GATE)) {
        return 0;
    }
    if (FIELD_EX32(ctrl, SYS_PLL_CTRL, BYPASS)) {
        return xtal_hz(s);
    }
    return anadig_is_stable(s, n) ? hz : 0;
}

/* Phase fractional divider n of a PLL: PLL x 18 / FRAC. */
static uint64_t pfd_hz(uint32_t pfds, const uint8_t *latched, unsigned n,
                       uint64_t pll_hz)
{
    uint32_t frac = latched[n];

    if (FIELD_EX32(extract32(pfds, 8 * n, 8), PFD, DIV1_CLKGATE) ||
        frac == 0) {
        return 0;
    }
    return pll_hz * 18 / frac;
}

/* SYS_PLL1, audio and video PLL: @hz when locked, the crystal when bypassed. */
static uint64_t ai_pll_output_hz(Rt1176AnadigState *s, Rt1176Start n,
                                 Rt1176AiPort port, hwaddr ctrl_addr,
                                 uint64_t hz)
{
    uint32_t ctrl = anadig_reg(s, ctrl_addr);
    uint32_t ctrl0 = anadig_ai(s, port, 0);

    if (!FIELD_EX32(ctrl, AI_PLL_CTRL, ENABLE_CLK) ||
        FIELD_EX32(ctrl, AI_PLL_CTRL, GATE) ||
        !FIELD_EX32(ctrl0, AI_PLL_CTRL0, ENABLE)) {
        return 0;
    }
    if (FIELD_EX32(ctrl0, AI_PLL_CTRL0, BYPASS)) {
        return xtal_hz(s);
    }
    return anadig_is_stable(s, n) ? hz : 0;
}

/* Audio and video PLL: 24 MHz x (DIV_SELECT + NUM / DENOM) / 2^POST_DIV. */
static uint64_t ai_pll_set_hz(Rt1176AnadigState *s, Rt1176AiPort port)
{
    uint32_t ctrl0 = anadig_ai(s, port, 0);
    uint32_t num = anadig_ai(s, port, 2);
    uint32_t denom = anadig_ai(s, port, 3);
    uint64_t hz = XTAL_HZ * FIELD_EX32(ctrl0, AI_PLL_CTRL0, DIV_SELECT);

    hz += denom ? XTAL_HZ * num / denom : 0;
    return hz >> FIELD_EX32(ctrl0, AI_PLL_CTRL0, POST_DIV);
}

static void anadig_set_hz(Rt1176AnadigState *s, Rt1176ClockSource source,
                          uint64_t hz)
{
    clock_update(s->source[source], wire_clock_period(hz));
}

static void anadig_update_oscillators(Rt1176AnadigState *s)
{
    uint32_t osc_48m = anadig_reg(s, A_OSC_48M_CTRL);
    uint32_t osc_24m = anadig_reg(s, A_OSC_24M_CTRL);
    uint32_t ctrl1 = anadig_reg(s, A_OSC_400M_CTRL1);
    bool on_400m = !FIELD_EX32(ctrl1, OSC_400M_CTRL1, PWD) &&
                   FIELD_EX32(anadig_reg(s, A_OSC_400M_CTRL2), OSC_400M_CTRL2,
                              ENABLE_CLK);
    bool on_48m = FIELD_EX32(osc_48m, OSC_48M_CTRL, TEN);
    bool on_48m_div2 = on_48m &&
                       FIELD_EX32(osc_48m, OSC_48M_CTRL, RC_48M_DIV2_EN);
    bool gated_24m = FIELD_EX32(osc_24m, OSC_24M_CTRL, OSC_24M_GATE);
    bool on_16m = FIELD_EX32(anadig_reg(s, A_OSC_16M_CTRL), OSC_16M_CTRL,
                             EN_IRC4M16M);

    anadig_set_hz(s, RT1176_OSC_RC_16M, on_16m ? 16000000 : 0);
    anadig_set_hz(s, RT1176_OSC_RC_48M, on_48m ? 48000000 : 0);
    anadig_set_hz(s, RT1176_OSC_RC_48M_DIV2, on_48m_div2 ? 24000000 : 0);
    anadig_set_hz(s, RT1176_OSC_RC_400M, on_400m ? 400000000 : 0);
    anadig_set_hz(s, RT1176_OSC_24M, gated_24m ? 0 : xtal_hz(s));
}

static void anadig_update_sys_plls(Rt1176AnadigState *s)
{
    uint32_t pll1_ctrl = anadig_reg(s, A_SYS_PLL1_CTRL);
    uint32_t pll3_ctrl = anadig_reg(s, A_SYS_PLL3_CTRL);
    uint32_t pll2_pfd = anadig_reg(s, A_SYS_PLL2_PFD);
    uint32_t pll3_pfd = anadig_reg(s, A_SYS_PLL3_PFD);
    uint64_t pll1 = ai_pll_output_hz(s, RT1176_START_SYS_PLL1,
                                     RT1176_AI_SYS_PLL1, A_SYS_PLL1_CTRL,
                                     1000000000);
    uint64_t pll2 = sys_pll_hz(s, RT1176_START_SYS_PLL2,
                               anadig_reg(s, A_SYS_PLL2_CTRL), 528000000);
    uint64_t pll3 = sys_pll_hz(s, RT1176_START_SYS_PLL3, pll3_ctrl, 480000000);
    bool div2 = FIELD_EX32(pll3_ctrl, SYS_PLL3_CTRL, SYS_PLL3_DIV2);

    anadig_set_hz(s, RT1176_SYS_PLL1, pll1);
    anadig_set_hz(s, RT1176_SYS_PLL1_DIV2,
                  FIELD_EX32(pll1_ctrl, SYS_PLL1_CTRL, DIV2) ? pll1 / 2 : 0);
    anadig_set_hz(s, RT1176_SYS_PLL1_DIV5,
                  FIELD_EX32(pll1_ctrl, SYS_PLL1_CTRL, DIV5) ? pll1 / 5 : 0);
    anadig_set_hz(s, RT1176_SYS_PLL2, pll2);
    anadig_set_hz(s, RT1176_SYS_PLL3, pll3);
    anadig_set_hz(s, RT1176_SYS_PLL3_DIV2, div2 ? pll3 / 2 : 0);
    for (unsigned n = 0; n < RT1176_PFDS; n++) {
        anadig_set_hz(s, RT1176_SYS_PLL2_PFD0 + n,
                      pfd_hz(pll2_pfd, s->pfd_frac[0], n, pll2));
        anadig_set_hz(s, RT1176_SYS_PLL3_PFD0 + n,
                      pfd_hz(pll3_pfd, s->pfd_frac[1], n, pll3));
    }
}

/* The divider in use of a PFD is what FRAC says now. */
static void latch_frac(Rt1176AnadigState *s, unsigned pll, unsigned n)
{
    uint32_t pfds = s->regs[pll ? R_SYS_PLL3_PFD : R_SYS_PLL2_PFD];

    s->pfd_frac[pll][n] = FIELD_EX32(extract32(pfds, 8 * n, 8), PFD, FRAC);
}

/*
 * A change of PFDn_UPDATE latches FRACn and toggles PFDn_STABLE, as soon as the
 * PLL is stable: a PFD has no other clock.
 */
static void anadig_update_pfds(Rt1176AnadigState *s, unsigned pll)
{
    uint32_t update = s->regs[pll ? R_SYS_PLL3_UPDATE : R_SYS_PLL2_UPDATE];
    uint32_t *pfds = &s->regs[pll ? R_SYS_PLL3_PFD : R_SYS_PLL2_PFD];
    uint32_t changed = extract32(update ^ s->pfd_update[pll], 1, RT1176_PFDS);

    if (!anadig_is_stable(s, pll ? RT1176_START_SYS_PLL3
                                 : RT1176_START_SYS_PLL2)) {
        return;
    }
    for (unsigned n = 0; n < RT1176_PFDS; n++) {
        if (extract32(changed, n, 1)) {
            *pfds ^= R_PFD_STABLE_MASK << (8 * n);
            latch_frac(s, pll, n);
        }
    }
    s->pfd_update[pll] = update;
}

/* Everything that follows from the registers and the time. */
static void anadig_update(Rt1176AnadigState *s)
{
    anadig_follow_settings(s);
    anadig_await_next(s);
    anadig_update_pfds(s, 0);
    anadig_update_pfds(s, 1);
    anadig_update_oscillators(s);
    anadig_update_sys_plls(s);
    anadig_set_hz(s, RT1176_ARM_PLL, arm_pll_hz(s));
    anadig_set_hz(s, RT1176_AUDIO_PLL,
                  ai_pll_output_hz(s, RT1176_START_AUDIO_PLL,
                                   RT1176_AI_AUDIO_PLL, A_PLL_AUDIO_CTRL,
                                   ai_pll_set_hz(s, RT1176_AI_AUDIO_PLL)));
    anadig_set_hz(s, RT1176_VIDEO_PLL,
                  ai_pll_output_hz(s, RT1176_START_VIDEO_PLL,
                                   RT1176_AI_VIDEO_PLL, A_PLL_VIDEO_CTRL,
                                   ai_pll_set_hz(s, RT1176_AI_VIDEO_PLL)));
}

static void anadig_became_stable(void *opaque)
{
    anadig_update(opaque);
}

void rt1176_anadig_settle(Rt1176AnadigState *s)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    for (unsigned n = 0; n < RT1176_STARTS; n++) {
        s->stable_at_ns[n] = stable_if_possible(s, n, now);
    }
    anadig_update(s);
}

/* Status bits are not stored but follow from what is. */
static uint32_t anadig_status(Rt1176AnadigState *s, hwaddr addr)
{
    uint32_t value = anadig_reg(s, addr);
    Rt1176Start n;

    switch (addr) {
    case A_OSC_24M_CTRL:
        return FIELD_DP32(value, OSC_24M_CTRL, OSC_24M_STABLE,
                          anadig_is_stable(s, RT1176_START_OSC_24M));
    case A_PMU_BIAS_CTRL2:
        return FIELD_DP32(value, PMU_BIAS_CTRL2, WB_OK,
                          FIELD_EX32(value, PMU_BIAS_CTRL2, WB_EN));
    case A_ARM_PLL_CTRL:
        n = RT1176_START_ARM_PLL;
        break;
    case A_SYS_PLL2_CTRL:
        n = RT1176_START_SYS_PLL2;
        break;
    case A_SYS_PLL3_CTRL:
        n = RT1176_START_SYS_PLL3;
        break;
    case A_SYS_PLL1_CTRL:
        n = RT1176_START_SYS_PLL1;
        break;
    case A_PLL_AUDIO_CTRL:
        n = RT1176_START_AUDIO_PLL;
        break;
    case A_PLL_VIDEO_CTRL:
        n = RT1176_START_VIDEO_PLL;
        break;
    default:
        return value;
    }
    return FIELD_DP32(value, PLL_CTRL, STABLE, anadig_is_stable(s, n));
}

/* An access through an AI port: CTRL0 also has SET, CLR and TOG addresses. */
static void anadig_ai_access(Rt1176AnadigState *s, Rt1176AiPort port,
                             uint32_t ctrl)
{
    uint32_t addr = FIELD_EX32(ctrl, AI_CTRL, ADDR);
    uint32_t data = anadig_reg(s, ai_port[port].wdata);
    uint32_t *word;

    if (addr / 16 >= RT1176_AI_WORDS) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no AI register 0x%x\n", __func__,
                      addr);
        return;
    }
    word = &s->ai[port * RT1176_AI_WORDS + addr / 16];
    if (FIELD_EX32(ctrl, AI_CTRL, RWB)) {
        s->regs[ai_port[port].rdata / 4] = *word;
        return;
    }
    if (addr % 4) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: unaligned AI register 0x%x\n",
                      __func__, addr);
        return;
    }
    rt1176_sct_write(word, addr, data);
}

/* A change of TOGGLE starts an access; TOGGLE_DONE follows it. */
static bool anadig_write_ai_ctrl(Rt1176AnadigState *s, hwaddr addr,
                                 uint32_t value)
{
    for (unsigned port = 0; port < RT1176_AI_PORTS; port++) {
        uint32_t old = anadig_reg(s, ai_port[port].ctrl);

        if (addr == ai_port[port].rdata) {
            return true;
        }
        if (addr != ai_port[port].ctrl) {
            continue;
        }
        if (FIELD_EX32(old ^ value, AI_CTRL, TOGGLE)) {
            anadig_ai_access(s, port, value);
        }
        s->regs[addr / 4] = FIELD_DP32(value, AI_CTRL, TOGGLE_DONE,
                                       FIELD_EX32(value, AI_CTRL, TOGGLE));
        return true;
    }
    return false;
}

/* The PLLs' LDO has its toggle in a register of the PMU. */
static void anadig_write_side_toggle(Rt1176AnadigState *s, hwaddr addr,
                                     uint32_t value)
{
    if (addr == A_PMU_LDO_PLL &&
        FIELD_EX32(anadig_reg(s, addr) ^ value, PMU_LDO_PLL, AI_TOGGLE)) {
        anadig_ai_access(s, RT1176_AI_PLL_LDO,
                         anadig_reg(s, A_VDDSOC_AI_CTRL));
    }
}

static uint64_t anadig_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176AnadigState *s = opaque;

    if (!rt1176_anadig_row(addr)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx
                      "\n", __func__, addr);
        return 0;
    }
    return anadig_status(s, addr);
}

static void anadig_write(void *opaque, hwaddr addr, uint64_t value64,
                         unsigned size)
{
    Rt1176AnadigState *s = opaque;
    const Rt1176AnadigRow *row = rt1176_anadig_row(addr);
    uint32_t value = value64, refused;

    if (!row) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx
                      "\n", __func__, addr);
        return;
    }
    refused = value & ~row->writable & ~anadig_status(s, addr);
    if (refused) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: offset 0x%" HWADDR_PRIx ": bits 0x%"
                      PRIx32 " are read-only or reserved\n", __func__, addr,
                      refused);
    }
    value = (value & row->writable) | (anadig_reg(s, addr) & ~row->writable);
    if (!anadig_write_ai_ctrl(s, addr, value)) {
        anadig_write_side_toggle(s, addr, value);
        s->regs[addr / 4] = value;
    }
    anadig_update(s);
}

static const MemoryRegionOps anadig_ops = {
    .read = anadig_read,
    .write = anadig_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

/*
 * As the boot ROM leaves the part: every oscillator runs and is stable, PLLs
 * are off.  (Not from a probe; docs/devices/rt1176-clocks.md lists it as
 * unconfirmed.)
 */
static void anadig_reset_hold(Object *obj, ResetType type)
{
    Rt1176AnadigState *s = RT1176_ANADIG(obj);

    memset(s->regs, 0, sizeof(s->regs));
    rt1176_anadig_reset_values(s->regs);
    memset(s->ai, 0, sizeof(s->ai));
    s->regs[R_OSC_24M_CTRL] = R_OSC_24M_CTRL_OSC_EN_MASK |
                              R_OSC_24M_CTRL_LP_EN_MASK;
    s->regs[R_OSC_400M_CTRL1] = 0;
    s->regs[R_OSC_400M_CTRL2] = R_OSC_400M_CTRL2_ENABLE_CLK_MASK;
    for (unsigned n = 0; n < RT1176_PFDS; n++) {
        latch_frac(s, 0, n);
        latch_frac(s, 1, n);
    }
    memset(s->pfd_update, 0, sizeof(s->pfd_update));
    for (unsigned n = 0; n < RT1176_STARTS; n++) {
        s->setting[n] = 0;
        s->stable_at_ns[n] = NEVER;
    }
    anadig_follow_settings(s);
    rt1176_anadig_settle(s);
}

static void anadig_init(Object *obj)
{
    Rt1176AnadigState *s = RT1176_ANADIG(obj);

    memory_region_init_io(&s->iomem, obj, &anadig_ops, s, TYPE_RT1176_ANADIG,
                          RT1176_ANADIG_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    for (unsigned n = 0; n < RT1176_CLOCK_SOURCES; n++) {
        s->source[n] = qdev_init_clock_out(DEVICE(obj), source_name[n]);
    }
}

static void anadig_realize(DeviceState *dev, Error **errp)
{
    Rt1176AnadigState *s = RT1176_ANADIG(dev);

    s->stable_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, anadig_became_stable, s);
}

static const VMStateDescription vmstate_anadig = {
    .name = TYPE_RT1176_ANADIG,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, Rt1176AnadigState, RT1176_ANADIG_WORDS),
        VMSTATE_UINT32_ARRAY(ai, Rt1176AnadigState,
                             RT1176_AI_PORTS * RT1176_AI_WORDS),
        VMSTATE_UINT8_2DARRAY(pfd_frac, Rt1176AnadigState, 2, RT1176_PFDS),
        VMSTATE_UINT32_ARRAY(pfd_update, Rt1176AnadigState, 2),
        VMSTATE_UINT32_ARRAY(setting, Rt1176AnadigState, RT1176_STARTS),
        VMSTATE_INT64_ARRAY(stable_at_ns, Rt1176AnadigState, RT1176_STARTS),
        VMSTATE_TIMER_PTR(stable_timer, Rt1176AnadigState),
        VMSTATE_ARRAY_CLOCK(source, Rt1176AnadigState, RT1176_CLOCK_SOURCES),
        VMSTATE_END_OF_LIST()
    }
};

static void anadig_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = anadig_realize;
    dc->vmsd = &vmstate_anadig;
    dc->desc = "i.MX RT1176 oscillators and PLLs";
    RESETTABLE_CLASS(klass)->phases.hold = anadig_reset_hold;
}

static const TypeInfo anadig_types[] = {
    {
        .name = TYPE_RT1176_ANADIG,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176AnadigState),
        .instance_init = anadig_init,
        .class_init = anadig_class_init,
    },
};
DEFINE_TYPES(anadig_types)
