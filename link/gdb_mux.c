/*
 * One debugger, several machines; see gdb_mux.h.  Packets: "Debugging with
 * GDB", appendix "Remote Protocol".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "gdb_mux.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "error.h"
#include "rsp.h"

#define OWN_FEATURES                                                                          \
    "PacketSize=1000;multiprocess+;vContSupported+;qXfer:features:read+;qXfer:threads:read+;" \
    "QStartNoAckMode+"
#define SIGNAL_INTERRUPT "02"  /* what a stub reports after a Ctrl-C */
#define SIGNAL_ABORT     "06"  /* and of a core that has locked up */
#define ANY              (-1)  /* of processes or threads: all */
#define CONSOLE_OCTETS   1000u /* in one packet */

typedef struct Machine {
    char *name;
    const Model *model;
    RspPort port;
    gboolean running;
    char *pending; /* a stop gdb has not been told of */
} Machine;

typedef struct Process {
    Machine *machine;
    long local; /* its number at the machine's stub */
    gboolean attached;
    gboolean locked_up;
} Process;

struct GdbMux {
    RspPort gdb;
    GPtrArray *machines;  /* Machine * */
    GPtrArray *processes; /* Process *, number n at n - 1 */
    Process *current;     /* of packets that name none */
    GString *reply;
    char *threads; /* the document that gdb is reading, or NULL */
    gboolean closed;
    GAsyncQueue *texts; /* char * */
    gint ended;         /* atomic: the run is over */
    int notice;         /* eventfd: something from another thread */
};

/* ---- numbers of processes and threads ---- */

typedef struct ThreadId {
    long process, thread; /* ANY: all; 0: whichever */
} ThreadId;

/* "p1.2", "p1" or "2"; moves *@at behind it. */
static ThreadId read_id(const char **at)
{
    ThreadId id = {.process = 1, .thread = ANY};
    char *end = NULL;

    if (**at == 'p') {
        id.process = strtol(*at + 1, &end, 16);
        *at = end;
        if (*end == '.') {
            id.thread = strtol(end + 1, &end, 16);
            *at = end;
        }
    } else {
        id.thread = strtol(*at, &end, 16);
        *at = end;
    }
    return id;
}

static Process *process_at(GdbMux *mux, long number)
{
    return number >= 1 && number <= (long)mux->processes->len
               ? g_ptr_array_index(mux->processes, number - 1)
               : NULL;
}

static long number_of(GdbMux *mux, const Machine *machine, long local)
{
    for (guint i = 0; i < mux->processes->len; i++) {
        const Process *process = g_ptr_array_index(mux->processes, i);

        if (process->machine == machine && process->local == local) {
            return i + 1;
        }
    }
    return 0;
}

static Process *first_attached(GdbMux *mux)
{
    for (guint i = 0; i < mux->processes->len; i++) {
        Process *process = g_ptr_array_index(mux->processes, i);

        if (process->attached) {
            return process;
        }
    }
    return NULL;
}

static void add_id(GString *to, long process, long thread)
{
    g_string_append_printf(to, "p%lx.", process);
    g_string_append_printf(to, thread < 0 ? "-1" : "%lx", thread);
}

/* A stub's stop reply with gdb's numbers: "T05thread:p01.01;..." */
static char *stop_for_gdb(GdbMux *mux, const Machine *machine, const char *stop)
{
    static const char key[] = "thread:";
    const char *at = strstr(stop, key);
    GString *out;

    if (!at) {
        return g_strdup(stop);
    }
    at += strlen(key);
    out = g_string_new_len(stop, at - stop);
    {
        ThreadId id = read_id(&at);

        add_id(out, number_of(mux, machine, id.process), id.thread);
    }
    g_string_append(out, at);
    return g_string_free(out, FALSE);
}

/* Whose stop it is, in a stop reply with gdb's numbers; NULL: nobody's. */
static Process *process_of_stop(GdbMux *mux, const char *stop)
{
    const char *at = strstr(stop, "thread:");

    return at ? (at += strlen("thread:"), process_at(mux, read_id(&at).process)) : NULL;
}

