/*
 * The FlexSPI NOR driver of the i.MX RT1176's boot ROM (IMXRT1170RM, chapter
 * "System Boot", "ROM API": FlexSPI NOR driver; layout of the configuration
 * block there): each call becomes sequences of the lookup table, as the ROM's
 * code would run them on FlexSPI1.  See docs/devices/rt1176-rom.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/host-utils.h"
#include "qemu/log.h"
#include "rt1176_rom_internal.h"

/* Results of a call. */
#define STATUS_SUCCESS 0
#define STATUS_FAIL 1
#define STATUS_INVALID_ARGUMENT 4

#define FLEXSPI1_INSTANCE 1

/* Sequences of the lookup table. */
enum {
    SEQUENCE_READ = 0,
    SEQUENCE_WRITE_ENABLE = 3,
    SEQUENCE_WRITE_ENABLE_OCTAL = 4,
    SEQUENCE_ERASE_SECTOR = 5,
    SEQUENCE_ERASE_BLOCK = 8,
    SEQUENCE_PROGRAM = 9,
    SEQUENCE_ERASE_CHIP = 11,
};

/* Words of the configuration block. */
enum {
    CONFIG_TAG = 0x000 / 4,
    CONFIG_VERSION = 0x004 / 4,
    CONFIG_SAMPLE_CLOCK = 0x00c / 4,    /* octet 0 */
    CONFIG_DEVICE_MODE = 0x010 / 4,     /* octet 0: enable */
    CONFIG_DEVICE_SEQUENCE = 0x014 / 4, /* octet 0: how many, 1: which */
    CONFIG_DEVICE_ARGUMENT = 0x018 / 4,
    CONFIG_COMMANDS = 0x01c / 4,        /* octet 0: enable */
    CONFIG_COMMAND_SEQUENCES = 0x020 / 4,
    CONFIG_COMMAND_ARGUMENTS = 0x030 / 4,
    CONFIG_DEVICE_TYPE = 0x044 / 4,
    CONFIG_FLASH_SIZE = 0x050 / 4,
    CONFIG_LUT = 0x080 / 4,
    CONFIG_PAGE_SIZE = 0x1c0 / 4,
    CONFIG_SECTOR_SIZE = 0x1c4 / 4,
    CONFIG_BLOCK_SIZE = 0x1d0 / 4,
    CONFIG_WORDS = 0x200 / 4,
};
#define CONFIG_TAG_VALUE 0x42464346    /* "FCFB" */
#define CONFIG_VERSION_VALUE 0x56010400 /* "V", 1.4.0 */
#define CONFIG_COMMANDS_MAX 3
#define SIZES_WORDS (CONFIG_SECTOR_SIZE - CONFIG_PAGE_SIZE + 1)
#define OPTION_TAG 0xc

/* Words of a transfer. */
enum {
    XFER_ADDRESS = 1,
    XFER_SEQUENCE = 2,
    XFER_TX_BUFFER = 5,
    XFER_TX_SIZE = 6,
    XFER_RX_BUFFER = 7,
    XFER_RX_SIZE = 8,
    XFER_WORDS = 9
};

/* How far a call has come. */
enum { STAGE_CONFIG, STAGE_DATA };

#define BUFFER_OCTETS (4 * RT1176_ROM_BUFFER_WORDS)

/* ---- what the core is to do ---- */

static void finish(Rt1176RomState *s, uint32_t result)
{
    s->result = result;
    s->phase = PHASE_DONE;
}

static void move_words(Rt1176RomState *s, uint32_t phase, uint32_t address,
                       uint32_t words)
{
    s->phase = phase;
    s->address = address;
    s->words_left = words;
    s->words_done = 0;
}

/* ---- flash ---- */

static bool run(Rt1176RomState *s, unsigned sequence, uint32_t address,
                uint32_t octets)
{
    uint8_t octet[BUFFER_OCTETS];
    bool good;

    for (unsigned n = 0; n < RT1176_ROM_BUFFER_WORDS; n++) {
        stl_le_p(octet + 4 * n, s->buffer[n]);
    }
    good = rt1176_flexspi_run(s->flexspi, sequence, address, octet, octets);
    for (unsigned n = 0; n < RT1176_ROM_BUFFER_WORDS; n++) {
        s->buffer[n] = ldl_le_p(octet + 4 * n);
    }
    return good;
}

/* Write enable, then @sequence; flash is busy after it. */
static void change_flash(Rt1176RomState *s, unsigned sequence,
                         uint32_t address, uint32_t octets)
{
    unsigned enable = s->flexspi->nor.octal ? SEQUENCE_WRITE_ENABLE_OCTAL
                                            : SEQUENCE_WRITE_ENABLE;

    s->phase = PHASE_BUSY;
    if (!run(s, enable, address, 0) || !run(s, sequence, address, octets)) {
        finish(s, STATUS_FAIL);
    }
}

