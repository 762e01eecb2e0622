/*
 * FlexRAM: 512 KiB of the Cortex-M7's memory in 16 banks, each of which is
 * ITCM, DTCM, OCRAM or off (IMXRT1170RM, chapter "FlexRAM").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_FLEXRAM_H
#define HW_MEWS_RT1176_FLEXRAM_H

#include "rt1176_regfile.h"

#define TYPE_RT1176_FLEXRAM "rt1176-flexram"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176FlexramState, RT1176_FLEXRAM)

#define RT1176_FLEXRAM_BANKS 16
#define RT1176_FLEXRAM_BANK_SIZE 0x8000

typedef enum Rt1176FlexramSpace {
    RT1176_FLEXRAM_ITCM,
    RT1176_FLEXRAM_DTCM,
    RT1176_FLEXRAM_OCRAM,
    RT1176_FLEXRAM_SPACES
} Rt1176FlexramSpace;

/* Interrupt outputs. */
enum { RT1176_FLEXRAM_IRQ, RT1176_FLEXRAM_ECC_IRQ, RT1176_FLEXRAM_IRQS };

/* Where accesses that no bank answers end. */
typedef struct Rt1176FlexramHole {
    Rt1176FlexramState *flexram;
    MemoryRegion iomem;
    uint32_t error; /* bit of INT_STATUS */
} Rt1176FlexramHole;

struct Rt1176FlexramState {
    Rt1176RegisterFile parent_obj;

    Rt1176RegisterFile *gpr; /* link: IOMUXC_GPR */
    /*
     * Before realize: banks 0 to 7, banks 8 to 15, the RAM that holds check
     * bits with ECC on; what the M7 alone sees, and what everybody does.
     */
    MemoryRegion *half[2];
    MemoryRegion *ecc_ram;
    MemoryRegion *m7_view;
    MemoryRegion *system;

    MemoryRegion space[RT1176_FLEXRAM_SPACES];
    Rt1176FlexramHole hole[RT1176_FLEXRAM_SPACES];
    MemoryRegion bank[RT1176_FLEXRAM_BANKS];
    MemoryRegion ecc_alias;
    Notifier gpr_changed;
    qemu_irq irq[RT1176_FLEXRAM_IRQS];
};

#endif
