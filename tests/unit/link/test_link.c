/*
 * The parts of the link daemon, one by one: rig files, images, symbols,
 * packets, pins, recordings.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fixtures.h"
#include <gio/gio.h>
#include "error.h"
#include "frames.h"
#include "hash.h"
#include "hex.h"
#include "history.h"
#include "image.h"
#include "inject.h"
#include "keys.h"
#include "outfile.h"
#include "pcapng.h"
#include "pins.h"
#include "rig.h"
#include "tap.h"
#include "text.h"
#include "wiretime.h"

#define MACHINE "[machine a]\nmodel = stm32f100c8\nimage = a.elf\n"
#define PAIR    MACHINE "[machine b]\nmodel = mimxrt1176\nimage = b.elf\n"
#define LINK    PAIR "[link l]\nends = a.usart2, b.lpuart6\n"
#define KEY     "key = 000102030405060708090a0b0c0d0e0f\n"
#define SA      LINK "[sa s]\nlink = l\nfrom = a\nspi = 0x4d02\nmode = aead\n" KEY

/* ---- rig files ---- */

static void test_rig_good(void)
{
    g_autofree char *path =
        fixture_text("good.rig", "# a comment\n\n[rig]\nquantum_us = 250 # another\n" LINK
                                 "[machine c]\n  model=stm32f100rb\r\nimage = /abs/c.elf\n"
                                 "console = usart1\nconsole = usart3\nproperty = x=1,2\n"
                                 "[sa s]\nlink = l\nfrom = b\nspi = 0x4d02\nmode = mac\n" KEY);
    g_autoptr(GError) error = NULL;
    g_autoptr(Rig) rig = rig_load(path, &error);

    CU_ASSERT_PTR_NOT_NULL_FATAL(rig);
    CU_ASSERT_STRING_EQUAL(rig->name, "good");
    CU_ASSERT_EQUAL(rig->quantum_ns, 250000);
    CU_ASSERT_EQUAL_FATAL(rig->machines->len, 3);
    CU_ASSERT_STRING_EQUAL(rig_image(rig_machine(rig, 0), 0)->path, TEST_FOLDER "/a.elf");
    CU_ASSERT_STRING_EQUAL(rig_image(rig_machine(rig, 2), 0)->path, "/abs/c.elf");
    CU_ASSERT_STRING_EQUAL(g_ptr_array_index(rig_machine(rig, 2)->consoles, 1), "usart3");
    CU_ASSERT_STRING_EQUAL(g_ptr_array_index(rig_machine(rig, 2)->properties, 0), "x=1,2");
    CU_ASSERT_EQUAL(rig_link(rig, 0)->end[1].machine, 1);
    CU_ASSERT_EQUAL(rig_sa(rig, 0)->from_end, 1);
    CU_ASSERT_EQUAL(rig_sa(rig, 0)->spi, 0x4d02);
    CU_ASSERT_EQUAL(rig_sa(rig, 0)->mode, RIG_SA_MAC);
    CU_ASSERT_EQUAL(rig_sa(rig, 0)->key[15], 15);
}

static void test_rig_images(void)
{
    g_autofree char *path = fixture_text(
        "good.rig", MACHINE "image = b.bin\nimage_at = 0x08001000\nimage = c.elf\n"
                            "vector_table = 134221824\nflash_file = a.flash\n"
                            "option_file = a.options\n"
                            "[machine b]\nmodel = stm32f100rb\nflash_file = b.flash\n");
    g_autoptr(GError) error = NULL;
    g_autoptr(Rig) rig = rig_load(path, &error);
    const RigMachine *a;

    CU_ASSERT_PTR_NOT_NULL_FATAL(rig);
    a = rig_machine(rig, 0);
    CU_ASSERT_EQUAL_FATAL(a->images->len, 3);
    CU_ASSERT_FALSE(rig_image(a, 0)->raw);
    CU_ASSERT_TRUE(rig_image(a, 1)->raw);
    CU_ASSERT_EQUAL(rig_image(a, 1)->at, 0x08001000);
    CU_ASSERT_STRING_EQUAL(rig_image(a, 1)->path, TEST_FOLDER "/b.bin");
    CU_ASSERT_FALSE(rig_image(a, 2)->raw);
    CU_ASSERT_TRUE(a->has_vector_table);
    CU_ASSERT_EQUAL(a->vector_table, 0x08001000);
    CU_ASSERT_STRING_EQUAL(a->kept[KEPT_FLASH].path, TEST_FOLDER "/a.flash");
    CU_ASSERT_STRING_EQUAL(a->kept[KEPT_OPTIONS].path, TEST_FOLDER "/a.options");
    CU_ASSERT_EQUAL(rig_machine(rig, 1)->images->len, 0);
    CU_ASSERT_FALSE(rig_machine(rig, 1)->has_vector_table);
}

static void test_rig_symbols(void)
{
    g_autofree char *path = fixture_text(
        "good.rig", "[machine b]\nmodel = mimxrt1176\nimage = b.elf\nsymbols = cm4  m4.elf\n"
                    "symbols = cm7 /m7.elf\n");
    g_autoptr(Rig) rig = rig_load(path, NULL);
    const RigSymbols *symbols;

    CU_ASSERT_PTR_NOT_NULL_FATAL(rig);
    CU_ASSERT_EQUAL_FATAL(rig_machine(rig, 0)->symbols->len, 2);
    symbols = g_ptr_array_index(rig_machine(rig, 0)->symbols, 0);
    CU_ASSERT_STRING_EQUAL(symbols->core, "cm4");
    CU_ASSERT_STRING_EQUAL(symbols->path, TEST_FOLDER "/m4.elf");
    symbols = g_ptr_array_index(rig_machine(rig, 0)->symbols, 1);
    CU_ASSERT_STRING_EQUAL(symbols->path, "/m7.elf");
}

typedef struct {
    const char *text, *error; /* the error begins with FILE: */
} BadRig;

static void rigs_are_refused(const BadRig *bad, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        g_autofree char *path = fixture_text("bad.rig", bad[i].text);
        g_autofree char *expected = g_strdup_printf("%s:%s", path, bad[i].error);
        g_autoptr(GError) error = NULL;
        g_autoptr(Rig) rig = rig_load(path, &error);

        if (rig || !g_str_has_prefix(error->message, expected)) {
            printf("\n'%s' instead of '%s'", rig ? "(accepted)" : error->message, expected);
            CU_FAIL("a bad rig file");
        }
    }
}

