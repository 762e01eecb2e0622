/*
 * The link on an STM32F1 USART (RM0041 23.3.13): DMA writes what comes in into a ring, and the
 * interrupts are few: line idle, half a ring, line errors.  DMA sends from one buffer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DRIVERS_STM32F1_LINK_H
#define DRIVERS_STM32F1_LINK_H

#include <stdbool.h>
#include <stdint.h>

#define STM32_LINK_RX_OCTETS 512u /* power of two; 3.4 ms at 1.5 Mbaud */
#define STM32_LINK_TX_OCTETS 132u

struct stm32_link_config {
    uint32_t usart_base;
    uint32_t dma_base;
    uint32_t rx_dma_channel; /* 1..7 */
    uint32_t tx_dma_channel;
    uint32_t usart_irq;
    uint32_t rx_dma_irq;
    uint32_t brr;
};

/* What the line did wrong.  Characters with noise are delivered, the tag judges them. */
struct stm32_link_counters {
    uint32_t framing; /* characters with a framing error */
    uint32_t noise;
    uint32_t overrun; /* the USART's, and octets the ring was too short for */
};

struct stm32_link {
    struct stm32_link_config config;
    struct stm32_link_counters counters;
    uint32_t position;   /* of DMA in the ring, when last looked */
    uint32_t received;   /* octets ever */
    uint32_t consumed;   /* octets ever */
    uint32_t arrived_us; /* when the newest octets were seen */
    uint8_t rx[STM32_LINK_RX_OCTETS];
    uint8_t tx[STM32_LINK_TX_OCTETS];
};

enum stm32_link_event {
    STM32_LINK_QUIET,
    STM32_LINK_OCTETS, /* there may be octets to take */
    STM32_LINK_BROKEN, /* the same, and something was lost or damaged on the way */
};

/* 8N1; receiving begins. */
void stm32_link_init(struct stm32_link *link);

/*
 * Call it in every round, at most STM32_LINK_RX_OCTETS character times apart, or octets are
 * lost without a trace.
 */
enum stm32_link_event stm32_link_service(struct stm32_link *link);

/* The next octet, or -1. */
int stm32_link_take(struct stm32_link *link);

/* Buffer of the next frame, or NULL while the last one is being sent. */
uint8_t *stm32_link_tx_buffer(struct stm32_link *link);

/* Send what is in the buffer: @octets of 1..STM32_LINK_TX_OCTETS. */
void stm32_link_send(struct stm32_link *link, uint32_t octets);

#endif
