/*
 * rt1176-dualcore-mu: walks through the messaging unit and the start of the Cortex-M4 in the steps
 * of the probe "dualcore_mu_test", whose output on a MIMXRT1170-EVKB is in
 * robots/silicon/rt1176-mu.txt (IMXRT1170RM, chapters "Messaging Unit", "System Reset Controller").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "drivers/mu.h"
#include "drivers/rt1176_regs.h"
#include "images/mu/probe.h"
#include "nodes/cortexm.h"
#include "nodes/fmu/board.h"
#include "nodes/fmu/m4.h"
#include "seam.h"

enum registers {
    MUA_TR2 = MUA + MU_TR + 4 * 2,
    MUA_TR3 = MUA + MU_TR + 4 * 3,
    MUA_RR3 = MUA + MU_RR + 4 * 3,
    MUA_CR = MUA + MU_CR,
    GPC_CM1_MODE_STAT = 0x40c00814,
};

#define SETTLE_US 1000u

static volatile uint32_t echo, interrupts;

void mu_entry(void)
{
    echo = mmio_read32(MUA_RR3);
    interrupts++;
}

static void print_register(const char *name, uint32_t address)
{
    probe_print(name, mmio_read32(address));
}

static void print_rs(const char *name)
{
    probe_print(name, (mu_status(BOARD_MU) & MU_SR_RS) != 0);
}

static void settle(void)
{
    const uint32_t began_us = clock_us();
    while (clock_us() - began_us < SETTLE_US) {
    }
}

/* The M4 is held: what it does not read stays. */
static void before_the_start(void)
{
    probe_print("sr0", mu_status(BOARD_MU));
    mmio_write32(MUA_TR2, 0x55aa55aau);
    print_register("trrb", MUA_TR2);
    probe_print("srte2", mu_status(BOARD_MU));
    m4_copy_image();
    print_register("img0", M4_MEMORY);
    m4_set_vectors(M4_MEMORY);
    print_register("gpr0", LPSR_GPR0);
    print_register("gpr1", LPSR_GPR1);
    print_register("lpcg", CCM_LPCG(LPCG_M4));
    print_register("gpcst", GPC_CM1_MODE_STAT);
    print_register("statp", SRC_STAT_M4CORE);
    print_register("scr_pre", SRC_SCR);
}

static void start(void)
{
    m4_reset();
    m4_release();
    print_register("scr", SRC_SCR);
    settle();
    print_register("stata", SRC_STAT_M4CORE);
    probe_print("sraft", mu_status(BOARD_MU));
    probe_print_message("hello", 0);
    print_rs("rsaft");
}

static void doorbell(void)
{
    mu_ring(BOARD_MU, 0);
    probe_print("girset", mmio_read32(MUA_CR) & MU_CR_GIR);
    probe_print_message("dbell", 1);
    probe_print("giraft", mmio_read32(MUA_CR) & MU_CR_GIR);
}

static void interrupt(void)
{
    irq_enable(IRQ_MU);
    mu_interrupt(BOARD_MU, MU_RECEIVE, 3, true);
    mmio_write32(MUA_TR3, 0x12345678u);
    settle();
    probe_print("echo", echo);
    probe_print("irqcnt", interrupts);
    mu_interrupt(BOARD_MU, MU_RECEIVE, 3, false);
}

/* A reset starts the M4 anew; nothing holds it again, and a second release is none. */
static void restart(void)
{
    m4_reset();
    print_register("ctrlrb", SRC_CTRL_M4CORE);
    probe_print_message("hello2", 0);
    mmio_write32(SRC_SCR, 0);
    settle();
    print_register("scr0rb", SRC_SCR);
    print_rs("rshold");
    mmio_write32(MUA_TR3, 0xaabbcc00u);
    probe_print_message("alive", 3);
    m4_release();
    probe_print_message("hello3", 0);
    print_register("bsr", MUB + MU_SR);
}

int main(void)
{
    probe_start("DUALMU-PROBE v1");
    before_the_start();
    start();
    doorbell();
    interrupt();
    restart();
    probe_end("DUALMU-DONE");
}
