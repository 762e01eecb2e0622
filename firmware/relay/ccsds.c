/*
 * CCSDS Space Packet primary header (CCSDS 133.0-B-2, 4.1.3).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "relay/ccsds.h"

enum ccsds_result ccsds_encode(const struct ccsds_header *header,
                               uint8_t octets[CCSDS_HEADER_OCTETS])
{
    if (header->apid > CCSDS_APID_MAX || header->sequence_flags > CCSDS_UNSEGMENTED ||
        header->sequence_count > CCSDS_SEQUENCE_COUNT_MAX || header->data_octets == 0 ||
        header->data_octets > CCSDS_DATA_OCTETS_MAX) {
        return CCSDS_OUT_OF_RANGE;
    }
    const uint32_t identification = (header->telecommand ? 1u << 12 : 0) |
                                    (header->secondary_header ? 1u << 11 : 0) | header->apid;
    const uint32_t sequence = (uint32_t)header->sequence_flags << 14 | header->sequence_count;
    const uint32_t length = header->data_octets - 1u;
    octets[0] = (uint8_t)(identification >> 8);
    octets[1] = (uint8_t)identification;
    octets[2] = (uint8_t)(sequence >> 8);
    octets[3] = (uint8_t)sequence;
    octets[4] = (uint8_t)(length >> 8);
    octets[5] = (uint8_t)length;
    return CCSDS_OK;
}

enum ccsds_result ccsds_decode(const uint8_t *packet, size_t packet_octets,
                               struct ccsds_header *header)
{
    if (packet_octets < CCSDS_HEADER_OCTETS) {
        return CCSDS_TOO_SHORT;
    }
    if (packet_octets == CCSDS_HEADER_OCTETS) {
        return CCSDS_EMPTY;
    }
    if (packet[0] >> 5 != 0) {
        return CCSDS_BAD_VERSION;
    }
    const uint32_t data_octets = ((uint32_t)packet[4] << 8 | packet[5]) + 1u;
    if (data_octets != packet_octets - CCSDS_HEADER_OCTETS) {
        return CCSDS_LENGTH_MISMATCH;
    }
    *header = (struct ccsds_header){
        .telecommand = (packet[0] >> 4 & 1u) != 0,
        .secondary_header = (packet[0] >> 3 & 1u) != 0,
        .apid = (uint16_t)((packet[0] & 7u) << 8 | packet[1]),
        .sequence_flags = packet[2] >> 6,
        .sequence_count = (uint16_t)((packet[2] & 0x3fu) << 8 | packet[3]),
        .data_octets = data_octets,
    };
    return CCSDS_OK;
}
