/*
 * Firmware images for the STM32F100: what a programmer would put into flash.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_STM32F100_IMAGE_H
#define HW_MEWS_STM32F100_IMAGE_H

#include "exec/memory.h"
#include "qapi/visitor.h"

/* An ELF file, or with @has_at a raw one that belongs at the address @at. */
typedef struct Stm32f100ImageFile {
    char *name;
    bool has_at;
    uint32_t at;
} Stm32f100ImageFile;

/* As QAPI makes lists, for visitors. */
typedef struct Stm32f100ImageFiles {
    struct Stm32f100ImageFiles *next;
    Stm32f100ImageFile *value;
} Stm32f100ImageFiles;

/* The value "images.0.file=NAME,images.0.at=ADDRESS,images.1..." of @name. */
bool stm32f100_image_files_visit(Visitor *v, const char *name,
                                 Stm32f100ImageFiles **files, Error **errp);
void stm32f100_image_files_free(Stm32f100ImageFiles *files);

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
void stm32f100_image_load(const Stm32f100ImageFiles *files,
                          const Stm32f100ImageTarget *target);

#endif
