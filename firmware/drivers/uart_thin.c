/*
 * Thin-seam driver of an STM32F1 USART (RM0041 23.6).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/uart_thin.h"

#include "drivers/stm32f1_regs.h"
#include "seam.h"

enum rx { RX_IDLE, RX_READY, RX_OVERRUN, RX_FRAMING };

/* Errors go before data: what comes with an error is not trusted. */
static enum rx rx_decide(uint32_t sr)
{
    if ((sr & USART_SR_ORE) != 0) {
        return RX_OVERRUN;
    }
    if ((sr & USART_SR_FE) != 0) {
        return RX_FRAMING;
    }
    return (sr & USART_SR_RXNE) != 0 ? RX_READY : RX_IDLE;
}

void uart_thin_init(uint32_t base, uint32_t brr)
{
    mmio_write32(base + USART_BRR, brr);
    mmio_write32(base + USART_CR1, USART_CR1_UE | USART_CR1_TE | USART_CR1_RE);
}

void uart_thin_tx_byte(uint32_t base, uint32_t octet)
{
    while ((mmio_read32(base + USART_SR) & USART_SR_TXE) == 0) {
    }
    mmio_write32(base + USART_DR, octet & 0xffu);
}

/* Reading DR after SR takes the character and clears its errors (RM0041 23.6.1). */
uint32_t uart_thin_rx(uint32_t base)
{
    const enum rx rx = rx_decide(mmio_read32(base + USART_SR));
    if (rx == RX_IDLE) {
        return UART_THIN_NONE;
    }
    const uint32_t octet = mmio_read32(base + USART_DR);
    return rx == RX_READY ? octet & 0xffu : UART_THIN_NONE;
}

uint32_t uart_thin_rx_fired(uint32_t line)
{
    return irq_poll(line);
}
