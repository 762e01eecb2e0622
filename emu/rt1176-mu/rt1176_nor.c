/*
 * A serial NOR flash as it hangs on FlexSPI1 (MX25UM51345G datasheet, chapters
 * "Command Set" and "Electrical Specifications", with 128 Mbit): octet by
 * octet, single-bit SPI or octal commands.  Programming clears bits, erasing
 * sets them, both need the write enable latch and take their time, in which
 * nothing but the status register answers.  See
 * docs/devices/rt1176-flexspi.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "rt1176_nor.h"

#define STATUS_WIP 0x01
#define STATUS_WEL 0x02

/* Typical times of the datasheet. */
#define PROGRAM_NS 150000ll
#define ERASE_SECTOR_NS 25000000ll
#define ERASE_BLOCK_NS 220000000ll
#define ERASE_CHIP_NS 37500000000ll /* 150 s for 512 Mbit */

/* Manufacturer, type, density (2^24 octets). */
static const uint8_t identification[] = { 0xc2, 0x81, 0x38 };

typedef enum Action {
    UNKNOWN,
    READ_STATUS,
    READ_IDENTIFICATION,
    READ_ARRAY,
    READ_CONFIGURATION,
    PROGRAM,
    ERASE_SECTOR,
    ERASE_BLOCK,
    ERASE_CHIP,
    WRITE_ENABLE,
    WRITE_DISABLE,
    WRITE_CONFIGURATION,
    RESET_ENABLE,
    RESET,
    IGNORED
} Action;

/* Command, octets of address while commands are single-bit, action. */
static const struct {
    uint8_t command;
    uint8_t address_octets;
    Action action;
} commands[] = {
    { 0x01, 0, IGNORED }, /* WRSR: protection is not modelled */
    { 0x02, 3, PROGRAM }, { 0x12, 4, PROGRAM }, { 0x32, 3, PROGRAM },
    { 0x34, 4, PROGRAM }, { 0x38, 3, PROGRAM }, { 0x3e, 4, PROGRAM },
    { 0x03, 3, READ_ARRAY }, { 0x0b, 3, READ_ARRAY }, { 0x13, 4, READ_ARRAY },
    { 0x0c, 4, READ_ARRAY }, { 0x6b, 3, READ_ARRAY }, { 0x6c, 4, READ_ARRAY },
    { 0xeb, 3, READ_ARRAY }, { 0xec, 4, READ_ARRAY }, { 0xee, 4, READ_ARRAY },
    { 0x04, 0, WRITE_DISABLE }, { 0x06, 0, WRITE_ENABLE },
    { 0x05, 0, READ_STATUS },
    { 0x9f, 0, READ_IDENTIFICATION },
    { 0x20, 3, ERASE_SECTOR }, { 0x21, 4, ERASE_SECTOR },
    { 0xd8, 3, ERASE_BLOCK }, { 0xdc, 4, ERASE_BLOCK },
    { 0x60, 0, ERASE_CHIP }, { 0xc7, 0, ERASE_CHIP },
    { 0x71, 4, READ_CONFIGURATION }, { 0x72, 4, WRITE_CONFIGURATION },
    { 0x66, 0, RESET_ENABLE }, { 0x99, 0, RESET },
    { 0xab, 0, IGNORED }, /* release from deep power-down */
};

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

bool rt1176_nor_busy(const Rt1176Nor *nor)
{
    return now_ns() < nor->busy_end_ns;
}

static int find_command(uint8_t command)
{
    for (unsigned n = 0; n < ARRAY_SIZE(commands); n++) {
        if (commands[n].command == command) {
            return n;
        }
    }
    return -1;
}

/* What the command asks for; nothing but the status is read while busy. */
static Action action_of(const Rt1176Nor *nor)
{
    int n = nor->complete ? find_command(nor->command) : -1;

    if (n < 0) {
        return UNKNOWN;
    }
    if (rt1176_nor_busy(nor) && commands[n].action != READ_STATUS) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-nor: command 0x%02x while it"
                      " programs or erases\n", nor->command);
        return UNKNOWN;
    }
    return commands[n].action;
}

