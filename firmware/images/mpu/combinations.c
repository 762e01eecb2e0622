/*
 * What may be read, written and executed in each combination of privilege and PRIVDEFENA: a line
 * for each, "rwx" for each window (ARMv7-M B3.5.1, B3.5.9 "Access permission").
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "images/mpu/mpu.h"
#include "images/mpu/regions.h"
#include "images/mpu/trap.h"
#include "images/report.h"
#include "seam.h"

#define LOG2   12 /* of the regions */
#define REGION (MPU_SIZE(LOG2) | MPU_RASR_ENABLE)
#define FULL   MPU_AP(3)

/* @below and @above: attributes of the last region but one and the last one, both on the arena. */
static const struct window {
    const char *name;
    uint32_t below;
    uint32_t above;
    uint32_t address;
} windows[] = {
    {"none", 0, 0, ARENA},
    {"ap0", 0, MPU_AP(0) | REGION, ARENA},
    {"ap1", 0, MPU_AP(1) | REGION, ARENA},
    {"ap2", 0, MPU_AP(2) | REGION, ARENA},
    {"ap3", 0, MPU_AP(3) | REGION, ARENA},
    {"ap5", 0, MPU_AP(5) | REGION, ARENA},
    {"ap6", 0, MPU_AP(6) | REGION, ARENA},
    {"ap7", 0, MPU_AP(7) | REGION, ARENA},
    {"xn", 0, FULL | MPU_RASR_XN | REGION, ARENA},
    {"off", 0, FULL | MPU_SIZE(LOG2), ARENA},
    {"srd", 0, FULL | MPU_SRD(1) | REGION, ARENA},
    {"below", FULL | REGION, MPU_AP(6) | REGION, ARENA},
    {"above", MPU_AP(6) | REGION, FULL | REGION, ARENA},
    {"hole", MPU_AP(6) | REGION, FULL | MPU_SRD(1) | REGION, ARENA},
    {"ppb", 0, 0, SCB_CPUID},
};

/* '-': MemManage; 'b': BusFault. */
static char verdict(char allowed)
{
    switch (trap.exception) {
    case 0:
        return allowed;
    case MEM_MANAGE:
        return '-';
    case BUS_FAULT:
        return 'b';
    default:
        return '?';
    }
}

static void try_window(const struct window *window, bool privileged, uint32_t control, char *text)
{
    regions_begin();
    mmio_write32(ARENA, ACCESS_WRITTEN);
    regions_set(regions_last() - 1u, ARENA, window->below);
    regions_set(regions_last(), ARENA, window->above);
    regions_on(control);
    trap_try(access_read, window->address, privileged);
    text[0] = verdict('r');
    trap_try(access_write, window->address, privileged);
    text[1] = verdict('w');
    trap_try(access_execute, window->address, privileged);
    text[2] = verdict('x');
    regions_off();
}

static void try_combination(bool privileged, bool default_map)
{
    console_text(&report, report_core);
    console_text(&report, privileged ? " privileged" : " unprivileged");
    console_text(&report, default_map ? " PRIVDEFENA=1" : " PRIVDEFENA=0");
    for (uint32_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
        char text[4] = {0};
        try_window(&windows[i], privileged, default_map ? MPU_CTRL_PRIVDEFENA : 0, text);
        console_text(&report, " ");
        console_text(&report, windows[i].name);
        console_text(&report, ":");
        console_text(&report, text);
    }
    report_end();
}

void mpu_combinations(void)
{
    try_combination(true, true);
    try_combination(true, false);
    try_combination(false, true);
    try_combination(false, false);
}
