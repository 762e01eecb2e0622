/*
 * General-purpose I/O port of the STM32F100 (RM0041 7.1, 7.2).
 *
 * The level of a pin follows from its mode, from what the part drives and from
 * what the board drives; IDR reads the pin.
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
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "../wire/wire.h"
#include "stm32f100_bus.h"
#include "stm32f100_gpio.h"

REG32(CRL, 0x00)
REG32(CRH, 0x04)
REG32(IDR, 0x08)
REG32(ODR, 0x0c)
REG32(BSRR, 0x10)
    FIELD(BSRR, BS, 0, 16)
    FIELD(BSRR, BR, 16, 16)
REG32(BRR, 0x14)
    FIELD(BRR, BR, 0, 16)
REG32(LCKR, 0x18)
    FIELD(LCKR, LCK, 0, 16)
    FIELD(LCKR, LCKK, 16, 1)

/* CRL and CRH: MODE in bits 1:0, CNF in bits 3:2 of each pin's four */
#define CR_RESET 0x44444444
enum { IN_ANALOG, IN_FLOATING, IN_PULL, IN_RESERVED };
enum { OUT_PUSH_PULL, OUT_OPEN_DRAIN, OUT_AF_PUSH_PULL, OUT_AF_OPEN_DRAIN };

/* Port A: TMS, TDI pulled up and TCK down; port B: NJTRST up (7.3.5, 23.4). */
#define DEBUG_PULL_UP(port) ((port) == 'A' ? 0xa000 : 0x0010)

/* write key: 1, 0, 1 in LCKK, then a read (7.2.7) */
#define LOCK_STEPS 3

static unsigned pin_mode(const Stm32f100GpioState *s, unsigned pin)
{
    return extract32(s->cr[pin / 8], 4 * (pin % 8), 2);
}

static unsigned pin_cnf(const Stm32f100GpioState *s, unsigned pin)
{
    return extract32(s->cr[pin / 8], 4 * (pin % 8) + 2, 2);
}

/*
 * Taken from the port, whatever its mode: by the debug port, as WKUP (4.4.2
 * EWUP) or as TAMPER (5.4.3 TPE).
 */
static bool is_taken(const Stm32f100GpioState *s, unsigned pin)
{
    return extract32(s->debug_pins | s->taken_pins, pin, 1);
}

static bool is_output(const Stm32f100GpioState *s, unsigned pin)
{
    return pin_mode(s, pin) != 0 && !is_taken(s, pin);
}

bool stm32f100_gpio_is_af_output(const Stm32f100GpioState *s, unsigned pin)
{
    return extract32(s->package, pin, 1) && is_output(s, pin) &&
           pin_cnf(s, pin) >= OUT_AF_PUSH_PULL;
}

bool stm32f100_gpio_is_digital_input(const Stm32f100GpioState *s, unsigned pin)
{
    return extract32(s->package, pin, 1) && pin_mode(s, pin) == 0 &&
           pin_cnf(s, pin) != IN_ANALOG && !is_taken(s, pin);
}

bool stm32f100_gpio_exists(const Stm32f100GpioState *s, unsigned pin)
{
    return extract32(s->package, pin, 1);
}

bool stm32f100_gpio_is_analog(const Stm32f100GpioState *s, unsigned pin)
{
    return !is_taken(s, pin) && pin_mode(s, pin) == 0 &&
           pin_cnf(s, pin) == IN_ANALOG;
}

/* ---- levels ---- */

static bool output_level(const Stm32f100GpioState *s, unsigned pin)
{
    bool af = pin_cnf(s, pin) >= OUT_AF_PUSH_PULL;

    return extract32(af ? s->af_level : s->odr, pin, 1);
}

bool stm32f100_gpio_drives(const Stm32f100GpioState *s, unsigned pin)
{
    bool open_drain = pin_cnf(s, pin) & OUT_OPEN_DRAIN;
    bool released = pin_cnf(s, pin) >= OUT_AF_PUSH_PULL &&
                    !extract32(s->af_driven, pin, 1);

    return is_output(s, pin) && !released &&
           !(open_drain && output_level(s, pin));
}

/* Level that the part gives the pin where the board does not drive it. */
static bool released_level(const Stm32f100GpioState *s, unsigned pin)
{
    if (is_taken(s, pin)) {
        return extract32(DEBUG_PULL_UP(s->port[0]), pin, 1);
    }
    if (!is_output(s, pin) && pin_cnf(s, pin) == IN_PULL) {
        return extract32(s->odr, pin, 1);
    }
    /* floating: a capacitance to ground */
    return extract32(s->board_pull_up, pin, 1);
}

