/*
 * What lies behind which LPCG of the i.MX RT1176 (IMXRT1170RM, chapter "Clock
 * Controller Module", table of LPCGs): the bus interface of a block stands
 * still with it, so an access to a block whose gate is closed ends in a bus
 * error.  A cover over the gated block answers for it, and is in the memory map
 * only then: an access to a clocked block costs nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "exec/address-spaces.h"
#include "hw/irq.h"
#include "mimxrt1176_internal.h"

/* @count blocks side by side, each behind its own gate from @lpcg on. */
static const struct {
    const char *name;
    unsigned lpcg;
    unsigned count;
    hwaddr base;
    hwaddr size; /* 0: 16 KiB */
    bool same_gate; /* one gate for all of them */
} gated[] = {
    { "ANADIG", 7, 1, 0x40c84000 },
    { "DCDC", 8, 1, 0x40ca8000 },
    { "SRC", 9, 1, 0x40c04000 },
    { "GPC", 11, 1, 0x40c00000 },
    { "SSARC", 12, 2, 0x40cb4000, .same_gate = true },
    { "WDOG", 14, 2, 0x40030000 },
    { "RTWDOG3", 16, 1, 0x40038000 },
    { "RTWDOG4", 17, 1, 0x40c10000 },
    { "EWM", 18, 1, 0x4002c000 },
    { "SEMA4", 19, 1, 0x40cc8000 },
    { "MU", 20, 2, 0x40c48000 },
    { "eDMA, DMAMUX0", 22, 2, 0x40070000, .same_gate = true },
    { "eDMA_LPSR, DMAMUX1", 23, 2, 0x40c14000, .same_gate = true },
    { "ROMCP", 24, 1, 0x40ca4000 },
    { "FLEXRAM", 26, 1, 0x40028000 },
    { "FLEXSPI", 28, 2, 0x400cc000 },
    { "RDC", 30, 1, 0x40c78000 },
    { "XRDC2_M7", 31, 1, 0x40ce0000, 0x10000 },
    { "XRDC2_M4", 32, 1, 0x40cd0000, 0x10000 },
    { "SEMC", 33, 1, 0x400d4000 },
    { "XECC", 34, 3, 0x4001c000, .same_gate = true },
    { "IEE", 35, 1, 0x4006c000 },
    { "KEY_MANAGER, PUF", 36, 1, 0x40c80000 },
    { "OCOTP", 37, 1, 0x40cac000 },
    { "SNVS", 38, 1, 0x40c90000 },
    { "CAAM", 40, 1, 0x40440000, 0x100000 },
    { "XBAR", 43, 3, 0x4003c000 },
    { "AOI", 46, 2, 0x400b8000 },
    { "ADC_ETC", 48, 1, 0x40048000 },
    { "IOMUXC", 49, 2, 0x400e4000, .same_gate = true }, /* and its GPRs */
    { "IOMUXC_LPSR", 50, 2, 0x40c08000, .same_gate = true },
    { "GPIO", 51, 6, 0x4012c000, .same_gate = true },
    { "GPIO", 51, 6, 0x40c5c000, .same_gate = true },
    { "GPIO13", 51, 1, 0x40ca0000 },
    { "KPP", 52, 1, 0x400e0000 },
    { "FLEXIO", 53, 2, 0x400ac000 },
    { "LPADC", 55, 2, 0x40050000 },
    { "DAC", 57, 1, 0x40064000 },
    { "ACMP", 58, 4, 0x401a4000 },
    { "PIT1", 62, 1, 0x400d8000 },
    { "PIT2", 63, 1, 0x40cb0000 },
    { "GPT", 64, 6, 0x400ec000 },
    { "TMR", 70, 4, 0x4015c000 },
    { "ENC", 74, 4, 0x40174000 },
    { "PWM", 79, 4, 0x4018c000 },
    { "CAN", 83, 2, 0x400c4000 },
    { "CAN3", 85, 1, 0x40c3c000 },
    { "LPUART", 86, 10, 0x4007c000 },
    { "LPUART", 96, 2, 0x40c24000 },
    { "LPI2C", 98, 4, 0x40104000 },
    { "LPI2C", 102, 2, 0x40c34000 },
    { "LPSPI", 104, 4, 0x40114000 },
    { "LPSPI", 108, 2, 0x40c2c000 },
    { "EMVSIM", 110, 2, 0x40154000 },
    { "ENET", 112, 1, 0x40424000 },
    { "ENET_1G", 113, 1, 0x40420000 },
    { "ENET_QOS", 114, 1, 0x4043c000 },
    { "USB", 115, 4, 0x4042c000, .same_gate = true }, /* and their PHYs */
    { "CDOG", 116, 1, 0x41900000 },
    { "USDHC", 117, 2, 0x40418000 },
    { "ASRC", 119, 1, 0x40414000 },
    { "PDM", 121, 1, 0x40c20000 },
    { "SPDIF", 122, 1, 0x40400000 },
    { "SAI", 123, 3, 0x40404000 },
    { "SAI4", 126, 1, 0x40c40000 },
    { "PXP", 127, 1, 0x40814000 },
    { "GPU2D", 128, 1, 0x41800000, 0x100000 },
    { "LCDIF", 129, 2, 0x40804000 },
    { "MIPI_DSI", 131, 1, 0x4080c000 },
    { "MIPI_CSI", 132, 1, 0x40810000 },
    { "CSI", 133, 1, 0x40800000 },
    { "VIDEO_MUX", 136, 1, 0x40818000 },
};

