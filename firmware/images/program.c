/*
 * The program behind a boot loader; see program.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/program.h"

#include "nodes/cortexm_regs.h"
#include "seam.h"

bool program_is_there(const struct program *program)
{
    const uint32_t stack = mmio_read32(program->vectors);
    const uint32_t start = mmio_read32(program->vectors + 4u);

    return stack % 8u == 0 && stack > program->ram && stack <= program->ram_end &&
           start % 2u == 1u && start > program->vectors && start < program->flash_end;
}

__attribute__((naked, noreturn)) static void jump(uint32_t stack, uint32_t start)
{
    (void)stack;
    (void)start;
    __asm__ volatile("msr msp, r0\n\tbx r1");
}

void program_start(const struct program *program)
{
    mmio_write32(SCB_VTOR, program->vectors);
    jump(mmio_read32(program->vectors), mmio_read32(program->vectors + 4u));
}
