/*
 * One UART's end of a wire: sends symbols, and turns the levels that arrive
 * into frames and idle periods at their exact virtual times.
 *
 * The receiver keeps no more state than where it hunts from.  What comes next
 * is worked out anew from the symbols known so far and becomes a fact only
 * when its time has come and all levels it depends on are known.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include "system/icount-engine.h"
#include "qemu/cutils.h"

uint64_t wire_clock_period(uint64_t hz)
{
    const uint64_t second = 1000000000ull << 32;

    return hz ? second / hz + (second % hz != 0) : 0;
}

/* The sources: the peer, the daemon (or a test), the end's own transmitter. */
enum { PEER, INJECTED, OWN };

static WireSampling sampling(const WireEnd *end)
{
    return (WireSampling){
        .bit_time = end->rx.bit_time,
        .nbits = end->rx.nbits,
        .stop_half_bits = end->rx.stop_half_bits,
        .inverted = end->rx.inverted,
        .by_8 = end->rx.by_8,
        .one_sample = end->rx.one_sample,
        .resync = end->rx.resync,
        .pulse_clocks = end->rx.pulse_clocks,
    };
}

static bool receiving(const WireEnd *end)
{
    return end->rx.enabled && end->rx.bit_time && end->rx.nbits;
}

bool wire_end_is_live(const WireEnd *end)
{
    for (unsigned i = 0; i < WIRE_SOURCES; i++) {
        if (end->source[i].ring) {
            return true;
        }
    }
    return receiving(end);
}

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static void drop_stale(WireEnd *end)
{
    WireTime from = end->hunt_from;

    if (end->rx.break_zeros && end->break_from < from) {
        from = end->break_from;
    }
    if (end->edge_watched && end->edge_from < from) {
        from = end->edge_from;
    }
    for (unsigned i = 0; i < WIRE_SOURCES; i++) {
        WireSource *src = &end->source[i];

        if (src->ring) {
            wire_source_forget(src, from - 1);
            atomic_store_explicit(&src->ring->taken_by_receiver, src->first,
                                  memory_order_release);
        }
    }
}

void wire_end_ingest(WireEnd *end)
{
    for (unsigned i = 0; i < WIRE_SOURCES; i++) {
        WireSource *src = &end->source[i];

        if (src->ring) {
            uint64_t head =
                atomic_load_explicit(&src->ring->head, memory_order_acquire);

            if (head != src->head) {
                src->head = head;
                end->found = false;
            }
        }
    }
    if (!receiving(end)) {
        end->hunt_from = end->break_from = end->edge_from =
            wire_time(now_ns(), 0);
        drop_stale(end);
    }
}

/* The start of the next frame, from what is known. */
static WireTime next_start(WireEnd *end)
{
    if (!end->found) {
        end->start = end->rx.clocked
                         ? end->clocked_at
                         : wire_falling_edge(end->source, end->hunt_from,
                                             end->rx.inverted);
        end->break_at = WIRE_TIME_NEVER;
        if (end->rx.break_zeros) {
            WireSampling s = sampling(end);

            end->break_at =
                wire_break_seen(end->source, &end->break_from, end->hunt_from,
                                &s, end->rx.break_zeros);
        }
        end->edge_at = WIRE_TIME_NEVER;
        if (end->edge_watched) {
            WireTime edge = wire_falling_edge(end->source, end->edge_from,
                                              end->rx.inverted);

            if (edge < WIRE_TIME_NEVER) {
                end->edge_at = edge + end->rx.bit_time / 16;
            }
        }
        end->found = true;
    }
    return end->start;
}

static int64_t next_frame_or_idle(WireEnd *end)
{
    int64_t idle_at_ns = MIN(end->idle_at_ns, end->second_idle_at_ns);
    WireTime start = next_start(end);
    WireSampling s;

    if (start >= WIRE_TIME_NEVER) {
        return idle_at_ns;
    }
    if (idle_at_ns <= wire_time_ns(start)) {
        return idle_at_ns;
    }
    s = sampling(end);
    return wire_time_ns(wire_frame_end(start, &s));
}

