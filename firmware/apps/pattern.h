/*
 * What the FMU commands until it has a controller: a pattern that a gate can foretell from the
 * number of the command alone.
 *
 * Channel i (0..7) has 1100 + 100 i us, plus a slow triangle: 10 us more every 40 commands (100 ms
 * at 400 Hz), up to 200 us and back.  The first 40 commands have no offset; it returns after 1600.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef APPS_PATTERN_H
#define APPS_PATTERN_H

#include <stdint.h>

/* Pulse of @channel (0..7) in command number @command, counted from 0. */
uint16_t pattern_pulse_us(uint32_t command, uint32_t channel);

#endif