/* ---- talking ---- */

static void answer(GdbMux *mux, const char *data)
{
    mux->closed |= !rsp_send(&mux->gdb, data, strlen(data));
}

/* Ask a stub; its reply is in mux->reply.  What a monitor command prints goes on to gdb. */
static gboolean ask_bytes(GdbMux *mux, Machine *machine, const char *data, gsize length)
{
    if (!rsp_send(&machine->port, data, length)) {
        return FALSE;
    }
    while (rsp_wait(&machine->port, mux->reply) == RSP_PACKET) {
        if (mux->reply->str[0] != 'O' || g_str_equal(mux->reply->str, "OK")) {
            return TRUE;
        }
        answer(mux, mux->reply->str);
    }
    return FALSE;
}

static gboolean ask(GdbMux *mux, Machine *machine, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list list;

    va_start(list, format);
    text = g_strdup_vprintf(format, list);
    va_end(list);
    return ask_bytes(mux, machine, text, strlen(text));
}

/* The stub's memory and registers are @process's. */
static gboolean select_process(GdbMux *mux, const Process *process)
{
    return ask(mux, process->machine, "Hgp%lx.0", process->local) &&
           g_str_equal(mux->reply->str, "OK");
}

/* gdb's question to one machine, as it is. */
static void forward(GdbMux *mux, Machine *machine, const GString *packet)
{
    if (!ask_bytes(mux, machine, packet->str, packet->len)) {
        answer(mux, "E01");
    } else {
        mux->closed |= !rsp_send(&mux->gdb, mux->reply->str, mux->reply->len);
    }
}

/* ---- running and stopping ---- */

/* What a running stub has said: a stop, or text for gdb's user (FALSE: it runs on). */
static gboolean stopped(GdbMux *mux, Machine *machine)
{
    Process *process;

    if (mux->reply->str[0] == 'O') {
        answer(mux, mux->reply->str);
        return FALSE;
    }
    machine->running = FALSE;
    if (mux->reply->str[0] == 'T' && strncmp(mux->reply->str + 1, SIGNAL_INTERRUPT, 2)) {
        g_free(machine->pending);
        machine->pending = stop_for_gdb(mux, machine, mux->reply->str);
        process = process_of_stop(mux, machine->pending);
        if (process && !strncmp(machine->pending + 1, SIGNAL_ABORT, 2)) {
            process->locked_up = TRUE;
        }
    }
    return TRUE;
}

static void stop_all(GdbMux *mux)
{
    for (guint i = 0; i < mux->machines->len; i++) {
        Machine *machine = g_ptr_array_index(mux->machines, i);

        if (machine->running) {
            rsp_interrupt(&machine->port);
        }
    }
    for (guint i = 0; i < mux->machines->len; i++) {
        Machine *machine = g_ptr_array_index(mux->machines, i);

        while (machine->running) {
            if (rsp_wait(&machine->port, mux->reply) == RSP_PACKET) {
                stopped(mux, machine);
            } else {
                machine->running = FALSE;
                gdb_mux_end(mux);
            }
        }
    }
}

/* Tell gdb of a stop (with its own numbers), after which the thread in it is the current one. */
static void tell_stop(GdbMux *mux, const char *stop)
{
    Process *process = process_of_stop(mux, stop);

    if (process) {
        mux->current = process;
        select_process(mux, process);
    }
    answer(mux, stop);
}

/* Tell gdb of one stop that it does not know yet. */
static gboolean tell_pending(GdbMux *mux)
{
    for (guint i = 0; i < mux->machines->len; i++) {
        Machine *machine = g_ptr_array_index(mux->machines, i);

        if (machine->pending) {
            tell_stop(mux, machine->pending);
            g_clear_pointer(&machine->pending, g_free);
            return TRUE;
        }
    }
    return FALSE;
}

