/*
 * DMAMUX of the i.MX RT1176 (IMXRT1170RM, chapter "Direct Memory Access
 * Multiplexer"): gives each channel of an eDMA one source, or a request that
 * always stands; the first four channels may wait for a PIT timer before they
 * let a request through.  See docs/devices/rt1176-edma.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/irq.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "rt1176_dmamux.h"

REG32(CHCFG0, 0x00)
REG32(CHCFG31, 0x7c)
FIELD(CHCFG, SOURCE, 0, 8)
FIELD(CHCFG, A_ON, 29, 1)
FIELD(CHCFG, TRIG, 30, 1)
FIELD(CHCFG, ENBL, 31, 1)

#define CHCFG_WRITABLE                                                         \
    (R_CHCFG_SOURCE_MASK | R_CHCFG_A_ON_MASK | R_CHCFG_TRIG_MASK |             \
     R_CHCFG_ENBL_MASK)

static bool dmamux_is_periodic(const Rt1176DmamuxState *s, unsigned channel)
{
    return channel < RT1176_DMAMUX_TRIGGERS &&
           FIELD_EX32(s->chcfg[channel], CHCFG, ENBL) &&
           FIELD_EX32(s->chcfg[channel], CHCFG, TRIG);
}

/* What the channel's source says. */
static bool dmamux_source_level(const Rt1176DmamuxState *s, unsigned channel)
{
    unsigned source = FIELD_EX32(s->chcfg[channel], CHCFG, SOURCE);

    if (!FIELD_EX32(s->chcfg[channel], CHCFG, ENBL)) {
        return false;
    }
    return FIELD_EX32(s->chcfg[channel], CHCFG, A_ON) ||
           (s->source[source / 64] >> (source % 64) & 1);
}

static void dmamux_update_channel(Rt1176DmamuxState *s, unsigned channel)
{
    bool level = dmamux_source_level(s, channel);

    if (!level) {
        s->triggered &= ~(1u << channel);
    }
    if (dmamux_is_periodic(s, channel)) {
        level = s->triggered >> channel & 1;
    }
    qemu_set_irq(s->request[channel], level);
}

static void dmamux_set_source(void *opaque, int n, int level)
{
    Rt1176DmamuxState *s = opaque;

    if (extract64(s->source[n / 64], n % 64, 1) == level) {
        return;
    }
    s->source[n / 64] = deposit64(s->source[n / 64], n % 64, 1, level);
    for (unsigned channel = 0; channel < RT1176_DMAMUX_CHANNELS; channel++) {
        if (FIELD_EX32(s->chcfg[channel], CHCFG, SOURCE) == n) {
            dmamux_update_channel(s, channel);
        }
    }
}

/* Without a request from its source a trigger is lost. */
static void dmamux_trigger(void *opaque, int n, int level)
{
    Rt1176DmamuxState *s = opaque;

    if (level && dmamux_is_periodic(s, n) && dmamux_source_level(s, n)) {
        s->triggered |= 1u << n;
        dmamux_update_channel(s, n);
    }
}

static void dmamux_acknowledge(void *opaque, int n, int level)
{
    Rt1176DmamuxState *s = opaque;

    if (level && s->triggered & 1u << n) {
        s->triggered &= ~(1u << n);
        dmamux_update_channel(s, n);
    }
}

static uint64_t dmamux_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176DmamuxState *s = opaque;

    if (addr > A_CHCFG31) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-dmamux: no register at 0x%"
                      HWADDR_PRIx "\n", addr);
        return 0;
    }
    return s->chcfg[addr / 4];
}

/* Two channels of one source: the part's behaviour is not defined. */
static void dmamux_check_source(const Rt1176DmamuxState *s, unsigned channel)
{
    unsigned source = FIELD_EX32(s->chcfg[channel], CHCFG, SOURCE);

    for (unsigned n = 0; n < RT1176_DMAMUX_CHANNELS; n++) {
        if (n != channel && source &&
            FIELD_EX32(s->chcfg[channel], CHCFG, ENBL) &&
            FIELD_EX32(s->chcfg[n], CHCFG, ENBL) &&
            FIELD_EX32(s->chcfg[n], CHCFG, SOURCE) == source) {
            qemu_log_mask(LOG_GUEST_ERROR, "rt1176-dmamux: channels %u and %u"
                          " have the same source, %u\n", n, channel, source);
        }
    }
}

