/*
 * The IO node: takes authenticated commands from the FMU, drives eight servos, reports at 50 Hz,
 * and alone brings the outputs to failsafe when the FMU falls silent (docs/firmware.md).
 *
 * One thread: each round takes what the link has brought, lets the failsafe decide, and sleeps
 * until the next interrupt or deadline.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apps/failsafe.h"
#include "drivers/fault_text.h"
#include "drivers/stm32f1_adc.h"
#include "drivers/stm32f1_console.h"
#include "drivers/stm32f1_link.h"
#include "drivers/stm32f1_pwm.h"
#include "drivers/uart_thin.h"
#include "nodes/io/board.h"
#include "relay/endpoint.h"
#include "seam.h"

#define STATUS_PERIOD_US 20000u
/* Bounds a round: what it takes from the link arrives in less time than the link's ring lasts. */
#define OCTETS_PER_ROUND 128u
#define RATE_HZ_MIN      25u
#define RATE_HZ_MAX      490u
#define TIMEOUT_MS_MAX   60000u

/* What the node has seen; read by gates through the symbol. */
struct io_stats {
    uint32_t commands;
    uint32_t heartbeats;
    uint32_t configs;
    uint32_t foreign;     /* valid packets that are not for this node, or configs out of range */
    uint32_t failsafes;   /* times the failsafe began */
    uint32_t status_late; /* reports skipped because the last was still being sent */
};

struct io_stats io_stats;
struct endpoint io_endpoint = {
    .receiver = {.association = BOARD_FROM_FMU},
    .sender = {.association = BOARD_TO_FMU, .channel = BOARD_LINK_CHANNEL},
};
struct failsafe_state io_failsafe;
struct failsafe_config io_config = BOARD_FAILSAFE;
uint16_t io_pwm_us[PACKET_PWM_CHANNELS];

static struct stm32_link link = {.config = BOARD_LINK};
static struct stm32_console console = {
    .usart_base = BOARD_CONSOLE_USART,
    .irq = BOARD_CONSOLE_IRQ,
};
static bool resync_due;
static bool configured;
static uint16_t alarms;

static const struct pwm_output servos[PACKET_PWM_CHANNELS] = BOARD_SERVOS;
static const uint32_t servo_timers[PACKET_RATE_GROUPS] = BOARD_SERVO_TIMERS;

static void say(const char *line)
{
    console_text(&console.console, line);
    console_end_line(&console.console);
}

static void drive_outputs(void)
{
    for (uint32_t i = 0; i < PACKET_PWM_CHANNELS; i++) {
        const uint16_t pulse_us = failsafe_output(&io_failsafe, &io_config, i);
        if (pulse_us != io_pwm_us[i]) {
            pwm_set(&servos[i], pulse_us);
            io_pwm_us[i] = pulse_us;
        }
    }
}

/* Take over a new state: outputs, and a line when the failsafe begins or ends. */
static void enter(struct failsafe_state state)
{
    const bool was_active = failsafe_active(&io_failsafe);
    io_failsafe = state;
    drive_outputs();
    if (failsafe_active(&io_failsafe) && !was_active) {
        io_stats.failsafes++;
        say("io: failsafe");
    } else if (!failsafe_active(&io_failsafe) && was_active) {
        say("io: recovered");
    }
    if (io_failsafe.fmu == FAILSAFE_FMU_LOST) {
        alarms |= PACKET_IO_ALARM_FMU_LOST;
    }
}

static bool config_valid(const struct packet_io_config *config)
{
    for (uint32_t i = 0; i < PACKET_RATE_GROUPS; i++) {
        if (config->rate_hz[i] < RATE_HZ_MIN || config->rate_hz[i] > RATE_HZ_MAX) {
            return false;
        }
    }
    return config->fmu_timeout_ms > 0 && config->fmu_timeout_ms <= TIMEOUT_MS_MAX;
}

static void take_config(const struct packet_io_config *config)
{
    if (!config_valid(config)) {
        io_stats.foreign++;
        return;
    }
    io_stats.configs++;
    configured = true;
    for (uint32_t i = 0; i < PACKET_PWM_CHANNELS; i++) {
        io_config.failsafe_us[i] = config->failsafe_us[i];
        io_config.disarmed_us[i] = config->disarmed_us[i];
    }
    io_config.timeout_us = config->fmu_timeout_ms * 1000u;
    for (uint32_t i = 0; i < PACKET_RATE_GROUPS; i++) {
        pwm_timer_set_period(servo_timers[i], 1000000u / config->rate_hz[i]);
    }
    drive_outputs();
}

static void take_packet(const struct packet *packet)
{
    switch (packet->type->apid) {
    case PACKET_ACTUATOR_CMD:
        io_stats.commands++;
        enter(failsafe_command(io_failsafe, &packet->payload.actuator_cmd, link.arrived_us));
        break;
    case PACKET_HEARTBEAT:
        io_stats.heartbeats++;
        break;
    case PACKET_IO_CONFIG:
        take_config(&packet->payload.io_config);
        break;
    default:
        io_stats.foreign++;
        break;
    }
}

/* Take octets from the link; true if there are more than a round may take. */
static bool receive(void)
{
    if (stm32_link_service(&link) == STM32_LINK_BROKEN) {
        resync_due = true;
    }
    for (uint32_t i = 0; i < OCTETS_PER_ROUND; i++) {
        const int octet = stm32_link_take(&link);
        if (octet < 0) {
            if (resync_due) { /* what broke lies behind the octets that were still whole */
                endpoint_lost_sync(&io_endpoint);
                resync_due = false;
            }
            return false;
        }
        struct packet packet;
        if (endpoint_take(&io_endpoint, (uint8_t)octet, &packet)) {
            take_packet(&packet);
        }
    }
    return true;
}