static void test_bad_sections(void)
{
    static const BadRig bad[] = {
        {"", "1: no [machine NAME] section"},
        {"model = x\n", "1: key 'model' before the first section"},
        {"[machine]\n", "1: [machine NAME] expected"},
        {"[machine A]\n", "1: [machine NAME] expected"},
        {"[machine a\n", "1: '[machine a' lacks its closing bracket"},
        {"[]\n", "1: no section []"},
        {"[rig x]\n", "1: [rig] has no name"},
        {"[rig]\n[rig]\n", "2: a second [rig] section"},
        {"[moon x]\n", "1: no section [moon x]; sections: [rig]"},
        {"[rig]\nname\n", "2: 'name' is neither [section] nor key = value"},
        {"[rig]\nname =\n", "2: key 'name' has no value"},
        {"[rig]\nname = A b\n", "2: name 'A b' is not of the form"},
        {"[rig]\nname = a\nname = b\n", "3: key 'name' a second time"},
        {"[rig]\ncolour = red\n", "2: no key 'colour' in [rig]; keys: name, quantum_us"},
        {"[rig]\nquantum_us = 9\n", "2: quantum_us is a number from 10 to 1000000"},
        {"[rig]\nquantum_us = 1e3\n", "2: quantum_us is a number"},
    };

    rigs_are_refused(bad, G_N_ELEMENTS(bad));
}

static void test_bad_machines(void)
{
    static const BadRig bad[] = {
        {"[machine a]\nmodel = vax\n", "2: no model 'vax'; models: stm32f100c8, stm32f100rb, mimx"},
        {"[machine a]\nimage = x\n", "1: machine a has no 'model'"},
        {"[machine a]\nmodel = stm32f100c8\n", "1: machine a has no 'image'"},
        {"[machine a]\nimage_at = 0x08000000\n", "2: image_at comes behind the image"},
        {MACHINE "image_at = 08001000h\n",
         "4: image_at is an address as 0x08001000, not '08001000h'"},
        {MACHINE "image_at = 0x100000000\n", "4: image_at is an address"},
        {MACHINE "image_at = 0\nimage_at = 1\n",
         "5: image_at a second time for the image of line 3"},
        {MACHINE "vector_table = flash\n", "4: vector_table is an address"},
        {MACHINE "symbols = x.elf\n", "4: symbols is CORE FILE, not 'x.elf'"},
        {MACHINE "symbols = cm4 x.elf\n", "4: a stm32f100c8 has no core 'cm4'"},
        {"[machine b]\nsymbols = cm4 x.elf\nsymbols = cm0 x.elf\nimage = b.elf\n"
         "model = mimxrt1176\n",
         "3: a mimxrt1176 has no core 'cm0'"},
        {MACHINE "flash_file = f\nflash_file = g\n", "5: key 'flash_file' a second time"},
        {MACHINE "flash_file = f\n[machine b]\nmodel = stm32f100c8\nflash_file = ./f\n",
         "7: this is the flash file of machine a (line 4) already"},
        {MACHINE "option_file = f\nflash_file = ./f\n",
         "5: this is the option file of machine a (line 4) already"},
        {"[machine a]\nmodel = mimxrt1176\nimage = ok.elf\noption_file = f\n",
         "4: a mimxrt1176 has no option bytes"},
        {PAIR "vector_table = 0x30000000\n",
         "7: machine b (mimxrt1176) starts where its boot headers say, no vector_table"},
        {MACHINE "imu = lpspi1\n", "4: a stm32f100c8 has no bus 'lpspi1' for an imu"},
        {PAIR "imu = lpspi7\n", "7: a mimxrt1176 has no bus 'lpspi7' for an imu"},
        {PAIR "imu = lpspi1,\n", "7: imu is BUS or BUS, FILE, not 'lpspi1,'"},
        {PAIR "imu = , x.csv\n", "7: imu is BUS or BUS, FILE, not ', x.csv'"},
        {PAIR "imu = lpspi1\nimu = lpspi2\n", "8: key 'imu' a second time"},
        {MACHINE "[machine a]\n", "4: machine 'a' is there already"},
        {MACHINE "property = =1\n", "4: property is NAME=VALUE"},
        {MACHINE "property = x,y=1\n", "4: property is NAME=VALUE"},
        {MACHINE "console = lpuart1\n", "4: machine a (stm32f100c8) has no UART 'lpuart1'; it has "
                                        "usart1..usart3"},
        {MACHINE "console = usart4\n", "4: machine a (stm32f100c8) has no UART 'usart4'"},
        {MACHINE "console = usart1\nconsole = usart1\n", "5: a.usart1 is used already in line 4"},
    };

    rigs_are_refused(bad, G_N_ELEMENTS(bad));
}

static void test_bad_links(void)
{
    static const BadRig bad[] = {
        {MACHINE "[link l]\n", "4: link l has no 'ends'"},
        {MACHINE "[link l]\nends = a.usart1\n", "5: ends is 'machine.uart, machine.uart'"},
        {MACHINE "[link l]\nends = a.usart1, b\n", "5: 'b' is not of the form machine.uart"},
        {MACHINE "[link l]\nends = a.usart1, b.usart1\n", "5: no machine 'b'"},
        {MACHINE "[link l]\nends = a.usart1, a.usart1\n", "5: a.usart1 is used already in line 5"},
        {LINK "[link m]\nends = a.usart2, b.lpuart7\n", "10: a.usart2 is used already in line 8"},
        {LINK "[link l]\n", "9: link 'l' is there already"},
        {MACHINE "console = usart2\n[link l]\nends = a.usart2, a.usart3\n",
         "4: a.usart2 is used already in line 6"},
        {LINK "[sa s]\nlink = l\nfrom = a\nmode = aead\n" KEY, "9: sa s has no 'spi'"},
        {LINK "[sa s]\nlink = l\nfrom = a\nspi = 0x10000\n",
         "12: spi is a number from 0 to 0xffff"},
        {LINK "[sa s]\nkey = 00\n", "10: key is 32 hex digits"},
        {LINK "[sa s]\nmode = plain\n", "10: mode is mac or aead, not 'plain'"},
        {LINK "[sa s]\nlink = m\nfrom = a\nspi = 1\nmode = mac\n" KEY, "10: no link 'm'"},
        {LINK "[sa s]\nlink = l\nfrom = c\nspi = 1\nmode = mac\n" KEY,
         "11: 'c' is no end of link l"},
        {SA "[sa s]\n", "15: sa 's' is there already"},
        {SA "[sa t]\nlink = l\nfrom = b\nspi = 0x4d02\nmode = mac\n" KEY,
         "15: sa t has the SPI 0x4d02 of sa s (line 9)"},
    };

    rigs_are_refused(bad, G_N_ELEMENTS(bad));
}

