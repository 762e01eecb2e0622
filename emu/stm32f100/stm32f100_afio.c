/*
 * Alternate-function I/O of the STM32F100 (RM0041 7.3, 7.4).
 *
 * Puts the signals of peripherals on the pins that GPIO modes and remapping
 * give them, frees the pins of the debug port, and chooses the port behind
 * each EXTI line.
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
#include "stm32f100_afio.h"
#include "stm32f100_bus.h"

REG32(EVCR, 0x00)
    FIELD(EVCR, PIN, 0, 4)
    FIELD(EVCR, PORT, 4, 3)
    FIELD(EVCR, EVOE, 7, 1)
REG32(MAPR, 0x04)
    FIELD(MAPR, SPI1_REMAP, 0, 1)
    FIELD(MAPR, I2C1_REMAP, 1, 1)
    FIELD(MAPR, USART1_REMAP, 2, 1)
    FIELD(MAPR, USART2_REMAP, 3, 1)
    FIELD(MAPR, USART3_REMAP, 4, 2)
    FIELD(MAPR, TIM1_REMAP, 6, 2)
    FIELD(MAPR, TIM2_REMAP, 8, 2)
    FIELD(MAPR, TIM3_REMAP, 10, 2)
    FIELD(MAPR, TIM4_REMAP, 12, 1)
    FIELD(MAPR, PD01_REMAP, 15, 1)
    FIELD(MAPR, TIM5CH4_IREMAP, 16, 1)
    FIELD(MAPR, SWJ_CFG, 24, 3)
REG32(EXTICR1, 0x08)
REG32(EXTICR4, 0x14)
REG32(MAPR2, 0x1c)
    FIELD(MAPR2, TIM15_REMAP, 0, 1)
    FIELD(MAPR2, TIM16_REMAP, 1, 1)
    FIELD(MAPR2, TIM17_REMAP, 2, 1)
    FIELD(MAPR2, CEC_REMAP, 3, 1)
    FIELD(MAPR2, TIM1_DMA_REMAP, 4, 1)

#define EVCR_RW_MASK 0xff
#define MAPR_RW_MASK 0x00009fff
#define EXTICR_RW_MASK 0xffff
/* TIM15, TIM16, TIM17, CEC, TIM1_DMA, TIM67_DAC_DMA */
#define MAPR2_RW_MASK 0x0000081f
/* Remapping of what this model lacks: PD01 */
#define MAPR_UNIMP_MASK R_MAPR_PD01_REMAP_MASK

#define PA(pin) (pin)
#define PB(pin) (16 + (pin))
#define PC(pin) (32 + (pin))
#define PD(pin) (48 + (pin))
#define PE(pin) (64 + (pin))
#define NO_PIN STM32F100_AF_NO_PIN
#define MAPR2_AT 32 /* in signal_info: bits of MAPR2 follow those of MAPR */
#define FIXED 31, 1 /* a reserved bit: signals that are not remapped */

/*
 * Tables 26 to 36: the pin for each value of the remapping field.  Where a
 * value is not used the signal has no pin.
 */
