/*
 * ICM-42688-P: a six-axis inertial sensor (TDK InvenSense DS-000347) on SPI.
 * What it feels comes from imu_samples.h.  Accelerometer and gyroscope give
 * samples on their own grids of virtual time (ODR), which are worked through
 * when somebody looks, and by a timer only while an interrupt may come of it.
 * See docs/devices/icm42688.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qapi/visitor.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "icm42688_data.h"

#define NEVER_NS INT64_MAX
#define RESET_NS (1 * SCALE_MS)          /* DEVICE_CONFIG: wait 1 ms */
#define QUIET_NS (200 * SCALE_US)        /* PWR_MGMT0: no writes after it */
#define ACCEL_START_NS (10 * SCALE_MS)   /* table 2, start-up time */
#define GYRO_START_NS (30 * SCALE_MS)    /* table 1, start-up time */
#define PULSE_NS (100 * SCALE_US)        /* INT_TPULSE_DURATION = 0 */
#define SHORT_PULSE_NS (8 * SCALE_US)    /* ... = 1 */

/* Header of a packet in the FIFO. */
#define HEADER_GYRO_ODR 0x01
#define HEADER_ACCEL_ODR 0x02
#define HEADER_TIMESTAMP 0x08
#define HEADER_20 0x10
#define HEADER_GYRO 0x20
#define HEADER_ACCEL 0x40

#define FUNCTIONS_WITHOUT_MODEL 0x60 /* FSYNC and PLL sources */

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

/* ---- interrupts ---- */

static bool pin_config(const Icm42688State *s, unsigned pin, unsigned bit)
{
    return extract8(REG(s, INT_CONFIG), 3 * pin + bit, 1);
}

static bool pin_is_latched(const Icm42688State *s, unsigned pin)
{
    return pin_config(s, pin, 2);
}

static uint8_t pin_sources(const Icm42688State *s, unsigned pin)
{
    return pin ? REG(s, INT_SOURCE3) : REG(s, INT_SOURCE0);
}

static void drive_pin(Icm42688State *s, unsigned n)
{
    bool active = s->pin[n].pulse || s->pin[n].held;

    qemu_set_irq(s->interrupt[n], active == pin_config(s, n, 0));
}

static void drive_pins(Icm42688State *s)
{
    for (unsigned n = 0; n < ICM42688_INTERRUPTS; n++) {
        drive_pin(s, n);
    }
}

static void pulse_ended(Icm42688State *s, unsigned n)
{
    s->pin[n].pulse = false;
    drive_pin(s, n);
}

static void int1_pulse_ended(void *opaque)
{
    pulse_ended(opaque, 0);
}

static void int2_pulse_ended(void *opaque)
{
    pulse_ended(opaque, 1);
}

/*
 * INT_CONFIG1: software has to clear INT_ASYNC_RESET for the pins to operate
 * properly; until then they stay inactive here.
 */
static bool pins_operate(const Icm42688State *s)
{
    return !REG_FIELD(s, INT_CONFIG1, INT_ASYNC_RESET);
}

/* The @sources of INT_STATUS have come at @time_ns. */
static void raise_interrupt(Icm42688State *s, uint8_t sources, int64_t time_ns)
{
    int64_t length_ns = REG_FIELD(s, INT_CONFIG1, INT_TPULSE_DURATION)
                            ? SHORT_PULSE_NS : PULSE_NS;

    s->int_status |= sources;
    for (unsigned n = 0; pins_operate(s) && n < ICM42688_INTERRUPTS; n++) {
        Icm42688Pin *pin = &s->pin[n];

        if (!(pin_sources(s, n) & sources)) {
            continue;
        }
        if (pin_is_latched(s, n)) {
            pin->held |= pin_sources(s, n) & sources;
        } else {
            pin->pulse = true;
            timer_mod(pin->pulse_end, time_ns + length_ns);
        }
        drive_pin(s, n);
    }
}

