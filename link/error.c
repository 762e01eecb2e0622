/*
 * The errors of the daemon and the command line; see error.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "error.h"

G_DEFINE_QUARK(mews - error, mews_error)

static const char *const names[] = {
    [MEWS_ERROR_COULD_NOT_RUN] = "could-not-run",
    [MEWS_ERROR_TOLD] = "told",
    [MEWS_ERROR_BAD_JSON] = "bad-json",
    [MEWS_ERROR_UNKNOWN_COMMAND] = "unknown-command",
    [MEWS_ERROR_UNKNOWN_KEY] = "unknown-key",
    [MEWS_ERROR_BAD_VALUE] = "bad-value",
    [MEWS_ERROR_NO_SUCH_MACHINE] = "no-such-machine",
    [MEWS_ERROR_NO_SUCH_UART] = "no-such-uart",
    [MEWS_ERROR_NO_SUCH_LINK] = "no-such-link",
    [MEWS_ERROR_NO_SUCH_PIN] = "no-such-pin",
    [MEWS_ERROR_NO_SUCH_SYMBOL] = "no-such-symbol",
    [MEWS_ERROR_BUSY] = "busy",
    [MEWS_ERROR_RIG_FAILED] = "rig-failed",
    [MEWS_ERROR_RECORDING_FAILED] = "recording-failed",
};

const char *mews_error_name(int code)
{
    g_assert(code >= 0 && code < (int)G_N_ELEMENTS(names));
    return names[code];
}

gboolean mews_fail(GError **error, MewsErrorCode code, const char *format, ...)
{
    va_list arguments;

    if (error) {
        va_start(arguments, format);
        *error = g_error_new_valist(MEWS_ERROR, code, format, arguments);
        va_end(arguments);
    }
    return FALSE;
}
