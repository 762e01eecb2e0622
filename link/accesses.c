/*
 * Accesses to registers; see accesses.h.
 *
 * The file that the emulator appends to has no name, so that nothing is left of
 * it, and is given back to the file system as far as it has been read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "accesses.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>
#include "error.h"
#include "outfile.h"
#include "paths.h"
#include "registers.h"

#define READ_SIZE  65536
#define WHO_WIDTH  23 /* "pc=08000198 lr=080007cf" */
#define CORE_WIDTH 4  /* "cm7 " */
/* The core's own registers are not on the bus that the tap is laid over (ARMv7-M B3.1). */
#define CORE_BASE 0xe0000000u
#define CORE_END  0xe0040000u

struct Accesses {
    Registers *registers;
    GString *regions;
    int fd;
    int who_width; /* of the column that tells who */
    off_t taken;   /* octets of it */
    GString *rest;
    OutFile *log;
};

/* ---- choosing ---- */

static gboolean add_block(Accesses *a, const RegisterBlock *block, GError **error)
{
    if (block->base >= CORE_BASE && block->base < CORE_END) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN,
                         "accesses to %s cannot be traced: it is part of the core", block->name);
    }
    g_string_append_printf(a->regions, "%s0x%08x+0x%x", a->regions->len ? ":" : "", block->base,
                           registers_size(block));
    return TRUE;
}

static gboolean no_block(const Registers *registers, const RigMachine *machine, const char *name,
                         GError **error)
{
    g_autofree char *hint = registers_hint(registers, name);

    return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "no block '%s' to trace in machine %s%s",
                     name, machine->name, hint);
}

/* Some machine has the block @name, if not this one. */
static gboolean has_block(const Rig *rig, const char *folder, const char *name, GError **error)
{
    g_autoptr(Registers) last = NULL;

    for (unsigned i = 0; i < rig->machines->len; i++) {
        g_clear_pointer(&last, registers_free);
        last = registers_load(folder, rig_machine(rig, i)->model->registers, error);
        if (!last || registers_block(last, name)) {
            return last != NULL;
        }
    }
    return no_block(last, rig_machine(rig, rig->machines->len - 1), name, error);
}

/* One word of the option: BLOCK or MACHINE.BLOCK. */
static gboolean choose(Accesses *a, const Rig *rig, const RigMachine *me, const char *word,
                       const char *folder, GError **error)
{
    g_auto(GStrv) part = g_strsplit(word, ".", 2);
    const char *name = part[0] && part[1] ? part[1] : word;
    const RegisterBlock *block = registers_block(a->registers, name);

    if (name != word && rig_find_machine(rig, part[0]) < 0) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "no machine '%s' to trace '%s' of",
                         part[0], name);
    }
    if (name != word && !g_str_equal(part[0], me->name)) {
        return TRUE;
    }
    if (block) {
        return add_block(a, block, error);
    }
    return name == word ? has_block(rig, folder, name, error)
                        : no_block(a->registers, me, name, error);
}

