/*
 * Register files of the i.MX RT1176 that only hold configuration: IOMUXC,
 * IOMUXC_GPR, IOMUXC_LPSR, IOMUXC_LPSR_GPR (IMXRT1170RM, chapter "IOMUXC").
 * What they configure is up to who asks (rt1176_register_file_get(): the
 * start address of the Cortex-M4 lies in IOMUXC_LPSR_GPR).  Signals reach
 * their UARTs whatever the pads say; see docs/devices/mimxrt1176.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "migration/vmstate.h"
#include "rt1176_iomuxc.h"

/* 145 multiplexers (ALT5: GPIO), as many pads, then input selectors */
static const Rt1176RegisterReset iomuxc_reset[] = {
    { .first = 0x010, .count = 145, .value = 5 },
};
static const Rt1176RegisterMap iomuxc_map = {
    .size = 0x718,
    .reset = iomuxc_reset,
    .resets = ARRAY_SIZE(iomuxc_reset),
};

/* GPR0 to GPR76 */
static const Rt1176RegisterMap iomuxc_gpr_map = { .size = 0x134 };

/* 16 multiplexers (ALT5: GPIO), 16 pads, 24 input selectors */
static const Rt1176RegisterReset iomuxc_lpsr_reset[] = {
    { .first = 0x000, .count = 16, .value = 5 },
};
static const Rt1176RegisterMap iomuxc_lpsr_map = {
    .size = 0x0e0,
    .reset = iomuxc_lpsr_reset,
    .resets = ARRAY_SIZE(iomuxc_lpsr_reset),
};

/* GPR0 to GPR41; GPR1:GPR0 = 0x20200000, where the M4 starts by default */
static const Rt1176RegisterReset iomuxc_lpsr_gpr_reset[] = {
    { .first = 0x004, .count = 1, .value = 0x2020 },
};
static const Rt1176RegisterMap iomuxc_lpsr_gpr_map = {
    .size = 0x0a8,
    .reset = iomuxc_lpsr_gpr_reset,
    .resets = ARRAY_SIZE(iomuxc_lpsr_gpr_reset),
};

static const Rt1176RegisterMap *register_map(Rt1176RegisterFile *s)
{
    return RT1176_REGISTER_FILE_GET_CLASS(s)->map;
}

uint32_t rt1176_register_file_get(Rt1176RegisterFile *s, hwaddr offset)
{
    assert(offset < register_map(s)->size);
    return s->regs[offset / 4];
}

static bool register_exists(Rt1176RegisterFile *s, hwaddr addr)
{
    if (addr < register_map(s)->size) {
        return true;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx "\n",
                  object_get_typename(OBJECT(s)), addr);
    return false;
}

static uint64_t register_file_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176RegisterFile *s = opaque;

    return register_exists(s, addr) ? s->regs[addr / 4] : 0;
}

static void register_file_write(void *opaque, hwaddr addr, uint64_t value,
                                unsigned size)
{
    Rt1176RegisterFile *s = opaque;

    if (register_exists(s, addr)) {
        s->regs[addr / 4] = value;
    }
}

static const MemoryRegionOps register_file_ops = {
    .read = register_file_read,
    .write = register_file_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static void register_file_reset_hold(Object *obj, ResetType type)
{
    Rt1176RegisterFile *s = RT1176_REGISTER_FILE(obj);
    const Rt1176RegisterMap *map = register_map(s);

    memset(s->regs, 0, sizeof(s->regs));
    for (unsigned n = 0; n < map->resets; n++) {
        for (unsigned i = 0; i < map->reset[n].count; i++) {
            s->regs[map->reset[n].first / 4 + i] = map->reset[n].value;
        }
    }
}

static void register_file_init(Object *obj)
{
    Rt1176RegisterFile *s = RT1176_REGISTER_FILE(obj);

    assert(register_map(s)->size <= sizeof(s->regs));
    memory_region_init_io(&s->iomem, obj, &register_file_ops, s,
                          object_get_typename(obj), 0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
}

static const VMStateDescription vmstate_register_file = {
    .name = TYPE_RT1176_REGISTER_FILE,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, Rt1176RegisterFile,
                             RT1176_REGISTER_FILE_WORDS),
        VMSTATE_END_OF_LIST()
    }
};

static void register_file_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->vmsd = &vmstate_register_file;
    RESETTABLE_CLASS(klass)->phases.hold = register_file_reset_hold;
}

static void register_file_map_class_init(ObjectClass *klass, void *data)
{
    RT1176_REGISTER_FILE_CLASS(klass)->map = data;
}

static const TypeInfo register_file_types[] = {
    {
        .name = TYPE_RT1176_REGISTER_FILE,
        .parent = TYPE_SYS_BUS_DEVICE,
        .abstract = true,
        .instance_size = sizeof(Rt1176RegisterFile),
        .instance_init = register_file_init,
        .class_size = sizeof(Rt1176RegisterFileClass),
        .class_init = register_file_class_init,
    }, {
        .name = TYPE_RT1176_IOMUXC,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .class_init = register_file_map_class_init,
        .class_data = (void *)&iomuxc_map,
    }, {
        .name = TYPE_RT1176_IOMUXC_GPR,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .class_init = register_file_map_class_init,
        .class_data = (void *)&iomuxc_gpr_map,
    }, {
        .name = TYPE_RT1176_IOMUXC_LPSR,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .class_init = register_file_map_class_init,
        .class_data = (void *)&iomuxc_lpsr_map,
    }, {
        .name = TYPE_RT1176_IOMUXC_LPSR_GPR,
        .parent = TYPE_RT1176_REGISTER_FILE,
        .class_init = register_file_map_class_init,
        .class_data = (void *)&iomuxc_lpsr_gpr_map,
    },
};
DEFINE_TYPES(register_file_types)