static void release_held(Icm42688State *s, uint8_t sources)
{
    for (unsigned n = 0; n < ICM42688_INTERRUPTS; n++) {
        s->pin[n].held &= ~sources;
        drive_pin(s, n);
    }
}

/* INT_CONFIG0: 0, 1: a read of INT_STATUS; 2: of the data; 3: of either. */
static uint8_t sources_cleared_by(const Icm42688State *s, bool status_read)
{
    uint8_t config = REG(s, INT_CONFIG0);
    unsigned not_by_this = status_read ? 2 : 1;
    uint8_t sources = 0;
    const struct {
        unsigned how;
        uint8_t source;
    } clear[] = {
        { FIELD_EX8(config, INT_CONFIG0, UI_DRDY_INT_CLEAR),
          R_INT_STATUS_DATA_RDY_MASK },
        { FIELD_EX8(config, INT_CONFIG0, FIFO_THS_INT_CLEAR),
          R_INT_STATUS_FIFO_THS_MASK },
        { FIELD_EX8(config, INT_CONFIG0, FIFO_FULL_INT_CLEAR),
          R_INT_STATUS_FIFO_FULL_MASK },
    };

    for (unsigned n = 0; n < ARRAY_SIZE(clear); n++) {
        if (clear[n].how != not_by_this && (status_read || clear[n].how)) {
            sources |= clear[n].source;
        }
    }
    return sources;
}

/* ---- timestamps ---- */

/* 20 bits of 1 us or 16 us */
static uint32_t timestamp(const Icm42688State *s, int64_t time_ns)
{
    int64_t unit_ns = SCALE_US << (REG_FIELD(s, TMST_CONFIG, RES) ? 4 : 0);

    return REG_FIELD(s, TMST_CONFIG, EN)
               ? ((time_ns - s->timestamp_start_ns) / unit_ns) & 0xfffff
               : 0;
}

static uint16_t packet_timestamp(Icm42688State *s, int64_t time_ns)
{
    uint16_t now = timestamp(s, time_ns);
    uint16_t delta = now - s->last_timestamp;

    s->last_timestamp = now;
    return REG_FIELD(s, TMST_CONFIG, DELTA_EN) ? delta : now;
}

static void strobe_timestamp(Icm42688State *s)
{
    uint32_t value = timestamp(s, now_ns());

    for (unsigned n = 0; n < 3; n++) {
        s->regs[1][A_TMSTVAL0 + n] = value >> 8 * n;
    }
}

/* ---- FIFO ---- */

/* FIFO_COUNT: octets, or packets with FIFO_COUNT_REC. */
static unsigned fifo_count(const Icm42688State *s)
{
    return REG_FIELD(s, INTF_CONFIG0, FIFO_COUNT_REC) ? s->fifo.packets
                                                      : s->fifo.octets;
}

static void check_watermark(Icm42688State *s, int64_t time_ns)
{
    unsigned mark = REG(s, FIFO_CONFIG2) | REG(s, FIFO_CONFIG3) << 8;
    bool above = mark && fifo_count(s) >= mark;
    bool repeats = REG_FIELD(s, FIFO_CONFIG1, WM_GT_TH);

    if (above && (repeats || !s->above_watermark)) {
        raise_interrupt(s, R_INT_STATUS_FIFO_THS_MASK, time_ns);
    }
    s->above_watermark = above;
}

