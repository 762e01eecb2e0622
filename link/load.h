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
 * Read and check what @rig loads.  With @recorded, a run directory, flash and
 * option bytes are what its copies hold instead of the machine's files.  What is
 * not there is as it comes from the factory.  NULL and one line in @error.
 */
Load *load_new(const RigMachine *rig, const char *recorded, GError **error);
void load_free(Load *load);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Load, load_free)

/*
 * Address of "name", "name+4", or "image:name" when several images have it
 * (@image: its file name without suffix).  FALSE: no-such-symbol.
 */
gboolean load_address(const Load *load, const char *symbol, guint32 *address, GError **error);

#endif