static bool pin_level(const Stm32f100GpioState *s, unsigned pin)
{
    if (extract32(s->backup_drives, pin, 1)) {
        return extract32(s->backup_level, pin, 1);
    }
    if (stm32f100_gpio_drives(s, pin)) {
        return output_level(s, pin);
    }
    if (extract32(s->board_drives, pin, 1)) {
        return extract32(s->board_level, pin, 1);
    }
    return released_level(s, pin);
}

static void update_pin(Stm32f100GpioState *s, unsigned pin, int64_t time_ns)
{
    bool level = pin_level(s, pin);

    if (!extract32(s->package, pin, 1)) {
        return;
    }
    s->level = deposit32(s->level, pin, 1, level);
    s->driven |= is_output(s, pin) << pin | (s->backup_drives & 1u << pin);
    if (extract32(s->driven, pin, 1)) {
        wire_pin_set(s->wire_pin[pin], time_ns, level);
    }
    qemu_set_irq(s->board_out[pin], level);
    qemu_set_irq(s->pin_out[pin], level);
}

static void update_pins(Stm32f100GpioState *s)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    for (unsigned pin = 0; pin < STM32F100_GPIO_PINS; pin++) {
        update_pin(s, pin, now_ns);
    }
}

/* The board must not fight a push-pull output. */
static void check_conflict(const Stm32f100GpioState *s, unsigned pin)
{
    bool push_pull = is_output(s, pin) && (pin_cnf(s, pin) == OUT_PUSH_PULL ||
                                           pin_cnf(s, pin) == OUT_AF_PUSH_PULL);

    if (push_pull && extract32(s->board_drives, pin, 1) &&
        extract32(s->board_level, pin, 1) != extract32(s->level, pin, 1)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-gpio: P%s%u is a push-pull"
                      " output and is driven from outside\n", s->port, pin);
    }
}