static void store_packet(Icm42688State *s, const ImuSample *sample,
                         const bool *fresh, int64_t time_ns)
{
    bool hires = REG_FIELD(s, FIFO_CONFIG1, HIRES_EN);
    bool wanted[ICM42688_SENSORS] = {
        hires || REG_FIELD(s, FIFO_CONFIG1, ACCEL_EN),
        hires || REG_FIELD(s, FIFO_CONFIG1, GYRO_EN),
    };
    bool stamped = REG_FIELD(s, FIFO_CONFIG1, TMST_FSYNC_EN) &&
                   wanted[ICM42688_ACCEL] && wanted[ICM42688_GYRO];
    Icm42688Packet packet = { 0 };
    uint16_t stamp;

    if (!(wanted[ICM42688_ACCEL] && fresh[ICM42688_ACCEL]) &&
        !(wanted[ICM42688_GYRO] && fresh[ICM42688_GYRO])) {
        return;
    }
    stamp = packet_timestamp(s, time_ns);
    icm42688_append(&packet, (wanted[ICM42688_ACCEL] ? HEADER_ACCEL : 0) |
                        (wanted[ICM42688_GYRO] ? HEADER_GYRO : 0) |
                        (hires ? HEADER_20 : 0) |
                        (stamped ? HEADER_TIMESTAMP : 0) |
                        (s->odr[ICM42688_ACCEL].changed ? HEADER_ACCEL_ODR
                                                        : 0) |
                        (s->odr[ICM42688_GYRO].changed ? HEADER_GYRO_ODR : 0));
    s->odr[ICM42688_ACCEL].changed = s->odr[ICM42688_GYRO].changed = false;
    if (hires) {
        icm42688_append_20_bits(s, &packet, sample, fresh, stamped ? stamp : 0);
    } else {
        icm42688_append_16_bits(s, &packet, sample, wanted, fresh,
                                stamped ? stamp : 0);
    }
    icm42688_fifo_push(&s->fifo, &packet, REG_FIELD(s, FIFO_CONFIG, MODE) == 1);
    if (s->fifo.octets + packet.length > ICM42688_FIFO_OCTETS) {
        raise_interrupt(s, R_INT_STATUS_FIFO_FULL_MASK, time_ns);
    }
    check_watermark(s, time_ns);
}

static void flush_fifo(Icm42688State *s)
{
    icm42688_fifo_flush(&s->fifo);
    s->above_watermark = false;
}

static uint8_t read_fifo_data(Icm42688State *s)
{
    uint8_t octet = icm42688_fifo_read(&s->fifo);
    unsigned mark = REG(s, FIFO_CONFIG2) | REG(s, FIFO_CONFIG3) << 8;

    if (fifo_count(s) < mark) {
        s->above_watermark = false;
    }
    release_held(s, sources_cleared_by(s, false) &
                        (R_INT_STATUS_FIFO_THS_MASK |
                         R_INT_STATUS_FIFO_FULL_MASK));
    return octet;
}

/* ---- output data rates ---- */

/* CONFIG0[ODR]; 0: reserved */
static int64_t odr_period_ns(uint8_t config)
{
    static const int64_t period_ns[16] = {
        0,
        31250,           /* 32 kHz */
        62500,           /* 16 kHz */
        125000,          /* 8 kHz */
        250000,          /* 4 kHz */
        500000,          /* 2 kHz */
        1000000,         /* 1 kHz */
        5000000,         /* 200 Hz */
        10000000,        /* 100 Hz */
        20000000,        /* 50 Hz */
        40000000,        /* 25 Hz */
        80000000,        /* 12.5 Hz */
        160000000,       /* 6.25 Hz */
        320000000,       /* 3.125 Hz */
        640000000,       /* 1.5625 Hz */
        2000000,         /* 500 Hz */
    };

    return period_ns[FIELD_EX8(config, CONFIG0, ODR)];
}

static int64_t next_sample_ns(const Icm42688State *s)
{
    return MIN(s->odr[ICM42688_ACCEL].next_ns, s->odr[ICM42688_GYRO].next_ns);
}

static void take_sample(Icm42688State *s, int64_t time_ns)
{
    const ImuSample *sample = imu_samples_at(&s->samples, time_ns);
    bool fresh[ICM42688_SENSORS];

    for (Icm42688Sensor n = 0; n < ICM42688_SENSORS; n++) {
        fresh[n] = s->odr[n].next_ns == time_ns;
        if (fresh[n]) {
            s->odr[n].next_ns += s->odr[n].period_ns;
        }
    }
    icm42688_update_data(s, sample, fresh);
    if (REG_FIELD(s, FIFO_CONFIG, MODE)) {
        store_packet(s, sample, fresh, time_ns);
    }
    raise_interrupt(s, R_INT_STATUS_DATA_RDY_MASK, time_ns);
}

/* All samples up to now have been taken. */
static void catch_up(Icm42688State *s)
{
    while (next_sample_ns(s) <= now_ns()) {
        take_sample(s, next_sample_ns(s));
    }
}

/* The timer runs while a sample may change a pin. */
static void arm(Icm42688State *s)
{
    const uint8_t by_sample = R_INT_STATUS_DATA_RDY_MASK |
                              R_INT_STATUS_FIFO_THS_MASK |
                              R_INT_STATUS_FIFO_FULL_MASK;

    if (next_sample_ns(s) != NEVER_NS && pins_operate(s) &&
        ((pin_sources(s, 0) | pin_sources(s, 1)) & by_sample)) {
        timer_mod(s->timer, next_sample_ns(s));
    } else {
        timer_del(s->timer);
    }
}

static void sample_time(void *opaque)
{
    Icm42688State *s = opaque;

    catch_up(s);
    arm(s);
}

/* From @start_ns on, in step with the other sensor if that is on. */
static int64_t first_sample_ns(const Icm42688State *s, Icm42688Sensor n,
                               int64_t start_ns, int64_t period_ns)
{
    const Icm42688Odr *other = &s->odr[!n];
    int64_t step_ns = MIN(period_ns, other->period_ns);

    if (other->next_ns == NEVER_NS) {
        return start_ns;
    }
    if (other->next_ns >= start_ns) {
        return start_ns + (other->next_ns - start_ns) % step_ns;
    }
    return other->next_ns +
           DIV_ROUND_UP(start_ns - other->next_ns, step_ns) * step_ns;
}

static void configure_sensor(Icm42688State *s, Icm42688Sensor n, uint8_t mode,
                             uint8_t config, int64_t start_ns)
{
    Icm42688Odr *odr = &s->odr[n];
    bool was_on = odr->next_ns != NEVER_NS;
    int64_t period_ns = odr_period_ns(config);

    /* gyroscope: 1 is standby, 3 low noise; accelerometer: 2, 3 */
    if (mode < 2 || !period_ns) {
        odr->next_ns = NEVER_NS;
    } else if (!was_on) {
        odr->next_ns = first_sample_ns(s, n, now_ns() + start_ns, period_ns);
        s->quiet_until_ns = now_ns() + QUIET_NS;
    } else if (odr->period_ns != period_ns) {
        odr->next_ns = first_sample_ns(s, n, now_ns() + period_ns, period_ns);
        odr->changed = true;
    }
    odr->period_ns = period_ns;
}

static void configure_sensors(Icm42688State *s)
{
    configure_sensor(s, ICM42688_ACCEL, REG_FIELD(s, PWR_MGMT0, ACCEL_MODE),
                     REG(s, ACCEL_CONFIG0), ACCEL_START_NS);
    configure_sensor(s, ICM42688_GYRO, REG_FIELD(s, PWR_MGMT0, GYRO_MODE),
                     REG(s, GYRO_CONFIG0), GYRO_START_NS);
}

/* ---- registers ---- */

