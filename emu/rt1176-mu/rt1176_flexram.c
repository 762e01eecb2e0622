/*
 * FlexRAM of the i.MX RT1176 (IMXRT1170RM, chapter "FlexRAM"): 16 banks of
 * 32 KiB that IOMUXC_GPR16 to GPR18 make ITCM, DTCM or OCRAM.  A bank keeps
 * its contents when it becomes something else.  See
 * docs/devices/rt1176-flexram.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/host-utils.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/units.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "rt1176_flexram.h"

REG32(INT_STATUS, 0x010)
    FIELD(INT_STATUS, ITCM_ERR, 3, 1)
    FIELD(INT_STATUS, DTCM_ERR, 4, 1)
    FIELD(INT_STATUS, OCRAM_ERR, 5, 1)
REG32(INT_STAT_EN, 0x014)
REG32(INT_SIG_EN, 0x018)
REG32(FLEXRAM_CTRL, 0x108)
    FIELD(FLEXRAM_CTRL, OCRAM_ECC_EN, 4, 1)
    FIELD(FLEXRAM_CTRL, TCM_ECC_EN, 5, 1)
/* IOMUXC_GPR */
REG32(GPR16, 0x40)
    FIELD(GPR16, FLEXRAM_BANK_CFG_SEL, 2, 1)
REG32(GPR17, 0x44)
REG32(GPR18, 0x48)

#define ECC_STATUS 0x0003ffc0 /* of INT_STATUS, those of interrupt 98 */
#define SPACE_SIZE (RT1176_FLEXRAM_BANKS * RT1176_FLEXRAM_BANK_SIZE)
#define ECC_RAM_BASE 0x20360000

/* Two bits of GPR17 (banks 0 to 7) and GPR18 (banks 8 to 15). */
enum { BANK_OFF, BANK_OCRAM, BANK_DTCM, BANK_ITCM };
/* As the fuses of a new part have it: 256 KiB of each. */
#define FUSED_GPR17 0xffff
#define FUSED_GPR18 0xaaaa

static const struct {
    const char *name;
    uint32_t base;
    uint32_t error;
} space_info[RT1176_FLEXRAM_SPACES] = {
    [RT1176_FLEXRAM_ITCM] = { "flexram-itcm", 0x00000000,
                              R_INT_STATUS_ITCM_ERR_MASK },
    [RT1176_FLEXRAM_DTCM] = { "flexram-dtcm", 0x20000000,
                              R_INT_STATUS_DTCM_ERR_MASK },
    [RT1176_FLEXRAM_OCRAM] = { "flexram-ocram", 0x20380000,
                               R_INT_STATUS_OCRAM_ERR_MASK },
};

static void update_irqs(Rt1176FlexramState *s)
{
    Rt1176RegisterFile *file = RT1176_REGISTER_FILE(s);
    uint32_t active = rt1176_register_file_get(file, A_INT_STATUS) &
                      rt1176_register_file_get(file, A_INT_SIG_EN);

    qemu_set_irq(s->irq[RT1176_FLEXRAM_IRQ], !!(active & ~ECC_STATUS));
    qemu_set_irq(s->irq[RT1176_FLEXRAM_ECC_IRQ], !!(active & ECC_STATUS));
}

/* ---- where no bank is ---- */

static void access_error(Rt1176FlexramHole *hole)
{
    Rt1176RegisterFile *file = RT1176_REGISTER_FILE(hole->flexram);

    if (rt1176_register_file_get(file, A_INT_STAT_EN) & hole->error) {
        rt1176_register_file_set(
            file, A_INT_STATUS,
            rt1176_register_file_get(file, A_INT_STATUS) | hole->error);
        update_irqs(hole->flexram);
    }
}

static MemTxResult hole_read(void *opaque, hwaddr addr, uint64_t *data,
                             unsigned size, MemTxAttrs attrs)
{
    access_error(opaque);
    return MEMTX_DECODE_ERROR;
}

static MemTxResult hole_write(void *opaque, hwaddr addr, uint64_t data,
                              unsigned size, MemTxAttrs attrs)
{
    access_error(opaque);
    return MEMTX_DECODE_ERROR;
}

