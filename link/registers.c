/*
 * Register descriptions; see registers.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "registers.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "error.h"
#include "near.h"

#define WORD             4u
#define NUMBER_GOES_HERE "#" /* in the name of registers that form an array */

/* NAME HIGH[:LOW] ACCESS [ENUM] [if CONDITION] */
#define FIELD_PATTERN "^(\\w+) (\\d+)(?::(\\d+))? (\\w+)(?: (?!if )(\\w+))?(?: if (\\S+))?$"
/* [REGISTER.]FIELD=NUMBER, or != */
#define CONDITION_PATTERN "^(?:(\\w+)\\.)?(\\w+)(!?)=(\\d+)$"

struct Registers {
    char *part;
    JsonParser *parser; /* keeps the strings */
    GRegex *field, *condition;
    GHashTable *enums;   /* name -> char ** */
    GHashTable *layouts; /* name -> GPtrArray of Register * */
    GPtrArray *blocks;   /* RegisterBlock * */
};

/* ---- reading ---- */

static void condition_clear(RegisterCondition *condition)
{
    g_free(condition->register_name);
    g_free(condition->field);
}

static void field_free(gpointer data)
{
    RegisterField *field = data;

    condition_clear(&field->condition);
    g_free(field->name);
    g_free(field);
}

static void register_free(gpointer data)
{
    Register *entry = data;

    condition_clear(&entry->read_if);
    g_ptr_array_unref(entry->fields);
    g_free(entry->name);
    g_free(entry);
}

static guint32 number(JsonObject *object, const char *key)
{
    return (guint32)strtoul(json_object_get_string_member_with_default(object, key, "0"), NULL, 0);
}

static char *part_or_null(const GMatchInfo *match, int group)
{
    char *text = g_match_info_fetch(match, group);

    if (text && !text[0]) {
        g_clear_pointer(&text, g_free);
    }
    return text;
}

static gboolean read_condition(const Registers *r, const char *text, RegisterCondition *condition,
                               GError **error)
{
    g_autoptr(GMatchInfo) match = NULL;
    g_autofree char *negated = NULL, *value = NULL;

    if (!text) {
        return TRUE;
    }
    if (!g_regex_match(r->condition, text, 0, &match)) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "no condition: '%s'", text);
    }
    negated = part_or_null(match, 3);
    value = g_match_info_fetch(match, 4);
    condition->register_name = part_or_null(match, 1);
    condition->field = g_match_info_fetch(match, 2);
    condition->equal = !negated;
    condition->number = (guint32)strtoul(value, NULL, 10);
    return TRUE;
}

static gboolean read_field(const Registers *r, const char *text, GPtrArray *fields, GError **error)
{
    g_autoptr(GMatchInfo) match = NULL;
    g_autofree char *high = NULL, *low = NULL, *values = NULL, *condition = NULL;
    RegisterField *field;

    if (!g_regex_match(r->field, text, 0, &match)) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "no field: '%s'", text);
    }
    high = g_match_info_fetch(match, 2);
    low = part_or_null(match, 3);
    values = part_or_null(match, 5);
    condition = part_or_null(match, 6);
    field = g_new0(RegisterField, 1);
    g_ptr_array_add(fields, field);
    field->name = g_match_info_fetch(match, 1);
    field->low = (unsigned)atoi(low ? low : high);
    field->width = (unsigned)atoi(high) - field->low + 1;
    field->values = values ? g_hash_table_lookup(r->enums, values) : NULL;
    return read_condition(r, condition, &field->condition, error);
}

/* "FIRST-LAST STEP" of registers that differ in a number and in their place. */
typedef struct Row {
    unsigned first, last, step;
} Row;

static gboolean read_row(JsonObject *object, Row *row, GError **error)
{
    const char *text = json_object_get_string_member_with_default(object, "array", NULL);

    *row = (Row){0};
    if (text && (sscanf(text, "%u-%u %x", &row->first, &row->last, &row->step) != 3 ||
                 row->last < row->first || !row->step)) {
        return mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "no array: '%s'", text);
    }
    return TRUE;
}

