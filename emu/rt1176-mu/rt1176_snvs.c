/*
 * SNVS of the i.MX RT1176 (IMXRT1170RM, chapter "Secure Non-Volatile
 * Storage").  The LP section outlives every reset but the one of power-on: four
 * general purpose registers, the secure real-time counter with its alarm, the
 * monotonic counter.  The HP section has a counter of its own, with alarm and
 * periodic interrupt.  See docs/devices/rt1176-snvs.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/irq.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "rt1176_snvs.h"

REG32(HPLR, 0x00)
REG32(HPCOMR, 0x04)
    FIELD(HPCOMR, LP_SWR, 4, 1)
    FIELD(HPCOMR, LP_SWR_DIS, 5, 1)
    FIELD(HPCOMR, SW_SV, 8, 1)
    FIELD(HPCOMR, SW_FSV, 9, 1)
    FIELD(HPCOMR, SW_LPSV, 10, 1)
    FIELD(HPCOMR, NPSWA_EN, 31, 1)
REG32(HPCR, 0x08)
    FIELD(HPCR, RTC_EN, 0, 1)
    FIELD(HPCR, HPTA_EN, 1, 1)
    FIELD(HPCR, DIS_PI, 2, 1)
    FIELD(HPCR, PI_EN, 3, 1)
    FIELD(HPCR, PI_FREQ, 4, 4)
    FIELD(HPCR, HP_TS, 16, 1)
REG32(HPSICR, 0x0c)
    FIELD(HPSICR, LPSVI_EN, 31, 1)
REG32(HPSVCR, 0x10)
REG32(HPSR, 0x14)
    FIELD(HPSR, HPTA, 0, 1)
    FIELD(HPSR, PI, 1, 1)
REG32(HPSVSR, 0x18)
    FIELD(HPSVSR, SW, 13, 3)
    FIELD(HPSVSR, LP_SEC_VIO, 31, 1)
REG32(HPHACIVR, 0x1c)
REG32(HPHACR, 0x20)
REG32(HPRTCMR, 0x24)
REG32(HPRTCLR, 0x28)
REG32(HPTAMR, 0x2c)
REG32(HPTALR, 0x30)
REG32(LPLR, 0x34)
    FIELD(LOCK, ZMK_W, 0, 1)
    FIELD(LOCK, SRTC, 2, 1)
    FIELD(LOCK, LPCALB, 3, 1)
    FIELD(LOCK, MC, 4, 1)
    FIELD(LOCK, GPR, 5, 1)
    FIELD(LOCK, LPSVCR, 6, 1)
    FIELD(LOCK, LPTGFCR, 7, 1)
    FIELD(LOCK, LPSECR, 8, 1)
    FIELD(LOCK, MKS, 9, 1)
    FIELD(LOCK, HPSVCR, 16, 1)
    FIELD(LOCK, HPSICR, 17, 1)
    FIELD(LOCK, HAC, 18, 1)
REG32(LPCR, 0x38)
    FIELD(LPCR, SRTC_ENV, 0, 1)
    FIELD(LPCR, LPTA_EN, 1, 1)
    FIELD(LPCR, MC_ENV, 2, 1)
    FIELD(LPCR, SRTC_INV_EN, 4, 1)
    FIELD(LPCR, TOP, 6, 1)
    FIELD(LPCR, LPCALB, 8, 7)
    FIELD(LPCR, GPR_Z_DIS, 24, 1)
REG32(LPMKCR, 0x3c)
REG32(LPSVCR, 0x40)
REG32(LPTGFCR, 0x44)
REG32(LPTDCR, 0x48)
REG32(LPSR, 0x4c)
    FIELD(LPSR, LPTA, 0, 1)
    FIELD(LPSR, SRTCR, 1, 1)
    FIELD(LPSR, MCR, 2, 1)
    FIELD(LPSR, LVD, 3, 1)
    FIELD(LPSR, ESVD, 16, 1)
REG32(LPSRTCMR, 0x50)
REG32(LPSRTCLR, 0x54)
REG32(LPTAR, 0x58)
REG32(LPSMCMR, 0x5c)
REG32(LPSMCLR, 0x60)
REG32(LPLVDR, 0x64)
REG32(LPGPR0_LEGACY, 0x68)
REG32(LPZMKR0, 0x6c)
REG32(LPGPR_ALIAS0, 0x90)
REG32(LPGPR0, 0x100)

#define LPGPRS 4
#define LPZMKRS 8
#define COUNTER_BITS 47
#define COUNTER_HZ 32768
#define LPTAR_SHIFT 15          /* LPTAR counts seconds */
#define LVD_VALUE 0x41736166    /* what LPLVDR must hold to clear LVD */
#define LP_END 0x110
#define HPCOMR_WRITE_ONLY 0x00061011