static const struct {
    uint8_t shift, length; /* of the field in MAPR, or from MAPR2_AT on */
    int8_t pin[4];
    bool input;
    bool both; /* the peripheral's mode tells whether it is input or output */
} signal_info[STM32_AF_SIGNALS] = {
    [STM32_AF_USART1_TX] = { 2, 1, { PA(9), PB(6) } },
    [STM32_AF_USART2_TX] = { 3, 1, { PA(2), PD(5) } },
    [STM32_AF_USART3_TX] = { 4, 2, { PB(10), PC(10), NO_PIN, PD(8) } },
    [STM32_AF_USART1_RX] = { 2, 1, { PA(10), PB(7) }, true },
    [STM32_AF_USART2_RX] = { 3, 1, { PA(3), PD(6) }, true },
    [STM32_AF_USART3_RX] = { 4, 2, { PB(11), PC(11), NO_PIN, PD(9) }, true },
    [STM32_AF_USART1_CTS] = { 2, 1, { PA(11), PA(11) }, true },
    [STM32_AF_USART2_CTS] = { 3, 1, { PA(0), PD(3) }, true },
    [STM32_AF_USART3_CTS] = { 4, 2, { PB(13), PB(13), NO_PIN, PD(11) }, true },
    [STM32_AF_USART1_RTS] = { 2, 1, { PA(12), PA(12) } },
    [STM32_AF_USART2_RTS] = { 3, 1, { PA(1), PD(4) } },
    [STM32_AF_USART3_RTS] = { 4, 2, { PB(14), PB(14), NO_PIN, PD(12) } },
    [STM32_AF_USART1_CK] = { 2, 1, { PA(8), PA(8) } },
    [STM32_AF_USART2_CK] = { 3, 1, { PA(4), PD(7) } },
    [STM32_AF_USART3_CK] = { 4, 2, { PB(12), PC(12), NO_PIN, PD(10) } },
    [STM32_AF_TIM1_CH1] =
        { 6, 2, { PA(8), PA(8), NO_PIN, PE(9) }, .both = true },
    [STM32_AF_TIM1_CH2] =
        { 6, 2, { PA(9), PA(9), NO_PIN, PE(11) }, .both = true },
    [STM32_AF_TIM1_CH3] =
        { 6, 2, { PA(10), PA(10), NO_PIN, PE(13) }, .both = true },
    [STM32_AF_TIM1_CH4] =
        { 6, 2, { PA(11), PA(11), NO_PIN, PE(14) }, .both = true },
    [STM32_AF_TIM2_CH1] =
        { 8, 2, { PA(0), PA(15), PA(0), PA(15) }, .both = true },
    [STM32_AF_TIM2_CH2] =
        { 8, 2, { PA(1), PB(3), PA(1), PB(3) }, .both = true },
    [STM32_AF_TIM2_CH3] =
        { 8, 2, { PA(2), PA(2), PB(10), PB(10) }, .both = true },
    [STM32_AF_TIM2_CH4] =
        { 8, 2, { PA(3), PA(3), PB(11), PB(11) }, .both = true },
    [STM32_AF_TIM3_CH1] =
        { 10, 2, { PA(6), NO_PIN, PB(4), PC(6) }, .both = true },
    [STM32_AF_TIM3_CH2] =
        { 10, 2, { PA(7), NO_PIN, PB(5), PC(7) }, .both = true },
    [STM32_AF_TIM3_CH3] =
        { 10, 2, { PB(0), NO_PIN, PB(0), PC(8) }, .both = true },
    [STM32_AF_TIM3_CH4] =
        { 10, 2, { PB(1), NO_PIN, PB(1), PC(9) }, .both = true },
    [STM32_AF_TIM4_CH1] = { 12, 1, { PB(6), PD(12) }, .both = true },
    [STM32_AF_TIM4_CH2] = { 12, 1, { PB(7), PD(13) }, .both = true },
    [STM32_AF_TIM4_CH3] = { 12, 1, { PB(8), PD(14) }, .both = true },
    [STM32_AF_TIM4_CH4] = { 12, 1, { PB(9), PD(15) }, .both = true },
    [STM32_AF_TIM1_CH1N] = { 6, 2, { PB(13), PA(7), NO_PIN, PE(8) } },
    [STM32_AF_TIM1_CH2N] = { 6, 2, { PB(14), PB(0), NO_PIN, PE(10) } },
    [STM32_AF_TIM1_CH3N] = { 6, 2, { PB(15), PB(1), NO_PIN, PE(12) } },
    [STM32_AF_TIM15_CH1] = { MAPR2_AT + 0, 1, { PA(2), PB(14) }, .both = true },
    [STM32_AF_TIM15_CH2] = { MAPR2_AT + 0, 1, { PA(3), PB(15) }, .both = true },
    [STM32_AF_TIM15_CH1N] = { FIXED, { PB(15) } },
    [STM32_AF_TIM16_CH1] = { MAPR2_AT + 1, 1, { PB(8), PA(6) }, .both = true },
    [STM32_AF_TIM16_CH1N] = { FIXED, { PB(6) } },
    [STM32_AF_TIM17_CH1] = { MAPR2_AT + 2, 1, { PB(9), PA(7) }, .both = true },
    [STM32_AF_TIM17_CH1N] = { FIXED, { PB(7) } },
    [STM32_AF_TIM1_ETR] = { 6, 2, { PA(12), PA(12), NO_PIN, PE(7) }, true },
    [STM32_AF_TIM2_ETR] = { 8, 2, { PA(0), PA(15), PA(0), PA(15) }, true },
    [STM32_AF_TIM3_ETR] = { FIXED, { PD(2) }, true },
    [STM32_AF_TIM4_ETR] = { FIXED, { PE(0) }, true },
    [STM32_AF_TIM1_BKIN] = { 6, 2, { PB(12), PA(6), NO_PIN, PE(15) }, true },
    [STM32_AF_TIM15_BKIN] = { FIXED, { PA(9) }, true },
    [STM32_AF_TIM16_BKIN] = { FIXED, { PB(5) }, true },
    [STM32_AF_TIM17_BKIN] = { FIXED, { PA(10) }, true },
    [STM32_AF_SPI1_NSS] = { 0, 1, { PA(4), PA(15) }, .both = true },
    [STM32_AF_SPI1_SCK] = { 0, 1, { PA(5), PB(3) }, .both = true },
    [STM32_AF_SPI1_MISO] = { 0, 1, { PA(6), PB(4) }, .both = true },
    [STM32_AF_SPI1_MOSI] = { 0, 1, { PA(7), PB(5) }, .both = true },
    [STM32_AF_SPI2_NSS] = { FIXED, { PB(12) }, .both = true },
    [STM32_AF_SPI2_SCK] = { FIXED, { PB(13) }, .both = true },
    [STM32_AF_SPI2_MISO] = { FIXED, { PB(14) }, .both = true },
    [STM32_AF_SPI2_MOSI] = { FIXED, { PB(15) }, .both = true },
    [STM32_AF_I2C1_SCL] = { 1, 1, { PB(6), PB(8) }, .both = true },
    [STM32_AF_I2C1_SDA] = { 1, 1, { PB(7), PB(9) }, .both = true },
    [STM32_AF_I2C1_SMBA] = { FIXED, { PB(5) }, .both = true },
    [STM32_AF_I2C2_SCL] = { FIXED, { PB(10) }, .both = true },
    [STM32_AF_I2C2_SDA] = { FIXED, { PB(11) }, .both = true },
    [STM32_AF_I2C2_SMBA] = { FIXED, { PB(12) }, .both = true },
};

