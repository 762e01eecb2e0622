/*
 * A machine without an emulator: takes the command line that linkd gives to
 * QEMU, joins the rig's memory, answers the monitor, and plays a part that the
 * machine property "part" names.  So the daemon is tested alone, and with
 * machines that die, hang, lie and shout.
 *
 * What it plays, all in virtual time:
 *   console (end 0 of a wire whose other end is nobody): "tick N\r\n" every
 *     millisecond at 115200 baud; every character received is sent back
 *   link: a sealed Heartbeat every 2.5 ms at 1.5 Mbaud, SPI 0x4d01 on end 0 of
 *     the wire and 0x4d02 on end 1, with the key of the rig in test_linkd.c
 *   pins PA0 (1100 us high of 2500 us, and 1 us more for each volt that the
 *     board puts on it) and PA1 (never driven)
 *
 * What it says it begins with its name, as QEMU does.  Parts: normal, late (ticks half a
 * millisecond later), prompt ("> " and no tick), flood (the link without a gap), die, killed,
 * panic, fail, hang (never arrives from 5 ms on), refuse (ends before the monitor is answered),
 * grumble (the same, in more words), stranger (does not join), mumble (garbage on the monitor).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include "emu/wire/wire_abi.h"
#include "link/futex.h"
#include "relay/cobs.h"
#include "relay/packets.h"
#include "relay/relaysec.h"

#define TICK_NS      1000000
#define BEAT_NS      2500000
#define PWM_HIGH_NS  1100000
#define ACCIDENT_NS  5000000
#define CONSOLE_BAUD 115200
#define LINK_BAUD    1500000

typedef struct Port {
    unsigned wire, end;
    bool console;
    int64_t free_ns; /* next character may start */
    uint64_t seen;   /* injected symbols that have been handled */
    struct relaysec_sender sender;
} Port;

static WireRig *rig;
static WireMachine *me;
static unsigned my_index;
static const char *part = "normal";
static int monitor_fd;
static Port port[WIRE_WIRES_MAX * 2];
static unsigned port_count;
static int64_t next_tick_ns, next_beat_ns, next_edge_ns;
static unsigned tick;
static bool pwm_level, held;
static int64_t pwm_high_ns = PWM_HIGH_NS;

static bool plays(const char *name)
{
    return !strcmp(part, name);
}

/* ---- the monitor ---- */

static void say(const char *line)
{
    if (send(monitor_fd, line, strlen(line), MSG_NOSIGNAL) < 0) {
        exit(0); /* linkd is gone */
    }
}

/* Where the value of "key": begins, or NULL. */
static const char *value_of(const char *line, const char *key)
{
    char wanted[64];
    const char *at;

    snprintf(wanted, sizeof(wanted), "\"%s\":", key);
    at = strstr(line, wanted);
    return at ? at + strlen(wanted) : NULL;
}

/* Memory is the address itself, little-endian. */
static void save_memory(const char *line)
{
    unsigned long long address = strtoull(value_of(line, "val"), NULL, 10);
    unsigned long long size = strtoull(value_of(line, "size"), NULL, 10);
    char path[64];
    FILE *file;

    sscanf(value_of(line, "filename"), "\"%63[^\"]", path);
    if (address >= 0xf0000000u) {
        say("{\"error\":{\"class\":\"GenericError\",\"desc\":\"Invalid addr\"}}\n");
        return;
    }
    file = fopen(path, "wb");
    for (unsigned long long i = 0; i < size; i++) {
        fputc((int)((address + i) >> 8 * ((address + i) % 4) & 0xff), file);
    }
    fclose(file);
    say("{\"return\":{}}\n");
}

/* What the board puts on PA0, up to 5.5 V. */
static void analog(const char *line)
{
    if (!strstr(line, "\"PA0-uv\"")) {
        say("{\"error\":{\"class\":\"GenericError\",\"desc\":\"Property not found\"}}\n");
    } else if (strstr(line, "\"qom-get\"")) {
        say("{\"return\":-1}\n");
    } else if (strtol(value_of(line, "value"), NULL, 10) > 5500000) {
        say("{\"error\":{\"class\":\"GenericError\",\"desc\":\"too much\"}}\n");
    } else {
        pwm_high_ns = PWM_HIGH_NS + strtol(value_of(line, "value"), NULL, 10) / 1000;
        say("{\"return\":{}}\n");
    }
}