static gboolean choose_all(Accesses *a, const Rig *rig, const RigMachine *me, const char *blocks,
                           GError **error)
{
    g_autofree char *folder = paths_registers();
    g_auto(GStrv) word = g_strsplit(blocks, ",", -1);

    if (!word[0]) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "no block to trace is named");
    }
    a->registers = registers_load(folder, me->model->registers, error);
    if (!a->registers) {
        return FALSE;
    }
    for (unsigned i = 0; word[i]; i++) {
        if (!choose(a, rig, me, word[i], folder, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- files ---- */

static gboolean open_files(Accesses *a, const char *folder, const char *path, GError **error)
{
    a->fd = open(folder, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
    if (a->fd < 0) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "a file for accesses in %s: %s", folder,
                         g_strerror(errno));
    }
    a->log = outfile_new(path, error);
    return a->log != NULL;
}

Accesses *accesses_new(const Rig *rig, unsigned index, const char *blocks, const char *folder,
                       GError **error)
{
    const RigMachine *me = rig_machine(rig, index);
    g_autofree char *path = g_strdup_printf("%s/%s.trace.log", folder, me->name);
    Accesses *a;

    g_unlink(path);
    if (!blocks) {
        return NULL;
    }
    a = g_new0(Accesses, 1);
    a->fd = -1;
    a->who_width = me->model->core[1].name ? WHO_WIDTH + CORE_WIDTH : WHO_WIDTH;
    a->regions = g_string_new(NULL);
    a->rest = g_string_new(NULL);
    if (!choose_all(a, rig, me, blocks, error) || !a->regions->len ||
        !open_files(a, folder, path, error)) {
        accesses_free(a, TRUE);
        return NULL;
    }
    return a;
}

void accesses_free(Accesses *accesses, gboolean remove)
{
    if (accesses->log && remove) {
        g_unlink(accesses->log->path);
    }
    g_clear_pointer(&accesses->log, outfile_free);
    if (accesses->fd >= 0) {
        close(accesses->fd);
    }
    g_clear_pointer(&accesses->registers, registers_free);
    g_string_free(accesses->regions, TRUE);
    g_string_free(accesses->rest, TRUE);
    g_free(accesses);
}

const char *accesses_regions(const Accesses *accesses)
{
    return accesses->regions->str;
}

int accesses_fd(const Accesses *accesses)
{
    return accesses->fd;
}

/* ---- names ---- */

/* "USART2.CR1 0x0000201c RE=1 ..."; a narrow access shows its part of the register. */
static void name_access(const Accesses *a, guint32 address, unsigned size, guint64 value,
                        GString *text)
{
    const RegisterBlock *block = NULL;
    const Register *entry = registers_at(a->registers, address, &block);
    unsigned lane;

    if (!entry) {
        g_string_append_printf(text, "0x%08x 0x%0*" PRIx64, address, (int)(2 * size), value);
        return;
    }
    lane = address - (block->base + entry->offset);
    g_string_append_printf(text, "%s.%s", block->name, entry->name);
    if (lane) {
        g_string_append_printf(text, "+%u", lane);
    }
    g_string_append_printf(text, " 0x%0*" PRIx64, (int)(2 * size), value);
    register_decode(entry, (guint32)(value << 8 * lane), text);
}

/* A line of the emulator's; see emu/common/mmio_tap.c. */
static gboolean log_line(Accesses *a, const char *line, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    gint64 time_ns;
    char what, core[16], who[48];
    unsigned size;
    guint32 address, lr, pc;
    guint64 value;

    if (sscanf(line, "%" SCNd64 " %c %u %" SCNx32 " %" SCNx64 " %47[^\n]", &time_ns, &what, &size,
               &address, &value, who) != 6) {
        return mews_fail(error, MEWS_ERROR_RECORDING_FAILED, "no line of a tap: '%s'", line);
    }
    if (sscanf(who, "%8" SCNx32 " %8" SCNx32, &pc, &lr) == 2) {
        g_snprintf(who, sizeof(who), "pc=%08x lr=%08x", pc, lr);
    } else if (sscanf(who, "%15s %8" SCNx32 " %8" SCNx32, core, &pc, &lr) == 3) {
        g_snprintf(who, sizeof(who), "%s pc=%08x lr=%08x", core, pc, lr);
    }
    g_string_append_printf(text, "%" PRId64 " %-*s ", time_ns, a->who_width, who);
    if (what == 'e') {
        g_string_append(text, "was a bus error");
    } else {
        g_string_append_printf(text, "%s%u ", what == 'r' ? "read" : "write", size);
        name_access(a, address, size, value, text);
    }
    g_string_append_c(text, '\n');
    return outfile_append(a->log, text->str, text->len, error);
}

static gboolean log_lines(Accesses *a, GError **error)
{
    char *begin = a->rest->str, *end;

    while ((end = strchr(begin, '\n'))) {
        *end = '\0';
        if (!log_line(a, begin, error)) {
            return FALSE;
        }
        begin = end + 1;
    }
    g_string_erase(a->rest, 0, begin - a->rest->str);
    return TRUE;
}

gboolean accesses_sync(Accesses *accesses, GError **error)
{
    char buffer[READ_SIZE];
    ssize_t size;

    while ((size = pread(accesses->fd, buffer, sizeof(buffer), accesses->taken)) > 0) {
        fallocate(accesses->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, accesses->taken, size);
        accesses->taken += size;
        g_string_append_len(accesses->rest, buffer, size);
        if (!log_lines(accesses, error)) {
            return FALSE;
        }
    }
    return outfile_flush(accesses->log, error);
}
