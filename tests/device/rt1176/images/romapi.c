/*
 * Erases, programs and reads flash through the boot ROM's API tree, and prints
 * what it sees.  TREE_POINTER and CLEAR_CACHE: where the silicon revision has them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

#ifndef TREE_POINTER
#define TREE_POINTER 0x0020001cu
#define CLEAR_CACHE  0x0020426bu
#endif

#define INSTANCE 1u
#define FLASH    0x30000000u
#define PLACE    0x00080000u
#define FLEXSPI1 0x400cc000u

typedef struct {
    uint32_t version;
    uint32_t (*init)(uint32_t instance, uint32_t *config);
    uint32_t (*page_program)(uint32_t instance, uint32_t *config, uint32_t to,
                             const uint32_t *from);
    uint32_t (*erase_all)(uint32_t instance, uint32_t *config);
    uint32_t (*erase)(uint32_t instance, uint32_t *config, uint32_t start, uint32_t length);
    uint32_t (*read)(uint32_t instance, uint32_t *config, uint32_t *to, uint32_t start,
                     uint32_t octets);
    uint32_t (*clear_cache)(uint32_t instance);
    uint32_t (*xfer)(uint32_t instance, uint32_t *transfer);
    uint32_t (*update_lut)(uint32_t instance, uint32_t sequence, const uint32_t *lut,
                           uint32_t sequences);
    uint32_t (*get_config)(uint32_t instance, uint32_t *config, const uint32_t *option);
    uint32_t (*erase_sector)(uint32_t instance, uint32_t *config, uint32_t address);
    uint32_t (*erase_block)(uint32_t instance, uint32_t *config, uint32_t address);
    uint32_t reserved0;
    uint32_t (*wait_busy)(uint32_t instance, uint32_t *config, uint32_t parallel, uint32_t address);
} NorDriver;

typedef struct {
    void (*run_bootloader)(void *argument);
    uint32_t version;
    const char *copyright;
    const NorDriver *nor;
} Tree;

static uint32_t config[128], page[64], back[64];

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

static void program(const NorDriver *nor)
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

static void other_calls(const NorDriver *nor)
{
    /* CMD 0x9f, READ */
    const uint32_t lut[4] = {0x1u << 10 | 0x9fu | (0x9u << 10 | 0x4u) << 16, 0, 0, 0};
    uint32_t transfer[9] = {0, 0, 14, 1, 0, 0, 0, (uint32_t)back, 3};

    back[0] = 0;
    say("update_lut", nor->update_lut(INSTANCE, 14, lut, 1));
    say("xfer", nor->xfer(INSTANCE, transfer));
    say("identification", back[0] & 0xffffffu);
    say("wait_busy", nor->wait_busy(INSTANCE, config, 0, 0));
    say("clear_cache", ((uint32_t(*)(uint32_t))CLEAR_CACHE)(INSTANCE));
    say("other instance", nor->erase_sector(2, config, PLACE));
}

int main(void)
{
    const Tree *tree = *(const Tree *const *)TREE_POINTER;
    const uint32_t option = 0xc0000000u, no_option = 0x10000000u;

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
