/*
 * Real-time clock of the STM32F100 (RM0041 17).
 *
 * A prescaler and a counter in the backup domain, on RTCCLK, behind an
 * interface on APB1.  Nothing ticks: both are worked out from the number of
 * RTCCLK cycles when they are looked at; a timer is armed for the alarm, which
 * reaches EXTI, and for what interrupts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "stm32f100_bus.h"
#include "stm32f100_rtc.h"

REG32(CRH, 0x00)
    FIELD(CRH, SECIE, 0, 1)
    FIELD(CRH, ALRIE, 1, 1)
    FIELD(CRH, OWIE, 2, 1)
REG32(CRL, 0x04)
    FIELD(CRL, SECF, 0, 1)
    FIELD(CRL, ALRF, 1, 1)
    FIELD(CRL, OWF, 2, 1)
    FIELD(CRL, RSF, 3, 1)
    FIELD(CRL, CNF, 4, 1)
    FIELD(CRL, RTOFF, 5, 1)
REG32(PRLH, 0x08)
REG32(PRLL, 0x0c)
REG32(DIVH, 0x10)
REG32(DIVL, 0x14)
REG32(CNTH, 0x18)
REG32(CNTL, 0x1c)
REG32(ALRH, 0x20)
REG32(ALRL, 0x24)

#define CRH_MASK (R_CRH_SECIE_MASK | R_CRH_ALRIE_MASK | R_CRH_OWIE_MASK)
#define INTERRUPT_FLAGS (R_CRL_SECF_MASK | R_CRL_ALRF_MASK | R_CRL_OWF_MASK)
#define FLAGS_MASK (INTERRUPT_FLAGS | R_CRL_RSF_MASK)

#define PRL_RESET 0x8000
#define PRL_MASK 0xfffff
#define ALR_RESET 0xffffffff

/* A write takes at least three cycles from the next edge of RTCCLK (17.3.4). */
#define WRITE_CYCLES 4

#define CALIBRATION_CYCLES (1 << 20)

/* Halves of what is written in configuration mode: bits of config.written */
enum { PRL_H, PRL_L, CNT_H, CNT_L, ALR_H, ALR_L };
#define WRITTEN(n) (1u << (n))

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

/* ---- cycles of RTCCLK ---- */

static bool running(const Stm32f100RtcState *s)
{
    return clock_is_enabled(s->rtcclk);
}

/* Edges since the epoch that reach the prescaler; CAL of 2^20 do not (5.3.2) */
static int64_t cycles_at(const Stm32f100RtcState *s, int64_t time_ns)
{
    int64_t raw = clock_ns_to_ticks(s->rtcclk, time_ns - s->epoch_ns);
    int64_t block = CALIBRATION_CYCLES - s->calibration;

    return raw / CALIBRATION_CYCLES * block +
           MIN(raw % CALIBRATION_CYCLES, block);
}

/* When edge @cycle comes; INT64_MAX: not in the life of this machine. */
static int64_t time_of(const Stm32f100RtcState *s, int64_t cycle)
{
    int64_t block = CALIBRATION_CYCLES - s->calibration;
    int64_t raw = cycle / block * CALIBRATION_CYCLES + cycle % block;
    int64_t after_ns;

    if (cycle && cycle % block == 0) {
        raw -= s->calibration; /* before those that are swallowed */
    }
    after_ns = clock_ticks_to_ns(s->rtcclk, raw);
    if (after_ns >= INT64_MAX / 2) {
        return INT64_MAX;
    }
    /* the first nanosecond at which it is over */
    return s->epoch_ns + after_ns +
           (clock_ns_to_ticks(s->rtcclk, after_ns) < raw);
}

/* Cycle that has begun last; the phase is kept while RTCCLK stands. */
static int64_t current_cycle(const Stm32f100RtcState *s)
{
    return running(s) ? cycles_at(s, now_ns())
                      : s->period_start + s->stopped_phase;
}

/* ---- counter ---- */

static int64_t period_cycles(const Stm32f100RtcState *s)
{
    return (int64_t)s->prl + 1;
}

