/*
 * mews regs: registers of a running rig, decoded by name.
 *
 * A register whose read changes something is not read unless asked for, so that
 * looking at a rig does not disturb it.  All are read at one virtual time, which
 * is where the rig stands, or the end of the `run` that another client is in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include "client.h"
#include "error.h"
#include "mews.h"
#include "models.h"
#include "paths.h"
#include "registers.h"

typedef struct Look {
    Link *link;
    const char *name; /* as the user has called it: MACHINE or MACHINE.CORE */
    const char *machine;
    const char *core; /* or NULL: the first */
    const RegisterBlock *block;
    const Register *only; /* or NULL: all of the block */
    gboolean read_all;
    guint32 *word;  /* of each register of the block */
    gboolean *read; /* whether there is one */
    gint64 time_ns; /* -1: nothing was read */
} Look;

/* ---- asking ---- */

static const Register *at(const Look *look, guint i)
{
    return g_ptr_array_index(look->block->registers, i);
}

static gboolean wanted(const Look *look, guint i)
{
    return look->only ? look->only == at(look, i) : !at(look, i)->alias;
}

/* A register that is narrower than a word is read with what is beside it. */
static guint32 word_of(const Look *look, guint i)
{
    return (look->block->base + at(look, i)->offset) & ~3u;
}

static guint32 value_in_word(const Look *look, guint i, guint32 word)
{
    const Register *entry = at(look, i);

    return entry->size < 4 ? word >> 8 * (entry->offset % 4) & ((1u << 8 * entry->size) - 1) : word;
}

/* Read the registers that @choose names, at one time. */
static gboolean read_words(Look *look, gboolean (*choose)(const Look *look, guint i),
                           GError **error)
{
    guint count = look->block->registers->len;
    JsonArray *addresses = json_array_new();
    JsonObject *request = request_new("read");
    g_autoptr(JsonObject) answer = NULL;
    JsonArray *values;

    for (guint i = 0; i < count; i++) {
        look->read[i] = choose(look, i);
        if (look->read[i]) {
            json_array_add_int_element(addresses, word_of(look, i));
        }
    }
    json_object_set_string_member(request, "machine", look->machine);
    if (look->core) {
        json_object_set_string_member(request, "core", look->core);
    }
    json_object_set_boolean_member(request, "wait", TRUE);
    if (json_array_get_length(addresses) == 0) {
        json_array_unref(addresses);
        json_object_unref(request);
        return TRUE;
    }
    json_object_set_array_member(request, "addresses", addresses);
    answer = link_request(look->link, request, NULL, error);
    if (!answer) {
        return FALSE;
    }
    look->time_ns = json_object_get_int_member(answer, "time_ns");
    values = json_object_get_array_member(answer, "values");
    for (guint i = 0, n = 0; i < count; i++) {
        if (look->read[i]) {
            look->word[i] =
                value_in_word(look, i, (guint32)json_array_get_int_element(values, n++));
        }
    }
    return TRUE;
}

/* The register that the condition of a read asks for: they are of the same block. */
static gboolean is_asked_for(const Look *look, guint i)
{
    for (guint n = 0; n < look->block->registers->len; n++) {
        const char *name = at(look, n)->read_if.register_name;

        if (wanted(look, n) && name && g_str_equal(name, at(look, i)->name)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean read_is_harmless(const Look *look, guint i)
{
    const Register *entry = at(look, i);

    if (!entry->read) {
        return TRUE;
    }
    for (guint n = 0; entry->read_if.register_name && n < look->block->registers->len; n++) {
        if (g_str_equal(at(look, n)->name, entry->read_if.register_name)) {
            return !register_condition_holds(&entry->read_if, at(look, n), look->word[n]);
        }
    }
    return FALSE;
}

static gboolean is_to_be_read(const Look *look, guint i)
{
    return wanted(look, i) && (look->read_all || read_is_harmless(look, i));
}

/* ---- printing ---- */

static void print_fields(const Register *entry, guint32 word)
{
    for (guint i = entry->fields->len; i > 0; i--) {
        const RegisterField *field = g_ptr_array_index(entry->fields, i - 1);
        g_autoptr(GString) value = g_string_new(NULL);
        g_autofree char *bits =
            field->width == 1 ? g_strdup_printf("%u", field->low)
                              : g_strdup_printf("%u:%u", field->low + field->width - 1, field->low);

        if (register_has_field(entry, field, word)) {
            register_value_text(field, register_value(field, word), value);
            g_print("    %5s  %-16s %s\n", bits, field->name, value->str);
        }
    }
}

static void print_block(const Look *look)
{
    g_print("%s.%s at 0x%08x (%s)", look->name, look->block->name, look->block->base,
            look->block->manual);
    if (look->time_ns >= 0) {
        g_print(", %.9f s", (double)look->time_ns / 1e9);
    }
    g_print("\n");
    for (guint i = 0; i < look->block->registers->len; i++) {
        const Register *entry = at(look, i);
        g_autoptr(GString) text = g_string_new(NULL);

        if (!wanted(look, i)) {
            continue;
        }
        if (!look->read[i]) {
            g_print("  %-8s not read (--read-all): a read %s\n", entry->name, entry->read);
            continue;
        }
        if (!look->only) {
            register_decode(entry, look->word[i], text);
        }
        g_print("  %-8s 0x%0*x%s\n", entry->name, (int)(2 * entry->size), look->word[i], text->str);
        if (look->only) {
            print_fields(entry, look->word[i]);
        }
    }
}

/* ---- finding ---- */

static const Model *model_of(Link *link, const char *machine, GError **error)
{
    g_autoptr(JsonObject) status = link_request(link, request_new("status"), NULL, error);
    JsonArray *machines;

    if (!status) {
        return NULL;
    }
    machines = json_object_get_array_member(status, "machines");
    for (guint i = 0; i < json_array_get_length(machines); i++) {
        JsonObject *object = json_array_get_object_element(machines, i);

        if (g_str_equal(json_object_get_string_member(object, "name"), machine)) {
            return model_find(json_object_get_string_member(object, "model"));
        }
    }
    mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "rig %s has no machine '%s'",
              json_object_get_string_member(status, "rig"), machine);
    return NULL;
}

/* BLOCK or BLOCK.REGISTER */
static gboolean find(Look *look, const Registers *registers, const char *what, GError **error)
{
    g_auto(GStrv) part = g_strsplit(what, ".", 2);

    look->block = registers_block(registers, part[0]);
    if (!look->block) {
        g_autofree char *hint = registers_hint(registers, part[0]);

        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "machine %s has no block '%s'%s",
                         look->machine, part[0], hint);
    }
    if (!part[1]) {
        return TRUE;
    }
    look->only = registers_find(look->block, part[1]);
    if (!look->only) {
        g_autofree char *hint = registers_hint_in(look->block, part[1]);

        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "%s has no register '%s'%s",
                         look->block->name, part[1], hint);
    }
    return TRUE;
}

