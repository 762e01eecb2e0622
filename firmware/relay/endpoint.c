/*
 * One end of the link.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "relay/endpoint.h"

void endpoint_init(struct endpoint *endpoint)
{
    cobs_decoder_init(&endpoint->decoder);
}

void endpoint_lost_sync(struct endpoint *endpoint)
{
    (void)cobs_decoder_lost_sync(&endpoint->decoder);
}

static bool take_frame(struct endpoint *endpoint, struct packet *packet)
{
    struct endpoint_counters *counters = &endpoint->counters;
    struct relaysec_opened opened;
    switch (relaysec_open(&endpoint->receiver, 1, endpoint->decoder.octets,
                          endpoint->decoder.octet_count, &opened)) {
    case RELAYSEC_TOO_SHORT:
        counters->too_short++;
        return false;
    case RELAYSEC_UNKNOWN_SPI:
        counters->unknown_spi++;
        return false;
    case RELAYSEC_BAD_MAC:
        counters->bad_mac++;
        return false;
    case RELAYSEC_REPLAY:
        counters->replay++;
        return false;
    case RELAYSEC_TOO_OLD:
        counters->too_old++;
        return false;
    case RELAYSEC_ACCEPTED:
        break;
    }
    counters->frames_ok++;
    if (packet_decode(opened.payload, opened.payload_octets, packet) != PACKET_OK) {
        counters->bad_packet++;
        return false;
    }
    return true;
}

bool endpoint_take(struct endpoint *endpoint, uint8_t octet, struct packet *packet)
{
    switch (cobs_decode(&endpoint->decoder, octet)) {
    case COBS_NOTHING:
        return false;
    case COBS_MALFORMED:
        endpoint->counters.malformed++;
        return false;
    case COBS_TOO_LONG:
        endpoint->counters.too_long++;
        return false;
    case COBS_FRAME:
        break;
    }
    return take_frame(endpoint, packet);
}

size_t endpoint_send(struct endpoint *endpoint, const struct packet_type *type,
                     const union packet_payload *payload,
                     uint8_t framed[ENDPOINT_FRAMED_OCTETS_MAX])
{
    uint8_t packet[PACKET_OCTETS_MAX];
    uint8_t frame[PACKET_OCTETS_MAX + RELAYSEC_OVERHEAD_OCTETS];
    const size_t packet_octets = packet_encode(type, endpoint->sequence_count, payload, packet);
    if (relaysec_seal(&endpoint->sender, packet, packet_octets, frame) != RELAYSEC_SEALED) {
        return 0;
    }
    endpoint->sequence_count = (endpoint->sequence_count + 1u) & CCSDS_SEQUENCE_COUNT_MAX;
    return cobs_frame(frame, packet_octets + RELAYSEC_OVERHEAD_OCTETS, framed);
}

uint16_t endpoint_saturate16(uint32_t count)
{
    return count < UINT16_MAX ? (uint16_t)count : UINT16_MAX;
}