static void test_rig_limits(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < 9; i++) {
        g_string_append_printf(text, "[machine m%d]\nmodel = stm32f100c8\nimage = a.elf\n", i);
    }
    path = fixture_text("bad.rig", text->str);
    CU_ASSERT_PTR_NULL(rig_load(path, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "bad.rig:25: more than 8 machines"));
    g_clear_error(&error);
    g_free(path);
    path = fixture_text("bad.rig", "[rig]\nname = \xff\n");
    CU_ASSERT_PTR_NULL(rig_load(path, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "no UTF-8 text at octet 13"));
    g_clear_error(&error);
    CU_ASSERT_PTR_NULL(rig_load("/nowhere/x.rig", &error));
}

/* ---- images ---- */

static void image_for(const char *model, gboolean debug, const FixtureElf *elf, gsize size,
                      const char *words)
{
    g_autofree char *path = fixture_file("image.elf", elf, size);
    g_autoptr(GPtrArray) properties = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Image) image = NULL;
    ModelMemories memories;

    if (debug) {
        g_ptr_array_add(properties, "boot-mode=debug");
    }
    memories = model_memories(model_find(model), properties);
    image = image_load(path, NULL, &memories, &error);

    if (!words) {
        CU_ASSERT_PTR_NOT_NULL(image);
    } else if (image || !strstr(error->message, words)) {
        printf("\n'%s' instead of '%s'", image ? "(accepted)" : error->message, words);
        CU_FAIL("a bad image");
    }
}

static void image_is(const FixtureElf *elf, gsize size, const char *words)
{
    image_for("stm32f100c8", FALSE, elf, size, words);
}

static void test_image(void)
{
    FixtureElf elf = fixture_elf();

    image_is(&elf, sizeof(elf), NULL);
    image_is(&elf, 10, "no ELF file");
    image_is(&elf, offsetof(FixtureElf, content) + 10, "is it cut off?");
    elf.header.e_machine = EM_386;
    image_is(&elf, sizeof(elf), "an ELF file for Intel 80386 (e_machine 3), Arm expected");
    elf = fixture_elf();
    elf.header.e_type = ET_REL;
    image_is(&elf, sizeof(elf), "no executable (e_type 1)");
    elf = fixture_elf();
    elf.header.e_ident[EI_DATA] = ELFDATA2MSB;
    image_is(&elf, sizeof(elf), "big-endian");
    elf = fixture_elf();
    elf.segment.p_type = PT_NOTE;
    image_is(&elf, sizeof(elf), "no loadable segment");
    elf = fixture_elf();
    elf.segment.p_paddr = 0x08010000 - 63; /* one octet behind 64 KiB */
    image_is(&elf, sizeof(elf), "lies outside of flash of stm32f100c8");
    elf.segment.p_paddr = 0x08010000 - 64;
    image_is(&elf, sizeof(elf), NULL);
    elf.segment.p_paddr = 0xffffffff;
    image_is(&elf, sizeof(elf), "lies outside of flash");
}

/* As the machines check themselves: what they would refuse is not offered here. */
static void test_image_places(void)
{
    FixtureElf elf = fixture_elf();

    elf.segment.p_paddr = 0x20000000;
    image_is(&elf, sizeof(elf), "(flash 0x08000000..0x0800ffff)");
    image_for("mimxrt1176", FALSE, &elf, sizeof(elf),
              "(FlexSPI1 flash 0x30000000..0x30ffffff; 'property = boot-mode=debug' loads to RAM");
    image_for("mimxrt1176", TRUE, &elf, sizeof(elf), NULL);
    elf.segment.p_paddr = 0x30000000;
    image_for("mimxrt1176", FALSE, &elf, sizeof(elf), NULL);
    image_for("mimxrt1176", TRUE, &elf, sizeof(elf), NULL);
    elf.segment.p_paddr = 0x20040000 - 63; /* DTCM has 256 KiB in FlexRAM's default split */
    image_for("mimxrt1176", TRUE, &elf, sizeof(elf), "lies outside of the memories of mimxrt1176");
    elf.segment.p_paddr = 0x202c0000 - 32; /* half in OCRAM1, half in OCRAM2 */
    image_for("mimxrt1176", TRUE, &elf, sizeof(elf), "OCRAM1 0x20240000..0x202bffff, OCRAM2");
}

static void test_image_symbols(void)
{
    FixtureElf elf = fixture_elf();
    g_autofree char *path = fixture_file("image.elf", &elf, sizeof(elf));
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    ModelMemories memories = model_memories(model_find("stm32f100c8"), none);
    g_autoptr(Image) image = image_load(path, NULL, &memories, NULL);
    static const char *const bad[] = {"mai", "main+", "main+x", "main+4 ", "main+0xffffffff", ""};
    guint32 address = 0;

    CU_ASSERT_PTR_NOT_NULL_FATAL(image);
    CU_ASSERT_TRUE(image_address(image, "main", &address, NULL));
    CU_ASSERT_EQUAL(address, 0x08000008); /* without the Thumb bit */
    CU_ASSERT_TRUE(image_address(image, "main+0x10", &address, NULL));
    CU_ASSERT_EQUAL(address, 0x08000018);
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        CU_ASSERT_FALSE(image_address(image, bad[i], &address, &error));
        CU_ASSERT_EQUAL(error->code, MEWS_ERROR_NO_SUCH_SYMBOL);
    }
}

/* ---- symbols ---- */

static WireRig *new_memory(void)
{
    WireRig *rig = g_malloc0(sizeof(WireRig));

    rig->machine_count = 2;
    rig->wire_count = 2;
    strcpy(rig->machine[0].name, "a");
    strcpy(rig->machine[1].name, "b");
    strcpy(rig->wire[0].end[0].uart, "usart2");
    strcpy(rig->wire[0].end[1].uart, "usart2");
    rig->wire[0].end[1].machine = 1;
    strcpy(rig->wire[1].end[0].uart, "usart1");
    rig->wire[1].end[1].machine = WIRE_NOBODY;
    return rig;
}

static void test_formats(void)
{
    static const struct {
        const char *format;
        unsigned byte, nbits, bits, span_half_bits;
    } good[] = {
        /* start 0, data from the least bit on, parity, stop 1 */
        {"8N1", 0x41, 10, 0x282, 20}, {"8N2", 0x41, 10, 0x282, 22},  {"8E1", 0x41, 11, 0x482, 22},
        {"8E1", 0x43, 11, 0x686, 22}, {"8O1", 0x41, 11, 0x682, 22},  {"8O1", 0x43, 11, 0x486, 22},
        {"7E1", 0xc1, 10, 0x282, 20}, {"7N1.5", 0x00, 9, 0x100, 19},
    };
    static const char *const bad[] = {"", "8", "8N", "8N3", "9N1", "6N1", "8X1", "8N1 ", "N81"};
    InjectFormat format;

    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        WireRig *rig = new_memory();
        Inject *inject = inject_new(rig);
        guint8 byte = (guint8)good[i].byte;
        gint64 start_ns, end_ns;
        const WireSymbol *s = &rig->wire[1].inject[0].symbol[0];

        CU_ASSERT_TRUE(inject_format_parse(&format, 115200, good[i].format, NULL));
        CU_ASSERT_TRUE(inject_bytes(inject, 1, 0, &format, 5, &byte, 1, &start_ns, &end_ns, NULL));
        CU_ASSERT_EQUAL(inject_feed(inject, 100), 100);
        CU_ASSERT_EQUAL(rig->wire[1].inject[0].head, 1);
        CU_ASSERT_EQUAL(s->bits, good[i].bits);
        CU_ASSERT_EQUAL(s->nbits, good[i].nbits);
        CU_ASSERT_EQUAL(s->span_half_bits, good[i].span_half_bits);
        inject_free(inject);
        g_free(rig);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        CU_ASSERT_FALSE(inject_format_parse(&format, 115200, bad[i], NULL));
    }
}

/* Characters follow one another without gap or overlap, exact to 2^-32 ns. */
static void test_back_to_back(void)
{
    WireRig *rig = new_memory();
    Inject *inject = inject_new(rig);
    g_autofree guint8 *bytes = g_malloc0(3000);
    gint64 start_ns, end_ns, next_ns;
    InjectFormat format;
    const WireSymbol *symbol = rig->wire[0].inject[1].symbol;

    CU_ASSERT_TRUE(inject_format_parse(&format, 1500000, "8N1", NULL));
    CU_ASSERT_TRUE(
        inject_bytes(inject, 0, 1, &format, 1000, bytes, 3000, &start_ns, &end_ns, NULL));
    CU_ASSERT_EQUAL(start_ns, 1000);
    CU_ASSERT_EQUAL(end_ns, 1000 + 20000000); /* 30000 bits at 1.5 Mbaud, no rounding left over */
    CU_ASSERT_TRUE(inject_bytes(inject, 0, 1, &format, 2000, bytes, 1, &next_ns, &end_ns, NULL));
    CU_ASSERT_EQUAL(next_ns, 20001000);
    /* only what starts before the horizon is written */
    CU_ASSERT_EQUAL(inject_feed(inject, 1000), 1000);
    CU_ASSERT_EQUAL(rig->wire[0].inject[1].head, 0);
    CU_ASSERT_EQUAL(inject_feed(inject, 1001), 1001);
    CU_ASSERT_EQUAL(rig->wire[0].inject[1].head, 1);
    CU_ASSERT_EQUAL(inject_feed(inject, 1000000000), 1000000000);
    CU_ASSERT_EQUAL_FATAL(rig->wire[0].inject[1].head, 3001);
    for (int i = 1; i <= 3000; i++) {
        CU_ASSERT_TRUE(symbol_end(&symbol[i - 1]) == symbol_start(&symbol[i]));
    }
    inject_free(inject);
    g_free(rig);
}

/* A full ring holds the horizon back instead of losing symbols. */
static void test_full_ring(void)
{
    WireRig *rig = new_memory();
    Inject *inject = inject_new(rig);
    WireRing *ring = &rig->wire[0].inject[1];
    g_autofree guint8 *bytes = g_malloc0(WIRE_RING_SYMBOLS + 10);
    gint64 start_ns, end_ns, reached_ns;
    InjectFormat format;

    CU_ASSERT_TRUE(inject_format_parse(&format, 1000000, "8N1", NULL));
    CU_ASSERT_TRUE(inject_bytes(inject, 0, 1, &format, 0, bytes, WIRE_RING_SYMBOLS + 10, &start_ns,
                                &end_ns, NULL));
    reached_ns = inject_feed(inject, G_MAXINT64);
    CU_ASSERT_EQUAL(reached_ns, WIRE_RING_SYMBOLS * 10000ll);
    CU_ASSERT_EQUAL(inject_feed(inject, G_MAXINT64), reached_ns);
    ring->taken_by_receiver = 4;
    ring->taken_by_tap = 3; /* the slower of both counts */
    CU_ASSERT_EQUAL(inject_feed(inject, G_MAXINT64), reached_ns + 3 * 10000);
    CU_ASSERT_EQUAL(ring->head, WIRE_RING_SYMBOLS + 3);
    CU_ASSERT_FALSE(inject_bytes(inject, 0, 1, &format, 0, bytes, INJECT_PENDING_MAX, &start_ns,
                                 &end_ns, NULL));
    inject_free(inject);
    g_free(rig);
}

/* ---- the tap ---- */

static void put(WireRing *ring, gint64 start_ns, unsigned bits, unsigned nbits, unsigned kind)
{
    ring->symbol[ring->head % WIRE_RING_SYMBOLS] = (WireSymbol){
        .start_ns = start_ns,
        .bits = (uint16_t)bits,
        .nbits = (uint8_t)nbits,
        .span_half_bits = (uint8_t)(2 * nbits),
        .bit_time = 100ull << 32,
        .kind = (uint8_t)kind,
        .level_after = 1,
    };
    ring->head++;
}

static void note_symbol(gpointer opaque, TapStream *stream, const TapSymbol *symbol)
{
    g_string_append_printf(opaque, "%s@%" G_GINT64_FORMAT "=%s%02x ", stream->name, symbol->end_ns,
                           symbol->is_byte ? "" : "!", symbol->byte);
}

static void test_tap_order(void)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    WireRig *rig = new_memory();
    Tap *tap = tap_new(rig, note_symbol, seen);

    put(&rig->wire[0].tx[0], 0, 0x282, 10, WIRE_CHARACTER);     /* a.usart2, ends at 1000 */
    put(&rig->wire[1].tx[0], 100, 0x284, 10, WIRE_CHARACTER);   /* a.usart1, 1100 */
    put(&rig->wire[0].tx[1], 0, 0x286, 10, WIRE_CHARACTER);     /* b.usart2, 1000: a tie */
    put(&rig->wire[0].inject[1], 0, 0x288, 10, WIRE_CHARACTER); /* to b.usart2, 1000: a tie */
    put(&rig->wire[0].tx[0], 1000, 0x000, 10, WIRE_BREAK);      /* 2000 */
    CU_ASSERT_EQUAL(tap_take(tap), 2);
    CU_ASSERT_EQUAL(rig->wire[0].tx[0].taken_by_tap, 2);
    tap_process(tap, 1000);
    CU_ASSERT_STRING_EQUAL(seen->str, ""); /* at 1000 it has not happened before 1000 */
    tap_process(tap, 1001);
    CU_ASSERT_STRING_EQUAL(seen->str, "a.usart2@1000=41 b.usart2@1000=43 inject>b.usart2@1000=44 ");
    g_string_truncate(seen, 0);
    tap_process(tap, 5000);
    CU_ASSERT_STRING_EQUAL(seen->str, "a.usart1@1100=42 a.usart2@2000=!00 ");
    CU_ASSERT_PTR_NOT_NULL(tap_find(tap, "a.usart1"));
    CU_ASSERT_PTR_NULL(tap_find(tap, "inject>a.usart1"));
    CU_ASSERT_EQUAL(history_end(&tap_find(tap, "a.usart2")->bytes), 1);
    tap_free(tap);
    g_free(rig);
}

static void test_tap_bytes(void)
{
    static const struct {
        unsigned bits, nbits, kind;
        const char *seen;
    } cases[] = {
        {0x282, 10, WIRE_CHARACTER, "=41 "},  /* 8N1 */
        {0x682, 11, WIRE_CHARACTER, "=41 "},  /* 8 bits and a ninth */
        {0x1fe, 9, WIRE_CHARACTER, "=7f "},   /* 7N1 */
        {0x082, 10, WIRE_CHARACTER, "=!41 "}, /* its stop bit is 0 */
        {0x283, 10, WIRE_CHARACTER, "=!41 "}, /* its start bit is 1 */
        {0x000, 0, WIRE_LEVEL, "=!00 "},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) seen = g_string_new(NULL);
        WireRig *rig = new_memory();
        Tap *tap = tap_new(rig, note_symbol, seen);

        put(&rig->wire[1].tx[0], 0, cases[i].bits, cases[i].nbits, cases[i].kind);
        tap_take(tap);
        tap_process(tap, 100000);
        CU_ASSERT_STRING_EQUAL(strchr(seen->str, '='), cases[i].seen);
        tap_free(tap);
        g_free(rig);
    }
}

/* More than the ring holds, taken in pieces: nothing is lost, and memory stays bounded. */
static void test_tap_wraps(void)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    WireRig *rig = new_memory();
    Tap *tap = tap_new(rig, note_symbol, seen);
    TapStream *stream = tap_find(tap, "a.usart1");
    gint64 t = 0;

    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 40000; i++, t += 1000) {
            put(&rig->wire[1].tx[0], t, 0x200 | (unsigned)(t / 1000 & 0xff) << 1, 10,
                WIRE_CHARACTER);
        }
        CU_ASSERT_EQUAL(tap_take(tap), 40000);
        tap_process(tap, t + 1);
        g_string_truncate(seen, 0);
    }
    CU_ASSERT_EQUAL_FATAL(history_end(&stream->bytes), 200000);
    for (guint64 i = 0; i < 200000; i += 997) {
        CU_ASSERT_EQUAL(*(guint8 *)history_at(&stream->bytes, i), i & 0xff);
        CU_ASSERT_EQUAL(*(gint64 *)history_at(&stream->times_ns, i), ((gint64)i + 1) * 1000);
    }
    CU_ASSERT_TRUE(stream->pending->len <= 80000);
    tap_free(tap);
    g_free(rig);
}

static void test_history(void)
{
    History h;

    history_init(&h, sizeof(int), 100, NULL);
    for (int i = 0; i < 1050; i++) {
        history_append(&h, &i);
    }
    CU_ASSERT_EQUAL(history_end(&h), 1050);
    CU_ASSERT_TRUE(h.base <= 950 && h.base + 200 >= 1050);
    for (guint64 i = h.base; i < 1050; i++) {
        CU_ASSERT_EQUAL(*(int *)history_at(&h, i), (int)i);
    }
    history_clear(&h);
}

/* ---- packets ---- */

static const guint8 key[RIG_KEY_SIZE] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static Rig *load_sa_rig(void)
{
    g_autofree char *path = fixture_text("sa.rig", SA);
    g_autoptr(GError) error = NULL;
    Rig *rig = rig_load(path, &error);

    g_assert_no_error(error);
    return rig;
}

static void feed(Frames *frames, FrameDirection *direction, const guint8 *bytes, gsize size,
                 gint64 *t)
{
    for (gsize i = 0; i < size; i++, *t += 10) {
        const TapSymbol symbol = {.start_ns = *t,
                                  .end_ns = *t + 10,
                                  .kind = WIRE_CHARACTER,
                                  .is_byte = TRUE,
                                  .byte = bytes[i]};

        frames_symbol(frames, direction, &symbol);
    }
}

