/*
 * Images; see image.h.  ELF-32: System V ABI chapter 4; Arm: ELF for the Arm
 * Architecture (IHI 0044) chapter 5; Intel HEX: emu/common/intel_hex.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image.h"
#include <gelf.h>
#include <string.h>
#include "error.h"
#include "emu/common/intel_hex.h"

/* More than the largest flash of any model, with debug information. */
#define IMAGE_SIZE_MAX (256u * 1024 * 1024)

typedef struct ImageSymbol {
    guint32 address;
    gboolean global; /* wins over a local one of the same name */
} ImageSymbol;

static gboolean refuse(const char *path, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static gboolean refuse(const char *path, GError **error, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: %s", path, text);
}

static const char *machine_name(unsigned machine)
{
    switch (machine) {
    case EM_386:
        return "Intel 80386";
    case EM_X86_64:
        return "x86-64";
    case EM_AARCH64:
        return "AArch64";
    case EM_RISCV:
        return "RISC-V";
    case EM_XTENSA:
        return "Xtensa";
    default:
        return "another machine";
    }
}

static gboolean check_header(const char *path, Elf *elf, GElf_Ehdr *header, GError **error)
{
    if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, header)) {
        return refuse(path, error, "no ELF file");
    }
    if (header->e_ident[EI_CLASS] != ELFCLASS32) {
        return refuse(path, error, "a 64-bit ELF file, 32 bits expected");
    }
    if (header->e_ident[EI_DATA] != ELFDATA2LSB) {
        return refuse(path, error, "a big-endian ELF file, little-endian expected");
    }
    if (header->e_machine != EM_ARM) {
        return refuse(path, error, "an ELF file for %s (e_machine %u), Arm expected",
                      machine_name(header->e_machine), header->e_machine);
    }
    if (header->e_type != ET_EXEC) {
        return refuse(path, error, "no executable (e_type %u): is it linked?", header->e_type);
    }
    return TRUE;
}

/* ---- what is loaded ---- */

static gboolean lies_in(const ModelMemory *memory, guint64 from, guint64 end)
{
    return from >= memory->address && end <= (guint64)memory->address + memory->size;
}

static void add_name(GString *text, const char *name, guint32 address, guint32 size)
{
    g_string_append_printf(text, "%s%s 0x%08x..0x%08x", text->len ? ", " : "", name, address,
                           address + size - 1);
}

/* "flash 0x08000000..0x0800ffff": what a segment may lie in, and what would open more. */
static char *memory_names(const ModelMemories *memories)
{
    GString *text = g_string_new(NULL);

    for (const ModelMemory *m = memories->memory; m->size; m++) {
        add_name(text, m->name, m->address, m->size);
    }
    if (memories->alias) {
        add_name(text, "flash-alias", 0, memories->memory[0].size);
    }
    if (memories->closed) {
        g_string_append_printf(text, "; 'property = %s' loads to RAM, too", memories->closed);
    }
    return g_string_free(text, FALSE);
}

/* @what, "segment 0", of @size octets (not 0) for @address. */
static gboolean add_segment(Image *image, const char *what, guint64 address, guint64 size,
                            const ModelMemories *memories, GError **error)
{
    const ModelMemory *flash = &memories->memory[0];
    g_autofree char *names = NULL;

    if (memories->alias && address + size <= flash->size) {
        address += flash->address;
    }
    for (const ModelMemory *m = memories->memory; m->size; m++) {
        if (lies_in(m, address, address + size)) {
            ImageSegment segment = {.address = (guint32)address, .size = (guint32)size};

            g_array_append_val(image->segments, segment);
            return TRUE;
        }
    }
    names = memory_names(memories);
    return refuse(image->path, error,
                  "%s at 0x%08" G_GINT64_MODIFIER "x..0x%08" G_GINT64_MODIFIER
                  "x (load address) lies outside of %s of %s (%s)",
                  what, address, address + size - 1,
                  memories->memory[1].size ? "the memories" : "flash", memories->model->name,
                  names);
}

/*
 * How much of the first @size octets of the file lies in front of the first
 * section that is loaded.  Linkers put the file's headers into the first
 * segment when they fit into its page, and these are no part of the program.
 */
static guint64 size_of_headers(Elf *elf, guint64 size)
{
    Elf_Scn *section = NULL;
    guint64 first = size;

    while ((section = elf_nextscn(elf, section))) {
        GElf_Shdr header;

        if (gelf_getshdr(section, &header) && (header.sh_flags & SHF_ALLOC) &&
            header.sh_type != SHT_NOBITS && header.sh_size != 0) {
            first = MIN(first, header.sh_offset);
        }
    }
    return first < size ? first : 0;
}