static uint32_t get(Rt1176SnvsState *s, hwaddr offset)
{
    return rt1176_register_file_get(RT1176_REGISTER_FILE(s), offset);
}

static void set(Rt1176SnvsState *s, hwaddr offset, uint32_t value)
{
    rt1176_register_file_set(RT1176_REGISTER_FILE(s), offset, value);
}

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static void update_irqs(Rt1176SnvsState *s)
{
    uint32_t hpcr = get(s, A_HPCR), hpsr = get(s, A_HPSR);
    bool functional =
        (FIELD_EX32(hpsr, HPSR, HPTA) && FIELD_EX32(hpcr, HPCR, HPTA_EN)) ||
        (FIELD_EX32(hpsr, HPSR, PI) && !FIELD_EX32(hpcr, HPCR, DIS_PI)) ||
        (FIELD_EX32(get(s, A_LPSR), LPSR, LPTA) &&
         FIELD_EX32(get(s, A_LPCR), LPCR, LPTA_EN));
    bool security = FIELD_EX32(get(s, A_LPSR), LPSR, ESVD) &&
                    FIELD_EX32(get(s, A_HPSICR), HPSICR, LPSVI_EN);

    qemu_set_irq(s->irq[RT1176_SNVS_IRQ], functional);
    qemu_set_irq(s->irq[RT1176_SNVS_SECURITY_IRQ], security);
}

/* ---- counters ---- */

static uint64_t ticks_of(const Rt1176SnvsCounter *counter)
{
    uint64_t ticks = counter->base;

    if (counter->runs) {
        ticks += muldiv64(now_ns() - counter->start_ns, COUNTER_HZ,
                          NANOSECONDS_PER_SECOND);
    }
    return ticks & MAKE_64BIT_MASK(0, COUNTER_BITS);
}

/* When @counter, which runs, comes to @ticks; they lie ahead. */
static int64_t time_of(const Rt1176SnvsCounter *counter, uint64_t ticks)
{
    return counter->start_ns +
           muldiv64_round_up(ticks - counter->base, NANOSECONDS_PER_SECOND,
                             COUNTER_HZ);
}

static void run_counter(Rt1176SnvsCounter *counter, bool run)
{
    if (run != counter->runs) {
        counter->base = ticks_of(counter);
        counter->start_ns = now_ns();
        counter->runs = run;
    }
}

static void set_counter(Rt1176SnvsCounter *counter, uint64_t ticks)
{
    counter->base = ticks;
    counter->start_ns = now_ns();
}

/* An alarm that lies behind comes when the counter has gone round: never. */
static void arm(QEMUTimer *timer, const Rt1176SnvsCounter *counter,
                bool wanted, uint64_t ticks)
{
    if (wanted && counter->runs && ticks > ticks_of(counter)) {
        timer_mod_ns(timer, time_of(counter, ticks));
    } else {
        timer_del(timer);
    }
}

static void arm_periodic(Rt1176SnvsState *s)
{
    uint32_t hpcr = get(s, A_HPCR);
    uint64_t half = 1ull << FIELD_EX32(hpcr, HPCR, PI_FREQ);
    uint64_t edge = ROUND_UP(ticks_of(&s->hp) + 1 + half, 2 * half) - half;

    arm(s->periodic, &s->hp, FIELD_EX32(hpcr, HPCR, PI_EN), edge);
}

static void arm_alarms(Rt1176SnvsState *s)
{
    uint64_t hp = deposit64(get(s, A_HPTALR), 32, 15, get(s, A_HPTAMR));
    uint64_t lp = (uint64_t)get(s, A_LPTAR) << LPTAR_SHIFT;

    arm(s->hp_alarm, &s->hp, FIELD_EX32(get(s, A_HPCR), HPCR, HPTA_EN), hp);
    arm(s->lp_alarm, &s->lp, FIELD_EX32(get(s, A_LPCR), LPCR, LPTA_EN), lp);
    arm_periodic(s);
}

