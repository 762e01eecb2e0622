/*
 * The subcommands of `mews`.  Each takes the words behind its name and returns
 * the exit code: 0 pass, 1 fail, 2 could not run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_MEWS_H
#define MEWS_LINK_MEWS_H

#include <glib.h>

int mews_run(int argc, char **argv);
int mews_status(int argc, char **argv);
int mews_decode(int argc, char **argv);
int mews_replay(int argc, char **argv);
int mews_gdb(int argc, char **argv);

/*
 * Parse the options of a subcommand.  FALSE, and the one-line reason has been
 * printed, unless @words words are left in argv[1..].
 */
gboolean mews_options(const char *usage, const GOptionEntry *entries, int *argc, char ***argv,
                      int words);
/*
 * The virtual time of an option --for, in ns: G_MAXINT64 when @seconds is NULL.
 * FALSE, and the one-line reason has been printed, unless it is a time.
 */
gboolean mews_read_seconds(const char *seconds, gint64 *ns);
/* Print "mews: message" and return @code. */
int mews_give_up(int code, const GError *error);

#endif
