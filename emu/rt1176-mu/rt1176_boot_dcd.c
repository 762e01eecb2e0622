/*
 * Device configuration data: what an image of the i.MX RT1176 has the boot ROM
 * write before it is started (IMXRT1170RM, chapter "System Boot", "Device
 * Configuration Data"; HAB version 4 data structures).  A header, then commands
 * in big-endian words: write data, check data, no operation, unlock.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "rt1176_boot.h"

#define DCD_TAG 0xd2
#define DCD_LENGTH_MAX 1768 /* of the ROM */
#define COMMAND_WRITE 0xcc
#define COMMAND_CHECK 0xcf
#define COMMAND_NOP 0xc0
#define COMMAND_UNLOCK 0xb2
#define PARAMETER_OCTETS 0x07
#define PARAMETER_MASK 0x08
#define PARAMETER_SET 0x10

typedef struct Command {
    uint8_t tag;
    uint16_t length; /* with its header of four octets */
    uint8_t parameter;
    const uint8_t *words;
    uint32_t address; /* of the command, for messages */
} Command;

static const uint8_t *flash_octets(MemoryRegion *flash, uint32_t address,
                                   uint32_t octets)
{
    uint32_t offset = address - RT1176_FLASH_BASE;

    if (address < RT1176_FLASH_BASE ||
        (uint64_t)offset + octets > memory_region_size(flash)) {
        return NULL;
    }
    return (uint8_t *)memory_region_get_ram_ptr(flash) + offset;
}

static bool access_word(AddressSpace *as, bool is_write, uint32_t address,
                        uint32_t *value, unsigned octets)
{
    uint8_t bytes[4] = {};

    stl_le_p(bytes, *value);
    if (address_space_rw(as, address, MEMTXATTRS_UNSPECIFIED, bytes, octets,
                         is_write) != MEMTX_OK) {
        return false;
    }
    *value = ldl_le_p(bytes);
    return true;
}

/* Pairs of address and value; with MASK bits are set or cleared instead. */
static bool write_data(const Command *command, AddressSpace *as, Error **errp)
{
    unsigned octets = command->parameter & PARAMETER_OCTETS;

    for (unsigned n = 0; n + 8 <= command->length - 4u; n += 8) {
        uint32_t address = ldl_be_p(command->words + n);
        uint32_t data = ldl_be_p(command->words + n + 4), value = data;
        bool good = true;

        if (command->parameter & PARAMETER_MASK) {
            good = access_word(as, false, address, &value, octets);
            value = command->parameter & PARAMETER_SET ? value | data
                                                       : value & ~data;
        }
        if (!good || !access_word(as, true, address, &value, octets)) {
            error_setg(errp, "device configuration data at 0x%08" PRIx32
                       ": no register at 0x%08" PRIx32, command->address,
                       address);
            return false;
        }
    }
    return true;
}

/* MASK: any bit will do; SET: of being set, else of being clear. */
static bool is_true(uint8_t parameter, uint32_t value, uint32_t mask)
{
    uint32_t wanted = parameter & PARAMETER_SET ? value & mask : ~value & mask;

    return parameter & PARAMETER_MASK ? wanted != 0 : wanted == mask;
}

/* No time passes while the ROM works: a check is made once. */
static bool check_data(const Command *command, AddressSpace *as, Error **errp)
{
    unsigned octets = command->parameter & PARAMETER_OCTETS;
    uint32_t address, mask, value = 0;

    if (command->length < 12) {
        error_setg(errp, "device configuration data at 0x%08" PRIx32
                   ": check of %u octets", command->address, command->length);
        return false;
    }
    address = ldl_be_p(command->words);
    mask = ldl_be_p(command->words + 4);
    if (!access_word(as, false, address, &value, octets) ||
        !is_true(command->parameter, value, mask)) {
        error_setg(errp, "device configuration data at 0x%08" PRIx32
                   ": 0x%08" PRIx32 " holds 0x%" PRIx32 ", which is not what"
                   " the check with mask 0x%" PRIx32 " waits for",
                   command->address, address, value, mask);
        return false;
    }
    return true;
}

static bool execute(const Command *command, AddressSpace *as, Error **errp)
{
    unsigned octets = command->parameter & PARAMETER_OCTETS;
    bool data = command->tag == COMMAND_WRITE || command->tag == COMMAND_CHECK;

    if (data && octets != 1 && octets != 2 && octets != 4) {
        error_setg(errp, "device configuration data at 0x%08" PRIx32
                   ": accesses of %u octets", command->address, octets);
        return false;
    }
    switch (command->tag) {
    case COMMAND_WRITE:
        return write_data(command, as, errp);
    case COMMAND_CHECK:
        return check_data(command, as, errp);
    case COMMAND_UNLOCK:
        qemu_log_mask(LOG_UNIMP, "rt1176-boot: unlock command of the device"
                      " configuration data\n");
        return true;
    case COMMAND_NOP:
        return true;
    default:
        error_setg(errp, "device configuration data at 0x%08" PRIx32
                   ": no command 0x%02x", command->address, command->tag);
        return false;
    }
}

bool rt1176_boot_configure(MemoryRegion *flash, uint32_t dcd, AddressSpace *as,
                           Error **errp)
{
    const uint8_t *octets = flash_octets(flash, dcd, 4);
    uint32_t length = octets ? lduw_be_p(octets + 1) : 0;

    if (!octets || octets[0] != DCD_TAG || octets[3] >> 4 != 4 || length < 4 ||
        length > DCD_LENGTH_MAX || !flash_octets(flash, dcd, length)) {
        error_setg(errp, "no device configuration data at 0x%08" PRIx32
                   ", where the image vector table points", dcd);
        return false;
    }
    for (uint32_t n = 4; n < length;) {
        Command command = { .address = dcd + n };

        if (n + 4 <= length) {
            command.tag = octets[n];
            command.length = lduw_be_p(octets + n + 1);
            command.parameter = octets[n + 3];
            command.words = octets + n + 4;
        }
        if (command.length < 4 || n + command.length > length) {
            error_setg(errp, "device configuration data at 0x%08" PRIx32
                       ": a command that is cut short", dcd + n);
            return false;
        }
        if (!execute(&command, as, errp)) {
            return false;
        }
        n += command.length;
    }
    return true;
}
