/*
 * Rig files (docs/rig-files.md): read one, check it, and say where it is wrong.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEWS_LINK_RIG_H
#define MEWS_LINK_RIG_H

#include <glib.h>
#include "kept.h"

#define RIG_KEY_SIZE 16

typedef struct RigImage {
    char *path;   /* ready to be opened */
    gboolean raw; /* it belongs at @at; else an ELF file, which says so itself */
    guint32 at;
    unsigned line;
} RigImage;

/* Where a debugger finds the symbols of a core that has an image of its own. */
typedef struct RigSymbols {
    char *core;
    char *path; /* of an ELF file, ready to be opened */
    unsigned line;
} RigSymbols;

/* A file that keeps something from run to run. */
typedef struct RigKept {
    char *path; /* ready to be opened, or NULL */
    unsigned line;
} RigKept;

typedef struct RigMachine {
    char *name;
    const char *rig_path; /* that describes it; the Rig's */
    const Model *model;
    GPtrArray *images;  /* RigImage * */
    GPtrArray *symbols; /* RigSymbols * */
    RigKept kept[KEPT_COUNT];
    char *imu;         /* bus of its inertial sensor ("lpspi1"), or NULL */
    char *imu_samples; /* path of what that feels, or NULL */
    guint32 vector_table;
    gboolean has_vector_table;
    unsigned cycles_percent; /* cycles of the core that an instruction takes, in hundredths */
    GPtrArray *consoles;     /* char *: UARTs */
    GPtrArray *properties;   /* char *: NAME=VALUE */
    GArray *property_lines;  /* unsigned: of each */
    unsigned line;           /* of its section */
    unsigned imu_line;
    unsigned vector_table_line, cycles_line;
} RigMachine;

typedef struct RigEnd {
    unsigned machine; /* index */
    char *uart;
} RigEnd;

typedef struct RigLink {
    char *name;
    RigEnd end[2];
    char *ends_text;
    unsigned line, ends_line;
} RigLink;

typedef enum RigSaMode { RIG_SA_MAC, RIG_SA_AEAD } RigSaMode;

/* A relay-sec security association: one direction of one link. */
typedef struct RigSa {
    char *name;
    char *link_text, *from_text;
    unsigned link_line, from_line, line;
    unsigned link;     /* index */
    unsigned from_end; /* 0 or 1: which end of the link sends with it */
    guint16 spi;
    guint8 key[RIG_KEY_SIZE];
    RigSaMode mode;
    gboolean has_spi, has_key, has_mode;
} RigSa;

typedef struct Rig {
    char *path;
    char *folder;
    char *name;
    gint64 quantum_ns;
    GPtrArray *machines; /* RigMachine * */
    GPtrArray *links;    /* RigLink * */
    GPtrArray *sas;      /* RigSa * */
} Rig;

/*
 * Read the rig file @path.  NULL and one line in @error, "FILE:LINE: what is
 * wrong and what was expected", when it cannot be used.
 */
Rig *rig_load(const char *path, GError **error);
void rig_free(Rig *rig);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rig, rig_free)

/*
 * Put the place in front of @error, which is about this line of @machine's
 * section: "FILE:LINE: machine NAME: "; returns FALSE.
 */
gboolean rig_blame(const RigMachine *machine, unsigned line, GError **error);

RigMachine *rig_machine(const Rig *rig, unsigned index);
RigImage *rig_image(const RigMachine *machine, unsigned index);
RigLink *rig_link(const Rig *rig, unsigned index);
RigSa *rig_sa(const Rig *rig, unsigned index);
/* Index of the machine or link with this name, or -1. */
int rig_find_machine(const Rig *rig, const char *name);
int rig_find_link(const Rig *rig, const char *name);

#endif
