/*
 * FlexSPI1 and FlexSPI2 (IMXRT1170RM, chapter "FlexSPI Controller"): IP
 * commands from the lookup table to the flash on port A1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_FLEXSPI_H
#define HW_MEWS_RT1176_FLEXSPI_H

#include "rt1176_nor.h"
#include "rt1176_regfile.h"

#define TYPE_RT1176_FLEXSPI "rt1176-flexspi"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176FlexspiState, RT1176_FLEXSPI)

#define RT1176_FLEXSPI_FIFO_SIZE 256
#define RT1176_FLEXSPI_LUT_WORDS 64

/* Octets on their way, oldest first. */
typedef struct Rt1176FlexspiFifo {
    uint8_t octet[RT1176_FLEXSPI_FIFO_SIZE];
    uint32_t level;
} Rt1176FlexspiFifo;

struct Rt1176FlexspiState {
    Rt1176RegisterFile parent_obj;

    MemoryRegion *flash; /* before realize; NULL: nothing is on port A1 */
    Rt1176Nor nor;
    qemu_irq irq;

    Rt1176FlexspiFifo rx;
    Rt1176FlexspiFifo tx;
    bool active;          /* an IP command goes on */
    uint32_t sequence;    /* of the lookup table, the one that runs */
    uint32_t sequences;   /* that follow it */
    uint32_t instruction; /* within the sequence */
    uint32_t data_left;   /* octets of the READ or WRITE that runs */
};

/*
 * What the boot ROM's driver does with the controller: load @lut, then
 * (rt1176_flexspi_run()) run one sequence at @address with the octets of
 * @data out or in.  False: the sequence has an instruction that does not
 * exist.
 */
void rt1176_flexspi_load_lut(Rt1176FlexspiState *s, const uint32_t *lut);
uint32_t rt1176_flexspi_lut_word(Rt1176FlexspiState *s, unsigned n);
bool rt1176_flexspi_run(Rt1176FlexspiState *s, unsigned sequence,
                        uint32_t address, uint8_t *data, uint32_t octets);
/* RXCLKSRC of MCR0, FLSHSZ of FLSHA1CR0, the delay line as it leaves them. */
void rt1176_flexspi_set_up(Rt1176FlexspiState *s, unsigned rx_clock_source,
                           uint32_t flash_size);

#endif
