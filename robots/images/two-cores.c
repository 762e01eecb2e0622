/*
 * Two busy cores for gates under a debugger: the Cortex-M7 releases the Cortex-M4 (IMXRT1170RM,
 * chapters "SRC", "MU") and sends it a word every 100 us; the M4, asleep until then, counts as
 * often as the word says and answers with its count, whose octets go out on the link.  So what
 * crosses the link tells how far each core had come at each moment.  count_up() is one function
 * that both cores execute.  Built with LOCK_UP the M4 ends with a fault in its fault handler.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "drivers/rt1176_regs.h"
#include "nodes/cortexm.h"
#include "nodes/cortexm_regs.h"
#include "nodes/fmu/board.h"
#include "nodes/fmu/m4.h"
#include "seam.h"

#define PERIOD_US    100u
#define ROUNDS       50u
#define SR_RF0       (8u << MU_SR_RF_SHIFT)
#define CR_RIE0      (8u << MU_RECEIVE)
#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define M4_CODE      __attribute__((section(".m4.text"), noinline))

struct core {
    volatile uint32_t count;
};

/* Given by the linker script. */
extern uint32_t m4_run[], m4_end[], m4_load[], m4_stack[];

void m4_main(void);
void m4_fault(void);
void count_up(struct core *core);

struct core m7;
struct core m4 __attribute__((section(".m4.data")));
static struct lpuart link = {.config = BOARD_LINK};

__attribute__((section(".m4.vectors"), used)) static const vector m4_vectors[] = {
    (vector)m4_stack, m4_main, m4_fault, m4_fault};

__attribute__((noinline)) void count_up(struct core *core)
{
    core->count++;
}

/* Sleeps with interrupts masked, so that MU's wakes it and needs no handler (ARMv7-M B1.5.17). */
M4_CODE void m4_main(void)
{
    __asm__ volatile("cpsid i");
    REG(MUB + MU_CR) = CR_RIE0;
    REG(NVIC_ISER + IRQ_MU / 32 * 4) = 1u << IRQ_MU % 32;
    for (;;) {
        while ((REG(MUB + MU_SR) & SR_RF0) == 0) {
            __asm__ volatile("wfi");
            REG(NVIC_ICPR + IRQ_MU / 32 * 4) = 1u << IRQ_MU % 32;
        }
        const uint32_t rounds = REG(MUB + MU_RR);
#ifdef LOCK_UP
        REG(0xf0000000u) = rounds;
#endif
        for (uint32_t round = 0; round < rounds; round++) {
            count_up(&m4);
        }
        REG(MUB + MU_TR) = m4.count;
    }
}

M4_CODE void m4_fault(void)
{
    __asm__ volatile("udf #0");
}

static void release_m4(void)
{
    for (uint32_t *to = m4_run, *from = m4_load; to < m4_end;) {
        *to++ = *from++;
    }
    m4_set_vectors((uint32_t)(uintptr_t)m4_run);
    m4_release();
}

int main(void)
{
    lpuart_init(&link);
    release_m4();
    for (uint32_t due_us = clock_us();; due_us += PERIOD_US) {
        while (due_us - clock_us() - 1u < PERIOD_US) {
            (void)lpuart_service(&link);
            wait_until(due_us);
        }
        (void)mu_send(BOARD_MU, 0, ROUNDS);
        for (uint32_t round = 0; round < ROUNDS; round++) {
            count_up(&m7);
        }
        /* as far as the M4 has come while this core counted */
        const uint32_t seen[2] = {m7.count, m4.count};
        (void)lpuart_send(&link, (const uint8_t *)seen, sizeof(seen));
        (void)lpuart_service(&link);
        uint32_t answer;
        if (mu_take(BOARD_MU, 0, &answer)) {
            (void)lpuart_send(&link, (const uint8_t *)&answer, 1);
        }
    }
}