/* A frame of @counter with a Heartbeat, or with @payload. */
static GByteArray *sealed(guint64 counter, const guint8 *payload, gsize payload_size)
{
    const struct relaysec_header header = {.spi = 0x4d02, .channel = 1, .counter = counter};
    struct relaysec_association association = {.spi = 0x4d02, .mode = RELAYSEC_MODE_AEAD};
    const union packet_payload heartbeat = {.heartbeat = {.time_us = 7}};
    guint8 packet[PACKET_OCTETS_MAX];
    GByteArray *frame = g_byte_array_new();

    if (!payload) {
        payload_size = packet_encode(packet_type_find(PACKET_HEARTBEAT), 1, &heartbeat, packet);
        payload = packet;
    }
    memcpy(association.key, key, sizeof(key));
    g_byte_array_set_size(frame, (guint)payload_size + RELAYSEC_OVERHEAD_OCTETS);
    relaysec_seal_with(&association, &header, payload, payload_size, frame->data);
    return frame;
}

static FrameVerdict verdict_of(Frames *frames, FrameDirection *direction, GByteArray *frame,
                               gint64 *t)
{
    guint8 line[COBS_FRAMED_OCTETS_MAX(512)];
    guint64 before = history_end(&frames->history);
    gsize size = cobs_frame(frame->data, frame->len, line);

    feed(frames, direction, line, size, t);
    g_byte_array_unref(frame);
    g_assert(history_end(&frames->history) == before + 1);
    return ((Frame *)history_at(&frames->history, before))->verdict;
}

static void test_verdicts(void)
{
    g_autoptr(Rig) rig = load_sa_rig();
    Frames *frames = frames_new(rig, 0, NULL, NULL);
    FrameDirection *peer = frames_direction(frames, 0, FALSE);  /* sent by a, end 0 */
    FrameDirection *inject = frames_direction(frames, 1, TRUE); /* to b, end 1 */
    FrameDirection *back = frames_direction(frames, 0, TRUE);   /* to a */
    GByteArray *frame;
    gint64 t = 0;

    CU_ASSERT_STRING_EQUAL(peer->name, "a>b");
    CU_ASSERT_STRING_EQUAL(inject->name, "inject>b");
    CU_ASSERT_EQUAL(verdict_of(frames, peer, sealed(1, NULL, 0), &t), FRAME_ACCEPTED);
    CU_ASSERT_EQUAL(verdict_of(frames, inject, sealed(1, NULL, 0), &t), FRAME_REPLAY);
    CU_ASSERT_EQUAL(verdict_of(frames, inject, sealed(0, NULL, 0), &t), FRAME_REPLAY);
    CU_ASSERT_EQUAL(verdict_of(frames, inject, sealed(100, NULL, 0), &t), FRAME_ACCEPTED);
    CU_ASSERT_EQUAL(verdict_of(frames, peer, sealed(36, NULL, 0), &t), FRAME_TOO_OLD);
    CU_ASSERT_EQUAL(verdict_of(frames, peer, sealed(37, NULL, 0), &t), FRAME_ACCEPTED);
    frame = sealed(101, NULL, 0);
    frame->data[20] ^= 1;
    CU_ASSERT_EQUAL(verdict_of(frames, inject, frame, &t), FRAME_BAD_MAC);
    frame = sealed(101, NULL, 0);
    frame->data[0] ^= 1;
    CU_ASSERT_EQUAL(verdict_of(frames, inject, frame, &t), FRAME_UNKNOWN_SPI);
    /* the other direction has its own associations: here none */
    CU_ASSERT_EQUAL(verdict_of(frames, back, sealed(101, NULL, 0), &t), FRAME_UNKNOWN_SPI);
    frame = sealed(101, NULL, 0);
    g_byte_array_set_size(frame, 27);
    CU_ASSERT_EQUAL(verdict_of(frames, inject, frame, &t), FRAME_TOO_SHORT);
    CU_ASSERT_EQUAL(verdict_of(frames, inject, sealed(101, key, sizeof(key)), &t),
                    FRAME_BAD_PACKET);
    frame = g_byte_array_new();
    g_byte_array_set_size(frame, 129);
    memset(frame->data, 7, 129);
    CU_ASSERT_EQUAL(verdict_of(frames, inject, frame, &t), FRAME_MALFORMED);
    CU_ASSERT_EQUAL(inject->frames, 8);
    CU_ASSERT_EQUAL(inject->verdicts[FRAME_REPLAY], 2);
    frames_free(frames);
}

static void test_reassembly(void)
{
    g_autoptr(Rig) rig = load_sa_rig();
    Frames *frames = frames_new(rig, 0, NULL, NULL);
    FrameDirection *peer = frames_direction(frames, 0, FALSE);
    const guint8 noise[] = {1, 2, 3, 0, 0, 0}, cut[] = {0, 9, 1, 2, 0};
    const TapSymbol brk = {.start_ns = 1, .end_ns = 2, .kind = WIRE_BREAK};
    const Frame *first;
    gint64 t = 1000;

    feed(frames, peer, noise, sizeof(noise), &t); /* before the first delimiter, and silence */
    CU_ASSERT_EQUAL(peer->frames, 0);
    CU_ASSERT_EQUAL(verdict_of(frames, peer, sealed(1, NULL, 0), &t), FRAME_ACCEPTED);
    first = history_at(&frames->history, 0);
    CU_ASSERT_EQUAL(first->start_ns, 1060);
    CU_ASSERT_EQUAL(first->end_ns, t);
    CU_ASSERT_EQUAL(first->packet.payload.heartbeat.time_us, 7);
    feed(frames, peer, cut, sizeof(cut), &t);
    CU_ASSERT_EQUAL(peer->verdicts[FRAME_MALFORMED], 1);
    feed(frames, peer, cut, 3, &t);
    frames_symbol(frames, peer, &brk); /* a break in a frame: its rest is nothing */
    CU_ASSERT_EQUAL(peer->verdicts[FRAME_MALFORMED], 2);
    feed(frames, peer, cut + 3, 1, &t);
    CU_ASSERT_EQUAL(verdict_of(frames, peer, sealed(2, NULL, 0), &t), FRAME_ACCEPTED);
    frames_free(frames);
}

