/*
 * What a receiver samples from levels with times (emu/wire/sampler.h), and
 * how far a machine may run (emu/wire/bound.h).
 *
 * Bit times are given in ns; a "character" is one as a UART sends it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>
#include "bound.h"
#include "sampler.h"

static WireRing *ring[WIRE_SOURCES];
static WireSource source[WIRE_SOURCES];

static uint64_t bit(double ns)
{
    return (uint64_t)(ns * 4294967296.0 + 0.5);
}

static void clear(void)
{
    for (int i = 0; i < WIRE_SOURCES; i++) {
        if (!ring[i]) {
            ring[i] = calloc(1, sizeof(WireRing));
        }
        ring[i]->head = 0;
        source[i] = (WireSource){.ring = ring[i], .level = true};
    }
}

static void put(int src, WireSymbol s)
{
    uint64_t head = ring[src]->head;

    ring[src]->symbol[head % WIRE_RING_SYMBOLS] = s;
    ring[src]->head = source[src].head = head + 1;
}

/* Levels of one bit time each, the first in bit 0 of @bits; then the line is high. */
static void levels(int src, WireSymbolKind kind, int64_t start_ns, double bit_ns, unsigned bits,
                   unsigned nbits)
{
    put(src, (WireSymbol){
                 .start_ns = start_ns,
                 .bits = (uint16_t)bits,
                 .nbits = (uint8_t)nbits,
                 .span_half_bits = (uint8_t)(nbits * 2),
                 .bit_time = bit(bit_ns),
                 .kind = kind,
                 .level_after = 1,
             });
}

/* 8N1 unless more bits are given: @data in bits 0.. with its parity */
static void character(int src, int64_t start_ns, double bit_ns, unsigned data, unsigned nbits)
{
    levels(src, WIRE_CHARACTER, start_ns, bit_ns, data << 1 | 1u << (nbits + 1), nbits + 2);
}

static WireSampling receiver(double bit_ns, unsigned nbits)
{
    return (WireSampling){
        .bit_time = bit(bit_ns),
        .nbits = (uint8_t)nbits,
        .stop_half_bits = 2,
    };
}

static WireSampled receive(double bit_ns, unsigned nbits)
{
    WireSampling s = receiver(bit_ns, nbits);
    WireTime start = wire_falling_edge(source, 0, false);

    return wire_sample(source, start, &s);
}

static void test_equal_rates(void)
{
    for (unsigned data = 0; data < 256; data++) {
        clear();
        character(0, 1000, 2000.0 / 3, data, 8);
        CU_ASSERT_EQUAL(wire_time_ns(wire_falling_edge(source, 0, false)), 1000);
        WireSampled got = receive(2000.0 / 3, 8);
        CU_ASSERT_EQUAL(got.bits, data);
        CU_ASSERT_FALSE(got.framing_error || got.noise || got.false_start);
    }
}

/* The short way and the three samples per bit must agree. */
static void test_short_way_agrees(void)
{
    for (unsigned data = 0; data < 256; data++) {
        clear();
        character(0, 1000, 666.6, data, 8);
        WireSampled fast = receive(666.6, 8);
        /* a level symbol before it makes the aligned case impossible */
        clear();
        put(0, (WireSymbol){.start_ns = 10, .kind = WIRE_LEVEL, .level_after = 1});
        character(0, 1000, 666.6, data, 8);
        WireSampled slow = receive(666.6, 8);
        CU_ASSERT_EQUAL(fast.bits, slow.bits);
        CU_ASSERT_EQUAL(fast.framing_error, slow.framing_error);
        CU_ASSERT_FALSE(slow.noise);
    }
}

/* Sampling in the middle of ten bits tolerates about half a bit in 9.5. */
static void test_tolerance(void)
{
    for (int permille = -40; permille <= 40; permille++) {
        clear();
        character(0, 0, 1000.0 + permille, 0x55, 8);
        WireSampled got = receive(1000.0, 8);
        CU_ASSERT_EQUAL(got.bits, 0x55);
        CU_ASSERT_FALSE(got.framing_error);
    }
    clear();
    character(0, 0, 1080.0, 0x00, 8);
    CU_ASSERT_TRUE(receive(1000.0, 8).framing_error);
}

