/*
 * The parts of rt1176-mpu; each core runs all of them and reports in lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_MPU_MPU_H
#define IMAGES_MPU_MPU_H

void mpu_registers(void);
void mpu_combinations(void);
void mpu_sizes(void);
void mpu_faults(void);

/* All of them, then "CORE done". */
void mpu_try_all(void);

#endif