static void answer(const char *line)
{
    if (strstr(line, "\"memsave\"")) {
        save_memory(line);
    } else if (strstr(line, "\"human-monitor-command\"")) {
        say("{\"return\":\"R00=00000001 R13=20001ff8 R14=fffffff9 R15=08000131\\r\\n"
            "XPSR=61000000 -ZC- T priv-thread\\r\\n\"}\n");
    } else if (strstr(line, "\"system_reset\"")) {
        tick = 0;
        say("{\"return\":{}}\n{\"event\":\"RESET\",\"data\":{\"guest\":false}}\n");
    } else if (strstr(line, "-uv\"")) {
        analog(line);
    } else if (strstr(line, "\"qom-set\"")) {
        held = !strncmp(value_of(line, "value"), "true", 4);
        say("{\"return\":{}}\n");
    } else if (strstr(line, "\"query-version\"")) {
        say("{\"return\":{\"qemu\":{\"major\":10,\"minor\":0,\"micro\":13},\"package\":\"\"}}\n");
    } else {
        say("{\"return\":{}}\n");
    }
}

static void serve_monitor(int timeout_ms)
{
    static char input[65536];
    static size_t length;
    struct pollfd entry = {.fd = monitor_fd, .events = POLLIN};
    ssize_t size;
    char *end;

    if (poll(&entry, 1, timeout_ms) <= 0) {
        return;
    }
    size = recv(monitor_fd, input + length, sizeof(input) - 1 - length, 0);
    if (size <= 0) {
        exit(0);
    }
    length += (size_t)size;
    input[length] = '\0';
    while ((end = strchr(input, '\n'))) {
        *end = '\0';
        answer(input);
        length -= (size_t)(end + 1 - input);
        memmove(input, end + 1, length + 1);
    }
}

/* ---- wires and pins ---- */

static uint64_t bit_time(unsigned baud)
{
    const uint64_t second = 1000000000ull << 32;

    return second / baud + (second % baud != 0);
}

static void send_byte(Port *p, uint8_t byte, int64_t from_ns)
{
    WireRing *ring = &rig->wire[p->wire].tx[p->end];
    uint64_t head = atomic_load(&ring->head);
    uint64_t bit = bit_time(p->console ? CONSOLE_BAUD : LINK_BAUD);
    int64_t start_ns = from_ns > p->free_ns ? from_ns : p->free_ns;

    if (head - atomic_load(&ring->taken_by_tap) >= WIRE_RING_SYMBOLS) {
        fprintf(stderr, "%s: the ring of %s is full\n", program_invocation_short_name,
                rig->wire[p->wire].name);
        exit(1);
    }
    ring->symbol[head % WIRE_RING_SYMBOLS] = (WireSymbol){
        .start_ns = start_ns,
        .bits = (uint16_t)(byte << 1 | 1u << 9),
        .nbits = 10,
        .span_half_bits = 20,
        .bit_time = bit,
        .kind = WIRE_CHARACTER,
        .level_after = 1,
    };
    p->free_ns = start_ns + (int64_t)((bit * 10) >> 32) + 1;
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
}

static void send_text(Port *p, const char *text, int64_t at_ns)
{
    for (; *text; text++) {
        send_byte(p, (uint8_t)*text, at_ns);
    }
}

