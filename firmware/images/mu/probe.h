/*
 * What the probes of the messaging unit share (docs/devices/rt1176-mu.md): lines "name=VALUE" on
 * the Cortex-M7's console, messages with a limit of time, and what the Cortex-M4 says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_MU_PROBE_H
#define IMAGES_MU_PROBE_H

#include <stdint.h>

#define PROBE_GREETING 0xc0ffee42u /* the M4 has started */
#define PROBE_RUNG     0xd00dfeedu /* the M4 has answered a doorbell */

/* Console on; the first line. */
void probe_start(const char *title);

/* "name=VALUE", eight hexadecimal digits. */
void probe_print(const char *name, uint32_t value);

/* Wait for a word and print it, or "name=TIMEOUT" after a millisecond. */
void probe_print_message(const char *name, uint32_t channel);

/* The last line; then sleep for good. */
_Noreturn void probe_end(const char *line);

#endif
