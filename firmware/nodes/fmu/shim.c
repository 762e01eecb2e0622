/*
 * Shim of the i.MX RT1176, compiled for each of its cores: vector table, clocks, pins, time
 * (IMXRT1170RM, chapters "Clock Controller Module", "IOMUXC", "General Purpose Timer").  The
 * Cortex-M4 (PART_RT1176_M4) finds oscillator and pins as the Cortex-M7 has set them up, and has
 * a timer of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>

#include "nodes/cortexm.h"
#include "nodes/part.h"
#include "seam.h"

enum ccm {
    CCM_CLOCK_ROOT = 0x40cc0000,
    CCM_CLOCK_ROOT_STEP = 0x80,
    CCM_LPCG_DIRECT = 0x40cc6000,
    CCM_LPCG_STEP = 0x20,
    ROOT_MUX_OSC_24M = 1 << 8, /* divided by 1 */
    LPCG_ON = 1,
};

enum anadig {
    OSC_24M_CTRL = 0x40c84020,
    OSC_24M_STABLE = 1 << 30,
};

/* Mux registers of the pads (chapter "IOMUXC", SW_MUX_CTL_PAD_...). */
enum iomuxc {
    PAD_GPIO_EMC_B1_40 = 0x400e80b0, /* ALT3: LPUART6_TXD */
    PAD_GPIO_EMC_B1_41 = 0x400e80b4, /* ALT3: LPUART6_RXD */
    PAD_GPIO_AD_24 = 0x400e816c,     /* ALT0: LPUART1_TXD */
    PAD_GPIO_AD_25 = 0x400e8170,     /* ALT0: LPUART1_RXD */
    LPUART1_RXD_SELECT_INPUT = 0x400e861c,
    LPUART1_TXD_SELECT_INPUT = 0x400e8620,
    MUX_ALT0 = 0,
    MUX_ALT3 = 3,
};

enum irq { IRQ_MU = 118, IRQ_GPT1 = 119, IRQ_GPT2 = 120 };

/* GPT1 (M7) or GPT2 (M4) counts microseconds in 32 bits; compare channel 1 is the alarm. */
#ifdef PART_RT1176_M4
enum gpt_instance { GPT = 0x400f0000, IRQ_GPT = IRQ_GPT2 };
#define GPT1_ENTRY irq_entry
#define GPT2_ENTRY alarm_entry
#else
enum gpt_instance { GPT = 0x400ec000, IRQ_GPT = IRQ_GPT1 };
#define GPT1_ENTRY alarm_entry
#define GPT2_ENTRY irq_entry
#endif
enum gpt {
    GPT_CR = GPT + 0x00,
    GPT_PR = GPT + 0x04,
    GPT_SR = GPT + 0x08,
    GPT_IR = GPT + 0x0c,
    GPT_OCR1 = GPT + 0x10,
    GPT_CNT = GPT + 0x24,
    CR_EN = 1 << 0,
    CR_ENMOD = 1 << 1,  /* count from 0 */
    CR_WAITEN = 1 << 3, /* run while the core waits */
    CR_CLKSRC_PERIPHERAL = 1 << 6,
    CR_FRR = 1 << 9, /* free-running */
    SR_OF1 = 1 << 0,
    IR_OF1IE = 1 << 0,
};

#define CLOCK_MHZ 24u

/* Clock roots and gates that are used: root number, LPCG number. */
static const struct {
    uint8_t root;
    uint8_t gate;
} clocks[] = {
#ifdef PART_RT1176_M4
    {15, 65}, /* GPT2 */
#else
    {14, 64}, /* GPT1 */
    {25, 86}, /* LPUART1 */
    {30, 91}, /* LPUART6 */
#endif
};

static uint32_t alarm_us;
static volatile bool alarm_set;

static void alarm_entry(void)
{
    alarm_set = false;
    mmio_write32(GPT_IR, 0);
    mmio_write32(GPT_SR, SR_OF1);
    irq_wake();
}

/* An image whose work on a message is an interrupt's brings its own. */
__attribute__((weak)) void mu_entry(void)
{
    irq_entry();
}

__attribute__((section(".vectors.irq"), used)) static const vector irq_vectors[PART_IRQS] = {
    [0 ... IRQ_MU - 1u] = irq_entry,
    [IRQ_MU] = mu_entry,
    [IRQ_GPT1] = GPT1_ENTRY,
    [IRQ_GPT2] = GPT2_ENTRY,
    [IRQ_GPT2 + 1u ... PART_IRQS - 1u] = irq_entry,
};

/* The boot ROM has left the 24 MHz oscillator on; everything here runs from it. */
static void clocks_start(void)
{
    while ((mmio_read32(OSC_24M_CTRL) & OSC_24M_STABLE) == 0) {
    }
    for (uint32_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
        mmio_write32(CCM_CLOCK_ROOT + CCM_CLOCK_ROOT_STEP * clocks[i].root, ROOT_MUX_OSC_24M);
        mmio_write32(CCM_LPCG_DIRECT + CCM_LPCG_STEP * clocks[i].gate, LPCG_ON);
    }
}

static void pins_start(void)
{
#ifndef PART_RT1176_M4
    mmio_write32(PAD_GPIO_EMC_B1_40, MUX_ALT3);
    mmio_write32(PAD_GPIO_EMC_B1_41, MUX_ALT3);
    mmio_write32(PAD_GPIO_AD_24, MUX_ALT0);
    mmio_write32(PAD_GPIO_AD_25, MUX_ALT0);
    mmio_write32(LPUART1_RXD_SELECT_INPUT, 0);
    mmio_write32(LPUART1_TXD_SELECT_INPUT, 0);
#endif
}

void part_start(void)
{
    clocks_start();
    pins_start();
    mmio_write32(GPT_CR, 0);
    mmio_write32(GPT_PR, CLOCK_MHZ - 1u);
    mmio_write32(GPT_IR, 0);
    mmio_write32(GPT_CR, CR_FRR | CR_CLKSRC_PERIPHERAL | CR_WAITEN | CR_ENMOD);
    mmio_write32(GPT_CR, CR_FRR | CR_CLKSRC_PERIPHERAL | CR_WAITEN | CR_ENMOD | CR_EN);
    mmio_write32(NVIC_ISER + IRQ_GPT / 32 * 4, 1u << IRQ_GPT % 32);
}

uint32_t clock_us(void)
{
    return mmio_read32(GPT_CNT);
}

void wait_until(uint32_t deadline_us)
{
    irq_enable_asked();
    if (!alarm_set || deadline_us != alarm_us) {
        alarm_us = deadline_us;
        alarm_set = true;
        mmio_write32(GPT_OCR1, deadline_us);
        mmio_write32(GPT_SR, SR_OF1);
        mmio_write32(GPT_IR, IR_OF1IE);
    }
    const uint32_t ahead_us = deadline_us - clock_us();
    if (ahead_us != 0 && ahead_us <= UINT32_MAX / 2u) { /* else it has come already */
        irq_sleep();
    }
}
