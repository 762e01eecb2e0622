/*
 * Arbitration and minor loops of the eDMA of the i.MX RT1176 (IMXRT1170RM,
 * chapter "Enhanced Direct Memory Access", sections "Functional description"
 * and "Performance").  A channel that is taken up keeps the engine busy for its
 * minor loop; the data move at its end, and what follows from it (requests
 * that fall, flags, links) happens then.  Nothing else ticks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "rt1176_edma_internal.h"

/* Section "Performance": cycles of the eDMA's clock. */
#define STARTUP_CYCLES 4
#define SHUTDOWN_CYCLES 3
#define PERIPHERAL_READ_WAITS 2
#define PERIPHERAL_WRITE_WAITS 3

#define GROUP_CHANNELS 16
#define BURST_BYTES 32
#define WORD_SIZE_MAX 8 /* of one beat on the bus */
#define TCD_BYTES (4 * RT1176_EDMA_TCD_WORDS)

#define ES_CONFIGURATION                                                       \
    (R_ES_SGE_MASK | R_ES_NCE_MASK | R_ES_DOE_MASK | R_ES_DAE_MASK |           \
     R_ES_SOE_MASK | R_ES_SAE_MASK | R_ES_CPE_MASK | R_ES_GPE_MASK)

/* ---- what a descriptor says ---- */

/* Bytes of one access; 0: reserved. */
static unsigned access_size(uint32_t field)
{
    static const uint8_t size[8] = { 1, 2, 4, 8, 0, BURST_BYTES, 0, 0 };

    return size[field];
}

/* Bytes of a minor loop: 0 stands for the most that the field can say. */
static uint64_t minor_bytes(const Rt1176EdmaState *s, const uint32_t *tcd)
{
    uint64_t bytes = tcd[TCD_NBYTES];

    if (!FIELD_EX32(s->cr, CR, EMLM)) {
        return bytes ? bytes : 1ull << 32;
    }
    if (TCD_GET(tcd, NBYTES, SMLOE) || TCD_GET(tcd, NBYTES, DMLOE)) {
        bytes = TCD_GET(tcd, NBYTES, MLOFFYES);
        return bytes ? bytes : 1ull << R_TCD_NBYTES_MLOFFYES_LENGTH;
    }
    bytes = TCD_GET(tcd, NBYTES, MLOFFNO);
    return bytes ? bytes : 1ull << R_TCD_NBYTES_MLOFFNO_LENGTH;
}

static unsigned citer(const uint32_t *tcd)
{
    return TCD_GET(tcd, CITER, ELINK) ? TCD_GET(tcd, CITER, CITER_LINKED)
                                      : TCD_GET(tcd, CITER, CITER);
}

static unsigned biter(const uint32_t *tcd)
{
    return TCD_GET(tcd, CSR, BITER_ELINK) ? TCD_GET(tcd, CSR, BITER_LINKED)
                                          : TCD_GET(tcd, CSR, BITER);
}

/* Bytes of a read/write sequence: the larger of the two sizes. */
static unsigned sequence_bytes(const uint32_t *tcd)
{
    return MAX(access_size(TCD_GET(tcd, ATTR, SSIZE)),
               access_size(TCD_GET(tcd, ATTR, DSIZE)));
}

static bool is_multiple(uint64_t value, unsigned size)
{
    return size && !(value & (size - 1));
}

/* The configuration errors of a descriptor, as in ES. */
static uint32_t configuration_errors(const Rt1176EdmaState *s,
                                     const uint32_t *tcd)
{
    unsigned ssize = access_size(TCD_GET(tcd, ATTR, SSIZE));
    unsigned dsize = access_size(TCD_GET(tcd, ATTR, DSIZE));
    uint64_t bytes = minor_bytes(s, tcd);
    uint32_t es = 0;

    es = FIELD_DP32(es, ES, SAE, !is_multiple(tcd[TCD_SADDR], ssize));
    es = FIELD_DP32(es, ES, SOE,
                    !is_multiple(TCD_GET(tcd, ATTR, SOFF), ssize));
    es = FIELD_DP32(es, ES, DAE, !is_multiple(tcd[TCD_DADDR], dsize));
    es = FIELD_DP32(es, ES, DOE,
                    !is_multiple(TCD_GET(tcd, CITER, DOFF), dsize));
    return FIELD_DP32(es, ES, NCE,
                      !is_multiple(bytes, ssize) ||
                          !is_multiple(bytes, dsize) || !citer(tcd) ||
                          TCD_GET(tcd, CITER, ELINK) !=
                              TCD_GET(tcd, CSR, BITER_ELINK));
}

