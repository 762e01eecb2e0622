/*
 * What a machine is started with: several images, raw ones, where they may
 * lie, flash files, the vector table, symbols of several images, and the
 * properties that leave the part behind.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fixtures.h"
#include "error.h"
#include "load.h"

#define MACHINE "[machine a]\nmodel = stm32f100c8\n"
#define FLASH   0x08000000u

static char *elf_at(const char *name, guint32 address)
{
    FixtureElf elf = fixture_elf();

    elf.segment.p_vaddr = elf.segment.p_paddr = address;
    return fixture_file(name, &elf, sizeof(elf));
}

static void make_files(void)
{
    static const guint8 raw[0x1000] = {0x55};

    g_free(elf_at("boot.elf", FLASH));
    g_free(elf_at("app.elf", FLASH + 0x1000));
    g_free(fixture_file("app.bin", raw, sizeof(raw)));
    g_free(fixture_file("empty.bin", raw, 0));
    g_free(fixture_file("short.flash", raw, sizeof(raw)));
}

/* What @text loads, its only machine; NULL and *said when that is refused. */
static Load *load_of(Rig **rig, const char *text, const char *recorded, char **said)
{
    g_autofree char *all = g_strconcat(MACHINE, text, NULL);
    g_autofree char *path = fixture_text("load.rig", all);
    g_autoptr(GError) error = NULL;
    Load *load = NULL;

    *rig = rig_load(path, &error);
    if (*rig) {
        load = load_new(rig_machine(*rig, 0), recorded, &error);
    }
    *said = error ? g_strdup(error->message) : NULL;
    return load;
}

/* @words: what the refusal says, NULL: there is none. */
static void loads(const char *text, const char *words)
{
    g_autofree char *said = NULL;
    g_autoptr(Rig) rig = NULL;
    g_autoptr(Load) load = load_of(&rig, text, NULL, &said);

    if (words ? !said || !strstr(said, words) : !load) {
        printf("\n%s'%s' instead of '%s'", text, said ? said : "(accepted)",
               words ? words : "(accepted)");
        CU_FAIL("loads otherwise");
    }
}

static void test_images(void)
{
    make_files();
    loads("image = boot.elf\nimage = app.elf\n", NULL);
    loads("image = app.bin\nimage_at = 0x08001000\nimage = boot.elf\n", NULL);
    loads("image = app.bin\nimage_at = 0x0800f000\n", NULL);
    loads("image = app.bin\nimage_at = 0x0800f001\n",
          "load.rig:3: machine a: image " TEST_FOLDER
          "/app.bin: raw image at 0x0800f001..0x08010000 (load address) lies outside of flash of "
          "stm32f100c8 (flash 0x08000000..0x0800ffff)");
    loads("image = app.bin\nimage_at = 0xffffffff\n", "lies outside of flash");
    loads("image = app.bin\n",
          "app.bin: no ELF file and no Intel HEX file; a raw image needs its image_at");
    loads("image = app.elf\nimage_at = 0x08001000\n",
          "app.elf: an ELF file says itself where it belongs: image_at is for raw images");
    loads("image = empty.bin\nimage_at = 0x08001000\n", "empty.bin: it is empty");
    loads("image = boot.elf\nimage = gone.bin\nimage_at = 0x08001000\n",
          "load.rig:4: machine a: image " TEST_FOLDER "/gone.bin: no such file");
}

static void test_overlap(void)
{
    make_files();
    loads("image = boot.elf\nimage = app.bin\nimage_at = 0x08000040\n", NULL);
    loads("image = boot.elf\nimage = app.bin\nimage_at = 0x0800003f\n",
          "load.rig:4: machine a: image " TEST_FOLDER "/app.bin: 0x0800003f..0x0800103e overlaps "
          "0x08000000..0x0800003f of image ");
    loads("image = app.bin\nimage_at = 0x08000000\nimage = app.elf\n", NULL);
    loads("image = app.bin\nimage_at = 0x08000001\nimage = app.elf\n",
          "app.elf: 0x08001000..0x0800103f overlaps 0x08000001..0x08001000 of image ");
}

/* Linkers lay the file's own headers in front of the program when they fit into its page. */
static void test_headers_in_segment(void)
{
    FixtureElf elf = fixture_elf();
    g_autofree char *said = NULL;
    g_autoptr(Rig) rig = NULL;
    g_autoptr(Load) load = NULL;
    const ImageSegment *segment;

    elf.segment.p_offset = 0;
    elf.segment.p_filesz = offsetof(FixtureElf, symbol);
    elf.section[2].sh_flags = SHF_ALLOC;
    g_free(fixture_file("headers.elf", &elf, sizeof(elf)));
    load = load_of(&rig, "image = headers.elf\n", NULL, &said);
    CU_ASSERT_PTR_NOT_NULL_FATAL(load);
    segment =
        &g_array_index(((Image *)g_ptr_array_index(load->images, 0))->segments, ImageSegment, 0);
    CU_ASSERT_EQUAL(segment->address, FLASH + offsetof(FixtureElf, strings));
    CU_ASSERT_EQUAL(segment->size, sizeof(elf.strings));
}