/*
 * Flags are set in the last cycle of the prescaler's period (17.3.5): SECF each
 * time, ALRF if the counter is about to leave ALR, OWF if it is about to wrap.
 * @periods have reached their last cycle since the counter was s->cnt, of which
 * s->fired have been dealt with.
 */
static void set_flags(Stm32f100RtcState *s, int64_t periods)
{
    int64_t to_alarm = (uint32_t)(s->alr - s->cnt);
    int64_t to_overflow = UINT32_MAX - s->cnt;

    if (periods <= s->fired) {
        return;
    }
    s->flags |= R_CRL_SECF_MASK;
    qemu_irq_pulse(s->second);
    if (to_alarm >= s->fired && to_alarm < periods) {
        s->flags |= R_CRL_ALRF_MASK;
        qemu_irq_pulse(s->alarm);
    }
    if (to_overflow >= s->fired && to_overflow < periods) {
        s->flags |= R_CRL_OWF_MASK;
    }
}

/* Bring counter and flags to @cycle. */
static void count_to(Stm32f100RtcState *s, int64_t cycle)
{
    int64_t elapsed = cycle - s->period_start;
    int64_t last_cycles = (elapsed + 1) / period_cycles(s);
    int64_t periods = elapsed / period_cycles(s);

    set_flags(s, last_cycles);
    s->fired = last_cycles > periods;
    s->cnt += periods;
    s->period_start += periods * period_cycles(s);
}

/* The write that CNF=0 has started reaches the core (17.3.4). */
static void commit(Stm32f100RtcState *s)
{
    Stm32f100RtcConfig *c = &s->config;

    count_to(s, s->commit_cycle);
    if (c->written & (WRITTEN(PRL_H) | WRITTEN(PRL_L))) {
        s->prl = c->prl;
    }
    if (c->written & (WRITTEN(CNT_H) | WRITTEN(CNT_L))) {
        s->cnt = c->cnt;
    }
    if (c->written & (WRITTEN(ALR_H) | WRITTEN(ALR_L))) {
        s->alr = c->alr;
    }
    if (c->written & ~(WRITTEN(ALR_H) | WRITTEN(ALR_L))) {
        s->period_start = s->commit_cycle; /* the prescaler is reloaded */
        s->fired = false;
    }
    if (!s->prl) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rtc: with PRL=0 flags are"
                      " not reliable\n");
    }
    c->written = 0;
    s->busy = false;
}

static void sync_core(Stm32f100RtcState *s)
{
    int64_t cycle;

    if (!running(s)) {
        return;
    }
    cycle = current_cycle(s);
    if (s->busy && cycle >= s->commit_cycle) {
        commit(s);
    }
    count_to(s, cycle);
    if (cycle > s->sync_cycle) {
        s->flags |= R_CRL_RSF_MASK;
        s->unsynchronized = false;
        s->sync_cycle = INT64_MAX;
    }
}

/* ---- interrupts ---- */

/* The period, counted from this one, at whose end something is wanted. */
static int64_t wanted_period(const Stm32f100RtcState *s)
{
    int64_t wanted = (uint32_t)(s->alr - s->cnt);
    int64_t to_overflow = UINT32_MAX - s->cnt;

    if (wanted < s->fired) {
        wanted += 1LL << 32;
    }
    if ((s->crh & R_CRH_OWIE_MASK) && to_overflow >= s->fired) {
        wanted = MIN(wanted, to_overflow);
    }
    if ((s->crh & R_CRH_SECIE_MASK) || s->seconds_wanted) {
        wanted = s->fired;
    }
    return wanted;
}

static void rtc_update(Stm32f100RtcState *s)
{
    int64_t cycle, expiry_ns;

    qemu_set_irq(s->irq, (s->flags & s->crh & INTERRUPT_FLAGS) != 0);
    if (!running(s)) {
        timer_del(s->timer);
        return;
    }
    cycle = s->period_start + (wanted_period(s) + 1) * period_cycles(s) - 1;
    if (s->busy) {
        cycle = MIN(cycle, s->commit_cycle);
    }
    expiry_ns = time_of(s, cycle);
    if (expiry_ns == INT64_MAX) {
        timer_del(s->timer);
    } else {
        timer_mod(s->timer, expiry_ns);
    }
}