/* ---- routing ---- */

static int signal_pin(const Stm32f100AfioState *s, unsigned signal)
{
    unsigned value = extract64((uint64_t)s->mapr2 << MAPR2_AT | s->mapr,
                               signal_info[signal].shift,
                               signal_info[signal].length);
    int pin = signal_info[signal].pin[value];
    const Stm32f100GpioState *gpio;

    if (pin == NO_PIN) {
        return NO_PIN;
    }
    gpio = s->gpio[pin / 16];
    if (stm32f100_gpio_is_af_output(gpio, pin % 16)) {
        return signal_info[signal].input ? NO_PIN : pin;
    }
    if (stm32f100_gpio_is_digital_input(gpio, pin % 16)) {
        return signal_info[signal].input || signal_info[signal].both ? pin
                                                                     : NO_PIN;
    }
    return NO_PIN;
}

/*
 * Two signals may share a pin (PA2: USART2_TX, TIM2_CH3).  If both are driven,
 * which the manual leaves open, the pin carries their OR.
 */
static void drive_pin(Stm32f100AfioState *s, int pin, int64_t time_ns)
{
    bool driven = false, level = false;

    for (unsigned n = 0; n < STM32_AF_SIGNALS; n++) {
        if (s->route[n] == pin && s->af_driven[n]) {
            driven = true;
            level |= s->af_level[n];
        }
    }
    if (driven) {
        stm32f100_gpio_set_af(s->gpio[pin / 16], pin % 16, time_ns, level);
    } else {
        stm32f100_gpio_release_af(s->gpio[pin / 16], pin % 16, time_ns);
    }
}

static void sync_signals(void *opaque, int64_t now_ns)
{
    Stm32f100AfioState *s = opaque;

    for (unsigned n = 0; n < STM32_AF_SIGNALS; n++) {
        const Stm32f100AfWatch *w = &s->watch[n];

        if (w->sync) {
            w->sync(w->opaque, now_ns);
        }
    }
}

/* ---- inputs ---- */

bool stm32_af_level(Stm32f100AfioState *s, Stm32AfSignal signal)
{
    int pin = s->route[signal];

    return pin != NO_PIN && extract32(s->pin_level[pin / 16], pin % 16, 1);
}

static void tell_level(Stm32f100AfioState *s, unsigned signal)
{
    const Stm32f100AfListener *l = &s->listener[signal];
    bool level = stm32_af_level(s, signal);

    if (l->level && s->heard[signal] != level) {
        s->heard[signal] = level;
        l->level(l->opaque, signal, level);
    }
}