static void erase_next(Rt1176RomState *s)
{
    uint32_t address = s->flash_address;

    if (s->octets_left == 0) {
        finish(s, STATUS_SUCCESS);
        return;
    }
    s->flash_address += s->sector_size;
    s->octets_left -= s->sector_size;
    change_flash(s, SEQUENCE_ERASE_SECTOR, address, 0);
}

static void read_next(Rt1176RomState *s)
{
    uint32_t octets = MIN(s->octets_left, BUFFER_OCTETS);

    if (octets == 0) {
        finish(s, STATUS_SUCCESS);
        return;
    }
    if (!run(s, SEQUENCE_READ, s->flash_address, octets)) {
        finish(s, STATUS_FAIL);
        return;
    }
    move_words(s, PHASE_GIVE, s->argument[2], DIV_ROUND_UP(octets, 4));
    s->argument[2] += octets;
    s->flash_address += octets;
    s->octets_left -= octets;
}

/* ---- init() ---- */

static unsigned octet_of(const Rt1176RomState *s, unsigned word, unsigned octet)
{
    return extract32(s->buffer[word], 8 * octet, 8);
}

static void run_device_command(Rt1176RomState *s, uint32_t sequence,
                               uint32_t argument)
{
    if (extract32(sequence, 0, 8) == 0) {
        return;
    }
    run(s, SEQUENCE_WRITE_ENABLE, 0, 0);
    s->buffer[0] = argument;
    run(s, extract32(sequence, 8, 8), 0, 1);
}

static void initialize(Rt1176RomState *s)
{
    uint32_t config[RT1176_ROM_BUFFER_WORDS];

    memcpy(config, s->buffer, sizeof(config));
    if (config[CONFIG_TAG] != CONFIG_TAG_VALUE) {
        finish(s, STATUS_INVALID_ARGUMENT);
        return;
    }
    rt1176_flexspi_load_lut(s->flexspi, &config[CONFIG_LUT]);
    rt1176_flexspi_set_up(s->flexspi, octet_of(s, CONFIG_SAMPLE_CLOCK, 0) & 3,
                          config[CONFIG_FLASH_SIZE]);
    if (octet_of(s, CONFIG_DEVICE_MODE, 0)) {
        run_device_command(s, config[CONFIG_DEVICE_SEQUENCE],
                           config[CONFIG_DEVICE_ARGUMENT]);
    }
    for (unsigned n = 0; (config[CONFIG_COMMANDS] & 0xff) &&
                         n < CONFIG_COMMANDS_MAX; n++) {
        run_device_command(s, config[CONFIG_COMMAND_SEQUENCES + n],
                           config[CONFIG_COMMAND_ARGUMENTS + n]);
    }
    finish(s, STATUS_SUCCESS);
}

/* ---- get_config() ---- */

#define INSTRUCTIONS(op0, operand0, op1, operand1) \
    ((op0) << 10 | (operand0) | (uint32_t)(op1) << 26 | (operand1) << 16)

/* Single-bit commands with three octets of address. */
static void make_config(Rt1176RomState *s)
{
    static const struct {
        unsigned sequence;
        uint32_t word[2];
    } lut[] = {
        { SEQUENCE_READ, { INSTRUCTIONS(1, 0x03, 2, 24),
                           INSTRUCTIONS(9, 4, 0, 0) } },
        { 1, { INSTRUCTIONS(1, 0x05, 9, 4) } }, /* status */
        { SEQUENCE_WRITE_ENABLE, { INSTRUCTIONS(1, 0x06, 0, 0) } },
        { SEQUENCE_ERASE_SECTOR, { INSTRUCTIONS(1, 0x20, 2, 24) } },
        { SEQUENCE_ERASE_BLOCK, { INSTRUCTIONS(1, 0xd8, 2, 24) } },
        { SEQUENCE_PROGRAM, { INSTRUCTIONS(1, 0x02, 2, 24),
                              INSTRUCTIONS(8, 4, 0, 0) } },
        { SEQUENCE_ERASE_CHIP, { INSTRUCTIONS(1, 0xc7, 0, 0) } },
    };
    uint32_t *config = s->buffer;

    memset(config, 0, BUFFER_OCTETS);
    config[CONFIG_TAG] = CONFIG_TAG_VALUE;
    config[CONFIG_VERSION] = CONFIG_VERSION_VALUE;
    config[CONFIG_SAMPLE_CLOCK] = 0x00030301; /* DQS loop-back; CS times 3 */
    config[CONFIG_DEVICE_TYPE] = 0x00010101;  /* NOR, one pad, 30 MHz */
    config[CONFIG_FLASH_SIZE] = memory_region_size(s->flash);
    for (unsigned n = 0; n < ARRAY_SIZE(lut); n++) {
        config[CONFIG_LUT + 4 * lut[n].sequence] = lut[n].word[0];
        config[CONFIG_LUT + 4 * lut[n].sequence + 1] = lut[n].word[1];
    }
    config[CONFIG_PAGE_SIZE] = RT1176_NOR_PAGE_SIZE;
    config[CONFIG_SECTOR_SIZE] = RT1176_NOR_SECTOR_SIZE;
    config[CONFIG_BLOCK_SIZE] = RT1176_NOR_BLOCK_SIZE;
}

