/*
 * SRC: reset causes, the release of the Cortex-M4, resets of one core and of
 * the whole part (IMXRT1170RM, chapter "System Reset Controller").
 *
 * Inputs "request": one line per Rt1176ResetRequest, a pulse asks for a reset.
 * Properties "m7", "m4": the cores (links to TYPE_ARMV7M); "lpsr-gpr": the
 * IOMUXC_LPSR_GPR that holds the M4's start address.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_SRC_H
#define HW_MEWS_RT1176_SRC_H

#include "hw/arm/armv7m.h"
#include "hw/sysbus.h"
#include "qom/object.h"
#include "rt1176_iomuxc.h"

#define TYPE_RT1176_SRC "rt1176-src"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176SrcState, RT1176_SRC)

typedef enum Rt1176ResetRequest {
    RT1176_RESET_WDOG, /* WDOG1 and WDOG2 */
    RT1176_RESET_WDOG3,
    RT1176_RESET_WDOG4,
    RT1176_RESET_M4_REQUEST, /* SYSRESETREQ */
    RT1176_RESET_M7_REQUEST,
    RT1176_RESET_M4_LOCKUP,
    RT1176_RESET_M7_LOCKUP,
    RT1176_RESET_REQUESTS
} Rt1176ResetRequest;

#define RT1176_SRC_GPRS 20
#define RT1176_SRC_SLICES 10

struct Rt1176SrcState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    ARMv7MState *m7;
    ARMv7MState *m4;
    Rt1176RegisterFile *lpsr_gpr;

    qemu_irq m7_restarted; /* pulses; to the boot ROM */
    uint32_t scr;
    uint32_t srmr;
    uint32_t srsr;
    uint32_t gpr[RT1176_SRC_GPRS];
    uint32_t slice[RT1176_SRC_SLICES * 8];
    uint32_t pending_cause; /* SRSR bits of a reset that is under way */
};

/* Phase "enter" of a reset: it is one that the part has asked for itself. */
bool rt1176_src_keeps_power(const Rt1176SrcState *s);

#endif
