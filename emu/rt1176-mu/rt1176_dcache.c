/*
 * The data cache of the i.MX RT1176's Cortex-M7 in front of the memory it
 * shares with the Cortex-M4, for the machine property "incoherent-caches" (Arm
 * Cortex-M7 Processor TRM, chapter "Memory System"; ARMv7-M ARM B2.2 "Caches",
 * B3.2.2 "Cache and branch predictor maintenance operations").
 *
 * The core sends a data access here when CCR.DC and the MPU's attributes say
 * that the cache takes part in it, with the policy in bits 33:32 of the
 * physical address (target/arm/ptw.c).  A line stays until software maintains
 * it: of all that a cache may do this shows missing maintenance best.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "target/arm/cpu.h"
#include "rt1176_dcache.h"

#define LINE_VALID (1u << 0)
#define LINE_DIRTY (1u << 1)

/* Offsets from 0xe000ef50. */
REG32(ICIALLU, 0x00)
REG32(ICIMVAU, 0x08)
REG32(DCIMVAC, 0x0c)
REG32(DCISW, 0x10)
    FIELD(DCISW, SET, 5, 8)
    FIELD(DCISW, WAY, 30, 2)
REG32(DCCMVAU, 0x14)
REG32(DCCMVAC, 0x18)
REG32(DCCSW, 0x1c)
REG32(DCCIMVAC, 0x20)
REG32(DCCISW, 0x24)
REG32(BPIALL, 0x28)
#define MAINTENANCE_SIZE 0x2c

/* 0xe000ef9c, Cortex-M7 Processor TRM, "L1 Cache Control Register" */
REG32(CACR, 0x00)
    FIELD(CACR, SIWT, 0, 1)
    FIELD(CACR, FORCEWT, 2, 1)

static MemTxResult dcache_fill(Rt1176DcacheState *s, unsigned line)
{
    hwaddr offset = (hwaddr)line * RT1176_DCACHE_LINE;
    MemTxResult result = address_space_read(
        &s->behind, RT1176_DCACHE_BASE + offset, MEMTXATTRS_UNSPECIFIED,
        s->data + offset, RT1176_DCACHE_LINE);

    if (result == MEMTX_OK) {
        s->line_state[line] = LINE_VALID;
    }
    return result;
}

static void dcache_clean(Rt1176DcacheState *s, unsigned line)
{
    hwaddr offset = (hwaddr)line * RT1176_DCACHE_LINE;

    if (s->line_state[line] & LINE_DIRTY) {
        address_space_write(&s->behind, RT1176_DCACHE_BASE + offset,
                            MEMTXATTRS_UNSPECIFIED, s->data + offset,
                            RT1176_DCACHE_LINE);
        s->line_state[line] &= ~LINE_DIRTY;
    }
}

/* What was written to a dirty line is lost. */
static void dcache_invalidate(Rt1176DcacheState *s, unsigned line)
{
    s->line_state[line] = 0;
}

static MemTxResult dcache_read(void *opaque, hwaddr offset, uint64_t *value,
                               unsigned size, MemTxAttrs attrs)
{
    Rt1176DcachePort *port = opaque;
    Rt1176DcacheState *s = port->cache;
    unsigned line = offset / RT1176_DCACHE_LINE;
    MemTxResult result = MEMTX_OK;

    if (!(s->line_state[line] & LINE_VALID)) {
        result = dcache_fill(s, line);
    }
    *value = ldn_le_p(s->data + offset, size);
    return result;
}

static unsigned dcache_policy(const Rt1176DcachePort *port)
{
    return FIELD_EX32(port->cache->cacr, CACR, FORCEWT)
               ? ARM_DCACHE_WRITE_THROUGH : port->policy;
}