static void hp_alarm(void *opaque)
{
    Rt1176SnvsState *s = opaque;

    set(s, A_HPSR, get(s, A_HPSR) | R_HPSR_HPTA_MASK);
    update_irqs(s);
}

static void lp_alarm(void *opaque)
{
    Rt1176SnvsState *s = opaque;

    set(s, A_LPSR, get(s, A_LPSR) | R_LPSR_LPTA_MASK);
    update_irqs(s);
}

/* A rising edge of the counter's bit that PI_FREQ selects. */
static void periodic(void *opaque)
{
    Rt1176SnvsState *s = opaque;

    set(s, A_HPSR, get(s, A_HPSR) | R_HPSR_PI_MASK);
    arm_periodic(s);
    update_irqs(s);
}

/* ---- locks and violations ---- */

/* A soft lock of HPLR, or the hard lock of LPLR at the same bit. */
static bool locked(Rt1176SnvsState *s, uint32_t mask)
{
    return (get(s, A_HPLR) | get(s, A_LPLR)) & mask;
}

static uint32_t lock_of(hwaddr offset)
{
    switch (offset) {
    case A_LPSRTCMR:
    case A_LPSRTCLR:
        return R_LOCK_SRTC_MASK;
    case A_LPSMCMR:
    case A_LPSMCLR:
        return R_LOCK_MC_MASK;
    case A_LPGPR0_LEGACY:
    case A_LPGPR_ALIAS0 ... A_LPGPR_ALIAS0 + 4 * (LPGPRS - 1):
    case A_LPGPR0 ... A_LPGPR0 + 4 * (LPGPRS - 1):
        return R_LOCK_GPR_MASK;
    case A_LPZMKR0 ... A_LPZMKR0 + 4 * (LPZMKRS - 1):
        return R_LOCK_ZMK_W_MASK;
    case A_LPSVCR:
        return R_LOCK_LPSVCR_MASK;
    case A_LPTGFCR:
        return R_LOCK_LPTGFCR_MASK;
    case A_LPTDCR:
        return R_LOCK_LPSECR_MASK;
    case A_LPMKCR:
        return R_LOCK_MKS_MASK;
    case A_HPSVCR:
        return R_LOCK_HPSVCR_MASK;
    case A_HPSICR:
        return R_LOCK_HPSICR_MASK;
    case A_HPHACIVR:
        return R_LOCK_HAC_MASK;
    default:
        return 0;
    }
}

static void zeroize(Rt1176SnvsState *s, hwaddr first, unsigned count)
{
    for (unsigned n = 0; n < count; n++) {
        set(s, first + 4 * n, 0);
    }
}

/* What an LP security violation does to what is to be kept secret. */
static void lp_violation(Rt1176SnvsState *s)
{
    uint32_t lpcr = get(s, A_LPCR);

    set(s, A_LPSR, get(s, A_LPSR) | R_LPSR_ESVD_MASK);
    zeroize(s, A_LPZMKR0, LPZMKRS);
    if (!FIELD_EX32(lpcr, LPCR, GPR_Z_DIS)) {
        zeroize(s, A_LPGPR0, LPGPRS);
    }
    if (FIELD_EX32(lpcr, LPCR, SRTC_INV_EN)) {
        lpcr = FIELD_DP32(lpcr, LPCR, SRTC_ENV, 0);
        run_counter(&s->lp, false);
    }
    set(s, A_LPCR, FIELD_DP32(lpcr, LPCR, MC_ENV, 0));
}

static void reset_lp(Rt1176SnvsState *s)
{
    for (hwaddr offset = A_LPLR; offset < LP_END; offset += 4) {
        set(s, offset, 0);
    }
    set(s, A_LPCR, 0x20);
    set(s, A_LPSR, R_LPSR_LVD_MASK);
    s->lp = (Rt1176SnvsCounter){};
}

/* ---- writes ---- */

static void write_command(Rt1176SnvsState *s, uint32_t old, uint32_t data)
{
    uint32_t hpcomr = get(s, A_HPCOMR) & ~HPCOMR_WRITE_ONLY;

    hpcomr |= old & R_HPCOMR_LP_SWR_DIS_MASK; /* until the next reset */
    set(s, A_HPCOMR, hpcomr);
    set(s, A_HPSVSR, FIELD_DP32(get(s, A_HPSVSR), HPSVSR, SW,
                                extract32(hpcomr, 8, 3)));
    if (FIELD_EX32(data, HPCOMR, SW_LPSV)) {
        lp_violation(s);
    }
    if (FIELD_EX32(data, HPCOMR, LP_SWR)) {
        if (FIELD_EX32(old, HPCOMR, LP_SWR_DIS)) {
            qemu_log_mask(LOG_GUEST_ERROR, "rt1176-snvs: LP_SWR is disabled\n");
        } else {
            reset_lp(s);
        }
    }
}