#define BLOCK_SIZE 0x4000
#define COVERS_MAX 160

/* What answers for a block, or for all blocks of one gate that lie together. */
typedef struct Cover {
    MemoryRegion iomem;
    const char *name;
    unsigned lpcg;
    hwaddr base;
} Cover;

typedef struct Covers {
    Cover cover[COVERS_MAX];
    unsigned count;
} Covers;

static MemTxResult refuse(const Cover *cover, const char *access, hwaddr addr)
{
    qemu_log_mask(LOG_GUEST_ERROR, "%s: %s of 0x%08" HWADDR_PRIx ": its clock"
                  " gate, LPCG%u, is closed\n", cover->name, access,
                  cover->base + addr, cover->lpcg);
    return MEMTX_ERROR;
}

static MemTxResult cover_read(void *opaque, hwaddr addr, uint64_t *data,
                              unsigned size, MemTxAttrs attrs)
{
    *data = 0;
    return refuse(opaque, "read", addr);
}

static MemTxResult cover_write(void *opaque, hwaddr addr, uint64_t data,
                               unsigned size, MemTxAttrs attrs)
{
    return refuse(opaque, "write", addr);
}

static const MemoryRegionOps cover_ops = {
    .read_with_attrs = cover_read,
    .write_with_attrs = cover_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
};

static void follow_gate(void *opaque, int lpcg, int open)
{
    Covers *covers = opaque;

    for (unsigned n = 0; n < covers->count; n++) {
        if (covers->cover[n].lpcg == lpcg) {
            memory_region_set_enabled(&covers->cover[n].iomem, !open);
        }
    }
}

static void add_cover(Covers *covers, const char *name, unsigned lpcg,
                      hwaddr base, hwaddr size)
{
    Cover *cover = &covers->cover[covers->count++];

    assert(covers->count <= COVERS_MAX);
    cover->name = name;
    cover->lpcg = lpcg;
    cover->base = base;
    memory_region_init_io(&cover->iomem, NULL, &cover_ops, cover, name, size);
    memory_region_set_enabled(&cover->iomem, false);
    memory_region_add_subregion_overlap(get_system_memory(), base,
                                        &cover->iomem, 1);
}

void mimxrt1176_make_gates(Mimxrt1176MachineState *s)
{
    Covers *covers = g_new0(Covers, 1); /* lives as long as the machine */
    qemu_irq *gate = qemu_allocate_irqs(follow_gate, covers, RT1176_LPCGS);

    for (unsigned i = 0; i < ARRAY_SIZE(gated); i++) {
        hwaddr size = gated[i].size ? gated[i].size : BLOCK_SIZE;

        if (gated[i].same_gate) {
            add_cover(covers, gated[i].name, gated[i].lpcg, gated[i].base,
                      size * gated[i].count);
            continue;
        }
        for (unsigned n = 0; n < gated[i].count; n++) {
            add_cover(covers, gated[i].name, gated[i].lpcg + n,
                      gated[i].base + size * n, size);
        }
    }
    for (unsigned n = 0; n < RT1176_LPCGS; n++) {
        qdev_connect_gpio_out_named(DEVICE(&s->ccm), "gate", n, gate[n]);
    }
}
