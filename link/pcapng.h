/*
 * link.pcapng: what crossed the links, for Wireshark (draft-ietf-opsawg-pcapng).
 *
 * Each direction of each link has two interfaces.  "LINK FROM>TO" holds packets:
 * a frame that was accepted as CCSDS (upper PDU export, dissector "ccsds"), any
 * other as plain data; the verdict is the packet's comment.  "LINK FROM>TO raw"
 * holds the bytes as they were on the line, one packet for each burst.  Times
 * are virtual nanoseconds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_PCAPNG_H
#define MEWS_LINK_PCAPNG_H

#include "frames.h"
#include "outfile.h"

#define PCAPNG_LINKTYPE_USER0     147 /* LINKTYPE_USER0: our raw bytes */
#define PCAPNG_LINKTYPE_UPPER_PDU 252 /* LINKTYPE_WIRESHARK_UPPER_PDU */
#define PCAPNG_RAW_SUFFIX         " raw"

/* Block types and options that reader and writer share (sections 3.1, 4.1-4.3). */
enum {
    PCAPNG_SECTION_HEADER = 0x0A0D0D0A,
    PCAPNG_BYTE_ORDER = 0x1A2B3C4D,
    PCAPNG_INTERFACE = 1,
    PCAPNG_ENHANCED_PACKET = 6,
    PCAPNG_OPTION_END = 0,
    PCAPNG_OPTION_COMMENT = 1,
    PCAPNG_OPTION_IF_NAME = 2,
    PCAPNG_OPTION_EPB_FLAGS = 2,
    PCAPNG_OPTION_IF_TSRESOL = 9,
    PCAPNG_OPTION_USER_APPLICATION = 4,
};

/* Longest burst of raw bytes in one packet. */
#define PCAPNG_BURST_MAX 1024

typedef struct PcapngBurst {
    gint64 start_ns, end_ns;
    guint size;
    guint8 octets[PCAPNG_BURST_MAX];
} PcapngBurst;

typedef struct Pcapng {
    OutFile *file;
    guint link_count;
    PcapngBurst (*burst)[FRAME_DIRECTIONS]; /* per link */
    GByteArray *block;                      /* being built */
} Pcapng;

Pcapng *pcapng_new(const char *path, GPtrArray *links, GError **error);
void pcapng_free(Pcapng *pcapng);

gboolean pcapng_frame(Pcapng *pcapng, const Frames *frames, const Frame *frame, GError **error);
/* A byte on the line; a gap of more than two characters ends the burst before it. */
gboolean pcapng_byte(Pcapng *pcapng, guint link, guint direction, const TapSymbol *symbol,
                     GError **error);
/* Write out what is whole. */
gboolean pcapng_flush(Pcapng *pcapng, GError **error);
/* The same with the bursts that have not ended. */
gboolean pcapng_finish(Pcapng *pcapng, GError **error);

#endif
