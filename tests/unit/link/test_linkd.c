/*
 * The link daemon as a whole, through its control socket, with machines played
 * by fake_machine.c (see there for what they do and when).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fixtures.h"
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "client.h"
#include "error.h"
#include "version.h"

#define MS 1000000ll

/* ---- a daemon under test ---- */

typedef struct Daemon {
    GSubprocess *process;
    Link *link;
    char *socket, *folder;
} Daemon;

static unsigned daemons;

static char *rig_text(const char *io_part)
{
    return g_strdup_printf("[rig]\nname = pair\n"
                           "[machine fmu]\nmodel = stm32f100rb\nimage = ok.elf\n"
                           "[machine io]\nmodel = stm32f100c8\nimage = ok.elf\nconsole = usart1\n"
                           "property = part=%s\n"
                           "[link flight]\nends = fmu.usart3, io.usart2\n"
                           "[sa down]\nlink = flight\nfrom = fmu\nspi = 0x4d01\nmode = aead\n"
                           "key = 000102030405060708090a0b0c0d0e0f\n"
                           "[sa up]\nlink = flight\nfrom = io\nspi = 0x4d02\nmode = aead\n"
                           "key = 000102030405060708090a0b0c0d0e0f\n",
                           io_part);
}

static char *make_rig(const char *io_part)
{
    g_autofree char *text = rig_text(io_part);
    g_autofree char *name = g_strdup_printf("%s.rig", io_part);
    FixtureElf elf = fixture_elf();

    g_free(fixture_file("ok.elf", &elf, sizeof(elf)));
    return fixture_text(name, text);
}

/* What linkd prints is read at its end. */
static Daemon daemon_on(const char *rig, const char *const *options)
{
    GPtrArray *a = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_PIPE);
    g_autoptr(JsonObject) status = NULL;
    int ends[2];
    Daemon d = {.socket = g_strdup_printf("%s/s%u", TEST_FOLDER, ++daemons),
                .folder = g_strdup_printf("%s/run%u", TEST_FOLDER, daemons)};
    const char *const fixed[] = {TEST_ASAN "/linkd",
                                 "--qemu",
                                 TEST_FOLDER "/fake_machine",
                                 "--socket",
                                 d.socket,
                                 rig,
                                 "--run-dir",
                                 d.folder,
                                 "--client-fd",
                                 "3"};

    for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++) {
        g_ptr_array_add(a, g_strdup(fixed[i]));
    }
    for (; options && *options; options++) {
        g_ptr_array_add(a, g_strdup(*options));
    }
    g_ptr_array_add(a, NULL);
    g_assert_no_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
    d.link = link_new(ends[0]);
    g_subprocess_launcher_take_fd(launcher, ends[1], 3);
    d.process = g_subprocess_launcher_spawnv(launcher, (const char *const *)a->pdata, NULL);
    g_ptr_array_unref(a);
    g_subprocess_launcher_close(launcher); /* its end is linkd's alone */
    status = link_request(d.link, request_new("status"), NULL, NULL);
    if (!status) {
        g_clear_pointer(&d.link, link_close);
    }
    return d;
}

static Daemon daemon_with(const char *io_part)
{
    g_autofree char *rig = make_rig(io_part);

    return daemon_on(rig, NULL);
}

/* Wait for its end; returns the exit code, and in *words what it printed. */
static int daemon_end(Daemon *d, char **words)
{
    g_autofree char *text = NULL;
    int code = -1;

    g_clear_pointer(&d->link, link_close);
    g_subprocess_communicate_utf8(d->process, NULL, NULL, NULL, &text, NULL);
    if (g_subprocess_get_if_exited(d->process)) {
        code = g_subprocess_get_exit_status(d->process);
    }
    if (words) {
        *words = g_steal_pointer(&text);
    } else if (text && text[0]) {
        printf("\n[linkd: %s]", text);
    }
    g_clear_object(&d->process);
    CU_ASSERT_FALSE(g_file_test(d->socket, G_FILE_TEST_EXISTS));
    g_clear_pointer(&d->socket, g_free);
    g_clear_pointer(&d->folder, g_free);
    return code;
}

static JsonObject *parse(const char *text)
{
    g_autoptr(JsonNode) node = json_from_string(text, NULL);

    g_assert(node && JSON_NODE_HOLDS_OBJECT(node));
    return json_node_dup_object(node);
}

/* The answer, or NULL and *error. */
static JsonObject *try_ask(Daemon *d, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static JsonObject *try_ask(Daemon *d, GError **error, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_strdelimit(text, "'", '"');
    return link_request(d->link, parse(text), NULL, error);
}

#define ask(d, ...) ask_(d, __LINE__, __VA_ARGS__)
static JsonObject *ask_(Daemon *d, int line, const char *format, ...) G_GNUC_PRINTF(3, 4);

static JsonObject *ask_(Daemon *d, int line, const char *format, ...)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    JsonObject *answer;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_strdelimit(text, "'", '"');
    answer = link_request(d->link, parse(text), NULL, &error);
    if (!answer) {
        printf("\nline %d: %s: %s", line, text, error->message);
        CU_FAIL("a request was refused");
        return json_object_new();
    }
    return answer;
}

static void done(JsonObject *answer)
{
    json_object_unref(answer);
}

static gint64 number(JsonObject *object, const char *name)
{
    return json_object_get_int_member_with_default(object, name, -1);
}

static const char *string(JsonObject *object, const char *name)
{
    return json_object_get_string_member_with_default(object, name, "(none)");
}

/* The request is refused with this code. */
static void refused(Daemon *d, const char *request, MewsErrorCode code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonObject) answer = try_ask(d, &error, "%s", request);

    if (answer || error->code != (int)code) {
        printf("\n%s: %s", request, answer ? "accepted" : error->message);
        CU_FAIL("not refused as it should be");
    }
}

static char *hash_of(Daemon *d)
{
    g_autoptr(JsonObject) answer = ask(d, "{'cmd':'hash'}");

    return g_strdup(string(answer, "hash"));
}

/* ---- the command line ---- */

/* A `mews` whose linkd finds the stand-in beside it: build/link-asan/qemu-system-arm. */
static GSubprocess *mews_on(const char *const *arguments)
{
    g_autoptr(GPtrArray) a = g_ptr_array_new();
    g_autofree char *fake = g_canonicalize_filename(TEST_FOLDER "/fake_machine", NULL);
    GSubprocess *process;

    unlink(TEST_ASAN "/qemu-system-arm");
    CU_ASSERT_EQUAL(symlink(fake, TEST_ASAN "/qemu-system-arm"), 0);
    g_ptr_array_add(a, TEST_ASAN "/mews");
    for (; *arguments; arguments++) {
        g_ptr_array_add(a, (gpointer)*arguments);
    }
    g_ptr_array_add(a, NULL);
    process =
        g_subprocess_newv((const char *const *)a->pdata,
                          G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, NULL);
    g_assert(process);
    return process;
}

/* Its exit code; free what it has printed. */
static int mews_end(GSubprocess *process, char **output, char **words)
{
    int code = -1;

    g_subprocess_communicate_utf8(process, NULL, NULL, output, words, NULL);
    if (g_subprocess_get_if_exited(process)) {
        code = g_subprocess_get_exit_status(process);
    }
    g_object_unref(process);
    return code;
}

#define mews(output, words, ...) \
    mews_end(mews_on((const char *const[]){__VA_ARGS__, NULL}), output, words)

/* ---- time, consoles, packets, pins ---- */

