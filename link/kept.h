/*
 * What a part keeps without power, and a rig in files from run to run: its flash
 * and the option bytes beside it (docs/rig-files.md, "flash_file", "option_file").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_KEPT_H
#define MEWS_LINK_KEPT_H

#include <glib.h>
#include "models.h"

typedef enum Kept { KEPT_FLASH, KEPT_OPTIONS, KEPT_COUNT } Kept;

typedef struct KeptInfo {
    const char *name;     /* in run.json, and what a copy in a run directory ends with */
    const char *file;     /* how messages call the file */
    const char *contents; /* and what is in it */
    const char *load;     /* machine properties: where from, where to */
    const char *save;
} KeptInfo;

extern const KeptInfo kept_info[KEPT_COUNT];

/* "RUN_DIR/NAME.flash": what a machine had at the beginning of a run; free it. */
char *kept_copy(const char *folder, const char *machine, Kept kept);

/*
 * Whether @content can be what @path keeps for a machine with these memories.
 * @error: its size, or an option byte that does not match its complement
 * (PM0063 2.6).
 */
gboolean kept_check(Kept kept, const char *path, GBytes *content, const ModelMemories *memories,
                    GError **error);

#endif
