/*
 * Files with the contents of a part's flash (STM32F100: RM0041 2.3.3; i.MX
 * RT1176: its FlexSPI NOR flash): what one run has programmed is there for the
 * next.
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

void flash_file_load(const char *part, const char *filename,
                     MemoryRegion *flash)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *contents = NULL;
    gsize size;

    if (!g_file_get_contents(filename, &contents, &size, &error)) {
        error_report("%s: flash file '%s': cannot read it: %s", part,
                     filename, error->message);
        exit(1);
    }
    if (size != memory_region_size(flash)) {
        error_report("%s: flash file '%s': it has %zu bytes, flash has %"
                     PRIu64, part, filename, size, memory_region_size(flash));
        exit(1);
    }
    memcpy(memory_region_get_ram_ptr(flash), contents, size);
}

typedef struct FlashFile {
    Notifier exit;
    const char *part;
    char *filename;
    MemoryRegion *flash;
} FlashFile;

/* A machine that was never complete has programmed nothing. */
static void save(Notifier *notifier, void *data)
{
    FlashFile *file = container_of(notifier, FlashFile, exit);
    g_autoptr(GError) error = NULL;

    if (phase_check(PHASE_MACHINE_READY) &&
        !g_file_set_contents_full(file->filename,
                                  memory_region_get_ram_ptr(file->flash),
                                  memory_region_size(file->flash),
                                  G_FILE_SET_CONTENTS_CONSISTENT, 0666,
                                  &error)) {
        error_report("%s: flash file: %s", file->part, error->message);
    }
}

void flash_file_save_at_exit(const char *part, const char *filename,
                             MemoryRegion *flash)
{
    FlashFile *file = g_new0(FlashFile, 1);

    file->part = part;
    file->filename = g_strdup(filename);
    file->flash = flash;
    file->exit.notify = save;
    qemu_add_exit_notifier(&file->exit);
}
