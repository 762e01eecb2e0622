/*
 * The STM32F100 medium-density value line part: core, memories, peripherals
 * (RM0041 2.3 memory map, 8.1.2 vector table, 9.3.7 DMA requests, 26 device
 * electronic signature).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/units.h"
#include "cpu.h"
#include "exec/address-spaces.h"
#include "hw/arm/boot.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-properties.h"
#include "stm32f100_soc.h"

#define NUM_IRQS 61
#define NUM_PRIORITY_BITS 4
#define MIDR_CORTEX_M3_R1P1 0x411fc231

/* Boot loader and signature; option bytes behind them (flash) */
#define SYSTEM_MEMORY_BASE 0x1ffff000
#define SYSTEM_MEMORY_SIZE 0x800
#define FLASH_SIZE_OFFSET 0x7e0
#define UNIQUE_ID_OFFSET 0x7e8
#define OPTION_BYTES_BASE 0x1ffff800

/* What the Cortex-M3 can have: SRAM that has bit-band aliases (ARMv7-M B3.1) */
#define SRAM_SIZE_MAX 0x100000
#define MPU_REGIONS 8

#define FLASH_IRQ 4
#define RCC_IRQ 5
#define DMA1_CHANNEL1_IRQ 11
#define ADC1_IRQ 18
#define TIM6_DAC_IRQ 54

static const int exti_irq[STM32F100_EXTI_IRQS] = {
    6, 7, 8, 9, 10, 23, 40, 1, 41
};

static const struct {
    const char *name;
    hwaddr base;
    int irq;
} usart_info[STM32F100_USARTS] = {
    { "usart1", 0x40013800, 37 },
    { "usart2", 0x40004400, 38 },
    { "usart3", 0x40004800, 39 },
};

static const Stm32f100DmaRequest usart_request[STM32F100_USARTS][2] = {
    { STM32F100_DMA_USART1_TX, STM32F100_DMA_USART1_RX },
    { STM32F100_DMA_USART2_TX, STM32F100_DMA_USART2_RX },
    { STM32F100_DMA_USART3_TX, STM32F100_DMA_USART3_RX },
};

/* ---- memories ---- */

/* What a power-on leaves in SRAM is not zero. */
void stm32f100_soc_poison_sram(Stm32f100SocState *s)
{
    uint8_t *bytes = memory_region_get_ram_ptr(&s->sram);

    for (uint32_t n = 0; n < s->sram_size; n += 4) {
        stl_le_p(bytes + n, s->sram_poison);
    }
    memory_region_set_dirty(&s->sram, 0, s->sram_size);
}

static void make_sram(Stm32f100SocState *s)
{
    memory_region_init_ram(&s->sram, OBJECT(s), "stm32f100.sram",
                           s->sram_size, &error_fatal);
    stm32f100_soc_poison_sram(s);
    memory_region_add_subregion(get_system_memory(), STM32F100_SRAM_BASE,
                                &s->sram);
}

/* The boot loader is not included: it reads as erased. */
static void make_system_memory(Stm32f100SocState *s)
{
    uint8_t *bytes;

    memory_region_init_rom(&s->system_memory, OBJECT(s),
                           "stm32f100.system-memory", SYSTEM_MEMORY_SIZE,
                           &error_fatal);
    bytes = memory_region_get_ram_ptr(&s->system_memory);
    memset(bytes, 0xff, SYSTEM_MEMORY_SIZE);
    stw_le_p(bytes + FLASH_SIZE_OFFSET, s->flash_size / KiB);
    for (unsigned n = 0; n < STM32F100_UNIQUE_ID_WORDS; n++) {
        stl_le_p(bytes + UNIQUE_ID_OFFSET + 4 * n, s->unique_id[n]);
    }
    memory_region_add_subregion(get_system_memory(), SYSTEM_MEMORY_BASE,
                                &s->system_memory);
}

