/*
 * The rig's shared memory; see shm.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shm.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "error.h"

static void fill_wires(WireRig *memory, const Rig *rig)
{
    uint32_t wire_count = 0;

    for (unsigned i = 0; i < rig->links->len; i++) {
        const RigLink *link = rig_link(rig, i);
        Wire *wire = &memory->wire[wire_count++];

        g_strlcpy(wire->name, link->name, WIRE_NAME_SIZE);
        for (unsigned e = 0; e < 2; e++) {
            wire->end[e].machine = link->end[e].machine;
            g_strlcpy(wire->end[e].uart, link->end[e].uart, WIRE_NAME_SIZE);
        }
    }
    for (unsigned m = 0; m < rig->machines->len; m++) {
        const RigMachine *machine = rig_machine(rig, m);

        for (unsigned i = 0; i < machine->consoles->len; i++) {
            const char *uart = g_ptr_array_index(machine->consoles, i);
            Wire *wire = &memory->wire[wire_count++];

            g_snprintf(wire->name, WIRE_NAME_SIZE, "%s.%s", machine->name, uart);
            wire->end[0].machine = m;
            g_strlcpy(wire->end[0].uart, uart, WIRE_NAME_SIZE);
            wire->end[1].machine = WIRE_NOBODY;
        }
    }
    memory->wire_count = wire_count;
}

gboolean shm_open_rig(Shm *shm, const Rig *rig, GError **error)
{
    WireRig *memory;
    int fd = memfd_create("mews-rig", MFD_CLOEXEC);

    if (fd < 0 || ftruncate(fd, sizeof(WireRig)) < 0) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "shared memory of the rig: %s",
                  g_strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return FALSE;
    }
    memory = mmap(NULL, sizeof(WireRig), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "shared memory of the rig: %s",
                  g_strerror(errno));
        close(fd);
        return FALSE;
    }
    memory->magic = WIRE_ABI_MAGIC;
    memory->version = WIRE_ABI_VERSION;
    memory->layout = WIRE_ABI_LAYOUT;
    memory->machine_count = rig->machines->len;
    for (unsigned m = 0; m < rig->machines->len; m++) {
        g_strlcpy(memory->machine[m].name, rig_machine(rig, m)->name, WIRE_NAME_SIZE);
    }
    fill_wires(memory, rig);
    *shm = (Shm){.fd = fd, .rig = memory};
    return TRUE;
}

void shm_close(Shm *shm)
{
    if (shm->rig) {
        munmap(shm->rig, sizeof(WireRig));
        close(shm->fd);
    }
    *shm = (Shm){.fd = -1};
}
