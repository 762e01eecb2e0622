/*
 * What a machine is started with; see load.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "load.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include "error.h"

/* What VTOR of a Cortex-M3 with 61 interrupts can hold (PM0056 4.4.4). */
#define VECTOR_TABLE_ALIGNMENT 0x200

static gboolean segments_apart(const Image *image, const Image *other, GError **error)
{
    for (guint i = 0; i < image->segments->len; i++) {
        const ImageSegment *a = &g_array_index(image->segments, ImageSegment, i);

        for (guint j = 0; j < other->segments->len; j++) {
            const ImageSegment *b = &g_array_index(other->segments, ImageSegment, j);

            if (a->address < (guint64)b->address + b->size &&
                b->address < (guint64)a->address + a->size) {
                return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN,
                                 "image %s: 0x%08x..0x%08x overlaps 0x%08x..0x%08x of image %s",
                                 image->path, a->address, a->address + a->size - 1, b->address,
                                 b->address + b->size - 1, other->path);
            }
        }
    }
    return TRUE;
}

static gboolean add_images(Load *load, const RigMachine *rig, const ModelMemories *memories,
                           GError **error)
{
    for (guint i = 0; i < rig->images->len; i++) {
        const RigImage *file = rig_image(rig, i);
        Image *image = image_load(file->path, file->raw ? &file->at : NULL, memories, error);

        if (!image) {
            return rig_blame(rig, file->line, error);
        }
        g_ptr_array_add(load->images, image);
        for (guint j = 0; j < i; j++) {
            if (!segments_apart(image, g_ptr_array_index(load->images, j), error)) {
                return rig_blame(rig, file->line, error);
            }
        }
    }
    return TRUE;
}

static gboolean check_vector_table(const RigMachine *rig, const ModelMemory *flash, GError **error)
{
    guint32 table = rig->vector_table;

    return !rig->has_vector_table ||
           (table % VECTOR_TABLE_ALIGNMENT == 0 && table >= flash->address &&
            table - flash->address < flash->size) ||
           mews_fail(error, MEWS_ERROR_COULD_NOT_RUN,
                     "vector_table 0x%08x is no multiple of 0x%x in %s 0x%08x..0x%08x", table,
                     VECTOR_TABLE_ALIGNMENT, flash->name, flash->address,
                     flash->address + flash->size - 1) ||
           rig_blame(rig, rig->vector_table_line, error);
}

/* A file that is not there yet is a part as it comes from the factory. */
static gboolean read_kept(LoadKept *load, Kept kept, const char *path,
                          const ModelMemories *memories, GError **error)
{
    const char *file = kept_info[kept].file;
    g_autoptr(GError) why = NULL;
    char *content;
    gsize size;

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        return TRUE;
    }
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s %s: no regular file", file, path);
    }
    if (!g_file_get_contents(path, &content, &size, &why)) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: %s", file, why->message);
    }
    load->content = g_bytes_new_take(content, size);
    load->sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, load->content);
    return kept_check(kept, path, load->content, memories, error);
}

char *load_kept_new(const RigMachine *rig, Kept kept)
{
    return g_strconcat(rig->kept[kept].path, ".new", NULL);
}

/* The file that the emulator will write at the end of the run can be made. */
static gboolean can_keep(const RigMachine *rig, Kept kept, GError **error)
{
    g_autofree char *path = load_kept_new(rig, kept);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

    if (fd < 0) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s %s cannot be written: %s: %s",
                         kept_info[kept].file, rig->kept[kept].path, path, g_strerror(errno));
    }
    close(fd);
    g_unlink(path);
    return TRUE;
}