static void make_flash(Stm32f100SocState *s)
{
    SysBusDevice *flash = SYS_BUS_DEVICE(&s->flash);

    qdev_prop_set_uint32(DEVICE(flash), "size", s->flash_size);
    sysbus_realize(flash, &error_fatal);
    sysbus_mmio_map(flash, 0, 0x40022000);
    sysbus_mmio_map(flash, 1, STM32F100_FLASH_BASE);
    sysbus_mmio_map(flash, 2, OPTION_BYTES_BASE);
    memory_region_init_alias(&s->flash_alias, OBJECT(s), "stm32f100.boot",
                             sysbus_mmio_get_region(flash, 1), 0,
                             s->flash_size);
    memory_region_add_subregion(get_system_memory(), 0, &s->flash_alias);
}

/* ---- core ---- */

static void make_dwt(Stm32f100SocState *s)
{
    SysBusDevice *dwt = SYS_BUS_DEVICE(&s->dwt);

    qdev_connect_clock_in(DEVICE(dwt), "clk",
                          qdev_get_clock_out(DEVICE(&s->rcc), "hclk"));
    sysbus_realize(dwt, &error_fatal);
    memory_region_add_subregion(&s->armv7m.container, ARMV7M_DWT_BASE,
                                sysbus_mmio_get_region(dwt, 0));
    memory_region_add_subregion_overlap(&s->armv7m.container,
                                        ARMV7M_DEMCR_BASE,
                                        sysbus_mmio_get_region(dwt, 1), 1);
}

static void make_core(Stm32f100SocState *s)
{
    DeviceState *core = DEVICE(&s->armv7m);

    qdev_prop_set_string(core, "cpu-type", ARM_CPU_TYPE_NAME("cortex-m3"));
    qdev_prop_set_uint32(core, "num-irq", NUM_IRQS);
    qdev_prop_set_uint8(core, "num-prio-bits", NUM_PRIORITY_BITS);
    qdev_prop_set_bit(core, "enable-bitband", true);
    qdev_prop_set_bit(core, "start-powered-off", !s->starts);
    qdev_prop_set_uint32(core, "mpu-ns-regions", s->mpu_regions);
    qdev_prop_set_uint32(core, "init-nsvtor", s->vector_table);
    qdev_connect_clock_in(core, "cpuclk",
                          qdev_get_clock_out(DEVICE(&s->rcc), "hclk"));
    qdev_connect_clock_in(core, "refclk",
                          qdev_get_clock_out(DEVICE(&s->rcc), "systick"));
    object_property_set_link(OBJECT(core), "memory",
                             OBJECT(get_system_memory()), &error_abort);
    sysbus_realize(SYS_BUS_DEVICE(core), &error_fatal);
    s->armv7m.cpu->midr = MIDR_CORTEX_M3_R1P1;
    stm32f100_rcc_set_core(&s->rcc, CPU(s->armv7m.cpu));
    make_dwt(s);
    qdev_connect_gpio_out_named(core, "SYSRESETREQ", 0,
                                qdev_get_gpio_in_named(DEVICE(&s->rcc),
                                                       "sysresetreq", 0));
    /* registers the core's reset; the image is already in flash */
    armv7m_load_kernel(s->armv7m.cpu, NULL, 0, 0);
}

/* ---- peripherals ---- */

static qemu_irq nvic_line(Stm32f100SocState *s, int irq)
{
    return qdev_get_gpio_in(DEVICE(&s->armv7m), irq);
}

/* Realize and map; @clock: its name at the RCC, NULL if that has none. */
static void place(Stm32f100SocState *s, void *device, const char *clock,
                  hwaddr base)
{
    if (clock) {
        stm32f100_rcc_add(&s->rcc, clock, DEVICE(device));
    }
    sysbus_realize(SYS_BUS_DEVICE(device), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(device), 0, base);
}

static void link_to(void *device, const char *property, void *target)
{
    object_property_set_link(OBJECT(device), property, OBJECT(target),
                             &error_abort);
}

