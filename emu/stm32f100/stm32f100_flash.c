/*
 * Flash memory and its interface of the STM32F100 (PM0063, "STM32F100xx value
 * line Flash programming"; RM0041 2.3.3; times from the datasheet, 5.3.9).
 *
 * At 24 MHz flash has no wait states.  The memory changes when an operation
 * starts, BSY lasts as long as on the part; the stall of fetches from flash
 * meanwhile is not modelled.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "qemu/units.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "stm32f100_bus.h"
#include "stm32f100_flash.h"

REG32(ACR, 0x00)
    FIELD(ACR, HLFCYA, 3, 1)
REG32(KEYR, 0x04)
REG32(OPTKEYR, 0x08)
REG32(SR, 0x0c)
    FIELD(SR, BSY, 0, 1)
    FIELD(SR, PGERR, 2, 1)
    FIELD(SR, WRPRTERR, 4, 1)
    FIELD(SR, EOP, 5, 1)
REG32(CR, 0x10)
    FIELD(CR, PG, 0, 1)
    FIELD(CR, PER, 1, 1)
    FIELD(CR, MER, 2, 1)
    FIELD(CR, OPTPG, 4, 1)
    FIELD(CR, OPTER, 5, 1)
    FIELD(CR, STRT, 6, 1)
    FIELD(CR, LOCK, 7, 1)
    FIELD(CR, OPTWRE, 9, 1)
    FIELD(CR, ERRIE, 10, 1)
    FIELD(CR, EOPIE, 12, 1)
REG32(AR, 0x14)
REG32(OBR, 0x1c)
REG32(WRPR, 0x20)

#define FLASH_BASE 0x08000000u
#define PAGE_SIZE_BYTES (1 * KiB)
#define ERASED 0xff
#define OBR_VALUE 0x03fffffc
#define WRPR_VALUE 0xffffffff /* no page is protected */

/* typical: half-word 52.5 us; page and mass erase, 20 to 40 ms: maximum */
#define PROGRAM_NS 52500
#define ERASE_NS (40 * SCALE_MS)

#define SR_W1C_MASK                                                            \
    (R_SR_PGERR_MASK | R_SR_WRPRTERR_MASK | R_SR_EOP_MASK)
#define CR_RW_MASK                                                             \
    (R_CR_PG_MASK | R_CR_PER_MASK | R_CR_MER_MASK | R_CR_ERRIE_MASK |          \
     R_CR_EOPIE_MASK)
#define CR_OPTION_MASK                                                         \
    (R_CR_OPTPG_MASK | R_CR_OPTER_MASK | R_CR_OPTWRE_MASK)

static const uint32_t unlock_key[] = { 0x45670123, 0xcdef89ab };

static void flash_update(Stm32f100FlashState *s)
{
    bool end = (s->sr & R_SR_EOP_MASK) && (s->cr & R_CR_EOPIE_MASK);
    bool error = (s->sr & (R_SR_PGERR_MASK | R_SR_WRPRTERR_MASK)) &&
                 (s->cr & R_CR_ERRIE_MASK);

    qemu_set_irq(s->irq, end || error);
}

/* ---- operations ---- */

static void operation_start(Stm32f100FlashState *s, int64_t duration_ns)
{
    s->sr |= R_SR_BSY_MASK;
    timer_mod(s->done, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + duration_ns);
}

static void operation_done(void *opaque)
{
    Stm32f100FlashState *s = opaque;

    s->sr &= ~R_SR_BSY_MASK;
    s->sr |= s->wrong_value ? R_SR_PGERR_MASK : R_SR_EOP_MASK;
    s->wrong_value = false;
    s->cr &= ~R_CR_STRT_MASK;
    flash_update(s);
}

static uint8_t *flash_bytes(Stm32f100FlashState *s)
{
    return memory_region_get_ram_ptr(&s->memory);
}

static void erase(Stm32f100FlashState *s, uint32_t offset, uint32_t length)
{
    memset(flash_bytes(s) + offset, ERASED, length);
    memory_region_flush_rom_device(&s->memory, offset, length);
    operation_start(s, ERASE_NS);
}

