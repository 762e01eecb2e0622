/*
 * Firmware images for the STM32F100 (RM0041 2.4, boot configuration; PM0056
 * 2.3.4, vector table).
 *
 * Only what is in flash survives power-off, so an image that asks to be loaded
 * elsewhere is refused.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/error-report.h"
#include "elf.h"
#include "stm32f100_image.h"

typedef struct Image {
    const char *filename;
    const uint8_t *bytes;
    gsize length;
} Image;

static G_NORETURN G_GNUC_PRINTF(2, 3) void image_error(const Image *image,
                                                       const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    error_report("stm32f100: '%s': %s", image->filename, text);
    exit(1);
}

static const Elf32_Ehdr *image_header(const Image *image)
{
    return (const Elf32_Ehdr *)image->bytes;
}

static void check_header(const Image *image)
{
    const Elf32_Ehdr *elf = image_header(image);
    uint64_t table_end;

    if (image->length < sizeof(*elf) || memcmp(elf->e_ident, ELFMAG, SELFMAG)) {
        image_error(image, "not an ELF file");
    }
    if (elf->e_ident[EI_CLASS] != ELFCLASS32 ||
        elf->e_ident[EI_DATA] != ELFDATA2LSB ||
        lduw_le_p(&elf->e_machine) != EM_ARM) {
        image_error(image, "not an ELF file for 32-bit little-endian Arm");
    }
    table_end = (uint64_t)ldl_le_p(&elf->e_phoff) +
                lduw_le_p(&elf->e_phnum) * sizeof(Elf32_Phdr);
    if (lduw_le_p(&elf->e_phentsize) != sizeof(Elf32_Phdr) ||
        table_end > image->length) {
        image_error(image, "the program header table is damaged");
    }
}

static void load_segment(const Image *image, const Elf32_Phdr *segment,
                         MemoryRegion *flash, uint32_t base)
{
    uint32_t offset = ldl_le_p(&segment->p_offset);
    uint32_t paddr = ldl_le_p(&segment->p_paddr);
    uint32_t length = ldl_le_p(&segment->p_filesz);
    uint64_t flash_size = memory_region_size(flash);

    if (ldl_le_p(&segment->p_type) != PT_LOAD || length == 0) {
        return;
    }
    if ((uint64_t)offset + length > image->length) {
        image_error(image, "the file is cut short: a segment of %" PRIu32
                    " bytes at file offset %" PRIu32 " is not all there",
                    length, offset);
    }
    if (paddr < base || (uint64_t)paddr + length > base + flash_size) {
        image_error(image, "segment 0x%08" PRIx32 "..0x%08" PRIx64
                    " (load address) is not in flash, 0x%08" PRIx32 "..0x%08"
                    PRIx64, paddr, (uint64_t)paddr + length - 1, base,
                    base + flash_size - 1);
    }
    memcpy((uint8_t *)memory_region_get_ram_ptr(flash) + (paddr - base),
           image->bytes + offset, length);
}

/* The core takes its stack pointer and its start from the first two words. */
static void check_vectors(const Image *image, MemoryRegion *flash,
                          uint32_t base)
{
    const uint8_t *flash_bytes = memory_region_get_ram_ptr(flash);
    uint32_t reset = ldl_le_p(flash_bytes + 4);

    if (reset == UINT32_MAX) {
        image_error(image, "no vector table at 0x%08" PRIx32, base);
    }
    if (!(reset & 1)) {
        image_error(image, "reset vector 0x%08" PRIx32 " in the vector table"
                    " at 0x%08" PRIx32 " is not a Thumb address", reset, base);
    }
}

void stm32f100_image_load(const char *filename, MemoryRegion *flash,
                          uint32_t base)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    Image image = { .filename = filename };
    const Elf32_Phdr *segment;

    if (!g_file_get_contents(filename, &bytes, &image.length, &error)) {
        image_error(&image, "cannot read it: %s", error->message);
    }
    image.bytes = (const uint8_t *)bytes;
    check_header(&image);
    segment = (const Elf32_Phdr *)(image.bytes +
                                   ldl_le_p(&image_header(&image)->e_phoff));
    for (unsigned n = 0; n < lduw_le_p(&image_header(&image)->e_phnum); n++) {
        load_segment(&image, &segment[n], flash, base);
    }
    check_vectors(&image, flash, base);
}