/* A flight of the key exchange has no relay-sec layer. */
static void test_session_flight(void)
{
    g_autoptr(Rig) rig = load_sa_rig();
    Frames *frames = frames_new(rig, 0, NULL, NULL);
    const union packet_payload payload = {.session_confirm = {.tag = {1}}};
    GByteArray *frame = g_byte_array_new();
    gint64 t = 0;

    g_byte_array_set_size(frame, PACKET_OCTETS_MAX);
    g_byte_array_set_size(frame, (guint)packet_encode(packet_type_find(PACKET_SESSION_CONFIRM), 0,
                                                      &payload, frame->data));
    CU_ASSERT_EQUAL(verdict_of(frames, frames_direction(frames, 1, FALSE), frame, &t),
                    FRAME_SESSION);
    frames_free(frames);
}

static void test_frame_json(void)
{
    g_autoptr(Rig) rig = load_sa_rig();
    Frames *frames = frames_new(rig, 0, NULL, NULL);
    g_autoptr(JsonObject) object = NULL;
    g_autoptr(JsonNode) field = NULL;
    JsonObject *fields;
    gint64 t = 0;

    verdict_of(frames, frames_direction(frames, 0, FALSE), sealed(9, NULL, 0), &t);
    object = frame_to_json(frames, history_at(&frames->history, 0));
    fields = json_object_get_object_member(object, "fields");
    CU_ASSERT_STRING_EQUAL(json_object_get_string_member(object, "direction"), "a>b");
    CU_ASSERT_STRING_EQUAL(json_object_get_string_member(object, "name"), "Heartbeat");
    CU_ASSERT_STRING_EQUAL(json_object_get_string_member(object, "type"), "TC");
    CU_ASSERT_EQUAL(json_object_get_int_member(object, "counter"), 9);
    CU_ASSERT_EQUAL(json_object_get_int_member(object, "apid"), 0x011);
    CU_ASSERT_EQUAL(json_object_get_int_member(fields, "time_us"), 7);
    field = frame_field(history_at(&frames->history, 0), "cores_alive");
    CU_ASSERT_EQUAL(json_node_get_int(field), 0);
    CU_ASSERT_PTR_NULL(frame_field(history_at(&frames->history, 0), "altitude"));
    frames_free(frames);
}

/* ---- pins ---- */

static void drive(WireRig *rig, gint64 time_ns, unsigned pin, unsigned level)
{
    WireMachine *machine = &rig->machine[0];

    machine->edge[machine->edge_head % WIRE_RING_EDGES] =
        (WireEdge){.time_ns = time_ns, .pin = (uint16_t)pin, .level = (uint8_t)level};
    machine->edge_head++;
}

static void test_pins(void)
{
    WireRig *rig = new_memory();
    Pins *pins = pins_new(rig);
    PinCycle cycle;
    guint64 from;
    Pin *pin;

    strcpy(rig->machine[0].pin_name[0], "PA0");
    rig->machine[0].pin_count = 1;
    drive(rig, 0, 0, 0); /* as it was: no edge */
    drive(rig, 100, 0, 1);
    drive(rig, 130, 0, 0);
    drive(rig, 150, 7, 1); /* there is no pin 7 */
    CU_ASSERT_EQUAL(pins_take(pins), 4);
    pin = pins_find(pins, "a.PA0");
    CU_ASSERT_PTR_NOT_NULL_FATAL(pin);
    CU_ASSERT_PTR_NULL(pins_find(pins, "a.PA1"));
    CU_ASSERT_EQUAL(history_end(&pin->edges), 2);
    CU_ASSERT_FALSE(pin_last_cycle(pin, &cycle));
    drive(rig, 200, 0, 1);
    drive(rig, 240, 0, 0);
    drive(rig, 300, 0, 1);
    pins_take(pins);
    CU_ASSERT_TRUE_FATAL(pin_last_cycle(pin, &cycle));
    CU_ASSERT_EQUAL(cycle.start_ns, 200);
    CU_ASSERT_EQUAL(cycle.high_ns, 40);
    CU_ASSERT_EQUAL(cycle.period_ns, 100);
    from = pin_first_edge(pin, 101); /* the fall at 130: the cycle that it is in is not whole */
    CU_ASSERT_EQUAL(from, 1);
    CU_ASSERT_TRUE(pin_next_cycle(pin, &from, &cycle));
    CU_ASSERT_EQUAL(cycle.start_ns, 200);
    CU_ASSERT_FALSE(pin_next_cycle(pin, &from, &cycle));
    CU_ASSERT_EQUAL(pin_first_edge(pin, 1000), 5);
    pins_free(pins);
    g_free(rig);
}

/* ---- small things ---- */

static void test_hash(void)
{
    /* known answers: Fowler, Noll and Vo's test vectors */
    CU_ASSERT_EQUAL(hash_octets(HASH_START, "", 0), 0xcbf29ce484222325ull);
    CU_ASSERT_EQUAL(hash_octets(HASH_START, "a", 1), 0xaf63dc4c8601ec8cull);
    CU_ASSERT_EQUAL(hash_octets(HASH_START, "foobar", 6), 0x85944171f73967e8ull);
    CU_ASSERT_EQUAL(hash_integer(HASH_START, 0x6f66, 2), hash_octets(HASH_START, "fo", 2));
}

static void test_text(void)
{
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"plain\r", "plain\r"},
        {"\xc3\xa4", "\xc3\xa4"},
        {"\xff", "\xef\xbf\xbd"},
        {"a\x1f", "a\xef\xbf\xbd"},
    };
    g_autofree char *nul = text_of_bytes((const guint8 *)"a\0b", 3);
    g_autofree char *hex = hex_encode((const guint8 *)"\x00\xfe", 2);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            text_of_bytes((const guint8 *)cases[i].bytes, strlen(cases[i].bytes));

        CU_ASSERT_STRING_EQUAL(text, cases[i].text);
    }
    CU_ASSERT_STRING_EQUAL(nul, "a\xef\xbf\xbd"
                                "b");
    CU_ASSERT_STRING_EQUAL(hex, "00fe");
    CU_ASSERT_PTR_NULL(hex_decode("0"));
    CU_ASSERT_PTR_NULL(hex_decode("0g"));
    CU_ASSERT_PTR_NULL(hex_decode("0x00"));
}

