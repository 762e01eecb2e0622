/*
 * OCOTP of the i.MX RT1176 (IMXRT1170RM, chapter "On-Chip OTP Controller"):
 * shadow registers of the fuses with the unique id, reading fuses by READ_CTRL,
 * programming them with the key, from 0 to 1 only, and the time that takes.
 * See docs/devices/rt1176-ocotp.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "rt1176_ocotp.h"
#include "rt1176_sct.h"

REG32(CTRL, 0x000)
    FIELD(CTRL, ADDR, 0, 10)
    FIELD(CTRL, BUSY, 10, 1)
    FIELD(CTRL, ERROR, 11, 1)
    FIELD(CTRL, RELOAD_SHADOWS, 12, 1)
    FIELD(CTRL, WR_UNLOCK, 16, 16)
REG32(PDN, 0x010)
REG32(DATA, 0x020)
REG32(READ_CTRL, 0x030)
    FIELD(READ_CTRL, READ_FUSE, 0, 1)
    FIELD(READ_CTRL, READ_FUSE_CNTR, 1, 2)
    FIELD(READ_CTRL, DONE_INTR_ENA, 3, 1)
    FIELD(READ_CTRL, ERROR_INTR_ENA, 4, 1)
REG32(OUT_STATUS, 0x090)
    FIELD(OUT_STATUS, READ_DONE_INTR, 22, 1)
    FIELD(OUT_STATUS, READ_ERROR_INTR, 23, 1)
REG32(VERSION, 0x0b0)
REG32(READ_FUSE_DATA0, 0x100)
REG32(FUSE0, 0x800)

#define WR_KEY 0x3e77
#define FUSE_STEP 0x10
#define UNIQUE_ID_WORD 0x10 /* 0x900, 0x910 */
#define DATA_WORDS 4
/* Not named by the manual's register chapter: of the order of a fuse's. */
#define PROGRAM_NS 20000
#define READ_NS 1000

static uint32_t get(Rt1176OcotpState *s, hwaddr offset)
{
    return rt1176_register_file_get(RT1176_REGISTER_FILE(s), offset);
}

static void set(Rt1176OcotpState *s, hwaddr offset, uint32_t value)
{
    rt1176_register_file_set(RT1176_REGISTER_FILE(s), offset, value);
}

static bool busy(const Rt1176OcotpState *s)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) < s->busy_end_ns;
}

static void update_irqs(Rt1176OcotpState *s)
{
    uint32_t status = get(s, A_OUT_STATUS), ctrl = get(s, A_READ_CTRL);

    qemu_set_irq(s->irq[RT1176_OCOTP_ERROR_IRQ],
                 FIELD_EX32(status, OUT_STATUS, READ_ERROR_INTR) &&
                 FIELD_EX32(ctrl, READ_CTRL, ERROR_INTR_ENA));
    qemu_set_irq(s->irq[RT1176_OCOTP_DONE_IRQ],
                 FIELD_EX32(status, OUT_STATUS, READ_DONE_INTR) &&
                 FIELD_EX32(ctrl, READ_CTRL, DONE_INTR_ENA));
}

static void start_busy(Rt1176OcotpState *s, int64_t duration_ns, bool reading)
{
    s->busy_end_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + duration_ns;
    s->reading = reading;
    timer_mod_ns(s->done, s->busy_end_ns);
}

static void done(void *opaque)
{
    Rt1176OcotpState *s = opaque;

    if (s->reading) {
        set(s, A_OUT_STATUS, get(s, A_OUT_STATUS) |
                             R_OUT_STATUS_READ_DONE_INTR_MASK);
        set(s, A_READ_CTRL, get(s, A_READ_CTRL) & ~R_READ_CTRL_READ_FUSE_MASK);
    }
    update_irqs(s);
}

static void reload_shadows(Rt1176OcotpState *s)
{
    for (unsigned n = 0; n < RT1176_OCOTP_FUSES; n++) {
        set(s, A_FUSE0 + FUSE_STEP * n, s->fuse[n]);
    }
}

