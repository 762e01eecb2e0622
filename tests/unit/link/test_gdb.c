/*
 * The debugger's side of the command line: framing of the remote protocol, and
 * the multiplexer between a gdb and two stubs, all played here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fixtures.h"
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "gdb_mux.h"
#include "rsp.h"

/* ---- framing ---- */

typedef struct Line {
    RspPort port;
    int far; /* the other end, raw */
} Line;

static void line_open(Line *line)
{
    int pair[2];

    g_assert(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    rsp_open(&line->port, pair[0], pair[0]);
    line->far = pair[1];
}

static void line_put(const Line *line, const char *text)
{
    g_assert(write(line->far, text, strlen(text)) == (ssize_t)strlen(text));
}

static gboolean line_has(const Line *line, const char *text)
{
    char buffer[256] = "";
    ssize_t size = recv(line->far, buffer, sizeof(buffer) - 1, MSG_DONTWAIT);

    return size == (ssize_t)strlen(text) && !memcmp(buffer, text, (gsize)size);
}

static void line_close(Line *line)
{
    rsp_close(&line->port);
    close(line->far);
}

static void test_packet_in_pieces(void)
{
    g_autoptr(GString) data = g_string_new(NULL);
    Line line;

    line_open(&line);
    line_put(&line, "+$m80");
    CU_ASSERT_TRUE(rsp_fill(&line.port));
    CU_ASSERT_EQUAL(rsp_take(&line.port, data), RSP_NOTHING);
    line_put(&line, "00,4#");
    CU_ASSERT_TRUE(rsp_fill(&line.port));
    CU_ASSERT_EQUAL(rsp_take(&line.port, data), RSP_NOTHING);
    line_put(&line, "95");
    CU_ASSERT_TRUE(rsp_fill(&line.port));
    CU_ASSERT_EQUAL(rsp_take(&line.port, data), RSP_PACKET);
    CU_ASSERT_STRING_EQUAL(data->str, "m8000,4");
    CU_ASSERT_TRUE(line_has(&line, "+"));
    CU_ASSERT_TRUE(rsp_send(&line.port, "OK", 2));
    CU_ASSERT_TRUE(line_has(&line, "$OK#9a"));
    line_close(&line);
}

static void test_damaged_packet(void)
{
    g_autoptr(GString) data = g_string_new(NULL);
    Line line;

    line_open(&line);
    line_put(&line, "$m8000,4#96$?#3f");
    CU_ASSERT_EQUAL(rsp_wait(&line.port, data), RSP_PACKET);
    CU_ASSERT_STRING_EQUAL(data->str, "?");
    CU_ASSERT_TRUE(line_has(&line, "-+"));
    line_close(&line);
}

static void test_interrupt_and_end(void)
{
    g_autoptr(GString) data = g_string_new(NULL);
    Line line;

    line_open(&line);
    line_put(&line, "noise\003");
    CU_ASSERT_EQUAL(rsp_wait(&line.port, data), RSP_INTERRUPT);
    shutdown(line.far, SHUT_RDWR);
    CU_ASSERT_EQUAL(rsp_wait(&line.port, data), RSP_CLOSED);
    line_close(&line);
}

/* ---- the multiplexer ---- */

/* A stub of one machine: answers by a table, and notes what it was asked. */
typedef struct Stub {
    char *path;
    int listener;
    int cores;
    gboolean held;    /* the second core is, in reset */
    char current;     /* the process that Hg has named */
    const char *says; /* to its user, while it runs; NULL: nothing */
    GString *asked;   /* what matters, one a line */
    GThread *thread;
} Stub;

static void stub_answer(Stub *stub, RspPort *port, const char *packet)
{
    g_autofree char *text = NULL;

    if (g_str_has_prefix(packet, "vAttach;")) {
        text = packet[8] - '0' <= stub->cores
                   ? g_strdup_printf("T05thread:p0%c.0%c;", packet[8], packet[8])
                   : g_strdup("E22");
    } else if (g_str_has_prefix(packet, "vCont;")) {
        g_string_append_printf(stub->asked, "%s\n", packet);
        if (stub->says) {
            rsp_send(port, stub->says, strlen(stub->says));
        }
        /* a stub that is let go stops at once, unless all it does is wait */
        text = g_strdup(stub->cores == 1 ? "T05thread:p01.01;" : "T02thread:p01.01;");
    } else if (g_str_has_prefix(packet, "qThreadExtraInfo,")) {
        /* "[halted ]", the first core of two "[running]" */
        text =
            g_strdup(g_str_has_suffix(packet, "p1.1") && stub->cores == 2 ? "5b72756e6e696e675d"
                                                                          : "5b68616c746564205d");
    } else if (g_str_equal(packet, "m40c04290,4")) {
        text = g_strdup(stub->held ? "01000000" : "00000000");
    } else if (packet[0] == 'm') {
        g_string_append_printf(stub->asked, "%s\n", packet);
        text = g_strdup(stub->cores == 1 ? "11" : "22");
    } else if (g_str_has_prefix(packet, "Hgp")) {
        stub->current = packet[3];
        text = g_strdup("OK");
    } else if (g_str_equal(packet, "qC")) {
        text = g_strdup_printf("QCp0%c.0%c", stub->current, stub->current);
    } else if (g_str_equal(packet, "?")) {
        text = g_strdup("T05thread:p01.01;");
    } else {
        text = g_strdup("OK");
    }
    rsp_send(port, text, strlen(text));
}

static gpointer stub_run(gpointer opaque)
{
    Stub *stub = opaque;
    g_autoptr(GString) packet = g_string_new(NULL);
    int fd = accept(stub->listener, NULL, NULL);
    RspEvent event;
    RspPort port;

    rsp_open(&port, fd, fd);
    while ((event = rsp_wait(&port, packet)) != RSP_CLOSED) {
        if (event == RSP_PACKET) {
            stub_answer(stub, &port, packet->str);
        }
    }
    rsp_close(&port);
    return NULL;
}

static void stub_start(Stub *stub, const char *name, int cores)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    *stub = (Stub){.cores = cores, .held = TRUE, .current = '1', .asked = g_string_new(NULL)};
    stub->path = fixture_text(name, "");
    g_strlcpy(address.sun_path, stub->path, sizeof(address.sun_path));
    unlink(stub->path);
    stub->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    g_assert(bind(stub->listener, (struct sockaddr *)&address, sizeof(address)) == 0);
    g_assert(listen(stub->listener, 1) == 0);
    stub->thread = g_thread_new(name, stub_run, stub);
}

