/*
 * Register descriptions, and accesses that get their names from them.  Run from
 * the folder that has registers/.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fixtures.h"
#include <unistd.h>
#include "accesses.h"
#include "error.h"
#include "paths.h"
#include "registers.h"

#define USART2 0x40004400u

static Registers *part(void)
{
    g_autoptr(GError) error = NULL;
    Registers *registers = registers_load("registers", "stm32f100", &error);

    g_assert_no_error(error);
    return registers;
}

/* ---- descriptions ---- */

static void test_names(void)
{
    g_autoptr(Registers) r = part();
    const RegisterBlock *block = registers_block(r, "usart2");

    CU_ASSERT_PTR_NOT_NULL_FATAL(block);
    CU_ASSERT_STRING_EQUAL(block->name, "USART2");
    CU_ASSERT_EQUAL(block->base, USART2);
    CU_ASSERT_STRING_EQUAL(block->manual, "RM0041 23.6");
    CU_ASSERT_EQUAL(registers_size(block), 0x1c);
    CU_ASSERT_EQUAL(registers_find(block, "cr1")->offset, 0xc);
    CU_ASSERT_PTR_NULL(registers_find(block, "CR4"));
    CU_ASSERT_PTR_NULL(registers_block(r, "USART4"));
    CU_ASSERT_STRING_EQUAL(((const RegisterBlock *)g_ptr_array_index(registers_blocks(r), 1))->name,
                           "PWR");
}

static void hint_is(const Registers *r, const char *name, const char *expected)
{
    g_autofree char *hint = registers_hint(r, name);

    if (strcmp(hint, expected) != 0) {
        printf("\n%s: '%s' instead of '%s'", name, hint, expected);
        CU_FAIL("another hint");
    }
}

static void hint_in_is(const Registers *r, const char *block, const char *name,
                       const char *expected)
{
    g_autofree char *hint = registers_hint_in(registers_block(r, block), name);

    if (strcmp(hint, expected) != 0) {
        printf("\n%s: '%s' instead of '%s'", name, hint, expected);
        CU_FAIL("another hint");
    }
}

/* A few names that may have been meant, and how to see all. */
static void test_hints(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Registers) r = registers_load("registers", "mimxrt1176", &error);

    g_assert_no_error(error);
    hint_is(r, "NOSUCH", "; 'mews regs --list mimxrt1176' names all 98");
    hint_is(r, "", "; 'mews regs --list mimxrt1176' names all 98");
    hint_is(r, "U", "; 'mews regs --list mimxrt1176' names all 98");
    hint_is(r, "uart6", "; near it: LPUART6; 'mews regs --list mimxrt1176' names all 98");
    hint_is(
        r, "LPUART",
        "; near it: LPUART1, LPUART2, LPUART3, LPUART4; 'mews regs --list mimxrt1176' names all "
        "98");
    hint_is(r, "SEMA5", "; near it: SEMA4; 'mews regs --list mimxrt1176' names all 98");
    hint_is(r, "clock_root2",
            "; near it: CCM.CLOCK_ROOT2_CONTROL, CCM.CLOCK_ROOT2_STATUS0, "
            "CCM.CLOCK_ROOT2_STATUS1, CCM.CLOCK_ROOT2_CONFIG; "
            "'mews regs --list mimxrt1176' names all 98");
    hint_in_is(r, "MUA", "TR4", "; near it: TR0, TR1, TR2, TR3");
    hint_in_is(r, "MUA", "NOSUCH", "");
}

static void test_addresses(void)
{
    g_autoptr(Registers) r = part();
    const RegisterBlock *block;

    CU_ASSERT_STRING_EQUAL(registers_at(r, USART2 + 0xf, &block)->name, "CR1");
    CU_ASSERT_STRING_EQUAL(block->name, "USART2");
    CU_ASSERT_PTR_NULL(registers_at(r, USART2 + 0x1c, &block));
    CU_ASSERT_PTR_NULL(block);
    CU_ASSERT_PTR_NULL(registers_at(r, 0, &block));
    CU_ASSERT_STRING_EQUAL(registers_at(r, 0xe000e010, &block)->name, "CTRL");
}

static void is_at(const Registers *r, guint32 address, const char *block_name, const char *name)
{
    const RegisterBlock *block;
    const Register *entry = registers_at(r, address, &block);

    CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
    CU_ASSERT_STRING_EQUAL(block->name, block_name);
    CU_ASSERT_STRING_EQUAL(entry->name, name);
}