int64_t wire_end_next_event(WireEnd *end)
{
    int64_t next;

    if (!receiving(end)) {
        return WIRE_NS_NEVER;
    }
    next = next_frame_or_idle(end);
    next = MIN(next, wire_time_ns(end->break_at));
    return MIN(next, wire_time_ns(end->edge_at));
}

int64_t wire_end_reaction(const WireEnd *end)
{
    WireSampling s = sampling(end);

    if (!receiving(end)) {
        return WIRE_NS_NEVER;
    }
    if (end->rx.break_zeros || end->edge_watched) {
        return wire_time_ns(s.bit_time / 16); /* the sample that sees it */
    }
    if (end->rx.clocked) {
        return wire_time_ns(s.bit_time); /* last sample to the frame's end */
    }
    return wire_time_ns(wire_frame_end(0, &s));
}

int64_t wire_end_limit(WireEnd *end)
{
    int64_t from = wire_hub_known_until(end->hub, end);

    if (!receiving(end)) {
        return WIRE_NS_NEVER;
    }
    from = MAX(from, wire_time_ns(end->hunt_from));
    if (next_start(end) < WIRE_TIME_NEVER &&
        wire_time_ns(end->start) <= from && !end->rx.break_zeros &&
        !end->rx.clocked && !end->edge_watched) {
        /* busy with this frame; the next is hunted for from its stop bit */
        WireSampling s = sampling(end);

        from = MAX(from, wire_time_ns(wire_stop_sample(end->start, &s)));
    }
    return wire_later(from, wire_end_reaction(end));
}

static int64_t idle_after(const WireEnd *end, WireTime from, unsigned bits)
{
    return bits ? wire_time_ns(from + (WireTime)end->rx.bit_time * bits)
                : WIRE_NS_NEVER;
}

static void set_idle(WireEnd *end, WireTime from)
{
    end->idle_at_ns = idle_after(end, from, end->rx.idle_bits);
    end->second_idle_at_ns = idle_after(end, from, end->rx.second_idle_bits);
}

/* What has been awaited and has not come begins anew. */
static void restart_idle(WireEnd *end, WireTime from)
{
    if (end->idle_at_ns != WIRE_NS_NEVER) {
        end->idle_at_ns = idle_after(end, from, end->rx.idle_bits);
    }
    if (end->second_idle_at_ns != WIRE_NS_NEVER) {
        end->second_idle_at_ns = idle_after(end, from,
                                            end->rx.second_idle_bits);
    }
}

/* Where the idle time that follows the frame @got begins. */
static WireTime idle_start(const WireEnd *end, WireTime start,
                           const WireSampled *got)
{
    WireSampling s = sampling(end);
    unsigned bits = s.nbits;

    if (end->rx.idle_from_start) {
        return start;
    }
    if (!end->rx.idle_from_ones || got->framing_error) {
        return wire_frame_end(start, &s);
    }
    while (bits && (got->bits >> (bits - 1)) & 1) {
        bits--;
    }
    return start + (WireTime)s.bit_time * (1 + bits);
}

static void deliver_frame(WireEnd *end)
{
    WireSampling s = sampling(end);
    WireTime start = end->start;
    WireSampled got;

    for (unsigned i = 0; i < WIRE_SOURCES && !end->rx.break_zeros; i++) {
        wire_source_forget(&end->source[i], start);
    }
    got = end->rx.clocked ? wire_sample_clocked(end->source, start, &s)
                          : wire_sample(end->source, start, &s);
    end->found = false;
    end->clocked_at = WIRE_TIME_NEVER;
    if (got.false_start) {
        /* a pulse that the decoder has not seen has begun nothing */
        end->hunt_from = s.pulse_clocks ? start + 1
                                        : wire_start_sample(start, &s);
        drop_stale(end);
        restart_idle(end, end->hunt_from);
        return;
    }
    end->hunt_from = wire_stop_sample(start, &s);
    drop_stale(end);
    set_idle(end, idle_start(end, start, &got));
    end->ops->frame(end->opaque, &(WireFrame){
                                     .bits = got.bits,
                                     .framing_error = got.framing_error,
                                     .noise = got.noise,
                                     .all_zero = got.all_zero,
                                     .start_ns = wire_time_ns(start),
                                 });
}

static void deliver_break(WireEnd *end)
{
    end->break_from = end->break_at;
    end->found = false;
    drop_stale(end);
    end->ops->break_seen(end->opaque);
}

static void deliver_edge(WireEnd *end)
{
    end->edge_watched = false;
    end->found = false;
    drop_stale(end);
    end->ops->edge(end->opaque);
}

static void deliver_idle(WireEnd *end, int64_t now)
{
    bool first = end->idle_at_ns == now;
    bool second = end->second_idle_at_ns == now;

    if (first) {
        end->idle_at_ns = WIRE_NS_NEVER;
    }
    if (second) {
        end->second_idle_at_ns = WIRE_NS_NEVER;
    }
    if (first && end->ops->idle) {
        end->ops->idle(end->opaque);
    }
    if (second) {
        end->ops->second_idle(end->opaque);
    }
}

bool wire_end_deliver(WireEnd *end, int64_t now)
{
    int64_t known = wire_hub_known_until(end->hub, end);
    WireSampling s = sampling(end);

    if (wire_end_next_event(end) < now) {
        wire_hub_fail(end->hub, "%s: an event of %" PRId64 " ns is seen late, "
                      "at %" PRId64 " ns", end->name, wire_end_next_event(end),
                      now);
    }
    if (wire_time_ns(end->break_at) == now) {
        if (known < now) {
            return false;
        }
        deliver_break(end);
        return true;
    }
    if (wire_time_ns(end->edge_at) == now) {
        if (known < now) {
            return false;
        }
        deliver_edge(end);
        return true;
    }
    if ((end->idle_at_ns == now || end->second_idle_at_ns == now) &&
        (end->start >= WIRE_TIME_NEVER || now <= wire_time_ns(end->start))) {
        if (known < now) {
            return false;
        }
        deliver_idle(end, now);
        return true;
    }
    /* samples, and clocks that see pulses, end well within the stop bit */
    if (known <= wire_time_ns(wire_stop_sample(end->start, &s) +
                              end->rx.bit_time * (s.pulse_clocks ? 6 : 3) /
                                  16)) {
        return false;
    }
    deliver_frame(end);
    return true;
}

/* Without a ring the receiver does not hear its own transmitter. */
static void plug_echo(WireEnd *end)
{
    WireSource *own = &end->source[OWN];

    if (!end->rx.echo) {
        own->ring = NULL;
        own->level = true;
    } else if (!own->ring) {
        if (!end->echo_ring) {
            end->echo_ring = g_new0(WireRing, 1);
        }
        own->ring = end->echo_ring;
        own->first = own->head = own->ring->head;
        own->level = end->tx_level;
    }
}

/* What has been sent comes back on a single wire. */
static void hear_own(WireEnd *end, const WireSymbol *symbol)
{
    WireSource *own = &end->source[OWN];

    if (!own->ring) {
        return;
    }
    if (own->head - own->first >= WIRE_ECHOES) {
        drop_stale(end);
    }
    if (!receiving(end) || own->head - own->first >= WIRE_ECHOES) {
        own->first = own->head;
        own->level = symbol->level_after;
        return;
    }
    own->ring->symbol[own->head % WIRE_RING_SYMBOLS] = *symbol;
    own->ring->head = ++own->head;
    end->found = false;
    wire_hub_reschedule(end->hub, wire_later(symbol->start_ns,
                                             wire_end_reaction(end)));
}

