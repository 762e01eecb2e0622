/*
 * The hub: this process's seat in the rig.
 *
 * In a rig it governs the time engine: it publishes what this machine may
 * still do, works out how far the machine may run from what the others have
 * published, and runs the receivers' events in the order (time, wire, end).
 * Without a rig the same events are run by one QEMUTimer, and symbols can be
 * injected and logged through QOM properties (tests).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include "qapi/error.h"
#include "qemu/cutils.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "hw/boards.h"
#include "hw/core/cpu.h"
#include "system/cpus.h"
#include "hw/qdev-properties.h"
#include "system/icount-engine.h"
#include "system/qtest.h"
#include "system/runstate.h"

/* Spin this many times for a neighbour before sleeping on the futex. */
#define WIRE_SPINS 800
/* A neighbour that dies without a word is noticed after this (host time). */
#define WIRE_SLEEP_NS 20000000

static int futex(_Atomic uint32_t *word, int op, uint32_t value,
                 const struct timespec *timeout)
{
    return syscall(SYS_futex, word, op, value, timeout, NULL, 0);
}

static void ring_doorbell(_Atomic uint32_t *doorbell, _Atomic uint32_t *waiting)
{
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load_explicit(waiting, memory_order_relaxed)) {
        atomic_fetch_add(doorbell, 1);
        futex(doorbell, FUTEX_WAKE, INT_MAX, NULL);
    }
}

void wire_hub_ring_daemon(WireHub *hub)
{
    ring_doorbell(&hub->rig->doorbell, &hub->rig->waiting);
}

static void ring_neighbours(WireHub *hub)
{
    for (unsigned m = 0; m < hub->rig->machine_count; m++) {
        if (m != hub->index) {
            ring_doorbell(&hub->rig->machine[m].doorbell,
                          &hub->rig->machine[m].waiting);
        }
    }
}

void wire_hub_fail(WireHub *hub, const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    error_report("%s", text);
    if (hub->rig) {
        pstrcpy(hub->me->text, sizeof(hub->me->text), text);
        atomic_store(&hub->me->state, WIRE_FAILED);
        wire_hub_ring_daemon(hub);
    }
    exit(1);
}

void wire_hub_log(WireHub *hub, const char *fmt, ...)
{
    va_list ap;

    if (hub->log) {
        va_start(ap, fmt);
        g_string_append_vprintf(hub->log, fmt, ap);
        va_end(ap);
    }
}

void wire_hub_find_live(WireHub *hub)
{
    g_ptr_array_set_size(hub->live, 0);
    for (guint i = 0; i < hub->ends->len; i++) {
        WireEnd *end = g_ptr_array_index(hub->ends, i);

        if (wire_end_is_live(end)) {
            g_ptr_array_add(hub->live, end);
        }
    }
}

/* ---- events ---- */

static int64_t next_event(WireHub *hub)
{
    int64_t next = hub->rig ? wire_pins_next_event(hub) : WIRE_NS_NEVER;

    for (guint i = 0; i < hub->live->len; i++) {
        next = MIN(next, wire_end_next_event(g_ptr_array_index(hub->live, i)));
    }
    return next;
}

/*
 * Run what happens now; false when something is not known yet.  What an end
 * passed over because another left the list is due still, and comes next time.
 */
static bool deliver_events(WireHub *hub, int64_t now)
{
    for (guint i = 0; i < hub->live->len; i++) {
        WireEnd *end = g_ptr_array_index(hub->live, i);

        while (wire_end_next_event(end) <= now) {
            if (!wire_end_deliver(end, now)) {
                return false;
            }
        }
    }
    if (hub->rig) {
        wire_pins_deliver(hub, now);
    }
    return true;
}

static void ingest(WireHub *hub)
{
    for (guint i = 0; i < hub->live->len; i++) {
        wire_end_ingest(g_ptr_array_index(hub->live, i));
    }
}

/* ---- without a rig ---- */