static void get_config(Rt1176RomState *s)
{
    if (extract32(s->buffer[0], 28, 4) != OPTION_TAG) {
        finish(s, STATUS_INVALID_ARGUMENT);
        return;
    }
    make_config(s);
    move_words(s, PHASE_GIVE, s->argument[1], CONFIG_WORDS);
}

/* ---- xfer() and update_lut() ---- */

static void transfer(Rt1176RomState *s)
{
    uint32_t sequence = s->buffer[XFER_SEQUENCE];
    uint32_t address = s->buffer[XFER_ADDRESS];
    uint32_t tx_buffer = s->buffer[XFER_TX_BUFFER];
    uint32_t tx_size = s->buffer[XFER_TX_SIZE];
    uint32_t rx_buffer = s->buffer[XFER_RX_BUFFER];
    uint32_t rx_size = s->buffer[XFER_RX_SIZE];

    if (tx_size > BUFFER_OCTETS || rx_size > BUFFER_OCTETS ||
        (tx_size && rx_size)) {
        finish(s, STATUS_INVALID_ARGUMENT);
        return;
    }
    s->argument[2] = sequence;
    s->flash_address = address;
    s->octets_left = tx_size;
    if (tx_size) {
        move_words(s, PHASE_TAKE, tx_buffer, DIV_ROUND_UP(tx_size, 4));
        return;
    }
    if (!run(s, sequence, address, rx_size)) {
        finish(s, STATUS_FAIL);
    } else if (rx_size) {
        move_words(s, PHASE_GIVE, rx_buffer, DIV_ROUND_UP(rx_size, 4));
    } else {
        finish(s, STATUS_SUCCESS);
    }
}

static bool lut_has(uint32_t first, uint32_t count)
{
    const uint32_t sequences = RT1176_FLEXSPI_LUT_WORDS / 4;

    return count > 0 && count <= sequences && first <= sequences - count;
}

/* Software can reach the arguments while the words are on their way. */
static void update_lut(Rt1176RomState *s)
{
    uint32_t lut[RT1176_FLEXSPI_LUT_WORDS];
    uint32_t first = 4 * s->argument[1];

    if (!lut_has(s->argument[1], s->argument[3])) {
        finish(s, STATUS_INVALID_ARGUMENT);
        return;
    }
    for (unsigned n = 0; n < RT1176_FLEXSPI_LUT_WORDS; n++) {
        lut[n] = rt1176_flexspi_lut_word(s->flexspi, n);
    }
    memcpy(&lut[first], s->buffer, 16 * s->argument[3]);
    rt1176_flexspi_load_lut(s->flexspi, lut);
    finish(s, STATUS_SUCCESS);
}

/* ---- calls ---- */

/* The configuration's sizes are in; false: it has none that can be. */
static bool take_sizes(Rt1176RomState *s)
{
    s->page_size = s->buffer[0];
    s->sector_size = s->buffer[CONFIG_SECTOR_SIZE - CONFIG_PAGE_SIZE];
    return s->page_size >= 4 && s->page_size <= BUFFER_OCTETS &&
           is_power_of_2(s->sector_size);
}

static void start_erase(Rt1176RomState *s)
{
    uint32_t start = s->argument[2], length = s->argument[3];

    s->flash_address = start - start % s->sector_size;
    s->octets_left = ROUND_UP(start + length, s->sector_size) -
                     s->flash_address;
    erase_next(s);
}

static void config_taken(Rt1176RomState *s)
{
    s->stage = STAGE_DATA;
    if (!take_sizes(s)) {
        finish(s, STATUS_INVALID_ARGUMENT);
        return;
    }
    switch (s->call) {
    case ROM_PAGE_PROGRAM:
        move_words(s, PHASE_TAKE, s->argument[3], s->page_size / 4);
        break;
    case ROM_ERASE:
        start_erase(s);
        break;
    case ROM_ERASE_SECTOR:
        change_flash(s, SEQUENCE_ERASE_SECTOR, s->argument[2], 0);
        break;
    case ROM_ERASE_BLOCK:
        change_flash(s, SEQUENCE_ERASE_BLOCK, s->argument[2], 0);
        break;
    case ROM_ERASE_ALL:
        change_flash(s, SEQUENCE_ERASE_CHIP, 0, 0);
        break;
    case ROM_READ:
        s->flash_address = s->argument[3];
        s->octets_left = s->argument[4];
        read_next(s);
        break;
    }
}

