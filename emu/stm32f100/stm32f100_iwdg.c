/*
 * Independent watchdog of the STM32F100 (RM0041 18).
 *
 * Runs on LSI, nominally 40 kHz (the part: 30 to 60 kHz); once started it
 * cannot be stopped but by a reset.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "stm32f100_bus.h"
#include "stm32f100_iwdg.h"

REG32(KR, 0x00)
REG32(PR, 0x04)
REG32(RLR, 0x08)
REG32(SR, 0x0c)
    FIELD(SR, PVU, 0, 1)
    FIELD(SR, RVU, 1, 1)

#define KEY_UNLOCK 0x5555
#define KEY_RELOAD 0xaaaa
#define KEY_START 0xcccc
#define PR_MASK 0x7
#define RLR_MASK 0xfff

#define LSI_PERIOD_NS 25000 /* 40 kHz */
/* A new value reaches the LSI domain within five of its cycles (18.4.2). */
#define UPDATE_NS (5 * LSI_PERIOD_NS)

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

/* Dividers 4, 8, ..., 256; 7 is 256, too.  The reset comes after RLR + 1. */
static int64_t timeout_ns(const Stm32f100IwdgState *s)
{
    return (int64_t)(s->rlr + 1) * (4 << MIN(s->pr, 6)) * LSI_PERIOD_NS;
}

static void iwdg_expired(void *opaque)
{
    Stm32f100IwdgState *s = opaque;

    stm32f100_rcc_reset_system(s->rcc, STM32F100_RESET_IWDG);
}

static void iwdg_reload(Stm32f100IwdgState *s)
{
    if (s->running && s->frozen) {
        s->left_ns = timeout_ns(s);
    } else if (s->running) {
        timer_mod(s->timeout, now_ns() + timeout_ns(s));
    }
}

static void iwdg_start(Stm32f100IwdgState *s)
{
    if (!s->running) {
        s->running = true;
        stm32f100_rcc_force_lsi(s->rcc);
        iwdg_reload(s);
    }
}

static void set_freeze(void *opaque, int n, int level)
{
    Stm32f100IwdgState *s = opaque;

    if (s->frozen == level) {
        return;
    }
    s->frozen = level;
    if (s->running && level) {
        s->left_ns = timer_expire_time_ns(s->timeout) - now_ns();
        timer_del(s->timeout);
    } else if (s->running) {
        timer_mod(s->timeout, now_ns() + s->left_ns);
    }
}

static void kr_write(Stm32f100IwdgState *s, uint16_t key)
{
    s->unlocked = key == KEY_UNLOCK;
    switch (key) {
    case KEY_UNLOCK:
        break;
    case KEY_RELOAD:
        iwdg_reload(s);
        break;
    case KEY_START:
        iwdg_start(s);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-iwdg: 0x%04x is no key\n",
                      key);
        break;
    }
}

/* PR or RLR: protected by the key, and while the last value is on its way. */
static bool can_write(const Stm32f100IwdgState *s, const char *name,
                      int64_t update_end_ns)
{
    if (!s->unlocked) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-iwdg: %s is write-protected"
                      " (KR=0x5555 first)\n", name);
        return false;
    }
    if (now_ns() < update_end_ns) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-iwdg: %s is written while its"
                      " last value is still being taken over\n", name);
        return false;
    }
    return true;
}

static uint32_t sr_read(const Stm32f100IwdgState *s)
{
    uint32_t sr = FIELD_DP32(0, SR, PVU, now_ns() < s->pvu_end_ns);

    return FIELD_DP32(sr, SR, RVU, now_ns() < s->rvu_end_ns);
}