static void stub_end(Stub *stub)
{
    g_thread_join(stub->thread);
    close(stub->listener);
    unlink(stub->path);
    g_free(stub->path);
    g_string_free(stub->asked, TRUE);
}

typedef struct Bench {
    Stub fmu, io; /* two cores, one core */
    GdbMux *mux;
    GThread *thread;
    RspPort gdb;
    GString *reply;
} Bench;

static gpointer serve(gpointer opaque)
{
    gdb_mux_serve(opaque);
    return NULL;
}

static void bench_start(Bench *bench)
{
    int pair[2];

    stub_start(&bench->fmu, "fmu.gdb", 2);
    stub_start(&bench->io, "io.gdb", 1);
    g_assert(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    bench->mux = gdb_mux_new(pair[0], pair[0]);
    bench->reply = g_string_new(NULL);
    rsp_open(&bench->gdb, pair[1], pair[1]);
    CU_ASSERT_TRUE(gdb_mux_add(bench->mux, "fmu", model_find("mimxrt1176"), bench->fmu.path, NULL));
    CU_ASSERT_TRUE(gdb_mux_add(bench->mux, "io", model_find("stm32f100c8"), bench->io.path, NULL));
    bench->thread = g_thread_new("mux", serve, bench->mux);
}

static const char *ask(Bench *bench, const char *packet)
{
    rsp_send(&bench->gdb, packet, strlen(packet));
    return rsp_wait(&bench->gdb, bench->reply) == RSP_PACKET ? bench->reply->str : "";
}

static void bench_end(Bench *bench)
{
    shutdown(bench->gdb.in, SHUT_RDWR);
    g_thread_join(bench->thread);
    gdb_mux_free(bench->mux);
    stub_end(&bench->fmu);
    stub_end(&bench->io);
    rsp_close(&bench->gdb);
    g_string_free(bench->reply, TRUE);
}

/* First cores first: fmu 1, io 2, then fmu's other core. */
static void test_numbers(void)
{
    Bench bench;

    bench_start(&bench);
    CU_ASSERT_STRING_EQUAL(ask(&bench, "?"), "T05thread:p1.1;");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "vAttach;2"), "T05thread:p2.1;");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "vAttach;3"), "T05thread:p3.2;");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "vAttach;4"), "E22");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "vKill;1"), "E01");
    bench_end(&bench);
}

#define THREADS_BEGIN "<?xml version=\"1.0\"?>\n<threads>\n"
#define THREADS_END   "</threads>\n"

