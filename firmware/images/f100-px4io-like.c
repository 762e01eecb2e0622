/*
 * f100-px4io-like: what px4io-class firmware does with the part, and in the same way: registers
 * touched directly, interrupts on, TIM1 as high-resolution time, packets by DMA and IDLE, PPM,
 * S.BUS and DSM receivers, servo outputs, S.BUS output, ADC, safety button, watchdog.  A flight
 * controller speaks to it by the px4io protocol (docs/px4io.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/px4io/adc.h"
#include "images/px4io/dsm.h"
#include "images/px4io/hrt.h"
#include "images/px4io/link.h"
#include "images/px4io/pages.h"
#include "images/px4io/ppm.h"
#include "images/px4io/px4io.h"
#include "images/px4io/sbus.h"
#include "images/px4io/servos.h"
#include "nodes/cortexm.h"
#include "nodes/part.h"
#include "seam.h"

#define TICK_US        1000u
#define FMU_TIMEOUT_US 500000u
#define RC_TIMEOUT_US  500000u
#define BUTTON_US      1000000u /* it has to be held */
#define BLINK_US       250000u
#define SERVO_RATE_HZ  50u

/* 40 kHz / 16, 625: a quarter of a second (RM0041 18.3). */
#define WATCHDOG_PRESCALER 2u
#define WATCHDOG_RELOAD    625u

/* Of port B; LEDs are on when low. */
enum pin { PIN_BUTTON = 5, PIN_LED_SAFETY = 13, PIN_LED_BLUE = 14, PIN_LED_AMBER = 15 };

static volatile bool tick;
static uint32_t rc_us, pressed_us, blink_us;
static bool button_done, blue, sbus_out;

__attribute__((section(".vectors.irq"), used)) static const vector irq_vectors[PART_IRQS] = {
    [0 ... IRQ_TIM1_CC - 1u] = irq_entry,
    [IRQ_TIM1_CC] = hrt_entry,
    [IRQ_TIM1_CC + 1u ... IRQ_USART2 - 1u] = irq_entry,
    [IRQ_USART2] = link_entry,
    [IRQ_USART2 + 1u ... PART_IRQS - 1u] = irq_entry,
};

/* 24 MHz from the crystal, no PLL. */
void part_start(void)
{
    RCC->CR |= RCC_CR_HSEON;
    while ((RCC->CR & RCC_CR_HSERDY) == 0) {
    }
    RCC->CFGR = RCC_CFGR_SW_HSE;
    while ((RCC->CFGR & RCC_CFGR_SWS) != RCC_CFGR_SWS_HSE) {
    }
    RCC->AHBENR = RCC_AHBENR_DMA1 | RCC_AHBENR_SRAM | RCC_AHBENR_FLITF;
    RCC->APB2ENR = RCC_APB2ENR_AFIO | RCC_APB2ENR_IOPA | RCC_APB2ENR_IOPB | RCC_APB2ENR_IOPC |
                   RCC_APB2ENR_ADC1 | RCC_APB2ENR_TIM1 | RCC_APB2ENR_USART1;
    RCC->APB1ENR = RCC_APB1ENR_TIM2 | RCC_APB1ENR_TIM3 | RCC_APB1ENR_TIM4 | RCC_APB1ENR_USART2 |
                   RCC_APB1ENR_USART3;
}

/* The watchdog ends what a fault leaves behind. */
void fault_hook(const struct fault *fault)
{
    (void)fault;
}

static void set_flags(uint16_t flags, bool set)
{
    const uint32_t state = irq_save();
    if (set) {
        page_status[STATUS_FLAGS] |= flags;
    } else {
        page_status[STATUS_FLAGS] &= (uint16_t)~flags;
    }
    irq_restore(state);
}

static void raise_alarm(uint16_t alarm)
{
    const uint32_t state = irq_save();
    page_status[STATUS_ALARMS] |= alarm;
    irq_restore(state);
}

static bool flag(uint16_t mask)
{
    return (page_status[STATUS_FLAGS] & mask) != 0;
}

/* ---- receivers ---- */

#define RC_SOURCES (FLAG_RC_PPM | FLAG_RC_DSM | FLAG_RC_SBUS)

static void take_channels(const uint16_t *channel_us, uint32_t count, uint16_t rc_flags,
                          uint16_t source, uint32_t now_us)
{
    const uint32_t state = irq_save();
    for (uint32_t i = 0; i < RC_CHANNELS; i++) {
        page_raw_rc[RAW_RC_BASE + i] = i < count ? channel_us[i] : 0;
    }
    page_raw_rc[RAW_RC_COUNT] = (uint16_t)count;
    page_raw_rc[RAW_RC_FLAGS] = rc_flags;
    page_raw_rc[RAW_RC_FRAME_COUNT]++;
    page_raw_rc[RAW_RC_LOST_FRAME_COUNT] += (rc_flags & RAW_RC_FRAME_DROP) != 0;
    irq_restore(state);
    set_flags(RC_SOURCES, false);
    set_flags(source, true);
    set_flags(FLAG_RC_OK, (rc_flags & RAW_RC_OK) != 0);
    rc_us = now_us;
}

