/*
 * What the link daemon reads before it starts anything: rig files, images and their symbols.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fixtures.h"
#include "error.h"
#include "image.h"
#include "rig.h"

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

static void test_rig_cycles(void)
{
    g_autofree char *path =
        fixture_text("good.rig", MACHINE "cycles_per_instruction = 1.7\n"
                                         "[machine b]\nmodel = mimxrt1176\nimage = b.elf\n");
    g_autoptr(Rig) rig = rig_load(path, NULL);
    g_autofree char *slow = NULL, *other = NULL, *usual = NULL;

    CU_ASSERT_PTR_NOT_NULL_FATAL(rig);
    slow = model_icount(rig_machine(rig, 0)->model, rig_machine(rig, 0)->cycles_percent);
    other = model_icount(rig_machine(rig, 1)->model, rig_machine(rig, 1)->cycles_percent);
    usual = model_icount(rig_machine(rig, 0)->model, 100);
    CU_ASSERT_STRING_EQUAL(slow, "rate=425/6,sleep=off");
    CU_ASSERT_STRING_EQUAL(other, "rate=250/249,slice=1000,sleep=off");
    CU_ASSERT_STRING_EQUAL(usual, "rate=125/3,sleep=off");
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
        {MACHINE "cycles_per_instruction = 0.9\n",
         "4: cycles_per_instruction is a number from 1 to 4 with two decimals at most, as 1.7, not "
         "'0.9'"},
        {MACHINE "cycles_per_instruction = 4.01\n", "4: cycles_per_instruction is a number"},
        {MACHINE "cycles_per_instruction = 1.234\n", "4: cycles_per_instruction is a number"},
        {PAIR "cycles_per_instruction = 2\n",
         "7: machine b (mimxrt1176) has several cores, no cycles_per_instruction"},
        {MACHINE "symbols = x.elf\n", "4: symbols is CORE FILE, not 'x.elf'"},
        {MACHINE "symbols = cm4 x.elf\n", "4: a stm32f100c8 has no core 'cm4', it has cm3"},
        {"[machine b]\nsymbols = cm4 x.elf\nsymbols = cm0 x.elf\nimage = b.elf\n"
         "model = mimxrt1176\n",
         "3: a mimxrt1176 has no core 'cm0', it has cm7, cm4"},
        {MACHINE "flash_file = f\nflash_file = g\n", "5: key 'flash_file' a second time"},
        {MACHINE "flash_file = f\n[machine b]\nmodel = stm32f100c8\nflash_file = ./f\n",
         "7: this is the flash file of machine a (line 4) already"},
        {MACHINE "option_file = f\nflash_file = ./f\n",
         "5: this is the option file of machine a (line 4) already"},
        {MACHINE "image = a.bin\nimage_at = 0x08000000\nflash_file = ./a.bin\n",
         "6: this is an image of machine a (line 4): a run would overwrite it"},
        {MACHINE "option_file = f.new\nflash_file = ./f\n",
         "5: this and the option file of machine a (line 4) differ by the '.new' that is"},
        {MACHINE "flash_file = f\n[machine b]\nmodel = stm32f100c8\nflash_file = f.new\n",
         "7: this and the flash file of machine a (line 4) differ by the '.new' that is"},
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
        {PAIR "property = imu-pcs=1\n",
         "7: property 'imu-pcs' is of an imu, and machine b has no key 'imu'"},
        {MACHINE "property = vector-table=0x08001000\n",
         "4: property 'vector-table' is what the key 'vector_table' sets"},
        {PAIR "imu = lpspi1\nproperty = imu-pcs=1\nproperty = imu-samples=x\n",
         "9: property 'imu-samples' is what the key 'imu' sets"},
        {MACHINE "property = =1\n", "4: property is NAME=VALUE"},
        {MACHINE "property = x=1\nproperty = xy=1\nproperty = x=1\n",
         "6: property 'x' a second time (line 4)"},
        {MACHINE "symbols = cm3 x.elf\nsymbols = cm3 y.elf\n",
         "5: symbols of cm3 a second time (line 4)"},
        /* each section has its own keys, also the one with the most */
        {MACHINE "link = l\n",
         "4: no key 'link' in [machine]; keys: model, image, image_at, symbols, vector_table, "
         "flash_file, option_file, cycles_per_instruction, imu, console, property"},
        {MACHINE "# caf\xe9\n", "4: octet 0xe9 is no UTF-8 text"},
        {MACHINE "property = sram_size=16384\n", "4: the name of a property has '-', not '_'"},
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

/* What editors and shells make of a file. */
static void test_rig_forms(void)
{
    static const char *const good[] = {
        "\xef\xbb\xbf" MACHINE,
        "[machine a]\r\nmodel = stm32f100c8\r\nimage = a.elf",
        "[machine\ta]\n\tmodel\t=\tstm32f100c8\nimage=a.elf\n\n#",
    };
    g_autoptr(GError) error = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autofree char *path = fixture_text("form.rig", good[i]);
        g_autoptr(Rig) rig = rig_load(path, NULL);

        CU_ASSERT_PTR_NOT_NULL_FATAL(rig);
        CU_ASSERT_STRING_EQUAL(rig_image(rig_machine(rig, 0), 0)->path, TEST_FOLDER "/a.elf");
    }
    CU_ASSERT_PTR_NULL(rig_load("/dev/zero", &error));
    CU_ASSERT_STRING_EQUAL(error->message, "rig file /dev/zero: no regular file");
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
    CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "bad.rig:2: octet 0xff is no UTF-8 text"));
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

int main(void)
{
    static CU_TestInfo rigs[] = {
        {"a good rig file", test_rig_good},
        {"images of a rig file", test_rig_images},
        {"cycles of cores", test_rig_cycles},
        {"symbols of cores", test_rig_symbols},
        {"bad sections of rig files", test_bad_sections},
        {"bad machines of rig files", test_bad_machines},
        {"bad links of rig files", test_bad_links},
        {"forms of rig files", test_rig_forms},
        {"limits of rig files", test_rig_limits},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo images[] = {
        {"images", test_image},
        {"places of an image", test_image_places},
        {"symbols of an image", test_image_symbols},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {.pName = "rig files", .pTests = rigs},
        {.pName = "images", .pTests = images},
        CU_SUITE_INFO_NULL,
    };

    return fixture_main(suites);
}
