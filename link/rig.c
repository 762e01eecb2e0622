/*
 * Rig files; see rig.h and docs/rig-files.md.
 *
 * A table of sections and keys drives the parser.  What refers to something
 * else is resolved after the last line (rig_resolve.c).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rig.h"
#include <string.h>
#include "error.h"
#include "hex.h"
#include "rig_internal.h"
#include "emu/wire/wire_abi.h"

#define RIG_FILE_SIZE_MAX  (1024 * 1024)
#define BYTE_ORDER_MARK    "\xef\xbb\xbf" /* which some editors put in front */
#define QUANTUM_US_DEFAULT 1000
#define QUANTUM_US_MIN     10
#define QUANTUM_US_MAX     1000000

typedef struct Parser {
    Rig *rig;
    unsigned line;
    const struct Section *section;
    void *subject;    /* RigMachine, RigLink, RigSa, or the Rig itself */
    GHashTable *seen; /* keys of this section that may not come again */
    gboolean has_rig, has_name;
} Parser;

typedef struct Key {
    const char *name;
    gboolean repeatable;
    gboolean (*set)(Parser *p, const char *value, GError **error);
} Key;

#define KEYS_MAX 11 /* of a section */

typedef struct Section {
    const char *kind;
    gboolean named;
    gboolean (*begin)(Parser *p, const char *name, GError **error);
    Key key[KEYS_MAX + 1]; /* ends at name NULL */
} Section;

gboolean rig_fail_at(const Rig *rig, unsigned line, GError **error, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s:%u: %s", rig->path, line, text);
}

/* [a-z0-9_-]+, short enough for the shared memory. */
static gboolean is_name(const char *text)
{
    return text[0] && strlen(text) < WIRE_NAME_SIZE &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(text);
}

/* ---- [rig] ---- */

static gboolean begin_rig(Parser *p, const char *name, GError **error)
{
    (void)name;
    if (p->has_rig) {
        return rig_fail_at(p->rig, p->line, error, "a second [rig] section");
    }
    p->has_rig = TRUE;
    p->subject = p->rig;
    return TRUE;
}

static gboolean set_rig_name(Parser *p, const char *value, GError **error)
{
    if (!is_name(value)) {
        return rig_fail_at(p->rig, p->line, error, "name '%s' is not of the form [a-z0-9_-]+",
                           value);
    }
    g_free(p->rig->name);
    p->rig->name = g_strdup(value);
    p->has_name = TRUE;
    return TRUE;
}

static gboolean set_quantum(Parser *p, const char *value, GError **error)
{
    guint64 us;

    if (!g_ascii_string_to_unsigned(value, 10, QUANTUM_US_MIN, QUANTUM_US_MAX, &us, NULL)) {
        return rig_fail_at(p->rig, p->line, error, "quantum_us is a number from %d to %d, not '%s'",
                           QUANTUM_US_MIN, QUANTUM_US_MAX, value);
    }
    p->rig->quantum_ns = (gint64)us * 1000;
    return TRUE;
}

/* ---- [machine NAME] ---- */

static void free_symbols(gpointer data)
{
    RigSymbols *symbols = data;

    g_free(symbols->core);
    g_free(symbols->path);
    g_free(symbols);
}

static void free_image(gpointer data)
{
    RigImage *image = data;

    g_free(image->path);
    g_free(image);
}

static gboolean begin_machine(Parser *p, const char *name, GError **error)
{
    RigMachine *machine;

    if (rig_find_machine(p->rig, name) >= 0) {
        return rig_fail_at(p->rig, p->line, error, "machine '%s' is there already", name);
    }
    if (p->rig->machines->len == WIRE_MACHINES_MAX) {
        return rig_fail_at(p->rig, p->line, error, "more than %d machines", WIRE_MACHINES_MAX);
    }
    machine = g_new0(RigMachine, 1);
    machine->name = g_strdup(name);
    machine->rig_path = p->rig->path;
    machine->line = p->line;
    machine->cycles_percent = 100;
    machine->images = g_ptr_array_new_with_free_func(free_image);
    machine->symbols = g_ptr_array_new_with_free_func(free_symbols);
    machine->consoles = g_ptr_array_new_with_free_func(g_free);
    machine->properties = g_ptr_array_new_with_free_func(g_free);
    machine->property_lines = g_array_new(FALSE, FALSE, sizeof(unsigned));
    g_ptr_array_add(p->rig->machines, machine);
    p->subject = machine;
    return TRUE;
}

