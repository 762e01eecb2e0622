/*
 * The cycle counter of a Cortex-M core: the Data Watchpoint and Trace unit as
 * far as programs use it to measure time (ARMv7-M ARM, C1.8), and the bit that
 * turns it on (DEMCR.TRCENA, C1.6.5).  It is computed from virtual time when it
 * is looked at.  Comparators, the other counters and trace are not there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "armv7m_dwt.h"

REG32(DWT_CTRL, 0x000)
    FIELD(DWT_CTRL, CYCCNTENA, 0, 1)
    FIELD(DWT_CTRL, NUMCOMP, 28, 4)
REG32(DWT_CYCCNT, 0x004)
REG32(DWT_LAR, 0xfb0)
REG32(DWT_LSR, 0xfb4)
    FIELD(DWT_LSR, SLI, 0, 1) /* there is a lock */
    FIELD(DWT_LSR, SLK, 1, 1) /* and it is closed */
REG32(DEMCR, 0x0)
    FIELD(DEMCR, TRCENA, 24, 1)

#define LAR_KEY 0xc5acce55u
#define COMPARATORS 4 /* of Cortex-M4 and Cortex-M7 (their TRMs, "DWT") */

static bool dwt_counts(Armv7mDwtState *s)
{
    return s->trcena && s->cyccntena;
}

static uint32_t dwt_cyccnt(Armv7mDwtState *s)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    if (!dwt_counts(s)) {
        return s->cyccnt;
    }
    /* both ends rounded alike, so that differences do not drift */
    return s->cyccnt + clock_ns_to_ticks(s->clk, now_ns) -
           clock_ns_to_ticks(s->clk, s->start_ns);
}

