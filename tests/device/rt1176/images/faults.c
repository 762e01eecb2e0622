/*
 * Reads and writes where nothing is, and writes flash: each must end in a
 * BusFault, whose address goes to the console.  Built with GATED it does the same
 * with a block whose clock gate is closed, with WDOG_WRSR it writes that register.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rt1176_regs.h"

#define LPCG_LPUART6      (0x40cc6000u + 0x20u * 91u)
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

#ifdef GATED
static void access_all(void)
{
    REG(LPCG_LPUART6) = 0;
    (void)REG(0x4009000cu); /* LPUART6 PINCFG */
    REG(0x40090010u) = 1;   /* BAUD */
    REG(LPCG_LPUART6) = 1;
    console_text("baud ");
    console_hex(REG(0x40090010u));
    console_text("\n");
}
#elif defined(WDOG_WRSR)
static void access_all(void)
{
    volatile uint16_t *wrsr = (volatile uint16_t *)0x40030004u;

    *wrsr = 0;
    console_text("wrsr ");
    console_hex(*wrsr);
    console_text("\n");
}
#else
static void access_all(void)
{
    (void)REG(0x00040000u); /* behind ITCM */
    (void)REG(0x00240000u); /* behind the boot ROM */
    (void)REG(0x1ffe0000u); /* the M4's TCM, which is not here */
    (void)REG(0x20040000u); /* behind DTCM */
    (void)REG(0x31000000u); /* behind flash */
    (void)REG(0x40000000u); /* reserved */
    REG(0x40c50000u) = 1;   /* reserved */
    REG(0x30000000u) = 1;   /* flash */
    (void)REG(0x4012c000u); /* GPIO1: no fault */
}
#endif

int main(void)
{
    console_start();
    SCB_SHCSR |= SHCSR_BUSFAULTENA;
    access_all();
    console_text("faults ");
    console_hex(faults);
    console_text("\n");
    return 0;
}
