/*
 * The rig's shared memory (emu/wire/wire_abi.h) as the daemon makes it: one
 * memfd, inherited by every machine, so that nothing lies in a file system.
 *
 * Wires are numbered links first, in the order of the rig file, then consoles,
 * in the order of the machines; end 1 of a console is nobody.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_SHM_H
#define MEWS_LINK_SHM_H

#include "emu/wire/wire_abi.h"
#include "rig.h"

typedef struct Shm {
    int fd;
    WireRig *rig;
} Shm;

/* FALSE and @error when the host gives no memory. */
gboolean shm_open_rig(Shm *shm, const Rig *rig, GError **error);
void shm_close(Shm *shm);

#endif
