/*
 * The boot ROM of the i.MX RT1176 (IMXRT1170RM, chapter "System Boot"): the
 * start of the Cortex-M7 after a reset, and the API tree with the FlexSPI NOR
 * driver.  The part's code is not ours to copy, so each function of the API is
 * a few instructions of our own that hand their arguments to a hidden register
 * block, the door; behind it is the driver, rt1176_rom_nor.c.  The core itself
 * reads and writes its buffers and waits until flash is done.  See
 * docs/devices/rt1176-rom.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/qdev-properties.h"
#include "hw/registerfields.h"
#include "migration/vmstate.h"
#include "target/arm/arm-powerctl.h"
#include "target/arm/cpu.h"
#include "rt1176_boot.h"
#include "rt1176_rom_internal.h"

REG32(ARGUMENT, 0x00)
REG32(CALL, 0x14)
REG32(PHASE, 0x18)
REG32(ADDRESS, 0x1c)
REG32(DATA, 0x20)
REG32(RESULT, 0x24)

#define DOOR_BASE 0x0003f000 /* within the ROM */
#define DOOR_SIZE 0x1000
#define ENTRY_BASE 0x0100 /* the code that all functions share */
#define STUB_BASE 0x0180  /* function n: 8 octets from here on */
#define STUB_SIZE 8
#define HANG_BASE 0x0170  /* exceptions in the ROM */
#define TREE_BASE 0x0300
#define DRIVER_BASE 0x0340
#define COPYRIGHT_BASE 0x03a0
/* The tree's address, and clear_cache(), which is called by its own. */
#define TREE_POINTER_A0 0x0001c
#define TREE_POINTER_B0 0x1001c
#define CLEAR_CACHE_A0 0x0426a
#define CLEAR_CACHE_B0 0x1a3b6

/* FlexSPI configuration block in flash. */
#define FCFB_OFFSET 0x400
#define FCFB_SAMPLE_CLOCK 0x0c
#define FCFB_FLASH_SIZE 0x50
#define FCFB_LUT 0x80

/* POWERUP, ENABLE_CLK, PLL_REG_EN; SYS_PLL3 with its half, too. */
#define SYS_PLL2_CTRL 0x40c84240
#define SYS_PLL2_ON 0x00802008
#define SYS_PLL3_CTRL 0x40c84210
#define SYS_PLL3_ON 0x00202018

#define API_VERSION 0x4b030000    /* 'K', 3.0.0 */
#define DRIVER_VERSION 0x46010700 /* 'F', 1.7.0 */

static const char copyright[] = "ROM API of an emulated i.MX RT1176";

/*
 *     push  {r4, lr}          step: ldr   r0, [r4, #PHASE]
 *     ldr   r4, door                cmp   r0, #1
 *     str   r0, [r4, #0x00]         blo   done
 *     str   r1, [r4, #0x04]         beq   step         (busy)
 *     str   r2, [r4, #0x08]         ldr   r1, [r4, #ADDRESS]
 *     str   r3, [r4, #0x0c]         cmp   r0, #2
 *     ldr   r0, [sp, #8]            bne   give
 *     str   r0, [r4, #0x10]         ldr   r2, [r1]     (takes a word)
 *     mov   r0, ip                  str   r2, [r4, #DATA]
 *     str   r0, [r4, #CALL]         b     step
 *                             give: ldr   r2, [r4, #DATA]
 *                                   str   r2, [r1]
 *                                   b     step
 *                             done: ldr   r0, [r4, #RESULT]
 *                                   pop   {r4, pc}
 *                             door: .word
 */
static const uint16_t entry_code[] = {
    0xb510, 0x4c0c, 0x6020, 0x6061, 0x60a2, 0x60e3, 0x9802, 0x6120,
    0x4660, 0x6160, 0x69a0, 0x2801, 0xd309, 0xd0fb, 0x69e1, 0x2802,
    0xd102, 0x680a, 0x6222, 0xe7f5, 0x6a22, 0x600a, 0xe7f2, 0x6a60,
    0xbd10, 0xbf00,
    (RT1176_ROM_BASE + DOOR_BASE) & 0xffff,
    (RT1176_ROM_BASE + DOOR_BASE) >> 16,
};