void wire_end_clock_rx(WireEnd *end)
{
    end->clocked_at = wire_time(now_ns(), 0);
    end->found = false;
    wire_hub_reschedule(end->hub,
                        wire_later(now_ns(), wire_end_reaction(end)));
}

void wire_end_watch_edge(WireEnd *end, bool on)
{
    if (end->edge_watched == on) {
        return;
    }
    assert(end->ops->edge);
    end->edge_watched = on;
    end->edge_from = wire_time(now_ns(), 0);
    end->found = false;
    wire_hub_reschedule(end->hub,
                        wire_later(now_ns(), wire_end_reaction(end)));
}

void wire_end_ignore_rx(WireEnd *end, int64_t until_ns)
{
    end->hunt_from = MAX(end->hunt_from, wire_time(until_ns, 0));
    end->found = false;
    wire_hub_reschedule(end->hub, WIRE_NS_NEVER);
}

void wire_end_set_rx(WireEnd *end, const WireRxConfig *config)
{
    bool was = receiving(end);
    int64_t now = now_ns();

    if (end->rx.enabled == config->enabled &&
        end->rx.bit_time == config->bit_time &&
        end->rx.nbits == config->nbits &&
        end->rx.stop_half_bits == config->stop_half_bits &&
        end->rx.inverted == config->inverted &&
        end->rx.idle_bits == config->idle_bits &&
        end->rx.second_idle_bits == config->second_idle_bits &&
        end->rx.idle_from_start == config->idle_from_start &&
        end->rx.idle_from_ones == config->idle_from_ones &&
        end->rx.resync == config->resync &&
        end->rx.pulse_clocks == config->pulse_clocks &&
        end->rx.idle_on_enable == config->idle_on_enable &&
        end->rx.by_8 == config->by_8 &&
        end->rx.one_sample == config->one_sample &&
        end->rx.echo == config->echo && end->rx.clocked == config->clocked &&
        end->rx.break_zeros == config->break_zeros) {
        return;
    }
    assert(!config->break_zeros || end->ops->break_seen);
    assert(!config->second_idle_bits || end->ops->second_idle);
    end->rx = *config;
    wire_hub_find_live(end->hub);
    end->found = false;
    end->hunt_from = end->break_from = end->edge_from = wire_time(now, 0);
    end->clocked_at = WIRE_TIME_NEVER;
    plug_echo(end);
    if (!was && receiving(end) && end->rx.idle_on_enable) {
        set_idle(end, wire_time(now, 0));
    } else {
        restart_idle(end, wire_time(now, 0));
    }
    drop_stale(end);
    wire_hub_reschedule(end->hub, wire_later(now, wire_end_reaction(end)));
}

bool wire_end_rx_active(WireEnd *end, DeviceState *dev)
{
    WireTime start;
    int64_t now;

    if (!receiving(end)) {
        return false;
    }
    if (!end->wire) {
        now = now_ns();
        return next_start(end) < WIRE_TIME_NEVER &&
               wire_time_ns(end->start) < now;
    }
    now = icount_begin_access(dev);
    if (wire_hub_known_until(end->hub, end) < now) {
        end->hub->wanted_ns = now;
        icount_retry_access(dev);
        end->hub->wanted_ns = 0; /* a debugger asks: what is known has to do */
    }
    start = next_start(end);
    return start < WIRE_TIME_NEVER && wire_time_ns(start) < now;
}

