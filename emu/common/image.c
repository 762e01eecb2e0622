/*
 * Firmware images: raw ones, Intel HEX files, and ELF files for 32-bit
 * little-endian Arm, checked and taken apart into what is to be loaded (Tool
 * Interface Standard, ELF 1.2, "Object Files" and "Program Loading"; ARMv7-M
 * B1.5.3, the vector table).  A file may be damaged anywhere: nothing in it is
 * used before it has been checked, and it need not be aligned.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/error-report.h"
#include "elf.h"
#include "image.h"
#include "intel_hex.h"

void image_error(const Image *image, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    error_report("%s: '%s': %s", image->part, image->filename, text);
    exit(1);
}

static void check_header(const Image *image)
{
    const Elf32_Ehdr *elf = (const Elf32_Ehdr *)image->file;
    uint64_t table_end;

    if (image->file_size < sizeof(*elf) ||
        memcmp(elf->e_ident, ELFMAG, SELFMAG)) {
        image_error(image, "neither an ELF file nor an Intel HEX file");
    }
    if (elf->e_ident[EI_CLASS] != ELFCLASS32 ||
        elf->e_ident[EI_DATA] != ELFDATA2LSB ||
        lduw_le_p(&elf->e_machine) != EM_ARM) {
        image_error(image, "not an ELF file for 32-bit little-endian Arm");
    }
    table_end = (uint64_t)(uint32_t)ldl_le_p(&elf->e_phoff) +
                lduw_le_p(&elf->e_phnum) * sizeof(Elf32_Phdr);
    if (lduw_le_p(&elf->e_phentsize) != sizeof(Elf32_Phdr) ||
        table_end > image->file_size) {
        image_error(image, "the program header table is damaged");
    }
}

/*
 * How much of the first @size bytes of the file lies in front of the first
 * section that is to be loaded.  Linkers put the file's headers into the first
 * segment when they fit into its page, and these are no part of the program.
 */
static uint32_t size_of_headers(const Image *image, uint32_t size)
{
    const Elf32_Ehdr *elf = (const Elf32_Ehdr *)image->file;
    uint32_t table = ldl_le_p(&elf->e_shoff), first = size;
    unsigned count = lduw_le_p(&elf->e_shnum);

    if (lduw_le_p(&elf->e_shentsize) != sizeof(Elf32_Shdr) ||
        (uint64_t)table + count * sizeof(Elf32_Shdr) > image->file_size) {
        return 0;
    }
    for (unsigned n = 0; n < count; n++) {
        const char *section = image->file + table + n * sizeof(Elf32_Shdr);
        uint32_t flags = ldl_le_p(section + offsetof(Elf32_Shdr, sh_flags));
        uint32_t type = ldl_le_p(section + offsetof(Elf32_Shdr, sh_type));
        uint32_t at = ldl_le_p(section + offsetof(Elf32_Shdr, sh_offset));

        if ((flags & SHF_ALLOC) && type != SHT_NOBITS &&
            ldl_le_p(section + offsetof(Elf32_Shdr, sh_size)) != 0) {
            first = MIN(first, at);
        }
    }
    return first < size ? first : 0;
}

/* Take the segment of program header @header, if it is one to be loaded. */
static void add_segment(Image *image, const char *header)
{
    uint32_t offset = ldl_le_p(header + offsetof(Elf32_Phdr, p_offset));
    uint32_t size = ldl_le_p(header + offsetof(Elf32_Phdr, p_filesz));
    uint32_t skipped;

    if (ldl_le_p(header + offsetof(Elf32_Phdr, p_type)) != PT_LOAD ||
        size == 0) {
        return;
    }
    if ((uint64_t)offset + size > image->file_size) {
        image_error(image, "the file is cut short: a segment of %" PRIu32
                    " bytes at file offset %" PRIu32 " is not all there", size,
                    offset);
    }
    skipped = offset == 0 ? size_of_headers(image, size) : 0;
    image->segments[image->count++] = (ImageSegment){
        .addr = ldl_le_p(header + offsetof(Elf32_Phdr, p_paddr)) + skipped,
        .size = size - skipped,
        .bytes = (const uint8_t *)image->file + offset + skipped,
    };
}