static void test_vector_table(void)
{
    make_files();
    loads("image = app.elf\nvector_table = 0x08001000\n", NULL);
    loads("image = app.elf\nvector_table = 0x08001080\n",
          "load.rig:4: machine a: vector_table 0x08001080 is no multiple of 0x200 in flash "
          "0x08000000..0x0800ffff");
    loads("image = app.elf\nvector_table = 0x08010000\n", "is no multiple of 0x200 in flash");
    loads("image = app.elf\nvector_table = 0\n", "is no multiple of 0x200 in flash");
}

static void test_flash_file(void)
{
    static guint8 whole[64 * 1024];
    g_autofree char *said = NULL;
    g_autoptr(Rig) rig = NULL;
    g_autoptr(Load) load = NULL;

    make_files();
    g_free(fixture_file("whole.flash", whole, sizeof(whole)));
    loads("flash_file = whole.flash\n", NULL);
    loads("flash_file = short.flash\n", "load.rig:3: machine a: flash file " TEST_FOLDER
                                        "/short.flash: 4096 octets, flash of a stm32f100c8: 65536");
    loads("flash_file = gone.flash\n", "machine a: it has no image, and its flash file ");
    loads("image = boot.elf\nflash_file = gone.flash\n", NULL);
    loads("image = boot.elf\nflash_file = .\n", "no regular file");
    loads("image = boot.elf\nflash_file = no-folder/a.flash\n",
          "load.rig:4: machine a: flash file " TEST_FOLDER
          "/no-folder/a.flash cannot be written: ");
    loads("image = boot.elf\nflash_file = boot.elf/a.flash\n", "Not a directory");
    CU_ASSERT_FALSE(g_file_test(TEST_FOLDER "/gone.flash.new", G_FILE_TEST_EXISTS));
    loads("flash_file = whole.flash\nproperty = flash-size=131072\n", ": 131072");
    g_free(fixture_file("a.flash", whole, sizeof(whole)));
    load = load_of(&rig, "image = boot.elf\nflash_file = gone.flash\n", TEST_FOLDER, &said);
    CU_ASSERT_PTR_NOT_NULL_FATAL(load);
    CU_ASSERT_EQUAL(g_bytes_get_size(load->kept[KEPT_FLASH].content), sizeof(whole));
    CU_ASSERT_EQUAL(strlen(load->kept[KEPT_FLASH].sha256), 64);
}

static void test_option_file(void)
{
    guint8 bytes[17] = {0xa5, 0x5a, 0xff, 0x00, 0x12, 0xed, 0xff, 0xff,
                        0xff, 0x00, 0xfe, 0x01, 0xff, 0x00, 0x7f, 0x80};
    static const char text[] = "image = boot.elf\noption_file = some.options\n";
    g_autofree char *said = NULL;
    g_autoptr(Rig) rig = NULL;
    g_autoptr(Load) load = NULL;

    make_files();
    loads("option_file = gone.options\n", "machine a has no 'image'");
    loads("image = boot.elf\noption_file = gone.options\n", NULL);
    loads("image = boot.elf\noption_file = .\n", "option file " TEST_FOLDER "/.: no regular file");
    g_free(fixture_file("some.options", bytes, 16));
    loads(text, NULL);
    g_free(fixture_file("some.options", bytes, 15));
    loads(text, "some.options: 15 octets, option bytes of a stm32f100c8: 16");
    g_free(fixture_file("some.options", bytes, 17));
    loads(text, "some.options: 17 octets, option bytes of a stm32f100c8: 16");
    bytes[5] = 0xec;
    g_free(fixture_file("some.options", bytes, 16));
    loads(text, "some.options: Data0, octet 4, is 0x12, and behind it is 0xec instead of its "
                "complement 0xed");
    bytes[5] = bytes[4] = 0xff;
    bytes[15] = 0x7f;
    g_free(fixture_file("some.options", bytes, 16));
    loads(text, "some.options: WRP3, octet 14, is 0x7f, and behind it is 0x7f instead of its "
                "complement 0x80");
    bytes[15] = 0x80;
    g_free(fixture_file("a.options", bytes, 16));
    load = load_of(&rig, text, TEST_FOLDER, &said);
    CU_ASSERT_PTR_NOT_NULL_FATAL(load);
    CU_ASSERT_EQUAL(memcmp(g_bytes_get_data(load->kept[KEPT_OPTIONS].content, NULL), bytes, 16), 0);
}

