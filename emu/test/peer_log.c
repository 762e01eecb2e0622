/*
 * What a test peer has seen and what it is to answer; see the header.
 *
 * Log and answers are the test's, not the peer's state: they are not migrated.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/timer.h"
#include "qapi/visitor.h"
#include "peer_log.h"

static void get_log(Object *obj, Visitor *v, const char *name, void *opaque,
                    Error **errp)
{
    PeerLog *log = opaque;

    visit_type_str(v, name, &log->text->str, errp);
}

static void set_answers(Object *obj, Visitor *v, const char *name, void *opaque,
                        Error **errp)
{
    PeerLog *log = opaque;
    g_autofree char *text = NULL;

    if (!visit_type_str(v, name, &text, errp)) {
        return;
    }
    g_byte_array_set_size(log->answers, 0);
    log->answered = 0;
    for (const char *digit = text; *digit; digit += 2) {
        int high = g_ascii_xdigit_value(digit[0]);
        int low = high < 0 ? -1 : g_ascii_xdigit_value(digit[1]);
        uint8_t octet = high << 4 | low;

        if (low < 0) {
            error_setg(errp, "'%s' is no row of octets", text);
            return;
        }
        g_byte_array_append(log->answers, &octet, 1);
    }
}

void peer_log_init(Object *peer, PeerLog *log)
{
    log->text = g_string_new("");
    log->answers = g_byte_array_new();
    object_property_add(peer, "log", "str", get_log, NULL, NULL, log);
    object_property_add(peer, "answers", "str", NULL, set_answers, NULL, log);
}

void peer_log_finalize(PeerLog *log)
{
    g_string_free(log->text, true);
    g_byte_array_unref(log->answers);
}

void peer_log_event(PeerLog *log, const char *event)
{
    g_string_append_printf(log->text, "%" PRId64 " %s\n",
                           qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL), event);
}

void peer_log_octet(PeerLog *log, const char *event, uint8_t octet)
{
    g_string_append_printf(log->text, "%" PRId64 " %s %02x\n",
                           qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL), event,
                           octet);
}

uint8_t peer_log_answer(PeerLog *log)
{
    return log->answered < log->answers->len
               ? log->answers->data[log->answered++]
               : 0xff;
}
