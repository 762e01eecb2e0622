/*
 * The FMU node: commands the IO node at 400 Hz, shows it is alive at 50 Hz, configures it, and
 * prints on its console what comes back (docs/firmware.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apps/pattern.h"
#include "drivers/fault_text.h"
#include "drivers/lpuart_console.h"
#include "nodes/fmu/board.h"
#include "seam.h"

#define COMMAND_PERIOD_US   2500u
#define HEARTBEAT_PERIOD_US 20000u
#define CONFIG_PERIOD_US    100000u /* until the IO node says it has it */
#define PRINT_PERIOD_US     500000u

enum heartbeat_state { HEARTBEAT_FLYING = 1 };
#define CORES_ALIVE_M7 1u

/* What the node has seen; read by gates through the symbol. */
struct fmu_stats {
    uint32_t commands; /* sent */
    uint32_t heartbeats;
    uint32_t configs;
    uint32_t statuses; /* received */
    uint32_t foreign;  /* valid packets that are not for this node */
};

struct fmu_stats fmu_stats;
struct endpoint fmu_endpoint = {
    .receiver = {.association = BOARD_FROM_IO},
    .sender = {.association = BOARD_TO_IO, .channel = BOARD_LINK_CHANNEL},
};
struct packet_io_status fmu_io_status; /* the last one */

static struct lpuart link = {.config = BOARD_LINK};
static struct lpuart console_uart = {.config = BOARD_CONSOLE};
static struct console console;
static bool resync_due;
static uint32_t print_due_us;

static const struct packet_io_config io_config = {
    .failsafe_us = {1000, 1000, 1000, 1000, 1500, 1500, 1500, 1500},
    .disarmed_us = {900, 900, 900, 900, 900, 900, 900, 900},
    .rate_hz = {400, 400, 400},
    .fmu_timeout_ms = 500,
};

static bool reached(uint32_t now_us, uint32_t deadline_us)
{
    return now_us - deadline_us <= UINT32_MAX / 2u;
}

static void say(const char *line)
{
    console_text(&console, line);
    console_end_line(&console);
    lpuart_console_send(&console_uart, &console);
}

static void print_status(const struct packet_io_status *status)
{
    console_text(&console, "fmu: io status pwm");
    for (uint32_t i = 0; i < PACKET_PWM_CHANNELS; i++) {
        console_text(&console, " ");
        console_decimal(&console, status->pwm_us[i]);
    }
    console_text(&console, " ok ");
    console_decimal(&console, status->frames_ok);
    console_end_line(&console);
    lpuart_console_send(&console_uart, &console);
}

static void send(enum packet_apid apid, const union packet_payload *payload)
{
    uint8_t framed[ENDPOINT_FRAMED_OCTETS_MAX];
    const size_t octets = endpoint_send(&fmu_endpoint, packet_type_find(apid), payload, framed);
    (void)lpuart_send(&link, framed, (uint32_t)octets); /* the driver counts a drop */
}

static void send_command(uint32_t now_us)
{
    union packet_payload payload = {
        .actuator_cmd = {.time_us = now_us, .flags = PACKET_ARMED, .n = PACKET_PWM_CHANNELS},
    };
    for (uint32_t i = 0; i < PACKET_PWM_CHANNELS; i++) {
        payload.actuator_cmd.pwm_us[i] = pattern_pulse_us(fmu_stats.commands, i);
    }
    send(PACKET_ACTUATOR_CMD, &payload);
    fmu_stats.commands++;
}

static void send_heartbeat(uint32_t now_us)
{
    const union packet_payload payload = {
        .heartbeat = {.time_us = now_us, .state = HEARTBEAT_FLYING, .cores_alive = CORES_ALIVE_M7},
    };
    send(PACKET_HEARTBEAT, &payload);
    fmu_stats.heartbeats++;
}

/* Until the IO node says that it has one: it may start later than this node, or again. */
static void send_config(uint32_t now_us)
{
    (void)now_us;
    if ((fmu_io_status.status_flags & PACKET_IO_CONFIGURED) != 0) {
        return;
    }
    const union packet_payload payload = {.io_config = io_config};
    send(PACKET_IO_CONFIG, &payload);
    fmu_stats.configs++;
}

static void take_status(const struct packet_io_status *status, uint32_t now_us)
{
    fmu_io_status = *status;
    if (fmu_stats.statuses++ == 0) {
        say("fmu: link up");
        print_due_us = now_us;
    }
    if (reached(now_us, print_due_us)) {
        print_due_us += PRINT_PERIOD_US;
        print_status(status);
    }
}

static void receive(uint32_t now_us)
{
    if (lpuart_service(&link)) {
        resync_due = true;
    }
    for (int octet = lpuart_take(&link); octet >= 0; octet = lpuart_take(&link)) {
        struct packet packet;
        if (!endpoint_take(&fmu_endpoint, (uint8_t)octet, &packet)) {
            continue;
        }
        if (packet.type->apid == PACKET_IO_STATUS) {
            take_status(&packet.payload.io_status, now_us);
        } else {
            fmu_stats.foreign++;
        }
    }
    if (resync_due) {
        endpoint_lost_sync(&fmu_endpoint);
        resync_due = false;
    }
}

int main(void)
{
    static const struct {
        uint32_t period_us;
        void (*send)(uint32_t now_us);
    } duties[] = {
        {CONFIG_PERIOD_US, send_config},
        {COMMAND_PERIOD_US, send_command},
        {HEARTBEAT_PERIOD_US, send_heartbeat},
    };
    enum { DUTIES = sizeof(duties) / sizeof(duties[0]) };
    uint32_t due_us[DUTIES];

    lpuart_init(&console_uart);
    lpuart_init(&link);
    endpoint_init(&fmu_endpoint);
    say("fmu: boot");
    for (uint32_t i = 0; i < DUTIES; i++) {
        due_us[i] = clock_us();
    }
    for (;;) {
        const uint32_t now_us = clock_us();
        receive(now_us);
        (void)lpuart_service(&console_uart); /* nothing is read from the console */
        uint32_t deadline_us = now_us + COMMAND_PERIOD_US;
        for (uint32_t i = 0; i < DUTIES; i++) {
            if (reached(now_us, due_us[i])) {
                due_us[i] += duties[i].period_us;
                if (reached(now_us, due_us[i])) { /* what was missed is not made up for */
                    due_us[i] = now_us + duties[i].period_us;
                }
                duties[i].send(now_us);
            }
            if (reached(deadline_us, due_us[i])) {
                deadline_us = due_us[i];
            }
        }
        wait_until(deadline_us);
    }
}

void fault_hook(const struct fault *fault)
{
    fault_text(&console, "fmu", fault);
    lpuart_console_send_now(&console_uart, &console);
}
