/*
 * The pcapng writer; see pcapng.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "pcapng.h"
#include <string.h>
#include "version.h"

/* Tags of LINKTYPE_WIRESHARK_UPPER_PDU (Wireshark, epan/exported_pdu.h), big-endian. */
enum { PDU_TAG_END = 0, PDU_TAG_DISSECTOR_NAME = 12 };

/* epb_flags, bits 0-1: seen from the link's first end */
enum { DIRECTION_INBOUND = 1, DIRECTION_OUTBOUND = 2 };

#define BURST_GAP_CHARACTERS 2
#define NS_DIGITS            9

/* ---- blocks ---- */

static void put_u16(GByteArray *block, guint16 value)
{
    guint16 little = GUINT16_TO_LE(value);

    g_byte_array_append(block, (const guint8 *)&little, sizeof(little));
}

static void put_u32(GByteArray *block, guint32 value)
{
    guint32 little = GUINT32_TO_LE(value);

    g_byte_array_append(block, (const guint8 *)&little, sizeof(little));
}

static void put_octets(GByteArray *block, gconstpointer data, gsize size)
{
    static const guint8 zeros[4];

    g_byte_array_append(block, data, (guint)size);
    g_byte_array_append(block, zeros, (guint)(-size & 3));
}

static void put_option(GByteArray *block, guint16 code, gconstpointer data, gsize size)
{
    put_u16(block, code);
    put_u16(block, (guint16)size);
    put_octets(block, data, size);
}

static void begin_block(GByteArray *block, guint32 type)
{
    g_byte_array_set_size(block, 0);
    put_u32(block, type);
    put_u32(block, 0); /* length, set at the end */
}

static gboolean end_block(Pcapng *pcapng, GError **error)
{
    GByteArray *block = pcapng->block;
    guint32 length;

    put_u32(block, PCAPNG_OPTION_END);
    put_u32(block, block->len + 4);
    length = GUINT32_TO_LE(block->len);
    memcpy(block->data + 4, &length, sizeof(length));
    return outfile_append(pcapng->file, block->data, block->len, error);
}

static gboolean write_section(Pcapng *pcapng, GError **error)
{
    static const char program[] = "mews linkd " MEWS_VERSION;

    begin_block(pcapng->block, PCAPNG_SECTION_HEADER);
    put_u32(pcapng->block, PCAPNG_BYTE_ORDER);
    put_u16(pcapng->block, 1); /* version 1.0 */
    put_u16(pcapng->block, 0);
    put_u32(pcapng->block, G_MAXUINT32); /* length of the section: unknown */
    put_u32(pcapng->block, G_MAXUINT32);
    put_option(pcapng->block, PCAPNG_OPTION_USER_APPLICATION, program, strlen(program));
    return end_block(pcapng, error);
}

static gboolean write_interface(Pcapng *pcapng, guint16 link_type, const char *name, GError **error)
{
    const guint8 resolution = NS_DIGITS;

    begin_block(pcapng->block, PCAPNG_INTERFACE);
    put_u16(pcapng->block, link_type);
    put_u16(pcapng->block, 0);
    put_u32(pcapng->block, 0); /* no limit of a packet's length */
    put_option(pcapng->block, PCAPNG_OPTION_IF_NAME, name, strlen(name));
    put_option(pcapng->block, PCAPNG_OPTION_IF_TSRESOL, &resolution, sizeof(resolution));
    return end_block(pcapng, error);
}

/* The interfaces of a link: for each direction packets, then raw bytes. */
static guint interface_of(guint link, guint direction, gboolean raw)
{
    return 2 * (FRAME_DIRECTIONS * link + direction) + raw;
}

static gboolean write_packet(Pcapng *pcapng, guint interface, gint64 time_ns, guint direction,
                             const GByteArray *content, const char *comment, GError **error)
{
    gboolean to_first = direction == FRAME_BACKWARD || direction == FRAME_INJECT_0;
    guint32 flags = GUINT32_TO_LE(to_first ? DIRECTION_INBOUND : DIRECTION_OUTBOUND);

    begin_block(pcapng->block, PCAPNG_ENHANCED_PACKET);
    put_u32(pcapng->block, interface);
    put_u32(pcapng->block, (guint32)((guint64)time_ns >> 32));
    put_u32(pcapng->block, (guint32)time_ns);
    put_u32(pcapng->block, content->len);
    put_u32(pcapng->block, content->len);
    put_octets(pcapng->block, content->data, content->len);
    put_option(pcapng->block, PCAPNG_OPTION_EPB_FLAGS, &flags, sizeof(flags));
    if (comment) {
        put_option(pcapng->block, PCAPNG_OPTION_COMMENT, comment, strlen(comment));
    }
    return end_block(pcapng, error);
}

/* ---- packets ---- */

static void put_tag(GByteArray *content, guint16 tag, const char *value)
{
    gsize length = value ? strlen(value) : 0;
    guint16 big[2] = {GUINT16_TO_BE(tag), GUINT16_TO_BE((guint16)((length + 3) & ~(gsize)3))};

    g_byte_array_append(content, (const guint8 *)big, sizeof(big));
    if (length) {
        put_octets(content, value, length);
    }
}

