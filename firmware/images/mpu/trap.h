/*
 * Accesses that may fault, of either core of the RT1176, privileged or not: what the fault
 * registers said is noted, and the program goes on (ARMv7-M B1.5, B3.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IMAGES_MPU_TRAP_H
#define IMAGES_MPU_TRAP_H

#include <stdbool.h>
#include <stdint.h>

/* What the first fault of an attempt left; exception is 0 when there was none. */
struct trap {
    uint32_t exception;
    uint32_t cfsr;
    uint32_t hfsr;
    uint32_t mmfar;
    uint32_t bfar;
    uint32_t pc; /* stacked; 0 when there is no frame */
};
extern volatile struct trap trap;

enum exception { HARD_FAULT = 3, MEM_MANAGE = 4, BUS_FAULT = 5 };

/* A function that makes one access; it returns at once, by itself or by the trap. */
typedef void (*access)(uint32_t address);
void access_read(uint32_t address);
void access_write(uint32_t address); /* ACCESS_WRITTEN, which returns when executed */
void access_execute(uint32_t address);
void access_read_as_user(uint32_t address); /* LDRT */
void access_read_pair(uint32_t address);    /* LDRD */

#define ACCESS_WRITTEN 0x47704770u /* bx lr, twice */

/* Vectors and fault enables; the FPU on. */
void trap_start(void);

/* Try @how at @address, privileged or not; the verdict is in trap. */
void trap_try(access how, uint32_t address, bool privileged);

/* The same with MemManage switched off, so that it escalates to HardFault. */
void trap_try_escalated(access how, uint32_t address);

/* The same in a handler that MemManage, which has the same priority then, cannot interrupt. */
void trap_try_in_handler(access how, uint32_t address);

/* The same with FAULTMASK set: at priority -1. */
void trap_try_masked(access how, uint32_t address);

/*
 * Exception entry with the process stack ending at @stack, exception return from it, and lazy
 * stacking of floating-point registers to the words behind a basic frame that ends there.
 */
void trap_try_stacking(uint32_t stack);
void trap_try_unstacking(uint32_t stack);
void trap_try_lazy_stacking(uint32_t stack);

#endif
