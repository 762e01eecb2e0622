/*
 * Vector table and reset handler of the images of the RT1176's boot.  Data lie in OCRAM behind what
 * the boot ROM uses of it (IMXRT1170RM, chapter "System Boot"), so that FlexRAM can be laid out
 * anew under way.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "images/rt1176boot/board.h"
#include "seam.h"

extern uint32_t stack_top[], data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_load[];

void reset_entry(void);
void tick_entry(void);

uint32_t mmio_read32(uint32_t address)
{
    return *(volatile uint32_t *)address;
}

void mmio_write32(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}

static void hang(void)
{
    board_say("unexpected exception\n");
    for (;;) {
    }
}

typedef void (*boot_vector)(void);

__attribute__((section(".vectors.core"), used)) static const boot_vector vectors[16] = {
    [0] = (boot_vector)stack_top,
    [1] = reset_entry,
    [2 ... 14] = hang,
    [15] = tick_entry,
};

void reset_entry(void)
{
    const uint32_t *from = data_load;

    for (uint32_t *to = data_start; to < data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = bss_start; to < bss_end; to++) {
        *to = 0;
    }
    image_main();
}
