/*
 * DMAMUX of the i.MX RT1176 (IMXRT1170RM, chapter "Direct Memory Access
 * Multiplexer"): DMAMUX0 of the eDMA, DMAMUX1 of the eDMA_LPSR.
 *
 * Named GPIO inputs: "source" 0..255 (a level from each peripheral), "trigger"
 * 0..3 (pulses of the PIT), "acknowledge" 0..31 (from the eDMA).  Named GPIO
 * outputs: "request" 0..31 (to the eDMA), "periodic" 0..3 (the pulses of this
 * PIT timer are wanted).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_DMAMUX_H
#define HW_MEWS_RT1176_DMAMUX_H

#include "hw/sysbus.h"
#include "qom/object.h"

#define TYPE_RT1176_DMAMUX "rt1176-dmamux"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176DmamuxState, RT1176_DMAMUX)

#define RT1176_DMAMUX_CHANNELS 32
#define RT1176_DMAMUX_SOURCES 256
#define RT1176_DMAMUX_TRIGGERS 4 /* of the first channels */

struct Rt1176DmamuxState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq request[RT1176_DMAMUX_CHANNELS];
    qemu_irq periodic[RT1176_DMAMUX_TRIGGERS];

    uint32_t chcfg[RT1176_DMAMUX_CHANNELS];
    uint64_t source[RT1176_DMAMUX_SOURCES / 64]; /* levels, bit by bit */
    uint32_t triggered; /* channels whose trigger has let a request through */
};

#endif
