/*
 * A machine's image: a file that is checked before a machine is started with
 * it, and asked for the addresses of its symbols later.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_IMAGE_H
#define MEWS_LINK_IMAGE_H

#include <glib.h>
#include "models.h"

/* @size octets, at least one, from @address on. */
typedef struct ImageSegment {
    guint32 address;
    guint32 size;
} ImageSegment;

typedef struct Image {
    char *path;
    char *sha256;
    GArray *segments;    /* ImageSegment: what is loaded, and where */
    GHashTable *symbols; /* char * -> ImageSymbol * */
} Image;

/*
 * Read and check @path: an ELF32 little-endian executable for Arm or an Intel HEX
 * file, or with @at a raw image for that address.  What it loads lies in one of @memories.  NULL
 * and one line in @error that names the file and what is wrong with it.
 */
Image *image_load(const char *path, const guint32 *at, const ModelMemories *memories,
                  GError **error);
void image_free(Image *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Image, image_free)

/* @path is an ELF file that a debugger can take symbols for an Arm core from. */
gboolean image_check_symbols(const char *path, GError **error);

/* Whether it has the symbol of "name", "name+4" or "name+0x10". */
gboolean image_has(const Image *image, const char *symbol);
/* Address of "name", "name+4" or "name+0x10".  FALSE: no-such-symbol. */
gboolean image_address(const Image *image, const char *symbol, guint32 *address, GError **error);

/* The lower-case hex SHA-256 of a file; NULL and @error when it cannot be read. */
char *image_sha256(const char *path, GError **error);

#endif
