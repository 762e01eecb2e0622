/*
 * Files with the contents of a part's flash (STM32F100: RM0041 2.3.3, and its
 * option bytes; i.MX RT1176: its FlexSPI NOR flash): what one run has
 * programmed is there for the next.
 *
 * The file is read before the machine starts and written when the emulator
 * ends, so that no input or output of the host happens while virtual time runs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/notify.h"
#include "hw/qdev-core.h"
#include "system/system.h"
#include "flash_file.h"

void flash_file_load(const char *what, const char *filename,
                     MemoryRegion *memory)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *contents = NULL;
    gsize size;

    if (!g_file_get_contents(filename, &contents, &size, &error)) {
        error_report("%s '%s': cannot read it: %s", what, filename,
                     error->message);
        exit(1);
    }
    if (size != memory_region_size(memory)) {
        error_report("%s '%s': it has %zu bytes, not %" PRIu64, what, filename,
                     size, memory_region_size(memory));
        exit(1);
    }
    memcpy(memory_region_get_ram_ptr(memory), contents, size);
}

typedef struct FlashFile {
    Notifier exit;
    const char *what;
    char *filename;
    MemoryRegion *memory;
} FlashFile;

/* A machine that was never complete has programmed nothing. */
static void save(Notifier *notifier, void *data)
{
    FlashFile *file = container_of(notifier, FlashFile, exit);
    g_autoptr(GError) error = NULL;

    if (phase_check(PHASE_MACHINE_READY) &&
        !g_file_set_contents_full(file->filename,
                                  memory_region_get_ram_ptr(file->memory),
                                  memory_region_size(file->memory),
                                  G_FILE_SET_CONTENTS_CONSISTENT, 0666,
                                  &error)) {
        error_report("%s: %s", file->what, error->message);
    }
}

void flash_file_save_at_exit(const char *what, const char *filename,
                             MemoryRegion *memory)
{
    FlashFile *file = g_new0(FlashFile, 1);

    file->what = what;
    file->filename = g_strdup(filename);
    file->memory = memory;
    file->exit.notify = save;
    qemu_add_exit_notifier(&file->exit);
}