/* ---- what is in the ROM ---- */

static uint8_t *rom_octets(Rt1176RomState *s, uint32_t offset)
{
    return (uint8_t *)memory_region_get_ram_ptr(&s->code) + offset;
}

/* b.w from @from to @to, both offsets in the ROM. */
static void put_branch(Rt1176RomState *s, uint32_t from, uint32_t to)
{
    uint32_t distance = to - (from + 4);
    uint32_t sign = extract32(distance, 24, 1);
    uint32_t j1 = !(extract32(distance, 23, 1) ^ sign);
    uint32_t j2 = !(extract32(distance, 22, 1) ^ sign);

    stw_le_p(rom_octets(s, from),
             0xf000 | sign << 10 | extract32(distance, 12, 10));
    stw_le_p(rom_octets(s, from + 2),
             0x9000 | j1 << 13 | j2 << 11 | extract32(distance, 1, 11));
}

/* mov.w ip, #call; b.w to the common code */
static void put_stub(Rt1176RomState *s, uint32_t offset, Rt1176RomCall call)
{
    stw_le_p(rom_octets(s, offset), 0xf04f);
    stw_le_p(rom_octets(s, offset + 2), 0x0c00 | call);
    put_branch(s, offset + 4, ENTRY_BASE);
}

static uint32_t stub_address(Rt1176RomCall call)
{
    return RT1176_ROM_BASE + STUB_BASE + STUB_SIZE * call + 1;
}

static void put_words(Rt1176RomState *s, uint32_t offset,
                      const uint32_t *words, unsigned count)
{
    for (unsigned n = 0; n < count; n++) {
        stl_le_p(rom_octets(s, offset + 4 * n), words[n]);
    }
}

static void fill_rom(Rt1176RomState *s)
{
    const uint32_t tree[] = {
        stub_address(ROM_RUN_BOOTLOADER), API_VERSION,
        RT1176_ROM_BASE + COPYRIGHT_BASE, RT1176_ROM_BASE + DRIVER_BASE,
    };
    const uint32_t driver[] = {
        DRIVER_VERSION,
        stub_address(ROM_INIT), stub_address(ROM_PAGE_PROGRAM),
        stub_address(ROM_ERASE_ALL), stub_address(ROM_ERASE),
        stub_address(ROM_READ), stub_address(ROM_CLEAR_CACHE),
        stub_address(ROM_XFER), stub_address(ROM_UPDATE_LUT),
        stub_address(ROM_GET_CONFIG), stub_address(ROM_ERASE_SECTOR),
        stub_address(ROM_ERASE_BLOCK), 0, stub_address(ROM_WAIT_BUSY),
    };
    const uint32_t tree_address = RT1176_ROM_BASE + TREE_BASE;

    for (unsigned n = 0; n < 16; n++) {
        uint32_t vector = n ? RT1176_ROM_BASE + HANG_BASE + 1
                            : RT1176_ROM_STACK;

        put_words(s, 4 * n, &vector, 1);
    }
    for (unsigned n = 0; n < ARRAY_SIZE(entry_code); n++) {
        stw_le_p(rom_octets(s, ENTRY_BASE + 2 * n), entry_code[n]);
    }
    stw_le_p(rom_octets(s, HANG_BASE), 0xe7fe); /* b . */
    for (unsigned call = 0; call < ROM_CALLS; call++) {
        put_stub(s, STUB_BASE + STUB_SIZE * call, call);
    }
    put_stub(s, CLEAR_CACHE_A0, ROM_CLEAR_CACHE);
    put_stub(s, CLEAR_CACHE_B0, ROM_CLEAR_CACHE);
    put_words(s, TREE_BASE, tree, ARRAY_SIZE(tree));
    put_words(s, DRIVER_BASE, driver, ARRAY_SIZE(driver));
    memcpy(rom_octets(s, COPYRIGHT_BASE), copyright, sizeof(copyright));
    put_words(s, TREE_POINTER_A0, &tree_address, 1);
    put_words(s, TREE_POINTER_B0, &tree_address, 1);
}

/* ---- the door ---- */

