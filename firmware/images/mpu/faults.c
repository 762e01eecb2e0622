/*
 * What the fault registers say of each kind of fault that the MPU causes, and of unprivileged
 * accesses to the system control space (ARMv7-M B3.2.15 to B3.2.18): a line for each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/mpu/mpu.h"
#include "images/mpu/regions.h"
#include "images/mpu/trap.h"
#include "images/report.h"
#include "nodes/fmu/rt1176_map.h"
#include "seam.h"

#define FORBIDDEN  (MPU_AP(0) | MPU_SIZE(12) | MPU_RASR_ENABLE)
#define FULL       (MPU_AP(3) | MPU_RASR_ENABLE)
#define PERIPHERAL MUA
#define DEVICE     0xa0000000u

static void print_if(const char *name, bool valid, uint32_t value)
{
    if (valid) {
        console_text(&report, name);
        console_hex(&report, value);
    }
}

/* The console is no region's.  @target: address of the instruction when that was not fetched. */
static void print(const char *name, uint32_t target)
{
    const uint32_t control = mmio_read32(MPU_CTRL);
    regions_off();
    console_text(&report, report_core);
    console_text(&report, " ");
    console_text(&report, name);
    console_text(&report, ": exception ");
    console_decimal(&report, trap.exception);
    print_if(" CFSR ", true, trap.cfsr);
    print_if(" HFSR ", true, trap.hfsr);
    print_if(" MMFAR ", (trap.cfsr & SCB_CFSR_MMARVALID) != 0, trap.mmfar);
    print_if(" BFAR ", (trap.cfsr & SCB_CFSR_BFARVALID) != 0, trap.bfar);
    if (target != 0) {
        console_text(&report, trap.pc == target ? " at target" : " elsewhere");
    }
    report_end();
    mmio_write32(MPU_CTRL, control);
}

static void begin(uint32_t attributes, uint32_t control)
{
    regions_begin();
    regions_set(regions_last(), ARENA, attributes);
    regions_on(control);
}

static void data_and_instructions(void)
{
    begin(FORBIDDEN, MPU_CTRL_PRIVDEFENA);
    trap_try(access_read, ARENA + 0x120u, true);
    print("read", 0);
    trap_try(access_write, ARENA + 0xffcu, true);
    print("write", 0);
    trap_try(access_execute, ARENA + 0x40u, true);
    print("execute", ARENA + 0x40u);
    trap_try_escalated(access_read, ARENA);
    print("escalated read", 0);
    trap_try_escalated(access_execute, ARENA);
    print("escalated execute", ARENA);
    trap_try_in_handler(access_write, ARENA + 4u);
    print("escalated write by priority", 0);
    begin(MPU_AP(1) | MPU_SIZE(12) | MPU_RASR_ENABLE, MPU_CTRL_PRIVDEFENA);
    trap_try(access_read_as_user, ARENA + 8u, true);
    print("unprivileged load", 0);
    regions_off();
}

/* B3.5.1: each part of an access is checked. */
static void across_ends(void)
{
    begin(FULL | MPU_SIZE(5), 0);
    trap_try(access_read, ARENA + 0x1eu, true);
    print("unaligned across the end", 0);
    trap_try(access_read, ARENA + 0x1cu, true);
    print("up to the end", 0);
    trap_try(access_read_pair, ARENA + 0x1cu, true);
    print("pair across the end", 0);
    trap_try(access_read_pair, ARENA + 0x18u, true);
    print("pair up to the end", 0);
    regions_off();
}

/* B3.1: execute never without an MPU, too. */
static void default_map(void)
{
    trap_try(access_execute, PERIPHERAL, true);
    print("execute a peripheral", PERIPHERAL);
    trap_try(access_execute, DEVICE, true);
    print("execute a device", DEVICE);
    trap_try(access_execute, SCB_CPUID, true);
    print("execute the system space", SCB_CPUID);
    trap_try(access_execute, PERIPHERAL, false);
    print("execute a peripheral unprivileged", PERIPHERAL);
}

static void stacks(void)
{
    begin(FORBIDDEN, MPU_CTRL_PRIVDEFENA);
    trap_try_stacking(ARENA + 0x100u);
    print("stacking", 0);
    trap_try_unstacking(ARENA + 0x100u);
    print("unstacking", 0);
    trap_try_lazy_stacking(ARENA);
    print("lazy stacking", 0);
    regions_off();
}

/* B3.5.5: at priorities below 0 the MPU is off without HFNMIENA (with it a fault is a lockup). */
static void negative_priority(void)
{
    begin(FORBIDDEN, 0);
    trap_try_masked(access_read, ARENA);
    print("read with FAULTMASK", 0);
    regions_off();
}

/* B3.1.1: the private peripheral bus is for privileged accesses, whatever the MPU says. */
static void private_bus(void)
{
    begin(FULL | MPU_SIZE(12), MPU_CTRL_PRIVDEFENA);
    trap_try(access_read, SCB_CPUID, false);
    print("read CPUID unprivileged", 0);
    trap_try(access_read, SYST_CSR, false);
    print("read SysTick unprivileged", 0);
    trap_try(access_write, 0xe0040000u, false);
    print("write the debug space unprivileged", 0);
    trap_try(access_read, SCB_STIR, false);
    print("read STIR unprivileged", 0);
    mmio_write32(SCB_CCR, mmio_read32(SCB_CCR) | SCB_CCR_USERSETMPEND);
    trap_try(access_read, SCB_STIR, false);
    print("read STIR with USERSETMPEND", 0);
    mmio_write32(SCB_CCR, mmio_read32(SCB_CCR) & ~SCB_CCR_USERSETMPEND);
    trap_try(access_read, SCB_CPUID, true);
    print("read CPUID privileged", 0);
    regions_off();
}

void mpu_faults(void)
{
    data_and_instructions();
    across_ends();
    default_map();
    stacks();
    negative_priority();
    private_bus();
}
