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
 * Read and check what @rig loads, that its flash file can be written, and that
 * the files with its symbols are there.  With @recorded, for a replay, its flash is
 * what this file holds instead of its flash_file (not there: erased), and neither
 * is needed.  NULL and one line in @error that begins with the rig file's.
 */
Load *load_new(const RigMachine *rig, const char *recorded, GError **error);
void load_free(Load *load);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Load, load_free)

/*
 * Address of "name", "name+4", or "image:name" when several images have it
 * (@image: its file name without suffix).  FALSE: no-such-symbol.
 */
gboolean load_address(const Load *load, const char *symbol, guint32 *address, GError **error);

/* The files with symbols that only a debugger opens can be used. */
gboolean load_check_symbols(const RigMachine *rig, GError **error);

/* Where the emulator leaves what is in flash at the end, beside the flash file. */
char *load_kept_flash(const RigMachine *rig);
/* "RUN_DIR/NAME.flash": what was in a machine's flash at the beginning of a run. */
char *load_flash_copy(const char *folder, const char *machine);

#endif