static uint64_t door_read(void *opaque, hwaddr addr, unsigned size)
{
    Rt1176RomState *s = opaque;

    switch (addr) {
    case A_PHASE:
        return rt1176_rom_phase(s);
    case A_ADDRESS:
        return s->address;
    case A_DATA:
        return rt1176_rom_give(s);
    case A_RESULT:
        return s->result;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-rom: read of offset 0x%"
                      HWADDR_PRIx " of its registers\n", addr);
        return 0;
    }
}

static void door_write(void *opaque, hwaddr addr, uint64_t value,
                       unsigned size)
{
    Rt1176RomState *s = opaque;

    switch (addr) {
    case A_ARGUMENT ... A_ARGUMENT + 4 * (RT1176_ROM_ARGUMENTS - 1):
        s->argument[(addr - A_ARGUMENT) / 4] = value;
        break;
    case A_CALL:
        rt1176_rom_call(s, value);
        break;
    case A_DATA:
        rt1176_rom_take(s, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "rt1176-rom: write of offset 0x%"
                      HWADDR_PRIx " of its registers\n", addr);
    }
}

static const MemoryRegionOps door_ops = {
    .read = door_read,
    .write = door_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid.min_access_size = 4,
    .valid.max_access_size = 4,
};

/* ---- start of the Cortex-M7 ---- */

/* As it waits for a download that never comes. */
static void hold_m7(Rt1176RomState *s)
{
    CPUState *cs = CPU(s->m7->cpu);

    s->m7->cpu->power_state = PSCI_OFF;
    cs->halted = 1;
    cs->exception_index = EXCP_HLT;
}

/* The ROM reads flash with what the configuration block in it says. */
static void leave_flexspi(Rt1176RomState *s)
{
    const uint8_t *fcfb = (uint8_t *)memory_region_get_ram_ptr(s->flash) +
                          FCFB_OFFSET;
    uint32_t lut[RT1176_FLEXSPI_LUT_WORDS];

    for (unsigned n = 0; n < RT1176_FLEXSPI_LUT_WORDS; n++) {
        lut[n] = ldl_le_p(fcfb + FCFB_LUT + 4 * n);
    }
    rt1176_flexspi_load_lut(s->flexspi, lut);
    rt1176_flexspi_set_up(s->flexspi, fcfb[FCFB_SAMPLE_CLOCK] & 3,
                          ldl_le_p(fcfb + FCFB_FLASH_SIZE));
}

static void refuse_start(Rt1176RomState *s, Error *err)
{
    qemu_log_mask(LOG_GUEST_ERROR, "rt1176-rom: the M7 is not started: %s\n",
                  error_get_pretty(err));
    error_free(err);
    hold_m7(s);
}

/* SYS_PLL2 and SYS_PLL3 run, their phase fractional dividers are closed. */
static void leave_plls(Rt1176RomState *s)
{
    static const struct {
        uint32_t address;
        uint32_t value;
    } pll[] = {
        { SYS_PLL2_CTRL, SYS_PLL2_ON },
        { SYS_PLL3_CTRL, SYS_PLL3_ON },
    };

    for (unsigned n = 0; n < ARRAY_SIZE(pll); n++) {
        address_space_stl_le(CPU(s->m7->cpu)->as, pll[n].address, pll[n].value,
                             MEMTXATTRS_UNSPECIFIED, NULL);
    }
    rt1176_anadig_settle(s->anadig);
}

/* The ROM's work takes no time and leaves nothing but this behind. */
static void start_m7(Rt1176RomState *s)
{
    ARMCPU *cpu = s->m7->cpu;
    Rt1176BootStart start;
    Error *err = NULL;

    if (!s->starts) {
        return;
    }
    if (!rt1176_boot_check(s->flash, &start, &err)) {
        refuse_start(s, err);
        return;
    }
    leave_flexspi(s);
    leave_plls(s);
    if (start.dcd && !rt1176_boot_configure(s->flash, start.dcd, CPU(cpu)->as,
                                            &err)) {
        refuse_start(s, err);
        return;
    }
    cpu->env.regs[13] = start.stack & ~3u;
    cpu->env.v7m.vecbase[M_REG_NS] = start.vector_table;
    cpu_set_pc(CPU(cpu), start.reset);
    cpu->env.thumb = start.reset & 1;
    arm_rebuild_hflags(&cpu->env);
}

