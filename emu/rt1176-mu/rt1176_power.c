/*
 * Power control of the i.MX RT1176 as far as start-up code goes (IMXRT1170RM,
 * chapters "General Power Controller", "Power Gating and Memory Controller",
 * "DCDC Converter"): every register with its reset value and writable bits;
 * set point transitions and voltage changes are over at once.  See
 * docs/devices/rt1176-power.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/registerfields.h"
#include "rt1176_power.h"

/* ---- GPC: two CPU mode controllers, set point and standby controllers ---- */

REG32(CM_MODE_CTRL, 0x010)
    FIELD(CM_MODE_CTRL, CPU_MODE_TARGET, 0, 2)
REG32(CM_SP_CTRL, 0x300)
    FIELD(CM_SP_CTRL, CPU_SP_RUN_EN, 0, 1)
    FIELD(CM_SP_CTRL, CPU_SP_RUN, 1, 4)
REG32(CM_SP_STAT, 0x304)
    FIELD(CM_SP_STAT, CURRENT, 0, 4)
    FIELD(CM_SP_STAT, PREVIOUS, 4, 4)
    FIELD(CM_SP_STAT, TARGET, 8, 4)

#define CM_SIZE 0x800 /* of a CPU mode controller */
#define CM_COUNT 2

/* A register that both CPU mode controllers have. */
#define CM(offset, reset_, writable_, w1c_) \
    { .first = offset, .count = CM_COUNT, .reset = reset_, \
      .writable = writable_, .w1c = w1c_, .step = CM_SIZE }
/* @count registers of each, in a row. */
#define CM_ROW(offset, count_, reset_, writable_) \
    { .first = offset, .count = count_, .reset = reset_, \
      .writable = writable_ }, \
    { .first = CM_SIZE + (offset), .count = count_, .reset = reset_, \
      .writable = writable_ }
#define STEP_BITS 0xb000ffff /* of a step of a sequence, which resets to 4 */

static const Rt1176RegisterRow gpc_row[] = {
    CM(0x004, 0xf00, 0x101f13, 0),    /* CM_AUTHEN_CTRL */
    CM(0x008, 0x7, 0x7, 0x70000),     /* CM_INT_CTRL */
    CM(0x00c, 0x6, 0x12, 0),          /* CM_MISC */
    CM(A_CM_MODE_CTRL, 0, 0x13, 0),
    { .first = 0x014, .count = 1 },   /* CM_MODE_STAT */
    { .first = CM_SIZE + 0x014, .count = 1,
      .reset = 1u << 18 },            /* the M4's: WAKEUP_REQUEST (silicon) */
    CM_ROW(0x100, 8, 0, UINT32_MAX),  /* CM_IRQ_WAKEUP_MASK */
    CM(0x140, 0x1, 0x3, 0),           /* CM_NON_IRQ_WAKEUP_MASK */
    CM_ROW(0x150, 8, 0, 0),           /* CM_IRQ_WAKEUP_STAT */
    CM(0x190, 0, 0, 0),               /* CM_NON_IRQ_WAKEUP_STAT */
    CM(0x200, 0x4, STEP_BITS, 0), CM(0x208, 0x4, STEP_BITS, 0),
    CM(0x210, 0x4, STEP_BITS, 0), CM(0x218, 0x4, STEP_BITS, 0),
    CM(0x220, 0x4, STEP_BITS, 0), CM(0x228, 0x4, STEP_BITS, 0),
    CM(0x290, 0x4, STEP_BITS, 0), CM(0x298, 0x4, STEP_BITS, 0),
    CM(0x2a0, 0x4, STEP_BITS, 0), CM(0x2a8, 0x4, STEP_BITS, 0),
    CM(0x2b0, 0x4, STEP_BITS, 0), CM(0x2b8, 0x4, STEP_BITS, 0),
    CM(A_CM_SP_CTRL, 0, 0xffff, 0),
    CM(A_CM_SP_STAT, 0, 0, 0),
    CM_ROW(0x310, 20, 0xffff, 0xffff), /* CM_RUN_MODE_MAPPING and others */
    CM(0x380, 0, 0x7, 0),             /* CM_STBY_CTRL */
    { .first = 0x2004, .count = 1, .reset = 0xf00, .writable = 0x101f13 },
    { .first = 0x2008, .count = 1, .reset = 0x1, .writable = 0x1, .w1c = 0x2 },
    { .first = 0x2010, .count = 1 },                    /* SP_CPU_REQ */
    { .first = 0x2014, .count = 1, .reset = 0x1 },      /* SP_SYS_STAT */
    { .first = 0x201c, .count = 1, .writable = 0xffff },
    { .first = 0x2040, .count = 1, .reset = 0x76543210,
      .writable = UINT32_MAX },
    { .first = 0x2044, .count = 1, .reset = 0xfedcba98,
      .writable = UINT32_MAX },
    { .first = 0x2100, .count = 12, .reset = 0x4, .writable = STEP_BITS,
      .step = 16 },
    { .first = 0x2200, .count = 12, .reset = 0x4, .writable = STEP_BITS,
      .step = 16 },
    { .first = 0x2804, .count = 1, .writable = 0x100000 },
    { .first = 0x280c, .count = 1, .writable = 0xf },   /* STBY_MISC */
    { .first = 0x28f0, .count = 4, .reset = 0x4, .writable = STEP_BITS,
      .step = 16 },
    { .first = 0x2928, .count = 1, .reset = 0x4, .writable = STEP_BITS },
    { .first = 0x2930, .count = 3, .reset = 0x4, .writable = STEP_BITS,
      .step = 16 },
    { .first = 0x2a00, .count = 4, .reset = 0x4, .writable = STEP_BITS,
      .step = 16 },
    { .first = 0x2a38, .count = 1, .reset = 0x4, .writable = STEP_BITS },
    { .first = 0x2a40, .count = 3, .reset = 0x4, .writable = STEP_BITS,
      .step = 16 },
};

