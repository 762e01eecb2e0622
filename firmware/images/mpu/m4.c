/*
 * rt1176-mpu on the Cortex-M4, which the Cortex-M7 has given the console to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/mpu/mpu.h"
#include "images/report.h"

int main(void)
{
    mpu_try_all();
    report_sleep();
}
