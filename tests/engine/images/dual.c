/*
 * Two cores that watch each other through shared memory (RT1176).
 *
 * The M7 counts up in a shared word, the M4 echoes it; each sends, as two
 * characters on its own LPUART, how often it had to look before it saw the
 * other's change.  These numbers, and the times of the characters, depend on
 * every detail of how the two cores interleave.  The M7's last word is "!".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#define REG(a) (*(volatile uint32_t *)(a))

#define AIRCR             REG(0xe000ed0c)
#define AIRCR_SYSRESETREQ 0x05fa0004
#define SRC_SCR           REG(0x40c04000)
#define LPSR_GPR0         REG(0x40c0c000)
#define LPSR_GPR1         REG(0x40c0c004)
#define LPCG_LPUART(n)    REG(0x40cc6000 + (85 + (n)) * 0x20)
#define LPUART(n)         (0x4007c000 + ((n)-1) * 0x4000)
#define BAUD(n)           REG(LPUART(n) + 0x10)
#define STAT(n)           REG(LPUART(n) + 0x14)
#define CTRL(n)           REG(LPUART(n) + 0x18)
#define DATA(n)           REG(LPUART(n) + 0x1c)

#define STAT_TDRE    (1u << 23)
#define CTRL_TE      (1u << 19)
#define BAUD_1500000 (15u << 24 | 1u) /* 24 MHz / 16 */

#define M4_VECTORS 0x20200000u
#define SHARED     ((volatile uint32_t *)0x20240000)
#define ROUNDS     1500

extern uint32_t m4_image[], m4_image_end[];
void m4_main(void);

static void uart_start(unsigned n)
{
    LPCG_LPUART(n) = 1;
    BAUD(n) = BAUD_1500000;
    CTRL(n) = CTRL_TE;
}

static void send(unsigned n, unsigned c)
{
    while (!(STAT(n) & STAT_TDRE)) {
    }
    DATA(n) = c & 0xff;
}

__attribute__((section(".m4"), used, noreturn)) static void m4(void)
{
    uint32_t last = 0, looks = 0;

    LPCG_LPUART(2) = 1;
    BAUD(2) = BAUD_1500000;
    CTRL(2) = CTRL_TE;
    for (;;) {
        uint32_t now = SHARED[0];

        looks++;
        if (now != last) {
            SHARED[1] = now;
            last = now;
            while (!(STAT(2) & STAT_TDRE)) {
            }
            DATA(2) = looks & 0xff;
            looks = 0;
        }
    }
}

__attribute__((section(".m4vectors"), used)) static const uint32_t vectors[] = {
    0x20220000u, (uint32_t)m4 /* linked at its place; Thumb bit by the type */
};

__attribute__((noreturn)) static void m7(void)
{
    SHARED[0] = SHARED[1] = 0;
    for (int i = 0; i < m4_image_end - m4_image; i++) {
        ((volatile uint32_t *)M4_VECTORS)[i] = m4_image[i];
    }
    LPSR_GPR0 = M4_VECTORS & 0xfff8;
    LPSR_GPR1 = M4_VECTORS >> 16;
    uart_start(1);
    SRC_SCR = 1;
    for (uint32_t i = 1; i <= ROUNDS; i++) {
        uint32_t looks = 0;

        SHARED[0] = i;
        while (SHARED[1] != i) {
            looks++;
        }
        send(1, looks);
        if (i % 64 == 0) {
            send(1, looks >> 8);
        }
    }
    send(1, '!');
    AIRCR = AIRCR_SYSRESETREQ; /* the test has QEMU stop here */
    for (;;) {
        __asm__ volatile("wfi");
    }
}

__attribute__((section(".vectors"), used)) static const uint32_t m7_vectors[] = {0x20040000u,
                                                                                 (uint32_t)m7};
