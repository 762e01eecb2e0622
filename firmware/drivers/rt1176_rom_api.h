/*
 * What the boot ROM of the i.MX RT1176 offers to programs: its API tree, and the FlexSPI NOR driver
 * in it (IMXRT1170RM, chapter "System Boot", "ROM APIs").  Addresses in flash count from its
 * beginning; a status of 0 is success.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_RT1176_ROM_API_H
#define DRIVERS_RT1176_ROM_API_H

#include <stdint.h>

/* Where the tree's address is, by the silicon revision. */
#define ROM_API_TREE_A0 0x0020001cu
#define ROM_API_TREE_B0 0x0021001cu

/* What get_config() makes a configuration block from: the flash describes itself (SFDP). */
#define ROM_NOR_OPTION_SFDP 0xc0000000u

#define ROM_NOR_CONFIG_WORDS 128u

struct rom_nor_driver {
    uint32_t version;
    uint32_t (*init)(uint32_t instance, uint32_t *config);
    uint32_t (*page_program)(uint32_t instance, uint32_t *config, uint32_t to,
                             const uint32_t *from);
    uint32_t (*erase_all)(uint32_t instance, uint32_t *config);
    uint32_t (*erase)(uint32_t instance, uint32_t *config, uint32_t start, uint32_t octets);
    uint32_t (*read)(uint32_t instance, uint32_t *config, uint32_t *to, uint32_t start,
                     uint32_t octets);
    void (*clear_cache)(uint32_t instance);
    uint32_t (*transfer)(uint32_t instance, uint32_t *transfer);
    uint32_t (*update_lut)(uint32_t instance, uint32_t sequence, const uint32_t *lut,
                           uint32_t sequences);
    uint32_t (*get_config)(uint32_t instance, uint32_t *config, const uint32_t *option);
    uint32_t (*erase_sector)(uint32_t instance, uint32_t *config, uint32_t address);
    uint32_t (*erase_block)(uint32_t instance, uint32_t *config, uint32_t address);
    uint32_t reserved;
    uint32_t (*wait_busy)(uint32_t instance, uint32_t *config, uint32_t parallel, uint32_t address);
};

struct rom_api_tree {
    void (*run_bootloader)(void *argument);
    uint32_t version;
    const char *copyright;
    const struct rom_nor_driver *nor;
};

#endif
