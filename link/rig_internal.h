/*
 * What the files of the rig file's reader (rig.c, rig_resolve.c) share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_RIG_INTERNAL_H
#define MEWS_LINK_RIG_INTERNAL_H

#include "rig.h"

/* Set @error (could-not-run), "FILE:LINE: what"; returns FALSE. */
gboolean rig_fail_at(const Rig *rig, unsigned line, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* Look up and check what refers to something else, after the file's last line. */
gboolean rig_resolve(Rig *rig, unsigned last_line, GError **error);

#endif
