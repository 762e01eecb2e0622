/*
 * LPI2C as slave (IMXRT1170RM, chapter "Low Power Inter-Integrated Circuit",
 * "Slave mode"): addresses, the transmit and the receive data register, the
 * acknowledge, clock stretching, flags.  What comes over the bus comes from
 * rt1176_lpi2c_target.c, an octet at the end of its acknowledge bit.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "migration/vmstate.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "rt1176_lpi2c_internal.h"

#define SCR_WRITABLE \
    (R_SCR_SEN_MASK | R_SCR_RST_MASK | R_SCR_FILTEN_MASK | R_SCR_FILTDZ_MASK)
#define SSR_W1C \
    (R_SSR_RSF_MASK | R_SSR_SDF_MASK | R_SSR_BEF_MASK | R_SSR_FEF_MASK)
/* A read of the received address clears these. */
#define SSR_ADDRESS (R_SSR_AVF_MASK | R_SSR_AM0F_MASK | R_SSR_AM1F_MASK | \
                     R_SSR_GCF_MASK | R_SSR_SARF_MASK)
#define SIER_WRITABLE 0xff0f
#define SDER_WRITABLE 0x7
#define SCFGR1_WRITABLE 0x00073f0f
#define SCFGR2_WRITABLE 0x0f0f3f0f
#define SAMR_WRITABLE 0x07fe07fe

#define GENERAL_CALL 0x00
#define ALERT_RESPONSE 0x0c
#define TEN_BITS 0x1e      /* the five highest bits of such a first octet */
#define CLKHOLD_CYCLES 3   /* ... and those of SCFGR2 */

#define SCFGR1_BIT(slave, field) FIELD_EX32((slave)->scfgr1, SCFGR1, field)

/* ---- status ---- */

static bool tdf(const Rt1176Lpi2cSlave *slave)
{
    return !slave->stdr_full && (SCFGR1_BIT(slave, TXCFG) || slave->sending);
}

static uint32_t status(const Rt1176Lpi2cState *s)
{
    const Rt1176Lpi2cSlave *slave = &s->slave;
    uint32_t ssr = slave->ssr;
    bool busy = slave->bus && FIELD_EX32(slave->scr, SCR, SEN) &&
                lpi2c_bus_is_busy(RT1176_LPI2C(slave->bus->qbus.parent));

    ssr = FIELD_DP32(ssr, SSR, TDF, tdf(slave));
    ssr = FIELD_DP32(ssr, SSR, RDF, slave->srdr_full);
    ssr = FIELD_DP32(ssr, SSR, SBF, slave->active);
    return FIELD_DP32(ssr, SSR, BBF, busy);
}

bool lpi2c_slave_interrupts(const Rt1176Lpi2cState *s)
{
    return status(s) & s->slave.sier;
}

bool lpi2c_slave_requests_dma(const Rt1176Lpi2cState *s)
{
    return status(s) & s->slave.sder;
}

/* ---- clock stretching ---- */

/* Behind an acknowledge bit, or (ACKSTALL) before it. */
static bool wants_stretch(const Rt1176Lpi2cSlave *slave)
{
    if (!slave->active) {
        return false;
    }
    return (SCFGR1_BIT(slave, ADRSTALL) && (slave->ssr & R_SSR_AVF_MASK)) ||
           (SCFGR1_BIT(slave, RXSTALL) && slave->srdr_full &&
            !slave->sending) ||
           (SCFGR1_BIT(slave, TXDSTALL) && slave->starved) ||
           (slave->ssr & R_SSR_TAF_MASK);
}

static void set_stretch(Rt1176Lpi2cState *s, bool stretches)
{
    if (s->slave.stretches != stretches) {
        s->slave.stretches = stretches;
        lpi2c_stretch(RT1176_LPI2C(s->slave.bus->qbus.parent));
    }
}

static void release_scl(void *opaque)
{
    set_stretch(opaque, false);
}

/* The octet to send moves on when SCL goes on; without one there is an error */
static void load_shift(Rt1176Lpi2cSlave *slave)
{
    if (!slave->starved || (slave->ssr & R_SSR_TAF_MASK)) {
        return;
    }
    if (slave->stdr_full) {
        slave->shift = slave->stdr;
        slave->stdr_full = slave->starved = false;
    } else if (!wants_stretch(slave)) {
        slave->shift = 0xff;
        slave->starved = false;
        slave->ssr |= R_SSR_FEF_MASK;
    }
}