static uint32_t iwdg_read_word(Stm32f100IwdgState *s, hwaddr addr)
{
    switch (addr) {
    case A_KR:
        return 0;
    case A_PR:
        return s->pr;
    case A_RLR:
        return s->rlr;
    case A_SR:
        return sr_read(s);
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-iwdg: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

static uint64_t iwdg_read(void *opaque, hwaddr addr, unsigned size)
{
    return stm32f100_bus_read(iwdg_read_word(opaque, addr & ~3), addr, size);
}

static void iwdg_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100IwdgState *s = opaque;
    uint32_t value = stm32f100_apb_write(data, size);

    switch (addr & ~3) {
    case A_KR:
        kr_write(s, value);
        break;
    case A_PR:
        if (can_write(s, "PR", s->pvu_end_ns)) {
            s->pr = value & PR_MASK;
            s->pvu_end_ns = now_ns() + UPDATE_NS;
        }
        break;
    case A_RLR:
        if (can_write(s, "RLR", s->rvu_end_ns)) {
            s->rlr = value & RLR_MASK;
            s->rvu_end_ns = now_ns() + UPDATE_NS;
        }
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-iwdg: write of offset 0x%"
                      HWADDR_PRIx ", which cannot be written\n", addr);
        break;
    }
}

static const MemoryRegionOps iwdg_ops =
    STM32F100_BUS_OPS(iwdg_read, iwdg_write);

/* It goes on in Standby (18.3). */
static void iwdg_reset_hold(Object *obj, ResetType type)
{
    Stm32f100IwdgState *s = STM32F100_IWDG(obj);

    s->unlocked = false;
    if (stm32f100_rcc_entering_standby(s->rcc)) {
        return;
    }
    timer_del(s->timeout);
    s->running = false;
    s->pr = 0;
    s->rlr = RLR_MASK;
    s->pvu_end_ns = 0;
    s->rvu_end_ns = 0;
}

/* Hardware watchdog: the option byte starts it (18.3.1). */
static void iwdg_reset_exit(Object *obj, ResetType type)
{
    Stm32f100IwdgState *s = STM32F100_IWDG(obj);

    if (!stm32f100_flash_option(s->flash, STM32F100_OPTION_WDG_SW) &&
        stm32f100_rcc_has_power(s->rcc)) {
        iwdg_start(s);
    }
}

static void iwdg_init(Object *obj)
{
    Stm32f100IwdgState *s = STM32F100_IWDG(obj);

    memory_region_init_io(&s->iomem, obj, &iwdg_ops, s, TYPE_STM32F100_IWDG,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    qdev_init_gpio_in_named(DEVICE(obj), set_freeze, "freeze", 1);
    s->timeout = timer_new_ns(QEMU_CLOCK_VIRTUAL, iwdg_expired, s);
}

static void iwdg_realize(DeviceState *dev, Error **errp)
{
    Stm32f100IwdgState *s = STM32F100_IWDG(dev);

    if (!s->rcc || !s->flash) {
        error_setg(errp, "stm32f100-iwdg: links 'rcc' and 'flash' are not set");
    }
}

static const VMStateDescription vmstate_iwdg = {
    .name = TYPE_STM32F100_IWDG,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(timeout, Stm32f100IwdgState),
        VMSTATE_BOOL(running, Stm32f100IwdgState),
        VMSTATE_BOOL(frozen, Stm32f100IwdgState),
        VMSTATE_INT64(left_ns, Stm32f100IwdgState),
        VMSTATE_BOOL(unlocked, Stm32f100IwdgState),
        VMSTATE_UINT32(pr, Stm32f100IwdgState),
        VMSTATE_UINT32(rlr, Stm32f100IwdgState),
        VMSTATE_INT64(pvu_end_ns, Stm32f100IwdgState),
        VMSTATE_INT64(rvu_end_ns, Stm32f100IwdgState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property iwdg_properties[] = {
    DEFINE_PROP_LINK("rcc", Stm32f100IwdgState, rcc, TYPE_STM32F100_RCC,
                     Stm32f100RccState *),
    DEFINE_PROP_LINK("flash", Stm32f100IwdgState, flash, TYPE_STM32F100_FLASH,
                     Stm32f100FlashState *),
};

static void iwdg_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = iwdg_realize;
    dc->vmsd = &vmstate_iwdg;
    rc->phases.hold = iwdg_reset_hold;
    rc->phases.exit = iwdg_reset_exit;
    device_class_set_props(dc, iwdg_properties);
}

static const TypeInfo iwdg_types[] = {
    {
        .name = TYPE_STM32F100_IWDG,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100IwdgState),
        .instance_init = iwdg_init,
        .class_init = iwdg_class_init,
    },
};
DEFINE_TYPES(iwdg_types)