/* Records: the addresses that follow are in flash; four octets at its beginning; the end. */
#define HEX_LINEAR ":020000040800F2\n"
#define HEX_DATA   ":0400000000100020CC\n"
#define HEX_END    ":00000001FF\n"

static void hex_loads(const char *content, const char *words)
{
    g_free(fixture_text("app.hex", content));
    loads("image = app.hex\n", words);
}

static void test_intel_hex(void)
{
    g_autofree char *said = NULL;
    g_autoptr(Rig) rig = NULL;
    g_autoptr(Load) load = NULL;
    const ImageSegment *segment;
    const Image *image;

    make_files();
    /* two records in a row, one beside them, lower case, CR LF, an empty line, a start address */
    hex_loads(HEX_LINEAR ":0400000000100020CC\r\n:0400040009000008e7\r\n\r\n"
                         ":0201000055AAFE\r\n:0400000508000009E6\r\n" HEX_END,
              NULL);
    load = load_of(&rig, "image = app.hex\n", NULL, &said);
    CU_ASSERT_PTR_NOT_NULL_FATAL(load);
    image = g_ptr_array_index(load->images, 0);
    CU_ASSERT_EQUAL_FATAL(image->segments->len, 2);
    segment = &g_array_index(image->segments, ImageSegment, 0);
    CU_ASSERT_EQUAL(segment->address, FLASH);
    CU_ASSERT_EQUAL(segment->size, 8);
    segment = &g_array_index(image->segments, ImageSegment, 1);
    CU_ASSERT_EQUAL(segment->address, FLASH + 0x100);
    CU_ASSERT_EQUAL(segment->size, 2);
}

/* Specification of the format, revision A: records, checksums, addresses. */
static void test_bad_intel_hex(void)
{
    make_files();
    hex_loads(HEX_LINEAR HEX_DATA, "load.rig:3: machine a: image " TEST_FOLDER
                                   "/app.hex: no end-of-file record behind line 2: is it cut off?");
    hex_loads(HEX_LINEAR HEX_END, "app.hex: no record has data");
    hex_loads(HEX_LINEAR HEX_DATA HEX_END HEX_DATA,
              "line 4: there is more behind the end-of-file record");
    hex_loads(HEX_LINEAR ":0400000000100020CD\n" HEX_END,
              "line 2: checksum 0xcd, the record gives 0xcc");
    hex_loads(HEX_LINEAR ":04000000001000\n" HEX_END,
              "line 2: the record is not as long as it says: is it cut off?");
    hex_loads(HEX_LINEAR ":0400000000100020CC0\n" HEX_END, "line 2: the record is not as long");
    hex_loads(HEX_LINEAR ":04000000001O0020CC\n" HEX_END, "line 2: no hex digit in column 13");
    hex_loads(HEX_LINEAR "S1130000\n" HEX_END, "line 2: no record, it does not begin with a colon");
    hex_loads(HEX_LINEAR ":00000006FA\n" HEX_END, "line 2: there is no record type 06");
    hex_loads(":0100000408F3\n" HEX_DATA HEX_END,
              "line 1: a record of type 04 has 2 octets of data, not 1");
    hex_loads(HEX_LINEAR HEX_DATA ":02000200AAAAA8\n" HEX_END,
              "the data from line 2 on and that from line 3 on overlap at 0x08000002");
    hex_loads(":020000021000EC\n:02FFFF00AAAAAC\n" HEX_END,
              "line 2: data behind the end of its segment of 64 KiB");
    hex_loads(":02000004FFFFFC\n:02FFFF00AAAAAC\n" HEX_END, "line 2: data behind 0xffffffff");
    /* a segment of 16 octets, 0x1000 of them: 0x10000, where nothing is */
    hex_loads(
        ":020000021000EC\n" HEX_DATA HEX_END,
        "app.hex: data from line 2 on at 0x00010000..0x00010003 (load address) lies outside of "
        "flash");
    hex_loads(HEX_LINEAR HEX_DATA HEX_END, NULL);
    loads("image = app.hex\nimage_at = 0x08001000\n",
          "app.hex: an Intel HEX file says itself where it belongs: image_at is for raw images");
    loads("image = boot.elf\nimage = app.hex\n",
          "app.hex: 0x08000000..0x08000003 overlaps 0x08000000..0x0800003f of image ");
}

