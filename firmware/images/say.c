/*
 * The console of the small images on the STM32F100, and what they print when they die.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/say.h"

#include "drivers/fault_text.h"
#include "drivers/uart_thin.h"
#include "nodes/io/board.h"
#include "seam.h"

static struct console lines;

void say(struct console *console)
{
    for (int octet = console_take(console); octet >= 0; octet = console_take(console)) {
        uart_thin_tx_byte(BOARD_CONSOLE_USART, (uint32_t)octet);
    }
}

void say_line(const char *line)
{
    console_text(&lines, line);
    console_end_line(&lines);
    say(&lines);
}

void say_start(void)
{
    board_pins_start();
    uart_thin_init(BOARD_CONSOLE_USART, BOARD_CONSOLE_BRR);
    say_line("gust-uart-thin");
}

_Noreturn void sleep_for_good(void)
{
    for (;;) {
        wait_until(clock_us() + UINT32_MAX / 4u);
    }
}

/* An image that wants something else brings its own (the linker takes the strong one). */
__attribute__((weak)) void fault_hook(const struct fault *fault)
{
    fault_text(&lines, "f100", fault);
    say(&lines);
}
