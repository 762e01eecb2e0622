/*
 * Supply, backup domain, watchdogs and debug of the STM32F100, and what
 * connects them to the rest: sleep of the core, wake-up and tamper pins, EXTI
 * lines 16 and 17 (RM0041 8.2.5), resets, the stall of the core while flash is
 * busy, the freezing of blocks while a debugger holds the core (25.16).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "cpu.h"
#include "../wire/wire.h"
#include "stm32f100_soc.h"

#define WWDG_IRQ 0
#define TAMPER_IRQ 2
#define RTC_IRQ 3

#define EXTI_LINE_PVD 16
#define EXTI_LINE_RTC_ALARM 17

#define DBGMCU_BASE 0xe0042000

enum { PORT_A, PORT_B, PORT_C };
#define WKUP_PIN 0    /* PA0 */
#define TAMPER_PIN 13 /* PC13 */

static qemu_irq input(void *device, const char *name, int n)
{
    return qdev_get_gpio_in_named(DEVICE(device), name, n);
}

static void wire_up(void *device, const char *name, int n, qemu_irq target)
{
    qdev_connect_gpio_out_named(DEVICE(device), name, n, target);
}

static void link_to(void *device, const char *property, void *target)
{
    object_property_set_link(OBJECT(device), property, OBJECT(target),
                             &error_abort);
}

/* Realize, clock from the RCC by the name @clock if not NULL, map. */
static void place(Stm32f100SocState *s, void *device, const char *clock,
                  hwaddr base)
{
    if (clock) {
        stm32f100_rcc_add(&s->rcc, clock, DEVICE(device));
    }
    sysbus_realize(SYS_BUS_DEVICE(device), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(device), 0, base);
}

static void connect_irq(Stm32f100SocState *s, void *device, int irq)
{
    sysbus_connect_irq(SYS_BUS_DEVICE(device), 0,
                       qdev_get_gpio_in(DEVICE(&s->armv7m), irq));
}

static void take_clock(Stm32f100SocState *s, void *device, const char *name)
{
    qdev_connect_clock_in(DEVICE(device), name,
                          qdev_get_clock_out(DEVICE(&s->rcc), name));
}

static void make_split(SplitIRQ *split, unsigned lines)
{
    qdev_prop_set_uint16(DEVICE(split), "num-lines", lines);
    qdev_realize(DEVICE(split), NULL, &error_fatal);
}

/* Who hears the level of a pin hears it still, and @second does, too. */
static void share_pin(Stm32f100SocState *s, SplitIRQ *split, unsigned port,
                      unsigned pin, qemu_irq second)
{
    DeviceState *gpio = DEVICE(&s->gpio[port]);
    qemu_irq first = qdev_intercept_gpio_out(gpio,
                                             qdev_get_gpio_in(DEVICE(split), 0),
                                             "pin", pin);

    qdev_connect_gpio_out(DEVICE(split), 0, first);
    qdev_connect_gpio_out(DEVICE(split), 1, second);
}

/* ---- backup domain: BKP, RTC ---- */

static void make_rtc(Stm32f100SocState *s)
{
    take_clock(s, &s->rtc, "rtcclk");
    take_clock(s, &s->rtc, "pclk1");
    take_clock(s, &s->rtc, "bkp");
    place(s, &s->rtc, NULL, 0x40002800);
    connect_irq(s, &s->rtc, RTC_IRQ);
    wire_up(&s->rcc, "backup-reset", 0, input(&s->rtc, "backup-reset", 0));

    make_split(&s->rtc_alarm, 3);
    wire_up(&s->rtc, "alarm", 0, qdev_get_gpio_in(DEVICE(&s->rtc_alarm), 0));
    qdev_connect_gpio_out(DEVICE(&s->rtc_alarm), 0,
                          qdev_get_gpio_in(DEVICE(&s->exti),
                                           EXTI_LINE_RTC_ALARM));
    qdev_connect_gpio_out(DEVICE(&s->rtc_alarm), 1,
                          input(&s->bkp, "alarm", 0));
    qdev_connect_gpio_out(DEVICE(&s->rtc_alarm), 2,
                          input(&s->pwr, "alarm", 0));
    wire_up(&s->rtc, "second", 0, input(&s->bkp, "second", 0));
}

