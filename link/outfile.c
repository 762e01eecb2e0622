/*
 * Files written as things happen; see outfile.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "outfile.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "error.h"

OutFile *outfile_on(int fd, const char *path)
{
    OutFile *file = g_new0(OutFile, 1);

    file->path = g_strdup(path);
    file->fd = fd;
    file->buffer = g_byte_array_new();
    return file;
}

OutFile *outfile_new(const char *path, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

    if (fd < 0) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: %s", path, g_strerror(errno));
        return NULL;
    }
    return outfile_on(fd, path);
}

void outfile_free(OutFile *file)
{
    close(file->fd);
    g_byte_array_unref(file->buffer);
    g_free(file->path);
    g_free(file);
}

static gboolean write_at(OutFile *file, gint64 offset, const guint8 *data, gsize size,
                         GError **error)
{
    gsize done = 0;

    while (done < size) {
        ssize_t written = pwrite(file->fd, data + done, size - done, offset + (gint64)done);

        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            int why = written < 0 ? errno : ENOSPC;

            return mews_fail(error, MEWS_ERROR_RECORDING_FAILED, "recording has failed: %s: %s",
                             file->path, g_strerror(why));
        }
        done += (gsize)written;
    }
    return TRUE;
}

gboolean outfile_flush(OutFile *file, GError **error)
{
    if (file->buffer->len == 0) {
        return TRUE;
    }
    if (!write_at(file, file->size, file->buffer->data, file->buffer->len, error)) {
        /* no half record stays; should this fail, too, the error is told already */
        if (ftruncate(file->fd, file->size) < 0) {
            g_debug("%s: %s", file->path, g_strerror(errno));
        }
        return FALSE;
    }
    file->size += file->buffer->len;
    g_byte_array_set_size(file->buffer, 0);
    return TRUE;
}

gboolean outfile_append(OutFile *file, gconstpointer data, gsize size, GError **error)
{
    if (file->buffer->len + size > OUTFILE_BUFFER_SIZE && !outfile_flush(file, error)) {
        return FALSE;
    }
    g_byte_array_append(file->buffer, data, (guint)size);
    return TRUE;
}

gboolean outfile_replace(OutFile *file, gint64 offset, const char *text, GError **error)
{
    gsize length = strlen(text);

    if (!write_at(file, offset, (const guint8 *)text, length, error)) {
        return FALSE;
    }
    if (offset + (gint64)length < file->size && ftruncate(file->fd, offset + (gint64)length) < 0) {
        return mews_fail(error, MEWS_ERROR_RECORDING_FAILED, "recording has failed: %s: %s",
                         file->path, g_strerror(errno));
    }
    file->size = offset + (gint64)length;
    return TRUE;
}