static void fail(Rt1176OcotpState *s, const char *why)
{
    qemu_log_mask(LOG_GUEST_ERROR, "rt1176-ocotp: %s\n", why);
    set(s, A_CTRL, get(s, A_CTRL) | R_CTRL_ERROR_MASK);
}

/* Writing DATA programs the fuse word at ADDR; a blown fuse stays blown. */
static void program(Rt1176OcotpState *s, uint32_t data)
{
    uint32_t ctrl = get(s, A_CTRL);
    uint32_t word = FIELD_EX32(ctrl, CTRL, ADDR);

    set(s, A_CTRL, FIELD_DP32(ctrl, CTRL, WR_UNLOCK, 0));
    if (busy(s)) {
        fail(s, "programming while it is busy");
    } else if (FIELD_EX32(ctrl, CTRL, WR_UNLOCK) != WR_KEY) {
        fail(s, "programming without its key");
    } else if (word >= RT1176_OCOTP_FUSES) {
        fail(s, "programming of a fuse word that does not exist");
    } else {
        s->fuse[word] |= data;
        start_busy(s, PROGRAM_NS, false);
    }
}

static void read_fuses(Rt1176OcotpState *s)
{
    uint32_t ctrl = get(s, A_READ_CTRL);
    uint32_t word = FIELD_EX32(get(s, A_CTRL), CTRL, ADDR);
    uint32_t count = FIELD_EX32(ctrl, READ_CTRL, READ_FUSE_CNTR) + 1;

    if (busy(s) || word + count > RT1176_OCOTP_FUSES) {
        fail(s, "reading while it is busy, or of words that do not exist");
        set(s, A_READ_CTRL, ctrl & ~R_READ_CTRL_READ_FUSE_MASK);
        set(s, A_OUT_STATUS, get(s, A_OUT_STATUS) |
                             R_OUT_STATUS_READ_ERROR_INTR_MASK);
        return;
    }
    for (unsigned n = 0; n < DATA_WORDS; n++) {
        set(s, A_READ_FUSE_DATA0 + FUSE_STEP * n,
            n < count ? s->fuse[word + n] : 0);
    }
    start_busy(s, count * READ_NS, true);
}

static void write_ctrl(Rt1176OcotpState *s, uint32_t value)
{
    if (FIELD_EX32(value, CTRL, RELOAD_SHADOWS)) {
        reload_shadows(s);
        value &= ~R_CTRL_RELOAD_SHADOWS_MASK;
    }
    set(s, A_CTRL, value & ~R_CTRL_BUSY_MASK);
}

static void ocotp_written(Rt1176RegisterFile *file, hwaddr offset,
                          uint32_t old, uint32_t data)
{
    Rt1176OcotpState *s = RT1176_OCOTP(file);
    uint32_t value;

    switch (offset) {
    case A_CTRL ... A_CTRL + 0xc:
        value = offset == A_CTRL ? old : get(s, A_CTRL);
        rt1176_sct_write(&value, offset, data & 0xffff9bff);
        write_ctrl(s, value);
        break;
    case A_OUT_STATUS ... A_OUT_STATUS + 0xc:
        value = offset == A_OUT_STATUS ? old : get(s, A_OUT_STATUS);
        rt1176_sct_write(&value, offset, data & 0x0fd81e00);
        set(s, A_OUT_STATUS, value);
        break;
    case A_DATA:
        program(s, data);
        break;
    case A_READ_CTRL:
        if (FIELD_EX32(data, READ_CTRL, READ_FUSE)) {
            read_fuses(s);
        }
        break;
    }
    update_irqs(s);
}

static uint32_t ocotp_read(Rt1176RegisterFile *file, hwaddr offset,
                           uint32_t value)
{
    Rt1176OcotpState *s = RT1176_OCOTP(file);

    switch (offset) {
    case A_CTRL ... A_CTRL + 0xc:
        return FIELD_DP32(get(s, A_CTRL), CTRL, BUSY, busy(s));
    case A_OUT_STATUS ... A_OUT_STATUS + 0xc:
        return get(s, A_OUT_STATUS);
    default:
        return value;
    }
}

