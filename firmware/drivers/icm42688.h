/*
 * ICM-42688-P (TDK InvenSense DS-000347) behind an LPSPI: both sensors at 1 kHz, and data ready at
 * its pin INT1.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_ICM42688_H
#define DRIVERS_ICM42688_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/lpspi.h"

#define ICM42688_AXES 3u

/* As in the data registers: 2048 a g, 16.4 a degree per second, 132.48 a degree from 25 on. */
struct icm42688_sample {
    int16_t temperature;
    int16_t accel[ICM42688_AXES];
    int16_t gyro[ICM42688_AXES];
};

/* Reset and configure it; false: it is none, and @who is what it says it is. */
bool icm42688_start(const struct lpspi *lpspi, uint8_t *who);

void icm42688_read(const struct lpspi *lpspi, struct icm42688_sample *sample);

#endif
