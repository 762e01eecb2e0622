/*
 * The daemon as a writer on wires; see inject.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "inject.h"
#include "error.h"
#include "wiretime.h"

typedef struct Queue {
    GArray *symbols; /* WireSymbol; the first `sent` are in the ring */
    guint sent;
    WireMoment free_at; /* where the next symbol may start */
} Queue;

struct Inject {
    WireRig *rig;
    Queue queue[WIRE_WIRES_MAX][2];
};

gboolean inject_format_parse(InjectFormat *format, gint64 baud, const char *text, GError **error)
{
    const char *stop = text[0] && text[1] ? text + 2 : "";

    if (baud < INJECT_BAUD_MIN || baud > INJECT_BAUD_MAX) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "baud is a number from %d to %d",
                         INJECT_BAUD_MIN, INJECT_BAUD_MAX);
    }
    format->baud = (guint32)baud;
    format->data_bits = (guint8)(text[0] - '0');
    format->parity = text[0] ? text[1] : '\0';
    format->stop_half_bits = g_str_equal(stop, "1")     ? 2
                             : g_str_equal(stop, "1.5") ? 3
                             : g_str_equal(stop, "2")   ? 4
                                                        : 0;
    if ((format->data_bits != 7 && format->data_bits != 8) || !format->parity ||
        !strchr("NEO", format->parity) || !format->stop_half_bits) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE,
                         "format is data bits (7, 8), parity (N, E, O) and stop bits (1, 1.5, 2), "
                         "as 8N1, not '%s'",
                         text);
    }
    return TRUE;
}

Inject *inject_new(WireRig *rig)
{
    Inject *inject = g_new0(Inject, 1);

    inject->rig = rig;
    for (unsigned w = 0; w < WIRE_WIRES_MAX; w++) {
        for (unsigned e = 0; e < 2; e++) {
            inject->queue[w][e].symbols = g_array_new(FALSE, FALSE, sizeof(WireSymbol));
        }
    }
    return inject;
}

void inject_free(Inject *inject)
{
    for (unsigned w = 0; w < WIRE_WIRES_MAX; w++) {
        for (unsigned e = 0; e < 2; e++) {
            g_array_unref(inject->queue[w][e].symbols);
        }
    }
    g_free(inject);
}

/* One bit in 2^-32 ns, rounded up, as the machines' clocks are. */
static guint64 bit_time(guint32 baud)
{
    const guint64 second = G_GUINT64_CONSTANT(1000000000) << 32;

    return second / baud + (second % baud != 0);
}

/* Start bit, data from the least bit on, parity if any, first stop bit. */
static WireSymbol character(const InjectFormat *format, guint8 byte, WireMoment start)
{
    unsigned nbits = 1u + format->data_bits + (format->parity != 'N') + 1u;
    unsigned data = byte & ((1u << format->data_bits) - 1);
    unsigned bits = data << 1 | 1u << (nbits - 1);

    if (format->parity != 'N') {
        unsigned odd = (unsigned)__builtin_popcount(data) & 1;

        bits |= (format->parity == 'E' ? odd : !odd) << (1 + format->data_bits);
    }
    return (WireSymbol){
        .start_ns = moment_ns(start),
        .start_frac = (uint32_t)start,
        .bits = (uint16_t)bits,
        .nbits = (uint8_t)nbits,
        .span_half_bits = (uint8_t)(2 * (nbits - 1) + format->stop_half_bits),
        .bit_time = bit_time(format->baud),
        .kind = WIRE_CHARACTER,
        .level_after = 1,
    };
}

gboolean inject_bytes(Inject *inject, unsigned wire, unsigned end, const InjectFormat *format,
                      gint64 from_ns, const guint8 *bytes, gsize size, gint64 *start_ns,
                      gint64 *end_ns, GError **error)
{
    Queue *queue = &inject->queue[wire][end];
    WireMoment at = MAX(wire_moment(from_ns, 0), queue->free_at);

    if (size > INJECT_PENDING_MAX - MIN(INJECT_PENDING_MAX, queue->symbols->len - queue->sent)) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE,
                         "more than %u characters would wait to be sent", INJECT_PENDING_MAX);
    }
    *start_ns = moment_ns(at);
    for (gsize i = 0; i < size; i++) {
        WireSymbol symbol = character(format, bytes[i], at);

        g_array_append_val(queue->symbols, symbol);
        at = symbol_end(&symbol);
    }
    queue->free_at = at;
    *end_ns = moment_ns(at);
    return TRUE;
}

static gint64 feed_queue(Queue *queue, WireRing *ring, gint64 horizon_ns)
{
    guint64 head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    guint64 taken = MIN(atomic_load_explicit(&ring->taken_by_receiver, memory_order_acquire),
                        atomic_load_explicit(&ring->taken_by_tap, memory_order_acquire));

    while (queue->sent < queue->symbols->len) {
        const WireSymbol *symbol = &g_array_index(queue->symbols, WireSymbol, queue->sent);

        if (symbol->start_ns >= horizon_ns) {
            break;
        }
        if (head - taken >= WIRE_RING_SYMBOLS) {
            horizon_ns = symbol->start_ns;
            break;
        }
        ring->symbol[head++ % WIRE_RING_SYMBOLS] = *symbol;
        queue->sent++;
    }
    atomic_store_explicit(&ring->head, head, memory_order_release);
    if (queue->sent > queue->symbols->len / 2) {
        g_array_remove_range(queue->symbols, 0, queue->sent);
        queue->sent = 0;
    }
    return horizon_ns;
}

gint64 inject_feed(Inject *inject, gint64 horizon_ns)
{
    for (unsigned w = 0; w < inject->rig->wire_count; w++) {
        for (unsigned e = 0; e < 2; e++) {
            Queue *queue = &inject->queue[w][e];

            if (queue->sent < queue->symbols->len) {
                horizon_ns = feed_queue(queue, &inject->rig->wire[w].inject[e], horizon_ns);
            }
        }
    }
    return horizon_ns;
}

gboolean inject_idle(const Inject *inject, gint64 now_ns)
{
    for (unsigned w = 0; w < inject->rig->wire_count; w++) {
        for (unsigned e = 0; e < 2; e++) {
            if (moment_ns(inject->queue[w][e].free_at) > now_ns) {
                return FALSE;
            }
        }
    }
    return TRUE;
}