static void reset_registers(Icm42688State *s)
{
    for (unsigned bank = 0; bank < ICM42688_BANKS; bank++) {
        for (unsigned n = 0; n < ICM42688_REGISTERS; n++) {
            s->regs[bank][n] = icm42688_register[bank][n].reset;
        }
    }
    s->int_status = R_INT_STATUS_RESET_DONE_MASK;
    s->count_low = 0;
    for (Icm42688Sensor n = 0; n < ICM42688_SENSORS; n++) {
        s->odr[n] = (Icm42688Odr){ .next_ns = NEVER_NS };
    }
    s->quiet_until_ns = 0;
    s->timestamp_start_ns = now_ns();
    s->last_timestamp = 0;
    flush_fifo(s);
    for (unsigned n = 0; n < ICM42688_INTERRUPTS; n++) {
        s->pin[n].held = 0;
        s->pin[n].pulse = false;
        timer_del(s->pin[n].pulse_end);
    }
    arm(s);
}

static void reset_ended(void *opaque)
{
    Icm42688State *s = opaque;

    s->in_reset = false;
    reset_registers(s);
    drive_pins(s);
}

static void begin_reset(Icm42688State *s)
{
    s->in_reset = true;
    timer_del(s->timer);
    for (Icm42688Sensor n = 0; n < ICM42688_SENSORS; n++) {
        s->odr[n].next_ns = NEVER_NS;
    }
    timer_mod(s->reset_end, now_ns() + RESET_NS);
}

static unsigned bank_of(const Icm42688State *s)
{
    return REG(s, REG_BANK_SEL) & 7;
}

static uint16_t ordered_count(const Icm42688State *s)
{
    uint16_t count = fifo_count(s);

    return REG_FIELD(s, INTF_CONFIG0, FIFO_COUNT_ENDIAN) ? count
                                                         : bswap16(count);
}

/* A transfer sees the data as they were at its beginning. */
static uint8_t read_data(Icm42688State *s, uint8_t address)
{
    release_held(s, sources_cleared_by(s, false) & R_INT_STATUS_DATA_RDY_MASK);
    return s->data[address - A_TEMP_DATA1];
}

static uint8_t read_status(Icm42688State *s)
{
    uint8_t status = s->int_status;

    s->int_status = 0;
    release_held(s, sources_cleared_by(s, true) | R_INT_STATUS_RESET_DONE_MASK);
    return status;
}

static uint8_t read_bank_0(Icm42688State *s, uint8_t address)
{
    switch (address) {
    case A_TEMP_DATA1 ... A_TMST_FSYNCL:
        return read_data(s, address);
    case A_INT_STATUS:
        return read_status(s);
    case A_FIFO_COUNTH:
        s->count_low = ordered_count(s);
        return ordered_count(s) >> 8;
    case A_FIFO_COUNTL:
        return s->count_low;
    case A_FIFO_DATA:
        return read_fifo_data(s);
    case A_FIFO_LOST_PKT0:
        return s->fifo.lost;
    case A_FIFO_LOST_PKT1:
        return s->fifo.lost >> 8;
    default:
        return s->regs[0][address];
    }
}

static uint8_t read_register(Icm42688State *s, uint8_t address)
{
    unsigned bank = bank_of(s);

    if (s->in_reset) {
        qemu_log_mask(LOG_GUEST_ERROR, "icm42688: read of 0x%02x within 1 ms of"
                      " a soft reset\n", address);
        return 0;
    }
    if (address == A_REG_BANK_SEL) {
        return bank;
    }
    if (bank >= ICM42688_BANKS || !icm42688_register[bank][address].exists) {
        qemu_log_mask(LOG_GUEST_ERROR, "icm42688: no register at 0x%02x of bank"
                      " %u\n", address, bank);
        return 0;
    }
    return bank ? s->regs[bank][address] : read_bank_0(s, address);
}

