/*
 * What the STM32F100's timers tell others (RM0041 12.4.4, 12.4.19, 12.4.20):
 * DMA requests and bursts, compare events for the ADC, the trigger output.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "stm32f100_tim_internal.h"

/* @requests: bits of Stm32f100TimDma */
static void request(Stm32f100TimState *s, uint32_t requests)
{
    for (; requests; requests &= requests - 1) {
        qemu_irq_pulse(s->dma[ctz32(requests)]);
    }
}

/*
 * Whoever is told here may access registers or trigger this timer in turn; so
 * it is called when the counter and the registers are as they shall be seen.
 */
void stm32_tim_announce(Stm32f100TimState *s)
{
    uint32_t events = s->events, requests = events;
    uint32_t cc = FIELD_EX32(events, SR, CCIF) & s->cc_wanted;

    s->events = 0;
    if (s->cr2 & R_CR2_CCDS_MASK) {
        requests &= ~R_SR_CCIF_MASK;
        requests |= events & EVENT_UPDATE ? R_SR_CCIF_MASK : 0;
    }
    stm32_tim_drive_trgo(s, events);
    for (; cc; cc &= cc - 1) {
        qemu_irq_pulse(s->cc[ctz32(cc)]);
    }
    request(s, requests & FIELD_EX32(s->dier, DIER, DE));
}

/* It comes before the transfer's access. */
void stm32_tim_acknowledge(void *opaque, int n, int level)
{
    Stm32f100TimState *s = opaque;

    if (level) {
        s->dma_served |= 1u << n;
    }
}

hwaddr stm32_tim_burst_register(Stm32f100TimState *s)
{
    uint32_t n = s->burst;

    if (s->dma_served) { /* the CPU's accesses do not count */
        s->burst = n < FIELD_EX32(s->dcr, DCR, DBL) ? n + 1 : 0;
        if (s->burst) {
            request(s, s->dma_served);
        }
    }
    return 4 * (FIELD_EX32(s->dcr, DCR, DBA) + n);
}
