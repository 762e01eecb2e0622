/*
 * Memories of the i.MX RT1176 and what each core sees of them (IMXRT1170RM,
 * chapter "Memory Maps").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/log.h"
#include "qemu/units.h"
#include "exec/address-spaces.h"
#include "system/qtest.h"
#include "../common/flash_file.h"
#include "rt1176_boot.h"
#include "mimxrt1176_internal.h"

/* As the M7 sees them. */
static const struct {
    const char *name;
    uint32_t base;
    uint32_t size;
} memory_info[MEMORIES] = {
    [ITCM] = { "ITCM", 0x00000000, 256 * KiB },
    [DTCM] = { "DTCM", 0x20000000, 256 * KiB },
    [LMEM] = { "OCRAM M4 (LMEM)", 0x20200000, 256 * KiB },
    [OCRAM1] = { "OCRAM1", 0x20240000, 512 * KiB },
    [OCRAM2] = { "OCRAM2", 0x202c0000, 512 * KiB },
    [OCRAM1_ECC] = { "OCRAM1 ECC", 0x20340000, 64 * KiB },
    [OCRAM2_ECC] = { "OCRAM2 ECC", 0x20350000, 64 * KiB },
    [FLEXRAM_ECC] = { "FlexRAM ECC", 0x20360000, 128 * KiB },
    [FLASH] = { "FlexSPI1 flash", 0x30000000, 16 * MiB },
};

static const char *const core_name[CORES] = { [CM7] = "cm7", [CM4] = "cm4" };

/* The M4's own views: its TCMs are the two halves of LMEM. */
#define M4_TCM_SIZE (128 * KiB)
#define M4_CODE_TCM_BASE 0x1ffe0000
#define M4_SYSTEM_TCM_BASE 0x20000000
#define M4_FLASH_ALIAS_BASE 0x08000000

/* Only while flash programs or erases: it answers with nothing. */
static uint64_t flash_read(void *opaque, hwaddr addr, unsigned size)
{
    qemu_log_mask(LOG_GUEST_ERROR, "mimxrt1176: read of flash at 0x%08"
                  HWADDR_PRIx " while it programs or erases\n",
                  memory_info[FLASH].base + addr);
    return UINT64_MAX;
}

/* Nothing programs flash by plain writes: the bus answers with an error. */
static MemTxResult flash_write(void *opaque, hwaddr addr, uint64_t value,
                               unsigned size, MemTxAttrs attrs)
{
    qemu_log_mask(LOG_GUEST_ERROR, "mimxrt1176: write to flash at 0x%08"
                  HWADDR_PRIx "\n", memory_info[FLASH].base + addr);
    return MEMTX_ERROR;
}

static const MemoryRegionOps flash_ops = {
    .read = flash_read,
    .write_with_attrs = flash_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
};

/* Migratable memory has no owner here: a machine is not a device. */
void mimxrt1176_make_memories(Mimxrt1176MachineState *s)
{
    for (unsigned n = 0; n < MEMORIES; n++) {
        g_autofree char *name = g_strdup_printf("mimxrt1176.%s",
                                                memory_info[n].name);

        if (n == FLASH) {
            memory_region_init_rom_device(&s->memory[n], NULL, &flash_ops, s,
                                          name, memory_info[n].size,
                                          &error_fatal);
            memset(memory_region_get_ram_ptr(&s->memory[n]), 0xff,
                   memory_info[n].size);
        } else {
            memory_region_init_ram(&s->memory[n], NULL, name,
                                   memory_info[n].size, &error_fatal);
        }
        /* FlexRAM places what is its own */
        if (n != ITCM && n != DTCM && n != FLEXRAM_ECC) {
            memory_region_add_subregion(get_system_memory(),
                                        memory_info[n].base, &s->memory[n]);
        }
    }
}

void mimxrt1176_make_views(Mimxrt1176MachineState *s)
{
    Object *obj = OBJECT(s);

    for (unsigned n = 0; n < CORES; n++) {
        g_autofree char *name = g_strdup_printf("%s-view", core_name[n]);
        g_autofree char *alias = g_strdup_printf("%s-system",
                                                 core_name[n]);

        memory_region_init(&s->view[n], obj, name, 4 * GiB);
        memory_region_init_alias(&s->system_alias[n], obj, alias,
                                 get_system_memory(), 0, 4 * GiB);
        memory_region_add_subregion_overlap(&s->view[n], 0,
                                            &s->system_alias[n], -1);
    }
    memory_region_init_alias(&s->m4_tcm[0], obj, "cm4-code-tcm",
                             &s->memory[LMEM], 0, M4_TCM_SIZE);
    memory_region_init_alias(&s->m4_tcm[1], obj, "cm4-system-tcm",
                             &s->memory[LMEM], M4_TCM_SIZE, M4_TCM_SIZE);
    memory_region_init_alias(&s->m4_flash, obj, "cm4-flash-alias",
                             &s->memory[FLASH], 0, memory_info[FLASH].size);
    memory_region_add_subregion(&s->view[CM4], M4_CODE_TCM_BASE,
                                &s->m4_tcm[0]);
    memory_region_add_subregion(&s->view[CM4], M4_SYSTEM_TCM_BASE,
                                &s->m4_tcm[1]);
    memory_region_add_subregion(&s->view[CM4], M4_FLASH_ALIAS_BASE,
                                &s->m4_flash);
}

static void load_files(Mimxrt1176MachineState *s, const ImageFiles *files,
                       uint32_t *debug_table)
{
    Rt1176BootMemory memory[MEMORIES];

    for (unsigned n = 0; n < MEMORIES; n++) {
        memory[n] = (Rt1176BootMemory){
            .name = memory_info[n].name,
            .mr = &s->memory[n],
            .base = memory_info[n].base,
            .size = memory_info[n].size,
        };
    }
    *debug_table = rt1176_boot_load(files, s->debug_boot, memory, MEMORIES);
}

/* What the ROM would not start is refused; @files are to blame. */
static void check_headers(Mimxrt1176MachineState *s, const ImageFiles *files)
{
    Rt1176BootStart start;
    Error *err = NULL;

    if (rt1176_boot_check(&s->memory[FLASH], &start, &err)) {
        return;
    }
    error_report("mimxrt1176: '%s': %s",
                 files ? files->value->name : s->file[FLASH_LOAD],
                 error_get_pretty(err));
    exit(1);
}

uint32_t mimxrt1176_load_image(Mimxrt1176MachineState *s, bool *loaded)
{
    ImageFile kernel_file = { .name = MACHINE(s)->kernel_filename };
    ImageFiles kernel = { .next = s->images, .value = &kernel_file };
    const ImageFiles *files = kernel_file.name ? &kernel : s->images;
    MemoryRegion *flash = &s->memory[FLASH];
    uint32_t debug_table = 0;

    *loaded = files || s->file[FLASH_LOAD];
    if (!*loaded && !qtest_enabled()) {
        warn_report("mimxrt1176: no image (-kernel ELF): flash is blank,"
                    " the Cortex-M7 does not start");
    }
    if (s->file[FLASH_LOAD]) {
        flash_file_load("mimxrt1176: flash file", s->file[FLASH_LOAD], flash);
    }
    load_files(s, files, &debug_table);
    if (*loaded && !s->debug_boot) {
        check_headers(s, files);
    }
    if (s->file[FLASH_SAVE]) {
        flash_file_save_at_exit("mimxrt1176: flash file", s->file[FLASH_SAVE],
                                flash);
    }
    return debug_table;
}