static void data_taken(Rt1176RomState *s)
{
    switch (s->call) {
    case ROM_INIT:
        initialize(s);
        break;
    case ROM_GET_CONFIG:
        get_config(s);
        break;
    case ROM_UPDATE_LUT:
        update_lut(s);
        break;
    case ROM_PAGE_PROGRAM:
        change_flash(s, SEQUENCE_PROGRAM, s->argument[2], s->page_size);
        break;
    case ROM_XFER:
        finish(s, run(s, s->argument[2], s->flash_address, s->octets_left)
                      ? STATUS_SUCCESS
                      : STATUS_FAIL);
        break;
    }
}

void rt1176_rom_take(Rt1176RomState *s, uint32_t word)
{
    if (s->phase != PHASE_TAKE) {
        return;
    }
    s->buffer[s->words_done++] = word;
    s->address += 4;
    if (--s->words_left) {
        return;
    }
    if (s->stage == STAGE_DATA) {
        data_taken(s);
    } else if (s->call == ROM_XFER) {
        s->stage = STAGE_DATA;
        transfer(s);
    } else {
        config_taken(s);
    }
}

uint32_t rt1176_rom_give(Rt1176RomState *s)
{
    uint32_t word;

    if (s->phase != PHASE_GIVE) {
        return 0;
    }
    word = s->buffer[s->words_done++];
    s->address += 4;
    if (--s->words_left == 0) {
        if (s->call == ROM_READ) {
            read_next(s);
        } else {
            finish(s, STATUS_SUCCESS);
        }
    }
    return word;
}

uint32_t rt1176_rom_phase(Rt1176RomState *s)
{
    if (s->phase == PHASE_BUSY && s->call != ROM_RUN_BOOTLOADER &&
        !rt1176_nor_busy(&s->flexspi->nor)) {
        if (s->call == ROM_ERASE) {
            erase_next(s);
        } else {
            finish(s, STATUS_SUCCESS);
        }
    }
    return s->phase;
}

static void call_with_data(Rt1176RomState *s, uint32_t address, uint32_t words)
{
    s->stage = STAGE_DATA;
    move_words(s, PHASE_TAKE, address, words);
}

static void call_update_lut(Rt1176RomState *s)
{
    if (!lut_has(s->argument[1], s->argument[3])) {
        finish(s, STATUS_INVALID_ARGUMENT);
        return;
    }
    call_with_data(s, s->argument[2], 4 * s->argument[3]);
}

void rt1176_rom_call(Rt1176RomState *s, uint32_t call)
{
    s->call = call;
    s->stage = STAGE_CONFIG;
    if (call == ROM_RUN_BOOTLOADER) {
        qemu_log_mask(LOG_UNIMP, "rt1176-rom: runBootloader(): nothing is"
                      " downloaded, the core waits for good\n");
        s->phase = PHASE_BUSY;
        return;
    }
    if (call >= ROM_CALLS || s->argument[0] != FLEXSPI1_INSTANCE) {
        finish(s, STATUS_INVALID_ARGUMENT);
        return;
    }
    switch (call) {
    case ROM_INIT:
        call_with_data(s, s->argument[1], CONFIG_WORDS);
        break;
    case ROM_GET_CONFIG:
        call_with_data(s, s->argument[2], 1);
        break;
    case ROM_UPDATE_LUT:
        call_update_lut(s);
        break;
    case ROM_XFER:
        move_words(s, PHASE_TAKE, s->argument[1], XFER_WORDS);
        break;
    case ROM_CLEAR_CACHE:
        finish(s, STATUS_SUCCESS);
        break;
    case ROM_WAIT_BUSY:
        s->phase = PHASE_BUSY;
        break;
    default:
        move_words(s, PHASE_TAKE, s->argument[1] + 4 * CONFIG_PAGE_SIZE,
                   SIZES_WORDS);
    }
}

void rt1176_rom_forget(Rt1176RomState *s)
{
    memset(s->argument, 0, sizeof(s->argument));
    memset(s->buffer, 0, sizeof(s->buffer));
    s->call = s->stage = s->result = 0;
    s->address = s->words_left = s->words_done = 0;
    s->flash_address = s->octets_left = 0;
    s->page_size = s->sector_size = 0;
    s->phase = PHASE_DONE;
}
