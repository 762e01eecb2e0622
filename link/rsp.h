/*
 * GDB remote serial protocol, the framing only: "$data#checksum", "+", "-" and
 * the interrupt octet (Debugging with GDB, appendix "Remote Protocol").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_RSP_H
#define MEWS_LINK_RSP_H

#include <glib.h>

typedef struct RspPort {
    int in, out; /* file descriptors, blocking; the same for a socket */
    gboolean acks;
    GString *input; /* read and not yet taken */
} RspPort;

typedef enum RspEvent {
    RSP_NOTHING,   /* nothing whole has come yet */
    RSP_PACKET,    /* its data is in @data, still escaped */
    RSP_INTERRUPT, /* Ctrl-C */
    RSP_CLOSED,
} RspEvent;

void rsp_open(RspPort *port, int in, int out);
void rsp_close(RspPort *port);

/* Take what is next, without waiting: RSP_NOTHING when more has to be read first. */
RspEvent rsp_take(RspPort *port, GString *data);
/* Read once, which waits when nothing is there; FALSE at the end of the stream. */
gboolean rsp_fill(RspPort *port);
/* Both in turn, until something whole has come. */
RspEvent rsp_wait(RspPort *port, GString *data);

/* Send a packet; @data is escaped already.  FALSE when nobody listens any more. */
gboolean rsp_send(RspPort *port, const char *data, gsize length);
gboolean rsp_interrupt(RspPort *port);

#endif
