/*
 * Bytes as text; see text.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "text.h"
#include <string.h>

char *text_of_bytes(const guint8 *bytes, gsize size)
{
    g_autofree char *copy = g_malloc(size + 1);

    for (gsize i = 0; i < size; i++) {
        /* 0xff is never part of UTF-8, so it is replaced below; json-glib before 1.8 forgets 0x1f
         */
        copy[i] = bytes[i] && bytes[i] != 0x1f ? (char)bytes[i] : '\xff';
    }
    copy[size] = '\0';
    return g_utf8_make_valid(copy, (gssize)size);
}
