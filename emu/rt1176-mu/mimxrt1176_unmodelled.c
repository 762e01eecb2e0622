/*
 * What the i.MX RT1176 has and this machine does not model: accesses are
 * logged once for each peripheral.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "exec/address-spaces.h"
#include "../common/unmodelled.h"
#include "mimxrt1176_internal.h"

static const struct {
    const char *name;
    uint32_t base;
    uint32_t size;
} unmodelled[] = {
    { "EWM", 0x4002c000, 0x4000 },
    { "XBAR1", 0x4003c000, 0x4000 },
    { "XBAR2", 0x40040000, 0x4000 },
    { "XBAR3", 0x40044000, 0x4000 },
    { "ADC_ETC", 0x40048000, 0x4000 },
    { "LPADC1", 0x40050000, 0x4000 },
    { "LPADC2", 0x40054000, 0x4000 },
    { "DAC", 0x40064000, 0x4000 },
    { "IEE_APC", 0x40068000, 0x4000 },
    { "IEE", 0x4006c000, 0x4000 },
    { "FLEXIO1", 0x400ac000, 0x4000 },
    { "FLEXIO2", 0x400b0000, 0x4000 },
    { "AOI1", 0x400b8000, 0x4000 },
    { "AOI2", 0x400bc000, 0x4000 },
    { "CAN1", 0x400c4000, 0x4000 },
    { "CAN2", 0x400c8000, 0x4000 },
    { "SEMC", 0x400d4000, 0x4000 },
    { "KPP", 0x400e0000, 0x4000 },
    { "CCM_OBS", 0x40150000, 0x4000 },
    { "EMVSIM1", 0x40154000, 0x4000 },
    { "EMVSIM2", 0x40158000, 0x4000 },
    { "TMR1", 0x4015c000, 0x4000 },
    { "TMR2", 0x40160000, 0x4000 },
    { "TMR3", 0x40164000, 0x4000 },
    { "TMR4", 0x40168000, 0x4000 },
    { "ENC1", 0x40174000, 0x4000 },
    { "ENC2", 0x40178000, 0x4000 },
    { "ENC3", 0x4017c000, 0x4000 },
    { "ENC4", 0x40180000, 0x4000 },
    { "PWM1", 0x4018c000, 0x4000 },
    { "PWM2", 0x40190000, 0x4000 },
    { "PWM3", 0x40194000, 0x4000 },
    { "PWM4", 0x40198000, 0x4000 },
    { "ACMP1", 0x401a4000, 0x4000 },
    { "ACMP2", 0x401a8000, 0x4000 },
    { "ACMP3", 0x401ac000, 0x4000 },
    { "ACMP4", 0x401b0000, 0x4000 },
    { "SPDIF", 0x40400000, 0x4000 },
    { "SAI1", 0x40404000, 0x4000 },
    { "SAI2", 0x40408000, 0x4000 },
    { "SAI3", 0x4040c000, 0x4000 },
    { "ASRC", 0x40414000, 0x4000 },
    { "USDHC1", 0x40418000, 0x4000 },
    { "USDHC2", 0x4041c000, 0x4000 },
    { "ENET_1G", 0x40420000, 0x4000 },
    { "ENET", 0x40424000, 0x4000 },
    { "ENET_QOS", 0x4043c000, 0x4000 },
    { "CAAM", 0x40440000, 0x100000 },
    { "CSI", 0x40800000, 0x4000 },
    { "LCDIF", 0x40804000, 0x4000 },
    { "LCDIFV2", 0x40808000, 0x4000 },
    { "MIPI_DSI", 0x4080c000, 0x4000 },
    { "MIPI_CSI", 0x40810000, 0x4000 },
    { "PXP", 0x40814000, 0x4000 },
    { "VIDEO_MUX", 0x40818000, 0x4000 },
    { "PDM", 0x40c20000, 0x4000 },
    { "CAN3", 0x40c3c000, 0x4000 },
    { "SAI4", 0x40c40000, 0x4000 },
    { "RDC_SEMAPHORE1", 0x40c44000, 0x4000 },
    { "RDC", 0x40c78000, 0x4000 },
    { "PUF", 0x40c82000, 0x2000 },
    { "SNVS_SRAM", 0x40c9c000, 0x4000 },
    { "ROMCP", 0x40ca4000, 0x4000 },
    { "SSARC_HP", 0x40cb4000, 0x4000 },
    { "SSARC_LP", 0x40cb8000, 0x4000 },
    { "RDC_SEMAPHORE2", 0x40ccc000, 0x4000 },
    { "XRDC2_M4", 0x40cd0000, 0x10000 },
    { "XRDC2_M7", 0x40ce0000, 0x10000 },
    { "GPU2D", 0x41800000, 0x100000 },
};

void mimxrt1176_make_unmodelled(Mimxrt1176MachineState *s)
{
    for (unsigned n = 0; n < ARRAY_SIZE(unmodelled); n++) {
        unmodelled_map(get_system_memory(), unmodelled[n].name,
                       unmodelled[n].base, unmodelled[n].size);
    }
}