static void make_pins(Stm32f100SocState *s)
{
    for (unsigned port = 0; port < STM32F100_PORTS; port++) {
        g_autofree char *name = g_strdup_printf("gpio%c", 'a' + port);
        const char letter[] = { 'A' + port, '\0' };

        qdev_prop_set_string(DEVICE(&s->gpio[port]), "port", letter);
        qdev_prop_set_uint16(DEVICE(&s->gpio[port]), "pins",
                             s->package_pins[port]);
        place(s, &s->gpio[port], name, 0x40010800 + 0x400 * port);
        link_to(&s->afio, name, &s->gpio[port]);
    }
    place(s, &s->afio, "afio", 0x40010000);
    qdev_connect_clock_in(DEVICE(&s->exti), "clk",
                          qdev_get_clock_out(DEVICE(&s->rcc), "exti"));
    place(s, &s->exti, NULL, 0x40010400);
    for (unsigned n = 0; n < 16 * STM32F100_PORTS; n++) {
        qdev_connect_gpio_out_named(DEVICE(&s->gpio[n / 16]), "pin", n % 16,
                                    qdev_get_gpio_in_named(DEVICE(&s->afio),
                                                           "pin", n));
    }
    for (unsigned line = 0; line < STM32F100_EXTI_PINS; line++) {
        qdev_connect_gpio_out_named(DEVICE(&s->afio), "exti", line,
                                    qdev_get_gpio_in(DEVICE(&s->exti), line));
    }
    for (unsigned n = 0; n < STM32F100_EXTI_IRQS; n++) {
        sysbus_connect_irq(SYS_BUS_DEVICE(&s->exti), n,
                           nvic_line(s, exti_irq[n]));
    }
}

static void make_dma(Stm32f100SocState *s)
{
    place(s, &s->dma, "dma1", 0x40020000);
    for (unsigned n = 0; n < STM32F100_DMA_CHANNELS; n++) {
        sysbus_connect_irq(SYS_BUS_DEVICE(&s->dma), n,
                           nvic_line(s, DMA1_CHANNEL1_IRQ + n));
    }
    qdev_connect_gpio_out_named(DEVICE(&s->afio), "tim1-dma-remap", 0,
                                qdev_get_gpio_in_named(DEVICE(&s->dma),
                                                       "tim1-remap", 0));
}

/* Output @n of the outputs @name of @device asks DMA1 for @request. */
static void connect_request(Stm32f100SocState *s, void *device,
                            const char *name, int n,
                            Stm32f100DmaRequest request)
{
    qdev_connect_gpio_out_named(DEVICE(device), name, n,
                                qdev_get_gpio_in_named(DEVICE(&s->dma),
                                                       "request", request));
}

/* TIM6 is input 0 of the interrupt that it shares with the DAC, input 1. */
static void make_shared_irq(Stm32f100SocState *s)
{
    qdev_prop_set_uint16(DEVICE(&s->tim6_dac_irq), "num-lines", 2);
    qdev_realize(DEVICE(&s->tim6_dac_irq), NULL, &error_fatal);
    qdev_connect_gpio_out(DEVICE(&s->tim6_dac_irq), 0,
                          nvic_line(s, TIM6_DAC_IRQ));
}

static void make_usarts(Stm32f100SocState *s)
{
    for (unsigned n = 0; n < STM32F100_USARTS; n++) {
        DeviceState *dev = DEVICE(&s->usart[n]);

        qdev_prop_set_uint8(dev, "usart", n + 1);
        link_to(dev, "afio", &s->afio);
        place(s, dev, usart_info[n].name, usart_info[n].base);
        sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0,
                           nvic_line(s, usart_info[n].irq));
        connect_request(s, dev, "dma-tx", 0, usart_request[n][0]);
        connect_request(s, dev, "dma-rx", 0, usart_request[n][1]);
    }
}

typedef struct TimerOutput {
    uint8_t timer;
    const char *name; /* "cc" or "trgo" */
    uint8_t line;
} TimerOutput;

/* Timers among the triggers of the ADC, in the order of EXTSEL and JEXTSEL. */
static const TimerOutput adc_trigger[] = {
    { 1, "cc", 0 }, { 1, "cc", 1 }, { 1, "cc", 2 }, { 2, "cc", 1 },
    { 3, "trgo", STM32F100_TRGO_ADC }, { 4, "cc", 3 },
};

static const TimerOutput adc_jtrigger[] = {
    { 1, "trgo", STM32F100_TRGO_ADC_INJECTED }, { 1, "cc", 3 },
    { 2, "trgo", STM32F100_TRGO_ADC_INJECTED }, { 2, "cc", 0 },
    { 3, "cc", 3 }, { 4, "trgo", STM32F100_TRGO_ADC_INJECTED },
};

