/*
 * Bytes of a UART as text that may stand in JSON: valid UTF-8 without NUL
 * and U+001F (which json-glib would not escape), everything else becomes U+FFFD.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_TEXT_H
#define MEWS_LINK_TEXT_H

#include <glib.h>

/* Free it with g_free(). */
char *text_of_bytes(const guint8 *bytes, gsize size);

#endif
