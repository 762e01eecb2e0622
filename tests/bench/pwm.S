/*
 * Eight servo channels on TIM2 to TIM4, as the IO node has them, with PERIOD_US
 * from edge to edge of a cycle; the core sleeps.  With PERIOD_US 0 the timers stay
 * off: what the rest of the machine costs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../engine/images/f100.inc"
        ldr     r0, =0x40021018         /* RCC_APB2ENR: IOPAEN, IOPBEN; APB1ENR: TIM2-4 */
        movs    r1, #0xc
        str     r1, [r0]
        movs    r1, #7
        str     r1, [r0, #4]
        ldr     r0, =0x40010800         /* GPIOA_CRL: PA0 PA1 PA6 PA7 AF push-pull */
        ldr     r1, =0xbb4444bb
        str     r1, [r0]
        ldr     r0, =0x40010c00         /* GPIOB_CRL: PB0 PB1; CRH: PB8 PB9 */
        ldr     r1, =0x444444bb
        str     r1, [r0]
        str     r1, [r0, #4]
#if PERIOD_US
        ldr     r0, =0x40000000         /* TIM2; TIM3 and TIM4 follow */
        movs    r2, #3
timer:  movs    r1, #7                  /* PSC: 8 MHz / 8 */
        str     r1, [r0, #0x28]
        ldr     r1, =PERIOD_US - 1      /* ARR */
        str     r1, [r0, #0x2c]
        ldr     r1, =PERIOD_US / 2      /* CCR1 to CCR4 */
        str     r1, [r0, #0x34]
        str     r1, [r0, #0x38]
        str     r1, [r0, #0x3c]
        str     r1, [r0, #0x40]
        ldr     r1, =0x6868             /* CCMR1, CCMR2: PWM 1, preloaded */
        str     r1, [r0, #0x18]
        str     r1, [r0, #0x1c]
        ldr     r1, =0x1111             /* CCER: all channels; pins decide */
        str     r1, [r0, #0x20]
        movs    r1, #1                  /* EGR: UG */
        str     r1, [r0, #0x14]
        movs    r1, #0x81               /* CR1: ARPE, CEN */
        str     r1, [r0]
        add     r0, r0, #0x400
        subs    r2, r2, #1
        bne     timer
#endif
sleep:  wfi
        b       sleep
