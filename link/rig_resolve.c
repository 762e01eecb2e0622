/*
 * Rig files: what refers to something else (a link's ends, an association's link,
 * a core's symbols) is looked up and checked after the last line, so that the
 * order of sections does not matter; see rig.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <glib/gstdio.h>
#include <string.h>
#include "rig_internal.h"
#include "emu/wire/wire_abi.h"

/* "machine.uart" to @end; every UART may be used once. */
static gboolean resolve_uart(const Rig *rig, unsigned line, const char *machine_name,
                             const char *uart, RigEnd *end, GHashTable *used, GError **error)
{
    g_autofree char *full = g_strdup_printf("%s.%s", machine_name, uart);
    int index = rig_find_machine(rig, machine_name);
    const Model *model;

    if (index < 0) {
        return rig_fail_at(rig, line, error, "no machine '%s'", machine_name);
    }
    model = rig_machine(rig, index)->model;
    if (!model_has_uart(model, uart)) {
        return rig_fail_at(rig, line, error, "machine %s (%s) has no UART '%s'; it has %s%u..%s%u",
                           machine_name, model->name, uart, model->uart, model->uart_first,
                           model->uart, model->uart_last);
    }
    if (g_hash_table_contains(used, full)) {
        return rig_fail_at(
            rig, line, error,
            "%s is used already in line %u; a UART is an end of one link or a console", full,
            GPOINTER_TO_UINT(g_hash_table_lookup(used, full)));
    }
    g_hash_table_insert(used, g_steal_pointer(&full), GUINT_TO_POINTER(line));
    end->machine = index;
    end->uart = g_strdup(uart);
    return TRUE;
}

