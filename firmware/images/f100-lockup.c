/*
 * f100-lockup: an undefined instruction, and one more in the handler of the fault it makes: the
 * core locks up (ARMv7-M B1.5.15).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/say.h"
#include "seam.h"

void fault_hook(const struct fault *fault)
{
    (void)fault;
    __asm__ volatile("udf #0");
}

int main(void)
{
    say_start();
    __asm__ volatile("udf #0");
    sleep_for_good();
}