static void erase_start(Stm32f100FlashState *s)
{
    uint32_t page = (s->ar - FLASH_BASE) & ~(PAGE_SIZE_BYTES - 1);

    if (s->cr & R_CR_MER_MASK) {
        erase(s, 0, s->size);
    } else if (!(s->cr & R_CR_PER_MASK)) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "stm32f100-flash: STRT without PER or MER\n");
    } else if (page >= s->size) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-flash: AR=0x%08" PRIx32
                      " is not in flash\n", s->ar);
    } else {
        erase(s, page, PAGE_SIZE_BYTES);
    }
}

/*
 * A write to the memory programs a half-word if PG is set; a location that is
 * not erased takes only 0.  What the interface refuses is a bus error.
 */
static MemTxResult memory_write(void *opaque, hwaddr addr, uint64_t value,
                                unsigned size, MemTxAttrs attrs)
{
    Stm32f100FlashState *s = opaque;
    uint8_t *cell = flash_bytes(s) + addr;

    if (!(s->cr & R_CR_PG_MASK) || (s->sr & R_SR_BSY_MASK) || size != 2) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-flash: write of %u bytes at"
                      " 0x%08" HWADDR_PRIx " with PG=%u BSY=%u is a bus"
                      " error\n", size, FLASH_BASE + addr,
                      FIELD_EX32(s->cr, CR, PG), FIELD_EX32(s->sr, SR, BSY));
        return MEMTX_ERROR;
    }
    if (lduw_le_p(cell) != 0xffff && value != 0) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-flash: half-word at 0x%08"
                      HWADDR_PRIx " is not erased\n", FLASH_BASE + addr);
        s->wrong_value = true;
    } else {
        stw_le_p(cell, value);
        memory_region_flush_rom_device(&s->memory, addr, size);
    }
    operation_start(s, PROGRAM_NS);
    return MEMTX_OK;
}

static const MemoryRegionOps memory_ops = {
    .write_with_attrs = memory_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

/* ---- registers ---- */

/* A wrong key is a bus error, too (PM0063 2.3.1). */
static MemTxResult keyr_write(Stm32f100FlashState *s, uint32_t key)
{
    if (s->locked_up || !(s->cr & R_CR_LOCK_MASK) ||
        key != unlock_key[s->keys]) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-flash: key 0x%08" PRIx32
                      " out of sequence locks CR until reset\n", key);
        s->locked_up = true;
        s->cr |= R_CR_LOCK_MASK;
        s->keys = 0;
        return MEMTX_ERROR;
    }
    s->keys++;
    if (s->keys == ARRAY_SIZE(unlock_key)) {
        s->keys = 0;
        s->cr &= ~R_CR_LOCK_MASK;
    }
    return MEMTX_OK;
}

static void cr_write(Stm32f100FlashState *s, uint32_t value)
{
    if (s->cr & R_CR_LOCK_MASK) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "stm32f100-flash: CR is written while it is locked\n");
        return;
    }
    if (value & CR_OPTION_MASK) {
        qemu_log_mask(LOG_UNIMP,
                      "stm32f100-flash: option bytes cannot be programmed\n");
    }
    if (s->sr & R_SR_BSY_MASK) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "stm32f100-flash: CR is written while BSY is set\n");
        return;
    }
    s->cr = value & (CR_RW_MASK | R_CR_LOCK_MASK);
    if (value & R_CR_STRT_MASK) {
        erase_start(s);
        s->cr |= s->sr & R_SR_BSY_MASK ? R_CR_STRT_MASK : 0;
    }
    flash_update(s);
}

