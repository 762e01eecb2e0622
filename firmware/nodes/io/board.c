/*
 * Pins of the IO node's board (docs/firmware.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "nodes/io/board.h"

#include "drivers/stm32f1_gpio.h"

struct pin {
    uint32_t port;
    uint32_t number;
};

static const struct pin alternate_functions[] = {
    {BOARD_GPIOA, 0}, {BOARD_GPIOA, 1}, {BOARD_GPIOB, 8}, {BOARD_GPIOB, 9}, /* servo 1-4 */
    {BOARD_GPIOA, 6}, {BOARD_GPIOA, 7}, {BOARD_GPIOB, 0}, {BOARD_GPIOB, 1}, /* servo 5-8 */
    {BOARD_GPIOA, 2}, {BOARD_GPIOA, 9},                                     /* TX */
};

/* Receivers are pulled up, so that an open line is idle. */
static const struct pin receivers[] = {{BOARD_GPIOA, 3}, {BOARD_GPIOA, 10}};

static const struct pin analog[] = {{BOARD_GPIOA, 4}, {BOARD_GPIOA, 5}};

void board_pins_start(void)
{
    for (uint32_t i = 0; i < sizeof(analog) / sizeof(analog[0]); i++) {
        gpio_configure(analog[i].port, analog[i].number, GPIO_INPUT_ANALOG);
    }
    for (uint32_t i = 0; i < sizeof(receivers) / sizeof(receivers[0]); i++) {
        gpio_write(receivers[i].port, receivers[i].number, true);
        gpio_configure(receivers[i].port, receivers[i].number, GPIO_INPUT_PULLED);
    }
    for (uint32_t i = 0; i < sizeof(alternate_functions) / sizeof(alternate_functions[0]); i++) {
        gpio_configure(alternate_functions[i].port, alternate_functions[i].number,
                       GPIO_ALTERNATE_10_MHZ);
    }
}
