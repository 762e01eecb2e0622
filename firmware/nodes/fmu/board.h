/*
 * Board of the FMU node: i.MX RT1176, 24 MHz crystal (IMXRT1170RM, chapters "Memory Maps" and
 * "Interrupts").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NODES_FMU_BOARD_H
#define NODES_FMU_BOARD_H

#include "drivers/lpuart.h"
#include "relay/endpoint.h"

/* Console: LPUART1, 24 MHz / (16 * 13) = 115385 baud, 0.2 % fast. */
#define BOARD_CONSOLE                                                      \
    {                                                                      \
        .base = 0x4007c000u, .irq = 20u, .oversampling = 16, .divisor = 13 \
    }

/* Link to the IO node: LPUART6, 24 MHz / 16 = 1.5 Mbaud exactly. */
#define BOARD_LINK                                                        \
    {                                                                     \
        .base = 0x40090000u, .irq = 25u, .oversampling = 16, .divisor = 1 \
    }

/* Test keys of the rigs (rigs/flight.rig); an aircraft gets its own. */
#define BOARD_LINK_CHANNEL 1u
#define BOARD_TO_IO                                         \
    {                                                       \
        .spi = 0x4d01, .mode = RELAYSEC_MODE_AEAD, .key = { \
            0x00,                                           \
            0x11,                                           \
            0x22,                                           \
            0x33,                                           \
            0x44,                                           \
            0x55,                                           \
            0x66,                                           \
            0x77,                                           \
            0x88,                                           \
            0x99,                                           \
            0xaa,                                           \
            0xbb,                                           \
            0xcc,                                           \
            0xdd,                                           \
            0xee,                                           \
            0xff                                            \
        }                                                   \
    }
#define BOARD_FROM_IO                                       \
    {                                                       \
        .spi = 0x4d02, .mode = RELAYSEC_MODE_AEAD, .key = { \
            0xff,                                           \
            0xee,                                           \
            0xdd,                                           \
            0xcc,                                           \
            0xbb,                                           \
            0xaa,                                           \
            0x99,                                           \
            0x88,                                           \
            0x77,                                           \
            0x66,                                           \
            0x55,                                           \
            0x44,                                           \
            0x33,                                           \
            0x22,                                           \
            0x11,                                           \
            0x00                                            \
        }                                                   \
    }

#endif
