/*
 * The failsafe decision of the IO node (docs/wire-formats.md, "Failsafe rule"): pure functions of
 * values, without clock, registers or packets in flight.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef APPS_FAILSAFE_H
#define APPS_FAILSAFE_H

#include <stdbool.h>
#include <stdint.h>

#include "relay/packets.h"

struct failsafe_config {
    uint16_t failsafe_us[PACKET_PWM_CHANNELS]; /* 0: not configured, the disarmed value serves */
    uint16_t disarmed_us[PACKET_PWM_CHANNELS];
    uint32_t timeout_us;
};

enum failsafe_fmu {
    FAILSAFE_FMU_AWAITED, /* since reset, and the time-out has not passed */
    FAILSAFE_FMU_OK,
    FAILSAFE_FMU_LOST, /* until the next command, however long the clock runs */
};

struct failsafe_state {
    enum failsafe_fmu fmu;
    uint32_t refreshed_us; /* arrival of the last authenticated, fresh command, or the start */
    bool armed;
    bool lockdown;
    bool forced;                                /* force_failsafe, sticky until disarmed */
    uint16_t commanded_us[PACKET_PWM_CHANNELS]; /* 0: off */
};

enum failsafe_mode {
    FAILSAFE_DISARMED,  /* never armed, or disarmed: disarmed values */
    FAILSAFE_LOCKDOWN,  /* disarmed values by command */
    FAILSAFE_FAILSAFE,  /* FMU lost or failsafe forced: failsafe values */
    FAILSAFE_COMMANDED, /* the FMU's values */
};

/* State at reset: nothing is armed, no channel is off. */
struct failsafe_state failsafe_start(const struct failsafe_config *config, uint32_t now_us);

/* The state after an authenticated, fresh ActuatorCmd that arrived at @arrived_us. */
struct failsafe_state failsafe_command(struct failsafe_state state,
                                       const struct packet_actuator_cmd *command,
                                       uint32_t arrived_us);

/* The state at @now_us: the FMU is lost once timeout_us have passed since the last command. */
struct failsafe_state failsafe_time(struct failsafe_state state,
                                    const struct failsafe_config *config, uint32_t now_us);

/* Which values the outputs take.  Disarmed goes before lockdown, lockdown before failsafe. */
enum failsafe_mode failsafe_mode(const struct failsafe_state *state);

/* No FMU, or failsafe forced: what the node reports as failsafe, armed or not. */
bool failsafe_active(const struct failsafe_state *state);

/*
 * Pulse of one channel (0..7) in microseconds, 0 for none.  A channel that is off stays off in
 * every mode.
 */
uint16_t failsafe_output(const struct failsafe_state *state, const struct failsafe_config *config,
                         uint32_t channel);

#endif