/* What only a debugger opens is looked for, too; a replay needs none. */
static void test_symbol_files(void)
{
    g_autofree char *said = NULL;
    g_autoptr(Rig) rig = NULL;
    g_autoptr(Load) load = NULL;

    make_files();
    loads("image = boot.elf\nsymbols = cm3 app.elf\n", NULL);
    loads("image = boot.elf\nsymbols = cm3 gone.elf\n",
          "load.rig:4: machine a: symbols of cm3: " TEST_FOLDER "/gone.elf: no such file");
    loads("image = boot.elf\nsymbols = cm3 app.bin\n",
          "load.rig:4: machine a: symbols of cm3: " TEST_FOLDER "/app.bin: no ELF file");
    loads("image = boot.elf\nsymbols = cm3 .\n", "no regular file");
    load =
        load_of(&rig, "image = boot.elf\nsymbols = cm3 gone.elf\n", TEST_FOLDER "/no.flash", &said);
    CU_ASSERT_PTR_NOT_NULL(load);
}

static void test_symbols(void)
{
    g_autofree char *said = NULL;
    g_autoptr(Rig) rig = NULL;
    g_autoptr(Load) load = NULL;
    g_autoptr(GError) error = NULL;
    guint32 address = 0;

    make_files();
    load = load_of(&rig, "image = boot.elf\nimage = app.elf\n", NULL, &said);
    CU_ASSERT_PTR_NOT_NULL_FATAL(load);
    CU_ASSERT_FALSE(load_address(load, "main", &address, &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "say which by image:name"));
    CU_ASSERT_TRUE(load_address(load, "app:main+4", &address, NULL));
    CU_ASSERT_EQUAL(address, 0x0800000c);
    g_clear_error(&error);
    CU_ASSERT_FALSE(load_address(load, "ap:main", &address, &error));
    CU_ASSERT_EQUAL(error->code, MEWS_ERROR_NO_SUCH_SYMBOL);
    g_clear_error(&error);
    CU_ASSERT_FALSE(load_address(load, "mai", &address, &error));
    CU_ASSERT_EQUAL(error->code, MEWS_ERROR_NO_SUCH_SYMBOL);
}

/* docs/compatibility.md */
static void test_larger_flash_and_alias(void)
{
    make_files();
    g_free(elf_at("zero.elf", 0));
    loads("image = zero.elf\n", "lies outside of flash");
    loads("image = zero.elf\nproperty = flash-alias=off\n", "lies outside of flash");
    loads("image = zero.elf\nproperty = flash-alias=on\n", NULL);
    loads("image = zero.elf\nimage = boot.elf\nproperty = flash-alias=on\n",
          "boot.elf: 0x08000000..0x0800003f overlaps 0x08000000..0x0800003f of image ");
    loads("image = app.bin\nimage_at = 0x0800f001\nproperty = flash-size=131072\n", NULL);
    loads("image = app.bin\nimage_at = 0x0000f001\nproperty = flash-alias=on\n",
          "flash-alias 0x00000000..0x0000ffff)");
}

static void licences_are(const char *text, const char *expected)
{
    g_autofree char *said = NULL, *found = NULL;
    g_autoptr(GPtrArray) used = NULL;
    g_autoptr(Rig) rig = NULL;
    g_autoptr(Load) load = load_of(&rig, text, NULL, &said);

    CU_ASSERT_PTR_NOT_NULL_FATAL(load);
    used = model_licences(rig_machine(rig, 0)->model, rig_machine(rig, 0)->properties);
    g_ptr_array_add(used, NULL);
    found = g_strjoinv(" ", (char **)used->pdata);
    CU_ASSERT_STRING_EQUAL(found, expected);
}

static void test_licences(void)
{
    make_files();
    licences_are("image = boot.elf\n", "");
    licences_are("image = boot.elf\nproperty = sram-size=8192\nproperty = mpu-regions=0\n"
                 "property = flash-alias=off\nproperty = sram-poison=0x12345678\n"
                 "property = flash-size=0x10000\nproperty = hse-hz=8000000\n",
                 "");
    licences_are("image = boot.elf\nproperty = sram-size=0x4000\nproperty = mpu-regions=8\n"
                 "property = flash-alias=on\nproperty = sram-poison=0\n"
                 "property = flash-size=131072\n",
                 "flash-size=131072 flash-alias=on sram-size=0x4000 sram-poison=0 mpu-regions=8");
}

int main(void)
{
    static CU_TestInfo tests[] = {
        {"images", test_images},
        {"images that overlap", test_overlap},
        {"headers in a segment", test_headers_in_segment},
        {"vector table", test_vector_table},
        {"flash file", test_flash_file},
        {"option file", test_option_file},
        {"Intel HEX", test_intel_hex},
        {"damaged Intel HEX", test_bad_intel_hex},
        {"files with symbols", test_symbol_files},
        {"symbols of several images", test_symbols},
        {"larger flash, flash at 0", test_larger_flash_and_alias},
        {"properties that leave the part behind", test_licences},
        CU_TEST_INFO_NULL,
    };
    CU_SuiteInfo suites[] = {
        {"load", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };

    return fixture_main(suites);
}