static void update_listeners(Stm32f100AfioState *s)
{
    QEMU_BUILD_BUG_ON(STM32_AF_SIGNALS > 64);
    memset(s->listeners, 0, sizeof(s->listeners));
    for (unsigned n = 0; n < STM32_AF_SIGNALS; n++) {
        if (s->listener[n].level && s->route[n] != NO_PIN) {
            s->listeners[s->route[n]] |= 1ull << n;
        }
    }
    for (unsigned n = 0; n < STM32_AF_SIGNALS; n++) {
        tell_level(s, n);
    }
}

void stm32_af_listen(Stm32f100AfioState *s, Stm32AfSignal signal,
                     void (*level)(void *opaque, Stm32AfSignal signal,
                                   bool level),
                     void *opaque)
{
    assert(!s->listener[signal].level &&
           (signal_info[signal].input || signal_info[signal].both));
    s->listener[signal] = (Stm32f100AfListener){ level, opaque };
}

static void update_routes(void *opaque)
{
    Stm32f100AfioState *s = opaque;
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    int16_t old[STM32_AF_SIGNALS];

    memcpy(old, s->route, sizeof(old));
    for (unsigned n = 0; n < STM32_AF_SIGNALS; n++) {
        s->route[n] = signal_pin(s, n);
    }
    for (unsigned n = 0; n < STM32_AF_SIGNALS; n++) {
        if (old[n] == s->route[n]) {
            continue;
        }
        if (old[n] != NO_PIN) {
            drive_pin(s, old[n], now_ns);
        }
        if (s->route[n] != NO_PIN) {
            drive_pin(s, s->route[n], now_ns);
        }
    }
    for (unsigned n = 0; n < STM32_AF_SIGNALS; n++) {
        if (old[n] != s->route[n] && s->watch[n].changed) {
            s->watch[n].changed(s->watch[n].opaque, n);
        }
    }
    update_listeners(s);
}

static const Stm32f100GpioRouterOps router_ops = {
    .sync = sync_signals,
    .changed = update_routes,
};

void stm32_af_set(Stm32f100AfioState *s, Stm32AfSignal signal, int64_t time_ns,
                  bool level)
{
    if (s->af_driven[signal] && s->af_level[signal] == level) {
        return;
    }
    s->af_driven[signal] = true;
    s->af_level[signal] = level;
    if (s->route[signal] != NO_PIN) {
        drive_pin(s, s->route[signal], time_ns);
    }
}

void stm32_af_release(Stm32f100AfioState *s, Stm32AfSignal signal,
                      int64_t time_ns)
{
    if (s->af_driven[signal]) {
        s->af_driven[signal] = false;
        if (s->route[signal] != NO_PIN) {
            drive_pin(s, s->route[signal], time_ns);
        }
    }
}

bool stm32_af_routed(Stm32f100AfioState *s, Stm32AfSignal signal)
{
    return s->route[signal] != NO_PIN;
}

bool stm32_af_can_drive(Stm32f100AfioState *s, Stm32AfSignal signal)
{
    int pin = s->route[signal];

    return pin != NO_PIN &&
           stm32f100_gpio_is_af_output(s->gpio[pin / 16], pin % 16);
}

void stm32_af_watch(Stm32f100AfioState *s, Stm32AfSignal signal,
                    void (*sync)(void *opaque, int64_t now_ns),
                    void (*changed)(void *opaque, Stm32AfSignal signal),
                    void *opaque)
{
    assert(!s->watch[signal].opaque);
    s->watch[signal] = (Stm32f100AfWatch){ sync, changed, opaque };
}

/* ---- debug port (table 31 in 7.3.5) ---- */

static void update_debug_pins(Stm32f100AfioState *s)
{
    uint16_t port_a, port_b;

    switch (FIELD_EX32(s->mapr, MAPR, SWJ_CFG)) {
    case 0: /* JTAG-DP and SW-DP: PA13..15, PB3, PB4 */
        port_a = 0xe000;
        port_b = 0x0018;
        break;
    case 1: /* without NJTRST: PB4 is free */
        port_a = 0xe000;
        port_b = 0x0008;
        break;
    case 2: /* SW-DP: PA13 and PA14 */
        port_a = 0x6000;
        port_b = 0;
        break;
    case 4:
        port_a = 0;
        port_b = 0;
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-afio: SWJ_CFG=%u has no"
                      " effect\n", FIELD_EX32(s->mapr, MAPR, SWJ_CFG));
        return;
    }
    stm32f100_gpio_set_debug_pins(s->gpio[0], port_a);
    stm32f100_gpio_set_debug_pins(s->gpio[1], port_b);
}

