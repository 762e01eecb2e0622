/*
 * The pads of the i.MX RT1176 (IMXRT1170RM, chapters "External Signals and Pin
 * Multiplexing" and "IOMUX Controller"): between the GPIO ports and the wire's
 * pins, which have the pads' names ("GPIO_AD_00").
 *
 * Links "iomuxc", "iomuxc-lpsr", "iomuxc-snvs", "iomuxc-gpr".  GPIO inputs, one
 * per pad: the level that the board drives: 0, 1, or -1 to release it.  GPIO
 * outputs "drives", one per pad: what the part drives, in the same words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_PADS_H
#define HW_MEWS_RT1176_PADS_H

#include "hw/sysbus.h"
#include "qom/object.h"
#include "rt1176_gpio.h"
#include "rt1176_iomuxc.h"

#define TYPE_RT1176_PADS "rt1176-pads"
OBJECT_DECLARE_SIMPLE_TYPE(Rt1176PadsState, RT1176_PADS)

/* Of IOMUXC, then of IOMUXC_LPSR, then of IOMUXC_SNVS, each in its order. */
#define RT1176_PADS_MAIN 145
#define RT1176_PADS_LPSR 16
#define RT1176_PADS_SNVS 13
#define RT1176_PAD_COUNT \
    (RT1176_PADS_MAIN + RT1176_PADS_LPSR + RT1176_PADS_SNVS)

typedef enum Rt1176PadDomain {
    RT1176_PADS_OF_MAIN,
    RT1176_PADS_OF_LPSR,
    RT1176_PADS_OF_SNVS,
    RT1176_PAD_DOMAINS
} Rt1176PadDomain;

struct Rt1176PadsState {
    SysBusDevice parent_obj;

    Rt1176RegisterFile *iomuxc[RT1176_PAD_DOMAINS];
    Rt1176RegisterFile *gpr;
    Notifier iomuxc_changed;
    Notifier iomuxc_lpsr_changed;
    Notifier iomuxc_snvs_changed;
    Notifier gpr_changed;
    Rt1176GpioState *port[RT1176_GPIO_PORTS];
    int wire_pin[RT1176_PAD_COUNT];
    qemu_irq drives[RT1176_PAD_COUNT];

    uint8_t board[RT1176_PAD_COUNT]; /* what it drives: 0, 1, or nothing */
    bool level[RT1176_PAD_COUNT];
    bool driven[RT1176_PAD_COUNT]; /* has been an output since power-on */
};

/* From the realize function of a port: its signals go through these pads. */
void rt1176_pads_attach(Rt1176PadsState *s, Rt1176GpioState *port);

/* Outputs @bits of @port have changed: level or direction. */
void rt1176_pads_update(Rt1176PadsState *s, Rt1176GpioPort port,
                        uint32_t bits);

#endif
