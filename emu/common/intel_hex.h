/*
 * Intel HEX files (Intel, "Hexadecimal Object File Format Specification",
 * revision A, 1988): checked, and taken apart into what is to be loaded.
 * Plain C11, no QEMU and no GLib, because the link daemon reads images, too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later OR Apache-2.0
 */
#ifndef HW_MEWS_COMMON_INTEL_HEX_H
#define HW_MEWS_COMMON_INTEL_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* @size octets, at least one, that belong at @addr. */
typedef struct IntelHexBlock {
    uint32_t addr;
    uint32_t size;
    const uint8_t *bytes;
    unsigned line; /* of its first record */
} IntelHexBlock;

typedef struct IntelHex {
    IntelHexBlock *blocks; /* by address; they do not overlap */
    size_t count;
    char error[128]; /* what is wrong with the file, in one line */
} IntelHex;

/* Whether the file begins as Intel HEX files do. */
bool intel_hex_is(const char *text, size_t size);

/*
 * Read the file @text, which is replaced by the octets of the blocks.  False,
 * and hex->error says so: a line is no record, a checksum or length is wrong,
 * two records load the same address, there is no data or no end-of-file record.
 * Clear @hex in either case.
 */
bool intel_hex_read(IntelHex *hex, char *text, size_t size);
void intel_hex_clear(IntelHex *hex);

#endif