static void rtc_expired(void *opaque)
{
    sync_core(opaque);
    rtc_update(opaque);
}

/* ---- registers ---- */

static uint32_t crl_read(const Stm32f100RtcState *s)
{
    uint32_t crl = s->flags;

    crl = FIELD_DP32(crl, CRL, CNF, s->cnf);
    return FIELD_DP32(crl, CRL, RTOFF, !s->busy);
}

/* The interface shows reset values until it has seen an edge of RTCCLK. */
static uint32_t div_value(const Stm32f100RtcState *s)
{
    if (s->unsynchronized) {
        return PRL_RESET;
    }
    return s->prl - (uint32_t)(current_cycle(s) - s->period_start);
}

static uint32_t cnt_value(const Stm32f100RtcState *s)
{
    return s->unsynchronized ? 0 : s->cnt;
}

static uint32_t rtc_read_word(Stm32f100RtcState *s, hwaddr addr)
{
    sync_core(s);
    switch (addr) {
    case A_CRH:
        return s->crh;
    case A_CRL:
        return crl_read(s);
    case A_DIVH:
        return div_value(s) >> 16;
    case A_DIVL:
        return div_value(s) & 0xffff;
    case A_CNTH:
        return cnt_value(s) >> 16;
    case A_CNTL:
        return cnt_value(s) & 0xffff;
    case A_PRLH:
    case A_PRLL:
    case A_ALRH:
    case A_ALRL:
        return 0; /* write-only */
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rtc: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

/* Its registers are reached through the backup interface (17.1, BKPEN). */
static bool interface_clocked(const Stm32f100RtcState *s, const char *access)
{
    if (!clock_is_enabled(s->bkp)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rtc: %s while RCC does not"
                      " clock the backup interface (BKPEN)\n", access);
        return false;
    }
    return true;
}

static uint64_t rtc_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100RtcState *s = opaque;
    uint32_t word;

    if (!interface_clocked(s, "read")) {
        return 0;
    }
    word = rtc_read_word(s, addr & ~3);

    rtc_update(s);
    return stm32f100_bus_read(word, addr, size);
}

static void crl_write(Stm32f100RtcState *s, uint32_t value)
{
    bool leaves = s->cnf && !(value & R_CRL_CNF_MASK);

    if ((s->flags & R_CRL_RSF_MASK) && !(value & R_CRL_RSF_MASK)) {
        s->sync_cycle = current_cycle(s);
    }
    s->flags &= value | ~FLAGS_MASK;
    s->cnf = value & R_CRL_CNF_MASK;
    if (leaves && s->config.written) {
        s->busy = true;
        s->commit_cycle = current_cycle(s) + WRITE_CYCLES;
    }
}

/* Half-words that nobody writes stay as they are in the core. */
static void config_write(Stm32f100RtcState *s, unsigned half, uint16_t value)
{
    Stm32f100RtcConfig *c = &s->config;
    uint32_t *word = half <= PRL_L ? &c->prl : half <= CNT_L ? &c->cnt
                                                             : &c->alr;
    uint32_t core = half <= PRL_L ? s->prl : half <= CNT_L ? s->cnt : s->alr;

    if (!s->cnf) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rtc: PRL, CNT and ALR are"
                      " written in configuration mode only (CNF=1)\n");
        return;
    }
    if (!(c->written & (WRITTEN(half) | WRITTEN(half ^ 1)))) {
        *word = core;
    }
    *word = deposit32(*word, half & 1 ? 0 : 16, 16, value);
    c->prl &= PRL_MASK;
    c->written |= WRITTEN(half);
}

static bool can_write(const Stm32f100RtcState *s)
{
    if (!s->backup_writable) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rtc: write-protected until"
                      " PWR_CR.DBP is set\n");
        return false;
    }
    if (s->busy) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rtc: written while the last"
                      " write is under way (RTOFF=0)\n");
        return false;
    }
    return !s->backup_held;
}