static void mapr_write(Stm32f100AfioState *s, uint32_t value)
{
    if (value & ~s->mapr & MAPR_UNIMP_MASK) {
        qemu_log_mask(LOG_UNIMP, "stm32f100-afio: MAPR 0x%08" PRIx32
                      ": PD01 is not remapped\n", value);
    }
    sync_signals(s, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
    s->mapr = value & (MAPR_RW_MASK | R_MAPR_SWJ_CFG_MASK);
    update_debug_pins(s);
    update_routes(s);
}

static void mapr2_write(Stm32f100AfioState *s, uint32_t value)
{
    if (value & ~s->mapr2 & R_MAPR2_CEC_REMAP_MASK) {
        qemu_log_mask(LOG_UNIMP, "stm32f100-afio: CEC is not remapped\n");
    }
    sync_signals(s, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
    s->mapr2 = value & MAPR2_RW_MASK;
    qemu_set_irq(s->tim1_dma_remap,
                 FIELD_EX32(s->mapr2, MAPR2, TIM1_DMA_REMAP));
    update_routes(s);
}

/* ---- EXTI lines (7.4.3 to 7.4.6) ---- */

static void update_exti(Stm32f100AfioState *s, unsigned line)
{
    unsigned port = extract32(s->exticr[line / 4], 4 * (line % 4), 4);

    qemu_set_irq(s->exti[line], port < STM32F100_PORTS &&
                 extract32(s->pin_level[port], line, 1));
}

static void set_pin_level(void *opaque, int n, int level)
{
    Stm32f100AfioState *s = opaque;

    s->pin_level[n / 16] = deposit32(s->pin_level[n / 16], n % 16, 1,
                                     level != 0);
    update_exti(s, n % 16);
    for (uint64_t left = s->listeners[n]; left; left &= left - 1) {
        tell_level(s, ctz64(left));
    }
}

static void exticr_write(Stm32f100AfioState *s, unsigned n, uint32_t value)
{
    s->exticr[n] = value & EXTICR_RW_MASK;
    for (unsigned line = 4 * n; line < 4 * n + 4; line++) {
        if (extract32(s->exticr[n], 4 * (line % 4), 4) >= STM32F100_PORTS) {
            qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-afio: EXTI%u is connected"
                          " to a port that this part lacks\n", line);
        }
        update_exti(s, line);
    }
}

/* ---- registers ---- */

/* SWJ_CFG can only be written (7.4.2). */
static uint32_t afio_read_word(Stm32f100AfioState *s, hwaddr addr)
{
    switch (addr) {
    case A_EVCR:
        return s->evcr;
    case A_MAPR:
        return s->mapr & MAPR_RW_MASK;
    case A_EXTICR1 ... A_EXTICR4:
        return s->exticr[(addr - A_EXTICR1) / 4];
    case A_MAPR2:
        return s->mapr2;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-afio: read of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        return 0;
    }
}

static bool afio_clocked(const Stm32f100AfioState *s, const char *access)
{
    if (!clock_is_enabled(s->clk)) {
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-afio: %s while RCC does not"
                      " clock it\n", access);
        return false;
    }
    return true;
}

static uint64_t afio_read(void *opaque, hwaddr addr, unsigned size)
{
    Stm32f100AfioState *s = opaque;

    if (!afio_clocked(s, "read")) {
        return 0;
    }
    return stm32f100_bus_read(afio_read_word(s, addr & ~3), addr, size);
}

static void afio_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    Stm32f100AfioState *s = opaque;
    uint32_t value = stm32f100_apb_write(data, size);

    if (!afio_clocked(s, "write")) {
        return;
    }
    switch (addr & ~3) {
    case A_EVCR:
        if (value & R_EVCR_EVOE_MASK) {
            qemu_log_mask(LOG_UNIMP, "stm32f100-afio: EVENTOUT drives no"
                          " pin\n");
        }
        s->evcr = value & EVCR_RW_MASK;
        break;
    case A_MAPR:
        mapr_write(s, value);
        break;
    case A_EXTICR1 ... A_EXTICR4:
        exticr_write(s, (addr - A_EXTICR1) / 4, value);
        break;
    case A_MAPR2:
        mapr2_write(s, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "stm32f100-afio: write of offset 0x%"
                      HWADDR_PRIx ", where no register is\n", addr);
        break;
    }
}