static gboolean set_model(Parser *p, const char *value, GError **error)
{
    RigMachine *machine = p->subject;

    machine->model = model_find(value);
    if (!machine->model) {
        g_autofree char *known = model_names();

        return rig_fail_at(p->rig, p->line, error, "no model '%s'; models: %s", value, known);
    }
    return TRUE;
}

static char *path_of(const Parser *p, const char *value)
{
    return g_path_is_absolute(value) ? g_strdup(value)
                                     : g_build_filename(p->rig->folder, value, NULL);
}

static gboolean set_image(Parser *p, const char *value, GError **error)
{
    RigMachine *machine = p->subject;
    RigImage *image = g_new0(RigImage, 1);

    (void)error;
    image->path = path_of(p, value);
    image->line = p->line;
    g_ptr_array_add(machine->images, image);
    return TRUE;
}

static gboolean read_u32(const Parser *p, const char *key, const char *value, guint32 *number,
                         GError **error)
{
    gboolean hex = g_str_has_prefix(value, "0x");
    guint64 read;

    if (!g_ascii_string_to_unsigned(hex ? value + 2 : value, hex ? 16 : 10, 0, G_MAXUINT32, &read,
                                    NULL)) {
        return rig_fail_at(p->rig, p->line, error, "%s is an address as 0x08001000, not '%s'", key,
                           value);
    }
    *number = (guint32)read;
    return TRUE;
}

static gboolean set_image_at(Parser *p, const char *value, GError **error)
{
    RigMachine *machine = p->subject;
    RigImage *image;

    if (machine->images->len == 0) {
        return rig_fail_at(p->rig, p->line, error, "image_at comes behind the image it is for");
    }
    image = rig_image(machine, machine->images->len - 1);
    if (image->raw) {
        return rig_fail_at(p->rig, p->line, error,
                           "image_at a second time for the image of line %u", image->line);
    }
    image->raw = TRUE;
    return read_u32(p, "image_at", value, &image->at, error);
}

static gboolean set_vector_table(Parser *p, const char *value, GError **error)
{
    RigMachine *machine = p->subject;

    machine->has_vector_table = TRUE;
    machine->vector_table_line = p->line;
    return read_u32(p, "vector_table", value, &machine->vector_table, error);
}

static gboolean set_cycles(Parser *p, const char *value, GError **error)
{
    RigMachine *machine = p->subject;
    double cycles = g_ascii_strtod(value, NULL);

    if (!g_regex_match_simple("^[1-4](\\.[0-9]{1,2})?$", value, 0, 0) || cycles > 4) {
        return rig_fail_at(p->rig, p->line, error,
                           "cycles_per_instruction is a number from 1 to 4 with two decimals at "
                           "most, as 1.7, not '%s'",
                           value);
    }
    machine->cycles_percent = (unsigned)(cycles * 100 + 0.5);
    machine->cycles_line = p->line;
    return TRUE;
}

/* "CORE PATH" */
static gboolean set_symbols(Parser *p, const char *value, GError **error)
{
    RigMachine *machine = p->subject;
    g_auto(GStrv) part = g_strsplit(value, " ", 2);
    RigSymbols *symbols;

    if (g_strv_length(part) != 2) {
        return rig_fail_at(p->rig, p->line, error, "symbols is CORE FILE, not '%s'", value);
    }
    for (guint i = 0; i < machine->symbols->len; i++) {
        const RigSymbols *other = g_ptr_array_index(machine->symbols, i);

        if (g_str_equal(other->core, part[0])) {
            return rig_fail_at(p->rig, p->line, error, "symbols of %s a second time (line %u)",
                               part[0], other->line);
        }
    }
    symbols = g_new0(RigSymbols, 1);
    symbols->core = g_strdup(part[0]);
    symbols->path = path_of(p, g_strchug(part[1]));
    symbols->line = p->line;
    g_ptr_array_add(machine->symbols, symbols);
    return TRUE;
}

