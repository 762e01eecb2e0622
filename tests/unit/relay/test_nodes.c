/*
 * The nodes' decisions: failsafe, the FMU's pattern, the console's ring.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "apps/failsafe.h"
#include "apps/pattern.h"
#include "drivers/console.h"
#include "test_relay.h"

static const struct failsafe_config config = {
    .failsafe_us = {1000, 1000, 1000, 1000, 1500, 1500, 1500, 0},
    .disarmed_us = {900, 900, 900, 900, 900, 900, 900, 900},
    .timeout_us = 500000,
};

static struct packet_actuator_cmd command(uint8_t flags, uint16_t first_us)
{
    struct packet_actuator_cmd made = {.flags = flags, .n = 8};
    for (uint16_t i = 0; i < 8; i++) {
        made.pwm_us[i] = (uint16_t)(first_us + i);
    }
    return made;
}

static struct failsafe_state after(struct failsafe_state state, uint8_t flags, uint32_t now_us)
{
    const struct packet_actuator_cmd cmd = command(flags, 1200);
    return failsafe_command(state, &cmd, now_us);
}

static void outputs_should_be(const struct failsafe_state *state, const uint16_t expected[8])
{
    for (uint32_t i = 0; i < 8; i++) {
        CU_ASSERT_EQUAL(failsafe_output(state, &config, i), expected[i]);
    }
}

static const uint16_t disarmed[8] = {900, 900, 900, 900, 900, 900, 900, 900};
static const uint16_t commanded[8] = {1200, 1201, 1202, 1203, 1204, 1205, 1206, 1207};
/* Channel 8 has no failsafe value: the disarmed one serves. */
static const uint16_t failsafe[8] = {1000, 1000, 1000, 1000, 1500, 1500, 1500, 900};

/* To the microsecond, also where the clock wraps; lost stays lost however long it runs on. */
static void failsafe_time_out(void)
{
    const uint32_t starts_us[] = {0, 1000, UINT32_MAX - 100, UINT32_MAX - 499999};
    for (size_t i = 0; i < 4; i++) {
        const uint32_t start_us = starts_us[i];
        struct failsafe_state state =
            after(failsafe_start(&config, start_us), PACKET_ARMED, start_us);
        state = failsafe_time(state, &config, start_us + 499999);
        CU_ASSERT_EQUAL(state.fmu, FAILSAFE_FMU_OK);
        outputs_should_be(&state, commanded);
        state = failsafe_time(state, &config, start_us + 500000);
        CU_ASSERT_EQUAL(state.fmu, FAILSAFE_FMU_LOST);
        outputs_should_be(&state, failsafe);
        state = failsafe_time(state, &config, start_us); /* 71 minutes later */
        CU_ASSERT_EQUAL(state.fmu, FAILSAFE_FMU_LOST);
        state = after(state, PACKET_ARMED, start_us + 7);
        CU_ASSERT_FALSE(failsafe_active(&state));
        outputs_should_be(&state, commanded);
        /* the time-out counts from the last command, not from an earlier one */
        state = failsafe_time(state, &config, start_us + 500006);
        CU_ASSERT_EQUAL(state.fmu, FAILSAFE_FMU_OK);
        state = failsafe_time(state, &config, start_us + 500007);
        CU_ASSERT_EQUAL(state.fmu, FAILSAFE_FMU_LOST);
    }
}

/* Never armed, or disarmed: a lost FMU is told, and no motor starts. */
static void failsafe_disarmed(void)
{
    struct failsafe_state state = failsafe_start(&config, 0);
    outputs_should_be(&state, disarmed);
    CU_ASSERT_FALSE(failsafe_active(&state));
    state = failsafe_time(state, &config, 500000);
    CU_ASSERT(failsafe_active(&state));
    CU_ASSERT_EQUAL(failsafe_mode(&state), FAILSAFE_DISARMED);
    outputs_should_be(&state, disarmed);
    state = after(state, 0, 0);
    outputs_should_be(&state, disarmed);
    state = after(state, PACKET_ARMED, 0);
    outputs_should_be(&state, commanded);
    state = after(state, 0, 0);
    outputs_should_be(&state, disarmed);
}

static void failsafe_forced_is_sticky_until_disarmed(void)
{
    struct failsafe_state state =
        after(failsafe_start(&config, 0), PACKET_ARMED | PACKET_FORCE_FAILSAFE, 0);
    outputs_should_be(&state, failsafe);
    state = after(state, PACKET_ARMED, 1);
    CU_ASSERT(state.forced);
    outputs_should_be(&state, failsafe);
    state = after(state, 0, 2);
    CU_ASSERT_FALSE(state.forced);
    state = after(state, PACKET_ARMED, 3);
    outputs_should_be(&state, commanded);
}

