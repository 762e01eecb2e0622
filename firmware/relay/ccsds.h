/*
 * CCSDS Space Packet (CCSDS 133.0-B-2, 4.1): primary header, big-endian, 6 octets
 *
 *   version 3 (0) | type 1 | secondary header flag 1 | APID 11 |
 *   sequence flags 2 | sequence count 14 | length 16 = octets in the data field - 1
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RELAY_CCSDS_H
#define RELAY_CCSDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CCSDS_HEADER_OCTETS      6u
#define CCSDS_DATA_OCTETS_MAX    65536u
#define CCSDS_APID_MAX           0x7ffu
#define CCSDS_SEQUENCE_COUNT_MAX 0x3fffu

enum ccsds_sequence_flags {
    CCSDS_CONTINUATION = 0,
    CCSDS_FIRST_SEGMENT = 1,
    CCSDS_LAST_SEGMENT = 2,
    CCSDS_UNSEGMENTED = 3,
};

struct ccsds_header {
    bool telecommand; /* false: telemetry */
    bool secondary_header;
    uint16_t apid;           /* 0..CCSDS_APID_MAX */
    uint8_t sequence_flags;  /* enum ccsds_sequence_flags */
    uint16_t sequence_count; /* 0..CCSDS_SEQUENCE_COUNT_MAX */
    uint32_t data_octets;    /* 1..CCSDS_DATA_OCTETS_MAX */
};

enum ccsds_result {
    CCSDS_OK,
    CCSDS_TOO_SHORT,       /* fewer than 6 octets */
    CCSDS_EMPTY,           /* a header and no data field */
    CCSDS_BAD_VERSION,     /* version number is not 0 */
    CCSDS_LENGTH_MISMATCH, /* the length field disagrees with the buffer */
    CCSDS_OUT_OF_RANGE,    /* encode only: a field does not fit */
};

/* Write the header.  OUT_OF_RANGE writes nothing. */
enum ccsds_result ccsds_encode(const struct ccsds_header *header,
                               uint8_t octets[CCSDS_HEADER_OCTETS]);

/*
 * Read the header of a packet of @packet_octets octets; its data field is the rest.  Total: every
 * buffer of every length.  @header is valid if OK.
 */
enum ccsds_result ccsds_decode(const uint8_t *packet, size_t packet_octets,
                               struct ccsds_header *header);

#endif