/* A sender at half the rate: two samples per sent bit, low until 2 us. */
static void test_half_rate(void)
{
    clear();
    character(0, 0, 2000, 0x00, 8); /* low for 18 us of 20 */
    WireSampled got = receive(1000, 8);
    CU_ASSERT_EQUAL(got.bits, 0);
    CU_ASSERT_TRUE(got.framing_error);
    CU_ASSERT_TRUE(got.all_zero);
    clear();
    character(0, 0, 2000, 0xff, 8); /* the start bit alone is low */
    got = receive(1000, 8);
    CU_ASSERT_EQUAL(got.bits, 0xfe);
    CU_ASSERT_FALSE(got.framing_error);
}

/* A sender at ten times the rate: its character is over in one bit time. */
static void test_fast_sender(void)
{
    clear();
    character(0, 0, 100, 0x00, 8); /* low for 900 ns */
    WireSampled got = receive(1000, 8);
    CU_ASSERT_FALSE(got.false_start);
    CU_ASSERT_EQUAL(got.bits, 0xff);
    clear();
    character(0, 0, 100, 0xff, 8); /* low for 100 ns: a glitch */
    CU_ASSERT_TRUE(receive(1000, 8).false_start);
}

/* An edge between the samples of a bit is noise, the majority decides. */
static void test_noise(void)
{
    clear();
    /* low until 1.54 us: the samples of data bit 0 see 0, 0, 1 */
    levels(0, WIRE_CHARACTER, 0, 1540, 0, 1);
    WireSampled got = receive(1000, 8);
    CU_ASSERT_TRUE(got.noise);
    CU_ASSERT_EQUAL(got.bits, 0xfe);
    clear();
    /* low until 1.48 us: 0, 1, 1 */
    levels(0, WIRE_CHARACTER, 0, 1480, 0, 1);
    got = receive(1000, 8);
    CU_ASSERT_TRUE(got.noise);
    CU_ASSERT_EQUAL(got.bits, 0xff);
}

static unsigned low_at_32nds(double bit_ns, bool by_8, bool one_sample, bool *noise)
{
    WireSampling s = receiver(bit_ns, 8);
    WireSampled got;

    s.by_8 = by_8;
    s.one_sample = one_sample;
    got = wire_sample(source, wire_falling_edge(source, 0, false), &s);
    *noise = got.noise;
    return got.bits;
}

/* A 0 of one 32th, k 32ths into data bit 0, is seen by a sample there only. */
static void test_places_of_the_samples(void)
{
    static const struct {
        bool by_8, one_sample;
        uint32_t seen, decides; /* bit k: the pulse at k makes noise; a 0 */
    } way[] = {
        {false, false, 1u << 15 | 1u << 17 | 1u << 19, 0},
        {true, false, 1u << 14 | 1u << 18 | 1u << 22, 0},
        {false, true, 0, 1u << 17},
        {true, true, 0, 1u << 18},
    };

    for (unsigned w = 0; w < 4; w++) {
        for (unsigned k = 1; k < 31; k++) {
            bool noise;
            unsigned bits;

            clear();
            character(0, 0, 3200, 0xff, 8);
            /* from half a 32th before the sample's place to half a one behind */
            levels(1, WIRE_CHARACTER, 3200 + k * 100 - 50, 100, 0, 1);
            bits = low_at_32nds(3200, way[w].by_8, way[w].one_sample, &noise);
            CU_ASSERT_EQUAL(noise, (way[w].seen >> k) & 1);
            CU_ASSERT_EQUAL(bits, 0xffu & ~((way[w].decides >> k) & 1));
        }
    }
}

