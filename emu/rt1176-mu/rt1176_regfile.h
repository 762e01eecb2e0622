/*
 * A block of registers of the i.MX RT1176 that is described by a table: reset
 * values, writable bits, write-1-to-clear bits, locks (IMXRT1170RM, the
 * register chapters).  Blocks whose registers do more have a hook for reads
 * and one for writes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_REGFILE_H
#define HW_MEWS_RT1176_REGFILE_H

#include "hw/sysbus.h"
#include "qemu/notify.h"
#include "qom/object.h"

/* The common base: abstract. */
#define TYPE_RT1176_REGISTER_FILE "rt1176-register-file"
OBJECT_DECLARE_TYPE(Rt1176RegisterFile, Rt1176RegisterFileClass,
                    RT1176_REGISTER_FILE)

/* What keeps bits of a register from being written. */
typedef enum Rt1176RegisterLock {
    RT1176_NO_LOCK,
    /*
     * Bits 29:28, DWP: the core whose bit is set may not write; bits 31:30,
     * DWP_LOCK: what is set there stays, and so does the DWP bit below it.
     */
    RT1176_DOMAIN_LOCK,
    RT1176_LOCK_BIT_0,    /* once set bits 31:0 cannot be written */
    RT1176_LOCK_HIGH_HALF /* bit n + 16 once set bit n cannot be written */
} Rt1176RegisterLock;

/* @count registers from offset @first on, @step (0: 4) apart. */
typedef struct Rt1176RegisterRow {
    uint32_t first;
    uint16_t count;
    uint32_t reset;
    uint32_t writable;
    uint32_t w1c;
    Rt1176RegisterLock lock;
    uint16_t step;
    bool set_clear_toggle; /* SET, CLR and TOG addresses follow, 4 apart */
} Rt1176RegisterRow;

typedef struct Rt1176RegisterMap {
    const char *desc;
    uint32_t size;        /* offset behind the last register */
    uint32_t region_size; /* of the block in the memory map; 0: 16 KiB */
    bool outlives_resets; /* all but a power-on reset */
    bool log_writes;      /* LOG_UNIMP, once: nothing follows from a write */
    const Rt1176RegisterRow *row;
    unsigned rows;
} Rt1176RegisterMap;

struct Rt1176RegisterFile {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    uint32_t *regs;
    uint32_t words;
    NotifierList changed;
    bool logged;
    bool reset_before;
};

struct Rt1176RegisterFileClass {
    SysBusDeviceClass parent_class;

    const Rt1176RegisterMap *map;
    /* What a read of @offset gives, whose bits are @value; may be NULL. */
    uint32_t (*read)(Rt1176RegisterFile *s, hwaddr offset, uint32_t value);
    /* The register at @offset has been written, was @old; may be NULL. */
    void (*written)(Rt1176RegisterFile *s, hwaddr offset, uint32_t old,
                    uint32_t data);
    /* Whether an access ends without a bus error; may be NULL: all do. */
    bool (*may_access)(Rt1176RegisterFile *s, MemTxAttrs attrs);
};

/* What a notifier is told: the register at @offset has changed. */
typedef struct Rt1176RegisterChange {
    Rt1176RegisterFile *file;
    hwaddr offset;
    uint32_t old;
    uint32_t value;
} Rt1176RegisterChange;

/* The register at @offset, which exists. */
uint32_t rt1176_register_file_get(Rt1176RegisterFile *s, hwaddr offset);

/* Set it as hardware does: no lock, no notification. */
void rt1176_register_file_set(Rt1176RegisterFile *s, hwaddr offset,
                              uint32_t value);

/*
 * @notifier is called with a Rt1176RegisterChange after each change of a
 * register, those of a reset included.
 */
void rt1176_register_file_notify(Rt1176RegisterFile *s, Notifier *notifier);

/* In the VMState of a device that is a register file and has more. */
extern const VMStateDescription rt1176_vmstate_register_file;
#define RT1176_VMSTATE_REGISTERS(field, state) \
    VMSTATE_STRUCT(field, state, 1, rt1176_vmstate_register_file, \
                   Rt1176RegisterFile)

/* For the table of types of a block without hooks: class_data is its map. */
void rt1176_register_file_map_class_init(ObjectClass *klass, void *data);

#endif
