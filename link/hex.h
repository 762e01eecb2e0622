/*
 * Octets as lower-case hex digits and back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_HEX_H
#define MEWS_LINK_HEX_H

#include <glib.h>

/* NULL unless @text is an even number of hex digits and nothing else. */
GByteArray *hex_decode(const char *text);
/* Free it with g_free(). */
char *hex_encode(const guint8 *data, gsize size);

#endif
