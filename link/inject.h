/*
 * The daemon as a writer on wires: bytes become symbols with exact times and
 * reach the receiver's inject ring as virtual time moves on.
 *
 * Symbols of one receiver follow one another: none overlaps an earlier one,
 * and none starts before the present virtual time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_INJECT_H
#define MEWS_LINK_INJECT_H

#include <glib.h>
#include "emu/wire/wire_abi.h"

#define INJECT_BAUD_MIN 50
#define INJECT_BAUD_MAX 20000000
/* Symbols that may wait to be sent to one receiver. */
#define INJECT_PENDING_MAX (4u * 1024 * 1024)

/* Baud rate and format of characters. */
typedef struct InjectFormat {
    guint32 baud;
    guint8 data_bits;      /* 7 or 8 */
    char parity;           /* 'N', 'E' or 'O' */
    guint8 stop_half_bits; /* 2, 3 or 4 */
} InjectFormat;

/* "8N1", "7E1", "8O2", "8N1.5".  FALSE: bad-value. */
gboolean inject_format_parse(InjectFormat *format, gint64 baud, const char *text, GError **error);

typedef struct Inject Inject;

Inject *inject_new(WireRig *rig);
void inject_free(Inject *inject);

/*
 * Queue @size bytes for the receiver of @wire and @end, not before @from_ns
 * (at or after the present time) and behind what is queued already.  Sets when
 * the first bit starts and when the last stop bit ends.  FALSE: bad-value, too
 * much is queued.
 */
gboolean inject_bytes(Inject *inject, unsigned wire, unsigned end, const InjectFormat *format,
                      gint64 from_ns, const guint8 *bytes, gsize size, gint64 *start_ns,
                      gint64 *end_ns, GError **error);

/*
 * Before the horizon moves to @horizon_ns: write into the rings what starts
 * before it.  Returns how far the horizon may really move; that is less when a
 * ring has no room for all.
 */
gint64 inject_feed(Inject *inject, gint64 horizon_ns);

/* Whether everything that was queued has been sent by @now_ns. */
gboolean inject_idle(const Inject *inject, gint64 now_ns);

#endif
