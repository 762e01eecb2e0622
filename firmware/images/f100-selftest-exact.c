/*
 * f100-selftest-exact: PB14 is high for exactly 24,000,000 instructions, one second at 24 MHz and
 * one clock per instruction; then the console says that it is done.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "drivers/stm32f1_gpio.h"
#include "images/say.h"
#include "nodes/io/board.h"

#define PIN 14u

/*
 * Two instructions a turn.  From the one that sets the pin to the one that clears it: the loop, a
 * nop, and the clearing store itself make 24,000,000.
 */
#define TURNS 11999999u

static void high_for_24_million_instructions(void)
{
    uint32_t turns = TURNS;
    const uint32_t set = 1u << PIN;
    const uint32_t clear = 1u << (PIN + 16u);
    const uint32_t bsrr = BOARD_GPIOB + GPIO_BSRR;
    __asm__ volatile("str %[set], [%[bsrr]]\n"
                     "1: subs %[turns], %[turns], #1\n\t"
                     "bne 1b\n\t"
                     "nop\n\t"
                     "str %[clear], [%[bsrr]]"
                     : [turns] "+l"(turns)
                     : [set] "l"(set), [clear] "l"(clear), [bsrr] "l"(bsrr)
                     : "cc", "memory");
}

int main(void)
{
    say_start();
    gpio_configure(BOARD_GPIOB, PIN, GPIO_OUTPUT_2_MHZ);
    __asm__ volatile("cpsid i" ::: "memory"); /* an interrupt would add its instructions */
    high_for_24_million_instructions();
    __asm__ volatile("cpsie i" ::: "memory");
    say_line("selftest: 24000000 instructions");
    sleep_for_good();
}
