/*
 * Reading the keys of a request; see keys.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "keys.h"
#include "error.h"
#include "hex.h"

gboolean keys_known(JsonObject *object, const char *const *known, GError **error)
{
    g_autoptr(GList) names = json_object_get_members(object);

    for (GList *name = names; name; name = name->next) {
        if (!g_strv_contains(known, name->data)) {
            g_autofree char *all = g_strjoinv(", ", (char **)known);

            return mews_fail(error, MEWS_ERROR_UNKNOWN_KEY, "unknown key '%s'; known: %s",
                             (const char *)name->data, all);
        }
    }
    return TRUE;
}

gboolean key_present(JsonObject *object, const char *key)
{
    return json_object_has_member(object, key);
}

/* *node becomes NULL when the key is absent and may be. */
static gboolean find(JsonObject *object, const char *key, KeyPresence presence, JsonNode **node,
                     GError **error)
{
    *node = json_object_get_member(object, key);
    if (!*node && presence == KEY_REQUIRED) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "key '%s' is missing", key);
    }
    return TRUE;
}

gboolean key_int(JsonObject *object, const char *key, KeyPresence presence, gint64 min, gint64 max,
                 gint64 *value, GError **error)
{
    JsonNode *node;
    gint64 number;

    if (!find(object, key, presence, &node, error)) {
        return FALSE;
    }
    if (!node) {
        return TRUE;
    }
    if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "'%s' is no integer", key);
    }
    number = json_node_get_int(node);
    if (number < min || number > max) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE,
                         "'%s' is %" G_GINT64_FORMAT ", not in %" G_GINT64_FORMAT
                         "..%" G_GINT64_FORMAT,
                         key, number, min, max);
    }
    *value = number;
    return TRUE;
}

gboolean key_boolean(JsonObject *object, const char *key, gboolean *value, GError **error)
{
    JsonNode *node = json_object_get_member(object, key);

    if (node && json_node_get_value_type(node) != G_TYPE_BOOLEAN) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "'%s' is neither true nor false", key);
    }
    *value = node ? json_node_get_boolean(node) : *value;
    return TRUE;
}

gboolean key_string(JsonObject *object, const char *key, KeyPresence presence, const char **value,
                    GError **error)
{
    JsonNode *node;

    if (!find(object, key, presence, &node, error)) {
        return FALSE;
    }
    if (!node) {
        return TRUE;
    }
    if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "'%s' is no string", key);
    }
    *value = json_node_get_string(node);
    return TRUE;
}

gboolean key_hex(JsonObject *object, const char *key, KeyPresence presence, GByteArray **value,
                 GError **error)
{
    const char *text = NULL;

    *value = NULL;
    if (!key_string(object, key, presence, &text, error)) {
        return FALSE;
    }
    if (!text) {
        return TRUE;
    }
    *value = hex_decode(text);
    return *value ? TRUE
                  : mews_fail(error, MEWS_ERROR_BAD_VALUE,
                              "'%s' is not an even number of hex digits", key);
}