/* From the copies in @recorded, if that is not NULL; then nothing will be written. */
static gboolean add_kept(Load *load, const RigMachine *rig, const char *recorded,
                         const ModelMemories *memories, GError **error)
{
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        g_autofree char *copy = recorded ? kept_copy(recorded, rig->name, k) : NULL;
        const char *path = rig->kept[k].path;

        if (path && (!read_kept(&load->kept[k], k, copy ? copy : path, memories, error) ||
                     (!recorded && !can_keep(rig, k, error)))) {
            return rig_blame(rig, rig->kept[k].line, error);
        }
    }
    if (rig->images->len > 0 || load->kept[KEPT_FLASH].content) {
        return TRUE;
    }
    mews_fail(error, MEWS_ERROR_COULD_NOT_RUN,
              "it has no image, and its flash file %s is not there yet",
              rig->kept[KEPT_FLASH].path);
    return rig_blame(rig, rig->kept[KEPT_FLASH].line, error);
}

/* The emulator reads them; what is in them is a part of the run. */
static gboolean hash_samples(Load *load, const RigMachine *rig, GError **error)
{
    g_autoptr(GError) why = NULL;

    load->imu_sha256 = image_sha256(rig->imu_samples, &why);
    return load->imu_sha256 ||
           mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "samples of the imu: %s", why->message) ||
           rig_blame(rig, rig->imu_line, error);
}

gboolean load_check_symbols(const RigMachine *rig, GError **error)
{
    for (guint i = 0; i < rig->symbols->len; i++) {
        const RigSymbols *symbols = g_ptr_array_index(rig->symbols, i);

        if (!image_check_symbols(symbols->path, error)) {
            g_prefix_error(error, "symbols of %s: ", symbols->core);
            return rig_blame(rig, symbols->line, error);
        }
    }
    return TRUE;
}

Load *load_new(const RigMachine *rig, const char *recorded, GError **error)
{
    ModelMemories memories = model_memories(rig->model, rig->properties);
    g_autoptr(Load) load = g_new0(Load, 1);

    load->images = g_ptr_array_new_with_free_func((GDestroyNotify)image_free);
    if (!add_images(load, rig, &memories, error) ||
        !check_vector_table(rig, &memories.memory[0], error) ||
        !add_kept(load, rig, recorded, &memories, error) ||
        (!recorded && !load_check_symbols(rig, error))) {
        return NULL;
    }
    if (rig->imu_samples && !hash_samples(load, rig, error)) {
        return NULL;
    }
    return g_steal_pointer(&load);
}

void load_free(Load *load)
{
    g_ptr_array_unref(load->images);
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        g_clear_pointer(&load->kept[k].content, g_bytes_unref);
        g_free(load->kept[k].sha256);
    }
    g_free(load->imu_sha256);
    g_free(load);
}

/* ---- symbols ---- */

/* "boot" of "/some/where/boot.elf" */
static gboolean is_called(const Image *image, const char *name, gsize length)
{
    g_autofree char *file = g_path_get_basename(image->path);

    return strncmp(file, name, length) == 0 && (file[length] == '\0' || file[length] == '.');
}

gboolean load_address(const Load *load, const char *symbol, guint32 *address, GError **error)
{
    const char *colon = strchr(symbol, ':');
    const char *name = colon ? colon + 1 : symbol;
    const Image *found = NULL;

    for (guint i = 0; i < load->images->len; i++) {
        const Image *image = g_ptr_array_index(load->images, i);

        if ((colon && !is_called(image, symbol, (gsize)(colon - symbol))) ||
            !image_has(image, name)) {
            continue;
        }
        if (found) {
            return mews_fail(error, MEWS_ERROR_NO_SUCH_SYMBOL,
                             "symbol '%s' is in %s and in %s: say which by image:name", name,
                             found->path, image->path);
        }
        found = image;
    }
    if (!found && load->images->len == 1 && !colon) {
        found = g_ptr_array_index(load->images, 0);
    }
    return found ? image_address(found, name, address, error)
                 : mews_fail(error, MEWS_ERROR_NO_SUCH_SYMBOL, "no symbol '%s' in the images",
                             symbol);
}
