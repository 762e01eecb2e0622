/*
 * ICM-42688-P: a six-axis inertial sensor (TDK InvenSense DS-000347) on SPI.
 *
 * QEMU interface:
 * + SSI peripheral with an active low chip select
 * + property "samples": path of a file of samples (imu_samples.h); optional
 * + property "push" (write): one more sample, a line as in the file
 * + named GPIO outputs "int" 0, 1: levels of the pins INT1, INT2
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_ICM42688_H
#define HW_MEWS_ICM42688_H

#include "hw/ssi/ssi.h"
#include "icm42688_fifo.h"
#include "imu_samples.h"

#define TYPE_ICM42688 "icm-42688-p"
OBJECT_DECLARE_SIMPLE_TYPE(Icm42688State, ICM42688)

#define ICM42688_BANKS 5
#define ICM42688_REGISTERS 128
#define ICM42688_INTERRUPTS 2
#define ICM42688_DATA_OCTETS 16 /* TEMP_DATA1 to TMST_FSYNCL */

typedef enum Icm42688Sensor {
    ICM42688_ACCEL,
    ICM42688_GYRO,
    ICM42688_SENSORS
} Icm42688Sensor;

/* When a sensor gives its next sample; INT64_MAX: it is off. */
typedef struct Icm42688Odr {
    int64_t next_ns;
    int64_t period_ns;
    bool changed; /* the next packet's header says so */
} Icm42688Odr;

typedef struct Icm42688Pin {
    uint8_t held;     /* sources that keep it active (latched mode) */
    bool pulse;       /* it is active until @pulse_end (pulsed mode) */
    QEMUTimer *pulse_end;
} Icm42688Pin;

struct Icm42688State {
    SSIPeripheral parent_obj;

    qemu_irq interrupt[ICM42688_INTERRUPTS];
    QEMUTimer *timer; /* the next sample, if an interrupt may come of it */
    QEMUTimer *reset_end;
    char *path;
    ImuSamples samples;

    uint8_t regs[ICM42688_BANKS][ICM42688_REGISTERS];
    uint8_t int_status;
    uint8_t count_low; /* FIFO_COUNT, held since its first octet was read */
    bool in_reset;

    bool addressed; /* this transfer has had its first octet */
    bool reading;
    uint8_t address;
    uint8_t data[ICM42688_DATA_OCTETS]; /* as the transfer has found them */

    Icm42688Odr odr[ICM42688_SENSORS];
    int64_t quiet_until_ns; /* no writes to registers up to here */
    int64_t timestamp_start_ns;
    uint16_t last_timestamp;
    Icm42688Fifo fifo;
    bool above_watermark;
    Icm42688Pin pin[ICM42688_INTERRUPTS];

    uint32_t pushed_size; /* samples.pushed on its way to another machine */
    uint8_t *pushed;
};

#endif