/* Octets of command and address. */
static uint32_t header_octets(const Rt1176Nor *nor)
{
    int n = find_command(nor->command);
    Action action = n < 0 ? UNKNOWN : commands[n].action;

    if (!nor->octal) {
        return 1 + (n < 0 ? 0 : commands[n].address_octets);
    }
    switch (action) {
    case WRITE_ENABLE:
    case WRITE_DISABLE:
    case ERASE_CHIP:
    case RESET_ENABLE:
    case RESET:
    case IGNORED:
    case UNKNOWN:
        return 2;
    default:
        return 2 + 4;
    }
}

static void begin_command(Rt1176Nor *nor)
{
    if (find_command(nor->command) < 0) {
        qemu_log_mask(LOG_UNIMP, "rt1176-nor: command 0x%02x is not modelled\n",
                      nor->command);
    }
    if (nor->command != 0x99) {
        nor->reset_enabled = false;
    }
    memset(nor->page, 0xff, sizeof(nor->page));
}

void rt1176_nor_select(Rt1176Nor *nor)
{
    nor->selected = true;
    nor->complete = false;
    nor->octets = 0;
    nor->data_octets = 0;
    nor->address = 0;
    nor->command = 0;
}

/* Data go round in their page: of more than 256 octets the last ones count. */
static void take_data(Rt1176Nor *nor, uint8_t octet)
{
    uint32_t place = (nor->address + nor->data_octets) % RT1176_NOR_PAGE_SIZE;

    nor->page[place] = octet;
    nor->data_octets++;
}

void rt1176_nor_write(Rt1176Nor *nor, uint8_t octet)
{
    uint32_t n = nor->octets++;

    if (nor->complete) {
        take_data(nor, octet);
        return;
    }
    if (n == 0) {
        nor->command = octet;
        begin_command(nor);
    } else if (nor->octal && n == 1) {
        if (octet != (uint8_t)~nor->command) {
            qemu_log_mask(LOG_GUEST_ERROR, "rt1176-nor: octal command 0x%02x"
                          " followed by 0x%02x, not its complement\n",
                          nor->command, octet);
            nor->command = 0;
        }
    } else {
        nor->address = nor->address << 8 | octet;
    }
    nor->complete = nor->octets >= header_octets(nor);
}

uint8_t rt1176_nor_read(Rt1176Nor *nor)
{
    uint32_t n = nor->data_octets++;
    uint32_t size = memory_region_size(nor->memory);

    switch (action_of(nor)) {
    case READ_STATUS:
        return (rt1176_nor_busy(nor) ? STATUS_WIP : 0) |
               (nor->write_enabled ? STATUS_WEL : 0);
    case READ_IDENTIFICATION:
        return n < sizeof(identification) ? identification[n] : 0xff;
    case READ_CONFIGURATION:
        return nor->address == 0 && nor->octal ? 2 : 0;
    case READ_ARRAY:
        return ((uint8_t *)memory_region_get_ram_ptr(nor->memory))
            [(nor->address + n) % size];
    default:
        return 0xff;
    }
}

/* ---- what happens when it is deselected ---- */

/* While it is busy the cores read no memory there, nor instructions. */
static void show_memory(Rt1176Nor *nor)
{
    memory_region_rom_device_set_romd(nor->memory, !rt1176_nor_busy(nor));
}

static void ready(void *opaque)
{
    show_memory(opaque);
}

static void start_busy(Rt1176Nor *nor, int64_t duration_ns)
{
    nor->write_enabled = false;
    nor->busy_end_ns = now_ns() + duration_ns;
    timer_mod_ns(nor->ready, nor->busy_end_ns);
    show_memory(nor);
}

static void program(Rt1176Nor *nor)
{
    uint32_t size = memory_region_size(nor->memory);
    uint32_t page = nor->address % size & ~(RT1176_NOR_PAGE_SIZE - 1);
    uint8_t *octets = (uint8_t *)memory_region_get_ram_ptr(nor->memory) + page;

    for (unsigned n = 0; n < RT1176_NOR_PAGE_SIZE; n++) {
        octets[n] &= nor->page[n];
    }
    memory_region_flush_rom_device(nor->memory, page, RT1176_NOR_PAGE_SIZE);
    start_busy(nor, PROGRAM_NS);
}

