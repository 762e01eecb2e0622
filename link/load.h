/*
 * What a machine is started with: its images, which must not overlap, and what
 * was in its flash and option bytes before.  Read once, before anything is started.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_LOAD_H
#define MEWS_LINK_LOAD_H

#include "image.h"
#include "rig.h"

/* What was there before the images; NULL: as it comes from the factory. */
typedef struct LoadKept {
    GBytes *content;
    char *sha256;
} LoadKept;

typedef struct Load {
    GPtrArray *images; /* Image *, as in the rig */
    LoadKept kept[KEPT_COUNT];
    char *imu_sha256; /* of the samples of its inertial sensor; NULL: none */
} Load;

/*
 * Read and check what @rig loads, that its flash and option files can be written,
 * and that the files with its symbols are there.  With @recorded, the run directory
 * of a replay, flash and option bytes are what its copies hold, and no file is
 * needed.  What is not there is as it comes from the factory.  NULL and one line in
 * @error that begins with the rig file's.
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

/* Where the emulator leaves what is to be kept at the end, beside its file; free it. */
char *load_kept_new(const RigMachine *rig, Kept kept);

#endif