static uint16_t status_flags(void)
{
    return (uint16_t)((io_failsafe.fmu == FAILSAFE_FMU_OK ? PACKET_IO_FMU_OK : 0) |
                      (io_failsafe.armed ? PACKET_IO_ARMED : 0) |
                      (failsafe_active(&io_failsafe) ? PACKET_IO_FAILSAFE : 0) |
                      (io_failsafe.lockdown ? PACKET_IO_LOCKDOWN : 0) |
                      (io_failsafe.forced ? PACKET_IO_FORCED : 0) |
                      (configured ? PACKET_IO_CONFIGURED : 0));
}

/* Line errors and frames that were none are one number on the link: framing. */
static void fill_counters(struct packet_io_status *status)
{
    const struct endpoint_counters *frames = &io_endpoint.counters;
    status->frames_ok = frames->frames_ok;
    status->bad_mac = endpoint_saturate16(frames->bad_mac);
    status->replay = endpoint_saturate16(frames->replay);
    status->too_old = endpoint_saturate16(frames->too_old);
    status->framing = endpoint_saturate16(link.counters.framing + frames->malformed +
                                          frames->too_long + frames->too_short);
    status->overrun = endpoint_saturate16(link.counters.overrun);
    alarms |=
        (uint16_t)((status->bad_mac != 0 ? PACKET_IO_ALARM_BAD_MAC : 0) |
                   (status->replay != 0 || status->too_old != 0 ? PACKET_IO_ALARM_REPLAY : 0) |
                   (status->framing != 0 || status->overrun != 0 ? PACKET_IO_ALARM_LINK : 0) |
                   (frames->unknown_spi != 0 ? PACKET_IO_ALARM_UNKNOWN_SPI : 0) |
                   (frames->bad_packet != 0 || io_stats.foreign != 0 ? PACKET_IO_ALARM_BAD_PACKET
                                                                     : 0));
    status->alarms = alarms;
}

/* What is not measured reads 0, as if nothing were connected. */
static uint16_t voltage_mv(uint32_t channel, uint32_t divider)
{
    uint16_t code = 0;
    (void)adc_measure(BOARD_ADC, channel, &code);
    return (uint16_t)(code * divider * BOARD_VDDA_MV / ADC_CODES);
}

static void send_status(uint32_t now_us)
{
    uint8_t *framed = stm32_link_tx_buffer(&link);
    if (framed == NULL) {
        io_stats.status_late++;
        return;
    }
    union packet_payload payload = {.io_status = {.time_us = now_us}};
    payload.io_status.status_flags = status_flags();
    for (uint32_t i = 0; i < PACKET_PWM_CHANNELS; i++) {
        payload.io_status.pwm_us[i] = io_pwm_us[i];
    }
    payload.io_status.vservo_mv = voltage_mv(BOARD_VSERVO_CHANNEL, BOARD_VSERVO_DIVIDER);
    payload.io_status.rssi_mv = voltage_mv(BOARD_RSSI_CHANNEL, 1);
    fill_counters(&payload.io_status);
    const size_t octets =
        endpoint_send(&io_endpoint, packet_type_find(PACKET_IO_STATUS), &payload, framed);
    if (octets > 0) {
        stm32_link_send(&link, (uint32_t)octets);
    }
}

static void start(void)
{
    board_pins_start();
    uart_thin_init(BOARD_CONSOLE_USART, BOARD_CONSOLE_BRR);
    stm32_link_init(&link);
    (void)adc_init(BOARD_ADC); /* uncalibrated it measures, too, less well */
    endpoint_init(&io_endpoint);
    io_failsafe = failsafe_start(&io_config, clock_us());
    for (uint32_t i = 0; i < PACKET_PWM_CHANNELS; i++) {
        pwm_output_init(&servos[i]);
    }
    drive_outputs();
    for (uint32_t i = 0; i < PACKET_RATE_GROUPS; i++) {
        pwm_timer_start(servo_timers[i], BOARD_CLOCK_HZ, 1000000u / BOARD_SERVO_RATE_HZ);
    }
    for (const char *text = "gust-uart-thin\r\n"; *text != '\0'; text++) {
        uart_thin_tx_byte(BOARD_CONSOLE_USART, (uint32_t)*text);
    }
    say("io: mews failsafe node");
}

static bool reached(uint32_t now_us, uint32_t deadline_us)
{
    return now_us - deadline_us <= UINT32_MAX / 2u;
}

int main(void)
{
    start();
    uint32_t status_due_us = clock_us() + STATUS_PERIOD_US;
    for (;;) {
        const bool more = receive();
        const uint32_t now_us = clock_us();
        enter(failsafe_time(io_failsafe, &io_config, now_us));
        if (reached(now_us, status_due_us)) {
            status_due_us += STATUS_PERIOD_US;
            send_status(now_us);
        }
        stm32_console_service(&console);

        uint32_t deadline_us = status_due_us;
        const uint32_t timeout_us = io_failsafe.refreshed_us + io_config.timeout_us;
        if (io_failsafe.fmu != FAILSAFE_FMU_LOST && reached(deadline_us, timeout_us)) {
            deadline_us = timeout_us;
        }
        wait_until(more ? now_us : deadline_us);
    }
}

/* The timers go on without the core: leave them at the failsafe values, then say what happened. */
void fault_hook(const struct fault *fault)
{
    io_failsafe.fmu = FAILSAFE_FMU_LOST;
    drive_outputs();
    fault_text(&console.console, "io", fault);
    for (int octet = console_take(&console.console); octet >= 0;
         octet = console_take(&console.console)) {
        uart_thin_tx_byte(BOARD_CONSOLE_USART, (uint32_t)octet);
    }
}
