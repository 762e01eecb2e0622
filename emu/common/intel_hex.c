/*
 * Intel HEX files (Intel, "Hexadecimal Object File Format Specification",
 * revision A, 1988); see intel_hex.h.
 *
 * A record is a line ":LLAAAATT", LL octets of data and a checksum that makes
 * the sum of all octets 0.  What it decodes to is never longer than its line,
 * so the text itself has room for the data.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later OR Apache-2.0
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "intel_hex.h"

#define RECORD_DATA_MAX 255
#define RECORD_OVERHEAD 5 /* length, address, type, checksum */
#define SEGMENT_SIZE 0x10000u

enum {
    TYPE_DATA,
    TYPE_END,
    TYPE_SEGMENT,
    TYPE_START_SEGMENT,
    TYPE_LINEAR,
    TYPE_START_LINEAR,
    TYPES
};

/* How much data records of each type have, except for data records. */
static const uint8_t type_size[TYPES] = {
    [TYPE_SEGMENT] = 2,
    [TYPE_START_SEGMENT] = 4,
    [TYPE_LINEAR] = 2,
    [TYPE_START_LINEAR] = 4,
};

typedef struct Reader {
    IntelHex *hex;
    const char *text, *end; /* what has not been read yet */
    uint8_t *out;           /* where the next octet of data goes */
    size_t room;            /* blocks that hex->blocks can hold */
    unsigned line;
    uint32_t base;  /* of the addresses in data records */
    bool segmented; /* these wrap at 64 KiB */
    bool ended;
    uint8_t octet[RECORD_DATA_MAX + RECORD_OVERHEAD]; /* of this record */
} Reader;

