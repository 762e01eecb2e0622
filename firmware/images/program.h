/*
 * The program behind a boot loader (ARMv7-M B1.5.3 vector table, B1.5.5 reset, B3.2.5 VTOR).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_PROGRAM_H
#define IMAGES_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

/* Where its vector table is, at the beginning of its flash, and which RAM its stack may be in. */
struct program {
    uint32_t vectors;
    uint32_t flash_end;
    uint32_t ram;
    uint32_t ram_end;
};

/* The beginning of a vector table is there: a stack pointer, and a reset vector behind itself. */
bool program_is_there(const struct program *program);

/* As reset does it, with VTOR on its table. */
_Noreturn void program_start(const struct program *program);

#endif
