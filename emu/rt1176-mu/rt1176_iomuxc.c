/*
 * IOMUXC, IOMUXC_LPSR and IOMUXC_SNVS with their general purpose registers
 * (IMXRT1170RM, chapter "IOMUX Controller"): reset values, writable bits,
 * domain write protection.  What they configure is up to who asks: the mode
 * of a pad (rt1176_pad_mux()), a register (rt1176_register_file_get()), and
 * who wants to hear of changes (rt1176_register_file_notify()).  See
 * docs/devices/rt1176-iomuxc.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/module.h"
#include "hw/registerfields.h"
#include "rt1176_iomuxc.h"

/* SW_MUX_CTL_PAD */
FIELD(MUX, MODE, 0, 4)
FIELD(MUX, SION, 4, 1)

/* A row: first offset, count, reset value, writable bits. */
#define ROW(first_, count_, reset_, writable_, lock_) \
    { .first = first_, .count = count_, .reset = reset_, \
      .writable = writable_, .lock = lock_ }
#define OPEN(first, count, reset, bits) \
    ROW(first, count, reset, bits, RT1176_NO_LOCK)
/* With DWP and DWP_LOCK. */
#define DOMAIN(first, count, reset, bits) \
    ROW(first, count, reset, 0xf0000000 | (bits), RT1176_DOMAIN_LOCK)
#define LOCKED_BY_0(first, count, reset, bits) \
    ROW(first, count, reset, bits, RT1176_LOCK_BIT_0)
#define LOCKED_BY_HALF(first, count, reset, bits) \
    ROW(first, count, reset, bits, RT1176_LOCK_HIGH_HALF)

/* 145 multiplexers, as many pads, then input selectors */
static const Rt1176RegisterRow iomuxc_row[] = {
    OPEN(0x010, 145, 0x5, 0x1f), DOMAIN(0x254, 50, 0x8, 0x1e),
    DOMAIN(0x31c, 1, 0x4, 0x1e), DOMAIN(0x320, 2, 0x8, 0x1e),
    DOMAIN(0x328, 1, 0x4, 0x1e), DOMAIN(0x32c, 9, 0x8, 0x1e),
    DOMAIN(0x350, 2, 0xe, 0x1f), DOMAIN(0x358, 16, 0x6, 0x1f),
    DOMAIN(0x398, 1, 0xe, 0x1f), DOMAIN(0x39c, 7, 0x6, 0x1f),
    DOMAIN(0x3b8, 2, 0xe, 0x1f), DOMAIN(0x3c0, 7, 0x6, 0x1f),
    DOMAIN(0x3dc, 1, 0xe, 0x1f), DOMAIN(0x3e0, 1, 0x4, 0x1e),
    DOMAIN(0x3e4, 1, 0x8, 0x1e), DOMAIN(0x3e8, 3, 0x4, 0x1e),
    DOMAIN(0x3f4, 5, 0x8, 0x1e), DOMAIN(0x408, 3, 0x4, 0x1e),
    DOMAIN(0x414, 11, 0x8, 0x1e), DOMAIN(0x440, 6, 0xc, 0x1e),
    DOMAIN(0x458, 6, 0x2, 0x1f), DOMAIN(0x470, 9, 0x6, 0x1f),
    DOMAIN(0x494, 1, 0xe, 0x1f), OPEN(0x498, 1, 0x0, 0x3),
    OPEN(0x49c, 1, 0x0, 0x1), OPEN(0x4a0, 1, 0x0, 0x3),
    OPEN(0x4a4, 1, 0x0, 0x1), OPEN(0x4a8, 1, 0x0, 0x3),
    OPEN(0x4ac, 6, 0x0, 0x1), OPEN(0x4c4, 8, 0x0, 0x3),
    OPEN(0x4e4, 1, 0x0, 0x1), OPEN(0x4e8, 1, 0x0, 0x3),
    OPEN(0x4ec, 4, 0x0, 0x1), OPEN(0x4fc, 1, 0x0, 0x3),
    OPEN(0x500, 20, 0x0, 0x1), OPEN(0x550, 1, 0x0, 0x3),
    OPEN(0x554, 50, 0x0, 0x1), OPEN(0x61c, 2, 0x0, 0x3),
    OPEN(0x624, 6, 0x0, 0x1), OPEN(0x63c, 2, 0x0, 0x3),
    OPEN(0x644, 1, 0x0, 0x1), OPEN(0x648, 2, 0x0, 0x3),
    OPEN(0x650, 1, 0x0, 0x1), OPEN(0x654, 2, 0x0, 0x3),
    OPEN(0x65c, 1, 0x0, 0x1), OPEN(0x660, 2, 0x0, 0x3),
    OPEN(0x668, 7, 0x0, 0x1), OPEN(0x69c, 6, 0x0, 0x1),
    OPEN(0x6b4, 1, 0x0, 0x3), OPEN(0x6b8, 24, 0x0, 0x1),
};

