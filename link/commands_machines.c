/*
 * Requests about one machine: its memory and registers, halt, resume, reset; see
 * commands.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands_internal.h"
#include "hex.h"

#define READ_MAX    (1024 * 1024)
#define ADDRESS_MAX 0xffffffffll
#define WORDS_MAX   4096

/* The index of the core whose view is asked for; the first one's, unless another is named. */
static gboolean read_core(const Machine *machine, JsonObject *request, unsigned *core,
                          GError **error)
{
    const Model *model = machine->rig->model;
    g_autofree char *cores = NULL;
    const char *name = model->core[0].name;
    int index;

    if (!key_string(request, "core", KEY_OPTIONAL, &name, error)) {
        return FALSE;
    }
    index = model_find_core(model, name);
    if (index < 0) {
        cores = model_core_names(model);
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "machine %s has no core '%s', it has %s",
                         machine->rig->name, name, cores);
    }
    *core = (unsigned)index;
    return TRUE;
}

static gboolean read_address(Machine *machine, JsonObject *request, guint32 *address,
                             GError **error)
{
    const char *symbol = NULL;
    gint64 number = 0;

    if (key_present(request, "symbol") == key_present(request, "address")) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "one of 'symbol' and 'address' is needed");
    }
    if (key_present(request, "symbol")) {
        return key_string(request, "symbol", KEY_REQUIRED, &symbol, error) &&
               load_address(machine->load, symbol, address, error);
    }
    if (!key_int(request, "address", KEY_REQUIRED, 0, ADDRESS_MAX, &number, error)) {
        return FALSE;
    }
    *address = (guint32)number;
    return TRUE;
}

static gboolean read_size(JsonObject *request, gint64 *size, gboolean *as_value, GError **error)
{
    *as_value = !key_present(request, "length");
    *size = sizeof(guint32);
    if (!*as_value && key_present(request, "size")) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "one of 'size' and 'length', not both");
    }
    if (!*as_value) {
        return key_int(request, "length", KEY_REQUIRED, 1, READ_MAX, size, error);
    }
    if (!key_int(request, "size", KEY_OPTIONAL, 1, 4, size, error)) {
        return FALSE;
    }
    return *size != 3 || mews_fail(error, MEWS_ERROR_BAD_VALUE, "'size' is 1, 2 or 4");
}

/*
 * Reading a device may change it (a data register is emptied), so a replay has
 * to read there, too.  Device regions of the ARMv7-M memory map (B3.1).
 */
static gboolean is_device(guint32 address)
{
    guint32 region = address >> 29;

    return region == 2 || region == 5 || region == 6 || region == 7;
}

static gboolean read_addresses(JsonObject *request, GArray *addresses, GError **error)
{
    JsonNode *node = json_object_get_member(request, "addresses");
    JsonArray *list = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    guint length = list ? json_array_get_length(list) : 0;

    for (guint i = 0; i < length; i++) {
        JsonNode *item = json_array_get_element(list, i);
        gint64 number = JSON_NODE_HOLDS_VALUE(item) ? json_node_get_int(item) : -1;
        guint32 address = (guint32)number;

        if (json_node_get_value_type(item) != G_TYPE_INT64 || number != address || address % 4) {
            length = 0;
            break;
        }
        g_array_append_val(addresses, address);
    }
    return (length && length <= WORDS_MAX) ||
           mews_fail(error, MEWS_ERROR_BAD_VALUE,
                     "'addresses' is a list of up to %d multiples of 4", WORDS_MAX);
}

/* The words at "addresses", in this order, at one time. */
static gboolean read_words(Daemon *daemon, Machine *machine, unsigned core, JsonObject *request,
                           JsonObject *answer, GError **error)
{
    g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(JsonArray) values = json_array_new();
    gboolean of_device = FALSE;

    if (key_present(request, "symbol") || key_present(request, "address") ||
        key_present(request, "size") || key_present(request, "length")) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE,
                         "'addresses' takes only 'core' and 'wait' beside it");
    }
    if (!read_addresses(request, addresses, error)) {
        return FALSE;
    }
    for (guint i = 0, count; i < addresses->len; i += count) {
        const guint32 *address = &g_array_index(addresses, guint32, i);
        guint32 word[WORDS_MAX];

        for (count = 1; i + count < addresses->len && address[count] == *address + 4 * count;) {
            count++;
        }
        if (!machine_read(machine, core, *address, (guint8 *)word, 4 * count, error)) {
            return FALSE;
        }
        for (guint n = 0; n < count; n++) {
            json_array_add_int_element(values, GUINT32_FROM_LE(word[n]));
            of_device = of_device || is_device(address[n]);
        }
    }
    if (daemon->record && of_device) {
        record_command(daemon->record, daemon->now_ns, request);
    }
    json_object_set_array_member(answer, "values", g_steal_pointer(&values));
    json_object_set_int_member(answer, "time_ns", daemon->now_ns);
    return TRUE;
}

gboolean command_read(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Machine *machine = request_machine(daemon, request, error);
    g_autofree guint8 *data = NULL;
    gboolean as_value;
    guint32 address;
    unsigned core = 0;
    gint64 size;

    if (!machine || !read_core(machine, request, &core, error)) {
        return FALSE;
    }
    if (key_present(request, "addresses")) {
        return read_words(daemon, machine, core, request, answer, error);
    }
    if (!read_address(machine, request, &address, error) ||
        !read_size(request, &size, &as_value, error)) {
        return FALSE;
    }
    data = g_malloc((gsize)size);
    if (!machine_read(machine, core, address, data, (gsize)size, error)) {
        return FALSE;
    }
    if (daemon->record && is_device(address)) {
        record_command(daemon->record, daemon->now_ns, request);
    }
    json_object_set_int_member(answer, "address", address);
    if (as_value) {
        gint64 value = 0;

        for (gint64 i = size; i-- > 0;) {
            value = value << 8 | data[i];
        }
        json_object_set_int_member(answer, "value", value);
    } else {
        g_autofree char *hex = hex_encode(data, (gsize)size);

        json_object_set_string_member(answer, "hex", hex);
    }
    return TRUE;
}

gboolean command_registers(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Machine *machine = request_machine(daemon, request, error);
    JsonObject *registers = machine ? machine_registers(machine, error) : NULL;

    if (!registers) {
        return FALSE;
    }
    json_object_set_object_member(answer, "registers", registers);
    return TRUE;
}

gboolean command_halt(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Machine *machine = request_machine(daemon, request, error);

    (void)answer;
    return machine && machine_hold(machine, TRUE, error);
}

gboolean command_resume(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Machine *machine = request_machine(daemon, request, error);

    (void)answer;
    return machine && machine_hold(machine, FALSE, error);
}

gboolean command_reset(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Machine *machine = request_machine(daemon, request, error);
    unsigned index;

    (void)answer;
    if (!machine || !machine_reset(machine, error)) {
        return FALSE;
    }
    /* a receiver's replay window lives in its RAM; the tap sees as it sees */
    index = (unsigned)rig_find_machine(daemon->rig, machine->rig->name);
    for (guint i = 0; i < daemon->links->len; i++) {
        for (unsigned e = 0; e < 2; e++) {
            if (rig_link(daemon->rig, i)->end[e].machine == index) {
                frames_reset_receiver(g_ptr_array_index(daemon->links, i), e);
            }
        }
    }
    return TRUE;
}
