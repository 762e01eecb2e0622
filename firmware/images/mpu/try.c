/*
 * rt1176-mpu, on either core: all parts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/mpu/mpu.h"
#include "images/mpu/trap.h"
#include "images/report.h"

void mpu_try_all(void)
{
    trap_start();
    mpu_registers();
    mpu_combinations();
    mpu_sizes();
    mpu_faults();
    report_line("done");
}