/* SET, CLR and TOG addresses share their register: the hook takes writes. */
static const Rt1176RegisterRow ocotp_row[] = {
    { .first = A_CTRL, .count = 4, .writable = 0xffff9bff },
    { .first = A_PDN, .count = 1, .reset = 1, .w1c = 1 },
    { .first = A_DATA, .count = 1, .writable = 0xffffffff },
    { .first = A_READ_CTRL, .count = 1, .writable = 0x1f },
    { .first = A_OUT_STATUS, .count = 4, .writable = 0x0fd81e00 },
    { .first = A_VERSION, .count = 1, .reset = 0x0a000000 },
    { .first = A_READ_FUSE_DATA0, .count = 4, .writable = 0xffffffff,
      .step = 0x10 },
    { .first = 0x140, .count = 2, .writable = 0xffffffff, .step = 0x10 },
    { .first = 0x600, .count = 5, .step = 0x10 }, /* LOCKED0 to LOCKED4 */
    { .first = A_FUSE0, .count = RT1176_OCOTP_FUSES, .step = FUSE_STEP },
};

static const Rt1176RegisterMap ocotp_map = {
    .desc = "i.MX RT1176 fuses",
    .size = 0x1100,
    .row = ocotp_row,
    .rows = ARRAY_SIZE(ocotp_row),
};

/* ---- device ---- */

static void ocotp_init(Object *obj)
{
    Rt1176OcotpState *s = RT1176_OCOTP(obj);

    for (unsigned n = 0; n < RT1176_OCOTP_IRQS; n++) {
        sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq[n]);
    }
    s->done = timer_new_ns(QEMU_CLOCK_VIRTUAL, done, s);
}

static void ocotp_realize(DeviceState *dev, Error **errp)
{
    Rt1176OcotpState *s = RT1176_OCOTP(dev);

    s->fuse[UNIQUE_ID_WORD] = s->unique_id[0];
    s->fuse[UNIQUE_ID_WORD + 1] = s->unique_id[1];
}

static void ocotp_reset_exit(Object *obj, ResetType type)
{
    Rt1176OcotpState *s = RT1176_OCOTP(obj);

    timer_del(s->done);
    s->busy_end_ns = 0;
    s->reading = false;
    reload_shadows(s);
    update_irqs(s);
}

static const VMStateDescription vmstate_ocotp = {
    .name = TYPE_RT1176_OCOTP,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        RT1176_VMSTATE_REGISTERS(parent_obj, Rt1176OcotpState),
        VMSTATE_UINT32_ARRAY(fuse, Rt1176OcotpState, RT1176_OCOTP_FUSES),
        VMSTATE_INT64(busy_end_ns, Rt1176OcotpState),
        VMSTATE_TIMER_PTR(done, Rt1176OcotpState),
        VMSTATE_BOOL(reading, Rt1176OcotpState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property ocotp_properties[] = {
    DEFINE_PROP_UINT32("unique-id-0", Rt1176OcotpState, unique_id[0],
                       0x17117601),
    DEFINE_PROP_UINT32("unique-id-1", Rt1176OcotpState, unique_id[1],
                       0x2a5b3c4d),
};

static void ocotp_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    Rt1176RegisterFileClass *rc = RT1176_REGISTER_FILE_CLASS(klass);

    rt1176_register_file_map_class_init(klass, data);
    rc->read = ocotp_read;
    rc->written = ocotp_written;
    RESETTABLE_CLASS(klass)->phases.exit = ocotp_reset_exit;
    dc->realize = ocotp_realize;
    dc->vmsd = &vmstate_ocotp;
    device_class_set_props(dc, ocotp_properties);
}

static const TypeInfo ocotp_types[] = {
    {
        .name = TYPE_RT1176_OCOTP,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .instance_size = sizeof(Rt1176OcotpState),
        .instance_init = ocotp_init,
        .class_init = ocotp_class_init,
        .class_data = (void *)&ocotp_map,
    },
};
DEFINE_TYPES(ocotp_types)
