/*
 * The image of the Cortex-M4 (M4_IMAGE, a raw one) as data of the Cortex-M7's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
    .section .rodata.m4_image, "a"
    .balign 4
    .global m4_image, m4_image_end
m4_image:
    .incbin M4_IMAGE
    .balign 4
m4_image_end:
