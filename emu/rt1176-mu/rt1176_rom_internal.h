/*
 * What the files of the boot ROM share: rt1176_rom.c (what is in it, the start
 * of the Cortex-M7), rt1176_rom_nor.c (the FlexSPI NOR driver of its API).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_ROM_INTERNAL_H
#define HW_MEWS_RT1176_ROM_INTERNAL_H

#include "rt1176_rom.h"

/* Functions of the API. */
typedef enum Rt1176RomCall {
    ROM_RUN_BOOTLOADER,
    ROM_INIT,         /* instance, config */
    ROM_PAGE_PROGRAM, /* instance, config, address in flash, source */
    ROM_ERASE_ALL,    /* instance, config */
    ROM_ERASE,        /* instance, config, address, length */
    ROM_READ,         /* instance, config, destination, address, octets */
    ROM_CLEAR_CACHE,  /* instance */
    ROM_XFER,         /* instance, transfer */
    ROM_UPDATE_LUT,   /* instance, sequence, words, sequences */
    ROM_GET_CONFIG,   /* instance, config, option */
    ROM_ERASE_SECTOR, /* instance, config, address */
    ROM_ERASE_BLOCK,  /* instance, config, address */
    ROM_WAIT_BUSY,    /* instance, config, parallel, address */
    ROM_CALLS
} Rt1176RomCall;

/* What the core is to do: the values of the door's PHASE. */
enum { PHASE_DONE, PHASE_BUSY, PHASE_TAKE, PHASE_GIVE };

/* The core calls function @call with s->argument. */
void rt1176_rom_call(Rt1176RomState *s, uint32_t call);
/* What the core is to do now: it asks until this is PHASE_DONE. */
uint32_t rt1176_rom_phase(Rt1176RomState *s);
/* The word that the core has read at s->address. */
void rt1176_rom_take(Rt1176RomState *s, uint32_t word);
/* The word that the core is to write to s->address. */
uint32_t rt1176_rom_give(Rt1176RomState *s);
/* No call is under way. */
void rt1176_rom_forget(Rt1176RomState *s);

#endif