static gboolean set_kept(Parser *p, Kept kept, const char *value)
{
    RigMachine *machine = p->subject;

    machine->kept[kept] = (RigKept){.path = path_of(p, value), .line = p->line};
    return TRUE;
}

static gboolean set_flash_file(Parser *p, const char *value, GError **error)
{
    (void)error;
    return set_kept(p, KEPT_FLASH, value);
}

static gboolean set_option_file(Parser *p, const char *value, GError **error)
{
    (void)error;
    return set_kept(p, KEPT_OPTIONS, value);
}

/* "BUS" or "BUS, FILE" */
static gboolean set_imu(Parser *p, const char *value, GError **error)
{
    RigMachine *machine = p->subject;
    g_auto(GStrv) part = g_strsplit(value, ",", 2);
    gboolean has_file = part[0] && part[1];

    if (!part[0] || !*g_strstrip(part[0]) || (has_file && !*g_strstrip(part[1]))) {
        return rig_fail_at(p->rig, p->line, error, "imu is BUS or BUS, FILE, not '%s'", value);
    }
    machine->imu = g_strdup(part[0]);
    machine->imu_samples = has_file ? path_of(p, part[1]) : NULL;
    machine->imu_line = p->line;
    return TRUE;
}

static gboolean set_console(Parser *p, const char *value, GError **error)
{
    RigMachine *machine = p->subject;

    (void)error;
    g_ptr_array_add(machine->consoles, g_strdup_printf("%u %s", p->line, value));
    return TRUE;
}

static gboolean set_property(Parser *p, const char *value, GError **error)
{
    RigMachine *machine = p->subject;
    const char *equals = strchr(value, '=');
    gsize length = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    if (equals && memchr(value, '_', (gsize)(equals - value))) {
        /* the emulator would take it, and nobody else would know it by this name */
        return rig_fail_at(p->rig, p->line, error, "the name of a property has '-', not '_': '%s'",
                           value);
    }
    if (!equals || equals == value || length != (gsize)(equals - value)) {
        return rig_fail_at(p->rig, p->line, error, "property is NAME=VALUE, not '%s'", value);
    }
    for (guint i = 0; i < machine->properties->len; i++) {
        if (strncmp(g_ptr_array_index(machine->properties, i), value, length + 1) == 0) {
            return rig_fail_at(p->rig, p->line, error, "property '%.*s' a second time (line %u)",
                               (int)length, value,
                               g_array_index(machine->property_lines, unsigned, i));
        }
    }
    g_ptr_array_add(machine->properties, g_strdup(value));
    g_array_append_val(machine->property_lines, p->line);
    return TRUE;
}

/* ---- [link NAME] ---- */

static gboolean begin_link(Parser *p, const char *name, GError **error)
{
    RigLink *link;

    if (rig_find_link(p->rig, name) >= 0) {
        return rig_fail_at(p->rig, p->line, error, "link '%s' is there already", name);
    }
    link = g_new0(RigLink, 1);
    link->name = g_strdup(name);
    link->line = p->line;
    g_ptr_array_add(p->rig->links, link);
    p->subject = link;
    return TRUE;
}

static gboolean set_ends(Parser *p, const char *value, GError **error)
{
    RigLink *link = p->subject;

    (void)error;
    link->ends_text = g_strdup(value);
    link->ends_line = p->line;
    return TRUE;
}

/* ---- [sa NAME] ---- */

static gboolean begin_sa(Parser *p, const char *name, GError **error)
{
    RigSa *sa;

    for (unsigned i = 0; i < p->rig->sas->len; i++) {
        if (g_str_equal(rig_sa(p->rig, i)->name, name)) {
            return rig_fail_at(p->rig, p->line, error, "sa '%s' is there already", name);
        }
    }
    sa = g_new0(RigSa, 1);
    sa->name = g_strdup(name);
    sa->line = p->line;
    g_ptr_array_add(p->rig->sas, sa);
    p->subject = sa;
    return TRUE;
}

