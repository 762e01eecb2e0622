/*
 * What the boot ROM of the i.MX RT1176 does with the headers of an image in
 * FlexSPI flash: it checks them and finds what the Cortex-M7 starts with
 * (IMXRT1170RM, chapter "System Boot": "FlexSPI NOR boot", "Image vector table
 * and boot data").  Device configuration data: rt1176_boot_dcd.c.  See
 * docs/devices/rt1176-rom.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "../common/image.h"
#include "rt1176_boot.h"
#include "rt1176_rom.h"

#define FLASH_BASE RT1176_FLASH_BASE
#define FLASH_SIZE (16 * MiB)
#define ITCM_BASE 0x00000000u
#define ITCM_SIZE (256 * KiB)
#define ERASED UINT32_MAX

/* FlexSPI configuration block */
#define FCFB_ADDR (FLASH_BASE + 0x400)
#define FCFB_TAG 0x42464346u /* "FCFB" */

/* Image vector table: eight words */
#define IVT_ADDR (FLASH_BASE + 0x1000)
#define IVT_TAG 0xd1u
#define IVT_LENGTH 32
#define IVT_WORD_HEADER 0
#define IVT_WORD_ENTRY 1
#define IVT_WORD_DCD 3
#define IVT_WORD_BOOT_DATA 4
#define IVT_WORD_SELF 5

/* The vector table offset register holds no bits below this. */
#define VECTOR_TABLE_ALIGNMENT 128

/* ---- loading ---- */

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

/* Lowest loaded address within a memory; UINT32_MAX: nothing is loaded there */
static uint32_t lowest_address(const Image *images, unsigned count,
                               uint32_t base, uint32_t size)
{
    uint32_t lowest = UINT32_MAX;

    for (unsigned i = 0; i < count; i++) {
        for (unsigned n = 0; n < images[i].count; n++) {
            uint32_t addr = images[i].segments[n].addr;

            if (addr - base < size) {
                lowest = MIN(lowest, addr);
            }
        }
    }
    return lowest;
}

static uint32_t debug_vector_table(const Image *images, unsigned count)
{
    uint32_t table = lowest_address(images, count, FLASH_BASE, FLASH_SIZE);

    if (table == UINT32_MAX) {
        table = lowest_address(images, count, ITCM_BASE, ITCM_SIZE);
    }
    if (table == UINT32_MAX) {
        image_error(&images[0], "nothing is loaded to flash or ITCM");
    }
    if (table % VECTOR_TABLE_ALIGNMENT) {
        image_error(&images[0], "vector table at 0x%08" PRIx32
                    " is not aligned to %d bytes", table,
                    VECTOR_TABLE_ALIGNMENT);
    }
    for (unsigned i = 0; i < count; i++) {
        uint32_t word;

        if (image_word(&images[i], table, &word)) {
            image_check_vectors(&images[i], table);
        }
    }
    return table;
}

uint32_t rt1176_boot_load(const ImageFiles *files, bool debug,
                          const Rt1176BootMemory *memory, unsigned count)
{
    g_autofree Image *images = NULL;
    uint32_t table = 0;
    unsigned n = 0;

    for (const ImageFiles *file = files; file; file = file->next) {
        n++;
    }
    images = g_new0(Image, n);
    n = 0;
    for (const ImageFiles *file = files; file; file = file->next, n++) {
        Image *image = &images[n];

        if (file->value->has_at) {
            image_open_raw(image, "mimxrt1176", file->value->name,
                           file->value->at);
        } else {
            image_open(image, "mimxrt1176", file->value->name);
        }
        for (unsigned i = 0; i < n; i++) {
            image_check_apart(image, &images[i]);
        }
        for (unsigned i = 0; i < image->count; i++) {
            load_segment(image, &image->segments[i], debug, memory, count);
        }
    }
    if (debug && n) {
        table = debug_vector_table(images, n);
    }
    while (n) {
        image_close(&images[--n]);
    }
    return table;
}

/* ---- headers ---- */

/* The word at @addr; false: it does not lie in flash, or is erased. */
static bool flash_word(MemoryRegion *flash, uint32_t addr, uint32_t *word)
{
    if (addr < FLASH_BASE ||
        (uint64_t)addr + 4 > FLASH_BASE + memory_region_size(flash)) {
        return false;
    }
    *word = ldl_le_p((uint8_t *)memory_region_get_ram_ptr(flash) +
                     (addr - FLASH_BASE));
    return *word != ERASED;
}

static bool in_flash(uint32_t addr)
{
    return addr >= FLASH_BASE && addr < FLASH_BASE + FLASH_SIZE;
}

