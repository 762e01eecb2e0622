/*
 * The description of a part's registers (docs/registers.md): blocks, registers
 * and fields by name and by address, and words decoded into fields.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_REGISTERS_H
#define MEWS_LINK_REGISTERS_H

#include <json-glib/json-glib.h>

/* FIELD=NUMBER or FIELD!=NUMBER; field NULL: no condition. */
typedef struct RegisterCondition {
    char *register_name; /* NULL: of the same register */
    char *field;
    gboolean equal;
    guint32 number;
} RegisterCondition;

typedef struct RegisterField {
    char *name;
    unsigned low, width;
    char **values; /* what they mean, or NULL; not ours */
    RegisterCondition condition;
} RegisterField;

typedef struct Register {
    char *name;
    guint32 offset;
    unsigned size;    /* octets: 1, 2 or 4 */
    gboolean alias;   /* another register's address to set, clear or toggle its bits */
    const char *read; /* what a read does besides; NULL: nothing */
    RegisterCondition read_if;
    GPtrArray *fields; /* RegisterField * */
} Register;

typedef struct RegisterBlock {
    const char *name;
    guint32 base;
    const char *manual;   /* "RM0041 23.6" */
    GPtrArray *registers; /* Register *, by offset; not ours */
} RegisterBlock;

typedef struct Registers Registers;

/* The description @part ("stm32f100") in @folder; NULL: could-not-run. */
Registers *registers_load(const char *folder, const char *part, GError **error);
void registers_free(Registers *registers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Registers, registers_free)

/* By name, whatever its case; NULL: there is none. */
const RegisterBlock *registers_block(const Registers *registers, const char *name);
const Register *registers_find(const RegisterBlock *block, const char *name);
/* The block and register that contains @address; NULL: there is none. */
const Register *registers_at(const Registers *registers, guint32 address,
                             const RegisterBlock **block);
/* All blocks (RegisterBlock *), as described. */
const GPtrArray *registers_blocks(const Registers *registers);
/*
 * What may have been meant by @name, which is no block, and how all are listed:
 * "; near it: LPUART1; 'mews regs --list mimxrt1176' names all 98"; free it.
 */
char *registers_hint(const Registers *registers, const char *name);
/* "; near it: CR1, CR2" for a register that @block has not, or nothing. */
char *registers_hint_in(const RegisterBlock *block, const char *name);
/* Octets from the block's base to the end of its last register. */
guint32 registers_size(const RegisterBlock *block);

const RegisterField *register_field(const Register *entry, const char *name);
/* Of the condition's field in @word, a word of the register that it asks for. */
gboolean register_condition_holds(const RegisterCondition *condition, const Register *asked,
                                  guint32 word);
/* Whether @word has @field: the other fields meet its condition. */
gboolean register_has_field(const Register *entry, const RegisterField *field, guint32 word);
guint32 register_value(const RegisterField *field, guint32 word);
/* " UE=1 STOP=2 (2)": the fields that are not 0; nothing for a register that is one number. */
void register_decode(const Register *entry, guint32 word, GString *text);
/* "2 (2)", "0x1f": one field's value and what that means. */
void register_value_text(const RegisterField *field, guint32 value, GString *text);

#endif
