/*
 * Where things lie next to the running program: in build/bin the programs, in
 * build/runs the run directories, in build/registers the register descriptions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_PATHS_H
#define MEWS_LINK_PATHS_H

/* All are to be freed. */
char *paths_emulator(void);
char *paths_linkd(void);
char *paths_runs(void);
char *paths_registers(void);

#endif
