/*
 * mews decode: the packets of a recording, one per line.
 *
 * link.pcapng of a run is printed as the run judged it; raw bytes, or bytes as
 * hex digits, are decoded anew with the keys of a rig.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include "client.h"
#include "error.h"
#include "frames.h"
#include "hex.h"
#include "mews.h"
#include "pcapng.h"
#include "relay/octets.h"

#define EPB_FIXED_SIZE 28 /* of an enhanced packet block, up to its data */
#define IDB_FIXED_SIZE 16

/* ---- raw bytes and hex digits ---- */

static void print_frame(gpointer opaque, Frames *frames, const Frame *frame)
{
    g_autofree char *packet = frame->has_packet ? packet_to_text(&frame->packet) : NULL;

    (void)opaque;
    (void)frames;
    g_print("offset %" G_GINT64_FORMAT ": %s", frame->start_ns, frame_verdict_name(frame->verdict));
    if (frame->has_header) {
        g_print(" spi=0x%04x channel=%u counter=%" G_GUINT64_FORMAT, frame->header.spi,
                frame->header.channel, frame->header.counter);
    }
    g_print(" %u octets%s%s\n", frame->frame_size, packet ? " " : "", packet ? packet : "");
}

static int decode_bytes(const char *path, const guint8 *data, gsize size, const Rig *rig)
{
    Frames *frames = frames_new_file(rig, print_frame, NULL);
    FrameDirection *direction = &frames->direction[FRAME_FORWARD];
    gboolean delimited = memchr(data, 0, size) != NULL;
    guint64 found;

    for (gsize i = 0; i < size; i++) {
        const TapSymbol symbol = {
            .start_ns = (gint64)i, /* the offset takes the place of the time */
            .end_ns = (gint64)i,
            .kind = WIRE_CHARACTER,
            .is_byte = TRUE,
            .byte = data[i],
        };

        frames_symbol(frames, direction, &symbol);
    }
    found = direction->frames;
    if (direction->decoder.begun) {
        g_printerr("mews: %s: the frame at offset %" G_GINT64_FORMAT " is cut off\n", path,
                   direction->delimiter_ns);
    }
    if (!found) {
        g_printerr("mews: %s: no frame in %" G_GSIZE_FORMAT " octets%s\n", path, size,
                   delimited ? "" : ", not one delimiter 0x00");
    }
    frames_free(frames);
    return found ? MEWS_EXIT_PASS : MEWS_EXIT_FAIL;
}

/* Bytes if the file holds hex digits and white space only, else NULL. */
static GByteArray *hex_file(const char *content, gsize size)
{
    g_autoptr(GString) digits = g_string_new(NULL);

    for (gsize i = 0; i < size; i++) {
        if (g_ascii_isxdigit(content[i])) {
            g_string_append_c(digits, content[i]);
        } else if (!g_ascii_isspace(content[i])) {
            return NULL;
        }
    }
    return digits->len ? hex_decode(digits->str) : NULL;
}

/* ---- link.pcapng ---- */

typedef struct Reader {
    const char *path;
    const guint8 *data;
    gsize size;
    GPtrArray *names;   /* of interfaces */
    GArray *link_types; /* guint16 */
} Reader;

static gboolean bad(const Reader *reader, gsize offset, GError **error, const char *what)
{
    return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: %s at offset %" G_GSIZE_FORMAT,
                     reader->path, what, offset);
}

/* The value of option @code in options..end, NULL when it is not there. */
static const guint8 *find_option(const guint8 *options, const guint8 *end, guint16 code,
                                 guint16 *length)
{
    while (end - options >= 4) {
        guint16 found = load_le16(options);
        guint16 size = load_le16(options + 2);

        if (found == PCAPNG_OPTION_END || size > end - options - 4) {
            return NULL;
        }
        if (found == code) {
            *length = size;
            return options + 4;
        }
        options += 4 + ((size + 3u) & ~3u);
    }
    return NULL;
}

static char *option_text(const guint8 *options, const guint8 *end, guint16 code)
{
    guint16 length;
    const guint8 *value = find_option(options, end, code, &length);

    return value ? g_strndup((const char *)value, length) : g_strdup("");
}

static gboolean read_interface(Reader *reader, gsize offset, gsize length, GError **error)
{
    const guint8 *block = reader->data + offset;
    guint16 link_type;

    if (length < IDB_FIXED_SIZE + 4) {
        return bad(reader, offset, error, "an interface block that is too short");
    }
    link_type = load_le16(block + 8);
    if (link_type != PCAPNG_LINKTYPE_UPPER_PDU && link_type != PCAPNG_LINKTYPE_USER0) {
        return bad(reader, offset, error, "an interface that linkd does not write");
    }
    g_array_append_val(reader->link_types, link_type);
    g_ptr_array_add(reader->names,
                    option_text(block + IDB_FIXED_SIZE, block + length - 4, PCAPNG_OPTION_IF_NAME));
    return TRUE;
}