/* What follows from a change of registers or of the transfer. */
static void go_on(Rt1176Lpi2cState *s)
{
    Rt1176Lpi2cSlave *slave = &s->slave;
    unsigned cycles = FIELD_EX32(slave->scfgr2, SCFGR2, CLKHOLD) +
                      CLKHOLD_CYCLES;

    load_shift(slave);
    if (wants_stretch(slave)) {
        timer_del(slave->release);
        set_stretch(s, true);
    } else if (!slave->active) {
        timer_del(slave->release);
        set_stretch(s, false);
    } else if (slave->stretches && !timer_pending(slave->release)) {
        timer_mod(slave->release,
                  qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                      (int64_t)(((unsigned __int128)clock_get(s->clk) *
                                 cycles) >> 32));
    }
    lpi2c_update(s);
}

/* ---- addresses ---- */

typedef enum Match { MATCH_NONE, MATCH_0, MATCH_1 } Match;

/* SCFGR1[ADDRCFG]: which of ADDR0 and ADDR1 have 10 bits, or a range. */
static const struct {
    bool ten_bits[2];
    bool second;
    bool range;
} addrcfg[8] = {
    { { false, false }, false, false }, { { true, false }, false, false },
    { { false, false }, true, false },  { { true, true }, true, false },
    { { false, true }, true, false },   { { true, false }, true, false },
    { { false, false }, true, true },   { { true, true }, true, true },
};

/* @address of @bits bits; 7 bits are compared with the lower 7 of a field. */
static Match find_match(const Rt1176Lpi2cSlave *slave, unsigned address,
                        unsigned bits)
{
    unsigned config = SCFGR1_BIT(slave, ADDRCFG);
    unsigned mask = (1u << bits) - 1;
    unsigned addr0 = FIELD_EX32(slave->samr, SAMR, ADDR0) & mask;
    unsigned addr1 = FIELD_EX32(slave->samr, SAMR, ADDR1) & mask;
    bool first = addrcfg[config].ten_bits[0] == (bits == 10);
    bool second = addrcfg[config].second &&
                  addrcfg[config].ten_bits[1] == (bits == 10);

    if (addrcfg[config].range) {
        return first && address >= addr0 && address <= addr1 ? MATCH_1
                                                             : MATCH_NONE;
    }
    if (first && address == addr0) {
        return MATCH_0;
    }
    return second && address == addr1 ? MATCH_1 : MATCH_NONE;
}

/* Whether @header may be the beginning of an address of 10 bits. */
static bool header_matches(const Rt1176Lpi2cSlave *slave, uint8_t header)
{
    unsigned high = extract32(header, 1, 2) << 8;

    for (unsigned low = 0; low < 256; low++) {
        if (find_match(slave, high | low, 10)) {
            return true;
        }
    }
    return false;
}

static bool is_header(uint8_t octet)
{
    return octet >> 3 == TEN_BITS;
}

bool lpi2c_slave_answers(const Rt1176Lpi2cState *s, uint8_t address)
{
    const Rt1176Lpi2cSlave *slave = &s->slave;

    if (!FIELD_EX32(slave->scr, SCR, SEN)) {
        return false;
    }
    if (is_header(address << 1)) {
        return header_matches(slave, address << 1);
    }
    return (address == GENERAL_CALL && SCFGR1_BIT(slave, GCEN)) ||
           (address == ALERT_RESPONSE && SCFGR1_BIT(slave, SAEN)) ||
           (address != GENERAL_CALL && find_match(slave, address, 7));
}

/* ---- octets ---- */

/* ACKSTALL asks software; otherwise STAR tells what it has decided before. */
static bool acknowledge(Rt1176Lpi2cSlave *slave)
{
    if (SCFGR1_BIT(slave, ACKSTALL)) {
        slave->ssr |= R_SSR_TAF_MASK;
        return true;
    }
    return !FIELD_EX32(slave->star, STAR, TXNACK);
}

/* An acknowledge bit that was a one ends the transfer, but with IGNACK. */
static void acknowledge_bit(Rt1176Lpi2cSlave *slave, bool ack)
{
    if (!ack && !SCFGR1_BIT(slave, IGNACK)) {
        slave->active = slave->sending = slave->starved = false;
    }
}

/* The whole address is its own. */
static bool address_valid(Rt1176Lpi2cSlave *slave, uint32_t flag,
                          unsigned raddr)
{
    bool ack;

    slave->ssr = (slave->ssr & ~SSR_ADDRESS) | R_SSR_AVF_MASK | flag;
    slave->sasr = raddr;
    slave->matched = slave->active = true;
    slave->first = true;
    slave->sending = slave->starved = raddr & 1;
    if (slave->sending && !SCFGR1_BIT(slave, TXCFG)) {
        slave->stdr_full = false;
    }
    ack = acknowledge(slave);
    acknowledge_bit(slave, ack);
    return ack;
}