static void send_heartbeat(Port *p, int64_t at_ns)
{
    const struct packet_type *type = packet_type_find(PACKET_HEARTBEAT);
    union packet_payload payload = {
        .heartbeat = {.time_us = (uint32_t)(at_ns / 1000), .state = 3, .cores_alive = 1}};
    uint8_t packet[PACKET_OCTETS_MAX], frame[RELAYSEC_FRAME_OCTETS_MAX];
    uint8_t line[COBS_FRAMED_OCTETS_MAX(RELAYSEC_FRAME_OCTETS_MAX)];
    size_t size = packet_encode(type, (uint16_t)p->sender.counter, &payload, packet);

    relaysec_seal(&p->sender, packet, size, frame);
    size = cobs_frame(frame, size + RELAYSEC_OVERHEAD_OCTETS, line);
    for (size_t i = 0; i < size; i++) {
        send_byte(p, line[i], at_ns);
    }
}

static void drive_pin(int64_t at_ns, bool level)
{
    uint64_t head = atomic_load(&me->edge_head);

    me->edge[head % WIRE_RING_EDGES] = (WireEdge){.time_ns = at_ns, .pin = 0, .level = level};
    atomic_store_explicit(&me->edge_head, head + 1, memory_order_release);
}

/* Send back what the daemon has written, each character when it has ended. */
static void echo(Port *p, int64_t until_ns)
{
    WireRing *ring = &rig->wire[p->wire].inject[p->end];
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);

    for (; p->seen < head; p->seen++) {
        const WireSymbol *s = &ring->symbol[p->seen % WIRE_RING_SYMBOLS];
        int64_t end_ns = s->start_ns + (int64_t)(s->bit_time * 10 >> 32) + 1;

        if (end_ns >= until_ns) {
            break;
        }
        if (p->console) {
            send_byte(p, (uint8_t)(s->bits >> 1), end_ns);
        }
    }
    atomic_store_explicit(&ring->taken_by_receiver, p->seen, memory_order_release);
}

/* ---- the parts ---- */

static void accident(void)
{
    if (plays("die")) {
        fprintf(stderr, "an early line\n%s: I am dying\n\n", program_invocation_short_name);
        exit(3);
    } else if (plays("killed")) {
        raise(SIGKILL);
    } else if (plays("panic")) {
        fprintf(stderr, "lockup at PC 0x08000200: HFSR 0x40000000\n");
        say("{\"event\":\"GUEST_PANICKED\",\"data\":{\"action\":\"pause\"}}\n");
    } else if (plays("fail")) {
        strcpy(me->text, "the ring of wire flight is full");
        atomic_store(&me->state, WIRE_FAILED);
        futex_ring(&rig->doorbell, &rig->waiting);
    }
    if (plays("die") || plays("killed") || plays("panic") || plays("fail") || plays("hang")) {
        for (;;) {
            serve_monitor(100); /* time stands for ever */
        }
    }
}

static void tick_at(int64_t at_ns)
{
    char text[32];

    snprintf(text, sizeof(text), "tick %u\r\n", tick++);
    for (unsigned i = 0; i < port_count; i++) {
        if (port[i].console && !held) {
            send_text(&port[i], text, at_ns);
        }
    }
}

static void beat_at(int64_t at_ns)
{
    for (unsigned i = 0; i < port_count; i++) {
        if (!port[i].console && !held) {
            send_heartbeat(&port[i], at_ns);
        }
    }
}

static void advance(int64_t until_ns)
{
    for (;;) {
        int64_t next_ns = next_tick_ns < next_beat_ns ? next_tick_ns : next_beat_ns;

        next_ns = next_edge_ns < next_ns ? next_edge_ns : next_ns;
        if (next_ns >= until_ns) {
            break;
        }
        if (next_ns >= ACCIDENT_NS) {
            accident();
        }
        for (unsigned i = 0; i < port_count; i++) {
            echo(&port[i], next_ns + 1);
        }
        if (next_ns == next_tick_ns) {
            tick_at(next_ns);
            next_tick_ns += TICK_NS;
        }
        if (next_ns == next_beat_ns) {
            beat_at(next_ns);
            next_beat_ns += plays("flood") ? 42 * 6667 : BEAT_NS;
        }
        if (next_ns == next_edge_ns) {
            pwm_level = !pwm_level;
            drive_pin(next_ns, pwm_level);
            next_edge_ns += pwm_level ? pwm_high_ns : BEAT_NS - pwm_high_ns;
        }
    }
    for (unsigned i = 0; i < port_count; i++) {
        echo(&port[i], until_ns);
    }
}

