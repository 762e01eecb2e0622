/*
 * Flash memory and its interface of the STM32F100 (PM0063, "STM32F100xx value
 * line Flash programming"; RM0041 2.3.3; times from the datasheet, 5.3.9).
 *
 * At 24 MHz flash has no wait states.  The memory changes when an operation
 * starts; BSY lasts as long as on the part, and a core that runs from flash
 * stands still meanwhile.
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

#define OPTIONS_BASE 0x1ffff800u

#define FLASH_BASE 0x08000000u
#define PAGE_SIZE_BYTES (1 * KiB)
#define ERASED 0xff

/* typical: half-word 52.5 us; page and mass erase, 20 to 40 ms: maximum */
#define PROGRAM_NS 52500
#define ERASE_NS (40 * SCALE_MS)

#define SR_W1C_MASK                                                            \
    (R_SR_PGERR_MASK | R_SR_WRPRTERR_MASK | R_SR_EOP_MASK)
#define CR_RW_MASK                                                             \
    (R_CR_PG_MASK | R_CR_PER_MASK | R_CR_MER_MASK | R_CR_OPTPG_MASK |          \
     R_CR_OPTER_MASK | R_CR_ERRIE_MASK | R_CR_EOPIE_MASK)

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
    qemu_irq_raise(s->stall);
    timer_mod(s->done, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + duration_ns);
}

static void operation_done(void *opaque)
{
    Stm32f100FlashState *s = opaque;

    s->sr &= ~R_SR_BSY_MASK;
    qemu_irq_lower(s->stall);
    s->sr |= s->wrong_value ? R_SR_PGERR_MASK : R_SR_EOP_MASK;
    s->wrong_value = false;
    s->cr &= ~R_CR_STRT_MASK;
    flash_update(s);
}

static uint8_t *flash_bytes(Stm32f100FlashState *s)
{
    return memory_region_get_ram_ptr(&s->memory);
}

static uint8_t *option_bytes(Stm32f100FlashState *s)
{
    return memory_region_get_ram_ptr(&s->options);
}

static void fill(MemoryRegion *memory, uint32_t offset, uint32_t length)
{
    memset((uint8_t *)memory_region_get_ram_ptr(memory) + offset, ERASED,
           length);
    memory_region_flush_rom_device(memory, offset, length);
}

/* Write-protected (PM0063 2.4.2): nothing happens but the flag. */
static void refuse(Stm32f100FlashState *s, const char *what)
{
    qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-flash: %s is write-protected\n",
                  what);
    s->sr |= R_SR_WRPRTERR_MASK;
    flash_update(s);
}

static bool any_page_protected(const Stm32f100FlashState *s)
{
    for (unsigned page = 0; page < s->size / PAGE_SIZE_BYTES; page++) {
        if (stm32f100_options_page_protected(s->loaded, page)) {
            return true;
        }
    }
    return false;
}

static void erase_page(Stm32f100FlashState *s)
{
    uint32_t offset = (s->ar - FLASH_BASE) & ~(PAGE_SIZE_BYTES - 1);

    if (offset >= s->size) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-flash: AR=0x%08" PRIx32
                      " is not in flash\n", s->ar);
    } else if (stm32f100_options_page_protected(s->loaded,
                                                offset / PAGE_SIZE_BYTES)) {
        refuse(s, "the page to erase");
    } else {
        fill(&s->memory, offset, PAGE_SIZE_BYTES);
        operation_start(s, ERASE_NS);
    }
}

static void erase_all(Stm32f100FlashState *s)
{
    if (any_page_protected(s)) {
        refuse(s, "a page of the memory to erase");
        return;
    }
    fill(&s->memory, 0, s->size);
    operation_start(s, ERASE_NS);
}

static void erase_options(Stm32f100FlashState *s)
{
    if (!(s->cr & R_CR_OPTWRE_MASK)) {
        refuse(s, "the option byte area (OPTWRE)");
        return;
    }
    fill(&s->options, 0, STM32F100_OPTION_BYTES);
    operation_start(s, ERASE_NS);
}

static void erase_start(Stm32f100FlashState *s)
{
    if (s->cr & R_CR_MER_MASK) {
        erase_all(s);
    } else if (s->cr & R_CR_PER_MASK) {
        erase_page(s);
    } else if (s->cr & R_CR_OPTER_MASK) {
        erase_options(s);
    } else {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "stm32f100-flash: STRT without PER, MER or OPTER\n");
    }
}

/* What the interface refuses, whatever the location holds, is a bus error. */
static bool can_program(const Stm32f100FlashState *s, uint32_t enable,
                        uint32_t address, unsigned size)
{
    if (!(s->cr & enable) || (s->sr & R_SR_BSY_MASK) || size != 2) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-flash: write of %u bytes at"
                      " 0x%08" PRIx32 " with CR=0x%04" PRIx32 " BSY=%u is a bus"
                      " error\n", size, address, s->cr,
                      FIELD_EX32(s->sr, SR, BSY));
        return false;
    }
    return true;
}

/*
 * With OPTPG a write to the option bytes programs the low byte, and its
 * complement behind it (PM0063 2.3.3).  What lifts the read-out protection
 * erases the memory first.
 */
