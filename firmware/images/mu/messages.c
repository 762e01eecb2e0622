/*
 * What the probes of the messaging unit do on either core.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "images/mu/probe.h"
#include "nodes/cortexm.h"
#include "nodes/fmu/board.h"
#include "seam.h"

void probe_send(uint32_t channel, uint32_t word)
{
    while (!mu_send(BOARD_MU, channel, word)) {
    }
}

void probe_enable_interrupt(void)
{
    mmio_write32(NVIC_ISER + BOARD_MU_IRQ / 32u * 4u, 1u << BOARD_MU_IRQ % 32u);
}
