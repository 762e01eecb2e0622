/*
 * What an inertial sensor of the rig feels: samples with virtual times, from a
 * file and from the control socket.
 *
 * At time t it is the last sample whose time is at or before t, and before the
 * first one the board at rest: 1 g along +Z, no rotation, 25 degrees Celsius.
 * From the time of the first sample that was pushed, the file is not heard any
 * more.
 *
 * The file is text: a line per sample with eight numbers and commas between
 * them: time_ns, accel_x, accel_y, accel_z (m/s^2), gyro_x, gyro_y, gyro_z
 * (rad/s), temperature (degrees Celsius).  Times rise.  Empty lines and lines
 * that begin with # are skipped.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_IMU_SAMPLES_H
#define HW_MEWS_IMU_SAMPLES_H

#include "qapi/error.h"

#define IMU_AXES 3

typedef struct ImuSample {
    int64_t time_ns;
    double accel[IMU_AXES]; /* m/s^2 */
    double gyro[IMU_AXES];  /* rad/s */
    double temperature;     /* degrees Celsius */
} ImuSample;

typedef struct ImuSamples {
    GArray *file;   /* ImuSample, in order of time; never changes */
    GArray *pushed; /* ImuSample, in order of time */
} ImuSamples;

void imu_samples_init(ImuSamples *samples);
void imu_samples_finalize(ImuSamples *samples);

/* Read @path; an error names file, line and what was expected. */
bool imu_samples_read(ImuSamples *samples, const char *path, Error **errp);
/*
 * A line as in the file.  Its time must be neither before @now_ns nor before
 * that of the last one pushed.
 */
bool imu_samples_push(ImuSamples *samples, const char *line, int64_t now_ns,
                      Error **errp);
/* What is felt at @time_ns. */
const ImuSample *imu_samples_at(const ImuSamples *samples, int64_t time_ns);

#endif
