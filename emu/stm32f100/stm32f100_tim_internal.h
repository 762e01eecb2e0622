/*
 * What the files of the STM32F100's timers share: registers (RM0041 12.4, 13.4,
 * 15.5, 15.6, 16.4), what each timer has, and what each file does for others.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_TIM_INTERNAL_H
#define HW_MEWS_STM32F100_TIM_INTERNAL_H

#include "hw/clock.h"
#include "hw/registerfields.h"
#include "qemu/timer.h"
#include "stm32f100_tim.h"

REG32(CR1, 0x00)
    FIELD(CR1, CEN, 0, 1)
    FIELD(CR1, UDIS, 1, 1)
    FIELD(CR1, URS, 2, 1)
    FIELD(CR1, OPM, 3, 1)
    FIELD(CR1, DIR, 4, 1)
    FIELD(CR1, CMS, 5, 2)
    FIELD(CR1, ARPE, 7, 1)
    FIELD(CR1, CKD, 8, 2)
REG32(CR2, 0x04)
    FIELD(CR2, CCPC, 0, 1)
    FIELD(CR2, CCUS, 2, 1)
    FIELD(CR2, CCDS, 3, 1)
    FIELD(CR2, MMS, 4, 3)
    FIELD(CR2, TI1S, 7, 1)
    FIELD(CR2, OIS, 8, 7) /* OIS1, OIS1N, OIS2, ... */
REG32(SMCR, 0x08)
    FIELD(SMCR, SMS, 0, 3)
    FIELD(SMCR, TS, 4, 3)
    FIELD(SMCR, MSM, 7, 1)
    FIELD(SMCR, ETF, 8, 4)
    FIELD(SMCR, ETPS, 12, 2)
    FIELD(SMCR, ECE, 14, 1)
    FIELD(SMCR, ETP, 15, 1)
REG32(DIER, 0x0c)
    FIELD(DIER, IE, 0, 8)
    FIELD(DIER, DE, 8, 7) /* Stm32f100TimDma */
REG32(SR, 0x10)
    FIELD(SR, UIF, 0, 1)
    FIELD(SR, CCIF, 1, 4)
    FIELD(SR, COMIF, 5, 1)
    FIELD(SR, TIF, 6, 1)
    FIELD(SR, BIF, 7, 1)
    FIELD(SR, CCOF, 9, 4)
REG32(EGR, 0x14)
    FIELD(EGR, UG, 0, 1)
    FIELD(EGR, CCG, 1, 4)
    FIELD(EGR, COMG, 5, 1)
    FIELD(EGR, TG, 6, 1)
    FIELD(EGR, BG, 7, 1)
REG32(CCMR1, 0x18)
REG32(CCMR2, 0x1c)
REG32(CCER, 0x20)
REG32(CNT, 0x24)
REG32(PSC, 0x28)
REG32(ARR, 0x2c)
REG32(RCR, 0x30)
REG32(CCR1, 0x34)
REG32(CCR4, 0x40)
REG32(BDTR, 0x44)
    FIELD(BDTR, DTG, 0, 8)
    FIELD(BDTR, LOCK, 8, 2)
    FIELD(BDTR, OSSI, 10, 1)
    FIELD(BDTR, OSSR, 11, 1)
    FIELD(BDTR, BKE, 12, 1)
    FIELD(BDTR, BKP, 13, 1)
    FIELD(BDTR, AOE, 14, 1)
    FIELD(BDTR, MOE, 15, 1)
REG32(DCR, 0x48)
    FIELD(DCR, DBA, 0, 5)
    FIELD(DCR, DBL, 8, 5)
REG32(DMAR, 0x4c)

#define TIM_REGISTERS (A_DMAR / 4 + 1)

/* The byte of CCMR that belongs to a channel */
#define CCMR_CCS 0x03
#define CCMR_OCFE 0x04
#define CCMR_OCPE 0x08
#define CCMR_OCM 0x70
#define CCMR_OCCE 0x80
#define CCMR_ICPSC(byte) (((byte) >> 2) & 3)
#define CCMR_ICF(byte) (((byte) >> 4) & 0xf)

/* The four bits of CCER that belong to a channel */
#define CCER_E 1u
#define CCER_P 2u
#define CCER_NE 4u
#define CCER_NP 8u

/* In "events" behind the bits of SR */
#define EVENT_UPDATE (1u << 16) /* UEV, whether or not it sets UIF */
#define EVENT_RESET (1u << 17)  /* by UG or by the slave mode controller */

/* OCxM (13.4.7) */
enum {
    OC_FROZEN = 0,
    OC_ACTIVE_ON_MATCH = 1,
    OC_INACTIVE_ON_MATCH = 2,
    OC_TOGGLE = 3,
    OC_FORCE_INACTIVE = 4,
    OC_FORCE_ACTIVE = 5,
    OC_PWM1 = 6,
    OC_PWM2 = 7,
};

/* CCxS (13.4.7) */
enum {
    CCS_OUTPUT = 0,
    CCS_OWN_TI = 1,
    CCS_OTHER_TI = 2, /* TI2 for channel 1 and so on */
    CCS_TRC = 3,
};