static bool check_fcfb(MemoryRegion *flash, Error **errp)
{
    uint32_t tag;

    if (!flash_word(flash, FCFB_ADDR, &tag) || tag != FCFB_TAG) {
        error_setg(errp, "no FlexSPI configuration block (tag 0x%08x) at"
                   " 0x%08x", FCFB_TAG, FCFB_ADDR);
        return false;
    }
    return true;
}

/* Boot data: start of the image, its size, plugin flag */
static bool check_boot_data(MemoryRegion *flash, uint32_t addr, Error **errp)
{
    uint32_t start, length, plugin;

    if (!flash_word(flash, addr, &start) ||
        !flash_word(flash, addr + 4, &length) ||
        !flash_word(flash, addr + 8, &plugin)) {
        error_setg(errp, "no boot data at 0x%08" PRIx32
                   ", where the image vector table points", addr);
        return false;
    }
    if (start != FLASH_BASE || length > FLASH_SIZE) {
        error_setg(errp, "boot data at 0x%08" PRIx32 ": image of 0x%" PRIx32
                   " bytes at 0x%08" PRIx32
                   " is not one that runs in flash at 0x%08x", addr, length,
                   start, FLASH_BASE);
        return false;
    }
    if (plugin & 1) {
        error_setg(errp, "boot data at 0x%08" PRIx32
                   ": plugin images are not supported", addr);
        return false;
    }
    return true;
}

static bool check_ivt(MemoryRegion *flash, uint32_t *ivt, Error **errp)
{
    if (!flash_word(flash, IVT_ADDR, &ivt[IVT_WORD_HEADER])) {
        error_setg(errp, "no image vector table at 0x%08x", IVT_ADDR);
        return false;
    }
    for (unsigned n = 1; n < IVT_LENGTH / 4; n++) {
        flash_word(flash, IVT_ADDR + 4 * n, &ivt[n]);
    }
    /* tag, length (big endian), version 4.x */
    if ((ivt[IVT_WORD_HEADER] & 0xff) != IVT_TAG ||
        bswap16(ivt[IVT_WORD_HEADER] >> 8) != IVT_LENGTH ||
        ivt[IVT_WORD_HEADER] >> 28 != 4) {
        error_setg(errp, "bad image vector table at 0x%08x: its header is"
                   " 0x%08" PRIx32 ", not 0x4?2000d1", IVT_ADDR,
                   ivt[IVT_WORD_HEADER]);
        return false;
    }
    if (ivt[IVT_WORD_SELF] != IVT_ADDR) {
        error_setg(errp, "bad image vector table at 0x%08x: its own address in"
                   " it is 0x%08" PRIx32, IVT_ADDR, ivt[IVT_WORD_SELF]);
        return false;
    }
    return check_boot_data(flash, ivt[IVT_WORD_BOOT_DATA], errp);
}

/* Stack pointer and reset handler are the first words of the vector table. */
static bool start_with_table(MemoryRegion *flash, uint32_t table,
                             Rt1176BootStart *start, Error **errp)
{
    if (table % VECTOR_TABLE_ALIGNMENT) {
        error_setg(errp, "vector table at 0x%08" PRIx32
                   " is not aligned to %d bytes", table,
                   VECTOR_TABLE_ALIGNMENT);
        return false;
    }
    if (!flash_word(flash, table, &start->stack) ||
        !flash_word(flash, table + 4, &start->reset)) {
        error_setg(errp, "no vector table at 0x%08" PRIx32, table);
        return false;
    }
    if (!(start->reset & 1)) {
        error_setg(errp, "reset vector 0x%08" PRIx32 " in the vector table at"
                   " 0x%08" PRIx32 " is not a Thumb address", start->reset,
                   table);
        return false;
    }
    start->vector_table = table;
    return true;
}

/*
 * The entry of the IVT is a vector table or, told by bit 0, the reset handler
 * itself.  That one starts on the ROM's stack and with the ROM's vector table.
 */
bool rt1176_boot_check(MemoryRegion *flash, Rt1176BootStart *start,
                       Error **errp)
{
    uint32_t ivt[IVT_LENGTH / 4];
    uint32_t entry;

    if (!check_fcfb(flash, errp) || !check_ivt(flash, ivt, errp)) {
        return false;
    }
    entry = ivt[IVT_WORD_ENTRY];
    start->dcd = ivt[IVT_WORD_DCD];
    if (!in_flash(entry)) {
        error_setg(errp, "bad image vector table at 0x%08x: its entry 0x%08"
                   PRIx32 " is not a vector table in flash", IVT_ADDR, entry);
        return false;
    }
    if (entry & 1) {
        start->stack = RT1176_ROM_STACK;
        start->reset = entry;
        start->vector_table = RT1176_ROM_BASE;
        return true;
    }
    return start_with_table(flash, entry, start, errp);
}