static void arm_timer(WireHub *hub)
{
    int64_t next = next_event(hub);

    if (next == WIRE_NS_NEVER) {
        timer_del(hub->timer);
    } else {
        timer_mod(hub->timer, next);
    }
}

static void run_events(void *opaque)
{
    WireHub *hub = opaque;
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    /* a timer comes up to one instruction late */
    for (int64_t at = next_event(hub); at <= now; at = next_event(hub)) {
        deliver_events(hub, at);
    }
    arm_timer(hub);
}

void wire_hub_reschedule(WireHub *hub, int64_t earliest_new_ns)
{
    if (!hub->rig) {
        arm_timer(hub);
    } else if (qemu_in_vcpu_thread()) {
        icount_lower_limit(earliest_new_ns);
    }
}

/* ---- in a rig: what is known ---- */

int64_t wire_hub_known_until(WireHub *hub, const WireEnd *end)
{
    const WireSource *peer = &end->source[0];
    int64_t known;

    if (!end->wire) {
        return WIRE_NS_NEVER;
    }
    /* the daemon writes nothing before the horizon */
    known = hub->horizon_ns;
    if (end->peer != WIRE_NOBODY && end->peer != hub->index) {
        int64_t bound = hub->bound[end->peer];

        if (peer->head > 0) {
            const WireSymbol *last =
                &peer->ring->symbol[(peer->head - 1) % WIRE_RING_SYMBOLS];

            bound = MAX(bound, wire_time_ns(wire_symbol_end(last)));
        }
        known = MIN(known, bound);
    }
    return known;
}

static void publish(WireHub *hub, int64_t now, int64_t next)
{
    WireMachine *me = hub->me;
    bool same = next == atomic_load_explicit(&me->next_ns,
                                             memory_order_relaxed);
    uint32_t sequence =
        atomic_load_explicit(&me->sequence, memory_order_relaxed);

    atomic_store_explicit(&me->now_ns, now, memory_order_relaxed);
    for (guint i = 0; same && i < hub->live->len; i++) {
        WireEnd *end = g_ptr_array_index(hub->live, i);

        same = !end->wire ||
               (atomic_load_explicit(&me->seen[end->wire_index][end->end],
                                     memory_order_relaxed) ==
                    end->source[0].head &&
                atomic_load_explicit(
                    &me->reaction_ns[end->wire_index][end->end],
                    memory_order_relaxed) == wire_end_reaction(end));
    }
    if (same) {
        return;
    }
    atomic_store_explicit(&me->sequence, sequence + 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&me->next_ns, next, memory_order_relaxed);
    for (guint i = 0; i < hub->live->len; i++) {
        WireEnd *end = g_ptr_array_index(hub->live, i);

        if (end->wire) {
            atomic_store_explicit(&me->seen[end->wire_index][end->end],
                                  end->source[0].head, memory_order_relaxed);
            atomic_store_explicit(&me->reaction_ns[end->wire_index][end->end],
                                  wire_end_reaction(end),
                                  memory_order_relaxed);
        }
    }
    atomic_store_explicit(&me->sequence, sequence + 2, memory_order_release);
    ring_neighbours(hub);
}

/* Changes whenever something that limit() reads may have changed. */
static uint64_t stamp(WireHub *hub)
{
    WireRig *rig = hub->rig;
    uint64_t sum = atomic_load_explicit(&rig->horizon_ns, memory_order_acquire);

    for (unsigned m = 0; m < rig->machine_count; m++) {
        if (m != hub->index) {
            sum += atomic_load_explicit(&rig->machine[m].sequence,
                                        memory_order_acquire);
        }
    }
    for (unsigned w = 0; w < rig->wire_count; w++) {
        for (unsigned e = 0; e < 2; e++) {
            sum += atomic_load_explicit(&rig->wire[w].tx[e].head,
                                        memory_order_acquire);
        }
    }
    return sum;
}

/* ---- in a rig: the governor ---- */