static void write_hpcr(Rt1176SnvsState *s, uint32_t data)
{
    if (FIELD_EX32(data, HPCR, HP_TS)) {
        set_counter(&s->hp, ticks_of(&s->lp));
    }
    run_counter(&s->hp, FIELD_EX32(data, HPCR, RTC_EN));
}

static void write_lpcr(Rt1176SnvsState *s, uint32_t old)
{
    uint32_t keep = 0, lpcr;

    keep |= locked(s, R_LOCK_SRTC_MASK)
                ? R_LPCR_SRTC_ENV_MASK | R_LPCR_SRTC_INV_EN_MASK : 0;
    keep |= locked(s, R_LOCK_LPCALB_MASK) ? R_LPCR_LPCALB_MASK : 0;
    keep |= locked(s, R_LOCK_MC_MASK) ? R_LPCR_MC_ENV_MASK : 0;
    lpcr = (get(s, A_LPCR) & ~keep) | (old & keep);
    set(s, A_LPCR, lpcr);
    if (FIELD_EX32(lpcr & ~old, LPCR, TOP)) {
        qemu_log_mask(LOG_UNIMP, "rt1176-snvs: the power stays on with"
                      " LPCR[TOP]\n");
    }
    run_counter(&s->lp, FIELD_EX32(lpcr, LPCR, SRTC_ENV));
}

/* A counter that runs cannot be written. */
static void write_counter(Rt1176SnvsState *s, Rt1176SnvsCounter *counter,
                          bool high, uint32_t data)
{
    if (counter->runs) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-snvs: write to a counter that"
                      " runs\n");
        return;
    }
    counter->base = high ? deposit64(counter->base, 32, 15, data)
                         : deposit64(counter->base, 0, 32, data);
}

/* Any write increments the monotonic counter; its era is a fuse. */
static void increment(Rt1176SnvsState *s)
{
    uint64_t value = deposit64(get(s, A_LPSMCLR), 32, 16, get(s, A_LPSMCMR));

    if (!FIELD_EX32(get(s, A_LPCR), LPCR, MC_ENV)) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-snvs: the monotonic counter is"
                      " not enabled\n");
        return;
    }
    value = (value + 1) & MAKE_64BIT_MASK(0, 48);
    set(s, A_LPSMCLR, value);
    set(s, A_LPSMCMR, value >> 32);
    if (value == 0) {
        set(s, A_LPSR, get(s, A_LPSR) | R_LPSR_MCR_MASK);
    }
}

static void write_lpsr(Rt1176SnvsState *s, uint32_t old)
{
    if (get(s, A_LPLVDR) != LVD_VALUE) {
        set(s, A_LPSR, get(s, A_LPSR) | (old & R_LPSR_LVD_MASK));
    }
}

static void write_other(Rt1176SnvsState *s, hwaddr offset, uint32_t old,
                        uint32_t data)
{
    switch (offset) {
    case A_HPCOMR:
        write_command(s, old, data);
        break;
    case A_HPCR:
        write_hpcr(s, data);
        break;
    case A_HPLR:
    case A_LPLR:
        set(s, offset, get(s, offset) | old); /* locks stay */
        break;
    case A_LPCR:
        write_lpcr(s, old);
        break;
    case A_LPSR:
        write_lpsr(s, old);
        break;
    case A_HPRTCMR:
    case A_HPRTCLR:
        write_counter(s, &s->hp, offset == A_HPRTCMR, data);
        break;
    case A_LPSRTCMR:
    case A_LPSRTCLR:
        write_counter(s, &s->lp, offset == A_LPSRTCMR, data);
        break;
    case A_LPSMCMR:
    case A_LPSMCLR:
        increment(s);
        break;
    case A_LPGPR0_LEGACY:
        set(s, A_LPGPR0, data);
        break;
    case A_LPGPR_ALIAS0 ... A_LPGPR_ALIAS0 + 4 * (LPGPRS - 1):
        set(s, offset - A_LPGPR_ALIAS0 + A_LPGPR0, data);
        break;
    }
}