static void live(void)
{
    next_tick_ns = plays("late") ? TICK_NS / 2 : 0;
    for (unsigned i = 0; i < port_count; i++) {
        if (port[i].console && plays("prompt")) {
            send_text(&port[i], "> ", 0);
            next_tick_ns = INT64_MAX; /* and waits for ever */
        }
    }
    for (;;) {
        int64_t horizon_ns = atomic_load_explicit(&rig->horizon_ns, memory_order_acquire);
        int64_t arrived_ns = atomic_load(&me->arrived_ns);

        if (horizon_ns > arrived_ns) {
            advance(horizon_ns);
            atomic_store(&me->now_ns, horizon_ns - 1);
            atomic_store_explicit(&me->arrived_ns, horizon_ns, memory_order_release);
            futex_ring(&rig->doorbell, &rig->waiting);
            serve_monitor(0);
        } else {
            /* the time-out is the host's and decides nothing: the monitor is answered late */
            serve_monitor(1);
        }
    }
}

/* ---- joining ---- */

static void find_ports(void)
{
    static const uint8_t key[ASCON_KEY_OCTETS] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                  8, 9, 10, 11, 12, 13, 14, 15};

    for (unsigned w = 0; w < rig->wire_count; w++) {
        for (unsigned e = 0; e < 2; e++) {
            Port *p = &port[port_count];

            if (rig->wire[w].end[e].machine != my_index) {
                continue;
            }
            *p = (Port){.wire = w, .end = e};
            p->console = rig->wire[w].end[!e].machine == WIRE_NOBODY;
            p->sender.association.spi = e == 0 ? 0x4d01 : 0x4d02;
            p->sender.association.mode = RELAYSEC_MODE_AEAD;
            memcpy(p->sender.association.key, key, sizeof(key));
            p->sender.channel = 1;
            port_count++;
        }
    }
}

static void join(const char *path, const char *name)
{
    int fd = open(path, O_RDWR);

    rig = mmap(NULL, sizeof(WireRig), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd < 0 || rig == MAP_FAILED || rig->magic != WIRE_ABI_MAGIC ||
        rig->layout != WIRE_ABI_LAYOUT) {
        fprintf(stderr, "%s: no rig memory at %s\n", program_invocation_short_name, path);
        exit(1);
    }
    for (my_index = 0; strcmp(rig->machine[my_index].name, name); my_index++) {
    }
    me = &rig->machine[my_index];
    strcpy(me->pin_name[0], "PA0");
    strcpy(me->pin_name[1], "PA1");
    me->pin_count = 2;
    find_ports();
    atomic_store(&me->state, WIRE_ATTACHED);
    futex_ring(&rig->doorbell, &rig->waiting);
}

static const char *after(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) ? NULL : text + strlen(prefix);
}

int main(int argc, char **argv)
{
    const char *path = "", *name = "", *found;

    for (int i = 1; i < argc; i++) {
        if ((found = after(argv[i], "wire-hub.rig="))) {
            path = found;
        } else if ((found = after(argv[i], "wire-hub.machine="))) {
            name = found;
        } else if ((found = after(argv[i], "socket,id=monitor,fd="))) {
            monitor_fd = atoi(found);
        } else if ((found = strstr(argv[i], ",part="))) {
            part = found + strlen(",part=");
        }
    }
    if (plays("refuse")) {
        fprintf(stderr, "%s: property 'part' not wanted\n", program_invocation_short_name);
        return 1;
    }
    if (plays("grumble")) {
        fprintf(stderr, "a long story\n%s: with an end\n", program_invocation_short_name);
        return 1;
    }
    if (!plays("stranger")) {
        join(path, name);
    }
    say("{\"QMP\":{\"version\":{}}}\n");
    if (plays("mumble")) {
        say("garbage\n{\"event\":17}\n[]\n\n");
    }
    if (!rig) {
        for (;;) {
            serve_monitor(100);
        }
    }
    live();
}
