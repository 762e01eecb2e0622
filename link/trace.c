/*
 * The fingerprint of a run; see trace.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "trace.h"
#include "hash.h"

typedef struct Entry {
    char *name;
    guint64 hash;
} Entry;

static void entry_clear(gpointer entry)
{
    g_free(((Entry *)entry)->name);
}

static void add_pin(gpointer opaque, Pin *pin)
{
    Entry entry = {g_strdup(pin->name), pin->hash};

    g_array_append_val((GArray *)opaque, entry);
    if (pin->driven) {
        entry = (Entry){g_strconcat("drive>", pin->name, NULL), pin->driven_hash};
        g_array_append_val((GArray *)opaque, entry);
    }
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(((const Entry *)a)->name, ((const Entry *)b)->name);
}

static char *digits(guint64 hash)
{
    return g_strdup_printf("%016" G_GINT64_MODIFIER "x", hash);
}

char *trace_hash(const Tap *tap, const Pins *pins, JsonObject **streams)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    guint64 hash = HASH_START;

    g_array_set_clear_func(entries, entry_clear);
    for (guint i = 0; i < tap->streams->len; i++) {
        const TapStream *stream = g_ptr_array_index(tap->streams, i);
        Entry entry = {g_strdup(stream->name), stream->hash};

        g_array_append_val(entries, entry);
    }
    pins_each(pins, add_pin, entries);
    g_array_sort(entries, by_name);
    if (streams) {
        *streams = json_object_new();
    }
    for (guint i = 0; i < entries->len; i++) {
        const Entry *entry = &g_array_index(entries, Entry, i);

        hash = hash_octets(hash, entry->name, strlen(entry->name) + 1);
        hash = hash_integer(hash, entry->hash, 8);
        if (streams) {
            g_autofree char *text = digits(entry->hash);

            json_object_set_string_member(*streams, entry->name, text);
        }
    }
    return digits(hash);
}
