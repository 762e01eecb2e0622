/*
 * ICM-42688-P behind an LPSPI; see icm42688.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/icm42688.h"

#include "seam.h"

enum icm42688_registers {
    DEVICE_CONFIG = 0x11,
    INT_CONFIG = 0x14,
    TEMP_DATA1 = 0x1d,
    PWR_MGMT0 = 0x4e,
    GYRO_CONFIG0 = 0x4f,
    ACCEL_CONFIG0 = 0x50,
    INT_CONFIG1 = 0x64,
    INT_SOURCE0 = 0x65,
    WHO_AM_I = 0x75,
    READ = 0x80,
    WHO_AM_I_VALUE = 0x47,
    SOFT_RESET = 1,
    INT1_ACTIVE_HIGH_PUSH_PULL = 3, /* pulsed */
    INT_ASYNC_RESET_OFF = 0,
    UI_DRDY_INT1_EN = 1 << 3,
    ODR_1_KHZ = 6, /* with the widest full scale */
    BOTH_LOW_NOISE = 0x0f,
};

#define RESET_US      1100u
#define SWITCH_ON_US  200u
#define SAMPLE_OCTETS 14u

static uint8_t read_register(const struct lpspi *lpspi, uint8_t address)
{
    uint8_t octets[2] = {READ | address};

    lpspi_transfer(lpspi, octets, sizeof(octets));
    return octets[1];
}

static void write_register(const struct lpspi *lpspi, uint8_t address, uint8_t value)
{
    uint8_t octets[2] = {address, value};

    lpspi_transfer(lpspi, octets, sizeof(octets));
}

static void pause(uint32_t us)
{
    const uint32_t start_us = clock_us();

    while (clock_us() - start_us <= us) {
    }
}

bool icm42688_start(const struct lpspi *lpspi, uint8_t *who)
{
    write_register(lpspi, DEVICE_CONFIG, SOFT_RESET);
    pause(RESET_US);
    *who = read_register(lpspi, WHO_AM_I);
    if (*who != WHO_AM_I_VALUE) {
        return false;
    }
    write_register(lpspi, INT_CONFIG, INT1_ACTIVE_HIGH_PUSH_PULL);
    write_register(lpspi, INT_CONFIG1, INT_ASYNC_RESET_OFF);
    write_register(lpspi, INT_SOURCE0, UI_DRDY_INT1_EN);
    write_register(lpspi, GYRO_CONFIG0, ODR_1_KHZ);
    write_register(lpspi, ACCEL_CONFIG0, ODR_1_KHZ);
    write_register(lpspi, PWR_MGMT0, BOTH_LOW_NOISE);
    pause(SWITCH_ON_US);
    return true;
}

static int16_t word_at(const uint8_t *octets)
{
    return (int16_t)(octets[0] << 8 | octets[1]);
}

void icm42688_read(const struct lpspi *lpspi, struct icm42688_sample *sample)
{
    uint8_t octets[1u + SAMPLE_OCTETS] = {READ | TEMP_DATA1};

    lpspi_transfer(lpspi, octets, sizeof(octets));
    sample->temperature = word_at(&octets[1]);
    for (uint32_t axis = 0; axis < ICM42688_AXES; axis++) {
        sample->accel[axis] = word_at(&octets[3u + 2u * axis]);
        sample->gyro[axis] = word_at(&octets[9u + 2u * axis]);
    }
}
