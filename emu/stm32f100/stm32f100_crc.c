/*
 * CRC calculation unit of the STM32F100 (RM0041 3): CRC-32 with the Ethernet
 * polynomial over whole words, most significant bit first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/qdev-clock.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "stm32f100_bus.h"
#include "stm32f100_crc.h"

REG32(DR, 0x00)
REG32(IDR, 0x04)
REG32(CR, 0x08)
    FIELD(CR, RESET, 0, 1)

#define POLYNOMIAL 0x04c11db7u
#define DR_RESET 0xffffffffu
#define IDR_MASK 0xff

static uint32_t crc_add_word(uint32_t crc, uint32_t word)
{
    crc ^= word;
    for (unsigned n = 0; n < 32; n++) {
        crc = crc & 0x80000000u ? crc << 1 ^ POLYNOMIAL : crc << 1;
    }
    return crc;
}

static uint64_t crc_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100CrcState *s = opaque;

    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "stm32f100-crc: read while RCC does not clock it\n");
        return 0;
    }
    switch (addr) {
    case A_DR:
        return s->dr;
    case A_IDR:
        return s->idr;
    case A_CR:
        return 0;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-crc: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

static void crc_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Stm32f100CrcState *s = opaque;

    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "stm32f100-crc: write while RCC does not clock it\n");
        return;
    }
    switch (addr) {
    case A_DR:
        s->dr = crc_add_word(s->dr, value);
        break;
    case A_IDR:
        s->idr = value & IDR_MASK;
        break;
    case A_CR: /* leaves IDR alone */
        if (FIELD_EX32(value, CR, RESET)) {
            s->dr = DR_RESET;
        }
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-crc: write of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        break;
    }
}

/* The AHB unit takes words only (3.4): the bus answers others with an error. */
static const MemoryRegionOps crc_ops = {
    .read = crc_read,
    .write = crc_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void crc_reset_hold(Object *obj, ResetType type)
{
    Stm32f100CrcState *s = STM32F100_CRC(obj);

    s->dr = DR_RESET;
    s->idr = 0;
}

static void crc_init(Object *obj)
{
    Stm32f100CrcState *s = STM32F100_CRC(obj);

    memory_region_init_io(&s->iomem, obj, &crc_ops, s, TYPE_STM32F100_CRC,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    s->clk = qdev_init_clock_in(DEVICE(obj), "clk", NULL, NULL, 0);
}

static const VMStateDescription vmstate_crc = {
    .name = TYPE_STM32F100_CRC,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100CrcState),
        VMSTATE_UINT32(dr, Stm32f100CrcState),
        VMSTATE_UINT32(idr, Stm32f100CrcState),
        VMSTATE_END_OF_LIST()
    }
};

static void crc_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->vmsd = &vmstate_crc;
    rc->phases.hold = crc_reset_hold;
}

static const TypeInfo crc_types[] = {
    {
        .name = TYPE_STM32F100_CRC,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100CrcState),
        .instance_init = crc_init,
        .class_init = crc_class_init,
    },
};
DEFINE_TYPES(crc_types)