static void snvs_written(Rt1176RegisterFile *file, hwaddr offset, uint32_t old,
                         uint32_t data)
{
    Rt1176SnvsState *s = RT1176_SNVS(file);

    if (locked(s, lock_of(offset))) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-snvs: offset 0x%" HWADDR_PRIx
                      " is locked\n", offset);
        set(s, offset, old);
        return;
    }
    write_other(s, offset, old, data);
    arm_alarms(s);
    update_irqs(s);
}

static uint32_t snvs_read(Rt1176RegisterFile *file, hwaddr offset,
                          uint32_t value)
{
    Rt1176SnvsState *s = RT1176_SNVS(file);

    switch (offset) {
    case A_HPRTCMR:
        return ticks_of(&s->hp) >> 32;
    case A_HPRTCLR:
        return ticks_of(&s->hp);
    case A_LPSRTCMR:
        return ticks_of(&s->lp) >> 32;
    case A_LPSRTCLR:
        return ticks_of(&s->lp);
    case A_HPSVSR:
        return FIELD_DP32(value, HPSVSR, LP_SEC_VIO,
                          FIELD_EX32(get(s, A_LPSR), LPSR, ESVD));
    case A_LPGPR0_LEGACY:
        return get(s, A_LPGPR0);
    case A_LPGPR_ALIAS0 ... A_LPGPR_ALIAS0 + 4 * (LPGPRS - 1):
        return get(s, offset - A_LPGPR_ALIAS0 + A_LPGPR0);
    default:
        return value;
    }
}

/* Software without privilege needs NPSWA_EN. */
static bool snvs_may_access(Rt1176RegisterFile *file, MemTxAttrs attrs)
{
    return !attrs.user ||
           FIELD_EX32(get(RT1176_SNVS(file), A_HPCOMR), HPCOMR, NPSWA_EN);
}

static const Rt1176RegisterRow snvs_row[] = {
    { A_HPLR, 1, 0, 0x1f0703ff },
    { A_HPCOMR, 1, 0, 0x800f3737 },
    { A_HPCR, 1, 0, 0x0f017dff },
    { A_HPSICR, 1, 0, 0x80000037 },
    { A_HPSVCR, 1, 0, 0xc0000077 },
    /* security state: non-secure, not closed; no OTP or zeroizable key */
    { A_HPSR, 1, 0x8000b000, 0, 0x00000083 },
    { A_HPSVSR, 1, 0, 0, 0x08000037 },
    { A_HPHACIVR, 1, 0, 0xffffffff },
    { A_HPHACR, 1 },
    { A_HPRTCMR, 1, 0, 0x00007fff },
    { A_HPRTCLR, 1, 0, 0xffffffff },
    { A_HPTAMR, 1, 0, 0x00007fff },
    { A_HPTALR, 1, 0, 0xffffffff },
    { A_LPLR, 1, 0, 0x1f0003ff },
    { A_LPCR, 1, 0x20, 0x01ff7dff },
    { A_LPMKCR, 1, 0, 0x1f },
    { A_LPSVCR, 1, 0, 0x37 },
    { A_LPTGFCR, 1, 0, 0xffff009f },
    { A_LPTDCR, 1, 0, 0x1777dff6 },
    { A_LPSR, 1, 0x8, 0, 0x000707ff },
    { A_LPSRTCMR, 1, 0, 0x00007fff },
    { A_LPSRTCLR, 1, 0, 0xffffffff },
    { A_LPTAR, 1, 0, 0xffffffff },
    { A_LPSMCMR, 2 },
    { A_LPLVDR, 1, 0, 0xffffffff },
    { A_LPGPR0_LEGACY, 1, 0, 0xffffffff },
    { A_LPZMKR0, LPZMKRS, 0, 0xffffffff },
    { A_LPGPR_ALIAS0, LPGPRS, 0, 0xffffffff },
    { 0x0a0, 1, 0, 0x00ff00ff },         /* LPTDC2R */
    { 0x0a4, 1, 0, 0, 0x000000ff },      /* LPTDSR */
    { 0x0a8, 2, 0, 0xffffffff },         /* LPTGF1CR, LPTGF2CR */
    { 0x0c0, 5 },                        /* LPAT1CR to LPAT5CR: write-only */
    { 0x0e0, 1, 0, 0x001f001f },         /* LPATCTLR */
    { 0x0e4, 1, 0, 0x00033333 },         /* LPATCLKR */
    { 0x0e8, 1, 0, 0x77777777 },         /* LPATRC1R */
    { 0x0ec, 1, 0, 0x00000077 },         /* LPATRC2R */
    { A_LPGPR0, LPGPRS, 0, 0xffffffff },
    { 0xbf8, 1, 0x003e0103 },            /* HPVIDR1 */
    { 0xbfc, 1, 0x06000500 },            /* HPVIDR2 */
};

