/*
 * The failsafe decision of the IO node.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apps/failsafe.h"

struct failsafe_state failsafe_start(const struct failsafe_config *config, uint32_t now_us)
{
    struct failsafe_state state = {.fmu = FAILSAFE_FMU_AWAITED, .refreshed_us = now_us};
    for (uint32_t i = 0; i < PACKET_PWM_CHANNELS; i++) {
        state.commanded_us[i] = config->disarmed_us[i];
    }
    return state;
}

struct failsafe_state failsafe_command(struct failsafe_state state,
                                       const struct packet_actuator_cmd *command,
                                       uint32_t arrived_us)
{
    state.fmu = FAILSAFE_FMU_OK;
    state.refreshed_us = arrived_us;
    state.armed = (command->flags & PACKET_ARMED) != 0;
    state.lockdown = (command->flags & PACKET_LOCKDOWN) != 0;
    state.forced = state.armed && (state.forced || (command->flags & PACKET_FORCE_FAILSAFE) != 0);
    for (uint32_t i = 0; i < PACKET_PWM_CHANNELS; i++) {
        if (command->pwm_us[i] != PACKET_PWM_KEEP_US) {
            state.commanded_us[i] = command->pwm_us[i];
        }
    }
    return state;
}

struct failsafe_state failsafe_time(struct failsafe_state state,
                                    const struct failsafe_config *config, uint32_t now_us)
{
    if (now_us - state.refreshed_us >= config->timeout_us) {
        state.fmu = FAILSAFE_FMU_LOST;
    }
    return state;
}

enum failsafe_mode failsafe_mode(const struct failsafe_state *state)
{
    if (!state->armed) {
        return FAILSAFE_DISARMED;
    }
    if (state->lockdown) {
        return FAILSAFE_LOCKDOWN;
    }
    return failsafe_active(state) ? FAILSAFE_FAILSAFE : FAILSAFE_COMMANDED;
}

bool failsafe_active(const struct failsafe_state *state)
{
    return state->fmu == FAILSAFE_FMU_LOST || state->forced;
}

uint16_t failsafe_output(const struct failsafe_state *state, const struct failsafe_config *config,
                         uint32_t channel)
{
    if (state->commanded_us[channel] == PACKET_PWM_OFF) {
        return PACKET_PWM_OFF;
    }
    switch (failsafe_mode(state)) {
    case FAILSAFE_COMMANDED:
        return state->commanded_us[channel];
    case FAILSAFE_FAILSAFE:
        if (config->failsafe_us[channel] != 0) {
            return config->failsafe_us[channel];
        }
        break;
    case FAILSAFE_DISARMED:
    case FAILSAFE_LOCKDOWN:
        break;
    }
    return config->disarmed_us[channel];
}
