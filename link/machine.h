/*
 * One machine of a rig: a qemu-system-arm process, its monitor and its last
 * words.  Nothing here moves virtual time; all requests are made while the
 * machine stands at the horizon.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_MACHINE_H
#define MEWS_LINK_MACHINE_H

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include "load.h"
#include "qmp.h"
#include "rig.h"

typedef struct Machine Machine;

/* The machine has failed: @why is one line.  Called once at most. */
typedef void (*MachineFailedFunc)(gpointer opaque, Machine *machine, const char *why);

typedef struct MachineStart {
    const char *qemu;
    int shm_fd;             /* inherited, not taken */
    const char *stderr_log; /* file to make, or NULL: kept in memory */
    const char *guest_log;  /* file for what the firmware does wrong, or NULL */
    const char *gdb_socket; /* UNIX socket for a debugger to make, or NULL */
    const char *tapped;     /* regions of registers whose accesses are written down, or NULL */
    int tap_fd;             /* to which file; not taken */
    gboolean keep;          /* what is in flash and option bytes at the end goes to their files */
    MachineFailedFunc failed;
    gpointer opaque;
} MachineStart;

struct Machine {
    const RigMachine *rig;
    Load *load;
    GSubprocess *process;
    GCancellable *unwatched;
    Qmp *qmp;
    int scratch_fd; /* memfd that memory is saved to */
    int stderr_fd;
    int kept_fd[KEPT_COUNT]; /* memfd with what is there at the beginning; -1: a new part's */
    int pid;
    char *gdb_socket; /* where a debugger can connect, or NULL */
    char *program;    /* what the emulator begins its messages with */
    gboolean halted;  /* by machine_halt() */
    gboolean stopped; /* by a debugger */
    gboolean ended;
    gboolean reaped;
    char *kept[KEPT_COUNT]; /* where the emulator leaves what is there at the end, or NULL */
    char *failure;
    MachineFailedFunc failed;
    gpointer opaque;
};

/* Check what is to be loaded (@recorded: see load_new()); nothing is started yet. */
Machine *machine_new(const RigMachine *rig, const char *recorded, GError **error);
/* Start the process; machine_wait() tells whether it lives. */
gboolean machine_start(Machine *machine, const MachineStart *start, GError **error);
/* Wait until the machine is made; @error: its last words. */
gboolean machine_wait(Machine *machine, GError **error);
/* Ask the process to end; machine_finish() and machine_free() make sure that it has. */
void machine_end(Machine *machine);
/* It has ended, and its files are up to date; @error: one could not be written, all are old. */
gboolean machine_finish(Machine *machine, GError **error);
void machine_free(Machine *machine);

/* "running", "halted", "stopped" (by a debugger), "failed", "ended" */
const char *machine_state(const Machine *machine);

/* Hold or free its cores; its virtual time, timers and UARTs go on. */
gboolean machine_hold(Machine *machine, gboolean held, GError **error);
/* As by the reset pin.  Returns when the reset has been done. */
gboolean machine_reset(Machine *machine, GError **error);
/* Memory as this core of the model sees it. */
gboolean machine_read(Machine *machine, unsigned core, guint32 address, guint8 *data, gsize size,
                      GError **error);
/*
 * What the board puts on @pin ("PA4"), in microvolts, -1: nothing.
 * no-such-pin: no ADC of the part measures it.
 */
gboolean machine_set_analog(Machine *machine, const char *pin, gint64 uv, GError **error);
/* One more sample for its inertial sensor, a line as in a file of samples. */
gboolean machine_push_imu(Machine *machine, const char *line, GError **error);
/* R0..R12, SP, LR, PC, xPSR of the first core. */
JsonObject *machine_registers(Machine *machine, GError **error);

#endif
