/*
 * A block of registers of the i.MX RT1176 that is described by a table
 * (IMXRT1170RM, the register chapters).  Offsets that the table does not name
 * are no registers: they read 0, keep nothing, and are logged.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "migration/vmstate.h"
#include "rt1176_bus.h"
#include "rt1176_regfile.h"
#include "rt1176_sct.h"

#define DEFAULT_REGION_SIZE 0x4000
#define DWP_SHIFT 28
#define DWP_LOCK_SHIFT 30

static const Rt1176RegisterMap *register_map(Rt1176RegisterFile *s)
{
    return RT1176_REGISTER_FILE_GET_CLASS(s)->map;
}

static uint32_t row_step(const Rt1176RegisterRow *row)
{
    return row->step ? row->step : 4;
}

/* SET, CLR and TOG addresses are their register's. */
static hwaddr register_at(const Rt1176RegisterRow *row, hwaddr offset)
{
    return row->set_clear_toggle ? offset & ~0xcull : offset;
}

static const Rt1176RegisterRow *find_row(Rt1176RegisterFile *s, hwaddr offset)
{
    const Rt1176RegisterMap *map = register_map(s);

    for (unsigned n = 0; n < map->rows; n++) {
        const Rt1176RegisterRow *row = &map->row[n];
        hwaddr at = register_at(row, offset);
        hwaddr from = at - row->first;

        if (at >= row->first && from % row_step(row) == 0 &&
            from / row_step(row) < row->count) {
            return row;
        }
    }
    return NULL;
}

static const Rt1176RegisterRow *row_of_access(Rt1176RegisterFile *s,
                                              hwaddr offset,
                                              const char *access)
{
    const Rt1176RegisterRow *row = find_row(s, offset);

    if (!row) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: %s of offset 0x%" HWADDR_PRIx
                      ", where no register is\n",
                      object_get_typename(OBJECT(s)), access, offset);
    }
    return row;
}

uint32_t rt1176_register_file_get(Rt1176RegisterFile *s, hwaddr offset)
{
    assert(offset < register_map(s)->size);
    return s->regs[offset / 4];
}

void rt1176_register_file_set(Rt1176RegisterFile *s, hwaddr offset,
                              uint32_t value)
{
    assert(offset < register_map(s)->size);
    s->regs[offset / 4] = value;
}

void rt1176_register_file_notify(Rt1176RegisterFile *s, Notifier *notifier)
{
    notifier_list_add(&s->changed, notifier);
}

static void tell_change(Rt1176RegisterFile *s, hwaddr offset, uint32_t old)
{
    Rt1176RegisterChange change = {
        .file = s,
        .offset = offset,
        .old = old,
        .value = s->regs[offset / 4],
    };

    if (change.value != old) {
        notifier_list_notify(&s->changed, &change);
    }
}

static MemTxResult register_file_read(void *opaque, hwaddr addr, uint64_t *data,
                                      unsigned size, MemTxAttrs attrs)
{
    Rt1176RegisterFile *s = opaque;
    const Rt1176RegisterFileClass *rc = RT1176_REGISTER_FILE_GET_CLASS(s);
    const Rt1176RegisterRow *row;

    *data = 0;
    if (rc->may_access && !rc->may_access(s, attrs)) {
        return MEMTX_ACCESS_ERROR;
    }
    row = row_of_access(s, addr, "read");
    if (row) {
        hwaddr at = register_at(row, addr);

        *data = rc->read ? rc->read(s, at, s->regs[at / 4]) : s->regs[at / 4];
    }
    return MEMTX_OK;
}

/* Which bits a write reaches while the register holds @value. */
static uint32_t unlocked_bits(const Rt1176RegisterRow *row, uint32_t value)
{
    uint32_t locks;

    switch (row->lock) {
    case RT1176_DOMAIN_LOCK:
        if (extract32(value, DWP_SHIFT + rt1176_bus_core(), 1)) {
            return 0;
        }
        locks = extract32(value, DWP_LOCK_SHIFT, 2);
        return ~(locks << DWP_SHIFT | locks << DWP_LOCK_SHIFT);
    case RT1176_LOCK_BIT_0:
        return value & 1 ? 0 : UINT32_MAX;
    case RT1176_LOCK_HIGH_HALF:
        return ~(value >> 16) & ~(value & 0xffff0000);
    default:
        return UINT32_MAX;
    }
}

static void log_refused(Rt1176RegisterFile *s, hwaddr addr, uint32_t refused)
{
    if (refused) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: offset 0x%" HWADDR_PRIx ": bits 0x%"
                      PRIx32 " are read-only, reserved or locked\n",
                      object_get_typename(OBJECT(s)), addr, refused);
    }
}

static void log_without_effect(Rt1176RegisterFile *s, hwaddr addr)
{
    if (register_map(s)->log_writes && !s->logged) {
        qemu_log_mask(LOG_UNIMP, "%s: registers only: first write at offset"
                      " 0x%" HWADDR_PRIx "\n", object_get_typename(OBJECT(s)),
                      addr);
        s->logged = true;
    }
}

