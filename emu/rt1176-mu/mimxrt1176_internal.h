/*
 * What the files of the machine "mimxrt1176" share: mimxrt1176.c (the machine),
 * mimxrt1176_memory.c (memories and what each core sees), mimxrt1176_cores.c
 * and mimxrt1176_caches.c, its peripherals (mimxrt1176_devices.c,
 * mimxrt1176_serial.c, mimxrt1176_pins.c, mimxrt1176_dma.c, and what start-up
 * code touches first: mimxrt1176_startup.c), mimxrt1176_unmodelled.c, and the
 * board around the part (mimxrt1176_board.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MIMXRT1176_INTERNAL_H
#define MIMXRT1176_INTERNAL_H

#include "hw/arm/armv7m.h"
#include "hw/boards.h"
#include "hw/clock.h"
#include "hw/cpu/cluster.h"
#include "hw/sysbus.h"
#include "../common/armv7m_dwt.h"
#include "../common/image_files.h"
#include "rt1176_anadig.h"
#include "rt1176_ccm.h"
#include "rt1176_dcache.h"
#include "rt1176_dmamux.h"
#include "rt1176_edma.h"
#include "rt1176_gpio.h"
#include "rt1176_gpt.h"
#include "rt1176_iomuxc.h"
#include "rt1176_lpi2c.h"
#include "rt1176_lpspi.h"
#include "rt1176_lpuart.h"
#include "rt1176_mu.h"
#include "rt1176_pads.h"
#include "rt1176_pit.h"
#include "rt1176_rtwdog.h"
#include "rt1176_src.h"
#include "rt1176_wdog.h"

#define TYPE_MIMXRT1176_MACHINE MACHINE_TYPE_NAME("mimxrt1176")
OBJECT_DECLARE_SIMPLE_TYPE(Mimxrt1176MachineState, MIMXRT1176_MACHINE)

#define LPUARTS 12
#define LPI2CS 6
#define LPSPIS 6
#define GPTS 6
#define WDOGS 2
#define EDMAS 2 /* with a DMAMUX and a PIT each */
#define RTWDOGS 2

typedef enum CoreId { CM7, CM4, CORES } CoreId;

typedef enum MemoryId {
    ITCM,
    DTCM,
    LMEM,
    OCRAM1,
    OCRAM2,
    OCRAM1_ECC,
    OCRAM2_ECC,
    FLEXRAM_ECC,
    FLASH,
    MEMORIES
} MemoryId;

/* Files that hold flash: before the images are loaded, at the end. */
enum { FLASH_LOAD, FLASH_SAVE, FLASH_FILES };

/* Machine properties of mimxrt1176_board.c. */
typedef enum BoardProperty {
    BOARD_IMU,
    BOARD_IMU_SAMPLES,
    BOARD_IMU_PCS,
    BOARD_IMU_INT1,
    BOARD_IMU_INT2,
    BOARD_PROPERTIES
} BoardProperty;

struct Mimxrt1176MachineState {
    MachineState parent_obj;

    bool debug_boot;    /* property "boot-mode" */
    bool lockup_resets; /* property "lockup" */
    uint32_t slice_ns;  /* property "slice-ns"; 0: as -icount has it */
    bool incoherent_caches; /* property */
    ImageFiles *images;      /* property "images" */
    char *board[BOARD_PROPERTIES]; /* NULL: not set */
    char *file[FLASH_FILES]; /* properties "flash-load", "flash-save" */
    bool starts;             /* something was loaded */

    MemoryRegion memory[MEMORIES];
    MemoryRegion view[CORES]; /* a core's own memory, over the system's */
    MemoryRegion system_alias[CORES];
    MemoryRegion m4_tcm[2];
    MemoryRegion m4_flash;

    CPUClusterState cluster[CORES];
    ARMv7MState core[CORES];
    Clock *core_clock[CORES];
    Armv7mDwtState dwt[CORES];
    Rt1176DcacheState dcache; /* only with incoherent_caches */

    Rt1176AnadigState anadig;
    Rt1176CcmState ccm;
    Rt1176SrcState src;
    Rt1176RegisterFile iomuxc;
    Rt1176RegisterFile iomuxc_gpr;
    Rt1176RegisterFile iomuxc_lpsr;
    Rt1176RegisterFile iomuxc_lpsr_gpr;
    Rt1176LpuartState lpuart[LPUARTS];
    Rt1176Lpi2cState lpi2c[LPI2CS];
    Rt1176LpspiState lpspi[LPSPIS];
    Rt1176GptState gpt[GPTS];
    Rt1176PadsState pads;
    Rt1176GpioState gpio[RT1176_GPIO_PORTS]; /* by number */
    Rt1176EdmaState edma[EDMAS];
    Rt1176DmamuxState dmamux[EDMAS];
    Rt1176PitState pit[EDMAS];
    MemoryRegion dma_view;
    MemoryRegion dma_system;
    MemoryRegion dma_tcm[2];
    Rt1176WdogState wdog[WDOGS];
    Rt1176RtwdogState rtwdog[RTWDOGS];
    Rt1176MuState mu;
    Clock *osc_32k;
};

void mimxrt1176_make_memories(Mimxrt1176MachineState *s);
void mimxrt1176_make_views(Mimxrt1176MachineState *s);

/*
 * Put the images where they belong; with boot-mode=debug returns the M7's
 * vector table, else the boot ROM finds it.  Without an image flash is blank,
 * and the boot ROM would wait for a serial download: *@loaded is false then.
 */
uint32_t mimxrt1176_load_image(Mimxrt1176MachineState *s, bool *loaded);

/* @runs: the core starts by itself, with @vector_table. */
void mimxrt1176_make_core(Mimxrt1176MachineState *s, CoreId id,
                          uint32_t vector_table, bool runs);
/* A peripheral's interrupt reaches both cores at the same number. */
void mimxrt1176_connect_irq(Mimxrt1176MachineState *s, void *device, int irq);
/* The same for its output @n. */
void mimxrt1176_connect_output(Mimxrt1176MachineState *s, void *device, int n,
                               int irq);
/* Its output @n to an input for each core. */
void mimxrt1176_connect_both(Mimxrt1176MachineState *s, void *device, int n,
                             const qemu_irq to[CORES]);

/* After the M7. */
void mimxrt1176_make_caches(Mimxrt1176MachineState *s);

/* What the cores take their clocks from: before the cores. */
void mimxrt1176_make_clocks(Mimxrt1176MachineState *s);
void mimxrt1176_make_devices(Mimxrt1176MachineState *s);
void mimxrt1176_make_startup(Mimxrt1176MachineState *s);
/* mimxrt1176_board.c: what is around the part; after everything else. */
void mimxrt1176_add_board_options(ObjectClass *klass);
void mimxrt1176_make_board(Mimxrt1176MachineState *s);
void mimxrt1176_free_board(Mimxrt1176MachineState *s);
/* mimxrt1176_serial.c: LPSPI, LPI2C and what is on their buses. */
void mimxrt1176_make_serial(Mimxrt1176MachineState *s);
/* mimxrt1176_pins.c: pads, GPIO; after IOMUXC. */
void mimxrt1176_make_pins(Mimxrt1176MachineState *s);
/* mimxrt1176_dma.c: eDMA, DMAMUX, PIT; after those who ask for DMA. */
void mimxrt1176_make_dma(Mimxrt1176MachineState *s);
void mimxrt1176_make_unmodelled(Mimxrt1176MachineState *s);
/* mimxrt1176_gates.c: no access to a block whose LPCG is closed. */
void mimxrt1176_make_gates(Mimxrt1176MachineState *s);

#endif
