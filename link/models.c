/*
 * The table of QEMU machines; see models.h.  Clock rates: STM32F100 24 MHz
 * (RM0041 6.2), one instruction per cycle; RT1176 M7 996 MHz (IMXRT1170RM,
 * CCM), whose two cores take turns in slices of 1 us of virtual time.
 * Memories: STM32F100x datasheet (DS5944) chapter 4; IMXRT1170RM chapter 3.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "models.h"

#define STM32F100_ICOUNT "rate=125/3,sleep=off"
#define RT1176_ICOUNT    "rate=250/249,slice=1000,sleep=off"
#define KIB              1024u
#define MIB              (1024u * KIB)

static const Model models[] = {
    {
        .name = "stm32f100c8",
        .icount = STM32F100_ICOUNT,
        .uart = "usart",
        .uart_first = 1,
        .uart_last = 3,
        .flash = {0x08000000, 64 * KIB, "flash"},
    },
    {
        .name = "stm32f100rb",
        .icount = STM32F100_ICOUNT,
        .uart = "usart",
        .uart_first = 1,
        .uart_last = 3,
        .flash = {0x08000000, 128 * KIB, "flash"},
    },
    {
        .name = "mimxrt1176",
        .icount = RT1176_ICOUNT,
        .uart = "lpuart",
        .uart_first = 1,
        .uart_last = 12,
        .flash = {0x30000000, 16 * MIB, "FlexSPI1 flash"},
        .debug_property = "boot-mode=debug",
        .debug_memory = {{0x00000000, 256 * KIB, "ITCM"},
                         {0x20000000, 256 * KIB, "DTCM"},
                         {0x20200000, 256 * KIB, "LMEM"},
                         {0x20240000, 512 * KIB, "OCRAM1"},
                         {0x202C0000, 512 * KIB, "OCRAM2"},
                         {0x20340000, 64 * KIB, "OCRAM1 ECC"},
                         {0x20350000, 64 * KIB, "OCRAM2 ECC"}},
    },
};

const Model *model_find(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(models); i++) {
        if (g_str_equal(models[i].name, name)) {
            return &models[i];
        }
    }
    return NULL;
}

char *model_names(void)
{
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(models); i++) {
        g_string_append_printf(text, "%s%s", i ? ", " : "", models[i].name);
    }
    return g_string_free(text, FALSE);
}

gboolean model_has_uart(const Model *model, const char *uart)
{
    for (unsigned n = model->uart_first; n <= model->uart_last; n++) {
        g_autofree char *name = g_strdup_printf("%s%u", model->uart, n);

        if (g_str_equal(name, uart)) {
            return TRUE;
        }
    }
    return FALSE;
}