static uint32_t match_flag(Match match)
{
    return match == MATCH_0 ? R_SSR_AM0F_MASK : R_SSR_AM1F_MASK;
}

/* The first octet of 10 bits; a read goes on with the address written before */
static bool address_header(Rt1176Lpi2cSlave *slave, uint8_t octet)
{
    unsigned address = extract32(slave->sasr, 1, 10);
    bool ack;

    if (octet & 1) {
        if (slave->header != (octet & ~1) || !find_match(slave, address, 10)) {
            return false;
        }
        return address_valid(slave, match_flag(find_match(slave, address, 10)),
                             address << 1 | 1);
    }
    slave->header = octet;
    slave->half = slave->active = true;
    ack = acknowledge(slave);
    acknowledge_bit(slave, ack);
    return ack;
}

static bool address_octet(Rt1176Lpi2cSlave *slave, uint8_t octet)
{
    uint8_t address = octet >> 1;
    Match match;

    if (is_header(octet)) {
        return address_header(slave, octet);
    }
    slave->header = 0;
    if (address == GENERAL_CALL) {
        return address_valid(slave, R_SSR_GCF_MASK, octet);
    }
    if (address == ALERT_RESPONSE && SCFGR1_BIT(slave, SAEN) && (octet & 1)) {
        return address_valid(slave, R_SSR_SARF_MASK, octet);
    }
    match = find_match(slave, address, 7);
    return match && address_valid(slave, match_flag(match), octet);
}

bool lpi2c_slave_address(Rt1176Lpi2cState *s, uint8_t octet)
{
    bool ack = address_octet(&s->slave, octet);

    s->slave.acknowledges = ack;
    go_on(s);
    return ack;
}

/* The second octet of an address of 10 bits. */
static bool address_second(Rt1176Lpi2cSlave *slave, uint8_t octet)
{
    unsigned address = extract32(slave->header, 1, 2) << 8 | octet;
    Match match = find_match(slave, address, 10);

    slave->half = false;
    if (!match) {
        slave->active = false;
        slave->header = 0;
        return false;
    }
    return address_valid(slave, match_flag(match), address << 1);
}

static bool data_octet(Rt1176Lpi2cSlave *slave, uint8_t octet)
{
    bool ack;

    if (slave->srdr_full) {
        slave->ssr |= R_SSR_FEF_MASK; /* it is lost */
    } else {
        slave->srdr = octet;
        slave->srdr_full = true;
        slave->srdr_first = slave->first;
    }
    slave->first = false;
    ack = acknowledge(slave);
    acknowledge_bit(slave, ack);
    return ack;
}

bool lpi2c_slave_receive(Rt1176Lpi2cState *s, uint8_t octet)
{
    Rt1176Lpi2cSlave *slave = &s->slave;
    bool ack = slave->active && (slave->half ? address_second(slave, octet)
                                             : data_octet(slave, octet));

    slave->acknowledges = ack;
    go_on(s);
    return ack;
}

uint8_t lpi2c_slave_send(Rt1176Lpi2cState *s)
{
    Rt1176Lpi2cSlave *slave = &s->slave;
    Rt1176Lpi2cState *master = RT1176_LPI2C(slave->bus->qbus.parent);

    if (!slave->active) {
        return 0xff;
    }
    if (master->sda_held && slave->shift) {
        /* a one that reads back as zero: nothing until the next START */
        slave->ssr |= R_SSR_BEF_MASK;
        slave->active = slave->sending = slave->starved = false;
        go_on(s);
    }
    return slave->shift;
}

/* The master's answer to an octet that it was sent. */
void lpi2c_slave_acknowledged(Rt1176Lpi2cState *s, bool ack)
{
    Rt1176Lpi2cSlave *slave = &s->slave;

    acknowledge_bit(slave, ack);
    slave->starved = slave->active && slave->sending;
    go_on(s);
}

bool lpi2c_slave_is_asked(const Rt1176Lpi2cState *s)
{
    return s->slave.stretches && (s->slave.ssr & R_SSR_TAF_MASK);
}

/* ---- START, STOP ---- */

static void leave(Rt1176Lpi2cSlave *slave)
{
    slave->ssr &= ~R_SSR_TAF_MASK;
    slave->matched = slave->active = slave->sending = false;
    slave->starved = slave->half = slave->acknowledges = false;
}