static void read_file(Image *image, const char *part, const char *filename)
{
    g_autoptr(GError) error = NULL;

    *image = (Image){ .part = part, .filename = filename };
    if (!g_file_get_contents(filename, &image->file, &image->file_size,
                             &error)) {
        image_error(image, "cannot read it: %s", error->message);
    }
}

static void read_elf(Image *image)
{
    const Elf32_Ehdr *elf;
    const char *headers;
    unsigned count;

    check_header(image);
    elf = (const Elf32_Ehdr *)image->file;
    headers = image->file + (uint32_t)ldl_le_p(&elf->e_phoff);
    count = lduw_le_p(&elf->e_phnum);
    image->segments = g_new(ImageSegment, count);
    for (unsigned n = 0; n < count; n++) {
        add_segment(image, headers + n * sizeof(Elf32_Phdr));
    }
}

static void read_intel_hex(Image *image)
{
    IntelHex hex;

    if (!intel_hex_read(&hex, image->file, image->file_size)) {
        image_error(image, "%s", hex.error);
    }
    image->segments = g_new(ImageSegment, hex.count);
    for (; image->count < hex.count; image->count++) {
        const IntelHexBlock *block = &hex.blocks[image->count];

        image->segments[image->count] = (ImageSegment){
            .addr = block->addr, .size = block->size, .bytes = block->bytes,
        };
    }
    intel_hex_clear(&hex);
}

void image_open(Image *image, const char *part, const char *filename)
{
    read_file(image, part, filename);
    if (intel_hex_is(image->file, image->file_size)) {
        read_intel_hex(image);
    } else {
        read_elf(image);
    }
}

void image_open_raw(Image *image, const char *part, const char *filename,
                    uint32_t addr)
{
    read_file(image, part, filename);
    if (image->file_size == 0 || image->file_size > UINT32_MAX) {
        image_error(image, "no raw image: it has %zu bytes",
                    image->file_size);
    }
    if (image->file_size >= SELFMAG && !memcmp(image->file, ELFMAG, SELFMAG)) {
        image_error(image, "an ELF file says itself where it belongs, which is"
                    " not to be given again (0x%08" PRIx32 ")", addr);
    }
    if (intel_hex_is(image->file, image->file_size)) {
        image_error(image, "an Intel HEX file says itself where it belongs,"
                    " which is not to be given again (0x%08" PRIx32 ")", addr);
    }
    image->segments = g_new(ImageSegment, 1);
    image->segments[image->count++] = (ImageSegment){
        .addr = addr,
        .size = image->file_size,
        .bytes = (const uint8_t *)image->file,
    };
}

void image_close(Image *image)
{
    g_free(image->segments);
    g_free(image->file);
}

uint64_t image_segment_end(const ImageSegment *segment)
{
    return (uint64_t)segment->addr + segment->size;
}

void image_check_apart(const Image *image, const Image *other)
{
    for (unsigned i = 0; i < image->count; i++) {
        const ImageSegment *segment = &image->segments[i];

        for (unsigned n = 0; n < other->count; n++) {
            const ImageSegment *there = &other->segments[n];

            if (segment->addr < image_segment_end(there) &&
                there->addr < image_segment_end(segment)) {
                image_error(image, "0x%08" PRIx32 "..0x%08" PRIx64 " overlaps"
                            " 0x%08" PRIx32 "..0x%08" PRIx64 " of '%s'",
                            segment->addr, image_segment_end(segment) - 1,
                            there->addr, image_segment_end(there) - 1,
                            other->filename);
            }
        }
    }
}

bool image_word(const Image *image, uint32_t addr, uint32_t *word)
{
    for (unsigned n = 0; n < image->count; n++) {
        const ImageSegment *segment = &image->segments[n];

        if (addr >= segment->addr &&
            (uint64_t)addr + 4 <= image_segment_end(segment)) {
            *word = ldl_le_p(segment->bytes + (addr - segment->addr));
            return true;
        }
    }
    return false;
}

void image_check_vectors(const Image *image, uint32_t table)
{
    uint32_t stack, reset;

    if (!image_word(image, table, &stack) ||
        !image_word(image, table + 4, &reset) || reset == UINT32_MAX) {
        image_error(image, "no vector table at 0x%08" PRIx32, table);
    }
    if (!(reset & 1)) {
        image_error(image, "reset vector 0x%08" PRIx32 " in the vector table"
                    " at 0x%08" PRIx32 " is not a Thumb address", reset,
                    table);
    }
}