/* Take what has been counted so far as the start of what is to come. */
static void dwt_restart(Armv7mDwtState *s, uint32_t cyccnt)
{
    s->cyccnt = cyccnt;
    s->start_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static uint32_t dwt_register(Armv7mDwtState *s, hwaddr addr)
{
    uint32_t value = 0;

    switch (addr) {
    case A_DWT_CTRL:
        value = FIELD_DP32(value, DWT_CTRL, NUMCOMP, COMPARATORS);
        return FIELD_DP32(value, DWT_CTRL, CYCCNTENA, s->cyccntena);
    case A_DWT_CYCCNT:
        return dwt_cyccnt(s);
    case A_DWT_LSR:
        value = FIELD_DP32(value, DWT_LSR, SLI, s->lock);
        return FIELD_DP32(value, DWT_LSR, SLK, s->lock && !s->unlocked);
    default:
        qemu_log_mask(LOG_UNIMP, "armv7m-dwt: read of 0x%" HWADDR_PRIx "\n",
                      addr);
        return 0;
    }
}

static void dwt_write_ctrl(Armv7mDwtState *s, uint32_t value)
{
    if (value & ~(R_DWT_CTRL_CYCCNTENA_MASK | R_DWT_CTRL_NUMCOMP_MASK)) {
        qemu_log_mask(LOG_UNIMP, "armv7m-dwt: CTRL 0x%" PRIx32 ": only"
                      " CYCCNTENA is there\n", value);
    }
    dwt_restart(s, dwt_cyccnt(s));
    s->cyccntena = FIELD_EX32(value, DWT_CTRL, CYCCNTENA);
}

static void dwt_set_register(Armv7mDwtState *s, hwaddr addr, uint32_t value)
{
    if (addr == A_DWT_LAR) {
        s->unlocked = value == LAR_KEY;
        return;
    }
    if (s->lock && !s->unlocked) {
        qemu_log_mask(LOG_GUEST_ERROR, "armv7m-dwt: write to 0x%" HWADDR_PRIx
                      " while locked (LAR)\n", addr);
        return;
    }
    switch (addr) {
    case A_DWT_CTRL:
        dwt_write_ctrl(s, value);
        break;
    case A_DWT_CYCCNT:
        dwt_restart(s, value);
        break;
    default:
        qemu_log_mask(LOG_UNIMP, "armv7m-dwt: write to 0x%" HWADDR_PRIx "\n",
                      addr);
    }
}

/* The private peripheral bus is for privileged accesses (B3.1). */
static MemTxResult dwt_read(void *opaque, hwaddr addr, uint64_t *data,
                            unsigned size, MemTxAttrs attrs)
{
    if (attrs.user) {
        return MEMTX_ERROR;
    }
    *data = dwt_register(opaque, addr);
    return MEMTX_OK;
}

static MemTxResult dwt_write(void *opaque, hwaddr addr, uint64_t value,
                             unsigned size, MemTxAttrs attrs)
{
    if (attrs.user) {
        return MEMTX_ERROR;
    }
    dwt_set_register(opaque, addr, value);
    return MEMTX_OK;
}

static MemTxResult demcr_read(void *opaque, hwaddr addr, uint64_t *data,
                              unsigned size, MemTxAttrs attrs)
{
    Armv7mDwtState *s = opaque;

    if (attrs.user) {
        return MEMTX_ERROR;
    }
    *data = FIELD_DP32(0, DEMCR, TRCENA, s->trcena);
    return MEMTX_OK;
}

static MemTxResult demcr_write(void *opaque, hwaddr addr, uint64_t value,
                               unsigned size, MemTxAttrs attrs)
{
    Armv7mDwtState *s = opaque;

    if (attrs.user) {
        return MEMTX_ERROR;
    }
    if (value & ~R_DEMCR_TRCENA_MASK) {
        qemu_log_mask(LOG_UNIMP, "armv7m-dwt: DEMCR 0x%" PRIx64 ": only TRCENA"
                      " is there\n", value);
    }
    dwt_restart(s, dwt_cyccnt(s));
    s->trcena = FIELD_EX32(value, DEMCR, TRCENA);
    return MEMTX_OK;
}

static const MemoryRegionOps dwt_ops = {
    .read_with_attrs = dwt_read,
    .write_with_attrs = dwt_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static const MemoryRegionOps demcr_ops = {
    .read_with_attrs = demcr_read,
    .write_with_attrs = demcr_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static void dwt_reset_hold(Object *obj, ResetType type)
{
    Armv7mDwtState *s = ARMV7M_DWT(obj);

    s->trcena = false;
    s->cyccntena = false;
    s->unlocked = false;
    dwt_restart(s, 0);
}

static void dwt_init(Object *obj)
{
    Armv7mDwtState *s = ARMV7M_DWT(obj);
    SysBusDevice *dev = SYS_BUS_DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &dwt_ops, s, "armv7m-dwt", 0x1000);
    memory_region_init_io(&s->demcr_iomem, obj, &demcr_ops, s, "armv7m-demcr",
                          4);
    sysbus_init_mmio(dev, &s->iomem);
    sysbus_init_mmio(dev, &s->demcr_iomem);
    s->clk = qdev_init_clock_in(DEVICE(obj), "clk", NULL, NULL, 0);
}

static void dwt_realize(DeviceState *dev, Error **errp)
{
    if (!clock_has_source(ARMV7M_DWT(dev)->clk)) {
        error_setg(errp, "the clock input 'clk' must be connected");
    }
}

static const VMStateDescription vmstate_dwt = {
    .name = TYPE_ARMV7M_DWT,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Armv7mDwtState),
        VMSTATE_BOOL(trcena, Armv7mDwtState),
        VMSTATE_BOOL(cyccntena, Armv7mDwtState),
        VMSTATE_BOOL(unlocked, Armv7mDwtState),
        VMSTATE_UINT32(cyccnt, Armv7mDwtState),
        VMSTATE_INT64(start_ns, Armv7mDwtState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property dwt_properties[] = {
    DEFINE_PROP_BOOL("lock", Armv7mDwtState, lock, false),
};

static void dwt_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = dwt_realize;
    dc->vmsd = &vmstate_dwt;
    dc->desc = "ARMv7-M cycle counter (DWT)";
    device_class_set_props(dc, dwt_properties);
    RESETTABLE_CLASS(klass)->phases.hold = dwt_reset_hold;
}

static const TypeInfo dwt_types[] = {
    {
        .name = TYPE_ARMV7M_DWT,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Armv7mDwtState),
        .instance_init = dwt_init,
        .class_init = dwt_class_init,
    },
};
DEFINE_TYPES(dwt_types)
