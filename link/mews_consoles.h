/*
 * The consoles of a rig on one terminal: whole lines in the order of virtual
 * time, whichever machine they are from, and lines that are not ended yet (a
 * prompt) as soon as nothing more comes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_MEWS_CONSOLES_H
#define MEWS_LINK_MEWS_CONSOLES_H

#include "client.h"

typedef struct Consoles Consoles;

/* @names: of UARTs, as `status` gives them.  @times: each line begins with its virtual time. */
Consoles *consoles_new(JsonArray *names, gboolean times);
void consoles_free(Consoles *consoles);

/*
 * Show what has come up to the present, which must be all of a stretch of
 * virtual time: lines are ordered by the end of their line feed, then by name.
 */
gboolean consoles_show(Consoles *consoles, Link *link, GError **error);
/* Show what is left of lines that have no end; the terminal stands at the beginning of a line. */
void consoles_end(Consoles *consoles);

/* The first UART of the rig, or the one of this name; NULL: there is none. */
const char *consoles_first(const Consoles *consoles);
const char *consoles_find(const Consoles *consoles, const char *uart);

#endif
