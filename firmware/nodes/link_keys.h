/*
 * The security associations of the link between both nodes, with the test keys of the rigs
 * (rigs/flight.rig); an aircraft gets its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NODES_LINK_KEYS_H
#define NODES_LINK_KEYS_H

#include "relay/relaysec.h"

#define LINK_CHANNEL 1u

#define LINK_FMU_TO_IO                                                            \
    {                                                                             \
        .spi = 0x4d01, .mode = RELAYSEC_MODE_AEAD,                                \
        .key = "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff" \
    }
#define LINK_IO_TO_FMU                                                            \
    {                                                                             \
        .spi = 0x4d02, .mode = RELAYSEC_MODE_AEAD,                                \
        .key = "\xff\xee\xdd\xcc\xbb\xaa\x99\x88\x77\x66\x55\x44\x33\x22\x11\x00" \
    }

#endif
