/*
 * Registers and interrupts of the eDMA of the i.MX RT1176 (IMXRT1170RM, chapter
 * "Enhanced Direct Memory Access").  What the channels do is in
 * rt1176_edma_engine.c; see docs/devices/rt1176-edma.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "rt1176_edma_internal.h"

REG32(ERQ, 0x0c)
REG32(EEI, 0x14)
REG32(INT, 0x24)
REG32(ERR, 0x2c)
REG32(HRS, 0x34)
REG32(EARS, 0x44)
/* Commands of one byte each: a channel, or all of them. */
enum {
    A_CEEI = 0x18,
    A_SEEI,
    A_CERQ,
    A_SERQ,
    A_CDNE,
    A_SSRT,
    A_CERR,
    A_CINT,
};
FIELD(COMMAND, CHANNEL, 0, 5)
FIELD(COMMAND, ALL, 6, 1)
FIELD(COMMAND, NOP, 7, 1)

#define A_DCHPRI 0x100
#define A_TCD 0x1000
#define TCD_SIZE 0x20

/* EDBG to GRP1PRI; CX and ECX are commands */
#define CR_WRITABLE 0x000005feu
#define CR_RESET R_CR_GRP1PRI_MASK
#define DCHPRI_WRITABLE \
    (R_DCHPRI_CHPRI_MASK | R_DCHPRI_DPA_MASK | R_DCHPRI_ECP_MASK)
#define DCHPRI_WRITABLES (0x01010101u * DCHPRI_WRITABLE) /* of four channels */
#define TCD_CSR_RESERVED 0x2000u

void rt1176_edma_update_irqs(Rt1176EdmaState *s)
{
    for (unsigned n = 0; n < RT1176_EDMA_ERROR_IRQ; n++) {
        qemu_set_irq(s->irq[n], ((s->interrupts | s->interrupts >> 16) >> n) &
                                    1);
    }
    qemu_set_irq(s->irq[RT1176_EDMA_ERROR_IRQ], (s->err & s->eei) != 0);
}

static bool edma_group_priority(const Rt1176EdmaState *s, unsigned channel)
{
    return channel < 16 ? FIELD_EX32(s->cr, CR, GRP0PRI)
                        : FIELD_EX32(s->cr, CR, GRP1PRI);
}

/* The registers DCHPRI3, 2, 1, 0, 7, 6, ... lie in this order. */
static unsigned edma_dchpri_channel(hwaddr addr)
{
    return (addr - A_DCHPRI) ^ 3;
}

static uint32_t edma_read_dchpri(const Rt1176EdmaState *s, hwaddr addr)
{
    uint32_t word = 0;

    for (unsigned i = 0; i < 4; i++) {
        unsigned channel = edma_dchpri_channel(addr + i);

        word |= (s->dchpri[channel] |
                 edma_group_priority(s, channel) << 4) << (8 * i);
    }
    return word;
}

static uint32_t edma_read_word(Rt1176EdmaState *s, hwaddr addr)
{
    switch (addr) {
    case A_CR:
        return FIELD_DP32(s->cr, CR, ACTIVE, s->service.active);
    case A_ES:
        return s->es;
    case A_ERQ:
        return s->erq;
    case A_EEI:
        return s->eei;
    case A_CEEI:
    case A_CDNE:
        return 0;
    case A_INT:
        return s->interrupts;
    case A_ERR:
        return s->err;
    case A_HRS:
        return s->requests & s->erq;
    case A_EARS:
        return s->ears;
    case A_DCHPRI ... A_DCHPRI + RT1176_EDMA_CHANNELS - 1:
        return edma_read_dchpri(s, addr);
    case A_TCD ... A_TCD + RT1176_EDMA_CHANNELS * TCD_SIZE - 1:
        return s->tcd[(addr - A_TCD) / TCD_SIZE][addr % TCD_SIZE / 4];
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-edma: no register at 0x%"
                      HWADDR_PRIx "\n", addr);
        return 0;
    }
}

