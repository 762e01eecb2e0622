/*
 * The fingerprint of a run: 64-bit FNV-1a over all symbols, edges and their
 * times so far, one hash for each stream and one over all of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_TRACE_H
#define MEWS_LINK_TRACE_H

#include <json-glib/json-glib.h>
#include "pins.h"
#include "tap.h"

/* 16 hex digits, to be freed; @streams (may be NULL) becomes {name: hash}, in name order. */
char *trace_hash(const Tap *tap, const Pins *pins, JsonObject **streams);

#endif
