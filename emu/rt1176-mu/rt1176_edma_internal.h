/*
 * What the files of the eDMA share: rt1176_edma.c (registers, interrupts),
 * rt1176_edma_engine.c (arbitration and minor loops) (IMXRT1170RM, chapter
 * "Enhanced Direct Memory Access").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_EDMA_INTERNAL_H
#define HW_MEWS_RT1176_EDMA_INTERNAL_H

#include "hw/registerfields.h"
#include "rt1176_edma.h"

REG32(CR, 0x00)
    FIELD(CR, ERCA, 2, 1)
    FIELD(CR, ERGA, 3, 1)
    FIELD(CR, HOE, 4, 1)
    FIELD(CR, HALT, 5, 1)
    FIELD(CR, CLM, 6, 1)
    FIELD(CR, EMLM, 7, 1)
    FIELD(CR, GRP0PRI, 8, 1)
    FIELD(CR, GRP1PRI, 10, 1)
    FIELD(CR, ECX, 16, 1)
    FIELD(CR, CX, 17, 1)
    FIELD(CR, ACTIVE, 31, 1)
REG32(ES, 0x04)
    FIELD(ES, DBE, 0, 1)
    FIELD(ES, SBE, 1, 1)
    FIELD(ES, SGE, 2, 1)
    FIELD(ES, NCE, 3, 1)
    FIELD(ES, DOE, 4, 1)
    FIELD(ES, DAE, 5, 1)
    FIELD(ES, SOE, 6, 1)
    FIELD(ES, SAE, 7, 1)
    FIELD(ES, ERRCHN, 8, 5)
    FIELD(ES, CPE, 14, 1)
    FIELD(ES, GPE, 15, 1)
    FIELD(ES, ECX, 16, 1)
    FIELD(ES, VLD, 31, 1)
FIELD(DCHPRI, CHPRI, 0, 4)
FIELD(DCHPRI, DPA, 6, 1)
FIELD(DCHPRI, ECP, 7, 1)

/* The words of a transfer control descriptor. */
enum {
    TCD_SADDR,
    TCD_ATTR, /* SOFF, ATTR */
    TCD_NBYTES,
    TCD_SLAST,
    TCD_DADDR,
    TCD_CITER, /* DOFF, CITER */
    TCD_DLASTSGA,
    TCD_CSR, /* CSR, BITER */
};
FIELD(TCD_ATTR, SOFF, 0, 16)
FIELD(TCD_ATTR, DSIZE, 16, 3)
FIELD(TCD_ATTR, DMOD, 19, 5)
FIELD(TCD_ATTR, SSIZE, 24, 3)
FIELD(TCD_ATTR, SMOD, 27, 5)
FIELD(TCD_NBYTES, SMLOE, 31, 1)
FIELD(TCD_NBYTES, DMLOE, 30, 1)
FIELD(TCD_NBYTES, MLOFFNO, 0, 30)
FIELD(TCD_NBYTES, MLOFF, 10, 20)
FIELD(TCD_NBYTES, MLOFFYES, 0, 10)
FIELD(TCD_CITER, DOFF, 0, 16)
FIELD(TCD_CITER, CITER, 16, 15)
FIELD(TCD_CITER, CITER_LINKED, 16, 9)
FIELD(TCD_CITER, LINKCH, 25, 5)
FIELD(TCD_CITER, ELINK, 31, 1)
FIELD(TCD_CSR, START, 0, 1)
FIELD(TCD_CSR, INTMAJOR, 1, 1)
FIELD(TCD_CSR, INTHALF, 2, 1)
FIELD(TCD_CSR, DREQ, 3, 1)
FIELD(TCD_CSR, ESG, 4, 1)
FIELD(TCD_CSR, MAJORELINK, 5, 1)
FIELD(TCD_CSR, ACTIVE, 6, 1)
FIELD(TCD_CSR, DONE, 7, 1)
FIELD(TCD_CSR, MAJORLINKCH, 8, 5)
FIELD(TCD_CSR, BWC, 14, 2)
FIELD(TCD_CSR, BITER, 16, 15)
FIELD(TCD_CSR, BITER_LINKED, 16, 9)
FIELD(TCD_CSR, BITER_ELINK, 31, 1)

/* A field @f of word @w of a channel's descriptor. */
#define TCD_GET(tcd, w, f) FIELD_EX32((tcd)[TCD_##w], TCD_##w, f)
#define TCD_SET(tcd, w, f, v) \
    ((tcd)[TCD_##w] = FIELD_DP32((tcd)[TCD_##w], TCD_##w, f, v))

/* Levels of the interrupts, from INT, ERR and EEI. */
void rt1176_edma_update_irqs(Rt1176EdmaState *s);

/* Take up the next channel, if one asks and the engine is free for it. */
void rt1176_edma_serve(Rt1176EdmaState *s);

/* CR[CX], CR[ECX]: the minor loop in progress ends with its current write. */
void rt1176_edma_cancel(Rt1176EdmaState *s, bool error);

/* The timer's: the minor loop in progress has ended. */
void rt1176_edma_service_done(void *opaque);

#endif