static int64_t put(WireEnd *end, WireSymbol *symbol)
{
    WireTime start = MAX(end->tx_free, wire_time(now_ns(), 0));

    symbol->start_ns = wire_time_ns(start);
    symbol->start_frac = (uint32_t)start;
    end->tx_free = wire_symbol_end(symbol);
    end->tx_level = symbol->level_after;
    wire_hub_log(end->hub,
                 "symbol %s %" PRId64 " %" PRIu64 " %x %u %u %u %u %u\n",
                 end->name, symbol->start_ns, symbol->bit_time, symbol->bits,
                 symbol->nbits, symbol->span_half_bits, symbol->kind,
                 symbol->pulse_length, symbol->pulse_of);
    if (end->wire) {
        WireRing *ring = &end->wire->tx[end->end];
        uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
        uint64_t tap =
            atomic_load_explicit(&ring->taken_by_tap, memory_order_acquire);
        uint64_t taken = atomic_load_explicit(&ring->taken_by_receiver,
                                              memory_order_acquire);

        if (head - MIN(tap, taken) >= WIRE_RING_SYMBOLS) {
            wire_hub_fail(end->hub, "%s: the ring of wire %s is full",
                          end->name, end->wire->name);
        }
        ring->symbol[head % WIRE_RING_SYMBOLS] = *symbol;
        atomic_store_explicit(&ring->head, head + 1, memory_order_release);
        wire_hub_sent(end->hub, end, symbol->start_ns);
    }
    hear_own(end, symbol);
    return wire_time_ns(end->tx_free);
}

int64_t wire_end_send_pulses(WireEnd *end, WireSymbolKind kind, uint16_t bits,
                             uint8_t nbits, uint8_t span_half_bits,
                             uint64_t bit_time, uint8_t pulse_length,
                             uint8_t pulse_of)
{
    WireSymbol symbol = {
        .bits = bits,
        .nbits = nbits,
        .span_half_bits = span_half_bits,
        .bit_time = bit_time,
        .kind = kind,
        .level_after = end->tx_level,
        .pulse_length = pulse_length,
        .pulse_of = pulse_of,
    };

    assert(nbits <= 16 && bit_time && pulse_length <= pulse_of);
    return put(end, &symbol);
}

int64_t wire_end_send(WireEnd *end, WireSymbolKind kind, uint16_t bits,
                      uint8_t nbits, uint8_t span_half_bits, uint64_t bit_time)
{
    return wire_end_send_pulses(end, kind, bits, nbits, span_half_bits,
                                bit_time, 0, 0);
}

int64_t wire_end_pause(WireEnd *end, uint8_t half_bits, uint64_t bit_time)
{
    end->tx_free = MAX(end->tx_free, wire_time(now_ns(), 0)) +
                   (WireTime)bit_time * half_bits / 2;
    return wire_time_ns(end->tx_free);
}

void wire_end_set_level(WireEnd *end, bool level)
{
    if (level != end->tx_level) {
        put(end, &(WireSymbol){ .kind = WIRE_LEVEL, .level_after = level });
    }
}

void wire_end_reset(WireEnd *end)
{
    wire_end_set_level(end, true);
    end->rx = (WireRxConfig){ 0 };
    end->edge_watched = false;
    plug_echo(end);
    wire_hub_find_live(end->hub);
    end->found = false;
    end->idle_at_ns = end->second_idle_at_ns = WIRE_NS_NEVER;
    end->hunt_from = end->break_from = wire_time(now_ns(), 0);
    end->clocked_at = WIRE_TIME_NEVER;
    wire_hub_reschedule(end->hub, WIRE_NS_NEVER);
}

/* Private rings exist only without a rig, for tests. */
void wire_end_inject(WireEnd *end, const WireSymbol *symbol)
{
    WireSource *src = &end->source[INJECTED];
    uint64_t head;

    if (!src->ring) {
        src->ring = g_new0(WireRing, 1);
        wire_hub_find_live(end->hub);
    }
    head = src->ring->head;
    if (head - src->first >= WIRE_RING_SYMBOLS) {
        wire_hub_fail(end->hub, "%s: too many symbols injected", end->name);
    }
    src->ring->symbol[head % WIRE_RING_SYMBOLS] = *symbol;
    src->ring->head = head + 1;
    wire_end_ingest(end);
}

