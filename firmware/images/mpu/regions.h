/*
 * Regions of the MPU for the images that try it (ARMv7-M B3.5), alike on both cores of the RT1176.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_MPU_REGIONS_H
#define IMAGES_MPU_REGIONS_H

#include <stdint.h>

#include "nodes/cortexm_regs.h"

#define MPU_NORMAL (0xbu << 16) /* TEX 1, C, B: write-back, allocate */

/* The memory that is tried: both cores see OCRAM1 and OCRAM2 at one address, side by side. */
#define ARENA 0x20280000u

/*
 * Switch the MPU off, clear all regions, and let region 0 and 1 cover what the image itself needs,
 * privileged or not: its program, and its data and stacks.
 */
void regions_begin(void);

/* Region @number, or counted from the last one: regions_last() is the highest. */
void regions_set(uint32_t number, uint32_t base, uint32_t attributes);
uint32_t regions_last(void);

/* On, with HFNMIENA and PRIVDEFENA as @control says; off. */
void regions_on(uint32_t control);
void regions_off(void);

#endif
