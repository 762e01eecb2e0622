/*
 * The boot ROM of the i.MX RT1176, as far as it decides what the Cortex-M7
 * starts with: it checks the headers of the image in FlexSPI flash and names
 * the vector table (IMXRT1170RM, chapter "System Boot": "FlexSPI NOR boot",
 * "Image vector table and boot data").  See docs/devices/mimxrt1176.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "../common/image.h"
#include "rt1176_boot.h"

#define FLASH_BASE 0x30000000u
#define FLASH_SIZE (16 * MiB)
#define ITCM_BASE 0x00000000u
#define ITCM_SIZE (256 * KiB)

/* FlexSPI configuration block */
#define FCFB_ADDR (FLASH_BASE + 0x400)
#define FCFB_TAG 0x42464346u /* "FCFB" */

/* Image vector table: eight words */
#define IVT_ADDR (FLASH_BASE + 0x1000)
#define IVT_TAG 0xd1u
#define IVT_LENGTH 32
#define IVT_WORD_HEADER 0
#define IVT_WORD_ENTRY 1
#define IVT_WORD_BOOT_DATA 4
#define IVT_WORD_SELF 5

/* The vector table offset register holds no bits below this. */
#define VECTOR_TABLE_ALIGNMENT 128

static const Rt1176BootMemory *find_memory(const Rt1176BootMemory *memory,
                                           unsigned count,
                                           const ImageSegment *segment)
{
    for (unsigned n = 0; n < count; n++) {
        if (segment->addr >= memory[n].base &&
            image_segment_end(segment) <=
            (uint64_t)memory[n].base + memory[n].size) {
            return &memory[n];
        }
    }
    return NULL;
}

static void load_segment(const Image *image, const ImageSegment *segment,
                         bool debug, const Rt1176BootMemory *memory,
                         unsigned count)
{
    const Rt1176BootMemory *to = find_memory(memory, count, segment);
    uint64_t last = image_segment_end(segment) - 1;

    if (!to) {
        image_error(image, "segment 0x%08" PRIx32 "..0x%08" PRIx64
                    " lies outside the memories of the i.MX RT1176",
                    segment->addr, last);
    }
    if (!debug && to->base != FLASH_BASE) {
        image_error(image, "segment 0x%08" PRIx32 "..0x%08" PRIx64
                    " is to be loaded to %s, but the boot ROM only starts what"
                    " is in FlexSPI flash (-M mimxrt1176,boot-mode=debug loads it)",
                    segment->addr, last, to->name);
    }
    memcpy((uint8_t *)memory_region_get_ram_ptr(to->mr) +
           (segment->addr - to->base), segment->bytes, segment->size);
}

static bool in_flash(uint32_t addr)
{
    return addr >= FLASH_BASE && addr < FLASH_BASE + FLASH_SIZE;
}

/* What both ways to boot ask of the table that the core will read. */
static void check_vector_table(const Image *image, uint32_t table)
{
    if (table % VECTOR_TABLE_ALIGNMENT) {
        image_error(image, "vector table at 0x%08" PRIx32
                    " is not aligned to %d bytes", table,
                    VECTOR_TABLE_ALIGNMENT);
    }
    image_check_vectors(image, table);
}

static void check_fcfb(const Image *image)
{
    uint32_t tag;

    if (!image_word(image, FCFB_ADDR, &tag) || tag != FCFB_TAG) {
        image_error(image, "no FlexSPI configuration block (tag 0x%08x) at"
                    " 0x%08x", FCFB_TAG, FCFB_ADDR);
    }
}

/* Boot data: start of the image, its size, plugin flag */
static void check_boot_data(const Image *image, uint32_t addr)
{
    uint32_t start, length, plugin;

    if (!image_word(image, addr, &start) ||
        !image_word(image, addr + 4, &length) ||
        !image_word(image, addr + 8, &plugin)) {
        image_error(image, "no boot data at 0x%08" PRIx32
                    ", where the image vector table points", addr);
    }
    if (start != FLASH_BASE || length > FLASH_SIZE) {
        image_error(image, "boot data at 0x%08" PRIx32 ": image of 0x%"
                    PRIx32 " bytes at 0x%08" PRIx32
                    " is not one that runs in flash at 0x%08x", addr, length,
                    start, FLASH_BASE);
    }
    if (plugin & 1) {
        image_error(image, "boot data at 0x%08" PRIx32
                    ": plugin images are not supported", addr);
    }
}

/*
 * The boot ROM takes the IVT's entry as the address of the vector table: stack
 * pointer and reset handler are read from there, and VTOR is set to it.
 */
static uint32_t check_ivt(const Image *image)
{
    uint32_t ivt[IVT_LENGTH / 4];
    uint32_t entry;

    for (unsigned n = 0; n < ARRAY_SIZE(ivt); n++) {
        if (!image_word(image, IVT_ADDR + 4 * n, &ivt[n])) {
            image_error(image, "no image vector table at 0x%08x", IVT_ADDR);
        }
    }
    /* tag, length (big endian), version 4.x */
    if ((ivt[IVT_WORD_HEADER] & 0xff) != IVT_TAG ||
        bswap16(ivt[IVT_WORD_HEADER] >> 8) != IVT_LENGTH ||
        ivt[IVT_WORD_HEADER] >> 28 != 4) {
        image_error(image, "bad image vector table at 0x%08x: its header is"
                    " 0x%08" PRIx32 ", not 0x4?2000d1", IVT_ADDR,
                    ivt[IVT_WORD_HEADER]);
    }
    if (ivt[IVT_WORD_SELF] != IVT_ADDR) {
        image_error(image, "bad image vector table at 0x%08x: its own address"
                    " in it is 0x%08" PRIx32, IVT_ADDR, ivt[IVT_WORD_SELF]);
    }
    check_boot_data(image, ivt[IVT_WORD_BOOT_DATA]);
    entry = ivt[IVT_WORD_ENTRY];
    if (!in_flash(entry)) {
        image_error(image, "bad image vector table at 0x%08x: its entry 0x%08"
                    PRIx32 " is not a vector table in flash", IVT_ADDR, entry);
    }
    return entry;
}

/* Lowest loaded address within a memory; UINT32_MAX: nothing is loaded there */
static uint32_t lowest_address(const Image *image, uint32_t base,
                               uint32_t size)
{
    uint32_t lowest = UINT32_MAX;

    for (unsigned n = 0; n < image->count; n++) {
        uint32_t addr = image->segments[n].addr;

        if (addr - base < size) {
            lowest = MIN(lowest, addr);
        }
    }
    return lowest;
}

static uint32_t debug_vector_table(const Image *image)
{
    uint32_t table = lowest_address(image, FLASH_BASE, FLASH_SIZE);

    if (table == UINT32_MAX) {
        table = lowest_address(image, ITCM_BASE, ITCM_SIZE);
    }
    if (table == UINT32_MAX) {
        image_error(image, "nothing is loaded to flash or ITCM");
    }
    return table;
}

uint32_t rt1176_boot_load(const char *filename, bool debug,
                          const Rt1176BootMemory *memory, unsigned count)
{
    g_auto(Image) image = {};
    uint32_t table;

    image_open(&image, "mimxrt1176", filename);
    for (unsigned n = 0; n < image.count; n++) {
        load_segment(&image, &image.segments[n], debug, memory, count);
    }
    if (debug) {
        table = debug_vector_table(&image);
    } else {
        check_fcfb(&image);
        table = check_ivt(&image);
    }
    check_vector_table(&image, table);
    return table;
}
