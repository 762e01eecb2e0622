/*
 * The shared memory of a rig: what machines and the link daemon know of each
 * other.  Plain C11, no QEMU and no GLib, because both sides include it.
 *
 * One file per rig, made by the link daemon (a memfd or a file of mode 0600),
 * mapped by every machine.  It holds, for every wire and direction, a ring of
 * symbols written by one side only; for every machine, a snapshot of what it
 * may still do; and the horizon, the virtual time no machine may pass.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later OR Apache-2.0
 */
#ifndef MEWS_WIRE_ABI_H
#define MEWS_WIRE_ABI_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_ABI_MAGIC 0x312d455249576d00ull /* "\0mWIRE-1" */
#define WIRE_ABI_VERSION 2u

#define WIRE_MACHINES_MAX 8
#define WIRE_WIRES_MAX 32
#define WIRE_PINS_MAX 256
#define WIRE_RING_SYMBOLS 65536 /* power of two */
#define WIRE_RING_EDGES 65536   /* power of two */
#define WIRE_NAME_SIZE 32       /* with its final NUL */
#define WIRE_TEXT_SIZE 256

#define WIRE_NS_NEVER INT64_MAX
#define WIRE_CACHE_LINE 64

typedef enum WireSymbolKind {
    WIRE_CHARACTER = 1, /* start bit, data, parity if any, first stop bit */
    WIRE_BREAK = 2,     /* zeros, then the bit that ends the break */
    WIRE_LEVEL = 3,     /* no bits: the line takes level_after at the start */
} WireSymbolKind;

/*
 * A piece of line level with its times.  Bit i (of nbits, sent from bit 0 on)
 * is on the line from start + i * bit_time to start + (i + 1) * bit_time;
 * from start + nbits * bit_time on the line has level_after.  The writer's
 * next symbol never starts before start + span_half_bits * bit_time / 2.
 *
 * Infrared (pulse_of not 0): a bit that differs from level_after is a pulse of
 * pulse_length / pulse_of of bit_time from its begin on; then, and in the other
 * bits, the line has level_after.
 */
typedef struct WireSymbol {
    int64_t start_ns;
    uint32_t start_frac; /* 2^-32 ns */
    uint16_t bits;
    uint8_t nbits; /* 0..16 */
    uint8_t span_half_bits;
    uint64_t bit_time; /* 2^-32 ns */
    uint8_t kind;      /* WireSymbolKind */
    uint8_t level_after;
    uint8_t pulse_length;
    uint8_t pulse_of;
    uint8_t reserved[4];
} WireSymbol;

/* Symbols of one writer.  head is the number of symbols ever written. */
typedef struct WireRing {
    _Alignas(WIRE_CACHE_LINE) _Atomic uint64_t head;
    _Alignas(WIRE_CACHE_LINE) _Atomic uint64_t taken_by_receiver;
    _Alignas(WIRE_CACHE_LINE) _Atomic uint64_t taken_by_tap;
    WireSymbol symbol[WIRE_RING_SYMBOLS];
} WireRing;

/*
 * A wire has two ends, 0 and 1.  An end is a UART of a machine, or nobody
 * (a console: the daemon writes to it with "inject" and reads its tx).
 */
#define WIRE_NOBODY UINT32_MAX
typedef struct WireEndName {
    uint32_t machine; /* index, or WIRE_NOBODY */
    char uart[WIRE_NAME_SIZE];
} WireEndName;

typedef struct Wire {
    char name[WIRE_NAME_SIZE];
    WireEndName end[2];
    WireRing tx[2];     /* tx[e]: written by end e, received by end !e */
    WireRing inject[2]; /* [e]: written by the daemon, received by end e */
} Wire;

/* A change of a pin.  Times never decrease per pin. */
typedef struct WireEdge {
    int64_t time_ns;
    uint16_t pin; /* index into WireMachine.pin_name */
    uint8_t level; /* 0, 1; WIRE_RELEASED: nobody drives the pin any more */
    uint8_t reserved[5];
} WireEdge;

#define WIRE_RELEASED 2

typedef enum WireMachineState {
    WIRE_ABSENT = 0,
    WIRE_ATTACHED = 1,
    WIRE_FAILED = 2, /* text says why; the rig stops */
} WireMachineState;

/*
 * Snapshot, under the sequence lock "sequence" (odd while it is written):
 * "provided that nothing reaches me beyond the symbols I have seen, I start
 * no symbol before next_ns; a symbol that starts at s has no effect on me
 * before s + reaction_ns."
 */
typedef struct WireMachine {
    char name[WIRE_NAME_SIZE];
    _Alignas(WIRE_CACHE_LINE) _Atomic uint32_t sequence;
    _Atomic int64_t next_ns;
    _Atomic uint64_t seen[WIRE_WIRES_MAX][2];       /* of tx[!e], by my end e */
    _Atomic int64_t reaction_ns[WIRE_WIRES_MAX][2]; /* of my end e */
    _Alignas(WIRE_CACHE_LINE) _Atomic int64_t now_ns; /* reached */
    /* Everything before this horizon has happened, and pins are written out. */
    _Atomic int64_t arrived_ns;
    _Atomic uint32_t state; /* WireMachineState */
    _Alignas(WIRE_CACHE_LINE) _Atomic uint32_t doorbell; /* futex word */
    _Atomic uint32_t waiting;
    char text[WIRE_TEXT_SIZE];
    uint32_t pin_count;
    char pin_name[WIRE_PINS_MAX][WIRE_NAME_SIZE];
    _Alignas(WIRE_CACHE_LINE) _Atomic uint64_t edge_head;
    _Alignas(WIRE_CACHE_LINE) _Atomic uint64_t edge_taken;
    WireEdge edge[WIRE_RING_EDGES];
    /* What the daemon drives on pins from outside, in order of time. */
    _Alignas(WIRE_CACHE_LINE) _Atomic uint64_t drive_head;
    _Alignas(WIRE_CACHE_LINE) _Atomic uint64_t drive_taken;
    WireEdge drive[WIRE_RING_EDGES];
} WireMachine;

typedef struct WireRig {
    uint64_t magic;
    uint32_t version;
    uint32_t layout; /* WIRE_ABI_LAYOUT */
    uint32_t machine_count;
    uint32_t wire_count;
    _Alignas(WIRE_CACHE_LINE) _Atomic int64_t horizon_ns; /* not reached */
    _Alignas(WIRE_CACHE_LINE) _Atomic uint32_t doorbell;  /* the daemon's */
    _Atomic uint32_t waiting;
    WireMachine machine[WIRE_MACHINES_MAX];
    Wire wire[WIRE_WIRES_MAX];
} WireRig;

/* Differs whenever two builds disagree about where things lie. */
#define WIRE_ABI_LAYOUT                                                        \
    ((uint32_t)(sizeof(WireRig) * 31u + offsetof(WireRig, wire) * 17u +        \
                offsetof(WireMachine, edge) * 13u + sizeof(WireSymbol) * 7u +  \
                offsetof(Wire, inject) * 5u +                                  \
                offsetof(WireMachine, doorbell) * 3u))

_Static_assert(sizeof(WireSymbol) == 32, "a symbol is 32 octets");
_Static_assert(sizeof(WireEdge) == 16, "an edge is 16 octets");

#endif