static uint64_t edma_read(void *opaque, hwaddr addr, unsigned size)
{
    return extract32(edma_read_word(opaque, addr & ~3ull), 8 * (addr & 3),
                     8 * size);
}

static void edma_command(Rt1176EdmaState *s, hwaddr addr, uint8_t value)
{
    uint32_t channels = FIELD_EX32(value, COMMAND, ALL)
                            ? UINT32_MAX
                            : 1u << FIELD_EX32(value, COMMAND, CHANNEL);

    if (FIELD_EX32(value, COMMAND, NOP)) {
        return;
    }
    switch (addr) {
    case A_CEEI:
        s->eei &= ~channels;
        break;
    case A_SEEI:
        s->eei |= channels;
        break;
    case A_CERQ:
        s->erq &= ~channels;
        break;
    case A_SERQ:
        s->erq |= channels;
        break;
    case A_CERR:
        s->err &= ~channels;
        break;
    case A_CINT:
        s->interrupts &= ~channels;
        break;
    }
    for (unsigned n = 0; n < RT1176_EDMA_CHANNELS; n++) {
        if (addr == A_CDNE && channels & 1u << n) {
            TCD_SET(s->tcd[n], CSR, DONE, 0);
        } else if (addr == A_SSRT && channels & 1u << n) {
            TCD_SET(s->tcd[n], CSR, START, 1);
        }
    }
}

static void edma_log_reserved(hwaddr addr, uint32_t bits)
{
    if (bits) {
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-edma: offset 0x%" HWADDR_PRIx
                      ": bits 0x%" PRIx32 " are read-only or reserved\n", addr,
                      bits);
    }
}

static void edma_write_cr(Rt1176EdmaState *s, uint32_t value)
{
    uint32_t refused = value & ~(CR_WRITABLE | R_CR_CX_MASK | R_CR_ECX_MASK);

    edma_log_reserved(A_CR, refused & ~edma_read_word(s, A_CR));
    s->cr = value & CR_WRITABLE;
    if (value & (R_CR_CX_MASK | R_CR_ECX_MASK)) {
        rt1176_edma_cancel(s, FIELD_EX32(value, CR, ECX));
    }
}

/*
 * CSR: ACTIVE is read-only, DONE is only cleared; while it is set MAJORELINK
 * and ESG are forced to 0.
 */
static void edma_write_tcd(Rt1176EdmaState *s, hwaddr addr, uint32_t value)
{
    uint32_t *tcd = s->tcd[(addr - A_TCD) / TCD_SIZE];
    unsigned word = addr % TCD_SIZE / 4;

    if (word == TCD_CSR) {
        if (TCD_GET(tcd, CSR, DONE)) {
            value &= ~(R_TCD_CSR_ESG_MASK | R_TCD_CSR_MAJORELINK_MASK);
        } else {
            value &= ~R_TCD_CSR_DONE_MASK;
        }
        value = FIELD_DP32(value, TCD_CSR, ACTIVE,
                           TCD_GET(tcd, CSR, ACTIVE));
        edma_log_reserved(addr, value & TCD_CSR_RESERVED);
        value &= ~TCD_CSR_RESERVED;
    }
    tcd[word] = value;
}

static void edma_write_dchpri(Rt1176EdmaState *s, hwaddr addr, uint32_t value)
{
    edma_log_reserved(addr, value & ~DCHPRI_WRITABLES &
                                ~edma_read_dchpri(s, addr));
    for (unsigned i = 0; i < 4; i++) {
        s->dchpri[edma_dchpri_channel(addr + i)] =
            extract32(value, 8 * i, 8) & DCHPRI_WRITABLE;
    }
}

