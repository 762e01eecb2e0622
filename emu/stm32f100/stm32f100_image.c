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
#include "qemu/bswap.h"
#include "qemu/error-report.h"
#include "../common/image.h"
#include "stm32f100_image.h"

#define PART "stm32f100"

typedef struct Loaded {
    const Stm32f100ImageTarget *target;
    Image *image;
    unsigned count;
} Loaded;

static void load_segment(const Loaded *loaded, const Image *image,
                         ImageSegment *segment)
{
    const Stm32f100ImageTarget *target = loaded->target;
    uint8_t *bytes = memory_region_get_ram_ptr(target->flash);
    uint64_t size = memory_region_size(target->flash);
    uint64_t end = image_segment_end(segment);
    uint64_t flash_end = target->base + size;

    if (target->alias && end <= size) {
        segment->addr += target->base;
    } else if (segment->addr < target->base || end > flash_end) {
        image_error(image, "segment 0x%08" PRIx32 "..0x%08" PRIx64
                    " (load address) is not in flash, 0x%08" PRIx32 "..0x%08"
                    PRIx64, segment->addr, end - 1, target->base,
                    flash_end - 1);
    }
    memcpy(bytes + (segment->addr - target->base), segment->bytes,
           segment->size);
}

/* That of an image, or what flash held before. */
static void check_vector_table(const Loaded *loaded)
{
    const Stm32f100ImageTarget *target = loaded->target;
    uint32_t offset = target->vector_table - target->base, word;
    const uint8_t *bytes = memory_region_get_ram_ptr(target->flash);

    for (unsigned n = 0; n < loaded->count; n++) {
        if (image_word(&loaded->image[n], target->vector_table + 4, &word)) {
            image_check_vectors(&loaded->image[n], target->vector_table);
            return;
        }
    }
    if (!(ldl_le_p(bytes + offset + 4) & 1) ||
        ldl_le_p(bytes + offset + 4) == UINT32_MAX) {
        error_report(PART ": no vector table at 0x%08" PRIx32 ", neither of an"
                     " image nor in flash before", target->vector_table);
        exit(1);
    }
}

void stm32f100_image_load(const ImageFiles *files,
                          const Stm32f100ImageTarget *target)
{
    Loaded loaded = { .target = target };
    unsigned count = 0;

    for (const ImageFiles *file = files; file; file = file->next) {
        count++;
    }
    loaded.image = g_new0(Image, count);
    for (const ImageFiles *file = files; file; file = file->next) {
        Image *image = &loaded.image[loaded.count];

        if (file->value->has_at) {
            image_open_raw(image, PART, file->value->name, file->value->at);
        } else {
            image_open(image, PART, file->value->name);
        }
        for (unsigned n = 0; n < image->count; n++) {
            load_segment(&loaded, image, &image->segments[n]);
        }
        for (unsigned n = 0; n < loaded.count; n++) {
            image_check_apart(image, &loaded.image[n]);
        }
        loaded.count++;
    }
    check_vector_table(&loaded);
    for (unsigned n = 0; n < loaded.count; n++) {
        image_close(&loaded.image[n]);
    }
    g_free(loaded.image);
}
