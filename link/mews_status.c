/*
 * mews status: what running rigs do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client.h"
#include "error.h"
#include "mews.h"

static void print_direction(const char *name, JsonObject *counters)
{
    g_autoptr(GList) keys = json_object_get_members(counters);

    g_print("    %-12s", name);
    for (GList *key = keys; key; key = key->next) {
        gint64 count = json_object_get_int_member(counters, key->data);

        if (count || g_str_equal(key->data, "symbols") || g_str_equal(key->data, "frames")) {
            g_print(" %s %" G_GINT64_FORMAT, (const char *)key->data, count);
        }
    }
    g_print("\n");
}

static void print_links(JsonArray *links)
{
    for (guint i = 0; i < json_array_get_length(links); i++) {
        JsonObject *link = json_array_get_object_element(links, i);
        JsonArray *ends = json_object_get_array_member(link, "ends");
        JsonObject *directions = json_object_get_object_member(link, "directions");
        g_autoptr(GList) names = json_object_get_members(directions);

        g_print("  link %s: %s, %s\n", json_object_get_string_member(link, "name"),
                json_array_get_string_element(ends, 0), json_array_get_string_element(ends, 1));
        for (GList *name = names; name; name = name->next) {
            print_direction(name->data, json_object_get_object_member(directions, name->data));
        }
    }
}

static void print_status(JsonObject *status)
{
    JsonArray *machines = json_object_get_array_member(status, "machines");
    const char *folder = json_object_get_string_member_with_default(status, "run_dir", NULL);

    g_print("rig %s: %s at %.9f s\n", json_object_get_string_member(status, "rig"),
            json_object_get_string_member(status, "state"),
            (double)json_object_get_int_member(status, "time_ns") / 1e9);
    if (json_object_has_member(status, "message")) {
        g_print("  %s\n", json_object_get_string_member(status, "message"));
    }
    for (guint i = 0; i < json_array_get_length(machines); i++) {
        JsonObject *machine = json_array_get_object_element(machines, i);

        g_print("  machine %s: %s, %s, process %" G_GINT64_FORMAT "\n",
                json_object_get_string_member(machine, "name"),
                json_object_get_string_member(machine, "model"),
                json_object_get_string_member(machine, "state"),
                json_object_get_int_member(machine, "pid"));
    }
    print_links(json_object_get_array_member(status, "links"));
    if (folder) {
        g_print("  recorded in %s\n", folder);
    }
}

static gboolean ask(const char *path, GError **error)
{
    g_autoptr(Link) link = link_open(path, error);
    g_autoptr(JsonObject) status =
        link ? link_request(link, request_new("status"), NULL, error) : NULL;

    if (!status) {
        return FALSE;
    }
    print_status(status);
    return TRUE;
}

static int ask_all(void)
{
    g_autoptr(GPtrArray) sockets = mews_running();

    if (!sockets) {
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    for (guint i = 0; i < sockets->len; i++) {
        ask(g_ptr_array_index(sockets, i), NULL); /* it may just have ended */
    }
    return MEWS_EXIT_PASS;
}

int mews_status(int argc, char **argv)
{
    g_autofree char *socket = NULL;
    const GOptionEntry entries[] = {
        {"socket", 0, 0, G_OPTION_ARG_FILENAME, &socket, "Control socket of the rig", "PATH"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;

    if (!mews_options("status", NULL, entries, &argc, &argv)) {
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    if (!socket) {
        return ask_all();
    }
    return ask(socket, &error) ? MEWS_EXIT_PASS : mews_give_up(MEWS_EXIT_COULD_NOT_RUN, error);
}
