/*
 * A file that is written as things happen: appended in whole records, so that
 * it is valid whenever the program ends, even by a crash or on a full disk.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_OUTFILE_H
#define MEWS_LINK_OUTFILE_H

#include <glib.h>

/* Written out when so much has gathered. */
#define OUTFILE_BUFFER_SIZE (256u * 1024)

typedef struct OutFile {
    char *path;
    int fd;
    gint64 size;        /* on disk */
    GByteArray *buffer; /* whole records */
} OutFile;

/* Make the file, or empty it. */
OutFile *outfile_new(const char *path, GError **error);
/* The same for an empty file that is open already (taken). */
OutFile *outfile_on(int fd, const char *path);
/* Closes without writing what is still in the buffer: flush before. */
void outfile_free(OutFile *file);
/* Append one record.  FALSE: recording-failed. */
gboolean outfile_append(OutFile *file, gconstpointer data, gsize size, GError **error);
/* FALSE: recording-failed; the file ends with the last whole record that fit. */
gboolean outfile_flush(OutFile *file, GError **error);
/* Replace everything from octet @offset on, at once. */
gboolean outfile_replace(OutFile *file, gint64 offset, const char *text, GError **error);

#endif
