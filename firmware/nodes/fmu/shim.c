/*
 * Shim of the i.MX RT1176, compiled for each of its cores: vector table, clocks, pins, time
 * (IMXRT1170RM, chapters "Clock Controller Module", "IOMUXC", "General Purpose Timer").  The
 * Cortex-M4 (PART_RT1176_M4) finds oscillator and pins as the Cortex-M7 has set them up, and has
 * a timer of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>

#include "drivers/rt1176_regs.h"
#include "nodes/cortexm.h"
#include "nodes/fmu/rt1176_map.h"
#include "nodes/part.h"
#include "seam.h"

/* GPT1 (M7) or GPT2 (M4) counts microseconds in 32 bits; compare channel 1 is the alarm. */
#ifdef PART_RT1176_M4
enum { GPT = GPT2, IRQ_GPT = IRQ_GPT2 };
#define GPT1_ENTRY irq_entry
#define GPT2_ENTRY alarm_entry
#else
enum { GPT = GPT1, IRQ_GPT = IRQ_GPT1 };
#define GPT1_ENTRY alarm_entry
#define GPT2_ENTRY irq_entry
#endif

#define CLOCK_MHZ 24u

/* Clocks that are used. */
static const struct {
    uint8_t root;
    uint8_t gate;
} clocks[] = {
#ifdef PART_RT1176_M4
    {ROOT_GPT2, LPCG_GPT2},
#else
    {ROOT_GPT1, LPCG_GPT1},
    {ROOT_LPUART1, LPCG_LPUART1},
    {ROOT_LPUART6, LPCG_LPUART6},
#endif
};

static uint32_t alarm_us;
static volatile bool alarm_set;

static void alarm_entry(void)
{
    alarm_set = false;
    mmio_write32(GPT + GPT_IR, 0);
    mmio_write32(GPT + GPT_SR, GPT_SR_OF1);
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
        mmio_write32(CCM_CLOCK_ROOT(clocks[i].root), ROOT_MUX_OSC_24M);
        mmio_write32(CCM_LPCG(clocks[i].gate), LPCG_ON);
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
    mmio_write32(GPT + GPT_CR, 0);
    mmio_write32(GPT + GPT_PR, CLOCK_MHZ - 1u);
    mmio_write32(GPT + GPT_IR, 0);
    mmio_write32(GPT + GPT_CR,
                 GPT_CR_FRR | GPT_CR_CLKSRC_PERIPHERAL | GPT_CR_WAITEN | GPT_CR_ENMOD);
    mmio_write32(GPT + GPT_CR,
                 GPT_CR_FRR | GPT_CR_CLKSRC_PERIPHERAL | GPT_CR_WAITEN | GPT_CR_ENMOD | GPT_CR_EN);
    irq_enable(IRQ_GPT);
}

uint32_t clock_us(void)
{
    return mmio_read32(GPT + GPT_CNT);
}

void wait_until(uint32_t deadline_us)
{
    irq_enable_asked();
    if (!alarm_set || deadline_us != alarm_us) {
        alarm_us = deadline_us;
        alarm_set = true;
        mmio_write32(GPT + GPT_OCR1, deadline_us);
        mmio_write32(GPT + GPT_SR, GPT_SR_OF1);
        mmio_write32(GPT + GPT_IR, GPT_IR_OF1IE);
    }
    const uint32_t ahead_us = deadline_us - clock_us();
    if (ahead_us != 0 && ahead_us <= UINT32_MAX / 2u) { /* else it has come already */
        irq_sleep();
    }
}