/* ---- errors ---- */

static void report(Rt1176EdmaState *s, unsigned channel, uint32_t es)
{
    s->es = FIELD_DP32(es | R_ES_VLD_MASK, ES, ERRCHN, channel);
    s->err |= 1u << channel;
    if (FIELD_EX32(s->cr, CR, HOE)) {
        s->cr |= R_CR_HALT_MASK;
    }
    if (es & ES_CONFIGURATION) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-edma: configuration error of"
                      " channel %u, ES 0x%08x\n", channel, s->es);
    } else if (es & (R_ES_SBE_MASK | R_ES_DBE_MASK)) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-edma: bus error of channel %u,"
                      " ES 0x%08x\n", channel, s->es);
    }
    rt1176_edma_update_irqs(s);
}

/* ---- arbitration ---- */

static uint32_t wanting(const Rt1176EdmaState *s)
{
    uint32_t channels = s->requests & s->erq & ~s->failed;

    for (unsigned n = 0; n < RT1176_EDMA_CHANNELS; n++) {
        channels |= TCD_GET(s->tcd[n], CSR, START) << n;
    }
    for (const Rt1176EdmaService *busy = &s->service; busy;
         busy = busy == &s->service ? &s->preempted : NULL) {
        if (busy->active) {
            channels &= ~(1u << busy->channel);
        }
    }
    return channels;
}

static unsigned channel_priority(const Rt1176EdmaState *s, unsigned channel)
{
    unsigned group = channel < GROUP_CHANNELS
                         ? FIELD_EX32(s->cr, CR, GRP0PRI)
                         : FIELD_EX32(s->cr, CR, GRP1PRI);

    return group * GROUP_CHANNELS + FIELD_EX32(s->dchpri[channel], DCHPRI,
                                               CHPRI);
}

/* Round robin goes from the highest number down. */
static unsigned next_in_turn(unsigned wanted, unsigned last, unsigned count)
{
    for (unsigned i = 1; i <= count; i++) {
        unsigned n = (last + count - i) % count;

        if (wanted & 1u << n) {
            return n;
        }
    }
    g_assert_not_reached();
}

static unsigned choose_group(const Rt1176EdmaState *s, uint32_t channels)
{
    unsigned groups = (channels & 0xffff ? 1 : 0) | (channels >> 16 ? 2 : 0);

    if (FIELD_EX32(s->cr, CR, ERGA)) {
        return next_in_turn(groups, s->last_group, 2);
    }
    if (groups == 3) {
        return FIELD_EX32(s->cr, CR, GRP1PRI) >= FIELD_EX32(s->cr, CR, GRP0PRI);
    }
    return groups >> 1;
}

/* The channel to be taken up next; @channels are not none. */
static unsigned arbitrate(const Rt1176EdmaState *s, uint32_t channels)
{
    unsigned group = choose_group(s, channels);
    uint32_t members = extract32(channels, GROUP_CHANNELS * group,
                                 GROUP_CHANNELS);
    unsigned best = ctz32(members);

    if (FIELD_EX32(s->cr, CR, ERCA)) {
        best = next_in_turn(members, s->last_channel[group], GROUP_CHANNELS);
        return GROUP_CHANNELS * group + best;
    }
    best += GROUP_CHANNELS * group;
    for (unsigned n = best + 1; n < GROUP_CHANNELS * (group + 1); n++) {
        if (channels & 1u << n &&
            channel_priority(s, n) > channel_priority(s, best)) {
            best = n;
        }
    }
    return best;
}

