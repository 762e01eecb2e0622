/*
 * Reading the keys of a request: each getter leaves *value alone when the key
 * is absent and not required, and says clearly what is wrong otherwise.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_KEYS_H
#define MEWS_LINK_KEYS_H

#include <json-glib/json-glib.h>

typedef enum KeyPresence { KEY_OPTIONAL, KEY_REQUIRED } KeyPresence;

/* unknown-key unless all keys of @object are in @known (ends with NULL). */
gboolean keys_known(JsonObject *object, const char *const *known, GError **error);
gboolean key_present(JsonObject *object, const char *key);
gboolean key_int(JsonObject *object, const char *key, KeyPresence presence, gint64 min, gint64 max,
                 gint64 *value, GError **error);
/* The string belongs to @object. */
gboolean key_string(JsonObject *object, const char *key, KeyPresence presence, const char **value,
                    GError **error);
/* Absent: *value stays. */
gboolean key_boolean(JsonObject *object, const char *key, gboolean *value, GError **error);
/* Hex digits; *value is NULL or new. */
gboolean key_hex(JsonObject *object, const char *key, KeyPresence presence, GByteArray **value,
                 GError **error);

#endif
