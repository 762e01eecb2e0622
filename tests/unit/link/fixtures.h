/*
 * What both test programs need: a folder of their own, small ELF images and
 * rig files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_TESTS_LINK_FIXTURES_H
#define MEWS_TESTS_LINK_FIXTURES_H

#include <CUnit/Basic.h>
#include <elf.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

/* A file of this name in the tests' folder, with this content; returns its path. */
static inline char *fixture_file(const char *name, gconstpointer content, gsize size)
{
    char *path = g_build_filename(TEST_FOLDER, name, NULL);

    g_mkdir_with_parents(TEST_FOLDER, 0777);
    g_assert(g_file_set_contents(path, content, (gssize)size, NULL));
    return path;
}

static inline char *fixture_text(const char *name, const char *text)
{
    return fixture_file(name, text, strlen(text));
}

typedef struct FixtureElf {
    Elf32_Ehdr header;
    Elf32_Phdr segment;
    guint8 content[64];
    char strings[16];
    Elf32_Sym symbol[2];
    Elf32_Shdr section[3];
} FixtureElf;

/* An executable for Arm with one segment in flash and one function "main". */
static inline FixtureElf fixture_elf(void)
{
    FixtureElf elf = {
        .header = {.e_type = ET_EXEC,
                   .e_machine = EM_ARM,
                   .e_version = EV_CURRENT,
                   .e_entry = 0x08000009,
                   .e_phoff = offsetof(FixtureElf, segment),
                   .e_shoff = offsetof(FixtureElf, section),
                   .e_ehsize = sizeof(Elf32_Ehdr),
                   .e_phentsize = sizeof(Elf32_Phdr),
                   .e_phnum = 1,
                   .e_shentsize = sizeof(Elf32_Shdr),
                   .e_shnum = 3},
        .segment = {.p_type = PT_LOAD,
                    .p_offset = offsetof(FixtureElf, content),
                    .p_vaddr = 0x08000000,
                    .p_paddr = 0x08000000,
                    .p_filesz = 64,
                    .p_memsz = 64},
        .strings = "\0main",
        .symbol = {{0},
                   {.st_name = 1,
                    .st_value = 0x08000009,
                    .st_size = 8,
                    .st_info = ELF32_ST_INFO(STB_GLOBAL, STT_FUNC),
                    .st_shndx = 1}},
        .section = {{0},
                    {.sh_type = SHT_SYMTAB,
                     .sh_offset = offsetof(FixtureElf, symbol),
                     .sh_size = sizeof(elf.symbol),
                     .sh_link = 2,
                     .sh_entsize = sizeof(Elf32_Sym)},
                    {.sh_type = SHT_STRTAB,
                     .sh_offset = offsetof(FixtureElf, strings),
                     .sh_size = sizeof(elf.strings)}},
    };

    memcpy(elf.header.e_ident, ELFMAG, SELFMAG);
    elf.header.e_ident[EI_CLASS] = ELFCLASS32;
    elf.header.e_ident[EI_DATA] = ELFDATA2LSB;
    elf.header.e_ident[EI_VERSION] = EV_CURRENT;
    return elf;
}

/* Run the suites; returns the program's exit code. */
static inline int fixture_main(CU_SuiteInfo *suites)
{
    unsigned failures;

    if (CU_initialize_registry() || CU_register_suites(suites)) {
        return 2;
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    failures = CU_get_number_of_tests_failed();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}

#endif