static void make_bkp(Stm32f100SocState *s)
{
    DeviceState *port = DEVICE(&s->gpio[PORT_C]);

    link_to(&s->bkp, "rtc", &s->rtc);
    take_clock(s, &s->bkp, "rtcclk");
    place(s, &s->bkp, "bkp", 0x40006c00);
    connect_irq(s, &s->bkp, TAMPER_IRQ);
    wire_up(&s->rcc, "backup-reset", 1, input(&s->bkp, "backup-reset", 0));
    wire_up(&s->bkp, "take", 0, input(port, "take", TAMPER_PIN));
    wire_up(&s->bkp, "pin", 0, input(port, "backup", TAMPER_PIN));
    make_split(&s->tamper_pin, 2);
    share_pin(s, &s->tamper_pin, PORT_C, TAMPER_PIN,
              input(&s->bkp, "tamper", 0));
}

/* ---- PWR ---- */

/* Standby, or no supply: the next reset leaves the core off. */
static void set_core_off(void *opaque, int n, int level)
{
    Stm32f100SocState *s = opaque;

    CPU(s->armv7m.cpu)->start_powered_off = level || !s->starts;
}

/*
 * Flash does not answer while it is programmed or erased (PM0063 2.1): a core
 * that runs from it stands still, one that runs from SRAM goes on.
 */
static void set_stall(void *opaque, int n, int level)
{
    Stm32f100SocState *s = opaque;
    ARMCPU *cpu = s->armv7m.cpu;
    bool stall = level && current_cpu == CPU(cpu) &&
                 cpu->env.regs[15] < STM32F100_SRAM_BASE;

    qemu_set_irq(input(&s->armv7m, "HOLD", 0), stall);
}

/* SRAM has lost what it held: a power-on, or the end of Standby. */
static void power_on_reset(void *opaque, int n, int level)
{
    if (level) {
        stm32f100_soc_poison_sram(opaque);
    }
}

static void make_pwr(Stm32f100SocState *s)
{
    DeviceState *pwr = DEVICE(&s->pwr);

    link_to(pwr, "rcc", &s->rcc);
    link_to(pwr, "flash", &s->flash);
    qdev_prop_set_bit(pwr, "vbat", s->vbat);
    place(s, pwr, "pwr", 0x40007000);
    wire_up(pwr, "dbp", 0, input(&s->rcc, "dbp", 0));
    wire_up(pwr, "dbp", 1, input(&s->bkp, "dbp", 0));
    wire_up(pwr, "dbp", 2, input(&s->rtc, "dbp", 0));
    wire_up(pwr, "pvd", 0, qdev_get_gpio_in(DEVICE(&s->exti), EXTI_LINE_PVD));
    wire_up(pwr, "take", 0, input(&s->gpio[PORT_A], "take", WKUP_PIN));
    wire_up(pwr, "core-off", 0, input(s, "core-off", 0));
    wire_up(&s->armv7m, "SLEEPDEEP", 0, input(pwr, "sleepdeep", 0));
    wire_up(&s->exti, "wakeup", 0, input(pwr, "wakeup", 0));
    wire_up(&s->exti, "rxev", 0, input(&s->armv7m, "RXEV", 0));
    wire_up(&s->exti, "any", 0, input(pwr, "exti-pending", 0));
    make_split(&s->wkup_pin, 2);
    share_pin(s, &s->wkup_pin, PORT_A, WKUP_PIN, input(pwr, "wkup", 0));
}

/* ---- watchdogs, debug ---- */

static void make_watchdogs(Stm32f100SocState *s)
{
    link_to(&s->iwdg, "rcc", &s->rcc);
    link_to(&s->iwdg, "flash", &s->flash);
    place(s, &s->iwdg, NULL, 0x40003000);
    link_to(&s->wwdg, "rcc", &s->rcc);
    place(s, &s->wwdg, "wwdg", 0x40002c00);
    connect_irq(s, &s->wwdg, WWDG_IRQ);
}

static void make_dbgmcu(Stm32f100SocState *s)
{
    DeviceState *dbgmcu = DEVICE(&s->dbgmcu);

    sysbus_realize(SYS_BUS_DEVICE(dbgmcu), &error_fatal);
    /* on the core's private bus, over what the core has there */
    memory_region_add_subregion_overlap(
        &s->armv7m.container, DBGMCU_BASE,
        sysbus_mmio_get_region(SYS_BUS_DEVICE(dbgmcu), 0), 0);
    wire_up(dbgmcu, "freeze", STM32F100_FREEZE_IWDG,
            input(&s->iwdg, "freeze", 0));
    wire_up(dbgmcu, "freeze", STM32F100_FREEZE_WWDG,
            input(&s->wwdg, "freeze", 0));
    wire_up(dbgmcu, "debug-stop", 0, input(&s->pwr, "debug-stop", 0));
    wire_on_hold(input(dbgmcu, "halted", 0));
}