/* 16 multiplexers, 16 pads, 24 input selectors */
static const Rt1176RegisterRow iomuxc_lpsr_row[] = {
    OPEN(0x000, 2, 0xa, 0x1f), OPEN(0x008, 2, 0x0, 0x1f),
    OPEN(0x010, 6, 0xa, 0x1f), OPEN(0x028, 6, 0x0, 0x1f),
    DOMAIN(0x040, 10, 0x2, 0x2f), DOMAIN(0x068, 1, 0xe, 0x2f),
    DOMAIN(0x06c, 1, 0x2, 0x2f), DOMAIN(0x070, 1, 0xe, 0x2f),
    DOMAIN(0x074, 1, 0x2, 0x2f), DOMAIN(0x078, 1, 0x6, 0x2f),
    DOMAIN(0x07c, 1, 0xe, 0x2f), OPEN(0x080, 1, 0x0, 0x3),
    OPEN(0x084, 10, 0x0, 0x1), OPEN(0x0ac, 2, 0x0, 0x3),
    OPEN(0x0b4, 11, 0x0, 0x1),
};

/* 13 multiplexers, 3 pads that have none, 13 pads */
static const Rt1176RegisterRow iomuxc_snvs_row[] = {
    OPEN(0x000, 1, 0x5, 0x17), OPEN(0x004, 2, 0x0, 0x17),
    OPEN(0x00c, 10, 0x5, 0x17), DOMAIN(0x034, 1, 0x6, 0xf),
    DOMAIN(0x038, 2, 0xe, 0xf), DOMAIN(0x040, 1, 0xe, 0x4f),
    DOMAIN(0x044, 2, 0xa, 0x4f), DOMAIN(0x04c, 10, 0x2, 0x4f),
};

/* GPR0 to GPR76 */
static const Rt1176RegisterRow iomuxc_gpr_row[] = {
    DOMAIN(0x000, 1, 0x18, 0x1ff), DOMAIN(0x004, 1, 0x0, 0x103),
    DOMAIN(0x008, 1, 0x0, 0x303), DOMAIN(0x00c, 1, 0x0, 0x7ff),
    DOMAIN(0x010, 1, 0x0, 0xf), DOMAIN(0x014, 1, 0x0, 0x1f),
    DOMAIN(0x018, 1, 0x0, 0xff), DOMAIN(0x01c, 3, 0x0, 0x1),
    DOMAIN(0x028, 2, 0x0, 0x0), DOMAIN(0x030, 4, 0x0, 0xf01),
    DOMAIN(0x040, 1, 0xaa03, 0x2c), DOMAIN(0x044, 2, 0x0, 0xffff),
    DOMAIN(0x050, 1, 0x0, 0xfffffff), DOMAIN(0x054, 1, 0x0, 0x7ff),
    DOMAIN(0x058, 1, 0x0, 0x1), DOMAIN(0x05c, 1, 0x0, 0x7),
    DOMAIN(0x060, 1, 0x0, 0x3), DOMAIN(0x064, 3, 0x0, 0x1),
    DOMAIN(0x070, 1, 0x0, 0x20a3), DOMAIN(0x074, 2, 0x1, 0x1),
    DOMAIN(0x07c, 1, 0x12, 0x5), DOMAIN(0x080, 2, 0x0, 0x1),
    DOMAIN(0x088, 2, 0x0, 0x3), DOMAIN(0x090, 1, 0x0, 0x1),
    DOMAIN(0x094, 1, 0x17, 0x6b), DOMAIN(0x098, 2, 0x0, 0x0),
    DOMAIN(0x0a0, 4, 0x0, 0xffff), DOMAIN(0x0b0, 6, 0x0, 0x0),
    DOMAIN(0x0c8, 1, 0x0, 0x1f), DOMAIN(0x0cc, 1, 0x0, 0x1),
    DOMAIN(0x0d0, 4, 0x0, 0x0), DOMAIN(0x0ec, 1, 0x550, 0x3ffff),
    DOMAIN(0x0f8, 1, 0x2db, 0xf3fff), OPEN(0x0fc, 1, 0x0, 0x0),
    DOMAIN(0x100, 5, 0x4000, 0x7fff), DOMAIN(0x114, 1, 0x0, 0x3fb6),
    DOMAIN(0x118, 1, 0x0, 0x7ffbfff), DOMAIN(0x11c, 3, 0x0, 0x7ffffff),
    DOMAIN(0x128, 1, 0x0, 0x3fffe), OPEN(0x12c, 2, 0x0, 0x0),
};

