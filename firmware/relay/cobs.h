/*
 * Consistent Overhead Byte Stuffing (Cheshire and Baker, IEEE/ACM ToN 7(2), 1999), and the frames
 * of the link: 0x00 | COBS(frame) | 0x00.
 *
 * The decoder takes one octet at a time, as they come from a UART, and needs no more memory than
 * one frame.  It starts hunting: nothing is a frame before the first 0x00, and after an error
 * nothing is until the next one.  Empty frames (two delimiters in a row) are silence, no error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RELAY_COBS_H
#define RELAY_COBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COBS_FRAME_OCTETS_MAX 128u

/* Octets that @octets octets may need at most, without and with the two delimiters. */
#define COBS_ENCODED_OCTETS_MAX(octets) ((octets) + (octets) / 254u + 1u)
#define COBS_FRAMED_OCTETS_MAX(octets)  (COBS_ENCODED_OCTETS_MAX(octets) + 2u)

/* Encode; returns the octets written to @encoded, none of which is 0.  No overlap. */
size_t cobs_encode(const uint8_t *octets, size_t octet_count, uint8_t *encoded);

/* The same between two delimiters; returns the octets written to @framed. */
size_t cobs_frame(const uint8_t *octets, size_t octet_count, uint8_t *framed);

enum cobs_event {
    COBS_NOTHING,   /* within a frame, hunting, or between frames */
    COBS_FRAME,     /* the frame has ended: see octets and octet_count until the next call */
    COBS_MALFORMED, /* a delimiter where more was announced */
    COBS_TOO_LONG,  /* more than COBS_FRAME_OCTETS_MAX; told at once, the rest is dropped */
};

struct cobs_decoder {
    uint8_t octets[COBS_FRAME_OCTETS_MAX];
    uint16_t octet_count;
    uint8_t block_left; /* data octets until the next code octet */
    bool hunting;       /* until the next delimiter */
    bool begun;         /* a code octet has come since the delimiter */
};

/* Ready to hunt for the first delimiter. */
void cobs_decoder_init(struct cobs_decoder *decoder);

/*
 * Drop what has come so far and hunt: the UART has lost octets.  True if this cut a frame, which
 * the caller counts.
 */
bool cobs_decoder_lost_sync(struct cobs_decoder *decoder);

/* Take one octet of the line.  Total: any state, any octet. */
enum cobs_event cobs_decode(struct cobs_decoder *decoder, uint8_t octet);

#endif
