/*
 * Virtual time finer than a nanosecond, as symbols on a wire have it
 * (emu/wire/wire_abi.h): units of 2^-32 ns.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_WIRETIME_H
#define MEWS_LINK_WIRETIME_H

#include "emu/wire/wire_abi.h"

/* Any int64_t of nanoseconds and a frame more fit. */
typedef __int128 WireMoment;

static inline WireMoment wire_moment(int64_t ns, uint32_t fraction)
{
    return ((WireMoment)ns << 32) + fraction;
}

static inline WireMoment symbol_start(const WireSymbol *symbol)
{
    return wire_moment(symbol->start_ns, symbol->start_frac);
}

/* Where the same writer's next symbol may start. */
static inline WireMoment symbol_end(const WireSymbol *symbol)
{
    return symbol_start(symbol) + (WireMoment)symbol->bit_time * symbol->span_half_bits / 2;
}

/* The whole nanosecond in which it lies. */
static inline int64_t moment_ns(WireMoment moment)
{
    return (int64_t)(moment >> 32);
}

#endif
