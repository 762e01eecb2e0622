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

/* End of the pulse that bit @i is. */
static WireTime pulse_end(const WireSymbol *s, unsigned i)
{
    return wire_symbol_start(s) + (WireTime)s->bit_time * i +
           (WireTime)s->bit_time * s->pulse_length / s->pulse_of;
}

static bool symbol_level(const WireSymbol *s, WireTime t)
{
    unsigned i = bit_index(s, t - wire_symbol_start(s));

    if (s->pulse_of && i < s->nbits && t >= pulse_end(s, i)) {
        return s->level_after;
    }
    return symbol_bit(s, i);
}

/* The first begin or end of a pulse after @t. */
static WireTime next_pulse_edge(const WireSymbol *s, WireTime t)
{
    for (unsigned i = 0; i < s->nbits; i++) {
        WireTime begin = wire_symbol_start(s) + (WireTime)s->bit_time * i;

        if (symbol_bit(s, i) == s->level_after || pulse_end(s, i) <= t) {
            continue;
        }
        return begin > t ? begin : pulse_end(s, i);
    }
    return WIRE_TIME_NEVER;
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
    return symbol_level(s, t);
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

        if (s->pulse_of) {
            WireTime edge = next_pulse_edge(s, t);
            return edge < next ? edge : next;
        }
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
    return (source_level(&src[0], t) && source_level(&src[1], t) &&
            source_level(&src[2], t)) != inverted;
}

