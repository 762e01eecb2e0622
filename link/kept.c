/*
 * What is kept from run to run; see kept.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kept.h"
#include "error.h"

#define ERASED 0xff

const KeptInfo kept_info[KEPT_COUNT] = {
    [KEPT_FLASH] = {"flash", "flash file", "flash", "flash-load", "flash-save"},
    [KEPT_OPTIONS] = {"options", "option file", "option bytes", "options-load", "options-save"},
};

char *kept_copy(const char *folder, const char *machine, Kept kept)
{
    return g_strdup_printf("%s/%s.%s", folder, machine, kept_info[kept].name);
}

/* Each byte with its complement behind it, or both erased. */
static gboolean check_options(const char *path, const guint8 *bytes, GError **error)
{
    static const char *const name[] = {"RDP",  "USER", "Data0", "Data1",
                                       "WRP0", "WRP1", "WRP2",  "WRP3"};

    for (unsigned n = 0; n < G_N_ELEMENTS(name); n++) {
        guint8 value = bytes[2 * n], complement = bytes[2 * n + 1];

        if ((value ^ complement) != 0xff && (value != ERASED || complement != ERASED)) {
            return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN,
                             "option file %s: %s, octet %u, is 0x%02x, and behind it is 0x%02x "
                             "instead of its complement 0x%02x",
                             path, name[n], 2 * n, value, complement, (guint8)~value);
        }
    }
    return TRUE;
}

gboolean kept_check(Kept kept, const char *path, GBytes *content, const ModelMemories *memories,
                    GError **error)
{
    gsize expected = kept == KEPT_FLASH ? memories->memory[0].size : memories->model->option_bytes;
    gsize size;
    const guint8 *bytes = g_bytes_get_data(content, &size);

    if (size != expected) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s %s: %zu octets, %s of a %s: %zu",
                         kept_info[kept].file, path, size, kept_info[kept].contents,
                         memories->model->name, expected);
    }
    return kept != KEPT_OPTIONS || check_options(path, bytes, error);
}