/* @value: the whole register; @lanes: what of it was written. */
static void edma_write_word(Rt1176EdmaState *s, hwaddr addr, uint32_t value,
                            uint32_t lanes)
{
    switch (addr) {
    case A_CR:
        edma_write_cr(s, value);
        break;
    case A_ERQ:
        s->erq = value;
        break;
    case A_EEI:
        s->eei = value;
        break;
    case A_INT:
        s->interrupts &= ~(value & lanes);
        break;
    case A_ERR:
        s->err &= ~(value & lanes);
        break;
    case A_EARS:
        s->ears = value;
        break;
    case A_DCHPRI ... A_DCHPRI + RT1176_EDMA_CHANNELS - 1:
        edma_write_dchpri(s, addr, value);
        break;
    case A_TCD ... A_TCD + RT1176_EDMA_CHANNELS * TCD_SIZE - 1:
        edma_write_tcd(s, addr, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-edma: write to 0x%" HWADDR_PRIx
                      " ignored\n", addr);
    }
}

static void edma_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Rt1176EdmaState *s = opaque;

    if (addr >= A_CEEI && addr <= A_CINT) {
        for (unsigned i = 0; i < size; i++) {
            edma_command(s, addr + i, extract64(value, 8 * i, 8));
        }
    } else {
        unsigned shift = 8 * (addr & 3);
        uint32_t lanes = MAKE_64BIT_MASK(shift, 8 * size);
        uint32_t old = edma_read_word(s, addr & ~3ull);

        edma_write_word(s, addr & ~3ull,
                        (old & ~lanes) | ((uint32_t)value << shift), lanes);
    }
    s->failed = 0;
    rt1176_edma_update_irqs(s);
    rt1176_edma_serve(s);
}

static const MemoryRegionOps edma_ops = {
    .read = edma_read,
    .write = edma_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 1,
    .valid.max_access_size = 4,
    .impl.min_access_size = 1,
    .impl.max_access_size = 4,
};

/* ---- device ---- */

static void edma_set_request(void *opaque, int n, int level)
{
    Rt1176EdmaState *s = opaque;

    s->requests = deposit32(s->requests, n, 1, level);
    if (level) {
        rt1176_edma_serve(s);
    } else {
        s->failed &= ~(1u << n);
    }
}

static void edma_clock_changed(void *opaque, ClockEvent event)
{
    Rt1176EdmaState *s = opaque;

    if (DEVICE(s)->realized) {
        rt1176_edma_serve(s);
    }
}

/* Requests are levels of others; descriptors are RAM, and 0 here. */
static void edma_reset_hold(Object *obj, ResetType type)
{
    Rt1176EdmaState *s = RT1176_EDMA(obj);

    timer_del(s->timer);
    s->cr = CR_RESET;
    s->es = 0;
    s->erq = 0;
    s->eei = 0;
    s->interrupts = 0;
    s->err = 0;
    s->ears = 0;
    for (unsigned n = 0; n < RT1176_EDMA_CHANNELS; n++) {
        s->dchpri[n] = n % 16;
    }
    memset(s->tcd, 0, sizeof(s->tcd));
    s->failed = 0;
    memset(s->last_channel, 0, sizeof(s->last_channel));
    s->last_group = 0;
    s->cancelled = true;
    s->service = (Rt1176EdmaService){ 0 };
    s->preempted = (Rt1176EdmaService){ 0 };
}

static void edma_reset_exit(Object *obj, ResetType type)
{
    rt1176_edma_update_irqs(RT1176_EDMA(obj));
}

static void edma_init(Object *obj)
{
    Rt1176EdmaState *s = RT1176_EDMA(obj);
    DeviceState *dev = DEVICE(obj);

    s->clk = qdev_init_clock_in(dev, "clk", edma_clock_changed, s,
                                ClockUpdate);
    memory_region_init_io(&s->iomem, obj, &edma_ops, s, TYPE_RT1176_EDMA,
                          0x4000);
    /* a channel may write descriptors: its own business */
    s->iomem.disable_reentrancy_guard = true;
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    for (unsigned n = 0; n < RT1176_EDMA_IRQS; n++) {
        sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq[n]);
    }
    qdev_init_gpio_in_named(dev, edma_set_request, "request",
                            RT1176_EDMA_CHANNELS);
    qdev_init_gpio_out_named(dev, s->acknowledge, "acknowledge",
                             RT1176_EDMA_CHANNELS);
}