static const Rt1176RegisterMap snvs_map = {
    .desc = "i.MX RT1176 secure non-volatile storage",
    .size = 0xc00,
    .row = snvs_row,
    .rows = ARRAY_SIZE(snvs_row),
};

/* ---- device ---- */

static void snvs_init(Object *obj)
{
    Rt1176SnvsState *s = RT1176_SNVS(obj);

    for (unsigned n = 0; n < RT1176_SNVS_IRQS; n++) {
        sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq[n]);
    }
    s->hp_alarm = timer_new_ns(QEMU_CLOCK_VIRTUAL, hp_alarm, s);
    s->lp_alarm = timer_new_ns(QEMU_CLOCK_VIRTUAL, lp_alarm, s);
    s->periodic = timer_new_ns(QEMU_CLOCK_VIRTUAL, periodic, s);
    s->lp_reset = true;
}

/* The LP section is reset at power-on only. */
static void snvs_reset_hold(Object *obj, ResetType type)
{
    Rt1176SnvsState *s = RT1176_SNVS(obj);

    for (unsigned n = 0; n < ARRAY_SIZE(snvs_row); n++) {
        bool lp = snvs_row[n].first >= A_LPLR && snvs_row[n].first < LP_END;

        for (unsigned i = 0; !lp && i < snvs_row[n].count; i++) {
            set(s, snvs_row[n].first + 4 * i, snvs_row[n].reset);
        }
    }
    s->hp = (Rt1176SnvsCounter){};
    if (s->lp_reset) {
        reset_lp(s);
    }
    s->lp_reset = false;
}

static void snvs_reset_exit(Object *obj, ResetType type)
{
    arm_alarms(RT1176_SNVS(obj));
    update_irqs(RT1176_SNVS(obj));
}

static const VMStateDescription vmstate_counter = {
    .name = "rt1176-snvs-counter",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(runs, Rt1176SnvsCounter),
        VMSTATE_UINT64(base, Rt1176SnvsCounter),
        VMSTATE_INT64(start_ns, Rt1176SnvsCounter),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_snvs = {
    .name = TYPE_RT1176_SNVS,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        RT1176_VMSTATE_REGISTERS(parent_obj, Rt1176SnvsState),
        VMSTATE_STRUCT(hp, Rt1176SnvsState, 1, vmstate_counter,
                       Rt1176SnvsCounter),
        VMSTATE_STRUCT(lp, Rt1176SnvsState, 1, vmstate_counter,
                       Rt1176SnvsCounter),
        VMSTATE_BOOL(lp_reset, Rt1176SnvsState),
        VMSTATE_TIMER_PTR(hp_alarm, Rt1176SnvsState),
        VMSTATE_TIMER_PTR(lp_alarm, Rt1176SnvsState),
        VMSTATE_TIMER_PTR(periodic, Rt1176SnvsState),
        VMSTATE_END_OF_LIST()
    }
};

static void snvs_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    Rt1176RegisterFileClass *rc = RT1176_REGISTER_FILE_CLASS(klass);

    rt1176_register_file_map_class_init(klass, data);
    rc->read = snvs_read;
    rc->written = snvs_written;
    rc->may_access = snvs_may_access;
    RESETTABLE_CLASS(klass)->phases.hold = snvs_reset_hold;
    RESETTABLE_CLASS(klass)->phases.exit = snvs_reset_exit;
    dc->vmsd = &vmstate_snvs;
}

static const TypeInfo snvs_types[] = {
    {
        .name = TYPE_RT1176_SNVS,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .instance_size = sizeof(Rt1176SnvsState),
        .instance_init = snvs_init,
        .class_init = snvs_class_init,
        .class_data = (void *)&snvs_map,
    },
};
DEFINE_TYPES(snvs_types)