/* SMS (13.4.3) */
enum {
    SMS_DISABLED = 0,
    SMS_ENCODER1 = 1,
    SMS_ENCODER2 = 2,
    SMS_ENCODER3 = 3,
    SMS_RESET = 4,
    SMS_GATED = 5,
    SMS_TRIGGER = 6,
    SMS_CLOCK = 7, /* external clock mode 1 */
};

/* TS (13.4.3), behind ITR0 to ITR3 */
enum { TS_TI1F_ED = 4, TS_TI1FP1 = 5, TS_TI2FP2 = 6, TS_ETRF = 7 };

/* MMS (13.4.2); from MMS_REF on OC1REF to OC4REF */
enum {
    MMS_RESET = 0,
    MMS_ENABLE = 1,
    MMS_UPDATE = 2,
    MMS_COMPARE = 3,
    MMS_REF = 4,
};

/* What a timer has. */
struct Stm32f100TimInfo {
    uint8_t number;
    uint8_t channels;
    uint8_t complements; /* bit per channel: CHxN and dead time */
    uint8_t irqs;
    bool two_way;  /* counts down, too (DIR, CMS) */
    bool has_slave; /* SMCR, ITRx */
    bool has_etr;   /* ETR, encoder modes */
    bool has_break; /* BDTR */
    bool has_both_edges; /* CCxP and CCxNP select both edges of an input */
    bool trgo_is_oc1;
    uint16_t bits[TIM_REGISTERS]; /* that exist, 0: reserved offset */
    Stm32AfSignal signal[STM32F100_TIM_CHANNELS]; /* CH1, ... in a row */
    Stm32AfSignal complement[STM32F100_TIM_CHANNELS];
    Stm32AfSignal etr;
    Stm32AfSignal bkin;
};

/* What timer @number has; NULL if there is none. */
const Stm32f100TimInfo *stm32_tim_info(unsigned number);

/* ---- time, 2^-32 ns ---- */

typedef __int128 TimTime;

static inline TimTime tim_time_of_ns(int64_t ns)
{
    return (TimTime)ns << 32;
}