/* GPR0 to GPR41; GPR1:GPR0 = 0x20200000, where the M4 starts by default */
static const Rt1176RegisterRow iomuxc_lpsr_gpr_row[] = {
    DOMAIN(0x000, 1, 0x0, 0xfff8), DOMAIN(0x004, 1, 0x2020, 0xffff),
    LOCKED_BY_0(0x008, 16, 0x0, 0xfffffff9),
    LOCKED_BY_HALF(0x048, 7, 0x0, 0xffff0010),
    LOCKED_BY_HALF(0x064, 1, 0x0, 0xffff0030),
    DOMAIN(0x068, 1, 0x4000, 0xfffffff), DOMAIN(0x084, 1, 0x0, 0x301),
    DOMAIN(0x088, 1, 0xe00, 0x83e), DOMAIN(0x08c, 1, 0x0, 0x7ffbfff),
    DOMAIN(0x090, 3, 0x0, 0x7ffffff), DOMAIN(0x09c, 1, 0x0, 0x3fffe),
    OPEN(0x0a0, 2, 0x0, 0x0),
};

/* GPR0 to GPR37; GPR33: DCDC has settled, the 32 kHz oscillator is stable */
static const Rt1176RegisterRow iomuxc_snvs_gpr_row[] = {
    OPEN(0x000, 32, 0x0, 0xffffffff),
    LOCKED_BY_HALF(0x080, 1, 0x0, 0xfffffffe), OPEN(0x084, 1, 0x180000, 0x6),
    LOCKED_BY_0(0x088, 1, 0x0, 0xf8fff8f),
    LOCKED_BY_0(0x08c, 1, 0x0, 0xffff8ff9),
    OPEN(0x090, 1, 0x4800000, 0xfc800000),
    LOCKED_BY_0(0x094, 1, 0x0, 0x1fffff),
};

#define MAP(name, end, text) \
    static const Rt1176RegisterMap name##_map = { \
        .desc = text, \
        .size = end, \
        .row = name##_row, \
        .rows = ARRAY_SIZE(name##_row), \
    }

MAP(iomuxc, 0x718, "i.MX RT1176 pad multiplexer");
MAP(iomuxc_gpr, 0x134, "i.MX RT1176 general purpose registers");
MAP(iomuxc_lpsr, 0x0e0, "i.MX RT1176 pad multiplexer, LPSR domain");
MAP(iomuxc_lpsr_gpr, 0x0a8, "i.MX RT1176 general purpose registers, LPSR");
MAP(iomuxc_snvs, 0x074, "i.MX RT1176 pad multiplexer, SNVS domain");
MAP(iomuxc_snvs_gpr, 0x098, "i.MX RT1176 general purpose registers, SNVS");

/* ---- pads ---- */

/* Pads of one name, numbered from 0 on, in the order of their multiplexers. */
typedef struct PadGroup {
    const char *name;
    unsigned count;
} PadGroup;