static gboolean set_sa_link(Parser *p, const char *value, GError **error)
{
    RigSa *sa = p->subject;

    (void)error;
    sa->link_text = g_strdup(value);
    sa->link_line = p->line;
    return TRUE;
}

static gboolean set_sa_from(Parser *p, const char *value, GError **error)
{
    RigSa *sa = p->subject;

    (void)error;
    sa->from_text = g_strdup(value);
    sa->from_line = p->line;
    return TRUE;
}

static gboolean set_sa_spi(Parser *p, const char *value, GError **error)
{
    gboolean hex = g_str_has_prefix(value, "0x");
    RigSa *sa = p->subject;
    guint64 spi;

    if (!g_ascii_string_to_unsigned(hex ? value + 2 : value, hex ? 16 : 10, 0, G_MAXUINT16, &spi,
                                    NULL)) {
        return rig_fail_at(p->rig, p->line, error, "spi is a number from 0 to 0xffff, not '%s'",
                           value);
    }
    sa->spi = (guint16)spi;
    sa->has_spi = TRUE;
    return TRUE;
}

static gboolean set_sa_key(Parser *p, const char *value, GError **error)
{
    g_autoptr(GByteArray) key = hex_decode(value);
    RigSa *sa = p->subject;

    if (!key || key->len != RIG_KEY_SIZE) {
        return rig_fail_at(p->rig, p->line, error, "key is %d hex digits", 2 * RIG_KEY_SIZE);
    }
    memcpy(sa->key, key->data, RIG_KEY_SIZE);
    sa->has_key = TRUE;
    return TRUE;
}

static gboolean set_sa_mode(Parser *p, const char *value, GError **error)
{
    RigSa *sa = p->subject;

    if (!g_str_equal(value, "mac") && !g_str_equal(value, "aead")) {
        return rig_fail_at(p->rig, p->line, error, "mode is mac or aead, not '%s'", value);
    }
    sa->mode = value[0] == 'm' ? RIG_SA_MAC : RIG_SA_AEAD;
    sa->has_mode = TRUE;
    return TRUE;
}

static const Section sections[] = {
    {
        .kind = "rig",
        .begin = begin_rig,
        .key = {{"name", FALSE, set_rig_name}, {"quantum_us", FALSE, set_quantum}},
    },
    {
        .kind = "machine",
        .named = TRUE,
        .begin = begin_machine,
        .key = {{"model", FALSE, set_model},
                {"image", TRUE, set_image},
                {"image_at", TRUE, set_image_at},
                {"symbols", TRUE, set_symbols},
                {"vector_table", FALSE, set_vector_table},
                {"flash_file", FALSE, set_flash_file},
                {"option_file", FALSE, set_option_file},
                {"cycles_per_instruction", FALSE, set_cycles},
                {"imu", FALSE, set_imu},
                {"console", TRUE, set_console},
                {"property", TRUE, set_property}},
    },
    {
        .kind = "link",
        .named = TRUE,
        .begin = begin_link,
        .key = {{"ends", FALSE, set_ends}},
    },
    {
        .kind = "sa",
        .named = TRUE,
        .begin = begin_sa,
        .key = {{"link", FALSE, set_sa_link},
                {"from", FALSE, set_sa_from},
                {"spi", FALSE, set_sa_spi},
                {"key", FALSE, set_sa_key},
                {"mode", FALSE, set_sa_mode}},
    },
};

/* ---- lines ---- */

