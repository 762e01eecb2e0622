/*
 * Erases the sector that its image vector table is in, and resets the M7; the M4, which has been
 * given a loop that waits for that, ends the run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

#define FLEXSPI1        0x400cc000u
#define IVT             REG(0x30001000u)
#define SRC_CTRL_M7CORE REG(0x40c042a4u)

/* Counts down, then asks for a reset of the part. */
__asm__(".section .rodata.late_reset, \"a\"\n"
        ".balign 128\n"
        "late_reset:\n"
        "  .word 0x20221000, 0x20200000 + (late_start - late_reset) + 1\n"
        ".thumb_func\n"
        "late_start:\n"
        "  movw r0, #0\n"
        "  movt r0, #0x40\n"
        "1: subs r0, #1\n"
        "  bne 1b\n"
        "  movw r0, #0xed0c\n"
        "  movt r0, #0xe000\n"
        "  movw r1, #0x0004\n"
        "  movt r1, #0x05fa\n"
        "  str r1, [r0]\n"
        "2: b 2b\n"
        "  .balign 4\n"
        "late_end:\n"
        ".previous\n");
extern const uint32_t late_reset[], late_end[];

/* Write enable, then erase: two sequences. */
static void erase(uint32_t address)
{
    REG(FLEXSPI1 + 0x200) = 1u << 10 | 0x06u;
    REG(FLEXSPI1 + 0x210) = (1u << 10 | 0x20u) | (2u << 10 | 24u) << 16;
    REG(FLEXSPI1 + 0x220) = (1u << 10 | 0x05u) | (9u << 10 | 4u) << 16;
    REG(FLEXSPI1 + 0x0a0) = address;
    REG(FLEXSPI1 + 0x0a4) = 1u << 24;
    REG(FLEXSPI1 + 0x0b0) = 1;
    do { /* status: WIP */
        REG(FLEXSPI1 + 0x0b8) = 1;
        REG(FLEXSPI1 + 0x0a4) = 2u << 16 | 1u;
        REG(FLEXSPI1 + 0x0b0) = 1;
    } while (REG(FLEXSPI1 + 0x100) & 1u);
}

int main(void)
{
    /* not from flash, which does not answer meanwhile */
    void (*erase_in_ram)(uint32_t) = (void (*)(uint32_t))(0x20240000u + 1u);
    const uint8_t *code = (const uint8_t *)((uint32_t)erase & ~1u);
    uint32_t *to = (uint32_t *)M4_VECTORS;

    console_start();
    for (uint32_t n = 0; n < 512; n++) {
        ((volatile uint8_t *)0x20240000u)[n] = code[n];
    }
    erase_in_ram(0x1000);
    console_text("erased ");
    console_hex(IVT);
    console_text("\n");
    console_flush();
    for (const uint32_t *from = late_reset; from < late_end; from++) {
        *to++ = *from;
    }
    SRC_SCR = SRC_SCR_BT_RELEASE_M4;
    SRC_CTRL_M7CORE = 1;
    for (;;) {
    }
}