/* What the registers can switch on and this model does not have. */
static void log_functions(uint8_t address, uint8_t value)
{
    bool missing = false;

    switch (address) {
    case A_SELF_TEST_CONFIG:
    case A_SMD_CONFIG:
    case A_INT_SOURCE1:
    case A_INT_SOURCE4:
        missing = value;
        break;
    case A_APEX_CONFIG0:
        missing = value & 0x79;
        break;
    case A_FSYNC_CONFIG:
        missing = value & 0x70 && value != 0x10;
        break;
    case A_INT_SOURCE0:
    case A_INT_SOURCE3:
        missing = value & FUNCTIONS_WITHOUT_MODEL;
        break;
    }
    if (missing) {
        qemu_log_mask(LOG_UNIMP, "icm42688: function of register 0x%02x"
                      " (value 0x%02x)\n", address, value);
    }
}

static void check_power(const Icm42688State *s)
{
    unsigned accel = REG_FIELD(s, PWR_MGMT0, ACCEL_MODE);
    unsigned gyro = REG_FIELD(s, PWR_MGMT0, GYRO_MODE);
    bool accel_slow = odr_period_ns(REG(s, ACCEL_CONFIG0)) > 80 * SCALE_MS;

    if (gyro == 2 || (accel > 1 && !odr_period_ns(REG(s, ACCEL_CONFIG0))) ||
        (gyro > 1 && !odr_period_ns(REG(s, GYRO_CONFIG0))) ||
        (accel == 3 && accel_slow)) {
        qemu_log_mask(LOG_GUEST_ERROR, "icm42688: reserved mode or ODR"
                      " (PWR_MGMT0=0x%02x)\n", REG(s, PWR_MGMT0));
    }
}

static void act_on_bank_0(Icm42688State *s, uint8_t address, uint8_t value)
{
    switch (address) {
    case A_DEVICE_CONFIG:
        if (value & R_DEVICE_CONFIG_SOFT_RESET_MASK) {
            begin_reset(s);
        }
        break;
    case A_SIGNAL_PATH_RESET:
        if (value & R_SIGNAL_PATH_RESET_FIFO_FLUSH_MASK) {
            flush_fifo(s);
        }
        if (value & R_SIGNAL_PATH_RESET_TMST_STROBE_MASK) {
            strobe_timestamp(s);
        }
        REG(s, SIGNAL_PATH_RESET) = 0; /* all of it clears itself */
        break;
    case A_FIFO_CONFIG:
        if (!REG_FIELD(s, FIFO_CONFIG, MODE)) {
            flush_fifo(s);
        }
        break;
    case A_PWR_MGMT0:
    case A_GYRO_CONFIG0:
    case A_ACCEL_CONFIG0:
        configure_sensors(s);
        check_power(s);
        break;
    default:
        log_functions(address, value);
    }
}

static void write_register(Icm42688State *s, uint8_t address, uint8_t value)
{
    unsigned bank = bank_of(s);
    const Icm42688Register *reg;

    if (s->in_reset || now_ns() < s->quiet_until_ns) {
        qemu_log_mask(LOG_GUEST_ERROR, "icm42688: write to 0x%02x within %s\n",
                      address, s->in_reset ? "1 ms of a soft reset"
                                           : "200 us of switching on");
        if (s->in_reset) {
            return;
        }
    }
    if (address == A_REG_BANK_SEL) {
        REG(s, REG_BANK_SEL) = value & 7;
        return;
    }
    reg = bank < ICM42688_BANKS ? &icm42688_register[bank][address] : NULL;
    if (!reg || !reg->exists || !reg->writable) {
        qemu_log_mask(LOG_GUEST_ERROR, "icm42688: write to 0x%02x of bank %u"
                      " ignored\n", address, bank);
        return;
    }
    s->regs[bank][address] = (s->regs[bank][address] & ~reg->writable) |
                             (value & reg->writable);
    if (!bank) {
        act_on_bank_0(s, address, s->regs[0][address]);
    }
    drive_pins(s);
    arm(s);
}

/* ---- SPI ---- */

