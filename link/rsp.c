/*
 * GDB remote serial protocol: framing; see rsp.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rsp.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define INTERRUPT 0x03
/* '#' and the two digits of the checksum */
#define TRAILER 3u

void rsp_open(RspPort *port, int in, int out)
{
    *port = (RspPort){.in = in, .out = out, .acks = TRUE, .input = g_string_new(NULL)};
}

void rsp_close(RspPort *port)
{
    if (port->input) {
        close(port->in);
        if (port->out != port->in) {
            close(port->out);
        }
        g_string_free(port->input, TRUE);
        *port = (RspPort){0};
    }
}

static gboolean write_all(RspPort *port, const char *data, gsize length)
{
    while (length > 0) {
        ssize_t size = write(port->out, data, length);

        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size <= 0) {
            return FALSE;
        }
        data += size;
        length -= (gsize)size;
    }
    return TRUE;
}

static guint8 checksum(const char *data, gsize length)
{
    guint8 sum = 0;

    for (gsize i = 0; i < length; i++) {
        sum = (guint8)(sum + (guint8)data[i]);
    }
    return sum;
}

/* A whole packet at the beginning of the input; takes it, good or not. */
static RspEvent take_packet(RspPort *port, const char *hash, GString *data)
{
    const char *begin = port->input->str + 1;
    gsize length = (gsize)(hash - begin);
    int high = g_ascii_xdigit_value(hash[1]), low = g_ascii_xdigit_value(hash[2]);
    gboolean good = high >= 0 && low >= 0 && (high << 4 | low) == checksum(begin, length);

    if (good) {
        g_string_truncate(data, 0);
        g_string_append_len(data, begin, (gssize)length);
    }
    g_string_erase(port->input, 0, (gssize)(length + 1 + TRAILER));
    if (port->acks && !write_all(port, good ? "+" : "-", 1)) {
        return RSP_CLOSED;
    }
    return good ? RSP_PACKET : RSP_NOTHING;
}

RspEvent rsp_take(RspPort *port, GString *data)
{
    GString *input = port->input;

    while (input->len > 0) {
        const char *hash;

        if (input->str[0] == INTERRUPT) {
            g_string_erase(input, 0, 1);
            return RSP_INTERRUPT;
        }
        if (input->str[0] != '$') { /* an ack, or noise */
            g_string_erase(input, 0, 1);
            continue;
        }
        hash = memchr(input->str, '#', input->len);
        if (!hash || input->len - (gsize)(hash - input->str) < TRAILER) {
            return RSP_NOTHING;
        }
        switch (take_packet(port, hash, data)) {
        case RSP_PACKET:
            return RSP_PACKET;
        case RSP_CLOSED:
            return RSP_CLOSED;
        default:
            break; /* damaged: it comes again */
        }
    }
    return RSP_NOTHING;
}

gboolean rsp_fill(RspPort *port)
{
    char buffer[4096];
    ssize_t size;

    do {
        size = read(port->in, buffer, sizeof(buffer));
    } while (size < 0 && errno == EINTR);
    if (size <= 0) {
        return FALSE;
    }
    g_string_append_len(port->input, buffer, size);
    return TRUE;
}

RspEvent rsp_wait(RspPort *port, GString *data)
{
    for (;;) {
        RspEvent event = rsp_take(port, data);

        if (event != RSP_NOTHING) {
            return event;
        }
        if (!rsp_fill(port)) {
            return RSP_CLOSED;
        }
    }
}

gboolean rsp_send(RspPort *port, const char *data, gsize length)
{
    g_autoptr(GString) packet = g_string_new("$");

    g_string_append_len(packet, data, (gssize)length);
    g_string_append_printf(packet, "#%02x", checksum(data, length));
    return write_all(port, packet->str, packet->len);
}

gboolean rsp_interrupt(RspPort *port)
{
    const char octet = INTERRUPT;

    return write_all(port, &octet, 1);
}
