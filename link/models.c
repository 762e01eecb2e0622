/*
 * The table of QEMU machines; see models.h.  Clock rates: STM32F100 24 MHz
 * (RM0041 6.2), one instruction per cycle unless the rig says otherwise; RT1176 M7 996 MHz
 * (IMXRT1170RM, CCM), whose two cores take turns in slices of 1 us of virtual time. Memories:
 * STM32F100x datasheet (DS5944) chapter 4; IMXRT1170RM chapter 3.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "models.h"
#include <string.h>

#define SRC_STAT_M4CORE 0x40c04290u /* IMXRT1170RM, chapter "SRC" */
#define KIB             1024u
#define MIB             (1024u * KIB)

/* As in emu/stm32f100/stm32f100_machine.c. */
#define FLASH_SIZE_PROPERTY  "flash-size"
#define FLASH_ALIAS_PROPERTY "flash-alias"

static const ModelLicence stm32f100c8_licences[] = {
    {FLASH_SIZE_PROPERTY, 64 * KIB, FALSE},
    {FLASH_ALIAS_PROPERTY, 1, TRUE},
    {"sram-size", 8 * KIB, FALSE},
    {"sram-poison", 0, TRUE},
    {"mpu-regions", 0, FALSE},
    {"pll-max-hz", 24000000, FALSE},
    {NULL, 0, FALSE},
};

static const ModelLicence stm32f100rb_licences[] = {
    {FLASH_SIZE_PROPERTY, 128 * KIB, FALSE},
    {FLASH_ALIAS_PROPERTY, 1, TRUE},
    {"sram-size", 8 * KIB, FALSE},
    {"sram-poison", 0, TRUE},
    {"mpu-regions", 0, FALSE},
    {"pll-max-hz", 24000000, FALSE},
    {NULL, 0, FALSE},
};

static const Model models[] = {
    {
        .name = "stm32f100c8",
        .cycle_num = 125,
        .cycle_den = 3,
        .icount = "sleep=off",
        .uart = "usart",
        .uart_first = 1,
        .uart_last = 3,
        .flash = {0x08000000, 64 * KIB, "flash"},
        .option_bytes = 16, /* PM0063 2.6 */
        .vector_table = TRUE,
        .licences = stm32f100c8_licences,
        .registers = "stm32f100",
        .core = {{.name = "cm3"}},
    },
    {
        .name = "stm32f100rb",
        .cycle_num = 125,
        .cycle_den = 3,
        .icount = "sleep=off",
        .uart = "usart",
        .uart_first = 1,
        .uart_last = 3,
        .flash = {0x08000000, 128 * KIB, "flash"},
        .option_bytes = 16, /* PM0063 2.6 */
        .vector_table = TRUE,
        .licences = stm32f100rb_licences,
        .registers = "stm32f100",
        .core = {{.name = "cm3"}},
    },
    {
        .name = "mimxrt1176",
        .cycle_num = 250,
        .cycle_den = 249,
        .icount = "slice=1000,sleep=off",
        .uart = "lpuart",
        .uart_first = 1,
        .uart_last = 12,
        .imu_buses = 6,
        .flash = {0x30000000, 16 * MIB, "FlexSPI1 flash"},
        .debug_property = "boot-mode=debug",
        .debug_memory = {{0x00000000, 256 * KIB, "ITCM"},
                         {0x20000000, 256 * KIB, "DTCM"},
                         {0x20200000, 256 * KIB, "LMEM"},
                         {0x20240000, 512 * KIB, "OCRAM1"},
                         {0x202C0000, 512 * KIB, "OCRAM2"},
                         {0x20340000, 64 * KIB, "OCRAM1 ECC"},
                         {0x20350000, 64 * KIB, "OCRAM2 ECC"},
                         {0x20360000, 128 * KIB, "FlexRAM ECC"}},
        .registers = "mimxrt1176",
        .core = {{.name = "cm7"}, {.name = "cm4", .held_address = SRC_STAT_M4CORE, .held_mask = 1}},
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

gboolean model_is_described_by(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(models); i++) {
        if (g_str_equal(models[i].registers, name)) {
            return TRUE;
        }
    }
    return FALSE;
}

char *model_names(void)
{
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(models); i++) {
        g_string_append_printf(text, "%s%s", i ? ", " : "", models[i].name);
    }
    return g_string_free(text, FALSE);
}

