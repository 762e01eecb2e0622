/*
 * Names that may have been meant; see near.h.  Letters apart: the edit distance
 * of Levenshtein.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "near.h"
#include <string.h>

#define NAME_SIZE_MAX 64
#define CONTAINED_MIN 2 /* letters; one alone says nothing */

/* How many letters are to be put in, left out or replaced to make @b of @a. */
static gsize letters_apart(const char *a, const char *b)
{
    gsize row[NAME_SIZE_MAX + 1], size = strlen(b);

    for (gsize i = 0; i <= size; i++) {
        row[i] = i;
    }
    for (gsize n = 1; *a; a++, n++) {
        gsize left_above = row[0];

        row[0] = n;
        for (gsize i = 1; i <= size; i++) {
            gsize replaced = left_above + (*a != b[i - 1]);

            left_above = row[i];
            row[i] = MIN(replaced, MIN(row[i], row[i - 1]) + 1);
        }
    }
    return row[size];
}

static gboolean contains(const char *whole, const char *part)
{
    return strlen(part) >= CONTAINED_MIN && strstr(whole, part);
}

/* 0: one contains the other; G_MAXSIZE: too far to be meant. */
static gsize distance(const char *one, const char *other)
{
    g_autofree char *a = g_ascii_strup(one, -1), *b = g_ascii_strup(other, -1);
    gsize letters;

    if (strlen(a) > NAME_SIZE_MAX || strlen(b) > NAME_SIZE_MAX) {
        return G_MAXSIZE;
    }
    if (contains(a, b) || contains(b, a)) {
        return 0;
    }
    letters = letters_apart(a, b);
    return letters <= 1 + strlen(a) / 3 && letters < MAX(strlen(a), strlen(b)) ? letters
                                                                               : G_MAXSIZE;
}

char *near_names(const GPtrArray *names, const char *name)
{
    g_autoptr(GString) text = g_string_new(NULL);
    gsize nearest = G_MAXSIZE, count = 0;

    for (guint i = 0; i < names->len; i++) {
        nearest = MIN(nearest, distance(name, g_ptr_array_index(names, i)));
    }
    for (guint i = 0; i < names->len && nearest != G_MAXSIZE && count < NEAR_NAMES_MAX; i++) {
        const char *other = g_ptr_array_index(names, i);

        if (distance(name, other) == nearest) {
            g_string_append_printf(text, "%s%s", count++ ? ", " : "", other);
        }
    }
    return text->len ? g_strdup(text->str) : NULL;
}