static void tell_end(GdbMux *mux)
{
    Process *process = first_attached(mux);

    if (process) {
        g_autofree char *text =
            g_strdup_printf("W00;process:%lx", number_of(mux, process->machine, process->local));

        process->attached = FALSE;
        answer(mux, text);
    }
}

/*
 * What @machine has to do of vCont's actions: those that name its processes,
 * and everything else goes, too.  The first action that fits a thread counts.
 */
static char *actions_for(GdbMux *mux, const Machine *machine, const char *actions)
{
    g_autoptr(GString) out = g_string_new("vCont");
    g_auto(GStrv) list = g_strsplit(actions, ";", -1);

    for (gsize i = 0; list[i]; i++) {
        const char *colon = strchr(list[i], ':');
        const char *at = colon ? colon + 1 : NULL;
        ThreadId id = at ? read_id(&at) : (ThreadId){.process = ANY, .thread = ANY};
        const Process *process = process_at(mux, id.process);

        if (id.process == ANY) {
            g_string_append_printf(out, ";%.*s", colon ? (int)(colon - list[i]) : -1, list[i]);
            return g_strdup(out->str);
        }
        if (process && process->machine == machine) {
            g_string_append_printf(out, ";%.*s:", (int)(colon - list[i]), list[i]);
            add_id(out, process->local, id.thread);
        }
    }
    g_string_append(out, ";c");
    return g_strdup(out->str);
}

static void show_texts(GdbMux *mux)
{
    char *text;

    while ((text = g_async_queue_try_pop(mux->texts))) {
        for (gsize from = 0, length = strlen(text); from < length; from += CONSOLE_OCTETS) {
            g_autoptr(GString) packet = g_string_new("O");

            for (gsize i = from; i < MIN(length, from + CONSOLE_OCTETS); i++) {
                g_string_append_printf(packet, "%02x", (guint8)text[i]);
            }
            answer(mux, packet->str);
        }
        g_free(text);
    }
}

/* Until something stops: a machine, gdb or the end of the run. */
static void wait_for_stop(GdbMux *mux)
{
    g_autofree struct pollfd *entry = g_new0(struct pollfd, mux->machines->len + 2);
    gboolean interrupted = FALSE, any = FALSE;

    while (!any && !interrupted && !mux->closed && !g_atomic_int_get(&mux->ended)) {
        guint count = 0;

        /* gdb says nothing but Ctrl-C while it waits */
        interrupted = rsp_take(&mux->gdb, mux->reply) == RSP_INTERRUPT;
        if (interrupted) {
            break;
        }
        show_texts(mux);
        entry[count++] = (struct pollfd){.fd = mux->gdb.in, .events = POLLIN};
        entry[count++] = (struct pollfd){.fd = mux->notice, .events = POLLIN};
        for (guint i = 0; i < mux->machines->len; i++) {
            const Machine *machine = g_ptr_array_index(mux->machines, i);

            entry[count++] =
                (struct pollfd){.fd = machine->running ? machine->port.in : -1, .events = POLLIN};
        }
        if (poll(entry, count, -1) < 0) {
            continue;
        }
        if (entry[0].revents) {
            mux->closed = !rsp_fill(&mux->gdb);
        }
        if (entry[1].revents) {
            eventfd_t value;

            eventfd_read(mux->notice, &value);
        }
        for (guint i = 0; i < mux->machines->len; i++) {
            Machine *machine = g_ptr_array_index(mux->machines, i);

            if (entry[i + 2].revents) {
                if (!rsp_fill(&machine->port)) {
                    machine->running = FALSE;
                    gdb_mux_end(mux);
                }
                while (machine->running && rsp_take(&machine->port, mux->reply) == RSP_PACKET) {
                    any |= stopped(mux, machine);
                }
            }
        }
    }
    stop_all(mux);
    show_texts(mux);
    if (mux->closed || tell_pending(mux)) {
        return; /* why the rig has failed, too: a core that has locked up */
    }
    if (g_atomic_int_get(&mux->ended)) {
        tell_end(mux);
    } else {
        g_autofree char *stop = NULL;
        Process *process = first_attached(mux);

        if (process && ask(mux, process->machine, "?")) {
            stop = stop_for_gdb(mux, process->machine, mux->reply->str);
            memcpy(stop + 1, SIGNAL_INTERRUPT, 2);
            tell_stop(mux, stop);
        }
    }
}

