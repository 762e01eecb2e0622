/*
 * Gates: what a `run` waits for (docs/control-socket.md).  A gate is judged
 * over what the tap has processed, in the order of virtual time, and remembers
 * how far it has looked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_GATES_H
#define MEWS_LINK_GATES_H

#include <json-glib/json-glib.h>
#include "pins.h"
#include "tap.h"

/* Gates of one run. */
#define GATES_MAX 256

typedef struct Gate Gate;

/* Where a gate looks. */
typedef struct GateScene {
    const Tap *tap;
    const Pins *pins;
    GPtrArray *links; /* Frames * */
    gint64 now_ns;
} GateScene;

/* NULL: unknown-key, bad-value, no-such-uart, no-such-link, no-such-pin. */
Gate *gate_new(JsonObject *object, const GateScene *scene, GError **error);
void gate_free(Gate *gate);

/* TRUE once it has matched. */
gboolean gate_judge(Gate *gate);
/* The match, or a null node; free it. */
JsonNode *gate_match(const Gate *gate);

#endif