/* IMXRT1170RM, LPUART: a sender 6 % too slow is followed from edge to edge. */
static void test_resynchronisation(void)
{
    for (unsigned resync = 0; resync < 2; resync++) {
        WireSampling s = receiver(1000, 8);
        WireSampled got;

        clear();
        character(0, 0, 1060, 0x55, 8);
        s.resync = resync;
        got = wire_sample(source, wire_falling_edge(source, 0, false), &s);
        CU_ASSERT_EQUAL(got.framing_error, !resync);
        CU_ASSERT_TRUE(!resync || got.bits == 0x55);
    }
}

/* RM0041 23.3.3: start bit 1 1 1 0 X 0 X 0 X 0 0 0 0, two of three suffice. */
static void test_start_bit_samples(void)
{
    static const struct {
        uint32_t high; /* 32ths of the start bit that are 1 */
        bool start, noise;
    } way[] = {
        {1u << 5, true, true},
        {1u << 9, true, true},
        {1u << 13, true, true},
        {1u << 7 | 1u << 11, true, false}, /* between the samples */
        {1u << 5 | 1u << 9, false, false},
        {1u << 9 | 1u << 13, false, false},
        {1u << 15, true, true},
        {1u << 15 | 1u << 19, false, false},
        {1u << 25, true, false},
    };

    for (unsigned w = 0; w < sizeof(way) / sizeof(way[0]); w++) {
        clear();
        for (unsigned half = 0; half < 2; half++) { /* 32ths 0..15, 16..31 */
            levels(0, WIRE_CHARACTER, 1000 + half * 1600 - 50, 100, way[w].high >> (half * 16), 16);
        }
        WireSampling s = receiver(3200, 8);
        WireSampled got = wire_sample(source, wire_time(1000, 0), &s);
        CU_ASSERT_EQUAL(got.false_start, !way[w].start);
        CU_ASSERT_EQUAL(got.noise && !got.false_start, way[w].noise);
    }
}

/* RM0041 23.3.3: 1.5 stop bits are sampled a bit time after their begin. */
static void test_one_and_a_half_stop_bits(void)
{
    static const struct {
        unsigned stop_half_bits;
        int64_t sample_ns[3]; /* two of them 0 are a framing error */
    } way[] = {{1, {9234, 9265, 9296}},
               {2, {9468, 9531, 9593}},
               {3, {9968, 10031, 10093}},
               {4, {9468, 9531, 9593}}};

    for (unsigned w = 0; w < 4; w++) {
        for (int64_t at = 9050; at < 10400; at += 100) {
            WireSampling s = receiver(1000, 8);
            unsigned zeros = 0;

            for (unsigned i = 0; i < 3; i++) {
                zeros += way[w].sample_ns[i] >= at - 50 && way[w].sample_ns[i] < at + 150;
            }
            s.stop_half_bits = (uint8_t)way[w].stop_half_bits;
            clear();
            character(0, 0, 1000, 0xff, 8);
            levels(1, WIRE_CHARACTER, at - 50, 200, 0, 1);
            CU_ASSERT_EQUAL(wire_sample(source, 0, &s).framing_error, zeros >= 2);
        }
    }
    WireSampling s = receiver(1000, 8);
    s.stop_half_bits = 3;
    CU_ASSERT_EQUAL(wire_time_ns(wire_stop_sample(0, &s)), 10000);
    CU_ASSERT_EQUAL(wire_time_ns(wire_frame_end(0, &s)), 10500);
}

/* The third source is the receiver's own transmitter (single wire). */
static void test_own_transmitter_is_a_source(void)
{
    clear();
    character(2, 0, 1000, 0x3c, 8);
    CU_ASSERT_EQUAL(receive(1000, 8).bits, 0x3c);
    clear();
    character(2, 0, 1000, 0x3c, 8);
    character(0, 0, 1000, 0xf0, 8);
    CU_ASSERT_EQUAL(receive(1000, 8).bits, 0x30);
}