/* Rows of registers, their aliases, and registers of one or two octets. */
static void test_rows(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Registers) r = registers_load("registers", "mimxrt1176", &error);
    const RegisterBlock *block;

    g_assert_no_error(error);
    is_at(r, 0x40cc0000, "CCM", "CLOCK_ROOT0_CONTROL");
    is_at(r, 0x40cc0000 + 0x80 * 25 + 5, "CCM", "CLOCK_ROOT25_CONTROL_SET");
    is_at(r, 0x40cc6000 + 0x20 * 91, "CCM", "LPCG91_DIRECT");
    is_at(r, 0x4007001a, "DMA0", "CERQ");
    is_at(r, 0x40070100, "DMA0", "DCHPRI3");
    is_at(r, 0x40cc8003, "SEMA4", "GATE3");
    is_at(r, 0x40c4c023, "MUB", "SR");
    CU_ASSERT_PTR_NULL(registers_at(r, 0x40cc8042, &block)); /* behind CPINE0 */
    block = registers_block(r, "ccm");
    CU_ASSERT_TRUE(registers_find(block, "clock_root78_control_tog")->alias);
    CU_ASSERT_FALSE(registers_find(block, "clock_root78_control")->alias);
    CU_ASSERT_PTR_NULL(registers_find(block, "clock_root79_control"));
    CU_ASSERT_EQUAL(registers_find(registers_block(r, "dma1"), "cerq")->size, 1);
    CU_ASSERT_EQUAL(registers_size(registers_block(r, "sema4")), 0x106);
}

static void decodes(const char *block, const char *name, guint32 word, const char *expected)
{
    g_autoptr(Registers) r = part();
    const Register *entry = registers_find(registers_block(r, block), name);
    g_autoptr(GString) text = g_string_new(NULL);

    register_decode(entry, word, text);
    CU_ASSERT_STRING_EQUAL(text->str, expected);
}

static void test_fields(void)
{
    decodes("USART1", "CR2", 0x6043, " ADD=3 LBDIE=1 STOP=2 (2) LINEN=1");
    decodes("USART1", "CR2", 0, "");
    decodes("TIM1", "CNT", 0x1234, ""); /* a number */
    decodes("CRC", "CR", 1, " RESET=1");
    decodes("ADC1", "HTR", 0xfff, "");
    decodes("SCB", "CPUID", 0x411fc231,
            " Revision=1 PartNo=0xc23 Constant=15 Variant=1 Implementer=0x41");
}

/* Which fields a register has depends on its own value. */
static void test_conditions(void)
{
    decodes("GPIOA", "CRL", 0x0000004b,
            " MODE0=3 (output, 50 MHz) CNF0=2 (alternate push-pull) CNF1=1 (floating)");
    decodes("TIM2", "CCMR1", 0x0068, " OC1PE=1 OC1M=6 (PWM 1)");
    decodes("TIM2", "CCMR1", 0x00f5, " CC1S=1 (own input) IC1PSC=1 IC1F=15");
}

static void test_reads_that_change_something(void)
{
    g_autoptr(Registers) r = part();
    const RegisterBlock *tim = registers_block(r, "TIM2");
    const Register *ccr = registers_find(tim, "CCR2");
    const Register *ccmr = registers_find(tim, "CCMR1");

    CU_ASSERT_PTR_NOT_NULL_FATAL(ccr->read);
    CU_ASSERT_STRING_EQUAL(ccr->read_if.register_name, "CCMR1");
    CU_ASSERT_FALSE(register_condition_holds(&ccr->read_if, ccmr, 0x0001));
    CU_ASSERT_TRUE(register_condition_holds(&ccr->read_if, ccmr, 0x0100));
    CU_ASSERT_PTR_NULL(ccmr->read);
    CU_ASSERT_PTR_NOT_NULL(registers_find(registers_block(r, "USART3"), "DR")->read);
}

static void description_is_refused(const char *field, const char *read_if, const char *words)
{
    g_autofree char *text = g_strdup_printf(
        "{\"enums\": {\"e\": [\"a\"]}, \"blocks\": [], \"layouts\": [{\"name\": \"L\", \"manual\":"
        " \"M\", \"registers\": [{\"name\": \"R\", \"offset\": \"0x0\", \"reset\": \"0x0\","
        " \"read_if\": \"%s\", \"fields\": [\"%s\"]}]}]}",
        read_if, field);
    g_autofree char *path = fixture_text("broken.json", text);
    g_autoptr(GError) error = NULL;

    CU_ASSERT_PTR_NULL_FATAL(registers_load(TEST_FOLDER, "broken", &error));
    CU_ASSERT_EQUAL(error->code, MEWS_ERROR_COULD_NOT_RUN);
    CU_ASSERT_PTR_NOT_NULL(strstr(error->message, path));
    CU_ASSERT_PTR_NOT_NULL(strstr(error->message, words));
}