/* First the address with its read bit, then data; FIFO_DATA stays addressed. */
static uint32_t icm42688_transfer(SSIPeripheral *dev, uint32_t value)
{
    Icm42688State *s = ICM42688(dev);
    uint8_t address = s->address;

    catch_up(s);
    if (!s->addressed) {
        s->addressed = true;
        s->reading = value & 0x80;
        s->address = value & 0x7f;
        memcpy(s->data, &s->regs[0][A_TEMP_DATA1], sizeof(s->data));
        return 0xff; /* SDO is driven by data only */
    }
    if (address != A_FIFO_DATA || bank_of(s)) {
        s->address = (address + 1) & 0x7f;
    }
    if (s->reading) {
        return read_register(s, address);
    }
    write_register(s, address, value);
    return 0xff;
}

static int icm42688_set_cs(SSIPeripheral *dev, bool level)
{
    Icm42688State *s = ICM42688(dev);

    s->addressed = false;
    if (level && !REG_FIELD(s, FIFO_CONFIG1, RESUME_PARTIAL_RD)) {
        s->fifo.read = 0; /* a packet read in part comes again */
    }
    return 0;
}

/* ---- device ---- */

static void push_sample(Object *obj, Visitor *v, const char *name,
                        void *opaque, Error **errp)
{
    Icm42688State *s = ICM42688(obj);
    g_autofree char *line = NULL;

    if (visit_type_str(v, name, &line, errp)) {
        catch_up(s);
        imu_samples_push(&s->samples, line, now_ns(), errp);
    }
}

static void icm42688_reset_hold(Object *obj, ResetType type)
{
    Icm42688State *s = ICM42688(obj);

    timer_del(s->reset_end);
    s->in_reset = false;
    s->addressed = s->reading = false;
    s->address = 0;
    reset_registers(s);
    memcpy(s->data, &s->regs[0][A_TEMP_DATA1], sizeof(s->data));
}

static void icm42688_reset_exit(Object *obj, ResetType type)
{
    drive_pins(ICM42688(obj));
}

static void icm42688_realize(SSIPeripheral *dev, Error **errp)
{
    Icm42688State *s = ICM42688(dev);

    if (s->path) {
        imu_samples_read(&s->samples, s->path, errp);
    }
}

static void icm42688_init(Object *obj)
{
    Icm42688State *s = ICM42688(obj);

    imu_samples_init(&s->samples);
    object_property_add(obj, "push", "str", NULL, push_sample, NULL, NULL);
    qdev_init_gpio_out_named(DEVICE(obj), s->interrupt, "int",
                             ICM42688_INTERRUPTS);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, sample_time, s);
    s->reset_end = timer_new_ns(QEMU_CLOCK_VIRTUAL, reset_ended, s);
    s->pin[0].pulse_end = timer_new_ns(QEMU_CLOCK_VIRTUAL, int1_pulse_ended, s);
    s->pin[1].pulse_end = timer_new_ns(QEMU_CLOCK_VIRTUAL, int2_pulse_ended, s);
}

static void icm42688_finalize(Object *obj)
{
    Icm42688State *s = ICM42688(obj);

    imu_samples_finalize(&s->samples);
    timer_free(s->timer);
    timer_free(s->reset_end);
    for (unsigned n = 0; n < ICM42688_INTERRUPTS; n++) {
        timer_free(s->pin[n].pulse_end);
    }
}

static int icm42688_pre_save(void *opaque)
{
    Icm42688State *s = opaque;

    s->pushed_size = s->samples.pushed->len * sizeof(ImuSample);
    s->pushed = (uint8_t *)s->samples.pushed->data;
    return 0;
}

/* What it held for saving is not ours; a list of no samples leaves it as is. */
static int icm42688_pre_load(void *opaque)
{
    ICM42688(opaque)->pushed = NULL;
    return 0;
}

static int icm42688_post_load(void *opaque, int version_id)
{
    Icm42688State *s = opaque;

    g_array_set_size(s->samples.pushed, 0);
    g_array_append_vals(s->samples.pushed, s->pushed,
                        s->pushed_size / sizeof(ImuSample));
    g_free(s->pushed);
    s->pushed = NULL;
    return 0;
}

