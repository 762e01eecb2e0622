/*
 * Lets the Cortex-M4 run beside a node on the Cortex-M7, for `make bench`: linked with
 * --wrap=part_start.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "nodes/fmu/m4.h"

void __wrap_part_start(void);
void __real_part_start(void);

void __wrap_part_start(void)
{
    __real_part_start();
    m4_start();
}