static gboolean parse_header(Parser *p, const char *text, GError **error)
{
    gsize length = strlen(text);
    g_autofree char *inner = NULL;
    g_auto(GStrv) word = NULL;
    const char *name;

    if (text[length - 1] != ']') {
        return rig_fail_at(p->rig, p->line, error, "'%s' lacks its closing bracket", text);
    }
    inner = g_strstrip(g_strndup(text + 1, length - 2));
    word = g_strsplit_set(inner, " \t", 2);
    name = word[0] && word[1] ? g_strstrip(word[1]) : "";
    g_hash_table_remove_all(p->seen);
    for (gsize i = 0; word[0] && i < G_N_ELEMENTS(sections); i++) {
        if (!g_str_equal(sections[i].kind, word[0])) {
            continue;
        }
        p->section = &sections[i];
        if (!sections[i].named && name[0]) {
            return rig_fail_at(p->rig, p->line, error, "[%s] has no name", word[0]);
        }
        if (sections[i].named && !is_name(name)) {
            return rig_fail_at(p->rig, p->line, error,
                               "[%s NAME] expected, NAME of at most %d characters of [a-z0-9_-]",
                               word[0], WIRE_NAME_SIZE - 1);
        }
        return sections[i].begin(p, name, error);
    }
    return rig_fail_at(p->rig, p->line, error,
                       "no section [%s]; sections: [rig], [machine NAME], [link NAME], [sa NAME]",
                       inner);
}

static gboolean unknown_key(Parser *p, const char *name, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);

    for (const Key *key = p->section->key; key->name; key++) {
        g_string_append_printf(known, "%s%s", known->len ? ", " : "", key->name);
    }
    return rig_fail_at(p->rig, p->line, error, "no key '%s' in [%s]; keys: %s", name,
                       p->section->kind, known->str);
}

static gboolean parse_key(Parser *p, char *text, GError **error)
{
    char *equals = strchr(text, '=');
    const char *value;

    if (!equals) {
        return rig_fail_at(p->rig, p->line, error, "'%s' is neither [section] nor key = value",
                           text);
    }
    *equals = '\0';
    text = g_strstrip(text);
    value = g_strstrip(equals + 1);
    if (!p->section) {
        return rig_fail_at(p->rig, p->line, error, "key '%s' before the first section", text);
    }
    for (const Key *key = p->section->key; key->name; key++) {
        if (!g_str_equal(key->name, text)) {
            continue;
        }
        if (!key->repeatable && !g_hash_table_add(p->seen, (gpointer)key)) {
            return rig_fail_at(p->rig, p->line, error, "key '%s' a second time", text);
        }
        if (!value[0]) {
            return rig_fail_at(p->rig, p->line, error, "key '%s' has no value", text);
        }
        return key->set(p, value, error);
    }
    return unknown_key(p, text, error);
}

static gboolean parse_line(Parser *p, char *text, GError **error)
{
    char *comment = strchr(text, '#');

    if (comment) {
        *comment = '\0';
    }
    text = g_strstrip(text);
    if (!text[0]) {
        return TRUE;
    }
    return text[0] == '[' ? parse_header(p, text, error) : parse_key(p, text, error);
}

/* ---- blame ---- */

gboolean rig_blame(const RigMachine *machine, unsigned line, GError **error)
{
    g_prefix_error(error, "%s:%u: machine %s: ", machine->rig_path, line, machine->name);
    return FALSE;
}

/* ---- public ---- */

static void free_machine(gpointer data)
{
    RigMachine *machine = data;

    g_free(machine->name);
    g_ptr_array_unref(machine->images);
    g_ptr_array_unref(machine->symbols);
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        g_free(machine->kept[k].path);
    }
    g_free(machine->imu);
    g_free(machine->imu_samples);
    g_ptr_array_unref(machine->consoles);
    g_ptr_array_unref(machine->properties);
    g_array_unref(machine->property_lines);
    g_free(machine);
}

static void free_link(gpointer data)
{
    RigLink *link = data;

    g_free(link->name);
    g_free(link->ends_text);
    g_free(link->end[0].uart);
    g_free(link->end[1].uart);
    g_free(link);
}

static void free_sa(gpointer data)
{
    RigSa *sa = data;

    g_free(sa->name);
    g_free(sa->link_text);
    g_free(sa->from_text);
    g_free(sa);
}