static void test_broken_descriptions(void)
{
    g_autoptr(GError) error = NULL;

    description_is_refused("F", "F=1", "no field: 'F'");
    description_is_refused("F 3", "F=1", "no field: 'F 3'");
    description_is_refused("F 3:2 rw e if F", "F=1", "no condition: 'F'");
    description_is_refused("F 3:2 rw e", "R.F>1", "no condition: 'R.F>1'");
    CU_ASSERT_PTR_NULL(registers_load(TEST_FOLDER, "nowhere", &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "nowhere.json"));
}

/* ---- accesses ---- */

/* Machines a and b of this part, and c of one with two cores. */
static Rig *make_rig(void)
{
    g_autoptr(GError) error = NULL;
    FixtureElf elf = fixture_elf();
    g_autofree char *file = fixture_file("registers.elf", &elf, sizeof(elf));
    g_autofree char *path =
        fixture_text("registers.rig", "[machine a]\nmodel = stm32f100c8\nimage = registers.elf\n"
                                      "[machine b]\nmodel = stm32f100rb\nimage = registers.elf\n"
                                      "[machine c]\nmodel = mimxrt1176\nimage = registers.elf\n");
    Rig *rig = rig_load(path, &error);

    g_assert_no_error(error);
    return rig;
}

static void regions_are(unsigned machine, const char *blocks, const char *expected)
{
    Rig *rig = make_rig();
    g_autoptr(GError) error = NULL;
    Accesses *accesses = accesses_new(rig, machine, blocks, TEST_FOLDER, &error);

    CU_ASSERT_PTR_NULL(error);
    CU_ASSERT_EQUAL(accesses != NULL, expected != NULL);
    if (accesses) {
        CU_ASSERT_STRING_EQUAL(accesses_regions(accesses), expected);
        accesses_free(accesses, TRUE);
    }
    rig_free(rig);
}

static void test_choice(void)
{
    regions_are(0, "usart2,dma1", "0x40004400+0x1c:0x40020000+0x90");
    regions_are(1, "usart2,dma1", "0x40004400+0x1c:0x40020000+0x90");
    regions_are(2, "usart2,crc", NULL);
    regions_are(2, "mua,lpuart6,usart2", "0x40c48000+0x28:0x40090000+0x30");
    regions_are(0, "b.USART2,crc", "0x40023000+0xc");
    regions_are(1, "b.USART2,crc", "0x40004400+0x1c:0x40023000+0xc");
    regions_are(0, "b.dbgmcu", NULL);
    regions_are(1, "b.dbgmcu", "0xe0042000+0x8");
    regions_are(0, NULL, NULL);
}

static void choice_is_refused(unsigned machine, const char *blocks, const char *words)
{
    Rig *rig = make_rig();
    g_autoptr(GError) error = NULL;

    CU_ASSERT_PTR_NULL(accesses_new(rig, machine, blocks, TEST_FOLDER, &error));
    CU_ASSERT_PTR_NOT_NULL_FATAL(error);
    CU_ASSERT_EQUAL(error->code, MEWS_ERROR_COULD_NOT_RUN);
    if (!strstr(error->message, words)) {
        printf("\n%s", error->message);
        CU_FAIL("other words");
    }
    CU_ASSERT_FALSE(g_file_test(TEST_FOLDER "/a.trace.log", G_FILE_TEST_EXISTS));
    rig_free(rig);
}

static void test_choice_is_refused(void)
{
    choice_is_refused(0, "crc,usart9", "no block 'usart9' to trace in machine c; ");
    choice_is_refused(2, "usart9", "no block 'usart9' to trace in machine c; ");
    choice_is_refused(0, "a.usart9",
                      "no block 'usart9' to trace in machine a; near it: USART1, USART2, USART3; ");
    choice_is_refused(2, "c.usart1", "no block 'usart1' to trace in machine c; near it: LPUART1; ");
    choice_is_refused(0, "d.usart1", "no machine 'd' to trace 'usart1' of");
    choice_is_refused(0, "stk", "accesses to STK cannot be traced: it is part of the core");
    choice_is_refused(0, "crc,", "no block '' to trace");
    choice_is_refused(0, "", "no block to trace is named");
}

static void emulator_writes(const Accesses *accesses, const char *text)
{
    g_assert(write(accesses_fd(accesses), text, strlen(text)) == (ssize_t)strlen(text));
}

static void log_of_machine_is(char machine, Accesses *accesses, const char *expected)
{
    g_autofree char *path = g_strdup_printf("%s/%c.trace.log", TEST_FOLDER, machine);
    g_autofree char *content = NULL;
    g_autoptr(GError) error = NULL;

    CU_ASSERT_TRUE(accesses_sync(accesses, &error));
    g_assert(g_file_get_contents(path, &content, NULL, NULL));
    CU_ASSERT_STRING_EQUAL(content, expected);
}

