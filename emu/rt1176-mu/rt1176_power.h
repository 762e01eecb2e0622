/*
 * Power control of the i.MX RT1176 as far as start-up code goes: GPC, PGMC and
 * DCDC (IMXRT1170RM, chapters "General Power Controller", "Power Gating and
 * Memory Controller", "DCDC Converter").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_POWER_H
#define HW_MEWS_RT1176_POWER_H

#include "rt1176_regfile.h"

#define TYPE_RT1176_GPC "rt1176-gpc"
#define TYPE_RT1176_PGMC "rt1176-pgmc"
#define TYPE_RT1176_DCDC "rt1176-dcdc"

#endif
