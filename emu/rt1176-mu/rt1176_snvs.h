/*
 * SNVS: secure non-volatile storage (IMXRT1170RM, chapter "Secure Non-Volatile
 * Storage"): general purpose registers that outlive resets, real-time
 * counters, the monotonic counter.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_SNVS_H
#define HW_MEWS_RT1176_SNVS_H

#include "qemu/timer.h"
#include "rt1176_regfile.h"

#define TYPE_RT1176_SNVS "rt1176-snvs"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176SnvsState, RT1176_SNVS)

/* Interrupt outputs: functional, security violation. */
enum { RT1176_SNVS_IRQ, RT1176_SNVS_SECURITY_IRQ, RT1176_SNVS_IRQS };

/* 47 bits that count at 32768 Hz while @runs. */
typedef struct Rt1176SnvsCounter {
    bool runs;
    uint64_t base;  /* what it held at start_ns, or holds */
    int64_t start_ns;
} Rt1176SnvsCounter;

struct Rt1176SnvsState {
    Rt1176RegisterFile parent_obj;

    Rt1176SnvsCounter hp;
    Rt1176SnvsCounter lp;
    bool lp_reset; /* the LP section is to be reset, too */
    QEMUTimer *hp_alarm;
    QEMUTimer *lp_alarm;
    QEMUTimer *periodic;
    qemu_irq irq[RT1176_SNVS_IRQS];
};

#endif