/* A record that cannot be written leaves no half of it. */
static void test_outfile(void)
{
    g_autofree char *path = fixture_text("out", "before");
    g_autofree char *content = NULL;
    g_autoptr(GError) error = NULL;
    OutFile *file = outfile_new(path, NULL);

    CU_ASSERT_TRUE(outfile_append(file, "one\n", 4, NULL));
    CU_ASSERT_TRUE(outfile_flush(file, NULL));
    CU_ASSERT_TRUE(outfile_replace(file, 2, "CD EF", NULL));
    CU_ASSERT_TRUE(outfile_replace(file, 2, "X", NULL));
    outfile_free(file);
    g_assert(g_file_get_contents(path, &content, NULL, NULL));
    CU_ASSERT_STRING_EQUAL(content, "onX");
    file = outfile_new("/dev/full", &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_TRUE(outfile_append(file, "x", 1, &error));
    CU_ASSERT_FALSE(outfile_flush(file, &error));
    CU_ASSERT_EQUAL(error->code, MEWS_ERROR_RECORDING_FAILED);
    outfile_free(file);
}

/* What a program writes to its standard output. */
static char *output_of(const char *const *command)
{
    g_autoptr(GSubprocess) process = g_subprocess_newv(
        command, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);
    char *output = NULL;

    g_subprocess_communicate_utf8(process, NULL, NULL, &output, NULL, NULL);
    return output ? output : g_strdup("");
}

/*
 * tshark, an independent reader, finds the same packets.  Times come as a column: a field of
 * time is written differently by every release.
 */
static void test_pcapng(void)
{
    g_autoptr(Rig) rig = load_sa_rig();
    g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func((GDestroyNotify)frames_free);
    g_autofree char *path = g_build_filename(TEST_FOLDER, "out.pcapng", NULL);
    g_autofree char *tshark = g_find_program_in_path("tshark");
    Frames *frames = frames_new(rig, 0, NULL, NULL);
    FrameDirection *peer = frames_direction(frames, 0, FALSE);
    TapSymbol symbol = {.is_byte = TRUE, .kind = WIRE_CHARACTER};
    Pcapng *pcapng;
    gint64 t = 1234567890123456789;

    g_ptr_array_add(links, frames);
    pcapng = pcapng_new(path, links, NULL);
    verdict_of(frames, peer, sealed(5, NULL, 0), &t);
    verdict_of(frames, peer, sealed(5, NULL, 0), &t);
    for (int i = 0; i < 2; i++) {
        CU_ASSERT_TRUE(pcapng_frame(pcapng, frames, history_at(&frames->history, i), NULL));
    }
    for (int i = 0; i < 3; i++) { /* the third one comes after a gap */
        symbol.start_ns = i == 2 ? 100 : 10 * i;
        symbol.end_ns = symbol.start_ns + 10;
        symbol.byte = (guint8)(0xa0 + i);
        CU_ASSERT_TRUE(pcapng_byte(pcapng, 0, 0, &symbol, NULL));
    }
    CU_ASSERT_TRUE(pcapng_finish(pcapng, NULL));
    pcapng_free(pcapng);
    CU_ASSERT_PTR_NOT_NULL_FATAL(tshark);
    {
        const char *times[] = {
            tshark, "-r", path, "-t", "e", "-o", "gui.column.format:\"T\",\"%t\"", NULL};
        const char *fields[] = {tshark,
                                "-r",
                                path,
                                "-T",
                                "fields",
                                "-e",
                                "frame.interface_name",
                                "-e",
                                "frame.comment",
                                "-e",
                                "ccsds.apid",
                                "-e",
                                "frame.len",
                                NULL};
        g_autofree char *time_output = output_of(times);
        g_autofree char *field_output = output_of(fields);

        CU_ASSERT_STRING_EQUAL(time_output, "1234567890.123457209\n1234567890.123457629\n"
                                            "0.000000000\n0.000000100\n");
        CU_ASSERT_STRING_EQUAL(field_output,
                               "l a>b\taccepted spi=0x4d02 channel=1 counter=5 Heartbeat\t17\t28\n"
                               "l a>b\treplay spi=0x4d02 channel=1 counter=5\t\t51\n"
                               "l a>b raw\t\t\t2\n"
                               "l a>b raw\t\t\t1\n");
        if (CU_get_number_of_failures() > 0) {
            printf("tshark said:\n%s%s", time_output, field_output);
        }
    }
}

int main(void)
{
    static CU_TestInfo inputs[] = {
        {"a good rig file", test_rig_good},
        {"images of a rig file", test_rig_images},
        {"symbols of cores", test_rig_symbols},
        {"bad sections of rig files", test_bad_sections},
        {"bad machines of rig files", test_bad_machines},
        {"bad links of rig files", test_bad_links},
        {"limits of rig files", test_rig_limits},
        {"images", test_image},
        {"places of an image", test_image_places},
        {"symbols of an image", test_image_symbols},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo wire[] = {
        {"character formats", test_formats},
        {"characters back to back", test_back_to_back},
        {"a full ring", test_full_ring},
        {"order of symbols", test_tap_order},
        {"bytes of characters", test_tap_bytes},
        {"rings that wrap", test_tap_wraps},
        {"history", test_history},
        {"pins and pulses", test_pins},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo packets[] = {
        {"verdicts", test_verdicts},
        {"reassembly", test_reassembly},
        {"a session flight", test_session_flight},
        {"packet objects", test_frame_json},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo outputs[] = {
        {"hash", test_hash},     {"text and hex", test_text},
        {"files", test_outfile}, {"pcapng by tshark", test_pcapng},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {.pName = "inputs", .pTests = inputs},
        {.pName = "wire", .pTests = wire},
        {.pName = "packets", .pTests = packets},
        {.pName = "outputs", .pTests = outputs},
        CU_SUITE_INFO_NULL,
    };

    return fixture_main(suites);
}
