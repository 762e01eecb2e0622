/*
 * The nine timers of the STM32F100 and what connects them: interrupts that some
 * share (RM0041 8.1.2), DMA requests (9.3.7), and each other's trigger outputs
 * (tables "TIMx internal trigger connection" in 12.4.3, 13.4.3, 15.5.3).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/qdev-properties.h"
#include "stm32f100_soc.h"

#define NO_REQUEST (-1)
#define TIM(number_) STM32F100_DMA_TIM##number_

/* Lines of TIM1 that another timer shares; the last one, CC, is its own. */
#define TIM1_BRK_IRQ 24
#define TIM1_CC_IRQ 27

static const struct {
    uint8_t number;
    hwaddr base;
    int irq; /* its own, 0: shared */
    int request[STM32F100_TIM_DMA_REQUESTS]; /* UP, CC1 to CC4, COM, TRIG */
    uint8_t itr[STM32F100_TIM_TRIGGERS];     /* timers whose TRGO it gets */
} timers[STM32F100_TIMERS] = {
    { 1, 0x40012c00, 0,
      { TIM(1_UP), TIM(1_CH1), TIM(1_CH2), TIM(1_CH3), TIM(1_CH4),
        TIM(1_COM), TIM(1_TRIG) },
      { 15, 2, 3, 4 } },
    { 2, 0x40000000, 28,
      { TIM(2_UP), TIM(2_CH1), TIM(2_CH2), TIM(2_CH3), TIM(2_CH4),
        NO_REQUEST, NO_REQUEST },
      { 1, 15, 3, 4 } },
    { 3, 0x40000400, 29,
      { TIM(3_UP), TIM(3_CH1), NO_REQUEST, TIM(3_CH3), TIM(3_CH4),
        NO_REQUEST, TIM(3_TRIG) },
      { 1, 2, 15, 4 } },
    { 4, 0x40000800, 30,
      { TIM(4_UP), TIM(4_CH1), TIM(4_CH2), TIM(4_CH3), NO_REQUEST,
        NO_REQUEST, NO_REQUEST },
      { 1, 2, 3, 15 } },
    { 6, 0x40001000, 0,
      { TIM(6_UP), NO_REQUEST, NO_REQUEST, NO_REQUEST, NO_REQUEST,
        NO_REQUEST, NO_REQUEST } },
    { 7, 0x40001400, 55,
      { TIM(7_UP), NO_REQUEST, NO_REQUEST, NO_REQUEST, NO_REQUEST,
        NO_REQUEST, NO_REQUEST } },
    { 15, 0x40014000, 0,
      { TIM(15_UP), TIM(15_CH1), NO_REQUEST, NO_REQUEST, NO_REQUEST,
        TIM(15_COM), TIM(15_TRIG) },
      { 2, 3, 16, 17 } },
    { 16, 0x40014400, 0,
      { TIM(16_UP), TIM(16_CH1), NO_REQUEST, NO_REQUEST, NO_REQUEST,
        NO_REQUEST, NO_REQUEST } },
    { 17, 0x40014800, 0,
      { TIM(17_UP), TIM(17_CH1), NO_REQUEST, NO_REQUEST, NO_REQUEST,
        NO_REQUEST, NO_REQUEST } },
};

Stm32f100TimState *stm32f100_soc_timer(Stm32f100SocState *s, unsigned number)
{
    for (unsigned n = 0; n < STM32F100_TIMERS; n++) {
        if (timers[n].number == number) {
            return &s->tim[n];
        }
    }
    g_assert_not_reached();
}

static qemu_irq nvic_line(Stm32f100SocState *s, int irq)
{
    return qdev_get_gpio_in(DEVICE(&s->armv7m), irq);
}