static void rtc_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100RtcState *s = opaque;
    uint32_t value = stm32f100_apb_write(data, size);

    if (!interface_clocked(s, "write")) {
        return;
    }
    sync_core(s);
    if (!can_write(s)) {
        return;
    }
    switch (addr & ~3) {
    case A_CRH:
        s->crh = value & CRH_MASK;
        break;
    case A_CRL:
        crl_write(s, value);
        break;
    case A_PRLH:
    case A_PRLL:
        config_write(s, (addr & ~3) == A_PRLH ? PRL_H : PRL_L, value);
        break;
    case A_CNTH:
    case A_CNTL:
        config_write(s, (addr & ~3) == A_CNTH ? CNT_H : CNT_L, value);
        break;
    case A_ALRH:
    case A_ALRL:
        config_write(s, (addr & ~3) == A_ALRH ? ALR_H : ALR_L, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-rtc: write of offset 0x%"
                      HWADDR_PRIx ", which cannot be written\n", addr);
        return;
    }
    rtc_update(s);
}

static const MemoryRegionOps rtc_ops = STM32F100_BUS_OPS(rtc_read, rtc_write);

/* ---- what reaches it from outside ---- */

/* Keep where the core is, while the clock changes under it. */
static void hold_core(Stm32f100RtcState *s)
{
    int64_t to_commit, to_sync;

    sync_core(s);
    s->stopped_phase = current_cycle(s) - s->period_start;
    to_commit = s->commit_cycle - s->period_start - s->stopped_phase;
    to_sync = s->sync_cycle == INT64_MAX ? INT64_MAX : 0;
    s->epoch_ns = now_ns();
    s->period_start = -s->stopped_phase;
    s->commit_cycle = to_commit;
    s->sync_cycle = to_sync;
}

static void rtcclk_changes(void *opaque, ClockEvent event)
{
    Stm32f100RtcState *s = opaque;

    if (event == ClockPreUpdate) {
        hold_core(s);
    } else {
        s->epoch_ns = now_ns();
        rtc_update(s);
    }
}

/* APB1 has stood still: its copies of the core's registers are stale. */
static void desynchronize(Stm32f100RtcState *s)
{
    s->flags &= ~R_CRL_RSF_MASK;
    s->unsynchronized = true;
    s->sync_cycle = current_cycle(s);
}

static void pclk1_changes(void *opaque, ClockEvent event)
{
    Stm32f100RtcState *s = opaque;

    sync_core(s);
    if (!clock_is_enabled(s->pclk1)) {
        desynchronize(s);
        s->sync_cycle = INT64_MAX; /* not before APB1 runs again */
    } else if (s->unsynchronized && s->sync_cycle == INT64_MAX) {
        desynchronize(s);
    }
    rtc_update(s);
}

void stm32f100_rtc_set_calibration(Stm32f100RtcState *s, uint8_t cal)
{
    if (s->calibration != cal) {
        hold_core(s);
        s->calibration = cal;
        rtc_update(s);
    }
}

void stm32f100_rtc_want_seconds(Stm32f100RtcState *s, bool wanted)
{
    if (s->seconds_wanted != wanted) {
        sync_core(s);
        s->seconds_wanted = wanted;
        rtc_update(s);
    }
}

static void set_dbp(void *opaque, int n, int level)
{
    STM32F100_RTC(opaque)->backup_writable = level;
}

static void reset_core(Stm32f100RtcState *s)
{
    s->epoch_ns = now_ns();
    s->period_start = 0;
    s->stopped_phase = 0;
    s->fired = false;
    s->prl = PRL_RESET;
    s->cnt = 0;
    s->alr = ALR_RESET;
    s->busy = false;
    s->config.written = 0;
    s->sync_cycle = 0;
}

static void set_backup_reset(void *opaque, int n, int level)
{
    Stm32f100RtcState *s = opaque;

    s->backup_held = level;
    if (level) {
        reset_core(s);
        rtc_update(s);
    }
}

/* ---- life cycle ---- */