/* A clock samples where it is told to, whatever the level before. */
static void test_clocked(void)
{
    WireSampling s = receiver(1000, 8);

    clear();
    character(0, 0, 1000, 0x5a, 8);
    CU_ASSERT_EQUAL(wire_sample_clocked(source, 0, &s).bits, 0x5a);
    /* a bit later: the line is read, not framed */
    WireSampled got = wire_sample_clocked(source, wire_time(1000, 0), &s);
    CU_ASSERT_EQUAL(got.bits, 0x5a >> 1 | 0x80);
    CU_ASSERT_FALSE(got.framing_error || got.noise || got.false_start);
}

static WireTime break_of(int64_t low_ns, unsigned zeros)
{
    WireSampling s = receiver(1600, 8);
    WireTime from = 0;

    clear();
    put(0, (WireSymbol){.start_ns = 1000, .kind = WIRE_LEVEL, .level_after = 0});
    put(0, (WireSymbol){.start_ns = 1000 + low_ns, .kind = WIRE_LEVEL, .level_after = 1});
    return wire_break_seen(source, &from, 0, &s, zeros);
}

/* RM0041 23.3.8: 10 or 11 bits sampled 0, then the delimiter. */
static void test_break_detection(void)
{
    for (unsigned zeros = 10; zeros <= 11; zeros++) {
        int64_t last = 1600 * (zeros - 1); /* begin of the last bit */

        CU_ASSERT_EQUAL(break_of(last + 800, zeros), WIRE_TIME_NEVER);
        /* its samples have been 0: the delimiter may come at once */
        CU_ASSERT_EQUAL(wire_time_ns(break_of(last + 900, zeros)), 1000 + last + 950 + 100);
        /* a longer break ends with its delimiter */
        CU_ASSERT_EQUAL(wire_time_ns(break_of(last + 9000, zeros)), 1000 + last + 9000 + 100);
    }
}

/* A 1 that comes too early starts the search again, and is not looked at twice. */
static void test_break_after_characters(void)
{
    WireSampling s = receiver(1000, 8);
    WireTime from = 0;

    clear();
    character(0, 0, 1000, 0x00, 8); /* low for 9 bits */
    character(0, 10000, 1000, 0xf0, 8);
    levels(0, WIRE_BREAK, 30000, 1000, 0x2000, 14);
    CU_ASSERT_EQUAL(wire_time_ns(wire_break_seen(source, &from, wire_time(12000, 0), &s, 10)),
                    43062);
    CU_ASSERT_EQUAL(wire_time_ns(from), 9000);
    wire_break_seen(source, &from, wire_time(43000, 0), &s, 10);
    CU_ASSERT_EQUAL(wire_time_ns(from), 15000);
}

static void test_parity_bit_is_a_bit(void)
{
    clear();
    character(0, 0, 10000, 0x1a5, 9);
    WireSampled got = receive(10000, 9);
    CU_ASSERT_EQUAL(got.bits, 0x1a5);
    /* a receiver of 8N1 takes the ninth bit for its stop bit */
    clear();
    character(0, 0, 10000, 0x0a5, 9);
    CU_ASSERT_TRUE(receive(10000, 8).framing_error);
}

static void test_break_and_recovery(void)
{
    clear();
    levels(0, WIRE_BREAK, 0, 1000, 0x2000, 14);
    character(0, 20000, 1000, 0x42, 8);
    WireSampling s = receiver(1000, 8);
    WireTime start = wire_falling_edge(source, 0, false);
    WireSampled got = wire_sample(source, start, &s);
    CU_ASSERT_TRUE(got.all_zero && got.framing_error);
    /* the line is still low: the next start bit comes after it went high */
    WireTime from = wire_stop_sample(start, &s);
    wire_source_forget(&source[0], from - 1);
    start = wire_falling_edge(source, from, false);
    CU_ASSERT_EQUAL(wire_time_ns(start), 20000);
    CU_ASSERT_EQUAL(wire_sample(source, start, &s).bits, 0x42);
}