void wire_end_plug(WireEnd *end)
{
    WireRig *rig = end->hub->rig;

    end->peer = WIRE_NOBODY;
    for (unsigned w = 0; rig && w < rig->wire_count; w++) {
        for (unsigned e = 0; e < 2; e++) {
            const WireEndName *name = &rig->wire[w].end[e];

            if (name->machine != end->hub->index ||
                strncmp(name->uart, end->name, WIRE_NAME_SIZE)) {
                continue;
            }
            end->wire = &rig->wire[w];
            end->wire_index = w;
            end->end = e;
            end->peer = end->wire->end[!e].machine;
            if (end->peer != WIRE_NOBODY) {
                end->source[PEER].ring = &end->wire->tx[!e];
            } else {
                /* nobody but the tap takes what this end sends */
                atomic_store(&end->wire->tx[e].taken_by_receiver, UINT64_MAX);
            }
            end->source[INJECTED].ring = &end->wire->inject[e];
            return;
        }
    }
}

WireEnd *wire_end_new(const char *name, const WireEndOps *ops, void *opaque)
{
    WireHub *hub = wire_hub();
    WireEnd *end = g_new0(WireEnd, 1);
    guint at = 0;

    assert(strlen(name) < WIRE_NAME_SIZE);
    pstrcpy(end->name, sizeof(end->name), name);
    end->ops = ops;
    end->opaque = opaque;
    end->hub = hub;
    end->idle_at_ns = end->second_idle_at_ns = WIRE_NS_NEVER;
    end->tx_level = true;
    end->break_at = end->edge_at = end->clocked_at = WIRE_TIME_NEVER;
    for (unsigned i = 0; i < WIRE_SOURCES; i++) {
        end->source[i].level = true;
    }
    wire_end_plug(end);
    while (at < hub->ends->len) {
        WireEnd *other = g_ptr_array_index(hub->ends, at);

        if (end->wire && (!other->wire ||
                          end->wire_index * 2 + end->end <
                              other->wire_index * 2 + other->end)) {
            break;
        }
        at++;
    }
    g_ptr_array_insert(hub->ends, at, end);
    wire_hub_find_live(hub);
    return end;
}

static int wire_end_pre_save(void *opaque)
{
    WireEnd *end = opaque;

    end->hunt_from_ns = wire_time_ns(end->hunt_from);
    end->hunt_from_frac = (uint32_t)end->hunt_from;
    end->break_from_ns = wire_time_ns(end->break_from);
    end->break_from_frac = (uint32_t)end->break_from;
    end->edge_from_ns = wire_time_ns(end->edge_from);
    end->edge_from_frac = (uint32_t)end->edge_from;
    end->clocked_at_ns = wire_time_ns(end->clocked_at);
    end->clocked_at_frac = (uint32_t)end->clocked_at;
    end->tx_free_ns = wire_time_ns(end->tx_free);
    end->tx_free_frac = (uint32_t)end->tx_free;
    end->echoes = 0;
    end->echo_level = end->source[OWN].level;
    for (const WireSource *own = &end->source[OWN];
         own->ring && end->echoes < own->head - own->first; end->echoes++) {
        end->echo[end->echoes] =
            own->ring->symbol[(own->first + end->echoes) % WIRE_RING_SYMBOLS];
    }
    return 0;
}

static int wire_end_post_load(void *opaque, int version_id)
{
    WireEnd *end = opaque;

    end->hunt_from = wire_time(end->hunt_from_ns, end->hunt_from_frac);
    end->break_from = wire_time(end->break_from_ns, end->break_from_frac);
    end->edge_from = wire_time(end->edge_from_ns, end->edge_from_frac);
    end->clocked_at = wire_time(end->clocked_at_ns, end->clocked_at_frac);
    end->tx_free = wire_time(end->tx_free_ns, end->tx_free_frac);
    if (end->echoes > WIRE_ECHOES) {
        return -EINVAL;
    }
    plug_echo(end);
    for (unsigned i = 0; i < end->echoes && end->source[OWN].ring; i++) {
        WireSource *own = &end->source[OWN];

        own->ring->symbol[own->head % WIRE_RING_SYMBOLS] = end->echo[i];
        own->ring->head = ++own->head;
    }
    end->source[OWN].level = end->echo_level;
    end->found = false;
    wire_hub_find_live(end->hub);
    wire_hub_reschedule(end->hub, WIRE_NS_NEVER);
    return 0;
}

