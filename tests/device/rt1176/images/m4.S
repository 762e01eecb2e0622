/*
 * What the Cortex-M4 runs: linked to run at the M7's back door, 0x20200000.
 * It answers each word in MUB RR0 with the word plus one in TR0, and sends a
 * greeting and its VTOR first.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
    .syntax unified
    .cpu cortex-m4
    .thumb
    .section .rodata.m4_image, "a"
    .balign 128
    .global m4_image, m4_image_end
m4_image:
    .word 0x20220000 + 0x1000
    .word 0x20200000 + (m4_start - m4_image) + 1
    .thumb_func
m4_start:
    ldr r4, =0x40c4c000         /* MUB */
    ldr r0, =0xc0ffee42
    str r0, [r4, #0x00]         /* TR0 */
    ldr r0, =0xe000ed08
    ldr r0, [r0]
    str r0, [r4, #0x04]         /* TR1: VTOR */
1:  ldr r0, [r4, #0x20]         /* SR */
    tst r0, #(1 << 27)          /* RF0 */
    beq 1b
    ldr r0, [r4, #0x10]         /* RR0 */
    adds r0, #1
    str r0, [r4, #0x00]
    b 1b
    .ltorg
m4_image_end:
