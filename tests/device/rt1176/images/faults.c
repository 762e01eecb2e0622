/*
 * Reads and writes where nothing is, and writes flash: each must end in a
 * BusFault, whose address goes to the console.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

#define SCB_SHCSR         REG(0xe000ed24u)
#define SHCSR_BUSFAULTENA (1u << 17)
#define SCB_CFSR          REG(0xe000ed28u)
#define SCB_BFAR          REG(0xe000ed38u)

void bus_fault_handler(void);

static volatile uint32_t faults;

/* Steps over the instruction that faulted: all of them are 2 or 4 bytes. */
__attribute__((naked)) void bus_fault_handler(void)
{
    __asm__ volatile("mov r0, sp\n"
                     "b bus_fault_at\n");
}

__attribute__((used)) static void bus_fault_at(uint32_t *frame)
{
    uint16_t instruction = *(const uint16_t *)frame[6];

    frame[6] += instruction >> 11 >= 0x1d ? 4 : 2;
    faults++;
    console_text("fault ");
    console_hex(SCB_BFAR);
    console_text("\n");
    SCB_CFSR = SCB_CFSR;
}

int main(void)
{
    console_start();
    SCB_SHCSR |= SHCSR_BUSFAULTENA;
    (void)REG(0x00040000u); /* behind ITCM */
    (void)REG(0x00240000u); /* behind the boot ROM */
    (void)REG(0x1ffe0000u); /* the M4's TCM, which is not here */
    (void)REG(0x20040000u); /* behind DTCM */
    (void)REG(0x31000000u); /* behind flash */
    (void)REG(0x40000000u); /* reserved */
    REG(0x40c50000u) = 1;   /* reserved */
    REG(0x30000000u) = 1;   /* flash */
    (void)REG(0x4012c000u); /* GPIO1, not modelled: no fault */
    console_text("faults ");
    console_hex(faults);
    console_text("\n");
    return 0;
}