static void resume(GdbMux *mux, const char *actions)
{
    if (tell_pending(mux)) {
        return;
    }
    if (g_atomic_int_get(&mux->ended)) {
        tell_end(mux);
        return;
    }
    for (guint i = 0; i < mux->machines->len; i++) {
        Machine *machine = g_ptr_array_index(mux->machines, i);
        g_autofree char *packet = actions_for(mux, machine, actions);

        machine->running = rsp_send(&machine->port, packet, strlen(packet));
    }
    wait_for_stop(mux);
}

/* ---- gdb's other packets ---- */

static const ModelCore *core_of(const Process *process)
{
    return &process->machine->model->core[process->local - 1];
}

/* The reset controller holds the core: a register of the machine says so. */
static gboolean is_held(GdbMux *mux, const Process *process)
{
    const ModelCore *core = core_of(process);
    guint32 word;

    if (!core->held_mask || !ask(mux, process->machine, "m%x,4", core->held_address) ||
        mux->reply->len != 2 * sizeof(word)) {
        return FALSE;
    }
    word = (guint32)g_ascii_strtoull(mux->reply->str, NULL, 16);
    return (GUINT32_SWAP_LE_BE(word) & core->held_mask) != 0;
}

/* The stub tells of a thread, in hexadecimal: "cortex-m4-arm-cpu cpu [halted ]". */
static const char *state_of(GdbMux *mux, const Process *process, long thread)
{
    static const char halted[] = "5b68616c746564"; /* "[halted" */

    if (process->locked_up) {
        return "locked up";
    }
    if (!ask(mux, process->machine, "qThreadExtraInfo,p%lx.%lx", process->local, thread) ||
        !strstr(mux->reply->str, halted)) {
        return "running";
    }
    return is_held(mux, process) ? "held in reset" : "asleep";
}

/* The stub's number of the thread of @process: a core has one. */
static long thread_of(GdbMux *mux, const Process *process)
{
    const char *at;

    if (!select_process(mux, process) || !ask(mux, process->machine, "qC")) {
        return 0;
    }
    at = mux->reply->str + strlen("QC");
    return read_id(&at).thread;
}

/* <threads>: one for each process that gdb is attached to. */
static char *threads_document(GdbMux *mux)
{
    GString *out = g_string_new("<?xml version=\"1.0\"?>\n<threads>\n");

    for (guint i = 0; i < mux->processes->len; i++) {
        const Process *process = g_ptr_array_index(mux->processes, i);
        long thread;

        if (process->attached) {
            thread = thread_of(mux, process);
            g_string_append(out, "<thread id=\"");
            add_id(out, i + 1, thread);
            g_string_append_printf(out, "\" name=\"%s.%s\">%s</thread>\n", process->machine->name,
                                   core_of(process)->name, state_of(mux, process, thread));
        }
    }
    g_string_append(out, "</threads>\n");
    select_process(mux, mux->current);
    return g_string_free(out, FALSE);
}

/* "qXfer:threads:read::OFFSET,LENGTH": "m" and a piece of the document, "l" and its last. */
static void read_threads(GdbMux *mux, const char *range)
{
    g_autoptr(GString) out = g_string_new(NULL);
    gsize offset, length, size;
    char *end;

    offset = strtoul(range, &end, 16);
    length = *end == ',' ? strtoul(end + 1, NULL, 16) : 0;
    if (!offset || !mux->threads) {
        g_free(mux->threads);
        mux->threads = threads_document(mux);
    }
    size = strlen(mux->threads);
    offset = MIN(offset, size);
    length = MIN(length, size - offset);
    g_string_append_c(out, offset + length < size ? 'm' : 'l');
    g_string_append_len(out, mux->threads + offset, (gssize)length);
    answer(mux, out->str);
}

