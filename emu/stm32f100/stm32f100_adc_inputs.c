/*
 * What the STM32F100's ADC can measure: the voltages of its pins, the
 * temperature sensor and the internal reference (RM0041 10.3.3, 10.9; values
 * from the STM32F100x4/6/8/B datasheet, 5.3.4, 5.3.19).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "hw/irq.h"
#include "hw/qdev-core.h"
#include "stm32f100_adc.h"

#define CODES 4096 /* 12 bits */

/* Typical values of the datasheet. */
#define VREFINT_UV 1200000
#define SENSOR_UV_AT_25C 1410000
#define SENSOR_UV_PER_10_C 43000 /* falling */

#define VDDA_MIN_UV 2000000
#define VDDA_MAX_UV 3600000
#define PIN_MAX_UV 5500000 /* what a pin survives */

#define FIRST_DAC_CHANNEL 4

typedef struct InputProperty {
    const char *name;
    size_t offset; /* of its int32_t in Stm32f100AdcInputs */
    int32_t min;
    int32_t max;
} InputProperty;

#define PIN_PROPERTY(n)                                                        \
    { "in" #n "-uv", offsetof(Stm32f100AdcInputs, board_uv[n]), -1, PIN_MAX_UV }

static const InputProperty input_properties[] = {
    { "vdda-uv", offsetof(Stm32f100AdcInputs, vdda_uv), VDDA_MIN_UV,
      VDDA_MAX_UV },
    { "temperature-mc", offsetof(Stm32f100AdcInputs, temperature_mc), -55000,
      150000 },
    PIN_PROPERTY(0),  PIN_PROPERTY(1),  PIN_PROPERTY(2),  PIN_PROPERTY(3),
    PIN_PROPERTY(4),  PIN_PROPERTY(5),  PIN_PROPERTY(6),  PIN_PROPERTY(7),
    PIN_PROPERTY(8),  PIN_PROPERTY(9),  PIN_PROPERTY(10), PIN_PROPERTY(11),
    PIN_PROPERTY(12), PIN_PROPERTY(13), PIN_PROPERTY(14), PIN_PROPERTY(15),
};

/* Channels 0 to 7 are PA0 to PA7, 8 and 9 PB0 and PB1, 10 to 15 PC0 to PC5. */
static Stm32f100GpioState *port_of(const Stm32f100AdcInputs *inputs,
                                   unsigned channel, unsigned *pin)
{
    unsigned port = channel < 8 ? 0 : channel < 10 ? 1 : 2;
    static const unsigned first[STM32F100_ADC_PORTS] = { 0, 8, 10 };

    *pin = channel - first[port];
    return inputs->gpio[port];
}

static int32_t dac_uv(const Stm32f100AdcInputs *inputs, unsigned channel)
{
    unsigned n = channel - FIRST_DAC_CHANNEL;

    return n < STM32F100_ADC_DAC_PINS ? inputs->dac_uv[n] : -1;
}

/*
 * The ADC's switch connects to the pin whatever its GPIO mode.  The DAC and a
 * digital output overrule the board; where nobody drives, a pull does.
 */
bool stm32f100_adc_input_is_digital(const Stm32f100AdcInputs *inputs,
                                    unsigned channel)
{
    const Stm32f100GpioState *gpio;
    unsigned pin;

    if (channel >= STM32F100_ADC_PINS || dac_uv(inputs, channel) >= 0) {
        return false;
    }
    gpio = port_of(inputs, channel, &pin);
    return stm32f100_gpio_exists(gpio, pin) &&
           (stm32f100_gpio_drives(gpio, pin) || inputs->board_uv[channel] < 0);
}

void stm32f100_adc_input_sync(Stm32f100AdcInputs *inputs, unsigned channel)
{
    unsigned pin;

    if (stm32f100_adc_input_is_digital(inputs, channel)) {
        stm32f100_gpio_sync(port_of(inputs, channel, &pin));
    }
}

static int32_t pin_uv(const Stm32f100AdcInputs *inputs, unsigned channel)
{
    unsigned pin;
    const Stm32f100GpioState *gpio = port_of(inputs, channel, &pin);

    if (!stm32f100_gpio_exists(gpio, pin)) {
        return 0;
    }
    if (dac_uv(inputs, channel) >= 0) {
        return dac_uv(inputs, channel);
    }
    if (stm32f100_adc_input_is_digital(inputs, channel)) {
        return stm32f100_gpio_level(gpio, pin) ? inputs->vdda_uv : 0;
    }
    return inputs->board_uv[channel];
}

static int32_t channel_uv(const Stm32f100AdcInputs *inputs, unsigned channel)
{
    switch (channel) {
    case 0 ... STM32F100_ADC_PINS - 1:
        return pin_uv(inputs, channel);
    case STM32F100_ADC_TEMPERATURE:
        return SENSOR_UV_AT_25C - (int64_t)(inputs->temperature_mc - 25000) *
                                      SENSOR_UV_PER_10_C / 10000;
    case STM32F100_ADC_VREFINT:
        return VREFINT_UV;
    default:
        return 0;
    }
}

uint32_t stm32f100_adc_input_code(const Stm32f100AdcInputs *inputs,
                                  unsigned channel)
{
    int64_t uv = channel_uv(inputs, channel);

    return MIN(uv * CODES / inputs->vdda_uv, CODES - 1);
}

/* ---- from outside ---- */

static int32_t *value_of(Object *obj, const InputProperty *property)
{
    return (int32_t *)((char *)&STM32F100_ADC(obj)->inputs + property->offset);
}

static void get_input(Object *obj, Visitor *v, const char *name, void *opaque,
                      Error **errp)
{
    visit_type_int32(v, name, value_of(obj, opaque), errp);
}

static void set_input(Object *obj, Visitor *v, const char *name, void *opaque,
                      Error **errp)
{
    Stm32f100AdcState *s = STM32F100_ADC(obj);
    const InputProperty *property = opaque;
    int32_t value;

    if (!visit_type_int32(v, name, &value, errp)) {
        return;
    }
    if (value < property->min || value > property->max) {
        error_setg(errp, "stm32f100-adc: %s=%" PRId32 " is not in %" PRId32
                   "..%" PRId32, name, value, property->min, property->max);
        return;
    }
    stm32f100_adc_sync(s);
    *value_of(obj, property) = value;
    qemu_set_irq(s->inputs.vdda, s->inputs.vdda_uv);
}

static void set_dac(void *opaque, int n, int uv)
{
    Stm32f100AdcState *s = opaque;

    stm32f100_adc_sync(s);
    s->inputs.dac_uv[n] = uv;
}

void stm32f100_adc_inputs_reset_exit(Stm32f100AdcInputs *inputs)
{
    qemu_set_irq(inputs->vdda, inputs->vdda_uv);
}

void stm32f100_adc_inputs_init(Object *adc)
{
    Stm32f100AdcInputs *inputs = &STM32F100_ADC(adc)->inputs;

    inputs->vdda_uv = 3300000;
    inputs->temperature_mc = 25000;
    for (unsigned n = 0; n < STM32F100_ADC_PINS; n++) {
        inputs->board_uv[n] = -1;
    }
    for (unsigned n = 0; n < STM32F100_ADC_DAC_PINS; n++) {
        inputs->dac_uv[n] = -1;
    }
    qdev_init_gpio_in_named_with_opaque(DEVICE(adc), set_dac, adc, "dac",
                                        STM32F100_ADC_DAC_PINS);
    qdev_init_gpio_out_named(DEVICE(adc), &inputs->vdda, "vdda", 1);
}

void stm32f100_adc_inputs_class_init(ObjectClass *oc)
{
    for (unsigned n = 0; n < ARRAY_SIZE(input_properties); n++) {
        object_class_property_add(oc, input_properties[n].name, "int32",
                                  get_input, set_input, NULL,
                                  (void *)&input_properties[n]);
    }
}

const VMStateDescription vmstate_stm32f100_adc_inputs = {
    .name = TYPE_STM32F100_ADC "/inputs",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_INT32(vdda_uv, Stm32f100AdcInputs),
        VMSTATE_INT32(temperature_mc, Stm32f100AdcInputs),
        VMSTATE_INT32_ARRAY(board_uv, Stm32f100AdcInputs, STM32F100_ADC_PINS),
        VMSTATE_INT32_ARRAY(dac_uv, Stm32f100AdcInputs, STM32F100_ADC_DAC_PINS),
        VMSTATE_END_OF_LIST()
    }
};