WireTime wire_falling_edge(const WireSource src[WIRE_SOURCES], WireTime from,
                           bool inverted)
{
    WireTime t = from - 1;
    bool level = wire_line_level(src, t, inverted);

    for (;;) {
        WireTime next = WIRE_TIME_NEVER;
        bool was = level;

        for (unsigned i = 0; i < WIRE_SOURCES; i++) {
            WireTime boundary = source_next_boundary(&src[i], t);

            next = boundary < next ? boundary : next;
        }
        t = next;
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
    /* quarters of a bit for 0.5 (its middle), 1, 1.5 and 2 stop bits */
    static const uint8_t quarters[] = { 0, 1, 2, 4, 2 };

    return start + (WireTime)s->bit_time * (1 + s->nbits) +
           (WireTime)s->bit_time * quarters[s->stop_half_bits] / 4;
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
    const WireSource *one = NULL;
    const WireSymbol *sym;
    uint64_t slack = s->bit_time / 64;

    for (unsigned i = 0; i < WIRE_SOURCES; i++) {
        if (!src[i].ring) {
            continue;
        }
        if (src[i].first < src[i].head) {
            if (one) {
                return false;
            }
            one = &src[i];
        } else if (!src[i].level) {
            return false;
        }
    }
    if (!one || s->inverted || s->stop_half_bits == 3 || s->pulse_clocks) {
        return false;
    }
    sym = symbol_at(one, one->first);
    if (sym->kind != WIRE_CHARACTER || sym->pulse_of ||
        wire_symbol_start(sym) != start ||
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

/* More pulses than a frame has bits: they are half a bit apart, or more. */
#define PULSES_MAX 40

/* What is sampled: levels, or what infrared pulses are decoded to. */
typedef struct Line {
    const WireSource *src;
    bool inverted;
    uint64_t bit_time;
    bool decoded;
    unsigned pulses;
    WireTime pulse[PULSES_MAX];
} Line;

static bool line_level(const Line *line, WireTime t)
{
    if (!line->decoded) {
        return wire_line_level(line->src, t, line->inverted);
    }
    for (unsigned i = 0; i < line->pulses; i++) {
        if (t >= line->pulse[i] && t < line->pulse[i] + line->bit_time) {
            return false;
        }
    }
    return true;
}

static WireTime line_falls(const Line *line, WireTime from)
{
    if (!line->decoded) {
        return wire_falling_edge(line->src, from, line->inverted);
    }
    for (unsigned i = 0; i < line->pulses; i++) {
        if (line->pulse[i] >= from) {
            return line->pulse[i];
        }
    }
    return WIRE_TIME_NEVER;
}

/* Whether the pulse at @edge is still there at the next clock from @edge on. */
static bool is_seen(const Line *line, WireTime start, WireTime edge,
                    unsigned clocks)
{
    WireTime first = start + line->bit_time / clocks / 2;
    WireTime after = edge > first ? edge - first : 0;
    WireTime n = (after * clocks + line->bit_time - 1) / line->bit_time;
    WireTime clock = first + (WireTime)line->bit_time * n / clocks;

    return !wire_line_level(line->src, clock, line->inverted);
}

/* The pulses of a frame, as the decoder sees them; @start is an edge. */
static void find_pulses(Line *line, WireTime start, const WireSampling *s)
{
    WireTime end = wire_frame_end(start, s);
    WireTime last = start - s->bit_time;
    WireTime edge = start;

    line->decoded = true;
    while (edge < end && line->pulses < PULSES_MAX) {
        if (edge >= last + s->bit_time / 2 &&
            is_seen(line, start, edge, s->pulse_clocks)) {
            line->pulse[line->pulses++] = last = edge;
        }
        edge = wire_falling_edge(line->src, edge + 1, s->inverted);
    }
}

/* Majority of samples @k, @k + @step, @k + 2 @step, in 32ths of the bit. */
static bool majority(const Line *line, WireTime bit_start, uint64_t width,
                     unsigned k, unsigned step, bool *noise)
{
    unsigned ones = 0;

    for (unsigned i = 0; i < 3; i++, k += step) {
        ones += line_level(line, bit_start + (WireTime)width * k / 32);
    }
    *noise |= ones == 1 || ones == 2;
    return ones >= 2;
}

/* A data or stop bit, around the middle of the bit at @bit_start. */
static bool sample_bit(const Line *line, WireTime bit_start, uint64_t width,
                       const WireSampling *s, bool *noise)
{
    if (s->one_sample) {
        return line_level(line, bit_start +
                                    (WireTime)width * (s->by_8 ? 18 : 17) / 32);
    }
    return s->by_8 ? majority(line, bit_start, width, 14, 4, noise)
                   : majority(line, bit_start, width, 15, 2, noise);
}

/* The sequence is the same with 8 samples a bit and with 16 (RM0041 23.3.3). */
static bool is_start_bit(const Line *line, WireTime start,
                         const WireSampling *s, bool *noise)
{
    bool start_noise = false;

    if (majority(line, start, s->bit_time, 5, 4, &start_noise) ||
        majority(line, start, s->bit_time, 15, 2, &start_noise)) {
        return false;
    }
    *noise |= start_noise && !s->one_sample;
    return true;
}

/* Where the bit that should begin at @t does, if a one comes before it. */
static WireTime resynchronised(const Line *line, WireTime t,
                               const WireSampling *s)
{
    WireTime edge = line_falls(line, t - s->bit_time / 4);

    return edge <= t + s->bit_time / 2 ? edge : t;
}

WireSampled wire_sample(const WireSource src[WIRE_SOURCES], WireTime start,
                        const WireSampling *s)
{
    uint64_t stop_width = s->stop_half_bits < 2 ? s->bit_time / 2 : s->bit_time;
    WireSampled out = { 0 };
    WireTime t = start;
    Line line;

    if (sample_aligned(src, start, s, &out)) {
        return out;
    }
    line.src = src;
    line.inverted = s->inverted;
    line.bit_time = s->bit_time;
    line.decoded = false;
    line.pulses = 0;
    if (s->pulse_clocks) {
        find_pulses(&line, start, s);
    }
    if (!is_start_bit(&line, t, s, &out.noise)) {
        out.false_start = true;
        return out;
    }
    for (unsigned i = 0; i < s->nbits; i++) {
        t += s->bit_time;
        if (s->resync && i > 0 && (out.bits >> (i - 1)) & 1) {
            t = resynchronised(&line, t, s);
        }
        if (sample_bit(&line, t, s->bit_time, s, &out.noise)) {
            out.bits |= 1u << i;
        }
    }
    t += s->bit_time;
    if (s->stop_half_bits == 3) {
        t += s->bit_time / 2;
    }
    out.framing_error =
        !sample_bit(&line, t, stop_width, s, &out.noise);
    out.all_zero = out.framing_error && out.bits == 0;
    return out;
}

WireSampled wire_sample_clocked(const WireSource src[WIRE_SOURCES],
                                WireTime start, const WireSampling *s)
{
    WireSampled out = { 0 };
    WireTime t = start + s->bit_time + s->bit_time / 2;

    for (unsigned i = 0; i < s->nbits; i++, t += s->bit_time) {
        out.bits |= wire_line_level(src, t, s->inverted) << i;
    }
    return out;
}

WireTime wire_break_seen(const WireSource src[WIRE_SOURCES], WireTime *from,
                         WireTime now, const WireSampling *s, unsigned zeros)
{
    WireTime hunt = *from;

    for (;;) {
        WireTime fall = wire_falling_edge(src, hunt, s->inverted);
        WireTime last, rise;

        if (fall >= WIRE_TIME_NEVER) {
            return WIRE_TIME_NEVER;
        }
        rise = wire_falling_edge(src, fall + 1, !s->inverted);
        if (rise >= WIRE_TIME_NEVER) {
            return WIRE_TIME_NEVER;
        }
        last = fall + (WireTime)s->bit_time * (zeros - 1);
        /* two of the last bit's three samples are 0 */
        if (rise > last + (WireTime)s->bit_time * 17 / 32) {
            WireTime sampled = last + (WireTime)s->bit_time * 19 / 32;

            return (rise > sampled ? rise : sampled) + s->bit_time / 16;
        }
        hunt = rise;
        if (rise <= now) {
            *from = rise;
        }
    }
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
