/*
 * Firmware images for the STM32F100 (RM0041 2.4, boot configuration; PM0056
 * 2.3.4, vector table).
 *
 * Only what is in flash survives power-off, so an image that asks to be loaded
 * elsewhere is refused.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "../common/image.h"
#include "stm32f100_image.h"

static void load_segment(const Image *image, const ImageSegment *segment,
                         MemoryRegion *flash, uint32_t base)
{
    uint8_t *bytes = memory_region_get_ram_ptr(flash);
    uint64_t end = image_segment_end(segment);
    uint64_t flash_end = base + memory_region_size(flash);

    if (segment->addr < base || end > flash_end) {
        image_error(image, "segment 0x%08" PRIx32 "..0x%08" PRIx64
                    " (load address) is not in flash, 0x%08" PRIx32 "..0x%08"
                    PRIx64, segment->addr, end - 1, base, flash_end - 1);
    }
    memcpy(bytes + (segment->addr - base), segment->bytes, segment->size);
}

void stm32f100_image_load(const char *filename, MemoryRegion *flash,
                          uint32_t base)
{
    g_auto(Image) image = {};

    image_open(&image, "stm32f100", filename);
    for (unsigned n = 0; n < image.count; n++) {
        load_segment(&image, &image.segments[n], flash, base);
    }
    image_check_vectors(&image, base);
}