static const MemoryRegionOps hole_ops = {
    .read_with_attrs = hole_read,
    .write_with_attrs = hole_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
};

/* ---- what each bank is ---- */

static unsigned bank_use(Rt1176FlexramState *s, unsigned bank)
{
    uint32_t low = FUSED_GPR17, high = FUSED_GPR18;

    if (FIELD_EX32(rt1176_register_file_get(s->gpr, A_GPR16), GPR16,
                   FLEXRAM_BANK_CFG_SEL)) {
        low = rt1176_register_file_get(s->gpr, A_GPR17);
        high = rt1176_register_file_get(s->gpr, A_GPR18);
    }
    return extract32(bank < 8 ? low : high, 2 * (bank % 8), 2);
}

static void check_size(const char *name, uint32_t size)
{
    if (size && !is_power_of_2(size)) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-flexram: %s of %" PRIu32
                      " KiB: the size of a TCM must be a power of two\n", name,
                      (uint32_t)(size / KiB));
    }
}

/* The banks of a space follow each other in the order of their numbers. */
static void lay_out(Rt1176FlexramState *s)
{
    uint32_t end[RT1176_FLEXRAM_SPACES] = {};

    memory_region_transaction_begin();
    for (unsigned n = 0; n < RT1176_FLEXRAM_BANKS; n++) {
        static const Rt1176FlexramSpace space_of[] = {
            [BANK_OCRAM] = RT1176_FLEXRAM_OCRAM,
            [BANK_DTCM] = RT1176_FLEXRAM_DTCM,
            [BANK_ITCM] = RT1176_FLEXRAM_ITCM,
        };
        unsigned use = bank_use(s, n);

        if (s->bank[n].container) {
            memory_region_del_subregion(s->bank[n].container, &s->bank[n]);
        }
        if (use != BANK_OFF) {
            Rt1176FlexramSpace space = space_of[use];

            memory_region_add_subregion_overlap(&s->space[space], end[space],
                                                &s->bank[n], 1);
            end[space] += RT1176_FLEXRAM_BANK_SIZE;
        }
    }
    memory_region_transaction_commit();
    check_size("ITCM", end[RT1176_FLEXRAM_ITCM]);
    check_size("DTCM", end[RT1176_FLEXRAM_DTCM]);
}

static void gpr_changed(Notifier *notifier, void *data)
{
    Rt1176FlexramState *s = container_of(notifier, Rt1176FlexramState,
                                         gpr_changed);
    const Rt1176RegisterChange *change = data;
    bool all = change->offset == 0; /* a reset */

    if (all || (change->offset >= A_GPR16 && change->offset <= A_GPR18)) {
        lay_out(s);
    }
}

/* ---- registers ---- */

static void flexram_written(Rt1176RegisterFile *file, hwaddr offset,
                            uint32_t old, uint32_t data)
{
    Rt1176FlexramState *s = RT1176_FLEXRAM(file);
    uint32_t ctrl = rt1176_register_file_get(file, A_FLEXRAM_CTRL);

    memory_region_set_enabled(&s->ecc_alias,
                              !FIELD_EX32(ctrl, FLEXRAM_CTRL, OCRAM_ECC_EN) &&
                              !FIELD_EX32(ctrl, FLEXRAM_CTRL, TCM_ECC_EN));
    update_irqs(s);
}

static const Rt1176RegisterRow flexram_row[] = {
    { .first = 0x000, .count = 1, .writable = 0x7 },     /* TCM_CTRL */
    { .first = 0x004, .count = 1, .writable = 0x3ffff }, /* OCRAM_MAGIC_ADDR */
    { .first = 0x008, .count = 2, .writable = 0x1ffff }, /* DTCM, ITCM */
    { .first = A_INT_STATUS, .count = 1, .w1c = 0x3ffff },
    { .first = A_INT_STAT_EN, .count = 1, .writable = 0x3ffff },
    { .first = A_INT_SIG_EN, .count = 1, .writable = 0x3ffff },
    { .first = 0x01c, .count = 28 },                     /* ECC errors */
    { .first = A_FLEXRAM_CTRL, .count = 1, .writable = 0x3f },
    { .first = 0x10c, .count = 1 },              /* OCRAM_PIPELINE_STATUS */
};