/* NAME, or with its number in it; behind that _ALIAS. */
static char *name_in_row(const char *name, unsigned n, const char *alias)
{
    g_auto(GStrv) part = g_strsplit(name, NUMBER_GOES_HERE, 2);
    g_autofree char *number = part[1] ? g_strdup_printf("%u", n) : g_strdup("");

    return g_strconcat(part[0], number, part[1] ? part[1] : "", alias ? "_" : "", alias, NULL);
}

/* One of an entry's registers, all of which have the same @fields. */
static gboolean add_register(const Registers *r, JsonObject *object, char *name, GPtrArray *fields,
                             GPtrArray *registers, GError **error)
{
    Register *entry = g_new0(Register, 1);

    g_ptr_array_add(registers, entry);
    entry->name = name;
    entry->size = number(object, "size");
    entry->size = entry->size ? entry->size : WORD;
    entry->read = json_object_get_string_member_with_default(object, "read", NULL);
    entry->fields = g_ptr_array_ref(fields);
    return read_condition(r, json_object_get_string_member_with_default(object, "read_if", NULL),
                          &entry->read_if, error);
}

/* A register, or a row of them, each with its aliases. */
static gboolean add_row(const Registers *r, JsonObject *object, GPtrArray *fields,
                        GPtrArray *registers, GError **error)
{
    g_auto(GStrv) alias =
        g_strsplit(json_object_get_string_member_with_default(object, "aliases", ""), " ", -1);
    const char *name = json_object_get_string_member(object, "name");
    unsigned places = 1 + g_strv_length(alias);
    Row row;

    if (!read_row(object, &row, error)) {
        return FALSE;
    }
    for (unsigned i = 0; i < (row.last - row.first + 1) * places; i++) {
        unsigned n = i / places, place = i % places;
        Register *entry;

        if (!add_register(r, object,
                          name_in_row(name, row.first + n, place ? alias[place - 1] : NULL), fields,
                          registers, error)) {
            return FALSE;
        }
        entry = g_ptr_array_index(registers, registers->len - 1);
        entry->offset = number(object, "offset") + n * row.step + place * WORD;
        entry->alias = place > 0;
    }
    return TRUE;
}

/* One entry of the description. */
static gboolean read_register(const Registers *r, JsonObject *object, GPtrArray *registers,
                              GError **error)
{
    JsonArray *list = json_object_get_array_member(object, "fields");
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(field_free);

    for (guint i = 0; i < json_array_get_length(list); i++) {
        if (!read_field(r, json_array_get_string_element(list, i), fields, error)) {
            return FALSE;
        }
    }
    return add_row(r, object, fields, registers, error);
}

