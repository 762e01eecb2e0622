/*
 * The boot ROM of the i.MX RT1176: it starts the Cortex-M7 after a reset, and
 * its API programs flash (IMXRT1170RM, chapter "System Boot").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_ROM_H
#define HW_MEWS_RT1176_ROM_H

#include "hw/arm/armv7m.h"
#include "rt1176_anadig.h"
#include "rt1176_flexspi.h"

#define TYPE_RT1176_ROM "rt1176-rom"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176RomState, RT1176_ROM)

#define RT1176_ROM_BASE 0x00200000u
#define RT1176_ROM_SIZE 0x00040000u
/* Behind the memory that the ROM uses, 0x20240000 to 0x2024bfff. */
#define RT1176_ROM_STACK 0x2024c000u

#define RT1176_ROM_ARGUMENTS 5
/* The longest that a call takes from or gives to the core's memory. */
#define RT1176_ROM_BUFFER_WORDS 128

/*
 * Sysbus regions: 0: the memory at RT1176_ROM_BASE.  Input "m7-restarted": the
 * M7 alone has been reset.
 */
struct Rt1176RomState {
    SysBusDevice parent_obj;

    ARMv7MState *m7;             /* link */
    Rt1176AnadigState *anadig;   /* link: what it switches on */
    Rt1176FlexspiState *flexspi; /* link: the one that flash is on */
    MemoryRegion *flash;         /* before realize */
    bool starts;                 /* property: there is something in flash */

    MemoryRegion container;
    MemoryRegion code;
    MemoryRegion door;

    /* The call that is under way. */
    uint32_t argument[RT1176_ROM_ARGUMENTS];
    uint32_t call;
    uint32_t stage;
    uint32_t phase;
    uint32_t address;        /* where the core reads or writes next */
    uint32_t words_left;
    uint32_t words_done;
    uint32_t result;
    uint32_t flash_address;  /* where the call goes on in flash */
    uint32_t octets_left;    /* of a read or an erase */
    uint32_t buffer[RT1176_ROM_BUFFER_WORDS];
    uint32_t page_size;      /* of the configuration that came with it */
    uint32_t sector_size;
};

#endif