static const Rt1176RegisterMap gpc_map = {
    .desc = "i.MX RT1176 general power controller",
    .size = 0x2a64,
    .row = gpc_row,
    .rows = ARRAY_SIZE(gpc_row),
};

/* A request to run at another set point is granted at once. */
static void change_set_point(Rt1176RegisterFile *s, hwaddr controller)
{
    uint32_t ctrl = rt1176_register_file_get(s, controller + A_CM_SP_CTRL);
    uint32_t stat = rt1176_register_file_get(s, controller + A_CM_SP_STAT);
    uint32_t target = FIELD_EX32(ctrl, CM_SP_CTRL, CPU_SP_RUN);

    if (!FIELD_EX32(ctrl, CM_SP_CTRL, CPU_SP_RUN_EN)) {
        return;
    }
    stat = FIELD_DP32(stat, CM_SP_STAT, PREVIOUS,
                      FIELD_EX32(stat, CM_SP_STAT, CURRENT));
    stat = FIELD_DP32(stat, CM_SP_STAT, CURRENT, target);
    stat = FIELD_DP32(stat, CM_SP_STAT, TARGET, target);
    rt1176_register_file_set(s, controller + A_CM_SP_STAT, stat);
    rt1176_register_file_set(s, controller + A_CM_SP_CTRL,
                             ctrl & ~R_CM_SP_CTRL_CPU_SP_RUN_EN_MASK);
}

static void gpc_written(Rt1176RegisterFile *s, hwaddr offset, uint32_t old,
                        uint32_t data)
{
    hwaddr controller = offset & ~(hwaddr)(CM_SIZE - 1);

    if (offset >= CM_COUNT * CM_SIZE) {
        return;
    }
    switch (offset - controller) {
    case A_CM_SP_CTRL:
        change_set_point(s, controller);
        break;
    case A_CM_MODE_CTRL:
        if (FIELD_EX32(data, CM_MODE_CTRL, CPU_MODE_TARGET)) {
            qemu_log_mask(LOG_UNIMP, "rt1176-gpc: WAIT, STOP and SUSPEND sleep"
                          " like WFI\n");
        }
        break;
    }
}

static void gpc_class_init(ObjectClass *klass, void *data)
{
    rt1176_register_file_map_class_init(klass, data);
    RT1176_REGISTER_FILE_CLASS(klass)->written = gpc_written;
}

/* ---- PGMC: 8 basic, 2 core power controllers with memory interfaces ---- */

#define BPC(offset, reset_, writable_, w1c_) \
    { .first = offset, .count = 8, .reset = reset_, .writable = writable_, \
      .w1c = w1c_, .step = 0x200 }
#define CPC(offset, reset_, writable_, w1c_) \
    { .first = 0x1000 + (offset), .count = 2, .reset = reset_, \
      .writable = writable_, .w1c = w1c_, .step = 0x400 }
/* Both memory interfaces of both core power controllers. */
#define MIF(offset, reset, writable) \
    CPC(0x100 + (offset), reset, writable, 0), \
    CPC(0x200 + (offset), reset, writable, 0)

