/*
 * Firmware images for the STM32F100: what a programmer would put into flash.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_IMAGE_H
#define HW_MEWS_STM32F100_IMAGE_H

#include "exec/memory.h"

/*
 * Put the loadable segments of the ELF file @filename at their physical
 * addresses into @flash, which starts at @base.  If the file is not an image
 * for this part, says why in one line that names it and exits with status 1.
 */
void stm32f100_image_load(const char *filename, MemoryRegion *flash,
                          uint32_t base);

#endif