/* A stop reply that says where @process stands. */
static void tell_where(GdbMux *mux, Process *process)
{
    long thread = thread_of(mux, process);
    g_autofree char *stop = g_strdup_printf(
        "T05thread:p%lx.%lx;", number_of(mux, process->machine, process->local), thread);

    answer(mux, thread ? stop : "E01");
}

static void attach(GdbMux *mux, long number)
{
    Process *process = process_at(mux, number);

    if (!process) {
        answer(mux, "E22");
        return;
    }
    process->attached = TRUE;
    mux->current = process;
    tell_where(mux, process);
}

static void detach(GdbMux *mux, const char *packet)
{
    Process *process =
        packet[1] == ';' ? process_at(mux, strtol(packet + 2, NULL, 16)) : first_attached(mux);

    if (process) {
        process->attached = FALSE;
    }
    answer(mux, process ? "OK" : "E22");
    if (process && !first_attached(mux)) {
        resume(mux, "c");
    }
}

/* "Hg" and "T": the stub has to know it, too. */
static void name_thread(GdbMux *mux, const char *command, const char *at)
{
    ThreadId id = read_id(&at);
    Process *process = id.process > 0 ? process_at(mux, id.process) : first_attached(mux);

    if (!process || !process->attached ||
        !ask(mux, process->machine, "%sp%lx.%lx", command, process->local, MAX(id.thread, 0))) {
        answer(mux, "E22");
        return;
    }
    if (command[0] == 'H') {
        mux->current = process;
    }
    answer(mux, mux->reply->str);
}

static gboolean starts(const GString *packet, const char *with)
{
    return g_str_has_prefix(packet->str, with);
}

static void handle_query(GdbMux *mux, const GString *packet)
{
    if (starts(packet, "qSupported")) {
        answer(mux, OWN_FEATURES);
    } else if (starts(packet, "qXfer:threads:read::")) {
        read_threads(mux, packet->str + strlen("qXfer:threads:read::"));
    } else if (starts(packet, "qAttached")) {
        answer(mux, "1");
    } else if (g_str_equal(packet->str, "qC")) {
        g_autoptr(GString) id = g_string_new("QC");

        add_id(id, number_of(mux, mux->current->machine, mux->current->local),
               thread_of(mux, mux->current));
        answer(mux, id->str);
    } else {
        forward(mux, mux->current->machine, packet);
    }
}

static void handle_v(GdbMux *mux, const GString *packet)
{
    if (starts(packet, "vCont;")) {
        resume(mux, packet->str + strlen("vCont;"));
    } else if (g_str_equal(packet->str, "vCont?")) {
        answer(mux, "vCont;c;C;s;S");
    } else if (starts(packet, "vAttach;")) {
        attach(mux, strtol(packet->str + strlen("vAttach;"), NULL, 16));
    } else if (starts(packet, "vKill;")) {
        answer(mux, "E01"); /* a machine of a rig cannot go alone */
    } else {
        answer(mux, "");
    }
}

static void handle(GdbMux *mux, const GString *packet)
{
    switch (packet->str[0]) {
    case '?':
        attach(mux, 1);
        break;
    case '!':
        answer(mux, "OK");
        break;
    case 'D':
        detach(mux, packet->str);
        break;
    case 'H':
        if (packet->str[1] == 'g') {
            name_thread(mux, "Hg", packet->str + 2);
        } else {
            answer(mux, "OK"); /* vCont names its threads */
        }
        break;
    case 'T':
        name_thread(mux, "T", packet->str + 1);
        break;
    case 'q':
        handle_query(mux, packet);
        break;
    case 'v':
        handle_v(mux, packet);
        break;
    case 'Q':
        if (g_str_equal(packet->str, "QStartNoAckMode")) {
            answer(mux, "OK");
            mux->gdb.acks = FALSE;
            break;
        }
        forward(mux, mux->current->machine, packet);
        break;
    case 'g':
    case 'G':
    case 'p':
    case 'P':
    case 'm':
    case 'M':
    case 'X':
    case 'Z':
    case 'z':
        forward(mux, mux->current->machine, packet);
        break;
    default:
        answer(mux, ""); /* not known, says the protocol */
        break;
    }
}