/* Fixed arbitration needs priorities of which no two are equal. */
static uint32_t priority_errors(const Rt1176EdmaState *s)
{
    uint32_t es = 0;

    if (!FIELD_EX32(s->cr, CR, ERGA) &&
        FIELD_EX32(s->cr, CR, GRP0PRI) == FIELD_EX32(s->cr, CR, GRP1PRI)) {
        es |= R_ES_GPE_MASK;
    }
    for (unsigned group = 0; group < 2 && !FIELD_EX32(s->cr, CR, ERCA);
         group++) {
        uint32_t seen = 0;

        for (unsigned n = 0; n < GROUP_CHANNELS; n++) {
            seen |= 1u << FIELD_EX32(s->dchpri[GROUP_CHANNELS * group + n],
                                     DCHPRI, CHPRI);
        }
        es |= seen == 0xffff ? 0 : R_ES_CPE_MASK;
    }
    return es;
}

/* ---- a minor loop ---- */

static bool is_peripheral(uint32_t address)
{
    return address >= 0x40000000 && address < 0x60000000;
}

static unsigned beats(unsigned size)
{
    return size > WORD_SIZE_MAX ? size / WORD_SIZE_MAX : 1;
}

static unsigned sequence_cycles(const uint32_t *tcd)
{
    static const uint8_t stall[] = { 0, 0, 4, 8 };
    unsigned ssize = access_size(TCD_GET(tcd, ATTR, SSIZE));
    unsigned dsize = access_size(TCD_GET(tcd, ATTR, DSIZE));
    unsigned bytes = sequence_bytes(tcd);
    unsigned read = 1 + (is_peripheral(tcd[TCD_SADDR]) ? PERIPHERAL_READ_WAITS
                                                       : 0);
    unsigned write = 1 + (is_peripheral(tcd[TCD_DADDR])
                              ? PERIPHERAL_WRITE_WAITS : 0);

    return bytes / ssize * beats(ssize) * read +
           bytes / dsize * beats(dsize) * write + stall[TCD_GET(tcd, CSR, BWC)];
}

/* Within the 2^@mod bytes around @address, or without limits. */
static uint32_t next_address(uint32_t address, int16_t offset, unsigned mod)
{
    uint32_t next = address + offset;

    return mod ? deposit32(address, 0, mod, next) : next;
}

/* One read/write sequence; the error it ends with, as in ES. */
static uint32_t move_sequence(Rt1176EdmaState *s, uint32_t *tcd)
{
    unsigned ssize = access_size(TCD_GET(tcd, ATTR, SSIZE));
    unsigned dsize = access_size(TCD_GET(tcd, ATTR, DSIZE));
    unsigned bytes = sequence_bytes(tcd);
    uint8_t data[BURST_BYTES];

    if (!ssize || !dsize) { /* written since the channel was taken up */
        return (ssize ? 0 : R_ES_SAE_MASK) | (dsize ? 0 : R_ES_DAE_MASK);
    }
    for (unsigned i = 0; i < bytes; i += ssize) {
        if (address_space_read(&s->as, tcd[TCD_SADDR], MEMTXATTRS_UNSPECIFIED,
                               data + i, ssize) != MEMTX_OK) {
            return R_ES_SBE_MASK;
        }
        tcd[TCD_SADDR] = next_address(tcd[TCD_SADDR],
                                      TCD_GET(tcd, ATTR, SOFF),
                                      TCD_GET(tcd, ATTR, SMOD));
    }
    for (unsigned i = 0; i < bytes; i += dsize) {
        if (address_space_write(&s->as, tcd[TCD_DADDR], MEMTXATTRS_UNSPECIFIED,
                                data + i, dsize) != MEMTX_OK) {
            return R_ES_DBE_MASK;
        }
        tcd[TCD_DADDR] = next_address(tcd[TCD_DADDR],
                                      TCD_GET(tcd, CITER, DOFF),
                                      TCD_GET(tcd, ATTR, DMOD));
    }
    return 0;
}

/* Where the next minor loop begins, unless the major loop is complete. */
static void apply_minor_offset(const Rt1176EdmaState *s, uint32_t *tcd)
{
    int32_t offset = sextract32(tcd[TCD_NBYTES], R_TCD_NBYTES_MLOFF_SHIFT,
                                R_TCD_NBYTES_MLOFF_LENGTH);

    if (!FIELD_EX32(s->cr, CR, EMLM)) {
        return;
    }
    if (TCD_GET(tcd, NBYTES, SMLOE)) {
        tcd[TCD_SADDR] += offset;
    }
    if (TCD_GET(tcd, NBYTES, DMLOE)) {
        tcd[TCD_DADDR] += offset;
    }
}