static void log_is(Accesses *accesses, const char *expected)
{
    log_of_machine_is('a', accesses, expected);
}

static void test_log_of_two_cores(void)
{
    Rig *rig = make_rig();
    Accesses *c = accesses_new(rig, 2, "mub,dma0", TEST_FOLDER, NULL);

    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    emulator_writes(c, "7 w 4 40c4c000 00000001 cm4 20200024 20200059\n"
                       "8 w 1 4007001b 02 cm7 30002000 30002001\n9 r 4 40c4c010 00000002 dma\n"
                       "10 r 4 40c4c024 08000000 debugger\n");
    log_of_machine_is('c', c,
                      "7 cm4 pc=20200024 lr=20200059 write4 MUB.TR0 0x00000001\n"
                      "8 cm7 pc=30002000 lr=30002001 write1 DMA0.SERQ 0x02 SERQ=2\n"
                      "9 dma                         read4 MUB.RR0 0x00000002\n"
                      "10 debugger                    read4 MUB.CR 0x08000000 RIE0=1\n");
    accesses_free(c, TRUE);
    rig_free(rig);
}

static void test_log(void)
{
    Rig *rig = make_rig();
    Accesses *a = accesses_new(rig, 0, "usart2", TEST_FOLDER, NULL);

    CU_ASSERT_PTR_NOT_NULL_FATAL(a);
    log_is(a, "");
    emulator_writes(a, "2098083 w 4 4000440c 0000201c 08000198 08001da1\n"
                       "2518503 r 1 40004404 05 dma\n9 r 2 4000");
#define FIRST                                                                                \
    "2098083 pc=08000198 lr=08001da1 write4 USART2.CR1 0x0000201c RE=1 TE=1 IDLEIE=1 UE=1\n" \
    "2518503 dma                     read1 USART2.DR 0x05\n"
    log_is(a, FIRST);
    emulator_writes(a, "440e 0080 debugger\n10 r 4 4000441c 00000000 dma\n10 e 4 4000441c 00000000 "
                       "dma\n11 w 1 4000440d 20 00000100 00000200\n");
    log_is(a, FIRST "9 debugger                read2 USART2.CR1+2 0x0080\n"
                    "10 dma                     read4 0x4000441c 0x00000000\n"
                    "10 dma                     was a bus error\n"
                    "11 pc=00000100 lr=00000200 write1 USART2.CR1+1 0x20 UE=1\n");
    accesses_free(a, FALSE);
    CU_ASSERT_TRUE(g_file_test(TEST_FOLDER "/a.trace.log", G_FILE_TEST_EXISTS));
    CU_ASSERT_PTR_NULL(accesses_new(rig, 0, NULL, TEST_FOLDER, NULL));
    CU_ASSERT_FALSE(g_file_test(TEST_FOLDER "/a.trace.log", G_FILE_TEST_EXISTS));
    rig_free(rig);
}

static void test_garbage(void)
{
    Rig *rig = make_rig();
    Accesses *a = accesses_new(rig, 0, "usart2", TEST_FOLDER, NULL);
    g_autoptr(GError) error = NULL;

    emulator_writes(a, "what?\n");
    CU_ASSERT_FALSE(accesses_sync(a, &error));
    CU_ASSERT_EQUAL(error->code, MEWS_ERROR_RECORDING_FAILED);
    accesses_free(a, TRUE);
    rig_free(rig);
}

int main(void)
{
    static CU_TestInfo descriptions[] = {
        {"names", test_names},
        {"hints", test_hints},
        {"addresses", test_addresses},
        {"rows and narrow registers", test_rows},
        {"fields", test_fields},
        {"fields that depend on others", test_conditions},
        {"reads that change something", test_reads_that_change_something},
        {"broken descriptions", test_broken_descriptions},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo accesses[] = {
        {"choice", test_choice},   {"choice that is refused", test_choice_is_refused},
        {"log", test_log},         {"log of two cores", test_log_of_two_cores},
        {"garbage", test_garbage}, CU_TEST_INFO_NULL,
    };
    CU_SuiteInfo suites[] = {
        {"descriptions", NULL, NULL, NULL, NULL, descriptions},
        {"accesses", NULL, NULL, NULL, NULL, accesses},
        CU_SUITE_INFO_NULL,
    };
    g_autofree char *folder = paths_registers();
    g_autofree char *source = g_canonicalize_filename("registers", NULL);

    /* where programs look for descriptions: beside their own folder */
    unlink(folder);
    g_assert_no_errno(symlink(source, folder));
    return fixture_main(suites);
}
