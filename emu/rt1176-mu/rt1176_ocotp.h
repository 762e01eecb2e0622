/*
 * OCOTP: fuses and their shadow registers (IMXRT1170RM, chapter "On-Chip OTP
 * Controller").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_OCOTP_H
#define HW_MEWS_RT1176_OCOTP_H

#include "qemu/timer.h"
#include "rt1176_regfile.h"

#define TYPE_RT1176_OCOTP "rt1176-ocotp"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176OcotpState, RT1176_OCOTP)

#define RT1176_OCOTP_FUSES 144

/* Interrupt outputs. */
enum {
    RT1176_OCOTP_ERROR_IRQ,
    RT1176_OCOTP_DONE_IRQ,
    RT1176_OCOTP_IRQS
};

struct Rt1176OcotpState {
    Rt1176RegisterFile parent_obj;

    uint32_t fuse[RT1176_OCOTP_FUSES];
    uint32_t unique_id[2]; /* properties "unique-id-0", "unique-id-1" */
    int64_t busy_end_ns;
    QEMUTimer *done;
    bool reading; /* what keeps it busy */
    qemu_irq irq[RT1176_OCOTP_IRQS];
};

#endif