static const PadGroup iomuxc_pads[] = {
    { "GPIO_EMC_B1", 42 }, { "GPIO_EMC_B2", 21 }, { "GPIO_AD", 36 },
    { "GPIO_SD_B1", 6 }, { "GPIO_SD_B2", 12 }, { "GPIO_DISP_B1", 12 },
    { "GPIO_DISP_B2", 16 },
};
static const PadGroup iomuxc_lpsr_pads[] = { { "GPIO_LPSR", 16 } };
static const PadGroup iomuxc_snvs_pads[] = {
    { "WAKEUP", 1 }, { "PMIC_ON_REQ", 1 }, { "PMIC_STBY_REQ", 1 },
    { "GPIO_SNVS", 10 },
};

static const struct {
    const char *type;
    hwaddr mux;
    hwaddr pad;
    unsigned count;
    const PadGroup *group;
} pad_layout[] = {
    { TYPE_RT1176_IOMUXC, 0x010, 0x254, 145, iomuxc_pads },
    { TYPE_RT1176_IOMUXC_LPSR, 0x000, 0x040, 16, iomuxc_lpsr_pads },
    { TYPE_RT1176_IOMUXC_SNVS, 0x000, 0x040, 13, iomuxc_snvs_pads },
};

static unsigned pad_layout_of(Rt1176RegisterFile *s)
{
    for (unsigned n = 0; n < ARRAY_SIZE(pad_layout); n++) {
        if (object_dynamic_cast(OBJECT(s), pad_layout[n].type)) {
            return n;
        }
    }
    g_assert_not_reached();
}

unsigned rt1176_pads(Rt1176RegisterFile *s)
{
    return pad_layout[pad_layout_of(s)].count;
}

char *rt1176_pad_name(Rt1176RegisterFile *s, unsigned pad)
{
    const PadGroup *group = pad_layout[pad_layout_of(s)].group;

    assert(pad < rt1176_pads(s));
    while (pad >= group->count) {
        pad -= group->count;
        group++;
    }
    return group->count == 1 ? g_strdup(group->name)
                             : g_strdup_printf("%s_%02u", group->name, pad);
}

unsigned rt1176_pad_mux(Rt1176RegisterFile *s, unsigned pad)
{
    assert(pad < rt1176_pads(s));
    return FIELD_EX32(rt1176_register_file_get(
                          s, pad_layout[pad_layout_of(s)].mux + 4 * pad),
                      MUX, MODE);
}

bool rt1176_pad_sion(Rt1176RegisterFile *s, unsigned pad)
{
    assert(pad < rt1176_pads(s));
    return FIELD_EX32(rt1176_register_file_get(
                          s, pad_layout[pad_layout_of(s)].mux + 4 * pad),
                      MUX, SION);
}

uint32_t rt1176_pad_control(Rt1176RegisterFile *s, unsigned pad)
{
    assert(pad < rt1176_pads(s));
    return rt1176_register_file_get(
        s, pad_layout[pad_layout_of(s)].pad + 4 * pad);
}

int rt1176_pad_of_change(const Rt1176RegisterChange *change)
{
    unsigned n = pad_layout_of(change->file);
    hwaddr offset = change->offset;

    if (offset >= pad_layout[n].mux &&
        offset < pad_layout[n].mux + 4 * pad_layout[n].count) {
        return (offset - pad_layout[n].mux) / 4;
    }
    if (offset >= pad_layout[n].pad &&
        offset < pad_layout[n].pad + 4 * pad_layout[n].count) {
        return (offset - pad_layout[n].pad) / 4;
    }
    return -1;
}

/* ---- types ---- */

#define TYPE(type, name_map) { \
        .name = type, \
        .parent = TYPE_RT1176_REGISTER_FILE, \
        .class_init = rt1176_register_file_map_class_init, \
        .class_data = (void *)&name_map, \
    }

static const TypeInfo iomuxc_types[] = {
    TYPE(TYPE_RT1176_IOMUXC, iomuxc_map),
    TYPE(TYPE_RT1176_IOMUXC_GPR, iomuxc_gpr_map),
    TYPE(TYPE_RT1176_IOMUXC_LPSR, iomuxc_lpsr_map),
    TYPE(TYPE_RT1176_IOMUXC_LPSR_GPR, iomuxc_lpsr_gpr_map),
    TYPE(TYPE_RT1176_IOMUXC_SNVS, iomuxc_snvs_map),
    TYPE(TYPE_RT1176_IOMUXC_SNVS_GPR, iomuxc_snvs_gpr_map),
};
DEFINE_TYPES(iomuxc_types)
