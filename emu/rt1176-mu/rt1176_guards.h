/*
 * Blocks of the i.MX RT1176 that guard memories and keys, as registers only:
 * KEY_MANAGER, MECC, XECC, CDOG (IMXRT1170RM, chapters of these names).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_GUARDS_H
#define HW_MEWS_RT1176_GUARDS_H

#include "rt1176_regfile.h"

#define TYPE_RT1176_KEY_MANAGER "rt1176-key-manager"
#define TYPE_RT1176_MECC "rt1176-mecc"
#define TYPE_RT1176_XECC "rt1176-xecc"
#define TYPE_RT1176_CDOG "rt1176-cdog"

#endif
