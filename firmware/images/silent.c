/*
 * For images that have nothing to say it with when they die.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "seam.h"

void fault_hook(const struct fault *fault)
{
    (void)fault;
}