/* Compare events are worked out only while the ADC waits for them. */
static void connect_adc_trigger(Stm32f100SocState *s, const char *input,
                                const char *wanted, unsigned n,
                                const TimerOutput *output)
{
    DeviceState *adc = DEVICE(&s->adc);
    DeviceState *tim = DEVICE(stm32f100_soc_timer(s, output->timer));

    qdev_connect_gpio_out_named(tim, output->name, output->line,
                                qdev_get_gpio_in_named(adc, input, n));
    if (!strcmp(output->name, "cc")) {
        qdev_connect_gpio_out_named(adc, wanted, n,
                                    qdev_get_gpio_in_named(tim, "cc-wanted",
                                                           output->line));
    }
}

/* Triggers of the ADC (10.7): EXTI lines are the last ones. */
static void connect_adc_triggers(Stm32f100SocState *s)
{
    DeviceState *adc = DEVICE(&s->adc);

    for (unsigned n = 0; n < ARRAY_SIZE(adc_trigger); n++) {
        connect_adc_trigger(s, "trigger", "trigger-wanted", n, &adc_trigger[n]);
    }
    for (unsigned n = 0; n < ARRAY_SIZE(adc_jtrigger); n++) {
        connect_adc_trigger(s, "jtrigger", "jtrigger-wanted", n,
                            &adc_jtrigger[n]);
    }
    qdev_connect_gpio_out_named(DEVICE(&s->exti), "event", 11,
                                qdev_get_gpio_in_named(adc, "trigger", 6));
    qdev_connect_gpio_out_named(DEVICE(&s->exti), "event", 15,
                                qdev_get_gpio_in_named(adc, "jtrigger", 6));
}

/* Triggers of the DAC (11.3.6), in the order of TSELx. */
static void connect_dac_triggers(Stm32f100SocState *s)
{
    static const uint8_t timer[] = { 6, 3, 7, 15, 2, 4 };
    DeviceState *dac = DEVICE(&s->dac);

    for (unsigned n = 0; n < ARRAY_SIZE(timer); n++) {
        DeviceState *tim = DEVICE(stm32f100_soc_timer(s, timer[n]));

        qdev_connect_gpio_out_named(tim, "trgo", STM32F100_TRGO_DAC,
                                    qdev_get_gpio_in_named(dac, "trigger", n));
    }
    qdev_connect_gpio_out_named(DEVICE(&s->exti), "event", 9,
                                qdev_get_gpio_in_named(dac, "trigger", 6));
}

/* "PA4-uv" and so on: what the board puts on a pin, for those the ADC has. */
static void name_analog_pins(Stm32f100SocState *s)
{
    for (unsigned n = 0; n < STM32F100_ADC_PINS; n++) {
        unsigned port = n < 8 ? 0 : n < 10 ? 1 : 2;
        unsigned pin = n - (n < 8 ? 0 : n < 10 ? 8 : 10);
        g_autofree char *name = g_strdup_printf("P%c%u-uv", 'A' + port, pin);
        g_autofree char *input = g_strdup_printf("in%u-uv", n);

        if (extract32(s->package_pins[port], pin, 1)) {
            object_property_add_alias(OBJECT(s), name, OBJECT(&s->adc), input);
        }
    }
}

static void make_adc(Stm32f100SocState *s)
{
    link_to(&s->adc, "gpioa", &s->gpio[0]);
    link_to(&s->adc, "gpiob", &s->gpio[1]);
    link_to(&s->adc, "gpioc", &s->gpio[2]);
    qdev_connect_clock_in(DEVICE(&s->adc), "pclk2",
                          qdev_get_clock_out(DEVICE(&s->rcc), "pclk2"));
    place(s, &s->adc, "adc1", 0x40012400);
    sysbus_connect_irq(SYS_BUS_DEVICE(&s->adc), 0, nvic_line(s, ADC1_IRQ));
    connect_request(s, &s->adc, "dma", 0, STM32F100_DMA_ADC1);
    connect_adc_triggers(s);
    name_analog_pins(s);
}

