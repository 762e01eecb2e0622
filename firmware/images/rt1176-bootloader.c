/*
 * rt1176-bootloader: a boot loader of the class that flight controllers have, in the first 128 KiB
 * of flash.  It sets up FlexRAM, MPU, caches and clocks, looks at what SNVS and USB say, and starts
 * the application behind it; asked to stay (LPGPR3) it programs flash through the boot ROM's API
 * first (IMXRT1170RM, chapters "System Boot", "SNVS").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>

#include "drivers/rt1176_rom_api.h"
#include "images/program.h"
#include "images/rt1176boot/board.h"
#include "nodes/cortexm_regs.h"
#include "seam.h"

#define DIFPROG_B0    0x10u
#define FLEXSPI1      1u
#define PAGE_WORDS    64u
#define FLEXRAM_OCRAM 0x20380000u
#define VBUS_3V_VALID (1u << 4)

static const struct program application = {.vectors = BOOT_APPLICATION,
                                           .flash_end = BOOT_FLASH + (16u << 20),
                                           .ram = 0x20000000u,
                                           .ram_end = 0x20400000u};

static uint32_t config[ROM_NOR_CONFIG_WORDS];

static const struct rom_nor_driver *nor_driver(void)
{
    const uint32_t pointer =
        mmio_read32(BOOT_DIFPROG) & DIFPROG_B0 ? ROM_API_TREE_B0 : ROM_API_TREE_A0;

    return ((const struct rom_api_tree *)mmio_read32(pointer))->nor;
}

/* Flash does not answer while it is programmed: no interrupt may be taken from it. */
static bool leave_note(const struct rom_nor_driver *nor, const uint32_t *note)
{
    const uint32_t option = ROM_NOR_OPTION_SFDP;
    bool good;

    __asm__ volatile("cpsid i" ::: "memory");
    good = nor->get_config(FLEXSPI1, config, &option) == 0 && nor->init(FLEXSPI1, config) == 0 &&
           nor->erase(FLEXSPI1, config, BOOT_NOTE, 4096) == 0 &&
           nor->page_program(FLEXSPI1, config, BOOT_NOTE, note) == 0;
    nor->clear_cache(FLEXSPI1);
    __asm__ volatile("cpsie i" ::: "memory");
    return good;
}

static void program_note(void)
{
    uint32_t note[PAGE_WORDS];
    uint32_t right = 0;

    for (uint32_t n = 0; n < PAGE_WORDS; n++) {
        note[n] = 0x600d0000u + n;
    }
    board_say(leave_note(nor_driver(), note) ? "bootloader: programmed " : "bootloader: failed ");
    for (uint32_t n = 0; n < PAGE_WORDS; n++) {
        right += mmio_read32(BOOT_FLASH + BOOT_NOTE + 4u * n) == note[n];
    }
    board_say_hex(right);
    board_say(" words\n");
}

static void start_application(void)
{
    if (!program_is_there(&application)) {
        board_say("bootloader: no application\n");
        return;
    }
    board_say("bootloader: starts the application\n");
    mmio_write32(SYST_CSR, 0);
    program_start(&application);
}

static void say_state(void)
{
    mmio_write32(FLEXRAM_OCRAM, 0x5a5a5a5au);
    board_say("bootloader: FlexRAM ");
    board_say(mmio_read32(FLEXRAM_OCRAM) == 0x5a5a5a5au ? "as OCRAM" : "damaged");
    board_say(mmio_read32(BOOT_VBUS_DETECT_STATUS) & VBUS_3V_VALID ? ", USB\n"
                                                                   : ", no USB cable\n");
    board_say("bootloader: reason ");
    board_say_hex(mmio_read32(BOOT_LPGPR3));
    board_say("\n");
}

int main(void)
{
    uint32_t reason;

    board_flexram();
    board_memory();
    board_clocks();
    board_console();
    board_ticks();
    reason = mmio_read32(BOOT_LPGPR3);
    say_state();
    if (reason == BOOT_STAY) {
        mmio_write32(BOOT_LPGPR3, 0);
        program_note();
        board_reset();
    }
    start_application();
    for (;;) {
        __asm__ volatile("wfi");
    }
}