static inline TimTime tim_now(void)
{
    return tim_time_of_ns(qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
}

static inline TimTime tim_time(Stm32f100TimMoment m)
{
    return tim_time_of_ns(m.ns) + m.frac;
}

static inline Stm32f100TimMoment tim_moment(TimTime t)
{
    return (Stm32f100TimMoment){ .ns = t >> 32, .frac = (uint32_t)t };
}

/* The first ns in which @t is over. */
static inline int64_t tim_ns_after(TimTime t)
{
    return (t + UINT32_MAX) >> 32;
}

/* ---- fields ---- */

static inline uint32_t tim_ccmr(const Stm32f100TimState *s, unsigned i)
{
    return (s->ccmr_active[i / 2] >> (i % 2 * 8)) & 0xff;
}

static inline uint32_t tim_ccer(const Stm32f100TimState *s, unsigned i)
{
    return (s->ccer_active >> (i * 4)) & 0xf;
}

static inline bool tim_is_output(const Stm32f100TimState *s, unsigned i)
{
    return (tim_ccmr(s, i) & CCMR_CCS) == CCS_OUTPUT;
}

static inline unsigned tim_oc_mode(const Stm32f100TimState *s, unsigned i)
{
    return (tim_ccmr(s, i) & CCMR_OCM) >> 4;
}

static inline unsigned tim_sms(const Stm32f100TimState *s)
{
    return FIELD_EX32(s->smcr, SMCR, SMS);
}

static inline bool tim_is_encoder(const Stm32f100TimState *s)
{
    return tim_sms(s) >= SMS_ENCODER1 && tim_sms(s) <= SMS_ENCODER3;
}

static inline bool tim_counts_down(const Stm32f100TimState *s)
{
    return s->cr1 & R_CR1_DIR_MASK;
}

static inline bool tim_is_centred(const Stm32f100TimState *s)
{
    return (s->cr1 & R_CR1_CMS_MASK) && !tim_is_encoder(s);
}

/* Period of the clock of dead times and filters (CKD). */
static inline uint64_t tim_dts(const Stm32f100TimState *s)
{
    return clock_get(s->clk) << MIN(FIELD_EX32(s->cr1, CR1, CKD), 2);
}

/* Set bits of SR, and tell everybody at the next stm32_tim_announce(). */
static inline void tim_event(Stm32f100TimState *s, uint32_t bits)
{
    s->sr |= bits & 0xff;
    s->events |= bits;
}

/* ---- stm32f100_tim_counter.c ---- */

/* Whether the internal clock moves the counter. */
bool stm32_tim_runs(const Stm32f100TimState *s);

/*
 * Something has changed at @t, before which the counter moved if @ran: it
 * stops or goes on there.
 */
void stm32_tim_follow(Stm32f100TimState *s, bool ran, TimTime t);

/* Let everything happen up to and including @t. */
void stm32_tim_run_until(Stm32f100TimState *s, TimTime t);

/* The same, and bring the count up to @t, so that it can be seen or changed. */
void stm32_tim_settle(Stm32f100TimState *s, TimTime t);

/* An edge of an external clock or of an encoder. */
void stm32_tim_count_edge(Stm32f100TimState *s, TimTime t);

/* The counter has just taken its count: matches. */
void stm32_tim_arrive(Stm32f100TimState *s, TimTime t);

/* Start a period and update, as UG does (13.4.6). */
void stm32_tim_restart(Stm32f100TimState *s, TimTime t);

/* A centre-aligned counter that stands at an end counts away from it. */
void stm32_tim_set_direction(Stm32f100TimState *s);

/* Arm the timer for the next event that somebody waits for; interrupts. */
void stm32_tim_arm(Stm32f100TimState *s);

/* ---- stm32f100_tim_output.c ---- */

/* OCxREF, cleared or not */
bool stm32_tim_ref(const Stm32f100TimState *s, unsigned i);

/* Whether OC1 is driven; driven high. */
bool stm32_tim_oc1_enabled(const Stm32f100TimState *s);
bool stm32_tim_oc1(const Stm32f100TimState *s);

/* What modes make of the present count without a match. */
void stm32_tim_compare(Stm32f100TimState *s, TimTime t);

/* The same, with matches. */
void stm32_tim_match(Stm32f100TimState *s, TimTime t);

/* Put all outputs on their pins; dead times end up to @t. */
void stm32_tim_drive(Stm32f100TimState *s, TimTime t);
void stm32_tim_end_dead_times(Stm32f100TimState *s, TimTime t);

/* Whether an output is on a pin. */
bool stm32_tim_drives_a_pin(const Stm32f100TimState *s);

/* CCMR and CCER take effect; those bits that CCPC holds back if @commutes. */
void stm32_tim_load_controls(Stm32f100TimState *s, bool commutes);

/* COM event (12.3.14) */
void stm32_tim_commutate(Stm32f100TimState *s, TimTime t);

/* Active edge of TRGI for OCxFE; level of ETRF for OCxCE. */
void stm32_tim_fast_enable(Stm32f100TimState *s, TimTime t);
void stm32_tim_clear_refs(Stm32f100TimState *s, TimTime t);

/* An update event ends what ETRF has cleared, and sets MOE (AOE). */
void stm32_tim_update_outputs(Stm32f100TimState *s);

/* Whether BKIN is active; whether it is now: break. */
bool stm32_tim_break_active(const Stm32f100TimState *s);
void stm32_tim_check_break(Stm32f100TimState *s, TimTime t);

/* A break event (12.3.12), or only the end of MOE that it brings. */
void stm32_tim_break(Stm32f100TimState *s, TimTime t);
void stm32_tim_disable_outputs(Stm32f100TimState *s, TimTime t);

/* ---- stm32f100_tim_input.c ---- */

/* Named GPIO input "clock-failure" */
void stm32_tim_clock_failure(void *opaque, int n, int level);

/* TIxFPx, that is with the polarity of channel @i. */
bool stm32_tim_tifp(const Stm32f100TimState *s, unsigned i);

/* TRC has gone to @level, or for a pulse of no length @pulse. */
void stm32_tim_capture_trc(Stm32f100TimState *s, bool level, bool pulse);

/* CCxG of a channel that is an input: capture now. */
void stm32_tim_capture(Stm32f100TimState *s, unsigned i);

/* Listen to pins; @sync is for the AFIO, which wants outputs up to date. */
void stm32_tim_listen(Stm32f100TimState *s,
                      void (*sync)(void *opaque, int64_t now_ns));

/* TI1F to TI4F or ETRF (@n) has the level of its pin: no edge. */
void stm32_tim_take_level(Stm32f100TimState *s, unsigned n);

/* ---- stm32f100_tim_slave.c ---- */

/* Whether TRGI lets the counter move (gated mode). */
bool stm32_tim_gate_open(const Stm32f100TimState *s);

/* Whether the counter is clocked by edges of inputs. */
bool stm32_tim_clock_is_external(const Stm32f100TimState *s);

/* TI1F to TI4F or ETRF (@n) has an edge, for triggers, encoders and clocks. */
void stm32_tim_slave_edge(Stm32f100TimState *s, unsigned n, TimTime t);

/* TRGI has its level, after a register was written: no edge. */
void stm32_tim_take_trgi(Stm32f100TimState *s);

/* GPIO inputs "itr" */
void stm32_tim_itr(void *opaque, int n, int level);

/* Tell the trigger output's listeners of @events and levels. */
void stm32_tim_drive_trgo(Stm32f100TimState *s, uint32_t events);

/* SR bits whose events TRGO shows; bit per channel: so it does its OCxREF. */
uint32_t stm32_tim_trgo_events(const Stm32f100TimState *s, uint32_t *refs);

/* ---- stm32f100_tim_dma.c ---- */

/* Tell DMA, ADC and the trigger output what has happened. */
void stm32_tim_announce(Stm32f100TimState *s);

/* GPIO inputs "acknowledge" */
void stm32_tim_acknowledge(void *opaque, int n, int level);

/* The register that an access to DMAR means; the next one has its turn. */
hwaddr stm32_tim_burst_register(Stm32f100TimState *s);

#endif
