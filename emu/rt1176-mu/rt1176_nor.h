/*
 * A serial NOR flash as it hangs on FlexSPI1: an octal part of the Macronix
 * MX25UM class with 16 MiB, whose contents the cores also see as memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_NOR_H
#define HW_MEWS_RT1176_NOR_H

#include "exec/memory.h"
#include "migration/vmstate.h"
#include "qemu/timer.h"

#define RT1176_NOR_PAGE_SIZE 256
#define RT1176_NOR_SECTOR_SIZE 0x1000
#define RT1176_NOR_BLOCK_SIZE 0x10000

typedef struct Rt1176Nor {
    MemoryRegion *memory; /* a ROM device: reads fail while it is busy */
    QEMUTimer *ready;

    bool selected;
    bool octal;          /* commands of two octets, addresses of four */
    bool write_enabled;  /* WEL */
    bool reset_enabled;  /* 0x66 came last */
    bool complete;       /* command and address are in */
    int64_t busy_end_ns; /* WIP until then */
    uint32_t octets;     /* that came since it was selected */
    uint32_t data_octets;
    uint8_t command;
    uint32_t address;
    uint8_t page[RT1176_NOR_PAGE_SIZE]; /* what is to be programmed */
} Rt1176Nor;

/* @memory may be NULL: there is none then. */
void rt1176_nor_init(Rt1176Nor *nor, MemoryRegion *memory);
/* Its power-on state: single-bit commands, nothing enabled. */
void rt1176_nor_reset(Rt1176Nor *nor);

/* Chip select goes low; high again: what was asked for is done. */
void rt1176_nor_select(Rt1176Nor *nor);
void rt1176_nor_deselect(Rt1176Nor *nor);
/* An octet to it, and one from it. */
void rt1176_nor_write(Rt1176Nor *nor, uint8_t octet);
uint8_t rt1176_nor_read(Rt1176Nor *nor);

/* Whether it programs or erases now. */
bool rt1176_nor_busy(const Rt1176Nor *nor);

extern const VMStateDescription rt1176_vmstate_nor;

#endif
