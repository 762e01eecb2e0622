/*
 * Firmware images for the STM32F100: what a programmer would put into flash.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_IMAGE_H
#define HW_MEWS_STM32F100_IMAGE_H

#include "exec/memory.h"
#include "../common/image_files.h"

typedef struct Stm32f100ImageTarget {
    MemoryRegion *flash;
    uint32_t base;
    bool alias;            /* what asks for 0 and up is for flash, too */
    uint32_t vector_table; /* where the core will take its start from */
} Stm32f100ImageTarget;

/*
 * Put @files into flash, over what is there.  If a file is not an image for
 * this part, if two overlap, or if there is no vector table then, says so in
 * one line that names the file and exits with status 1.
 */
void stm32f100_image_load(const ImageFiles *files,
                          const Stm32f100ImageTarget *target);

#endif