static void m7_restarted(void *opaque, int n, int level)
{
    if (level) {
        start_m7(opaque);
    }
}

/* ---- device ---- */

static void rom_reset_hold(Object *obj, ResetType type)
{
    rt1176_rom_forget(RT1176_ROM(obj));
}

/* All other devices have their reset values. */
static void rom_reset_exit(Object *obj, ResetType type)
{
    start_m7(RT1176_ROM(obj));
}

static void rom_init(Object *obj)
{
    qdev_init_gpio_in_named(DEVICE(obj), m7_restarted, "m7-restarted", 1);
}

static void rom_realize(DeviceState *dev, Error **errp)
{
    Rt1176RomState *s = RT1176_ROM(dev);

    if (!s->m7 || !s->flexspi || !s->anadig || !s->flash) {
        error_setg(errp, "rt1176-rom: flash and links 'm7', 'flexspi' and"
                   " 'anadig' must be set");
        return;
    }
    memory_region_init(&s->container, OBJECT(s), TYPE_RT1176_ROM,
                       RT1176_ROM_SIZE);
    if (!memory_region_init_rom_nomigrate(&s->code, OBJECT(s),
                                          "rt1176-rom-code", RT1176_ROM_SIZE,
                                          errp)) {
        return;
    }
    memory_region_add_subregion(&s->container, 0, &s->code);
    memory_region_init_io(&s->door, OBJECT(s), &door_ops, s, "rt1176-rom-door",
                          DOOR_SIZE);
    memory_region_add_subregion_overlap(&s->container, DOOR_BASE, &s->door, 1);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->container);
    fill_rom(s);
}

static const VMStateDescription vmstate_rom = {
    .name = TYPE_RT1176_ROM,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(argument, Rt1176RomState, RT1176_ROM_ARGUMENTS),
        VMSTATE_UINT32(call, Rt1176RomState),
        VMSTATE_UINT32(stage, Rt1176RomState),
        VMSTATE_UINT32(phase, Rt1176RomState),
        VMSTATE_UINT32(address, Rt1176RomState),
        VMSTATE_UINT32(words_left, Rt1176RomState),
        VMSTATE_UINT32(words_done, Rt1176RomState),
        VMSTATE_UINT32(result, Rt1176RomState),
        VMSTATE_UINT32(flash_address, Rt1176RomState),
        VMSTATE_UINT32(octets_left, Rt1176RomState),
        VMSTATE_UINT32_ARRAY(buffer, Rt1176RomState, RT1176_ROM_BUFFER_WORDS),
        VMSTATE_UINT32(page_size, Rt1176RomState),
        VMSTATE_UINT32(sector_size, Rt1176RomState),
        VMSTATE_END_OF_LIST()
    }
};

static const Property rom_properties[] = {
    DEFINE_PROP_LINK("m7", Rt1176RomState, m7, TYPE_ARMV7M, ARMv7MState *),
    DEFINE_PROP_LINK("anadig", Rt1176RomState, anadig, TYPE_RT1176_ANADIG,
                     Rt1176AnadigState *),
    DEFINE_PROP_LINK("flexspi", Rt1176RomState, flexspi, TYPE_RT1176_FLEXSPI,
                     Rt1176FlexspiState *),
    DEFINE_PROP_BOOL("starts", Rt1176RomState, starts, false),
};

static void rom_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    ResettableClass *rc = RESETTABLE_CLASS(klass);

    dc->realize = rom_realize;
    dc->vmsd = &vmstate_rom;
    dc->desc = "i.MX RT1176 boot ROM";
    rc->phases.hold = rom_reset_hold;
    rc->phases.exit = rom_reset_exit;
    device_class_set_props(dc, rom_properties);
}

static const TypeInfo rom_types[] = {
    {
        .name = TYPE_RT1176_ROM,
        .parent = TYPE_SYS_BUS_DEVICE,
        .instance_size = sizeof(Rt1176RomState),
        .instance_init = rom_init,
        .class_init = rom_class_init,
    },
};
DEFINE_TYPES(rom_types)