/* Lockdown gives disarmed values, before failsafe, also when the FMU is lost. */
static void failsafe_lockdown(void)
{
    struct failsafe_state state = after(failsafe_start(&config, 0),
                                        PACKET_ARMED | PACKET_LOCKDOWN | PACKET_FORCE_FAILSAFE, 0);
    CU_ASSERT_EQUAL(failsafe_mode(&state), FAILSAFE_LOCKDOWN);
    outputs_should_be(&state, disarmed);
    state = failsafe_time(state, &config, 500000);
    outputs_should_be(&state, disarmed);
}

/* 0 is off and stays off in every mode; 0xffff keeps what was. */
static void failsafe_off_and_keep(void)
{
    struct packet_actuator_cmd cmd = command(PACKET_ARMED, 1200);
    cmd.pwm_us[2] = PACKET_PWM_OFF;
    struct failsafe_state state = failsafe_command(failsafe_start(&config, 0), &cmd, 0);
    CU_ASSERT_EQUAL(failsafe_output(&state, &config, 2), 0);
    cmd.pwm_us[2] = PACKET_PWM_KEEP_US;
    cmd.pwm_us[3] = PACKET_PWM_KEEP_US;
    cmd.flags = PACKET_ARMED | PACKET_FORCE_FAILSAFE;
    state = failsafe_command(state, &cmd, 0);
    CU_ASSERT_EQUAL(failsafe_output(&state, &config, 2), 0);
    CU_ASSERT_EQUAL(failsafe_output(&state, &config, 3), 1000);
    cmd.flags = 0;
    state = failsafe_command(state, &cmd, 0);
    CU_ASSERT_EQUAL(failsafe_output(&state, &config, 2), 0);
    cmd.flags = PACKET_ARMED;
    state = failsafe_command(state, &cmd, 0);
    CU_ASSERT_EQUAL(failsafe_output(&state, &config, 3), 1203);
}

static void pattern(void)
{
    CU_ASSERT_EQUAL(pattern_pulse_us(0, 0), 1100);
    CU_ASSERT_EQUAL(pattern_pulse_us(39, 7), 1800);
    CU_ASSERT_EQUAL(pattern_pulse_us(40, 0), 1110);
    CU_ASSERT_EQUAL(pattern_pulse_us(800, 0), 1300);
    CU_ASSERT_EQUAL(pattern_pulse_us(840, 0), 1290);
    CU_ASSERT_EQUAL(pattern_pulse_us(1599, 0), 1110);
    CU_ASSERT_EQUAL(pattern_pulse_us(1600, 0), 1100);
}

/* Lines come out whole or not at all, over many turns of the ring. */
static void console_drops_whole_lines(void)
{
    struct console console = {0};
    char line[CONSOLE_OCTETS];
    memset(line, 'x', sizeof(line));
    line[CONSOLE_OCTETS - 2] = '\0'; /* with its end just as long as the ring */
    for (unsigned n = 0; n < 5; n++) {
        console_text(&console, line);
        console_end_line(&console);
        console_text(&console, "no room");
        console_end_line(&console);
        CU_ASSERT_EQUAL(console.lines_dropped, n + 1);
        for (unsigned i = 0; i < CONSOLE_OCTETS; i++) {
            const int expected = i < CONSOLE_OCTETS - 2 ? 'x' : "\r\n"[i - (CONSOLE_OCTETS - 2)];
            CU_ASSERT_EQUAL(console_take(&console), expected);
        }
        CU_ASSERT_EQUAL(console_take(&console), -1);
        console_decimal(&console, 4294967295u);
        console_hex(&console, 0x0badcafeu);
        CU_ASSERT_EQUAL(console_take(&console), -1); /* not ended yet */
        console_end_line(&console);
        for (const char *c = "42949672950x0badcafe\r\n"; *c != '\0'; c++) {
            CU_ASSERT_EQUAL(console_take(&console), *c);
        }
    }
}

CU_TestInfo node_tests[] = {
    {"failsafe after the time-out", failsafe_time_out},
    {"failsafe of a disarmed node", failsafe_disarmed},
    {"forced failsafe is sticky until disarmed", failsafe_forced_is_sticky_until_disarmed},
    {"lockdown", failsafe_lockdown},
    {"off and keep", failsafe_off_and_keep},
    {"the FMU's pattern", pattern},
    {"console drops whole lines", console_drops_whole_lines},
    CU_TEST_INFO_NULL,
};