static MemTxResult dcache_write(void *opaque, hwaddr offset, uint64_t value,
                                unsigned size, MemTxAttrs attrs)
{
    Rt1176DcachePort *port = opaque;
    Rt1176DcacheState *s = port->cache;
    unsigned line = offset / RT1176_DCACHE_LINE;
    unsigned policy = dcache_policy(port);
    uint8_t octets[8];

    if (!(s->line_state[line] & LINE_VALID) &&
        policy == ARM_DCACHE_WRITE_BACK_ALLOCATE) {
        MemTxResult result = dcache_fill(s, line);

        if (result != MEMTX_OK) {
            return result;
        }
    }
    if (s->line_state[line] & LINE_VALID) {
        stn_le_p(s->data + offset, size, value);
        if (policy != ARM_DCACHE_WRITE_THROUGH) {
            s->line_state[line] |= LINE_DIRTY;
            return MEMTX_OK;
        }
    }
    stn_le_p(octets, size, value);
    return address_space_write(&s->behind, RT1176_DCACHE_BASE + offset, attrs,
                               octets, size);
}

static const MemoryRegionOps dcache_ops = {
    .read_with_attrs = dcache_read,
    .write_with_attrs = dcache_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 1,
    .valid.max_access_size = 8,
    .impl.min_access_size = 1,
    .impl.max_access_size = 8,
};

static void dcache_maintain(Rt1176DcacheState *s, unsigned line, bool clean,
                            bool invalidate)
{
    if (clean) {
        dcache_clean(s, line);
    }
    if (invalidate) {
        dcache_invalidate(s, line);
    }
}

static void dcache_maintain_address(Rt1176DcacheState *s, uint32_t address,
                                    bool clean, bool invalidate)
{
    uint32_t offset = address - RT1176_DCACHE_BASE;

    if (offset < RT1176_DCACHE_SIZE) {
        dcache_maintain(s, offset / RT1176_DCACHE_LINE, clean, invalidate);
    }
}

/*
 * 32 KiB in four ways: bits 12:5 of the address are the set.  A set has more
 * lines here; each belongs to the way that the two bits above say, so that
 * software that walks all sets and ways reaches every line.
 */
static void dcache_maintain_set_way(Rt1176DcacheState *s, uint32_t value,
                                    bool clean, bool invalidate)
{
    unsigned sets = 1u << R_DCISW_SET_LENGTH;
    unsigned step = sets << R_DCISW_WAY_LENGTH;
    unsigned first = FIELD_EX32(value, DCISW, WAY) * sets +
                     FIELD_EX32(value, DCISW, SET);

    for (unsigned line = first; line < RT1176_DCACHE_LINES; line += step) {
        dcache_maintain(s, line, clean, invalidate);
    }
}

static MemTxResult maintenance_read(void *opaque, hwaddr addr, uint64_t *value,
                                    unsigned size, MemTxAttrs attrs)
{
    if (attrs.user) {
        return MEMTX_ERROR;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "%s: read of write-only 0x%08" PRIx32 "\n",
                  TYPE_RT1176_DCACHE, 0xe000ef50 + (uint32_t)addr);
    *value = 0;
    return MEMTX_OK;
}

static MemTxResult maintenance_write(void *opaque, hwaddr addr, uint64_t value,
                                     unsigned size, MemTxAttrs attrs)
{
    Rt1176DcacheState *s = opaque;

    if (attrs.user) {
        return MEMTX_ERROR;
    }
    switch (addr) {
    case A_DCIMVAC:
        dcache_maintain_address(s, value, false, true);
        break;
    case A_DCCMVAU:
    case A_DCCMVAC:
        dcache_maintain_address(s, value, true, false);
        break;
    case A_DCCIMVAC:
        dcache_maintain_address(s, value, true, true);
        break;
    case A_DCISW:
        dcache_maintain_set_way(s, value, false, true);
        break;
    case A_DCCSW:
        dcache_maintain_set_way(s, value, true, false);
        break;
    case A_DCCISW:
        dcache_maintain_set_way(s, value, true, true);
        break;
    case A_ICIALLU: /* instructions are always fetched from memory */
    case A_ICIMVAU:
    case A_BPIALL:
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write of reserved 0x%08" PRIx32
                      "\n", TYPE_RT1176_DCACHE, 0xe000ef50 + (uint32_t)addr);
        break;
    }
    return MEMTX_OK;
}