static MemTxResult register_file_write(void *opaque, hwaddr addr,
                                       uint64_t value64, unsigned size,
                                       MemTxAttrs attrs)
{
    Rt1176RegisterFile *s = opaque;
    const Rt1176RegisterFileClass *rc = RT1176_REGISTER_FILE_GET_CLASS(s);
    const Rt1176RegisterRow *row;
    uint32_t value = value64, *reg, old, bits;
    hwaddr at;

    if (rc->may_access && !rc->may_access(s, attrs)) {
        return MEMTX_ACCESS_ERROR;
    }
    row = row_of_access(s, addr, "write");
    if (!row) {
        return MEMTX_OK;
    }
    log_without_effect(s, addr);
    at = register_at(row, addr);
    reg = &s->regs[at / 4];
    old = *reg;
    if (row->set_clear_toggle) {
        value = old;
        rt1176_sct_write(&value, addr, value64);
    }
    bits = row->writable & unlocked_bits(row, old);
    log_refused(s, addr, (value ^ old) & ~bits & ~row->w1c & value);
    *reg = ((old & ~bits) | (value & bits)) & ~(value & row->w1c);
    if (rc->written) {
        rc->written(s, at, old, value);
    }
    tell_change(s, at, old);
    return MEMTX_OK;
}

static const MemoryRegionOps register_file_ops = {
    .read_with_attrs = register_file_read,
    .write_with_attrs = register_file_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static void register_file_reset_hold(Object *obj, ResetType type)
{
    Rt1176RegisterFile *s = RT1176_REGISTER_FILE(obj);
    const Rt1176RegisterMap *map = register_map(s);

    if (map->outlives_resets && s->reset_before) {
        return;
    }
    s->reset_before = true;
    for (unsigned n = 0; n < map->rows; n++) {
        const Rt1176RegisterRow *row = &map->row[n];

        for (unsigned i = 0; i < row->count; i++) {
            s->regs[(row->first + row_step(row) * i) / 4] = row->reset;
        }
    }
}

/* Who is told sees all registers at their reset values. */
static void register_file_reset_exit(Object *obj, ResetType type)
{
    Rt1176RegisterFile *s = RT1176_REGISTER_FILE(obj);
    Rt1176RegisterChange change = { .file = s, .offset = 0 };

    change.old = change.value = s->regs[0];
    notifier_list_notify(&s->changed, &change);
}

static void register_file_init(Object *obj)
{
    Rt1176RegisterFile *s = RT1176_REGISTER_FILE(obj);
    const Rt1176RegisterMap *map = register_map(s);
    uint32_t region_size = map->region_size ? map->region_size
                                            : DEFAULT_REGION_SIZE;

    assert(map->size % 4 == 0 && map->size <= region_size);
    s->words = map->size / 4;
    s->regs = g_new0(uint32_t, s->words);
    notifier_list_init(&s->changed);
    memory_region_init_io(&s->iomem, obj, &register_file_ops, s,
                          object_get_typename(obj), region_size);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
}

static void register_file_finalize(Object *obj)
{
    g_free(RT1176_REGISTER_FILE(obj)->regs);
}

/* Who derives something from registers derives it anew. */
static int register_file_post_load(void *opaque, int version_id)
{
    register_file_reset_exit(opaque, RESET_TYPE_COLD);
    return 0;
}

const VMStateDescription rt1176_vmstate_register_file = {
    .name = TYPE_RT1176_REGISTER_FILE,
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = register_file_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_VARRAY_UINT32(regs, Rt1176RegisterFile, words, 0,
                              vmstate_info_uint32, uint32_t),
        VMSTATE_BOOL(logged, Rt1176RegisterFile),
        VMSTATE_BOOL(reset_before, Rt1176RegisterFile),
        VMSTATE_END_OF_LIST()
    }
};

static void register_file_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->vmsd = &rt1176_vmstate_register_file;
    rc->phases.hold = register_file_reset_hold;
    rc->phases.exit = register_file_reset_exit;
}

void rt1176_register_file_map_class_init(ObjectClass *klass, void *data)
{
    const Rt1176RegisterMap *map = data;

    RT1176_REGISTER_FILE_CLASS(klass)->map = map;
    DEVICE_CLASS(klass)->desc = map->desc;
}

static const TypeInfo register_file_types[] = {
    {
        .name = TYPE_RT1176_REGISTER_FILE,
        .parent = TYPE_SYS_BUS_DEVICE,
        .abstract = true,
        .instance_size = sizeof(Rt1176RegisterFile),
        .instance_init = register_file_init,
        .instance_finalize = register_file_finalize,
        .class_size = sizeof(Rt1176RegisterFileClass),
        .class_init = register_file_class_init,
    },
};
DEFINE_TYPES(register_file_types)
