/*
 * Sends a text from DTCM on LPUART1 by eDMA, asleep until its interrupt comes;
 * the pad GPIO_AD_04 is high meanwhile.  Then says so without DMA.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

#define LPUART1_TX_SOURCE 8u

enum { INTMAJOR_DREQ = 1u << 1 | 1u << 3 };

static char text[] = "sixty-four characters, which the core neither sees nor waits for";
static volatile uint32_t done;

void dma0_handler(void);

void dma0_handler(void)
{
    EDMA_CINT = 0;
    GPIO_DR_CLEAR(GPIO9) = 1u << 3;
    done = 1;
}

static void send_by_dma(void)
{
    const uint32_t length = sizeof(text) - 1;

    EDMA_TCD(0, 0) = (uint32_t)text;
    EDMA_TCD(0, 1) = 1; /* SOFF 1, sizes of one byte */
    EDMA_TCD(0, 2) = 1; /* NBYTES */
    EDMA_TCD(0, 3) = 0;
    EDMA_TCD(0, 4) = LPUART1 + 0x1c;
    EDMA_TCD(0, 5) = length << 16; /* DOFF 0 */
    EDMA_TCD(0, 6) = 0;
    EDMA_TCD(0, 7) = length << 16 | INTMAJOR_DREQ;
    DMAMUX_CHCFG(0) = DMAMUX_ENBL | LPUART1_TX_SOURCE;
    GPIO_DR_SET(GPIO9) = 1u << 3;
    EDMA_SERQ = 0;
    LPUART_BAUD(LPUART1) |= LPUART_BAUD_TDMAE;
}

int main(void)
{
    IOMUXC_MUX(PAD_GPIO_AD_04) = 10;
    GPIO_GDIR(GPIO9) = 1u << 3;
    console_start();
    nvic_enable(DMA0_IRQ);
    send_by_dma();
    while (!done) {
        __asm__ volatile("wfi");
    }
    LPUART_BAUD(LPUART1) &= ~LPUART_BAUD_TDMAE;
    console_text("\ndone\n");
    return 0;
}
