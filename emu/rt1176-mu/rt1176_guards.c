/*
 * Blocks of the i.MX RT1176 that guard memories and keys, as registers only
 * (IMXRT1170RM, chapters "Key Manager", "On-Chip RAM ECC", "External Memory
 * ECC", "Code Watchdog"): what start-up code reads of them is right, what it
 * writes has no effect and is logged once.  See
 * docs/devices/rt1176-guards.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/module.h"
#include "rt1176_guards.h"

static const Rt1176RegisterRow key_manager_row[] = {
    { .first = 0x000, .count = 2, .writable = 0x10001, .step = 0x10 },
    { .first = 0x018, .count = 1, .writable = 0x10001 },
    { .first = 0x020, .count = 2, .writable = 0x1, .step = 0x10 },
    { .first = 0x400, .count = 5, .reset = 0xf, .writable = 0x8003800f },
};

static const Rt1176RegisterRow mecc_row[] = {
    { .first = 0x000, .count = 1, .w1c = 0xffff },    /* ERR_STATUS */
    { .first = 0x004, .count = 2, .writable = 0xffff },
    { .first = 0x00c, .count = 2, .writable = UINT32_MAX },
    { .first = 0x014, .count = 4, .writable = 0xff, .step = 12 },
    { .first = 0x018, .count = 2, .writable = UINT32_MAX },
    { .first = 0x024, .count = 2, .writable = UINT32_MAX },
    { .first = 0x030, .count = 2, .writable = UINT32_MAX },
    { .first = 0x03c, .count = 32 },                  /* errors */
    { .first = 0x100, .count = 1, .writable = 0x1f }, /* PIPE_ECC_EN */
    { .first = 0x104, .count = 1 },
};

static const Rt1176RegisterRow xecc_row[] = {
    { .first = 0x000, .count = 1, .writable = 0xf },  /* ECC_CTRL */
    { .first = 0x004, .count = 1, .w1c = 0x3 },
    { .first = 0x008, .count = 2, .writable = 0x3 },
    { .first = 0x010, .count = 2, .writable = UINT32_MAX },
    { .first = 0x018, .count = 9 },                   /* errors */
    { .first = 0x03c, .count = 8, .writable = UINT32_MAX },
};

static const Rt1176RegisterRow cdog_row[] = {
    { .first = 0x000, .count = 1, .reset = 0x50092492, .writable = 0xf00fffff },
    { .first = 0x004, .count = 2, .reset = UINT32_MAX, .writable = UINT32_MAX },
    { .first = 0x00c, .count = 1 },                   /* write-only */
    { .first = 0x010, .count = 1, .reset = 0x50000000 },
    { .first = 0x014, .count = 1 },
    { .first = 0x018, .count = 1, .writable = 0x1003f },
    { .first = 0x01c, .count = 1, .writable = UINT32_MAX }, /* PERSISTENT */
    { .first = 0x020, .count = 11 },                  /* write-only commands */
};

#define MAP(name, end, region, text) \
    static const Rt1176RegisterMap name##_map = { \
        .desc = text, \
        .size = end, \
        .region_size = region, \
        .log_writes = true, \
        .row = name##_row, \
        .rows = ARRAY_SIZE(name##_row), \
    }

MAP(key_manager, 0x414, 0x2000, "i.MX RT1176 key manager");
MAP(mecc, 0x108, 0, "i.MX RT1176 ECC of on-chip RAM");
MAP(xecc, 0x05c, 0, "i.MX RT1176 ECC of external memory");
MAP(cdog, 0x04c, 0, "i.MX RT1176 code watchdog");

#define TYPE(type, map) { \
        .name = type, \
        .parent = TYPE_RT1176_REGISTER_FILE, \
        .class_init = rt1176_register_file_map_class_init, \
        .class_data = (void *)&map, \
    }

static const TypeInfo guards_types[] = {
    TYPE(TYPE_RT1176_KEY_MANAGER, key_manager_map),
    TYPE(TYPE_RT1176_MECC, mecc_map),
    TYPE(TYPE_RT1176_XECC, xecc_map),
    TYPE(TYPE_RT1176_CDOG, cdog_map),
};
DEFINE_TYPES(guards_types)