static void set_board_level(void *opaque, int pin, int level)
{
    Stm32f100GpioState *s = opaque;

    s->board_drives = deposit32(s->board_drives, pin, 1, level >= 0);
    s->board_level = deposit32(s->board_level, pin, 1, level > 0);
    update_pin(s, pin, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
    check_conflict(s, pin);
}

void stm32f100_gpio_set_af(Stm32f100GpioState *s, unsigned pin,
                           int64_t time_ns, bool level)
{
    if (!extract32(s->af_driven, pin, 1) ||
        extract32(s->af_level, pin, 1) != level) {
        s->af_driven = deposit32(s->af_driven, pin, 1, true);
        s->af_level = deposit32(s->af_level, pin, 1, level);
        update_pin(s, pin, time_ns);
    }
}

void stm32f100_gpio_release_af(Stm32f100GpioState *s, unsigned pin,
                               int64_t time_ns)
{
    if (extract32(s->af_driven, pin, 1)) {
        s->af_driven = deposit32(s->af_driven, pin, 1, false);
        update_pin(s, pin, time_ns);
    }
}

void stm32f100_gpio_pull_up(Stm32f100GpioState *s, uint16_t pins)
{
    s->board_pull_up |= pins;
    update_pins(s);
}

void stm32f100_gpio_set_debug_pins(Stm32f100GpioState *s, uint16_t pins)
{
    if (s->debug_pins != pins) {
        s->debug_pins = pins;
        update_pins(s);
    }
}

void stm32f100_gpio_set_router(Stm32f100GpioState *s,
                               const Stm32f100GpioRouterOps *ops, void *opaque)
{
    assert(!s->router);
    s->router = ops;
    s->router_opaque = opaque;
}

void stm32f100_gpio_sync(Stm32f100GpioState *s)
{
    if (s->router) {
        s->router->sync(s->router_opaque,
                        qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
    }
}

/* The backup domain drives its pins whatever their mode (5.3.2). */
static void set_backup_level(void *opaque, int pin, int level)
{
    Stm32f100GpioState *s = opaque;

    s->backup_drives = deposit32(s->backup_drives, pin, 1, level >= 0);
    s->backup_level = deposit32(s->backup_level, pin, 1, level > 0);
    update_pin(s, pin, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
}

static void set_taken(void *opaque, int pin, int level)
{
    Stm32f100GpioState *s = opaque;

    if (extract32(s->taken_pins, pin, 1) == !level) {
        stm32f100_gpio_sync(s);
        s->taken_pins = deposit32(s->taken_pins, pin, 1, level);
        if (s->router) {
            s->router->changed(s->router_opaque);
        }
        update_pin(s, pin, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
    }
}

bool stm32f100_gpio_level(const Stm32f100GpioState *s, unsigned pin)
{
    return extract32(s->level, pin, 1);
}

/* ---- registers ---- */

/* CRL or CRH: locked pins keep their four bits. */
static void cr_write(Stm32f100GpioState *s, unsigned half, uint32_t value)
{
    uint32_t keep = 0;

    for (unsigned n = 0; n < 8 && s->locked; n++) {
        if (extract32(s->lckr, 8 * half + n, 1)) {
            keep |= 0xfu << (4 * n);
        }
    }
    value = (value & ~keep) | (s->cr[half] & keep);
    if (value == s->cr[half]) {
        return;
    }
    stm32f100_gpio_sync(s);
    s->cr[half] = value;
    for (unsigned pin = 8 * half; pin < 8 * half + 8; pin++) {
        if (!is_output(s, pin) && pin_cnf(s, pin) == IN_RESERVED) {
            qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-gpio: P%s%u: mode input"
                          " with CNF=3 is reserved\n", s->port, pin);
        }
    }
    if (s->router) {
        s->router->changed(s->router_opaque);
    }
    update_pins(s);
}

static void odr_write(Stm32f100GpioState *s, uint16_t odr)
{
    s->odr = odr;
    update_pins(s);
}

static void lckr_write(Stm32f100GpioState *s, uint32_t value)
{
    static const bool key[LOCK_STEPS] = { true, false, true };
    bool lckk = FIELD_EX32(value, LCKR, LCKK);
    uint16_t pins = FIELD_EX32(value, LCKR, LCK);

    if (s->locked) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-gpio: port %s is locked until"
                      " reset\n", s->port);
        return;
    }
    if (s->lock_steps && pins != s->lckr) {
        s->lock_steps = 0; /* the pins must not change during the sequence */
    }
    s->lckr = pins;
    if (s->lock_steps < LOCK_STEPS && lckk == key[s->lock_steps]) {
        s->lock_steps++;
    } else {
        s->lock_steps = lckk;
    }
}

/* The read that ends the sequence gives LCKK=0, those after it 1. */
static uint32_t lckr_read(Stm32f100GpioState *s)
{
    uint32_t value = s->lckr | s->locked << R_LCKR_LCKK_SHIFT;

    if (s->lock_steps == LOCK_STEPS) {
        s->locked = true;
    }
    s->lock_steps = 0;
    return value;
}

/* Analog inputs read 0: the Schmitt trigger is off (7.1.12). */
static uint16_t idr_read(Stm32f100GpioState *s)
{
    uint16_t value;

    stm32f100_gpio_sync(s);
    value = s->level;
    for (unsigned pin = 0; pin < STM32F100_GPIO_PINS; pin++) {
        if (stm32f100_gpio_is_analog(s, pin)) {
            value &= ~(1u << pin);
        }
    }
    return value;
}

static uint32_t gpio_read_word(Stm32f100GpioState *s, hwaddr addr)
{
    switch (addr) {
    case A_CRL:
    case A_CRH:
        return s->cr[addr / 4];
    case A_IDR:
        return idr_read(s);
    case A_ODR:
        return s->odr;
    case A_BSRR:
    case A_BRR:
        return 0;
    case A_LCKR:
        return lckr_read(s);
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-gpio: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

static bool gpio_clocked(const Stm32f100GpioState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-gpio: %s of port %s while"
                      " RCC does not clock it\n", access, s->port);
        return false;
    }
    return true;
}

static void check_width(const Stm32f100GpioState *s, unsigned size)
{
    if (size != 4) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-gpio: access of %u bytes to"
                      " port %s; its registers take words only (7.2)\n", size,
                      s->port);
    }
}

static uint64_t gpio_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100GpioState *s = opaque;

    check_width(s, size);
    if (!gpio_clocked(s, "read")) {
        return 0;
    }
    return stm32f100_bus_read(gpio_read_word(s, addr & ~3), addr, size);
}

static void gpio_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100GpioState *s = opaque;
    uint32_t value = stm32f100_apb_write(data, size);

    check_width(s, size);
    if (!gpio_clocked(s, "write")) {
        return;
    }
    switch (addr & ~3) {
    case A_CRL:
    case A_CRH:
        cr_write(s, (addr & ~3) / 4, value);
        break;
    case A_ODR:
        odr_write(s, value);
        break;
    case A_BSRR: /* if both bits are set, BS wins */
        odr_write(s, (s->odr & ~FIELD_EX32(value, BSRR, BR)) |
                  FIELD_EX32(value, BSRR, BS));
        break;
    case A_BRR:
        odr_write(s, s->odr & ~FIELD_EX32(value, BRR, BR));
        break;
    case A_LCKR:
        lckr_write(s, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-gpio: write of 0x%08" PRIx32
                      " to offset 0x%" HWADDR_PRIx ", which cannot be"
                      " written\n", value, addr);
        break;
    }
}

