/*
 * HDMI-CEC controller of the STM32F100 (RM0041 24)
 *
 * Its registers can be written and read as the manual has it, so that firmware
 * which sets it up goes on; but nothing is sent or received and no flag ever
 * comes, which is logged once when it is enabled.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/qdev-clock.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "stm32f100_bus.h"
#include "stm32f100_cec.h"

REG32(CFGR, 0x00)
    FIELD(CFGR, PE, 0, 1)
REG32(OAR, 0x04)
REG32(PRES, 0x08)
REG32(ESR, 0x0c)
REG32(CSR, 0x10)
    FIELD(CSR, TSOM, 0, 1)
    FIELD(CSR, TEOM, 1, 1)
REG32(TXD, 0x14)
REG32(RXD, 0x18)

#define CFGR_WRITABLE 0x000f
#define OAR_WRITABLE 0x000f
#define PRES_WRITABLE 0x3fff
#define TXD_WRITABLE 0x00ff
/* Software sets these; the flags above them can only be cleared (24.5.5). */
#define CSR_WRITABLE (R_CSR_TSOM_MASK | R_CSR_TEOM_MASK)

static uint32_t read_word(Stm32f100CecState *s, hwaddr addr)
{
    switch (addr) {
    case A_CFGR:
        return s->cfgr;
    case A_OAR:
        return s->oar;
    case A_PRES:
        return s->pres;
    case A_CSR:
        return s->csr;
    case A_TXD:
        return s->txd;
    case A_ESR: /* no error, nothing received */
    case A_RXD:
        return 0;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-cec: read of reserved offset "
                      "0x%" HWADDR_PRIx "\n", addr);
        return 0;
    }
}

static bool cec_clocked(const Stm32f100CecState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-cec: %s while RCC does not "
                      "clock it\n", access);
        return false;
    }
    return true;
}

static uint64_t cec_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100CecState *s = opaque;

    if (!cec_clocked(s, "read")) {
        return 0;
    }
    return stm32f100_bus_read(read_word(s, addr & ~3), addr, size);
}

static void warn_once(Stm32f100CecState *s)
{
    if ((s->cfgr & R_CFGR_PE_MASK) && !s->logged) {
        s->logged = true;
        qemu_log_mask(LOG_UNIMP, "stm32f100-cec: the controller is enabled, but"
                      " only its registers are there\n");
    }
}

static void cec_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100CecState *s = opaque;
    uint32_t value = stm32f100_apb_write(data, size);

    if (!cec_clocked(s, "write")) {
        return;
    }
    switch (addr & ~3) {
    case A_CFGR:
        s->cfgr = value & CFGR_WRITABLE;
        warn_once(s);
        break;
    case A_OAR:
        s->oar = value & OAR_WRITABLE;
        break;
    case A_PRES:
        s->pres = value & PRES_WRITABLE;
        break;
    case A_CSR:
        s->csr = value & CSR_WRITABLE;
        break;
    case A_TXD:
        s->txd = value & TXD_WRITABLE;
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-cec: write to offset 0x%"
                      HWADDR_PRIx ", which cannot be written\n", addr);
        break;
    }
}

static const MemoryRegionOps cec_ops = STM32F100_BUS_OPS(cec_read, cec_write);

static void cec_reset_hold(Object *obj, ResetType type)
{
    Stm32f100CecState *s = STM32F100_CEC(obj);

    s->cfgr = s->oar = s->pres = s->csr = s->txd = 0;
}

static void cec_init(Object *obj)
{
    Stm32f100CecState *s = STM32F100_CEC(obj);

    memory_region_init_io(&s->mmio, obj, &cec_ops, s, TYPE_STM32F100_CEC,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
    s->clk = qdev_init_clock_in(DEVICE(obj), "clk", NULL, NULL, 0);
}

static const VMStateDescription vmstate_cec = {
    .name = TYPE_STM32F100_CEC,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100CecState),
        VMSTATE_UINT32(cfgr, Stm32f100CecState),
        VMSTATE_UINT32(oar, Stm32f100CecState),
        VMSTATE_UINT32(pres, Stm32f100CecState),
        VMSTATE_UINT32(csr, Stm32f100CecState),
        VMSTATE_UINT32(txd, Stm32f100CecState),
        VMSTATE_END_OF_LIST()
    }
};

static void cec_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    ResettableClass *rc = RESETTABLE_CLASS(oc);

    dc->vmsd = &vmstate_cec;
    rc->phases.hold = cec_reset_hold;
}

static const TypeInfo cec_types[] = {
    {
        .name = TYPE_STM32F100_CEC,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100CecState),
        .instance_init = cec_init,
        .class_init = cec_class_init,
    },
};

DEFINE_TYPES(cec_types)
