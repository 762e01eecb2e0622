/*
 * f100-application: linked for 0x08001000, behind a boot loader.  It counts its starts in the last
 * page of flash, says where its vector table is, and that an interrupt has come through it (PM0063
 * 2.3 programming; PM0056 4.4.4 VTOR).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/f100_flash.h"
#include "drivers/console.h"
#include "images/say.h"
#include "nodes/cortexm_regs.h"
#include "seam.h"

#define DELAY_US 10000u

/* One half-word is programmed to 0 at each start. */
#define STARTS      ((volatile uint16_t *)0x0800fc00u)
#define STARTS_MAX  512u
#define NOT_STARTED 0xffffu

static struct console lines;

static uint32_t count_start(void)
{
    uint32_t starts = 0;

    while (starts < STARTS_MAX && STARTS[starts] != NOT_STARTED) {
        starts++;
    }
    if (starts < STARTS_MAX) {
        flash_unlock(FLASH_KEYR);
        mmio_write32(FLASH_CR, CR_PG);
        STARTS[starts++] = 0;
        flash_wait();
        mmio_write32(FLASH_CR, CR_LOCK);
    }
    return starts;
}

int main(void)
{
    const uint32_t start_us = clock_us();

    say_start();
    console_text(&lines, "application: start ");
    console_decimal(&lines, count_start());
    console_text(&lines, ", vector table ");
    console_hex(&lines, mmio_read32(SCB_VTOR));
    console_end_line(&lines);
    say(&lines);
    while (clock_us() - start_us < DELAY_US) {
        wait_until(start_us + DELAY_US);
    }
    say_line("application: interrupted");
    sleep_for_good();
}
