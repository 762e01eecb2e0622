/*
 * IOMUXC, IOMUXC_LPSR and IOMUXC_SNVS with their general purpose registers
 * (IMXRT1170RM, chapter "IOMUX Controller").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef HW_MEWS_RT1176_IOMUXC_H
#define HW_MEWS_RT1176_IOMUXC_H

#include "rt1176_regfile.h"

#define TYPE_RT1176_IOMUXC "rt1176-iomuxc"
#define TYPE_RT1176_IOMUXC_GPR "rt1176-iomuxc-gpr"
#define TYPE_RT1176_IOMUXC_LPSR "rt1176-iomuxc-lpsr"
#define TYPE_RT1176_IOMUXC_LPSR_GPR "rt1176-iomuxc-lpsr-gpr"
#define TYPE_RT1176_IOMUXC_SNVS "rt1176-iomuxc-snvs"
#define TYPE_RT1176_IOMUXC_SNVS_GPR "rt1176-iomuxc-snvs-gpr"

/*
 * Pads are numbered in the order of their SW_MUX_CTL_PAD registers: of IOMUXC
 * GPIO_EMC_B1_00 = 0 to GPIO_DISP_B2_15 = 144, of IOMUXC_LPSR GPIO_LPSR_00 = 0
 * to GPIO_LPSR_15 = 15, of IOMUXC_SNVS WAKEUP, PMIC_ON_REQ, PMIC_STBY_REQ,
 * then GPIO_SNVS_00 to GPIO_SNVS_09.
 */

/* How many pads with a multiplexer @s has. */
unsigned rt1176_pads(Rt1176RegisterFile *s);

/* The name of @pad, "GPIO_AD_00"; to be freed with g_free(). */
char *rt1176_pad_name(Rt1176RegisterFile *s, unsigned pad);

/* MUX_MODE of @pad: ALT0 = 0 to ALT10 = 10. */
unsigned rt1176_pad_mux(Rt1176RegisterFile *s, unsigned pad);

/* SION of @pad: its input path is on whatever the mode is. */
bool rt1176_pad_sion(Rt1176RegisterFile *s, unsigned pad);

/* SW_PAD_CTL_PAD of @pad: pulls, open drain, drive strength, slew rate. */
uint32_t rt1176_pad_control(Rt1176RegisterFile *s, unsigned pad);

/*
 * For a notifier (rt1176_register_file_notify()): the pad whose multiplexer or
 * control has changed; -1: another register.  After a reset one change tells
 * of all of them: its old value is its value.
 */
int rt1176_pad_of_change(const Rt1176RegisterChange *change);

#endif
