/*
 * The Cortex-M7's hand on the Cortex-M4 of the i.MX RT1176 (IMXRT1170RM, chapters "System Reset
 * Controller", "IOMUXC LPSR GPR").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NODES_FMU_M4_H
#define NODES_FMU_M4_H

#include <stdbool.h>
#include <stdint.h>

/* The M4's memory on the system bus: its vectors are fetched there after reset. */
#define M4_MEMORY 0x20200000u

/* Put the image that is linked into this one (nodes/fmu/m4_image.S) into the M4's memory. */
void m4_copy_image(void);

/* Where the M4 takes its vector table from at its next reset: a multiple of 8 on the system bus. */
void m4_set_vectors(uint32_t address);

/*
 * m4_reset() asks for a reset of the M4; one that has been released starts again.  m4_release()
 * ends the reset it is held in since power-on: the first call starts it, further ones do nothing.
 */
void m4_reset(void);
void m4_release(void);

/* All of it, in the order of NXP's and Zephyr's start code. */
void m4_start(void);

/* True until it has been released. */
bool m4_is_held(void);

#endif
