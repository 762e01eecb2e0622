/*
 * The passive tap; see tap.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tap.h"
#include "hash.h"
#include "wiretime.h"

static TapStream *stream_new(WireRig *rig, unsigned wire, unsigned end, gboolean injected)
{
    const WireEndName *name = &rig->wire[wire].end[end];
    TapStream *stream = g_new0(TapStream, 1);

    stream->name = g_strdup_printf("%s%s.%s", injected ? "inject>" : "",
                                   rig->machine[name->machine].name, name->uart);
    stream->wire = wire;
    stream->end = end;
    stream->injected = injected;
    stream->ring = injected ? &rig->wire[wire].inject[end] : &rig->wire[wire].tx[end];
    stream->pending = g_array_new(FALSE, FALSE, sizeof(WireSymbol));
    stream->hash = HASH_START;
    history_init(&stream->bytes, sizeof(guint8), TAP_BYTES_KEPT, NULL);
    history_init(&stream->times_ns, sizeof(gint64), TAP_BYTES_KEPT, NULL);
    history_init(&stream->formats, sizeof(TapFormat), TAP_BYTES_KEPT, NULL);
    return stream;
}

static void stream_free(gpointer data)
{
    TapStream *stream = data;

    g_free(stream->name);
    g_array_unref(stream->pending);
    history_clear(&stream->bytes);
    history_clear(&stream->times_ns);
    history_clear(&stream->formats);
    g_free(stream);
}

Tap *tap_new(WireRig *rig, TapSymbolFunc symbol, gpointer opaque)
{
    Tap *tap = g_new0(Tap, 1);

    tap->rig = rig;
    tap->symbol = symbol;
    tap->opaque = opaque;
    tap->streams = g_ptr_array_new_with_free_func(stream_free);
    for (unsigned w = 0; w < rig->wire_count; w++) {
        for (unsigned e = 0; e < 2; e++) {
            if (rig->wire[w].end[e].machine != WIRE_NOBODY) {
                g_ptr_array_add(tap->streams, stream_new(rig, w, e, FALSE));
                g_ptr_array_add(tap->streams, stream_new(rig, w, e, TRUE));
            }
        }
    }
    return tap;
}

void tap_free(Tap *tap)
{
    g_ptr_array_unref(tap->streams);
    g_free(tap);
}

static TapStream *stream_at(const Tap *tap, guint index)
{
    return g_ptr_array_index(tap->streams, index);
}

/* ---- taking ---- */

/* Forget the symbols that have been processed when they are the greater part. */
static void compact(TapStream *stream)
{
    if (stream->pending_first > stream->pending->len / 2) {
        g_array_remove_range(stream->pending, 0, stream->pending_first);
        stream->pending_first = 0;
    }
}

static guint64 stream_take(TapStream *stream)
{
    WireRing *ring = stream->ring;
    guint64 taken = atomic_load_explicit(&ring->taken_by_tap, memory_order_relaxed);
    guint64 head = atomic_load_explicit(&ring->head, memory_order_acquire);
    guint64 fill = head - taken;

    if (fill == 0) {
        return 0;
    }
    compact(stream);
    while (taken < head) {
        guint64 at = taken % WIRE_RING_SYMBOLS;
        guint64 count = MIN(head - taken, WIRE_RING_SYMBOLS - at);

        g_array_append_vals(stream->pending, &ring->symbol[at], (guint)count);
        taken += count;
    }
    atomic_store_explicit(&ring->taken_by_tap, taken, memory_order_release);
    return fill;
}

guint64 tap_take(Tap *tap)
{
    guint64 fullest = 0;

    for (guint i = 0; i < tap->streams->len; i++) {
        guint64 fill = stream_take(stream_at(tap, i));

        fullest = MAX(fullest, fill);
    }
    return fullest;
}

/* ---- processing ---- */

/* Start bit 0, data and parity, stop bit 1; @bits has the start bit in bit 0. */
static gboolean is_byte(const WireSymbol *symbol)
{
    return symbol->kind == WIRE_CHARACTER && symbol->nbits >= 5 + 2 && symbol->nbits <= 9 + 2 &&
           !(symbol->bits & 1) && (symbol->bits >> (symbol->nbits - 1) & 1);
}