static uint32_t flash_read_word(Stm32f100FlashState *s, hwaddr addr)
{
    switch (addr) {
    case A_ACR:
        return s->acr;
    case A_KEYR:
    case A_OPTKEYR:
        return 0;
    case A_SR:
        return s->sr;
    case A_CR:
        return s->cr;
    case A_AR:
        return s->ar;
    case A_OBR:
        return OBR_VALUE;
    case A_WRPR:
        return WRPR_VALUE;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-flash: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

static MemTxResult flash_read(void *opaque, hwaddr addr, uint64_t *data,
                              unsigned size, MemTxAttrs attrs)
{
    *data = stm32f100_bus_read(flash_read_word(opaque, addr & ~3), addr, size);
    return MEMTX_OK;
}

static MemTxResult flash_write(void *opaque, hwaddr addr, uint64_t data,
                               unsigned size, MemTxAttrs attrs)
{
    Stm32f100FlashState *s = opaque;
    uint32_t value = size == 4 ? data :
        stm32f100_ahb_write(flash_read_word(s, addr & ~3), addr, data, size);

    switch (addr & ~3) {
    case A_ACR:
        if (value & ~R_ACR_HLFCYA_MASK) {
            qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-flash: ACR=0x%08" PRIx32
                          ": this part has no prefetch and no latency\n",
                          value);
        }
        s->acr = value & R_ACR_HLFCYA_MASK;
        break;
    case A_KEYR:
        return keyr_write(s, value);
    case A_OPTKEYR:
        qemu_log_mask(LOG_UNIMP,
                      "stm32f100-flash: option bytes cannot be programmed\n");
        break;
    case A_SR:
        s->sr &= ~(value & SR_W1C_MASK);
        flash_update(s);
        break;
    case A_CR:
        cr_write(s, value);
        break;
    case A_AR:
        s->ar = value;
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-flash: write of offset 0x%"
                      HWADDR_PRIx ", which cannot be written\n", addr);
        break;
    }
    return MEMTX_OK;
}

static const MemoryRegionOps flash_ops = {
    .read_with_attrs = flash_read,
    .write_with_attrs = flash_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

/* ---- life cycle ---- */

static void flash_reset_hold(Object *obj, ResetType type)
{
    Stm32f100FlashState *s = STM32F100_FLASH(obj);

    timer_del(s->done);
    s->acr = 0;
    s->sr = 0;
    s->cr = R_CR_LOCK_MASK;
    s->ar = 0;
    s->keys = 0;
    s->locked_up = false;
    s->wrong_value = false;
}

static void flash_reset_exit(Object *obj, ResetType type)
{
    flash_update(STM32F100_FLASH(obj));
}

static void flash_init(Object *obj)
{
    Stm32f100FlashState *s = STM32F100_FLASH(obj);

    memory_region_init_io(&s->iomem, obj, &flash_ops, s, TYPE_STM32F100_FLASH,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->memory);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    s->done = timer_new_ns(QEMU_CLOCK_VIRTUAL, operation_done, s);
}

static void flash_realize(DeviceState *dev, Error **errp)
{
    Stm32f100FlashState *s = STM32F100_FLASH(dev);

    if (!s->size || s->size % PAGE_SIZE_BYTES) {
        error_setg(errp, "stm32f100-flash: size=%" PRIu32 " is not a number of"
                   " pages of 1024 bytes", s->size);
        return;
    }
    if (!memory_region_init_rom_device(&s->memory, OBJECT(dev), &memory_ops, s,
                                       "stm32f100.flash", s->size, errp)) {
        return;
    }
    memset(flash_bytes(s), ERASED, s->size);
}

static const VMStateDescription vmstate_flash = {
    .name = TYPE_STM32F100_FLASH,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(done, Stm32f100FlashState),
        VMSTATE_UINT32(acr, Stm32f100FlashState),
        VMSTATE_UINT32(sr, Stm32f100FlashState),
        VMSTATE_UINT32(cr, Stm32f100FlashState),
        VMSTATE_UINT32(ar, Stm32f100FlashState),
        VMSTATE_UINT8(keys, Stm32f100FlashState),
        VMSTATE_BOOL(locked_up, Stm32f100FlashState),
        VMSTATE_BOOL(wrong_value, Stm32f100FlashState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property flash_properties[] = {
    DEFINE_PROP_UINT32("size", Stm32f100FlashState, size, 128 * KiB),
};

static void flash_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = flash_realize;
    dc->vmsd = &vmstate_flash;
    rc->phases.hold = flash_reset_hold;
    rc->phases.exit = flash_reset_exit;
    device_class_set_props(dc, flash_properties);
}

static const TypeInfo flash_types[] = {
    {
        .name = TYPE_STM32F100_FLASH,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100FlashState),
        .instance_init = flash_init,
        .class_init = flash_class_init,
    },
};
DEFINE_TYPES(flash_types)
