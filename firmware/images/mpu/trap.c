/*
 * Accesses that may fault, and the handlers that note it (ARMv7-M B1.5, B3.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/mpu/trap.h"

#include <stddef.h>

#include "nodes/cortexm.h"
#include "nodes/cortexm_regs.h"
#include "seam.h"

#define LOWEST_PRIORITY    0xf0u
#define SHPR2_SVCALL_SHIFT 24
#define CPACR_FPU          (0xfu << 20)
#define CONTROL_NPRIV      1u
#define EXC_RETURN_PSP     4u
#define XPSR_T             0x01000000u
#define STACK_WORDS        64u
#define BASIC_FRAME        0x20u
#define EXTENDED_FRAME     0x68u

volatile struct trap trap;

/* A frame that is whole, for a core that could not write or read its own. */
static struct {
    uint32_t word[8];
} rescue __attribute__((aligned(8)));
static uint32_t process_stack[STACK_WORDS] __attribute__((aligned(8)));
static volatile uint32_t stack_at_return; /* SVCall returns from there */
static volatile bool svc_uses_fpu;
static volatile struct {
    access how;
    uint32_t address;
} svc_access;

__attribute__((naked)) void access_read(uint32_t address)
{
    (void)address;
    __asm__ volatile("ldr r1, [r0]\n\tbx lr");
}

__attribute__((naked)) void access_write(uint32_t address)
{
    (void)address;
    __asm__ volatile("ldr r1, =0x47704770\n\tstr r1, [r0]\n\tbx lr\n\t.ltorg");
}

__attribute__((naked)) void access_execute(uint32_t address)
{
    (void)address;
    __asm__ volatile("push {r4, lr}\n\torr r0, #1\n\tblx r0\n\tpop {r4, pc}");
}

__attribute__((naked)) void access_read_as_user(uint32_t address)
{
    (void)address;
    __asm__ volatile("ldrt r1, [r0]\n\tbx lr");
}

__attribute__((naked)) void access_read_pair(uint32_t address)
{
    (void)address;
    __asm__ volatile("ldrd r2, r3, [r0]\n\tbx lr");
}

/* @frame is not to be read when the core could not write or read it. */
__attribute__((used)) static void note(uint32_t *frame)
{
    const uint32_t cfsr = mmio_read32(SCB_CFSR);
    const bool framed = (cfsr & (SCB_CFSR_MSTKERR | SCB_CFSR_MUNSTKERR)) == 0;

    if (trap.exception == 0) {
        uint32_t exception;
        __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
        trap.exception = exception;
        trap.cfsr = cfsr;
        trap.hfsr = mmio_read32(SCB_HFSR);
        trap.mmfar = mmio_read32(SCB_MMFAR);
        trap.bfar = mmio_read32(SCB_BFAR);
        trap.pc = framed ? frame[STACKED_PC] : 0;
    }
    mmio_write32(SCB_CFSR, cfsr);
    mmio_write32(SCB_HFSR, mmio_read32(SCB_HFSR));
    if ((cfsr & SCB_CFSR_MLSPERR) != 0) {
        mmio_write32(MPU_CTRL, 0); /* the instruction is tried again */
    } else if (framed) {
        frame[STACKED_PC] = frame[STACKED_LR] & ~1u;
    } else {
        __asm__ volatile("msr psp, %0" : : "r"(&rescue));
    }
}

__attribute__((naked)) static void fault(void)
{
    __asm__ volatile("tst lr, %0\n\t"
                     "ite eq\n\t"
                     "mrseq r0, msp\n\t"
                     "mrsne r0, psp\n\t"
                     "b note"
                     :
                     : "i"(EXC_RETURN_PSP));
}

