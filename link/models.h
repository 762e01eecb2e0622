/*
 * What the daemon must know of each QEMU machine: how its virtual time runs,
 * which UARTs it has, where an image may lie (as the machine itself checks:
 * emu/stm32f100/stm32f100_image.c, emu/rt1176-mu/rt1176_boot.c), and which of
 * its properties leave the part behind (docs/compatibility.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_MODELS_H
#define MEWS_LINK_MODELS_H

#include <glib.h>

typedef struct ModelMemory {
    guint32 address;
    guint32 size;
    const char *name;
} ModelMemory;

#define MODEL_MEMORIES_MAX 9

/* A machine property that makes a machine more generous than its part. */
typedef struct ModelLicence {
    const char *property;
    guint64 value;
    gboolean if_equal; /* it does so with this value; else with any other one */
} ModelLicence;

#define MODEL_CORES_MAX 2

/* A core, as a debugger calls it; the emulator has them in this order. */
typedef struct ModelCore {
    const char *name;
    guint32 held_address, held_mask; /* the register and bit that say it is held in reset; or 0 */
} ModelCore;

typedef struct Model {
    const char *name;
    unsigned cycle_num, cycle_den; /* ns of a cycle of the first core */
    const char *icount;            /* argument of -icount, behind the rate */
    const char *uart;              /* "usart": usart<uart_first>..usart<uart_last> */
    unsigned uart_first, uart_last;
    ModelMemory flash;                            /* what an image is loaded to */
    guint32 option_bytes;                         /* octets, complements included; 0: it has none */
    const char *debug_property;                   /* with it also to any of debug_memory; or NULL */
    ModelMemory debug_memory[MODEL_MEMORIES_MAX]; /* ends at size 0 */
    gboolean vector_table;               /* the core can start from any (no boot ROM finds it) */
    const ModelLicence *licences;        /* ends at property NULL; or NULL */
    unsigned imu_buses;                  /* LPSPIs, which an inertial sensor may be on */
    const char *registers;               /* registers/NAME.json describes them */
    ModelCore core[MODEL_CORES_MAX + 1]; /* ends at name NULL */
} Model;

/* What images may lie in, as the properties of a machine have it. */
typedef struct ModelMemories {
    const Model *model;
    ModelMemory memory[MODEL_MEMORIES_MAX + 1]; /* flash first; ends at size 0 */
    gboolean alias;                             /* flash is also what begins at address 0 */
    const char *closed;                         /* the property that would open more; or NULL */
} ModelMemories;

/* NULL when there is no such model. */
const Model *model_find(const char *name);
/* Whether registers/NAME.json describes some model. */
gboolean model_is_described_by(const char *name);
/* "stm32f100c8, stm32f100rb, mimxrt1176", for messages; free it. */
char *model_names(void);
/* For a machine with these properties (char *: NAME=VALUE). */
ModelMemories model_memories(const Model *model, const GPtrArray *properties);
/* Those of @properties that make the machine more generous than the part; free it. */
GPtrArray *model_licences(const Model *model, const GPtrArray *properties);
gboolean model_has_uart(const Model *model, const char *uart);
/* A bus that an inertial sensor may be on ("lpspi1"). */
gboolean model_has_imu_bus(const Model *model, const char *bus);
/* Its index in core[], -1: there is none. */
int model_find_core(const Model *model, const char *name);
/* "cm7, cm4", for messages; free it. */
char *model_core_names(const Model *model);
/* The argument of -icount for a core of so many cycles an instruction, in hundredths; free it. */
char *model_icount(const Model *model, unsigned cycles_percent);

#endif
