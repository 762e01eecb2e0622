/*
 * f100-hello: prints "gust-uart-thin" on USART1 and sleeps.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/say.h"

int main(void)
{
    say_start();
    sleep_for_good();
}
