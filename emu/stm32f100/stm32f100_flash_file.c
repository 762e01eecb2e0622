/*
 * Files with the contents of the STM32F100's flash (RM0041 2.3.3): what one
 * run has programmed is there for the next.
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
#include "stm32f100_flash_file.h"

void stm32f100_flash_file_load(const char *filename, MemoryRegion *flash)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *contents = NULL;
    gsize size;

    if (!g_file_get_contents(filename, &contents, &size, &error)) {
        error_report("stm32f100: flash file '%s': cannot read it: %s",
                     filename, error->message);
        exit(1);
    }
    if (size != memory_region_size(flash)) {
        error_report("stm32f100: flash file '%s': it has %zu bytes, flash has"
                     " %" PRIu64, filename, size, memory_region_size(flash));
        exit(1);
    }
    memcpy(memory_region_get_ram_ptr(flash), contents, size);
}

typedef struct FlashFile {
    Notifier exit;
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
        error_report("stm32f100: flash file: %s", error->message);
    }
}

void stm32f100_flash_file_save_at_exit(const char *filename,
                                       MemoryRegion *flash)
{
    FlashFile *file = g_new0(FlashFile, 1);

    file->filename = g_strdup(filename);
    file->flash = flash;
    file->exit.notify = save;
    qemu_add_exit_notifier(&file->exit);
}
