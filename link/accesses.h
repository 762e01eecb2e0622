/*
 * Accesses of a machine's firmware to the registers of chosen blocks
 * (docs/registers.md): the emulator writes them down (emu/common/mmio_tap.c),
 * here they get their names and go to RUN_DIR/MACHINE.trace.log.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_ACCESSES_H
#define MEWS_LINK_ACCESSES_H

#include <glib.h>
#include "rig.h"

typedef struct Accesses Accesses;

/*
 * Those of the machine @index, of the blocks that @blocks names: "usart2,dma1"
 * for every machine that has them, "io.usart2" for one.  NULL without an error:
 * of this machine none.  could-not-run: a block that no machine has, or that
 * cannot be traced.  An older log in @folder is removed.
 */
Accesses *accesses_new(const Rig *rig, unsigned index, const char *blocks, const char *folder,
                       GError **error);
/* With @remove the log goes, too: the rig did not start. */
void accesses_free(Accesses *accesses, gboolean remove);

/* What the emulator gets: regions as its tap takes them, and the file to append to. */
const char *accesses_regions(const Accesses *accesses);
int accesses_fd(const Accesses *accesses);

/* Bring the log up to date.  FALSE: recording-failed. */
gboolean accesses_sync(Accesses *accesses, GError **error);

#endif