static gboolean look_at(Look *look, const char *what, GError **error)
{
    const Model *model = model_of(look->link, look->machine, error);
    g_autofree char *folder = paths_registers();
    g_autoptr(Registers) registers = NULL;
    g_autofree guint32 *word = NULL;
    g_autofree gboolean *read = NULL;

    if (!model) {
        return FALSE;
    }
    registers = registers_load(folder, model->registers, error);
    if (!registers || !find(look, registers, what, error)) {
        return FALSE;
    }
    look->time_ns = -1;
    look->word = word = g_new0(guint32, look->block->registers->len);
    look->read = read = g_new0(gboolean, look->block->registers->len);
    if (!read_words(look, is_asked_for, error) || !read_words(look, is_to_be_read, error)) {
        return FALSE;
    }
    print_block(look);
    return TRUE;
}

/* "fmu.cm4 CCM.CLOCK_ROOT25_CONTROL" */
static gboolean look(Link *link, const char *name, const char *what, gboolean read_all,
                     GError **error)
{
    g_auto(GStrv) part = g_strsplit(name, ".", 2);
    Look look = {.link = link,
                 .name = name,
                 .machine = part[0] ? part[0] : "",
                 .core = part[0] ? part[1] : NULL,
                 .read_all = read_all};

    return look_at(&look, what, error);
}

/* All blocks of a part, by its model's name or its description's. */
static gboolean list_blocks(const char *name, GError **error)
{
    const Model *model = model_find(name);
    g_autofree char *folder = paths_registers();
    g_autoptr(Registers) registers = NULL;

    if (!model && !model_is_described_by(name)) {
        g_autofree char *names = model_names();

        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "no model '%s'; models: %s", name, names);
    }
    registers = registers_load(folder, model ? model->registers : name, error);
    for (guint i = 0; registers && i < registers_blocks(registers)->len; i++) {
        const RegisterBlock *block = g_ptr_array_index(registers_blocks(registers), i);

        g_print("%-20s 0x%08x  %s\n", block->name, block->base, block->manual);
    }
    return registers != NULL;
}

/* The control socket of a run directory or of itself; NULL: of the only rig that runs. */
static char *find_socket(const char *run)
{
    g_autoptr(GPtrArray) sockets = NULL;
    g_autofree char *text = NULL;

    if (run) {
        return g_file_test(run, G_FILE_TEST_IS_DIR) ? g_build_filename(run, "control", NULL)
                                                    : g_strdup(run);
    }
    sockets = mews_running();
    if (sockets && sockets->len == 1) {
        return g_strdup(g_ptr_array_index(sockets, 0));
    }
    if (sockets) {
        g_ptr_array_add(sockets, NULL);
        text = g_strjoinv(", ", (char **)sockets->pdata);
        g_printerr("mews: several rigs are running, name one: %s\n", text);
    }
    return NULL;
}

int mews_regs(int argc, char **argv)
{
    gboolean read_all = FALSE;
    g_autofree char *listed = NULL;
    const GOptionEntry entries[] = {
        {"list", 0, 0, G_OPTION_ARG_STRING, &listed, "Only name all blocks of a model", "MODEL"},
        {"read-all", 0, 0, G_OPTION_ARG_NONE, &read_all,
         "Also registers whose read changes something", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context =
        g_option_context_new("[RUN] MACHINE[.CORE] BLOCK[.REGISTER] - RUN is a run directory or a "
                             "control socket, else the only rig that runs");
    g_autoptr(GError) error = NULL;
    g_autoptr(Link) link = NULL;
    g_autofree char *socket = NULL;

    g_set_prgname("mews regs");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        return mews_give_up(MEWS_EXIT_COULD_NOT_RUN, error);
    }
    if (listed && argc == 1) {
        return list_blocks(listed, &error) ? MEWS_EXIT_PASS
                                           : mews_give_up(MEWS_EXIT_COULD_NOT_RUN, error);
    }
    if (listed || (argc != 3 && argc != 4)) {
        g_printerr("mews: usage: mews regs [OPTION...] [RUN] MACHINE[.CORE] BLOCK[.REGISTER], or "
                   "mews regs --list MODEL\n");
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    socket = find_socket(argc == 4 ? argv[1] : NULL);
    if (!socket) {
        return MEWS_EXIT_COULD_NOT_RUN;
    }
    link = link_open(socket, &error);
    if (!link || !look(link, argv[argc - 2], argv[argc - 1], read_all, &error)) {
        return mews_give_up(MEWS_EXIT_COULD_NOT_RUN, error);
    }
    return MEWS_EXIT_PASS;
}