/* Those of the processes that gdb is attached to, with the names of their cores. */
static void test_names_and_states(void)
{
    static const char fmu[] = "<thread id=\"p1.1\" name=\"fmu.cm7\">running</thread>\n";
    static const char io[] = "<thread id=\"p2.1\" name=\"io.cm3\">asleep</thread>\n";
    static const char held[] = "<thread id=\"p3.2\" name=\"fmu.cm4\">held in reset</thread>\n";
    static const char asleep[] = "<thread id=\"p3.2\" name=\"fmu.cm4\">asleep</thread>\n";
    g_autofree char *one = g_strconcat("l" THREADS_BEGIN, fmu, THREADS_END, NULL);
    g_autofree char *three = g_strconcat("l" THREADS_BEGIN, fmu, io, held, THREADS_END, NULL);
    g_autofree char *awake = g_strconcat("l" THREADS_BEGIN, fmu, asleep, THREADS_END, NULL);
    Bench bench;

    bench_start(&bench);
    ask(&bench, "?");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "qXfer:threads:read::0,ffb"), one);
    ask(&bench, "vAttach;2");
    ask(&bench, "vAttach;3");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "qXfer:threads:read::0,ffb"), three);
    CU_ASSERT_EQUAL(bench.fmu.current, '2'); /* still the one of gdb's choice */
    CU_ASSERT_STRING_EQUAL(ask(&bench, "D;2"), "OK");
    bench.fmu.held = FALSE;
    CU_ASSERT_STRING_EQUAL(ask(&bench, "qXfer:threads:read::0,ffb"), awake);
    bench_end(&bench);
}

static void test_threads_in_pieces(void)
{
    Bench bench;

    bench_start(&bench);
    ask(&bench, "?");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "qXfer:threads:read::0,5"), "m<?xml");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "qXfer:threads:read::5,9"), "m version=");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "qXfer:threads:read::fff,9"), "l");
    bench_end(&bench);
}

static void test_memory_of_the_current_machine(void)
{
    Bench bench;

    bench_start(&bench);
    ask(&bench, "?");
    ask(&bench, "vAttach;2");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "m8000000,1"), "11");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "Hgp1.1"), "OK");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "m8000000,1"), "22");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "Hgp3.1"), "E22"); /* not attached */
    CU_ASSERT_STRING_EQUAL(ask(&bench, "m8000000,1"), "22");
    bench_end(&bench);
}

/* io stops by itself; after that its thread is the current one. */
static void test_resume_all(void)
{
    Bench bench;

    bench_start(&bench);
    ask(&bench, "?");
    ask(&bench, "vAttach;2");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "vCont;s:p1.1;c:p2.-1"), "T05thread:p2.1;");
    CU_ASSERT_STRING_EQUAL(bench.io.asked->str, "vCont;c:p1.-1;c\n");
    CU_ASSERT_STRING_EQUAL(bench.fmu.asked->str, "vCont;s:p1.1;c\n");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "m0,1"), "11");
    bench_end(&bench);
}

/* Time is one: a step of one core, also one that gdb wants alone, lets all go. */
static void test_nobody_stays(void)
{
    Bench bench;

    bench_start(&bench);
    ask(&bench, "?");
    ask(&bench, "vAttach;2");
    ask(&bench, "vAttach;3");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "vCont;s:p3.2"), "T05thread:p2.1;");
    CU_ASSERT_STRING_EQUAL(bench.fmu.asked->str, "vCont;s:p2.2;c\n");
    CU_ASSERT_STRING_EQUAL(bench.io.asked->str, "vCont;c\n");
    bench_end(&bench);
}

/* Text of a stub that runs is for gdb's user, and no stop. */
static void test_text_while_running(void)
{
    Bench bench;

    bench_start(&bench);
    bench.io.says = "O6869";
    ask(&bench, "?");
    ask(&bench, "vAttach;2");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "vCont;c:p2.-1"), "O6869");
    CU_ASSERT_EQUAL(rsp_wait(&bench.gdb, bench.reply), RSP_PACKET);
    CU_ASSERT_STRING_EQUAL(bench.reply->str, "T05thread:p2.1;");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "m0,1"), "11");
    bench_end(&bench);
}

static void test_end_of_the_run(void)
{
    Bench bench;

    bench_start(&bench);
    ask(&bench, "?");
    ask(&bench, "vAttach;2");
    gdb_mux_end(bench.mux);
    CU_ASSERT_STRING_EQUAL(ask(&bench, "vCont;c"), "W00;process:1");
    CU_ASSERT_STRING_EQUAL(ask(&bench, "vCont;c"), "W00;process:2");
    bench_end(&bench);
}

int main(void)
{
    static CU_TestInfo framing[] = {
        {"a packet in pieces", test_packet_in_pieces},
        {"a damaged packet", test_damaged_packet},
        {"interrupt and end", test_interrupt_and_end},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo mux[] = {
        {"numbers of processes", test_numbers},
        {"names and states of cores", test_names_and_states},
        {"threads in pieces", test_threads_in_pieces},
        {"memory of the current machine", test_memory_of_the_current_machine},
        {"all are let go", test_resume_all},
        {"nobody stays", test_nobody_stays},
        {"text of a machine that runs", test_text_while_running},
        {"the end of the run", test_end_of_the_run},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {.pName = "framing", .pTests = framing},
        {.pName = "multiplexer", .pTests = mux},
        CU_SUITE_INFO_NULL,
    };

    return fixture_main(suites);
}