/* TIM1's first three lines are input 0 of an OR whose input 1 has another. */
static void connect_shared_irqs(Stm32f100SocState *s)
{
    SysBusDevice *tim1 = SYS_BUS_DEVICE(stm32f100_soc_timer(s, 1));

    for (unsigned n = 0; n < STM32F100_TIM1_SHARED_IRQS; n++) {
        DeviceState *either = DEVICE(&s->tim1_irq[n]);
        Stm32f100TimState *other = stm32f100_soc_timer(s, 15 + n);

        qdev_prop_set_uint16(either, "num-lines", 2);
        qdev_realize(either, NULL, &error_fatal);
        qdev_connect_gpio_out(either, 0, nvic_line(s, TIM1_BRK_IRQ + n));
        sysbus_connect_irq(tim1, n, qdev_get_gpio_in(either, 0));
        sysbus_connect_irq(SYS_BUS_DEVICE(other), 0,
                           qdev_get_gpio_in(either, 1));
    }
    sysbus_connect_irq(tim1, STM32F100_TIM1_SHARED_IRQS,
                       nvic_line(s, TIM1_CC_IRQ));
    sysbus_connect_irq(SYS_BUS_DEVICE(stm32f100_soc_timer(s, 6)), 0,
                       qdev_get_gpio_in(DEVICE(&s->tim6_dac_irq), 0));
}

static void connect_dma(Stm32f100SocState *s, unsigned n)
{
    DeviceState *dev = DEVICE(&s->tim[n]), *dma = DEVICE(&s->dma);

    for (unsigned i = 0; i < STM32F100_TIM_DMA_REQUESTS; i++) {
        int request = timers[n].request[i];

        if (request != NO_REQUEST) {
            qdev_connect_gpio_out_named(dev, "dma", i,
                                        qdev_get_gpio_in_named(dma, "request",
                                                               request));
            qdev_connect_gpio_out_named(dma, "acknowledge", request,
                                        qdev_get_gpio_in_named(dev,
                                                               "acknowledge",
                                                               i));
        }
    }
}

/* Each timer has a line of its own to each of its slaves. */
static void connect_triggers(Stm32f100SocState *s)
{
    unsigned used[STM32F100_TIMERS] = { 0 };

    for (unsigned n = 0; n < STM32F100_TIMERS; n++) {
        DeviceState *slave = DEVICE(&s->tim[n]);

        for (unsigned i = 0; i < STM32F100_TIM_TRIGGERS && timers[n].itr[i];
             i++) {
            Stm32f100TimState *tim = stm32f100_soc_timer(s, timers[n].itr[i]);
            unsigned line = STM32F100_TRGO_TIMERS + used[tim - s->tim]++;
            DeviceState *master = DEVICE(tim);

            assert(line < STM32F100_TRGO_LINES);
            qdev_connect_gpio_out_named(master, "trgo", line,
                                        qdev_get_gpio_in_named(slave, "itr",
                                                               i));
        }
    }
}

void stm32f100_soc_init_timers(Stm32f100SocState *s)
{
    for (unsigned n = 0; n < STM32F100_TIMERS; n++) {
        g_autofree char *name = g_strdup_printf("tim%u", timers[n].number);

        object_initialize_child(OBJECT(s), name, &s->tim[n],
                                TYPE_STM32F100_TIM);
    }
    for (unsigned n = 0; n < STM32F100_TIM1_SHARED_IRQS; n++) {
        object_initialize_child(OBJECT(s), "tim1-irq[*]", &s->tim1_irq[n],
                                TYPE_OR_IRQ);
    }
}

void stm32f100_soc_make_timers(Stm32f100SocState *s)
{
    for (unsigned n = 0; n < STM32F100_TIMERS; n++) {
        g_autofree char *name = g_strdup_printf("tim%u", timers[n].number);
        DeviceState *dev = DEVICE(&s->tim[n]);
        SysBusDevice *bus = SYS_BUS_DEVICE(dev);

        qdev_prop_set_uint8(dev, "timer", timers[n].number);
        object_property_set_link(OBJECT(dev), "afio", OBJECT(&s->afio),
                                 &error_abort);
        stm32f100_rcc_add(&s->rcc, name, dev);
        sysbus_realize(bus, &error_fatal);
        sysbus_mmio_map(bus, 0, timers[n].base);
        if (timers[n].irq) {
            sysbus_connect_irq(bus, 0, nvic_line(s, timers[n].irq));
        }
        connect_dma(s, n);
    }
    connect_shared_irqs(s);
    connect_triggers(s);
}
