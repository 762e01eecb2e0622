/*
 * What has happened, in order, numbered from 0: an array that forgets its
 * oldest elements when it has grown to twice what it is to keep.  Elements
 * that are kept lie one behind the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_HISTORY_H
#define MEWS_LINK_HISTORY_H

#include <glib.h>
#include <string.h>

typedef struct History {
    guint8 *data;
    gsize element_size;
    guint64 base; /* number of the first element that is kept */
    gsize count;  /* elements that are kept */
    gsize capacity;
    gsize keep;             /* at least so many of the newest */
    GDestroyNotify destroy; /* for an element (its address), or NULL */
} History;

static inline void history_init(History *h, gsize element_size, gsize keep, GDestroyNotify destroy)
{
    *h = (History){.element_size = element_size, .keep = keep, .destroy = destroy};
}

/* The first number that is not there yet. */
static inline guint64 history_end(const History *h)
{
    return h->base + h->count;
}

static inline gpointer history_at(const History *h, guint64 number)
{
    g_assert(number >= h->base && number < history_end(h));
    return h->data + (number - h->base) * h->element_size;
}

static inline void history_drop(History *h, gsize count)
{
    for (gsize i = 0; h->destroy && i < count; i++) {
        h->destroy(h->data + i * h->element_size);
    }
    h->base += count;
    h->count -= count;
    memmove(h->data, h->data + count * h->element_size, h->count * h->element_size);
}

static inline void history_append(History *h, gconstpointer element)
{
    if (h->count == 2 * h->keep) {
        history_drop(h, h->keep);
    }
    if (h->count == h->capacity) {
        h->capacity = CLAMP(2 * h->capacity, 64, 2 * h->keep);
        h->data = g_realloc_n(h->data, h->capacity, h->element_size);
    }
    memcpy(h->data + h->count * h->element_size, element, h->element_size);
    h->count++;
}

static inline void history_clear(History *h)
{
    if (h->count) {
        history_drop(h, h->count);
    }
    g_clear_pointer(&h->data, g_free);
    h->capacity = 0;
}

#endif