static MemTxResult options_write(void *opaque, hwaddr addr, uint64_t value,
                                 unsigned size, MemTxAttrs attrs)
{
    Stm32f100FlashState *s = opaque;
    uint8_t *bytes = option_bytes(s);

    if (!can_program(s, R_CR_OPTPG_MASK, OPTIONS_BASE + addr, size)) {
        return MEMTX_ERROR;
    }
    if (!(s->cr & R_CR_OPTWRE_MASK)) {
        refuse(s, "the option byte (OPTWRE)");
        return MEMTX_OK;
    }
    if (!stm32f100_options_erased(bytes, addr)) {
        s->wrong_value = true;
        operation_start(s, PROGRAM_NS);
        return MEMTX_OK;
    }
    stm32f100_options_program(bytes, addr, value);
    memory_region_flush_rom_device(&s->options, addr, size);
    if (stm32f100_options_read_protected(s->loaded) &&
        stm32f100_options_unprotects(addr, value)) {
        fill(&s->memory, 0, s->size);
        operation_start(s, ERASE_NS);
    } else {
        operation_start(s, PROGRAM_NS);
    }
    return MEMTX_OK;
}

static const MemoryRegionOps options_ops = {
    .write_with_attrs = options_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

/*
 * A write to the memory programs a half-word if PG is set; a location that is
 * not erased takes only 0.
 */
static MemTxResult memory_write(void *opaque, hwaddr addr, uint64_t value,
                                unsigned size, MemTxAttrs attrs)
{
    Stm32f100FlashState *s = opaque;
    uint8_t *cell = flash_bytes(s) + addr;

    if (!can_program(s, R_CR_PG_MASK, FLASH_BASE + addr, size)) {
        return MEMTX_ERROR;
    }
    if (stm32f100_options_page_protected(s->loaded, addr / PAGE_SIZE_BYTES)) {
        refuse(s, "the page to program");
        return MEMTX_OK;
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

/*
 * The next key of a sequence of two; a wrong one is a bus error and locks until
 * reset (PM0063 2.3.1, 2.4.3).  The right ones are no wrong sequence where the
 * lock is open already.  Returns whether the sequence is complete.
 */
static bool take_key(uint32_t key, uint8_t *keys, bool *locked_up)
{
    if (*locked_up || key != unlock_key[*keys]) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-flash: key 0x%08" PRIx32
                      " out of sequence locks until reset\n", key);
        *locked_up = true;
        *keys = 0;
        return false;
    }
    *keys = (*keys + 1) % ARRAY_SIZE(unlock_key);
    return *keys == 0;
}

static MemTxResult keyr_write(Stm32f100FlashState *s, uint32_t key)
{
    if (take_key(key, &s->keys, &s->locked_up)) {
        s->cr &= ~R_CR_LOCK_MASK;
    } else if (s->locked_up) {
        s->cr |= R_CR_LOCK_MASK;
    }
    return s->locked_up ? MEMTX_ERROR : MEMTX_OK;
}

static MemTxResult optkeyr_write(Stm32f100FlashState *s, uint32_t key)
{
    if (take_key(key, &s->option_keys, &s->options_locked_up)) {
        s->cr |= R_CR_OPTWRE_MASK;
    } else if (s->options_locked_up) {
        s->cr &= ~R_CR_OPTWRE_MASK;
    }
    return s->options_locked_up ? MEMTX_ERROR : MEMTX_OK;
}

static void cr_write(Stm32f100FlashState *s, uint32_t value)
{
    if (s->cr & R_CR_LOCK_MASK) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "stm32f100-flash: CR is written while it is locked\n");
        return;
    }
    if (s->sr & R_SR_BSY_MASK) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "stm32f100-flash: CR is written while BSY is set\n");
        return;
    }
    /* OPTWRE can be cleared only */
    s->cr = value & (CR_RW_MASK | R_CR_LOCK_MASK |
                     (s->cr & R_CR_OPTWRE_MASK));
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
    case A_AR:
        return 0; /* write-only */
    case A_SR:
        return s->sr;
    case A_CR:
        return s->cr;
    case A_OBR:
        return s->loaded.obr;
    case A_WRPR:
        return s->loaded.wrpr;
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
        return optkeyr_write(s, value);
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

bool stm32f100_flash_option(const Stm32f100FlashState *s,
                            Stm32f100Option option)
{
    return stm32f100_options_user(s->loaded, option);
}

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
    s->option_keys = 0;
    s->options_locked_up = false;
    s->wrong_value = false;
    s->loaded = stm32f100_options_load(option_bytes(s));
}

static void flash_reset_exit(Object *obj, ResetType type)
{
    Stm32f100FlashState *s = STM32F100_FLASH(obj);

    qemu_irq_lower(s->stall);
    flash_update(s);
}

static void flash_init(Object *obj)
{
    Stm32f100FlashState *s = STM32F100_FLASH(obj);

    memory_region_init_io(&s->iomem, obj, &flash_ops, s, TYPE_STM32F100_FLASH,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->memory);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->options);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->irq);
    qdev_init_gpio_out_named(DEVICE(obj), &s->stall, "stall", 1);
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
    if (!memory_region_init_rom_device(&s->options, OBJECT(dev), &options_ops,
                                       s, "stm32f100.options",
                                       STM32F100_OPTION_BYTES, errp)) {
        return;
    }
    stm32f100_options_default(option_bytes(s));
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
        VMSTATE_UINT32(loaded.obr, Stm32f100FlashState),
        VMSTATE_UINT32(loaded.wrpr, Stm32f100FlashState),
        VMSTATE_UINT8(option_keys, Stm32f100FlashState),
        VMSTATE_BOOL(options_locked_up, Stm32f100FlashState),
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