static gint by_offset(gconstpointer one, gconstpointer other)
{
    const Register *a = *(Register *const *)one, *b = *(Register *const *)other;

    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static void read_enums(Registers *r, JsonObject *enums)
{
    g_autoptr(GList) names = json_object_get_members(enums);

    for (GList *name = names; name; name = name->next) {
        JsonArray *texts = json_object_get_array_member(enums, name->data);
        guint length = json_array_get_length(texts);
        char **values = g_new0(char *, length + 1);

        for (guint i = 0; i < length; i++) {
            values[i] = g_strdup(json_array_get_string_element(texts, i));
        }
        g_hash_table_insert(r->enums, name->data, values);
    }
}

static gboolean read_layouts(Registers *r, JsonArray *layouts, GError **error)
{
    for (guint i = 0; i < json_array_get_length(layouts); i++) {
        JsonObject *layout = json_array_get_object_element(layouts, i);
        JsonArray *list = json_object_get_array_member(layout, "registers");
        GPtrArray *registers = g_ptr_array_new_with_free_func(register_free);

        g_hash_table_insert(r->layouts, (char *)json_object_get_string_member(layout, "name"),
                            registers);
        for (guint n = 0; n < json_array_get_length(list); n++) {
            if (!read_register(r, json_array_get_object_element(list, n), registers, error)) {
                return FALSE;
            }
        }
        g_ptr_array_sort(registers, by_offset);
    }
    return TRUE;
}

static const char *manual_of(JsonArray *layouts, const char *name)
{
    for (guint i = 0; i < json_array_get_length(layouts); i++) {
        JsonObject *layout = json_array_get_object_element(layouts, i);

        if (g_str_equal(json_object_get_string_member(layout, "name"), name)) {
            return json_object_get_string_member(layout, "manual");
        }
    }
    return NULL;
}

static gboolean read_part(Registers *r, JsonObject *part, GError **error)
{
    JsonArray *blocks = json_object_get_array_member(part, "blocks");
    JsonArray *layouts = json_object_get_array_member(part, "layouts");

    read_enums(r, json_object_get_object_member(part, "enums"));
    if (!read_layouts(r, layouts, error)) {
        return FALSE;
    }
    for (guint i = 0; i < json_array_get_length(blocks); i++) {
        JsonObject *object = json_array_get_object_element(blocks, i);
        const char *layout = json_object_get_string_member(object, "layout");
        RegisterBlock *block = g_new0(RegisterBlock, 1);

        block->name = json_object_get_string_member(object, "name");
        block->base = number(object, "base");
        block->manual = manual_of(layouts, layout);
        block->registers = g_hash_table_lookup(r->layouts, layout);
        g_ptr_array_add(r->blocks, block);
    }
    return TRUE;
}

Registers *registers_load(const char *folder, const char *part, GError **error)
{
    g_autofree char *name = g_strconcat(part, ".json", NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) why = NULL;
    g_autoptr(Registers) r = g_new0(Registers, 1);

    r->part = g_strdup(part);
    r->parser = json_parser_new();
    r->field = g_regex_new(FIELD_PATTERN, 0, 0, NULL);
    r->condition = g_regex_new(CONDITION_PATTERN, 0, 0, NULL);
    r->enums = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_strfreev);
    r->layouts =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    r->blocks = g_ptr_array_new_with_free_func(g_free);
    if (!json_parser_load_from_file(r->parser, path, &why) ||
        !read_part(r, json_node_get_object(json_parser_get_root(r->parser)), &why)) {
        mews_fail(error, MEWS_ERROR_COULD_NOT_RUN, "register description %s: %s", path,
                  why->message);
        return NULL;
    }
    return g_steal_pointer(&r);
}

void registers_free(Registers *registers)
{
    g_ptr_array_unref(registers->blocks);
    g_hash_table_unref(registers->layouts);
    g_hash_table_unref(registers->enums);
    g_regex_unref(registers->field);
    g_regex_unref(registers->condition);
    g_object_unref(registers->parser);
    g_free(registers->part);
    g_free(registers);
}

/* ---- finding ---- */

const RegisterBlock *registers_block(const Registers *registers, const char *name)
{
    for (guint i = 0; i < registers->blocks->len; i++) {
        const RegisterBlock *block = g_ptr_array_index(registers->blocks, i);

        if (g_ascii_strcasecmp(block->name, name) == 0) {
            return block;
        }
    }
    return NULL;
}