/* The tags of an exported PDU end with one of type 0; returns what follows. */
static const guint8 *skip_tags(const guint8 *data, const guint8 *end)
{
    while (end - data >= 4) {
        guint16 tag = (guint16)(data[0] << 8 | data[1]);
        guint16 size = (guint16)(data[2] << 8 | data[3]);

        if (size > end - data - 4) {
            return NULL;
        }
        data += 4 + size;
        if (tag == 0) {
            return data;
        }
    }
    return NULL;
}

static gboolean read_packet(Reader *reader, gsize offset, gsize length, GError **error)
{
    const guint8 *block = reader->data + offset;
    g_autofree char *comment = NULL;
    g_autofree char *text = NULL;
    const guint8 *content, *end;
    struct packet packet;
    guint32 interface, captured;
    guint64 time_ns;

    if (length < EPB_FIXED_SIZE + 4) {
        return bad(reader, offset, error, "a packet block that is too short");
    }
    interface = load_le32(block + 8);
    captured = load_le32(block + 20);
    if (interface >= reader->names->len || captured > length - EPB_FIXED_SIZE - 4) {
        return bad(reader, offset, error, "a packet block that is not whole");
    }
    if (g_array_index(reader->link_types, guint16, interface) != PCAPNG_LINKTYPE_UPPER_PDU) {
        return TRUE; /* the bytes of the line */
    }
    time_ns = (guint64)load_le32(block + 12) << 32 | load_le32(block + 16);
    end = block + EPB_FIXED_SIZE + captured;
    content = skip_tags(block + EPB_FIXED_SIZE, end);
    if (!content) {
        return bad(reader, offset, error, "a packet without its tags");
    }
    comment = option_text(block + EPB_FIXED_SIZE + ((captured + 3u) & ~3u), block + length - 4,
                          PCAPNG_OPTION_COMMENT);
    if (packet_decode(content, (gsize)(end - content), &packet) == PACKET_OK) {
        text = packet_to_text(&packet);
    }
    g_print("%" G_GUINT64_FORMAT ".%09" G_GUINT64_FORMAT " %s: %s %td octets%s%s\n",
            time_ns / 1000000000, time_ns % 1000000000,
            (const char *)g_ptr_array_index(reader->names, interface), comment, end - content,
            text ? " " : "", text ? text : "");
    return TRUE;
}

static gboolean read_block(Reader *reader, gsize offset, gsize *next, GError **error)
{
    const guint8 *block = reader->data + offset;
    guint32 type, length;

    if (reader->size - offset < 12) {
        return bad(reader, offset, error, "a block that is cut off");
    }
    type = load_le32(block);
    length = load_le32(block + 4);
    if (length < 12 || length % 4 || length > reader->size - offset ||
        load_le32(block + length - 4) != length) {
        return bad(reader, offset, error, "a block that is cut off or damaged");
    }
    *next = offset + length;
    switch (type) {
    case PCAPNG_SECTION_HEADER:
        return length >= 28 && load_le32(block + 8) == PCAPNG_BYTE_ORDER
                   ? TRUE
                   : bad(reader, offset, error, "a section that linkd does not write");
    case PCAPNG_INTERFACE:
        return read_interface(reader, offset, length, error);
    case PCAPNG_ENHANCED_PACKET:
        return read_packet(reader, offset, length, error);
    default:
        return TRUE; /* section 3.1: a reader skips what it does not know */
    }
}

static int decode_pcapng(const char *path, const guint8 *data, gsize size)
{
    Reader reader = {.path = path, .data = data, .size = size};
    g_autoptr(GError) error = NULL;
    gboolean good = TRUE;
    gsize offset = 0;

    reader.names = g_ptr_array_new_with_free_func(g_free);
    reader.link_types = g_array_new(FALSE, FALSE, sizeof(guint16));
    while (good && offset < size) {
        good = read_block(&reader, offset, &offset, &error);
    }
    g_ptr_array_unref(reader.names);
    g_array_unref(reader.link_types);
    return good ? MEWS_EXIT_PASS : mews_give_up(MEWS_EXIT_COULD_NOT_RUN, error);
}

int mews_decode(int argc, char **argv)
{
    g_autofree char *rig_path = NULL, *content = NULL;
    const GOptionEntry entries[] = {
        {"rig", 0, 0, G_OPTION_ARG_FILENAME, &rig_path, "Rig whose keys open raw bytes", "RIG"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GByteArray) bytes = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(Rig) rig = NULL;
    gsize size;

    if (!mews_options("decode", "FILE", entries, &argc, &argv)) {
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    if (rig_path) {
        rig = rig_load(rig_path, &error);
    }
    if (error || !g_file_get_contents(argv[1], &content, &size, &error)) {
        return mews_give_up(MEWS_EXIT_COULD_NOT_RUN, error);
    }
    if (size >= 4 && load_le32((const guint8 *)content) == PCAPNG_SECTION_HEADER) {
        return decode_pcapng(argv[1], (const guint8 *)content, size);
    }
    bytes = hex_file(content, size);
    return bytes ? decode_bytes(argv[1], bytes->data, bytes->len, rig)
                 : decode_bytes(argv[1], (const guint8 *)content, size, rig);
}