static void make_dac(Stm32f100SocState *s)
{
    DeviceState *dac = DEVICE(&s->dac), *adc = DEVICE(&s->adc);

    place(s, dac, "dac", 0x40007400);
    sysbus_connect_irq(SYS_BUS_DEVICE(dac), 0,
                       qdev_get_gpio_in(DEVICE(&s->tim6_dac_irq), 1));
    connect_request(s, dac, "dma", 0, STM32F100_DMA_DAC_CHANNEL1);
    connect_request(s, dac, "dma", 1, STM32F100_DMA_DAC_CHANNEL2);
    qdev_connect_gpio_out_named(DEVICE(&s->dma), "acknowledge",
                                STM32F100_DMA_DAC_CHANNEL1,
                                qdev_get_gpio_in_named(dac, "acknowledge", 0));
    qdev_connect_gpio_out_named(DEVICE(&s->dma), "acknowledge",
                                STM32F100_DMA_DAC_CHANNEL2,
                                qdev_get_gpio_in_named(dac, "acknowledge", 1));
    qdev_connect_gpio_out_named(adc, "vdda", 0,
                                qdev_get_gpio_in_named(dac, "vdda", 0));
    for (unsigned n = 0; n < STM32F100_DAC_CHANNELS; n++) {
        qdev_connect_gpio_out_named(dac, "out", n,
                                    qdev_get_gpio_in_named(adc, "dac", n));
    }
    connect_dac_triggers(s);
}

/* What leaves the part behind must still be a Cortex-M3. */
static bool check_options(const Stm32f100SocState *s, Error **errp)
{
    if (!s->sram_size || s->sram_size % KiB || s->sram_size > SRAM_SIZE_MAX) {
        error_setg(errp, "stm32f100: sram-size=%" PRIu32 " is not a number of"
                   " KiB up to 0x%x", s->sram_size, SRAM_SIZE_MAX);
        return false;
    }
    if (s->mpu_regions && s->mpu_regions != MPU_REGIONS) {
        error_setg(errp, "stm32f100: mpu-regions=%" PRIu32 " is neither 0 nor"
                   " %d", s->mpu_regions, MPU_REGIONS);
        return false;
    }
    return true;
}

static void soc_realize(DeviceState *dev, Error **errp)
{
    Stm32f100SocState *s = STM32F100_MEWS_SOC(dev);

    if (!check_options(s, errp)) {
        return;
    }
    make_sram(s);
    make_system_memory(s);
    make_flash(s);
    qdev_prop_set_uint32(DEVICE(&s->rcc), "hse-hz", s->hse_hz);
    qdev_prop_set_uint32(DEVICE(&s->rcc), "hse-start-us", s->hse_start_us);
    qdev_prop_set_uint32(DEVICE(&s->rcc), "pll-max-hz", s->pll_max_hz);
    qdev_prop_set_uint32(DEVICE(&s->rcc), "lse-hz", s->lse_hz);
    place(s, &s->rcc, NULL, 0x40021000);
    make_core(s);
    sysbus_connect_irq(SYS_BUS_DEVICE(&s->flash), 0, nvic_line(s, FLASH_IRQ));
    sysbus_connect_irq(SYS_BUS_DEVICE(&s->rcc), 0, nvic_line(s, RCC_IRQ));
    make_pins(s);
    stm32f100_soc_make_power(s);
    place(s, &s->crc, "crc", 0x40023000);
    make_shared_irq(s);
    make_dma(s);
    make_usarts(s);
    if (!stm32f100_soc_make_serial(s, errp)) {
        return;
    }
    stm32f100_soc_make_timers(s);
    stm32f100_soc_connect_timers(s);
    make_adc(s);
    make_dac(s);
}