/* The descriptor that DLASTSGA points to takes the place of this one. */
static uint32_t load_descriptor(Rt1176EdmaState *s, uint32_t *tcd)
{
    uint32_t address = tcd[TCD_DLASTSGA];
    uint32_t next[RT1176_EDMA_TCD_WORDS];

    if (address % TCD_BYTES) {
        return R_ES_SGE_MASK;
    }
    if (address_space_read(&s->as, address, MEMTXATTRS_UNSPECIFIED, next,
                           TCD_BYTES) != MEMTX_OK) {
        return R_ES_SBE_MASK;
    }
    for (unsigned i = 0; i < RT1176_EDMA_TCD_WORDS; i++) {
        tcd[i] = le32_to_cpu(next[i]);
    }
    TCD_SET(tcd, CSR, ACTIVE, 0);
    return 0;
}

static void link_to(Rt1176EdmaState *s, unsigned channel)
{
    TCD_SET(s->tcd[channel], CSR, START, 1);
}

static void complete_major(Rt1176EdmaState *s, unsigned channel)
{
    uint32_t *tcd = s->tcd[channel];
    uint32_t csr = tcd[TCD_CSR];
    uint32_t es;

    /* CITER begins anew at BITER, with its link */
    tcd[TCD_CITER] = deposit32(tcd[TCD_CITER], 16, 16, csr >> 16);
    tcd[TCD_SADDR] += tcd[TCD_SLAST];
    if (FIELD_EX32(csr, TCD_CSR, DREQ)) {
        s->erq &= ~(1u << channel);
    }
    if (FIELD_EX32(csr, TCD_CSR, INTMAJOR)) {
        s->interrupts |= 1u << channel;
    }
    TCD_SET(tcd, CSR, DONE, 1);
    if (FIELD_EX32(csr, TCD_CSR, ESG)) {
        es = load_descriptor(s, tcd);
        if (es) {
            report(s, channel, es);
        }
    } else {
        tcd[TCD_DADDR] += tcd[TCD_DLASTSGA];
    }
    if (FIELD_EX32(csr, TCD_CSR, MAJORELINK)) {
        link_to(s, FIELD_EX32(csr, TCD_CSR, MAJORLINKCH));
    }
}

static void complete_minor(Rt1176EdmaState *s, unsigned channel)
{
    uint32_t *tcd = s->tcd[channel];
    unsigned left = citer(tcd) - 1;

    if (TCD_GET(tcd, CITER, ELINK)) {
        TCD_SET(tcd, CITER, CITER_LINKED, left);
    } else {
        TCD_SET(tcd, CITER, CITER, left);
    }
    if (TCD_GET(tcd, CSR, INTHALF) && left == biter(tcd) / 2) {
        s->interrupts |= 1u << channel;
    }
    if (!left) {
        complete_major(s, channel);
        return;
    }
    apply_minor_offset(s, tcd);
    if (TCD_GET(tcd, CITER, ELINK)) {
        link_to(s, TCD_GET(tcd, CITER, LINKCH));
    }
}

/* ---- the engine ---- */

static void arm(Rt1176EdmaState *s)
{
    timer_mod_ns(s->timer, s->service.end_ns);
}

/* Take up @channel: for its minor loop, or to find an error. */
static void begin(Rt1176EdmaState *s, unsigned channel)
{
    uint32_t *tcd = s->tcd[channel];
    bool by_request = !TCD_GET(tcd, CSR, START);
    uint32_t es = priority_errors(s) | configuration_errors(s, tcd);
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    TCD_SET(tcd, CSR, START, 0);
    s->last_group = channel / GROUP_CHANNELS;
    s->last_channel[s->last_group] = channel % GROUP_CHANNELS;
    if (es) {
        s->failed |= by_request << channel;
        report(s, channel, es);
    } else {
        uint64_t sequences = minor_bytes(s, tcd) / sequence_bytes(tcd);
        uint64_t cycles = STARTUP_CYCLES + SHUTDOWN_CYCLES +
                          sequences * sequence_cycles(tcd);

        TCD_SET(tcd, CSR, DONE, 0);
        TCD_SET(tcd, CSR, ACTIVE, 1);
        s->service = (Rt1176EdmaService){
            .active = true,
            .channel = channel,
            .from_ns = now_ns,
            .end_ns = now_ns + clock_ticks_to_ns(s->clk, cycles),
            .sequences = sequences,
            .sequence_cycles = sequence_cycles(tcd),
        };
        arm(s);
    }
    if (by_request) {
        qemu_irq_pulse(s->acknowledge[channel]);
    }
}