static const VMStateDescription vmstate_icm42688_odr = {
    .name = "icm42688-odr",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_INT64(next_ns, Icm42688Odr),
        VMSTATE_INT64(period_ns, Icm42688Odr),
        VMSTATE_BOOL(changed, Icm42688Odr),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_icm42688_pin = {
    .name = "icm42688-pin",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8(held, Icm42688Pin),
        VMSTATE_BOOL(pulse, Icm42688Pin),
        VMSTATE_TIMER_PTR(pulse_end, Icm42688Pin),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_icm42688 = {
    .name = TYPE_ICM42688,
    .version_id = 1,
    .minimum_version_id = 1,
    .pre_save = icm42688_pre_save,
    .pre_load = icm42688_pre_load,
    .post_load = icm42688_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_SSI_PERIPHERAL(parent_obj, Icm42688State),
        VMSTATE_TIMER_PTR(timer, Icm42688State),
        VMSTATE_TIMER_PTR(reset_end, Icm42688State),
        VMSTATE_UINT8_2DARRAY(regs, Icm42688State, ICM42688_BANKS,
                              ICM42688_REGISTERS),
        VMSTATE_UINT8(int_status, Icm42688State),
        VMSTATE_UINT8(count_low, Icm42688State),
        VMSTATE_BOOL(in_reset, Icm42688State),
        VMSTATE_BOOL(addressed, Icm42688State),
        VMSTATE_BOOL(reading, Icm42688State),
        VMSTATE_UINT8(address, Icm42688State),
        VMSTATE_UINT8_ARRAY(data, Icm42688State, ICM42688_DATA_OCTETS),
        VMSTATE_STRUCT_ARRAY(odr, Icm42688State, ICM42688_SENSORS, 1,
                             vmstate_icm42688_odr, Icm42688Odr),
        VMSTATE_INT64(quiet_until_ns, Icm42688State),
        VMSTATE_INT64(timestamp_start_ns, Icm42688State),
        VMSTATE_UINT16(last_timestamp, Icm42688State),
        VMSTATE_STRUCT(fifo, Icm42688State, 1, vmstate_icm42688_fifo,
                       Icm42688Fifo),
        VMSTATE_BOOL(above_watermark, Icm42688State),
        VMSTATE_STRUCT_ARRAY(pin, Icm42688State, ICM42688_INTERRUPTS, 1,
                             vmstate_icm42688_pin, Icm42688Pin),
        VMSTATE_UINT32(pushed_size, Icm42688State),
        VMSTATE_VBUFFER_ALLOC_UINT32(pushed, Icm42688State, 1, NULL,
                                     pushed_size),
        VMSTATE_END_OF_LIST()
    }
};

static const Property icm42688_properties[] = {
    DEFINE_PROP_STRING("samples", Icm42688State, path),
};

static void icm42688_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);
    SSIPeripheralClass *sc = SSI_PERIPHERAL_CLASS(klass);

    sc->realize = icm42688_realize;
    sc->transfer = icm42688_transfer;
    sc->set_cs = icm42688_set_cs;
    sc->cs_polarity = SSI_CS_LOW;
    dc->vmsd = &vmstate_icm42688;
    dc->desc = "ICM-42688-P inertial sensor";
    device_class_set_props(dc, icm42688_properties);
    rc->phases.hold = icm42688_reset_hold;
    rc->phases.exit = icm42688_reset_exit;
}

static const TypeInfo icm42688_types[] = {
    {
        .name = TYPE_ICM42688,
        .parent = TYPE_SSI_PERIPHERAL,
        .instance_size = sizeof(Icm42688State),
        .instance_init = icm42688_init,
        .instance_finalize = icm42688_finalize,
        .class_init = icm42688_class_init,
    },
};

DEFINE_TYPES(icm42688_types)