static const MemoryRegionOps afio_ops =
    STM32F100_BUS_OPS(afio_read, afio_write);

/* ---- life cycle ---- */

static void afio_reset_hold(Object *obj, ResetType type)
{
    Stm32f100AfioState *s = STM32F100_AFIO(obj);

    sync_signals(s, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
    s->evcr = 0;
    s->mapr = 0;
    s->mapr2 = 0;
    memset(s->exticr, 0, sizeof(s->exticr));
}

static void afio_reset_exit(Object *obj, ResetType type)
{
    Stm32f100AfioState *s = STM32F100_AFIO(obj);

    update_debug_pins(s);
    update_routes(s);
    qemu_set_irq(s->tim1_dma_remap, 0);
    for (unsigned line = 0; line < STM32F100_EXTI_PINS; line++) {
        update_exti(s, line);
    }
}

static void afio_init(Object *obj)
{
    Stm32f100AfioState *s = STM32F100_AFIO(obj);
    DeviceState *dev = DEVICE(obj);

    memory_region_init_io(&s->iomem, obj, &afio_ops, s, TYPE_STM32F100_AFIO,
                          0x400);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
    s->clk = qdev_init_clock_in(dev, "clk", NULL, NULL, 0);
    qdev_init_gpio_in_named(dev, set_pin_level, "pin", 16 * STM32F100_PORTS);
    qdev_init_gpio_out_named(dev, s->exti, "exti", STM32F100_EXTI_PINS);
    qdev_init_gpio_out_named(dev, &s->tim1_dma_remap, "tim1-dma-remap", 1);
    for (unsigned n = 0; n < STM32_AF_SIGNALS; n++) {
        s->route[n] = NO_PIN;
    }
}

static void afio_realize(DeviceState *dev, Error **errp)
{
    Stm32f100AfioState *s = STM32F100_AFIO(dev);

    for (unsigned n = 0; n < STM32F100_PORTS; n++) {
        if (!s->gpio[n]) {
            error_setg(errp, "stm32f100-afio: link 'gpio%c' is not set",
                       'a' + n);
            return;
        }
        stm32f100_gpio_set_router(s->gpio[n], &router_ops, s);
    }
}

static const VMStateDescription vmstate_afio = {
    .name = TYPE_STM32F100_AFIO,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_CLOCK(clk, Stm32f100AfioState),
        VMSTATE_UINT32(evcr, Stm32f100AfioState),
        VMSTATE_UINT32(mapr, Stm32f100AfioState),
        VMSTATE_UINT32_ARRAY(exticr, Stm32f100AfioState, 4),
        VMSTATE_UINT32(mapr2, Stm32f100AfioState),
        VMSTATE_UINT16_ARRAY(pin_level, Stm32f100AfioState, STM32F100_PORTS),
        VMSTATE_BOOL_ARRAY(af_driven, Stm32f100AfioState, STM32_AF_SIGNALS),
        VMSTATE_BOOL_ARRAY(af_level, Stm32f100AfioState, STM32_AF_SIGNALS),
        VMSTATE_BOOL_ARRAY(heard, Stm32f100AfioState, STM32_AF_SIGNALS),
        VMSTATE_UINT64_ARRAY(listeners, Stm32f100AfioState,
                             16 * STM32F100_PORTS),
        VMSTATE_INT16_ARRAY(route, Stm32f100AfioState, STM32_AF_SIGNALS),
        VMSTATE_END_OF_LIST()
    }
};

#define GPIO_LINK(name_, port_)                                                \
    DEFINE_PROP_LINK(name_, Stm32f100AfioState, gpio[port_],                   \
                     TYPE_STM32F100_GPIO, Stm32f100GpioState *)

static const Property afio_properties[] = {
    GPIO_LINK("gpioa", 0), GPIO_LINK("gpiob", 1), GPIO_LINK("gpioc", 2),
    GPIO_LINK("gpiod", 3), GPIO_LINK("gpioe", 4),
};

static void afio_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = afio_realize;
    dc->vmsd = &vmstate_afio;
    rc->phases.hold = afio_reset_hold;
    rc->phases.exit = afio_reset_exit;
    device_class_set_props(dc, afio_properties);
}

static const TypeInfo afio_types[] = {
    {
        .name = TYPE_STM32F100_AFIO,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Stm32f100AfioState),
        .instance_init = afio_init,
        .class_init = afio_class_init,
    },
};
DEFINE_TYPES(afio_types)