static const Rt1176RegisterRow pgmc_row[] = {
    BPC(0x004, 0xf00, 0x101f13, 0),     /* BPC_AUTHEN_CTRL */
    BPC(0x010, 0, 0x33, 0),             /* BPC_MODE */
    BPC(0x014, 0, 0xffff0f0e, 0),       /* BPC_POWER_CTRL */
    BPC(0x02c, 0, 0, 0x1),              /* BPC_FLAG */
    BPC(0x040, 0, 0xffff000f, 0),       /* BPC_SSAR_SAVE_CTRL */
    BPC(0x044, 0, 0xffff0001, 0),       /* BPC_SSAR_RESTORE_CTRL */
    CPC(0x004, 0xf00, 0x101f13, 0),     /* CPC_AUTHEN_CTRL */
    CPC(0x010, 0, 0x3, 0),              /* CPC_CORE_MODE */
    CPC(0x014, 0, 0xf0e, 0),            /* CPC_CORE_POWER_CTRL */
    CPC(0x02c, 0, 0, 0x1),              /* CPC_FLAG */
    CPC(0x040, 0, 0x3, 0),              /* CPC_CACHE_MODE */
    CPC(0x044, 0x3330, 0x1ffff, 0),     /* CPC_CACHE_CM_CTRL */
    CPC(0x048, 0x33333333, UINT32_MAX, 0), /* CPC_CACHE_SP_CTRL */
    CPC(0x04c, 0x33333333, UINT32_MAX, 0),
    CPC(0x0c0, 0, 0x3, 0),              /* CPC_LMEM_MODE */
    CPC(0x0c4, 0, 0x1ffff, 0),          /* CPC_LMEM_CM_CTRL */
    CPC(0x0c8, 0, UINT32_MAX, 0), CPC(0x0cc, 0, UINT32_MAX, 0),
    MIF(0x004, 0, 0x100000), MIF(0x010, 0xff00, 0xffff),
    MIF(0x020, 0x60, 0xffff), MIF(0x030, 0x10, 0xffff),
    MIF(0x040, 0x2, 0xffff), MIF(0x050, 0x40, 0xffff),
    MIF(0x060, 0xc00, 0xffff), MIF(0x070, 0x4a00, 0xffff),
    MIF(0x080, 0x35ff, 0x8000ffff), MIF(0x0b0, 0xca00, 0xffff),
    { .first = 0x3004, .count = 1, .reset = 0xf00, .writable = 0x101f13 },
    { .first = 0x3010, .count = 1, .writable = 0x33 },  /* PPC_MODE */
    { .first = 0x3014, .count = 1, .writable = 0x30e },
    { .first = 0x3018, .count = 1, .writable = UINT32_MAX },
};

static const Rt1176RegisterMap pgmc_map = {
    .desc = "i.MX RT1176 power gating and memory controller",
    .size = 0x301c,
    .log_writes = true,
    .row = pgmc_row,
    .rows = ARRAY_SIZE(pgmc_row),
};

/* ---- DCDC ---- */

REG32(REG0, 0x008)
    FIELD(REG0, STS_DC_OK, 31, 1)

static const Rt1176RegisterRow dcdc_row[] = {
    { .first = 0x000, .count = 1, .reset = 0x3, .writable = 0xfff8007f },
    { .first = 0x004, .count = 1, .reset = 0x0f0b100c, .writable = 0x1f1f1f1f },
    { .first = A_REG0, .count = 1, .reset = 0x04030511,
      .writable = 0x2c2309ff },
    { .first = 0x00c, .count = 1, .reset = 0x01cd5430, .writable = 0x78001fd8 },
    { .first = 0x010, .count = 1, .reset = 0x02108089, .writable = 0x53ffbfff },
    { .first = 0x014, .count = 1, .reset = 0x00980000, .writable = 0x6dfc0000 },
    { .first = 0x018, .count = 5, .writable = 0xffff },
    { .first = 0x02c, .count = 16, .writable = UINT32_MAX },
    { .first = 0x06c, .count = 1, .reset = 0x00100000, .writable = UINT32_MAX },
};

static const Rt1176RegisterMap dcdc_map = {
    .desc = "i.MX RT1176 DC-DC converter",
    .size = 0x070,
    .row = dcdc_row,
    .rows = ARRAY_SIZE(dcdc_row),
};

/* The converter has always settled. */
static uint32_t dcdc_read(Rt1176RegisterFile *s, hwaddr offset, uint32_t value)
{
    return offset == A_REG0 ? value | R_REG0_STS_DC_OK_MASK : value;
}

static void dcdc_class_init(ObjectClass *klass, void *data)
{
    rt1176_register_file_map_class_init(klass, data);
    RT1176_REGISTER_FILE_CLASS(klass)->read = dcdc_read;
}

static const TypeInfo power_types[] = {
    {
        .name = TYPE_RT1176_GPC,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .class_init = gpc_class_init,
        .class_data = (void *)&gpc_map,
    }, {
        .name = TYPE_RT1176_PGMC,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .class_init = rt1176_register_file_map_class_init,
        .class_data = (void *)&pgmc_map,
    }, {
        .name = TYPE_RT1176_DCDC,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .class_init = dcdc_class_init,
        .class_data = (void *)&dcdc_map,
    },
};
DEFINE_TYPES(power_types)