static void test_status(void)
{
    Daemon d = daemon_with("normal");
    JsonObject *status = ask(&d, "{'cmd':'status','id':7}");
    JsonArray *machines = json_object_get_array_member(status, "machines");

    CU_ASSERT_EQUAL(number(status, "id"), 7);
    CU_ASSERT_STRING_EQUAL(string(status, "rig"), "pair");
    CU_ASSERT_STRING_EQUAL(string(status, "state"), "standing");
    CU_ASSERT_EQUAL(number(status, "time_ns"), 0);
    CU_ASSERT_EQUAL(json_array_get_length(machines), 2);
    CU_ASSERT_STRING_EQUAL(string(json_array_get_object_element(machines, 1), "state"), "running");
    CU_ASSERT_EQUAL(json_array_get_length(json_object_get_array_member(status, "pins")), 4);
    CU_ASSERT_EQUAL(json_array_get_length(json_object_get_array_member(status, "consoles")), 1);
    done(status);
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

/* A character is there when its last stop bit has ended, and not before. */
static void test_time_and_bytes(void)
{
    Daemon d = daemon_with("normal");
    JsonObject *a = ask(&d, "{'cmd':'run','for_ns':86805}");
    JsonArray *format;

    CU_ASSERT_EQUAL(number(a, "time_ns"), 86805);
    CU_ASSERT_STRING_EQUAL(string(a, "reason"), "time");
    done(a);
    a = ask(&d, "{'cmd':'uart','uart':'io.usart1'}");
    CU_ASSERT_EQUAL(number(a, "next"), 0);
    done(a);
    /* 10 bits of 8680.556 ns end in the nanosecond that is over now */
    done(ask(&d, "{'cmd':'run','for_ns':1}"));
    a = ask(&d, "{'cmd':'uart','uart':'io.usart1'}");
    CU_ASSERT_STRING_EQUAL(string(a, "text"), "t");
    CU_ASSERT_EQUAL(json_array_get_int_element(json_object_get_array_member(a, "times_ns"), 0),
                    86805);
    CU_ASSERT_FALSE(json_object_has_member(a, "formats"));
    done(a);
    a = ask(&d, "{'cmd':'uart','uart':'io.usart1','formats':true}");
    format = json_array_get_array_element(json_object_get_array_member(a, "formats"), 0);
    CU_ASSERT_STRING_EQUAL(json_array_get_string_element(format, 0), "0001011101"); /* 0x74 */
    CU_ASSERT_EQUAL(json_array_get_int_element(format, 1), 20);
    CU_ASSERT_EQUAL(json_array_get_int_element(format, 2), 8681);
    done(a);
    refused(&d, "{'cmd':'uart','uart':'io.usart1','formats':1}", MEWS_ERROR_BAD_VALUE);
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

static void test_gate_line(void)
{
    Daemon d = daemon_with("normal");
    JsonObject *a = ask(&d,
                        "{'cmd':'run','for_ns':%lld,'gates':["
                        "{'kind':'line','uart':'io.usart1','text':'tick 3'},"
                        "{'kind':'line','uart':'io.usart1','regex':'^tick [89]$'}]}",
                        100 * MS);
    JsonArray *matches = json_object_get_array_member(a, "matches");
    JsonObject *match = json_array_get_object_element(matches, 0);

    CU_ASSERT_STRING_EQUAL(string(a, "reason"), "gates");
    CU_ASSERT_EQUAL(number(a, "time_ns"), 4 * MS); /* the end of the quantum */
    CU_ASSERT_STRING_EQUAL(string(match, "line"), "tick 3");
    CU_ASSERT_EQUAL(number(match, "next"), 32);
    CU_ASSERT_EQUAL(number(match, "time_ns"), 3 * MS + 7 * 86806 + 86805);
    CU_ASSERT_TRUE(json_array_get_null_element(matches, 1));
    done(a);
    a = ask(&d,
            "{'cmd':'run','for_ns':%lld,'mode':'all','gates':["
            "{'kind':'prompt','uart':'io.usart1','text':'tick 5'},"
            "{'kind':'bytes','uart':'io.usart1','hex':'370d0a','from':0}]}",
            100 * MS);
    CU_ASSERT_EQUAL(number(a, "time_ns"), 8 * MS);
    done(a);
    /* already there: no time passes */
    a = ask(&d,
            "{'cmd':'run','for_ns':%lld,'gates':["
            "{'kind':'line','uart':'io.usart1','text':'tick 2','from':0}]}",
            100 * MS);
    CU_ASSERT_EQUAL(number(a, "time_ns"), 8 * MS);
    done(a);
    /* negative control: what never comes ends by time */
    a = ask(&d,
            "{'cmd':'run','for_ns':%lld,'gates':["
            "{'kind':'line','uart':'io.usart1','text':'tock'}]}",
            10 * MS);
    CU_ASSERT_STRING_EQUAL(string(a, "reason"), "time");
    CU_ASSERT_EQUAL(number(a, "time_ns"), 18 * MS);
    done(a);
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

static void test_gate_packet(void)
{
    Daemon d = daemon_with("normal");
    JsonObject *a = ask(&d,
                        "{'cmd':'run','for_ns':%lld,'gates':[{'kind':'packet','link':'flight',"
                        "'direction':'io>fmu','name':'Heartbeat','verdict':'accepted',"
                        "'fields':{'time_us':10000,'state':3}}]}",
                        100 * MS);
    JsonObject *match =
        json_array_get_object_element(json_object_get_array_member(a, "matches"), 0);
    JsonObject *status;

    CU_ASSERT_STRING_EQUAL(string(a, "reason"), "gates");
    CU_ASSERT_EQUAL(number(match, "counter"), 5);
    CU_ASSERT_EQUAL(number(match, "start_ns"), 10 * MS);
    CU_ASSERT_EQUAL(number(match, "spi"), 0x4d02);
    done(a);
    status = ask(&d, "{'cmd':'status'}");
    a = json_object_get_object_member(
        json_array_get_object_element(json_object_get_array_member(status, "links"), 0),
        "directions");
    CU_ASSERT_EQUAL(number(json_object_get_object_member(a, "io>fmu"), "accepted"), 5);
    CU_ASSERT_EQUAL(number(json_object_get_object_member(a, "io>fmu"), "bad_mac"), 0);
    CU_ASSERT_EQUAL(number(json_object_get_object_member(a, "inject>io"), "symbols"), 0);
    done(status);
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

static void test_gate_pins(void)
{
    Daemon d = daemon_with("normal");
    JsonObject *a = ask(&d,
                        "{'cmd':'run','for_ns':%lld,'mode':'all','gates':["
                        "{'kind':'edge','pin':'io.PA0','level':0},"
                        "{'kind':'pwm','pin':'io.PA0','high_ns_min':1099999,"
                        "'high_ns_max':1100001,'period_ns_min':2500000,'from_ns':1}]}",
                        100 * MS);
    JsonArray *matches = json_object_get_array_member(a, "matches");

    CU_ASSERT_EQUAL(number(json_array_get_object_element(matches, 0), "time_ns"), 1100000);
    /* the cycle from 0 on starts before 1 ns, so it is the second one */
    CU_ASSERT_EQUAL(number(json_array_get_object_element(matches, 1), "time_ns"), 5 * MS);
    CU_ASSERT_EQUAL(number(json_array_get_object_element(matches, 1), "period_ns"), 2500000);
    done(a);
    a = ask(&d, "{'cmd':'edges','pin':'io.PA0','from_ns':1,'until_ns':2500000}");
    CU_ASSERT_EQUAL(json_array_get_length(json_object_get_array_member(a, "edges")), 1);
    done(a);
    a = ask(&d, "{'cmd':'pin','pin':'io.PA1'}");
    CU_ASSERT_EQUAL(number(a, "level"), 0);
    CU_ASSERT_TRUE(json_object_get_null_member(a, "pwm"));
    done(a);
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

/* ---- writing and attacking ---- */

static void test_write(void)
{
    Daemon d = daemon_with("normal");
    JsonObject *a;

    done(ask(&d, "{'cmd':'run','for_ns':%lld}", 900000ll));
    a = ask(&d, "{'cmd':'write','uart':'io.usart1','text':'AB','baud':115200}");
    CU_ASSERT_EQUAL(number(a, "start_ns"), 900000);
    CU_ASSERT_EQUAL(number(a, "end_ns"), 900000 + 173611);
    done(a);
    a = ask(&d, "{'cmd':'write','uart':'io.usart1','hex':'43'}");
    CU_ASSERT_EQUAL(number(a, "start_ns"), 900000 + 173611); /* behind what is queued */
    done(a);
    a = ask(&d, "{'cmd':'write','uart':'io.usart1','hex':'44','at_ns':5000000}");
    CU_ASSERT_EQUAL(number(a, "start_ns"), 5000000);
    done(a);
    refused(&d, "{'cmd':'write','uart':'io.usart1','hex':'45','at_ns':899999}",
            MEWS_ERROR_BAD_VALUE);
    a = ask(&d,
            "{'cmd':'run','for_ns':%lld,'gates':["
            "{'kind':'prompt','uart':'io.usart1','regex':'^BC'}]}",
            20 * MS);
    CU_ASSERT_STRING_EQUAL(string(a, "reason"), "gates");
    done(a);
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

/* An injected frame is judged in the window of its receiver, in the order of ends. */
static void test_inject(void)
{
    Daemon d = daemon_with("normal");
    static const char *const verdict[] = {"replay", "bad_mac", "malformed"};
    g_autofree char *frame = NULL;
    JsonArray *packets;
    JsonObject *a;

    a = ask(&d,
            "{'cmd':'run','for_ns':%lld,'gates':["
            "{'kind':'packet','link':'flight','direction':'fmu>io'}]}",
            20 * MS);
    frame = g_strdup(string(
        json_array_get_object_element(json_object_get_array_member(a, "matches"), 0), "frame"));
    done(a);
    done(ask(&d, "{'cmd':'inject','link':'flight','to':'io','frame':'%s','at_ns':%lld}", frame,
             (long long)(1500 * 1000 + 1)));
    frame[40] = frame[40] == '0' ? '1' : '0';
    done(ask(&d, "{'cmd':'inject','link':'flight','to':'io','frame':'%s'}", frame));
    done(ask(&d, "{'cmd':'inject','link':'flight','to':'io','hex':'00ff010200'}"));
    done(ask(&d, "{'cmd':'run','for_ns':%lld}", 20 * MS));
    a = ask(&d, "{'cmd':'packets','link':'flight','direction':'inject>io'}");
    packets = json_object_get_array_member(a, "packets");
    CU_ASSERT_EQUAL_FATAL(json_array_get_length(packets), G_N_ELEMENTS(verdict));
    for (guint i = 0; i < G_N_ELEMENTS(verdict); i++) {
        CU_ASSERT_STRING_EQUAL(string(json_array_get_object_element(packets, i), "verdict"),
                               verdict[i]);
    }
    CU_ASSERT_EQUAL(number(json_array_get_object_element(packets, 0), "start_ns"), 1500001);
    done(a);
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

static void test_seal(void)
{
    Daemon d = daemon_with("normal");
    JsonObject *a, *match;

    done(ask(&d, "{'cmd':'run','for_ns':%lld}", 1 * MS));
    a = ask(&d, "{'cmd':'seal','spi':19713,'channel':1,'counter':99,"
                "'payload':'1011c0000005000000000301'}");
    done(ask(&d, "{'cmd':'inject','link':'flight','to':'io','frame':'%s'}", string(a, "frame")));
    done(a);
    a = ask(&d,
            "{'cmd':'run','for_ns':%lld,'gates':["
            "{'kind':'packet','link':'flight','direction':'inject>io'}]}",
            20 * MS);
    match = json_array_get_object_element(json_object_get_array_member(a, "matches"), 0);
    CU_ASSERT_STRING_EQUAL(string(match, "verdict"), "accepted");
    CU_ASSERT_STRING_EQUAL(string(match, "name"), "Heartbeat");
    CU_ASSERT_EQUAL(number(match, "counter"), 99);
    done(a);
    /* the peer's own counters lie left of the window now: so the receiver sees it, too */
    a = ask(&d,
            "{'cmd':'run','for_ns':%lld,'gates':["
            "{'kind':'packet','link':'flight','direction':'fmu>io'}]}",
            20 * MS);
    match = json_array_get_object_element(json_object_get_array_member(a, "matches"), 0);
    CU_ASSERT_STRING_EQUAL(string(match, "verdict"), "too_old");
    done(a);
    /* a reset empties the windows that live in the receiver */
    done(ask(&d, "{'cmd':'reset','machine':'io'}"));
    a = ask(&d,
            "{'cmd':'run','for_ns':%lld,'gates':["
            "{'kind':'packet','link':'flight','direction':'fmu>io'}]}",
            20 * MS);
    match = json_array_get_object_element(json_object_get_array_member(a, "matches"), 0);
    CU_ASSERT_STRING_EQUAL(string(match, "verdict"), "accepted");
    done(a);
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

/* Memory is the address itself. */
static void test_words(Daemon *d)
{
    JsonObject *a = ask(d, "{'cmd':'read','machine':'io','addresses':[1073759232,536870912]}");
    JsonArray *values = json_object_get_array_member(a, "values");

    CU_ASSERT_EQUAL(json_array_get_length(values), 2);
    CU_ASSERT_EQUAL(json_array_get_int_element(values, 0), 0x40004400);
    CU_ASSERT_EQUAL(json_array_get_int_element(values, 1), 0x20000000);
    CU_ASSERT_EQUAL(number(a, "time_ns"), 0);
    done(a);
    done(ask(d, "{'cmd':'read','machine':'io','core':'cm3','addresses':[4]}"));
    refused(d, "{'cmd':'read','machine':'io','core':'cm4','addresses':[4]}", MEWS_ERROR_BAD_VALUE);
    refused(d, "{'cmd':'read','machine':'io','core':3,'address':4}", MEWS_ERROR_BAD_VALUE);
    refused(d, "{'cmd':'read','machine':'io','addresses':[]}", MEWS_ERROR_BAD_VALUE);
    refused(d, "{'cmd':'read','machine':'io','addresses':4}", MEWS_ERROR_BAD_VALUE);
    refused(d, "{'cmd':'read','machine':'io','addresses':[2]}", MEWS_ERROR_BAD_VALUE);
    refused(d, "{'cmd':'read','machine':'io','addresses':[-4]}", MEWS_ERROR_BAD_VALUE);
    refused(d, "{'cmd':'read','machine':'io','addresses':['main']}", MEWS_ERROR_BAD_VALUE);
    refused(d, "{'cmd':'read','machine':'io','addresses':[[4]]}", MEWS_ERROR_BAD_VALUE);
    refused(d, "{'cmd':'read','machine':'io','addresses':[4],'size':4}", MEWS_ERROR_BAD_VALUE);
    refused(d, "{'cmd':'read','machine':'io','addresses':[4026531840]}", MEWS_ERROR_BAD_VALUE);
}

/* The words of a refusal are the thing's, not those of the machinery that carries them. */
static void test_words_of_refusals(void)
{
    static const struct {
        const char *request, *words;
    } refusals[] = {
        {"{'cmd':'analog','pin':'io.PA0','uv':5500001}", "machine io: too much"},
        {"{'cmd':'read','machine':'io','address':4026531840}", "machine io: Invalid addr"},
        {"{'cmd':'read','machine':'io','core':'cm4','address':0}",
         "machine io has no core 'cm4', it has cm3"},
        {"{'cmd':'run','for_ns':1,'gates':[{'kind':'line','uart':'io.usart9','text':'x'}]}",
         "no UART 'io.usart9' on a wire of the rig"},
        {"{'cmd':'run','for_ns':1,'gates':[{'kind':'line','uart':'io.usart1','text':'x'},"
         "{'kind':'line','uart':'io.usart9','text':'x'}]}",
         "gates[1]: no UART 'io.usart9' on a wire of the rig"},
    };
    Daemon d = daemon_with("normal");

    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autoptr(GError) error = NULL;

        CU_ASSERT_PTR_NULL(try_ask(&d, &error, "%s", refusals[i].request));
        CU_ASSERT_STRING_EQUAL(error->message, refusals[i].words);
    }
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

static void test_machine_requests(void)
{
    Daemon d = daemon_with("normal");
    JsonObject *a = ask(&d, "{'cmd':'read','machine':'io','symbol':'main+4','size':4}");

    CU_ASSERT_EQUAL(number(a, "address"), 0x0800000c);
    CU_ASSERT_EQUAL(number(a, "value"), 0x0800000c);
    done(a);
    a = ask(&d, "{'cmd':'read','machine':'io','address':536870912,'length':4}");
    CU_ASSERT_STRING_EQUAL(string(a, "hex"), "00000020");
    done(a);
    test_words(&d);
    a = ask(&d, "{'cmd':'registers','machine':'io'}");
    CU_ASSERT_EQUAL(number(json_object_get_object_member(a, "registers"), "PC"), 0x08000131);
    CU_ASSERT_EQUAL(number(json_object_get_object_member(a, "registers"), "xPSR"), 0x61000000);
    done(a);
    done(ask(&d, "{'cmd':'halt','machine':'io'}"));
    a = ask(&d, "{'cmd':'status'}");
    CU_ASSERT_STRING_EQUAL(
        string(json_array_get_object_element(json_object_get_array_member(a, "machines"), 1),
               "state"),
        "halted");
    done(a);
    done(ask(&d, "{'cmd':'run','for_ns':%lld}", 10 * MS));
    a = ask(&d, "{'cmd':'uart','uart':'io.usart1'}");
    CU_ASSERT_EQUAL(number(a, "next"), 0);
    done(a);
    done(ask(&d, "{'cmd':'resume','machine':'io'}"));
    refused(&d, "{'cmd':'read','machine':'io','address':4026531840}", MEWS_ERROR_BAD_VALUE);
    refused(&d, "{'cmd':'read','machine':'io','symbol':'none'}", MEWS_ERROR_NO_SUCH_SYMBOL);
    refused(&d, "{'cmd':'halt','machine':'m'}", MEWS_ERROR_NO_SUCH_MACHINE);
    done(ask(&d, "{'cmd':'analog','pin':'io.PA0','uv':1650000}"));
    done(ask(&d, "{'cmd':'analog','pin':'io.PA0','uv':-1}"));
    refused(&d, "{'cmd':'analog','pin':'io.PA1','uv':0}", MEWS_ERROR_NO_SUCH_PIN);
    refused(&d, "{'cmd':'analog','pin':'io.PZ9','uv':0}", MEWS_ERROR_NO_SUCH_PIN);
    refused(&d, "{'cmd':'analog','pin':'io.PA0','uv':5500001}", MEWS_ERROR_BAD_VALUE);
    refused(&d, "{'cmd':'analog','pin':'io.PA0','uv':-2}", MEWS_ERROR_BAD_VALUE);
    refused(&d, "{'cmd':'analog','pin':'io.PA0'}", MEWS_ERROR_BAD_VALUE);
    refused(&d, "{'cmd':'imu','machine':'io'}", MEWS_ERROR_BAD_VALUE);
    refused(&d, "{'cmd':'imu','machine':'m'}", MEWS_ERROR_NO_SUCH_MACHINE);
    refused(&d, "{'cmd':'imu','machine':'io','accel':[1,2]}", MEWS_ERROR_BAD_VALUE);
    refused(&d, "{'cmd':'imu','machine':'io','gyro':[1,2,'3']}", MEWS_ERROR_BAD_VALUE);
    refused(&d, "{'cmd':'imu','machine':'io','temperature':[25]}", MEWS_ERROR_BAD_VALUE);
    refused(&d, "{'cmd':'imu','machine':'io','at_ns':0}", MEWS_ERROR_BAD_VALUE);
    refused(&d, "{'cmd':'imu','machine':'io','heat':1}", MEWS_ERROR_UNKNOWN_KEY);
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

/* ---- repeatability ---- */

/* One run of 100 ms in steps of @step_ns, with or without a gate that never matches. */
static char *hash_in_steps(gint64 step_ns, gboolean gates, const char *part)
{
    Daemon d = daemon_with(part);
    char *hash;

    for (gint64 t = 0; t < 100 * MS; t += step_ns) {
        done(ask(&d, "{'cmd':'run','until_ns':%lld%s}", (long long)MIN(t + step_ns, 100 * MS),
                 gates ? ",'gates':[{'kind':'line','uart':'io.usart1','text':'tock'}]" : ""));
    }
    hash = hash_of(&d);
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
    return hash;
}

static void test_hash(void)
{
    g_autofree char *whole = hash_in_steps(100 * MS, FALSE, "normal");
    g_autofree char *gated = hash_in_steps(100 * MS, TRUE, "normal");
    g_autofree char *steps = hash_in_steps(1234567, FALSE, "normal");
    g_autofree char *other = hash_in_steps(99 * MS + 999999, FALSE, "flood");

    CU_ASSERT_STRING_EQUAL(whole, gated);
    CU_ASSERT_STRING_EQUAL(whole, steps);
    CU_ASSERT_STRING_NOT_EQUAL(whole, other);
}

/* A run.json that is cut off or was changed is no recording, and no crash. */
static void test_damaged_recording(void)
{
    static const struct {
        const char *old, *new, *words;
    } damages[] = {
        {"\"time_ns\":30", "\"time_ns\":-30", "no recording of linkd"},
        {"\"hash\":\"", "\"hush\":\"", "no recording of linkd"},
        {"\"file\":\"", "\"file\":5,\"x\":\"", "no recording of linkd"},
        {"\"request\":{", "\"request\":5,\"x\":{", "no recording of linkd"},
        {"\"end\": {", "", "run.json:"},
        {"\"end\": {", "\"end\": 5, \"x\": {", "no recording of linkd"},
    };
    Daemon d = daemon_with("normal");
    g_autofree char *folder = g_strdup(d.folder);
    g_autofree char *run_json = g_build_filename(folder, "run.json", NULL);
    g_autofree char *whole = NULL;

    done(ask(&d, "{'cmd':'halt','machine':'fmu'}"));
    done(ask(&d, "{'cmd':'run','for_ns':%lld}", 30 * MS));
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
    g_assert(g_file_get_contents(run_json, &whole, NULL, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(damages); i++) {
        g_auto(GStrv) part = g_strsplit(whole, damages[i].old, 2);
        g_autofree char *damaged = g_strjoinv(damages[i].new, part), *words = NULL;

        g_assert(part[1] && g_file_set_contents(run_json, damaged, -1, NULL));
        CU_ASSERT_EQUAL(mews(NULL, &words, "replay", folder), 2);
        if (!strstr(words, damages[i].words) || strchr(words, '\n') != strrchr(words, '\n')) {
            printf("\n%s: '%s'", damages[i].new, words);
            CU_FAIL("other words");
        }
    }
}

static void test_replay(void)
{
    Daemon d = daemon_with("normal");
    g_autofree char *folder = g_strdup(d.folder);
    g_autofree char *run_json = g_build_filename(folder, "run.json", NULL);
    g_autofree char *content = NULL, *output = NULL, *words = NULL;
    char *hash;

    done(ask(&d, "{'cmd':'run','for_ns':%lld}", 12345678ll));
    done(ask(&d, "{'cmd':'write','uart':'io.usart1','text':'ABC','at_ns':20000000}"));
    done(ask(&d, "{'cmd':'analog','pin':'io.PA0','uv':1000}"));
    done(ask(&d, "{'cmd':'halt','machine':'fmu'}"));
    done(ask(&d, "{'cmd':'run','for_ns':%lld}", 30 * MS));
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
    CU_ASSERT_EQUAL(mews(&output, NULL, "replay", folder), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(output, "equal"));
    /* negative control: another hash in the recording */
    g_assert(g_file_get_contents(run_json, &content, NULL, NULL));
    hash = strstr(content, "\"hash\":\"") + strlen("\"hash\":\"");
    hash[0] = hash[0] == '0' ? '1' : '0';
    g_assert(g_file_set_contents(run_json, content, -1, NULL));
    g_clear_pointer(&output, g_free);
    CU_ASSERT_EQUAL(mews(&output, NULL, "replay", folder), 1);
    /* another rig file is another run */
    {
        g_autofree char *text = rig_text("flood");

        g_free(fixture_text("normal.rig", text));
    }
    CU_ASSERT_EQUAL(mews(NULL, &words, "replay", folder), 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(words, "is not the file of the recording"));
}

/* ---- machines that do not play along ---- */

static void fails_with(const char *part, const char *words)
{
    Daemon d = daemon_with(part);
    g_autofree char *said = NULL;
    g_autoptr(GError) error = NULL;
    JsonObject *a = try_ask(&d, &error, "{'cmd':'run','for_ns':%lld}", 100 * MS);

    CU_ASSERT_PTR_NULL(a);
    CU_ASSERT_EQUAL_FATAL(error->code, MEWS_ERROR_RIG_FAILED);
    if (!strstr(error->message, words)) {
        printf("\n%s: %s", part, error->message);
        CU_FAIL("other words");
    }
    /* what has come before can still be asked for */
    a = ask(&d, "{'cmd':'uart','uart':'io.usart1'}");
    CU_ASSERT_PTR_NOT_NULL(strstr(string(a, "text"), "tick 4"));
    done(a);
    refused(&d, "{'cmd':'run','for_ns':1}", MEWS_ERROR_RIG_FAILED);
    CU_ASSERT_EQUAL(daemon_end(&d, &said), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(said, words));
}

static void test_machine_dies(void)
{
    fails_with("die", "machine io has ended with exit code 3: I am dying");
    fails_with("killed", "machine io was killed by signal 9");
    fails_with("panic", "machine io locked up: lockup at PC 0x08000200: HFSR 0x40000000");
    fails_with("fail", "machine io: the ring of wire flight is full");
}

static void test_machine_refuses(void)
{
    Daemon d = daemon_with("refuse");
    g_autofree char *said = NULL;

    CU_ASSERT_PTR_NULL(d.link);
    CU_ASSERT_EQUAL(daemon_end(&d, &said), 2);
    /* line 10 of the rig file has the property */
    CU_ASSERT_STRING_EQUAL(said, "linkd: " TEST_FOLDER "/refuse.rig:10: machine io: "
                                 "property 'part' not wanted\n");
    g_clear_pointer(&said, g_free);
    d = daemon_with("stranger");
    CU_ASSERT_EQUAL(daemon_end(&d, &said), 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(said, "machine io has not joined the rig"));
}

/* A machine that hangs hangs the run, but not the daemon. */
static void test_machine_hangs(void)
{
    Daemon d = daemon_with("hang");
    Daemon second = {.socket = d.socket};
    const char *run = "{\"cmd\":\"run\",\"for_ns\":100000000}\n";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    JsonObject *a;

    strcpy(address.sun_path, d.socket);
    CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    CU_ASSERT_EQUAL(send(fd, run, strlen(run), 0), (ssize_t)strlen(run));
    second.link = d.link;
    for (;;) {
        const char *state;
        gboolean running;

        a = ask(&second, "{'cmd':'status'}");
        state = string(a, "state");
        running = g_str_equal(state, "running");
        done(a);
        if (running) {
            break;
        }
    }
    refused(&second, "{'cmd':'run','for_ns':1}", MEWS_ERROR_BUSY);
    refused(&second, "{'cmd':'hash'}", MEWS_ERROR_BUSY);
    done(ask(&second, "{'cmd':'quit'}"));
    close(fd);
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

static gpointer run_five_seconds(gpointer data)
{
    done(ask(data, "{'cmd':'run','for_ns':%lld}", 5000 * MS));
    return NULL;
}

static void wait_until_running(Daemon *d)
{
    gboolean running = FALSE;

    while (!running) {
        JsonObject *a = ask(d, "{'cmd':'status'}");

        running = g_str_equal(string(a, "state"), "running");
        done(a);
    }
}

/* A request that waits is done where the run of another client ends. */
static void test_read_waits(void)
{
    Daemon d = daemon_with("normal");
    Daemon second = {.link = link_open(d.socket, NULL)};
    GThread *runner = g_thread_new("runner", run_five_seconds, &d);
    JsonObject *a;

    wait_until_running(&second);
    refused(&second, "{'cmd':'read','machine':'io','addresses':[4],'wait':false}", MEWS_ERROR_BUSY);
    a = ask(&second, "{'cmd':'read','machine':'io','addresses':[4],'wait':true}");
    CU_ASSERT_EQUAL(number(a, "time_ns"), 5000 * MS);
    done(a);
    g_thread_join(runner);
    refused(&second, "{'cmd':'status','wait':true}", MEWS_ERROR_UNKNOWN_KEY);
    link_close(second.link);
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

static int send_to(const Daemon *d, const char *line)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    strcpy(address.sun_path, d->socket);
    CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    CU_ASSERT_EQUAL(send(fd, line, strlen(line), 0), (ssize_t)strlen(line));
    return fd;
}

/* Who waits and goes away is forgotten. */
static void test_waiting_client_goes(void)
{
    Daemon d = daemon_with("hang");
    int running = send_to(&d, "{\"cmd\":\"run\",\"for_ns\":100000000}\n"), waiting;

    wait_until_running(&d);
    waiting = send_to(&d, "{\"cmd\":\"read\",\"machine\":\"io\",\"addresses\":[4],"
                          "\"wait\":true}\n");
    done(ask(&d, "{'cmd':'status'}"));
    close(waiting);
    done(ask(&d, "{'cmd':'status'}"));
    done(ask(&d, "{'cmd':'quit'}"));
    close(running);
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

static void test_monitor_garbage(void)
{
    Daemon d = daemon_with("mumble");

    done(ask(&d, "{'cmd':'run','for_ns':%lld}", 10 * MS));
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

/* ---- bad requests and clients ---- */

static void test_bad_requests(void)
{
    Daemon d = daemon_with("normal");
    static const struct {
        const char *request;
        MewsErrorCode code;
    } bad[] = {
        {"{}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':5}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'fly'}", MEWS_ERROR_UNKNOWN_COMMAND},
        {"{'cmd':'status','x':1}", MEWS_ERROR_UNKNOWN_KEY},
        {"{'cmd':'run'}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'run','for_ns':1,'until_ns':1}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'run','for_ns':-1}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'run','for_ns':1.5}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'run','for_ns':9223372036854775807}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'run','for_ns':1,'mode':'some'}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'run','for_ns':1,'gates':1}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'run','for_ns':1,'gates':[1]}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'run','for_ns':1,'gates':[{'kind':'x'}]}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'run','for_ns':1,'gates':[{'kind':'edge','pin':'io.PZ9'}]}",
         MEWS_ERROR_NO_SUCH_PIN},
        {"{'cmd':'run','for_ns':1,'gates':[{'kind':'line','uart':'io.usart1'}]}",
         MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'run','for_ns':1,'gates':[{'kind':'line','uart':'io.usart1','regex':'('}]}",
         MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'run','for_ns':1,'gates':[{'kind':'line','uart':'io.usart9','text':'x'}]}",
         MEWS_ERROR_NO_SUCH_UART},
        {"{'cmd':'run','for_ns':1,'gates':[{'kind':'line','uart':'io.usart1','text':'x','y':1}]}",
         MEWS_ERROR_UNKNOWN_KEY},
        {"{'cmd':'run','for_ns':1,'gates':[{'kind':'packet','link':'l'}]}",
         MEWS_ERROR_NO_SUCH_LINK},
        {"{'cmd':'run','for_ns':1,'gates':[{'kind':'packet','link':'flight','name':'X'}]}",
         MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'run','for_ns':1,'gates':[{'kind':'packet','link':'flight','fields':{'x':1}}]}",
         MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'write','uart':'io.usart1'}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'write','uart':'io.usart1','text':''}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'write','uart':'io.usart1','hex':'0'}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'write','uart':'io.usart1','hex':'zz'}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'write','uart':'io.usart1','text':'x','baud':1}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'write','uart':'io.usart1','text':'x','format':'9N1'}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'write','uart':'io.usart1','text':'x','format':''}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'inject','link':'flight','to':'nobody','hex':'00'}", MEWS_ERROR_NO_SUCH_MACHINE},
        {"{'cmd':'inject','link':'flight','to':'io','hex':'00','at_ns':-1}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'uart','uart':'io.usart1','from':5}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'packets','link':'flight','direction':'x'}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'read','machine':'io'}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'read','machine':'io','address':0,'size':3}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'read','machine':'io','address':4294967296}", MEWS_ERROR_BAD_VALUE},
        {"{'cmd':'seal','spi':1,'channel':1,'counter':1,'payload':'00'}", MEWS_ERROR_BAD_VALUE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        refused(&d, bad[i].request, bad[i].code);
    }
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

/* Send @size octets as they are and read one line. */
static char *raw(const char *socket_path, const char *data, gsize size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    GString *line = g_string_new(NULL);
    char c = 0;

    strcpy(address.sun_path, socket_path);
    g_assert(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    while (size > 0) {
        ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);

        if (sent <= 0) {
            break;
        }
        data += sent;
        size -= (gsize)sent;
    }
    while (c != '\n' && recv(fd, &c, 1, 0) == 1) {
        g_string_append_c(line, c);
    }
    close(fd);
    return g_string_free(line, FALSE);
}

static void test_garbage(void)
{
    Daemon d = daemon_with("normal");
    gsize size = 3 * 1024 * 1024;
    g_autofree char *huge = g_malloc(size);
    static const char *const lines[] = {"\n", "[]\n", "{\"cmd\":\n", "\xff\xfe\n", "nonsense\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *answer = raw(d.socket, lines[i], strlen(lines[i]));

        CU_ASSERT_PTR_NOT_NULL(strstr(answer, "\"ok\":false"));
        CU_ASSERT_PTR_NOT_NULL(strstr(answer, "bad-json"));
    }
    {
        g_autofree char *answer = raw(d.socket, "{\"cmd\":\"quit\"}\0x\n", 17);

        CU_ASSERT_PTR_NOT_NULL(strstr(answer, "bad-json"));
    }
    memset(huge, 'x', size);
    huge[size - 1] = '\n';
    {
        g_autofree char *answer = raw(d.socket, huge, size);

        CU_ASSERT_PTR_NOT_NULL(strstr(answer, "a line of more than 1048576 octets"));
    }
    /* a client that only talks is no burden, and the rig goes on */
    done(ask(&d, "{'cmd':'run','for_ns':1000}"));
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

static void test_disconnect_in_run(void)
{
    Daemon d = daemon_with("normal");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *run = "{\"cmd\":\"run\",\"for_ns\":3000000000000000}\n";
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    gboolean standing = FALSE;

    strcpy(address.sun_path, d.socket);
    CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    CU_ASSERT_EQUAL(send(fd, run, strlen(run), 0), (ssize_t)strlen(run));
    for (gint64 before = 0; before == 0;) {
        JsonObject *a = ask(&d, "{'cmd':'status'}");

        before = number(a, "time_ns");
        done(a);
    }
    close(fd);
    while (!standing) {
        JsonObject *a = ask(&d, "{'cmd':'status'}");

        standing = g_str_equal(string(a, "state"), "standing");
        done(a);
    }
    done(ask(&d, "{'cmd':'run','for_ns':1000}"));
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

/* A client that has closed its sending side still gets its answer. */
static void test_half_closed(void)
{
    Daemon d = daemon_with("normal");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *run = "{\"cmd\":\"run\",\"for_ns\":50000000}\n{\"cmd\":\"hash\"}\n";
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    char buffer[4096] = "";
    gsize length = 0;
    ssize_t size;

    strcpy(address.sun_path, d.socket);
    CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    CU_ASSERT_EQUAL(send(fd, run, strlen(run), 0), (ssize_t)strlen(run));
    shutdown(fd, SHUT_WR);
    while ((size = recv(fd, buffer + length, sizeof(buffer) - 1 - length, 0)) > 0) {
        length += (gsize)size;
    }
    close(fd);
    CU_ASSERT_PTR_NOT_NULL(strstr(buffer, "\"time_ns\":50000000"));
    CU_ASSERT_PTR_NOT_NULL(strstr(buffer, "\"hash\":"));
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

/* ---- starting and ending ---- */

static void test_signal(void)
{
    Daemon d = daemon_with("normal");
    g_autofree char *run_json = g_build_filename(d.folder, "run.json", NULL);
    g_autofree char *content = NULL;

    done(ask(&d, "{'cmd':'run','for_ns':1000000}"));
    g_subprocess_send_signal(d.process, SIGTERM);
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
    g_assert(g_file_get_contents(run_json, &content, NULL, NULL));
    CU_ASSERT_PTR_NOT_NULL(strstr(content, "\"reason\":\"signal\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(content, "\"time_ns\":1000000,"));
}

/* SIGKILL: machines die with the daemon, files are whole. */
static void test_kill(void)
{
    Daemon d = daemon_with("normal");
    g_autofree char *run_json = g_build_filename(d.folder, "run.json", NULL);
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonObject *status = ask(&d, "{'cmd':'status'}");
    int pid = (int)number(
        json_array_get_object_element(json_object_get_array_member(status, "machines"), 0), "pid");
    struct pollfd machine = {.fd = pidfd_open(pid, 0), .events = POLLIN};

    done(status);
    done(ask(&d, "{'cmd':'run','for_ns':1000000}"));
    done(ask(&d, "{'cmd':'write','uart':'io.usart1','text':'x'}"));
    g_subprocess_send_signal(d.process, SIGKILL);
    unlink(d.socket);
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), -1);
    CU_ASSERT_EQUAL(poll(&machine, 1, 10000), 1);
    close(machine.fd);
    CU_ASSERT_TRUE_FATAL(json_parser_load_from_file(parser, run_json, NULL));
    CU_ASSERT_EQUAL(json_array_get_length(json_object_get_array_member(
                        json_node_get_object(json_parser_get_root(parser)), "commands")),
                    1);
}

static void starts_not(const char *rig, const char *const *options, const char *words)
{
    Daemon d = daemon_on(rig, options);
    g_autofree char *said = NULL;

    CU_ASSERT_PTR_NULL(d.link);
    if (d.link) {
        done(ask(&d, "{'cmd':'quit'}")); /* it would go on for ever */
    }
    CU_ASSERT_EQUAL(daemon_end(&d, &said), 2);
    if (!strstr(said, words) || strchr(said, '\n') != strrchr(said, '\n')) {
        printf("\n'%s' instead of '%s'", said, words);
        CU_FAIL("other words");
    }
}

static void test_could_not_run(void)
{
    g_autofree char *rig = make_rig("normal");
    g_autofree char *no_image = fixture_text("no-image.rig", "[machine m]\nmodel = stm32f100c8\n"
                                                             "image = gone.elf\n");
    g_autofree char *a_file = fixture_text("a-file", "");
    const char *const no_qemu[] = {"--qemu", "/nowhere/qemu", NULL};
    const char *const file_as_socket[] = {"--socket", a_file, NULL};
    const char *const file_as_folder[] = {"--run-dir", a_file, NULL};
    const char *const unknown[] = {"--fast", NULL};
    const char *const closed_fd[] = {"--client-fd", "99", NULL};
    const char *const no_socket[] = {"--client-fd", "2", NULL};

    starts_not("gone.rig", NULL, "gone.rig");
    starts_not(no_image, NULL, "gone.elf: no such file");
    starts_not(rig, no_qemu, "no emulator at /nowhere/qemu");
    starts_not(rig, file_as_socket, "there is a file");
    starts_not(rig, file_as_folder, "run directory");
    starts_not(rig, unknown, "--fast");
    starts_not(rig, closed_fd, "--client-fd 99: ");
    starts_not(rig, no_socket, "--client-fd 2: ");
    starts_not(rig, (const char *const[]){rig, NULL}, "one rig file is needed, 2 given");
    g_remove(a_file);
}

/* The fake machine does not know how to keep its flash: no run may pass that has lost it. */
static void test_flash_is_lost(void)
{
    FixtureElf elf = fixture_elf();
    g_autofree char *image = fixture_file("ok.elf", &elf, sizeof(elf));
    g_autofree char *rig =
        fixture_text("flash.rig", "[machine io]\nmodel = stm32f100c8\nimage = ok.elf\n"
                                  "console = usart1\nflash_file = io.flash\n"
                                  "property = sram-size=16384\n");
    Daemon d = daemon_on(rig, NULL);
    g_autofree char *said = NULL;

    CU_ASSERT_PTR_NOT_NULL_FATAL(d.link);
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, &said), 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(said, "io.flash was not written"));
    CU_ASSERT_PTR_NOT_NULL(strstr(said, "machine io is not its part: sram-size=16384"));
}

static void test_socket_in_use(void)
{
    Daemon d = daemon_with("normal");
    g_autofree char *rig = make_rig("normal");
    const char *const same_socket[] = {"--socket", d.socket, NULL};
    const char *const same_folder[] = {"--run-dir", d.folder, NULL};

    starts_not(rig, same_socket, "in use by another linkd");
    starts_not(rig, same_folder, "in use by another linkd");
    done(ask(&d, "{'cmd':'run','for_ns':1000}"));
    done(ask(&d, "{'cmd':'quit'}"));
    CU_ASSERT_EQUAL(daemon_end(&d, NULL), 0);
}

/* A file that cannot grow: recording fails, and that is no verdict on the firmware. */
static void test_disk_full(void)
{
    Daemon d = daemon_with("flood");
    g_autofree char *pcapng = g_build_filename(d.folder, "link.pcapng", NULL);
    g_autofree char *folder = g_strdup(d.folder), *said = NULL, *output = NULL, *words = NULL;
    const struct rlimit small = {8192, 8192};
    g_autoptr(GError) error = NULL;
    JsonObject *a;

    CU_ASSERT_EQUAL(
        prlimit(atoi(g_subprocess_get_identifier(d.process)), RLIMIT_FSIZE, &small, NULL), 0);
    a = try_ask(&d, &error, "{'cmd':'run','for_ns':%lld}", 4000 * MS);
    CU_ASSERT_PTR_NULL(a);
    CU_ASSERT_EQUAL_FATAL(error->code, MEWS_ERROR_RECORDING_FAILED);
    CU_ASSERT_EQUAL(daemon_end(&d, &said), 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(said, "link.pcapng: File too large"));
    CU_ASSERT_EQUAL(mews(&output, NULL, "decode", pcapng), 0);
    /* the run has not failed, so a replay cannot say that it differs */
    CU_ASSERT_EQUAL(mews(NULL, &words, "replay", folder), 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(words, "run.json: no whole recording: recording has failed: "));
}

/* ---- mews run ---- */

/* Two machines with a console each, named and playing like this, in this order. */
static char *consoles_rig(const char *first, const char *part, const char *second,
                          const char *other_part)
{
    g_autofree char *name = g_strdup_printf("%s-%s.rig", part, other_part);
    g_autofree char *text =
        g_strdup_printf("[machine %s]\nmodel = stm32f100c8\nimage = ok.elf\nconsole = usart1\n"
                        "property = part=%s\n"
                        "[machine %s]\nmodel = stm32f100c8\nimage = ok.elf\nconsole = usart1\n"
                        "property = part=%s\n",
                        first, part, second, other_part);
    FixtureElf elf = fixture_elf();

    g_free(fixture_file("ok.elf", &elf, sizeof(elf)));
    return fixture_text(name, text);
}

static char *new_folder(void)
{
    return g_strdup_printf("%s/run%u", TEST_FOLDER, ++daemons);
}

static void shows(const char *rig, const char *times, const char *expected)
{
    g_autofree char *folder = new_folder(), *output = NULL, *words = NULL;

    CU_ASSERT_EQUAL(mews(&output, &words, "run", rig, "--run-dir", folder, "--for", "0.1", times),
                    0);
    if (!g_str_has_prefix(output, expected)) {
        printf("\n%.400s\ninstead of\n%s", output, expected);
        CU_FAIL("other lines");
    }
}

/* By the end of their line feeds, whichever machine they are from; then by name. */
static void test_run_order(void)
{
    g_autofree char *apart = consoles_rig("a", "late", "long", "normal");
    g_autofree char *tie = consoles_rig("z", "normal", "b", "normal");

    shows(apart, "--times",
          "[    0.000694447] long | tick 0\n[    0.001194447] a    | tick 0\n"
          "[    0.001694447] long | tick 1\n[    0.002194447] a    | tick 1\n");
    shows(tie, NULL, "b | tick 0\nz | tick 0\nb | tick 1\nz | tick 1\n");
}

/* Two lines without an end do not take the terminal from each other again and again. */
static void test_run_prompts(void)
{
    g_autofree char *rig = consoles_rig("a", "prompt", "b", "prompt");
    g_autofree char *folder = new_folder(), *output = NULL;

    CU_ASSERT_EQUAL(mews(&output, NULL, "run", rig, "--run-dir", folder, "--for", "0.1"), 0);
    CU_ASSERT_STRING_EQUAL(output, "a | > \nb | > \n");
}

/* The end in run.json is a quit, at the time that was printed. */
static void ends_as_told(const char *folder, const char *words)
{
    g_autofree char *path = g_build_filename(folder, "run.json", NULL);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autofree char *told = NULL;
    JsonObject *end;

    CU_ASSERT_TRUE_FATAL(json_parser_load_from_file(parser, path, NULL));
    end = json_object_get_object_member(json_node_get_object(json_parser_get_root(parser)), "end");
    CU_ASSERT_STRING_EQUAL(string(end, "reason"), "quit");
    told = g_strdup_printf("mews: %.9f s of virtual time, recorded in %s\n",
                           (double)number(end, "time_ns") / 1e9, folder);
    CU_ASSERT_STRING_EQUAL(words, told);
}

static void test_run_end(void)
{
    g_autofree char *rig = make_rig("normal");
    g_autofree char *folder = new_folder(), *words = NULL;

    CU_ASSERT_EQUAL(mews(NULL, &words, "run", rig, "--run-dir", folder, "--for", "0.05"), 0);
    ends_as_told(folder, words);
    CU_ASSERT_PTR_NOT_NULL(strstr(words, " 0.050000000 s"));
}

static void test_run_interrupted(void)
{
    g_autofree char *rig = make_rig("normal");
    g_autofree char *folder = new_folder(), *output = NULL, *words = NULL;
    GSubprocess *process = mews_on((const char *const[]){"run", rig, "--run-dir", folder, NULL});
    char some[64];

    /* it is in the middle of its run */
    CU_ASSERT_TRUE(g_input_stream_read(g_subprocess_get_stdout_pipe(process), some, sizeof(some),
                                       NULL, NULL) > 0);
    g_subprocess_send_signal(process, SIGINT);
    CU_ASSERT_EQUAL(mews_end(process, &output, &words), 0);
    ends_as_told(folder, words);
    CU_ASSERT_PTR_NULL(strstr(words, " 0.000000000 s"));
}

/* An emulator that does not come to the end of a step does not hold up a Ctrl-C. */
static void test_run_hangs(void)
{
    g_autofree char *rig = make_rig("hang");
    g_autofree char *folder = new_folder(), *words = NULL, *control = NULL;
    GSubprocess *process = mews_on((const char *const[]){"run", rig, "--run-dir", folder, NULL});
    gboolean running = FALSE;

    control = g_build_filename(folder, "control", NULL);
    while (!running) {
        g_autoptr(Link) link = link_open(control, NULL);
        g_autoptr(JsonObject) status =
            link ? link_request(link, request_new("status"), NULL, NULL) : NULL;

        running = status && g_str_equal(string(status, "state"), "running");
    }
    g_subprocess_send_signal(process, SIGINT);
    CU_ASSERT_EQUAL(mews_end(process, NULL, &words), 0);
    ends_as_told(folder, words);
}

/* A run is not overwritten unless that is asked for. */
static void test_run_folder(void)
{
    g_autofree char *rig = make_rig("normal");
    g_autofree char *folder = new_folder(), *words = NULL, *refusal = NULL, *content = NULL;
    g_autofree char *run_json = g_build_filename(folder, "run.json", NULL);
    g_autofree char *log = g_build_filename(folder, "io.usart1.log", NULL);
    g_autofree char *before = NULL, *after = NULL;
    const char *const same[] = {"--run-dir", folder, NULL};

    CU_ASSERT_EQUAL(mews(NULL, NULL, "run", rig, "--run-dir", folder, "--for", "0.05"), 0);
    g_assert(g_file_get_contents(run_json, &content, NULL, NULL));
    g_assert(g_file_get_contents(log, &before, NULL, NULL));
    CU_ASSERT_EQUAL(mews(NULL, &words, "run", rig, "--run-dir", folder, "--for", "0.01"), 2);
    refusal = g_strdup_printf(
        "linkd: run directory %s holds a run already (--force overwrites it)\n", folder);
    CU_ASSERT_STRING_EQUAL(words, refusal);
    starts_not(rig, same, refusal);
    g_assert(g_file_get_contents(log, &after, NULL, NULL));
    CU_ASSERT_STRING_EQUAL(before, after);
    g_clear_pointer(&after, g_free);
    g_assert(g_file_get_contents(run_json, &after, NULL, NULL));
    CU_ASSERT_STRING_EQUAL(content, after);
    g_clear_pointer(&words, g_free);
    CU_ASSERT_EQUAL(mews(NULL, &words, "run", rig, "--run-dir", folder, "--for", "0.01", "--force"),
                    0);
    ends_as_told(folder, words);
}

/* How many runs of this rig there are where runs go by default. */
static gsize numbered_runs(const char *name)
{
    g_autofree char *runs = g_path_get_dirname(TEST_ASAN);
    g_autofree char *pattern = g_strdup_printf("%s/runs/%s-*", runs, name);
    glob_t found = {0};
    gsize count;

    count = glob(pattern, 0, NULL, &found) == 0 ? found.gl_pathc : 0;
    globfree(&found);
    return count;
}

static void refused_in_one_line(const char *rig, const char *folder, const char *line)
{
    g_autofree char *words = NULL;

    CU_ASSERT_EQUAL(folder ? mews(NULL, &words, "run", rig, "--run-dir", folder)
                           : mews(NULL, &words, "run", rig),
                    2);
    if (!g_str_has_suffix(words, line) || strchr(words, '\n') != strrchr(words, '\n')) {
        printf("\n'%s' instead of '%s'", words, line);
        CU_FAIL("other words");
    }
}

/* A start that fails says one line and leaves nothing, but for an emulator's longer story. */
static void test_run_refused(void)
{
    g_autofree char *refuses = make_rig("refuse");
    g_autofree char *grumbles = make_rig("grumble");
    g_autofree char *no_image =
        fixture_text("never-stands.rig", "[machine m]\nmodel = stm32f100c8\n"
                                         "image = gone.elf\n");
    g_autofree char *folder = new_folder(), *other = new_folder(), *log = NULL;
    const gsize runs = numbered_runs("never-stands") + numbered_runs("pair");

    refused_in_one_line(no_image, NULL, "gone.elf: no such file\n");
    refused_in_one_line(refuses, NULL, "refuse.rig:10: machine io: property 'part' not wanted\n");
    CU_ASSERT_EQUAL(numbered_runs("never-stands") + numbered_runs("pair"), runs);
    refused_in_one_line(refuses, folder, "machine io: property 'part' not wanted\n");
    CU_ASSERT_FALSE(g_file_test(folder, G_FILE_TEST_EXISTS));
    starts_not(refuses, (const char *const[]){"--run-dir", folder, NULL}, "not wanted");
    CU_ASSERT_FALSE(g_file_test(folder, G_FILE_TEST_EXISTS));
    refused_in_one_line(grumbles, other, "grumble.rig:6: machine io: with an end\n");
    log = g_build_filename(other, "io.stderr.log", NULL);
    CU_ASSERT_TRUE(g_file_test(log, G_FILE_TEST_EXISTS));
    /* and no run is in the way of the next one */
    CU_ASSERT_EQUAL(mews(NULL, NULL, "run", refuses, "--run-dir", other), 2);
}

static void test_usage(void)
{
    g_autofree char *output = NULL, *words = NULL, *folder = NULL;
    g_autofree char *programs = g_canonicalize_filename(TEST_ASAN, NULL);
    g_autofree char *build = g_path_get_dirname(programs);

    CU_ASSERT_EQUAL(mews(&output, NULL, "--version"), 0);
    CU_ASSERT_STRING_EQUAL(output, "mews " MEWS_VERSION "\n");
    g_clear_pointer(&output, g_free);
    CU_ASSERT_EQUAL(mews(&output, NULL, "run", "--help"), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(output, "\n  mews run [OPTION"));
    CU_ASSERT_PTR_NOT_NULL(strstr(output, "] RIG\n"));
    folder = g_build_filename(build, "runs", "RIG-NUMBER", NULL);
    CU_ASSERT_PTR_NOT_NULL(strstr(output, folder));
    CU_ASSERT_EQUAL(mews(NULL, &words, "run"), 2);
    CU_ASSERT_STRING_EQUAL(words, "mews: usage: mews run [OPTION...] RIG\n");
}

/* What an earlier run of this program has left. */
static void remove_old_runs(void)
{
    g_autoptr(GDir) folder = g_dir_open(TEST_FOLDER, 0, NULL);

    for (const char *name; folder && (name = g_dir_read_name(folder));) {
        if (g_str_has_prefix(name, "run")) {
            g_autofree char *path = g_build_filename(TEST_FOLDER, name, NULL);
            g_autoptr(GDir) run = g_dir_open(path, 0, NULL);

            for (const char *file; run && (file = g_dir_read_name(run));) {
                g_autofree char *old = g_build_filename(path, file, NULL);

                g_unlink(old);
            }
            g_rmdir(path);
        }
    }
}

int main(void)
{
    static CU_TestInfo rig[] = {
        {"status", test_status},
        {"time and bytes", test_time_and_bytes},
        {"gates on lines and bytes", test_gate_line},
        {"gates on packets", test_gate_packet},
        {"gates on pins", test_gate_pins},
        {"write", test_write},
        {"inject", test_inject},
        {"seal and the receiver's window", test_seal},
        {"memory, registers, halt", test_machine_requests},
        {"the words of refusals", test_words_of_refusals},
        {"hash does not depend on steps or gates", test_hash},
        {"replay", test_replay},
        {"damaged recordings", test_damaged_recording},
        {"flash that is lost", test_flash_is_lost},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo accidents[] = {
        {"a machine dies", test_machine_dies},
        {"a machine refuses", test_machine_refuses},
        {"a machine hangs", test_machine_hangs},
        {"a request that waits for a run", test_read_waits},
        {"one that waits and goes", test_waiting_client_goes},
        {"garbage on a monitor", test_monitor_garbage},
        {"bad requests", test_bad_requests},
        {"garbage on the control socket", test_garbage},
        {"a client goes in the middle of a run", test_disconnect_in_run},
        {"a client that sends no more", test_half_closed},
        {"SIGTERM", test_signal},
        {"SIGKILL", test_kill},
        {"could not run", test_could_not_run},
        {"socket or directory in use", test_socket_in_use},
        {"a full disk", test_disk_full},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo command_line[] = {
        {"lines in the order of time", test_run_order},
        {"lines without an end", test_run_prompts},
        {"the end of a run", test_run_end},
        {"Ctrl-C", test_run_interrupted},
        {"Ctrl-C while a machine hangs", test_run_hangs},
        {"a run that is there already", test_run_folder},
        {"a start that fails", test_run_refused},
        {"usage and version", test_usage},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {.pName = "rig", .pTests = rig},
        {.pName = "accidents", .pTests = accidents},
        {.pName = "mews run", .pTests = command_line},
        CU_SUITE_INFO_NULL,
    };

    signal(SIGPIPE, SIG_IGN);
    remove_old_runs();
    return fixture_main(suites);
}