static TapSymbol decode(const WireSymbol *symbol, gint64 end_ns)
{
    unsigned data_bits = symbol->nbits >= 2 ? symbol->nbits - 2u : 0;
    unsigned mask = data_bits >= 8 ? 0xff : (1u << data_bits) - 1;

    return (TapSymbol){
        .start_ns = symbol->start_ns,
        .end_ns = end_ns,
        .kind = symbol->kind,
        .format = {.bits = symbol->bits,
                   .nbits = symbol->nbits,
                   .half_bits = symbol->span_half_bits,
                   .bit_time_ns = (guint32)((symbol->bit_time + (1u << 31)) >> 32)},
        .level_after = symbol->level_after,
        .pulse_length = symbol->pulse_length,
        .pulse_of = symbol->pulse_of,
        .is_byte = is_byte(symbol),
        .byte = (guint8)(symbol->bits >> 1 & mask),
    };
}

static void keep(TapStream *stream, const TapSymbol *symbol)
{
    guint64 hash = stream->hash;

    stream->symbol_count++;
    hash = hash_integer(hash, (guint64)symbol->start_ns, 8);
    hash = hash_integer(hash, (guint64)symbol->end_ns, 8);
    hash = hash_integer(hash, symbol->format.bits, 2);
    hash = hash_integer(hash, symbol->format.nbits, 1);
    hash = hash_integer(hash, symbol->kind, 1);
    hash = hash_integer(hash, symbol->level_after, 1);
    if (symbol->pulse_of) {
        hash = hash_integer(hash, symbol->pulse_length, 1);
        hash = hash_integer(hash, symbol->pulse_of, 1);
    }
    stream->hash = hash;
    if (symbol->is_byte) {
        history_append(&stream->bytes, &symbol->byte);
        history_append(&stream->times_ns, &symbol->end_ns);
        history_append(&stream->formats, &symbol->format);
    }
}

static const WireSymbol *first_pending(const TapStream *stream)
{
    return stream->pending_first < stream->pending->len
               ? &g_array_index(stream->pending, WireSymbol, stream->pending_first)
               : NULL;
}

void tap_process(Tap *tap, gint64 until_ns)
{
    for (;;) {
        TapStream *next = NULL;
        gint64 next_ns = until_ns;
        TapSymbol symbol;

        for (guint i = 0; i < tap->streams->len; i++) {
            TapStream *stream = stream_at(tap, i);
            const WireSymbol *first = first_pending(stream);
            gint64 end_ns = first ? moment_ns(symbol_end(first)) : WIRE_NS_NEVER;

            if (end_ns < next_ns) {
                next = stream;
                next_ns = end_ns;
            }
        }
        if (!next) {
            return;
        }
        symbol = decode(first_pending(next), next_ns);
        next->pending_first++;
        keep(next, &symbol);
        tap->symbol(tap->opaque, next, &symbol);
    }
}

/* ---- finding ---- */

TapStream *tap_find(const Tap *tap, const char *machine_uart)
{
    for (guint i = 0; i < tap->streams->len; i++) {
        TapStream *stream = stream_at(tap, i);

        if (!stream->injected && g_str_equal(stream->name, machine_uart)) {
            return stream;
        }
    }
    return NULL;
}

static TapStream *find_end(const Tap *tap, unsigned wire, unsigned end, gboolean injected)
{
    for (guint i = 0; i < tap->streams->len; i++) {
        TapStream *stream = stream_at(tap, i);

        if (stream->wire == wire && stream->end == end && stream->injected == injected) {
            return stream;
        }
    }
    return NULL;
}

TapStream *tap_injected(const Tap *tap, unsigned wire, unsigned end)
{
    return find_end(tap, wire, end, TRUE);
}

TapStream *tap_sent(const Tap *tap, unsigned wire, unsigned end)
{
    return find_end(tap, wire, end, FALSE);
}
