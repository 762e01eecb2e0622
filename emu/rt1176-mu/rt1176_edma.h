/*
 * eDMA of the i.MX RT1176 (IMXRT1170RM, chapter "Enhanced Direct Memory
 * Access"): eDMA and eDMA_LPSR, 32 channels each.
 *
 * Input Clock "clk".  Link "memory": what the channels read and write.  Named
 * GPIO inputs "request" 0..31: a level for each channel, from its DMAMUX.
 * Named GPIO outputs "acknowledge" 0..31: a pulse when the request of a channel
 * has been taken up.  Sysbus interrupts 0..15: channels n and n + 16; 16:
 * error.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_EDMA_H
#define HW_MEWS_RT1176_EDMA_H

#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RT1176_EDMA "rt1176-edma"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176EdmaState, RT1176_EDMA)

#define RT1176_EDMA_CHANNELS 32
#define RT1176_EDMA_IRQS 17
#define RT1176_EDMA_ERROR_IRQ 16
#define RT1176_EDMA_TCD_WORDS 8

/* A channel that has been taken up, and its minor loop. */
typedef struct Rt1176EdmaService {
    bool active;
    uint8_t channel;
    int64_t from_ns; /* when it was taken up, or would have been */
    int64_t end_ns;
    uint64_t sequences;       /* read/write sequences of the minor loop */
    uint32_t sequence_cycles; /* ... and the length of one */
} Rt1176EdmaService;

struct Rt1176EdmaState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    MemoryRegion *memory;
    AddressSpace as;
    qemu_irq irq[RT1176_EDMA_IRQS];
    qemu_irq acknowledge[RT1176_EDMA_CHANNELS];
    Clock *clk;
    QEMUTimer *timer; /* end of the minor loop in progress */

    uint32_t cr;
    uint32_t es;
    uint32_t erq;
    uint32_t eei;
    uint32_t interrupts; /* INT */
    uint32_t err;
    uint32_t ears;
    uint8_t dchpri[RT1176_EDMA_CHANNELS];
    uint32_t tcd[RT1176_EDMA_CHANNELS][RT1176_EDMA_TCD_WORDS];

    uint32_t requests;
    /*
     * Channels whose request has ended in an error: it would end so again,
     * until something is written here, or the request comes anew.
     */
    uint32_t failed;
    uint8_t last_channel[2]; /* served last in each group: round robin */
    uint8_t last_group;
    Rt1176EdmaService service;
    Rt1176EdmaService preempted;
    /* While data move, and never for longer: what is accessed may call back. */
    bool moving;
    bool cancelled;
};

#endif