static gboolean add_segments(Image *image, Elf *elf, gsize file_size, const ModelMemories *memories,
                             GError **error)
{
    size_t count;

    if (elf_getphdrnum(elf, &count) < 0) {
        return refuse(image->path, error, "its program headers cannot be read: is it cut off?");
    }
    for (size_t i = 0; i < count; i++) {
        g_autofree char *what = g_strdup_printf("segment %zu", i);
        GElf_Phdr segment;
        guint64 skipped;

        if (!gelf_getphdr(elf, (int)i, &segment)) {
            return refuse(image->path, error, "program header %zu cannot be read: is it cut off?",
                          i);
        }
        if (segment.p_type != PT_LOAD || segment.p_filesz == 0) {
            continue;
        }
        if (segment.p_offset > file_size || segment.p_filesz > file_size - segment.p_offset) {
            return refuse(image->path, error,
                          "segment %zu ends behind the file's %zu octets: is it cut off?", i,
                          file_size);
        }
        skipped = segment.p_offset == 0 ? size_of_headers(elf, segment.p_filesz) : 0;
        if (!add_segment(image, what, segment.p_paddr + skipped, segment.p_filesz - skipped,
                         memories, error)) {
            return FALSE;
        }
    }
    return image->segments->len ? TRUE : refuse(image->path, error, "it has no loadable segment");
}

/* ---- symbols ---- */

static void add_symbol(Image *image, const char *name, const GElf_Sym *symbol)
{
    unsigned type = GELF_ST_TYPE(symbol->st_info);
    gboolean global = GELF_ST_BIND(symbol->st_info) != STB_LOCAL;
    ImageSymbol *known, *kept;

    /* mapping symbols ($t, $d) of IHI 0044 5.5.5 name no object */
    if (!name || !name[0] || name[0] == '$' || symbol->st_shndx == SHN_UNDEF || type == STT_FILE ||
        type == STT_SECTION) {
        return;
    }
    known = g_hash_table_lookup(image->symbols, name);
    if (known && (known->global || !global)) {
        return;
    }
    kept = g_new(ImageSymbol, 1);
    kept->global = global;
    /* bit 0 of a function's value says Thumb (IHI 0044 5.5.3) */
    kept->address = (guint32)symbol->st_value & (type == STT_FUNC ? ~1u : ~0u);
    g_hash_table_replace(image->symbols, g_strdup(name), kept);
}

static void read_symbols(Image *image, Elf *elf)
{
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(elf, section))) {
        GElf_Shdr header;
        Elf_Data *data;

        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB ||
            header.sh_entsize == 0) {
            continue;
        }
        data = elf_getdata(section, NULL);
        for (gsize i = 0; data && i < header.sh_size / header.sh_entsize; i++) {
            GElf_Sym symbol;

            if (gelf_getsym(data, (int)i, &symbol)) {
                add_symbol(image, elf_strptr(elf, header.sh_link, symbol.st_name), &symbol);
            }
        }
    }
}

char *image_sha256(const char *path, GError **error)
{
    g_autoptr(GMappedFile) file = NULL;

    if (g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        refuse(path, error, "no regular file");
        return NULL;
    }
    file = g_mapped_file_new(path, FALSE, error);
    if (!file) {
        return NULL;
    }
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256,
                                       (const guchar *)g_mapped_file_get_contents(file),
                                       g_mapped_file_get_length(file));
}

/* ---- files ---- */

static gboolean read_file(const char *path, char **content, gsize *size, GError **error)
{
    g_autoptr(GError) read_error = NULL;

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        return refuse(path, error, "no such file");
    }
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        return refuse(path, error, "no regular file");
    }
    if (!g_file_get_contents(path, content, size, &read_error)) {
        return refuse(path, error, "%s", read_error->message);
    }
    return *size <= IMAGE_SIZE_MAX ||
           refuse(path, error, "%zu octets are too much for an image", *size);
}

static gboolean read_elf(Image *image, char *content, gsize size, const ModelMemories *memories,
                         GError **error)
{
    GElf_Ehdr header;
    gboolean good;
    Elf *elf;

    elf_version(EV_CURRENT);
    elf = elf_memory(content, size);
    good = check_header(image->path, elf, &header, error) &&
           add_segments(image, elf, size, memories, error);
    if (good) {
        read_symbols(image, elf);
    }
    elf_end(elf);
    return good;
}

