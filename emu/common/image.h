/*
 * Firmware images: ELF files for 32-bit little-endian Arm and Intel HEX files,
 * checked and taken apart into what is to be loaded, and raw ones.
 *
 * Whatever is wrong with a file ends the process with exit code 1 after one
 * line that names the part and the file and says so.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_COMMON_IMAGE_H
#define HW_MEWS_COMMON_IMAGE_H

/* @size bytes, at least one, that belong at the physical address @addr. */
typedef struct ImageSegment {
    uint32_t addr;
    uint32_t size;
    const uint8_t *bytes;
} ImageSegment;

typedef struct Image {
    const char *part;
    const char *filename;
    char *file;
    gsize file_size;
    ImageSegment *segments;
    unsigned count;
} Image;

/*
 * Read the ELF or Intel HEX file @filename for @part; both strings must outlive
 * @image.
 */
void image_open(Image *image, const char *part, const char *filename);
/* The same for a file that holds nothing but what belongs at @addr. */
void image_open_raw(Image *image, const char *part, const char *filename,
                    uint32_t addr);
void image_close(Image *image);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Image, image_close)

/* Say what is wrong with @image, and exit. */
G_NORETURN void image_error(const Image *image, const char *format, ...)
    G_GNUC_PRINTF(2, 3);

/* First address behind @segment. */
uint64_t image_segment_end(const ImageSegment *segment);

/* Check that no octet of @image belongs where one of @other does. */
void image_check_apart(const Image *image, const Image *other);

/* The word that is loaded to @addr; false: the image has no such word. */
bool image_word(const Image *image, uint32_t addr, uint32_t *word);

/*
 * Check that the core can start with the vector table at @table: its first two
 * words, stack pointer and reset vector, are there (not as in erased flash),
 * and the latter is a Thumb address.
 */
void image_check_vectors(const Image *image, uint32_t table);

#endif