void lpi2c_slave_start(Rt1176Lpi2cState *s)
{
    Rt1176Lpi2cSlave *slave = &s->slave;

    if (slave->matched) {
        slave->ssr |= R_SSR_RSF_MASK;
    } else {
        slave->header = 0;
    }
    leave(slave);
    go_on(s);
}

void lpi2c_slave_stop(Rt1176Lpi2cState *s)
{
    Rt1176Lpi2cSlave *slave = &s->slave;

    if (slave->matched) {
        slave->ssr |= R_SSR_SDF_MASK;
    }
    leave(slave);
    slave->header = 0;
    go_on(s);
}

/* ---- registers ---- */

static void reset_registers(Rt1176Lpi2cState *s)
{
    Rt1176Lpi2cSlave *slave = &s->slave;

    leave(slave);
    slave->ssr = slave->sier = slave->sder = 0;
    slave->scfgr1 = slave->scfgr2 = slave->samr = 0;
    slave->sasr = slave->star = 0;
    slave->stdr = slave->srdr = slave->shift = slave->header = 0;
    slave->stdr_full = slave->srdr_full = slave->srdr_first = false;
    slave->first = slave->acknowledges = false;
    go_on(s);
}

void lpi2c_slave_reset(Rt1176Lpi2cState *s)
{
    s->slave.scr = 0;
    reset_registers(s);
}

static void write_scr(Rt1176Lpi2cState *s, uint32_t value)
{
    Rt1176Lpi2cSlave *slave = &s->slave;

    slave->scr = value & SCR_WRITABLE;
    if (value & R_SCR_RST_MASK) {
        reset_registers(s);
        return;
    }
    if (value & R_SCR_RTF_MASK) {
        slave->stdr_full = false;
    }
    if (value & R_SCR_RRF_MASK) {
        slave->srdr_full = false;
    }
    if (!(value & R_SCR_SEN_MASK)) {
        leave(slave);
        slave->header = 0;
    }
    if ((value & R_SCR_SEN_MASK) && !slave->bus) {
        qemu_log_mask(LOG_UNIMP, "%s: slave mode, but no bus has this slave "
                      "(device rt1176-lpi2c-slave)\n", s->i2c);
    }
}

/* STAR: the answer to ACKSTALL's question, or to all words that come. */
static void write_star(Rt1176Lpi2cSlave *slave, uint32_t value)
{
    slave->star = value & R_STAR_TXNACK_MASK;
    if (slave->ssr & R_SSR_TAF_MASK) {
        slave->ssr &= ~R_SSR_TAF_MASK;
        slave->acknowledges = !slave->star;
        acknowledge_bit(slave, slave->acknowledges);
    }
}

static void write_stdr(Rt1176Lpi2cState *s, uint32_t value)
{
    if (s->slave.stdr_full) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to STDR, but it is full\n",
                      s->i2c);
        return;
    }
    s->slave.stdr = value;
    s->slave.stdr_full = true;
}

static uint32_t read_sasr(Rt1176Lpi2cState *s)
{
    Rt1176Lpi2cSlave *slave = &s->slave;
    bool valid = slave->ssr & R_SSR_AVF_MASK;
    uint32_t sasr = FIELD_DP32(slave->sasr, SASR, ANV, !valid);

    slave->ssr &= ~SSR_ADDRESS;
    go_on(s);
    return sasr;
}

static uint32_t read_srdr(Rt1176Lpi2cState *s)
{
    Rt1176Lpi2cSlave *slave = &s->slave;
    uint32_t srdr;

    if (SCFGR1_BIT(slave, RXCFG) && (slave->ssr & R_SSR_AVF_MASK)) {
        return read_sasr(s);
    }
    if (!slave->srdr_full) {
        return R_SRDR_RXEMPTY_MASK;
    }
    srdr = FIELD_DP32(slave->srdr, SRDR, SOF, slave->srdr_first);
    slave->srdr_full = false;
    go_on(s);
    return srdr;
}

uint32_t lpi2c_slave_read(Rt1176Lpi2cState *s, hwaddr addr)
{
    switch (addr) {
    case A_SCR:
        return s->slave.scr;
    case A_SSR:
        return status(s);
    case A_SIER:
        return s->slave.sier;
    case A_SDER:
        return s->slave.sder;
    case A_SCFGR1:
        return s->slave.scfgr1;
    case A_SCFGR2:
        return s->slave.scfgr2;
    case A_SAMR:
        return s->slave.samr;
    case A_SASR:
        return read_sasr(s);
    case A_STAR:
        return s->slave.star;
    case A_STDR: /* write-only */
        return 0;
    case A_SRDR:
        return read_srdr(s);
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx
                      "\n", s->i2c, addr);
        return 0;
    }
}

