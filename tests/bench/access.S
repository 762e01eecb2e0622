/*
 * A million reads of one address and as many writes of another, then a reset
 * request.  ADDRESS_READ and ADDRESS_WRITE say which: registers of a peripheral,
 * or SRAM for what the loop itself costs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../engine/images/f100.inc"
        ldr     r0, =0x40021018         /* RCC_APB2ENR: IOPAEN */
        movs    r1, #4
        str     r1, [r0]
        ldr     r0, =ADDRESS_READ
        ldr     r1, =ADDRESS_WRITE
        ldr     r2, =1000000
        movs    r4, #0
next:   ldr     r3, [r0]
        str     r4, [r1]
        subs    r2, r2, #1
        bne     next

        request_reset                   /* -no-reboot ends QEMU here */
