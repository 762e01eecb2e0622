/*
 * relay-sec: authenticated frames with a replay window (docs/wire-formats.md).
 *
 * A frame is, all integers little-endian,
 *   SPI u16 | channel u8 | counter u64 | body | tag 16
 * In mode MAC the body is the payload in clear and the tag covers header and payload; in mode
 * AEAD the body is the payload encrypted under Ascon-AEAD128 with the header as associated data.
 * The nonce is the header followed by five zeros.  No bit of the frame tells the mode: it belongs
 * to the security association, as the key does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RELAY_RELAYSEC_H
#define RELAY_RELAYSEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "relay/ascon.h"
#include "relay/replay.h"

#define RELAYSEC_HEADER_OCTETS    11u
#define RELAYSEC_OVERHEAD_OCTETS  (RELAYSEC_HEADER_OCTETS + ASCON_TAG_OCTETS)
#define RELAYSEC_FRAME_OCTETS_MAX 128u
/* An empty payload gives the same frame in both modes: neither sent nor accepted. */
#define RELAYSEC_FRAME_OCTETS_MIN   (RELAYSEC_OVERHEAD_OCTETS + 1u)
#define RELAYSEC_PAYLOAD_OCTETS_MAX (RELAYSEC_FRAME_OCTETS_MAX - RELAYSEC_OVERHEAD_OCTETS)

enum relaysec_mode { RELAYSEC_MODE_MAC, RELAYSEC_MODE_AEAD };

/* One direction between two nodes: who speaks, how, under which key. */
struct relaysec_association {
    uint16_t spi; /* security parameter index */
    enum relaysec_mode mode;
    uint8_t key[ASCON_KEY_OCTETS];
};

struct relaysec_header {
    uint16_t spi;
    uint8_t channel;
    uint64_t counter;
};

/* Set association and channel, and counter to 0 (or to the last one ever used). */
struct relaysec_sender {
    struct relaysec_association association;
    uint8_t channel;
    uint64_t counter; /* of the last frame sent */
};

/* Set association, and window to zeros. */
struct relaysec_receiver {
    struct relaysec_association association;
    struct replay_window window;
};

enum relaysec_verdict {
    RELAYSEC_ACCEPTED,
    RELAYSEC_TOO_SHORT,   /* fewer than RELAYSEC_FRAME_OCTETS_MIN octets */
    RELAYSEC_UNKNOWN_SPI, /* no association with this SPI */
    RELAYSEC_BAD_MAC,
    RELAYSEC_REPLAY,
    RELAYSEC_TOO_OLD,
};

enum relaysec_seal_error {
    RELAYSEC_SEALED,
    RELAYSEC_EMPTY_PAYLOAD,
    RELAYSEC_PAYLOAD_TOO_LONG,  /* more than RELAYSEC_PAYLOAD_OCTETS_MAX */
    RELAYSEC_COUNTER_EXHAUSTED, /* the counter would wrap: the association has ended */
};

/* What relaysec_open() found; @payload points into the frame. */
struct relaysec_opened {
    struct relaysec_header header;      /* valid unless TOO_SHORT; authentic as from REPLAY on */
    struct relaysec_receiver *receiver; /* valid unless TOO_SHORT or UNKNOWN_SPI */
    const uint8_t *payload;             /* valid if ACCEPTED */
    size_t payload_octets;
};

/* Header as octets of the wire, and back. */
void relaysec_header_write(const struct relaysec_header *header,
                           uint8_t octets[RELAYSEC_HEADER_OCTETS]);
struct relaysec_header relaysec_header_read(const uint8_t octets[RELAYSEC_HEADER_OCTETS]);

/* The nonce of a frame: injective in (SPI, channel, counter). */
void relaysec_nonce(const uint8_t header[RELAYSEC_HEADER_OCTETS],
                    uint8_t nonce[ASCON_NONCE_OCTETS]);

/*
 * Build the next frame: the counter is incremented first, so the first frame has 1.
 * Writes @payload_octets + RELAYSEC_OVERHEAD_OCTETS octets to @frame; on an error nothing is
 * written and the counter stays.
 */
enum relaysec_seal_error relaysec_seal(struct relaysec_sender *sender, const uint8_t *payload,
                                       size_t payload_octets, uint8_t *frame);

/*
 * The same with a counter of the caller's choice and no state: for tests and the link daemon.
 * Lengths are the caller's duty.
 */
void relaysec_seal_with(const struct relaysec_association *association,
                        const struct relaysec_header *header, const uint8_t *payload,
                        size_t payload_octets, uint8_t *frame);

/*
 * Judge a frame, in this order: TOO_SHORT, UNKNOWN_SPI, BAD_MAC, then on the authenticated
 * counter REPLAY or TOO_OLD, then ACCEPTED.  The window of the association changes only for
 * ACCEPTED.  In mode AEAD the body of @frame is replaced by the payload, or by zeros when the
 * tag is wrong.  Total: every frame of every length.
 */
enum relaysec_verdict relaysec_open(struct relaysec_receiver *receivers, size_t receiver_count,
                                    uint8_t *frame, size_t frame_octets,
                                    struct relaysec_opened *opened);

#endif