static void receivers_tick(uint32_t now_us)
{
    static struct sbus_frame frame;
    static struct dsm_channels dsm;
    uint16_t channel_us[RC_CHANNELS];
    const uint32_t channels = ppm_take(channel_us, RC_CHANNELS);
    if (sbus_poll(now_us, &frame)) {
        take_channels(frame.channel_us, SBUS_CHANNELS,
                      (uint16_t)((frame.lost ? RAW_RC_FRAME_DROP : 0) |
                                 (frame.failsafe ? RAW_RC_FAILSAFE : RAW_RC_OK)),
                      FLAG_RC_SBUS, now_us);
    } else if (dsm_poll(now_us, &dsm)) {
        take_channels(dsm.channel_us, dsm.count,
                      (uint16_t)(RAW_RC_OK | (dsm.bits_11 ? RAW_RC_DSM11 : 0)), FLAG_RC_DSM,
                      now_us);
    } else if (channels > 0) {
        take_channels(channel_us, channels, RAW_RC_OK, FLAG_RC_PPM, now_us);
    } else if (flag(RC_SOURCES) && now_us - rc_us > RC_TIMEOUT_US) {
        set_flags(FLAG_RC_OK | RC_SOURCES, false);
        page_raw_rc[RAW_RC_COUNT] = 0;
        page_raw_rc[RAW_RC_FLAGS] = 0;
        raise_alarm(ALARM_RC_LOST);
    }
}

/* ---- outputs ---- */

static void check_fmu(void)
{
    const uint32_t state = irq_save(); /* a packet may come in between */
    const bool talks = flag(FLAG_RAW_PWM) && hrt_now_us() - fmu_data_us < FMU_TIMEOUT_US;
    irq_restore(state);
    if (flag(FLAG_FMU_OK) && !talks) {
        raise_alarm(ALARM_FMU_LOST);
    }
    set_flags(FLAG_FMU_OK, talks);
    if (talks) {
        set_flags(FLAG_FMU_INITIALIZED, true);
    }
}

/* Disarmed outputs until the controller has armed them; its values, or the failsafe, from then. */
static void outputs_tick(uint32_t now_us)
{
    const uint16_t arming = page_setup[SETUP_ARMING];
    const uint16_t ok = ARMING_IO_ARM_OK | ARMING_FMU_ARMED;
    const bool armed = flag(FLAG_SAFETY_OFF) && (arming & ok) == ok && flag(FLAG_FMU_INITIALIZED) &&
                       (arming & ARMING_LOCKDOWN) == 0;
    const bool failsafe = armed && (!flag(FLAG_FMU_OK) || (arming & ARMING_FORCE_FAILSAFE) != 0);
    const uint16_t *pulses = failsafe ? page_failsafe_pwm
                             : armed  ? page_direct_pwm
                                      : page_disarmed_pwm;
    set_flags(FLAG_OUTPUTS_ARMED, armed);
    set_flags(FLAG_FAILSAFE, failsafe);
    for (uint32_t i = 0; i < SERVOS; i++) {
        page_servos[i] = pulses[i];
        servos_set(i, pulses[i]);
    }
    const bool out = (page_setup[SETUP_FEATURES] & FEATURE_SBUS1_OUT) != 0;
    if (out != sbus_out) {
        sbus_output(out);
        sbus_out = out;
    }
    if (sbus_out && armed) {
        sbus_send(now_us, page_servos, SERVOS);
    }
}

/* ---- button and LEDs ---- */

static void safety_tick(uint32_t now_us)
{
    if (!pin_read(GPIOB, PIN_BUTTON)) {
        pressed_us = now_us;
        button_done = false;
    } else if (!button_done && now_us - pressed_us >= BUTTON_US) {
        set_flags(FLAG_SAFETY_OFF, !flag(FLAG_SAFETY_OFF));
        button_done = true;
    }
    if (now_us - blink_us >= BLINK_US) {
        blink_us += BLINK_US;
        blue = !blue;
    }
    pin_write(GPIOB, PIN_LED_BLUE, !blue);
    pin_write(GPIOB, PIN_LED_SAFETY, !flag(FLAG_SAFETY_OFF));
    pin_write(GPIOB, PIN_LED_AMBER, flag(FLAG_FMU_OK)); /* on: nobody to obey */
}

static void board_start(void)
{
    AFIO->MAPR = AFIO_MAPR_SWJ_SW;
    pin_write(GPIOB, PIN_BUTTON, false); /* pulled down */
    pin_mode(GPIOB, PIN_BUTTON, GPIO_INPUT_PULLED);
    for (uint32_t pin = PIN_LED_SAFETY; pin <= PIN_LED_AMBER; pin++) {
        pin_write(GPIOB, pin, true);
        pin_mode(GPIOB, pin, GPIO_OUTPUT);
    }
    IWDG->KR = IWDG_KR_START;
    IWDG->KR = IWDG_KR_UNLOCK;
    IWDG->PR = WATCHDOG_PRESCALER;
    IWDG->RLR = WATCHDOG_RELOAD;
}

static void ring_tick(void)
{
    tick = true;
}

static void sleep_until_tick(void)
{
    uint32_t state = irq_save();
    while (!tick) {
        __asm__ volatile("wfi" ::: "memory"); /* a pending interrupt ends it (ARMv7-M B1.5.19) */
        irq_restore(state);
        state = irq_save();
    }
    tick = false;
    irq_restore(state);
}

int main(void)
{
    board_start();
    hrt_start();
    adc_start();
    servos_start(SERVO_RATE_HZ);
    ppm_start();
    sbus_start();
    dsm_start();
    link_start();
    hrt_call_every(TICK_US, ring_tick);
    for (;;) {
        sleep_until_tick();
        const uint32_t now_us = hrt_now_us();
        receivers_tick(now_us);
        check_fmu();
        outputs_tick(now_us);
        safety_tick(now_us);
        IWDG->KR = IWDG_KR_FEED;
    }
}
