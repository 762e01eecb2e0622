/*
 * Option bytes of the STM32F100 (PM0063 2.6): read-out and write protection,
 * watchdog and low-power options, two bytes of data.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/bitops.h"
#include "hw/registerfields.h"
#include "stm32f100_flash_options.h"

REG32(OBR, 0x1c)
    FIELD(OBR, OPTERR, 0, 1)
    FIELD(OBR, RDPRT, 1, 1)
    FIELD(OBR, USER, 2, 8)
    FIELD(OBR, DATA0, 10, 8)
    FIELD(OBR, DATA1, 18, 8)

/* Order of the bytes; each is followed by its complement. */
enum { RDP, USER, DATA0, DATA1, WRP0, WRP1, WRP2, WRP3, OPTIONS };

#define RDP_UNPROTECTED 0xa5
#define ERASED 0xff

/* One bit of WRPR is for four pages; read-out protection covers the first. */
#define PAGES_PER_WRP_BIT 4
#define READ_PROTECTED_PAGES 4

void stm32f100_options_default(uint8_t *bytes)
{
    memset(bytes, ERASED, STM32F100_OPTION_BYTES);
    for (unsigned n = 0; n < OPTIONS; n++) {
        stm32f100_options_program(bytes, 2 * n,
                                  n == RDP ? RDP_UNPROTECTED : 0xff);
    }
}

/* A byte and its complement; erased ones match, too. */
static bool matches(const uint8_t *bytes, unsigned n)
{
    uint8_t value = bytes[2 * n], complement = bytes[2 * n + 1];

    return (value ^ complement) == 0xff ||
           (value == ERASED && complement == ERASED);
}

bool stm32f100_options_check(const uint8_t *bytes, Error **errp)
{
    static const char *const name[OPTIONS] = {
        "RDP", "USER", "Data0", "Data1", "WRP0", "WRP1", "WRP2", "WRP3"
    };

    for (unsigned n = 0; n < OPTIONS; n++) {
        if (!matches(bytes, n)) {
            error_setg(errp, "%s, byte %u, is 0x%02x, and behind it is 0x%02x"
                       " instead of its complement 0x%02x", name[n], 2 * n,
                       bytes[2 * n], bytes[2 * n + 1],
                       (uint8_t)~bytes[2 * n]);
            return false;
        }
    }
    return true;
}

/* One that does not match its complement counts as 0xff. */
static uint8_t load_byte(const uint8_t *bytes, unsigned n, bool *error)
{
    if (!matches(bytes, n)) {
        *error = true;
        return 0xff;
    }
    return bytes[2 * n];
}

Stm32f100LoadedOptions stm32f100_options_load(const uint8_t *bytes)
{
    Stm32f100LoadedOptions loaded = { 0, 0 };
    uint8_t value[OPTIONS];
    bool error = false;

    for (unsigned n = 0; n < OPTIONS; n++) {
        value[n] = load_byte(bytes, n, &error);
    }
    loaded.obr = FIELD_DP32(loaded.obr, OBR, OPTERR, error);
    loaded.obr = FIELD_DP32(loaded.obr, OBR, RDPRT,
                            value[RDP] != RDP_UNPROTECTED);
    loaded.obr = FIELD_DP32(loaded.obr, OBR, USER, value[USER]);
    loaded.obr = FIELD_DP32(loaded.obr, OBR, DATA0, value[DATA0]);
    loaded.obr = FIELD_DP32(loaded.obr, OBR, DATA1, value[DATA1]);
    for (unsigned n = 0; n < 4; n++) {
        loaded.wrpr = deposit32(loaded.wrpr, 8 * n, 8, value[WRP0 + n]);
    }
    return loaded;
}

bool stm32f100_options_erased(const uint8_t *bytes, unsigned offset)
{
    return bytes[offset] == ERASED && bytes[offset + 1] == ERASED;
}

void stm32f100_options_program(uint8_t *bytes, unsigned offset, uint8_t value)
{
    bytes[offset] = value;
    bytes[offset + 1] = ~value;
}

bool stm32f100_options_unprotects(unsigned offset, uint8_t value)
{
    return offset == 2 * RDP && value == RDP_UNPROTECTED;
}

bool stm32f100_options_read_protected(Stm32f100LoadedOptions loaded)
{
    return FIELD_EX32(loaded.obr, OBR, RDPRT);
}

bool stm32f100_options_user(Stm32f100LoadedOptions loaded,
                            Stm32f100Option option)
{
    return extract32(FIELD_EX32(loaded.obr, OBR, USER), option, 1);
}

bool stm32f100_options_page_protected(Stm32f100LoadedOptions loaded,
                                      unsigned page)
{
    unsigned bit = page / PAGES_PER_WRP_BIT;

    return (bit < 32 && !extract32(loaded.wrpr, bit, 1)) ||
           (stm32f100_options_read_protected(loaded) &&
            page < READ_PROTECTED_PAGES);
}