/* A receiver that is enabled on a low line waits until it has been high. */
static void test_hunt_on_a_low_line(void)
{
    clear();
    put(0, (WireSymbol){.start_ns = 0, .kind = WIRE_LEVEL});
    character(0, 1000, 1000, 0x00, 8); /* low to 10000, then its stop bit */
    character(0, 20000, 1000, 0x42, 8);
    CU_ASSERT_EQUAL(wire_time_ns(wire_falling_edge(source, wire_time(500, 0), false)), 20000);
}

/* Two talkers pull the line low together. */
static void test_collision(void)
{
    clear();
    character(0, 0, 1000, 0xf0, 8);
    character(1, 0, 1000, 0x3c, 8);
    CU_ASSERT_EQUAL(receive(1000, 8).bits, 0x30);
    clear();
    character(1, 500, 1000, 0x3c, 8);
    CU_ASSERT_EQUAL(receive(1000, 8).bits, 0x3c);
}

static void test_inverted(void)
{
    clear();
    source[0].level = false;
    put(0, (WireSymbol){.start_ns = 0,
                        .bits = 0x1ff & ~(0xa5 << 1) & 0x1ff,
                        .nbits = 10,
                        .span_half_bits = 20,
                        .bit_time = bit(1000),
                        .kind = WIRE_CHARACTER,
                        .level_after = 0});
    WireSampling s = receiver(1000, 8);
    s.inverted = true;
    source[1].ring = NULL;
    WireTime start = wire_falling_edge(source, 0, true);
    CU_ASSERT_EQUAL(wire_time_ns(start), 0);
    CU_ASSERT_EQUAL(wire_sample(source, start, &s).bits, 0xa5);
}

/* Back to back, with the fraction of a ns carried on: no drift. */
/* A character whose zeros are pulses of @length / @of of the bit. */
static void pulses(int src, int64_t start_ns, double bit_ns, unsigned data, unsigned length,
                   unsigned of)
{
    character(src, start_ns, bit_ns, data, 8);
    ring[src]->symbol[(source[src].head - 1) % WIRE_RING_SYMBOLS].pulse_length = (uint8_t)length;
    ring[src]->symbol[(source[src].head - 1) % WIRE_RING_SYMBOLS].pulse_of = (uint8_t)of;
}

static WireSampled receive_pulses(double bit_ns, unsigned clocks)
{
    WireSampling s = receiver(bit_ns, 8);

    s.pulse_clocks = (uint8_t)clocks;
    return wire_sample(source, wire_falling_edge(source, 0, false), &s);
}

/* IMXRT1170RM, LPUART: pulses of 1 to 4 clocks, whatever the rate within its tolerance */
static void test_infrared(void)
{
    static const int permille[] = {-30, 0, 30};

    for (unsigned data = 0; data < 256; data++) {
        for (unsigned length = 1; length <= 4; length++) {
            for (unsigned i = 0; i < 3; i++) {
                clear();
                pulses(0, 1000, 1000.0 + permille[i], data, length, length < 2 ? 12 : 16);
                WireSampled got = receive_pulses(1000, 16);
                CU_ASSERT_EQUAL(got.bits, data);
                CU_ASSERT_FALSE(got.framing_error || got.noise || got.false_start);
            }
        }
    }
}

static void test_levels_of_pulses(void)
{
    clear();
    pulses(0, 1000, 1000, 0x02, 3, 16);
    for (int i = 0; i < 10; i++) {
        bool zero = i != 2 && i != 9;

        CU_ASSERT_EQUAL(wire_line_level(source, wire_time(1000 + 1000 * i, 0), false), !zero);
        CU_ASSERT_EQUAL(wire_line_level(source, wire_time(1187 + 1000 * i, 0), false), !zero);
        CU_ASSERT_TRUE(wire_line_level(source, wire_time(1188 + 1000 * i, 0), false));
    }
    CU_ASSERT_EQUAL(wire_time_ns(wire_falling_edge(source, wire_time(1001, 0), false)), 2000);
    CU_ASSERT_EQUAL(wire_time_ns(wire_falling_edge(source, wire_time(2001, 0), true)), 2187);
    CU_ASSERT_EQUAL(wire_time_ns(wire_falling_edge(source, wire_time(2500, 0), false)), 4000);
}