static void erase(Rt1176Nor *nor, uint32_t size, int64_t duration_ns)
{
    uint32_t first = nor->address % memory_region_size(nor->memory) &
                     ~(size - 1);

    memset((uint8_t *)memory_region_get_ram_ptr(nor->memory) + first, 0xff,
           size);
    memory_region_flush_rom_device(nor->memory, first, size);
    start_busy(nor, duration_ns);
}

static bool may_write(const Rt1176Nor *nor)
{
    if (!nor->write_enabled) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-nor: command 0x%02x without"
                      " write enable\n", nor->command);
    }
    return nor->write_enabled;
}

/* Configuration register 2 at address 0: 0 SPI, 1 octal, 2 octal DDR. */
static void write_configuration(Rt1176Nor *nor)
{
    uint8_t value = nor->page[nor->address % RT1176_NOR_PAGE_SIZE];

    if (nor->data_octets && nor->address == 0) {
        nor->octal = (value & 3) == 1 || (value & 3) == 2;
    }
    nor->write_enabled = false;
}

void rt1176_nor_deselect(Rt1176Nor *nor)
{
    Action action = action_of(nor);

    nor->selected = false;
    switch (action) {
    case WRITE_ENABLE:
    case WRITE_DISABLE:
        nor->write_enabled = action == WRITE_ENABLE;
        break;
    case PROGRAM:
        if (nor->data_octets && may_write(nor)) {
            program(nor);
        }
        break;
    case ERASE_SECTOR:
        if (may_write(nor)) {
            erase(nor, RT1176_NOR_SECTOR_SIZE, ERASE_SECTOR_NS);
        }
        break;
    case ERASE_BLOCK:
        if (may_write(nor)) {
            erase(nor, RT1176_NOR_BLOCK_SIZE, ERASE_BLOCK_NS);
        }
        break;
    case ERASE_CHIP:
        if (may_write(nor)) {
            erase(nor, memory_region_size(nor->memory), ERASE_CHIP_NS);
        }
        break;
    case WRITE_CONFIGURATION:
        if (may_write(nor)) {
            write_configuration(nor);
        }
        break;
    case RESET_ENABLE:
        nor->reset_enabled = true;
        break;
    case RESET:
        if (nor->reset_enabled) {
            rt1176_nor_reset(nor);
        }
        break;
    default:
        break;
    }
}

/* ---- life cycle ---- */

void rt1176_nor_reset(Rt1176Nor *nor)
{
    nor->octal = false;
    nor->write_enabled = false;
    nor->reset_enabled = false;
    nor->busy_end_ns = 0;
    timer_del(nor->ready);
    show_memory(nor);
    rt1176_nor_select(nor);
    nor->selected = false;
}

void rt1176_nor_init(Rt1176Nor *nor, MemoryRegion *memory)
{
    nor->memory = memory;
    nor->ready = timer_new_ns(QEMU_CLOCK_VIRTUAL, ready, nor);
}

static int post_load(void *opaque, int version_id)
{
    Rt1176Nor *nor = opaque;

    if (nor->memory) {
        show_memory(nor);
    }
    return 0;
}

const VMStateDescription rt1176_vmstate_nor = {
    .name = "rt1176-nor",
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(ready, Rt1176Nor),
        VMSTATE_BOOL(selected, Rt1176Nor),
        VMSTATE_BOOL(octal, Rt1176Nor),
        VMSTATE_BOOL(write_enabled, Rt1176Nor),
        VMSTATE_BOOL(reset_enabled, Rt1176Nor),
        VMSTATE_BOOL(complete, Rt1176Nor),
        VMSTATE_INT64(busy_end_ns, Rt1176Nor),
        VMSTATE_UINT32(octets, Rt1176Nor),
        VMSTATE_UINT32(data_octets, Rt1176Nor),
        VMSTATE_UINT8(command, Rt1176Nor),
        VMSTATE_UINT32(address, Rt1176Nor),
        VMSTATE_UINT8_ARRAY(page, Rt1176Nor, RT1176_NOR_PAGE_SIZE),
        VMSTATE_END_OF_LIST()
    }
};