static void edma_realize(DeviceState *dev, Error **errp)
{
    Rt1176EdmaState *s = RT1176_EDMA(dev);

    if (!s->memory) {
        error_setg(errp, "rt1176-edma: link 'memory' is not set");
        return;
    }
    if (!clock_has_source(s->clk)) {
        error_setg(errp, "rt1176-edma: input clock 'clk' is not connected");
        return;
    }
    address_space_init(&s->as, s->memory, "rt1176-edma");
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, rt1176_edma_service_done, s);
}

static const VMStateDescription vmstate_service = {
    .name = "rt1176-edma/service",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(active, Rt1176EdmaService),
        VMSTATE_UINT8(channel, Rt1176EdmaService),
        VMSTATE_INT64(from_ns, Rt1176EdmaService),
        VMSTATE_INT64(end_ns, Rt1176EdmaService),
        VMSTATE_UINT64(sequences, Rt1176EdmaService),
        VMSTATE_UINT32(sequence_cycles, Rt1176EdmaService),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_edma = {
    .name = TYPE_RT1176_EDMA,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Rt1176EdmaState),
        VMSTATE_TIMER_PTR(timer, Rt1176EdmaState),
        VMSTATE_UINT32(cr, Rt1176EdmaState),
        VMSTATE_UINT32(es, Rt1176EdmaState),
        VMSTATE_UINT32(erq, Rt1176EdmaState),
        VMSTATE_UINT32(eei, Rt1176EdmaState),
        VMSTATE_UINT32(interrupts, Rt1176EdmaState),
        VMSTATE_UINT32(err, Rt1176EdmaState),
        VMSTATE_UINT32(ears, Rt1176EdmaState),
        VMSTATE_UINT8_ARRAY(dchpri, Rt1176EdmaState, RT1176_EDMA_CHANNELS),
        VMSTATE_UINT32_2DARRAY(tcd, Rt1176EdmaState, RT1176_EDMA_CHANNELS,
                               RT1176_EDMA_TCD_WORDS),
        VMSTATE_UINT32(requests, Rt1176EdmaState),
        VMSTATE_UINT32(failed, Rt1176EdmaState),
        VMSTATE_UINT8_ARRAY(last_channel, Rt1176EdmaState, 2),
        VMSTATE_UINT8(last_group, Rt1176EdmaState),
        VMSTATE_STRUCT(service, Rt1176EdmaState, 1, vmstate_service,
                       Rt1176EdmaService),
        VMSTATE_STRUCT(preempted, Rt1176EdmaState, 1, vmstate_service,
                       Rt1176EdmaService),
        VMSTATE_END_OF_LIST()
    }
};

static const Property edma_properties[] = {
    DEFINE_PROP_LINK("memory", Rt1176EdmaState, memory, TYPE_MEMORY_REGION,
                     MemoryRegion *),
};

static void edma_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = edma_realize;
    dc->vmsd = &vmstate_edma;
    dc->desc = "i.MX RT1176 enhanced DMA";
    device_class_set_props(dc, edma_properties);
    RESETTABLE_CLASS(klass)->phases.hold = edma_reset_hold;
    RESETTABLE_CLASS(klass)->phases.exit = edma_reset_exit;
}

static const TypeInfo edma_types[] = {
    {
        .name = TYPE_RT1176_EDMA,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176EdmaState),
        .instance_init = edma_init,
        .class_init = edma_class_init,
    },
};
DEFINE_TYPES(edma_types)
