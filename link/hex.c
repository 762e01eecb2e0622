/*
 * Octets as hex digits; see hex.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "hex.h"
#include <string.h>

GByteArray *hex_decode(const char *text)
{
    gsize length = strlen(text);
    GByteArray *octets;

    if (length % 2 || strspn(text, "0123456789abcdefABCDEF") != length) {
        return NULL;
    }
    octets = g_byte_array_sized_new((guint)(length / 2));
    for (gsize i = 0; i < length; i += 2) {
        guint8 octet =
            (guint8)(g_ascii_xdigit_value(text[i]) << 4 | g_ascii_xdigit_value(text[i + 1]));

        g_byte_array_append(octets, &octet, 1);
    }
    return octets;
}

char *hex_encode(const guint8 *data, gsize size)
{
    static const char digit[] = "0123456789abcdef";
    char *text = g_malloc(2 * size + 1);

    for (gsize i = 0; i < size; i++) {
        text[2 * i] = digit[data[i] >> 4];
        text[2 * i + 1] = digit[data[i] & 15];
    }
    text[2 * size] = '\0';
    return text;
}
