/*
 * Both cores on the semaphores: the M4 does what a mailbox in its memory says, so the M7 tells the
 * story and prints what it sees.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

#define SEMA4    0x40cc8000u
#define GATE(n)  (*(volatile uint8_t *)(SEMA4 + (n)))
#define WORD(at) (*(volatile uint16_t *)(SEMA4 + (at)))
#define MAILBOX  0x20201000u /* 1 read, 2 write a half-word, 3 write an octet; address; value */

__asm__(".section .rodata.mailbox, \"a\"\n"
        ".balign 128\n"
        "mailbox_image:\n"
        "  .word 0x20221000, 0x20200000 + (mailbox_start - mailbox_image) + 1\n"
        ".thumb_func\n"
        "mailbox_start:\n"
        "  movw r0, #0x1000\n"
        "  movt r0, #0x2020\n"
        "1: ldr r1, [r0]\n"
        "  cmp r1, #0\n"
        "  beq 1b\n"
        "  ldr r2, [r0, #4]\n"
        "  ldr r3, [r0, #8]\n"
        "  cmp r1, #2\n"
        "  blo 2f\n"
        "  beq 3f\n"
        "  strb r3, [r2]\n"
        "  b 4f\n"
        "2: ldrh r3, [r2]\n"
        "  str r3, [r0, #8]\n"
        "  b 4f\n"
        "3: strh r3, [r2]\n"
        "4: movs r1, #0\n"
        "  str r1, [r0]\n"
        "  b 1b\n"
        "  .balign 4\n"
        "mailbox_end:\n"
        ".previous\n");
extern const uint32_t mailbox_image[], mailbox_end[];

static uint32_t m4(uint32_t command, uint32_t address, uint32_t value)
{
    REG(MAILBOX + 4) = address;
    REG(MAILBOX + 8) = value;
    REG(MAILBOX) = command;
    while (REG(MAILBOX)) {
    }
    return REG(MAILBOX + 8);
}

static void m4_gate(unsigned gate, uint32_t value)
{
    m4(3, SEMA4 + gate, value);
}

static void say(const char *what, uint32_t value)
{
    console_text(what);
    console_text(" ");
    console_hex(value);
    console_text("\n");
}

static void notifications(void)
{
    GATE(5) = 1;
    m4_gate(5, 2); /* does not get it */
    say("held", GATE(5));
    WORD(0x48) = 0x8000u >> 5; /* CP1INE */
    say("not yet", m4(1, SEMA4 + 0x88, 0));
    GATE(5) = 0;
    say("told", m4(1, SEMA4 + 0x88, 0));
    say("pending", REG(0xe000e200u + 4 * (176 / 32)) >> 176 % 32 & 1u);
    GATE(5) = 1; /* the M7 is faster */
    say("late", WORD(0x88));
    GATE(5) = 0;
    say("told", WORD(0x88));
    m4_gate(5, 2);
    say("has it", GATE(5));
    say("no more", WORD(0x88));
}

int main(void)
{
    uint32_t *to = (uint32_t *)M4_VECTORS;

    console_start();
    for (const uint32_t *from = mailbox_image; from < mailbox_end; from++) {
        *to++ = *from;
    }
    SRC_SCR = SRC_SCR_BT_RELEASE_M4;
    m4_gate(3, 2);
    say("the M4's", GATE(3));
    GATE(3) = 0;
    say("still", GATE(3));
    GATE(3) = 1;
    say("still", GATE(3));
    m4_gate(3, 1);
    m4_gate(3, 0);
    say("free", GATE(3));
    m4_gate(3, 1); /* as the M7 it cannot */
    say("free", GATE(3));
    notifications();
    m4_gate(7, 2);
    WORD(0x100) = 0xe2;
    m4(2, SEMA4 + 0x100, 0x71d); /* another core's second write */
    say("kept", GATE(7));
    WORD(0x100) = 0xe2;
    WORD(0x100) = 0x71d;
    say("freed", GATE(7));
    return 0;
}
