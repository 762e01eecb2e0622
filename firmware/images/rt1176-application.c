/*
 * rt1176-application: what rt1176-bootloader starts.  It says where it runs and that its SysTick
 * comes; in its first start it asks the boot loader to stay, in the next it reads what that has
 * left in flash.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/rt1176boot/board.h"
#include "nodes/cortexm_regs.h"
#include "seam.h"

#define TICKS 3u

int main(void)
{
    const uint32_t start = mmio_read32(BOOT_LPGPR2) + 1u;

    mmio_write32(BOOT_LPGPR2, start);
    board_say("application: start ");
    board_say_hex(start);
    board_say(", vector table ");
    board_say_hex(mmio_read32(SCB_VTOR));
    board_say("\n");
    board_ticks();
    while (board_milliseconds() < TICKS) {
        __asm__ volatile("wfi");
    }
    board_say("application: ticks\n");
    if (start == 1) {
        mmio_write32(BOOT_LPGPR3, BOOT_STAY);
        board_reset();
    }
    board_say("application: note ");
    board_say_hex(mmio_read32(BOOT_FLASH + BOOT_NOTE + 4u));
    board_say("\n");
    for (;;) {
        __asm__ volatile("wfi");
    }
}
