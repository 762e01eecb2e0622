/*
 * Debug MCU of the STM32F100 (RM0041 25.6.1, 25.16): the part's identity, and
 * which blocks stand still while a debugger holds the core.
 *
 * On the core's private bus: words only, privileged accesses only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/irq.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "stm32f100_dbgmcu.h"

REG32(IDCODE, 0x00)
REG32(CR, 0x04)
    FIELD(CR, DBG_SLEEP, 0, 1)
    FIELD(CR, DBG_STOP, 1, 1)
    FIELD(CR, DBG_STANDBY, 2, 1)
    FIELD(CR, TRACE_IOEN, 5, 1)
    FIELD(CR, TRACE_MODE, 6, 2)

#define IDCODE_VALUE 0x10016420 /* revision Z, low and medium density */

static const uint8_t freeze_bit[STM32F100_FREEZES] = {
    [STM32F100_FREEZE_IWDG] = 8,   [STM32F100_FREEZE_WWDG] = 9,
    [STM32F100_FREEZE_TIM1] = 10,  [STM32F100_FREEZE_TIM2] = 11,
    [STM32F100_FREEZE_TIM3] = 12,  [STM32F100_FREEZE_TIM4] = 13,
    [STM32F100_FREEZE_I2C1] = 15,  [STM32F100_FREEZE_I2C2] = 16,
    [STM32F100_FREEZE_TIM6] = 19,  [STM32F100_FREEZE_TIM7] = 20,
    [STM32F100_FREEZE_TIM15] = 22, [STM32F100_FREEZE_TIM16] = 23,
    [STM32F100_FREEZE_TIM17] = 24,
};

#define CR_TRACE_MASK (R_CR_TRACE_IOEN_MASK | R_CR_TRACE_MODE_MASK)
#define CR_OTHER_MASK                                                          \
    (R_CR_DBG_SLEEP_MASK | R_CR_DBG_STOP_MASK | R_CR_DBG_STANDBY_MASK |        \
     CR_TRACE_MASK)

static void dbgmcu_update(Stm32f100DbgmcuState *s)
{
    for (unsigned n = 0; n < STM32F100_FREEZES; n++) {
        qemu_set_irq(s->freeze[n],
                     s->halted && extract32(s->cr, freeze_bit[n], 1));
    }
    qemu_set_irq(s->debug_stop, FIELD_EX32(s->cr, CR, DBG_STOP));
}

static void set_halted(void *opaque, int n, int level)
{
    Stm32f100DbgmcuState *s = opaque;

    s->halted = level;
    dbgmcu_update(s);
}

static void cr_write(Stm32f100DbgmcuState *s, uint32_t value)
{
    uint32_t mask = CR_OTHER_MASK;

    for (unsigned n = 0; n < STM32F100_FREEZES; n++) {
        mask |= 1u << freeze_bit[n];
    }
    if (value & CR_TRACE_MASK) {
        qemu_log_mask(LOG_UNIMP, "stm32f100-dbgmcu: there is no trace port\n");
    }
    s->cr = value & mask;
    dbgmcu_update(s);
}

static MemTxResult dbgmcu_read(void *opaque, hwaddr addr, uint64_t *data,
                               unsigned size, MemTxAttrs attrs)
{
    Stm32f100DbgmcuState *s = opaque;

    *data = 0;
    if (attrs.user) {
        return MEMTX_ERROR;
    }
    switch (addr) {
    case A_IDCODE:
        *data = IDCODE_VALUE;
        break;
    case A_CR:
        *data = s->cr;
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dbgmcu: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        break;
    }
    return MEMTX_OK;
}

static MemTxResult dbgmcu_write(void *opaque, hwaddr addr, uint64_t value,
                                unsigned size, MemTxAttrs attrs)
{
    if (attrs.user) {
        return MEMTX_ERROR;
    }
    if (addr == A_CR) {
        cr_write(opaque, value);
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-dbgmcu: write of offset 0x%"
                      HWADDR_PRIx ", which cannot be written\n", addr);
    }
    return MEMTX_OK;
}

static const MemoryRegionOps dbgmcu_ops = {
    .read_with_attrs = dbgmcu_read,
    .write_with_attrs = dbgmcu_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

/* ---- life cycle ---- */

/* CR is reset by power-on only (25.16.3). */
static void dbgmcu_reset_exit(Object *obj, ResetType type)
{
    dbgmcu_update(STM32F100_DBGMCU(obj));
}

static void power_on_reset(void *opaque, int n, int level)
{
    Stm32f100DbgmcuState *s = opaque;

    if (level) {
        s->cr = 0;
        dbgmcu_update(s);
    }
}

static void dbgmcu_init(Object *obj)
{
    Stm32f100DbgmcuState *s = STM32F100_DBGMCU(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &dbgmcu_ops, s,
                          TYPE_STM32F100_DBGMCU, 0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    qdev_init_gpio_in_named(dev, set_halted, "halted", 1);
    qdev_init_gpio_in_named(dev, power_on_reset, "power-on-reset", 1);
    qdev_init_gpio_out_named(dev, s->freeze, "freeze", STM32F100_FREEZES);
    qdev_init_gpio_out_named(dev, &s->debug_stop, "debug-stop", 1);
}

static const VMStateDescription vmstate_dbgmcu = {
    .name = TYPE_STM32F100_DBGMCU,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(cr, Stm32f100DbgmcuState),
        VMSTATE_BOOL(halted, Stm32f100DbgmcuState),
        VMSTATE_END_OF_LIST()
    }
};

static void dbgmcu_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->vmsd = &vmstate_dbgmcu;
    rc->phases.exit = dbgmcu_reset_exit;
}

static const TypeInfo dbgmcu_types[] = {
    {
        .name = TYPE_STM32F100_DBGMCU,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100DbgmcuState),
        .instance_init = dbgmcu_init,
        .class_init = dbgmcu_class_init,
    },
};
DEFINE_TYPES(dbgmcu_types)
