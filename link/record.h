/*
 * The run directory (docs/evidence.md): run.json, link.pcapng, one log per
 * console.  Written as it happens; every file is valid whenever the daemon
 * ends.  The first error ends the recording and is kept.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_RECORD_H
#define MEWS_LINK_RECORD_H

#include <json-glib/json-glib.h>
#include "frames.h"
#include "rig.h"
#include "tap.h"

typedef struct Record Record;

/* How a run stands, for the end of run.json. */
/* Reasons of an end that a replay has to know: the run has failed; it could not be written down. */
#define RECORD_FAILED    "failed"
#define RECORD_NOT_WHOLE "recording-failed"

typedef struct RecordState {
    gint64 time_ns;
    const char *hash;
    const char *reason; /* "running", "quit", "signal", "failed" ... */
    const char *message;
    JsonObject *statistics; /* {link: {direction: {...}}}, or NULL; not taken */
} RecordState;

/*
 * The directory for a run: @given, made if need be, or a new one
 * RUNS/RIG-NUMBER.  *@made: it was not there before.  NULL: it cannot be made.
 */
char *record_folder(const char *given, const char *runs, const char *rig_name, gboolean *made,
                    GError **error);
/* What --help says of the option that gives it; free it. */
char *record_folder_help(const char *runs);
/*
 * Make @folder ours before anything is written to it.  -1 when another daemon
 * has it, or when there is a run in it and not @force; else what record_new()
 * wants, or close() gives up.
 */
int record_claim(const char *folder, gboolean force, GError **error);
/*
 * Remove what the start of a daemon has written to @folder, when the rig does
 * not stand; the log of an emulator that said more than one line stays.  The
 * folder goes, too, when it was @made for it and is empty.
 */
void record_remove(const char *folder, gboolean made, const Rig *rig);

/*
 * Begin in @folder; @claim is taken.  @head: what run.json says of rig, images
 * and versions (taken).
 */
Record *record_new(const char *folder, int claim, JsonObject *head, const Tap *tap,
                   GPtrArray *links, GError **error);
/* Close all files; @state is the last word. */
void record_free(Record *record, const RecordState *state);

/* FALSE from the first failure on, with the same error each time. */
gboolean record_good(const Record *record, GError **error);

void record_symbol(Record *record, const TapStream *stream, const TapSymbol *symbol,
                   guint direction);
void record_frame(Record *record, const Frames *frames, const Frame *frame);
/* A request that changes what happens: it has to be repeated by a replay. */
void record_command(Record *record, gint64 time_ns, JsonObject *request);
/* Write out what has gathered. */
void record_sync(Record *record);
/* Write out, and bring the end of run.json up to date. */
void record_state(Record *record, const RecordState *state);

#endif