static int64_t hub_limit(void *opaque, int64_t now, bool idle, int64_t timer,
                         int64_t *event)
{
    WireHub *hub = opaque;
    int64_t limit = WIRE_NS_NEVER;
    uint64_t seen = stamp(hub);
    bool news = seen != hub->stamp;
    int64_t own;

    if (news) {
        hub->stamp = seen;
        hub->horizon_ns = atomic_load_explicit(&hub->rig->horizon_ns,
                                               memory_order_acquire);
        ingest(hub);
    }
    own = MIN(next_event(hub), hub->horizon_ns);
    publish(hub, now, idle ? MIN(own, timer) : now);

    if (news) {
        wire_bounds(hub->rig, hub->index, hub->bound);
        ingest(hub); /* after the bounds: all that comes before them is there */
    }
    for (guint i = 0; i < hub->live->len; i++) {
        limit = MIN(limit, wire_end_limit(g_ptr_array_index(hub->live, i)));
    }
    if (hub->wanted_ns) {
        for (guint i = 0; i < hub->live->len; i++) {
            WireEnd *end = g_ptr_array_index(hub->live, i);

            if (wire_hub_known_until(hub, end) < hub->wanted_ns) {
                limit = MIN(limit, hub->wanted_ns);
            }
        }
        if (limit > hub->wanted_ns) {
            hub->wanted_ns = 0;
        }
    }
    *event = MIN(next_event(hub), hub->horizon_ns);
    return limit;
}

static bool hub_deliver(void *opaque, int64_t now)
{
    WireHub *hub = opaque;

    if (now >= hub->horizon_ns) {
        if (atomic_load_explicit(&hub->me->arrived_ns, memory_order_relaxed) <
            hub->horizon_ns) {
            wire_pins_flush(hub, hub->horizon_ns - 1);
            atomic_store_explicit(&hub->me->arrived_ns, hub->horizon_ns,
                                  memory_order_release);
            wire_hub_ring_daemon(hub);
        }
        return false;
    }
    return deliver_events(hub, now);
}

static void hub_wait(void *opaque)
{
    WireHub *hub = opaque;
    WireMachine *me = hub->me;
    const struct timespec timeout = { 0, WIRE_SLEEP_NS };
    uint32_t doorbell = atomic_load(&me->doorbell);

    for (int i = 0; i < WIRE_SPINS; i++) {
        if (stamp(hub) != hub->stamp || icount_engine_interrupted()) {
            return;
        }
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#endif
    }
    atomic_store(&me->waiting, 1);
    atomic_thread_fence(memory_order_seq_cst);
    if (stamp(hub) == hub->stamp && !icount_engine_interrupted()) {
        futex(&me->doorbell, FUTEX_WAIT, doorbell, &timeout);
    }
    atomic_store(&me->waiting, 0);
}

static void hub_kick(void *opaque)
{
    WireHub *hub = opaque;

    ring_doorbell(&hub->me->doorbell, &hub->me->waiting);
}

void wire_hub_sent(WireHub *hub, WireEnd *end, int64_t start_ns)
{
    int64_t back = WIRE_NS_NEVER;

    /* what this symbol makes others do comes back two reactions later */
    if (end->peer == hub->index) {
        back = start_ns;
    } else if (end->peer != WIRE_NOBODY) {
        back = wire_later(start_ns,
                          atomic_load(&hub->rig->machine[end->peer]
                                           .reaction_ns[end->wire_index]
                                                       [!end->end]));
    }
    for (guint i = 0; back != WIRE_NS_NEVER && i < hub->live->len; i++) {
        int64_t reaction =
            wire_end_reaction(g_ptr_array_index(hub->live, i));

        wire_hub_reschedule(hub, wire_later(back, reaction));
    }
    ring_neighbours(hub);
}

static IcountGovernor hub_governor = {
    .limit = hub_limit,
    .deliver = hub_deliver,
    .wait = hub_wait,
    .kick = hub_kick,
};

