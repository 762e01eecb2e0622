/*
 * What crosses a link, decoded: COBS -> relay-sec -> CCSDS, with the
 * firmware's own code (firmware/relay) and the rig's security associations.
 *
 * Each writer is reassembled by itself; the verdict of a frame is that of the
 * replay window of its receiver, so a frame of the daemon's ("inject>io") and
 * one of the peer's ("fmu>io") are judged in the order in which they end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_FRAMES_H
#define MEWS_LINK_FRAMES_H

#include <json-glib/json-glib.h>
#include "relay/cobs.h"
#include "relay/packets.h"
#include "relay/relaysec.h"
#include "history.h"
#include "rig.h"
#include "tap.h"

/* Packets of one link that are kept to be asked for. */
#define FRAMES_PACKETS_KEPT (1024u * 1024)

typedef enum FrameVerdict {
    FRAME_ACCEPTED,
    FRAME_TOO_SHORT,
    FRAME_UNKNOWN_SPI,
    FRAME_BAD_MAC,
    FRAME_REPLAY,
    FRAME_TOO_OLD,
    FRAME_MALFORMED,  /* COBS or length */
    FRAME_BAD_PACKET, /* authentic, but no packet of the table */
    FRAME_SESSION,    /* a flight of the key exchange, which the tap cannot judge */
    FRAME_VERDICTS,
} FrameVerdict;

/* "accepted", "bad_mac" */
const char *frame_verdict_name(FrameVerdict verdict);

/* One writer of a link, towards one receiver. */
typedef struct FrameDirection {
    char *name;      /* "fmu>io", "inject>io" */
    unsigned to_end; /* of the wire */
    gboolean injected;
    struct cobs_decoder decoder;
    gint64 delimiter_ns; /* start of the delimiter before the frame */
    guint64 symbols;
    guint64 frames;
    guint64 verdicts[FRAME_VERDICTS];
} FrameDirection;

enum { FRAME_FORWARD, FRAME_BACKWARD, FRAME_INJECT_1, FRAME_INJECT_0, FRAME_DIRECTIONS };

typedef struct Frame {
    guint64 index;
    const FrameDirection *direction;
    gint64 start_ns; /* of the delimiter before it */
    gint64 end_ns;   /* of the delimiter behind it */
    FrameVerdict verdict;
    gboolean has_header, has_packet;
    struct relaysec_header header;
    struct packet packet;
    guint16 frame_size, plain_size;
    guint8 *octets; /* frame as it was sent, then the payload in clear */
} Frame;

typedef struct Frames Frames;
typedef void (*FrameFunc)(gpointer opaque, Frames *frames, const Frame *frame);

struct Frames {
    char *name; /* of the link */
    unsigned link;
    FrameDirection direction[FRAME_DIRECTIONS];
    struct relaysec_receiver *receivers[2]; /* of the end that receives */
    gsize receiver_count[2];
    History history; /* Frame */
    FrameFunc frame;
    gpointer opaque;
};

/* @frame (may be NULL) is told of every frame as it ends. */
Frames *frames_new(const Rig *rig, unsigned link, FrameFunc frame, gpointer opaque);
/*
 * For bytes from a file: one direction, FRAME_FORWARD, with all associations of
 * @rig (may be NULL: no keys).
 */
Frames *frames_new_file(const Rig *rig, FrameFunc frame, gpointer opaque);
void frames_free(Frames *frames);

FrameDirection *frames_direction(Frames *frames, unsigned end, gboolean injected);
/* NULL when there is none of this name. */
FrameDirection *frames_find_direction(Frames *frames, const char *name);

/* A symbol has ended on the wire; times never decrease. */
void frames_symbol(Frames *frames, FrameDirection *direction, const TapSymbol *symbol);

/* The receiver at @end has been reset: its replay windows are empty again. */
void frames_reset_receiver(Frames *frames, unsigned end);

/* "ActuatorCmd seq=3 time_us=17 pwm_us=[1000, ...]"; free it. */
char *packet_to_text(const struct packet *packet);

/* A packet object of docs/control-socket.md. */
JsonObject *frame_to_json(const Frames *frames, const Frame *frame);
/* {symbols, frames, accepted, bad_mac, ...} */
JsonObject *frames_statistics(const FrameDirection *direction);
/* The value of a packet's field, or NULL; free it. */
JsonNode *frame_field(const Frame *frame, const char *name);

#endif
