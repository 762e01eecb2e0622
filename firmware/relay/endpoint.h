/*
 * One end of the link: octets to packets and packets to octets, through COBS, relay-sec and
 * CCSDS (docs/wire-formats.md), with a count of everything that was dropped and why.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RELAY_ENDPOINT_H
#define RELAY_ENDPOINT_H

#include <stddef.h>
#include <stdint.h>

#include "relay/cobs.h"
#include "relay/packets.h"
#include "relay/relaysec.h"

#define ENDPOINT_FRAMED_OCTETS_MAX COBS_FRAMED_OCTETS_MAX(RELAYSEC_FRAME_OCTETS_MAX)

/* Frames received, each counted once. */
struct endpoint_counters {
    uint32_t frames_ok; /* accepted by relay-sec */
    uint32_t bad_mac;
    uint32_t replay;
    uint32_t too_old;
    uint32_t unknown_spi;
    uint32_t too_short;
    uint32_t malformed;  /* no valid COBS */
    uint32_t too_long;   /* for the link */
    uint32_t bad_packet; /* accepted, but no packet of the table: also in frames_ok */
};

/* Set the associations of receiver and sender, and all else to zeros; then endpoint_init(). */
struct endpoint {
    struct relaysec_receiver receiver;
    struct relaysec_sender sender;
    struct endpoint_counters counters;
    uint16_t sequence_count; /* of the next packet sent, whatever its APID */
    struct cobs_decoder decoder;
};

void endpoint_init(struct endpoint *endpoint);

/* Take an octet of the line; true when it ended a valid packet, which is then in @packet. */
bool endpoint_take(struct endpoint *endpoint, uint8_t octet, struct packet *packet);

/*
 * Octets are missing or damaged: drop the frame under way.  Its loss is not counted here: what
 * broke it was counted by the driver.
 */
void endpoint_lost_sync(struct endpoint *endpoint);

/*
 * Make the next frame: packet, seal, COBS, delimiters.  Returns the octets written to @framed;
 * 0 when the sender's counter is exhausted.
 */
size_t endpoint_send(struct endpoint *endpoint, const struct packet_type *type,
                     const union packet_payload *payload,
                     uint8_t framed[ENDPOINT_FRAMED_OCTETS_MAX]);

/* A counter as a packet carries it: it stops at the end of 16 bits instead of wrapping. */
uint16_t endpoint_saturate16(uint32_t count);

#endif