/* ---- attaching ---- */

static WireRig *map_rig(const char *path, Error **errp)
{
    WireRig *rig;
    struct stat st;
    int fd = open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0) {
        error_setg_errno(errp, errno, "rig memory '%s'", path);
        return NULL;
    }
    if (fstat(fd, &st) < 0 || st.st_size < sizeof(WireRig)) {
        error_setg(errp, "rig memory '%s' is too small: is it one?", path);
        close(fd);
        return NULL;
    }
    rig = mmap(NULL, sizeof(WireRig), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
               0);
    close(fd);
    if (rig == MAP_FAILED) {
        error_setg_errno(errp, errno, "rig memory '%s'", path);
        return NULL;
    }
    if (rig->magic != WIRE_ABI_MAGIC || rig->version != WIRE_ABI_VERSION ||
        rig->layout != WIRE_ABI_LAYOUT) {
        error_setg(errp, "rig memory '%s' was made by another version of mews "
                   "(version %u, layout %08x; this emulator has %u, %08x): "
                   "build both from one checkout", path, rig->version,
                   rig->layout, WIRE_ABI_VERSION, WIRE_ABI_LAYOUT);
        munmap(rig, sizeof(WireRig));
        return NULL;
    }
    return rig;
}

static void hub_attach(WireHub *hub, Error **errp)
{
    unsigned m;

    hub->rig = map_rig(hub->rig_path, errp);
    if (!hub->rig) {
        return;
    }
    for (m = 0; m < hub->rig->machine_count; m++) {
        if (hub->machine_name &&
            !strncmp(hub->rig->machine[m].name, hub->machine_name,
                     WIRE_NAME_SIZE)) {
            break;
        }
    }
    if (m == hub->rig->machine_count) {
        error_setg(errp, "the rig has no machine '%s'",
                   hub->machine_name ?: "");
        return;
    }
    hub->index = m;
    hub->me = &hub->rig->machine[m];
    hub->stamp = UINT64_MAX; /* the first look is news */
    hub_governor.opaque = hub;
    if (!icount_set_governor(&hub_governor, errp)) {
        return;
    }
    atomic_store(&hub->me->state, WIRE_ATTACHED);
    wire_hub_ring_daemon(hub);
}

static void hub_realize(DeviceState *dev, Error **errp)
{
    WireHub *hub = WIRE_HUB(dev);

    hub->ends = g_ptr_array_new();
    hub->live = g_ptr_array_new();
    hub->pins = g_ptr_array_new();
    memset(hub->level, -1, sizeof(hub->level));
    hub->inputs = g_array_new(false, true, sizeof(qemu_irq));
    hub->flushes = g_array_new(false, true, sizeof(WireFlush));
    hub->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, run_events, hub);
    if (hub->record || qtest_enabled()) {
        hub->log = g_string_new("");
    }
    if (hub->rig_path) {
        hub_attach(hub, errp);
    }
}

WireHub *wire_hub(void)
{
    static WireHub *hub;

    if (!hub) {
        hub = WIRE_HUB(qdev_new(TYPE_WIRE_HUB));
        object_property_add_child(qdev_get_machine(), "wire-hub", OBJECT(hub));
        qdev_realize(DEVICE(hub), NULL, &error_fatal);
        object_unref(OBJECT(hub));
    }
    return hub;
}

void wire_init(void)
{
    wire_hub();
}

/* ---- QOM properties ---- */

