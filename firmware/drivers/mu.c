/*
 * Messaging unit of the i.MX RT1176 (IMXRT1170RM, chapter "Messaging Unit").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"

#include "drivers/rt1176_regs.h"
#include "seam.h"

/* Number 0 is the highest bit of its group of four. */
static uint32_t bit(uint32_t group, uint32_t number)
{
    return 8u >> number << group;
}

uint32_t mu_status(uint32_t base)
{
    return mmio_read32(base + MU_SR);
}

bool mu_send(uint32_t base, uint32_t channel, uint32_t word)
{
    if ((mu_status(base) & bit(MU_SR_TE_SHIFT, channel)) == 0) {
        return false;
    }
    mmio_write32(base + MU_TR + 4u * channel, word);
    return true;
}

void mu_put(uint32_t base, uint32_t channel, uint32_t word)
{
    while (!mu_send(base, channel, word)) {
    }
}

bool mu_take(uint32_t base, uint32_t channel, uint32_t *word)
{
    if ((mu_status(base) & bit(MU_SR_RF_SHIFT, channel)) == 0) {
        return false;
    }
    *word = mmio_read32(base + MU_RR + 4u * channel);
    return true;
}

/* A GIR bit is set by writing 1; written back as it was read it would ring again. */
void mu_ring(uint32_t base, uint32_t doorbell)
{
    mmio_write32(base + MU_CR,
                 (mmio_read32(base + MU_CR) & ~MU_CR_GIR) | bit(MU_CR_GIR_SHIFT, doorbell));
}

bool mu_ringing(uint32_t base, uint32_t doorbell)
{
    return (mmio_read32(base + MU_CR) & bit(MU_CR_GIR_SHIFT, doorbell)) != 0;
}

bool mu_answer(uint32_t base, uint32_t doorbell)
{
    if ((mu_status(base) & bit(MU_SR_GIP_SHIFT, doorbell)) == 0) {
        return false;
    }
    mmio_write32(base + MU_SR, bit(MU_SR_GIP_SHIFT, doorbell));
    return true;
}

void mu_interrupt(uint32_t base, enum mu_interrupt kind, uint32_t number, bool enable)
{
    const uint32_t others = mmio_read32(base + MU_CR) & ~(MU_CR_GIR | bit(kind, number));
    mmio_write32(base + MU_CR, others | (enable ? bit(kind, number) : 0u));
}
