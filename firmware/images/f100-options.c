/*
 * f100-options: what a start finds in the option bytes.  On a new part it programs them, read-out
 * protection included; on any other it tries to erase the fourth page of flash, which lies behind
 * this image and is the last one that read-out protection keeps (PM0063 2.3.3 programming, 2.4
 * protections, 2.6 option bytes).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/f100_flash.h"
#include "images/say.h"

#define OBR_DEFAULT 0x03fffffcu /* all values 0xff, no protection */

#define OPTIONS     ((volatile uint16_t *)0x1ffff800u)
#define FOURTH_PAGE 0x08000c00u

/* RDP, USER, Data0, Data1, WRP0 to WRP3: protected, with two values of the user's. */
static const uint8_t own[] = {0x00, 0xff, 0x12, 0x34, 0xff, 0xff, 0xff, 0xff};

static struct console lines;

static void program_options(void)
{
    flash_unlock(FLASH_OPTKEYR);
    mmio_write32(FLASH_CR, CR_OPTWRE | CR_OPTER);
    mmio_write32(FLASH_CR, CR_OPTWRE | CR_OPTER | CR_STRT);
    flash_wait();
    mmio_write32(FLASH_CR, CR_OPTWRE | CR_OPTPG);
    for (uint32_t n = 0; n < sizeof(own); n++) {
        OPTIONS[n] = own[n];
        flash_wait();
    }
    say_line("options: programmed");
}

static void try_fourth_page(void)
{
    mmio_write32(FLASH_CR, CR_PER);
    mmio_write32(FLASH_AR, FOURTH_PAGE);
    mmio_write32(FLASH_CR, CR_PER | CR_STRT);
    flash_wait();
    say_line((mmio_read32(FLASH_SR) & SR_WRPRTERR) != 0 ? "options: fourth page is protected"
                                                        : "options: fourth page is erased");
}

int main(void)
{
    const uint32_t loaded = mmio_read32(FLASH_OBR);

    say_start();
    console_text(&lines, "options: OBR ");
    console_hex(&lines, loaded);
    console_text(&lines, ", WRPR ");
    console_hex(&lines, mmio_read32(FLASH_WRPR));
    console_end_line(&lines);
    say(&lines);
    flash_unlock(FLASH_KEYR);
    if (loaded == OBR_DEFAULT) {
        program_options();
    } else {
        try_fourth_page();
    }
    sleep_for_good();
}