static void soc_init(Object *obj)
{
    Stm32f100SocState *s = STM32F100_MEWS_SOC(obj);

    object_initialize_child(obj, "armv7m", &s->armv7m, TYPE_ARMV7M);
    object_initialize_child(obj, "dwt", &s->dwt, TYPE_ARMV7M_DWT);
    object_initialize_child(obj, "rcc", &s->rcc, TYPE_STM32F100_RCC);
    object_initialize_child(obj, "flash", &s->flash, TYPE_STM32F100_FLASH);
    object_initialize_child(obj, "afio", &s->afio, TYPE_STM32F100_AFIO);
    object_initialize_child(obj, "exti", &s->exti, TYPE_STM32F100_EXTI);
    stm32f100_soc_init_power(s);
    object_initialize_child(obj, "crc", &s->crc, TYPE_STM32F100_CRC);
    object_initialize_child(obj, "dma1", &s->dma, TYPE_STM32F100_DMA);
    object_initialize_child(obj, "adc1", &s->adc, TYPE_STM32F100_ADC);
    object_initialize_child(obj, "dac", &s->dac, TYPE_STM32F100_DAC);
    object_initialize_child(obj, "tim6-dac-irq", &s->tim6_dac_irq,
                            TYPE_OR_IRQ);
    for (unsigned n = 0; n < STM32F100_PORTS; n++) {
        g_autofree char *name = g_strdup_printf("gpio%c", 'a' + n);

        object_initialize_child(obj, name, &s->gpio[n], TYPE_STM32F100_GPIO);
    }
    for (unsigned n = 0; n < STM32F100_USARTS; n++) {
        object_initialize_child(obj, usart_info[n].name, &s->usart[n],
                                TYPE_STM32F100_USART);
    }
    stm32f100_soc_init_serial(s);
    stm32f100_soc_init_timers(s);
}

#define PACKAGE_PINS(name_, port_)                                             \
    DEFINE_PROP_UINT16(name_, Stm32f100SocState, package_pins[port_], 0xffff)

static const Property soc_properties[] = {
    DEFINE_PROP_UINT32("flash-size", Stm32f100SocState, flash_size, 128 * KiB),
    DEFINE_PROP_UINT32("sram-size", Stm32f100SocState, sram_size, 8 * KiB),
    DEFINE_PROP_UINT32("sram-poison", Stm32f100SocState, sram_poison,
                       0xdeadbeef),
    DEFINE_PROP_UINT32("mpu-regions", Stm32f100SocState, mpu_regions, 0),
    DEFINE_PROP_UINT32("vector-table", Stm32f100SocState, vector_table, 0),
    DEFINE_PROP_UINT32("hse-hz", Stm32f100SocState, hse_hz, 24000000),
    DEFINE_PROP_UINT32("hse-start-us", Stm32f100SocState, hse_start_us, 1200),
    DEFINE_PROP_UINT32("pll-max-hz", Stm32f100SocState, pll_max_hz, 24000000),
    DEFINE_PROP_UINT32("lse-hz", Stm32f100SocState, lse_hz, 32768),
    DEFINE_PROP_UINT32("vbat", Stm32f100SocState, vbat, 0),
    DEFINE_PROP_UINT32("unique-id-0", Stm32f100SocState, unique_id[0],
                       0x0031003a),
    DEFINE_PROP_UINT32("unique-id-1", Stm32f100SocState, unique_id[1],
                       0x3033470d),
    DEFINE_PROP_UINT32("unique-id-2", Stm32f100SocState, unique_id[2],
                       0x30343232),
    DEFINE_PROP_STRING("spi1-cs", Stm32f100SocState, chip_selects[0]),
    DEFINE_PROP_STRING("spi2-cs", Stm32f100SocState, chip_selects[1]),
    DEFINE_PROP_BOOL("starts", Stm32f100SocState, starts, false),
    PACKAGE_PINS("pins-a", 0), PACKAGE_PINS("pins-b", 1),
    PACKAGE_PINS("pins-c", 2), PACKAGE_PINS("pins-d", 3),
    PACKAGE_PINS("pins-e", 4),
};

static void soc_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = soc_realize;
    device_class_set_props(dc, soc_properties);
    /* made by its machines only */
    dc->user_creatable = false;
}

static const TypeInfo soc_types[] = {
    {
        .name = TYPE_STM32F100_MEWS_SOC,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100SocState),
        .instance_init = soc_init,
        .class_init = soc_class_init,
    },
};
DEFINE_TYPES(soc_types)
