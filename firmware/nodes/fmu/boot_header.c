/*
 * What the boot ROM reads from FlexSPI flash before it starts the Cortex-M7 (IMXRT1170RM, chapter
 * "System Boot": "FlexSPI NOR configuration block", "Image vector table and boot data").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

/* Given by the linker script. */
extern const uint8_t flash_start[], image_size[], vector_table[];

/* FlexSPI configuration block of a serial NOR flash that is read by single-wire commands. */
struct flexspi_nor_config {
    uint32_t tag;
    uint32_t version;
    uint32_t reserved_0;
    uint8_t read_sample_clock_source; /* 1: looped back from the DQS pad */
    uint8_t cs_hold_time;
    uint8_t cs_setup_time;
    uint8_t reserved_1[53];
    uint8_t device_type;     /* 1: serial NOR */
    uint8_t pad_type;        /* 1: single */
    uint8_t clock_frequency; /* 1: 30 MHz */
    uint8_t lut_custom;
    uint8_t reserved_2[8];
    uint32_t flash_a1_octets;
    uint8_t reserved_3[44];
    uint32_t lut[64];
    uint8_t reserved_4[64];
    uint32_t page_octets;
    uint32_t sector_octets;
    uint8_t reserved_5[56];
};

_Static_assert(sizeof(struct flexspi_nor_config) == 512, "the boot ROM reads 512 octets");
_Static_assert(__builtin_offsetof(struct flexspi_nor_config, device_type) == 0x44, "deviceType");
_Static_assert(__builtin_offsetof(struct flexspi_nor_config, flash_a1_octets) == 0x50, "sflashA1");
_Static_assert(__builtin_offsetof(struct flexspi_nor_config, lut) == 0x80, "lookupTable");
_Static_assert(__builtin_offsetof(struct flexspi_nor_config, page_octets) == 0x1c0, "pageSize");

/* Two instructions of a look-up table: opcode 6, pads 2, operand 8 bits each. */
#define LUT(op0, arg0, op1, arg1) \
    ((uint32_t)(op0) << 10 | (arg0) | (uint32_t)(op1) << 26 | (uint32_t)(arg1) << 16)
enum lut_opcode { LUT_STOP = 0x00, LUT_COMMAND = 0x01, LUT_ADDRESS = 0x02, LUT_READ = 0x09 };

__attribute__((section(".boot_config"), used)) const struct flexspi_nor_config boot_config = {
    .tag = 0x42464346u, /* "FCFB" */
    .version = 0x56010400u,
    .read_sample_clock_source = 1,
    .cs_hold_time = 3,
    .cs_setup_time = 3,
    .device_type = 1,
    .pad_type = 1,
    .clock_frequency = 1,
    .flash_a1_octets = 16u << 20,
    .lut = {LUT(LUT_COMMAND, 0x03, LUT_ADDRESS, 24), LUT(LUT_READ, 4, LUT_STOP, 0)},
    .page_octets = 256,
    .sector_octets = 4096,
};

static const struct {
    const uint8_t *start;
    const uint8_t *octets;
    uint32_t plugin;
} boot_data = {flash_start, image_size, 0};

__attribute__((section(".image_vector_table"), used)) const struct {
    uint8_t tag;
    uint8_t length_big_endian[2];
    uint8_t version;
    const uint8_t *entry; /* the boot ROM takes it for the vector table */
    uint32_t reserved_1;
    const void *device_configuration;
    const void *boot_data;
    const void *self;
    const void *command_sequence;
    uint32_t reserved_2;
} image_vector_table = {
    .tag = 0xd1,
    .length_big_endian = {0, 32},
    .version = 0x41,
    .entry = vector_table,
    .boot_data = &boot_data,
    .self = &image_vector_table,
};
