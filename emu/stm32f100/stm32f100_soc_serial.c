/*
 * SPI, I2C and CEC of the STM32F100 and what connects them: interrupts (RM0041
 * 8.1.2), DMA requests (9.3.7), and what the board has for their peers: chip
 * selects and pull-ups.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "system/system.h"
#include "hw/qdev-properties.h"
#include "stm32f100_soc.h"

#define CEC_BASE 0x40007800

static const struct {
    const char *name;
    hwaddr base;
    int irq;
    Stm32f100DmaRequest tx, rx;
    const char *nss;
} spi_info[STM32F100_SPIS] = {
    { "spi1", 0x40013000, 35, STM32F100_DMA_SPI1_TX, STM32F100_DMA_SPI1_RX,
      "PA4" },
    { "spi2", 0x40003800, 36, STM32F100_DMA_SPI2_TX, STM32F100_DMA_SPI2_RX,
      "PB12" },
};

static const struct {
    const char *name;
    hwaddr base;
    int event_irq; /* error: the next one */
    Stm32f100DmaRequest tx, rx;
    uint16_t pins; /* of port B: SCL and SDA, remapped ones, too */
} i2c_info[STM32F100_I2CS] = {
    { "i2c1", 0x40005400, 31, STM32F100_DMA_I2C1_TX, STM32F100_DMA_I2C1_RX,
      0x03c0 },
    { "i2c2", 0x40005800, 33, STM32F100_DMA_I2C2_TX, STM32F100_DMA_I2C2_RX,
      0x0c00 },
};

static void place(Stm32f100SocState *s, DeviceState *dev, const char *name,
                  hwaddr base)
{
    object_property_set_link(OBJECT(dev), "afio", OBJECT(&s->afio),
                             &error_abort);
    stm32f100_rcc_add(&s->rcc, name, dev);
    sysbus_realize(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
}

static void connect_irq(Stm32f100SocState *s, DeviceState *dev, int n, int irq)
{
    sysbus_connect_irq(SYS_BUS_DEVICE(dev), n,
                       qdev_get_gpio_in(DEVICE(&s->armv7m), irq));
}

/* @name of @dev asks DMA1, whose signal @told comes back. */
static void connect_dma(Stm32f100SocState *s, DeviceState *dev,
                        const char *name, Stm32f100DmaRequest request,
                        const char *told)
{
    g_autofree char *input = g_strdup_printf("%s-%s", name, told);

    qdev_connect_gpio_out_named(dev, name, 0,
                                qdev_get_gpio_in_named(DEVICE(&s->dma),
                                                       "request", request));
    qdev_connect_gpio_out_named(DEVICE(&s->dma), told, request,
                                qdev_get_gpio_in_named(dev, input, 0));
}

/*
 * @pins: those that select the peers of @spi, "PA4:PC0" for those with cs=0 and
 * cs=1.
 */
static bool connect_chip_selects(Stm32f100SocState *s, DeviceState *spi,
                                 const char *pins, Error **errp)
{
    g_auto(GStrv) name = g_strsplit(pins, ":", STM32F100_SPI_CHIP_SELECTS);

    for (unsigned n = 0; name[n]; n++) {
        unsigned port, pin = 0;
        char letter, rest;

        if (sscanf(name[n], "P%c%2u%c", &letter, &pin, &rest) != 2) {
            letter = 0;
        }
        port = (unsigned)letter - 'A';
        if (letter < 'A' || port >= STM32F100_PORTS ||
            pin >= STM32F100_GPIO_PINS ||
            !stm32f100_gpio_exists(&s->gpio[port], pin)) {
            error_setg(errp, "stm32f100: chip select '%s' is no pin of this"
                       " package", name[n]);
            return false;
        }
        qdev_connect_gpio_out_named(DEVICE(&s->gpio[port]), "board", pin,
                                    qdev_get_gpio_in_named(spi, "cs", n));
    }
    return true;
}

/* Peers on an I2C bus bring its pull-ups with them. */
static void pull_up(Notifier *notifier, void *data)
{
    Stm32f100SocState *s = container_of(notifier, Stm32f100SocState,
                                        board_is_complete);

    for (unsigned n = 0; n < STM32F100_I2CS; n++) {
        if (!QTAILQ_EMPTY(&BUS(s->i2c[n].peers)->children)) {
            stm32f100_gpio_pull_up(&s->gpio[1], i2c_info[n].pins);
        }
    }
}

void stm32f100_soc_init_serial(Stm32f100SocState *s)
{
    Object *obj = OBJECT(s);

    for (unsigned n = 0; n < STM32F100_SPIS; n++) {
        object_initialize_child(obj, spi_info[n].name, &s->spi[n],
                                TYPE_STM32F100_SPI);
    }
    for (unsigned n = 0; n < STM32F100_I2CS; n++) {
        object_initialize_child(obj, i2c_info[n].name, &s->i2c[n],
                                TYPE_STM32F100_I2C);
    }
    object_initialize_child(obj, "cec", &s->cec, TYPE_STM32F100_CEC);
}

bool stm32f100_soc_make_serial(Stm32f100SocState *s, Error **errp)
{
    for (unsigned n = 0; n < STM32F100_SPIS; n++) {
        DeviceState *dev = DEVICE(&s->spi[n]);

        qdev_prop_set_uint8(dev, "spi", n + 1);
        place(s, dev, spi_info[n].name, spi_info[n].base);
        connect_irq(s, dev, 0, spi_info[n].irq);
        connect_dma(s, dev, "dma-tx", spi_info[n].tx, "end");
        connect_dma(s, dev, "dma-rx", spi_info[n].rx, "end");
        if (!connect_chip_selects(s, dev,
                                  s->chip_selects[n] ?: spi_info[n].nss,
                                  errp)) {
            return false;
        }
    }
    for (unsigned n = 0; n < STM32F100_I2CS; n++) {
        DeviceState *dev = DEVICE(&s->i2c[n]);

        qdev_prop_set_uint8(dev, "i2c", n + 1);
        place(s, dev, i2c_info[n].name, i2c_info[n].base);
        connect_irq(s, dev, 0, i2c_info[n].event_irq);
        connect_irq(s, dev, 1, i2c_info[n].event_irq + 1);
        connect_dma(s, dev, "dma-tx", i2c_info[n].tx, "end");
        connect_dma(s, dev, "dma-rx", i2c_info[n].rx, "last");
        stm32f100_soc_freeze(s, STM32F100_FREEZE_I2C1 + n, dev);
    }
    stm32f100_rcc_add(&s->rcc, "cec", DEVICE(&s->cec));
    sysbus_realize(SYS_BUS_DEVICE(&s->cec), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(&s->cec), 0, CEC_BASE);
    s->board_is_complete.notify = pull_up;
    qemu_add_machine_init_done_notifier(&s->board_is_complete);
    return true;
}