/* Configuration and addresses are for a disabled slave. */
static void write_configuration(Rt1176Lpi2cState *s, hwaddr addr,
                                uint32_t value)
{
    Rt1176Lpi2cSlave *slave = &s->slave;

    if (FIELD_EX32(slave->scr, SCR, SEN)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to 0x%" HWADDR_PRIx
                      " while SEN is set\n", s->i2c, addr);
        return;
    }
    switch (addr) {
    case A_SCFGR1:
        slave->scfgr1 = value & SCFGR1_WRITABLE;
        break;
    case A_SCFGR2:
        slave->scfgr2 = value & SCFGR2_WRITABLE;
        break;
    default:
        slave->samr = value & SAMR_WRITABLE;
    }
}

void lpi2c_slave_write(Rt1176Lpi2cState *s, hwaddr addr, uint32_t value)
{
    Rt1176Lpi2cSlave *slave = &s->slave;

    if (FIELD_EX32(slave->scr, SCR, RST) && addr != A_SCR) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to 0x%" HWADDR_PRIx
                      " while SCR[RST] holds it in reset\n", s->i2c, addr);
        return;
    }
    switch (addr) {
    case A_SCR:
        write_scr(s, value);
        break;
    case A_SSR:
        slave->ssr &= ~(value & SSR_W1C);
        break;
    case A_SIER:
        slave->sier = value & SIER_WRITABLE;
        break;
    case A_SDER:
        slave->sder = value & SDER_WRITABLE;
        break;
    case A_SCFGR1:
    case A_SCFGR2:
    case A_SAMR:
        write_configuration(s, addr, value);
        break;
    case A_STAR:
        write_star(slave, value);
        break;
    case A_STDR:
        write_stdr(s, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to 0x%" HWADDR_PRIx
                      " ignored\n", s->i2c, addr);
    }
    go_on(s);
}

void lpi2c_slave_init(Rt1176Lpi2cState *s)
{
    s->slave.release = timer_new_ns(QEMU_CLOCK_VIRTUAL, release_scl, s);
}

const VMStateDescription vmstate_lpi2c_slave = {
    .name = "rt1176-lpi2c-slave-half",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(release, Rt1176Lpi2cSlave),
        VMSTATE_UINT32(scr, Rt1176Lpi2cSlave),
        VMSTATE_UINT32(ssr, Rt1176Lpi2cSlave),
        VMSTATE_UINT32(sier, Rt1176Lpi2cSlave),
        VMSTATE_UINT32(sder, Rt1176Lpi2cSlave),
        VMSTATE_UINT32(scfgr1, Rt1176Lpi2cSlave),
        VMSTATE_UINT32(scfgr2, Rt1176Lpi2cSlave),
        VMSTATE_UINT32(samr, Rt1176Lpi2cSlave),
        VMSTATE_UINT32(sasr, Rt1176Lpi2cSlave),
        VMSTATE_UINT32(star, Rt1176Lpi2cSlave),
        VMSTATE_UINT8(stdr, Rt1176Lpi2cSlave),
        VMSTATE_UINT8(srdr, Rt1176Lpi2cSlave),
        VMSTATE_BOOL(stdr_full, Rt1176Lpi2cSlave),
        VMSTATE_BOOL(srdr_full, Rt1176Lpi2cSlave),
        VMSTATE_BOOL(srdr_first, Rt1176Lpi2cSlave),
        VMSTATE_BOOL(first, Rt1176Lpi2cSlave),
        VMSTATE_BOOL(matched, Rt1176Lpi2cSlave),
        VMSTATE_BOOL(active, Rt1176Lpi2cSlave),
        VMSTATE_BOOL(sending, Rt1176Lpi2cSlave),
        VMSTATE_UINT8(header, Rt1176Lpi2cSlave),
        VMSTATE_BOOL(half, Rt1176Lpi2cSlave),
        VMSTATE_BOOL(acknowledges, Rt1176Lpi2cSlave),
        VMSTATE_UINT8(shift, Rt1176Lpi2cSlave),
        VMSTATE_BOOL(starved, Rt1176Lpi2cSlave),
        VMSTATE_BOOL(stretches, Rt1176Lpi2cSlave),
        VMSTATE_END_OF_LIST()
    }
};
