/*
 * What a UART receiver samples from line levels with times; see sampler.h
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sampler.h"

static const WireSymbol *symbol_at(const WireSource *src, uint64_t i)
{
    return &src->ring->symbol[i % WIRE_RING_SYMBOLS];
}

/* Index of the bit that is on the line @into the symbol, or nbits. */
static unsigned bit_index(const WireSymbol *s, WireTime into)
{
    if (s->nbits == 0 || into >= (WireTime)s->bit_time * s->nbits) {
        return s->nbits;
    }
    if (into >> 64) {
        return (unsigned)(into / s->bit_time);
    }
    return (unsigned)((uint64_t)into / s->bit_time);
}

static bool symbol_bit(const WireSymbol *s, unsigned i)
{
    return i < s->nbits ? (s->bits >> i) & 1 : s->level_after;
}

/* Number of symbols, from src->first on, that have started by @t. */
static uint64_t started(const WireSource *src, WireTime t)
{
    uint64_t n = 0;

    while (src->first + n < src->head &&
           wire_symbol_start(symbol_at(src, src->first + n)) <= t) {
        n++;
    }
    return n;
}

static bool source_level(const WireSource *src, WireTime t)
{
    const WireSymbol *s;
    uint64_t n;

    if (!src->ring) {
        return true;
    }
    n = started(src, t);
    if (n == 0) {
        return src->level;
    }
    s = symbol_at(src, src->first + n - 1);
    return symbol_bit(s, bit_index(s, t - wire_symbol_start(s)));
}

/* The first moment after @t at which the source may change its level. */
static WireTime source_next_boundary(const WireSource *src, WireTime t)
{
    WireTime next = WIRE_TIME_NEVER;
    uint64_t n;

    if (!src->ring) {
        return WIRE_TIME_NEVER;
    }
    n = started(src, t);
    if (src->first + n < src->head) {
        next = wire_symbol_start(symbol_at(src, src->first + n));
    }
    if (n > 0) {
        const WireSymbol *s = symbol_at(src, src->first + n - 1);
        WireTime start = wire_symbol_start(s);
        unsigned i = bit_index(s, t - start);

        /* bits of equal level are one piece */
        while (i < s->nbits) {
            i++;
            if (symbol_bit(s, i) != symbol_bit(s, i - 1)) {
                WireTime edge = start + (WireTime)s->bit_time * i;
                return edge < next ? edge : next;
            }
        }
    }
    return next;
}

bool wire_line_level(const WireSource src[WIRE_SOURCES], WireTime t,
                     bool inverted)
{
    return (source_level(&src[0], t) && source_level(&src[1], t)) != inverted;
}

WireTime wire_falling_edge(const WireSource src[WIRE_SOURCES], WireTime from,
                           bool inverted)
{
    WireTime t = from - 1;
    bool level = wire_line_level(src, t, inverted);

    for (;;) {
        WireTime a = source_next_boundary(&src[0], t);
        WireTime b = source_next_boundary(&src[1], t);
        bool was = level;

        t = a < b ? a : b;
        if (t >= WIRE_TIME_NEVER) {
            return WIRE_TIME_NEVER;
        }
        level = wire_line_level(src, t, inverted);
        if (was && !level) {
            return t;
        }
    }
}

WireTime wire_start_sample(WireTime start, const WireSampling *s)
{
    return start + s->bit_time / 2;
}

WireTime wire_stop_sample(WireTime start, const WireSampling *s)
{
    unsigned stop = s->stop_half_bits < 2 ? s->stop_half_bits : 2;

    /* a stop bit of half a bit is sampled in the middle of that half */
    return start + (WireTime)s->bit_time * (1 + s->nbits) +
           (WireTime)s->bit_time * stop / 4;
}

WireTime wire_frame_end(WireTime start, const WireSampling *s)
{
    return start + (WireTime)s->bit_time * (1 + s->nbits) +
           (WireTime)s->bit_time * s->stop_half_bits / 2;
}

/*
 * The usual case: one source, whose symbol starts with the frame and has bits
 * of nearly the receiver's length, so that every sample falls into its bit.
 */
static bool sample_aligned(const WireSource src[WIRE_SOURCES], WireTime start,
                           const WireSampling *s, WireSampled *out)
{
    const WireSource *one = &src[0];
    const WireSymbol *sym;
    uint64_t slack = s->bit_time / 64;

    if (src[1].ring && src[1].first < src[1].head) {
        if (src[0].ring && src[0].first < src[0].head) {
            return false;
        }
        one = &src[1];
    }
    if (!(src[0].ring ? src[0].level || one == &src[0] : true) ||
        !(src[1].ring ? src[1].level || one == &src[1] : true)) {
        return false;
    }
    if (!one->ring || one->first == one->head || s->inverted) {
        return false;
    }
    sym = symbol_at(one, one->first);
    if (sym->kind != WIRE_CHARACTER || wire_symbol_start(sym) != start ||
        sym->nbits != s->nbits + 2 || !sym->level_after ||
        sym->bit_time > s->bit_time + slack ||
        sym->bit_time + slack < s->bit_time || (sym->bits & 1)) {
        return false;
    }
    if (one->first + 1 < one->head &&
        wire_symbol_start(symbol_at(one, one->first + 1)) <
            start + (WireTime)s->bit_time * (s->nbits + 2)) {
        return false;
    }
    *out = (WireSampled){
        .bits = (sym->bits >> 1) & ((1u << s->nbits) - 1),
        .framing_error = !((sym->bits >> (s->nbits + 1)) & 1),
    };
    out->all_zero = out->framing_error && out->bits == 0;
    return true;
}

/* Majority of three samples around the middle of the bit at @bit_start. */
static bool sample_bit(const WireSource src[WIRE_SOURCES], WireTime bit_start,
                       uint64_t width, bool inverted, bool *noise)
{
    unsigned ones = 0;

    for (unsigned k = 15; k <= 19; k += 2) {
        ones += wire_line_level(src, bit_start + (WireTime)width * k / 32,
                                inverted);
    }
    *noise |= ones == 1 || ones == 2;
    return ones >= 2;
}

WireSampled wire_sample(const WireSource src[WIRE_SOURCES], WireTime start,
                        const WireSampling *s)
{
    uint64_t stop_width = s->stop_half_bits < 2 ? s->bit_time / 2 : s->bit_time;
    WireSampled out = { 0 };
    WireTime t = start;

    if (sample_aligned(src, start, s, &out)) {
        return out;
    }
    if (sample_bit(src, t, s->bit_time, s->inverted, &out.noise)) {
        out.false_start = true;
        return out;
    }
    for (unsigned i = 0; i < s->nbits; i++) {
        t += s->bit_time;
        if (sample_bit(src, t, s->bit_time, s->inverted, &out.noise)) {
            out.bits |= 1u << i;
        }
    }
    t += s->bit_time;
    out.framing_error =
        !sample_bit(src, t, stop_width, s->inverted, &out.noise);
    out.all_zero = out.framing_error && out.bits == 0;
    return out;
}

void wire_source_forget(WireSource *src, WireTime t)
{
    if (!src->ring) {
        return;
    }
    /* the last started symbol decides the level; those before it are over */
    while (src->first < src->head) {
        const WireSymbol *s = symbol_at(src, src->first);
        WireTime bits_end =
            wire_symbol_start(s) + (WireTime)s->bit_time * s->nbits;
        bool followed = src->first + 1 < src->head &&
                        wire_symbol_start(symbol_at(src, src->first + 1)) <= t;

        if (!followed && bits_end > t) {
            break;
        }
        src->level = s->level_after;
        src->first++;
    }
}
