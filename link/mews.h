/*
 * The subcommands of `mews`.  Each takes the words behind its name and returns
 * the exit code: 0 pass, 1 fail, 2 could not run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_MEWS_H
#define MEWS_LINK_MEWS_H

#include "client.h"

int mews_run(int argc, char **argv);
int mews_status(int argc, char **argv);
int mews_decode(int argc, char **argv);
int mews_replay(int argc, char **argv);
int mews_gdb(int argc, char **argv);
int mews_regs(int argc, char **argv);

/*
 * Parse the options of a subcommand, which takes one @word ("RIG") or none
 * (NULL).  FALSE, and the one-line reason has been printed, unless that is
 * what is left in argv[1..].
 */
gboolean mews_options(const char *command, const char *word, const GOptionEntry *entries, int *argc,
                      char ***argv);
/*
 * The virtual time of an option --for, in ns: G_MAXINT64 when @seconds is NULL.
 * FALSE, and the one-line reason has been printed, unless it is a time.
 */
gboolean mews_read_seconds(const char *seconds, gint64 *ns);
/*
 * launch_start() in a run directory: the one of the options, or a new one.
 * Returns it, to be freed.  NULL: as launch_start(); nothing new is left.
 */
char *mews_start(Launch *launch, const LaunchOptions *options, GError **error);
/*
 * The control sockets of the rigs that run (char *): those in run directories
 * that answer.  NULL, and that has been printed, when there is none.
 */
GPtrArray *mews_running(void);
/* Print "mews: message", unless the user has read it already, and return @code. */
int mews_give_up(int code, const GError *error);

#endif
