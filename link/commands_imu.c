/*
 * Request about what an inertial sensor feels; see commands.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands_internal.h"

#define AXES         3
#define AT_REST_G    9.80665 /* m/s^2 */
#define ROOM_CELSIUS 25

static gboolean read_number(JsonNode *node, double *value)
{
    if (!JSON_NODE_HOLDS_VALUE(node) || (json_node_get_value_type(node) != G_TYPE_INT64 &&
                                         json_node_get_value_type(node) != G_TYPE_DOUBLE)) {
        return FALSE;
    }
    *value = json_node_get_double(node);
    return TRUE;
}

/* A list of three numbers; @axes stays as it is without the key. */
static gboolean read_axes(JsonObject *request, const char *key, double *axes, GError **error)
{
    JsonNode *node = json_object_get_member(request, key);
    JsonArray *list = node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    gboolean right = !node || (list && json_array_get_length(list) == AXES);

    for (guint i = 0; right && list && i < AXES; i++) {
        right = read_number(json_array_get_element(list, i), &axes[i]);
    }
    return right || mews_fail(error, MEWS_ERROR_BAD_VALUE, "'%s' is a list of three numbers", key);
}

static void append_number(GString *text, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_printf(text, ",%s", g_ascii_dtostr(digits, sizeof(digits), value));
}

/* A sample from now on, or from "at_ns" on; a key that is missing is as at rest. */
gboolean command_imu(Daemon *daemon, JsonObject *request, JsonObject *answer, GError **error)
{
    Machine *machine = request_machine(daemon, request, error);
    JsonNode *temperature = json_object_get_member(request, "temperature");
    double accel[AXES] = {0, 0, AT_REST_G}, gyro[AXES] = {0}, celsius = ROOM_CELSIUS;
    g_autoptr(GString) line = NULL;
    gint64 at_ns = daemon->now_ns;

    if (!machine || !request_at(daemon, request, &at_ns, error) ||
        !read_axes(request, "accel", accel, error) || !read_axes(request, "gyro", gyro, error)) {
        return FALSE;
    }
    if (temperature && !read_number(temperature, &celsius)) {
        return mews_fail(error, MEWS_ERROR_BAD_VALUE, "'temperature' is a number");
    }
    line = g_string_new(NULL);
    g_string_append_printf(line, "%" G_GINT64_FORMAT, at_ns);
    for (guint i = 0; i < AXES; i++) {
        append_number(line, accel[i]);
    }
    for (guint i = 0; i < AXES; i++) {
        append_number(line, gyro[i]);
    }
    append_number(line, celsius);
    json_object_set_int_member(answer, "start_ns", at_ns);
    return machine_push_imu(machine, line->str, error);
}