/* A receiver of levels takes a pulse for noise; pulses to be are levels' edges. */
static void test_infrared_and_levels(void)
{
    clear();
    pulses(0, 1000, 1000, 0x55, 3, 16);
    CU_ASSERT_TRUE(receive(1000, 8).false_start);
    clear();
    pulses(0, 1000, 1000, 0x55, 4, 4); /* as long as the bit */
    CU_ASSERT_EQUAL(receive(1000, 8).bits, 0x55);
    clear();
    character(0, 1000, 1000, 0xcc, 8); /* edges at the start bit and at bit 4 */
    CU_ASSERT_EQUAL(receive_pulses(1000, 16).bits, 0xef);
}

/* Shorter than half a clock, or within half a bit after another one: no pulse. */
static void test_infrared_noise(void)
{
    clear();
    levels(0, WIRE_CHARACTER, 1000, 30, 0, 1);
    CU_ASSERT_TRUE(receive_pulses(1000, 16).false_start);
    clear();
    pulses(0, 1000, 1000, 0xff, 3, 16);
    levels(1, WIRE_CHARACTER, 1480, 100, 0, 1);
    CU_ASSERT_EQUAL(receive_pulses(1000, 16).bits, 0xff);
    CU_ASSERT_FALSE(receive_pulses(1000, 16).noise);
    clear();
    pulses(0, 1000, 1000, 0xff, 3, 16);
    levels(1, WIRE_CHARACTER, 4000, 100, 0, 1);
    CU_ASSERT_EQUAL(receive_pulses(1000, 16).bits, 0xfb);
}

static void test_back_to_back(void)
{
    WireTime t = wire_time(0, 0);
    WireSampling s = receiver(2000.0 / 3, 8);
    WireTime from = 0;

    clear();
    for (unsigned i = 0; i < 1000; i++) {
        WireSymbol symbol = {
            .start_ns = wire_time_ns(t),
            .start_frac = (uint32_t)t,
            .bits = (uint16_t)((i & 0xff) << 1 | 0x200),
            .nbits = 10,
            .span_half_bits = 20,
            .bit_time = bit(2000.0 / 3),
            .kind = WIRE_CHARACTER,
            .level_after = 1,
        };
        put(0, symbol);
        t = wire_symbol_end(&symbol);
    }
    CU_ASSERT_EQUAL(wire_time_ns(t), 6666666);
    for (unsigned i = 0; i < 1000; i++) {
        WireTime start = wire_falling_edge(source, from, false);
        wire_source_forget(&source[0], start);
        WireSampled got = wire_sample(source, start, &s);
        CU_ASSERT_EQUAL(got.bits, i & 0xff);
        CU_ASSERT_FALSE(got.framing_error || got.noise);
        from = wire_stop_sample(start, &s);
    }
    CU_ASSERT_EQUAL(wire_falling_edge(source, from, false), WIRE_TIME_NEVER);
}

/* ---- look-ahead ---- */

static WireRig *rig;

/* machines 0..n-1 in a row, wire w joins w and w+1, reactions of 100 ns */
static void chain(unsigned machines)
{
    free(rig);
    rig = calloc(1, sizeof(WireRig));
    rig->machine_count = machines;
    rig->wire_count = machines - 1;
    for (unsigned w = 0; w < machines - 1; w++) {
        for (unsigned e = 0; e < 2; e++) {
            rig->wire[w].end[e].machine = w + e;
            rig->machine[w + e].reaction_ns[w][e] = 100;
        }
    }
}