void rig_free(Rig *rig)
{
    g_free(rig->path);
    g_free(rig->folder);
    g_free(rig->name);
    g_ptr_array_unref(rig->machines);
    g_ptr_array_unref(rig->links);
    g_ptr_array_unref(rig->sas);
    g_free(rig);
}

/* The rig's name, unless the file says another: the file's, without ".rig". */
static char *name_of_file(const char *path)
{
    char *name = g_path_get_basename(path);

    if (g_str_has_suffix(name, ".rig")) {
        name[strlen(name) - strlen(".rig")] = '\0';
    }
    return name;
}

static gboolean parse(Parser *p, char *text, GError **error)
{
    g_auto(GStrv) line = g_strsplit(text, "\n", -1);

    for (unsigned i = 0; line[i]; i++) {
        p->line = i + 1;
        if (!parse_line(p, line[i], error)) {
            return FALSE;
        }
    }
    if (!p->has_name && !is_name(p->rig->name)) {
        return rig_fail_at(p->rig, 1, error,
                           "'%s' cannot be the rig's name: set name in [rig] ([a-z0-9_-]+)",
                           p->rig->name);
    }
    return rig_resolve(p->rig, MAX(p->line, 1), error);
}

static unsigned line_of(const char *text, const char *place)
{
    unsigned line = 1;

    for (; text < place; text++) {
        line += *text == '\n' ? 1 : 0;
    }
    return line;
}

Rig *rig_load(const char *path, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GError) read_error = NULL;
    g_autofree char *text = NULL;
    g_autoptr(Rig) rig = NULL;
    const char *bad;
    Parser p;
    gsize size;

    /* the daemon reads it again, and hashes it: a pipe would be empty then */
    if (g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "rig file %s: no regular file", path);
        return NULL;
    }
    if (!g_file_get_contents(path, &text, &size, &read_error)) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "rig file: %s", read_error->message);
        return NULL;
    }
    if (size > RIG_FILE_SIZE_MAX) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s: %" G_GSIZE_FORMAT " octets are no rig file",
                  path, size);
        return NULL;
    }
    if (!g_utf8_validate_len(text, size, &bad)) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s:%u: octet 0x%02x is no UTF-8 text", path,
                  line_of(text, bad), (guint8)*bad);
        return NULL;
    }
    rig = g_new0(Rig, 1);
    rig->path = g_strdup(path);
    rig->folder = g_path_get_dirname(path);
    rig->name = name_of_file(path);
    rig->quantum_ns = QUANTUM_US_DEFAULT * G_GINT64_CONSTANT(1000);
    rig->machines = g_ptr_array_new_with_free_func(free_machine);
    rig->links = g_ptr_array_new_with_free_func(free_link);
    rig->sas = g_ptr_array_new_with_free_func(free_sa);
    p = (Parser){.rig = rig, .seen = seen};
    return parse(&p,
                 g_str_has_prefix(text, BYTE_ORDER_MARK) ? text + strlen(BYTE_ORDER_MARK) : text,
                 error)
               ? g_steal_pointer(&rig)
               : NULL;
}

RigMachine *rig_machine(const Rig *rig, unsigned index)
{
    return g_ptr_array_index(rig->machines, index);
}

RigImage *rig_image(const RigMachine *machine, unsigned index)
{
    return g_ptr_array_index(machine->images, index);
}

RigLink *rig_link(const Rig *rig, unsigned index)
{
    return g_ptr_array_index(rig->links, index);
}

RigSa *rig_sa(const Rig *rig, unsigned index)
{
    return g_ptr_array_index(rig->sas, index);
}

int rig_find_machine(const Rig *rig, const char *name)
{
    for (unsigned i = 0; i < rig->machines->len; i++) {
        if (g_str_equal(rig_machine(rig, i)->name, name)) {
            return (int)i;
        }
    }
    return -1;
}

int rig_find_link(const Rig *rig, const char *name)
{
    for (unsigned i = 0; i < rig->links->len; i++) {
        if (g_str_equal(rig_link(rig, i)->name, name)) {
            return (int)i;
        }
    }
    return -1;
}
