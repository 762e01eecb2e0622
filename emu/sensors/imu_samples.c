/*
 * Samples for an inertial sensor; see imu_samples.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include <math.h>
#include "qemu/cutils.h"
#include "imu_samples.h"

#define COLUMNS 8
#define MAGNITUDE_MAX 1e6 /* of any value; what is above it is a slip */

static const char *const column_name[COLUMNS] = {
    "time_ns", "accel_x", "accel_y", "accel_z",
    "gyro_x",  "gyro_y",  "gyro_z",  "temperature",
};

static const ImuSample at_rest = {
    .time_ns = INT64_MIN,
    .accel = { 0, 0, 9.80665 },
    .temperature = 25,
};

void imu_samples_init(ImuSamples *samples)
{
    samples->file = g_array_new(false, false, sizeof(ImuSample));
    samples->pushed = g_array_new(false, false, sizeof(ImuSample));
}

void imu_samples_finalize(ImuSamples *samples)
{
    g_array_unref(samples->file);
    g_array_unref(samples->pushed);
}

static bool parse_column(ImuSample *sample, unsigned column, const char *word,
                         Error **errp)
{
    double value = 0;
    int64_t time_ns = 0;
    bool is_number = column ? !qemu_strtod_finite(word, NULL, &value)
                            : !qemu_strtoi64(word, NULL, 10, &time_ns);

    if (!is_number || time_ns < 0 || fabs(value) > MAGNITUDE_MAX) {
        error_setg(errp, "%s: expected %s, found '%s'", column_name[column],
                   column ? "a number of at most 1e6" : "nanoseconds from 0 on",
                   word);
        return false;
    }
    if (column == 0) {
        sample->time_ns = time_ns;
    } else if (column <= 3) {
        sample->accel[column - 1] = value;
    } else if (column <= 6) {
        sample->gyro[column - 4] = value;
    } else {
        sample->temperature = value;
    }
    return true;
}

static bool parse_sample(ImuSample *sample, const char *line, Error **errp)
{
    g_auto(GStrv) words = g_strsplit(line, ",", -1);
    guint count = g_strv_length(words);

    if (count != COLUMNS) {
        error_setg(errp, "expected %u numbers with commas between them, found"
                   " %u", COLUMNS, count);
        return false;
    }
    for (unsigned n = 0; n < COLUMNS; n++) {
        if (!parse_column(sample, n, g_strstrip(words[n]), errp)) {
            return false;
        }
    }
    return true;
}

static const ImuSample *last_of(const GArray *list)
{
    return list->len ? &g_array_index(list, ImuSample, list->len - 1) : NULL;
}

static bool read_line(ImuSamples *samples, char *line, Error **errp)
{
    const ImuSample *last = last_of(samples->file);
    ImuSample sample;

    g_strstrip(line);
    if (!*line || *line == '#') {
        return true;
    }
    if (!parse_sample(&sample, line, errp)) {
        return false;
    }
    if (last && sample.time_ns <= last->time_ns) {
        error_setg(errp, "time_ns: expected more than %" PRId64 ", the line"
                   " before, found %" PRId64, last->time_ns, sample.time_ns);
        return false;
    }
    g_array_append_val(samples->file, sample);
    return true;
}

bool imu_samples_read(ImuSamples *samples, const char *path, Error **errp)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(path, &text, NULL, &why)) {
        error_setg(errp, "%s", why->message);
        return false;
    }
    lines = g_strsplit(text, "\n", -1);
    for (unsigned n = 0; lines[n]; n++) {
        if (!read_line(samples, lines[n], errp)) {
            error_prepend(errp, "%s:%u: ", path, n + 1);
            return false;
        }
    }
    if (!samples->file->len) {
        error_setg(errp, "%s: no sample in it", path);
        return false;
    }
    return true;
}

bool imu_samples_push(ImuSamples *samples, const char *line, int64_t now_ns,
                      Error **errp)
{
    const ImuSample *last = last_of(samples->pushed);
    int64_t earliest_ns = last ? MAX(now_ns, last->time_ns) : now_ns;
    ImuSample sample;

    if (!parse_sample(&sample, line, errp)) {
        return false;
    }
    if (sample.time_ns < earliest_ns) {
        error_setg(errp, "a sample at %" PRId64 " ns comes after %" PRId64
                   " ns (now, or the last one that waits)", sample.time_ns,
                   earliest_ns);
        return false;
    }
    g_array_append_val(samples->pushed, sample);
    return true;
}

/* The last one at or before @time_ns, by halves; NULL: there is none. */
static const ImuSample *find(const GArray *list, int64_t time_ns)
{
    guint low = 0, high = list->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(list, ImuSample, middle).time_ns <= time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low ? &g_array_index(list, ImuSample, low - 1) : NULL;
}

const ImuSample *imu_samples_at(const ImuSamples *samples, int64_t time_ns)
{
    const ImuSample *sample = find(samples->pushed, time_ns);

    if (!sample) {
        sample = find(samples->file, time_ns);
    }
    return sample ? sample : &at_rest;
}