static void rtc_reset_hold(Object *obj, ResetType type)
{
    Stm32f100RtcState *s = STM32F100_RTC(obj);

    sync_core(s);
    s->crh = 0;
    s->flags = 0;
    s->cnf = false;
    s->busy = false;
    s->config.written = 0;
    desynchronize(s);
}

static void rtc_reset_exit(Object *obj, ResetType type)
{
    rtc_update(STM32F100_RTC(obj));
}

static void rtc_init(Object *obj)
{
    Stm32f100RtcState *s = STM32F100_RTC(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &rtc_ops, s, TYPE_STM32F100_RTC,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    s->rtcclk = qdev_init_clock_in(dev, "rtcclk", rtcclk_changes, s,
                                   ClockPreUpdate | ClockUpdate);
    s->pclk1 = qdev_init_clock_in(dev, "pclk1", pclk1_changes, s, ClockUpdate);
    s->bkp = qdev_init_clock_in(dev, "bkp", NULL, NULL, 0);
    qdev_init_gpio_in_named(dev, set_dbp, "dbp", 1);
    qdev_init_gpio_in_named(dev, set_backup_reset, "backup-reset", 1);
    qdev_init_gpio_out_named(dev, &s->alarm, "alarm", 1);
    qdev_init_gpio_out_named(dev, &s->second, "second", 1);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, rtc_expired, s);
    reset_core(s);
}

static const VMStateDescription vmstate_config = {
    .name = "stm32f100-rtc-config",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(prl, Stm32f100RtcConfig),
        VMSTATE_UINT32(cnt, Stm32f100RtcConfig),
        VMSTATE_UINT32(alr, Stm32f100RtcConfig),
        VMSTATE_UINT8(written, Stm32f100RtcConfig),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_rtc = {
    .name = TYPE_STM32F100_RTC,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(rtcclk, Stm32f100RtcState),
        VMSTATE_CLOCK(pclk1, Stm32f100RtcState),
        VMSTATE_CLOCK(bkp, Stm32f100RtcState),
        VMSTATE_TIMER_PTR(timer, Stm32f100RtcState),
        VMSTATE_BOOL(backup_writable, Stm32f100RtcState),
        VMSTATE_BOOL(backup_held, Stm32f100RtcState),
        VMSTATE_BOOL(seconds_wanted, Stm32f100RtcState),
        VMSTATE_INT64(epoch_ns, Stm32f100RtcState),
        VMSTATE_INT64(period_start, Stm32f100RtcState),
        VMSTATE_INT64(stopped_phase, Stm32f100RtcState),
        VMSTATE_BOOL(fired, Stm32f100RtcState),
        VMSTATE_UINT32(prl, Stm32f100RtcState),
        VMSTATE_UINT32(cnt, Stm32f100RtcState),
        VMSTATE_UINT32(alr, Stm32f100RtcState),
        VMSTATE_UINT8(calibration, Stm32f100RtcState),
        VMSTATE_UINT8(crh, Stm32f100RtcState),
        VMSTATE_UINT8(flags, Stm32f100RtcState),
        VMSTATE_BOOL(cnf, Stm32f100RtcState),
        VMSTATE_BOOL(busy, Stm32f100RtcState),
        VMSTATE_INT64(commit_cycle, Stm32f100RtcState),
        VMSTATE_INT64(sync_cycle, Stm32f100RtcState),
        VMSTATE_BOOL(unsynchronized, Stm32f100RtcState),
        VMSTATE_STRUCT(config, Stm32f100RtcState, 1, vmstate_config,
                       Stm32f100RtcConfig),
        VMSTATE_END_OF_LIST()
    }
};

static void rtc_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->vmsd = &vmstate_rtc;
    rc->phases.hold = rtc_reset_hold;
    rc->phases.exit = rtc_reset_exit;
}

static const TypeInfo rtc_types[] = {
    {
        .name = TYPE_STM32F100_RTC,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100RtcState),
        .instance_init = rtc_init,
        .class_init = rtc_class_init,
    },
};
DEFINE_TYPES(rtc_types)
