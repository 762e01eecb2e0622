/*
 * Reader of known-answer files: records of "Name = hex" lines, separated by blank lines
 * (tests/vectors/generate.py).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RELAY_KAT_H
#define TESTS_RELAY_KAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KAT_FIELDS_MAX 24
#define KAT_OCTETS_MAX 640

struct kat_field {
    char name[32];
    char text[2 * KAT_OCTETS_MAX + 1];
};

struct kat {
    void *file;
    size_t field_count;
    struct kat_field field[KAT_FIELDS_MAX];
};

/* Directory of the vectors: the first argument of the program. */
extern const char *kat_directory;

/* Open a file of the directory; a file that is missing ends the program with 2. */
void kat_open(struct kat *kat, const char *name);

/* The next record; false at the end, and the file is closed. */
bool kat_next(struct kat *kat);

/* A field as text, as octets (returns their number), as a little-endian integer. */
const char *kat_text(const struct kat *kat, const char *name);
size_t kat_octets(const struct kat *kat, const char *name, uint8_t *octets);
uint64_t kat_integer(const struct kat *kat, const char *name);

#endif