/* Back to privileged, and what the attempts on stacks want. */
static void svc(void)
{
    uint32_t control;
    __asm__ volatile("mrs %0, control" : "=r"(control));
    control &= ~CONTROL_NPRIV;
    __asm__ volatile("msr control, %0\n\tisb" : : "r"(control));
    if (svc_uses_fpu) {
        __asm__ volatile(".inst.w 0xeeb00a40"); /* vmov.f32 s0, s0 */
    }
    if (svc_access.how != NULL) {
        svc_access.how(svc_access.address);
    }
    if (stack_at_return != 0) {
        __asm__ volatile("msr psp, %0" : : "r"(stack_at_return));
    }
}

__attribute__((aligned(128))) static const vector vectors[EXCEPTION_IRQ0] = {
    [HARD_FAULT... 6] = fault,
    [11] = svc,
};

void trap_start(void)
{
    mmio_write32(SCB_VTOR, (uint32_t)(uintptr_t)vectors);
    mmio_write32(SCB_SHPR2, LOWEST_PRIORITY << SHPR2_SVCALL_SHIFT); /* a fault interrupts SVCall */
    mmio_write32(SCB_SHCSR, SCB_SHCSR_MEMFAULTENA | SCB_SHCSR_BUSFAULTENA);
    mmio_write32(SCB_CPACR, CPACR_FPU);
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

static void forget(void)
{
    trap = (struct trap){0};
}

void trap_try(access how, uint32_t address, bool privileged)
{
    forget();
    if (!privileged) {
        __asm__ volatile("msr control, %0\n\tisb" : : "r"(CONTROL_NPRIV) : "memory");
    }
    how(address);
    if (!privileged) {
        __asm__ volatile("svc 0" ::: "memory");
    }
}

void trap_try_escalated(access how, uint32_t address)
{
    mmio_write32(SCB_SHCSR, SCB_SHCSR_BUSFAULTENA);
    trap_try(how, address, true);
    mmio_write32(SCB_SHCSR, SCB_SHCSR_MEMFAULTENA | SCB_SHCSR_BUSFAULTENA);
}

void trap_try_in_handler(access how, uint32_t address)
{
    forget();
    mmio_write32(SCB_SHPR1, LOWEST_PRIORITY);
    svc_access.address = address;
    svc_access.how = how;
    __asm__ volatile("svc 0" ::: "memory");
    svc_access.how = NULL;
    mmio_write32(SCB_SHPR1, 0);
}

void trap_try_masked(access how, uint32_t address)
{
    forget();
    __asm__ volatile("cpsid f" ::: "memory");
    how(address);
    __asm__ volatile("cpsie f" ::: "memory");
}

/* SVC on the process stack; the rescue frame leads to the instruction behind it. */
__attribute__((naked)) static void call_on(uint32_t stack, uint32_t *resume_pc)
{
    (void)stack;
    (void)resume_pc;
    __asm__ volatile("push {r4, lr}\n\t"
                     "msr psp, r0\n\t"
                     "adr r2, 1f\n\t"
                     "str r2, [r1]\n\t"
                     "mrs r2, control\n\t"
                     "orr r2, #2\n\t"
                     "msr control, r2\n\t"
                     "isb\n\t"
                     "svc 0\n\t"
                     ".balign 4\n"
                     "1:\tmrs r2, control\n\t"
                     "bic r2, #6\n\t" /* FPCA, too */
                     "msr control, r2\n\t"
                     "isb\n\t"
                     "pop {r4, pc}");
}

static void try_on(uint32_t stack)
{
    forget();
    rescue.word[7] = XPSR_T;
    call_on(stack, &rescue.word[STACKED_PC]);
}

void trap_try_stacking(uint32_t stack)
{
    try_on(stack);
}

void trap_try_unstacking(uint32_t stack)
{
    stack_at_return = stack - BASIC_FRAME;
    try_on((uint32_t)(uintptr_t)(process_stack + STACK_WORDS));
    stack_at_return = 0;
}

void trap_try_lazy_stacking(uint32_t stack)
{
    svc_uses_fpu = true;
    __asm__ volatile(".inst.w 0xeeb00a40"); /* vmov.f32 s0, s0: FPCA */
    try_on(stack - BASIC_FRAME + EXTENDED_FRAME);
    svc_uses_fpu = false;
}