static void make_power_on_reset(Stm32f100SocState *s)
{
    make_split(&s->power_on_reset, 2);
    wire_up(&s->rcc, "power-on-reset", 0,
            qdev_get_gpio_in(DEVICE(&s->power_on_reset), 0));
    qdev_connect_gpio_out(DEVICE(&s->power_on_reset), 0,
                          input(s, "power-on-reset", 0));
    qdev_connect_gpio_out(DEVICE(&s->power_on_reset), 1,
                          input(&s->dbgmcu, "power-on-reset", 0));
}

void stm32f100_soc_make_power(Stm32f100SocState *s)
{
    wire_up(&s->rcc, "nmi", 0, input(&s->armv7m, "NMI", 0));
    make_rtc(s);
    make_bkp(s);
    make_pwr(s);
    make_watchdogs(s);
    make_dbgmcu(s);
    make_power_on_reset(s);
    wire_up(&s->flash, "stall", 0, input(s, "stall", 0));
}

void stm32f100_soc_freeze(Stm32f100SocState *s, Stm32f100Freeze freeze,
                          void *device)
{
    wire_up(&s->dbgmcu, "freeze", freeze, input(device, "freeze", 0));
}

void stm32f100_soc_connect_timers(Stm32f100SocState *s)
{
    static const unsigned breaks[STM32F100_BREAK_TIMERS] = { 1, 15, 16, 17 };
    static const struct {
        unsigned number;
        Stm32f100Freeze freeze;
    } timers[STM32F100_TIMERS] = {
        { 1, STM32F100_FREEZE_TIM1 },   { 2, STM32F100_FREEZE_TIM2 },
        { 3, STM32F100_FREEZE_TIM3 },   { 4, STM32F100_FREEZE_TIM4 },
        { 6, STM32F100_FREEZE_TIM6 },   { 7, STM32F100_FREEZE_TIM7 },
        { 15, STM32F100_FREEZE_TIM15 }, { 16, STM32F100_FREEZE_TIM16 },
        { 17, STM32F100_FREEZE_TIM17 },
    };

    for (unsigned n = 0; n < STM32F100_TIMERS; n++) {
        stm32f100_soc_freeze(s, timers[n].freeze,
                             stm32f100_soc_timer(s, timers[n].number));
    }
    for (unsigned n = 0; n < STM32F100_BREAK_TIMERS; n++) {
        wire_up(&s->rcc, "clock-failure", n,
                input(stm32f100_soc_timer(s, breaks[n]), "clock-failure", 0));
    }
}

void stm32f100_soc_init_power(Stm32f100SocState *s)
{
    Object *obj = OBJECT(s);

    object_initialize_child(obj, "iwdg", &s->iwdg, TYPE_STM32F100_IWDG);
    object_initialize_child(obj, "wwdg", &s->wwdg, TYPE_STM32F100_WWDG);
    object_initialize_child(obj, "pwr", &s->pwr, TYPE_STM32F100_PWR);
    object_initialize_child(obj, "bkp", &s->bkp, TYPE_STM32F100_BKP);
    object_initialize_child(obj, "rtc", &s->rtc, TYPE_STM32F100_RTC);
    object_initialize_child(obj, "dbgmcu", &s->dbgmcu, TYPE_STM32F100_DBGMCU);
    object_initialize_child(obj, "wkup-pin", &s->wkup_pin, TYPE_SPLIT_IRQ);
    object_initialize_child(obj, "tamper-pin", &s->tamper_pin, TYPE_SPLIT_IRQ);
    object_initialize_child(obj, "rtc-alarm", &s->rtc_alarm, TYPE_SPLIT_IRQ);
    object_initialize_child(obj, "power-on-reset", &s->power_on_reset,
                            TYPE_SPLIT_IRQ);
    qdev_init_gpio_in_named(DEVICE(s), set_core_off, "core-off", 1);
    qdev_init_gpio_in_named(DEVICE(s), power_on_reset, "power-on-reset", 1);
    qdev_init_gpio_in_named(DEVICE(s), set_stall, "stall", 1);
}