const Register *registers_find(const RegisterBlock *block, const char *name)
{
    for (guint i = 0; i < block->registers->len; i++) {
        const Register *entry = g_ptr_array_index(block->registers, i);

        if (g_ascii_strcasecmp(entry->name, name) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* The last one that does not begin behind @offset. */
static const Register *register_at_or_before(const RegisterBlock *block, guint32 offset)
{
    guint low = 0, high = block->registers->len;

    while (low < high) {
        guint middle = (low + high) / 2;
        const Register *entry = g_ptr_array_index(block->registers, middle);

        if (entry->offset <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low ? g_ptr_array_index(block->registers, low - 1) : NULL;
}

const Register *registers_at(const Registers *registers, guint32 address,
                             const RegisterBlock **block)
{
    for (guint i = 0; i < registers->blocks->len; i++) {
        const Register *entry;

        *block = g_ptr_array_index(registers->blocks, i);
        entry = address >= (*block)->base ? register_at_or_before(*block, address - (*block)->base)
                                          : NULL;
        if (entry && address - ((*block)->base + entry->offset) < entry->size) {
            return entry;
        }
    }
    *block = NULL;
    return NULL;
}

const GPtrArray *registers_blocks(const Registers *registers)
{
    return registers->blocks;
}

guint32 registers_size(const RegisterBlock *block)
{
    const Register *last = g_ptr_array_index(block->registers, block->registers->len - 1);

    return last->offset + last->size;
}

/* ---- what may have been meant ---- */

/* CLOCK_ROOT2 begins CLOCK_ROOT2_CONTROL, but not CLOCK_ROOT25_CONTROL. */
static gboolean begins_with(const char *whole, const char *name)
{
    gsize length = strlen(name);

    return g_ascii_strncasecmp(whole, name, length) == 0 &&
           (whole[length] == '\0' || whole[length] == '_');
}

/* "CCM.CLOCK_ROOT25_CONTROL, ...": registers that begin with @name, which is no block; or NULL. */
static char *registers_that_begin(const Registers *registers, const char *name)
{
    g_autoptr(GString) text = g_string_new(NULL);
    guint count = 0;

    for (guint i = 0; i < registers->blocks->len; i++) {
        const RegisterBlock *block = g_ptr_array_index(registers->blocks, i);

        for (guint n = 0; n < block->registers->len && count < NEAR_NAMES_MAX; n++) {
            const Register *entry = g_ptr_array_index(block->registers, n);

            if (!entry->alias && begins_with(entry->name, name)) {
                g_string_append_printf(text, "%s%s.%s", count++ ? ", " : "", block->name,
                                       entry->name);
            }
        }
    }
    return text->len ? g_strdup(text->str) : NULL;
}

char *registers_hint(const Registers *registers, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *meant = registers_that_begin(registers, name);

    for (guint i = 0; i < registers->blocks->len; i++) {
        const RegisterBlock *block = g_ptr_array_index(registers->blocks, i);

        g_ptr_array_add(names, (gpointer)block->name);
    }
    if (!meant) {
        meant = near_names(names, name);
    }
    return g_strdup_printf("%s%s; 'mews regs --list %s' names all %u", meant ? "; near it: " : "",
                           meant ? meant : "", registers->part, names->len);
}

char *registers_hint_in(const RegisterBlock *block, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *meant = NULL;

    for (guint i = 0; i < block->registers->len; i++) {
        const Register *entry = g_ptr_array_index(block->registers, i);

        g_ptr_array_add(names, entry->name);
    }
    meant = near_names(names, name);
    return meant ? g_strdup_printf("; near it: %s", meant) : g_strdup("");
}

/* ---- decoding ---- */

const RegisterField *register_field(const Register *entry, const char *name)
{
    for (guint i = 0; i < entry->fields->len; i++) {
        const RegisterField *field = g_ptr_array_index(entry->fields, i);

        if (g_str_equal(field->name, name)) {
            return field;
        }
    }
    return NULL;
}

guint32 register_value(const RegisterField *field, guint32 word)
{
    return (guint32)(word >> field->low & ((1ull << field->width) - 1));
}

gboolean register_condition_holds(const RegisterCondition *condition, const Register *asked,
                                  guint32 word)
{
    const RegisterField *field = register_field(asked, condition->field);

    return field && (register_value(field, word) == condition->number) == condition->equal;
}

gboolean register_has_field(const Register *entry, const RegisterField *field, guint32 word)
{
    return !field->condition.field || register_condition_holds(&field->condition, entry, word);
}

void register_value_text(const RegisterField *field, guint32 value, GString *text)
{
    if (field->width < 8) {
        g_string_append_printf(text, "%u", value);
    } else {
        g_string_append_printf(text, "0x%0*x", (int)(field->width + 3) / 4, value);
    }
    if (field->values && value < g_strv_length(field->values)) {
        g_string_append_printf(text, " (%s)", field->values[value]);
    }
}

/* A counter, an address, data: its one field says no more than its word. */
static gboolean is_number(const Register *entry)
{
    const RegisterField *field = g_ptr_array_index(entry->fields, 0);

    return entry->fields->len == 1 && field->width >= 8;
}

void register_decode(const Register *entry, guint32 word, GString *text)
{
    if (is_number(entry)) {
        return;
    }
    for (guint i = 0; i < entry->fields->len; i++) {
        const RegisterField *field = g_ptr_array_index(entry->fields, i);
        guint32 value = register_value(field, word);

        if (value && register_has_field(entry, field, word)) {
            g_string_append_printf(text, " %s=", field->name);
            register_value_text(field, value, text);
        }
    }
}