static gboolean resolve_link(const Rig *rig, RigLink *link, GHashTable *used, GError **error)
{
    g_auto(GStrv) end = NULL;

    if (!link->ends_text) {
        return rig_fail_at(rig, link->line, error, "link %s has no 'ends'", link->name);
    }
    end = g_strsplit(link->ends_text, ",", -1);
    if (g_strv_length(end) != 2) {
        return rig_fail_at(rig, link->ends_line, error,
                           "ends is 'machine.uart, machine.uart', not '%s'", link->ends_text);
    }
    for (unsigned e = 0; e < 2; e++) {
        g_auto(GStrv) part = g_strsplit(g_strstrip(end[e]), ".", -1);

        if (g_strv_length(part) != 2) {
            return rig_fail_at(rig, link->ends_line, error, "'%s' is not of the form machine.uart",
                               end[e]);
        }
        if (!resolve_uart(rig, link->ends_line, part[0], part[1], &link->end[e], used, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Consoles were kept as "LINE UART"; keep the UART alone. */
static gboolean resolve_consoles(const Rig *rig, RigMachine *machine, GHashTable *used,
                                 GError **error)
{
    for (unsigned i = 0; i < machine->consoles->len; i++) {
        char **text = (char **)&machine->consoles->pdata[i];
        char *uart = strchr(*text, ' ') + 1;
        unsigned line = (unsigned)g_ascii_strtoull(*text, NULL, 10);
        RigEnd end = {0};

        if (!resolve_uart(rig, line, machine->name, uart, &end, used, error)) {
            return FALSE;
        }
        g_free(*text);
        *text = end.uart;
    }
    return TRUE;
}

static gboolean resolve_sa(const Rig *rig, RigSa *sa, GError **error)
{
    const char *missing = !sa->link_text   ? "link"
                          : !sa->from_text ? "from"
                          : !sa->has_spi   ? "spi"
                          : !sa->has_key   ? "key"
                          : !sa->has_mode  ? "mode"
                                           : NULL;
    RigLink *link;
    int index, machine;

    if (missing) {
        return rig_fail_at(rig, sa->line, error, "sa %s has no '%s'", sa->name, missing);
    }
    index = rig_find_link(rig, sa->link_text);
    if (index < 0) {
        return rig_fail_at(rig, sa->link_line, error, "no link '%s'", sa->link_text);
    }
    sa->link = index;
    link = rig_link(rig, index);
    machine = rig_find_machine(rig, sa->from_text);
    if (machine < 0 ||
        (link->end[0].machine != (unsigned)machine && link->end[1].machine != (unsigned)machine)) {
        return rig_fail_at(rig, sa->from_line, error, "'%s' is no end of link %s (%s)",
                           sa->from_text, link->name, link->ends_text);
    }
    sa->from_end = link->end[0].machine == (unsigned)machine ? 0 : 1;
    for (unsigned i = 0; rig_sa(rig, i) != sa; i++) {
        const RigSa *other = rig_sa(rig, i);

        if (other->link == sa->link && other->spi == sa->spi) {
            return rig_fail_at(rig, sa->line, error, "sa %s has the SPI 0x%04x of sa %s (line %u)",
                               sa->name, sa->spi, other->name, other->line);
        }
    }
    return TRUE;
}

/* A part whose boot ROM finds the vector table has no say in it. */
static gboolean resolve_vector_table(const Rig *rig, const RigMachine *machine, GError **error)
{
    return !machine->has_vector_table || machine->model->vector_table ||
           rig_fail_at(rig, machine->vector_table_line, error,
                       "machine %s (%s) starts where its boot headers say, no vector_table",
                       machine->name, machine->model->name);
}

static gboolean same_file(const char *one, const char *other)
{
    g_autofree char *first = g_canonicalize_filename(one, NULL);
    g_autofree char *second = g_canonicalize_filename(other, NULL);
    GStatBuf a, b;

    return g_str_equal(first, second) || (g_stat(first, &a) == 0 && g_stat(second, &b) == 0 &&
                                          a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

/* What a run has kept is in "PATH.new" before it replaces the file. */
static gboolean is_new_of(const char *file, const char *path)
{
    g_autofree char *new = g_strconcat(path, ".new", NULL);

    return same_file(file, new);
}

/* One file keeps one thing: what is in @line and above, of @machine or another. */
static gboolean keeps_alone(const Rig *rig, const RigKept *kept, GError **error)
{
    for (unsigned i = 0; i < rig->machines->len; i++) {
        const RigMachine *other = rig_machine(rig, i);

        for (unsigned n = 0; n < other->images->len; n++) {
            const RigImage *image = rig_image(other, n);

            if (same_file(kept->path, image->path)) {
                return rig_fail_at(rig, kept->line, error,
                                   "this is an image of machine %s (line %u): a run would "
                                   "overwrite it",
                                   other->name, image->line);
            }
        }
        for (Kept k = 0; k < KEPT_COUNT; k++) {
            const RigKept *above = &other->kept[k];

            if (!above->path || above->line >= kept->line) {
                continue;
            }
            if (same_file(kept->path, above->path)) {
                return rig_fail_at(rig, kept->line, error,
                                   "this is the %s of machine %s (line %u) already",
                                   kept_info[k].file, other->name, above->line);
            }
            if (is_new_of(kept->path, above->path) || is_new_of(above->path, kept->path)) {
                return rig_fail_at(rig, kept->line, error,
                                   "this and the %s of machine %s (line %u) differ by the '.new' "
                                   "that is written first",
                                   kept_info[k].file, other->name, above->line);
            }
        }
    }
    return TRUE;
}

static gboolean resolve_kept(const Rig *rig, const RigMachine *machine, GError **error)
{
    const RigKept *options = &machine->kept[KEPT_OPTIONS];

    if (options->path && !machine->model->option_bytes) {
        return rig_fail_at(rig, options->line, error, "a %s has no option bytes",
                           machine->model->name);
    }
    for (Kept k = 0; k < KEPT_COUNT; k++) {
        if (machine->kept[k].path && !keeps_alone(rig, &machine->kept[k], error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* The cores of a part with several have their rates from the part. */
static gboolean resolve_cycles(const Rig *rig, const RigMachine *machine, GError **error)
{
    return !machine->cycles_line || !machine->model->core[1].name ||
           rig_fail_at(rig, machine->cycles_line, error,
                       "machine %s (%s) has several cores, no cycles_per_instruction",
                       machine->name, machine->model->name);
}

/*
 * Properties of the emulator's machine that a key of the rig file sets, as the
 * daemon has to know: it checks, hashes and keeps what they name.
 */
static const struct {
    const char *property, *key;
} key_of_property[] = {
    {"images", "image"},
    {"kernel", "image"},
    {"vector-table", "vector_table"},
    {"flash-load", "flash_file"},
    {"flash-save", "flash_file"},
    {"imu", "imu"},
    {"imu-samples", "imu"},
    {"options-load", "option_file"},
    {"options-save", "option_file"},
};

static gboolean resolve_property(const Rig *rig, const RigMachine *machine, unsigned index,
                                 GError **error)
{
    const char *property = g_ptr_array_index(machine->properties, index);
    g_autofree char *name = g_strndup(property, strcspn(property, "="));
    unsigned line = g_array_index(machine->property_lines, unsigned, index);

    for (gsize i = 0; i < G_N_ELEMENTS(key_of_property); i++) {
        if (g_str_equal(name, key_of_property[i].property)) {
            return rig_fail_at(rig, line, error, "property '%s' is what the key '%s' sets", name,
                               key_of_property[i].key);
        }
    }
    return machine->imu || !g_str_has_prefix(name, "imu-") ||
           rig_fail_at(rig, line, error,
                       "property '%s' is of an imu, and machine %s has no key 'imu'", name,
                       machine->name);
}

static gboolean resolve_symbols(const Rig *rig, const RigMachine *machine, GError **error)
{
    for (unsigned i = 0; i < machine->symbols->len; i++) {
        const RigSymbols *symbols = g_ptr_array_index(machine->symbols, i);

        if (model_find_core(machine->model, symbols->core) < 0) {
            g_autofree char *cores = model_core_names(machine->model);

            return rig_fail_at(rig, symbols->line, error, "a %s has no core '%s', it has %s",
                               machine->model->name, symbols->core, cores);
        }
    }
    return TRUE;
}

static gboolean resolve_machine(const Rig *rig, const RigMachine *machine, GError **error)
{
    if (!machine->model || (machine->images->len == 0 && !machine->kept[KEPT_FLASH].path)) {
        return rig_fail_at(rig, machine->line, error, "machine %s has no '%s'", machine->name,
                           machine->model ? "image" : "model");
    }
    if (!resolve_vector_table(rig, machine, error) || !resolve_cycles(rig, machine, error) ||
        !resolve_kept(rig, machine, error)) {
        return FALSE;
    }
    if (machine->imu && !model_has_imu_bus(machine->model, machine->imu)) {
        return rig_fail_at(rig, machine->imu_line, error, "a %s has no bus '%s' for an imu",
                           machine->model->name, machine->imu);
    }
    for (unsigned i = 0; i < machine->properties->len; i++) {
        if (!resolve_property(rig, machine, i, error)) {
            return FALSE;
        }
    }
    return resolve_symbols(rig, machine, error);
}

gboolean rig_resolve(Rig *rig, unsigned last_line, GError **error)
{
    g_autoptr(GHashTable) used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    unsigned wires = rig->links->len;

    if (rig->machines->len == 0) {
        return rig_fail_at(rig, last_line, error, "no [machine NAME] section: a rig needs one");
    }
    for (unsigned i = 0; i < rig->machines->len; i++) {
        if (!resolve_machine(rig, rig_machine(rig, i), error)) {
            return FALSE;
        }
        wires += rig_machine(rig, i)->consoles->len;
    }
    for (unsigned i = 0; i < rig->links->len; i++) {
        if (!resolve_link(rig, rig_link(rig, i), used, error)) {
            return FALSE;
        }
    }
    for (unsigned i = 0; i < rig->machines->len; i++) {
        if (!resolve_consoles(rig, rig_machine(rig, i), used, error)) {
            return FALSE;
        }
    }
    for (unsigned i = 0; i < rig->sas->len; i++) {
        if (!resolve_sa(rig, rig_sa(rig, i), error)) {
            return FALSE;
        }
    }
    if (wires > WIRE_WIRES_MAX) {
        return rig_fail_at(rig, last_line, error, "%u links and consoles; at most %d are possible",
                           wires, WIRE_WIRES_MAX);
    }
    return TRUE;
}
