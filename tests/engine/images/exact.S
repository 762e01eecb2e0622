/*
 * Two edges of PC9, exactly 24,000,000 instructions apart (STM32F100).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "f100.inc"
        ldr     r0, =0x40021018         /* RCC_APB2ENR */
        movs    r1, #0x10               /* IOPCEN */
        str     r1, [r0]
        ldr     r0, =0x40011000         /* GPIOC */
        movs    r1, #0x20               /* CRH: PC9 output, 2 MHz */
        str     r1, [r0, #4]
        ldr     r2, =(24000000 - 2) / 2 /* passes of two instructions */
        movs    r3, #1
        lsls    r3, r3, #9
        movs    r4, #0
        str     r3, [r0, #0x10]         /* BSRR: PC9 high, the first edge */
loop:   subs    r2, r2, #1
        bne     loop
        nop                             /* 24,000,000 with this, */
        str     r3, [r0, #0x14]         /* and BRR: PC9 low, the second */

        request_reset                   /* the test ends here */
