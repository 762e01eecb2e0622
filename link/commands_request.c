/*
 * What a request names, found; see commands_internal.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands_internal.h"

Machine *request_machine(Daemon *daemon, JsonObject *request, GError **error)
{
    const char *name = NULL;
    int index;

    if (!key_string(request, "machine", KEY_REQUIRED, &name, error)) {
        return NULL;
    }
    index = rig_find_machine(daemon->rig, name);
    if (index < 0) {
        mews_fail(error, MEWS_ERROR_NO_SUCH_MACHINE, "no machine '%s'", name);
        return NULL;
    }
    return g_ptr_array_index(daemon->machines, index);
}

TapStream *request_uart(Daemon *daemon, JsonObject *request, GError **error)
{
    const char *name = NULL;
    TapStream *stream;

    if (!key_string(request, "uart", KEY_REQUIRED, &name, error)) {
        return NULL;
    }
    stream = tap_find(daemon->tap, name);
    if (!stream) {
        mews_fail(error, MEWS_ERROR_NO_SUCH_UART, "no UART '%s' on a wire of the rig", name);
    }
    return stream;
}

Frames *request_link(Daemon *daemon, JsonObject *request, GError **error)
{
    const char *name = NULL;
    int index;

    if (!key_string(request, "link", KEY_REQUIRED, &name, error)) {
        return NULL;
    }
    index = rig_find_link(daemon->rig, name);
    if (index < 0) {
        mews_fail(error, MEWS_ERROR_NO_SUCH_LINK, "no link '%s'", name);
        return NULL;
    }
    return g_ptr_array_index(daemon->links, index);
}

Pin *request_pin(Daemon *daemon, JsonObject *request, GError **error)
{
    const char *name = NULL;
    Pin *pin;

    if (!key_string(request, "pin", KEY_REQUIRED, &name, error)) {
        return NULL;
    }
    pin = pins_find(daemon->pins, name);
    if (!pin) {
        mews_fail(error, MEWS_ERROR_NO_SUCH_PIN, "no pin '%s'", name);
    }
    return pin;
}

/* "at_ns": when the first bit starts if nothing else is being sent. */
gboolean request_at(Daemon *daemon, JsonObject *request, gint64 *at_ns, GError **error)
{
    return key_int(request, "at_ns", KEY_OPTIONAL, daemon->now_ns, daemon->now_ns + RUN_MAX_NS,
                   at_ns, error);
}
