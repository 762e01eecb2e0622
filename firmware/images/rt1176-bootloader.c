/*
 * rt1176-bootloader: a boot loader of the class that flight controllers have, in the first 128 KiB
 * of flash.  It sets up FlexRAM, MPU, caches and clocks, looks at what SNVS and USB say, and starts
 * the application behind it; asked to stay (LPGPR3) it programs flash through the boot ROM's API
 * first (IMXRT1170RM, chapters "System Boot", "SNVS").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>

#include "images/rt1176boot/board.h"
#include "seam.h"

#define TREE_A0        0x0020001cu
#define TREE_B0        0x0021001cu
#define DIFPROG_B0     0x10u
#define FLEXSPI1       1u
#define PAGE_WORDS     64u
#define CONFIG_WORDS   128u
#define OPTION_DEFAULT 0xc0000000u
#define RAM_START      0x20000000u
#define RAM_END        0x20400000u
#define FLEXRAM_OCRAM  0x20380000u
#define VBUS_3V_VALID  (1u << 4)

enum { SYST_CSR = 0xe000e010, SCB_VTOR = 0xe000ed08 };

/* The FlexSPI NOR driver of the boot ROM. */
struct nor_driver {
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
};

struct api_tree {
    void (*run_bootloader)(void *argument);
    uint32_t version;
    const char *copyright;
    const struct nor_driver *nor;
};

static uint32_t config[CONFIG_WORDS];

static const struct nor_driver *nor_driver(void)
{
    const uint32_t pointer = mmio_read32(BOOT_DIFPROG) & DIFPROG_B0 ? TREE_B0 : TREE_A0;

    return ((const struct api_tree *)mmio_read32(pointer))->nor;
}

/* Flash does not answer while it is programmed: no interrupt may be taken from it. */
static bool leave_note(const struct nor_driver *nor, const uint32_t *note)
{
    const uint32_t option = OPTION_DEFAULT;
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

static bool is_vector_table(uint32_t stack, uint32_t start)
{
    return stack % 8u == 0 && stack > RAM_START && stack <= RAM_END && start % 2u == 1u &&
           start > BOOT_APPLICATION && start < BOOT_FLASH + (16u << 20);
}

__attribute__((naked, noreturn)) static void jump(uint32_t stack, uint32_t start)
{
    (void)stack;
    (void)start;
    __asm__ volatile("msr msp, r0\n\tbx r1");
}

static void start_application(void)
{
    const uint32_t stack = mmio_read32(BOOT_APPLICATION);
    const uint32_t start = mmio_read32(BOOT_APPLICATION + 4u);

    if (!is_vector_table(stack, start)) {
        board_say("bootloader: no application\n");
        return;
    }
    board_say("bootloader: starts the application\n");
    mmio_write32(SYST_CSR, 0);
    mmio_write32(SCB_VTOR, BOOT_APPLICATION);
    jump(stack, start);
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

void image_main(void)
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