static gboolean read_intel_hex(Image *image, char *content, gsize size,
                               const ModelMemories *memories, GError **error)
{
    IntelHex hex;
    gboolean good =
        intel_hex_read(&hex, content, size) || refuse(image->path, error, "%s", hex.error);

    for (gsize i = 0; good && i < hex.count; i++) {
        g_autofree char *what = g_strdup_printf("data from line %u on", hex.blocks[i].line);

        good = add_segment(image, what, hex.blocks[i].addr, hex.blocks[i].size, memories, error);
    }
    intel_hex_clear(&hex);
    return good;
}

static gboolean is_elf(const char *content, gsize size)
{
    return size >= SELFMAG && memcmp(content, ELFMAG, SELFMAG) == 0;
}

static gboolean read_raw(Image *image, const char *content, gsize size, guint32 at,
                         const ModelMemories *memories, GError **error)
{
    if (is_elf(content, size) || intel_hex_is(content, size)) {
        return refuse(image->path, error,
                      "an %s file says itself where it belongs: image_at is for raw images",
                      is_elf(content, size) ? "ELF" : "Intel HEX");
    }
    return size ? add_segment(image, "raw image", at, size, memories, error)
                : refuse(image->path, error, "it is empty");
}

static gboolean read_image(Image *image, char *content, gsize size, const guint32 *at,
                           const ModelMemories *memories, GError **error)
{
    if (at) {
        return read_raw(image, content, size, *at, memories, error);
    }
    if (intel_hex_is(content, size)) {
        return read_intel_hex(image, content, size, memories, error);
    }
    return is_elf(content, size)
               ? read_elf(image, content, size, memories, error)
               : refuse(image->path, error,
                        "no ELF file and no Intel HEX file; a raw image needs its image_at");
}

Image *image_load(const char *path, const guint32 *at, const ModelMemories *memories,
                  GError **error)
{
    g_autoptr(Image) image = NULL;
    g_autofree char *content = NULL;
    gsize size;

    if (!read_file(path, &content, &size, error)) {
        g_prefix_error(error, "image ");
        return NULL;
    }
    image = g_new0(Image, 1);
    image->path = g_strdup(path);
    image->sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)content, size);
    image->segments = g_array_new(FALSE, FALSE, sizeof(ImageSegment));
    image->symbols = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (!read_image(image, content, size, at, memories, error)) {
        g_prefix_error(error, "image ");
        return NULL;
    }
    return g_steal_pointer(&image);
}

gboolean image_check_symbols(const char *path, GError **error)
{
    g_autofree char *content = NULL;
    GElf_Ehdr header;
    gboolean good;
    gsize size;
    Elf *elf;

    if (!read_file(path, &content, &size, error)) {
        return FALSE;
    }
    elf_version(EV_CURRENT);
    elf = elf_memory(content, size);
    good = check_header(path, elf, &header, error);
    elf_end(elf);
    return good;
}

void image_free(Image *image)
{
    g_free(image->path);
    g_free(image->sha256);
    g_array_unref(image->segments);
    g_hash_table_unref(image->symbols);
    g_free(image);
}

gboolean image_has(const Image *image, const char *symbol)
{
    g_autofree char *name = g_strndup(symbol, strcspn(symbol, "+"));

    return g_hash_table_contains(image->symbols, name);
}

gboolean image_address(const Image *image, const char *symbol, guint32 *address, GError **error)
{
    const char *plus = strchr(symbol, '+');
    g_autofree char *name = plus ? g_strndup(symbol, plus - symbol) : g_strdup(symbol);
    const ImageSymbol *known = g_hash_table_lookup(image->symbols, name);
    guint64 offset = 0;
    char *end = NULL;

    if (!known) {
        return mews_fail(error, MEWS_ERROR_NO_SUCH_SYMBOL, "no symbol '%s' in %s", name,
                         image->path);
    }
    if (plus) {
        offset = g_ascii_strtoull(plus + 1, &end, 0);
        if (!g_ascii_isdigit(plus[1]) || *end || offset > G_MAXUINT32 - known->address) {
            return mews_fail(error, MEWS_ERROR_NO_SUCH_SYMBOL,
                             "'%s' is not of the form name+offset", symbol);
        }
    }
    *address = known->address + (guint32)offset;
    return TRUE;
}
