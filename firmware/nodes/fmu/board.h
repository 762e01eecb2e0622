/*
 * Board of the FMU node: i.MX RT1176, 24 MHz crystal.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NODES_FMU_BOARD_H
#define NODES_FMU_BOARD_H

#include "drivers/lpuart.h"
#include "nodes/fmu/rt1176_map.h"
#include "nodes/link_keys.h"
#include "relay/endpoint.h"

/* Console: LPUART1, 24 MHz / (16 * 13) = 115385 baud, 0.2 % fast. */
#define BOARD_CONSOLE                                                          \
    {                                                                          \
        .base = LPUART1, .irq = IRQ_LPUART1, .oversampling = 16, .divisor = 13 \
    }

/* Link to the IO node: LPUART6, 24 MHz / 16 = 1.5 Mbaud exactly. */
#define BOARD_LINK                                                            \
    {                                                                         \
        .base = LPUART6, .irq = IRQ_LPUART6, .oversampling = 16, .divisor = 1 \
    }

/* Each core's own side of the messaging unit. */
#ifdef PART_RT1176_M4
#define BOARD_MU MUB
#else
#define BOARD_MU MUA
#endif

/* Keys and SPI of the link. */
#define BOARD_LINK_CHANNEL LINK_CHANNEL
#define BOARD_TO_IO        LINK_FMU_TO_IO
#define BOARD_FROM_IO      LINK_IO_TO_FMU

#endif
