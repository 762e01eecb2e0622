/*
 * Erases, programs and reads flash through the boot ROM's API tree, and prints
 * what it sees.  TREE_POINTER and CLEAR_CACHE: where the silicon revision has them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/rt1176_rom_api.h"
#include "rt1176_regs.h"

#ifndef TREE_POINTER
#define TREE_POINTER ROM_API_TREE_A0
#define CLEAR_CACHE  0x0020426bu
#endif

#define INSTANCE 1u
#define FLASH    0x30000000u
#define PLACE    0x00080000u
#define FLEXSPI1 0x400cc000u

static uint32_t config[ROM_NOR_CONFIG_WORDS], page[64], back[64];

static void say(const char *what, uint32_t value)
{
    console_text(what);
    console_text(" ");
    console_hex(value);
    console_text("\n");
}

/* How many words of the page are as they should be. */
static uint32_t right_words(const volatile uint32_t *words, uint32_t offset)
{
    uint32_t right = 0;

    for (uint32_t n = 0; n < 64; n++) {
        right += words[n] == n * 0x01010101u + offset;
    }
    return right;
}

static void program(const struct rom_nor_driver *nor)
{
    const volatile uint32_t *flash = (const volatile uint32_t *)(FLASH + PLACE);

    for (uint32_t n = 0; n < 64; n++) {
        page[n] = n * 0x01010101u + 7u;
    }
    say("blank", flash[1]);
    say("program", nor->page_program(INSTANCE, config, PLACE, page));
    say("right", right_words(flash, 7));
    say("read", nor->read(INSTANCE, config, back, PLACE, sizeof(back)));
    say("right", right_words(back, 7));
    say("erase_sector", nor->erase_sector(INSTANCE, config, PLACE));
    say("blank", flash[1]);
    say("program", nor->page_program(INSTANCE, config, PLACE + 0x1000u, page));
    say("erase", nor->erase(INSTANCE, config, PLACE, 0x2000u));
    say("blank", *(const volatile uint32_t *)(FLASH + PLACE + 0x1004u));
    say("program", nor->page_program(INSTANCE, config, PLACE, page));
    say("erase_block", nor->erase_block(INSTANCE, config, PLACE));
    say("blank", flash[1]);
}

static void other_calls(const struct rom_nor_driver *nor)
{
    /* CMD 0x9f, READ */
    const uint32_t lut[4] = {0x1u << 10 | 0x9fu | (0x9u << 10 | 0x4u) << 16, 0, 0, 0};
    uint32_t transfer[9] = {0, 0, 14, 1, 0, 0, 0, (uint32_t)back, 3};

    back[0] = 0;
    say("update_lut", nor->update_lut(INSTANCE, 14, lut, 1));
    say("xfer", nor->transfer(INSTANCE, transfer));
    say("identification", back[0] & 0xffffffu);
    say("wait_busy", nor->wait_busy(INSTANCE, config, 0, 0));
    say("clear_cache", ((uint32_t(*)(uint32_t))CLEAR_CACHE)(INSTANCE));
    say("other instance", nor->erase_sector(2, config, PLACE));
}

int main(void)
{
    const struct rom_api_tree *tree = *(const struct rom_api_tree *const *)TREE_POINTER;
    const uint32_t option = ROM_NOR_OPTION_SFDP, no_option = 0x10000000u;

    console_start();
    say("name", tree->version >> 24);
    say("copyright", tree->copyright[0] != '\0');
    say("driver", tree->nor->version >> 24);
    say("bad option", tree->nor->get_config(INSTANCE, config, &no_option));
    say("get_config", tree->nor->get_config(INSTANCE, config, &option));
    say("tag", config[0]);
    say("size", config[0x50 / 4]);
    say("page", config[0x1c0 / 4]);
    say("sector", config[0x1c4 / 4]);
    config[0]++;
    say("bad tag", tree->nor->init(INSTANCE, config));
    config[0]--;
    say("init", tree->nor->init(INSTANCE, config));
    say("sampled by", REG(FLEXSPI1) >> 4 & 3u);
    program(tree->nor);
    other_calls(tree->nor);
    return 0;
}