static const MemoryRegionOps maintenance_ops = {
    .read_with_attrs = maintenance_read,
    .write_with_attrs = maintenance_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static MemTxResult control_read(void *opaque, hwaddr addr, uint64_t *value,
                                unsigned size, MemTxAttrs attrs)
{
    Rt1176DcacheState *s = opaque;

    *value = s->cacr;
    return attrs.user ? MEMTX_ERROR : MEMTX_OK;
}

static MemTxResult control_write(void *opaque, hwaddr addr, uint64_t value,
                                 unsigned size, MemTxAttrs attrs)
{
    Rt1176DcacheState *s = opaque;

    if (attrs.user) {
        return MEMTX_ERROR;
    }
    if (FIELD_EX32(value, CACR, SIWT)) {
        qemu_log_mask(LOG_UNIMP, "%s: shared memory is not cached, CACR.SIWT"
                      " changes nothing\n", TYPE_RT1176_DCACHE);
    }
    s->cacr = value & R_CACR_FORCEWT_MASK;
    return MEMTX_OK;
}

static const MemoryRegionOps control_ops = {
    .read_with_attrs = control_read,
    .write_with_attrs = control_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

/* What the part's cache holds then is unknown: software invalidates it. */
static void rt1176_dcache_reset_hold(Object *obj, ResetType type)
{
    Rt1176DcacheState *s = RT1176_DCACHE(obj);

    s->cacr = 0;
    memset(s->line_state, 0, sizeof(s->line_state));
}

static void rt1176_dcache_init(Object *obj)
{
    Rt1176DcacheState *s = RT1176_DCACHE(obj);

    for (unsigned n = 0; n < RT1176_DCACHE_PORTS; n++) {
        s->port[n].cache = s;
        s->port[n].policy = n + 1;
        memory_region_init_io(&s->port[n].region, obj, &dcache_ops,
                              &s->port[n], TYPE_RT1176_DCACHE,
                              RT1176_DCACHE_SIZE);
        sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->port[n].region);
    }
    memory_region_init_io(&s->maintenance, obj, &maintenance_ops, s,
                          TYPE_RT1176_DCACHE "-maintenance", MAINTENANCE_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->maintenance);
    memory_region_init_io(&s->control, obj, &control_ops, s,
                          TYPE_RT1176_DCACHE "-control", 4);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->control);
}

static void rt1176_dcache_realize(DeviceState *dev, Error **errp)
{
    Rt1176DcacheState *s = RT1176_DCACHE(dev);

    if (!s->memory) {
        error_setg(errp, "%s: link 'memory' is not set", TYPE_RT1176_DCACHE);
        return;
    }
    address_space_init(&s->behind, s->memory, TYPE_RT1176_DCACHE);
}

static const VMStateDescription vmstate_rt1176_dcache = {
    .name = TYPE_RT1176_DCACHE,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(cacr, Rt1176DcacheState),
        VMSTATE_UINT8_ARRAY(line_state, Rt1176DcacheState,
                            RT1176_DCACHE_LINES),
        VMSTATE_UINT8_ARRAY(data, Rt1176DcacheState, RT1176_DCACHE_SIZE),
        VMSTATE_END_OF_LIST()
    }
};

static const Property rt1176_dcache_properties[] = {
    DEFINE_PROP_LINK("memory", Rt1176DcacheState, memory, TYPE_MEMORY_REGION,
                     MemoryRegion *),
};

static void rt1176_dcache_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = rt1176_dcache_realize;
    dc->vmsd = &vmstate_rt1176_dcache;
    dc->user_creatable = false;
    device_class_set_props(dc, rt1176_dcache_properties);
    RESETTABLE_CLASS(klass)->phases.hold = rt1176_dcache_reset_hold;
}

static const TypeInfo rt1176_dcache_types[] = {
    {
        .name = TYPE_RT1176_DCACHE,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176DcacheState),
        .instance_init = rt1176_dcache_init,
        .class_init = rt1176_dcache_class_init,
    },
};
DEFINE_TYPES(rt1176_dcache_types)
