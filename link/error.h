/*
 * The errors of the daemon and the command line: one GError domain whose codes
 * are those of the control socket (docs/control-socket.md) and which each
 * program turns into its exit code.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_ERROR_H
#define MEWS_LINK_ERROR_H

#include <glib.h>

typedef enum MewsErrorCode {
    MEWS_ERROR_COULD_NOT_RUN, /* never sent over the socket: there is none yet */
    MEWS_ERROR_TOLD,          /* nor this: could not run, and the user has read why */
    MEWS_ERROR_BAD_JSON,
    MEWS_ERROR_UNKNOWN_COMMAND,
    MEWS_ERROR_UNKNOWN_KEY,
    MEWS_ERROR_BAD_VALUE,
    MEWS_ERROR_NO_SUCH_MACHINE,
    MEWS_ERROR_NO_SUCH_UART,
    MEWS_ERROR_NO_SUCH_LINK,
    MEWS_ERROR_NO_SUCH_PIN,
    MEWS_ERROR_NO_SUCH_SYMBOL,
    MEWS_ERROR_BUSY,
    MEWS_ERROR_RIG_FAILED,
    MEWS_ERROR_RECORDING_FAILED,
} MewsErrorCode;

/* Exit codes of every program of the project. */
enum { MEWS_EXIT_PASS = 0, MEWS_EXIT_FAIL = 1, MEWS_EXIT_COULD_NOT_RUN = 2 };

#define MEWS_ERROR (mews_error_quark())
GQuark mews_error_quark(void);

/* The code as the control socket spells it ("no-such-uart"). */
const char *mews_error_name(int code);

/* Set @error (may be NULL); returns false, so that `return mews_fail(...)` reads well. */
gboolean mews_fail(GError **error, MewsErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);

#endif
