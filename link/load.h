/*
 * What a machine is started with: its images, which must not overlap, and what
 * was in its flash before.  Read once, before anything is started.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_LOAD_H
#define MEWS_LINK_LOAD_H

#include "image.h"
#include "rig.h"

typedef struct Load {
    GPtrArray *images;  /* Image *, as in the rig */
    GBytes *flash;      /* contents of flash before them; NULL: erased */
    char *flash_sha256; /* NULL: erased */
    char *imu_sha256;   /* of the samples of its inertial sensor; NULL: none */
} Load;

/*
 * Read and check what @rig loads.  With @recorded its flash is what this file
 * holds instead of its flash_file; not there: erased.  NULL and one line in @error.
 */
Load *load_new(const RigMachine *rig, const char *recorded, GError **error);
void load_free(Load *load);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Load, load_free)

/*
 * Address of "name", "name+4", or "image:name" when several images have it
 * (@image: its file name without suffix).  FALSE: no-such-symbol.
 */
gboolean load_address(const Load *load, const char *symbol, guint32 *address, GError **error);

/* "RUN_DIR/NAME.flash": what was in a machine's flash at the beginning of a run. */
char *load_flash_copy(const char *folder, const char *machine);

#endif