static const MemoryRegionOps gpio_ops =
    STM32F100_BUS_OPS(gpio_read, gpio_write);

/* ---- life cycle ---- */

static void gpio_reset_hold(Object *obj, ResetType type)
{
    Stm32f100GpioState *s = STM32F100_GPIO(obj);

    stm32f100_gpio_sync(s);
    s->cr[0] = CR_RESET;
    s->cr[1] = CR_RESET;
    s->odr = 0;
    s->lckr = 0;
    s->lock_steps = 0;
    s->locked = false;
}

static void gpio_reset_exit(Object *obj, ResetType type)
{
    Stm32f100GpioState *s = STM32F100_GPIO(obj);

    if (s->router) {
        s->router->changed(s->router_opaque);
    }
    update_pins(s);
}

static void gpio_init(Object *obj)
{
    Stm32f100GpioState *s = STM32F100_GPIO(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &gpio_ops, s, TYPE_STM32F100_GPIO,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    s->clk = qdev_init_clock_in(dev, "clk", NULL, NULL, 0);
    qdev_init_gpio_in(dev, set_board_level, STM32F100_GPIO_PINS);
    qdev_init_gpio_in_named(dev, set_backup_level, "backup",
                            STM32F100_GPIO_PINS);
    qdev_init_gpio_in_named(dev, set_taken, "take", STM32F100_GPIO_PINS);
    qdev_init_gpio_out_named(dev, s->pin_out, "pin", STM32F100_GPIO_PINS);
    qdev_init_gpio_out_named(dev, s->board_out, "board", STM32F100_GPIO_PINS);
}

static void gpio_realize(DeviceState *dev, Error **errp)
{
    Stm32f100GpioState *s = STM32F100_GPIO(dev);

    if (!s->port || strlen(s->port) != 1 || s->port[0] < 'A' ||
        s->port[0] > 'E') {
        error_setg(errp, "stm32f100-gpio: port '%s' is not A..E",
                   s->port ? s->port : "");
        return;
    }
    for (unsigned pin = 0; pin < STM32F100_GPIO_PINS; pin++) {
        if (extract32(s->package, pin, 1)) {
            g_autofree char *name = g_strdup_printf("P%s%u", s->port, pin);

            s->wire_pin[pin] = wire_pin_new(name);
            wire_pin_set_input(s->wire_pin[pin], qdev_get_gpio_in(dev, pin));
        }
    }
}

static const VMStateDescription vmstate_gpio = {
    .name = TYPE_STM32F100_GPIO,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100GpioState),
        VMSTATE_UINT32_ARRAY(cr, Stm32f100GpioState, 2),
        VMSTATE_UINT16(odr, Stm32f100GpioState),
        VMSTATE_UINT16(lckr, Stm32f100GpioState),
        VMSTATE_UINT8(lock_steps, Stm32f100GpioState),
        VMSTATE_BOOL(locked, Stm32f100GpioState),
        VMSTATE_UINT16(af_driven, Stm32f100GpioState),
        VMSTATE_UINT16(af_level, Stm32f100GpioState),
        VMSTATE_UINT16(debug_pins, Stm32f100GpioState),
        VMSTATE_UINT16(taken_pins, Stm32f100GpioState),
        VMSTATE_UINT16(backup_drives, Stm32f100GpioState),
        VMSTATE_UINT16(backup_level, Stm32f100GpioState),
        VMSTATE_UINT16(board_drives, Stm32f100GpioState),
        VMSTATE_UINT16(board_level, Stm32f100GpioState),
        VMSTATE_UINT16(level, Stm32f100GpioState),
        VMSTATE_UINT16(driven, Stm32f100GpioState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property gpio_properties[] = {
    DEFINE_PROP_STRING("port", Stm32f100GpioState, port),
    DEFINE_PROP_UINT16("pins", Stm32f100GpioState, package, 0xffff),
};

static void gpio_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = gpio_realize;
    dc->vmsd = &vmstate_gpio;
    rc->phases.hold = gpio_reset_hold;
    rc->phases.exit = gpio_reset_exit;
    device_class_set_props(dc, gpio_properties);
}

static const TypeInfo gpio_types[] = {
    {
        .name = TYPE_STM32F100_GPIO,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100GpioState),
        .instance_init = gpio_init,
        .class_init = gpio_class_init,
    },
};
DEFINE_TYPES(gpio_types)
