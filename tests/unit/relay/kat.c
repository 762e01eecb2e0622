/*
 * Reader of known-answer files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *kat_directory;

static void could_not_run(const char *what, const char *name)
{
    fprintf(stderr, "test_relay: %s: %s\n", name, what);
    exit(2);
}

void kat_open(struct kat *kat, const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", kat_directory, name);
    kat->file = fopen(path, "r");
    if (kat->file == NULL) {
        could_not_run("cannot be opened", path);
    }
}

bool kat_next(struct kat *kat)
{
    char line[sizeof(kat->field[0].text)];
    kat->field_count = 0;
    while (fgets(line, sizeof(line), kat->file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '\0') {
            if (kat->field_count > 0) {
                return true;
            }
            continue;
        }
        char *value = strstr(line, " =");
        if (value == NULL || value - line >= (ptrdiff_t)sizeof(kat->field[0].name) ||
            kat->field_count == KAT_FIELDS_MAX) {
            could_not_run("not a line of a known-answer file", line);
        }
        *value = '\0';
        value += strspn(value + 1, " =") + 1;
        struct kat_field *field = &kat->field[kat->field_count++];
        strcpy(field->name, line); /* checked above; the value is shorter than the line */
        strcpy(field->text, value);
    }
    if (kat->field_count == 0) {
        fclose(kat->file);
    }
    return kat->field_count > 0;
}

const char *kat_text(const struct kat *kat, const char *name)
{
    for (size_t i = 0; i < kat->field_count; i++) {
        if (strcmp(kat->field[i].name, name) == 0) {
            return kat->field[i].text;
        }
    }
    could_not_run("no such field in the record", name);
    return NULL;
}

size_t kat_octets(const struct kat *kat, const char *name, uint8_t *octets)
{
    const char *text = kat_text(kat, name);
    size_t count = strlen(text) / 2;
    for (size_t i = 0; i < count; i++) {
        unsigned octet;
        if (sscanf(text + 2 * i, "%2x", &octet) != 1) {
            could_not_run("not hex", name);
        }
        octets[i] = (uint8_t)octet;
    }
    return count;
}

uint64_t kat_integer(const struct kat *kat, const char *name)
{
    uint8_t octets[KAT_OCTETS_MAX];
    uint64_t value = 0;
    for (size_t i = kat_octets(kat, name, octets); i-- > 0;) {
        value = value << 8 | octets[i];
    }
    return value;
}