static bool fail(Reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(Reader *r, const char *format, ...)
{
    char *error = r->hex->error;
    size_t size = sizeof(r->hex->error);
    va_list args;

    error += snprintf(error, size, "line %u: ", r->line);
    size -= error - r->hex->error;
    va_start(args, format);
    vsnprintf(error, size, format, args);
    va_end(args);
    return false;
}

/* The value of a hex digit, or -1. */
static int digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 'a' ^ 'A';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* ---- records ---- */

/* The next line that is not empty; its end without white space. */
static bool next_line(Reader *r, const char **from, const char **to)
{
    *from = *to = r->text;
    while (*from == *to && r->text < r->end) {
        const char *feed = memchr(r->text, '\n', r->end - r->text);

        *from = r->text;
        *to = feed ? feed : r->end;
        r->text = feed ? feed + 1 : r->end;
        r->line++;
        while (*to > *from && strchr(" \t\r", (*to)[-1]) && (*to)[-1]) {
            (*to)--;
        }
    }
    return *from != *to;
}

/* r->octet becomes the record of the line, checked as far as any record is. */
static bool decode(Reader *r, const char *from, const char *to)
{
    size_t count = (to - from - 1) / 2;
    uint8_t sum = 0;

    if (*from != ':') {
        return fail(r, "no record, it does not begin with a colon");
    }
    for (const char *c = from + 1; c < to; c++) {
        if (digit(*c) < 0) {
            return fail(r, "no hex digit in column %d", (int)(c - from) + 1);
        }
    }
    if ((to - from) % 2 == 0 || count < RECORD_OVERHEAD ||
        count > sizeof(r->octet) ||
        count != (size_t)(digit(from[1]) << 4 | digit(from[2])) +
                 RECORD_OVERHEAD) {
        return fail(r, "the record is not as long as it says: is it cut off?");
    }
    for (size_t n = 0; n < count; n++) {
        r->octet[n] = digit(from[1 + 2 * n]) << 4 | digit(from[2 + 2 * n]);
        sum += r->octet[n];
    }
    if (sum != 0) {
        uint8_t found = r->octet[count - 1];

        return fail(r, "checksum 0x%02x, the record gives 0x%02x", found,
                    (uint8_t)(found - sum));
    }
    return true;
}

/* ---- data ---- */

static IntelHexBlock *new_block(Reader *r)
{
    IntelHex *hex = r->hex;

    if (hex->count == r->room) {
        r->room = r->room ? 2 * r->room : 16;
        hex->blocks = realloc(hex->blocks, r->room * sizeof(*hex->blocks));
        if (!hex->blocks) {
            abort();
        }
    }
    return &hex->blocks[hex->count++];
}

static bool add_data(Reader *r, uint16_t offset, unsigned size)
{
    IntelHex *hex = r->hex;
    IntelHexBlock *last = hex->count ? &hex->blocks[hex->count - 1] : NULL;
    uint64_t addr = (uint64_t)r->base + offset;

    if (size == 0) {
        return true;
    }
    if (r->segmented && offset + size > SEGMENT_SIZE) {
        return fail(r, "data behind the end of its segment of 64 KiB");
    }
    if (addr + size > UINT64_C(0x100000000)) {
        return fail(r, "data behind 0xffffffff");
    }
    memcpy(r->out, &r->octet[4], size);
    if (last && (uint64_t)last->addr + last->size == addr) {
        last->size += size;
    } else {
        *new_block(r) = (IntelHexBlock){
            .addr = addr, .size = size, .bytes = r->out, .line = r->line
        };
    }
    r->out += size;
    return true;
}

static bool take_record(Reader *r)
{
    unsigned size = r->octet[0], type = r->octet[3];
    uint16_t word = r->octet[4] << 8 | r->octet[5];

    if (type >= TYPES) {
        return fail(r, "there is no record type %02x", type);
    }
    if (type != TYPE_DATA && size != type_size[type]) {
        return fail(r, "a record of type %02x has %u octets of data, not %u",
                    type, type_size[type], size);
    }
    switch (type) {
    case TYPE_DATA:
        return add_data(r, r->octet[1] << 8 | r->octet[2], size);
    case TYPE_END:
        r->ended = true;
        break;
    case TYPE_SEGMENT:
    case TYPE_LINEAR:
        r->segmented = type == TYPE_SEGMENT;
        r->base = (uint32_t)word << (r->segmented ? 4 : 16);
        break;
    default: /* the core starts where its vector table says */
        break;
    }
    return true;
}

static int compare(const void *one, const void *other)
{
    const IntelHexBlock *a = one, *b = other;

    return a->addr < b->addr ? -1 : a->addr > b->addr;
}

static bool check_apart(IntelHex *hex)
{
    for (size_t n = 1; n < hex->count; n++) {
        const IntelHexBlock *a = &hex->blocks[n - 1], *b = &hex->blocks[n];

        if (b->addr < (uint64_t)a->addr + a->size) {
            snprintf(hex->error, sizeof(hex->error),
                     "the data from line %u on and that from line %u on"
                     " overlap at 0x%08" PRIx32, a->line, b->line, b->addr);
            return false;
        }
    }
    return true;
}

/* ---- public ---- */

bool intel_hex_is(const char *text, size_t size)
{
    size_t digits = 0;

    while (digits < 8 && 1 + digits < size && digit(text[1 + digits]) >= 0) {
        digits++;
    }
    return size && text[0] == ':' && digits == 8;
}

bool intel_hex_read(IntelHex *hex, char *text, size_t size)
{
    Reader r = {
        .hex = hex, .text = text, .end = text + size, .out = (uint8_t *)text
    };
    const char *from, *to;

    *hex = (IntelHex){ 0 };
    while (next_line(&r, &from, &to)) {
        if (r.ended) {
            return fail(&r, "there is more behind the end-of-file record");
        }
        if (!decode(&r, from, to) || !take_record(&r)) {
            return false;
        }
    }
    if (!r.ended) {
        snprintf(hex->error, sizeof(hex->error),
                 "no end-of-file record behind line %u: is it cut off?",
                 r.line);
        return false;
    }
    if (hex->count == 0) {
        snprintf(hex->error, sizeof(hex->error), "no record has data");
        return false;
    }
    qsort(hex->blocks, hex->count, sizeof(*hex->blocks), compare);
    return check_apart(hex);
}

void intel_hex_clear(IntelHex *hex)
{
    free(hex->blocks);
    *hex = (IntelHex){ 0 };
}