static const Rt1176RegisterMap flexram_map = {
    .desc = "i.MX RT1176 FlexRAM",
    .size = 0x110,
    .row = flexram_row,
    .rows = ARRAY_SIZE(flexram_row),
};

/* ---- device ---- */

static void flexram_init(Object *obj)
{
    Rt1176FlexramState *s = RT1176_FLEXRAM(obj);

    for (unsigned n = 0; n < RT1176_FLEXRAM_IRQS; n++) {
        sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq[n]);
    }
}

static void make_space(Rt1176FlexramState *s, Rt1176FlexramSpace space,
                       MemoryRegion *memory)
{
    Rt1176FlexramHole *hole = &s->hole[space];

    hole->flexram = s;
    hole->error = space_info[space].error;
    memory_region_init(&s->space[space], OBJECT(s), space_info[space].name,
                       SPACE_SIZE);
    memory_region_init_io(&hole->iomem, OBJECT(s), &hole_ops, hole,
                          "flexram-hole", SPACE_SIZE);
    memory_region_add_subregion(&s->space[space], 0, &hole->iomem);
    memory_region_add_subregion(memory, space_info[space].base,
                                &s->space[space]);
}

static void flexram_realize(DeviceState *dev, Error **errp)
{
    Rt1176FlexramState *s = RT1176_FLEXRAM(dev);

    if (!s->gpr || !s->half[0] || !s->half[1] || !s->ecc_ram || !s->m7_view ||
        !s->system) {
        error_setg(errp, "rt1176-flexram: memories and link 'gpr' must be set");
        return;
    }
    make_space(s, RT1176_FLEXRAM_ITCM, s->m7_view);
    make_space(s, RT1176_FLEXRAM_DTCM, s->m7_view);
    make_space(s, RT1176_FLEXRAM_OCRAM, s->system);
    for (unsigned n = 0; n < RT1176_FLEXRAM_BANKS; n++) {
        g_autofree char *name = g_strdup_printf("flexram-bank%u", n);

        memory_region_init_alias(&s->bank[n], OBJECT(s), name, s->half[n / 8],
                                 n % 8 * RT1176_FLEXRAM_BANK_SIZE,
                                 RT1176_FLEXRAM_BANK_SIZE);
    }
    memory_region_init_alias(&s->ecc_alias, OBJECT(s), "flexram-ecc",
                             s->ecc_ram, 0, memory_region_size(s->ecc_ram));
    memory_region_add_subregion(s->system, ECC_RAM_BASE, &s->ecc_alias);
    s->gpr_changed.notify = gpr_changed;
    rt1176_register_file_notify(s->gpr, &s->gpr_changed);
    lay_out(s);
}

static void flexram_reset_exit(Object *obj, ResetType type)
{
    flexram_written(RT1176_REGISTER_FILE(obj), 0, 0, 0);
}

static int flexram_post_load(void *opaque, int version_id)
{
    flexram_written(RT1176_REGISTER_FILE(opaque), 0, 0, 0);
    return 0;
}

static const VMStateDescription vmstate_flexram = {
    .name = TYPE_RT1176_FLEXRAM,
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = flexram_post_load,
    .fields = (const VMStateField[]) {
        RT1176_VMSTATE_REGISTERS(parent_obj, Rt1176FlexramState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property flexram_properties[] = {
    DEFINE_PROP_LINK("gpr", Rt1176FlexramState, gpr,
                     TYPE_RT1176_REGISTER_FILE, Rt1176RegisterFile *),
};

static void flexram_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    rt1176_register_file_map_class_init(klass, data);
    RT1176_REGISTER_FILE_CLASS(klass)->written = flexram_written;
    RESETTABLE_CLASS(klass)->phases.exit = flexram_reset_exit;
    dc->realize = flexram_realize;
    dc->vmsd = &vmstate_flexram;
    device_class_set_props(dc, flexram_properties);
}

static const TypeInfo flexram_types[] = {
    {
        .name = TYPE_RT1176_FLEXRAM,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .instance_size = sizeof(Rt1176FlexramState),
        .instance_init = flexram_init,
        .class_init = flexram_class_init,
        .class_data = (void *)&flexram_map,
    },
};
DEFINE_TYPES(flexram_types)