static char *comment_of(const Frame *frame)
{
    GString *text = g_string_new(frame_verdict_name(frame->verdict));

    if (frame->has_header) {
        g_string_append_printf(text, " spi=0x%04x channel=%u counter=%" G_GUINT64_FORMAT,
                               frame->header.spi, frame->header.channel, frame->header.counter);
    }
    if (frame->has_packet) {
        g_string_append_printf(text, " %s", frame->packet.type->name);
    }
    return g_string_free(text, FALSE);
}

gboolean pcapng_frame(Pcapng *pcapng, const Frames *frames, const Frame *frame, GError **error)
{
    g_autoptr(GByteArray) content = g_byte_array_new();
    g_autofree char *comment = comment_of(frame);
    guint direction = (guint)(frame->direction - frames->direction);
    gboolean clear = frame->verdict == FRAME_SESSION;
    gboolean ccsds = clear || frame->plain_size > 0;

    put_tag(content, PDU_TAG_DISSECTOR_NAME, ccsds ? "ccsds" : "data");
    put_tag(content, PDU_TAG_END, NULL);
    if (ccsds && !clear) {
        g_byte_array_append(content, frame->octets + frame->frame_size, frame->plain_size);
    } else {
        g_byte_array_append(content, frame->octets, frame->frame_size);
    }
    return write_packet(pcapng, interface_of(frames->link, direction, FALSE), frame->end_ns,
                        direction, content, comment, error);
}

/* ---- raw bytes ---- */

static gboolean end_burst(Pcapng *pcapng, guint link, guint direction, GError **error)
{
    PcapngBurst *burst = &pcapng->burst[link][direction];
    g_autoptr(GByteArray) content = g_byte_array_new();

    if (burst->size == 0) {
        return TRUE;
    }
    g_byte_array_append(content, burst->octets, burst->size);
    burst->size = 0;
    return write_packet(pcapng, interface_of(link, direction, TRUE), burst->start_ns, direction,
                        content, NULL, error);
}

gboolean pcapng_byte(Pcapng *pcapng, guint link, guint direction, const TapSymbol *symbol,
                     GError **error)
{
    PcapngBurst *burst = &pcapng->burst[link][direction];
    gint64 gap_ns = BURST_GAP_CHARACTERS * (symbol->end_ns - symbol->start_ns);

    if (burst->size == PCAPNG_BURST_MAX || symbol->start_ns - burst->end_ns > gap_ns) {
        if (!end_burst(pcapng, link, direction, error)) {
            return FALSE;
        }
    }
    if (burst->size == 0) {
        burst->start_ns = symbol->start_ns;
    }
    burst->octets[burst->size++] = symbol->byte;
    burst->end_ns = symbol->end_ns;
    return TRUE;
}

/* ---- the file ---- */

static gboolean write_interfaces(Pcapng *pcapng, const Frames *frames, GError **error)
{
    for (guint d = 0; d < FRAME_DIRECTIONS; d++) {
        g_autofree char *name = g_strdup_printf("%s %s", frames->name, frames->direction[d].name);
        g_autofree char *raw = g_strconcat(name, PCAPNG_RAW_SUFFIX, NULL);

        if (!write_interface(pcapng, PCAPNG_LINKTYPE_UPPER_PDU, name, error) ||
            !write_interface(pcapng, PCAPNG_LINKTYPE_USER0, raw, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

Pcapng *pcapng_new(const char *path, GPtrArray *links, GError **error)
{
    OutFile *file = outfile_new(path, error);
    gboolean good;
    Pcapng *pcapng;

    if (!file) {
        return NULL;
    }
    pcapng = g_new0(Pcapng, 1);
    pcapng->file = file;
    pcapng->link_count = links->len;
    pcapng->burst = g_malloc0_n(MAX(links->len, 1), sizeof(*pcapng->burst));
    pcapng->block = g_byte_array_new();
    good = write_section(pcapng, error);
    for (guint i = 0; good && i < links->len; i++) {
        good = write_interfaces(pcapng, g_ptr_array_index(links, i), error);
    }
    if (!good || !outfile_flush(file, error)) {
        pcapng_free(pcapng);
        return NULL;
    }
    return pcapng;
}

void pcapng_free(Pcapng *pcapng)
{
    outfile_free(pcapng->file);
    g_byte_array_unref(pcapng->block);
    g_free(pcapng->burst);
    g_free(pcapng);
}

gboolean pcapng_flush(Pcapng *pcapng, GError **error)
{
    return outfile_flush(pcapng->file, error);
}

gboolean pcapng_finish(Pcapng *pcapng, GError **error)
{
    for (guint link = 0; link < pcapng->link_count; link++) {
        for (guint d = 0; d < FRAME_DIRECTIONS; d++) {
            if (!end_burst(pcapng, link, d, error)) {
                return FALSE;
            }
        }
    }
    return outfile_flush(pcapng->file, error);
}
