/*
 * rt1176-mpu: tries the MPU of the Cortex-M7, then that of the Cortex-M4 (ARMv7-M B3.5); the gates
 * in robots/rt1176/mpu.robot tell what the lines must be.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/mpu/mpu.h"
#include "images/report.h"
#include "nodes/fmu/m4.h"

int main(void)
{
    report_start();
    mpu_try_all();
    m4_start();
    report_sleep();
}
