/*
 * A node that never sleeps, for `make bench`: linked with --wrap=irq_sleep.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
void __wrap_irq_sleep(void);

/* wait_until() may return early (firmware/seam.h). */
void __wrap_irq_sleep(void) {}
