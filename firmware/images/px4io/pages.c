/*
 * The register pages of the px4io-like image.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/px4io/pages.h"

#include "images/px4io/adc.h"
#include "images/px4io/hrt.h"

#define PULSE_US_MIN 90u
#define PULSE_US_MAX 2150u
#define RATE_HZ_MIN  25u
#define RATE_HZ_MAX  400u
#define VDDA_MV      3300u
#define ADC_CODES    4096u

/* Protocol, hardware, boot loader; octets of a transfer; controls, actuators, RC, ADC inputs. */
static const uint16_t page_config[] = {PROTOCOL_VERSION, 2, 3, 64, 8, SERVOS, RC_CHANNELS, 2, 0};
uint16_t page_status[STATUS_REGISTERS] = {[STATUS_FLAGS] = FLAG_INIT_OK};
uint16_t page_servos[SERVOS];
uint16_t page_raw_rc[RAW_RC_REGISTERS];
static uint16_t page_raw_adc[2];
uint16_t page_setup[SETUP_REGISTERS] = {
    [SETUP_PWM_DEFAULTRATE] = 50,
    [SETUP_PWM_ALTRATE] = 200,
};
uint16_t page_direct_pwm[SERVOS];
uint16_t page_failsafe_pwm[SERVOS];
uint16_t page_disarmed_pwm[SERVOS];
uint32_t fmu_data_us;

#define TABLE(page, registers)                                      \
    {                                                               \
        page, registers, sizeof(registers) / sizeof((registers)[0]) \
    }

static const struct {
    enum page page;
    const uint16_t *registers;
    uint32_t count;
} pages[] = {
    TABLE(PAGE_CONFIG, page_config),
    TABLE(PAGE_STATUS, page_status),
    TABLE(PAGE_SERVOS, page_servos),
    TABLE(PAGE_RAW_RC_INPUT, page_raw_rc),
    TABLE(PAGE_RAW_ADC_INPUT, page_raw_adc),
    TABLE(PAGE_SETUP, page_setup),
    TABLE(PAGE_DIRECT_PWM, page_direct_pwm),
    TABLE(PAGE_FAILSAFE_PWM, page_failsafe_pwm),
    TABLE(PAGE_DISARMED_PWM, page_disarmed_pwm),
};

/* The voltages are measured when they are asked for; one that fails keeps its last value. */
static void measure(void)
{
    const uint32_t vservo = adc_measure(ADC_CHANNEL_VSERVO);
    const uint32_t rssi = adc_measure(ADC_CHANNEL_RSSI);
    if (vservo != ADC_FAILED) {
        page_raw_adc[0] = (uint16_t)vservo;
        page_status[STATUS_VSERVO] = (uint16_t)(vservo * 3u * VDDA_MV / ADC_CODES);
    }
    if (rssi != ADC_FAILED) {
        page_raw_adc[1] = (uint16_t)rssi;
        page_status[STATUS_VRSSI] = (uint16_t)(rssi * VDDA_MV / ADC_CODES);
    }
}

uint32_t pages_read(uint32_t page, uint32_t offset, uint16_t *values, uint32_t count)
{
    if (page == PAGE_STATUS || page == PAGE_RAW_ADC_INPUT) {
        measure();
    }
    for (uint32_t p = 0; p < sizeof(pages) / sizeof(pages[0]); p++) {
        if (pages[p].page != page) {
            continue;
        }
        uint32_t n = 0;
        for (; n < count && offset + n < pages[p].count; n++) {
            values[n] = pages[p].registers[offset + n];
        }
        return n;
    }
    return 0;
}

/* Rates are those of timers: outputs that share one are all fast or all slow. */
static void set_rates(uint16_t fast, uint16_t default_hz, uint16_t alternate_hz)
{
    for (uint32_t g = 0; g < SERVO_GROUPS; g++) {
        const uint32_t mine = fast & servos_group(g);
        if (mine != 0 && mine != servos_group(g)) {
            page_status[STATUS_ALARMS] |= ALARM_PWM_ERROR;
            return;
        }
    }
    for (uint32_t g = 0; g < SERVO_GROUPS; g++) {
        servos_set_rate(g, (fast & servos_group(g)) != 0 ? alternate_hz : default_hz);
    }
    page_setup[SETUP_PWM_RATES] = fast;
    page_setup[SETUP_PWM_DEFAULTRATE] = default_hz;
    page_setup[SETUP_PWM_ALTRATE] = alternate_hz;
}

static uint16_t within(uint16_t value, uint16_t least, uint16_t most)
{
    return value < least ? least : value > most ? most : value;
}

static void set_safety(uint16_t value, bool off)
{
    if (value == SAFETY_MAGIC && off) {
        page_status[STATUS_FLAGS] |= FLAG_SAFETY_OFF;
    } else if (value == SAFETY_MAGIC) {
        page_status[STATUS_FLAGS] &= (uint16_t)~FLAG_SAFETY_OFF;
    }
}

static bool write_setup(uint32_t offset, uint16_t value)
{
    const uint16_t *setup = page_setup;
    switch (offset) {
    case SETUP_FEATURES:
    case SETUP_ARMING:
        page_setup[offset] = value;
        return true;
    case SETUP_PWM_RATES:
        set_rates(value, setup[SETUP_PWM_DEFAULTRATE], setup[SETUP_PWM_ALTRATE]);
        return true;
    case SETUP_PWM_DEFAULTRATE:
        set_rates(setup[SETUP_PWM_RATES], within(value, RATE_HZ_MIN, RATE_HZ_MAX),
                  setup[SETUP_PWM_ALTRATE]);
        return true;
    case SETUP_PWM_ALTRATE:
        set_rates(setup[SETUP_PWM_RATES], setup[SETUP_PWM_DEFAULTRATE],
                  within(value, RATE_HZ_MIN, RATE_HZ_MAX));
        return true;
    case SETUP_FORCE_SAFETY_OFF:
    case SETUP_FORCE_SAFETY_ON:
        set_safety(value, offset == SETUP_FORCE_SAFETY_OFF);
        return true;
    default:
        return false;
    }
}

static bool write_one(uint32_t page, uint32_t offset, uint16_t value)
{
    switch (page) {
    case PAGE_STATUS:
        if (offset == STATUS_ALARMS) {
            page_status[STATUS_ALARMS] &= (uint16_t)~value;
        }
        return offset == STATUS_ALARMS;
    case PAGE_SETUP:
        return write_setup(offset, value);
    case PAGE_DIRECT_PWM:
    case PAGE_FAILSAFE_PWM:
    case PAGE_DISARMED_PWM:
        if (offset < SERVOS) {
            uint16_t *pulses = page == PAGE_DIRECT_PWM     ? page_direct_pwm
                               : page == PAGE_FAILSAFE_PWM ? page_failsafe_pwm
                                                           : page_disarmed_pwm;
            pulses[offset] = value == 0 ? 0 : within(value, PULSE_US_MIN, PULSE_US_MAX);
        }
        return offset < SERVOS;
    default:
        return false;
    }
}

bool pages_write(uint32_t page, uint32_t offset, const uint16_t *values, uint32_t count)
{
    for (uint32_t n = 0; n < count; n++) {
        if (!write_one(page, offset + n, values[n])) {
            return false;
        }
    }
    if (page == PAGE_DIRECT_PWM) {
        fmu_data_us = hrt_now_us();
        page_status[STATUS_FLAGS] |= FLAG_RAW_PWM | FLAG_FMU_OK;
    }
    return true;
}