void gdb_mux_serve(GdbMux *mux)
{
    g_autoptr(GString) packet = g_string_new(NULL);

    mux->current = process_at(mux, 1);
    while (!mux->closed) {
        switch (rsp_wait(&mux->gdb, packet)) {
        case RSP_PACKET:
            handle(mux, packet);
            break;
        case RSP_CLOSED:
            mux->closed = TRUE;
            break;
        default:
            break; /* Ctrl-C, and nothing runs */
        }
    }
}

/* ---- machines ---- */

static int connect_to(const char *path, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: %s", path, g_strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return -1;
    }
    return fd;
}

static void add_process(GdbMux *mux, Machine *machine, long local)
{
    Process *process = g_new0(Process, 1);
    guint at = local == 1 ? mux->machines->len - 1 : mux->processes->len;

    process->machine = machine;
    process->local = local;
    g_ptr_array_insert(mux->processes, (gint)at, process);
}

gboolean gdb_mux_add(GdbMux *mux, const char *name, const Model *model, const char *socket,
                     GError **error)
{
    Machine *machine;
    int fd = connect_to(socket, error);

    if (fd < 0) {
        return FALSE;
    }
    machine = g_new0(Machine, 1);
    machine->name = g_strdup(name);
    machine->model = model;
    rsp_open(&machine->port, fd, fd);
    g_ptr_array_add(mux->machines, machine);
    if (!ask(mux, machine, "qSupported:multiprocess+") || !ask(mux, machine, "?")) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: no debugger stub answers", socket);
    }
    /* the stub numbers its processes from 1, one a core */
    for (long local = 1; local <= MODEL_CORES_MAX && model->core[local - 1].name; local++) {
        if (!ask(mux, machine, "vAttach;%lx", local) || mux->reply->str[0] != 'T') {
            return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: no core %s", socket,
                             model->core[local - 1].name);
        }
        add_process(mux, machine, local);
    }
    return TRUE;
}

static void machine_free(gpointer data)
{
    Machine *machine = data;

    rsp_close(&machine->port);
    g_free(machine->pending);
    g_free(machine->name);
    g_free(machine);
}

GdbMux *gdb_mux_new(int in, int out)
{
    GdbMux *mux = g_new0(GdbMux, 1);

    rsp_open(&mux->gdb, in, out);
    mux->machines = g_ptr_array_new_with_free_func(machine_free);
    mux->processes = g_ptr_array_new_with_free_func(g_free);
    mux->reply = g_string_new(NULL);
    mux->texts = g_async_queue_new_full(g_free);
    mux->notice = eventfd(0, EFD_CLOEXEC);
    return mux;
}

void gdb_mux_free(GdbMux *mux)
{
    rsp_close(&mux->gdb);
    g_ptr_array_unref(mux->processes);
    g_ptr_array_unref(mux->machines);
    g_string_free(mux->reply, TRUE);
    g_free(mux->threads);
    g_async_queue_unref(mux->texts);
    close(mux->notice);
    g_free(mux);
}

/* ---- from other threads ---- */

void gdb_mux_print(GdbMux *mux, char *text)
{
    g_async_queue_push(mux->texts, text);
    eventfd_write(mux->notice, 1);
}

void gdb_mux_end(GdbMux *mux)
{
    g_atomic_int_set(&mux->ended, 1);
    eventfd_write(mux->notice, 1);
}