/* Whether @channel may interrupt the minor loop in progress. */
static bool preempts(const Rt1176EdmaState *s, unsigned channel)
{
    unsigned busy = s->service.channel;

    return !s->preempted.active && !FIELD_EX32(s->cr, CR, ERCA) &&
           !FIELD_EX32(s->cr, CR, ERGA) &&
           FIELD_EX32(s->dchpri[busy], DCHPRI, ECP) &&
           !FIELD_EX32(s->dchpri[channel], DCHPRI, DPA) &&
           channel_priority(s, channel) > channel_priority(s, busy);
}

void rt1176_edma_serve(Rt1176EdmaState *s)
{
    uint32_t channels;

    while (!s->moving && clock_is_enabled(s->clk) &&
           !FIELD_EX32(s->cr, CR, HALT) && (channels = wanting(s))) {
        unsigned channel = arbitrate(s, channels);

        if (s->service.active) {
            if (!preempts(s, channel)) {
                return;
            }
            s->preempted = s->service;
            s->service.active = false;
        }
        begin(s, channel);
        if (!s->service.active && s->preempted.active) {
            s->service = s->preempted; /* it was an error */
            s->preempted.active = false;
        }
    }
}

/* A channel that was preempted goes on, so much later. */
static void resume_preempted(Rt1176EdmaState *s, int64_t lost_ns)
{
    if (s->preempted.active) {
        s->service = s->preempted;
        s->service.from_ns += lost_ns;
        s->service.end_ns += lost_ns;
        s->preempted.active = false;
        arm(s);
    }
}

/* The minor loop in progress ends with @sequences. */
static void finish(Rt1176EdmaState *s, uint64_t sequences)
{
    unsigned channel = s->service.channel;
    uint32_t *tcd = s->tcd[channel];
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    bool again = FIELD_EX32(s->cr, CR, CLM) && TCD_GET(tcd, CITER, ELINK) &&
                 TCD_GET(tcd, CITER, LINKCH) == channel && citer(tcd) > 1;
    uint32_t es = 0;

    s->moving = true;
    s->cancelled = false;
    while (sequences-- && !es && !s->cancelled) {
        es = move_sequence(s, tcd);
    }
    s->moving = false;
    if (!s->service.active) {
        return; /* what it has written has reset the part */
    }
    TCD_SET(tcd, CSR, ACTIVE, 0);
    if (es) {
        s->failed |= s->requests & 1u << channel;
        report(s, channel, es);
    } else {
        complete_minor(s, channel);
    }
    rt1176_edma_update_irqs(s);
    s->service.active = false;
    resume_preempted(s, now_ns - s->service.from_ns);
    if (again && !es && !s->service.active) {
        begin(s, channel); /* continuous link: no arbitration */
    }
    rt1176_edma_serve(s);
}

void rt1176_edma_service_done(void *opaque)
{
    Rt1176EdmaState *s = opaque;

    finish(s, s->service.sequences);
}

void rt1176_edma_cancel(Rt1176EdmaState *s, bool error)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    uint64_t cycles;

    if (!s->service.active) {
        return;
    }
    if (error) {
        report(s, s->service.channel, R_ES_ECX_MASK);
    }
    if (s->moving) { /* the channel's own write */
        s->cancelled = true;
        return;
    }
    cycles = clock_ns_to_ticks(s->clk, now_ns - s->service.from_ns);
    timer_del(s->timer);
    finish(s, cycles < STARTUP_CYCLES
                  ? 0
                  : MIN((cycles - STARTUP_CYCLES) / s->service.sequence_cycles +
                            1,
                        s->service.sequences));
}
