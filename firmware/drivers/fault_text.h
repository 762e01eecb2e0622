/*
 * The one line a node prints when it dies.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_FAULT_TEXT_H
#define DRIVERS_FAULT_TEXT_H

#include "drivers/console.h"
#include "seam.h"

/* Write the line into @console, which nothing else uses any more: what was in it is given up. */
void fault_text(struct console *console, const char *node, const struct fault *fault);

#endif
