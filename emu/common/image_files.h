/*
 * The list of image files that a machine's property "images" names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_COMMON_IMAGE_FILES_H
#define HW_MEWS_COMMON_IMAGE_FILES_H

#include "qapi/visitor.h"

/* An ELF or Intel HEX file, or with @has_at a raw one that belongs at @at. */
typedef struct ImageFile {
    char *name;
    bool has_at;
    uint32_t at;
} ImageFile;

/* As QAPI makes lists, for visitors. */
typedef struct ImageFiles {
    struct ImageFiles *next;
    ImageFile *value;
} ImageFiles;

/* The value "images.0.file=NAME,images.0.at=ADDRESS,images.1..." of @name. */
bool image_files_visit(Visitor *v, const char *name,
                                 ImageFiles **files, Error **errp);
void image_files_free(ImageFiles *files);

#endif
