/*
 * The 16-bit registers that a flight controller reads and writes, in pages; numbers of px4io
 * (docs/px4io.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_PX4IO_PAGES_H
#define IMAGES_PX4IO_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "images/px4io/servos.h"

#define PROTOCOL_VERSION 4u
#define RC_CHANNELS      18u

enum page {
    PAGE_CONFIG = 0,
    PAGE_STATUS = 1,
    PAGE_SERVOS = 3,
    PAGE_RAW_RC_INPUT = 4,
    PAGE_RAW_ADC_INPUT = 6,
    PAGE_SETUP = 50,
    PAGE_DIRECT_PWM = 54,
    PAGE_FAILSAFE_PWM = 55,
    PAGE_DISARMED_PWM = 108,
};

enum status {
    STATUS_FREEMEM,
    STATUS_CPULOAD,
    STATUS_FLAGS,
    STATUS_ALARMS, /* written 1 a bit is cleared */
    STATUS_VBATT,
    STATUS_IBATT,
    STATUS_VSERVO, /* mV */
    STATUS_VRSSI,  /* mV */
    STATUS_PRSSI,
    STATUS_MIXER,
    STATUS_REGISTERS,
    FLAG_OUTPUTS_ARMED = 1 << 0,
    FLAG_RC_OK = 1 << 2,
    FLAG_RC_PPM = 1 << 3,
    FLAG_RC_DSM = 1 << 4,
    FLAG_RC_SBUS = 1 << 5,
    FLAG_FMU_OK = 1 << 6,
    FLAG_RAW_PWM = 1 << 7,
    FLAG_INIT_OK = 1 << 10,
    FLAG_FAILSAFE = 1 << 11,
    FLAG_SAFETY_OFF = 1 << 12,
    FLAG_FMU_INITIALIZED = 1 << 13,
    ALARM_FMU_LOST = 1 << 4,
    ALARM_RC_LOST = 1 << 5,
    ALARM_PWM_ERROR = 1 << 6,
};

enum raw_rc {
    RAW_RC_COUNT,
    RAW_RC_FLAGS,
    RAW_RC_NRSSI,
    RAW_RC_DATA,
    RAW_RC_FRAME_COUNT,
    RAW_RC_LOST_FRAME_COUNT,
    RAW_RC_BASE,
    RAW_RC_REGISTERS = RAW_RC_BASE + RC_CHANNELS,
    RAW_RC_FRAME_DROP = 1 << 0,
    RAW_RC_FAILSAFE = 1 << 1,
    RAW_RC_DSM11 = 1 << 2,
    RAW_RC_OK = 1 << 4,
};

enum setup {
    SETUP_FEATURES,
    SETUP_ARMING,
    SETUP_PWM_RATES,
    SETUP_PWM_DEFAULTRATE,
    SETUP_PWM_ALTRATE,
    SETUP_FORCE_SAFETY_OFF = 12,
    SETUP_FORCE_SAFETY_ON = 14,
    SETUP_REGISTERS,
    FEATURE_SBUS1_OUT = 1 << 0,
    ARMING_IO_ARM_OK = 1 << 0,
    ARMING_FMU_ARMED = 1 << 1,
    ARMING_LOCKDOWN = 1 << 7,
    ARMING_FORCE_FAILSAFE = 1 << 8,
    SAFETY_MAGIC = 22027,
};

extern uint16_t page_status[STATUS_REGISTERS];
extern uint16_t page_servos[SERVOS];
extern uint16_t page_raw_rc[RAW_RC_REGISTERS];
extern uint16_t page_setup[SETUP_REGISTERS];
extern uint16_t page_direct_pwm[SERVOS];
extern uint16_t page_failsafe_pwm[SERVOS];
extern uint16_t page_disarmed_pwm[SERVOS];

/* hrt time of the last write of DIRECT_PWM; meaningful with FLAG_RAW_PWM. */
extern uint32_t fmu_data_us;

/* Up to @count registers from @offset on; how many there are, 0: no such register. */
uint32_t pages_read(uint32_t page, uint32_t offset, uint16_t *values, uint32_t count);

/* False: a register cannot be written; those before it have been. */
bool pages_write(uint32_t page, uint32_t offset, const uint16_t *values, uint32_t count);

#endif