static void dmamux_write(void *opaque, hwaddr addr, uint64_t value,
                         unsigned size)
{
    Rt1176DmamuxState *s = opaque;
    unsigned channel = addr / 4;

    if (addr > A_CHCFG31) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-dmamux: write to 0x%"
                      HWADDR_PRIx " ignored\n", addr);
        return;
    }
    if (value & ~CHCFG_WRITABLE) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-dmamux: CHCFG%u: bits 0x%"
                      PRIx32 " are reserved\n", channel,
                      (uint32_t)value & ~CHCFG_WRITABLE);
    }
    s->chcfg[channel] = value & CHCFG_WRITABLE;
    s->triggered &= ~(1u << channel);
    dmamux_check_source(s, channel);
    if (channel < RT1176_DMAMUX_TRIGGERS) {
        qemu_set_irq(s->periodic[channel], dmamux_is_periodic(s, channel));
    } else if (FIELD_EX32(value, CHCFG, TRIG)) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-dmamux: channel %u has no"
                      " trigger\n", channel);
    }
    dmamux_update_channel(s, channel);
}

static const MemoryRegionOps dmamux_ops = {
    .read = dmamux_read,
    .write = dmamux_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

static void dmamux_reset_hold(Object *obj, ResetType type)
{
    Rt1176DmamuxState *s = RT1176_DMAMUX(obj);

    memset(s->chcfg, 0, sizeof(s->chcfg));
    s->triggered = 0;
}

static void dmamux_reset_exit(Object *obj, ResetType type)
{
    Rt1176DmamuxState *s = RT1176_DMAMUX(obj);

    for (unsigned n = 0; n < RT1176_DMAMUX_CHANNELS; n++) {
        dmamux_update_channel(s, n);
    }
    for (unsigned n = 0; n < RT1176_DMAMUX_TRIGGERS; n++) {
        qemu_set_irq(s->periodic[n], 0);
    }
}

static void dmamux_init(Object *obj)
{
    Rt1176DmamuxState *s = RT1176_DMAMUX(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &dmamux_ops, s, TYPE_RT1176_DMAMUX,
                          0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    qdev_init_gpio_in_named(dev, dmamux_set_source, "source",
                            RT1176_DMAMUX_SOURCES);
    qdev_init_gpio_in_named(dev, dmamux_trigger, "trigger",
                            RT1176_DMAMUX_TRIGGERS);
    qdev_init_gpio_in_named(dev, dmamux_acknowledge, "acknowledge",
                            RT1176_DMAMUX_CHANNELS);
    qdev_init_gpio_out_named(dev, s->request, "request",
                             RT1176_DMAMUX_CHANNELS);
    qdev_init_gpio_out_named(dev, s->periodic, "periodic",
                             RT1176_DMAMUX_TRIGGERS);
}

static const VMStateDescription vmstate_dmamux = {
    .name = TYPE_RT1176_DMAMUX,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(chcfg, Rt1176DmamuxState, RT1176_DMAMUX_CHANNELS),
        VMSTATE_UINT64_ARRAY(source, Rt1176DmamuxState,
                             RT1176_DMAMUX_SOURCES / 64),
        VMSTATE_UINT32(triggered, Rt1176DmamuxState),
        VMSTATE_END_OF_LIST()
    }
};

static void dmamux_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->vmsd = &vmstate_dmamux;
    dc->desc = "i.MX RT1176 DMA multiplexer";
    RESETTABLE_CLASS(klass)->phases.hold = dmamux_reset_hold;
    RESETTABLE_CLASS(klass)->phases.exit = dmamux_reset_exit;
}

static const TypeInfo dmamux_types[] = {
    {
        .name = TYPE_RT1176_DMAMUX,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176DmamuxState),
        .instance_init = dmamux_init,
        .class_init = dmamux_class_init,
    },
};
DEFINE_TYPES(dmamux_types)
