/*
 * 100,000 characters on USART1 (115200 baud at 8 MHz) by polling TXE, then a
 * reset request.  Runs on stock QEMU's stm32vldiscovery too: it waits for no
 * clock and reads nothing back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../engine/images/f100.inc"
        ldr     r0, =0x40021018         /* RCC_APB2ENR: USART1EN, IOPAEN */
        ldr     r1, =0x4004
        str     r1, [r0]
        ldr     r0, =0x40010804         /* GPIOA_CRH: PA9 AF push-pull 50 MHz */
        ldr     r1, =0x444444b4
        str     r1, [r0]
        ldr     r0, =0x40013800         /* USART1 */
        movs    r1, #69                 /* BRR: 8 MHz / 115200 */
        str     r1, [r0, #8]
        movw    r1, #0x2008             /* CR1: UE, TE */
        str     r1, [r0, #12]
        ldr     r2, =100000
        movs    r3, #'U'
next:   ldr     r1, [r0]                /* SR */
        tst     r1, #0x80               /* TXE */
        beq     next
        str     r3, [r0, #4]            /* DR */
        subs    r2, r2, #1
        bne     next

        request_reset                   /* -no-reboot ends QEMU here */