static const VMStateDescription vmstate_wire_rx = {
    .name = "wire-end/rx",
    .version_id = 3,
    .minimum_version_id = 3,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(enabled, WireRxConfig),
        VMSTATE_UINT64(bit_time, WireRxConfig),
        VMSTATE_UINT8(nbits, WireRxConfig),
        VMSTATE_UINT8(stop_half_bits, WireRxConfig),
        VMSTATE_BOOL(inverted, WireRxConfig),
        VMSTATE_UINT16(idle_bits, WireRxConfig),
        VMSTATE_UINT16(second_idle_bits, WireRxConfig),
        VMSTATE_BOOL(idle_from_start, WireRxConfig),
        VMSTATE_BOOL(idle_from_ones, WireRxConfig),
        VMSTATE_BOOL(resync, WireRxConfig),
        VMSTATE_UINT8(pulse_clocks, WireRxConfig),
        VMSTATE_BOOL(idle_on_enable, WireRxConfig),
        VMSTATE_BOOL(by_8, WireRxConfig),
        VMSTATE_BOOL(one_sample, WireRxConfig),
        VMSTATE_BOOL(echo, WireRxConfig),
        VMSTATE_BOOL(clocked, WireRxConfig),
        VMSTATE_UINT8(break_zeros, WireRxConfig),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_wire_symbol = {
    .name = "wire-end/symbol",
    .version_id = 2,
    .minimum_version_id = 2,
    .fields = (const VMStateField[]) {
        VMSTATE_INT64(start_ns, WireSymbol),
        VMSTATE_UINT32(start_frac, WireSymbol),
        VMSTATE_UINT16(bits, WireSymbol),
        VMSTATE_UINT8(nbits, WireSymbol),
        VMSTATE_UINT8(span_half_bits, WireSymbol),
        VMSTATE_UINT64(bit_time, WireSymbol),
        VMSTATE_UINT8(kind, WireSymbol),
        VMSTATE_UINT8(level_after, WireSymbol),
        VMSTATE_UINT8(pulse_length, WireSymbol),
        VMSTATE_UINT8(pulse_of, WireSymbol),
        VMSTATE_END_OF_LIST()
    }
};

const VMStateDescription vmstate_wire_end = {
    .name = "wire-end",
    .version_id = 4,
    .minimum_version_id = 4,
    .pre_save = wire_end_pre_save,
    .post_load = wire_end_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT(rx, WireEnd, 3, vmstate_wire_rx, WireRxConfig),
        VMSTATE_INT64(hunt_from_ns, WireEnd),
        VMSTATE_UINT32(hunt_from_frac, WireEnd),
        VMSTATE_INT64(break_from_ns, WireEnd),
        VMSTATE_UINT32(break_from_frac, WireEnd),
        VMSTATE_BOOL(edge_watched, WireEnd),
        VMSTATE_INT64(edge_from_ns, WireEnd),
        VMSTATE_UINT32(edge_from_frac, WireEnd),
        VMSTATE_INT64(clocked_at_ns, WireEnd),
        VMSTATE_UINT32(clocked_at_frac, WireEnd),
        VMSTATE_STRUCT_ARRAY(echo, WireEnd, WIRE_ECHOES, 2,
                             vmstate_wire_symbol, WireSymbol),
        VMSTATE_UINT32(echoes, WireEnd),
        VMSTATE_BOOL(echo_level, WireEnd),
        VMSTATE_INT64(idle_at_ns, WireEnd),
        VMSTATE_INT64(second_idle_at_ns, WireEnd),
        VMSTATE_INT64(tx_free_ns, WireEnd),
        VMSTATE_UINT32(tx_free_frac, WireEnd),
        VMSTATE_BOOL(tx_level, WireEnd),
        VMSTATE_END_OF_LIST()
    }
};