static int64_t bound_of(unsigned machine, unsigned me)
{
    int64_t bound[WIRE_MACHINES_MAX];

    wire_bounds(rig, me, bound);
    return bound[machine];
}

static void test_bound_of_a_sleeper(void)
{
    chain(2);
    rig->machine[1].next_ns = 5000;
    CU_ASSERT_EQUAL(bound_of(1, 0), 5000);
}

/* It has not seen my symbol: it may answer once that has arrived. */
static void test_bound_unseen_symbol(void)
{
    chain(2);
    rig->machine[1].next_ns = 5000;
    rig->wire[0].tx[0].symbol[0].start_ns = 1000;
    rig->wire[0].tx[0].head = 1;
    CU_ASSERT_EQUAL(bound_of(1, 0), 1100);
    rig->machine[1].seen[0][1] = 1;
    CU_ASSERT_EQUAL(bound_of(1, 0), 5000);
    rig->wire[0].tx[0].symbol[1].start_ns = 2000;
    rig->wire[0].tx[0].head = 2;
    CU_ASSERT_EQUAL(bound_of(1, 0), 2100);
}

/* A machine behind the sleeper can wake it. */
static void test_bound_through_a_third(void)
{
    chain(4);
    rig->machine[1].next_ns = 5000;
    rig->machine[2].next_ns = 5000;
    rig->machine[3].next_ns = 300;
    CU_ASSERT_EQUAL(bound_of(3, 0), 300);
    CU_ASSERT_EQUAL(bound_of(2, 0), 400);
    CU_ASSERT_EQUAL(bound_of(1, 0), 500);
    /* one whose receiver is off is not woken */
    rig->machine[2].reaction_ns[2][0] = WIRE_NS_NEVER;
    CU_ASSERT_EQUAL(bound_of(2, 0), 5000);
    CU_ASSERT_EQUAL(bound_of(1, 0), 5000);
}

int main(void)
{
    static CU_TestInfo sampler[] = {
        {"equal rates: all 256 characters", test_equal_rates},
        {"the short way agrees with sampling", test_short_way_agrees},
        {"tolerance of 4 %, not of 8 %", test_tolerance},
        {"sender at half the rate", test_half_rate},
        {"sender at ten times the rate", test_fast_sender},
        {"noise and majority", test_noise},
        {"places of the samples", test_places_of_the_samples},
        {"resynchronisation", test_resynchronisation},
        {"samples of the start bit", test_start_bit_samples},
        {"1.5 stop bits", test_one_and_a_half_stop_bits},
        {"own transmitter", test_own_transmitter_is_a_source},
        {"sampled by a clock", test_clocked},
        {"break detection", test_break_detection},
        {"breaks behind characters", test_break_after_characters},
        {"parity bit", test_parity_bit_is_a_bit},
        {"break, then a character", test_break_and_recovery},
        {"enabled on a low line", test_hunt_on_a_low_line},
        {"collision is a wired AND", test_collision},
        {"inverted line", test_inverted},
        {"infrared: all 256 characters", test_infrared},
        {"levels and edges of pulses", test_levels_of_pulses},
        {"infrared and levels", test_infrared_and_levels},
        {"infrared noise", test_infrared_noise},
        {"1000 characters back to back", test_back_to_back},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo bounds[] = {
        {"a sleeper's next event", test_bound_of_a_sleeper},
        {"a symbol not seen yet", test_bound_unseen_symbol},
        {"woken through a third machine", test_bound_through_a_third},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {.pName = "sampler", .pTests = sampler},
        {.pName = "bounds", .pTests = bounds},
        CU_SUITE_INFO_NULL,
    };
    unsigned failures;

    if (CU_initialize_registry() || CU_register_suites(suites)) {
        return 2;
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    failures = CU_get_number_of_tests_failed();
    CU_cleanup_registry();
    for (int i = 0; i < WIRE_SOURCES; i++) {
        free(ring[i]);
    }
    free(rig);
    return failures ? 1 : 0;
}