/* The value of the last property of this name, NULL: none. */
static const char *value_of(const GPtrArray *properties, const char *name)
{
    gsize length = strlen(name);

    for (guint i = properties->len; i > 0; i--) {
        const char *property = g_ptr_array_index(properties, i - 1);

        if (g_str_has_prefix(property, name) && property[length] == '=') {
            return property + length + 1;
        }
    }
    return NULL;
}

/* As the emulator reads numbers and truth values; what is neither it refuses. */
static gboolean read_value(const char *text, guint64 *value)
{
    static const char *const yes[] = {"on", "yes", "true", "y", NULL};
    static const char *const no[] = {"off", "no", "false", "n", NULL};
    char *end;

    if (g_strv_contains(yes, text) || g_strv_contains(no, text)) {
        *value = g_strv_contains(yes, text);
        return TRUE;
    }
    *value = g_ascii_strtoull(text, &end, 0);
    return g_ascii_isdigit(text[0]) && !*end;
}

static gboolean value_is(const GPtrArray *properties, const char *name, guint64 *value)
{
    const char *text = value_of(properties, name);

    return text && read_value(text, value);
}

ModelMemories model_memories(const Model *model, const GPtrArray *properties)
{
    ModelMemories memories = {.model = model, .memory = {model->flash}};
    guint64 value;

    if (model->debug_property) {
        gsize name = strcspn(model->debug_property, "=");
        g_autofree char *property = g_strndup(model->debug_property, name);
        const char *now = value_of(properties, property);

        if (now && g_str_equal(now, model->debug_property + name + 1)) {
            memcpy(&memories.memory[1], model->debug_memory, sizeof(model->debug_memory));
        } else {
            memories.closed = model->debug_property;
        }
    }
    memories.alias = value_is(properties, FLASH_ALIAS_PROPERTY, &value) && value == 1;
    if (value_is(properties, FLASH_SIZE_PROPERTY, &value) && value <= G_MAXUINT32) {
        memories.memory[0].size = (guint32)value;
    }
    return memories;
}

GPtrArray *model_licences(const Model *model, const GPtrArray *properties)
{
    GPtrArray *used = g_ptr_array_new_with_free_func(g_free);
    guint64 value;

    for (const ModelLicence *l = model->licences; l && l->property; l++) {
        if (value_is(properties, l->property, &value) && (value == l->value) == l->if_equal) {
            g_ptr_array_add(
                used, g_strdup_printf("%s=%s", l->property, value_of(properties, l->property)));
        }
    }
    return used;
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

gboolean model_has_imu_bus(const Model *model, const char *bus)
{
    for (unsigned n = 1; n <= model->imu_buses; n++) {
        g_autofree char *name = g_strdup_printf("lpspi%u", n);

        if (g_str_equal(name, bus)) {
            return TRUE;
        }
    }
    return FALSE;
}

int model_find_core(const Model *model, const char *name)
{
    for (int n = 0; model->core[n].name; n++) {
        if (g_str_equal(model->core[n].name, name)) {
            return n;
        }
    }
    return -1;
}

char *model_core_names(const Model *model)
{
    GString *text = g_string_new(NULL);

    for (const ModelCore *core = model->core; core->name; core++) {
        g_string_append_printf(text, "%s%s", text->len ? ", " : "", core->name);
    }
    return g_string_free(text, FALSE);
}

char *model_icount(const Model *model, unsigned cycles_percent)
{
    unsigned num = model->cycle_num * cycles_percent, den = model->cycle_den * 100;
    unsigned a = num, b = den;

    while (b) { /* Euclid: the greatest common divisor */
        unsigned rest = a % b;

        a = b;
        b = rest;
    }
    return g_strdup_printf("rate=%u/%u,%s", num / a, den / a, model->icount);
}
