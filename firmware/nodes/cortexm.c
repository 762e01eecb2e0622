/*
 * The Cortex-M half of the shims: reset, vectors, interrupt entry, lines, sleep, faults.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "nodes/cortexm.h"

#include "nodes/cortexm_regs.h"
#include "nodes/part.h"
#include "seam.h"

/* Given by the linker script. */
extern uint32_t data_start[], data_end[], data_load[], bss_start[], bss_end[], stack_top[];
int main(void);

/* ASKED: masked in the NVIC like FIRED, until the thread goes to sleep. */
enum line { LINE_UNKNOWN, LINE_ENABLED, LINE_FIRED, LINE_ASKED };
static volatile uint8_t lines[PART_IRQS];
static uint8_t asked[PART_IRQS]; /* the lines in that state */
static uint32_t asked_count;
static volatile uint32_t woken;

uint32_t mmio_read32(uint32_t address)
{
    return *(volatile uint32_t *)(uintptr_t)address;
}

void mmio_write32(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)address = value;
}

void reset_entry(void)
{
    for (uint32_t *to = data_start, *from = data_load; to < data_end;) {
        *to++ = *from++;
    }
    for (uint32_t *to = bss_start; to < bss_end;) {
        *to++ = 0;
    }
    part_start();
    (void)main();
    for (;;) {
        __asm__ volatile("wfi");
    }
}

static void nvic_write(uint32_t registers, uint32_t irq)
{
    mmio_write32(registers + irq / 32u * 4u, 1u << irq % 32u);
}

void irq_enable(uint32_t irq)
{
    nvic_write(NVIC_ISER, irq);
}

void irq_wake(void)
{
    woken = 1;
}

/* Every line of a peripheral: mask it, remember it. */
void irq_entry(void)
{
    uint32_t exception;
    __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
    const uint32_t irq = exception - EXCEPTION_IRQ0;
    nvic_write(NVIC_ICER, irq);
    lines[irq] = LINE_FIRED;
    irq_wake();
}

uint32_t irq_poll(uint32_t irq)
{
    const uint8_t line = lines[irq];
    if (line == LINE_UNKNOWN || line == LINE_FIRED) {
        lines[irq] = LINE_ASKED;
        asked[asked_count++] = (uint8_t)irq;
    }
    return line == LINE_FIRED;
}

/*
 * Peripherals hold their line until the cause is gone, so a pending bit that is left from
 * before may be cleared: if there is still a cause it comes back.
 */
void irq_enable_asked(void)
{
    while (asked_count > 0) {
        const uint32_t irq = asked[--asked_count];
        lines[irq] = LINE_ENABLED;
        nvic_write(NVIC_ICPR, irq);
        nvic_write(NVIC_ISER, irq);
    }
}

/* With PRIMASK set a pending interrupt still ends WFI (B1.5.19), so none slips in between. */
void irq_sleep(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
    if (woken == 0) {
        __asm__ volatile("dsb\n\twfi" ::: "memory");
    }
    woken = 0;
    __asm__ volatile("cpsie i\n\tisb" ::: "memory");
}

#define SYST_MAX 0xffffffu

void core_clocks_start(void)
{
    mmio_write32(SYST_RVR, SYST_MAX);
    mmio_write32(SYST_CVR, 0);
    mmio_write32(SYST_CSR, SYST_CSR_ENABLE | SYST_CSR_CLKSOURCE);
}

/* It counts down. */
uint32_t core_clocks(void)
{
    return SYST_MAX - mmio_read32(SYST_CVR);
}

__attribute__((noreturn, used)) static void fault_report(const uint32_t *frame)
{
    uint32_t exception;
    __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
    const struct fault fault = {
        .exception = exception,
        .pc = frame[STACKED_PC],
        .lr = frame[STACKED_LR],
        .cfsr = mmio_read32(SCB_CFSR),
        .hfsr = mmio_read32(SCB_HFSR),
        .mmfar = mmio_read32(SCB_MMFAR),
        .bfar = mmio_read32(SCB_BFAR),
    };
    fault_hook(&fault);
    __asm__ volatile("cpsid i");
    for (;;) {
        __asm__ volatile("wfi");
    }
}

__attribute__((naked)) static void fault_entry(void)
{
    __asm__ volatile("mov r0, sp\n\tb fault_report");
}

/* An image that lets SysTick interrupt brings its own. */
__attribute__((weak, alias("fault_entry"))) void systick_entry(void);

/* 0: initial stack pointer, 1: reset, 2..: exceptions (B1.5.2, B1.5.3). */
__attribute__((section(".vectors.core"), used)) static const vector core_vectors[EXCEPTION_IRQ0] = {
    [0] = (vector)(uintptr_t)stack_top,
    [1] = reset_entry,
    [2 ... EXCEPTION_SYSTICK - 1u] = fault_entry,
    [EXCEPTION_SYSTICK] = systick_entry,
};
