/*
 * What a test peer has seen and what it is to answer, as properties of it.
 *
 * "log" (read): a line per event, "TIME_NS EVENT [OCTET]"; "answers" (write):
 * octets in hexadecimal that it will give, one after the other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_TEST_PEER_LOG_H
#define HW_MEWS_TEST_PEER_LOG_H

#include "qom/object.h"

typedef struct PeerLog {
    GString *text;
    GByteArray *answers;
    unsigned answered;
} PeerLog;

/* Give @peer these properties, which are kept in @log. */
void peer_log_init(Object *peer, PeerLog *log);
void peer_log_finalize(PeerLog *log);

/* Something has happened now. */
void peer_log_event(PeerLog *log, const char *event);
void peer_log_octet(PeerLog *log, const char *event, uint8_t octet);

/* The next answer; 0xff, as an idle line has it, after the last one. */
uint8_t peer_log_answer(PeerLog *log);

#endif