static char *hub_get_log(Object *obj, Error **errp)
{
    WireHub *hub = WIRE_HUB(obj);

    /*
     * Where time goes on, here or on the side of a migration, edges that
     * nobody has waited for are told when they are computed: looking does not
     * change when that is.
     */
    if (qtest_enabled() || runstate_check(RUN_STATE_SHUTDOWN)) {
        wire_pins_flush(hub, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
    }
    return g_strdup(hub->log ? hub->log->str : "");
}

/* "usart2 START_NS BIT_TIME BITS(hex) NBITS SPAN_HALF_BITS [KIND]" */
static void hub_set_inject(Object *obj, const char *value, Error **errp)
{
    WireHub *hub = WIRE_HUB(obj);
    g_auto(GStrv) word = g_strsplit(value, " ", -1);
    guint n = g_strv_length(word);
    WireSymbol symbol = { .kind = WIRE_CHARACTER, .level_after = 1 };

    if (hub->rig) {
        error_setg(errp, "inject: in a rig, the daemon does that");
        return;
    }
    if (n != 6 && n != 7) {
        error_setg(errp, "inject: 'UART START_NS BIT_TIME BITS NBITS "
                   "SPAN_HALF_BITS [KIND]' expected, not '%s'", value);
        return;
    }
    symbol.start_ns = g_ascii_strtoll(word[1], NULL, 10);
    symbol.bit_time = g_ascii_strtoull(word[2], NULL, 10);
    symbol.bits = g_ascii_strtoull(word[3], NULL, 16);
    symbol.nbits = g_ascii_strtoull(word[4], NULL, 10);
    symbol.span_half_bits = g_ascii_strtoull(word[5], NULL, 10);
    if (n == 7) {
        symbol.kind = g_ascii_strtoull(word[6], NULL, 10);
    }
    if (symbol.kind == WIRE_LEVEL) {
        symbol.level_after = symbol.bits & 1;
        symbol.nbits = 0;
    } else if (!symbol.bit_time || symbol.nbits > 16) {
        error_setg(errp, "inject: bad bit time or number of bits in '%s'",
                   value);
        return;
    }
    if (symbol.start_ns < qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL)) {
        error_setg(errp, "inject: %" PRId64 " ns is over", symbol.start_ns);
        return;
    }
    for (guint i = 0; i < hub->ends->len; i++) {
        WireEnd *end = g_ptr_array_index(hub->ends, i);

        if (!strcmp(end->name, word[0])) {
            wire_end_inject(end, &symbol);
            arm_timer(hub);
            return;
        }
    }
    error_setg(errp, "inject: no UART '%s'", word[0]);
}

static bool hub_get_held(Object *obj, Error **errp)
{
    return WIRE_HUB(obj)->held;
}

static void hub_set_held(Object *obj, bool value, Error **errp)
{
    if (icount_hold_cpus(value, errp)) {
        WIRE_HUB(obj)->held = value;
        qemu_set_irq(WIRE_HUB(obj)->held_out, value);
    }
}

void wire_on_hold(qemu_irq held)
{
    assert(!wire_hub()->held_out);
    wire_hub()->held_out = held;
}

/* A level that is not known to have changed is no edge on the other side. */
static const VMStateDescription vmstate_hub = {
    .name = TYPE_WIRE_HUB,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_ARRAY(level, WireHub, WIRE_PINS_MAX, 1, vmstate_info_int8,
                      int8_t),
        VMSTATE_END_OF_LIST()
    }
};

static const Property hub_properties[] = {
    DEFINE_PROP_STRING("rig", WireHub, rig_path),
    DEFINE_PROP_STRING("machine", WireHub, machine_name),
    DEFINE_PROP_BOOL("record", WireHub, record, false),
};

static void hub_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->realize = hub_realize;
    dc->desc = "seat of this machine in a mews rig";
    dc->vmsd = &vmstate_hub;
    dc->user_creatable = false;
    device_class_set_props(dc, hub_properties);
    object_class_property_add_str(oc, "log", hub_get_log, NULL);
    object_class_property_add_str(oc, "inject", NULL, hub_set_inject);
    object_class_property_add_bool(oc, "held", hub_get_held, hub_set_held);
}

static const TypeInfo hub_types[] = {
    {
        .name = TYPE_WIRE_HUB,
        .parent = TYPE_DEVICE,
        .instance_size = sizeof(WireHub),
        .class_init = hub_class_init,
    },
};

DEFINE_TYPES(hub_types)
