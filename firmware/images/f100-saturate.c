/*
 * f100-saturate: USART2 at 1.5 Mbaud without a pause both ways, by DMA; counts what comes in and
 * reports on the console.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/stm32f1_console.h"
#include "drivers/stm32f1_link.h"
#include "drivers/stm32f1_regs.h"
#include "images/saturate.h"
#include "images/say.h"
#include "nodes/io/board.h"
#include "seam.h"

#define PATTERN_OCTETS 256u

struct saturate saturate;

static uint8_t pattern[PATTERN_OCTETS];
static struct stm32_link link = {.config = BOARD_LINK};
static struct stm32_console console = {
    .usart_base = BOARD_CONSOLE_USART,
    .irq = BOARD_CONSOLE_IRQ,
};

/* DMA sends the pattern round and round. */
static void send_for_ever(void)
{
    const uint32_t channel =
        link.config.dma_base + DMA_CHANNEL_1 + DMA_CHANNEL_STEP * (link.config.tx_dma_channel - 1u);
    for (uint32_t i = 0; i < PATTERN_OCTETS; i++) {
        pattern[i] = (uint8_t)i;
    }
    mmio_write32(channel + DMA_CMAR, (uint32_t)(uintptr_t)pattern);
    mmio_write32(channel + DMA_CNDTR, PATTERN_OCTETS);
    mmio_write32(channel + DMA_CCR,
                 DMA_CCR_MINC | DMA_CCR_CIRC | DMA_CCR_DIR_FROM_MEMORY | DMA_CCR_EN);
}

int main(void)
{
    say_start();
    stm32_link_init(&link);
    send_for_ever();
    for (;;) {
        (void)stm32_link_service(&link);
        for (int octet = stm32_link_take(&link); octet >= 0; octet = stm32_link_take(&link)) {
            if (saturate_take(&saturate, (uint8_t)octet, link.arrived_us)) {
                saturate_report(&saturate, &console.console, link.counters.framing,
                                link.counters.overrun, link.arrived_us);
            }
        }
        stm32_console_service(&console);
        wait_until(clock_us() + UINT32_MAX / 4u);
    }
}
