/*
 * The passive tap: reads every ring of every wire and hands the symbols of all
 * of them on in one order, by (end, wire, end of the wire, writer).
 *
 * Two steps, so that no machine waits for the daemon's work: tap_take() moves
 * what has been written out of the shared rings; tap_process() handles what
 * ends before a virtual time at which all machines have arrived.  So the result
 * is a function of virtual time only.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_TAP_H
#define MEWS_LINK_TAP_H

#include "emu/wire/wire_abi.h"
#include "history.h"
#include "rig.h"

/* Bytes of one UART that are kept to be asked for. */
#define TAP_BYTES_KEPT (8u * 1024 * 1024)

/* How a character was sent. */
typedef struct TapFormat {
    guint16 bits; /* levels from the start bit, in bit 0, to the first stop bit */
    guint8 nbits;
    guint8 half_bits; /* its length with all stop bits */
    guint32 bit_time_ns;
} TapFormat;

typedef struct TapSymbol {
    gint64 start_ns;
    gint64 end_ns; /* of the last stop bit */
    WireSymbolKind kind;
    TapFormat format;
    guint8 level_after;
    guint8 pulse_length;
    guint8 pulse_of;
    gboolean is_byte; /* a character with 5 to 9 data bits and a stop bit */
    guint8 byte;      /* its low 8 data bits */
} TapSymbol;

/* All that one writer puts on one wire. */
typedef struct TapStream {
    char *name; /* "io.usart2", or "inject>io.usart2" for the daemon's own */
    unsigned wire;
    unsigned end; /* the writer's end; for the daemon's: the receiver's */
    gboolean injected;
    WireRing *ring;
    GArray *pending; /* WireSymbol: taken, not processed */
    guint pending_first;
    guint64 symbol_count;
    guint64 hash;
    History bytes;    /* guint8 */
    History times_ns; /* gint64: the end of each byte */
    History formats;  /* TapFormat */
} TapStream;

typedef void (*TapSymbolFunc)(gpointer opaque, TapStream *stream, const TapSymbol *symbol);

typedef struct Tap {
    WireRig *rig;
    GPtrArray *streams; /* TapStream *, in the order that breaks ties */
    TapSymbolFunc symbol;
    gpointer opaque;
} Tap;

Tap *tap_new(WireRig *rig, TapSymbolFunc symbol, gpointer opaque);
void tap_free(Tap *tap);

/* Empty the rings.  Returns the fullest one's fill, in symbols. */
guint64 tap_take(Tap *tap);
/* Handle everything that ends before @until_ns. */
void tap_process(Tap *tap, gint64 until_ns);

/* What machine @machine sends on @uart; NULL when this UART is on no wire. */
TapStream *tap_find(const Tap *tap, const char *machine_uart);
/* The stream of the daemon's own symbols to the receiver of @wire and @end. */
TapStream *tap_injected(const Tap *tap, unsigned wire, unsigned end);
TapStream *tap_sent(const Tap *tap, unsigned wire, unsigned end);

#endif
