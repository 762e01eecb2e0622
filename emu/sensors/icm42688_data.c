/*
 * What an ICM-42688-P makes of a sample; see icm42688_data.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include <math.h>
#include "icm42688_data.h"

#define GRAVITY 9.80665
#define DEGREES(rad) ((rad) * 180 / M_PI)
#define INVALID_16 0x8000
#define INVALID_20 0x80000
#define TEMPERATURE_SCALE 132.48 /* LSB for a degree; 0 is 25 degrees */
#define FIFO_TEMPERATURE_SCALE 2.07

/* ---- samples ---- */

static int64_t to_integer(double value, int64_t limit)
{
    double rounded = round(value);

    return rounded > limit ? limit : rounded < -limit ? -limit
                                                      : (int64_t)rounded;
}

/* OFFSET_USER0 to 8: six values of 12 bits, gyroscope first (bank 4). */
static double user_offset(const Icm42688State *s, Icm42688Sensor sensor,
                          unsigned axis)
{
    const uint8_t *reg = &s->regs[4][A_OFFSET_USER0];
    unsigned n = axis + (sensor == ICM42688_ACCEL ? IMU_AXES : 0);
    unsigned pair = n / 2 * 3;
    uint16_t raw = n % 2 ? reg[pair + 2] | (reg[pair + 1] & 0xf0) << 4
                         : reg[pair] | (reg[pair + 1] & 0x0f) << 8;

    return sextract32(raw, 0, 12) *
           (sensor == ICM42688_ACCEL ? 0.0005 : 1.0 / 32);
}

/* In g or degrees per second, with the user's offset. */
static double axis_value(const Icm42688State *s, const ImuSample *sample,
                         Icm42688Sensor sensor, unsigned axis)
{
    double value = sensor == ICM42688_ACCEL ? sample->accel[axis] / GRAVITY
                                            : DEGREES(sample->gyro[axis]);

    return value + user_offset(s, sensor, axis);
}

/* FS_SEL halves the full scale of 16 g or 2000 degrees per second. */
static uint16_t axis_16(const Icm42688State *s, const ImuSample *sample,
                        Icm42688Sensor sensor, unsigned axis)
{
    uint8_t config = sensor == ICM42688_ACCEL ? REG(s, ACCEL_CONFIG0)
                                              : REG(s, GYRO_CONFIG0);
    double full = sensor == ICM42688_ACCEL ? 16 : 2000;

    full /= 1 << FIELD_EX8(config, CONFIG0, FS_SEL);
    return to_integer(axis_value(s, sample, sensor, axis) * 32768 / full,
                      INT16_MAX);
}

/* FIFO_HIRES_EN: always the widest scale; of 20 bits the lowest 2 or 1 are 0 */
static uint32_t axis_20(const Icm42688State *s, const ImuSample *sample,
                        Icm42688Sensor sensor, unsigned axis)
{
    double value = axis_value(s, sample, sensor, axis);
    int64_t bits =
        sensor == ICM42688_ACCEL
            ? to_integer(value * (1 << 17) / 16, (1 << 17) - 1) * 4
            : to_integer(value * (1 << 18) / 2000, (1 << 18) - 1) * 2;

    return bits & 0xfffff;
}

static int16_t temperature_16(const ImuSample *sample)
{
    return to_integer((sample->temperature - 25) * TEMPERATURE_SCALE,
                      INT16_MAX);
}

/* SENSOR_DATA_ENDIAN = 1: the higher octet is at the lower address. */
static void put_data(Icm42688State *s, unsigned address, uint16_t value)
{
    bool big = REG_FIELD(s, INTF_CONFIG0, SENSOR_DATA_ENDIAN);

    s->regs[0][address] = big ? value >> 8 : value;
    s->regs[0][address + 1] = big ? value : value >> 8;
}

void icm42688_update_data(Icm42688State *s, const ImuSample *sample,
                          const bool *fresh)
{
    static const unsigned first[] = { A_ACCEL_DATA_X1, A_GYRO_DATA_X1 };

    for (Icm42688Sensor n = 0; n < ICM42688_SENSORS; n++) {
        for (unsigned axis = 0; fresh[n] && axis < IMU_AXES; axis++) {
            put_data(s, first[n] + 2 * axis, axis_16(s, sample, n, axis));
        }
    }
    if (!REG_FIELD(s, PWR_MGMT0, TEMP_DIS)) {
        put_data(s, A_TEMP_DATA1, temperature_16(sample));
    }
}

/* ---- packets ---- */

void icm42688_append(Icm42688Packet *packet, uint8_t octet)
{
    packet->octet[packet->length++] = octet;
}

static void append_16(Icm42688State *s, Icm42688Packet *packet, uint16_t value)
{
    bool big = REG_FIELD(s, INTF_CONFIG0, SENSOR_DATA_ENDIAN);

    icm42688_append(packet, big ? value >> 8 : value);
    icm42688_append(packet, big ? value : value >> 8);
}

/* What does not fit into 16 bits comes at the end. */
void icm42688_append_20_bits(Icm42688State *s, Icm42688Packet *packet,
                             const ImuSample *sample, const bool *fresh,
                             uint16_t stamp)
{
    uint32_t value[ICM42688_SENSORS][IMU_AXES];

    for (Icm42688Sensor n = 0; n < ICM42688_SENSORS; n++) {
        for (unsigned axis = 0; axis < IMU_AXES; axis++) {
            value[n][axis] = fresh[n] ? axis_20(s, sample, n, axis)
                                      : INVALID_20;
            append_16(s, packet, value[n][axis] >> 4);
        }
    }
    append_16(s, packet, temperature_16(sample));
    append_16(s, packet, stamp);
    for (unsigned axis = 0; axis < IMU_AXES; axis++) {
        icm42688_append(packet, (value[ICM42688_ACCEL][axis] & 0xf) << 4 |
                           (value[ICM42688_GYRO][axis] & 0xf));
    }
}

void icm42688_append_16_bits(Icm42688State *s, Icm42688Packet *packet,
                             const ImuSample *sample, const bool *wanted,
                             const bool *fresh, uint16_t stamp)
{
    for (Icm42688Sensor n = 0; n < ICM42688_SENSORS; n++) {
        for (unsigned axis = 0; wanted[n] && axis < IMU_AXES; axis++) {
            append_16(s, packet, fresh[n] ? axis_16(s, sample, n, axis)
                                          : INVALID_16);
        }
    }
    icm42688_append(packet, to_integer((sample->temperature - 25) *
                                  FIFO_TEMPERATURE_SCALE, INT8_MAX));
    if (wanted[ICM42688_ACCEL] && wanted[ICM42688_GYRO]) {
        append_16(s, packet, stamp);
    }
}
