/*
 * Names that may have been meant by one that is not there, for messages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_NEAR_H
#define MEWS_LINK_NEAR_H

#include <glib.h>

/* At most so many are named. */
#define NEAR_NAMES_MAX 4

/*
 * Those of @names (char *) that are nearest to @name, whatever the case, as
 * "LPUART1, LPUART2": which contain it or are contained, else the fewest letters
 * apart.  NULL: none is near.  Free it.
 */
char *near_names(const GPtrArray *names, const char *name);

#endif
